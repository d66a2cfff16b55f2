/* Path-dependent Tree SHAP by quadrature of the multilinear extension.
 *
 * With every feature taking part with probability t, let u be the probability of going left at a
 * node, A that of reaching it (times the quadrature weight), and H the expected leaf below it:
 *
 *   down:   A_left = A u,  A_right = A - A_left
 *   up:     H = H_right + u (H_left - H_right)
 *   value:  phi += ([row goes left] - w) sum over points of kappa A (H_left - H_right)
 *
 * w is the share of the training weight that went left. A feature that is split here for the first
 * time on the path has u = t [row goes left] + (1 - t) w and kappa = 1. One that was split above
 * takes part with probability tau = t / (t + r (1 - t)) given that the row went the path's way
 * there (it is "hot"; r = product of the shares taken there) and kappa = r / (t + r (1 - t))^2;
 * where it is not hot, u = w and the value is 0. All of u, A, kappa A and the shares of H lie
 * in 0 .. 1, so nothing overflows or cancels.
 *
 * Constants of a node with n points, all numbers of the lanes' type:
 *   value coefficient of rows that go right (-w), of those that go left (1 - w),
 *   [repeats: u of rows that are not hot,]
 *   n times u of rows that go left, n times u of those that go right, [repeats: n times kappa]
 * At a node above two leaves, with d = left leaf - right leaf: coefficients times d, and
 * H = right leaf + u d in place of u. */
#include "tree/kernels/shs-tree-quadrature-place.h"

#include <string.h>

SHS_LANES_INLINE void
contribute (const Place *place, gboolean repeats, ShsVector sum)
{
  ShsVector *target = get_contribution (place, place->node->slot);

  *target = shs_lanes_fma (get_coefficient (place, repeats), sum, *target);
}

/* A node above two leaves: reads A, writes H. */
SHS_LANES_INLINE void
walk_1 (Place place, int n, gboolean repeats, const ShsVector *probability, ShsVector *expectation)
{
  ShsVector sum = get_weight (&place, n, repeats, 0, probability[0]);

  read_masks (&place, repeats);
  UNROLL for (int q = 1; q < n; q++) sum += get_weight (&place, n, repeats, q, probability[q]);
  get_factors (&place, n, repeats, expectation);
  contribute (&place, repeats, sum);
}

/* What stands between the two children: H and the value from u, A and both children's H. */
SHS_LANES_INLINE void
combine (const Place *place, int n, gboolean repeats, const ShsVector *factors,
         const ShsVector *probability, const ShsVector *left, const ShsVector *right,
         ShsVector *expectation)
{
  ShsVector sum = { 0 };

  UNROLL for (int q = 0; q < n; q++)
  {
    ShsVector difference = left[q] - right[q];
    ShsVector weight = get_weight (place, n, repeats, q, probability[q]);

    sum = q == 0 ? weight * difference : shs_lanes_fma (weight, difference, sum);
    expectation[q] = shs_lanes_fma (factors[q], difference, right[q]);
  }
  contribute (place, repeats, sum);
}

/* A complete subtree of one more level than @lower walks. */
#define DEFINE_WALK(name, lower, n_lower)                                                          \
  SHS_LANES_INLINE void name (Place place, int n, gboolean repeats, const ShsVector *probability,  \
                              ShsVector *expectation)                                              \
  {                                                                                                \
    ShsVector factors[SHS_QUADRATURE_POINTS];                                                      \
    ShsVector part[SHS_QUADRATURE_POINTS];                                                         \
    ShsVector left[SHS_QUADRATURE_POINTS];                                                         \
    ShsVector right[SHS_QUADRATURE_POINTS];                                                        \
                                                                                                   \
    read_masks (&place, repeats);                                                                  \
    get_factors (&place, n, repeats, factors);                                                     \
    UNROLL for (int q = 0; q < n; q++) part[q] = probability[q] * factors[q];                      \
    lower (move_on (place, n, repeats, 1), n, repeats, part, left);                                \
    UNROLL for (int q = 0; q < n; q++) part[q] = probability[q] - part[q];                         \
    lower (move_on (place, n, repeats, 1 + n_lower), n, repeats, part, right);                     \
    combine (&place, n, repeats, factors, probability, left, right, expectation);                  \
  }

DEFINE_WALK (walk_2, walk_1, 1)
DEFINE_WALK (walk_3, walk_2, 3)

