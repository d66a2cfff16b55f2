#include "tree/shs-tree-path-dependent.h"

#include "core/shs-memory.h"
#include "core/shs-pool.h"
#include "tree/shs-tree-cache.h"
#include "tree/shs-tree-path-tables.h"

#include <string.h>

/* Contributions are added up in the lanes' precision before they go to the values in double: rarely
 * enough to cost little, often enough to lose nothing. */
#define ADDED_PER_SLOT 16

/* Pairs are many, and each tree adds to few of them. */
static const struct
{
  gsize nodes_per_group;
  gsize trees_per_flush;
} limits[] = { { 8192, 32 }, { 16384, 128 } };

/* What one worker writes to. */
typedef struct
{
  const ShsTreeProgram *program;
  gsize group;         /* of @program */
  ShsTreeProgram *own; /* where the ensemble does not keep it */
  gpointer x;          /* [slot][64] in the type of the routing */
  ShsTreeBuffer words; /* go-left words, then hot words */
  ShsTreeBuffer stack;
  ShsTreeBuffer gains;
  ShsTreeBuffer contributions; /* [slot][64] in the lanes' type; all 0 between flushes */
  ShsTreeBuffer columns;       /* by slot: column of one output */
  gsize n_added;               /* since the last flush */
  gsize n_trees;
} Worker;

typedef struct
{
  const ShsTreeEnsemble *ensemble;
  const ShsTreePairs *pairs; /* NULL for players */
  const ShsMatrix *rows;
  ShsMatrix *values;
  const ShsTreeKernels *routing;
  const ShsTreeKernels *lanes;
  ShsTreeVariant variant;
  gsize n_keys; /* columns of one output */
  ShsProgress *progress;
  ShsTreeGroups groups;
  gsize superblock;
  gsize n_workers;
  Worker *workers;
} Explanation;

static gboolean
init_worker (Worker *self, const Explanation *run, GError **error)
{
  self->x
      = shs_tree_slots_alloc (run->ensemble->n_features, &run->groups, run->routing->size, error);
  return self->x != NULL;
}

static void
clear_explanation (Explanation *run)
{
  for (gsize i = 0; run->workers != NULL && i < run->n_workers; i++)
    {
      Worker *worker = &run->workers[i];

      shs_tree_program_free (worker->own);
      shs_free (worker->x);
      shs_tree_buffer_clear (&worker->words);
      shs_tree_buffer_clear (&worker->stack);
      shs_tree_buffer_clear (&worker->gains);
      shs_tree_buffer_clear (&worker->contributions);
      shs_tree_buffer_clear (&worker->columns);
    }
  shs_free (run->workers);
  shs_tree_groups_clear (&run->groups);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Explanation, clear_explanation)

static gboolean
compile_group (Worker *self, const Explanation *run, gsize group, GError **error)
{
  self->own = shs_tree_program_compile (run->ensemble, &run->groups, group, run->variant,
                                        run->progress, error);
  if (self->own == NULL)
    return FALSE;
  if (shs_tree_cache_keep (run->ensemble, run->groups.n, group, self->own))
    {
      self->own = NULL;
      self->program = shs_tree_cache_get (run->ensemble, run->variant, group);
    }
  else
    self->program = self->own;
  return TRUE;
}

static guint32
find_column (const Worker *self, const Explanation *run, gsize slot)
{
  const guint64 *keys = self->program->pairs.keys.memory;
  gsize number;

  if (slot == 0)
    return SHS_TREE_NO_COLUMN;
  if (run->pairs == NULL)
    return self->program->players.key_of[slot];
  number = shs_tree_pairs_look_up (run->pairs, (guint32)(keys[slot - 1] >> 32),
                                   (guint32)keys[slot - 1]);
  return number < G_MAXSIZE ? (guint32)number : SHS_TREE_NO_COLUMN;
}

static gboolean
list_columns (Worker *self, const Explanation *run, GError **error)
{
  const ShsTreeProgram *program = self->program;
  gsize n_slots = run->pairs != NULL ? program->pairs.keys.n + 1 : program->players.n;
  guint32 *columns;

  self->columns.n = 0;
  columns = shs_tree_buffer_extend (&self->columns, n_slots, sizeof *columns, error);
  for (gsize slot = 0; columns != NULL && slot < n_slots; slot++)
    columns[slot] = find_column (self, run, slot);
  return columns != NULL;
}

static gboolean
clear_contributions (Worker *self, gsize size, GError **error)
{
  gpointer contributions;

  self->contributions.n = 0;
  contributions = shs_tree_buffer_extend (&self->contributions, self->columns.n,
                                          SHS_TREE_BLOCK * size, error);
  if (contributions != NULL)
    memset (contributions, 0, self->columns.n * SHS_TREE_BLOCK * size);
  return contributions != NULL;
}

