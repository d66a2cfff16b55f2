#include "tree/shs-tree-cache.h"

#include "core/shs-memory.h"

#define N_VARIANTS 8

/* [variant], and of programs [group], which each variant divides in its own way; NULL where there
 * is none yet. */
struct _ShsTreeCache
{
  ShsTreePathPatterns *patterns;
  ShsTreePathTables *tables[N_VARIANTS];
  ShsTreeProgram **programs[N_VARIANTS];
  gsize n_groups[N_VARIANTS];
  gsize n_bytes;
};

/* Held for moments only: nothing is compiled under it. */
static GMutex mutex;

static gsize
number_variant (ShsTreeVariant variant)
{
  return 4 * (gsize)(variant.pairs != FALSE) + 2 * (gsize)variant.index
         + (variant.size == sizeof (double));
}

const ShsTreeProgram *
shs_tree_cache_get (const ShsTreeEnsemble *ensemble, ShsTreeVariant variant, gsize group)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&mutex);
  const ShsTreeCache *self = *ensemble->cache;
  gsize number = number_variant (variant);

  return self != NULL && group < self->n_groups[number] ? self->programs[number][group] : NULL;
}

static ShsTreeCache *
ensure_cache (ShsTreeCache **place)
{
  if (*place == NULL)
    *place = g_new0 (ShsTreeCache, 1);
  return *place;
}

static gboolean
ensure_programs (ShsTreeCache *self, gsize number, gsize n_groups)
{
  if (self->programs[number] == NULL)
    {
      self->programs[number] = shs_alloc0 (n_groups, sizeof (ShsTreeProgram *), NULL);
      self->n_groups[number] = self->programs[number] != NULL ? n_groups : 0;
    }
  return self->n_groups[number] == n_groups;
}

gboolean
shs_tree_cache_keep (const ShsTreeEnsemble *ensemble, gsize n_groups, gsize group,
                     ShsTreeProgram *program)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&mutex);
  ShsTreeCache *self = ensure_cache (ensemble->cache);
  gsize number = number_variant (program->variant);
  gsize n_bytes = shs_tree_program_count_bytes (program);

  if (!ensure_programs (self, number, n_groups))
    return FALSE;
  if (self->programs[number][group] != NULL)
    {
      shs_tree_program_free (program);
      return TRUE;
    }
  if (n_bytes > SHS_TREE_CACHE_BYTES - self->n_bytes)
    return FALSE;
  self->n_bytes += n_bytes;
  self->programs[number][group] = program;
  return TRUE;
}

ShsTreePathPatterns *
shs_tree_cache_get_patterns (const ShsTreeEnsemble *ensemble)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&mutex);
  const ShsTreeCache *self = *ensemble->cache;

  return self != NULL && self->patterns != NULL ? shs_tree_path_patterns_ref (self->patterns)
                                                : NULL;
}

static gboolean
keep_patterns (ShsTreeCache *self, ShsTreePathPatterns *patterns)
{
  if (self->patterns != NULL)
    return self->patterns == patterns;
  if (patterns->n_bytes > SHS_TREE_CACHE_BYTES - self->n_bytes)
    return FALSE;
  self->n_bytes += patterns->n_bytes;
  self->patterns = shs_tree_path_patterns_ref (patterns);
  return TRUE;
}

void
shs_tree_cache_keep_patterns (const ShsTreeEnsemble *ensemble, ShsTreePathPatterns *patterns)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&mutex);

  keep_patterns (ensure_cache (ensemble->cache), patterns);
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
  if (!keep_patterns (self, tables->patterns)
      || tables->n_bytes > SHS_TREE_CACHE_BYTES - self->n_bytes)
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
  for (gsize i = 0; i < N_VARIANTS; i++)
    {
      for (gsize g = 0; g < self->n_groups[i]; g++)
        shs_tree_program_free (self->programs[i][g]);
      shs_free (self->programs[i]);
      shs_tree_path_tables_free (self->tables[i]);
    }
  shs_tree_path_patterns_unref (self->patterns);
  g_free (self);
}
