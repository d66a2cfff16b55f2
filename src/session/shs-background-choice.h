/* A person's words for a background, and the rows they mean. */
#pragma once

#include "explain/shs-background.h"
#include "session/shs-view.h"

G_BEGIN_DECLS

/** shs_background_choice_find_kind: what @text is; what names no file (see shs_data_file_split())
 * is a rule. Asks the file system: keep the answer, which stands though the file goes. */
ShsBackgroundKind shs_background_choice_find_kind (const char *text);

/**
 * shs_background_choice_check:
 * @text: of a cohort "NAME: RULE"; its name alone says nothing here
 * @cohorts: (nullable): whose names may have been meant
 * @dataset: (nullable): the data that are explained
 *
 * Whether @text can be a background: rows exist, a rule reads as one. A file is not opened, and
 * rows' names are not read: shs_background_choice_open() looks for them. Cost: none of the data are
 * read.
 */
gboolean shs_background_choice_check (ShsBackgroundKind kind, const char *text, GPtrArray *cohorts,
                                      ShsDataset *dataset, GError **error);

/**
 * shs_background_choice_open:
 * @text: of a cohort "NAME: RULE"
 * @match: of the data that are explained
 *
 * Reads what is needed to find the rows, on this thread; %SHS_BACKGROUND_FILE opens the file.
 *
 * Returns: (transfer full): the rows; NULL with an error. @text must not be none
 */
ShsBackground *shs_background_choice_open (ShsBackgroundKind kind, const char *text,
                                           ShsColumnMatch *match, guint64 seed, guint n_threads,
                                           ShsProgress *progress, GError **error);

/**
 * shs_background_choice_find_row:
 * @name: what follows "row:": a row's name, or its number from 0; with "#" before it always its
 *   number
 * @row_name: (out) (optional) (transfer full): "row 17", or its name
 */
gboolean shs_background_choice_find_row (const char *name, ShsDataset *dataset, gsize *row,
                                         char **row_name, GError **error);

/** shs_background_choice_name_row: (transfer full): the choice of a row of the data, whatever rows
 * are called: "row:#17". */
char *shs_background_choice_name_row (gsize row);

G_END_DECLS
