#include "tree/shs-tree-program.h"

#include "core/shs-memory.h"
#include "tree/shs-tree-constants.h"
#include "tree/shs-tree-explain.h"
#include "tree/shs-tree-meetings.h"
#include "tree/shs-tree-quadrature-rule.h"

#include <string.h>

/* A crown of fewer splits is cheaper in its parts. */
#define LEAST_CROWN 5

static void
forget_scratch (ShsTreeProgram *self)
{
  ShsTreeBuffer *scratch[]
      = { &self->facts, &self->pending, &self->path, &self->op_node, &self->last, &self->points };

  for (gsize i = 0; i < G_N_ELEMENTS (scratch); i++)
    shs_tree_buffer_clear (scratch[i]);
  g_clear_pointer (&self->slots.slot_of, shs_free);
  g_clear_pointer (&self->players.slot_of, shs_free);
  shs_tree_pair_set_seal (&self->pairs);
}

static void
clear_buffers (ShsTreeProgram *self)
{
  ShsTreeBuffer *buffers[]
      = { &self->codes,     &self->routes,  &self->earlier,  &self->ops,  &self->nodes,
          &self->constants, &self->weights, &self->meetings, &self->spans };

  for (gsize i = 0; i < G_N_ELEMENTS (buffers); i++)
    shs_tree_buffer_clear (buffers[i]);
}

void
shs_tree_program_free (ShsTreeProgram *self)
{
  if (self == NULL)
    return;
  forget_scratch (self);
  clear_buffers (self);
  shs_tree_slots_clear (&self->slots);
  shs_tree_slots_clear (&self->players);
  shs_tree_pair_set_clear (&self->pairs);
  shs_free (self);
}

gsize
shs_tree_program_count_bytes (const ShsTreeProgram *self)
{
  return sizeof *self + self->codes.capacity * sizeof (ShsTreeCode)
         + self->routes.capacity * sizeof (ShsRouteNode)
         + self->earlier.capacity * sizeof (ShsTreeEarlier)
         + self->ops.capacity * sizeof (ShsQuadratureOp)
         + self->nodes.capacity * sizeof (ShsQuadratureNode)
         + self->constants.capacity * self->variant.size + self->weights.capacity * sizeof (double)
         + self->pairs.keys.capacity * sizeof (guint64)
         + self->meetings.capacity * sizeof (ShsMeeting)
         + self->spans.capacity * sizeof (ShsMeetings)
         + (self->slots.n + self->players.n) * sizeof (guint32);
}

static gboolean
prepare_scratch (ShsTreeProgram *self, const ShsTreeEnsemble *ensemble, const ShsTreeGroups *groups,
                 GError **error)
{
  gsize n_slots = MIN (ensemble->n_players, groups->most_nodes) + 1;
  gpointer last = shs_tree_buffer_extend (&self->last, n_slots, sizeof (guint32), error);

  if (last == NULL)
    return FALSE;
  memset (last, 0, n_slots * sizeof (guint32));
  return shs_tree_slots_init (&self->slots, ensemble->n_features, groups->most_nodes, error)
         && shs_tree_slots_init (&self->players, ensemble->n_players, groups->most_nodes, error);
}

/* Pairs take a second derivative, so that the polynomial's degree is one less. */
static gsize
count_points (ShsTreeVariant variant, gsize n_distinct)
{
  if (variant.index == SHS_TREE_INDEX_BANZHAF)
    return 1;
  return variant.pairs ? MAX (n_distinct / 2, 1) : (n_distinct + 1) / 2;
}

/* Shapley: ceil(k / 2) points are exact; a few more, where passes of equal length need them, are
 * too. Banzhaf: every feature takes part with probability 1/2, which is the rule of one point. */
