/* The values of a page: each encoding of each type. */
#include "io/parquet/shs-parquet-private.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"

#include <string.h>

#define NANOSECONDS_PER_MICROSECOND 1000
#define MICROSECONDS_PER_DAY G_GINT64_CONSTANT (86400000000)
#define JULIAN_EPOCH 2440588 /* 1970-01-01 as a Julian day */

typedef enum
{
  PLAIN = 0,
  PLAIN_DICTIONARY = 2,
  RUNS = 3,
  DELTA = 5,
  DELTA_LENGTH = 6,
  DELTA_TEXT = 7,
  DICTIONARY = 8,
  BYTE_STREAMS = 9,
} Encoding;

void
shs_parquet_values_clear (ShsParquetValues *self)
{
  shs_free (self->integers);
  shs_free (self->reals);
  shs_free (self->bytes);
  shs_free (self->indices);
  shs_free (self->arena);
  *self = (ShsParquetValues){ 0 };
}

static gboolean
fail_damaged (GError **error)
{
  g_set_error (error, SHS_ERROR, SHS_ERROR_SYNTAX,
               "a page does not hold the values it declares; the file is damaged: write it again");
  return FALSE;
}

static gsize
get_width (const ShsParquetLeaf *leaf)
{
  static const gsize widths[] = { [SHS_PARQUET_INT32] = 4,
                                  [SHS_PARQUET_INT64] = 8,
                                  [SHS_PARQUET_INT96] = 12,
                                  [SHS_PARQUET_FLOAT] = 4,
                                  [SHS_PARQUET_DOUBLE] = 8 };

  return leaf->type == SHS_PARQUET_FIXED      ? leaf->type_length
         : leaf->type < G_N_ELEMENTS (widths) ? widths[leaf->type]
                                              : 0;
}

static gboolean
allocate (const ShsParquetLeaf *leaf, ShsParquetValues *values, GError **error)
{
  switch (leaf->type)
    {
    case SHS_PARQUET_FLOAT:
    case SHS_PARQUET_DOUBLE:
      values->reals = shs_alloc (values->n, sizeof *values->reals, error);
      return values->reals != NULL;
    case SHS_PARQUET_BYTE_ARRAY:
    case SHS_PARQUET_FIXED:
      values->bytes = shs_alloc (values->n, sizeof *values->bytes, error);
      return values->bytes != NULL;
    default:
      values->integers = shs_alloc (values->n, sizeof *values->integers, error);
      return values->integers != NULL;
    }
}

/* ---- values of one width, one behind the other ---- */

static guint32
load_32 (const guint8 *p)
{
  guint32 bits;

  memcpy (&bits, p, sizeof bits);
  return GUINT32_FROM_LE (bits);
}

static guint64
load_64 (const guint8 *p)
{
  guint64 bits;

  memcpy (&bits, p, sizeof bits);
  return GUINT64_FROM_LE (bits);
}

/* Nanoseconds of a day, then the Julian day: what Hive and Spark wrote for timestamps. */
static gboolean
load_instant (const guint8 *p, gint64 *microseconds)
{
  gint64 of_day = (gint64)load_64 (p) / NANOSECONDS_PER_MICROSECOND;
  gint64 day = (gint64)(gint32)load_32 (p + 8) - JULIAN_EPOCH;

  return !__builtin_mul_overflow (day, MICROSECONDS_PER_DAY, microseconds)
         && !__builtin_add_overflow (*microseconds, of_day, microseconds);
}

static gboolean
load_fixed (const ShsParquetLeaf *leaf, const guint8 *at, ShsParquetValues *values)
{
  gsize n = values->n;

  for (gsize i = 0; i < n && leaf->type == SHS_PARQUET_INT32; i++)
    values->integers[i] = (gint32)load_32 (at + 4 * i);
  for (gsize i = 0; i < n && leaf->type == SHS_PARQUET_INT64; i++)
    values->integers[i] = (gint64)load_64 (at + 8 * i);
  for (gsize i = 0; i < n && leaf->type == SHS_PARQUET_INT96; i++)
    if (!load_instant (at + 12 * i, &values->integers[i]))
      return FALSE;
  for (gsize i = 0; i < n && leaf->type == SHS_PARQUET_FLOAT; i++)
    {
      guint32 bits = load_32 (at + 4 * i);
      float value;

      memcpy (&value, &bits, sizeof value);
      values->reals[i] = value;
    }
  for (gsize i = 0; i < n && leaf->type == SHS_PARQUET_DOUBLE; i++)
    {
      guint64 bits = load_64 (at + 8 * i);

      memcpy (&values->reals[i], &bits, sizeof bits);
    }
  for (gsize i = 0; i < n && leaf->type == SHS_PARQUET_FIXED; i++)
    values->bytes[i] = (ShsParquetBytes){ at + leaf->type_length * i, leaf->type_length };
  return TRUE;
}

