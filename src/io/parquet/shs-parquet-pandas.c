/* What pandas notes of a frame: which columns were its index.
 * https://pandas.pydata.org/docs/development/developer.html */
#include "io/json/shs-document-reader.h"
#include "io/parquet/shs-parquet-private.h"

#include <string.h>

/* An entry is a column's name, or an object for an index that only counts and is not stored. */
static void
read_index_columns (ShsDocumentReader *reader, char **name, guint *n)
{
  if (shs_document_reader_peek (reader) != SHS_DOCUMENT_ARRAY)
    {
      shs_document_reader_skip (reader);
      return;
    }
  shs_document_reader_begin_array (reader);
  while (shs_document_reader_next_element (reader))
    if (shs_document_reader_peek (reader) != SHS_DOCUMENT_STRING)
      shs_document_reader_skip (reader);
    else
      {
        g_free (*name);
        *name = g_strdup (shs_document_reader_read_string (reader));
        ++*n;
      }
}

/* Notes that cannot be read say nothing; the table is the same without them. */
gssize
shs_parquet_find_index (const ShsParquet *self)
{
  g_autoptr (ShsDocumentReader) reader = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *name = NULL;
  const char *key;
  guint n = 0;

  if (self->pandas == NULL)
    return -1;
  bytes = g_bytes_new_static (self->pandas, strlen (self->pandas));
  reader = shs_document_reader_new_json (self->name, bytes);
  shs_document_reader_begin_object (reader);
  while ((key = shs_document_reader_next_key (reader)) != NULL)
    if (g_str_equal (key, "index_columns"))
      read_index_columns (reader, &name, &n);
    else
      shs_document_reader_skip (reader);
  if (!shs_document_reader_finish (reader, NULL) || n != 1 || name == NULL)
    return -1;
  for (gsize j = 0; j < self->n_leaves; j++)
    if (self->leaves[j].max_repetition == 0 && g_str_equal (self->leaves[j].path, name))
      return (gssize)j;
  return -1;
}
