#include "tree/shs-tree-pattern-compiler.h"

#include "core/shs-memory.h"

#include <string.h>

/* Tables of a portion, in single precision. */
#define PORTION_BYTES (4u << 20)

/* Their contributions are added up in single precision, where equal trees round equally. */
#define BATCH_TREES 128

typedef struct
{
  ShsPatternCompiler tree;
  ShsTreeBuffer numbers; /* guint32: by the tree's tests: number in the part, plus 1 */
  ShsTreeBuffer path;    /* guint32: nodes above the one at hand, from below */
  gsize batch_bytes;
  guint32 batch_output;
} Compiler;

static void
clear_compiler (Compiler *self)
{
  shs_tree_program_free (self->tree.program);
  shs_tree_buffer_clear (&self->tree.nodes);
  shs_tree_buffer_clear (&self->tree.tests);
  shs_tree_buffer_clear (&self->numbers);
  shs_tree_buffer_clear (&self->path);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Compiler, clear_compiler)

/* The batch that the part belongs to: the last one, or a new one. */
static ShsPatternBatch *
find_batch (Compiler *self, GError **error)
{
  ShsTreePatterns *patterns = self->tree.patterns;
  guint32 output = self->tree.ensemble->tree_output[self->tree.part.tree];
  gsize n_bytes = (patterns->n_entries - self->tree.part.first_entry) * sizeof (float);
  ShsPatternBatch *batch = patterns->batches.memory;

  if (patterns->batches.n > 0 && self->batch_bytes + n_bytes <= SHS_PART_BYTES
      && batch[patterns->batches.n - 1].n_trees < BATCH_TREES && self->batch_output == output)
    {
      self->batch_bytes += n_bytes;
      return batch + patterns->batches.n - 1;
    }
  batch = shs_tree_buffer_extend (&patterns->batches, 1, sizeof *batch, error);
  if (batch == NULL)
    return NULL;
  *batch = (ShsPatternBatch){ .first_tree = patterns->trees.n, .first_route = patterns->routes.n };
  self->batch_bytes = n_bytes;
  self->batch_output = output;
  return batch;
}

/* The number of a test among those of the batch; it is added to them where it is new to the part.
 */
static gboolean
number_test (Compiler *self, ShsPatternBatch *batch, guint32 *test, GError **error)
{
  ShsTreePatterns *patterns = self->tree.patterns;
  const ShsRouteNode *routes = self->tree.program->routes.memory;
  guint32 *number = (guint32 *)self->numbers.memory + *test;
  ShsRouteNode *route;

  if (*number == 0)
    {
      route = shs_tree_buffer_extend (&patterns->routes, 1, sizeof *route, error);
      if (route == NULL)
        return FALSE;
      *route = routes[*test];
      route->word = (guint32)batch->n_routes++;
      *number = route->word - (guint32)self->tree.part.first_word + 1;
    }
  *test = *number - 1;
  return TRUE;
}

/* Words are numbered anew, so that each part has those alone that it asks for. */
static gboolean
number_words (Compiler *self, ShsPatternBatch *batch, GError **error)
{
  ShsTreePatterns *patterns = self->tree.patterns;
  const ShsPatternTree *part = &self->tree.part;
  ShsPatternOp *ops = (ShsPatternOp *)patterns->ops.memory;
  const ShsPatternDeep *deep = patterns->deep.memory;
  ShsPatternTerm *terms = patterns->terms.memory;
  ShsPatternUnit *units = patterns->units.memory;
  gsize first_term = part->n_deep > 0 ? deep[part->first_deep].first_term : patterns->terms.n;

  self->numbers.n = 0;
  if (shs_tree_buffer_extend (&self->numbers, self->tree.n_tests, sizeof (guint32), error) == NULL)
    return FALSE;
  memset (self->numbers.memory, 0, self->tree.n_tests * sizeof (guint32));
  for (gsize i = part->first_op; i < patterns->ops.n; i++)
    if (!ops[i].is_unit && !number_test (self, batch, &ops[i].index, error))
      return FALSE;
  for (gsize i = 2 * (gsize)part->first_unit; i < 2 * patterns->units.n; i++)
    if (units[i / 2].is_fork && !number_test (self, batch, &units[i / 2].lower[i % 2], error))
      return FALSE;
  for (gsize i = first_term; i < patterns->terms.n; i++)
    if (!number_test (self, batch, &terms[i].word, error))
      return FALSE;
  return TRUE;
}

static void
start_part (Compiler *self, gsize tree)
{
  const ShsTreePatterns *patterns = self->tree.patterns;

  self->tree.part = (ShsPatternTree){ .tree = tree,
                                      .first_entry = patterns->n_entries,
                                      .first_op = patterns->ops.n,
                                      .first_unit = (guint32)patterns->units.n,
                                      .first_deep = patterns->deep.n,
                                      .n_levels = 1,
                                      .n_regions = 1 };
}

