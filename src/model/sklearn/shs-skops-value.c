/* What the objects of a skops file say: simple values stand as JSON in a string, arrays as files
 * beside the schema, lists and dictionaries below "content". */

#include "model/sklearn/shs-skops-private.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "core/shs-number.h"
#include "io/json/shs-document-reader.h"

#include <math.h>
#include <string.h>

#define MOST_ITEMS (1u << 24)

static const char *
text_of (const ShsSkops *self, ShsSkopsRef node)
{
  return self->text + (node != 0 ? self->nodes[node].text : 0);
}

/* An entry of a JSON object itself. */
static ShsSkopsRef
entry (const ShsSkops *self, ShsSkopsRef object, const char *key)
{
  if (object == 0 || self->nodes[object].type != SHS_DOCUMENT_OBJECT)
    return 0;
  for (ShsSkopsRef child = self->nodes[object].first; child != 0; child = self->nodes[child].next)
    if (g_str_equal (self->text + self->nodes[child].key, key))
      return child;
  return 0;
}

static gboolean
has_loader (const ShsSkops *self, ShsSkopsRef object, const char *loader)
{
  return g_str_equal (text_of (self, entry (self, object, "__loader__")), loader);
}

ShsSkopsRef
shs_skops_get_root (const ShsSkops *self)
{
  return self->n_nodes > 1 ? 1 : 0;
}

const char *
shs_skops_get_class (const ShsSkops *self, ShsSkopsRef object)
{
  return text_of (self, entry (self, object, "__class__"));
}

gboolean
shs_skops_is (const ShsSkops *self, ShsSkopsRef object, const char *name)
{
  return g_str_equal (shs_skops_get_class (self, object), name)
         && g_str_has_prefix (text_of (self, entry (self, object, "__module__")), "sklearn.");
}

gboolean
shs_skops_wraps (const ShsSkops *self, ShsSkopsRef partial, const char *name)
{
  return has_loader (self, partial, "PartialNode")
         && shs_skops_is (self, entry (self, entry (self, partial, "content"), "func"), name);
}

/* An object's attributes are a dictionary in its content, whose content has the entries. */
ShsSkopsRef
shs_skops_find (const ShsSkops *self, ShsSkopsRef object, const char *name)
{
  ShsSkopsRef content = entry (self, object, "content");

  if (!has_loader (self, object, "DictNode"))
    content = entry (self, content, "content");
  return entry (self, content, name);
}

ShsSkopsRef
shs_skops_need (ShsSkops *self, ShsSkopsRef object, const char *name)
{
  ShsSkopsRef found = shs_skops_find (self, object, name);

  if (found == 0)
    shs_skops_fail (self, SHS_ERROR_INVALID,
                    "%s has no %s; is it fitted? Save the model again, or export it with "
                    "shapscope.py",
                    shs_skops_get_class (self, object), name);
  return found;
}

ShsSkopsRef
shs_skops_first (const ShsSkops *self, ShsSkopsRef list)
{
  ShsSkopsRef content = entry (self, list, "content");

  return content != 0 && self->nodes[content].type == SHS_DOCUMENT_ARRAY
             ? self->nodes[content].first
             : 0;
}

ShsSkopsRef
shs_skops_next (const ShsSkops *self, ShsSkopsRef item)
{
  return item != 0 ? self->nodes[item].next : 0;
}

gsize
shs_skops_count (const ShsSkops *self, ShsSkopsRef list)
{
  gsize n = 0;

  for (ShsSkopsRef item = shs_skops_first (self, list); item != 0;
       item = shs_skops_next (self, item))
    n++;
  return n;
}

void
shs_skops_values_free (ShsSkopsValue *values, gsize n)
{
  for (gsize i = 0; values != NULL && i < n; i++)
    g_free (values[i].text);
  shs_free (values);
}

