/* From the counts of a group to the share of the background's rows with each pattern. */
#include "tree/shs-tree-background-private.h"

#include "core/shs-memory.h"

static void
add_expected (ShsTreeBackground *self, gsize tree, gsize node, guint64 n_rows)
{
  const ShsTreeEnsemble *ensemble = self->ensemble;
  double share = (double)n_rows / (double)self->n_rows;

  for (gsize k = 0; k < ensemble->leaf_size; k++)
    self->expected[ensemble->tree_output[tree] + k]
        += ensemble->tree_weight[tree] * share * shs_tree_ensemble_get_leaf (ensemble, node)[k];
}

/* Rows that meet all conditions of a leaf: by inclusion and exclusion of the tests that they must
 * not meet; @counts: of rows with at least the bits of a set. */
static guint64
count_leaf (const ShsPatternLeaf *leaf, const ShsPatternCondition *conditions,
            const guint64 *counts)
{
  guint mask = 0;
  guint wanted = 0;
  guint rest = 0;
  guint64 n = 0;

  for (guint32 i = 0; i < leaf->n_conditions; i++)
    {
      mask |= conditions[leaf->first_condition + i].mask;
      wanted |= conditions[leaf->first_condition + i].wanted;
    }
  if ((wanted & ~mask) != 0)
    return 0;
  do
    {
      n += __builtin_parity (rest) ? -counts[wanted | rest] : counts[wanted | rest];
      rest = (rest - (mask & ~wanted)) & (mask & ~wanted);
    }
  while (rest != 0);
  return n;
}

/* The shares take the counts' memory. */
static void
turn_unit (const ShsTreeBackground *self, const ShsPatternUnit *unit, guint64 *counts)
{
  double *shares = (double *)counts;
  gsize n = (gsize)1 << unit->n_bits;

  for (gsize bit = 1; bit < n; bit *= 2)
    for (gsize block = 0; block < n; block += 2 * bit)
      for (gsize i = block; i < block + bit; i++)
        counts[i] -= counts[i + bit];
  for (gsize set = 0; set < n; set++)
    shares[set] = (double)(gint64)counts[set] / (double)self->n_rows;
}

void
shs_tree_background_add_expected (ShsTreeBackground *self, gsize group, const guint64 *counts)
{
  const ShsTreePatterns *patterns = self->patterns[group];
  const ShsPatternTree *tree = patterns->trees.memory;
  const ShsPatternUnit *units = patterns->units.memory;
  const ShsPatternLeaf *leaves = patterns->leaves.memory;
  const ShsPatternDeep *deep = patterns->deep.memory;

  for (gsize t = 0; t < patterns->trees.n; t++, tree++)
    {
      for (gsize i = tree->first_unit; i < tree->first_unit + tree->n_units; i++)
        for (gsize j = units[i].first_leaf; j < units[i].first_leaf + units[i].n_leaves; j++)
          add_expected (
              self, tree->tree, leaves[j].node,
              count_leaf (&leaves[j], patterns->conditions.memory, counts + units[i].first_count));
      for (gsize i = tree->first_deep; i < tree->first_deep + tree->n_deep; i++)
        add_expected (self, tree->tree, deep[i].node,
                      self->reached[self->first_reached[group] + i]);
    }
}

gboolean
shs_tree_background_find_shares (const ShsTreeBackground *self, gsize group, guint64 *counts,
                                 ShsProgress *progress, GError **error)
{
  const ShsTreePatterns *patterns = self->patterns[group];
  const ShsPatternUnit *units = patterns->units.memory;

  for (gsize i = 0; i < patterns->units.n; i++)
    {
      if (!shs_progress_check (progress, error))
        return FALSE;
      turn_unit (self, &units[i], counts + units[i].first_count);
    }
  return TRUE;
}

const double *
shs_tree_background_get_shares (ShsTreeBackground *self, gsize group, const ShsTreeOptions *options,
                                double **own, GError **error)
{
  SHS_AUTOFREE guint64 *counts = NULL;

  if (self->shares[group] != NULL)
    return self->shares[group];
  if (*own != NULL)
    return *own;
  counts = shs_alloc0 (self->patterns[group]->n_counts, sizeof *counts, error);
  if (counts == NULL || !shs_tree_background_count_kept (self, group, counts, NULL, options, error)
      || !shs_tree_background_find_shares (self, group, counts, options->progress, error))
    return NULL;
  return *own = (double *)g_steal_pointer (&counts);
}
