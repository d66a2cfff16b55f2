#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "tree/shs-tree-background-private.h"
#include "tree/shs-tree-deep.h"
#include "tree/shs-tree-linear-values.h"
#include "tree/shs-tree-table-run.h"

#include <string.h>

/* Most memory of the tables that stay with a background. */
#define KEPT_BYTES ((gsize)256 << 20)

static ShsTreeTables **
find_place (ShsTreeBackground *self, const ShsTreeOptions *options, gsize group)
{
  gsize variant = 2 * (gsize)options->index + (options->precision == SHS_PRECISION_DOUBLE);

  return &self->tables[variant * self->groups.n + group];
}

/* @own: where the tables go that are not kept. */
static const ShsTreeTables *
get_tables (ShsTreeBackground *self, gsize group, const ShsTreeOptions *options,
            ShsTreeTables **own, GError **error)
{
  ShsTreeTables **place = find_place (self, options, group);
  const ShsTreeTables *there;

  g_mutex_lock (&self->lock);
  there = *place;
  g_mutex_unlock (&self->lock);
  if (there != NULL)
    return there;
  *own = shs_tree_tables_build (self->ensemble, self->patterns[group],
                                self->frequencies + self->first_count[group], options, error);
  if (*own == NULL)
    return NULL;
  there = *own;
  g_mutex_lock (&self->lock);
  if (*place == NULL && self->n_table_bytes + there->n_bytes <= KEPT_BYTES)
    {
      self->n_table_bytes += there->n_bytes;
      *place = g_steal_pointer (own);
    }
  g_mutex_unlock (&self->lock);
  return there;
}

static gboolean
explain_group (ShsTreeBackground *self, gsize group, const ShsMatrix *rows,
               const ShsTreeOptions *options, ShsMatrix *values, GError **error)
{
  gsize n_trees = self->groups.first[group + 1] - self->groups.first[group];
  gsize n_lone = n_trees - self->patterns[group]->trees.n;
  g_autoptr (ShsTreeTables) own = NULL;
  const ShsTreeTables *tables = get_tables (self, group, options, &own, error);

  if (tables == NULL
      || !shs_tree_table_run (self->ensemble, self->patterns[group], tables, rows, options, values,
                              error)
      || !shs_tree_deep_run (self, group, rows, options, values, error))
    return FALSE;
  shs_progress_add (options->progress, rows->n_rows * n_lone);
  return TRUE;
}

gboolean
shs_tree_interventional (const ShsTreeEnsemble *ensemble, ShsTreeBackground *background,
                         const ShsMatrix *rows, const ShsTreeOptions *options, ShsMatrix *values,
                         GError **error)
{
  g_return_val_if_fail (ensemble != NULL && background != NULL && rows != NULL && values != NULL,
                        FALSE);
  g_return_val_if_fail (background->ensemble == ensemble && background->expected != NULL, FALSE);
  if (!shs_tree_check_shapes (ensemble, rows, values, ensemble->n_players * ensemble->n_outputs,
                              error))
    return FALSE;
  for (gsize column = 0; column < values->n_columns; column++)
    memset (shs_matrix_column (values, column), 0, values->n_rows * sizeof (double));
  for (gsize group = 0; group < background->groups.n; group++)
    if (!explain_group (background, group, rows, options, values, error))
      return FALSE;
  return background->linear == NULL
         || shs_tree_linear_values (background->linear, NULL, rows, options, values, error);
}
