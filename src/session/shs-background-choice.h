/* A person's words for a background, and the rows they mean. */
#pragma once

#include "explain/shs-background.h"

G_BEGIN_DECLS

/**
 * ShsBackgroundKind:
 * @SHS_BACKGROUND_NONE: "" or "none"
 * @SHS_BACKGROUND_ALL: "all": all rows of the data
 * @SHS_BACKGROUND_DRAWN: "100": so many rows of the data, drawn with the seed
 * @SHS_BACKGROUND_ROW: "row:#17": one row of the data, by number from 0; "row:17": by name, and by
 *   number where no row is called so
 * @SHS_BACKGROUND_FILE: all rows of another data file
 * @SHS_BACKGROUND_RULE: "age < 30": all rows of the data that answer (see ShsRowFilter)
 */
typedef enum
{
  SHS_BACKGROUND_NONE,
  SHS_BACKGROUND_ALL,
  SHS_BACKGROUND_DRAWN,
  SHS_BACKGROUND_ROW,
  SHS_BACKGROUND_FILE,
  SHS_BACKGROUND_RULE,
} ShsBackgroundKind;

/** shs_background_choice_get_kind: what @text is; what names no file is a rule. */
ShsBackgroundKind shs_background_choice_get_kind (const char *text);

/**
 * shs_background_choice_check:
 * @dataset: (nullable): the data that are explained
 *
 * Whether @text can be a background: rows exist, a rule reads as one. A file is not opened, and
 * rows' names are not read: shs_background_choice_open() looks for them. Cost: none of the data are
 * read.
 */
gboolean shs_background_choice_check (const char *text, ShsDataset *dataset, GError **error);

/**
 * shs_background_choice_open:
 * @match: of the data that are explained
 *
 * Reads what is needed to find the rows, on this thread; %SHS_BACKGROUND_FILE opens the file.
 *
 * Returns: (transfer full): the rows; NULL with an error. @text must not be none
 */
ShsBackground *shs_background_choice_open (const char *text, ShsColumnMatch *match, guint64 seed,
                                           guint n_threads, ShsProgress *progress, GError **error);

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
