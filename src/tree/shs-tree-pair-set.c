#include "tree/shs-tree-pair-set.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"

#define LEAST_PLACES 1024
#define GOLDEN_RATIO G_GUINT64_CONSTANT (0x9e3779b97f4a7c15)

/* The place of @key, or the free one where it belongs: open addressing. */
static gsize
find_place (const ShsTreePairSet *self, guint64 key)
{
  const guint64 *keys = self->keys.memory;
  gsize place = (gsize)((key * GOLDEN_RATIO) >> 20) & (self->n_places - 1);

  while (self->table[place] != 0 && keys[self->table[place] - 1] != key)
    place = (place + 1) & (self->n_places - 1);
  return place;
}

static gboolean
grow (ShsTreePairSet *self, GError **error)
{
  const guint64 *keys = self->keys.memory;
  gsize n_places = MAX (LEAST_PLACES, 2 * self->n_places);
  guint32 *table = shs_alloc0 (n_places, sizeof *table, error);

  if (table == NULL)
    return FALSE;
  shs_free (self->table);
  self->table = table;
  self->n_places = n_places;
  for (gsize number = 0; number < self->keys.n; number++)
    table[find_place (self, keys[number])] = (guint32)number + 1;
  return TRUE;
}

static gboolean
check_count (const ShsTreePairSet *self, GError **error)
{
  if (self->keys.n < G_MAXUINT32 - 1)
    return TRUE;
  g_set_error_literal (error, SHS_ERROR, SHS_ERROR_UNSUPPORTED,
                       "The model has more than 4,294,967,293 pairs of features that meet on a "
                       "path; train with a smaller depth");
  return FALSE;
}

gboolean
shs_tree_pair_set_add (ShsTreePairSet *self, guint32 one, guint32 other, guint32 *number,
                       GError **error)
{
  guint64 key = (guint64)MIN (one, other) << 32 | MAX (one, other);
  guint64 *added;
  gsize place;

  if (2 * self->keys.n >= self->n_places && !grow (self, error))
    return FALSE;
  place = find_place (self, key);
  if (self->table[place] == 0)
    {
      if (!check_count (self, error))
        return FALSE;
      added = shs_tree_buffer_extend (&self->keys, 1, sizeof *added, error);
      if (added == NULL)
        return FALSE;
      *added = key;
      self->table[place] = (guint32)self->keys.n;
    }
  *number = self->table[place] - 1;
  return TRUE;
}

void
shs_tree_pair_set_seal (ShsTreePairSet *self)
{
  g_clear_pointer (&self->table, shs_free);
  self->n_places = 0;
}

void
shs_tree_pair_set_clear (ShsTreePairSet *self)
{
  shs_tree_pair_set_seal (self);
  shs_tree_buffer_clear (&self->keys);
}
