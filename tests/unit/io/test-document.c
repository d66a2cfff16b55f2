#include "test-document.h"

#include "shs-test.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "io/json/shs-document-reader.h"

#include <math.h>

static ShsDocumentReader *
open_reader (GBytes *bytes, gboolean is_json)
{
  return is_json ? shs_document_reader_new_json ("test.json", bytes)
                 : shs_document_reader_new_ubjson ("test.ubj", bytes);
}

/* Arrays are read at once by a kind that depends on where they stand. */
static void
read_array (ShsDocumentReader *reader, guint turn)
{
  gsize count;

  switch (turn % 4)
    {
    case 0:
      shs_free (shs_document_reader_read_doubles (reader, &count));
      break;
    case 1:
      shs_free (shs_document_reader_read_floats (reader, &count));
      break;
    case 2:
      shs_free (shs_document_reader_read_integers (reader, &count));
      break;
    default:
      g_strfreev (shs_document_reader_read_strings (reader, &count));
    }
}

static void
read_scalar (ShsDocumentReader *reader, ShsDocumentType type)
{
  if (type == SHS_DOCUMENT_STRING)
    shs_document_reader_read_string (reader);
  else if (type == SHS_DOCUMENT_NUMBER)
    shs_document_reader_read_number (reader);
  else if (type == SHS_DOCUMENT_BOOLEAN)
    shs_document_reader_read_boolean (reader);
  else
    shs_document_reader_read_null (reader);
}

/* Walks without recursion; a byte of @levels says whether the level is an array. */
static void
walk (ShsDocumentReader *reader, gboolean at_once)
{
  g_autoptr (GByteArray) levels = g_byte_array_new ();
  guint turn = 0;

  do
    {
      ShsDocumentType type = shs_document_reader_peek (reader);
      guint8 is_array = type == SHS_DOCUMENT_ARRAY;

      if (is_array && at_once && levels->len > 1)
        read_array (reader, turn++);
      else if (is_array ? shs_document_reader_begin_array (reader)
                        : type == SHS_DOCUMENT_OBJECT && shs_document_reader_begin_object (reader))
        g_byte_array_append (levels, &is_array, 1);
      else
        read_scalar (reader, type);
      while (levels->len > 0
             && !(levels->data[levels->len - 1] ? shs_document_reader_next_element (reader)
                                                : shs_document_reader_next_key (reader) != NULL))
        g_byte_array_set_size (levels, levels->len - 1);
    }
  while (levels->len > 0 && shs_document_reader_check (reader, NULL));
}

static gboolean
finish (ShsDocumentReader *reader)
{
  g_autoptr (GError) error = NULL;

  if (shs_document_reader_finish (reader, &error))
    return TRUE;
  ck_assert_ptr_nonnull (error);
  shs_test_assert_error (error, error->code);
  ck_assert (g_utf8_validate (error->message, -1, NULL));
  return FALSE;
}

gboolean
test_document_walk (GBytes *bytes, gboolean is_json)
{
  g_autoptr (ShsDocumentReader) reader = open_reader (bytes, is_json);

  walk (reader, FALSE);
  return finish (reader);
}

void
test_document_mutant (GBytes *bytes, gpointer is_json)
{
  gboolean json = *(gboolean *)is_json;
  g_autoptr (ShsDocumentReader) at_once = open_reader (bytes, json);
  g_autoptr (ShsDocumentReader) skipping = open_reader (bytes, json);
  gboolean is_good;

  walk (at_once, TRUE);
  finish (at_once);
  shs_document_reader_skip (skipping);
  is_good = finish (skipping);
  ck_assert_int_eq (test_document_walk (bytes, json), is_good);
}

guint64
test_document_fail_allocations (GBytes *bytes, gboolean is_json)
{
  for (guint64 n = 1;; n++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (ShsDocumentReader) reader = NULL;

      shs_alloc_fail_at (n);
      reader = open_reader (bytes, is_json);
      walk (reader, TRUE);
      shs_alloc_fail_at (0);
      if (shs_document_reader_check (reader, &error) || error->code != SHS_ERROR_MEMORY)
        return n - 1;
      shs_test_assert_error (error, SHS_ERROR_MEMORY);
    }
}

/* One scalar of both; JSON's decimal text is that of a float32 where UBJSON holds one. */
static void
compare_scalar (ShsDocumentReader *json, ShsDocumentReader *ubjson, ShsDocumentType type)
{
  if (type == SHS_DOCUMENT_NUMBER || type == SHS_DOCUMENT_BOOLEAN)
    {
      double a = type == SHS_DOCUMENT_NUMBER ? shs_document_reader_read_number (json)
                                             : shs_document_reader_read_boolean (json);
      double b = shs_document_reader_read_number (ubjson);

      ck_assert_msg ((float)a == (float)b || (isnan (a) && isnan (b)), "%.17g is %.17g", a, b);
      return;
    }
  ck_assert_int_eq (type, SHS_DOCUMENT_STRING);
  ck_assert_str_eq (shs_document_reader_read_string (json),
                    shs_document_reader_read_string (ubjson));
}

/* Whether both have another value in the container entered last. */
static gboolean
compare_advance (ShsDocumentReader *json, ShsDocumentReader *ubjson, gboolean is_array)
{
  const char *a;
  const char *b;

  if (is_array)
    {
      gboolean more = shs_document_reader_next_element (json);

      ck_assert_int_eq (more, shs_document_reader_next_element (ubjson));
      return more;
    }
  a = shs_document_reader_next_key (json);
  b = shs_document_reader_next_key (ubjson);
  ck_assert_pstr_eq (a, b);
  return a != NULL;
}

gsize
test_document_compare (GBytes *json_bytes, GBytes *ubjson_bytes)
{
  g_autoptr (ShsDocumentReader) json = shs_document_reader_new ("test.json", json_bytes);
  g_autoptr (ShsDocumentReader) ubjson = shs_document_reader_new ("test.ubj", ubjson_bytes);
  g_autoptr (GByteArray) levels = g_byte_array_new ();
  gsize n = 0;

  do
    {
      ShsDocumentType type = shs_document_reader_peek (json);
      guint8 is_array = type == SHS_DOCUMENT_ARRAY;

      n++;
      if (is_array || type == SHS_DOCUMENT_OBJECT)
        {
          is_array ? shs_document_reader_begin_array (json)
                   : shs_document_reader_begin_object (json);
          is_array ? shs_document_reader_begin_array (ubjson)
                   : shs_document_reader_begin_object (ubjson);
          g_byte_array_append (levels, &is_array, 1);
        }
      else
        compare_scalar (json, ubjson, type);
      while (levels->len > 0 && !compare_advance (json, ubjson, levels->data[levels->len - 1]))
        g_byte_array_set_size (levels, levels->len - 1);
    }
  while (levels->len > 0);
  ck_assert (finish (json));
  ck_assert (finish (ubjson));
  return n;
}
