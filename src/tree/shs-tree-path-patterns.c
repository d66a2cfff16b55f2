#include "tree/shs-tree-path-patterns.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "tree/shs-tree-cache.h"

#define NODES_PER_GROUP 65536
static const ShsUnitLimits limits = { .most_bits = SHS_PATH_PATTERN_BITS, .forks = TRUE };

ShsTreePathPatterns *
shs_tree_path_patterns_ref (ShsTreePathPatterns *self)
{
  g_atomic_int_inc (&self->references);
  return self;
}

void
shs_tree_path_patterns_unref (ShsTreePathPatterns *self)
{
  if (self == NULL || !g_atomic_int_dec_and_test (&self->references))
    return;
  for (gsize group = 0; self->patterns != NULL && group < self->groups.n; group++)
    shs_tree_patterns_free (self->patterns[group]);
  shs_free (self->patterns);
  shs_tree_groups_clear (&self->groups);
  g_free (self);
}

static gboolean
check_deep (const ShsTreePatterns *patterns, GError **error)
{
  if (patterns->deep.n == 0)
    return TRUE;
  g_set_error (error, SHS_ERROR, SHS_ERROR_UNSUPPORTED,
               "A tree asks for more than %u different features on one path, which is too many for "
               "tables; choose the kernel of quadrature",
               limits.most_bits);
  return FALSE;
}

static ShsTreePathPatterns *
compile (const ShsTreeEnsemble *ensemble, ShsProgress *progress, GError **error)
{
  g_autoptr (ShsTreePathPatterns) self = g_new0 (ShsTreePathPatterns, 1);

  self->references = 1;
  if (!shs_tree_groups_init (&self->groups, ensemble, NODES_PER_GROUP, error))
    return NULL;
  self->patterns = shs_alloc0 (self->groups.n, sizeof *self->patterns, error);
  if (self->patterns == NULL)
    return NULL;
  for (gsize group = 0; group < self->groups.n; group++)
    {
      ShsTreePatterns *patterns
          = shs_tree_patterns_compile (ensemble, &self->groups, group, limits, progress, error);

      self->patterns[group] = patterns;
      if (patterns == NULL || !check_deep (patterns, error))
        return NULL;
      self->cost += patterns->cost;
      self->n_bytes += shs_tree_patterns_count_bytes (patterns);
    }
  return g_steal_pointer (&self);
}

ShsTreePathPatterns *
shs_tree_path_patterns_get (const ShsTreeEnsemble *ensemble, ShsProgress *progress, GError **error)
{
  ShsTreePathPatterns *kept = shs_tree_cache_get_patterns (ensemble);

  return kept != NULL ? kept : compile (ensemble, progress, error);
}
