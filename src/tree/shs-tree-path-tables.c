#include "tree/shs-tree-path-tables.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "tree/shs-tree-cache.h"
#include "tree/shs-tree-table-run.h"

#include <string.h>

#define NODES_PER_GROUP 65536
static const ShsUnitLimits limits = { .most_bits = 8, .forks = TRUE };
/* What registers hold: where more is needed, memory takes longer than quadrature. */
static const ShsUnitLimits limits_of_registers = { .most_bits = 7, .forks = TRUE };
/* Building the tables of a tree takes about as long as this many rows gain on it. */
#define LEAST_ROWS 20000
/* Processor cycles for one split, one quadrature point and 16 rows. */
#define QUADRATURE_COST 7.0

void
shs_tree_path_tables_free (ShsTreePathTables *self)
{
  if (self == NULL)
    return;
  for (gsize group = 0; self->tables != NULL && group < self->groups.n; group++)
    shs_tree_tables_free (self->tables[group]);
  shs_free (self->tables);
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

static ShsTreeTables *
build_group (const ShsTreeEnsemble *ensemble, const ShsTreeGroups *groups, gsize group,
             const ShsTreeOptions *options, GError **error)
{
  g_autoptr (ShsTreePatterns) patterns
      = shs_tree_patterns_compile (ensemble, groups, group, limits, options->progress, error);
  ShsTreeTables *tables;

  if (patterns == NULL || !check_deep (patterns, error))
    return NULL;
  tables = shs_tree_tables_build (ensemble, &(ShsTreeTablesOf){ .patterns = patterns }, NULL,
                                  options, error);
  if (tables != NULL)
    tables->own = g_steal_pointer (&patterns);
  return tables;
}

static ShsTreePathTables *
build (const ShsTreeEnsemble *ensemble, ShsTreeVariant variant, const ShsTreeOptions *options,
       GError **error)
{
  g_autoptr (ShsTreePathTables) self = g_new0 (ShsTreePathTables, 1);

  self->variant = variant;
  if (!shs_tree_groups_init (&self->groups, ensemble, NODES_PER_GROUP, error))
    return NULL;
  self->tables = shs_alloc0 (self->groups.n, sizeof *self->tables, error);
  if (self->tables == NULL)
    return NULL;
  for (gsize group = 0; group < self->groups.n; group++)
    {
      self->tables[group] = build_group (ensemble, &self->groups, group, options, error);
      if (self->tables[group] == NULL)
        return NULL;
      self->n_bytes += self->tables[group]->n_bytes
                       + shs_tree_patterns_count_bytes (self->tables[group]->own);
    }
  return g_steal_pointer (&self);
}

/* @own: where the tables go that the ensemble does not keep. */
static const ShsTreePathTables *
get_tables (const ShsTreeEnsemble *ensemble, const ShsTreeOptions *options, ShsTreePathTables **own,
            GError **error)
{
  ShsTreeVariant variant
      = { .size = options->precision == SHS_PRECISION_DOUBLE ? sizeof (double) : sizeof (float),
          .index = options->index };
  const ShsTreePathTables *there = shs_tree_cache_get_tables (ensemble, variant);

  if (there != NULL)
    return there;
  *own = build (ensemble, variant, options, error);
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

  if (self == NULL)
    return FALSE;
  for (gsize column = 0; column < values->n_columns && self->groups.n == 0; column++)
    memset (shs_matrix_column (values, column), 0, values->n_rows * sizeof (double));
  for (gsize group = 0; group < self->groups.n; group++)
    {
      gsize n_trees = self->groups.first[group + 1] - self->groups.first[group];

      if (!(group == 0 ? shs_tree_table_run_first
                       : shs_tree_table_run) (ensemble, self->tables[group]->own,
                                              self->tables[group], rows, options, values, error))
        return FALSE;
      shs_progress_add (options->progress,
                        rows->n_rows * (n_trees - self->tables[group]->own->n_whole));
    }
  return TRUE;
}

static double
estimate_quadrature (const ShsTreeEnsemble *ensemble)
{
  double cost = 0;

  for (gsize tree = 0; tree < ensemble->n_trees; tree++)
    {
      gsize n_nodes = ensemble->tree_first[tree + 1] - ensemble->tree_first[tree];
      gsize n_players = MIN (ensemble->tree_depth[tree], ensemble->n_players);

      cost += QUADRATURE_COST * (double)(n_nodes / 2) * (double)((n_players + 1) / 2);
    }
  return cost;
}

/* Whether all leaves can be looked up in registers, and for less than quadrature costs. */
static gboolean
are_tables_cheaper (const ShsTreeEnsemble *ensemble, const ShsTreeOptions *options)
{
  g_auto (ShsTreeGroups) groups = { 0 };
  double cost = 0;

  if (!shs_tree_groups_init (&groups, ensemble, NODES_PER_GROUP, NULL))
    return FALSE;
  for (gsize group = 0; group < groups.n; group++)
    {
      g_autoptr (ShsTreePatterns) patterns
          = shs_tree_patterns_compile (ensemble, &groups, group, limits_of_registers, NULL, NULL);

      if (patterns == NULL || patterns->deep.n > 0)
        return FALSE;
      cost += patterns->cost;
    }
  return cost < estimate_quadrature (ensemble);
}

ShsTreeKernel
shs_tree_choose_kernel (const ShsTreeEnsemble *ensemble, const ShsTreeOptions *options,
                        gsize n_rows)
{
  gboolean has_registers
      = options->precision == SHS_PRECISION_SINGLE
        && g_str_equal (shs_tree_instructions_get_name (options->instructions), "avx512");

  g_return_val_if_fail (ensemble != NULL && options != NULL, SHS_TREE_KERNEL_QUADRATURE);
  if (options->kernel != SHS_TREE_KERNEL_AUTO)
    return options->kernel;
  if (!has_registers || MAX (n_rows, options->n_rows_total) < LEAST_ROWS
      || !are_tables_cheaper (ensemble, options))
    return SHS_TREE_KERNEL_QUADRATURE;
  return SHS_TREE_KERNEL_TABLES;
}

char *
shs_tree_describe_kernel (const ShsTreeOptions *options)
{
  return g_strdup_printf ("%s, %s, %s",
                          options->kernel == SHS_TREE_KERNEL_TABLES ? "tables" : "quadrature",
                          shs_tree_instructions_get_name (options->instructions),
                          options->precision == SHS_PRECISION_DOUBLE ? "double" : "single");
}
