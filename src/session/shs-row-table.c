#include "session/shs-row-table.h"

#include "core/shs-error.h"
#include "core/shs-i18n.h"
#include "core/shs-memory.h"
#include "session/shs-row-column.h"

#define ROW_NAME_BYTES 48 /* a pointer and a short text */

struct _ShsRowTable
{
  ShsExplanation *explanation; /* with the data it was computed from, or data alone */
  ShsDataset *dataset;
  gsize output;
  gsize n_rows;
  GArray *columns; /* ShsRowTableColumn */
};

static ShsRowTable *
table_new (gsize n_rows)
{
  ShsRowTable *self = g_new0 (ShsRowTable, 1);

  self->n_rows = n_rows;
  self->columns = g_array_new (FALSE, TRUE, sizeof (ShsRowTableColumn));
  return self;
}

/* The values of features may be left out of an explanation. */
static gboolean
has_numbers (const ShsRowTable *self, gboolean is_of_data)
{
  return is_of_data || shs_explanation_get_parts (self->explanation)->data != NULL;
}

static void
add_column (ShsRowTable *self, const ShsColumn *column, gsize source, gboolean is_of_data)
{
  gboolean has_words = column->n_categories > 0;
  gboolean is_searched = has_words && !shs_column_is_truth (column);
  ShsRowTableColumn added = { .name = column->name,
                              .words = has_words ? column->categories : NULL,
                              .n_words = has_words ? column->n_categories : 0,
                              .has_numbers = shs_column_is_truth (column),
                              .is_searched = is_searched && has_numbers (self, is_of_data),
                              .is_suggested = TRUE,
                              .source = source,
                              .is_of_data = is_of_data };

  g_array_append_val (self->columns, added);
}

static gboolean
is_known (const ShsRowTable *self, const char *name)
{
  for (gsize i = 0; i < self->columns->len; i++)
    if (g_strcmp0 (shs_row_table_get_column (self, i)->name, name) == 0)
      return TRUE;
  return FALSE;
}

/* Whether each explained row is a row of the data. */
static gboolean
covers_rows (const ShsRowTable *self, ShsDataset *dataset)
{
  const gsize *index = shs_explanation_get_parts (self->explanation)->row_index;
  gsize n = shs_dataset_get_n_rows (dataset);

  for (gsize i = 0; index != NULL && i < self->n_rows; i++)
    if (index[i] >= n)
      return FALSE;
  return index != NULL || self->n_rows <= n;
}

static void
add_columns_of_data (ShsRowTable *self, ShsDataset *dataset)
{
  const ShsInput *input = shs_dataset_get_table (dataset);

  if (input == NULL || input->columns == NULL || !covers_rows (self, dataset))
    return;
  self->dataset = shs_dataset_ref (dataset);
  for (gsize j = 0; j < input->n_columns; j++)
    if (!is_known (self, input->columns[j].name))
      add_column (self, &input->columns[j], j, TRUE);
}

static void
add_row_column (ShsRowTable *self, const char *name, ShsRowColumn source, gboolean is_suggested)
{
  ShsRowTableColumn added
      = { .name = name, .is_suggested = is_suggested, .source = source, .is_row_column = TRUE };

  if (source == SHS_ROW_TARGET && shs_explanation_get_n_outputs (self->explanation) > 1)
    {
      added.words = shs_explanation_get_parts (self->explanation)->output_names;
      added.n_words = shs_explanation_get_n_outputs (self->explanation);
    }
  g_array_append_val (self->columns, added);
}

/* Where the target is 0 or 1 here and a word in the data, a person knows the word. */
static gboolean
is_word_of_data (const ShsRowTable *self, ShsDataset *dataset)
{
  const char *name = shs_explanation_get_parts (self->explanation)->target_name;
  const ShsInput *table = dataset != NULL ? shs_dataset_get_table (dataset) : NULL;
  gssize column
      = table != NULL && table->columns != NULL ? shs_dataset_find_column (dataset, name) : -1;

  return column >= 0 && table->columns[column].n_categories > 0
         && shs_explanation_get_n_outputs (self->explanation) == 1 && covers_rows (self, dataset);
}

ShsRowTable *
shs_row_table_new_of_explanation (ShsExplanation *explanation, ShsDataset *dataset, gsize output)
{
  const ShsExplanationParts *parts = shs_explanation_get_parts (explanation);
  ShsRowTable *self = table_new (shs_explanation_get_n_rows (explanation));

  self->explanation = shs_explanation_ref (explanation);
  self->output = output;
  for (gsize j = 0; j < shs_explanation_get_n_features (explanation); j++)
    add_column (self, shs_explanation_get_column (explanation, j), j, FALSE);
  add_row_column (self, "row", SHS_ROW_NUMBER, FALSE);
  add_row_column (self, "prediction", SHS_ROW_PREDICTION, TRUE);
  add_row_column (self, "error", SHS_ROW_ERROR, TRUE);
  add_row_column (self, "target", SHS_ROW_TARGET, FALSE);
  if (parts->target_name != NULL && !is_word_of_data (self, dataset))
    add_row_column (self, parts->target_name, SHS_ROW_TARGET, TRUE);
  if (dataset != NULL)
    add_columns_of_data (self, dataset);
  return self;
}

