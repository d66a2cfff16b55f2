/* Path-dependent pair interactions by quadrature of the multilinear extension's second derivative.
 *
 * With the terms of shs-tree-quadrature-kernels.c, the effect of a node's split at a point is
 *
 *   B = ([row goes left] - w) kappa A (H_left - H_right)
 *
 * and phi of its player is the sum of B over the points. A player above it, whose product of shares
 * so far is r, has the gain
 *
 *   g = (1 - r) / (t + r (1 - t)) where the row went the path's way at all its splits (it is hot),
 *   g = -1 / (1 - t)              where it did not,
 *
 * and the interaction of the two is the sum of B g: each path's product of two gains is the sum of
 * what its splits change it by, and a split changes the gain of its own player alone. Exact with
 * ceil((k - 1) / 2) points.
 *
 * Constants: first the n cold gains; then those of shs-tree-quadrature-kernels.c, and behind each
 * node that is above another split n gains of rows that are hot on its left side, n on its right.
 */
#include "tree/kernels/shs-tree-quadrature-place.h"

/* What a node above two leaves gives: H and its effect. */
SHS_LANES_INLINE void
walk_twig (Place place, int n, gboolean repeats, const ShsVector *probability,
           ShsVector *expectation, ShsVector *effect)
{
  ShsVector coefficient = get_coefficient (&place, repeats);

  get_factors (&place, n, repeats, expectation);
  UNROLL for (int q = 0; q < n; q++) effect[q]
      = coefficient * get_weight (&place, n, repeats, q, probability[q]);
}

SHS_LANES_INLINE void
combine (const Place *place, int n, gboolean repeats, const ShsVector *factors,
         const ShsVector *probability, const ShsVector *left, const ShsVector *right,
         ShsVector *expectation, ShsVector *effect)
{
  ShsVector coefficient = get_coefficient (place, repeats);

  UNROLL for (int q = 0; q < n; q++)
  {
    ShsVector difference = left[q] - right[q];

    effect[q] = coefficient * get_weight (place, n, repeats, q, probability[q]) * difference;
    expectation[q] = shs_lanes_fma (factors[q], difference, right[q]);
  }
}

/* The gains of a node's player on the node's left and right side. */
SHS_LANES_INLINE void
get_gains (const Place *place, int n, gboolean repeats, const ShsReal *cold, ShsVector *left,
           ShsVector *right)
{
  const ShsReal *hot = place->constants + SHS_QUADRATURE_CONSTANTS (n, repeats);

  UNROLL for (int q = 0; q < n; q++)
  {
    ShsVector none = shs_lanes_set (cold[q]);

    left[q] = shs_lanes_select (place->left, shs_lanes_set (hot[q]), none);
    right[q] = shs_lanes_select (place->left, none, shs_lanes_set (hot[n + q]));
    if (repeats)
      {
        left[q] = shs_lanes_select (place->hot, left[q], none);
        right[q] = shs_lanes_select (place->hot, right[q], none);
      }
  }
}

SHS_LANES_INLINE ShsVector *
get_gain_stack (const ShsQuadrature *task, int n, gsize gain)
{
  return (ShsVector *)task->gains + gain * (gsize)n * SHS_LANES_VECTORS;
}

SHS_LANES_INLINE void
add_pair (const Place *place, guint32 slot, int n, const ShsVector *effect, const ShsVector *gain)
{
  ShsVector *target = get_contribution (place, slot);
  ShsVector sum = *target;

  UNROLL for (int q = 0; q < n; q++) sum = shs_lanes_fma (effect[q], gain[q], sum);
  *target = sum;
}

