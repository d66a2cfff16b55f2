/* The pages of one column of one row group, one after the other. */
#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "io/parquet/shs-parquet-private.h"
#include "io/shs-thrift.h"

#include <string.h>
#include <zlib.h>

typedef enum
{
  DATA_PAGE = 0,
  INDEX_PAGE = 1,
  DICTIONARY_PAGE = 2,
  DATA_PAGE_2 = 3,
} PageType;

#define LEVELS_IN_RUNS 3

/* What stands before a page. */
typedef struct
{
  gint64 type;
  gint64 size;
  gint64 packed_size;
  gint64 checksum;
  gboolean has_checksum;
  gint64 n_values;
  gint64 encoding;
  gint64 definition_encoding;
  gint64 repetition_encoding;
  gint64 definition_size;
  gint64 repetition_size;
  gint64 is_packed;
} Header;

typedef struct
{
  const ShsParquet *file;
  const ShsParquetLeaf *leaf;
  const ShsParquetChunk *chunk;
  const guint8 *at;
  const guint8 *end;
  gsize n_left;
  ShsParquetValues dictionary;
  gsize n_dictionary;
  guint8 *dictionary_page;
  gboolean is_new_dictionary;
} Reader;

static gboolean
fail (const Reader *reader, const char *problem, GError **error)
{
  return shs_parquet_fail (reader->file, reader->leaf, SHS_ERROR_SYNTAX, problem, error);
}

/* ---- headers ---- */

static void
read_details (ShsThrift *thrift, ShsThriftType type, gint kind, Header *header)
{
  gint64 *const of_data[] = { [1] = &header->n_values,
                              [2] = &header->encoding,
                              [3] = &header->definition_encoding,
                              [4] = &header->repetition_encoding,
                              [7] = NULL };
  gint64 *const of_data_2[] = { [1] = &header->n_values,
                                [4] = &header->encoding,
                                [5] = &header->definition_size,
                                [6] = &header->repetition_size,
                                [7] = &header->is_packed };
  gint64 *const of_dictionary[] = { [1] = &header->n_values, [2] = &header->encoding, [7] = NULL };
  gint64 *const *numbers = kind == 5 ? of_data : kind == 7 ? of_dictionary : of_data_2;
  gint id;

  if (type != SHS_THRIFT_STRUCT)
    shs_thrift_fail (thrift, "a page is not described");
  shs_thrift_begin_struct (thrift);
  while ((id = shs_thrift_next_field (thrift, &type)) != 0)
    if (id <= 7 && numbers[id] != NULL)
      *numbers[id] = shs_thrift_read_integer (thrift, type);
    else
      shs_thrift_skip (thrift, type);
}

static gboolean
read_header (Reader *reader, Header *header, GError **error)
{
  ShsThrift thrift;
  ShsThriftType type;
  gint id;

  *header = (Header){ .type = -1,
                      .n_values = -1,
                      .is_packed = 1,
                      .definition_encoding = LEVELS_IN_RUNS,
                      .repetition_encoding = LEVELS_IN_RUNS };
  shs_thrift_init (&thrift, reader->at, (gsize)(reader->end - reader->at));
  shs_thrift_begin_struct (&thrift);
  while ((id = shs_thrift_next_field (&thrift, &type)) != 0)
    {
      gint64 *const numbers[]
          = { NULL, &header->type, &header->size, &header->packed_size, &header->checksum };

      header->has_checksum |= id == 4;
      if (id < (gint)G_N_ELEMENTS (numbers))
        *numbers[id] = shs_thrift_read_integer (&thrift, type);
      else if (id == 5 || id == 7 || id == 8)
        read_details (&thrift, type, id, header);
      else
        shs_thrift_skip (&thrift, type);
    }
  if (thrift.problem != NULL)
    return fail (reader, "a page has no readable header; the file is damaged: write it again",
                 error);
  reader->at = thrift.at;
  if (header->size < 0 || header->packed_size < 0 || header->packed_size > reader->end - reader->at)
    return fail (reader, "a page is larger than its column; the file is damaged: write it again",
                 error);
  if (header->type != INDEX_PAGE && (header->n_values < 0 || header->n_values > G_MAXINT32))
    return fail (reader, "a page does not say how many values it holds", error);
  return TRUE;
}

