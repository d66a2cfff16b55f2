/* Whole numbers in few bits: runs and groups of eight, and differences in blocks. */
#include "io/parquet/shs-parquet-private.h"

#include <string.h>

#define MAX_BLOCK (1u << 20) /* values of a block of differences */
#define GROUP 8

/* Bytes that are read from the front; @ok turns FALSE where they end too early. */
typedef struct
{
  const guint8 *at;
  const guint8 *end;
  gboolean ok;
} Bits;

static guint64
read_varint (Bits *bits)
{
  guint64 value = 0;

  for (guint shift = 0; shift < 64; shift += 7)
    {
      if (bits->at == bits->end)
        break;
      value |= (guint64)(*bits->at & 0x7f) << shift;
      if (!(*bits->at++ & 0x80))
        return value;
    }
  bits->ok = FALSE;
  return 0;
}

static gint64
read_zigzag (Bits *bits)
{
  guint64 value = read_varint (bits);

  return (gint64)(value >> 1) ^ -(gint64)(value & 1);
}

/* Number @index of @width bits each; the caller knows that its bytes are there. */
static inline guint64
unpack_bits (const guint8 *bytes, gsize n_bytes, guint width, gsize index)
{
  gsize bit = index * width;
  gsize first = bit / 8;
  guint shift = (guint)(bit % 8);
  guint64 value = 0;

  memcpy (&value, bytes + first, MIN (sizeof value, n_bytes - first));
  value = GUINT64_FROM_LE (value) >> shift;
  if (shift + width > 64)
    value |= (guint64)bytes[first + 8] << (64 - shift);
  return width == 64 ? value : value & (((guint64)1 << width) - 1);
}

/* ---- runs and groups ---- */

static gboolean
fill_run (Bits *bits, guint width, guint32 largest, gsize n, guint32 *out)
{
  gsize n_bytes = (width + 7) / 8;
  guint32 value = 0;

  if ((gsize)(bits->end - bits->at) < n_bytes)
    return FALSE;
  for (gsize i = 0; i < n_bytes; i++)
    value |= (guint32)bits->at[i] << (8 * i);
  bits->at += n_bytes;
  for (gsize i = 0; i < n; i++)
    out[i] = value;
  return value <= largest;
}

/* The last group may be cut where its values are not needed. */
static gboolean
fill_groups (Bits *bits, guint width, guint32 largest, gsize n_groups, gsize n, guint32 *out)
{
  gsize n_left = (gsize)(bits->end - bits->at);
  gsize n_needed = (n * width + 7) / 8;
  guint32 top = 0;

  if (n_needed > n_left)
    return FALSE;
  for (gsize i = 0; i < n; i++)
    {
      out[i] = (guint32)unpack_bits (bits->at, n_needed, width, i);
      top = MAX (top, out[i]);
    }
  bits->at += width > 0 && n_groups > n_left / width ? n_left : MIN (n_left, n_groups * width);
  return top <= largest;
}

gboolean
shs_parquet_read_hybrid (ShsParquetBytes bytes, guint width, guint32 largest, gsize n, guint32 *out)
{
  Bits bits = { bytes.begin, bytes.begin + bytes.length, TRUE };

  if (width > 32)
    return FALSE;
  for (gsize done = 0; done < n;)
    {
      guint64 head = read_varint (&bits);
      guint64 count = head & 1 ? MIN (head >> 1, (guint64)(n - done)) * GROUP : head >> 1;
      gsize n_now = (gsize)MIN (count, (guint64)(n - done));

      if (!bits.ok)
        return FALSE;
      if (head & 1 ? !fill_groups (&bits, width, largest, (gsize)(head >> 1), n_now, out + done)
                   : !fill_run (&bits, width, largest, n_now, out + done))
        return FALSE;
      done += n_now;
    }
  return TRUE;
}

/* ---- differences ---- */

typedef struct
{
  gsize block_size;
  gsize n_parts; /* of a block */
  gsize part_size;
  gsize n;
  guint64 value;
} Deltas;

static gboolean
read_head (Bits *bits, gsize n, Deltas *deltas)
{
  guint64 block_size = read_varint (bits);
  guint64 n_parts = read_varint (bits);
  guint64 n_values = read_varint (bits);

  deltas->value = (guint64)read_zigzag (bits);
  if (!bits->ok || n_values != n || block_size == 0 || block_size > MAX_BLOCK || n_parts == 0
      || block_size % n_parts != 0 || block_size / n_parts % GROUP != 0)
    return FALSE;
  deltas->block_size = (gsize)block_size;
  deltas->n_parts = (gsize)n_parts;
  deltas->part_size = (gsize)(block_size / n_parts);
  return TRUE;
}

/* Sums wrap, as the format wants it. */
static gboolean
read_part (Bits *bits, Deltas *deltas, guint width, guint64 smallest, gsize n, gint64 *out)
{
  gsize n_bytes = deltas->part_size / GROUP * width;

  if (width > 64 || n_bytes > (gsize)(bits->end - bits->at))
    return FALSE;
  for (gsize i = 0; i < n; i++)
    {
      guint64 delta = width > 0 ? unpack_bits (bits->at, n_bytes, width, i) : 0;

      deltas->value += smallest + delta;
      out[i] = (gint64)deltas->value;
    }
  bits->at += n_bytes;
  return TRUE;
}

static gboolean
read_block (Bits *bits, Deltas *deltas, gsize n_left, gint64 *out)
{
  guint64 smallest = (guint64)read_zigzag (bits);
  const guint8 *widths = bits->at;

  if (!bits->ok || (gsize)(bits->end - bits->at) < deltas->n_parts)
    return FALSE;
  bits->at += deltas->n_parts;
  for (gsize part = 0; part < deltas->n_parts && n_left > 0; part++)
    {
      gsize n = MIN (n_left, deltas->part_size);

      if (!read_part (bits, deltas, widths[part], smallest, n, out))
        return FALSE;
      out += n;
      n_left -= n;
    }
  return TRUE;
}

gboolean
shs_parquet_read_deltas (ShsParquetBytes *bytes, gsize n, gint64 *out)
{
  Bits bits = { bytes->begin, bytes->begin + bytes->length, TRUE };
  Deltas deltas;

  if (!read_head (&bits, n, &deltas))
    return FALSE;
  if (n > 0)
    out[0] = (gint64)deltas.value;
  for (gsize done = 1; done < n; done += deltas.block_size)
    if (!read_block (&bits, &deltas, n - done, out + done))
      return FALSE;
  *bytes = (ShsParquetBytes){ bits.at, (gsize)(bits.end - bits.at) };
  return TRUE;
}