static gboolean
prepare_group (Worker *self, const Explanation *run, gsize group, GError **error)
{
  gsize size = run->lanes->size;

  if (self->program != NULL && self->group == group)
    return TRUE;
  g_clear_pointer (&self->own, shs_tree_program_free);
  self->group = group;
  self->program = shs_tree_cache_get (run->ensemble, run->variant, group);
  if (self->program == NULL && !compile_group (self, run, group, error))
    return FALSE;
  self->words.n = self->stack.n = self->gains.n = 0;
  return list_columns (self, run, error) && clear_contributions (self, size, error)
         && shs_tree_buffer_extend (&self->words, self->program->routes.n + 1, 2 * sizeof (guint64),
                                    error)
                != NULL
         && shs_tree_buffer_extend (&self->stack, self->program->most_stack, size, error) != NULL
         && shs_tree_buffer_extend (&self->gains, self->program->most_gains, size, error) != NULL;
}

/* Go-left and hot words of all splits of the group; word 0 is that of splits that do nothing. */
static void
find_words (Worker *self, const Explanation *run, gsize n_rows)
{
  gsize n = self->program->routes.n;
  guint64 *left = self->words.memory;
  guint64 *hot = left + n + 1;
  const ShsTreeEarlier *earlier = self->program->earlier.memory;
  ShsRouter router = { .nodes = self->program->routes.memory,
                       .n_nodes = n,
                       .n_rows = n_rows,
                       .set_first = run->ensemble->set_first,
                       .set_words = run->ensemble->set_words };

  left[0] = hot[0] = ~G_GUINT64_CONSTANT (0);
  run->routing->route (&router, self->x, left);
  for (gsize i = 0; i < n; i++)
    {
      guint64 way = left[earlier[i].word];

      hot[i + 1] = hot[earlier[i].word] & (earlier[i].right ? ~way : way);
    }
}

static void
flush (Worker *self, const Explanation *run, ShsTreeColumns *to)
{
  to->column = self->columns.memory;
  run->lanes->flush (self->contributions.memory, self->columns.n, to);
  self->n_added = 0;
  self->n_trees = 0;
}

static void
explain_tree (Worker *self, const Explanation *run, const ShsTreeCode *code, gsize leaf_value,
              ShsTreeColumns *to)
{
  const ShsTreeProgram *program = self->program;
  const char *constants = program->constants.memory;
  gsize first = code->first_constant + leaf_value * code->n_passes * code->n_constants;
  ShsQuadrature task = {
    .ops = (const ShsQuadratureOp *)program->ops.memory + code->first_op,
    .n_ops = code->n_ops,
    .nodes = (const ShsQuadratureNode *)program->nodes.memory + code->first_node,
    .n_rows = to->n_rows,
    .n_points = code->n_points,
    .n_passes = code->n_passes,
    .n_constants = code->n_constants,
    .constants = constants + first * run->lanes->size,
    .weights = (const double *)program->weights.memory + code->first_weight,
    .left = self->words.memory,
    .hot = (const guint64 *)self->words.memory + program->routes.n + 1,
    .stack = self->stack.memory,
    .contributions = self->contributions.memory,
    .meetings = program->meetings.memory,
    .spans = (const ShsMeetings *)program->spans.memory + (run->pairs != NULL ? code->first_op : 0),
    .gains = self->gains.memory,
  };

  if (run->pairs != NULL)
    run->lanes->interact (&task);
  else
    run->lanes->explain (&task);
  self->n_added += code->n_added;
  if (self->n_added >= ADDED_PER_SLOT * self->columns.n
      || ++self->n_trees >= limits[run->pairs != NULL].trees_per_flush)
    flush (self, run, to);
}

/* 64 rows from @first on: the trees of one output after the other. */
static gboolean
explain_block (Worker *self, const Explanation *run, gsize first, GError **error)
{
  const ShsTreeEnsemble *ensemble = run->ensemble;
  const ShsTreeCode *codes = self->program->codes.memory;
  const ShsTreeCode *end = codes + self->program->codes.n;
  gsize n_rows = MIN (SHS_TREE_BLOCK, run->rows->n_rows - first);

  if (codes == end)
    return TRUE;
  shs_tree_slots_load (&self->program->slots, run->routing, run->rows, first, self->x);
  find_words (self, run, n_rows);
  for (gsize k = 0; k < ensemble->leaf_size; k++)
    for (const ShsTreeCode *next = codes; next < end;)
      {
        gsize output = ensemble->tree_output[next->tree];
        ShsTreeColumns to
            = { .values = shs_matrix_column (run->values, (output + k) * run->n_keys) + first,
                .stride = run->values->stride,
                .n_rows = n_rows };

        for (; next < end && ensemble->tree_output[next->tree] == output; next++)
          {
            if (!shs_progress_check (run->progress, error))
              return FALSE;
            explain_tree (self, run, next, k, &to);
          }
        flush (self, run, &to);
      }
  return TRUE;
}