static gboolean
end_part (Compiler *self, gboolean is_last, GError **error)
{
  ShsTreePatterns *patterns = self->tree.patterns;
  ShsPatternTree *part = &self->tree.part;
  ShsPatternBatch *batch = find_batch (self, error);
  ShsPatternTree *place;

  if (batch == NULL)
    return FALSE;
  part->is_last = is_last;
  part->first_word = batch->n_routes;
  part->n_ops = patterns->ops.n - part->first_op;
  part->n_units = (guint32)patterns->units.n - part->first_unit;
  part->n_deep = patterns->deep.n - part->first_deep;
  place = shs_tree_buffer_extend (&patterns->trees, 1, sizeof *place, error);
  if (place == NULL || !number_words (self, batch, error))
    return FALSE;
  *place = *part;
  batch->n_trees++;
  batch->n_whole += is_last;
  patterns->n_whole += is_last;
  patterns->most_words = MAX (patterns->most_words, batch->n_routes);
  patterns->most_levels = MAX (patterns->most_levels, place->n_levels);
  patterns->most_sets = MAX (patterns->most_sets, (gsize)place->n_regions << place->most_bits);
  return TRUE;
}

/* A part that is full ends, and the next one begins with the way from the root down to @node. */
static gboolean
ensure_room (Compiler *self, guint32 node, GError **error)
{
  const ShsUnitNode *nodes = self->tree.nodes.memory;

  if (!nodes[node].is_unit || shs_pattern_compiler_has_room (&self->tree, node))
    return TRUE;
  if (!end_part (self, FALSE, error))
    return FALSE;
  start_part (self, self->tree.part.tree);
  self->path.n = 0;
  for (guint32 above = node; above > 0;)
    {
      guint32 *place = shs_tree_buffer_extend (&self->path, 1, sizeof *place, error);

      if (place == NULL)
        return FALSE;
      *place = above = nodes[above].parent;
    }
  for (gsize i = self->path.n; i-- > 0;)
    if (!shs_pattern_compiler_enter (&self->tree, ((guint32 *)self->path.memory)[i], error))
      return FALSE;
  return TRUE;
}

static gboolean
emit_tree (Compiler *self, gsize tree, gsize n_nodes, GError **error)
{
  const ShsUnitNode *nodes = self->tree.nodes.memory;
  const ShsTreeFacts *facts = self->tree.program->facts.memory;
  guint32 node = 0;

  start_part (self, tree);
  while (node < n_nodes)
    {
      gboolean is_leaf = facts[node].end == node + 1;

      if (!ensure_room (self, node, error)
          || !shs_pattern_compiler_enter (&self->tree, node, error))
        return FALSE;
      if (nodes[node].is_unit
              ? !shs_pattern_compiler_append_unit (&self->tree, node, error)
              : is_leaf && !shs_pattern_compiler_append_deep (&self->tree, node, error))
        return FALSE;
      node = nodes[node].is_unit ? facts[node].end : node + 1;
    }
  return end_part (self, TRUE, error);
}

static gboolean
compile_tree (Compiler *self, gsize tree, GError **error)
{
  ShsPatternCompiler *compiler = &self->tree;
  ShsTreeProgram *program = compiler->program;
  const ShsTreeEnsemble *ensemble = compiler->ensemble;
  gsize n_nodes = ensemble->tree_first[tree + 1] - ensemble->tree_first[tree];
  gsize n_distinct;

  compiler->first = ensemble->tree_first[tree];
  program->facts.n = program->routes.n = program->earlier.n = compiler->nodes.n = 0;
  if (shs_tree_buffer_extend (&program->facts, n_nodes, sizeof (ShsTreeFacts), error) == NULL
      || shs_tree_buffer_extend (&compiler->nodes, n_nodes, sizeof (ShsUnitNode), error) == NULL
      || !shs_tree_facts_find (program, ensemble, tree, program->facts.memory, &n_distinct, error)
      || !shs_pattern_compiler_number_tests (compiler, n_nodes, error))
    return FALSE;
  shs_tree_units_choose (ensemble, tree, program->facts.memory, &compiler->limits,
                         compiler->nodes.memory);
  compiler->patterns->cost += ((const ShsUnitNode *)compiler->nodes.memory)->cost;
  return emit_tree (self, tree, n_nodes, error);
}

/* Stable, so that the sums do not depend on anything but the ensemble. */
static gint
compare_outputs (gconstpointer a, gconstpointer b, gpointer ensemble)
{
  const gsize *left = a;
  const gsize *right = b;
  const guint32 *outputs = ((const ShsTreeEnsemble *)ensemble)->tree_output;

  if (outputs[*left] != outputs[*right])
    return outputs[*left] < outputs[*right] ? -1 : 1;
  return *left < *right ? -1 : 1;
}

