#include "io/shs-text-codes.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "io/csv/shs-csv-private.h"

#include <string.h>

#define BLOCK_BYTES (64u << 10)

/* @blocks: memory of shs_alloc(); @room: bytes left at @at in the last of them */
struct _ShsTextCodes
{
  ShsCsvDictionary dictionary;
  GPtrArray *blocks;
  char *at;
  gsize room;
  guint64 seed;
  guint64 n_bytes;
};

ShsTextCodes *
shs_text_codes_new (void)
{
  ShsTextCodes *self = g_new0 (ShsTextCodes, 1);

  self->blocks = g_ptr_array_new_with_free_func (shs_free);
  self->seed = (guint64)g_random_int () << 32 | g_random_int ();
  return self;
}

void
shs_text_codes_free (ShsTextCodes *self)
{
  if (self == NULL)
    return;
  shs_csv_dictionary_clear (&self->dictionary);
  g_ptr_array_unref (self->blocks);
  g_free (self);
}

/* Room for @length more bytes. */
static gboolean
make_room (ShsTextCodes *self, gsize length, GError **error)
{
  gsize size = MAX (length, BLOCK_BYTES);

  if (length <= self->room)
    return TRUE;
  self->at = shs_alloc (size, 1, error);
  if (self->at == NULL)
    return FALSE;
  self->room = size;
  g_ptr_array_add (self->blocks, self->at);
  return TRUE;
}

gint32
shs_text_codes_add (ShsTextCodes *self, const char *text, gsize length, GError **error)
{
  ShsCsvCell cell = { .begin = text, .end = text + length };
  gsize n_before = self->dictionary.n_entries;
  ShsCsvEntry entry;
  gint32 code;

  if (length > SHS_CSV_MAX_CELL)
    {
      g_set_error (error, SHS_ERROR, SHS_ERROR_UNSUPPORTED,
                   "a text is longer than a mebibyte; leave its column out");
      return -1;
    }
  entry = shs_csv_entry (&cell, self->seed);
  /* Room first: an entry that was added must not be left without a copy. */
  if (!make_room (self, length, error))
    return -1;
  code = shs_csv_dictionary_add (&self->dictionary, &entry, error);
  if (code < 0 || self->dictionary.n_entries == n_before)
    return code;
  self->dictionary.entries[code].begin = length > 0 ? self->at : "";
  if (length == 0)
    return code;
  memcpy (self->at, text, length);
  self->at += length;
  self->room -= length;
  self->n_bytes += length;
  return code;
}

gsize
shs_text_codes_get_n (const ShsTextCodes *self)
{
  return self->dictionary.n_entries;
}

const char *
shs_text_codes_get (const ShsTextCodes *self, gsize code, gsize *length)
{
  *length = self->dictionary.entries[code].length;
  return self->dictionary.entries[code].begin;
}

static char **
new_categories (const ShsTextCodes *self, GError **error)
{
  gsize n = self->dictionary.n_entries;
  guint64 n_bytes = self->n_bytes + n * (sizeof (char *) + 2 * sizeof (gsize));
  char **categories = NULL;

  if (!shs_memory_check (n_bytes, "The texts of a column", error))
    return NULL;
  categories = g_try_new0 (char *, n + 1);
  if (categories == NULL)
    g_set_error (error, SHS_ERROR, SHS_ERROR_MEMORY,
                 "no memory for the texts of a column; close other programs or leave it out");
  return categories;
}

char **
shs_text_codes_make_categories (const ShsTextCodes *self, ShsTextFormat format, gpointer data,
                                GError **error)
{
  char **categories = new_categories (self, error);

  for (gsize i = 0; categories != NULL && i < self->dictionary.n_entries; i++)
    {
      const ShsCsvEntry *entry = &self->dictionary.entries[i];

      categories[i] = format != NULL ? format (entry->begin, entry->length, data)
                                     : g_strndup (entry->begin, entry->length);
      if (categories[i] != NULL)
        continue;
      g_set_error (error, SHS_ERROR, SHS_ERROR_SYNTAX,
                   "a value is no text in UTF-8; leave its column out");
      g_clear_pointer (&categories, g_strfreev);
    }
  return categories;
}
