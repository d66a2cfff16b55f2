#include "result/shs-json-arrays.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "io/json/shs-document-reader.h"
#include "result/shs-json-copy.h"

#include <math.h>
#include <string.h>

#define MAX_KEYS 4096

/*
 * Nested: a list while it is read.
 * @depth: lists that are open
 * @n_dimensions: depth at which items stand; 0 until the first item
 * @counts: elements met so far in the list open at each depth
 * @is_known: whether shape[d] is settled, which the first list of that depth does
 */
typedef struct
{
  guint depth;
  guint n_dimensions;
  gboolean has_items;
  gsize shape[SHS_NPY_MAX_DIMENSIONS];
  gboolean is_known[SHS_NPY_MAX_DIMENSIONS];
  double *numbers;
  gsize n_numbers;
  gsize n_allocated;
  GPtrArray *texts;
} Nested;

typedef struct
{
  char *name;
  ShsNpyKind kind;
  gsize item_size;
  guint n_dimensions;
  gsize shape[SHS_NPY_MAX_DIMENSIONS];
  gsize n_items;
  GBytes *bytes;
} JsonArray;

struct _ShsJsonArrays
{
  GPtrArray *arrays; /* JsonArray */
};

/* ---- reading one value ---- */

static gboolean
append_number (Nested *nested, ShsDocumentReader *reader, double number)
{
  if (nested->n_numbers == nested->n_allocated)
    {
      gsize wanted = MAX (64, 2 * nested->n_allocated);
      g_autoptr (GError) error = NULL;
      double *grown
          = shs_realloc (nested->numbers, nested->n_numbers, wanted, sizeof (double), &error);

      if (grown == NULL)
        {
          shs_document_reader_fail (reader, error->code, "%s", error->message);
          return FALSE;
        }
      nested->numbers = grown;
      nested->n_allocated = wanted;
    }
  nested->numbers[nested->n_numbers++] = number;
  return TRUE;
}

static void
read_item (Nested *nested, ShsDocumentReader *reader, ShsDocumentType type)
{
  if (nested->has_items && nested->n_dimensions != nested->depth)
    {
      shs_document_reader_fail (reader, SHS_ERROR_INVALID,
                                "lists of different depth stand beside each other");
      return;
    }
  nested->has_items = TRUE;
  nested->n_dimensions = nested->depth;
  if (type == SHS_DOCUMENT_STRING && nested->n_numbers == 0)
    g_ptr_array_add (nested->texts, g_strdup (shs_document_reader_read_string (reader)));
  else if (type == SHS_DOCUMENT_STRING || nested->texts->len > 0)
    shs_document_reader_fail (reader, SHS_ERROR_INVALID, "texts and numbers stand in one list");
  else if (type == SHS_DOCUMENT_NULL)
    {
      shs_document_reader_skip (reader);
      append_number (nested, reader, NAN);
    }
  else if (type == SHS_DOCUMENT_BOOLEAN)
    append_number (nested, reader, shs_document_reader_read_boolean (reader));
  else
    append_number (nested, reader, shs_document_reader_read_number (reader));
}

/* The length of a list must be that of its sisters. */
static void
settle_length (Nested *nested, ShsDocumentReader *reader, guint depth, gsize count)
{
  if (nested->is_known[depth] && nested->shape[depth] != count)
    shs_document_reader_fail (reader, SHS_ERROR_INVALID,
                              "a list has %zu items where the one before has %zu", count,
                              nested->shape[depth]);
  nested->shape[depth] = count;
  nested->is_known[depth] = TRUE;
}

