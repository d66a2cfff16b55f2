/* Writes a model of many trees and a table of many rows, for tests of the window under load. */
#include <glib.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/shs-random.h"

#define DEPTH 6
#define N_NODES ((1 << (DEPTH + 1)) - 1)
#define N_SPLITS ((1 << DEPTH) - 1)

/* One list of a tree: an expression for each node i. */
#define WRITE_LIST(name, format, expression)                                                       \
  do                                                                                               \
    {                                                                                              \
      fprintf (file, "\"%s\":[", name);                                                            \
      for (int i = 0; i < N_NODES; i++)                                                            \
        fprintf (file, "%s" format, i > 0 ? "," : "", expression);                                 \
      fputs ("],", file);                                                                          \
    }                                                                                              \
  while (0)

static void
write_tree (FILE *file, int id, int n_features, ShsRandom *random)
{
  double cover[N_NODES] = { 100000 }, condition[N_NODES];
  int feature[N_NODES];

  for (int i = 0; i < N_NODES; i++)
    {
      gboolean is_split = i < N_SPLITS;

      feature[i] = is_split ? (int)shs_random_below (random, (guint64)n_features) : 0;
      condition[i] = (shs_random_uniform (random) - 0.5) * (is_split ? 2 : 0.1);
      if (is_split)
        {
          double share = 0.3 + 0.4 * shs_random_uniform (random);

          cover[2 * i + 1] = cover[i] * share;
          cover[2 * i + 2] = cover[i] * (1 - share);
        }
    }
  fputs ("{", file);
  WRITE_LIST ("base_weights", "%d", 0);
  fputs ("\"categories\":[],\"categories_nodes\":[],\"categories_segments\":[],"
         "\"categories_sizes\":[],",
         file);
  WRITE_LIST ("default_left", "%d", i % 2);
  fprintf (file, "\"id\":%d,", id);
  WRITE_LIST ("left_children", "%d", i < N_SPLITS ? 2 * i + 1 : -1);
  WRITE_LIST ("right_children", "%d", i < N_SPLITS ? 2 * i + 2 : -1);
  WRITE_LIST ("loss_changes", "%d", 0);
  WRITE_LIST ("parents", "%d", i > 0 ? (i - 1) / 2 : 2147483647);
  WRITE_LIST ("split_conditions", "%.6g", condition[i]);
  WRITE_LIST ("split_indices", "%d", feature[i]);
  WRITE_LIST ("split_type", "%d", 0);
  WRITE_LIST ("sum_hessian", "%.8g", cover[i]);
  fprintf (file,
           "\"tree_param\":{\"num_deleted\":\"0\",\"num_feature\":\"%d\",\"num_nodes\":\"%d\","
           "\"size_leaf_vector\":\"0\"}}",
           n_features, N_NODES);
}

static void
write_model (FILE *file, int n_trees, int n_features)
{
  ShsRandom random = shs_random_init (1, 0);

  fprintf (file,
           "{\"learner\":{\"attributes\":{},\"feature_names\":[],\"feature_types\":[],"
           "\"gradient_booster\":{\"model\":{\"gbtree_model_param\":{\"num_parallel_tree\":\"1\","
           "\"num_trees\":\"%d\",\"size_leaf_vector\":\"0\"},\"tree_info\":[0",
           n_trees);
  for (int t = 1; t < n_trees; t++)
    fputs (",0", file);
  fputs ("],\"trees\":[", file);
  for (int t = 0; t < n_trees; t++)
    {
      fputs (t > 0 ? "," : "", file);
      write_tree (file, t, n_features, &random);
    }
  fprintf (file,
           "]},\"name\":\"gbtree\"},\"learner_model_param\":{\"base_score\":\"5E-1\","
           "\"boost_from_average\":\"1\",\"num_class\":\"0\",\"num_feature\":\"%d\","
           "\"num_target\":\"1\"},\"objective\":{\"name\":\"reg:squarederror\","
           "\"reg_loss_param\":{\"scale_pos_weight\":\"1\"}}},\"version\":[1,7,6]}",
           n_features);
}

/* A NumPy array of float32: rows x columns, row by row. */
static void
write_data (FILE *file, int n_rows, int n_columns)
{
  ShsRandom random = shs_random_init (2, 0);
  g_autofree char *shape = g_strdup_printf (
      "{'descr': '<f4', 'fortran_order': False, 'shape': (%d, %d), }", n_rows, n_columns);
  int padding = 64 - (10 + (int)strlen (shape) + 1) % 64;
  guint16 length = (guint16)(strlen (shape) + (gsize)padding + 1);

  fwrite ("\x93NUMPY\x01\x00", 1, 8, file);
  fwrite (&length, 2, 1, file);
  fprintf (file, "%s%*s\n", shape, padding, "");
  for (gint64 i = 0; i < (gint64)n_rows * n_columns; i++)
    {
      float value = (float)(shs_random_uniform (&random) * 2 - 1);

      fwrite (&value, sizeof value, 1, file);
    }
}

int
main (int argc, char **argv)
{
  int n_rows, n_columns, n_trees;
  FILE *model, *data;

  if (argc != 6)
    {
      fprintf (stderr, "Usage: make-big-input MODEL.json DATA.npy ROWS COLUMNS TREES\n");
      return 2;
    }
  n_rows = atoi (argv[3]);
  n_columns = atoi (argv[4]);
  n_trees = atoi (argv[5]);
  model = fopen (argv[1], "w");
  data = fopen (argv[2], "w");
  if (model == NULL || data == NULL)
    return 1;
  write_model (model, n_trees, n_columns);
  write_data (data, n_rows, n_columns);
  return fclose (model) == 0 && fclose (data) == 0 ? 0 : 1;
}
