#include "tree/shs-tree-distinct.h"

#include "tree/kernels/shs-tree-kernels.h"

#include <string.h>

static guint64
hash_pattern (const guint64 *pattern, gsize n_words)
{
  guint64 hash = 0;

  for (gsize i = 0; i < n_words; i++)
    hash = (hash ^ pattern[i]) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  return hash ^ hash >> 32;
}

static void
fill_table (const ShsTreeDistinct *self, guint32 *table, gsize mask)
{
  const guint64 *patterns = self->patterns.memory;

  memset (table, 0, (mask + 1) * sizeof *table);
  for (gsize i = 0; i < self->n; i++)
    {
      gsize place = hash_pattern (patterns + i * self->n_words, self->n_words) & mask;

      while (table[place] > 0)
        place = (place + 1) & mask;
      table[place] = (guint32)i + 1;
    }
}

/* Room for 64 more; the table is at most half full. */
static guint32 *
ensure_table (const ShsTreeDistinct *self, ShsTreeBuffer *buffer, GError **error)
{
  gsize needed = (gsize)2 << g_bit_storage (self->n + SHS_TREE_BLOCK);
  guint32 *table;

  if (buffer->n == needed)
    return buffer->memory;
  buffer->n = 0;
  table = shs_tree_buffer_extend (buffer, needed, sizeof *table, error);
  if (table != NULL)
    fill_table (self, table, needed - 1);
  return table;
}

static gboolean
add_pattern (ShsTreeDistinct *self, const guint64 *pattern, guint32 *table, gsize mask,
             GError **error)
{
  gsize place = hash_pattern (pattern, self->n_words) & mask;
  const guint64 *known = self->patterns.memory;
  guint64 *added;
  guint64 *count;

  for (; table[place] > 0; place = (place + 1) & mask)
    if (memcmp (known + (table[place] - 1) * self->n_words, pattern,
                self->n_words * sizeof *pattern)
        == 0)
      {
        ((guint64 *)self->counts.memory)[table[place] - 1]++;
        return TRUE;
      }
  added = shs_tree_buffer_extend (&self->patterns, self->n_words, sizeof *added, error);
  if (added == NULL)
    return FALSE;
  count = shs_tree_buffer_extend (&self->counts, 1, sizeof *count, error);
  if (count == NULL)
    return FALSE;
  memcpy (added, pattern, self->n_words * sizeof *pattern);
  *count = 1;
  table[place] = (guint32)++self->n;
  return TRUE;
}

gboolean
shs_tree_distinct_add (ShsTreeDistinct *self, const guint64 *patterns, gsize n,
                       ShsTreeBuffer *buffer, GError **error)
{
  guint32 *table = ensure_table (self, buffer, error);

  if (table == NULL)
    return FALSE;
  for (gsize i = 0; i < n; i++)
    if (!add_pattern (self, patterns + i * self->n_words, table, buffer->n - 1, error))
      return FALSE;
  return TRUE;
}

void
shs_tree_distinct_clear (ShsTreeDistinct *self)
{
  shs_tree_buffer_clear (&self->patterns);
  shs_tree_buffer_clear (&self->counts);
}
