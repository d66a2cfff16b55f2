#include "bench-model.h"

#include "core/shs-random.h"

#include <stdlib.h>
#include <time.h>

#define LEAST_ROWS 6

ShsMatrix *
bench_rows (guint64 seed, gsize n, gsize n_features)
{
  ShsRandom random = shs_random_init (seed, 0);
  ShsMatrix *rows = shs_matrix_new (n, n_features, NULL);

  for (gsize j = 0; j < n_features; j++)
    for (gsize i = 0; i < n; i++)
      shs_matrix_set (rows, i, j, (float)shs_random_normal (&random));
  return rows;
}

typedef struct
{
  ShsRandom random;
  const ShsMatrix *rows;
  guint depth;
  guint32 *members; /* rows, permuted so that each node's are contiguous */
  GArray *nodes;
} Grower;

/* Moves the rows below @threshold to the front; returns their number. */
static gsize
partition (const Grower *self, guint32 *members, gsize n, gsize feature, double threshold)
{
  const double *column = shs_matrix_column (self->rows, feature);
  gsize n_left = 0;

  for (gsize i = 0; i < n; i++)
    if (column[members[i]] < threshold)
      {
        guint32 swapped = members[n_left];

        members[n_left++] = members[i];
        members[i] = swapped;
      }
  return n_left;
}

/* The middle one of three rows' values: splits are uneven, though less than a random row's. */
static double
draw_threshold (Grower *self, const guint32 *members, gsize n, gsize feature)
{
  const double *column = shs_matrix_column (self->rows, feature);
  double a = column[members[shs_random_below (&self->random, n)]];
  double b = column[members[shs_random_below (&self->random, n)]];
  double c = column[members[shs_random_below (&self->random, n)]];

  return MAX (MIN (a, b), MIN (MAX (a, b), c));
}

static gint32
grow (Grower *self, guint32 *members, gsize n, guint depth)
{
  ShsTreeNode node = { .split = SHS_LEAF, .cover = (double)n };
  gint32 index = (gint32)self->nodes->len;
  gsize feature = shs_random_below (&self->random, self->rows->n_columns);
  gsize n_left;
  gint32 left;
  gint32 right;

  node.value = (float)(0.1 * shs_random_normal (&self->random));
  g_array_append_val (self->nodes, node);
  if (depth == 0 || n < LEAST_ROWS)
    return index;

  node.threshold = draw_threshold (self, members, n, feature);
  n_left = partition (self, members, n, feature, node.threshold);
  if (n_left == 0 || n_left == n)
    return index;
  left = grow (self, members, n_left, depth - 1);
  right = grow (self, members + n_left, n - n_left, depth - 1);
  node.split = SHS_SPLIT_LESS;
  node.missing = SHS_MISSING_NAN;
  node.feature = (gint32)feature;
  node.left = left;
  node.right = right;
  g_array_index (self->nodes, ShsTreeNode, index) = node;
  return index;
}

/* @tests: of each level: feature and threshold. */
static gint32
grow_oblivious (Grower *self, guint32 *members, gsize n, guint depth, const ShsTreeNode *tests)
{
  gint32 index = (gint32)self->nodes->len;
  ShsTreeNode node = { .split = SHS_LEAF };
  gsize n_left;

  node.value = (float)(0.1 * shs_random_normal (&self->random));
  if (depth > 0)
    node = tests[depth - 1];
  /* libxgboost gives up where no row was. */
  node.cover = (double)n + (double)(1u << depth);
  g_array_append_val (self->nodes, node);
  if (depth == 0)
    return index;
  n_left = partition (self, members, n, (gsize)node.feature, node.threshold);
  node.left = grow_oblivious (self, members, n_left, depth - 1, tests);
  node.right = grow_oblivious (self, members + n_left, n - n_left, depth - 1, tests);
  g_array_index (self->nodes, ShsTreeNode, index) = node;
  return index;
}

static void
grow_levels (Grower *self, guint32 *members, gsize n, guint depth)
{
  g_autofree ShsTreeNode *tests = g_new0 (ShsTreeNode, depth);

  for (guint i = 0; i < depth; i++)
    {
      tests[i].split = SHS_SPLIT_LESS;
      tests[i].missing = SHS_MISSING_NAN;
      tests[i].feature = (gint32)shs_random_below (&self->random, self->rows->n_columns);
      tests[i].threshold = draw_threshold (self, members, n, (gsize)tests[i].feature);
    }
  grow_oblivious (self, members, n, depth, tests);
}

