/* A hash table from texts in the file to codes: open addressing, entries in order of arrival. */
#include "io/csv/shs-csv-private.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"

#include <string.h>

#define FIRST_SLOTS 64

static inline guint64
mix (guint64 a, guint64 b)
{
  unsigned __int128 product = (unsigned __int128)a * b;

  return (guint64)product ^ (guint64)(product >> 64);
}

/* 1 to 8 bytes, told apart from each other for every length. */
static inline guint64
load (const char *at, gsize length)
{
  guint32 first;
  guint32 last;

  if (length < 4)
    return (guint64)(guint8)at[0] | (guint64)(guint8)at[length / 2] << 8
           | (guint64)(guint8)at[length - 1] << 16 | (guint64)length << 24;
  memcpy (&first, at, sizeof first);
  memcpy (&last, at + length - sizeof last, sizeof last);
  return (guint64)last << 32 | first;
}

static inline guint64
hash_word (guint64 hash, guint64 word)
{
  return mix (hash ^ word, 0x9e3779b97f4a7c15);
}

/* Doubled quotes count once, so that a text is equal to itself however it is written. */
static guint64
hash_escaped (const char *text, gsize length, guint64 hash)
{
  char piece[8];
  gsize n = 0;

  for (gsize i = 0; i < length; i++)
    {
      piece[n++] = text[i];
      i += text[i] == '"';
      if (n == sizeof piece)
        {
          hash = hash_word (hash, load (piece, n));
          n = 0;
        }
    }
  return hash_word (hash, n > 0 ? load (piece, n) : 0);
}

static guint64
hash_plain (const char *text, gsize length, guint64 hash)
{
  for (; length >= 8; text += 8, length -= 8)
    hash = hash_word (hash, load (text, 8));
  return hash_word (hash, length > 0 ? load (text, length) : 0);
}

ShsCsvEntry
shs_csv_entry (const ShsCsvCell *cell, guint64 seed)
{
  gsize length = (gsize)(cell->end - cell->begin);
  guint64 hash = cell->has_escapes ? hash_escaped (cell->begin, length, seed)
                                   : hash_plain (cell->begin, length, seed);

  return (ShsCsvEntry){
    .begin = cell->begin,
    .length = (guint32)length,
    .hash = ((guint32)(hash >> 32) & ~SHS_CSV_HAS_ESCAPES)
            | (cell->has_escapes ? SHS_CSV_HAS_ESCAPES : 0),
  };
}

static gboolean
equal_escaped (const ShsCsvEntry *a, const ShsCsvEntry *b)
{
  guint32 i = 0;
  guint32 j = 0;

  while (i < a->length && j < b->length)
    {
      if (a->begin[i] != b->begin[j])
        return FALSE;
      i += 1 + ((a->hash & SHS_CSV_HAS_ESCAPES) != 0 && a->begin[i] == '"');
      j += 1 + ((b->hash & SHS_CSV_HAS_ESCAPES) != 0 && b->begin[j] == '"');
    }
  return i == a->length && j == b->length;
}

static inline gboolean
equal (const ShsCsvEntry *a, const ShsCsvEntry *b)
{
  if (((a->hash ^ b->hash) & ~SHS_CSV_HAS_ESCAPES) != 0)
    return FALSE;
  if (G_UNLIKELY ((a->hash | b->hash) & SHS_CSV_HAS_ESCAPES))
    return equal_escaped (a, b);
  return a->length == b->length && memcmp (a->begin, b->begin, a->length) == 0;
}

static inline gsize
first_slot (const ShsCsvEntry *entry, gsize n_slots)
{
  return ((entry->hash & ~SHS_CSV_HAS_ESCAPES) * (guint64)0x9e3779b97f4a7c15 >> 32) & (n_slots - 1);
}

static gboolean
grow (ShsCsvDictionary *self, GError **error)
{
  gsize n_slots = MAX (FIRST_SLOTS, self->n_slots * 2);
  SHS_AUTOFREE gint32 *slots = shs_alloc (n_slots, sizeof *slots, error);
  ShsCsvEntry *entries;

  if (slots == NULL)
    return FALSE;
  entries = shs_realloc (self->entries, self->n_entries, n_slots / 2, sizeof *entries, error);
  if (entries == NULL)
    return FALSE;
  self->entries = entries;
  memset (slots, 0xff, n_slots * sizeof *slots);
  for (gsize i = 0; i < self->n_entries; i++)
    {
      gsize slot = first_slot (&entries[i], n_slots);

      while (slots[slot] >= 0)
        slot = (slot + 1) & (n_slots - 1);
      slots[slot] = (gint32)i;
    }
  shs_free (self->slots);
  self->slots = g_steal_pointer (&slots);
  self->n_slots = n_slots;
  return TRUE;
}

gint32
shs_csv_dictionary_add (ShsCsvDictionary *self, const ShsCsvEntry *entry, GError **error)
{
  gsize slot;

  if (2 * self->n_entries >= self->n_slots && !grow (self, error))
    return -1;
  for (slot = first_slot (entry, self->n_slots); self->slots[slot] >= 0;
       slot = (slot + 1) & (self->n_slots - 1))
    if (equal (&self->entries[self->slots[slot]], entry))
      return self->slots[slot];
  if (self->n_entries >= G_MAXINT32)
    {
      g_set_error (error, SHS_ERROR, SHS_ERROR_UNSUPPORTED,
                   "A text column has more than %d different values; leave that column out",
                   G_MAXINT32);
      return -1;
    }
  self->entries[self->n_entries] = *entry;
  self->slots[slot] = (gint32)self->n_entries;
  return (gint32)self->n_entries++;
}

void
shs_csv_dictionary_reset (ShsCsvDictionary *self)
{
  if (self->n_entries > 0)
    memset (self->slots, 0xff, self->n_slots * sizeof *self->slots);
  self->n_entries = 0;
}

void
shs_csv_dictionary_clear (ShsCsvDictionary *self)
{
  shs_free (self->entries);
  shs_free (self->slots);
  *self = (ShsCsvDictionary){ 0 };
}
