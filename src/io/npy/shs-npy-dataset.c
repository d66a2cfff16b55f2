#include "io/npy/shs-npy.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "core/shs-number.h"
#include "core/shs-table-builder.h"
#include "io/shs-bytes.h"
#include "io/npy/shs-npy-private.h"
#include "io/shs-text-codes.h"

#include <math.h>
#include <string.h>

#define MAX_COLUMNS 1000000

/*
 * Part: an array and the columns that it gives, read where it lies.
 * @texts: for each column of text its numbers or codes, made when it was opened; NULL for others
 */
typedef struct
{
  ShsNpyArray *array;
  gsize n_columns;
  double **texts;
} Part;

/* Where the rows of a data set are: one table over all parts, or one input per part. */
typedef struct
{
  GPtrArray *parts;
  gboolean is_table;
} Source;

struct _ShsNpyDatasetBuilder
{
  char *name;
  gsize n_rows;
  GPtrArray *parts;
  GArray *columns; /* ShsColumn: of the table */
  GArray *inputs;  /* ShsInput: where there is no table */
};

static void
part_free (gpointer data)
{
  Part *part = data;

  for (gsize j = 0; part->texts != NULL && j < part->n_columns; j++)
    shs_free (part->texts[j]);
  shs_free (part->texts);
  shs_npy_array_free (part->array);
  g_free (part);
}

static gboolean
is_structured (const ShsNpyArray *array)
{
  return array->n_fields > 1 || array->fields[0].name[0] != '\0';
}

static gboolean
is_text (const ShsNpyField *field)
{
  return field->kind == 'U' || field->kind == 'S';
}

static const ShsNpyField *
part_field (const Part *part, gsize column)
{
  return &part->array->fields[is_structured (part->array) ? column : 0];
}

/* Bytes between the rows of a column. */
static gsize
part_row_stride (const Part *part)
{
  const ShsNpyArray *array = part->array;

  return array->is_fortran ? array->stride : shs_npy_array_row_size (array) * array->stride;
}

/* Where the column's value in the first row is. */
static const guint8 *
part_column (const Part *part, gsize column)
{
  const ShsNpyArray *array = part->array;

  return array->data + part_field (part, column)->offset
         + (is_structured (array) ? 0 : shs_npy_array_locate (array, column));
}

static void
part_read (const Part *part, gsize column, gsize first_row, gsize n_rows, double *out)
{
  gsize row_stride = part_row_stride (part);

  if (n_rows == 0)
    return;
  if (part->texts != NULL && part->texts[column] != NULL)
    memcpy (out, part->texts[column] + first_row, n_rows * sizeof *out);
  else
    shs_npy_convert (part_field (part, column), part_column (part, column) + first_row * row_stride,
                     row_stride, n_rows, out);
}

static gboolean
read_rows (gpointer data, guint input, gsize first_row, const gsize *columns, ShsMatrix *block,
           GError **error)
{
  Source *source = data;

  for (gsize j = 0; j < block->n_columns; j++)
    {
      gsize column = columns[j];
      guint i = source->is_table ? 0 : input;

      while (column >= ((Part *)source->parts->pdata[i])->n_columns)
        column -= ((Part *)source->parts->pdata[i++])->n_columns;
      part_read (source->parts->pdata[i], column, first_row, block->n_rows,
                 shs_matrix_column (block, j));
    }
  return TRUE;
}

static void
free_source (gpointer data)
{
  Source *source = data;

  g_ptr_array_unref (source->parts);
  g_free (source);
}

static const ShsDatasetSource npy_source = { read_rows, free_source };

ShsNpyDatasetBuilder *
shs_npy_dataset_builder_new (const char *name)
{
  ShsNpyDatasetBuilder *self = g_new0 (ShsNpyDatasetBuilder, 1);

  self->name = g_strdup (name);
  self->parts = g_ptr_array_new_with_free_func (part_free);
  self->columns = g_array_new (FALSE, TRUE, sizeof (ShsColumn));
  self->inputs = g_array_new (FALSE, TRUE, sizeof (ShsInput));
  return self;
}

