#include "model/catboost/shs-catboost-document.h"

#include "core/shs-memory.h"

ShsCatboostTable *
shs_catboost_table_new (gsize n_groups, gsize n_counts, gboolean has_sums, GError **error)
{
  g_autoptr (ShsCatboostTable) self = g_new0 (ShsCatboostTable, 1);
  gsize n_numbers;

  self->references = 1;
  self->n_groups = n_groups;
  self->n_counts = n_counts;
  if (!shs_size_multiply (n_groups, n_counts, &n_numbers))
    n_numbers = G_MAXSIZE;
  self->hash = shs_alloc (n_groups, sizeof *self->hash, error);
  if (self->hash == NULL)
    return NULL;
  self->counts = shs_alloc (n_numbers, sizeof *self->counts, error);
  if (self->counts == NULL)
    return NULL;
  if (has_sums)
    self->sums = shs_alloc (n_groups, sizeof *self->sums, error);
  return !has_sums || self->sums != NULL ? g_steal_pointer (&self) : NULL;
}

void
shs_catboost_table_unref (ShsCatboostTable *self)
{
  if (self == NULL || !g_atomic_int_dec_and_test (&self->references))
    return;
  shs_free (self->hash);
  shs_free (self->counts);
  shs_free (self->sums);
  shs_free (self->slots);
  g_free (self);
}

/* The last step of MurmurHash3. */
static gsize
find_first_slot (const ShsCatboostTable *self, guint64 hash)
{
  hash ^= self->salt;
  hash = (hash ^ hash >> 33) * G_GUINT64_CONSTANT (0xff51afd7ed558ccd);
  hash = (hash ^ hash >> 33) * G_GUINT64_CONSTANT (0xc4ceb9fe1a85ec53);
  return (hash ^ hash >> 33) & (self->n_slots - 1);
}

gboolean
shs_catboost_table_index (ShsCatboostTable *self, GError **error)
{
  self->n_slots = 2;
  self->salt = (guint64)g_random_int () << 32 | g_random_int ();
  while (self->n_slots < 2 * self->n_groups)
    self->n_slots *= 2;
  self->slots = shs_alloc0 (self->n_slots, sizeof *self->slots, error);
  if (self->slots == NULL)
    return FALSE;
  for (gsize group = 0; group < self->n_groups; group++)
    {
      gsize slot = find_first_slot (self, self->hash[group]);

      while (self->slots[slot] != 0 && self->hash[self->slots[slot] - 1] != self->hash[group])
        slot = (slot + 1) & (self->n_slots - 1);
      if (self->slots[slot] == 0)
        self->slots[slot] = (guint32)group + 1;
    }
  return TRUE;
}

gssize
shs_catboost_table_find (const ShsCatboostTable *self, guint64 hash)
{
  gsize slot = find_first_slot (self, hash);

  while (self->slots[slot] != 0 && self->hash[self->slots[slot] - 1] != hash)
    slot = (slot + 1) & (self->n_slots - 1);
  return (gssize)self->slots[slot] - 1;
}
