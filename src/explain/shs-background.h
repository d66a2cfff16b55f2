/* The rows that explanations compare with. */
#pragma once

#include "core/shs-progress.h"
#include "model/match/shs-column-match.h"

G_BEGIN_DECLS

/** ShsBackground: rows of a data set that was matched to the model, with words for them; immutable,
 * reference counted, readable from any thread. Rows that were chosen are all used: none is left out
 * to save time. */
typedef struct _ShsBackground ShsBackground;

/**
 * shs_background_new:
 * @match: the model's match with the data that the rows are of
 * @rows: (transfer full) (nullable): @n_rows ascending row numbers, memory of shs_alloc(); NULL for
 *   all rows of the data
 * @words: (transfer full) (nullable): which rows these are: "row 17"; NULL for "all 333 rows" or
 *   "25 of 333 rows"
 * @note: (transfer full) (nullable): what a person should know about the choice
 *
 * Returns: (transfer full): NULL with %SHS_ERROR_CHOICE when there are no rows
 */
ShsBackground *shs_background_new (ShsColumnMatch *match, gsize *rows, gsize n_rows, char *words,
                                   char *note, GError **error);

/**
 * shs_background_new_drawn: @n_rows rows drawn with @seed, without replacement, in the order of the
 * data. When the data have fewer, all of them, and the note says so.
 *
 * Cost: one random number a row of the data (selection sampling: Knuth, TAOCP 2, 3.4.2 S).
 */
ShsBackground *shs_background_new_drawn (ShsColumnMatch *match, gsize n_rows, guint64 seed,
                                         GError **error);

/**
 * shs_background_new_row: one row, so that an explanation tells what sets another row apart from
 * it.
 * @row: (transfer full): its number, memory of shs_alloc()
 * @name: what it is called: "row 17"
 */
ShsBackground *shs_background_new_row (ShsColumnMatch *match, gsize *row, const char *name,
                                       GError **error);

ShsBackground *shs_background_ref (ShsBackground *self);
void shs_background_unref (ShsBackground *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShsBackground, shs_background_unref)

gsize shs_background_get_n_rows (const ShsBackground *self);
/** shs_background_describe: "100 of 333 rows of penguins.csv, drawn with seed 0". */
const char *shs_background_describe (const ShsBackground *self);
/** shs_background_get_note: (nullable). */
const char *shs_background_get_note (const ShsBackground *self);

/** shs_background_get_row_name: (nullable): of shs_background_new_row(). */
const char *shs_background_get_row_name (const ShsBackground *self);

/** shs_background_describe_values: (transfer full): n_features texts, NULL-ended: what the features
 * are in the first row, as a person reads them. */
char **shs_background_describe_values (ShsBackground *self, GError **error);

/** ShsBackgroundFunc: takes a block of rows as the model's ensemble or linear model takes them
 * (see shs_model_map_rows()). */
typedef gboolean (*ShsBackgroundFunc) (const ShsMatrix *rows, gpointer data, GError **error);

/** shs_background_foreach: hands all rows to @function, in order, in blocks of at most
 * @block_rows. */
gboolean shs_background_foreach (ShsBackground *self, gsize block_rows, guint n_threads,
                                 ShsProgress *progress, ShsBackgroundFunc function, gpointer data,
                                 GError **error);

G_END_DECLS