/* The table as an input of its own; the builder's columns go with it. */
static void
close_table (ShsNpyDatasetBuilder *self)
{
  ShsInput input = { .name = g_strdup (""), .n_dimensions = 1 };

  input.shape[0] = self->columns->len;
  input.n_columns = self->columns->len;
  input.columns = (ShsColumn *)g_array_free (self->columns, FALSE);
  self->columns = g_array_new (FALSE, TRUE, sizeof (ShsColumn));
  g_array_append_val (self->inputs, input);
}

void
shs_npy_dataset_builder_free (ShsNpyDatasetBuilder *self)
{
  guint n;

  if (self == NULL)
    return;
  close_table (self);
  n = self->inputs->len;
  shs_dataset_inputs_free ((ShsInput *)g_array_free (self->inputs, FALSE), n);
  g_array_unref (self->columns);
  g_clear_pointer (&self->parts, g_ptr_array_unref);
  g_free (self->name);
  g_free (self);
}

static gboolean
fail (ShsNpyDatasetBuilder *self, int code, const char *message, GError **error)
{
  g_set_error (error, SHS_ERROR, code, "%s: %s", self->name, message);
  return FALSE;
}

/* NumPy writes a missing text as "" or, from pandas, as "nan". */
static gboolean
is_missing (const char *text)
{
  return text[0] == '\0' || g_ascii_strcasecmp (text, "nan") == 0;
}

static char *
text_of_row (const Part *part, gsize column, gsize row)
{
  return shs_npy_item_to_text (part_field (part, column),
                               part_column (part, column) + row * part_row_stride (part));
}

/* Whether every text of the column is a number or missing; @values are those numbers then. */
static gboolean
read_text_numbers (const Part *part, gsize column, gsize n_rows, double *values)
{
  for (gsize i = 0; i < n_rows; i++)
    {
      g_autofree char *text = text_of_row (part, column, i);

      values[i] = NAN;
      if (!is_missing (text) && !shs_number_parse (text, text + strlen (text), &values[i]))
        return FALSE;
    }
  return TRUE;
}

static gboolean
read_text_codes (const Part *part, gsize column, gsize n_rows, double *values, ShsColumn *described,
                 GError **error)
{
  g_autoptr (ShsTextCodes) codes = shs_text_codes_new ();

  for (gsize i = 0; i < n_rows; i++)
    {
      g_autofree char *text = text_of_row (part, column, i);
      gint32 code = is_missing (text) ? 0 : shs_text_codes_add (codes, text, strlen (text), error);

      if (code < 0)
        return FALSE;
      values[i] = is_missing (text) ? NAN : code;
    }
  described->categories = shs_text_codes_make_categories (codes, NULL, NULL, error);
  if (described->categories == NULL)
    return FALSE;
  described->type = SHS_COLUMN_CATEGORY;
  described->n_categories = shs_text_codes_get_n (codes);
  return TRUE;
}

static gboolean
read_text_column (Part *part, gsize column, gsize n_rows, ShsColumn *described, GError **error)
{
  double *values = shs_alloc (n_rows, sizeof *values, error);

  if (values == NULL)
    return FALSE;
  part->texts[column] = values;
  return read_text_numbers (part, column, n_rows, values)
         || read_text_codes (part, column, n_rows, values, described, error);
}

static gboolean
describe_columns (ShsNpyDatasetBuilder *self, Part *part, const char *prefix, char **names,
                  GError **error)
{
  gboolean has_fields = is_structured (part->array);

  part->texts = shs_alloc0 (part->n_columns, sizeof *part->texts, error);
  if (part->texts == NULL)
    return FALSE;
  for (gsize j = 0; j < part->n_columns; j++)
    {
      ShsColumn column = { 0 };

      if (is_text (part_field (part, j))
          && !read_text_column (part, j, part->array->shape[0], &column, error))
        return FALSE;
      if (part_field (part, j)->kind == 'b')
        shs_column_set_truths (&column, NULL, 0);
      column.name = g_strdup (names != NULL ? names[j]
                              : has_fields  ? part->array->fields[j].name
                                            : prefix);
      g_array_append_val (self->columns, column);
    }
  return TRUE;
}