static gboolean
choose_rule (ShsTreeProgram *self, gsize n_distinct, ShsTreeCode *code, GError **error)
{
  gsize needed = count_points (self->variant, n_distinct);
  gsize n_rule;
  double *weights;

  if (!shs_tree_check_path (n_distinct, error))
    return FALSE;
  code->n_passes = (needed + SHS_QUADRATURE_POINTS - 1) / SHS_QUADRATURE_POINTS;
  code->n_points = (needed + code->n_passes - 1) / code->n_passes;
  n_rule = code->n_passes * code->n_points;
  if (self->n_rule != n_rule)
    {
      self->n_rule = self->points.n = 0;
      if (shs_tree_buffer_extend (&self->points, 2 * n_rule, sizeof (double), error) == NULL)
        return FALSE;
      shs_quadrature_rule (n_rule, self->points.memory, (double *)self->points.memory + n_rule);
      self->n_rule = n_rule;
    }
  code->first_weight = self->weights.n;
  weights = shs_tree_buffer_extend (&self->weights, n_rule, sizeof (double), error);
  if (weights == NULL)
    return FALSE;
  memcpy (weights, (double *)self->points.memory + n_rule, n_rule * sizeof (double));
  return TRUE;
}

static ShsQuadratureStep
choose_step (const ShsTreeFacts *facts, gboolean pairs)
{
  switch (facts->height)
    {
    case 0:
      return SHS_STEP_LEAF;
    case 1:
      return SHS_STEP_TWIG;
    case 2:
      return SHS_STEP_FORK;
    case 3:
      return facts->n_inner >= LEAST_CROWN && !pairs ? SHS_STEP_CROWN : SHS_STEP_DOWN;
    default:
      return SHS_STEP_DOWN;
    }
}

static guint
count_step_nodes (ShsQuadratureStep step)
{
  static const guint counts[] = { [SHS_STEP_LEAF] = 0, [SHS_STEP_DOWN] = 1, [SHS_STEP_UP] = 0,
                                  [SHS_STEP_TWIG] = 1, [SHS_STEP_FORK] = 3, [SHS_STEP_CROWN] = 7 };

  return counts[step];
}

/* The splits of a complete subtree of @height in the order of the kernels; heights are 3 at most.
 * Where a leaf stands in a split's place, the split does nothing. */
static ShsQuadratureNode *
write_nodes (ShsQuadratureNode *next, const ShsTreeFacts *facts, const ShsRouteNode *routes,
             gsize node, guint height, gboolean is_split)
{
  gboolean is_here = is_split && facts[node].height > 0;
  gsize right = is_here ? routes[facts[node].word - 1].right : node;

  *next++ = is_here ? (ShsQuadratureNode){ facts[node].word, facts[node].slot }
                    : (ShsQuadratureNode){ 0, 0 };
  if (height == 1)
    return next;
  next = write_nodes (next, facts, routes, is_here ? node + 1 : node, height - 1, is_here);
  return write_nodes (next, facts, routes, right, height - 1, is_here);
}

typedef struct
{
  ShsTreeProgram *program;
  ShsTreeCode *code;
  ShsTreePath path; /* for pairs */
  const ShsTreeFacts *facts;
  const ShsRouteNode *routes;
  guint32 *pending; /* ops that go down and have not come up */
  guint32 *pending_node;
  guint32 n_pending;
  gsize n_constants;
} Emitter;

static gboolean
append_op (ShsTreeProgram *program, ShsQuadratureOp op, gsize node, GError **error)
{
  ShsQuadratureOp *place = shs_tree_buffer_extend (&program->ops, 1, sizeof op, error);
  guint32 *op_node;
  ShsMeetings *span;

  if (place == NULL)
    return FALSE;
  span = shs_tree_buffer_extend (&program->spans, program->variant.pairs ? 1 : 0, sizeof *span,
                                 error);
  if (span == NULL)
    return FALSE;
  if (program->variant.pairs)
    *span = (ShsMeetings){ .first = (guint32)program->meetings.n };
  op_node = shs_tree_buffer_extend (&program->op_node, 1, sizeof *op_node, error);
  if (op_node == NULL)
    return FALSE;
  *place = op;
  *op_node = (guint32)node;
  return TRUE;
}

