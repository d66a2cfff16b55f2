#include "tree/shs-tree-cache.h"

#include "core/shs-memory.h"

#define N_VARIANTS 8

/* programs: [variant][group]; NULL where there is none yet. */
struct _ShsTreeCache
{
  gsize n_groups;
  gsize n_bytes;
  ShsTreeProgram **programs;
};

/* Held for moments only: nothing is compiled under it. */
static GMutex mutex;

static gsize
find_place (const ShsTreeCache *self, ShsTreeVariant variant, gsize group)
{
  gsize number = 4 * (gsize)(variant.pairs != FALSE) + 2 * (gsize)variant.index
                 + (variant.size == sizeof (double));

  return number * self->n_groups + group;
}

const ShsTreeProgram *
shs_tree_cache_get (const ShsTreeEnsemble *ensemble, ShsTreeVariant variant, gsize group)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&mutex);
  const ShsTreeCache *self = *ensemble->cache;

  return self != NULL ? self->programs[find_place (self, variant, group)] : NULL;
}

static ShsTreeCache *
ensure_cache (ShsTreeCache **place, gsize n_groups)
{
  ShsTreeProgram **programs;

  if (*place != NULL)
    return *place;
  programs = shs_alloc0 (n_groups, N_VARIANTS * sizeof *programs, NULL);
  if (programs == NULL)
    return NULL;
  *place = g_new (ShsTreeCache, 1);
  **place = (ShsTreeCache){ .n_groups = n_groups, .programs = programs };
  return *place;
}

gboolean
shs_tree_cache_keep (const ShsTreeEnsemble *ensemble, gsize n_groups, gsize group,
                     ShsTreeProgram *program)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&mutex);
  ShsTreeCache *self = ensure_cache (ensemble->cache, n_groups);
  gsize n_bytes = shs_tree_program_count_bytes (program);
  gsize place;

  if (self == NULL)
    return FALSE;
  place = find_place (self, program->variant, group);
  if (self->programs[place] != NULL)
    {
      shs_tree_program_free (program);
      return TRUE;
    }
  if (n_bytes > SHS_TREE_CACHE_BYTES - self->n_bytes)
    return FALSE;
  self->n_bytes += n_bytes;
  self->programs[place] = program;
  return TRUE;
}

void
shs_tree_cache_free (ShsTreeCache *self)
{
  if (self == NULL)
    return;
  for (gsize i = 0; i < N_VARIANTS * self->n_groups; i++)
    shs_tree_program_free (self->programs[i]);
  shs_free (self->programs);
  g_free (self);
}
