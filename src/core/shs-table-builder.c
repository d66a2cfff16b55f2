#include "core/shs-table-builder.h"

#include "core/shs-memory.h"
#include "core/shs-missing.h"

#include <string.h>

typedef enum
{
  STORED_AS_DOUBLE,
  STORED_AS_FLOAT,
  STORED_AS_CODE,
} Storage;

typedef struct
{
  Storage storage;
  gpointer values;
  gint32 *spellings; /* codes of the texts of numbers, or NULL */
} StoredColumn;

struct _ShsTableBuilder
{
  gsize n_rows;
  GArray *names;  /* ShsColumn */
  GArray *stored; /* StoredColumn */
  gboolean has_row_names;
};

static void
stored_column_clear (gpointer column)
{
  shs_free (((StoredColumn *)column)->values);
  shs_free (((StoredColumn *)column)->spellings);
}

ShsTableBuilder *
shs_table_builder_new (gsize n_rows)
{
  ShsTableBuilder *self = g_new0 (ShsTableBuilder, 1);

  self->n_rows = n_rows;
  self->names = g_array_new (FALSE, TRUE, sizeof (ShsColumn));
  self->stored = g_array_new (FALSE, TRUE, sizeof (StoredColumn));
  g_array_set_clear_func (self->stored, stored_column_clear);
  return self;
}

static ShsInput *
steal_input (ShsTableBuilder *self)
{
  ShsInput *input = shs_dataset_inputs_new (1);

  input->name = g_strdup ("");
  input->n_dimensions = 1;
  input->n_columns = self->names->len;
  input->shape[0] = self->names->len;
  input->columns = (ShsColumn *)g_array_free (self->names, FALSE);
  self->names = NULL;
  return input;
}

void
shs_table_builder_free (ShsTableBuilder *self)
{
  if (self == NULL)
    return;
  if (self->names != NULL)
    shs_dataset_inputs_free (steal_input (self), 1);
  g_clear_pointer (&self->stored, g_array_unref);
  g_free (self);
}

static void
add_column (ShsTableBuilder *self, ShsColumn column, Storage storage, gpointer values)
{
  StoredColumn stored = { storage, values, NULL };

  g_array_append_val (self->names, column);
  g_array_append_val (self->stored, stored);
}

void
shs_table_builder_add_doubles (ShsTableBuilder *self, const char *name, double *values)
{
  add_column (self, (ShsColumn){ .name = g_strdup (name) }, STORED_AS_DOUBLE, values);
}

void
shs_table_builder_add_floats (ShsTableBuilder *self, const char *name, float *values)
{
  add_column (self, (ShsColumn){ .name = g_strdup (name) }, STORED_AS_FLOAT, values);
}

void
shs_table_builder_add_truths (ShsTableBuilder *self, const char *name, double *values)
{
  ShsColumn column = { .name = g_strdup (name) };

  shs_column_set_truths (&column, NULL, 0);
  add_column (self, column, STORED_AS_DOUBLE, values);
}

void
shs_table_builder_add_codes (ShsTableBuilder *self, const char *name, gint32 *codes,
                             char **categories, gsize n_categories)
{
  ShsColumn column = { .name = g_strdup (name),
                       .type = SHS_COLUMN_CATEGORY,
                       .n_categories = n_categories,
                       .categories = categories };

  add_column (self, column, STORED_AS_CODE, codes);
}

void
shs_table_builder_add_spelled_doubles (ShsTableBuilder *self, const char *name, double *values,
                                       gint32 *codes, char **spellings, gsize n_spellings)
{
  ShsColumn column
      = { .name = g_strdup (name), .n_spellings = n_spellings, .spellings = spellings };

  add_column (self, column, STORED_AS_DOUBLE, values);
  g_array_index (self->stored, StoredColumn, self->stored->len - 1).spellings = codes;
}

static void
read_codes (const gint32 *codes, gsize n_rows, double *out)
{
  for (gsize i = 0; i < n_rows; i++)
    out[i] = codes[i] < 0 ? shs_missing_new ((guint)(-1 - codes[i])) : codes[i];
}

static void
read_column (const StoredColumn *column, gsize first_row, gsize n_rows, double *out)
{
  switch (column->storage)
    {
    case STORED_AS_DOUBLE:
      memcpy (out, (const double *)column->values + first_row, n_rows * sizeof *out);
      break;
    case STORED_AS_FLOAT:
      for (gsize i = 0; i < n_rows; i++)
        out[i] = ((const float *)column->values)[first_row + i];
      break;
    case STORED_AS_CODE:
      read_codes ((const gint32 *)column->values + first_row, n_rows, out);
      break;
    }
}

static gboolean
read_table (gpointer source, guint input, gsize first_row, const gsize *columns, ShsMatrix *block,
            GError **error)
{
  GArray *stored = source;

  for (gsize j = 0; j < block->n_columns; j++)
    read_column (&g_array_index (stored, StoredColumn, columns[j]), first_row, block->n_rows,
                 shs_matrix_column (block, j));
  return TRUE;
}

static gboolean
read_spellings (gpointer source, gsize column, gsize first_row, gsize n_rows, double *out,
                GError **error)
{
  GArray *stored = source;

  read_codes (g_array_index (stored, StoredColumn, column).spellings + first_row, n_rows, out);
  return TRUE;
}

static void
free_table (gpointer source)
{
  g_array_unref (source);
}

static const ShsDatasetSource table_source = { read_table, free_table, read_spellings };

void
shs_table_builder_mark_row_names (ShsTableBuilder *self)
{
  self->has_row_names = TRUE;
}

void
shs_columns_make_names_unique (ShsColumn *columns, gsize n_columns)
{
  /* Name to how often it was wanted: a million equal names must not be tried from 2 each time. */
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (gsize j = 0; j < n_columns; j++)
    {
      ShsColumn *column = &columns[j];
      g_autofree char *wanted = NULL;
      guint n;

      if (column->name == NULL || column->name[0] == '\0')
        {
          g_free (column->name);
          column->name = g_strdup_printf ("column %" G_GSIZE_FORMAT, j + 1);
          column->has_made_name = TRUE;
        }
      wanted = g_strdup (column->name);
      n = GPOINTER_TO_UINT (g_hash_table_lookup (seen, wanted));
      while (g_hash_table_contains (seen, column->name))
        {
          g_free (column->name);
          column->name = g_strdup_printf ("%s (%u)", wanted, ++n);
          column->repeats_name = TRUE;
        }
      if (n > 1)
        g_hash_table_insert (seen, g_strdup (wanted), GUINT_TO_POINTER (n));
      g_hash_table_insert (seen, g_strdup (column->name), GUINT_TO_POINTER (1));
    }
}

ShsDataset *
shs_table_builder_finish (ShsTableBuilder *self, const char *name)
{
  ShsInput *input;
  ShsDataset *dataset;

  shs_columns_make_names_unique ((ShsColumn *)self->names->data, self->names->len);
  input = steal_input (self);
  input->has_row_names = self->has_row_names;
  dataset = shs_dataset_new (name, self->n_rows, input, 1, &table_source,
                             g_steal_pointer (&self->stored));
  shs_table_builder_free (self);
  return dataset;
}