gboolean
shs_skops_is_null (const ShsSkops *self, ShsSkopsRef value)
{
  return value == 0
         || (has_loader (self, value, "JsonNode")
             && g_str_equal (text_of (self, entry (self, value, "content")), "null"))
         || self->nodes[value].type == SHS_DOCUMENT_NULL;
}

gboolean
shs_skops_is_true (const ShsSkops *self, ShsSkopsRef value)
{
  return has_loader (self, value, "JsonNode")
         && g_str_equal (text_of (self, entry (self, value, "content")), "true");
}

gboolean
shs_skops_has_text (const ShsSkops *self, ShsSkopsRef value, const char *text)
{
  g_autofree char *quoted = g_strdup_printf ("\"%s\"", text);

  return has_loader (self, value, "JsonNode")
         && g_str_equal (text_of (self, entry (self, value, "content")), quoted);
}

static ShsSkopsValue
read_json (ShsSkops *self, const char *text)
{
  g_autofree char *list = g_strdup_printf ("[%s]", text);
  g_autoptr (GBytes) bytes = g_bytes_new_static (list, strlen (list));
  g_autoptr (ShsDocumentReader) reader = shs_document_reader_new_json (self->name, bytes);
  g_autoptr (GError) error = NULL;
  ShsSkopsValue value = { .number = NAN };

  shs_document_reader_begin_array (reader);
  shs_document_reader_next_element (reader);
  switch (shs_document_reader_peek (reader))
    {
    case SHS_DOCUMENT_STRING:
      value.text = g_strdup (shs_document_reader_read_string (reader));
      break;
    case SHS_DOCUMENT_BOOLEAN:
      value.number = shs_document_reader_read_boolean (reader);
      break;
    case SHS_DOCUMENT_NULL:
      shs_document_reader_read_null (reader);
      break;
    default:
      value.number = shs_document_reader_read_number (reader);
    }
  shs_document_reader_next_element (reader);
  if (!shs_document_reader_finish (reader, &error))
    shs_skops_take_error (self, g_steal_pointer (&error));
  value.is_missing = value.text == NULL && isnan (value.number);
  return value;
}

ShsNpyArray *
shs_skops_read_array (ShsSkops *self, ShsSkopsRef array)
{
  const char *file = text_of (self, entry (self, array, "file"));
  g_autofree char *name = NULL;
  GError *error = NULL;
  ShsNpyArray *result;

  if (self->failure != NULL)
    return NULL;
  if (!g_str_has_suffix (file, ".npy"))
    {
      shs_skops_fail (self, SHS_ERROR_INVALID,
                      "an array is not where it is expected; save the model again");
      return NULL;
    }
  name = g_strndup (file, strlen (file) - strlen (".npy"));
  result = shs_npz_read (self->archive, name, &error);
  shs_skops_take_error (self, error);
  return result;
}

static ShsSkopsValue
read_item (const ShsNpyArray *array, gsize index)
{
  ShsSkopsValue value = { .number = NAN };

  if (array->fields[0].kind == 'U' || array->fields[0].kind == 'S')
    value.text = shs_npy_array_get_string (array, 0, index);
  else
    shs_npy_array_read_doubles (array, 0, index, 1, &value.number);
  value.is_missing = value.text == NULL && isnan (value.number);
  return value;
}

ShsSkopsValue
shs_skops_read_value (ShsSkops *self, ShsSkopsRef value)
{
  g_autoptr (ShsNpyArray) array = NULL;

  if (self->failure != NULL || value == 0)
    return (ShsSkopsValue){ .number = NAN, .is_missing = TRUE };
  if (has_loader (self, value, "JsonNode"))
    return read_json (self, text_of (self, entry (self, value, "content")));
  array = shs_skops_read_array (self, value);
  if (array != NULL && array->n_items == 1)
    return read_item (array, 0);
  shs_skops_fail (self, SHS_ERROR_INVALID,
                  "a simple value is not where it is expected; save the "
                  "model again");
  return (ShsSkopsValue){ .number = NAN, .is_missing = TRUE };
}

