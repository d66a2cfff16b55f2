#include "tree/shs-tree-path-tables.h"

#include "core/shs-memory.h"
#include "tree/shs-tree-cache.h"
#include "tree/shs-tree-table-run.h"

#include <string.h>

void
shs_tree_path_tables_free (ShsTreePathTables *self)
{
  if (self == NULL)
    return;
  for (gsize group = 0; self->tables != NULL && group < self->patterns->groups.n; group++)
    shs_tree_tables_free (self->tables[group]);
  shs_free (self->tables);
  shs_tree_path_patterns_unref (self->patterns);
  g_free (self);
}

ShsTreeVariant
shs_tree_path_tables_get_variant (const ShsTreeOptions *options)
{
  return (ShsTreeVariant){ .size = options->precision == SHS_PRECISION_DOUBLE ? sizeof (double)
                                                                              : sizeof (float),
                           .index = options->index };
}

static gsize
count_trees (const ShsTreeGroups *groups, gsize group)
{
  return groups->first[group + 1] - groups->first[group];
}

static ShsTreePathTables *
build (const ShsTreeEnsemble *ensemble, const ShsTreeOptions *options, GError **error)
{
  g_autoptr (ShsTreePathTables) self = g_new0 (ShsTreePathTables, 1);
  const ShsTreeGroups *groups;

  self->variant = shs_tree_path_tables_get_variant (options);
  self->patterns = shs_tree_path_patterns_get (ensemble, options->progress, error);
  if (self->patterns == NULL)
    return NULL;
  groups = &self->patterns->groups;
  self->tables = shs_alloc0 (groups->n, sizeof *self->tables, error);
  if (self->tables == NULL)
    return NULL;
  for (gsize group = 0; group < groups->n; group++)
    {
      ShsTreeTablesOf of = { .patterns = self->patterns->patterns[group] };

      self->tables[group] = shs_tree_tables_build (ensemble, &of, NULL, options, error);
      if (self->tables[group] == NULL)
        return NULL;
      self->n_bytes += self->tables[group]->n_bytes;
      shs_progress_add (options->progress, count_trees (groups, group) * SHS_PATH_TABLE_ROWS);
    }
  return g_steal_pointer (&self);
}

/* @own: where the tables go that the ensemble does not keep. */
static const ShsTreePathTables *
get_tables (const ShsTreeEnsemble *ensemble, const ShsTreeOptions *options, ShsTreePathTables **own,
            GError **error)
{
  ShsTreeVariant variant = shs_tree_path_tables_get_variant (options);
  const ShsTreePathTables *there = shs_tree_cache_get_tables (ensemble, variant);

  if (there != NULL)
    return there;
  *own = build (ensemble, options, error);
  if (*own == NULL || !shs_tree_cache_keep_tables (ensemble, *own))
    return *own;
  *own = NULL;
  return shs_tree_cache_get_tables (ensemble, variant);
}

gboolean
shs_tree_path_tables_explain (const ShsTreeEnsemble *ensemble, const ShsMatrix *rows,
                              const ShsTreeOptions *options, ShsMatrix *values, GError **error)
{
  g_autoptr (ShsTreePathTables) own = NULL;
  const ShsTreePathTables *self = get_tables (ensemble, options, &own, error);
  const ShsTreeGroups *groups;

  if (self == NULL)
    return FALSE;
  groups = &self->patterns->groups;
  for (gsize column = 0; column < values->n_columns && groups->n == 0; column++)
    memset (shs_matrix_column (values, column), 0, values->n_rows * sizeof (double));
  for (gsize group = 0; group < groups->n; group++)
    {
      const ShsTreePatterns *patterns = self->patterns->patterns[group];

      if (!(group == 0 ? shs_tree_table_run_first : shs_tree_table_run) (
              ensemble, patterns, self->tables[group], rows, options, values, error))
        return FALSE;
      shs_progress_add (options->progress,
                        rows->n_rows * (count_trees (groups, group) - patterns->n_whole));
    }
  return TRUE;
}