static gboolean
explain_superblock (gsize block, guint worker, gpointer data, GError **error)
{
  Explanation *run = data;
  Worker *self = &run->workers[worker];
  gsize begin = block * run->superblock;
  gsize end = MIN (run->rows->n_rows, begin + run->superblock);

  for (gsize column = 0; column < run->values->n_columns; column++)
    memset (shs_matrix_column (run->values, column) + begin, 0, (end - begin) * sizeof (double));
  for (gsize group = 0; group < run->groups.n; group++)
    {
      gsize n_trees = run->groups.first[group + 1] - run->groups.first[group];

      if (!prepare_group (self, run, group, error))
        return FALSE;
      for (gsize first = begin; first < end; first += SHS_TREE_BLOCK)
        {
          if (!explain_block (self, run, first, error))
            return FALSE;
          shs_progress_add (run->progress, MIN (SHS_TREE_BLOCK, end - first) * n_trees);
        }
    }
  return TRUE;
}

static gboolean
choose_kernels (Explanation *run, const ShsTreeOptions *options, GError **error)
{
  gboolean casts_double = run->ensemble->cast == SHS_TREE_CAST_DOUBLE;

  run->routing = shs_tree_kernels_get (
      options->instructions, casts_double ? SHS_PRECISION_DOUBLE : SHS_PRECISION_SINGLE, error);
  if (run->routing == NULL)
    return FALSE;
  run->lanes = shs_tree_kernels_get (options->instructions, options->precision, error);
  if (run->lanes == NULL)
    return FALSE;
  run->variant = (ShsTreeVariant){ run->lanes->size, options->index, run->pairs != NULL };
  return TRUE;
}

gboolean
shs_tree_path_dependent_run (const ShsTreeEnsemble *ensemble, const ShsTreePairs *pairs,
                             const ShsMatrix *rows, const ShsTreeOptions *options,
                             ShsMatrix *values, GError **error)
{
  g_auto (Explanation) run = { .ensemble = ensemble,
                               .pairs = pairs,
                               .rows = rows,
                               .values = values,
                               .n_keys = pairs != NULL ? pairs->n : ensemble->n_players };
  gsize n_blocks;

  if (!shs_tree_check_shapes (ensemble, rows, values, run.n_keys * ensemble->n_outputs, error)
      || !shs_tree_check_covers (ensemble, error) || !choose_kernels (&run, options, error)
      || !shs_tree_groups_init (&run.groups, ensemble, limits[pairs != NULL].nodes_per_group,
                                error))
    return FALSE;

  run.progress = options->progress;
  run.superblock = shs_tree_superblock (rows->n_rows, options->n_threads);
  n_blocks = (rows->n_rows + run.superblock - 1) / run.superblock;
  run.n_workers = shs_pool_count_workers (options->n_threads, n_blocks);
  run.workers = shs_alloc0 (run.n_workers, sizeof (Worker), error);
  if (run.workers == NULL)
    return FALSE;
  for (gsize i = 0; i < run.n_workers; i++)
    if (!init_worker (&run.workers[i], &run, error))
      return FALSE;
  return shs_pool_run (options->n_threads, n_blocks, explain_superblock, &run, run.progress, error);
}

gboolean
shs_tree_path_dependent (const ShsTreeEnsemble *ensemble, const ShsMatrix *rows,
                         const ShsTreeOptions *options, ShsMatrix *values, GError **error)
{
  ShsTreeKernel kernel;

  g_return_val_if_fail (ensemble != NULL && rows != NULL && values != NULL, FALSE);
  if (!shs_tree_choose_kernel (ensemble, options, rows->n_rows, &kernel, error))
    return FALSE;
  if (kernel == SHS_TREE_KERNEL_QUADRATURE)
    return shs_tree_path_dependent_run (ensemble, NULL, rows, options, values, error);
  return shs_tree_check_shapes (ensemble, rows, values, ensemble->n_players * ensemble->n_outputs,
                                error)
         && shs_tree_check_covers (ensemble, error)
         && shs_tree_path_tables_explain (ensemble, rows, options, values, error);
}
