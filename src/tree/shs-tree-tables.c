#include "tree/shs-tree-tables.h"

#include "core/shs-memory.h"
#include "core/shs-pool.h"

#include <math.h>

#define N_SIZES (SHS_PATTERN_BITS + 1)

typedef struct
{
  const ShsTreeEnsemble *ensemble;
  const ShsTreePatterns *patterns;
  const double *frequencies;
  gsize first_tree;
  gsize n_trees;
  const ShsTreeKernels *lanes;
  ShsTreeTables *tables;
  ShsProgress *progress;
  double cold[N_SIZES * N_SIZES];
  double hot[N_SIZES * N_SIZES];
  gsize n_workers;
  gsize most_leaves;
  double *scratch;
  double *values;
} Construction;

static void
clear_construction (Construction *self)
{
  shs_free (self->scratch);
  shs_free (self->values);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Construction, clear_construction)

/* See shs-tree-build-kernels.c; tgamma of such numbers is exact. */
static void
fill_weights (Construction *self, ShsTreeIndex index)
{
  for (int k = 1; k < N_SIZES; k++)
    for (int s = 0; s <= k; s++)
      {
        double *cold = &self->cold[k * N_SIZES + s];
        double *hot = &self->hot[k * N_SIZES + s];

        if (index == SHS_TREE_INDEX_BANZHAF)
          {
            *cold = s < k ? ldexp (1, 1 - k) : 0;
            *hot = s < k ? ldexp (1, 2 - k) : ldexp (1, 1 - k);
          }
        else
          {
            *cold = s < k ? tgamma (s + 1) * tgamma (k - s) / tgamma (k + 1) : 0;
            *hot = s == k ? 1.0 / k : s > 0 ? tgamma (s) * tgamma (k - s) / tgamma (k) : 0;
          }
      }
}

static void
read_values (const Construction *self, const ShsPatternUnit *unit, gsize tree, gsize leaf_value,
             double *values)
{
  const ShsTreeEnsemble *ensemble = self->ensemble;
  const ShsPatternLeaf *leaves = self->patterns->leaves.memory;

  for (guint32 i = 0; i < unit->n_leaves; i++)
    {
      gsize node = leaves[unit->first_leaf + i].node;

      values[i]
          = ensemble->tree_weight[tree] * shs_tree_ensemble_get_leaf (ensemble, node)[leaf_value];
    }
}

static guint
get_width (const ShsTreeTables *tables, const ShsPatternUnit *unit)
{
  return shs_pattern_unit_is_wide (unit) || tables->narrow_lines ? SHS_LINE_WIDTH (unit->n_players)
                                                                 : 0;
}

static void
build_unit (const Construction *self, guint worker, gsize tree, const ShsPatternUnit *unit,
            gsize leaf_value)
{
  const ShsTreeTables *tables = self->tables;
  double *values = self->values + worker * self->most_leaves;
  gsize first = leaf_value * tables->n_entries + unit->first_entry - tables->portion.first_entry;
  ShsTableBuild task = {
    .unit = unit,
    .leaves = self->patterns->leaves.memory,
    .conditions = self->patterns->conditions.memory,
    .frequencies = self->frequencies != NULL ? self->frequencies + unit->first_count : NULL,
    .values = values,
    .cold = self->cold,
    .hot = self->hot,
    .width = get_width (tables, unit),
    .scratch = self->scratch + worker * SHS_BUILD_SCRATCH,
    .tables = (char *)tables->entries + first * self->lanes->size,
  };

  read_values (self, unit, tree, leaf_value, values);
  self->lanes->tables->build (&task);
}

static gboolean
build_tree (gsize number, guint worker, gpointer data, GError **error)
{
  const Construction *self = data;
  const ShsPatternTree *tree
      = (const ShsPatternTree *)self->patterns->trees.memory + self->first_tree + number;
  const ShsPatternUnit *units = self->patterns->units.memory;

  for (guint32 i = tree->first_unit; i < tree->first_unit + tree->n_units; i++)
    {
      if (!shs_progress_check (self->progress, error))
        return FALSE;
      for (gsize k = 0; k < self->ensemble->leaf_size; k++)
        build_unit (self, worker, tree->tree, &units[i], k);
    }
  return TRUE;
}

static gboolean
prepare (Construction *self, const ShsTreeOptions *options, GError **error)
{
  const ShsPatternUnit *units = self->patterns->units.memory;

  for (gsize i = 0; i < self->patterns->units.n; i++)
    self->most_leaves = MAX (self->most_leaves, units[i].n_leaves);
  fill_weights (self, options->index);
  self->lanes = shs_tree_kernels_get (options->instructions, options->precision, error);
  if (self->lanes == NULL)
    return FALSE;
  self->n_workers = shs_pool_count_workers (options->n_threads, self->n_trees);
  self->scratch = shs_alloc (self->n_workers, SHS_BUILD_SCRATCH * sizeof (double), error);
  if (self->scratch == NULL)
    return FALSE;
  self->values = shs_alloc (self->n_workers * self->most_leaves, sizeof (double), error);
  return self->values != NULL;
}

static void
choose_portion (Construction *self, const ShsPatternPortion *portion)
{
  const ShsTreePatterns *patterns = self->patterns;
  ShsTreeTables *tables = self->tables;
  const ShsPatternBatch *batch = patterns->batches.memory;

  tables->portion = portion != NULL ? *portion
                                    : (ShsPatternPortion){ .n_batches = patterns->batches.n,
                                                           .n_entries = patterns->n_entries };
  tables->n_entries = tables->portion.n_entries;
  batch += tables->portion.first_batch;
  self->first_tree = tables->portion.n_batches > 0 ? batch->first_tree : 0;
  for (gsize i = 0; i < tables->portion.n_batches; i++)
    self->n_trees += batch[i].n_trees;
}

/* @size: bytes of an entry of all leaf values */
static gboolean
take_memory (ShsTreeTables *self, ShsTreeTables *spare, gsize size, GError **error)
{
  if (!shs_size_multiply (self->n_entries, size, &self->n_bytes))
    self->n_bytes = G_MAXSIZE;
  if (spare != NULL && spare->n_bytes >= self->n_bytes)
    {
      self->n_bytes = spare->n_bytes;
      self->entries = g_steal_pointer (&spare->entries);
      return TRUE;
    }
  self->entries = shs_alloc (self->n_bytes, 1, error);
  return self->entries != NULL;
}

ShsTreeTables *
shs_tree_tables_build (const ShsTreeEnsemble *ensemble, const ShsTreeTablesOf *of,
                       ShsTreeTables *old, const ShsTreeOptions *options, GError **error)
{
  g_autoptr (ShsTreeTables) spare = old;
  g_autoptr (ShsTreeTables) self = g_new0 (ShsTreeTables, 1);
  g_auto (Construction) work = { .ensemble = ensemble,
                                 .patterns = of->patterns,
                                 .frequencies = of->frequencies,
                                 .tables = self,
                                 .progress = options->progress };

  choose_portion (&work, of->portion);
  if (!prepare (&work, options, error))
    return NULL;
  self->variant = (ShsTreeVariant){ work.lanes->size, options->index };
  self->narrow_lines = of->narrow_lines;
  if (!take_memory (self, spare, ensemble->leaf_size * work.lanes->size, error)
      || !shs_pool_run (options->n_threads, work.n_trees, build_tree, &work, options->progress,
                        error))
    return NULL;
  return g_steal_pointer (&self);
}

void
shs_tree_tables_free (ShsTreeTables *self)
{
  if (self == NULL)
    return;
  shs_free (self->entries);
  g_free (self);
}