/* One node with the players above it. */
SHS_LANES_INLINE void
meet (const ShsQuadrature *task, const ShsQuadratureOp *op, const Place *place, int n,
      const ShsVector *effect)
{
  const ShsMeetings *span = &task->spans[op - task->ops];
  const ShsMeeting *end = task->meetings + span->first + span->n;

  for (const ShsMeeting *meeting = end - span->n; meeting < end; meeting++)
    {
      ShsVector gain[SHS_QUADRATURE_POINTS];

      load_points (get_gain_stack (task, n, meeting->gain), n, place->vector, gain);
      add_pair (place, meeting->slot[0], n, effect, gain);
    }
}

SHS_LANES_INLINE void
run_twig (const ShsQuadrature *task, const ShsQuadratureOp *op, const ShsReal *constants, int n,
          gboolean repeats)
{
  const ShsVector *from = get_stack (task, n, op->level, op->side, PROBABILITY);
  ShsVector *to = get_stack (task, n, op->level, op->side, EXPECTATION);

  for (int vector = 0; vector < count_vectors (task); vector++)
    {
      Place place = get_place (task, op, constants, vector);
      ShsVector probability[SHS_QUADRATURE_POINTS];
      ShsVector expectation[SHS_QUADRATURE_POINTS];
      ShsVector effect[SHS_QUADRATURE_POINTS];

      load_points (from, n, vector, probability);
      read_masks (&place, repeats);
      walk_twig (place, n, repeats, probability, expectation, effect);
      store_points (to, n, vector, expectation);
      meet (task, op, &place, n, effect);
    }
}

/* The first meeting is that of the root with its children; the others are of all three nodes. */
SHS_LANES_INLINE void
meet_fork (const ShsQuadrature *task, const ShsQuadratureOp *op, const Place *root, int n,
           gboolean repeats, const ShsReal *cold, ShsVector effect[3][SHS_QUADRATURE_POINTS])
{
  const ShsMeetings *span = &task->spans[op - task->ops];
  const ShsMeeting *meeting = task->meetings + span->first;
  const ShsMeeting *end = meeting + span->n;
  ShsVector left[SHS_QUADRATURE_POINTS];
  ShsVector right[SHS_QUADRATURE_POINTS];

  get_gains (root, n, repeats, cold, left, right);
  add_pair (root, meeting->slot[1], n, effect[1], left);
  add_pair (root, meeting->slot[2], n, effect[2], right);
  for (meeting++; meeting < end; meeting++)
    {
      load_points (get_gain_stack (task, n, meeting->gain), n, root->vector, left);
      UNROLL for (int i = 0; i < 3; i++) add_pair (root, meeting->slot[i], n, effect[i], left);
    }
}

SHS_LANES_INLINE void
run_fork (const ShsQuadrature *task, const ShsQuadratureOp *op, const ShsReal *constants, int n,
          gboolean repeats)
{
  const ShsVector *from = get_stack (task, n, op->level, op->side, PROBABILITY);
  ShsVector *to = get_stack (task, n, op->level, op->side, EXPECTATION);

  for (int vector = 0; vector < count_vectors (task); vector++)
    {
      Place root = get_place (task, op, constants, vector);
      Place left = move_on (root, n, repeats, 1);
      Place right;
      ShsVector factors[SHS_QUADRATURE_POINTS];
      ShsVector probability[SHS_QUADRATURE_POINTS];
      ShsVector part[SHS_QUADRATURE_POINTS];
      ShsVector expectation[2][SHS_QUADRATURE_POINTS];
      ShsVector effect[3][SHS_QUADRATURE_POINTS];

      left.constants += 2 * n;
      right = move_on (left, n, repeats, 1);
      load_points (from, n, vector, probability);
      read_masks (&root, repeats);
      read_masks (&left, repeats);
      read_masks (&right, repeats);
      get_factors (&root, n, repeats, factors);
      UNROLL for (int q = 0; q < n; q++) part[q] = probability[q] * factors[q];
      walk_twig (left, n, repeats, part, expectation[0], effect[1]);
      UNROLL for (int q = 0; q < n; q++) part[q] = probability[q] - part[q];
      walk_twig (right, n, repeats, part, expectation[1], effect[2]);
      combine (&root, n, repeats, factors, probability, expectation[0], expectation[1],
               expectation[0], effect[0]);
      store_points (to, n, vector, expectation[0]);
      meet_fork (task, op, &root, n, repeats, constants, effect);
    }
}

