#include "core/shs-dataset.h"

#include "core/shs-error.h"
#include "core/shs-i18n.h"
#include "core/shs-number.h"

#include <math.h>

struct _ShsDataset
{
  gint references;
  char *name;
  gsize n_rows;
  guint n_inputs;
  ShsInput *inputs;
  const ShsDatasetSource *source;
  gpointer source_data;
};

ShsInput *
shs_dataset_inputs_new (guint n)
{
  return g_new0 (ShsInput, n);
}

ShsInput *
shs_dataset_inputs_copy (const ShsInput *inputs, guint n)
{
  ShsInput *copies = shs_dataset_inputs_new (n);

  for (guint i = 0; i < n; i++)
    {
      copies[i] = inputs[i];
      copies[i].name = g_strdup (inputs[i].name);
      if (inputs[i].columns == NULL)
        continue;
      copies[i].columns = g_new0 (ShsColumn, MAX (1, inputs[i].n_columns));
      for (gsize j = 0; j < inputs[i].n_columns; j++)
        shs_column_copy (&inputs[i].columns[j], &copies[i].columns[j]);
    }
  return copies;
}

void
shs_dataset_inputs_free (ShsInput *inputs, guint n)
{
  for (guint i = 0; inputs != NULL && i < n; i++)
    {
      if (inputs[i].columns != NULL)
        for (gsize j = 0; j < inputs[i].n_columns; j++)
          shs_column_clear (&inputs[i].columns[j]);
      g_free (inputs[i].columns);
      g_free (inputs[i].name);
    }
  g_free (inputs);
}

ShsDataset *
shs_dataset_new (const char *name, gsize n_rows, ShsInput *inputs, guint n_inputs,
                 const ShsDatasetSource *source, gpointer source_data)
{
  ShsDataset *self = g_new0 (ShsDataset, 1);

  self->references = 1;
  self->name = g_strdup (name != NULL ? name : "");
  self->n_rows = n_rows;
  self->n_inputs = n_inputs;
  self->inputs = inputs;
  self->source = source;
  self->source_data = source_data;
  return self;
}

ShsDataset *
shs_dataset_ref (ShsDataset *self)
{
  g_atomic_int_inc (&self->references);
  return self;
}

void
shs_dataset_unref (ShsDataset *self)
{
  if (self == NULL || !g_atomic_int_dec_and_test (&self->references))
    return;
  self->source->free (self->source_data);
  shs_dataset_inputs_free (self->inputs, self->n_inputs);
  g_free (self->name);
  g_free (self);
}

const char *
shs_dataset_get_name (const ShsDataset *self)
{
  return self->name;
}

gsize
shs_dataset_get_n_rows (const ShsDataset *self)
{
  return self->n_rows;
}

guint
shs_dataset_get_n_inputs (const ShsDataset *self)
{
  return self->n_inputs;
}

const ShsInput *
shs_dataset_get_input (const ShsDataset *self, guint input)
{
  g_return_val_if_fail (input < self->n_inputs, NULL);
  return &self->inputs[input];
}

const ShsInput *
shs_dataset_get_table (const ShsDataset *self)
{
  return self->n_inputs == 1 && self->inputs[0].columns != NULL ? &self->inputs[0] : NULL;
}

gssize
shs_dataset_find_column (const ShsDataset *self, const char *name)
{
  const ShsInput *table = shs_dataset_get_table (self);

  for (gsize j = 0; table != NULL && j < table->n_columns; j++)
    if (g_str_equal (table->columns[j].name, name))
      return (gssize)j;
  return -1;
}

gssize
shs_dataset_get_row_name_column (const ShsDataset *self)
{
  const ShsInput *table = shs_dataset_get_table (self);

  return table != NULL && table->has_row_names ? 0 : -1;
}

gboolean
shs_dataset_has_column_names (const ShsDataset *self)
{
  const ShsInput *table = shs_dataset_get_table (self);

  for (gsize j = 0; table != NULL && j < table->n_columns; j++)
    if (!table->columns[j].has_made_name)
      return TRUE;
  return FALSE;
}

static gboolean
check_range (ShsDataset *self, guint input, gsize first_row, const gsize *columns,
             const ShsMatrix *block, GError **error)
{
  gsize n_columns = self->inputs[input].n_columns;

  if (first_row > self->n_rows || block->n_rows > self->n_rows - first_row)
    {
      g_set_error (error, SHS_ERROR, SHS_ERROR_CHOICE,
                   "%s has %" G_GSIZE_FORMAT " rows; rows %" G_GSIZE_FORMAT " to %" G_GSIZE_FORMAT
                   " do not exist",
                   self->name, self->n_rows, first_row, first_row + block->n_rows);
      return FALSE;
    }
  for (gsize j = 0; j < block->n_columns; j++)
    if ((columns != NULL ? columns[j] : j) >= n_columns)
      {
        g_set_error (error, SHS_ERROR, SHS_ERROR_CHOICE,
                     "%s has %" G_GSIZE_FORMAT " columns; there is no column %" G_GSIZE_FORMAT,
                     self->name, n_columns, columns != NULL ? columns[j] : j);
        return FALSE;
      }
  return TRUE;
}

gboolean
shs_dataset_read (ShsDataset *self, guint input, gsize first_row, const gsize *columns,
                  ShsMatrix *block, GError **error)
{
  g_autofree gsize *all = NULL;

  g_return_val_if_fail (input < self->n_inputs, FALSE);
  if (!check_range (self, input, first_row, columns, block, error))
    return FALSE;
  if (columns == NULL)
    {
      all = g_new (gsize, MAX (1, block->n_columns));
      for (gsize j = 0; j < block->n_columns; j++)
        all[j] = j;
      columns = all;
    }
  return self->source->read (self->source_data, input, first_row, columns, block, error);
}

gboolean
shs_dataset_read_spellings (ShsDataset *self, gsize column, gsize first_row, gsize n_rows,
                            double *out, GError **error)
{
  const ShsInput *table = shs_dataset_get_table (self);
  ShsMatrix block = { n_rows, 1, n_rows, out };

  g_return_val_if_fail (table != NULL && column < table->n_columns, FALSE);
  g_return_val_if_fail (table->columns[column].n_spellings > 0, FALSE);
  return check_range (self, 0, first_row, &column, &block, error)
         && self->source->read_spellings (self->source_data, column, first_row, n_rows, out, error);
}

char *
shs_dataset_describe_value (const ShsDataset *self, gsize column, double value)
{
  const ShsInput *table = shs_dataset_get_table (self);
  const char *name;
  char text[SHS_NUMBER_LENGTH];

  if (isnan (value))
    return g_strdup (_ ("missing"));
  name = table != NULL && column < table->n_columns
             ? shs_column_get_text (&table->columns[column], value)
             : NULL;
  if (name != NULL)
    return g_strdup (name);
  return g_strdup (shs_number_print (text, value));
}
