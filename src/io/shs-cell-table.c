#include "io/shs-cell-table.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "core/shs-number.h"
#include "core/shs-table-builder.h"
#include "io/shs-row-names.h"
#include "io/shs-text-codes.h"

#include <math.h>
#include <string.h>

#define FIRST_ROWS 64

/*
 * Column: cells up to the last one that was set.
 * @numbers: NaN where a cell is text or missing
 * @n_numbers: cells with a number; @n_truths: those of them that are truths
 * @codes: of texts, -1 elsewhere; NULL until there is a text
 * @is_numeric: whether all its texts turned out to be numbers; @codes are kept then where texts say
 *   more than their numbers
 */
typedef struct
{
  gsize n;
  gsize capacity;
  double *numbers;
  gsize n_numbers;
  gsize n_truths;
  gint32 *codes;
  ShsTextCodes *texts;
  gboolean is_left_out;
  gboolean is_numeric;
} Column;

/* @budget: of memory, when the table was begun; @n_bytes: what the cells of all columns take */
struct _ShsCellTable
{
  GArray *columns; /* Column */
  gsize n_rows;
  guint64 budget;
  guint64 n_bytes;
};

static void
column_clear (gpointer data)
{
  Column *column = data;

  shs_free (column->numbers);
  shs_free (column->codes);
  shs_text_codes_free (column->texts);
}

ShsCellTable *
shs_cell_table_new (void)
{
  ShsCellTable *self = g_new0 (ShsCellTable, 1);

  self->columns = g_array_new (FALSE, TRUE, sizeof (Column));
  g_array_set_clear_func (self->columns, column_clear);
  self->budget = shs_memory_budget ();
  return self;
}

void
shs_cell_table_free (ShsCellTable *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->columns);
  g_free (self);
}

void
shs_cell_table_add_row (ShsCellTable *self)
{
  self->n_rows++;
}

gsize
shs_cell_table_get_n_rows (const ShsCellTable *self)
{
  return self->n_rows;
}

static Column *
get_column (ShsCellTable *self, gsize column)
{
  if (column >= self->columns->len)
    g_array_set_size (self->columns, (guint)column + 1);
  return &g_array_index (self->columns, Column, column);
}

/* Columns that are small alone may be too many together. */
static gboolean
charge (ShsCellTable *self, guint64 n_bytes, GError **error)
{
  g_autofree char *allowed = NULL;

  self->n_bytes += n_bytes;
  if (self->n_bytes <= self->budget)
    return TRUE;
  allowed = g_format_size (self->budget);
  g_set_error (error, SHS_ERROR, SHS_ERROR_MEMORY,
               "the table has so many rows and columns that it needs more than the %s of memory "
               "that may be used; take fewer of them or close other programs",
               allowed);
  return FALSE;
}

static guint64
get_n_bytes (const Column *column, gsize n_cells)
{
  return n_cells * (sizeof *column->numbers + (column->codes != NULL ? sizeof *column->codes : 0));
}

static gboolean
reserve (Column *column, gsize n_rows, GError **error)
{
  gsize capacity = MAX (MAX (n_rows, 2 * column->capacity), FIRST_ROWS);
  double *numbers;
  gint32 *codes;

  if (n_rows <= column->capacity)
    return TRUE;
  numbers = shs_realloc (column->numbers, column->n, capacity, sizeof *numbers, error);
  if (numbers == NULL)
    return FALSE;
  column->numbers = numbers;
  if (column->codes != NULL)
    {
      codes = shs_realloc (column->codes, column->n, capacity, sizeof *codes, error);
      if (codes == NULL)
        return FALSE;
      column->codes = codes;
    }
  column->capacity = capacity;
  return TRUE;
}

/* Makes the column @n_rows long; what is new is missing. */
static gboolean
extend (ShsCellTable *self, Column *column, gsize n_rows, GError **error)
{
  if (n_rows <= column->n)
    return TRUE;
  if (!charge (self, get_n_bytes (column, n_rows - column->n), error)
      || !reserve (column, n_rows, error))
    return FALSE;
  for (; column->n < n_rows; column->n++)
    {
      column->numbers[column->n] = NAN;
      if (column->codes != NULL)
        column->codes[column->n] = -1;
    }
  return TRUE;
}

