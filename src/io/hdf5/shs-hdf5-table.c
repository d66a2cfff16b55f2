/* Columns out of data sets and compound fields, and the answer they become. */
#include "io/hdf5/shs-hdf5-private.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "io/shs-text-codes.h"

#include <math.h>
#include <string.h>

#define MAX_COLUMNS 1000000

static void
column_free (gpointer data)
{
  ShsHdf5Column *column = data;

  g_free (column->name);
  shs_free (column->values);
  g_clear_pointer (&column->categories, g_ptr_array_unref);
  g_free (column);
}

void
shs_hdf5_table_init (ShsHdf5Table *self, gsize n_rows)
{
  self->n_rows = n_rows;
  self->columns = g_ptr_array_new_with_free_func (column_free);
  self->left_out = g_ptr_array_new_with_free_func (g_free);
}

void
shs_hdf5_table_clear (ShsHdf5Table *self)
{
  g_clear_pointer (&self->columns, g_ptr_array_unref);
  g_clear_pointer (&self->left_out, g_ptr_array_unref);
}

static ShsHdf5Column *
append_column (ShsHdf5Table *self, const char *name, GError **error)
{
  ShsHdf5Column *column = g_new0 (ShsHdf5Column, 1);

  column->name = g_strdup (name);
  column->values = shs_alloc (self->n_rows, sizeof (double), error);
  g_ptr_array_add (self->columns, column);
  return column->values != NULL ? column : NULL;
}

/* ---- texts as codes ---- */

static gboolean
encode (ShsTextCodes *codes, const char *text, const char *missing, double *value, GError **error)
{
  gint32 code;

  *value = NAN;
  if (text[0] == '\0' || g_strcmp0 (text, missing) == 0)
    return TRUE;
  code = shs_text_codes_add (codes, text, strlen (text), error);
  *value = code;
  return code >= 0;
}

static void
take_categories (ShsHdf5Column *column, const ShsTextCodes *codes)
{
  column->categories = g_ptr_array_new_with_free_func (g_free);
  for (gsize c = 0; c < shs_text_codes_get_n (codes); c++)
    {
      gsize length;
      const char *text = shs_text_codes_get (codes, c, &length);

      g_ptr_array_add (column->categories, g_strndup (text, length));
    }
}

static gboolean
read_text_columns (ShsHdf5Table *self, const ShsHdf5Data *data, const ShsHdf5Item *item,
                   guint first_column, gsize n_columns, const char *missing, GError **error)
{
  gsize n_block = shs_hdf5_rows_per_block (data, item);
  ShsHdf5Column **columns = (ShsHdf5Column **)self->columns->pdata + first_column;
  g_autoptr (GPtrArray) codes
      = g_ptr_array_new_with_free_func ((GDestroyNotify)shs_text_codes_free);

  for (gsize j = 0; j < n_columns; j++)
    g_ptr_array_add (codes, shs_text_codes_new ());
  for (gsize first = 0; first < self->n_rows; first += n_block)
    {
      gsize n_rows = MIN (n_block, self->n_rows - first);
      g_auto (GStrv) texts = shs_hdf5_read_texts (data, item, first, n_rows, error);

      for (gsize i = 0; texts != NULL && i < n_rows * n_columns; i++)
        if (!encode (codes->pdata[i % n_columns], texts[i], missing,
                     &columns[i % n_columns]->values[first + i / n_columns], error))
          return FALSE;
      if (texts == NULL)
        return FALSE;
      shs_hdf5_report (first, self->n_rows);
    }
  for (gsize j = 0; j < n_columns; j++)
    take_categories (columns[j], codes->pdata[j]);
  return TRUE;
}

/* ---- numbers ---- */

static gboolean
read_number_columns (ShsHdf5Table *self, const ShsHdf5Data *data, const ShsHdf5Item *item,
                     guint first_column, gsize n_columns, GError **error)
{
  gsize n_block = shs_hdf5_rows_per_block (data, item);
  SHS_AUTOFREE double *block = shs_alloc (n_block, n_columns * sizeof (double), error);

  if (block == NULL)
    return FALSE;
  for (gsize first = 0; first < self->n_rows; first += n_block)
    {
      gsize n_rows = MIN (n_block, self->n_rows - first);

      if (!shs_hdf5_read_numbers (data, item, first, n_rows, block, error))
        return FALSE;
      for (gsize j = 0; j < n_columns; j++)
        {
          ShsHdf5Column *column = self->columns->pdata[first_column + j];

          for (gsize i = 0; i < n_rows; i++)
            column->values[first + i] = block[i * n_columns + j];
        }
      shs_hdf5_report (first, self->n_rows);
    }
  return TRUE;
}

static double
read_member_value (hid_t type, unsigned member)
{
  g_auto (ShsHid) base = H5Tget_super (type);
  guint8 raw[16] = { 0 };
  double value = NAN;
  union
  {
    guint8 bytes[16];
    double number;
  } converted = { .bytes = { 0 } };

  if (base < 0 || H5Tget_size (base) > sizeof raw || H5Tget_member_value (type, member, raw) < 0)
    return value;
  memcpy (converted.bytes, raw, sizeof raw);
  if (H5Tconvert (base, H5T_NATIVE_DOUBLE, 1, converted.bytes, NULL, H5P_DEFAULT) < 0)
    return value;
  return converted.number;
}

