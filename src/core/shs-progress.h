/* What a running computation tells, and how it is stopped. Any thread may call any function. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** ShsProgress: atomic done, total and cancel of one task. NULL is allowed everywhere. */
typedef struct _ShsProgress ShsProgress;

ShsProgress *shs_progress_new (void);
ShsProgress *shs_progress_ref (ShsProgress *self);
void shs_progress_unref (ShsProgress *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShsProgress, shs_progress_unref)

/** shs_progress_start: sets how many units (rows, bytes, trees) there are, and done to 0. */
void shs_progress_start (ShsProgress *self, guint64 total);
/** shs_progress_add: @units more are done. */
void shs_progress_add (ShsProgress *self, guint64 units);
guint64 shs_progress_get_done (ShsProgress *self);
guint64 shs_progress_get_total (ShsProgress *self);
/** shs_progress_get_fraction: done / total in 0..1; 0 while the total is unknown. */
double shs_progress_get_fraction (ShsProgress *self);

/** shs_progress_cancel: asks the work to stop; it does so at its next shs_progress_check(). */
void shs_progress_cancel (ShsProgress *self);
gboolean shs_progress_is_cancelled (ShsProgress *self);

/**
 * shs_progress_check:
 *
 * Call at least every 50 ms of work.
 *
 * Returns: TRUE to go on; FALSE with %SHS_ERROR_CANCELLED once the task is cancelled.
 */
gboolean shs_progress_check (ShsProgress *self, GError **error);

G_END_DECLS
