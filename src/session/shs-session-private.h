/* What the files of the session share; nobody else includes this. */
#pragma once

#include "session/shs-open.h"
#include "session/shs-session.h"

G_BEGIN_DECLS

/** ShsTaskKind: what runs on another thread; at most one at a time. */
typedef enum
{
  SHS_TASK_NONE,
  SHS_TASK_OPEN,
  SHS_TASK_EXPLAIN,
  SHS_TASK_TRAIN,
} ShsTaskKind;

struct _ShsSession
{
  GObject parent_instance;

  ShsOpened opened;
  ShsColumnMatch *match;
  GError *match_error;

  ShsView *view;
  GPtrArray *undone; /* ShsView, the last one is redone first */
  GPtrArray *done;   /* ShsView, the last one is undone first */

  char *status;
  char *explain_status;

  ShsTaskKind task;
  ShsProgress *progress;
  gint64 task_start;
  gsize task_rows;
  guint ticker;
};

/** ShsExplainJob: everything one explanation needs, so that a thread can run without the session.
 */
typedef struct
{
  ShsColumnMatch *match;
  ShsExplainOptions options;
  ShsProvenance files;
  char *model_path;
  char *data_path;
  ShsProgress *progress;
} ShsExplainJob;

ShsExplainJob *shs_session_make_job (ShsSession *self, const ShsExplainOptions *options,
                                     ShsProgress *progress, GError **error);
void shs_explain_job_free (ShsExplainJob *job);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShsExplainJob, shs_explain_job_free)
/** shs_explain_job_run: any thread. */
ShsExplanation *shs_explain_job_run (ShsExplainJob *job, GError **error);

/* Take over results, on the session's thread. */
void shs_session_take_opened (ShsSession *self, ShsOpened *opened, const char *target);
void shs_session_take_explanation (ShsSession *self, ShsExplanation *explanation);

/** shs_session_update_match: matches model and data anew after either, target or trees changed. */
void shs_session_update_match (ShsSession *self);

void shs_session_set_status (ShsSession *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
void shs_session_set_explain_status (ShsSession *self, const char *format, ...)
    G_GNUC_PRINTF (2, 3);
/** shs_session_report: emits "problem". */
void shs_session_report (ShsSession *self, const GError *error);

/** shs_session_set_view: replaces the view without a step of undo. @view: (transfer full). */
void shs_session_set_view (ShsSession *self, ShsView *view);
/** shs_session_forget_steps: clears undo and redo. */
void shs_session_forget_steps (ShsSession *self);

G_END_DECLS
