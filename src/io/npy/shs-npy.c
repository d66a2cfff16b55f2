#include "io/npy/shs-npy.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "io/shs-file-writer.h"
#include "io/npy/shs-npy-private.h"

#include <string.h>

#define MAGIC_LENGTH 6
#define MAX_HEADER (4u << 20)

static gboolean
fail (const char *name, int code, gsize offset, const char *message, GError **error)
{
  g_set_error (error, SHS_ERROR, code, "%s, byte %" G_GSIZE_FORMAT ": %s", name, offset, message);
  return FALSE;
}

/* Finds the header's text: 2 bytes of length in version 1, 4 in versions 2 and 3. */
static gboolean
find_header (const char *name, const guint8 *bytes, gsize length, gsize *begin, gsize *end,
             GError **error)
{
  gsize n_length_bytes;
  gsize header_length = 0;

  if (length < MAGIC_LENGTH + 2 || memcmp (bytes, "\x93NUMPY", MAGIC_LENGTH) != 0)
    return fail (name, SHS_ERROR_SYNTAX, 0, "this is not an array saved by NumPy", error);
  if (bytes[6] < 1 || bytes[6] > 3)
    return fail (name, SHS_ERROR_UNSUPPORTED, 6,
                 "this version of the .npy format is unknown; versions 1 to 3 can be read", error);
  n_length_bytes = bytes[6] == 1 ? 2 : 4;
  *begin = MAGIC_LENGTH + 2 + n_length_bytes;
  for (gsize i = 0; i < n_length_bytes && *begin <= length; i++)
    header_length |= (gsize)bytes[MAGIC_LENGTH + 2 + i] << 8 * i;
  if (*begin > length || header_length > length - *begin)
    return fail (name, SHS_ERROR_SYNTAX, length, "the file ends too early; it may be cut short",
                 error);
  if (header_length > MAX_HEADER)
    return fail (name, SHS_ERROR_UNSUPPORTED, MAGIC_LENGTH + 2, "the header is larger than 4 MiB",
                 error);
  *end = *begin + header_length;
  return TRUE;
}

/*
 * Counts the items and compares them with the bytes that are there. Axes of length 0 count as 1 in
 * the check, so that no product of some of the axes overflows later.
 */
static gboolean
check_size (const char *name, ShsNpyArray *self, gsize offset, gsize length, GError **error)
{
  gsize size = self->stride;

  self->n_items = 1;
  for (guint i = 0; i < self->n_dimensions; i++)
    {
      if (!shs_size_multiply (size, MAX (1, self->shape[i]), &size))
        return fail (name, SHS_ERROR_INVALID, offset, "its shape is larger than any memory", error);
      self->n_items *= self->shape[i];
    }
  if (self->n_items <= (length - offset) / self->stride)
    return TRUE;
  g_set_error (error, SHS_ERROR, SHS_ERROR_SYNTAX,
               "%s: %" G_GSIZE_FORMAT " bytes of numbers are declared and %" G_GSIZE_FORMAT
               " are there; the file may be cut short",
               name, self->n_items * self->stride, length - offset);
  return FALSE;
}

ShsNpyArray *
shs_npy_parse (const char *name, GBytes *bytes, GError **error)
{
  g_autoptr (ShsNpyArray) self = g_new0 (ShsNpyArray, 1);
  gsize length;
  const guint8 *content = g_bytes_get_data (bytes, &length);
  gsize begin;
  gsize end;

  if (!find_header (name, content, length, &begin, &end, error)
      || !shs_npy_parse_header (name, begin, (const char *)content + begin, end - begin,
                                content[6] == 3, self, error)
      || !check_size (name, self, end, length, error))
    return NULL;
  self->bytes = g_bytes_ref (bytes);
  self->data = content + end;
  return g_steal_pointer (&self);
}

void
shs_npy_array_free (ShsNpyArray *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < self->n_fields; i++)
    g_free (self->fields[i].name);
  g_free (self->fields);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_free (self);
}

gsize
shs_npy_array_row_size (const ShsNpyArray *self)
{
  gsize size = 1;

  for (guint i = 1; i < self->n_dimensions; i++)
    size *= self->shape[i];
  return size;
}

gsize
shs_npy_array_locate (const ShsNpyArray *self, gsize index)
{
  gsize position = 0;

  if (!self->is_fortran || self->n_dimensions < 2)
    return index * self->stride;
  for (guint i = self->n_dimensions; i-- > 0;)
    {
      gsize distance = 1; /* items between neighbours along axis i */

      for (guint j = 0; j < i; j++)
        distance *= self->shape[j];
      position += index % self->shape[i] * distance;
      index /= self->shape[i];
    }
  return position * self->stride;
}

void
shs_npy_array_read_doubles (const ShsNpyArray *self, guint field, gsize first, gsize count,
                            double *out)
{
  const ShsNpyField *type = &self->fields[field];
  gboolean is_one_run = !self->is_fortran || self->n_dimensions < 2;
  gsize row = is_one_run ? count : self->shape[self->n_dimensions - 1];

  g_return_if_fail (field < self->n_fields);
  g_return_if_fail (first <= self->n_items && count <= self->n_items - first);
  while (count > 0)
    {
      gsize in_row = is_one_run ? 0 : first % row;
      gsize n = MIN (count, row - in_row);
      gsize distance = is_one_run ? self->stride : self->n_items / row * self->stride;

      shs_npy_convert (type, self->data + shs_npy_array_locate (self, first) + type->offset,
                       distance, n, out);
      first += n;
      count -= n;
      out += n;
    }
}

char *
shs_npy_array_get_string (const ShsNpyArray *self, guint field, gsize index)
{
  g_return_val_if_fail (field < self->n_fields && index < self->n_items, NULL);
  return shs_npy_item_to_text (&self->fields[field], self->data + shs_npy_array_locate (self, index)
                                                         + self->fields[field].offset);
}

gboolean
shs_npy_write (const char *path, const double *values, guint n_dimensions, const gsize *shape,
               GError **error)
{
  g_autoptr (GString) header
      = shs_npy_make_header (G_BYTE_ORDER == G_LITTLE_ENDIAN ? "<f8" : ">f8", n_dimensions, shape);
  g_autoptr (ShsFileWriter) file = shs_file_writer_new (path, error);
  gsize size = sizeof *values;

  for (guint i = 0; i < n_dimensions; i++)
    size *= shape[i];
  return file != NULL && shs_file_writer_write (file, header->str, header->len, error)
         && shs_file_writer_write (file, values, size, error)
         && shs_file_writer_commit (file, error);
}