static void
read_nested (Nested *nested, ShsDocumentReader *reader)
{
  ShsDocumentType type = shs_document_reader_peek (reader);
  guint depth = nested->depth;
  gsize count = 0;

  if (type != SHS_DOCUMENT_ARRAY && type != SHS_DOCUMENT_OBJECT)
    {
      if (type != SHS_DOCUMENT_FAILED)
        read_item (nested, reader, type);
      return;
    }
  if (type == SHS_DOCUMENT_OBJECT || depth == SHS_NPY_MAX_DIMENSIONS)
    {
      shs_document_reader_fail (reader, SHS_ERROR_INVALID,
                                "only numbers, texts and lists of them, %d deep, belong here",
                                SHS_NPY_MAX_DIMENSIONS);
      return;
    }
  shs_document_reader_begin_array (reader);
  nested->depth++;
  for (; shs_document_reader_next_element (reader); count++)
    read_nested (nested, reader);
  nested->depth--;
  settle_length (nested, reader, depth, count);
  if (!nested->has_items)
    nested->n_dimensions = MAX (nested->n_dimensions, depth + 1);
}

/* ---- arrays as .npy has them ---- */

static void
json_array_free (gpointer data)
{
  JsonArray *array = data;

  g_free (array->name);
  g_clear_pointer (&array->bytes, g_bytes_unref);
  g_free (array);
}

static GBytes *
take_bytes (gpointer memory, gsize length)
{
  return g_bytes_new_with_free_func (memory, length, shs_free, memory);
}

static gboolean
pack_texts (JsonArray *array, GPtrArray *texts, GError **error)
{
  gsize width = 1;
  gunichar *cells;

  for (guint i = 0; i < texts->len; i++)
    width = MAX (width, (gsize)g_utf8_strlen (texts->pdata[i], -1));
  cells = shs_alloc0 (texts->len, width * sizeof (gunichar), error);
  if (cells == NULL)
    return FALSE;
  for (guint i = 0; i < texts->len; i++)
    {
      gunichar *cell = cells + i * width;

      for (const char *c = texts->pdata[i]; *c != '\0'; c = g_utf8_next_char (c))
        *cell++ = g_utf8_get_char (c);
    }
  array->kind = 'U';
  array->item_size = width * sizeof (gunichar);
  array->n_items = texts->len;
  array->bytes = take_bytes (cells, texts->len * array->item_size);
  return TRUE;
}

static void
pack_numbers (JsonArray *array, Nested *nested)
{
  array->kind = 'f';
  array->item_size = sizeof (double);
  array->n_items = nested->n_numbers;
  array->bytes
      = take_bytes (g_steal_pointer (&nested->numbers), nested->n_numbers * sizeof (double));
}

/* Rounds what was stored in single precision, so that it is known as such again. */
static void
round_to_single (JsonArray *array)
{
  gsize length;
  g_autoptr (GBytes) bytes = g_steal_pointer (&array->bytes);
  float *numbers = (float *)g_bytes_get_data (bytes, &length);
  const double *wide = g_bytes_get_data (bytes, NULL);

  for (gsize i = 0; i < array->n_items; i++)
    numbers[i] = (float)wide[i];
  array->item_size = sizeof (float);
  array->bytes = g_bytes_new_from_bytes (bytes, 0, array->n_items * sizeof (float));
}

static gboolean
is_regular (const Nested *nested)
{
  gsize product = 1;

  for (guint d = 0; d < nested->n_dimensions; d++)
    product *= nested->shape[d]; /* no more than the items that were read, or 0 */
  return product == nested->n_numbers + nested->texts->len;
}

static gboolean
read_array (ShsDocumentReader *reader, JsonArray *array, GError **error)
{
  Nested nested = { .texts = g_ptr_array_new_with_free_func (g_free) };
  gboolean is_packed = TRUE;

  if (shs_document_reader_peek (reader) == SHS_DOCUMENT_OBJECT)
    {
      g_autoptr (ShsJsonWriter) writer = shs_json_writer_new (0);

      shs_json_copy_value (reader, writer);
      g_ptr_array_add (nested.texts, shs_json_writer_take_text (writer));
    }
  else
    read_nested (&nested, reader);
  array->n_dimensions = nested.n_dimensions;
  memcpy (array->shape, nested.shape, sizeof nested.shape);
  if (!is_regular (&nested))
    shs_document_reader_fail (reader, SHS_ERROR_INVALID, "lists and items stand beside each other");
  if (!shs_document_reader_check (reader, error))
    is_packed = FALSE;
  else if (nested.texts->len > 0)
    is_packed = pack_texts (array, nested.texts, error);
  else
    pack_numbers (array, &nested);
  shs_free (nested.numbers);
  g_ptr_array_unref (nested.texts);
  return is_packed;
}