static gboolean
read_fixed (const ShsParquetLeaf *leaf, ShsParquetBytes page, ShsParquetValues *values,
            GError **error)
{
  gsize n_bytes;

  if (!shs_size_multiply (values->n, get_width (leaf), &n_bytes) || n_bytes > page.length)
    return fail_damaged (error);
  return load_fixed (leaf, page.begin, values) || fail_damaged (error);
}

/* ---- texts ---- */

static gboolean
read_plain_texts (ShsParquetBytes page, ShsParquetValues *values, GError **error)
{
  for (gsize i = 0; i < values->n; i++)
    {
      guint32 length = page.length >= 4 ? load_32 (page.begin) : 0;

      if (page.length < 4 || length > page.length - 4)
        return fail_damaged (error);
      values->bytes[i] = (ShsParquetBytes){ page.begin + 4, length };
      page.begin += 4 + (gsize)length;
      page.length -= 4 + (gsize)length;
    }
  return TRUE;
}

static gint64 *
read_lengths (ShsParquetBytes *page, gsize n, GError **error)
{
  SHS_AUTOFREE gint64 *lengths = shs_alloc (n, sizeof *lengths, error);

  if (lengths == NULL)
    return NULL;
  if (shs_parquet_read_deltas (page, n, lengths))
    return g_steal_pointer (&lengths);
  fail_damaged (error);
  return NULL;
}

static gboolean
read_delta_lengths (ShsParquetBytes page, ShsParquetValues *values, GError **error)
{
  SHS_AUTOFREE gint64 *lengths = read_lengths (&page, values->n, error);

  for (gsize i = 0; lengths != NULL && i < values->n; i++)
    {
      if (lengths[i] < 0 || (guint64)lengths[i] > page.length)
        return fail_damaged (error);
      values->bytes[i] = (ShsParquetBytes){ page.begin, (gsize)lengths[i] };
      page.begin += lengths[i];
      page.length -= (gsize)lengths[i];
    }
  return lengths != NULL;
}

/* Bytes of all texts once their beginnings are put before them. */
static gboolean
sum_lengths (const gint64 *prefixes, const ShsParquetValues *values, gsize page_size, gsize *sum)
{
  gsize before = 0;

  *sum = 0;
  for (gsize i = 0; i < values->n; i++)
    {
      if (prefixes[i] < 0 || (guint64)prefixes[i] > before)
        return FALSE;
      before = (gsize)prefixes[i] + values->bytes[i].length;
      if (!shs_size_add (*sum, before, sum))
        return FALSE;
    }
  return *sum <= SHS_PARQUET_FREE_PAGE || *sum / SHS_PARQUET_PAGE_RATIO <= page_size;
}

static gboolean
read_delta_texts (ShsParquetBytes page, ShsParquetValues *values, GError **error)
{
  gsize page_size = page.length;
  SHS_AUTOFREE gint64 *prefixes = read_lengths (&page, values->n, error);
  const guint8 *before = NULL;
  guint8 *at;
  gsize size;

  if (prefixes == NULL || !read_delta_lengths (page, values, error))
    return FALSE;
  if (!sum_lengths (prefixes, values, page_size, &size))
    return fail_damaged (error);
  values->arena = at = shs_alloc (size, 1, error);
  if (at == NULL)
    return FALSE;
  for (gsize i = 0; i < values->n; i++)
    {
      gsize prefix = (gsize)prefixes[i];
      ShsParquetBytes rest = values->bytes[i];

      if (prefix > 0)
        memcpy (at, before, prefix);
      if (rest.length > 0)
        memcpy (at + prefix, rest.begin, rest.length);
      values->bytes[i] = (ShsParquetBytes){ at, prefix + rest.length };
      before = at;
      at += prefix + rest.length;
    }
  return TRUE;
}

/* The encodings of texts may be used for texts of one length, which they must keep then. */
static gboolean
check_lengths (const ShsParquetLeaf *leaf, const ShsParquetValues *values, GError **error)
{
  for (gsize i = 0; leaf->type == SHS_PARQUET_FIXED && i < values->n; i++)
    if (values->bytes[i].length != leaf->type_length)
      return fail_damaged (error);
  return TRUE;
}

/* ---- others ---- */

static gboolean
read_plain_truths (ShsParquetBytes page, ShsParquetValues *values, GError **error)
{
  if (values->n / 8 + (values->n % 8 != 0) > page.length)
    return fail_damaged (error);
  for (gsize i = 0; i < values->n; i++)
    values->integers[i] = page.begin[i / 8] >> (i % 8) & 1;
  return TRUE;
}

static gboolean
read_indices (ShsParquetBytes bytes, guint width, gsize n_dictionary, gsize n, guint32 **indices,
              GError **error)
{
  *indices = shs_alloc (n, sizeof **indices, error);
  if (*indices == NULL)
    return FALSE;
  if (n > 0 && n_dictionary == 0)
    return fail_damaged (error);
  return shs_parquet_read_hybrid (
             bytes, width, (guint32)MIN (MAX (n_dictionary, 1) - 1, G_MAXUINT32), n, *indices)
         || fail_damaged (error);
}