static Part *
add_part (ShsNpyDatasetBuilder *self, ShsNpyArray *array)
{
  Part *part = g_new0 (Part, 1);

  part->array = array;
  part->n_columns = is_structured (array) ? array->n_fields : shs_npy_array_row_size (array);
  g_ptr_array_add (self->parts, part);
  self->n_rows = array->n_dimensions > 0 ? array->shape[0] : 0;
  return part;
}

gboolean
shs_npy_dataset_builder_add_columns (ShsNpyDatasetBuilder *self, const char *prefix, char **names,
                                     ShsNpyArray *array, GError **error)
{
  Part *part = add_part (self, array);

  if (array->n_dimensions == 0 || array->n_dimensions > (is_structured (array) ? 1 : 2))
    return fail (self, SHS_ERROR_UNSUPPORTED,
                 "a table needs an array of rows and columns (two axes), or one axis of records",
                 error);
  if (part->n_columns > MAX_COLUMNS || self->columns->len + part->n_columns > MAX_COLUMNS)
    return fail (self, SHS_ERROR_INVALID, "more than a million columns; it may be transposed",
                 error);
  return describe_columns (self, part, prefix, names, error);
}

gboolean
shs_npy_dataset_builder_add_input (ShsNpyDatasetBuilder *self, const char *name, ShsNpyArray *array,
                                   GError **error)
{
  Part *part = add_part (self, array);
  ShsInput input = { .n_dimensions = MAX (array->n_dimensions, 2) - 1, .shape = { 1 } };

  if (array->n_dimensions == 0 || input.n_dimensions > SHS_INPUT_MAX_DIMENSIONS)
    return fail (self, SHS_ERROR_UNSUPPORTED, "an input needs between one and five axes", error);
  if (is_structured (array) || is_text (&array->fields[0]))
    return fail (self, SHS_ERROR_UNSUPPORTED,
                 "an input beside others must be an array of plain numbers", error);
  for (guint i = 1; i < array->n_dimensions; i++)
    input.shape[i - 1] = array->shape[i];
  input.name = g_strdup (name);
  input.n_columns = part->n_columns;
  g_array_append_val (self->inputs, input);
  return TRUE;
}

ShsDataset *
shs_npy_dataset_builder_finish (ShsNpyDatasetBuilder *self)
{
  Source *source = g_new0 (Source, 1);
  g_autofree char *name = g_path_get_basename (self->name);
  guint n_inputs;
  ShsDataset *dataset;

  source->is_table = self->inputs->len == 0;
  if (source->is_table)
    {
      shs_columns_make_names_unique ((ShsColumn *)self->columns->data, self->columns->len);
      close_table (self);
    }
  source->parts = self->parts;
  n_inputs = self->inputs->len;
  dataset = shs_dataset_new (name, self->n_rows, (ShsInput *)g_array_free (self->inputs, FALSE),
                             n_inputs, &npy_source, source);
  self->parts = g_ptr_array_new_with_free_func (part_free);
  self->inputs = g_array_new (FALSE, TRUE, sizeof (ShsInput));
  return dataset;
}

ShsDataset *
shs_npy_dataset_open (const char *path, GError **error)
{
  g_autoptr (GBytes) bytes = shs_bytes_open (path, error);

  return bytes != NULL ? shs_npy_dataset_parse (path, bytes, error) : NULL;
}

ShsDataset *
shs_npy_dataset_parse (const char *name, GBytes *bytes, GError **error)
{
  g_autoptr (ShsNpyDatasetBuilder) builder = shs_npy_dataset_builder_new (name);
  ShsNpyArray *array = shs_npy_parse (name, bytes, error);

  if (array == NULL)
    return NULL;
  if (array->n_dimensions > 2 && !is_structured (array)
          ? !shs_npy_dataset_builder_add_input (builder, "", array, error)
          : !shs_npy_dataset_builder_add_columns (builder, "", NULL, array, error))
    return NULL;
  return shs_npy_dataset_builder_finish (builder);
}