double
shs_skops_read_number (ShsSkops *self, ShsSkopsRef value)
{
  ShsSkopsValue read = shs_skops_read_value (self, value);

  if (read.text != NULL)
    shs_skops_fail (self, SHS_ERROR_INVALID,
                    "a text stands where a number is expected; save the "
                    "model again");
  g_free (read.text);
  return read.number;
}

gsize
shs_skops_read_count (ShsSkops *self, ShsSkopsRef value, gsize most)
{
  double number = shs_skops_read_number (self, value);

  if (number >= 0 && number <= (double)most && number == floor (number))
    return (gsize)number;
  shs_skops_fail (self, SHS_ERROR_INVALID,
                  "a count or an index is %g and not from 0 to %" G_GSIZE_FORMAT
                  "; save the model again",
                  number, most);
  return 0;
}

static ShsSkopsValue *
allocate_values (ShsSkops *self, gsize n)
{
  GError *error = NULL;
  ShsSkopsValue *values = NULL;

  if (n > MOST_ITEMS)
    shs_skops_fail (self, SHS_ERROR_INVALID, "a list is far too long; save the model again");
  if (self->failure == NULL)
    values = shs_alloc0 (n, sizeof *values, &error);
  shs_skops_take_error (self, error);
  return values;
}

ShsSkopsValue *
shs_skops_read_values (ShsSkops *self, ShsSkopsRef list, gsize *n)
{
  gboolean is_array = entry (self, list, "file") != 0;
  g_autoptr (ShsNpyArray) array = is_array ? shs_skops_read_array (self, list) : NULL;
  ShsSkopsValue *values;
  ShsSkopsRef item = shs_skops_first (self, list);

  *n = array != NULL ? array->n_items : shs_skops_count (self, list);
  values = allocate_values (self, *n);
  if (values == NULL)
    *n = 0;
  for (gsize i = 0; i < *n; i++, item = shs_skops_next (self, item))
    values[i] = array != NULL ? read_item (array, i) : shs_skops_read_value (self, item);
  return values;
}

double *
shs_skops_read_doubles (ShsSkops *self, ShsSkopsRef list, gsize *n)
{
  g_autoptr (ShsNpyArray) array
      = entry (self, list, "file") != 0 ? shs_skops_read_array (self, list) : NULL;
  ShsSkopsRef item = shs_skops_first (self, list);
  GError *error = NULL;
  double *numbers = NULL;

  *n = array != NULL ? array->n_items : shs_skops_count (self, list);
  if (self->failure == NULL)
    numbers = shs_alloc (*n, sizeof *numbers, &error);
  shs_skops_take_error (self, error);
  if (numbers == NULL)
    *n = 0;
  else if (array != NULL)
    shs_npy_array_read_doubles (array, 0, 0, *n, numbers);
  for (gsize i = 0; array == NULL && i < *n; i++, item = shs_skops_next (self, item))
    numbers[i] = shs_skops_read_number (self, item);
  return numbers;
}

double *
shs_skops_read_field (ShsSkops *self, const ShsNpyArray *array, const char *field,
                      gboolean is_optional)
{
  GError *error = NULL;
  guint found = 0;
  double *numbers;

  if (self->failure != NULL)
    return NULL;
  while (found < array->n_fields && !g_str_equal (array->fields[found].name, field))
    found++;
  if (found == array->n_fields || array->n_dimensions != 1)
    {
      if (!is_optional)
        shs_skops_fail (self, SHS_ERROR_INVALID,
                        "the nodes of a tree have no field \"%s\"; save the model again", field);
      return NULL;
    }
  numbers = shs_alloc (array->n_items, sizeof *numbers, &error);
  shs_skops_take_error (self, error);
  if (numbers != NULL)
    shs_npy_array_read_doubles (array, found, 0, array->n_items, numbers);
  return numbers;
}
