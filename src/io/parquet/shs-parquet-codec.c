/* Unpacks a page by the codec that its column names. */
#include "io/parquet/shs-parquet-private.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"

#include <brotli/decode.h>
#include <lz4.h>
#include <snappy-c.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#define ANY_WRAPPER 32 /* zlib's: gzip or zlib, whichever the bytes begin as */

static gboolean
copy_plain (const guint8 *packed, gsize packed_size, guint8 *out, gsize size)
{
  if (packed_size != size)
    return FALSE;
  if (size > 0)
    memcpy (out, packed, size);
  return TRUE;
}

static gboolean
unpack_snappy (const guint8 *packed, gsize packed_size, guint8 *out, gsize size)
{
  gsize declared = 0;
  gsize length = size;

  return snappy_uncompressed_length ((const char *)packed, packed_size, &declared) == SNAPPY_OK
         && declared == size
         && snappy_uncompress ((const char *)packed, packed_size, (char *)out, &length) == SNAPPY_OK
         && length == size;
}

static gboolean
unpack_gzip (const guint8 *packed, gsize packed_size, guint8 *out, gsize size)
{
  z_stream stream = { .next_in = (guint8 *)packed, .avail_in = (guint)packed_size };
  int status = Z_OK;

  if (packed_size > G_MAXUINT || size > G_MAXUINT
      || inflateInit2 (&stream, ANY_WRAPPER + MAX_WBITS) != Z_OK)
    return FALSE;
  stream.next_out = out;
  stream.avail_out = (guint)size;
  /* Several members may follow each other. */
  while (status == Z_OK && (status = inflate (&stream, Z_FINISH)) == Z_STREAM_END
         && stream.avail_in > 0 && stream.avail_out > 0)
    status = inflateReset (&stream);
  inflateEnd (&stream);
  return status == Z_STREAM_END && stream.avail_out == 0;
}

static gboolean
unpack_zstd (const guint8 *packed, gsize packed_size, guint8 *out, gsize size)
{
  gsize length = ZSTD_decompress (out, size, packed, packed_size);

  return !ZSTD_isError (length) && length == size;
}

static gboolean
unpack_lz4 (const guint8 *packed, gsize packed_size, guint8 *out, gsize size)
{
  return packed_size <= G_MAXINT && size <= G_MAXINT
         && LZ4_decompress_safe ((const char *)packed, (char *)out, (int)packed_size, (int)size)
                == (int)size;
}

static gboolean
unpack_brotli (const guint8 *packed, gsize packed_size, guint8 *out, gsize size)
{
  gsize length = size;

  return BrotliDecoderDecompress (packed_size, packed, &length, out)
             == BROTLI_DECODER_RESULT_SUCCESS
         && length == size;
}

typedef gboolean (*Unpack) (const guint8 *packed, gsize packed_size, guint8 *out, gsize size);

static const struct
{
  const char *name;
  Unpack unpack;
} codecs[] = { { "", copy_plain },           { "Snappy", unpack_snappy },
               { "gzip", unpack_gzip },      { "LZO", NULL },
               { "Brotli", unpack_brotli },  { "Hadoop's LZ4", NULL },
               { "Zstandard", unpack_zstd }, { "LZ4", unpack_lz4 } };

static gboolean
check_size (gsize packed_size, gsize size, GError **error)
{
  if (size <= SHS_PARQUET_FREE_PAGE || size / SHS_PARQUET_PAGE_RATIO <= packed_size)
    return TRUE;
  g_set_error (error, SHS_ERROR, SHS_ERROR_INVALID,
               "a page would grow more than a thousandfold when unpacked; it may be a bomb");
  return FALSE;
}

guint8 *
shs_parquet_unpack (gint codec, const guint8 *packed, gsize packed_size, gsize size, GError **error)
{
  SHS_AUTOFREE guint8 *out = NULL;
  gboolean is_known = codec >= 0 && codec < (gint)G_N_ELEMENTS (codecs);

  if (!is_known || codecs[codec].unpack == NULL)
    {
      g_set_error (error, SHS_ERROR, SHS_ERROR_UNSUPPORTED,
                   "it is packed by %s, which cannot be read; write it with Snappy or Zstandard",
                   is_known ? codecs[codec].name : "a codec of no known number");
      return NULL;
    }
  if (!check_size (packed_size, size, error))
    return NULL;
  out = shs_alloc (size, 1, error);
  if (out == NULL)
    return NULL;
  if (codecs[codec].unpack (packed, packed_size, out, size))
    return g_steal_pointer (&out);
  g_set_error (error, SHS_ERROR, SHS_ERROR_SYNTAX,
               "a page does not unpack to the size it declares; the file is damaged");
  return NULL;
}
