#include "result/shs-explanation-formats.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "core/shs-number.h"
#include "io/shs-bytes.h"
#include "io/csv/shs-csv.h"
#include "io/shs-file-writer.h"

#include <math.h>
#include <string.h>

#define FIRST_COLUMNS "row,output,"
#define LAST_COLUMNS ",base_value,prediction"
#define N_OTHER_COLUMNS 4

/* ---- writing ---- */

static void
append_number (GString *line, double number, gboolean is_double)
{
  char text[SHS_NUMBER_LENGTH];

  g_string_append_c (line, ',');
  if (isnan (number))
    return;
  g_string_append (line, is_double ? shs_number_print (text, number)
                                   : shs_number_print_float (text, (float)number));
}

static void
append_header (GString *line, const ShsExplanation *self)
{
  g_string_append (line, "row,output");
  for (gsize j = 0; j < shs_explanation_get_n_features (self); j++)
    {
      g_string_append_c (line, ',');
      shs_csv_append_cell (line, shs_explanation_get_column (self, j)->name);
    }
  g_string_append (line, LAST_COLUMNS "\n");
}

static void
append_row_name (GString *line, const ShsExplanationParts *parts, gsize row)
{
  if (parts->row_names != NULL)
    shs_csv_append_cell (line, parts->row_names[row]);
  else
    g_string_append_printf (line, "%" G_GSIZE_FORMAT,
                            parts->row_index != NULL ? parts->row_index[row] : row);
}

static gboolean
append_line (GString *line, const ShsExplanation *self, gsize row, gsize output, double *numbers,
             GError **error)
{
  const ShsExplanationParts *parts = shs_explanation_get_parts (self);

  if (!shs_values_read_row (parts->values, output, row, numbers, error))
    return FALSE;
  append_row_name (line, parts, row);
  g_string_append_c (line, ',');
  shs_csv_append_cell (line, parts->output_names[output]);
  for (gsize j = 0; j < shs_explanation_get_n_features (self); j++)
    append_number (line, numbers[j], shs_values_is_double (parts->values));
  append_number (line, shs_explanation_get_base_value (self, row, output), TRUE);
  append_number (line, shs_explanation_get_prediction (self, row, output), TRUE);
  g_string_append_c (line, '\n');
  return TRUE;
}

gboolean
shs_explanation_save_csv (ShsExplanation *self, const char *path, ShsProgress *progress,
                          GError **error)
{
  g_autoptr (ShsFileWriter) file = shs_file_writer_new (path, error);
  SHS_AUTOFREE double *numbers = NULL;
  g_autoptr (GString) line = g_string_new (NULL);

  if (file == NULL)
    return FALSE;
  numbers = shs_alloc (shs_explanation_get_n_features (self), sizeof (double), error);
  if (numbers == NULL)
    return FALSE;
  append_header (line, self);
  for (gsize i = 0; i < shs_explanation_get_n_rows (self); i++)
    for (gsize k = 0; k < shs_explanation_get_n_outputs (self); k++)
      {
        if (!shs_progress_check (progress, error) || !append_line (line, self, i, k, numbers, error)
            || !shs_file_writer_write (file, line->str, line->len, error))
          return FALSE;
        g_string_truncate (line, 0);
      }
  return shs_file_writer_write (file, line->str, line->len, error)
         && shs_file_writer_commit (file, error);
}

/* ---- reading ---- */

gboolean
shs_explanation_csv_sniff (const guint8 *head, gsize length)
{
  const guint8 *end = length > 0 ? memchr (head, '\n', length) : NULL;
  gsize n;

  if (end == NULL || length < strlen (FIRST_COLUMNS)
      || memcmp (head, FIRST_COLUMNS, strlen (FIRST_COLUMNS)) != 0)
    return FALSE;
  n = (gsize)(end - head);
  if (n > 0 && head[n - 1] == '\r')
    n--;
  return n > strlen (FIRST_COLUMNS LAST_COLUMNS)
         && memcmp (head + n - strlen (LAST_COLUMNS), LAST_COLUMNS, strlen (LAST_COLUMNS)) == 0;
}

typedef struct
{
  const char *path;
  ShsDataset *table;
  const ShsInput *input;
  ShsMatrix *cells; /* the whole table; text as codes */
  gsize n_features;
  gsize n_outputs;
  gsize n_rows;
} CsvReader;

static gboolean
fail (const CsvReader *reader, GError **error, const char *message)
{
  g_set_error (error, SHS_ERROR, SHS_ERROR_INVALID, "%s: %s", reader->path, message);
  return FALSE;
}

/* The names of the outputs are those of the first row's lines. */
static gboolean
find_outputs (CsvReader *reader, ShsExplanationParts *parts, GError **error)
{
  const double *output = shs_matrix_column (reader->cells, 1);
  gsize n_lines = reader->cells->n_rows;
  gsize k = 1;

  while (k < n_lines && output[k] != output[0])
    k++;
  for (gsize i = k; i < n_lines; i++)
    if (output[i] != output[i % k])
      return fail (reader, error, "the outputs do not follow each other in the same order");
  if (n_lines == 0 || n_lines % k != 0)
    return fail (reader, error, "every row needs one line per output");
  reader->n_outputs = k;
  reader->n_rows = n_lines / k;
  parts->output_names = g_new0 (char *, k + 1);
  for (gsize i = 0; i < k; i++)
    parts->output_names[i] = shs_dataset_describe_value (reader->table, 1, output[i]);
  return TRUE;
}