static ShsTreeEnsemble *
make_ensemble (guint64 seed, const ShsMatrix *rows, gsize n_trees, guint depth,
               gboolean is_oblivious)
{
  g_autoptr (GArray) nodes = g_array_new (FALSE, FALSE, sizeof (ShsTreeNode));
  g_autofree guint32 *members = g_new (guint32, rows->n_rows);
  Grower grower = { shs_random_init (seed, 1), rows, depth, members, nodes };
  g_autoptr (ShsTreeBuilder) builder
      = shs_tree_builder_new (rows->n_columns, 1, 1, SHS_TREE_CAST_FLOAT);

  for (gsize i = 0; i < rows->n_rows; i++)
    members[i] = (guint32)i;
  for (gsize tree = 0; tree < n_trees; tree++)
    {
      g_array_set_size (nodes, 0);
      if (is_oblivious)
        grow_levels (&grower, members, rows->n_rows, depth);
      else
        grow (&grower, members, rows->n_rows, depth);
      if (!shs_tree_builder_add_tree (builder, (ShsTreeNode *)nodes->data, nodes->len, NULL, 0, 1,
                                      NULL))
        abort ();
    }
  return shs_tree_builder_finish (g_steal_pointer (&builder), NULL);
}

ShsTreeEnsemble *
bench_ensemble (guint64 seed, const ShsMatrix *rows, gsize n_trees, guint depth)
{
  return make_ensemble (seed, rows, n_trees, depth, FALSE);
}

ShsTreeEnsemble *
bench_oblivious (guint64 seed, const ShsMatrix *rows, gsize n_trees, guint depth)
{
  return make_ensemble (seed, rows, n_trees, depth, TRUE);
}

/* A tree in breadth-first order: libxgboost takes the node behind the left child for the right one,
 * whatever the model says. */
typedef struct
{
  const ShsTreeEnsemble *ensemble;
  gsize n;
  gsize *order; /* by index: node of the ensemble */
  int *parent;  /* by index */
  int *left;    /* by index; -1 at leaves */
} Layout;

static gboolean
is_leaf (const Layout *layout, gsize index)
{
  return layout->left[index] < 0;
}

static void
lay_out (Layout *layout, gsize first)
{
  const ShsTreeEnsemble *ensemble = layout->ensemble;
  gsize n = 1;

  layout->order[0] = first;
  layout->parent[0] = G_MAXINT32;
  for (gsize i = 0; i < layout->n; i++)
    {
      gsize node = layout->order[i];

      layout->left[i] = ensemble->split[node] == SHS_LEAF ? -1 : (int)n;
      if (is_leaf (layout, i))
        continue;
      layout->parent[n] = layout->parent[n + 1] = (int)i;
      layout->order[n++] = node + 1;
      layout->order[n++] = ensemble->right[node];
    }
}

typedef void (*NodeFunc) (GString *json, const Layout *layout, gsize index);

static void
put_left (GString *json, const Layout *layout, gsize index)
{
  g_string_append_printf (json, "%d", layout->left[index]);
}

static void
put_right (GString *json, const Layout *layout, gsize index)
{
  g_string_append_printf (json, "%d", is_leaf (layout, index) ? -1 : layout->left[index] + 1);
}

static void
put_parent (GString *json, const Layout *layout, gsize index)
{
  g_string_append_printf (json, "%d", layout->parent[index]);
}

static void
put_feature (GString *json, const Layout *layout, gsize index)
{
  g_string_append_printf (
      json, "%d", is_leaf (layout, index) ? 0 : layout->ensemble->feature[layout->order[index]]);
}

static void
put_condition (GString *json, const Layout *layout, gsize index)
{
  /* XGBoost, too, keeps a leaf's value where other nodes have their thresholds. */
  g_string_append_printf (json, "%.9e", layout->ensemble->threshold[layout->order[index]]);
}

static void
put_cover (GString *json, const Layout *layout, gsize index)
{
  g_string_append_printf (json, "%.9e",
                          shs_tree_ensemble_get_cover (layout->ensemble, layout->order[index]));
}

static void
put_zero (GString *json, const Layout *layout, gsize index)
{
  g_string_append_c (json, '0');
}

/* libxgboost tells integers from reals by their spelling. */
static void
put_real_zero (GString *json, const Layout *layout, gsize index)
{
  g_string_append (json, "0.0");
}