/* Truths in runs, behind their length in bytes. */
static gboolean
read_run_truths (ShsParquetBytes page, ShsParquetValues *values, GError **error)
{
  SHS_AUTOFREE guint32 *truths = NULL;

  if (page.length < 4 || load_32 (page.begin) > page.length - 4)
    return fail_damaged (error);
  page.length = load_32 (page.begin);
  page.begin += 4;
  if (!read_indices (page, 1, 2, values->n, &truths, error))
    return FALSE;
  for (gsize i = 0; i < values->n; i++)
    values->integers[i] = truths[i];
  return TRUE;
}

static gboolean
read_delta_integers (const ShsParquetLeaf *leaf, ShsParquetBytes page, ShsParquetValues *values,
                     GError **error)
{
  if (!shs_parquet_read_deltas (&page, values->n, values->integers))
    return fail_damaged (error);
  for (gsize i = 0; leaf->type == SHS_PARQUET_INT32 && i < values->n; i++)
    values->integers[i] = (gint32)(guint32)values->integers[i];
  return TRUE;
}

/* First all first bytes, then all second ones ... */
static gboolean
read_byte_streams (const ShsParquetLeaf *leaf, ShsParquetBytes page, ShsParquetValues *values,
                   GError **error)
{
  gsize width = get_width (leaf);
  gsize n_bytes;

  if (!shs_size_multiply (values->n, width, &n_bytes) || n_bytes > page.length)
    return fail_damaged (error);
  values->arena = shs_alloc (n_bytes, 1, error);
  if (values->arena == NULL)
    return FALSE;
  for (gsize b = 0; b < width; b++)
    for (gsize i = 0; i < values->n; i++)
      values->arena[i * width + b] = page.begin[b * values->n + i];
  return load_fixed (leaf, values->arena, values) || fail_damaged (error);
}

/* ---- the choice ---- */

static gboolean
fail_encoding (gint encoding, GError **error)
{
  g_set_error (error, SHS_ERROR, SHS_ERROR_UNSUPPORTED,
               "its values are encoded in a way (number %d) that is not known for its type; write "
               "the file with another program or version",
               encoding);
  return FALSE;
}

static gboolean
read_plain (const ShsParquetLeaf *leaf, ShsParquetBytes page, ShsParquetValues *values,
            GError **error)
{
  return leaf->type == SHS_PARQUET_BOOLEAN      ? read_plain_truths (page, values, error)
         : leaf->type == SHS_PARQUET_BYTE_ARRAY ? read_plain_texts (page, values, error)
                                                : read_fixed (leaf, page, values, error);
}

static gboolean
read_coded (const ShsParquetLeaf *leaf, gint encoding, ShsParquetBytes page,
            ShsParquetValues *values, GError **error)
{
  gboolean is_text = leaf->type == SHS_PARQUET_BYTE_ARRAY || leaf->type == SHS_PARQUET_FIXED;
  gboolean is_whole = leaf->type == SHS_PARQUET_INT32 || leaf->type == SHS_PARQUET_INT64;

  if (encoding == RUNS && leaf->type == SHS_PARQUET_BOOLEAN)
    return read_run_truths (page, values, error);
  if (encoding == DELTA && is_whole)
    return read_delta_integers (leaf, page, values, error);
  if (encoding == DELTA_LENGTH && is_text)
    return read_delta_lengths (page, values, error) && check_lengths (leaf, values, error);
  if (encoding == DELTA_TEXT && is_text)
    return read_delta_texts (page, values, error) && check_lengths (leaf, values, error);
  if (encoding == BYTE_STREAMS && get_width (leaf) > 0 && leaf->type != SHS_PARQUET_INT96)
    return read_byte_streams (leaf, page, values, error);
  return fail_encoding (encoding, error);
}

gboolean
shs_parquet_values_read (const ShsParquetLeaf *leaf, gint encoding, ShsParquetBytes page, gsize n,
                         gsize n_dictionary, ShsParquetValues *values, GError **error)
{
  *values = (ShsParquetValues){ .n = n };
  if (encoding == PLAIN_DICTIONARY || encoding == DICTIONARY)
    {
      guint width = page.length > 0 ? page.begin[0] : 0;

      if (n > 0 && page.length == 0)
        return fail_damaged (error);
      if (n > 0)
        page = (ShsParquetBytes){ page.begin + 1, page.length - 1 };
      return read_indices (page, width, n_dictionary, n, &values->indices, error);
    }
  if (encoding == PLAIN && n / 8 > page.length)
    return fail_damaged (error); /* before memory is asked for */
  if (!allocate (leaf, values, error))
    return FALSE;
  return encoding == PLAIN ? read_plain (leaf, page, values, error)
                           : read_coded (leaf, encoding, page, values, error);
}