static gboolean
begin_texts (ShsCellTable *self, Column *column, GError **error)
{
  if (column->codes != NULL)
    return TRUE;
  if (!charge (self, column->n * sizeof *column->codes, error))
    return FALSE;
  column->codes = shs_alloc (column->capacity, sizeof *column->codes, error);
  if (column->codes == NULL)
    return FALSE;
  memset (column->codes, 0xff, column->capacity * sizeof *column->codes);
  column->texts = shs_text_codes_new ();
  return TRUE;
}

gboolean
shs_cell_table_set_number (ShsCellTable *self, gsize column, double value, GError **error)
{
  Column *found = get_column (self, column);

  if (found->is_left_out)
    return TRUE;
  if (!extend (self, found, self->n_rows, error))
    return FALSE;
  found->numbers[self->n_rows - 1] = value;
  found->n_numbers++;
  return TRUE;
}

gboolean
shs_cell_table_set_truth (ShsCellTable *self, gsize column, gboolean value, GError **error)
{
  if (!shs_cell_table_set_number (self, column, value, error))
    return FALSE;
  get_column (self, column)->n_truths++;
  return TRUE;
}

gboolean
shs_cell_table_set_text (ShsCellTable *self, gsize column, const char *text, gsize length,
                         GError **error)
{
  Column *found = get_column (self, column);
  gint32 code;

  if (found->is_left_out)
    return TRUE;
  if (!extend (self, found, self->n_rows, error) || !begin_texts (self, found, error))
    return FALSE;
  code = shs_text_codes_add (found->texts, text, length, error);
  found->codes[self->n_rows - 1] = code;
  return code >= 0;
}

void
shs_cell_table_leave_out (ShsCellTable *self, gsize column)
{
  Column *found = get_column (self, column);

  self->n_bytes -= get_n_bytes (found, found->n);
  column_clear (found);
  *found = (Column){ .is_left_out = TRUE };
}

/* ---- the data set ---- */

/* Whether all texts are numbers or empty; @values are those numbers then, one for each code. */
static gboolean
read_numbers (const Column *column, double *values)
{
  for (gsize i = 0; i < shs_text_codes_get_n (column->texts); i++)
    {
      gsize length;
      const char *text = shs_text_codes_get (column->texts, i, &length);

      values[i] = NAN;
      if (length > 0 && !shs_number_parse (text, text + length, &values[i]))
        return FALSE;
    }
  return TRUE;
}

/* Whether a text says more than its number: "007", "1.50". */
static gboolean
has_spellings (const Column *column, const double *values)
{
  for (gsize i = 0; i < shs_text_codes_get_n (column->texts); i++)
    {
      char printed[SHS_NUMBER_LENGTH];
      gsize length;
      const char *text = shs_text_codes_get (column->texts, i, &length);

      if (!isnan (values[i])
          && (strlen (shs_number_print (printed, values[i])) != length
              || memcmp (printed, text, length) != 0))
        return TRUE;
    }
  return FALSE;
}

static gboolean
turn_to_numbers (Column *column, GError **error)
{
  gsize n = shs_text_codes_get_n (column->texts);
  SHS_AUTOFREE double *values = shs_alloc (n, sizeof *values, error);

  if (values == NULL)
    return FALSE;
  if (!read_numbers (column, values))
    return TRUE;
  column->is_numeric = TRUE;
  for (gsize i = 0; i < column->n; i++)
    if (column->codes[i] >= 0)
      column->numbers[i] = values[column->codes[i]];
  if (!has_spellings (column, values))
    g_clear_pointer (&column->codes, shs_free);
  return TRUE;
}

static gboolean
spell_numbers (Column *column, GError **error)
{
  for (gsize i = 0; i < column->n; i++)
    if (column->codes[i] < 0 && !isnan (column->numbers[i]))
      {
        char text[SHS_NUMBER_LENGTH];

        shs_number_print (text, column->numbers[i]);
        column->codes[i] = shs_text_codes_add (column->texts, text, strlen (text), error);
        if (column->codes[i] < 0)
          return FALSE;
      }
  return TRUE;
}

