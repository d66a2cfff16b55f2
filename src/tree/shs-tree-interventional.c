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

typedef struct
{
  ShsTreeBackground *background;
  const ShsMatrix *rows;
  const ShsTreeOptions *options;
  ShsMatrix *values;
  ShsTreeTables *tables; /* the last ones that are not kept */
  double *shares;        /* of the group at hand, if they are not kept */
} Run;

static void
clear_run (Run *self)
{
  shs_tree_tables_free (self->tables);
  shs_free (self->shares);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Run, clear_run)

static const ShsTreeTables *
get_tables (Run *self, gsize group, const ShsPatternPortion *portion, GError **error)
{
  ShsTreeBackground *background = self->background;
  const ShsTreePatterns *patterns = background->patterns[group];
  gsize number = (gsize)(portion - (const ShsPatternPortion *)patterns->portions.memory);
  ShsTreeTablesOf of = { .patterns = patterns,
                         .narrow_lines = self->rows->n_rows <= FEW_ROWS,
                         .portion = portion };
  gsize variant = 2 * shs_tree_background_get_variant (self->options) + (of.narrow_lines ? 1 : 0);
  gpointer *place = &background->tables[variant * background->first_portion[background->groups.n]
                                        + background->first_portion[group] + number];
  const ShsTreeTables *there = shs_tree_background_get_kept (background, place);
  g_autoptr (ShsTreeTables) built = NULL;

  if (there != NULL)
    return there;
  of.frequencies
      = shs_tree_background_get_shares (background, group, self->options, &self->shares, error);
  if (of.frequencies == NULL)
    return NULL;
  built = shs_tree_tables_build (background->ensemble, &of, g_steal_pointer (&self->tables),
                                 self->options, error);
  if (built != NULL && shs_tree_background_keep (background, place, built, built->n_bytes))
    return g_steal_pointer (&built);
  return self->tables = g_steal_pointer (&built);
}

static gboolean
explain_group (Run *self, gsize group, GError **error)
{
  ShsTreeBackground *background = self->background;
  const ShsTreePatterns *patterns = background->patterns[group];
  gsize n_trees = background->groups.first[group + 1] - background->groups.first[group];

  for (gsize i = 0; i < patterns->portions.n; i++)
    {
      const ShsTreeTables *tables = get_tables (
          self, group, (const ShsPatternPortion *)patterns->portions.memory + i, error);

      if (tables == NULL
          || !shs_tree_table_run (background->ensemble, patterns, tables, self->rows, self->options,
                                  self->values, error))
        return FALSE;
    }
  g_clear_pointer (&self->shares, shs_free);
  if (!shs_tree_deep_run (background, group, NULL, self->rows, self->options, self->values, error))
    return FALSE;
  shs_progress_add (self->options->progress, self->rows->n_rows * (n_trees - patterns->n_whole));
  return TRUE;
}

gboolean
shs_tree_interventional (const ShsTreeEnsemble *ensemble, ShsTreeBackground *background,
                         const ShsMatrix *rows, const ShsTreeOptions *options, ShsMatrix *values,
                         GError **error)
{
  g_auto (Run) run
      = { .background = background, .rows = rows, .options = options, .values = values };

  g_return_val_if_fail (ensemble != NULL && background != NULL && rows != NULL && values != NULL,
                        FALSE);
  g_return_val_if_fail (background->ensemble == ensemble && background->expected != NULL, FALSE);
  if (!shs_tree_check_shapes (ensemble, rows, values, ensemble->n_players * ensemble->n_outputs,
                              error))
    return FALSE;
  for (gsize column = 0; column < values->n_columns; column++)
    memset (shs_matrix_column (values, column), 0, values->n_rows * sizeof (double));
  for (gsize group = 0; group < background->groups.n; group++)
    if (!explain_group (&run, group, error))
      return FALSE;
  return background->linear == NULL
         || shs_tree_linear_values (background->linear, NULL, rows, options, values, error);
}