/* ---- the object ---- */

static JsonArray *
find (ShsJsonArrays *self, const char *name)
{
  for (guint i = 0; i < self->arrays->len; i++)
    {
      JsonArray *array = self->arrays->pdata[i];

      if (g_str_equal (array->name, name))
        return array;
    }
  return NULL;
}

static void
round_singles (ShsJsonArrays *self, char *const *names)
{
  for (gsize i = 0; names != NULL && names[i] != NULL; i++)
    {
      JsonArray *array = find (self, names[i]);

      if (array != NULL && array->kind == 'f' && array->item_size == sizeof (double))
        round_to_single (array);
    }
}

ShsJsonArrays *
shs_json_arrays_parse (const char *name, GBytes *bytes, GError **error)
{
  g_autoptr (ShsDocumentReader) reader = shs_document_reader_new_json (name, bytes);
  g_autoptr (ShsJsonArrays) self = g_new0 (ShsJsonArrays, 1);
  g_auto (GStrv) singles = NULL;
  const char *key;
  gsize count;

  self->arrays = g_ptr_array_new_with_free_func (json_array_free);
  shs_document_reader_begin_object (reader);
  while ((key = shs_document_reader_next_key (reader)) != NULL)
    {
      JsonArray *array;

      if (g_str_equal (key, SHS_JSON_SINGLES) && singles == NULL)
        {
          singles = shs_document_reader_read_strings (reader, &count);
          continue;
        }
      if (self->arrays->len == MAX_KEYS || find (self, key) != NULL)
        {
          shs_document_reader_fail (reader, SHS_ERROR_INVALID,
                                    "this key stands here twice, or is one of more than %d",
                                    MAX_KEYS);
          break;
        }
      array = g_new0 (JsonArray, 1);
      array->name = g_strdup (key);
      g_ptr_array_add (self->arrays, array);
      if (!read_array (reader, array, error))
        return NULL;
    }
  if (!shs_document_reader_finish (reader, error))
    return NULL;
  round_singles (self, singles);
  return g_steal_pointer (&self);
}

void
shs_json_arrays_free (ShsJsonArrays *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->arrays);
  g_free (self);
}

GPtrArray *
shs_json_arrays_list (ShsJsonArrays *self)
{
  GPtrArray *names = g_ptr_array_new ();

  for (guint i = 0; i < self->arrays->len; i++)
    g_ptr_array_add (names, ((JsonArray *)self->arrays->pdata[i])->name);
  g_ptr_array_add (names, NULL);
  return names;
}

ShsNpyArray *
shs_json_arrays_get (ShsJsonArrays *self, const char *name, GError **error)
{
  JsonArray *from = find (self, name);
  ShsNpyArray *array;

  g_return_val_if_fail (from != NULL, NULL);
  array = g_new0 (ShsNpyArray, 1);
  array->n_fields = 1;
  array->fields = g_new0 (ShsNpyField, 1);
  array->fields[0]
      = (ShsNpyField){ .name = g_strdup (""), .kind = from->kind, .item_size = from->item_size };
  array->stride = from->item_size;
  array->n_dimensions = from->n_dimensions;
  memcpy (array->shape, from->shape, sizeof from->shape);
  array->n_items = from->n_items;
  array->bytes = g_bytes_ref (from->bytes);
  array->data = g_bytes_get_data (array->bytes, NULL);
  return array;
}