static void
put_tree (GString *json, const ShsTreeEnsemble *ensemble, gsize tree)
{
  static const struct
  {
    const char *name;
    NodeFunc put;
  } arrays[] = {
    { "base_weights", put_real_zero },
    { "default_left", put_zero },
    { "left_children", put_left },
    { "loss_changes", put_real_zero },
    { "parents", put_parent },
    { "right_children", put_right },
    { "split_conditions", put_condition },
    { "split_indices", put_feature },
    { "split_type", put_zero },
    { "sum_hessian", put_cover },
  };
  gsize n = ensemble->tree_first[tree + 1] - ensemble->tree_first[tree];
  g_autofree gsize *order = g_new (gsize, n);
  g_autofree int *parent = g_new (int, n);
  g_autofree int *left = g_new (int, n);
  Layout layout = { ensemble, n, order, parent, left };

  lay_out (&layout, ensemble->tree_first[tree]);
  g_string_append (json, "{\"categories\":[],\"categories_nodes\":[],\"categories_segments\":[],"
                         "\"categories_sizes\":[]");
  for (gsize i = 0; i < G_N_ELEMENTS (arrays); i++)
    {
      g_string_append_printf (json, ",\"%s\":[", arrays[i].name);
      for (gsize index = 0; index < n; index++)
        {
          if (index > 0)
            g_string_append_c (json, ',');
          arrays[i].put (json, &layout, index);
        }
      g_string_append_c (json, ']');
    }
  g_string_append_printf (json,
                          ",\"id\":%zu,\"tree_param\":{\"num_deleted\":\"0\",\"num_feature\":"
                          "\"%zu\",\"num_nodes\":\"%zu\",\"size_leaf_vector\":\"0\"}}",
                          tree, ensemble->n_features, n);
}

static void
check (int status)
{
  if (status == 0)
    return;
  g_printerr ("libxgboost: %s\n", XGBGetLastError ());
  exit (EXIT_FAILURE);
}

BoosterHandle
bench_booster (const ShsTreeEnsemble *ensemble, guint n_threads)
{
  g_autoptr (GString) json
      = g_string_new ("{\"learner\":{\"attributes\":{},\"feature_names\":[],"
                      "\"feature_types\":[],\"gradient_booster\":{\"model\":{");
  g_autofree char *threads = g_strdup_printf ("%u", n_threads);
  BoosterHandle booster;

  g_string_append_printf (json,
                          "\"gbtree_model_param\":{\"num_parallel_tree\":\"1\",\"num_trees\":"
                          "\"%zu\",\"size_leaf_vector\":\"0\"},\"tree_info\":[",
                          ensemble->n_trees);
  for (gsize tree = 0; tree < ensemble->n_trees; tree++)
    g_string_append (json, tree > 0 ? ",0" : "0");
  g_string_append (json, "],\"trees\":[");
  for (gsize tree = 0; tree < ensemble->n_trees; tree++)
    {
      if (tree > 0)
        g_string_append_c (json, ',');
      put_tree (json, ensemble, tree);
    }
  g_string_append_printf (json,
                          "]},\"name\":\"gbtree\"},\"learner_model_param\":{\"base_score\":\"0\","
                          "\"num_class\":\"0\",\"num_feature\":\"%zu\",\"num_target\":\"1\"},"
                          "\"objective\":{\"name\":\"reg:squarederror\",\"reg_loss_param\":"
                          "{\"scale_pos_weight\":\"1\"}}},\"version\":[1,7,4]}",
                          ensemble->n_features);

  check (XGBoosterCreate (NULL, 0, &booster));
  check (XGBoosterLoadModelFromBuffer (booster, json->str, json->len));
  check (XGBoosterSetParam (booster, "nthread", threads));
  return booster;
}

DMatrixHandle
bench_matrix (const ShsMatrix *rows, gsize n)
{
  g_autofree float *values = g_new (float, n * rows->n_columns);
  DMatrixHandle matrix;

  for (gsize j = 0; j < rows->n_columns; j++)
    for (gsize i = 0; i < n; i++)
      values[i * rows->n_columns + j] = (float)shs_matrix_get (rows, i, j);
  check (XGDMatrixCreateFromMat (values, n, rows->n_columns, (float)G_MAXFLOAT, &matrix));
  return matrix;
}

const float *
bench_booster_run (BoosterHandle booster, DMatrixHandle matrix, int type)
{
  g_autofree char *config = g_strdup_printf ("{\"type\":%d,\"training\":false,\"iteration_begin\":"
                                             "0,\"iteration_end\":0,\"strict_shape\":false}",
                                             type);
  const bst_ulong *shape;
  bst_ulong n_dimensions;
  const float *result;

  check (XGBoosterPredictFromDMatrix (booster, matrix, config, &shape, &n_dimensions, &result));
  return result;
}

static double
read_clock (clockid_t clock)
{
  struct timespec now;

  clock_gettime (clock, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

double
bench_seconds (guint repetitions, guint n_threads, gboolean processor_time,
               void (*run) (gpointer data), gpointer data)
{
  clockid_t clock = processor_time ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_MONOTONIC;
  double best = G_MAXDOUBLE;

  for (guint i = 0; i < repetitions; i++)
    {
      double start = read_clock (clock);

      run (data);
      best = MIN (best, read_clock (clock) - start);
    }
  return processor_time ? best / n_threads : best;
}
