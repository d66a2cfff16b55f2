/* Text columns: the dictionaries of the chunks become one, in order of first appearance. */
#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "core/shs-pool.h"
#include "io/csv/shs-csv-private.h"

#include <string.h>

static const ShsCsvEntry *
get_chunk_texts (const ShsCsvTable *table, gsize chunk, gsize text_index, gsize *n)
{
  const gsize *ends = table->text_ends[chunk];
  gsize begin = text_index > 0 ? ends[text_index - 1] : 0;

  *n = ends[text_index] - begin;
  return table->texts[chunk] + begin;
}

static gboolean
merge_chunk (ShsCsvTable *table, gsize c, ShsCsvColumn *column, ShsCsvDictionary *all,
             GError **error)
{
  const ShsCsvChunk *chunk = &table->chunks[c];
  gint32 *codes = (gint32 *)column->values + chunk->first_row;
  gsize n;
  const ShsCsvEntry *texts = get_chunk_texts (table, c, column->text_index, &n);
  SHS_AUTOFREE gint32 *new_codes = shs_alloc (n, sizeof *new_codes, error);

  if (new_codes == NULL)
    return FALSE;
  for (gsize i = 0; i < n; i++)
    {
      new_codes[i] = shs_csv_dictionary_add (all, &texts[i], error);
      if (new_codes[i] < 0)
        return FALSE;
    }
  for (gsize row = 0; row < chunk->n_rows; row++)
    if (codes[row] >= 0)
      codes[row] = new_codes[codes[row]];
  return TRUE;
}

static gboolean
make_categories (ShsCsvTable *table, gsize j, const ShsCsvDictionary *all, GError **error)
{
  ShsCsvColumn *column = &table->columns[j];
  guint64 n_bytes = all->n_entries * sizeof (char *);

  for (gsize i = 0; i < all->n_entries; i++)
    n_bytes += all->entries[i].length + 2 * sizeof (gsize);
  if (!shs_memory_check (n_bytes, "The texts of a column", error))
    return FALSE;
  column->categories = g_try_new0 (char *, all->n_entries + 1);
  if (column->categories == NULL)
    {
      g_set_error (error, SHS_ERROR, SHS_ERROR_MEMORY,
                   "%s: no memory for the texts of column %" G_GSIZE_FORMAT
                   "; close other programs or leave it out",
                   table->text->name, j + 1);
      return FALSE;
    }
  for (gsize i = 0; i < all->n_entries; i++)
    {
      const ShsCsvEntry *entry = &all->entries[i];

      column->categories[i] = shs_csv_cell_to_text (entry->begin, entry->length,
                                                    (entry->hash & SHS_CSV_HAS_ESCAPES) != 0);
      if (column->categories[i] == NULL)
        return shs_csv_fail (
            table->text, entry->begin, j + 1,
            "it holds a NUL byte, so this is no text (or UTF-16 without its mark); "
            "save it as UTF-8",
            error);
      column->n_categories = i + 1;
    }
  return TRUE;
}

static gboolean
merge_column (gsize j, guint worker, gpointer data, GError **error)
{
  ShsCsvTable *table = data;
  ShsCsvColumn *column = &table->columns[j];
  g_auto (ShsCsvDictionary) all = { 0 };

  if (column->kind != SHS_CSV_TEXT)
    return TRUE;
  for (gsize c = 0; c < table->n_chunks; c++)
    if (!merge_chunk (table, c, column, &all, error))
      return FALSE;
  return make_categories (table, j, &all, error);
}

gboolean
shs_csv_table_merge_texts (ShsCsvTable *self, GError **error)
{
  gboolean ok = self->n_text_columns == 0
                || shs_pool_run (self->plan.n_threads, self->header->n_columns, merge_column, self,
                                 self->plan.progress, error);

  shs_csv_table_clear_texts (self);
  return ok;
}

void
shs_csv_table_clear_texts (ShsCsvTable *self)
{
  for (gsize c = 0; c < self->n_chunks; c++)
    {
      if (self->texts != NULL)
        shs_free (self->texts[c]);
      if (self->text_ends != NULL)
        shs_free (self->text_ends[c]);
    }
  g_clear_pointer (&self->texts, shs_free);
  g_clear_pointer (&self->text_ends, shs_free);
}
