/* The footer: columns, row groups, and what pandas says of the frame. */
#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "io/parquet/shs-parquet-schema.h"

#include <string.h>

#define MAGIC "PAR1"
#define TAIL_BYTES 8 /* length of the footer, magic */

typedef struct
{
  ShsParquet *file;
  gsize capacity; /* row groups that there is room for */
  gint64 n_rows;
  gboolean has_schema;
} Footer;

gboolean
shs_parquet_fail (const ShsParquet *self, const ShsParquetLeaf *leaf, int code, const char *problem,
                  GError **error)
{
  if (leaf == NULL)
    g_set_error (error, SHS_ERROR, code,
                 "%s: %s; the file may be damaged or cut short: write it "
                 "again",
                 self->name, problem);
  else
    g_set_error (error, SHS_ERROR, code, "%s, column \"%s\": %s", self->name, leaf->path, problem);
  return FALSE;
}

gboolean
shs_parquet_check_size (const ShsParquet *self, gsize n_rows, gsize n_columns, GError **error)
{
  gsize size;

  if (shs_size_multiply (n_rows, n_columns, &size)
      && shs_size_multiply (size, sizeof (double), &size)
      && (size <= SHS_PARQUET_FREE_TABLE || size / SHS_PARQUET_TABLE_RATIO <= self->length))
    return TRUE;
  return shs_parquet_fail (self, NULL, SHS_ERROR_INVALID,
                           "it declares many thousand times more values than it has bytes", error);
}

/* ---- row groups ---- */

/* Where the pages begin: the dictionary comes first, but some writers give 0 for "none". */
static void
set_place (ShsParquetChunk *chunk, gint64 data, gint64 dictionary)
{
  gint64 first = dictionary > 0 && dictionary < data ? dictionary : data;

  chunk->offset = first >= 0 ? (gsize)first : G_MAXSIZE;
}

static ShsParquetChunk
read_column_data (ShsThrift *thrift)
{
  ShsParquetChunk chunk = { 0 };
  gint64 data = -1;
  gint64 dictionary = 0;
  gint64 codec = 0;
  gint64 n_values = 0;
  gint64 length = 0;
  ShsThriftType type;
  gint id;

  shs_thrift_begin_struct (thrift);
  while ((id = shs_thrift_next_field (thrift, &type)) != 0)
    {
      gint64 *const numbers[] = {
        [4] = &codec, [5] = &n_values, [7] = &length, [9] = &data, [11] = &dictionary,
      };

      if (id < (gint)G_N_ELEMENTS (numbers) && numbers[id] != NULL)
        *numbers[id] = shs_thrift_read_integer (thrift, type);
      else
        shs_thrift_skip (thrift, type);
    }
  if (codec < 0 || codec > G_MAXINT || n_values < 0 || length < 0)
    shs_thrift_fail (thrift, "a column has an impossible size");
  chunk.codec = (gint)codec;
  chunk.n_values = (gsize)n_values;
  chunk.length = (gsize)length;
  set_place (&chunk, data, dictionary);
  return chunk;
}

/* FALSE where the chunk is in another file, or encrypted. */
static gboolean
read_chunk (const ShsParquet *file, ShsThrift *thrift, ShsParquetChunk *chunk, GError **error)
{
  gboolean is_elsewhere = FALSE;
  gboolean is_encrypted = FALSE;
  gboolean has_data = FALSE;
  ShsThriftType type;
  gsize length;
  gint id;

  shs_thrift_begin_struct (thrift);
  while ((id = shs_thrift_next_field (thrift, &type)) != 0)
    {
      is_encrypted = is_encrypted || id == 8 || id == 9;
      if (id == 3 && type == SHS_THRIFT_STRUCT)
        {
          *chunk = read_column_data (thrift);
          has_data = TRUE;
        }
      else if (id == 1)
        is_elsewhere = shs_thrift_read_binary (thrift, type, &length) != NULL && length > 0;
      else
        shs_thrift_skip (thrift, type);
    }
  if (thrift->problem != NULL)
    return TRUE;
  if (is_elsewhere || is_encrypted)
    return shs_parquet_fail (file, NULL, SHS_ERROR_UNSUPPORTED,
                             is_elsewhere ? "its columns are in other files" : "it is encrypted",
                             error);
  if (!has_data || chunk->offset > file->length || chunk->length > file->length - chunk->offset)
    return shs_parquet_fail (file, NULL, SHS_ERROR_INVALID, "a column lies outside of it", error);
  return shs_parquet_check_size (file, chunk->n_values, 1, error);
}

