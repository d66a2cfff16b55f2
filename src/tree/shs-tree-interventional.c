#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "tree/shs-tree-background-private.h"
#include "tree/shs-tree-deep.h"
#include "tree/shs-tree-linear-values.h"
#include "tree/shs-tree-table-run.h"

#include <string.h>

/* So few rows need less of narrow tables than filling the registers would fetch; that of lines is
 * next to each other. */
#define FEW_ROWS 2

/* @own: (inout): where the tables go that are not kept. */
static const ShsTreeTables *
get_tables (ShsTreeBackground *self, gsize group, const ShsTreeTablesOf *of,
            const ShsTreeOptions *options, ShsTreeTables **own, GError **error)
{
  gsize portion
      = self->first_portion[group]
        + (gsize)(of->portion - (const ShsPatternPortion *)self->patterns[group]->portions.memory);
  gsize variant = 2 * shs_tree_background_get_variant (options) + (of->narrow_lines ? 1 : 0);
  gpointer *place = &self->tables[variant * self->first_portion[self->groups.n] + portion];
  const ShsTreeTables *there = shs_tree_background_get_kept (self, place);
  g_autoptr (ShsTreeTables) built = NULL;

  if (there != NULL)
    return there;
  built = shs_tree_tables_build (self->ensemble, of, g_steal_pointer (own), options, error);
  if (built != NULL && shs_tree_background_keep (self, place, built, built->n_bytes))
    return g_steal_pointer (&built);
  return *own = g_steal_pointer (&built);
}

static gboolean
look_up_portion (ShsTreeBackground *self, gsize group, gsize number, const ShsMatrix *rows,
                 const ShsTreeOptions *options, ShsMatrix *values, ShsTreeTables **own,
                 GError **error)
{
  const ShsTreePatterns *patterns = self->patterns[group];
  ShsTreeTablesOf of = { .patterns = patterns,
                         .frequencies = self->frequencies + self->first_count[group],
                         .narrow_lines = rows->n_rows <= FEW_ROWS,
                         .portion = (const ShsPatternPortion *)patterns->portions.memory + number };
  const ShsTreeTables *tables = get_tables (self, group, &of, options, own, error);

  return tables != NULL
         && shs_tree_table_run (self->ensemble, patterns, tables, rows, options, values, error);
}

static gboolean
explain_group (ShsTreeBackground *self, gsize group, const ShsMatrix *rows,
               const ShsTreeOptions *options, ShsMatrix *values, ShsTreeTables **own,
               GError **error)
{
  gsize n_trees = self->groups.first[group + 1] - self->groups.first[group];

  for (gsize portion = 0; portion < self->patterns[group]->portions.n; portion++)
    if (!look_up_portion (self, group, portion, rows, options, values, own, error))
      return FALSE;
  if (!shs_tree_deep_run (self, group, NULL, rows, options, values, error))
    return FALSE;
  shs_progress_add (options->progress, rows->n_rows * (n_trees - self->patterns[group]->n_whole));
  return TRUE;
}

gboolean
shs_tree_interventional (const ShsTreeEnsemble *ensemble, ShsTreeBackground *background,
                         const ShsMatrix *rows, const ShsTreeOptions *options, ShsMatrix *values,
                         GError **error)
{
  g_autoptr (ShsTreeTables) own = NULL;

  g_return_val_if_fail (ensemble != NULL && background != NULL && rows != NULL && values != NULL,
                        FALSE);
  g_return_val_if_fail (background->ensemble == ensemble && background->expected != NULL, FALSE);
  if (!shs_tree_check_shapes (ensemble, rows, values, ensemble->n_players * ensemble->n_outputs,
                              error))
    return FALSE;
  for (gsize column = 0; column < values->n_columns; column++)
    memset (shs_matrix_column (values, column), 0, values->n_rows * sizeof (double));
  for (gsize group = 0; group < background->groups.n; group++)
    if (!explain_group (background, group, rows, options, values, &own, error))
      return FALSE;
  return background->linear == NULL
         || shs_tree_linear_values (background->linear, NULL, rows, options, values, error);
}
