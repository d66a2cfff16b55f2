#include "io/npy/shs-npy-private.h"

#include "core/shs-number.h"
#include "io/shs-half.h"

#include <math.h>
#include <string.h>

#define ALWAYS_INLINE static inline __attribute__ ((always_inline))

/* The bytes of an item of at most 8 bytes as a number of this machine's order. */
ALWAYS_INLINE guint64
load_bits (const guint8 *p, gsize size, gboolean swap)
{
  guint16 two;
  guint32 four;
  guint64 eight;

  switch (size)
    {
    case 1:
      return *p;
    case 2:
      memcpy (&two, p, sizeof two);
      return swap ? GUINT16_SWAP_LE_BE (two) : two;
    case 4:
      memcpy (&four, p, sizeof four);
      return swap ? GUINT32_SWAP_LE_BE (four) : four;
    default:
      memcpy (&eight, p, sizeof eight);
      return swap ? GUINT64_SWAP_LE_BE (eight) : eight;
    }
}

ALWAYS_INLINE gint64
extend_sign (guint64 bits, gsize size)
{
  int unused = 64 - 8 * (int)size;

  return (gint64)(bits << unused) >> unused;
}

ALWAYS_INLINE double
real_of (guint64 bits, gsize size)
{
  guint32 four = (guint32)bits;
  float single;
  double value;

  if (size == 2)
    return shs_half_to_double ((guint16)bits);
  if (size == 4)
    {
      memcpy (&single, &four, sizeof single);
      return single;
    }
  memcpy (&value, &bits, sizeof value);
  return value;
}

ALWAYS_INLINE void
convert_run (char kind, gsize size, gboolean swap, const guint8 *item, gsize byte_stride,
             gsize count, double *out)
{
  for (gsize i = 0; i < count; i++, item += byte_stride)
    {
      guint64 bits = load_bits (item, size, swap);

      if (kind == 'f')
        out[i] = real_of (bits, size);
      else if (kind == 'i')
        out[i] = (double)extend_sign (bits, size);
      else
        out[i] = kind == 'b' ? bits != 0 : (double)bits;
    }
}

/* One loop per size, so that none asks for it inside. */
ALWAYS_INLINE void
convert_kind (char kind, const ShsNpyField *field, const guint8 *item, gsize byte_stride,
              gsize count, double *out)
{
  gboolean swap = field->swap_bytes;

  switch (field->item_size)
    {
    case 1:
      convert_run (kind, 1, FALSE, item, byte_stride, count, out);
      break;
    case 2:
      convert_run (kind, 2, swap, item, byte_stride, count, out);
      break;
    case 4:
      convert_run (kind, 4, swap, item, byte_stride, count, out);
      break;
    default:
      convert_run (kind, 8, swap, item, byte_stride, count, out);
    }
}

void
shs_npy_convert (const ShsNpyField *field, const guint8 *item, gsize byte_stride, gsize count,
                 double *out)
{
  switch (field->kind)
    {
    case 'f':
      convert_kind ('f', field, item, byte_stride, count, out);
      break;
    case 'i':
      convert_kind ('i', field, item, byte_stride, count, out);
      break;
    case 'u':
      convert_kind ('u', field, item, byte_stride, count, out);
      break;
    case 'b':
      convert_kind ('b', field, item, byte_stride, count, out);
      break;
    default:
      for (gsize i = 0; i < count; i++)
        out[i] = NAN;
    }
}

/* UCS-4, filled up with zeros; what is no character becomes U+FFFD. */
static char *
wide_to_text (const ShsNpyField *field, const guint8 *item)
{
  gsize n = field->item_size / 4;
  GString *text;

  while (n > 0 && load_bits (item + 4 * (n - 1), 4, FALSE) == 0)
    n--;
  text = g_string_sized_new (n + 1);
  for (gsize i = 0; i < n; i++)
    {
      gunichar c = (gunichar)load_bits (item + 4 * i, 4, field->swap_bytes);

      g_string_append_unichar (text, c != 0 && g_unichar_validate (c) ? c : 0xfffd);
    }
  return g_string_free (text, FALSE);
}

/* Bytes, filled up with zeros: UTF-8 where they are that, else Latin-1. */
static char *
bytes_to_text (const ShsNpyField *field, const guint8 *item)
{
  gsize n = field->item_size;
  GString *text;

  while (n > 0 && item[n - 1] == 0)
    n--;
  if (g_utf8_validate_len ((const char *)item, n, NULL))
    return g_strndup ((const char *)item, n);
  text = g_string_sized_new (n + 1);
  for (gsize i = 0; i < n; i++)
    g_string_append_unichar (text, item[i] != 0 ? item[i] : 0xfffd);
  return g_string_free (text, FALSE);
}

char *
shs_npy_item_to_text (const ShsNpyField *field, const guint8 *item)
{
  char number[SHS_NUMBER_LENGTH];
  double value;
  guint64 bits;

  if (field->kind == 'U')
    return wide_to_text (field, item);
  if (field->kind == 'S')
    return bytes_to_text (field, item);
  bits = load_bits (item, field->item_size, field->swap_bytes);
  if (field->kind == 'b')
    return g_strdup (bits != 0 ? "True" : "False");
  if (field->kind == 'i')
    return g_strdup_printf ("%" G_GINT64_FORMAT, extend_sign (bits, field->item_size));
  if (field->kind == 'u')
    return g_strdup_printf ("%" G_GUINT64_FORMAT, bits);
  value = real_of (bits, field->item_size);
  return g_strdup (field->item_size < sizeof (double)
                       ? shs_number_print_float (number, (float)value)
                       : shs_number_print (number, value));
}