#define DEFINE_SUBTREE(name, walk)                                                                 \
  SHS_LANES_INLINE void name (const ShsQuadrature *task, const ShsQuadratureOp *op,                \
                              const ShsReal *constants, int n, gboolean repeats)                   \
  {                                                                                                \
    const ShsVector *from = get_stack (task, n, op->level, op->side, PROBABILITY);                 \
    ShsVector *to = get_stack (task, n, op->level, op->side, EXPECTATION);                         \
                                                                                                   \
    for (int vector = 0; vector < count_vectors (task); vector++)                                  \
      {                                                                                            \
        ShsVector probability[SHS_QUADRATURE_POINTS];                                              \
        ShsVector expectation[SHS_QUADRATURE_POINTS];                                              \
                                                                                                   \
        load_points (from, n, vector, probability);                                                \
        walk (get_place (task, op, constants, vector), n, repeats, probability, expectation);      \
        store_points (to, n, vector, expectation);                                                 \
      }                                                                                            \
  }

DEFINE_SUBTREE (run_twig, walk_1)
DEFINE_SUBTREE (run_fork, walk_2)
DEFINE_SUBTREE (run_crown, walk_3)

SHS_LANES_INLINE void
run_down (const ShsQuadrature *task, const ShsQuadratureOp *op, const ShsReal *constants, int n,
          gboolean repeats)
{
  const ShsVector *from = get_stack (task, n, op->level, op->side, PROBABILITY);
  ShsVector *left = get_stack (task, n, op->level + 1, 0, PROBABILITY);
  ShsVector *right = get_stack (task, n, op->level + 1, 1, PROBABILITY);

  for (int vector = 0; vector < count_vectors (task); vector++)
    {
      Place place = get_place (task, op, constants, vector);
      ShsVector factors[SHS_QUADRATURE_POINTS];
      ShsVector probability[SHS_QUADRATURE_POINTS];

      load_points (from, n, vector, probability);
      read_masks (&place, repeats);
      get_factors (&place, n, repeats, factors);
      UNROLL for (int q = 0; q < n; q++)
      {
        factors[q] = probability[q] * factors[q];
        probability[q] = probability[q] - factors[q];
      }
      store_points (left, n, vector, factors);
      store_points (right, n, vector, probability);
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

      read_masks (&place, repeats);
      get_factors (&place, n, repeats, factors);
      load_points (from, n, vector, probability);
      load_points (from_left, n, vector, left);
      load_points (from_right, n, vector, right);
      combine (&place, n, repeats, factors, probability, left, right, left);
      store_points (to, n, vector, left);
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
    case SHS_STEP_FORK:
      run_fork (task, op, constants, n, repeats);
      break;
    default:
      run_crown (task, op, constants, n, repeats);
      break;
    }
}

DEFINE_PASSES (explain_pass, run_step)

void
SHS_LANES_NAME (explain) (const ShsQuadrature *task)
{
  run_passes (task, explain_pass);
}

/* Few rows, or rows that begin anywhere. */
SHS_LANES_INLINE void
flush_rows (const ShsReal *from, double *values, const ShsTreeColumns *to)
{
  if (to->overwrites)
    for (gsize row = 0; row < to->n_rows; row++)
      values[row] = (double)from[row];
  else
    for (gsize row = 0; row < to->n_rows; row++)
      values[row] += (double)from[row];
}

SHS_LANES_INLINE void
stream_block (const ShsReal *from, double *values)
{
  for (gsize row = 0; row < SHS_TREE_BLOCK; row += SHS_LANES_DOUBLES)
    shs_lanes_stream (values + row, shs_lanes_to_doubles (from + row));
}

void
SHS_LANES_NAME (flush) (gpointer contributions, gsize n_slots, const ShsTreeColumns *to)
{
  gboolean streams = to->overwrites && to->is_last && to->n_rows == SHS_TREE_BLOCK
                     && to->stride % SHS_LANES_DOUBLES == 0
                     && (guintptr)to->values % SHS_LANES_BYTES == 0;
  ShsReal *from = contributions;

  for (gsize slot = 0; slot < n_slots; slot++, from += SHS_TREE_BLOCK)
    {
      guint32 column = to->column[slot];
      double *values = to->values + column * to->stride;

      if (column != SHS_TREE_NO_COLUMN && streams)
        stream_block (from, values);
      else if (column != SHS_TREE_NO_COLUMN)
        flush_rows (from, values, to);
      memset (from, 0, SHS_TREE_BLOCK * sizeof *from);
    }
  if (streams)
    shs_lanes_end_stream ();
}