/* The names of an enumeration become the dictionary; a value without a name is missing. */
static void
name_codes (ShsHdf5Column *column, hid_t type, gsize n_rows)
{
  int n = H5Tget_nmembers (type);
  g_autofree double *values = g_new (double, MAX (1, n));

  column->categories = g_ptr_array_new_with_free_func (g_free);
  for (int m = 0; m < n; m++)
    {
      char *name = H5Tget_member_name (type, (unsigned)m);

      values[m] = read_member_value (type, (unsigned)m);
      g_ptr_array_add (column->categories,
                       name != NULL ? g_utf8_make_valid (name, -1) : g_strdup (""));
      H5free_memory (name);
    }
  for (gsize i = 0; i < n_rows; i++)
    {
      double code = NAN;

      for (int m = 0; m < n; m++)
        if (values[m] == column->values[i])
          code = m;
      column->values[i] = code;
    }
}

gboolean
shs_hdf5_table_add (ShsHdf5Table *self, const ShsHdf5Data *data, const ShsHdf5Item *item,
                    char *const *names, const char *missing, GError **error)
{
  gsize n_names = names != NULL ? g_strv_length ((char **)names) : 0;
  guint first_column = self->columns->len;
  gsize n_columns;

  if (!shs_size_multiply (data->row_items, item->count, &n_columns) || n_columns > MAX_COLUMNS
      || first_column + n_columns > MAX_COLUMNS)
    return shs_hdf5_refuse (error, "%s has more than %d columns", data->path, MAX_COLUMNS);
  for (gsize j = 0; j < n_columns; j++)
    if (append_column (self, j < n_names ? names[j] : "", error) == NULL)
      return FALSE;
  if (item->kind == SHS_HDF5_TEXT)
    return read_text_columns (self, data, item, first_column, n_columns, missing, error);
  if (!read_number_columns (self, data, item, first_column, n_columns, error))
    return FALSE;
  for (gsize j = 0; item->kind == SHS_HDF5_CODE && j < n_columns; j++)
    {
      ShsHdf5Column *column = self->columns->pdata[first_column + j];

      column->is_truth = shs_hdf5_type_is_flag (item->element);
      if (!column->is_truth)
        name_codes (column, item->element, self->n_rows);
    }
  return TRUE;
}

/* ---- the answer ---- */

static gboolean
write_names (const ShsHdf5Table *self, ShsNpzWriter *answer, GError **error)
{
  g_autofree const char **names = g_new0 (const char *, self->columns->len + 1);

  for (guint j = 0; j < self->columns->len; j++)
    names[j] = ((ShsHdf5Column *)self->columns->pdata[j])->name;
  return shs_npz_writer_add_strings (answer, "names", names, self->columns->len, error);
}

static gboolean
write_categories (const ShsHdf5Table *self, ShsNpzWriter *answer, GError **error)
{
  for (guint j = 0; j < self->columns->len; j++)
    {
      const ShsHdf5Column *column = self->columns->pdata[j];
      g_autofree char *name = g_strdup_printf ("categories:%u", j);

      if (column->categories != NULL
          && !shs_npz_writer_add_strings (answer, name,
                                          (const char *const *)column->categories->pdata,
                                          column->categories->len, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
write_truths (const ShsHdf5Table *self, ShsNpzWriter *answer, GError **error)
{
  const gsize shape[] = { self->columns->len };
  g_autofree guint8 *are_truths = g_new0 (guint8, self->columns->len);
  gboolean has_any = FALSE;

  for (guint j = 0; j < self->columns->len; j++)
    {
      are_truths[j] = ((ShsHdf5Column *)self->columns->pdata[j])->is_truth;
      has_any |= are_truths[j];
    }
  return !has_any
         || (shs_npz_writer_begin (answer, "truths", "|u1", 1, shape, error)
             && shs_npz_writer_write (answer, are_truths, self->columns->len, error));
}

gboolean
shs_hdf5_table_write (const ShsHdf5Table *self, ShsNpzWriter *answer, GError **error)
{
  const gsize shape[] = { self->columns->len, self->n_rows };

  if (self->columns->len == 0)
    return shs_hdf5_refuse (error, "it holds no column of numbers or texts");
  if (!write_names (self, answer, error)
      || !shs_npz_writer_begin (answer, "columns", "<f8", 2, shape, error))
    return FALSE;
  for (guint j = 0; j < self->columns->len; j++)
    {
      const ShsHdf5Column *column = self->columns->pdata[j];

      if (!shs_npz_writer_write (answer, column->values, self->n_rows * sizeof (double), error))
        return FALSE;
    }
  return write_categories (self, answer, error) && write_truths (self, answer, error)
         && (self->left_out->len == 0
             || shs_npz_writer_add_strings (answer, "left_out",
                                            (const char *const *)self->left_out->pdata,
                                            self->left_out->len, error));
}