static gsize
count_step_constants (const Emitter *self, ShsQuadratureStep step, gboolean repeats)
{
  gsize n_points = self->code->n_points;
  gboolean has_gains
      = self->program->variant.pairs && (step == SHS_STEP_DOWN || step == SHS_STEP_FORK);

  if (step == SHS_STEP_LEAF)
    return 1;
  return count_step_nodes (step) * (gsize)SHS_QUADRATURE_CONSTANTS (n_points, repeats)
         + (has_gains ? 2 * n_points : 0);
}

static gboolean
emit_meetings (Emitter *self, gsize node, ShsQuadratureStep step, GError **error)
{
  if (!self->program->variant.pairs || step == SHS_STEP_LEAF)
    return TRUE;
  if (step == SHS_STEP_DOWN)
    {
      shs_tree_path_push (&self->path, node, self->n_pending);
      return TRUE;
    }
  if (step == SHS_STEP_UP)
    shs_tree_path_pop (&self->path, self->n_pending);
  return shs_tree_meetings_write (self->program, &self->path, node, step, error);
}

static gboolean
emit_step (Emitter *self, gsize node, ShsQuadratureStep step, GError **error)
{
  ShsTreeProgram *program = self->program;
  const ShsTreeFacts *facts = &self->facts[node];
  guint n_nodes = count_step_nodes (step);
  gboolean repeats = step == SHS_STEP_DOWN ? facts->earlier > 0 : facts->repeats;
  ShsQuadratureOp op = {
    .step = (guint8)step,
    .repeats = (guint8)repeats,
    .level = self->n_pending,
    .side = self->n_pending > 0 && node != self->pending_node[self->n_pending - 1] + 1u,
    .node = (guint32)(program->nodes.n - self->code->first_node),
    .constants = (guint32)self->n_constants,
  };
  ShsQuadratureNode *nodes;

  self->n_constants += count_step_constants (self, step, repeats);
  nodes = shs_tree_buffer_extend (&program->nodes, n_nodes, sizeof *nodes, error);
  if (nodes == NULL)
    return FALSE;
  if (n_nodes > 0)
    write_nodes (nodes, self->facts, self->routes, node, step == SHS_STEP_DOWN ? 1 : facts->height,
                 TRUE);
  return append_op (program, op, node, error) && emit_meetings (self, node, step, error);
}

static gboolean
emit_up (Emitter *self, GError **error)
{
  const ShsQuadratureOp *ops = self->program->ops.memory;
  ShsQuadratureOp up = ops[self->pending[--self->n_pending]];

  up.step = SHS_STEP_UP;
  return append_op (self->program, up, self->pending_node[self->n_pending], error)
         && emit_meetings (self, self->pending_node[self->n_pending], SHS_STEP_UP, error);
}

static gboolean
emit_tree (Emitter *self, gsize n_nodes, gsize *most_levels, GError **error)
{
  gsize node = 0;

  while (node < n_nodes)
    {
      ShsQuadratureStep step = choose_step (&self->facts[node], self->program->variant.pairs);

      if (!emit_step (self, node, step, error))
        return FALSE;
      *most_levels = MAX (*most_levels, self->n_pending + 1u);
      if (step == SHS_STEP_DOWN)
        {
          self->pending[self->n_pending] = (guint32)self->program->ops.n - 1;
          self->pending_node[self->n_pending++] = (guint32)node++;
          continue;
        }
      node = self->facts[node].end;
      while (self->n_pending > 0
             && self->facts[self->pending_node[self->n_pending - 1]].end == node)
        if (!emit_up (self, error))
          return FALSE;
    }
  return TRUE;
}

