#include "model/shs-feature-map.h"

#include "core/shs-memory.h"

#include <math.h>
#include <stdlib.h>

/* @is_counting: whether the keys are 0, 1, 2, ..., as category codes are: then they are indices. */
struct _ShsMapTable
{
  gint references;
  gsize n;
  double *keys;
  double *values;
  double otherwise;
  double missing;
  gboolean is_counting;
};

typedef struct
{
  double key;
  double value;
  gsize place;
} Entry;

static int
compare_entries (const void *a, const void *b)
{
  const Entry *first = a;
  const Entry *second = b;

  if (first->key != second->key)
    return first->key < second->key ? -1 : 1;
  return (first->place > second->place) - (first->place < second->place);
}

static gsize
sort_entries (Entry *entries, const double *keys, const double *values, gsize n)
{
  gsize n_kept = 0;
  gsize n_different = 0;

  for (gsize i = 0; i < n; i++)
    if (!isnan (keys[i]))
      entries[n_kept++] = (Entry){ keys[i], values[i], i };
  qsort (entries, n_kept, sizeof *entries, compare_entries);
  for (gsize i = 0; i < n_kept; i++)
    if (i == 0 || entries[i].key != entries[n_different - 1].key)
      entries[n_different++] = entries[i];
  return n_different;
}

ShsMapTable *
shs_map_table_new (const double *keys, const double *values, gsize n, double otherwise,
                   double missing, GError **error)
{
  g_autoptr (ShsMapTable) self = g_new0 (ShsMapTable, 1);
  SHS_AUTOFREE Entry *entries = shs_alloc (n, sizeof *entries, error);

  self->references = 1;
  self->otherwise = otherwise;
  self->missing = missing;
  if (entries == NULL)
    return NULL;
  self->n = sort_entries (entries, keys, values, n);
  self->keys = shs_alloc (self->n, sizeof *self->keys, error);
  if (self->keys == NULL)
    return NULL;
  self->values = shs_alloc (self->n, sizeof *self->values, error);
  if (self->values == NULL)
    return NULL;
  self->is_counting = TRUE;
  for (gsize i = 0; i < self->n; i++)
    {
      self->keys[i] = entries[i].key;
      self->values[i] = entries[i].value;
      self->is_counting = self->is_counting && self->keys[i] == (double)i;
    }
  return g_steal_pointer (&self);
}

ShsMapTable *
shs_map_table_ref (ShsMapTable *self)
{
  g_atomic_int_inc (&self->references);
  return self;
}

void
shs_map_table_unref (ShsMapTable *self)
{
  if (self == NULL || !g_atomic_int_dec_and_test (&self->references))
    return;
  shs_free (self->keys);
  shs_free (self->values);
  g_free (self);
}

static double
search (const ShsMapTable *self, double value)
{
  gsize low = 0;
  gsize high = self->n;

  while (low < high)
    {
      gsize middle = low + (high - low) / 2;

      if (self->keys[middle] < value)
        low = middle + 1;
      else
        high = middle;
    }
  return low < self->n && self->keys[low] == value ? self->values[low] : self->otherwise;
}

double
shs_map_table_look_up (const ShsMapTable *self, double value)
{
  if (isnan (value))
    return self->missing;
  if (!self->is_counting)
    return search (self, value);
  if (value >= 0 && value < (double)self->n && value == floor (value))
    return self->values[(gsize)value];
  return self->otherwise;
}
