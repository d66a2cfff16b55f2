#include "io/shs-flatbuffer.h"

#include "core/shs-error.h"

#define LONGEST_TEXT (64u << 10)
#define SMALL 65536 /* bytes that any buffer may have read, however short it is */

void
shs_flatbuffer_init (ShsFlatbuffer *self, const char *name, const guint8 *bytes, gsize size,
                     gsize file_offset)
{
  *self = (ShsFlatbuffer){ .name = name, .bytes = bytes, .size = size, .file_offset = file_offset };
}

void
shs_flatbuffer_clear (ShsFlatbuffer *self)
{
  g_clear_error (&self->error);
}

gboolean
shs_flatbuffer_check (const ShsFlatbuffer *self, GError **error)
{
  if (self->error == NULL)
    return TRUE;
  if (error != NULL)
    *error = g_error_copy (self->error);
  return FALSE;
}

void
shs_flatbuffer_fail (ShsFlatbuffer *self, const char *format, ...)
{
  va_list arguments;

  if (self->error != NULL)
    return;
  va_start (arguments, format);
  g_autofree char *what = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (&self->error, SHS_ERROR, SHS_ERROR_INVALID,
               "%s: %s; the file is damaged: save the model again", self->name, what);
}

static void
fail_at (ShsFlatbuffer *self, gsize at, const char *what)
{
  shs_flatbuffer_fail (self, "at byte %" G_GSIZE_FORMAT ", %s", self->file_offset + at, what);
}

/* Whether @n bytes from @at on are there and may still be read. */
static gboolean
take (ShsFlatbuffer *self, gsize at, gsize n, const char *what)
{
  if (self->error != NULL)
    return FALSE;
  if (at > self->size || n > self->size - at)
    {
      fail_at (self, at, what);
      return FALSE;
    }
  self->n_read += n;
  if (self->n_read > (guint64)self->size * SHS_FLATBUFFER_REPEATS + SMALL)
    {
      fail_at (self, at, "the same bytes are used over and over");
      return FALSE;
    }
  return TRUE;
}

static guint16
read_u16 (const ShsFlatbuffer *self, gsize at)
{
  ShsFlatVector here = { self->bytes + at, 1 };

  return shs_flat_vector_u16 (&here, 0);
}

static guint32
read_u32 (const ShsFlatbuffer *self, gsize at)
{
  ShsFlatVector here = { self->bytes + at, 1 };

  return shs_flat_vector_u32 (&here, 0);
}

/* A table begins with the distance back to the list of its fields' places, which begins with its
 * own size and the table's. */
static ShsFlatTable
open_table (ShsFlatbuffer *self, gsize at)
{
  ShsFlatTable table = { 0 };
  gint64 vtable;

  if (!take (self, at, 4, "a table lies outside the file"))
    return table;
  vtable = (gint64)at - (gint32)read_u32 (self, at);
  if (vtable < 0
      || !take (self, (gsize)vtable, 4, "a table's list of fields lies outside the file"))
    {
      fail_at (self, at, "a table's list of fields lies outside the file");
      return table;
    }
  table.vtable = (gsize)vtable;
  table.vtable_size = read_u16 (self, table.vtable);
  table.size = read_u16 (self, table.vtable + 2);
  if (table.vtable_size < 4 || table.size < 4)
    fail_at (self, at, "a table has an impossible size");
  if (take (self, table.vtable, table.vtable_size, "a table's list of fields is cut off")
      && take (self, at, table.size, "a table is cut off"))
    table.at = at;
  return table;
}

/* Where field @slot begins, or 0. */
static gsize
find_field (ShsFlatbuffer *self, const ShsFlatTable *table, guint slot, gsize width)
{
  gsize entry = 4 + 2 * (gsize)slot;
  guint16 place;

  if (self->error != NULL || table->at == 0 || entry + 2 > table->vtable_size)
    return 0;
  place = read_u16 (self, table->vtable + entry);
  if (place == 0)
    return 0;
  if (place < 4 || place + width > table->size)
    {
      fail_at (self, table->at, "a field lies outside its table");
      return 0;
    }
  return table->at + place;
}

