#include "tree/shs-tree-interactions.h"

#include "core/shs-memory.h"
#include "tree/shs-tree-deep.h"
#include "tree/shs-tree-linear-values.h"
#include "tree/shs-tree-pair-leaves.h"
#include "tree/shs-tree-path-dependent.h"
#include "tree/shs-tree-table-run.h"

#include <string.h>

/* @own: where the tables go that are not kept. */
static const ShsTreePairTables *
get_tables (ShsTreeBackground *self, gsize group, const ShsTreeOptions *options,
            ShsTreePairTables **own, GError **error)
{
  gpointer *place
      = &self->pair_tables[shs_tree_background_get_variant (options) * self->groups.n + group];
  const ShsTreePairTables *there = shs_tree_background_get_kept (self, place);
  g_autoptr (ShsTreePairTables) built = NULL;
  SHS_AUTOFREE double *own_shares = NULL;
  const double *shares;

  if (there != NULL)
    return there;
  shares = shs_tree_background_get_shares (self, group, options, &own_shares, error);
  if (shares == NULL)
    return NULL;
  built
      = shs_tree_pair_tables_build (self->ensemble, self->patterns[group], shares, options, error);
  if (built != NULL && shs_tree_background_keep (self, place, built, built->tables.n_bytes))
    return g_steal_pointer (&built);
  return *own = g_steal_pointer (&built);
}

/* By slot: the number among @pairs. */
static guint32 *
list_columns (const ShsTreePairTables *tables, const ShsTreePairs *pairs, GError **error)
{
  const guint64 *keys = tables->pairs.keys.memory;
  guint32 *columns = shs_alloc (tables->pairs.keys.n + 1, sizeof *columns, error);

  for (gsize i = 0; columns != NULL && i < tables->pairs.keys.n; i++)
    {
      gsize number = shs_tree_pairs_look_up (pairs, (guint32)(keys[i] >> 32), (guint32)keys[i]);

      columns[i + 1] = number < G_MAXSIZE ? (guint32)number : SHS_TREE_NO_COLUMN;
    }
  return columns;
}

static gboolean
look_up_group (ShsTreeBackground *background, gsize group, const ShsTreePairs *pairs,
               const ShsMatrix *rows, const ShsTreeOptions *options, ShsMatrix *values,
               GError **error)
{
  g_autoptr (ShsTreePairTables) own = NULL;
  const ShsTreePairTables *tables = get_tables (background, group, options, &own, error);
  ShsTreePatterns patterns = *background->patterns[group];
  SHS_AUTOFREE guint32 *columns = NULL;

  if (tables == NULL)
    return FALSE;
  columns = list_columns (tables, pairs, error);
  if (columns == NULL)
    return FALSE;
  patterns.units = tables->units;
  patterns.unit_players = tables->slots;
  patterns.players = (ShsTreeSlots){ .n = tables->pairs.keys.n + 1, .key_of = columns };
  return shs_tree_table_run (background->ensemble, &patterns, &tables->tables, rows, options,
                             values, error);
}

static gboolean
run_interventional (ShsTreeBackground *background, const ShsTreePairs *pairs, const ShsMatrix *rows,
                    const ShsTreeOptions *options, ShsMatrix *values, GError **error)
{
  if (!shs_tree_check_shapes (background->ensemble, rows, values,
                              pairs->n * background->ensemble->n_outputs, error))
    return FALSE;
  for (gsize column = 0; column < values->n_columns; column++)
    memset (shs_matrix_column (values, column), 0, values->n_rows * sizeof (double));
  for (gsize group = 0; group < background->groups.n; group++)
    {
      gsize n_trees = background->groups.first[group + 1] - background->groups.first[group];

      if (!look_up_group (background, group, pairs, rows, options, values, error)
          || !shs_tree_pair_leaves_run (background, group, pairs, rows, options, values, error)
          || !shs_tree_deep_run (background, group, pairs, rows, options, values, error))
        return FALSE;
      shs_progress_add (options->progress,
                        rows->n_rows * (n_trees - background->patterns[group]->n_whole));
    }
  return background->linear == NULL
         || shs_tree_linear_values (background->linear, pairs, rows, options, values, error);
}

gboolean
shs_tree_interactions (const ShsTreeEnsemble *ensemble, ShsTreeBackground *background,
                       const ShsTreePairs *pairs, const ShsMatrix *rows,
                       const ShsTreeOptions *options, ShsMatrix *values, GError **error)
{
  g_return_val_if_fail (ensemble != NULL && pairs != NULL && rows != NULL && values != NULL, FALSE);
  g_return_val_if_fail (background == NULL || background->ensemble == ensemble, FALSE);
  return background == NULL
             ? shs_tree_path_dependent_run (ensemble, pairs, rows, options, values, error)
             : run_interventional (background, pairs, rows, options, values, error);
}