static gboolean
compile_tree (ShsTreeProgram *self, const ShsTreeEnsemble *ensemble, gsize tree, GError **error)
{
  gsize n_nodes = ensemble->tree_first[tree + 1] - ensemble->tree_first[tree];
  gsize n_distinct;
  gsize n_levels = 1;
  ShsTreeCode code = { .tree = tree, .n_added = n_nodes / 2 };
  Emitter emitter = { .program = self, .code = &code };
  gsize first_meeting = self->meetings.n;
  ShsTreeCode *kept;

  self->facts.n = self->pending.n = self->op_node.n = 0;
  emitter.facts = shs_tree_buffer_extend (&self->facts, n_nodes, sizeof (ShsTreeFacts), error);
  if (emitter.facts == NULL)
    return FALSE;
  emitter.pending = shs_tree_buffer_extend (&self->pending, 2 * n_nodes, sizeof (guint32), error);
  if (emitter.pending == NULL
      || !shs_tree_facts_find (self, ensemble, tree, self->facts.memory, &n_distinct, error)
      || !choose_rule (self, n_distinct, &code, error))
    return FALSE;
  emitter.pending_node = emitter.pending + n_nodes;
  emitter.routes = self->routes.memory;
  if (self->variant.pairs)
    {
      emitter.n_constants = code.n_points;
      if (!shs_tree_path_init (&emitter.path, self, n_nodes, error))
        return FALSE;
    }
  code.first_op = self->ops.n;
  code.first_node = self->nodes.n;
  code.first_constant = self->constants.n;
  if (!emit_tree (&emitter, n_nodes, &n_levels, error))
    return FALSE;
  code.n_ops = self->ops.n - code.first_op;
  code.n_constants = emitter.n_constants;
  if (self->variant.pairs)
    code.n_added = shs_tree_meetings_count_pairs (self, first_meeting);
  self->most_stack = MAX (self->most_stack, n_levels * 4 * code.n_points * SHS_TREE_BLOCK);
  self->most_gains = self->variant.pairs ? self->most_stack / 2 : 0;
  if (!shs_tree_constants_write (self, ensemble, &code, error))
    return FALSE;
  kept = shs_tree_buffer_extend (&self->codes, 1, sizeof code, error);
  if (kept != NULL)
    *kept = code;
  return kept != NULL;
}

/* Stable, so that the sums do not depend on anything but the ensemble. */
static gint
compare_outputs (gconstpointer a, gconstpointer b, gpointer ensemble)
{
  const ShsTreeCode *left = a;
  const ShsTreeCode *right = b;
  const guint32 *outputs = ((const ShsTreeEnsemble *)ensemble)->tree_output;

  if (outputs[left->tree] != outputs[right->tree])
    return outputs[left->tree] < outputs[right->tree] ? -1 : 1;
  return left->tree < right->tree ? -1 : 1;
}

ShsTreeProgram *
shs_tree_program_new (const ShsTreeEnsemble *ensemble, const ShsTreeGroups *groups,
                      ShsTreeVariant variant, GError **error)
{
  g_autoptr (ShsTreeProgram) self = shs_alloc0 (1, sizeof *self, error);

  if (self == NULL)
    return NULL;
  self->variant = variant;
  return prepare_scratch (self, ensemble, groups, error) ? g_steal_pointer (&self) : NULL;
}

ShsTreeProgram *
shs_tree_program_compile (const ShsTreeEnsemble *ensemble, const ShsTreeGroups *groups, gsize group,
                          ShsTreeVariant variant, ShsProgress *progress, GError **error)
{
  g_autoptr (ShsTreeProgram) self = shs_tree_program_new (ensemble, groups, variant, error);

  if (self == NULL)
    return NULL;
  for (gsize tree = groups->first[group]; tree < groups->first[group + 1]; tree++)
    {
      if (ensemble->tree_depth[tree] == 0)
        continue;
      if (!shs_progress_check (progress, error) || !compile_tree (self, ensemble, tree, error))
        return NULL;
    }
  if (self->codes.n > 1)
    g_qsort_with_data (self->codes.memory, (gint)self->codes.n, sizeof (ShsTreeCode),
                       compare_outputs, (gpointer)ensemble);
  shs_tree_routes_sort (self->routes.memory, self->routes.n);
  forget_scratch (self);
  return g_steal_pointer (&self);
}
