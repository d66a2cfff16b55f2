#include "io/shs-thrift.h"

#define LONGEST_VARINT 10

void
shs_thrift_init (ShsThrift *self, const guint8 *bytes, gsize length)
{
  *self = (ShsThrift){ .begin = bytes, .at = bytes, .end = bytes + length };
}

void
shs_thrift_fail (ShsThrift *self, const char *problem)
{
  if (self->problem == NULL)
    self->problem = problem;
}

static guint8
read_byte (ShsThrift *self)
{
  if (self->problem == NULL && self->at == self->end)
    shs_thrift_fail (self, "it ends too early");
  return self->problem == NULL ? *self->at++ : 0;
}

static guint64
read_varint (ShsThrift *self)
{
  guint64 value = 0;

  for (guint i = 0; i < LONGEST_VARINT; i++)
    {
      guint8 byte = read_byte (self);

      value |= (guint64)(byte & 0x7f) << (7 * i);
      if (!(byte & 0x80))
        return value;
    }
  shs_thrift_fail (self, "a number is longer than numbers can be");
  return 0;
}

static gint64
read_zigzag (ShsThrift *self)
{
  guint64 value = read_varint (self);

  return (gint64)(value >> 1) ^ -(gint64)(value & 1);
}

void
shs_thrift_begin_struct (ShsThrift *self)
{
  if (self->depth == SHS_THRIFT_MAX_DEPTH)
    shs_thrift_fail (self, "it is nested too deeply");
  else
    self->last_id[self->depth++] = 0;
}

gint
shs_thrift_next_field (ShsThrift *self, ShsThriftType *type)
{
  guint8 head = read_byte (self);
  gint64 id;

  *type = (ShsThriftType)(head & 0xf);
  if (self->problem == NULL && *type == SHS_THRIFT_STOP)
    self->depth--;
  if (self->problem != NULL || *type == SHS_THRIFT_STOP)
    return 0;
  id = head >> 4 != 0 ? self->last_id[self->depth - 1] + (head >> 4) : read_zigzag (self);
  if (id <= 0 || id > G_MAXINT16 || *type > SHS_THRIFT_STRUCT)
    shs_thrift_fail (self, "a field has an impossible number or type");
  if (self->problem != NULL)
    return 0;
  self->last_id[self->depth - 1] = (gint16)id;
  return (gint)id;
}

gint64
shs_thrift_read_integer (ShsThrift *self, ShsThriftType type)
{
  switch (type)
    {
    case SHS_THRIFT_TRUE:
    case SHS_THRIFT_FALSE:
      return type == SHS_THRIFT_TRUE;
    case SHS_THRIFT_INT8:
      return (gint8)read_byte (self);
    case SHS_THRIFT_INT16:
    case SHS_THRIFT_INT32:
    case SHS_THRIFT_INT64:
      return read_zigzag (self);
    default:
      shs_thrift_fail (self, "a field is not of the type it must have");
      return 0;
    }
}

const guint8 *
shs_thrift_read_binary (ShsThrift *self, ShsThriftType type, gsize *length)
{
  const guint8 *begin;
  guint64 n = 0;

  *length = 0;
  if (type != SHS_THRIFT_BINARY)
    shs_thrift_fail (self, "a field is not of the type it must have");
  else
    n = read_varint (self);
  if (n > (guint64)(self->end - self->at))
    shs_thrift_fail (self, "a text is longer than the bytes left");
  if (self->problem != NULL)
    return NULL;
  begin = self->at;
  self->at += n;
  *length = (gsize)n;
  return begin;
}

gsize
shs_thrift_begin_list (ShsThrift *self, ShsThriftType type, ShsThriftType *element)
{
  guint8 head;
  guint64 n;

  *element = SHS_THRIFT_STOP;
  if (type != SHS_THRIFT_LIST && type != SHS_THRIFT_SET)
    {
      shs_thrift_fail (self, "a field is not of the type it must have");
      return 0;
    }
  head = read_byte (self);
  *element = (ShsThriftType)(head & 0xf);
  n = head >> 4;
  if (n == 15)
    n = read_varint (self);
  if (n > (guint64)(self->end - self->at))
    shs_thrift_fail (self, "a list is longer than the bytes left");
  return self->problem == NULL ? (gsize)n : 0;
}

static void
skip_bytes (ShsThrift *self, gsize n)
{
  if (n > (gsize)(self->end - self->at))
    shs_thrift_fail (self, "it ends too early");
  else if (self->problem == NULL)
    self->at += n;
}

/* A value of a list or map: truths take a byte there. */
static void
skip_element (ShsThrift *self, ShsThriftType type)
{
  if (type == SHS_THRIFT_TRUE || type == SHS_THRIFT_FALSE)
    read_byte (self);
  else
    shs_thrift_skip (self, type);
}

/* Lists in lists take no level of structs, so they are counted here. */
static void
skip_list (ShsThrift *self, ShsThriftType type)
{
  ShsThriftType element;
  gsize n = shs_thrift_begin_list (self, type, &element);

  shs_thrift_begin_struct (self);
  for (gsize i = 0; self->problem == NULL && i < n; i++)
    skip_element (self, element);
  if (self->problem == NULL)
    self->depth--;
}

static void
skip_map (ShsThrift *self)
{
  guint64 n = read_varint (self);
  guint8 types = n > 0 ? read_byte (self) : 0;

  if (n > (guint64)(self->end - self->at))
    shs_thrift_fail (self, "a map is longer than the bytes left");
  shs_thrift_begin_struct (self);
  for (guint64 i = 0; self->problem == NULL && i < n; i++)
    {
      skip_element (self, (ShsThriftType)(types >> 4));
      skip_element (self, (ShsThriftType)(types & 0xf));
    }
  if (self->problem == NULL)
    self->depth--;
}

static void
skip_struct (ShsThrift *self)
{
  ShsThriftType type;

  shs_thrift_begin_struct (self);
  while (shs_thrift_next_field (self, &type) != 0)
    shs_thrift_skip (self, type);
}

void
shs_thrift_skip (ShsThrift *self, ShsThriftType type)
{
  gsize length;

  switch (type)
    {
    case SHS_THRIFT_DOUBLE:
      skip_bytes (self, sizeof (double));
      break;
    case SHS_THRIFT_BINARY:
      shs_thrift_read_binary (self, type, &length);
      break;
    case SHS_THRIFT_LIST:
    case SHS_THRIFT_SET:
      skip_list (self, type);
      break;
    case SHS_THRIFT_MAP:
      skip_map (self);
      break;
    case SHS_THRIFT_STRUCT:
      skip_struct (self);
      break;
    default:
      shs_thrift_read_integer (self, type);
    }
}