gint8
shs_flat_get_int8 (ShsFlatbuffer *self, const ShsFlatTable *table, guint slot, gint8 otherwise)
{
  gsize at = find_field (self, table, slot, 1);

  return at > 0 ? (gint8)self->bytes[at] : otherwise;
}

gint32
shs_flat_get_int32 (ShsFlatbuffer *self, const ShsFlatTable *table, guint slot, gint32 otherwise)
{
  gsize at = find_field (self, table, slot, 4);

  return at > 0 ? (gint32)read_u32 (self, at) : otherwise;
}

float
shs_flat_get_float (ShsFlatbuffer *self, const ShsFlatTable *table, guint slot, float otherwise)
{
  ShsFlatVector here = { self->bytes + find_field (self, table, slot, 4), 1 };

  return here.data != self->bytes ? shs_flat_vector_float (&here, 0) : otherwise;
}

double
shs_flat_get_double (ShsFlatbuffer *self, const ShsFlatTable *table, guint slot, double otherwise)
{
  ShsFlatVector here = { self->bytes + find_field (self, table, slot, 8), 1 };

  return here.data != self->bytes ? shs_flat_vector_double (&here, 0) : otherwise;
}

/* Where the offset at @at leads; 0 when it leads out of the file. */
static gsize
follow (ShsFlatbuffer *self, gsize at)
{
  guint32 distance = read_u32 (self, at);

  if (distance > 0 && distance < self->size - at)
    return at + distance;
  fail_at (self, at, "an offset leads out of the file");
  return 0;
}

ShsFlatTable
shs_flatbuffer_get_root (ShsFlatbuffer *self)
{
  gsize at = take (self, 0, 4, "the file ends too early") ? follow (self, 0) : 0;

  return at > 0 ? open_table (self, at) : (ShsFlatTable){ 0 };
}

ShsFlatTable
shs_flat_get_table (ShsFlatbuffer *self, const ShsFlatTable *table, guint slot)
{
  gsize field = find_field (self, table, slot, 4);
  gsize at = field > 0 ? follow (self, field) : 0;

  return at > 0 ? open_table (self, at) : (ShsFlatTable){ 0 };
}

static ShsFlatVector
open_vector (ShsFlatbuffer *self, gsize at, gsize element_size)
{
  gsize n;

  if (at == 0 || !take (self, at, 4, "a list lies outside the file"))
    return (ShsFlatVector){ 0 };
  n = read_u32 (self, at);
  if (!take (self, at + 4, n * element_size, "a list says that it is longer than the file"))
    return (ShsFlatVector){ 0 };
  return (ShsFlatVector){ self->bytes + at + 4, n };
}

ShsFlatVector
shs_flat_get_vector (ShsFlatbuffer *self, const ShsFlatTable *table, guint slot, gsize element_size)
{
  gsize field = find_field (self, table, slot, 4);

  return open_vector (self, field > 0 ? follow (self, field) : 0, element_size);
}

char *
shs_flat_get_text (ShsFlatbuffer *self, const ShsFlatTable *table, guint slot)
{
  ShsFlatVector text = shs_flat_get_vector (self, table, slot, 1);

  if (text.n > LONGEST_TEXT)
    shs_flatbuffer_fail (self, "a name has %" G_GSIZE_FORMAT " bytes", text.n);
  if (text.data == NULL || self->error != NULL)
    return NULL;
  return g_utf8_make_valid ((const char *)text.data, (gssize)text.n);
}

ShsFlatTable
shs_flat_get_table_at (ShsFlatbuffer *self, const ShsFlatVector *vector, gsize i)
{
  gsize at;

  if (self->error != NULL || i >= vector->n)
    return (ShsFlatTable){ 0 };
  at = follow (self, (gsize)(vector->data - self->bytes) + i * 4);
  return at > 0 ? open_table (self, at) : (ShsFlatTable){ 0 };
}

ShsFlatVector
shs_flat_get_bytes_at (ShsFlatbuffer *self, const ShsFlatVector *vector, gsize i)
{
  if (self->error != NULL || i >= vector->n)
    return (ShsFlatVector){ 0 };
  return open_vector (self, follow (self, (gsize)(vector->data - self->bytes) + i * 4), 1);
}