static gboolean
read_chunks (Footer *footer, ShsThrift *thrift, ShsThriftType type, GError **error)
{
  ShsParquet *file = footer->file;
  ShsThriftType element;
  gsize n = shs_thrift_begin_list (thrift, type, &element);

  if (thrift->problem != NULL)
    return TRUE;
  if (n != file->n_leaves || element != SHS_THRIFT_STRUCT)
    return shs_parquet_fail (file, NULL, SHS_ERROR_INVALID,
                             "a row group has not as many columns as the table", error);
  for (gsize j = 0; thrift->problem == NULL && j < n; j++)
    if (!read_chunk (file, thrift, &file->chunks[file->n_groups * n + j], error))
      return FALSE;
  return TRUE;
}

static gboolean
reserve_group (Footer *footer, GError **error)
{
  ShsParquet *file = footer->file;
  gsize capacity = MAX (4, 2 * footer->capacity);
  gsize n_chunks;
  ShsParquetChunk *chunks;
  gsize *rows;

  if (file->n_groups < footer->capacity)
    return TRUE;
  if (!shs_size_multiply (capacity, file->n_leaves, &n_chunks))
    return shs_parquet_fail (file, NULL, SHS_ERROR_INVALID, "it has too many row groups", error);
  chunks = shs_realloc (file->chunks, file->n_groups * file->n_leaves, n_chunks, sizeof *chunks,
                        error);
  if (chunks == NULL)
    return FALSE;
  file->chunks = chunks;
  rows = shs_realloc (file->group_rows, file->n_groups, capacity, sizeof *rows, error);
  if (rows == NULL)
    return FALSE;
  file->group_rows = rows;
  footer->capacity = capacity;
  return TRUE;
}

static gboolean
read_group (Footer *footer, ShsThrift *thrift, GError **error)
{
  ShsParquet *file = footer->file;
  gboolean has_chunks = FALSE;
  gint64 n_rows = -1;
  ShsThriftType type;
  gint id;

  if (!reserve_group (footer, error))
    return FALSE;
  shs_thrift_begin_struct (thrift);
  while ((id = shs_thrift_next_field (thrift, &type)) != 0)
    if (id == 1)
      {
        has_chunks = TRUE;
        if (!read_chunks (footer, thrift, type, error))
          return FALSE;
      }
    else if (id == 3)
      n_rows = shs_thrift_read_integer (thrift, type);
    else
      shs_thrift_skip (thrift, type);
  if (thrift->problem != NULL)
    return TRUE;
  if (!has_chunks || n_rows < 0 || !shs_size_add (file->n_rows, (gsize)n_rows, &file->n_rows))
    return shs_parquet_fail (file, NULL, SHS_ERROR_INVALID, "a row group is damaged", error);
  file->group_rows[file->n_groups++] = (gsize)n_rows;
  return TRUE;
}

static gboolean
read_groups (Footer *footer, ShsThrift *thrift, ShsThriftType type, GError **error)
{
  ShsThriftType element;
  gsize n = shs_thrift_begin_list (thrift, type, &element);

  if (!footer->has_schema || footer->file->n_groups > 0 || (n > 0 && element != SHS_THRIFT_STRUCT))
    shs_thrift_fail (thrift, "its row groups are damaged");
  for (gsize i = 0; thrift->problem == NULL && i < n; i++)
    if (!read_group (footer, thrift, error))
      return FALSE;
  return TRUE;
}

/* ---- notes of the writer ---- */

static void
read_note (ShsParquet *file, ShsThrift *thrift)
{
  const guint8 *key = NULL;
  const guint8 *value = NULL;
  gsize key_length = 0;
  gsize value_length = 0;
  ShsThriftType type;
  gint id;

  shs_thrift_begin_struct (thrift);
  while ((id = shs_thrift_next_field (thrift, &type)) != 0)
    if (id == 1)
      key = shs_thrift_read_binary (thrift, type, &key_length);
    else if (id == 2)
      value = shs_thrift_read_binary (thrift, type, &value_length);
    else
      shs_thrift_skip (thrift, type);
  if (value == NULL || key_length != 6 || memcmp (key, "pandas", 6) != 0)
    return;
  g_free (file->pandas);
  file->pandas = g_strndup ((const char *)value, value_length);
}

static void
read_notes (ShsParquet *file, ShsThrift *thrift, ShsThriftType type)
{
  ShsThriftType element;
  gsize n = shs_thrift_begin_list (thrift, type, &element);

  if (n > 0 && element != SHS_THRIFT_STRUCT)
    shs_thrift_fail (thrift, "its notes are damaged");
  for (gsize i = 0; thrift->problem == NULL && i < n; i++)
    read_note (file, thrift);
}