static gboolean
check_sum (const Reader *reader, const Header *header, GError **error)
{
  uLong sum;

  if (!header->has_checksum)
    return TRUE;
  sum = crc32_z (crc32_z (0, NULL, 0), reader->at, (z_size_t)header->packed_size);
  return (guint32)sum == (guint32)header->checksum
         || fail (reader, "a page has another checksum than it declares; the file is damaged",
                  error);
}

/* ---- unpacking ---- */

/* The bytes behind @skipped of a page; @unpacked is to be freed. */
static gboolean
unpack (const Reader *reader, const Header *header, gsize skipped, guint8 **unpacked,
        ShsParquetBytes *page, GError **error)
{
  gsize packed_size = (gsize)header->packed_size - skipped;
  gsize size = (gsize)header->size - skipped;

  *unpacked = NULL;
  *page = (ShsParquetBytes){ reader->at + skipped, packed_size };
  if (reader->chunk->codec == 0 || !header->is_packed || (packed_size == 0 && size == 0))
    return packed_size == size
           || fail (reader, "a page has another size than it declares; the file is damaged", error);
  *unpacked = shs_parquet_unpack (reader->chunk->codec, page->begin, packed_size, size, error);
  *page = (ShsParquetBytes){ *unpacked, size };
  if (*unpacked == NULL)
    g_prefix_error (error, "%s, column \"%s\": ", reader->file->name, reader->leaf->path);
  return *unpacked != NULL;
}

/* ---- levels ---- */

static guint
count_bits (guint level)
{
  return level == 0 ? 0 : 32 - (guint)__builtin_clz (level);
}

static gboolean
read_levels (const Reader *reader, ShsParquetBytes bytes, guint largest, gsize n, guint32 **levels,
             GError **error)
{
  *levels = shs_alloc (n, sizeof **levels, error);
  if (*levels == NULL)
    return FALSE;
  return shs_parquet_read_hybrid (bytes, count_bits (largest), largest, n, *levels)
         || fail (reader, "a page's list of nulls is damaged; write the file again", error);
}

/* Levels of a page of version 1, behind their length; @page then begins behind them. */
static gboolean
take_levels (const Reader *reader, gint64 encoding, guint largest, gsize n, ShsParquetBytes *page,
             guint32 **levels, GError **error)
{
  guint32 length;

  if (largest == 0)
    return TRUE;
  if (encoding != LEVELS_IN_RUNS)
    return shs_parquet_fail (reader->file, reader->leaf, SHS_ERROR_UNSUPPORTED,
                             "its nulls are encoded in a way that is long deprecated; write the "
                             "file with a newer program",
                             error);
  if (page->length < sizeof length)
    return fail (reader, "a page ends too early; the file is damaged", error);
  memcpy (&length, page->begin, sizeof length);
  length = GUINT32_FROM_LE (length);
  if (length > page->length - sizeof length)
    return fail (reader, "a page ends too early; the file is damaged", error);
  if (!read_levels (reader, (ShsParquetBytes){ page->begin + sizeof length, length }, largest, n,
                    levels, error))
    return FALSE;
  *page = (ShsParquetBytes){ page->begin + sizeof length + length,
                             page->length - sizeof length - length };
  return TRUE;
}

/* Both lists of levels of a page; @page then begins at its values. */
static gboolean
read_page_levels (const Reader *reader, const Header *header, ShsParquetBytes *page,
                  ShsParquetPage *out, GError **error)
{
  const ShsParquetLeaf *leaf = reader->leaf;
  gsize n = out->n_entries;

  if (header->type == DATA_PAGE)
    return take_levels (reader, header->repetition_encoding, leaf->max_repetition, n, page,
                        &out->repetition, error)
           && take_levels (reader, header->definition_encoding, leaf->max_definition, n, page,
                           &out->definition, error);
  /* Version 2: unpacked, before the values. */
  ShsParquetBytes repetition = { reader->at, (gsize)header->repetition_size };
  ShsParquetBytes definition
      = { reader->at + header->repetition_size, (gsize)header->definition_size };

  return (leaf->max_repetition == 0
          || read_levels (reader, repetition, leaf->max_repetition, n, &out->repetition, error))
         && (leaf->max_definition == 0
             || read_levels (reader, definition, leaf->max_definition, n, &out->definition, error));
}

static gsize
count_present (const Reader *reader, const ShsParquetPage *page)
{
  gsize n = 0;

  if (page->definition == NULL)
    return page->n_entries;
  for (gsize i = 0; i < page->n_entries; i++)
    n += page->definition[i] == reader->leaf->max_definition;
  return n;
}

