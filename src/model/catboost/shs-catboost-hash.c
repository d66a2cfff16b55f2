#include "model/catboost/shs-catboost-hash.h"

#include <string.h>

/* CityHash64, first version. The four constants and the mixing functions carry the names of the
 * published description. */
#define K0 G_GUINT64_CONSTANT (0xc3a5c85c97cb3127)
#define K1 G_GUINT64_CONSTANT (0xb492b66fbe98f273)
#define K2 G_GUINT64_CONSTANT (0x9ae16a3b2f90404f)
#define K3 G_GUINT64_CONSTANT (0xc949d7c7509e6557)
#define HASH_16_FACTOR G_GUINT64_CONSTANT (0x9ddfea08eb382d69)

typedef struct
{
  guint64 low;
  guint64 high;
} Pair;

static guint64
read_64 (const char *at)
{
  guint64 value;

  memcpy (&value, at, sizeof value);
  return GUINT64_FROM_LE (value);
}

static guint32
read_32 (const char *at)
{
  guint32 value;

  memcpy (&value, at, sizeof value);
  return GUINT32_FROM_LE (value);
}

static guint64
rotate (guint64 value, guint by)
{
  return value >> by | value << (64 - by);
}

static guint64
shift_mix (guint64 value)
{
  return value ^ value >> 47;
}

static guint64
hash_16 (guint64 low, guint64 high)
{
  guint64 mixed = shift_mix ((low ^ high) * HASH_16_FACTOR);

  return shift_mix ((high ^ mixed) * HASH_16_FACTOR) * HASH_16_FACTOR;
}

static guint64
hash_up_to_16 (const char *text, gsize length)
{
  if (length > 8)
    {
      guint64 begin = read_64 (text);
      guint64 end = read_64 (text + length - 8);

      return hash_16 (begin, rotate (end + length, (guint)length)) ^ end;
    }
  if (length >= 4)
    return hash_16 (length + ((guint64)read_32 (text) << 3), read_32 (text + length - 4));
  if (length > 0)
    {
      const guint8 *bytes = (const guint8 *)text;
      guint32 y = bytes[0] + ((guint32)bytes[length / 2] << 8);
      guint32 z = (guint32)length + ((guint32)bytes[length - 1] << 2);

      return shift_mix (y * K2 ^ z * K3) * K2;
    }
  return K2;
}

static guint64
hash_up_to_32 (const char *text, gsize length)
{
  guint64 a = read_64 (text) * K1;
  guint64 b = read_64 (text + 8);
  guint64 c = read_64 (text + length - 8) * K2;
  guint64 d = read_64 (text + length - 16) * K0;

  return hash_16 (rotate (a - b, 43) + rotate (c, 30) + d, a + rotate (b ^ K3, 20) - c + length);
}

static Pair
weak_hash_32 (const char *text, guint64 a, guint64 b)
{
  guint64 last = read_64 (text + 24);
  guint64 c;

  a += read_64 (text);
  b = rotate (b + a + last, 21);
  c = a;
  a += read_64 (text + 8) + read_64 (text + 16);
  b += rotate (a, 44);
  return (Pair){ a + last, b + c };
}

static Pair
hash_half (guint64 a, guint64 z, guint64 second, guint64 third)
{
  guint64 b = rotate (a + z, 52);
  guint64 c = rotate (a, 37);

  a += second;
  c += rotate (a, 7);
  a += third;
  return (Pair){ a + z, b + rotate (a, 31) + c };
}

static guint64
hash_up_to_64 (const char *text, gsize length)
{
  const char *end = text + length;
  Pair v = hash_half (read_64 (text) + (length + read_64 (end - 16)) * K0, read_64 (text + 24),
                      read_64 (text + 8), read_64 (text + 16));
  Pair w = hash_half (read_64 (text + 16) + read_64 (end - 32), read_64 (end - 8),
                      read_64 (end - 24), read_64 (end - 16));
  guint64 mixed = shift_mix ((v.low + w.high) * K2 + (w.low + v.high) * K0);

  return shift_mix (mixed * K0 + v.high) * K2;
}

static guint64
hash_long (const char *text, gsize length)
{
  const char *end = text + length;
  guint64 x = read_64 (text);
  guint64 y = read_64 (end - 16) ^ K1;
  guint64 z = read_64 (end - 56) ^ K0;
  Pair v = weak_hash_32 (end - 64, length, y);
  Pair w = weak_hash_32 (end - 32, length * K1, K0);

  z += shift_mix (v.high) * K1;
  x = rotate (z + x, 39) * K1;
  y = rotate (y, 33) * K1;
  for (gsize n = (length - 1) / 64; n > 0; n--, text += 64)
    {
      guint64 swapped;

      x = rotate (x + y + v.low + read_64 (text + 16), 37) * K1;
      y = rotate (y + v.high + read_64 (text + 48), 42) * K1;
      x ^= w.high;
      y ^= v.low;
      z = rotate (z ^ w.low, 33);
      v = weak_hash_32 (text, v.high * K1, x + w.low);
      w = weak_hash_32 (text + 32, z + w.high, y);
      swapped = z;
      z = x;
      x = swapped;
    }
  return hash_16 (hash_16 (v.low, w.low) + shift_mix (y) * K1 + z, hash_16 (v.high, w.high) + x);
}

guint32
shs_catboost_hash_text (const char *text, gsize length)
{
  if (length <= 16)
    return (guint32)hash_up_to_16 (text, length);
  if (length <= 32)
    return (guint32)hash_up_to_32 (text, length);
  return (guint32)(length <= 64 ? hash_up_to_64 (text, length) : hash_long (text, length));
}

/* The inverse of an odd number modulo 2^64: each step of Newton's doubles the right bits. */
static guint64
invert (guint64 odd)
{
  guint64 inverse = odd;

  for (guint step = 0; step < 6; step++)
    inverse *= 2 - odd * inverse;
  return inverse;
}

gboolean
shs_catboost_uncombine (guint64 hash, gint32 *category)
{
  guint64 inverse = invert (SHS_CATBOOST_FACTOR);
  gint64 part = (gint64)(hash * inverse * inverse);

  *category = (gint32)part;
  return part == *category;
}
