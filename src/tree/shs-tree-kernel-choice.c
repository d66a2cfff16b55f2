/* Which kernel computes path-dependent values: one choice for the whole of a job. */

#include "core/shs-memory.h"
#include "tree/shs-tree-cache.h"
#include "tree/shs-tree-explain.h"

/* Tables pay where all of this holds. */

/* Building the tables of a tree takes about as long as this many rows gain on it. */
#define LEAST_ROWS 20000
/* What registers hold of a path's players: where more are needed, memory takes longer than
 * quadrature. */
#define MOST_PLAYERS 7
/* Look-ups cost less than quadrature: processor cycles for one split, one of its points and 16
 * rows. */
#define QUADRATURE_COST 7.0

static gboolean
has_registers (const ShsTreeOptions *options)
{
  return options->precision == SHS_PRECISION_SINGLE
         && g_str_equal (shs_tree_instructions_get_name (options->instructions), "avx512");
}

/* A node that is to be gone through, and whose players are above it. */
typedef struct
{
  gsize node;
  guint n;
  guint32 players[MOST_PLAYERS];
} Place;

/* FALSE where there are too many. */
static gboolean
add_player (Place *self, guint32 player)
{
  for (guint i = 0; i < self->n; i++)
    if (self->players[i] == player)
      return TRUE;
  if (self->n == MOST_PLAYERS)
    return FALSE;
  self->players[self->n++] = player;
  return TRUE;
}

/* @stack: has room for the tree's depth */
static gboolean
are_paths_short (const ShsTreeEnsemble *ensemble, gsize tree, Place *stack)
{
  gsize n = 0;

  stack[n++] = (Place){ .node = ensemble->tree_first[tree] };
  while (n > 0)
    {
      Place *here = &stack[n - 1];
      gsize node = here->node;

      if (ensemble->split[node] == SHS_LEAF)
        {
          n--;
          continue;
        }
      if (!add_player (here, ensemble->player[ensemble->feature[node]]))
        return FALSE;
      here->node = ensemble->right[node];
      stack[n] = *here;
      stack[n++].node = node + 1;
    }
  return TRUE;
}

static gboolean
are_all_paths_short (const ShsTreeEnsemble *ensemble, gboolean *are_short, GError **error)
{
  gsize deepest = 0;
  SHS_AUTOFREE Place *stack = NULL;

  for (gsize tree = 0; tree < ensemble->n_trees; tree++)
    deepest = MAX (deepest, ensemble->tree_depth[tree]);
  *are_short = deepest <= MOST_PLAYERS;
  if (*are_short)
    return TRUE;
  stack = shs_alloc (deepest + 1, sizeof *stack, error);
  if (stack == NULL)
    return FALSE;
  *are_short = TRUE;
  for (gsize tree = 0; tree < ensemble->n_trees && *are_short; tree++)
    *are_short = are_paths_short (ensemble, tree, stack);
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

/* What was compiled to find it out stays for building the tables. */
static gboolean
are_tables_cheaper (const ShsTreeEnsemble *ensemble, const ShsTreeOptions *options,
                    gboolean *are_cheaper, GError **error)
{
  g_autoptr (ShsTreePathPatterns) patterns = NULL;

  if (!are_all_paths_short (ensemble, are_cheaper, error))
    return FALSE;
  if (!*are_cheaper)
    return TRUE;
  patterns = shs_tree_path_patterns_get (ensemble, options->progress, error);
  if (patterns == NULL)
    return FALSE;
  *are_cheaper = patterns->cost < estimate_quadrature (ensemble);
  if (*are_cheaper)
    shs_tree_cache_keep_patterns (ensemble, patterns);
  return TRUE;
}

gboolean
shs_tree_choose_kernel (const ShsTreeEnsemble *ensemble, const ShsTreeOptions *options,
                        gsize n_rows, ShsTreeKernel *kernel, GError **error)
{
  gboolean are_cheaper;

  g_return_val_if_fail (ensemble != NULL && options != NULL && kernel != NULL, FALSE);
  *kernel = options->kernel;
  if (*kernel != SHS_TREE_KERNEL_AUTO)
    return TRUE;
  *kernel = SHS_TREE_KERNEL_QUADRATURE;
  if (!has_registers (options) || MAX (n_rows, options->n_rows_total) < LEAST_ROWS)
    return TRUE;
  if (!are_tables_cheaper (ensemble, options, &are_cheaper, error))
    return FALSE;
  if (are_cheaper)
    *kernel = SHS_TREE_KERNEL_TABLES;
  return TRUE;
}

guint64
shs_tree_count_preparation (const ShsTreeEnsemble *ensemble, const ShsTreeOptions *options)
{
  g_return_val_if_fail (ensemble != NULL && options != NULL, 0);
  if (options->kernel != SHS_TREE_KERNEL_TABLES
      || shs_tree_cache_get_tables (ensemble, shs_tree_path_tables_get_variant (options)) != NULL)
    return 0;
  return (guint64)ensemble->n_trees * SHS_PATH_TABLE_ROWS;
}

char *
shs_tree_describe_kernel (const ShsTreeOptions *options)
{
  return g_strdup_printf ("%s, %s, %s",
                          options->kernel == SHS_TREE_KERNEL_TABLES ? "tables" : "quadrature",
                          shs_tree_instructions_get_name (options->instructions),
                          options->precision == SHS_PRECISION_DOUBLE ? "double" : "single");
}
