#include "result/shs-array-source.h"

#include "core/shs-error.h"
#include "core/shs-number.h"

#include <stdarg.h>
#include <string.h>

gboolean
shs_array_source_has (const ShsArraySource *self, const char *name)
{
  return g_strv_contains (self->names, name);
}

gboolean
shs_array_source_fail (const ShsArraySource *self, GError **error, const char *format, ...)
{
  g_autofree char *message = NULL;
  va_list arguments;

  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (error, SHS_ERROR, SHS_ERROR_INVALID, "%s: %s", self->name, message);
  return FALSE;
}

ShsNpyArray *
shs_array_source_read (const ShsArraySource *self, const char *name, GError **error)
{
  g_autoptr (ShsNpyArray) array = self->read (self->data, name, error);

  if (array == NULL)
    return NULL;
  if (array->n_fields != 1)
    {
      shs_array_source_fail (self, error,
                             "the array `%s` has %u named fields; an explanation holds plain "
                             "arrays",
                             name, array->n_fields);
      return NULL;
    }
  if (array->stride == 0 && array->n_items > 0)
    {
      shs_array_source_fail (self, error, "the items of the array `%s` have no bytes", name);
      return NULL;
    }
  return g_steal_pointer (&array);
}

gboolean
shs_array_source_read_optional (const ShsArraySource *self, const char *name, ShsNpyArray **array,
                                GError **error)
{
  *array = NULL;
  if (!shs_array_source_has (self, name))
    return TRUE;
  *array = shs_array_source_read (self, name, error);
  return *array != NULL;
}

gboolean
shs_array_is_text (const ShsNpyArray *array)
{
  return array->fields[0].kind == 'U' || array->fields[0].kind == 'S';
}

gboolean
shs_array_is_single (const ShsNpyArray *array)
{
  switch (array->fields[0].kind)
    {
    case 'f':
      return array->fields[0].item_size <= 4;
    case 'i':
    case 'u':
      return array->fields[0].item_size <= 2;
    case 'b':
      return TRUE;
    default:
      return FALSE;
    }
}

char *
shs_shape_to_text (const gsize *shape, guint n_dimensions)
{
  GString *text = g_string_new ("(");

  for (guint d = 0; d < n_dimensions; d++)
    g_string_append_printf (text, "%s%" G_GSIZE_FORMAT, d > 0 ? ", " : "", shape[d]);
  g_string_append (text, n_dimensions == 1 ? ",)" : ")");
  return g_string_free (text, FALSE);
}

char **
shs_array_read_strings (const ShsNpyArray *array)
{
  char **strings = g_new0 (char *, array->n_items + 1);
  char text[SHS_NUMBER_LENGTH];
  double number;

  for (gsize i = 0; i < array->n_items; i++)
    if (shs_array_is_text (array))
      strings[i] = shs_npy_array_get_string (array, 0, i);
    else
      {
        shs_npy_array_read_doubles (array, 0, i, 1, &number);
        strings[i] = g_strdup (shs_number_print (text, number));
      }
  return strings;
}