static gboolean
find_features (CsvReader *reader, ShsExplanationParts *parts, GError **error)
{
  gsize m = reader->input->n_columns - N_OTHER_COLUMNS;
  ShsInput *input = shs_dataset_inputs_new (1);

  parts->inputs = input;
  parts->n_inputs = 1;
  input->name = g_strdup ("");
  input->n_dimensions = 1;
  input->shape[0] = m;
  input->n_columns = m;
  input->columns = g_new0 (ShsColumn, m);
  for (gsize j = 0; j < m; j++)
    input->columns[j].name = g_strdup (reader->input->columns[2 + j].name);
  for (gsize j = 2; j < m + N_OTHER_COLUMNS; j++)
    if (reader->input->columns[j].type != SHS_COLUMN_NUMBER)
      return fail (reader, error, "there is text where values must be numbers");
  reader->n_features = m;
  return TRUE;
}

static gboolean
take_values (CsvReader *reader, ShsExplanationParts *parts, GError **error)
{
  g_autoptr (ShsMatrix) block
      = shs_matrix_new (reader->n_rows, reader->n_features * reader->n_outputs, error);

  parts->values = block != NULL ? shs_values_new_doubles (reader->n_rows, reader->n_features,
                                                          reader->n_outputs, error)
                                : NULL;
  if (parts->values == NULL)
    return FALSE;
  for (gsize k = 0; k < reader->n_outputs; k++)
    for (gsize j = 0; j < reader->n_features; j++)
      for (gsize i = 0; i < reader->n_rows; i++)
        shs_matrix_set (block, i, k * reader->n_features + j,
                        shs_matrix_get (reader->cells, i * reader->n_outputs + k, 2 + j));
  return shs_values_write (parts->values, 0, block, error);
}

static gboolean
take_base_values (CsvReader *reader, ShsExplanationParts *parts, GError **error)
{
  const double *base = shs_matrix_column (reader->cells, 2 + reader->n_features);
  gsize n_lines = reader->cells->n_rows;

  for (gsize i = reader->n_outputs; i < n_lines; i++)
    parts->base_per_row = parts->base_per_row || base[i] != base[i % reader->n_outputs];
  parts->base_values = shs_alloc (n_lines, sizeof (double), error);
  if (parts->base_values == NULL)
    return FALSE;
  memcpy (parts->base_values, base, n_lines * sizeof (double));
  return TRUE;
}

static gboolean
take_predictions (CsvReader *reader, ShsExplanationParts *parts, GError **error)
{
  const double *prediction = shs_matrix_column (reader->cells, 3 + reader->n_features);
  gboolean are_there = FALSE;

  for (gsize i = 0; i < reader->cells->n_rows; i++)
    are_there = are_there || !isnan (prediction[i]);
  if (!are_there)
    return TRUE;
  parts->predictions = shs_matrix_new (reader->n_rows, reader->n_outputs, error);
  for (gsize i = 0; parts->predictions != NULL && i < reader->cells->n_rows; i++)
    shs_matrix_set (parts->predictions, i / reader->n_outputs, i % reader->n_outputs,
                    prediction[i]);
  return parts->predictions != NULL;
}

/* Text names the rows; numbers are their places in the data. */
static gboolean
take_rows (CsvReader *reader, ShsExplanationParts *parts, GError **error)
{
  const double *row = shs_matrix_column (reader->cells, 0);
  gboolean are_names = reader->input->columns[0].type == SHS_COLUMN_CATEGORY;

  if (are_names)
    parts->row_names = g_new0 (char *, reader->n_rows + 1);
  else
    parts->row_index = shs_alloc (reader->n_rows, sizeof (gsize), error);
  if (!are_names && parts->row_index == NULL)
    return FALSE;
  for (gsize i = 0; i < reader->n_rows; i++)
    {
      double value = row[i * reader->n_outputs];

      if (are_names)
        parts->row_names[i] = shs_dataset_describe_value (reader->table, 0, value);
      else if (value >= 0 && value <= 9007199254740992.0 && value == floor (value))
        parts->row_index[i] = (gsize)value;
      else
        return fail (reader, error, "the column `row` holds a number that is no row");
    }
  return TRUE;
}

ShsExplanation *
shs_explanation_load_csv (ShsFile *file, ShsProgress *progress, GError **error)
{
  const ShsCsvOptions options = { .delimiter = ',', .decimal_mark = '.', .header = 1 };
  const char *path = shs_file_get_path (file);
  g_autoptr (GBytes) bytes = shs_bytes_read (file, error);
  g_autoptr (ShsDataset) table
      = bytes != NULL ? shs_csv_parse (path, bytes, &options, 0, progress, error) : NULL;
  g_autoptr (ShsMatrix) cells = NULL;
  g_auto (ShsExplanationParts) parts = { 0 };
  CsvReader reader = { .path = path, .table = table };

  if (table == NULL)
    return NULL;
  reader.input = shs_dataset_get_table (table);
  if (reader.input == NULL || reader.input->n_columns <= N_OTHER_COLUMNS)
    {
      fail (&reader, error, "it has no columns of values");
      return NULL;
    }
  cells = shs_matrix_new (shs_dataset_get_n_rows (table), reader.input->n_columns, error);
  reader.cells = cells;
  if (cells == NULL || !shs_dataset_read (table, 0, 0, NULL, cells, error)
      || !find_outputs (&reader, &parts, error) || !find_features (&reader, &parts, error)
      || !take_values (&reader, &parts, error) || !take_base_values (&reader, &parts, error)
      || !take_predictions (&reader, &parts, error) || !take_rows (&reader, &parts, error))
    return NULL;
  return shs_explanation_new (&parts, error);
}
