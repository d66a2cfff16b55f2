#include "tree/shs-tree-cache.h"

#include "core/shs-memory.h"

#define N_VARIANTS 8

/* programs: [variant][group]; tables: [variant]; NULL where there is none yet. */
struct _ShsTreeCache
{
  ShsTreePathTables *tables[N_VARIANTS];
  gsize n_groups;
  gsize n_bytes;
  ShsTreeProgram **programs;
};

/* Held for moments only: nothing is compiled under it. */
static GMutex mutex;

static gsize
number_variant (ShsTreeVariant variant)
{
  return 4 * (gsize)(variant.pairs != FALSE) + 2 * (gsize)variant.index
         + (variant.size == sizeof (double));
}

static gsize
find_place (const ShsTreeCache *self, ShsTreeVariant variant, gsize group)
{
  return number_variant (variant) * self->n_groups + group;
}

const ShsTreeProgram *
shs_tree_cache_get (const ShsTreeEnsemble *ensemble, ShsTreeVariant variant, gsize group)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&mutex);
  const ShsTreeCache *self = *ensemble->cache;

  return self != NULL && self->programs != NULL ? self->programs[find_place (self, variant, group)]
                                                : NULL;
}

static ShsTreeCache *
ensure_cache (ShsTreeCache **place)
{
  if (*place == NULL)
    *place = g_new0 (ShsTreeCache, 1);
  return *place;
}

static gboolean
ensure_programs (ShsTreeCache *self, gsize n_groups)
{
  if (self->programs == NULL)
    self->programs = shs_alloc0 (n_groups, N_VARIANTS * sizeof *self->programs, NULL);
  self->n_groups = n_groups;
  return self->programs != NULL;
}

gboolean
shs_tree_cache_keep (const ShsTreeEnsemble *ensemble, gsize n_groups, gsize group,
                     ShsTreeProgram *program)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&mutex);
  ShsTreeCache *self = ensure_cache (ensemble->cache);
  gsize n_bytes = shs_tree_program_count_bytes (program);
  gsize place;

  if (!ensure_programs (self, n_groups))
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

const ShsTreePathTables *
shs_tree_cache_get_tables (const ShsTreeEnsemble *ensemble, ShsTreeVariant variant)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&mutex);
  const ShsTreeCache *self = *ensemble->cache;

  return self != NULL ? self->tables[number_variant (variant)] : NULL;
}

gboolean
shs_tree_cache_keep_tables (const ShsTreeEnsemble *ensemble, ShsTreePathTables *tables)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&mutex);
  ShsTreeCache *self = ensure_cache (ensemble->cache);
  gsize place = number_variant (tables->variant);

  if (self->tables[place] != NULL)
    {
      shs_tree_path_tables_free (tables);
      return TRUE;
    }
  if (tables->n_bytes > SHS_TREE_CACHE_BYTES - self->n_bytes)
    return FALSE;
  self->n_bytes += tables->n_bytes;
  self->tables[place] = tables;
  return TRUE;
}

void
shs_tree_cache_free (ShsTreeCache *self)
{
  if (self == NULL)
    return;
  for (gsize i = 0; self->programs != NULL && i < N_VARIANTS * self->n_groups; i++)
    shs_tree_program_free (self->programs[i]);
  for (gsize i = 0; i < N_VARIANTS; i++)
    shs_tree_path_tables_free (self->tables[i]);
  shs_free (self->programs);
  g_free (self);
}
