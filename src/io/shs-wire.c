#include "io/shs-wire.h"

#include "core/shs-error.h"

#include <string.h>

#define MAX_VARINT_BYTES 10

void
shs_wire_init (ShsWire *self, const char *name, GBytes *bytes)
{
  gsize length;
  const guint8 *begin = g_bytes_get_data (bytes, &length);

  *self = (ShsWire){ begin, begin, begin + length, name, FALSE };
}

ShsWire
shs_wire_enter (const ShsWire *self, const ShsWireField *field)
{
  return (ShsWire){ self->begin, field->bytes, field->bytes + field->length, self->name, FALSE };
}

static gboolean
fail (ShsWire *self, const char *what, GError **error)
{
  self->has_failed = TRUE;
  g_set_error (error, SHS_ERROR, SHS_ERROR_SYNTAX,
               "%s: byte %" G_GSIZE_FORMAT ": %s; the file is damaged or cut short: save it again",
               self->name, (gsize)(self->at - self->begin), what);
  return FALSE;
}

static gboolean
read_varint (ShsWire *self, guint64 *value, GError **error)
{
  *value = 0;
  for (guint i = 0; i < MAX_VARINT_BYTES && self->at < self->end; i++)
    {
      guint8 byte = *self->at++;

      *value |= (guint64)(byte & 0x7f) << (7 * i);
      if (byte < 0x80)
        return TRUE;
    }
  return fail (self, "a number has no end", error);
}

static gboolean
read_fixed (ShsWire *self, gsize size, guint64 *value, GError **error)
{
  *value = 0;
  if ((gsize)(self->end - self->at) < size)
    return fail (self, "a number is cut", error);
  for (gsize i = 0; i < size; i++)
    *value |= (guint64)self->at[i] << (8 * i);
  self->at += size;
  return TRUE;
}

static gboolean
read_value (ShsWire *self, ShsWireType type, guint64 *value, GError **error)
{
  switch (type)
    {
    case SHS_WIRE_FIXED64:
      return read_fixed (self, 8, value, error);
    case SHS_WIRE_FIXED32:
      return read_fixed (self, 4, value, error);
    default:
      return read_varint (self, value, error);
    }
}

gboolean
shs_wire_next (ShsWire *self, ShsWireField *field, GError **error)
{
  guint64 key;

  if (self->has_failed || self->at == self->end || !read_varint (self, &key, error))
    return FALSE;
  *field = (ShsWireField){ .number = (guint32)(key >> 3), .type = (ShsWireType)(key & 7) };
  if (key >> 3 == 0 || key >> 3 > G_MAXINT32 >> 2)
    return fail (self, "a field has an impossible number", error);
  if (field->type != SHS_WIRE_VARINT && field->type != SHS_WIRE_FIXED64
      && field->type != SHS_WIRE_BYTES && field->type != SHS_WIRE_FIXED32)
    return fail (self, "a field has an unknown type", error);
  if (!read_value (self, field->type, &field->value, error))
    return FALSE;
  if (field->type != SHS_WIRE_BYTES)
    return TRUE;
  if (field->value > (guint64)(self->end - self->at))
    return fail (self, "a field is longer than what holds it", error);
  field->bytes = self->at;
  field->length = (gsize)field->value;
  self->at += field->length;
  return TRUE;
}

gboolean
shs_wire_next_packed (ShsWire *self, ShsWireType type, guint64 *value, GError **error)
{
  return !self->has_failed && self->at < self->end && read_value (self, type, value, error);
}

gboolean
shs_wire_is (const ShsWireField *field, const char *text)
{
  return field->type == SHS_WIRE_BYTES && field->length == strlen (text)
         && memcmp (field->bytes, text, field->length) == 0;
}

char *
shs_wire_dup_text (const ShsWireField *field)
{
  return g_utf8_make_valid ((const char *)field->bytes, (gssize)field->length);
}

float
shs_wire_get_float (guint64 value)
{
  guint32 bits = (guint32)value;
  float number;

  memcpy (&number, &bits, sizeof number);
  return number;
}

double
shs_wire_get_double (guint64 value)
{
  double number;

  memcpy (&number, &value, sizeof number);
  return number;
}