/* ---- all of it ---- */

static gboolean
check_footer (const Footer *footer, const ShsThrift *thrift, GError **error)
{
  const ShsParquet *file = footer->file;

  if (thrift->problem != NULL)
    {
      g_set_error (error, SHS_ERROR, SHS_ERROR_SYNTAX,
                   "%s: byte %" G_GSIZE_FORMAT
                   " of the footer: %s; the file may be damaged or cut short: write it again",
                   file->name, (gsize)(thrift->at - thrift->begin), thrift->problem);
      return FALSE;
    }
  if (file->n_leaves == 0)
    return shs_parquet_fail (file, NULL, SHS_ERROR_INVALID, "it has no columns", error);
  if (footer->n_rows < 0 || (gsize)footer->n_rows != file->n_rows)
    return shs_parquet_fail (file, NULL, SHS_ERROR_INVALID,
                             "the rows of its row groups do not add up to its rows", error);
  return TRUE;
}

static gboolean
read_footer (Footer *footer, ShsThrift *thrift, GError **error)
{
  ShsParquet *file = footer->file;
  gboolean is_read = TRUE;
  ShsThriftType type;
  gint id;

  shs_thrift_begin_struct (thrift);
  while (is_read && (id = shs_thrift_next_field (thrift, &type)) != 0)
    switch (id)
      {
      case 2:
        is_read = shs_parquet_read_schema (file, thrift, type, error);
        footer->has_schema = TRUE;
        break;
      case 3:
        footer->n_rows = shs_thrift_read_integer (thrift, type);
        break;
      case 4:
        is_read = read_groups (footer, thrift, type, error);
        break;
      case 5:
        read_notes (file, thrift, type);
        break;
      default:
        shs_thrift_skip (thrift, type);
      }
  return is_read && check_footer (footer, thrift, error);
}

/* Finds the footer, which ends the file. */
static gboolean
find_footer (const ShsParquet *file, ShsThrift *thrift, GError **error)
{
  const guint8 *end = file->data + file->length;
  guint32 length;

  if (file->length >= strlen (MAGIC) && memcmp (end - strlen (MAGIC), "PARE", 4) == 0)
    return shs_parquet_fail (file, NULL, SHS_ERROR_UNSUPPORTED, "its footer is encrypted", error);
  if (file->length < strlen (MAGIC) + TAIL_BYTES
      || memcmp (end - strlen (MAGIC), MAGIC, strlen (MAGIC)) != 0)
    return shs_parquet_fail (file, NULL, SHS_ERROR_SYNTAX, "its end is not that of a Parquet file",
                             error);
  memcpy (&length, end - TAIL_BYTES, sizeof length);
  length = GUINT32_FROM_LE (length);
  if (length > file->length - TAIL_BYTES - strlen (MAGIC))
    return shs_parquet_fail (file, NULL, SHS_ERROR_SYNTAX, "its footer is larger than the file",
                             error);
  shs_thrift_init (thrift, end - TAIL_BYTES - length, length);
  return TRUE;
}

ShsParquet *
shs_parquet_open (const char *name, GBytes *bytes, GError **error)
{
  g_autoptr (ShsParquet) self = g_new0 (ShsParquet, 1);
  Footer footer = { .file = self, .n_rows = -1 };
  ShsThrift thrift;

  self->name = g_strdup (name);
  self->bytes = g_bytes_ref (bytes);
  self->data = g_bytes_get_data (bytes, &self->length);
  if (!find_footer (self, &thrift, error) || !read_footer (&footer, &thrift, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
shs_parquet_free (ShsParquet *self)
{
  if (self == NULL)
    return;
  for (gsize j = 0; j < self->n_leaves; j++)
    g_free (self->leaves[j].path);
  shs_free (self->leaves);
  shs_free (self->group_rows);
  shs_free (self->chunks);
  g_bytes_unref (self->bytes);
  g_free (self->pandas);
  g_free (self->name);
  g_free (self);
}

gsize
shs_parquet_get_n_rows (const ShsParquet *self)
{
  return self->n_rows;
}

gssize
shs_parquet_find (const ShsParquet *self, const char *path)
{
  gsize length = strlen (path);
  gssize found = -1;

  for (gsize j = 0; j < self->n_leaves; j++)
    {
      const char *own = self->leaves[j].path;

      if (g_str_equal (own, path))
        return (gssize)j;
      if (strncmp (own, path, length) != 0 || own[length] != '.')
        continue;
      if (found >= 0)
        return -1;
      found = (gssize)j;
    }
  return found;
}