SHS_LANES_INLINE void
run_down (const ShsQuadrature *task, const ShsQuadratureOp *op, const ShsReal *constants, int n,
          gboolean repeats)
{
  const ShsVector *from = get_stack (task, n, op->level, op->side, PROBABILITY);
  ShsVector *to_left = get_stack (task, n, op->level + 1, 0, PROBABILITY);
  ShsVector *to_right = get_stack (task, n, op->level + 1, 1, PROBABILITY);
  ShsVector *gain = get_gain_stack (task, n, 2 * op->level);

  for (int vector = 0; vector < count_vectors (task); vector++)
    {
      Place place = get_place (task, op, constants, vector);
      ShsVector left[SHS_QUADRATURE_POINTS];
      ShsVector right[SHS_QUADRATURE_POINTS];

      load_points (from, n, vector, right);
      read_masks (&place, repeats);
      get_factors (&place, n, repeats, left);
      UNROLL for (int q = 0; q < n; q++)
      {
        left[q] = right[q] * left[q];
        right[q] = right[q] - left[q];
      }
      store_points (to_left, n, vector, left);
      store_points (to_right, n, vector, right);
      get_gains (&place, n, repeats, constants, left, right);
      store_points (gain, n, vector, left);
      store_points (gain + n * SHS_LANES_VECTORS, n, vector, right);
    }
}

SHS_LANES_INLINE void
run_up (const ShsQuadrature *task, const ShsQuadratureOp *op, const ShsReal *constants, int n,
        gboolean repeats)
{
  const ShsVector *from = get_stack (task, n, op->level, op->side, PROBABILITY);
  const ShsVector *from_left = get_stack (task, n, op->level + 1, 0, EXPECTATION);
  const ShsVector *from_right = get_stack (task, n, op->level + 1, 1, EXPECTATION);
  ShsVector *to = get_stack (task, n, op->level, op->side, EXPECTATION);

  for (int vector = 0; vector < count_vectors (task); vector++)
    {
      Place place = get_place (task, op, constants, vector);
      ShsVector factors[SHS_QUADRATURE_POINTS];
      ShsVector probability[SHS_QUADRATURE_POINTS];
      ShsVector left[SHS_QUADRATURE_POINTS];
      ShsVector right[SHS_QUADRATURE_POINTS];
      ShsVector effect[SHS_QUADRATURE_POINTS];

      read_masks (&place, repeats);
      get_factors (&place, n, repeats, factors);
      load_points (from, n, vector, probability);
      load_points (from_left, n, vector, left);
      load_points (from_right, n, vector, right);
      combine (&place, n, repeats, factors, probability, left, right, left, effect);
      store_points (to, n, vector, left);
      meet (task, op, &place, n, effect);
    }
}

SHS_LANES_INLINE void
run_step (const ShsQuadrature *task, const ShsQuadratureOp *op, const ShsReal *constants, int n,
          gboolean repeats)
{
  switch (op->step)
    {
    case SHS_STEP_LEAF:
      run_leaf (task, op, constants, n);
      break;
    case SHS_STEP_DOWN:
      run_down (task, op, constants, n, repeats);
      break;
    case SHS_STEP_UP:
      run_up (task, op, constants, n, repeats);
      break;
    case SHS_STEP_TWIG:
      run_twig (task, op, constants, n, repeats);
      break;
    default:
      run_fork (task, op, constants, n, repeats);
      break;
    }
}

DEFINE_PASSES (interact_pass, run_step)

void
SHS_LANES_NAME (interact) (const ShsQuadrature *task)
{
  run_passes (task, interact_pass);
}
