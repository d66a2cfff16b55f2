/* The primitives of a checkpoint: little-endian numbers, counted arrays, counted texts. */

#include "model/treelite/shs-treelite-document.h"

#include <string.h>

void
shs_treelite_fail (ShsTreelite *self, ShsError code, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_autofree char *what = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  if (self->error == NULL)
    g_set_error (&self->error, SHS_ERROR, code, "%s: byte %" G_GSIZE_FORMAT ": %s", self->name,
                 (gsize)(self->at - self->begin), what);
}

gboolean
shs_treelite_check (ShsTreelite *self, GError **error)
{
  if (self->error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&self->error));
  return FALSE;
}

/* @size bytes, or NULL where the file ends before. */
static const guint8 *
take (ShsTreelite *self, gsize size)
{
  const guint8 *taken = self->at;

  if (self->error == NULL && (gsize)(self->end - self->at) < size)
    shs_treelite_fail (self, SHS_ERROR_SYNTAX,
                       "the file ends in the middle; save the model again with model.serialize()");
  if (self->error != NULL)
    return NULL;
  self->at += size;
  return taken;
}

static guint64
assemble (const guint8 *bytes, gsize size)
{
  guint64 value = 0;

  for (gsize i = 0; bytes != NULL && i < size; i++)
    value |= (guint64)bytes[i] << (8 * i);
  return value;
}

static double
to_number (guint64 bits, gsize size)
{
  guint32 few = (guint32)bits;
  float narrow;
  double wide;

  memcpy (&narrow, &few, sizeof narrow);
  memcpy (&wide, &bits, sizeof wide);
  return size == sizeof narrow ? (double)narrow : wide;
}

gint32
shs_treelite_read_int (ShsTreelite *self)
{
  return (gint32)assemble (take (self, 4), 4);
}

guint64
shs_treelite_read_long (ShsTreelite *self)
{
  return assemble (take (self, 8), 8);
}

guint8
shs_treelite_read_byte (ShsTreelite *self)
{
  return (guint8)assemble (take (self, 1), 1);
}

double
shs_treelite_read_float (ShsTreelite *self)
{
  return to_number (assemble (take (self, 4), 4), 4);
}

ShsTreeliteArray
shs_treelite_read_array (ShsTreelite *self, gsize size)
{
  guint64 n = shs_treelite_read_long (self);
  ShsTreeliteArray array = { .size = size };

  if (self->error == NULL && n > (guint64)(self->end - self->at) / size)
    shs_treelite_fail (self, SHS_ERROR_SYNTAX,
                       "an array of %" G_GUINT64_FORMAT " numbers is longer than the rest of the "
                       "file; save the model again with model.serialize()",
                       n);
  if (self->error != NULL)
    return array;
  array.data = take (self, (gsize)n * size);
  array.n = (gsize)n;
  return array;
}

char *
shs_treelite_read_text (ShsTreelite *self)
{
  ShsTreeliteArray bytes = shs_treelite_read_array (self, 1);

  return bytes.n > 0 ? g_utf8_make_valid ((const char *)bytes.data, (gssize)bytes.n)
                     : g_strdup ("");
}

/* Each has a name and a counted array of numbers of one size. */
void
shs_treelite_skip_extensions (ShsTreelite *self)
{
  gint32 n = shs_treelite_read_int (self);

  for (gint32 i = 0; i < n && self->error == NULL; i++)
    {
      g_autofree char *name = shs_treelite_read_text (self);
      gint32 size = shs_treelite_read_int (self);

      if (size <= 0 && self->error == NULL)
        shs_treelite_fail (self, SHS_ERROR_INVALID, "an added field has numbers of no size");
      if (self->error == NULL)
        shs_treelite_read_array (self, (gsize)size);
    }
}

gint32
shs_treelite_get_int (const ShsTreeliteArray *array, gsize i)
{
  return array->size == 1 ? (gint8)array->data[i]
                          : (gint32)assemble (array->data + i * array->size, 4);
}

guint64
shs_treelite_get_long (const ShsTreeliteArray *array, gsize i)
{
  return assemble (array->data + i * array->size, array->size);
}

double
shs_treelite_get_number (const ShsTreeliteArray *array, gsize i)
{
  return to_number (assemble (array->data + i * array->size, array->size), array->size);
}
