#include "io/json/shs-ubjson-private.h"

#include "core/shs-error.h"

#include <math.h>

#define ALWAYS_INLINE static inline __attribute__ ((always_inline))

ALWAYS_INLINE gboolean
store_integer (ShsNumberKind kind, gint64 value, gpointer out, gsize i)
{
  if (kind == SHS_NUMBERS_DOUBLE)
    ((double *)out)[i] = (double)value;
  else if (kind == SHS_NUMBERS_FLOAT)
    ((float *)out)[i] = (float)value;
  else
    ((gint32 *)out)[i] = (gint32)value;
  return kind != SHS_NUMBERS_INTEGER || (value >= G_MININT32 && value <= G_MAXUINT32);
}

ALWAYS_INLINE gboolean
store_real (ShsNumberKind kind, double value, gpointer out, gsize i)
{
  if (kind == SHS_NUMBERS_DOUBLE)
    ((double *)out)[i] = value;
  else if (kind == SHS_NUMBERS_FLOAT)
    ((float *)out)[i] = (float)value;
  else if (value >= G_MININT32 && value <= G_MAXUINT32 && value == trunc (value))
    ((gint32 *)out)[i] = (gint32)(gint64)value;
  else
    return FALSE;
  return TRUE;
}

/* Converts @n values of one type; returns how many fitted @kind before the first that did not. */
ALWAYS_INLINE gsize
convert (char marker, gsize size, ShsNumberKind kind, const guint8 *in, gsize n, gpointer out)
{
  for (gsize i = 0; i < n; i++, in += size)
    if (!(shs_ubjson_is_real (marker)
              ? store_real (kind, shs_ubjson_load_real (marker, in), out, i)
              : store_integer (kind, shs_ubjson_load_integer (marker, in), out, i)))
      return i;
  return n;
}

ALWAYS_INLINE gsize
convert_to (char marker, gsize size, ShsNumberKind kind, const guint8 *in, gsize n, gpointer out)
{
  switch (kind)
    {
    case SHS_NUMBERS_DOUBLE:
      return convert (marker, size, SHS_NUMBERS_DOUBLE, in, n, out);
    case SHS_NUMBERS_FLOAT:
      return convert (marker, size, SHS_NUMBERS_FLOAT, in, n, out);
    default:
      return convert (marker, size, SHS_NUMBERS_INTEGER, in, n, out);
    }
}

/* One loop per pair of types, so that none asks inside it. */
static gsize
convert_run (char marker, ShsNumberKind kind, const guint8 *in, gsize n, gpointer out)
{
  switch (marker)
    {
    case 'i':
      return convert_to ('i', 1, kind, in, n, out);
    case 'U':
    case 'C':
      return convert_to ('U', 1, kind, in, n, out);
    case 'I':
      return convert_to ('I', 2, kind, in, n, out);
    case 'l':
      return convert_to ('l', 4, kind, in, n, out);
    case 'L':
      return convert_to ('L', 8, kind, in, n, out);
    case 'd':
      return convert_to ('d', 4, kind, in, n, out);
    default:
      return convert_to ('D', 8, kind, in, n, out);
    }
}

static void
fail_to_fit (ShsDocumentReader *self)
{
  shs_document_reader_fail_at (self, SHS_ERROR_INVALID, self->at,
                               "expected a whole number of 32 bits and found something else");
}

static void
read_typed (ShsDocumentReader *self, ShsDocumentLevel *level, ShsNumberKind kind,
            ShsDocumentNumbers *numbers)
{
  gsize size = shs_ubjson_value_size (level->marker);
  gsize n = (gsize)level->n_left;

  if (!shs_document_reader_reserve_numbers (self, numbers, n, kind))
    return;
  numbers->count = convert_run (level->marker, kind, self->at, n, numbers->any);
  self->at += numbers->count * size;
  level->index = numbers->count + 1;
  if (numbers->count < n)
    fail_to_fit (self);
}

/* Whether the value that follows its @marker fits as the i-th number. */
static gboolean
store_value (ShsDocumentReader *self, char marker, ShsNumberKind kind, gpointer out, gsize i)
{
  if (marker == 'Z')
    return store_real (kind, NAN, out, i);
  if (marker == 'T' || marker == 'F')
    return store_integer (kind, marker == 'T', out, i);
  return convert_run (marker, kind, self->at, 1, (char *)out + i * shs_number_kind_size (kind))
         == 1;
}

/* Reads one value that names its own type as the i-th number. */
static void
read_single (ShsDocumentReader *self, const ShsDocumentLevel *level, ShsNumberKind kind,
             gpointer out, gsize i)
{
  ShsDocumentType type = shs_ubjson_peek (self);
  char marker;
  gsize size;

  if (self->error != NULL)
    return;
  self->token = self->at;
  if (type != SHS_DOCUMENT_NUMBER && type != SHS_DOCUMENT_BOOLEAN && type != SHS_DOCUMENT_NULL)
    {
      shs_document_reader_fail (self, SHS_ERROR_INVALID,
                                "expected an array of numbers and found something else in it");
      return;
    }
  marker = shs_ubjson_take_marker (self, level);
  size = shs_ubjson_value_size (marker);
  if (!shs_ubjson_need (self, size))
    return;
  if (!store_value (self, marker, kind, out, i))
    fail_to_fit (self);
  self->at += size;
}

void
shs_ubjson_read_numbers (ShsDocumentReader *self, ShsDocumentLevel *level, ShsNumberKind kind,
                         ShsDocumentNumbers *numbers)
{
  gsize size = shs_number_kind_size (kind);

  if (shs_ubjson_value_size (level->marker) > 0)
    {
      read_typed (self, level, kind, numbers);
      return;
    }
  while (self->error == NULL && shs_ubjson_advance (self, level))
    {
      level->index++;
      if (numbers->count >= numbers->size / size
          && !shs_document_reader_reserve_numbers (self, numbers, 2 * numbers->count + 1, kind))
        return;
      read_single (self, level, kind, numbers->any, numbers->count++);
    }
}

void
shs_ubjson_skip_numbers (ShsDocumentReader *self, ShsDocumentLevel *level)
{
  gsize size = shs_ubjson_value_size (level->marker);

  if (size == 0)
    return;
  self->at += (gsize)level->n_left * size;
  level->index += (gsize)level->n_left;
  level->n_left = 0;
}