static const char *
get_name (const ShsCellTableOptions *options, gsize column)
{
  const char *name = column < options->n_names ? options->names[column] : NULL;

  if (column == 0 && options->begins_with_index && (name == NULL || name[0] == '\0'))
    return "Unnamed: 0";
  return name != NULL ? name : "";
}

/* @different: whether the column's values can be the names of rows. */
static gboolean
are_different (const Column *column, gsize n_rows, gboolean *different, GError **error)
{
  if (column->codes == NULL || column->is_numeric)
    return shs_row_names_are_different (column->numbers, n_rows, different, error);
  *different = shs_text_codes_get_n (column->texts) == n_rows;
  return TRUE;
}

static void
add_numbers (Column *column, const char *name, ShsTableBuilder *builder)
{
  double *numbers = g_steal_pointer (&column->numbers);

  if (column->n_truths > 0 && column->n_truths == column->n_numbers)
    shs_table_builder_add_truths (builder, name, numbers);
  else
    shs_table_builder_add_doubles (builder, name, numbers);
}

static gboolean
add_column (ShsCellTable *self, gsize j, const ShsCellTableOptions *options,
            ShsTableBuilder *builder, GError **error)
{
  Column *column = get_column (self, j);
  gboolean is_index = FALSE;
  char **categories;

  if (!extend (self, column, self->n_rows, error)
      || (column->codes != NULL && options->numbers_in_texts && !turn_to_numbers (column, error))
      || (column->codes != NULL && !spell_numbers (column, error))
      || (j == 0 && options->begins_with_index
          && !are_different (column, self->n_rows, &is_index, error)))
    return FALSE;
  if (is_index)
    shs_table_builder_mark_row_names (builder);
  if (column->codes == NULL)
    {
      if (column->numbers == NULL && !reserve (column, 1, error))
        return FALSE;
      add_numbers (column, get_name (options, j), builder);
      return TRUE;
    }
  categories = shs_text_codes_make_categories (column->texts, NULL, NULL, error);
  if (categories == NULL)
    return FALSE;
  if (column->is_numeric)
    shs_table_builder_add_spelled_doubles (
        builder, get_name (options, j), g_steal_pointer (&column->numbers),
        g_steal_pointer (&column->codes), categories, shs_text_codes_get_n (column->texts));
  else
    shs_table_builder_add_codes (builder, get_name (options, j), g_steal_pointer (&column->codes),
                                 categories, shs_text_codes_get_n (column->texts));
  return TRUE;
}

/* Before any of the cells that are still missing gets its memory. */
static gboolean
check_missing_cells (ShsCellTable *self, gsize n_columns, GError **error)
{
  guint64 n_before = self->n_bytes;
  gboolean fits = TRUE;

  for (gsize j = 0; j < n_columns && fits; j++)
    {
      const Column *column = get_column (self, j);

      if (!column->is_left_out)
        fits = charge (self, get_n_bytes (column, self->n_rows - column->n), error);
    }
  self->n_bytes = n_before;
  return fits;
}

ShsDataset *
shs_cell_table_finish (ShsCellTable *self, const ShsCellTableOptions *options, GError **error)
{
  g_autoptr (ShsTableBuilder) builder = shs_table_builder_new (self->n_rows);
  g_autoptr (GString) name = g_string_new (options->name);
  gsize n_columns = MAX (self->columns->len, options->n_names);
  gsize n_left_out = 0;

  if (!check_missing_cells (self, n_columns, error))
    return NULL;
  for (gsize j = 0; j < n_columns; j++)
    if (!get_column (self, j)->is_left_out)
      {
        if (!add_column (self, j, options, builder, error))
          return NULL;
      }
    else
      g_string_append_printf (name, "%s%s", n_left_out++ == 0 ? ", without " : ", ",
                              get_name (options, j));
  if (n_left_out < n_columns)
    return shs_table_builder_finish (g_steal_pointer (&builder), name->str);
  g_set_error (error, SHS_ERROR, SHS_ERROR_UNSUPPORTED,
               "%s: it has no column of numbers or texts; choose another table", name->str);
  return NULL;
}
