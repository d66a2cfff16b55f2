#include "io/json/shs-json-private.h"
#include "io/json/shs-json-scan.h"

#include "core/shs-error.h"

#include <math.h>
#include <string.h>

#define ALWAYS_INLINE static inline __attribute__ ((always_inline))

/* A float32 is a double's low 29 bits away; on their midpoint rounding twice may go wrong. */
ALWAYS_INLINE float
round_to_float (double value, const guint8 *begin, const guint8 *end)
{
  guint64 bits;

  memcpy (&bits, &value, sizeof bits);
  if (G_UNLIKELY ((bits & 0x1fffffff) == 0x10000000 || (fabs (value) < 0x1p-126 && value != 0)))
    return shs_json_number_to_float_slowly (begin, end);
  return (float)value;
}

/* Whether the whole number fits 32 bits. */
ALWAYS_INLINE gboolean
to_integer (const ShsJsonNumber *number, gint32 *out)
{
  guint64 limit = number->is_negative ? (guint64)1 << 31 : G_MAXUINT32;

  if (!number->is_whole || number->is_cut || number->mantissa > limit)
    return FALSE;
  *out = (gint32)(number->is_negative ? -number->mantissa : number->mantissa);
  return TRUE;
}

/* Stores the number spelled from @begin to @end as out[i]; FALSE when it does not fit @kind. */
ALWAYS_INLINE gboolean
store (ShsNumberKind kind, const ShsJsonNumber *number, const guint8 *begin, const guint8 *end,
       gpointer out, gsize i)
{
  double value;

  if (kind == SHS_NUMBERS_NONE)
    return TRUE;
  if (kind == SHS_NUMBERS_INTEGER)
    return to_integer (number, (gint32 *)out + i);
  if (G_UNLIKELY (!shs_json_number_to_double (number, &value)))
    value = shs_json_number_to_double_slowly (begin, end);
  if (kind == SHS_NUMBERS_DOUBLE)
    ((double *)out)[i] = value;
  else
    ((float *)out)[i] = round_to_float (value, begin, end);
  return TRUE;
}

/*
 * Reads numbers parted by commas, at most @room of them, from *@at on, and leaves *@at behind the
 * last. Returns how many there were before anything else came.
 */
ALWAYS_INLINE gsize
scan_run (const guint8 **at, const guint8 *end, ShsNumberKind kind, gpointer out, gsize room)
{
  const guint8 *p = *at;
  gsize n = 0;

  while (n < room && p < end)
    {
      ShsJsonNumber number;
      const guint8 *begin = p;

      if (!shs_json_is_digit (*p) && *p != '-')
        break;
      p = shs_json_scan_number (p, &number);
      if (p == NULL || !store (kind, &number, begin, p, out, n))
        break;
      n++;
      *at = p;
      p = shs_json_pass_blanks (p, end);
      if (p == end || *p != ',')
        break;
      p = shs_json_pass_blanks (p + 1, end);
    }
  return n;
}

static gsize
scan_run_of (ShsDocumentReader *self, ShsNumberKind kind, gpointer out, gsize room)
{
  switch (kind)
    {
    case SHS_NUMBERS_DOUBLE:
      return scan_run (&self->at, self->end, SHS_NUMBERS_DOUBLE, out, room);
    case SHS_NUMBERS_FLOAT:
      return scan_run (&self->at, self->end, SHS_NUMBERS_FLOAT, out, room);
    case SHS_NUMBERS_INTEGER:
      return scan_run (&self->at, self->end, SHS_NUMBERS_INTEGER, out, room);
    case SHS_NUMBERS_NONE:
      break;
    }
  return scan_run (&self->at, self->end, SHS_NUMBERS_NONE, out, room);
}

/* What is no plain number: bare words, booleans, null, and whole numbers with point or exponent. */
static double
read_odd_number (ShsDocumentReader *self)
{
  self->token = self->at;
  switch (shs_json_peek (self))
    {
    case SHS_DOCUMENT_NUMBER:
      return shs_json_read_number (self);
    case SHS_DOCUMENT_BOOLEAN:
      return shs_json_read_boolean (self);
    case SHS_DOCUMENT_NULL:
      shs_json_read_null (self);
      return NAN;
    default:
      shs_document_reader_fail (self, SHS_ERROR_INVALID,
                                "expected an array of numbers and found something else in it");
      return NAN;
    }
}

static void
store_odd_number (ShsDocumentReader *self, ShsNumberKind kind, gpointer out, gsize i)
{
  double value = read_odd_number (self);

  if (kind == SHS_NUMBERS_DOUBLE)
    ((double *)out)[i] = value;
  else if (kind == SHS_NUMBERS_FLOAT)
    ((float *)out)[i] = (float)value;
  else if (value >= G_MININT32 && value <= G_MAXUINT32 && value == trunc (value))
    ((gint32 *)out)[i] = (gint32)(gint64)value;
  else
    shs_document_reader_fail (self, SHS_ERROR_INVALID,
                              "expected a whole number of 32 bits and found something else");
}

void
shs_json_read_numbers (ShsDocumentReader *self, ShsDocumentLevel *level, ShsNumberKind kind,
                       ShsDocumentNumbers *numbers)
{
  gsize size = shs_number_kind_size (kind);

  while (self->error == NULL && shs_json_advance (self, level))
    {
      gsize room = numbers->size / size - numbers->count;
      gsize n_run;

      if (room == 0)
        {
          if (!shs_document_reader_reserve_numbers (self, numbers, 2 * numbers->count + 1, kind))
            return;
          room = numbers->size / size - numbers->count;
        }
      n_run = scan_run_of (self, kind, (char *)numbers->any + numbers->count * size, room);
      level->index += MAX (n_run, 1);
      if (n_run == 0)
        store_odd_number (self, kind, numbers->any, numbers->count);
      numbers->count += MAX (n_run, 1);
    }
}

void
shs_json_skip_numbers (ShsDocumentReader *self, ShsDocumentLevel *level)
{
  self->at = shs_json_pass_blanks (self->at, self->end);
  level->index += scan_run_of (self, SHS_NUMBERS_NONE, NULL, G_MAXSIZE);
}
