/* What a question about rows can be asked of: named columns, and names of rows. */
#pragma once

#include "core/shs-dataset.h"
#include "result/shs-explanation.h"

G_BEGIN_DECLS

/**
 * ShsRowTableColumn:
 * @name, @words: borrowed from what the table is of
 * @n_words: size of the dictionary whose indices the numbers are; 0 for plain numbers
 * @has_numbers: whether words stand for numbers that may be asked for too
 * @is_searched: whether a word alone is looked for here too
 * @is_suggested: whether it is offered when a name is unknown
 * @source: what it is where it comes from: a feature or a column
 * @is_row_column: whether @source is a #ShsRowColumn of the explanation
 * @is_of_data: whether @source is a column of the data
 */
typedef struct
{
  const char *name;
  char **words;
  gsize n_words;
  gboolean has_numbers;
  gboolean is_searched;
  gboolean is_suggested;
  gsize source;
  gboolean is_row_column;
  gboolean is_of_data;
} ShsRowTableColumn;

/** ShsRowTable: of an explanation (features, row, prediction, error, target) or of data (its
 * columns, row); immutable. */
typedef struct _ShsRowTable ShsRowTable;

/**
 * shs_row_table_new_of_explanation:
 * @dataset: (nullable): what was explained: its columns that are no features are known too
 * @output: the one whose prediction and error are meant
 */
ShsRowTable *shs_row_table_new_of_explanation (ShsExplanation *explanation, ShsDataset *dataset,
                                               gsize output);
/** shs_row_table_new_of_dataset: (nullable): NULL when the data are no table. */
ShsRowTable *shs_row_table_new_of_dataset (ShsDataset *dataset);
void shs_row_table_free (ShsRowTable *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShsRowTable, shs_row_table_free)

gsize shs_row_table_get_n_rows (const ShsRowTable *self);
gsize shs_row_table_get_n_columns (const ShsRowTable *self);
const ShsRowTableColumn *shs_row_table_get_column (const ShsRowTable *self, gsize column);
/** shs_row_table_read: one column of all rows; @out: n_rows numbers. */
gboolean shs_row_table_read (const ShsRowTable *self, gsize column, double *out, GError **error);
/**
 * shs_row_table_read_names:
 *
 * Returns: (transfer full): n_rows names for g_strfreev(), as a person reads them: "row 17"
 */
char **shs_row_table_read_names (const ShsRowTable *self, GError **error);
/** shs_row_table_get_hint: what to know when a name is unknown and none is near. */
const char *shs_row_table_get_hint (const ShsRowTable *self);

G_END_DECLS
