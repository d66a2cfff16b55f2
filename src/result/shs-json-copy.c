/* JSON values from one document into another. */
#include "result/shs-json-copy.h"

#include <string.h>

static void
copy_object (ShsDocumentReader *from, ShsJsonWriter *to)
{
  const char *key;

  shs_document_reader_begin_object (from);
  shs_json_writer_begin_object (to);
  while ((key = shs_document_reader_next_key (from)) != NULL)
    {
      shs_json_writer_key (to, key);
      shs_json_copy_value (from, to);
    }
  shs_json_writer_end_object (to);
}

static void
copy_array (ShsDocumentReader *from, ShsJsonWriter *to)
{
  shs_document_reader_begin_array (from);
  shs_json_writer_begin_array (to);
  while (shs_document_reader_next_element (from))
    shs_json_copy_value (from, to);
  shs_json_writer_end_array (to);
}

void
shs_json_copy_value (ShsDocumentReader *from, ShsJsonWriter *to)
{
  switch (shs_document_reader_peek (from))
    {
    case SHS_DOCUMENT_OBJECT:
      copy_object (from, to);
      break;
    case SHS_DOCUMENT_ARRAY:
      copy_array (from, to);
      break;
    case SHS_DOCUMENT_STRING:
      shs_json_writer_string (to, shs_document_reader_read_string (from));
      break;
    case SHS_DOCUMENT_NUMBER:
      shs_json_writer_double (to, shs_document_reader_read_number (from));
      break;
    case SHS_DOCUMENT_BOOLEAN:
      shs_json_writer_boolean (to, shs_document_reader_read_boolean (from));
      break;
    case SHS_DOCUMENT_NULL:
      shs_document_reader_skip (from);
      shs_json_writer_null (to);
      break;
    case SHS_DOCUMENT_FAILED:
      shs_json_writer_null (to);
      break;
    }
}

void
shs_json_copy_text (const char *text, ShsJsonWriter *writer)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (ShsDocumentReader) check = shs_document_reader_new_json ("text", bytes);
  g_autoptr (ShsDocumentReader) reader = NULL;

  shs_document_reader_skip (check);
  if (!shs_document_reader_finish (check, NULL))
    {
      shs_json_writer_string (writer, text);
      return;
    }
  reader = shs_document_reader_new_json ("text", bytes);
  shs_json_copy_value (reader, writer);
}