/* ---- pages ---- */

static void
page_clear (ShsParquetPage *page)
{
  shs_free (page->definition);
  shs_free (page->repetition);
  shs_parquet_values_clear (&page->values);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ShsParquetPage, page_clear)

static gboolean
read_values (const Reader *reader, gint64 encoding, ShsParquetBytes page, gsize n,
             gsize n_dictionary, ShsParquetValues *values, GError **error)
{
  gint number = encoding >= 0 && encoding < 100 ? (gint)encoding : 100;

  if (shs_parquet_values_read (reader->leaf, number, page, n, n_dictionary, values, error))
    return TRUE;
  g_prefix_error (error, "%s, column \"%s\": ", reader->file->name, reader->leaf->path);
  return FALSE;
}

static gboolean
read_dictionary (Reader *reader, const Header *header, GError **error)
{
  ShsParquetBytes page;

  if (reader->dictionary_page != NULL || reader->n_dictionary > 0)
    return fail (reader, "it has two dictionaries in a row group; the file is damaged", error);
  if (!unpack (reader, header, 0, &reader->dictionary_page, &page, error)
      || !read_values (reader, 0, page, (gsize)header->n_values, 0, &reader->dictionary, error))
    return FALSE;
  reader->n_dictionary = (gsize)header->n_values;
  reader->is_new_dictionary = TRUE;
  return TRUE;
}

static gboolean
read_data (Reader *reader, const Header *header, ShsParquetPageFunc take, gpointer data,
           GError **error)
{
  g_auto (ShsParquetPage) page = { .n_entries = (gsize)header->n_values };
  SHS_AUTOFREE guint8 *unpacked = NULL;
  gint64 skipped
      = header->type == DATA_PAGE ? 0 : header->definition_size + header->repetition_size;
  ShsParquetBytes bytes;

  if (page.n_entries > reader->n_left)
    return fail (reader, "its pages hold more values than declared; the file is damaged", error);
  if (header->definition_size < 0 || header->repetition_size < 0
      || header->definition_size > header->packed_size
      || header->repetition_size > header->packed_size || skipped > header->packed_size
      || skipped > header->size)
    return fail (reader, "a page ends too early; the file is damaged", error);
  if (!unpack (reader, header, (gsize)skipped, &unpacked, &bytes, error)
      || !read_page_levels (reader, header, &bytes, &page, error)
      || !read_values (reader, header->encoding, bytes, count_present (reader, &page),
                       reader->n_dictionary, &page.values, error))
    return FALSE;
  page.dictionary = page.values.indices != NULL ? &reader->dictionary : NULL;
  page.is_new_dictionary = page.dictionary != NULL && reader->is_new_dictionary;
  if (!take (&page, data, error))
    return FALSE;
  reader->is_new_dictionary = reader->is_new_dictionary && page.dictionary == NULL;
  reader->n_left -= page.n_entries;
  return TRUE;
}

static gboolean
read_page (Reader *reader, ShsParquetPageFunc take, gpointer data, GError **error)
{
  Header header;
  gboolean is_read = TRUE;

  if (!read_header (reader, &header, error) || !check_sum (reader, &header, error))
    return FALSE;
  if (header.type == DICTIONARY_PAGE)
    is_read = read_dictionary (reader, &header, error);
  else if (header.type == DATA_PAGE || header.type == DATA_PAGE_2)
    is_read = read_data (reader, &header, take, data, error);
  else if (header.type != INDEX_PAGE)
    is_read = fail (reader, "it has a page of an unknown sort", error);
  reader->at += header.packed_size;
  return is_read;
}

gboolean
shs_parquet_read_pages (const ShsParquet *self, gsize leaf, gsize group, ShsParquetPageFunc take,
                        gpointer data, GError **error)
{
  const ShsParquetChunk *chunk = &self->chunks[group * self->n_leaves + leaf];
  Reader reader = { .file = self,
                    .leaf = &self->leaves[leaf],
                    .chunk = chunk,
                    .at = self->data + chunk->offset,
                    .end = self->data + chunk->offset + chunk->length,
                    .n_left = chunk->n_values };
  gboolean is_read = TRUE;

  while (is_read && reader.n_left > 0)
    is_read = read_page (&reader, take, data, error);
  shs_parquet_values_clear (&reader.dictionary);
  shs_free (reader.dictionary_page);
  return is_read;
}
