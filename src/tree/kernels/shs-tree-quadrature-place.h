/* What the quadrature kernels of values and of pairs share: where a step stands, its constants and
 * the stack. */
#pragma once

#include "tree/kernels/shs-tree-quadrature-kernels.h"

/* Where a step stands: one vector of lanes out of the 64 rows. */
typedef struct
{
  const guint64 *left_words;
  const guint64 *hot_words;
  ShsVector *contributions;
  const ShsQuadratureNode *node;
  const ShsReal *constants;
  int vector;
  ShsLaneMask left;
  ShsLaneMask hot;
} Place;

SHS_LANES_INLINE void
read_masks (Place *place, gboolean repeats)
{
  place->left = shs_lanes_mask (&place->left_words[place->node->word], place->vector);
  if (repeats)
    place->hot = shs_lanes_mask (&place->hot_words[place->node->word], place->vector);
}

SHS_LANES_INLINE Place
move_on (Place place, int n, gboolean repeats, int n_nodes)
{
  place.node += n_nodes;
  place.constants += n_nodes * SHS_QUADRATURE_CONSTANTS (n, repeats);
  return place;
}

/* u, or H above two leaves, at each point. */
SHS_LANES_INLINE void
get_factors (const Place *place, int n, gboolean repeats, ShsVector *factors)
{
  const ShsReal *constants = place->constants + (repeats ? 3 : 2);

  UNROLL for (int q = 0; q < n; q++) factors[q] = shs_lanes_select (
      place->left, shs_lanes_set (constants[q]), shs_lanes_set (constants[n + q]));
  if (repeats)
    UNROLL for (int q = 0; q < n; q++) factors[q]
        = shs_lanes_select (place->hot, factors[q], shs_lanes_set (place->constants[2]));
}

/* kappa A. */
SHS_LANES_INLINE ShsVector
get_weight (const Place *place, int n, gboolean repeats, int q, ShsVector probability)
{
  return repeats ? probability * shs_lanes_set (place->constants[3 + 2 * n + q]) : probability;
}

/* [row goes left] - w, times the difference of two leaves; 0 for rows that are not hot. */
SHS_LANES_INLINE ShsVector
get_coefficient (const Place *place, gboolean repeats)
{
  ShsVector coefficient = shs_lanes_select (place->left, shs_lanes_set (place->constants[1]),
                                            shs_lanes_set (place->constants[0]));

  return repeats ? shs_lanes_select (place->hot, coefficient, (ShsVector){ 0 }) : coefficient;
}

SHS_LANES_INLINE ShsVector *
get_contribution (const Place *place, guint32 slot)
{
  return place->contributions + (gsize)slot * SHS_LANES_VECTORS + place->vector;
}

/* The stack's [point][64] numbers of one level and side. */
SHS_LANES_INLINE ShsVector *
get_stack (const ShsQuadrature *task, int n, guint32 level, int side, int kind)
{
  return (ShsVector *)task->stack + (((gsize)level * 2 + side) * 2 + kind) * n * SHS_LANES_VECTORS;
}

SHS_LANES_INLINE int
count_vectors (const ShsQuadrature *task)
{
  return ((int)task->n_rows + SHS_LANES - 1) / SHS_LANES;
}

#define PROBABILITY 0
#define EXPECTATION 1

SHS_LANES_INLINE void
load_points (const ShsVector *stack, int n, int vector, ShsVector *values)
{
  UNROLL for (int q = 0; q < n; q++) values[q] = stack[q * SHS_LANES_VECTORS + vector];
}

SHS_LANES_INLINE void
store_points (ShsVector *stack, int n, int vector, const ShsVector *values)
{
  UNROLL for (int q = 0; q < n; q++) stack[q * SHS_LANES_VECTORS + vector] = values[q];
}

SHS_LANES_INLINE Place
get_place (const ShsQuadrature *task, const ShsQuadratureOp *op, const ShsReal *constants,
           int vector)
{
  return (Place){ .left_words = task->left,
                  .hot_words = task->hot,
                  .contributions = task->contributions,
                  .node = task->nodes + op->node,
                  .constants = constants + op->constants,
                  .vector = vector };
}

SHS_LANES_INLINE void
run_leaf (const ShsQuadrature *task, const ShsQuadratureOp *op, const ShsReal *constants, int n)
{
  ShsVector *to = get_stack (task, n, op->level, op->side, EXPECTATION);
  ShsVector value = shs_lanes_set (constants[op->constants]);

  for (int i = 0; i < n * SHS_LANES_VECTORS; i++)
    to[i] = value;
}

SHS_LANES_INLINE void
start_pass (const ShsQuadrature *task, const double *weights, int n)
{
  ShsVector *root = get_stack (task, n, 0, 0, PROBABILITY);

  for (int i = 0; i < n * SHS_LANES_VECTORS; i++)
    root[i] = shs_lanes_set ((ShsReal)weights[i / SHS_LANES_VECTORS]);
}

typedef void (*RunPass) (const ShsQuadrature *task, const ShsReal *constants,
                         const double *weights);

/* One compilation per number of points, so that the loops over them unroll into registers. */
#define DEFINE_PASS(name, run_step, n)                                                             \
  static __attribute__ ((noinline)) void name##_##n (                                              \
      const ShsQuadrature *task, const ShsReal *constants, const double *weights)                  \
  {                                                                                                \
    start_pass (task, weights, n);                                                                 \
    for (const ShsQuadratureOp *op = task->ops; op < task->ops + task->n_ops; op++)                \
      if (op->repeats)                                                                             \
        run_step (task, op, constants, n, TRUE);                                                   \
      else                                                                                         \
        run_step (task, op, constants, n, FALSE);                                                  \
  }

#define DEFINE_PASSES(name, run_step)                                                              \
  DEFINE_PASS (name, run_step, 1)                                                                  \
  DEFINE_PASS (name, run_step, 2)                                                                  \
  DEFINE_PASS (name, run_step, 3)                                                                  \
  DEFINE_PASS (name, run_step, 4)                                                                  \
  static const RunPass name[] = { name##_1, name##_2, name##_3, name##_4 };

SHS_LANES_INLINE void
run_passes (const ShsQuadrature *task, const RunPass *passes)
{
  for (gsize pass = 0; pass < task->n_passes; pass++)
    passes[task->n_points - 1](task, (const ShsReal *)task->constants + pass * task->n_constants,
                               task->weights + pass * task->n_points);
}
