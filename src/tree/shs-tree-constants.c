#include "tree/shs-tree-constants.h"

#include "core/shs-memory.h"
#include "tree/shs-tree-facts.h"

/* Where the next number goes. */
typedef struct
{
  gpointer memory;
  gsize next;
  gboolean is_double;
  const ShsTreeEnsemble *ensemble;
  const ShsTreeFacts *facts;
  gsize first; /* the tree's first node */
  gsize leaf_value;
  double weight;
  const double *points;
  gsize n_points;
  gboolean repeats;
  gboolean pairs;
} Writer;

static inline void
put (Writer *self, double value)
{
  if (self->is_double)
    ((double *)self->memory)[self->next++] = value;
  else
    ((float *)self->memory)[self->next++] = (float)value;
}

static double
get_leaf (const Writer *self, gsize node)
{
  return self->weight
         * shs_tree_ensemble_get_leaf (self->ensemble, self->first + node)[self->leaf_value];
}

/* Probability that the feature takes part, given the way the path took at the splits above. */
static inline double
get_part (double kept, double point)
{
  return kept == 1 ? point : point / (point + kept * (1 - point));
}

/* start + difference * u for rows that go left, then for those that go right. */
static void
put_factors (Writer *self, const ShsTreeFacts *facts, double start, double difference)
{
  for (gsize q = 0; q < self->n_points; q++)
    {
      double part = get_part (facts->kept, self->points[q]);

      put (self, start + difference * (part + (1 - part) * facts->share));
    }
  for (gsize q = 0; q < self->n_points; q++)
    {
      double part = get_part (facts->kept, self->points[q]);

      put (self, start + difference * ((1 - part) * facts->share));
    }
}

static void
put_kappa (Writer *self, double kept)
{
  for (gsize q = 0; q < self->n_points; q++)
    {
      double below = self->points[q] + kept * (1 - self->points[q]);

      put (self, kept == 1 ? 1 : kept / (below * below));
    }
}

/* Coefficients times @difference, and what @put_factors puts of start + difference u. */
static void
put_split (Writer *self, const ShsTreeFacts *facts, double coefficient, double start,
           double difference)
{
  put (self, -facts->share * coefficient);
  put (self, (1 - facts->share) * coefficient);
  if (self->repeats)
    put (self, start + difference * facts->share);
  put_factors (self, facts, start, difference);
  if (self->repeats)
    put_kappa (self, facts->kept);
}

/* What a row that went the path's way has, by the side that it went to. */
static void
put_gains (Writer *self, const ShsTreeFacts *facts)
{
  double kept[] = { facts->kept * facts->share, facts->kept * (1 - facts->share) };

  for (gsize side = 0; side < 2 && self->pairs; side++)
    for (gsize q = 0; q < self->n_points; q++)
      put (self, (1 - kept[side]) / (self->points[q] + kept[side] * (1 - self->points[q])));
}

/* A split that does nothing: everything is @value, nothing is contributed. */
static void
put_nothing (Writer *self, double value)
{
  put (self, 0);
  put (self, 0);
  for (gsize i = 0; i < 2 * self->n_points + (self->repeats ? 1 : 0); i++)
    put (self, value);
  for (gsize i = 0; i < (self->repeats ? self->n_points : 0); i++)
    put (self, 1);
}

/* The same order as that of the operations' nodes; heights are 3 at most. */
static void
put_subtree (Writer *self, gsize node, guint height, gboolean is_split)
{
  const ShsTreeFacts *facts = &self->facts[node];
  gboolean is_here = is_split && facts->height > 0;
  gsize right = is_here ? self->ensemble->right[self->first + node] - self->first : node;
  gsize left = is_here ? node + 1 : node;

  if (height == 1)
    {
      if (is_here)
        put_split (self, facts, get_leaf (self, left) - get_leaf (self, right),
                   get_leaf (self, right), get_leaf (self, left) - get_leaf (self, right));
      else
        put_nothing (self, get_leaf (self, node));
      return;
    }
  if (is_here)
    put_split (self, facts, 1, 0, 1);
  else
    put_nothing (self, 1);
  put_gains (self, facts);
  put_subtree (self, left, height - 1, is_here);
  put_subtree (self, right, height - 1, is_here);
}

static void
put_pass (Writer *self, const ShsQuadratureOp *ops, gsize n_ops, const guint32 *op_node)
{
  for (gsize q = 0; q < self->n_points && self->pairs; q++)
    put (self, -1 / (1 - self->points[q]));
  for (gsize i = 0; i < n_ops; i++)
    {
      const ShsTreeFacts *facts = &self->facts[op_node[i]];

      self->repeats = ops[i].repeats;
      if (ops[i].step == SHS_STEP_LEAF)
        put (self, get_leaf (self, op_node[i]));
      else if (ops[i].step == SHS_STEP_DOWN)
        {
          put_split (self, facts, 1, 0, 1);
          put_gains (self, facts);
        }
      else if (ops[i].step != SHS_STEP_UP)
        put_subtree (self, op_node[i], facts->height, TRUE);
    }
}

gboolean
shs_tree_constants_write (ShsTreeProgram *program, const ShsTreeEnsemble *ensemble,
                          const ShsTreeCode *code, GError **error)
{
  gsize count;
  Writer writer = { .ensemble = ensemble,
                    .facts = program->facts.memory,
                    .is_double = program->variant.size == sizeof (double),
                    .first = ensemble->tree_first[code->tree],
                    .weight = ensemble->tree_weight[code->tree],
                    .n_points = code->n_points,
                    .pairs = program->variant.pairs };

  if (!shs_size_multiply (code->n_constants * code->n_passes, ensemble->leaf_size, &count))
    count = G_MAXSIZE;
  writer.memory = shs_tree_buffer_extend (&program->constants, count, program->variant.size, error);
  if (writer.memory == NULL)
    return FALSE;
  for (gsize k = 0; k < ensemble->leaf_size; k++)
    for (gsize pass = 0; pass < code->n_passes; pass++)
      {
        writer.leaf_value = k;
        writer.points = (const double *)program->points.memory + pass * code->n_points;
        put_pass (&writer, (const ShsQuadratureOp *)program->ops.memory + code->first_op,
                  code->n_ops, program->op_node.memory);
      }
  return TRUE;
}