ShsRowTable *
shs_row_table_new_of_dataset (ShsDataset *dataset)
{
  const ShsInput *input = shs_dataset_get_table (dataset);
  ShsRowTable *self;

  if (input == NULL || input->columns == NULL)
    return NULL;
  self = table_new (shs_dataset_get_n_rows (dataset));
  self->dataset = shs_dataset_ref (dataset);
  for (gsize j = 0; j < input->n_columns; j++)
    add_column (self, &input->columns[j], j, TRUE);
  add_row_column (self, "row", SHS_ROW_NUMBER, FALSE);
  return self;
}

void
shs_row_table_free (ShsRowTable *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->explanation, shs_explanation_unref);
  g_clear_pointer (&self->dataset, shs_dataset_unref);
  g_array_unref (self->columns);
  g_free (self);
}

gsize
shs_row_table_get_n_rows (const ShsRowTable *self)
{
  return self->n_rows;
}

gsize
shs_row_table_get_n_columns (const ShsRowTable *self)
{
  return self->columns->len;
}

const ShsRowTableColumn *
shs_row_table_get_column (const ShsRowTable *self, gsize column)
{
  return &g_array_index (self->columns, ShsRowTableColumn, column);
}

static gboolean
read_data (const ShsRowTable *self, gsize column, double *out, GError **error)
{
  gsize n = shs_dataset_get_n_rows (self->dataset);
  const gsize *index
      = self->explanation != NULL ? shs_explanation_get_parts (self->explanation)->row_index : NULL;
  ShsMatrix block = { self->n_rows, 1, self->n_rows, out };
  SHS_AUTOFREE double *all = NULL;

  if (index == NULL)
    return shs_dataset_read (self->dataset, 0, 0, &column, &block, error);
  all = shs_alloc (n, sizeof *all, error);
  block = (ShsMatrix){ n, 1, n, all };
  if (all == NULL || !shs_dataset_read (self->dataset, 0, 0, &column, &block, error))
    return FALSE;
  for (gsize i = 0; i < self->n_rows; i++)
    out[i] = all[index[i]];
  return TRUE;
}

gboolean
shs_row_table_read (const ShsRowTable *self, gsize column, double *out, GError **error)
{
  const ShsRowTableColumn *from = shs_row_table_get_column (self, column);
  const ShsValues *data;

  if (from->is_row_column && self->explanation != NULL)
    return shs_row_column_read (self->explanation, self->output, (ShsRowColumn)from->source, out,
                                error);
  if (from->is_row_column)
    {
      for (gsize i = 0; i < self->n_rows; i++)
        out[i] = (double)i;
      return TRUE;
    }
  if (from->is_of_data)
    return read_data (self, from->source, out, error);
  data = shs_explanation_get_parts (self->explanation)->data;
  if (data != NULL)
    return shs_values_read_feature (data, 0, from->source, out, error);
  g_set_error_literal (error, SHS_ERROR, SHS_ERROR_CHOICE,
                       _ ("This explanation does not carry the features' values; filter by "
                          "prediction or row instead"));
  return FALSE;
}

static char **
read_names_of_data (const ShsRowTable *self, GError **error)
{
  gssize column = shs_dataset_get_row_name_column (self->dataset);
  SHS_AUTOFREE double *codes = shs_alloc (self->n_rows, sizeof *codes, error);
  char **names;

  if (codes == NULL || (column >= 0 && !read_data (self, (gsize)column, codes, error)))
    return NULL;
  names = g_new0 (char *, self->n_rows + 1);
  for (gsize i = 0; i < self->n_rows; i++)
    names[i] = column >= 0 ? shs_dataset_describe_value (self->dataset, (gsize)column, codes[i])
                           : g_strdup_printf (_ ("row %" G_GSIZE_FORMAT), i);
  return names;
}

char **
shs_row_table_read_names (const ShsRowTable *self, GError **error)
{
  char **names;

  if (!shs_memory_check ((guint64)self->n_rows * ROW_NAME_BYTES, "The names of the rows", error))
    return NULL;
  if (self->explanation == NULL)
    return read_names_of_data (self, error);
  names = g_new0 (char *, self->n_rows + 1);
  for (gsize i = 0; i < self->n_rows; i++)
    names[i] = shs_explanation_describe_row (self->explanation, i);
  return names;
}

const char *
shs_row_table_get_hint (const ShsRowTable *self)
{
  return self->explanation != NULL && self->dataset == NULL
             ? _ ("other columns of the data are known when they are the target")
             : _ ("the data have no such column");
}