static gboolean
compile_trees (Compiler *self, const ShsTreeGroups *groups, gsize group, ShsProgress *progress,
               GError **error)
{
  gsize n_trees = groups->first[group + 1] - groups->first[group];
  SHS_AUTOFREE gsize *trees = shs_alloc (n_trees, sizeof *trees, error);

  if (trees == NULL)
    return FALSE;
  for (gsize i = 0; i < n_trees; i++)
    trees[i] = groups->first[group] + i;
  g_qsort_with_data (trees, (gint)n_trees, sizeof *trees, compare_outputs,
                     (gpointer)self->tree.ensemble);
  for (gsize i = 0; i < n_trees; i++)
    if (self->tree.ensemble->tree_depth[trees[i]] > 0
        && (!shs_progress_check (progress, error) || !compile_tree (self, trees[i], error)))
      return FALSE;
  return TRUE;
}

static gboolean
append_portion (ShsTreePatterns *self, gsize first, gsize end, GError **error)
{
  const ShsPatternBatch *batches = self->batches.memory;
  const ShsPatternTree *trees = self->trees.memory;
  ShsPatternPortion *portion = shs_tree_buffer_extend (&self->portions, 1, sizeof *portion, error);

  if (portion == NULL)
    return FALSE;
  *portion = (ShsPatternPortion){ .first_batch = first,
                                  .n_batches = end - first,
                                  .first_entry = trees[batches[first].first_tree].first_entry };
  portion->n_entries
      = (end < self->batches.n ? trees[batches[end].first_tree].first_entry : self->n_entries)
        - portion->first_entry;
  return TRUE;
}

static gboolean
find_portions (ShsTreePatterns *self, gsize leaf_size, GError **error)
{
  const ShsPatternBatch *batches = self->batches.memory;
  const ShsPatternTree *trees = self->trees.memory;
  gsize most_entries = PORTION_BYTES / sizeof (float) / leaf_size;
  gsize first = 0;

  for (gsize i = 0; i < self->batches.n; i++)
    {
      gsize end = i + 1 < self->batches.n ? trees[batches[i + 1].first_tree].first_entry
                                          : self->n_entries;

      if (i > first && end - trees[batches[first].first_tree].first_entry > most_entries)
        {
          if (!append_portion (self, first, i, error))
            return FALSE;
          first = i;
        }
    }
  return self->batches.n == 0 || append_portion (self, first, self->batches.n, error);
}

ShsTreePatterns *
shs_tree_patterns_compile (const ShsTreeEnsemble *ensemble, const ShsTreeGroups *groups,
                           gsize group, ShsUnitLimits limits, ShsProgress *progress, GError **error)
{
  g_autoptr (ShsTreePatterns) self = shs_alloc0 (1, sizeof *self, error);
  g_auto (Compiler) compiler
      = { .tree = { .patterns = self, .ensemble = ensemble, .limits = limits } };

  if (self == NULL)
    return NULL;
  compiler.tree.program = shs_tree_program_new (ensemble, groups, (ShsTreeVariant){ 0 }, error);
  if (compiler.tree.program == NULL || !compile_trees (&compiler, groups, group, progress, error)
      || !find_portions (self, ensemble->leaf_size, error))
    return NULL;
  for (gsize i = 0; i < self->batches.n; i++)
    {
      const ShsPatternBatch *batch = (const ShsPatternBatch *)self->batches.memory + i;

      shs_tree_routes_sort ((ShsRouteNode *)self->routes.memory + batch->first_route,
                            batch->n_routes);
    }
  self->slots = compiler.tree.program->slots;
  self->players = compiler.tree.program->players;
  compiler.tree.program->slots = compiler.tree.program->players = (ShsTreeSlots){ 0 };
  g_clear_pointer (&self->slots.slot_of, shs_free);
  g_clear_pointer (&self->players.slot_of, shs_free);
  return g_steal_pointer (&self);
}

static void
clear_buffers (ShsTreePatterns *self)
{
  ShsTreeBuffer *buffers[]
      = { &self->batches, &self->portions, &self->trees,       &self->routes,
          &self->ops,     &self->units,    &self->leaves,      &self->conditions,
          &self->deep,    &self->terms,    &self->unit_players };

  for (gsize i = 0; i < G_N_ELEMENTS (buffers); i++)
    shs_tree_buffer_clear (buffers[i]);
}

void
shs_tree_patterns_free (ShsTreePatterns *self)
{
  if (self == NULL)
    return;
  clear_buffers (self);
  shs_tree_slots_clear (&self->slots);
  shs_tree_slots_clear (&self->players);
  shs_free (self);
}

gsize
shs_tree_patterns_count_bytes (const ShsTreePatterns *self)
{
  return sizeof *self + self->batches.capacity * sizeof (ShsPatternBatch)
         + self->portions.capacity * sizeof (ShsPatternPortion)
         + self->trees.capacity * sizeof (ShsPatternTree)
         + self->routes.capacity * sizeof (ShsRouteNode)
         + self->ops.capacity * sizeof (ShsPatternOp)
         + self->units.capacity * sizeof (ShsPatternUnit)
         + self->leaves.capacity * sizeof (ShsPatternLeaf)
         + self->conditions.capacity * sizeof (ShsPatternCondition)
         + self->deep.capacity * sizeof (ShsPatternDeep)
         + self->terms.capacity * sizeof (ShsPatternTerm)
         + (self->unit_players.capacity + self->slots.n + self->players.n) * sizeof (guint32);
}
