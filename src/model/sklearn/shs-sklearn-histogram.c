/* HistGradientBoostingRegressor and -Classifier: values are compared in double; categories that
 * are negative or that training did not see go where missing values go. */

#include "model/sklearn/shs-sklearn.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"

#include <string.h>

#define CATEGORIES 256
#define WORDS (CATEGORIES / 32)

/* @bits: words of the categories that go left, WORDS for each split by category */
typedef struct
{
  gsize n;
  double *value;
  double *count;
  double *feature;
  double *threshold;
  double *missing_left;
  double *left;
  double *right;
  double *is_leaf;
  double *is_category;
  double *set;
  double *bits;
  gsize n_bits;
  ShsTreeNode *nodes;
} Predictor;

/* By feature, the categories of training as the estimator's own encoder numbers them: WORDS words
 * each. */
typedef struct
{
  guint32 *words;
  gsize n_features;
} Known;

static void
predictor_clear (Predictor *self)
{
  shs_free (self->value);
  shs_free (self->count);
  shs_free (self->feature);
  shs_free (self->threshold);
  shs_free (self->missing_left);
  shs_free (self->left);
  shs_free (self->right);
  shs_free (self->is_leaf);
  shs_free (self->is_category);
  shs_free (self->set);
  shs_free (self->bits);
  shs_free (self->nodes);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Predictor, predictor_clear)

static void
read_predictor (ShsSklearn *self, ShsSkopsRef object, Predictor *data)
{
  ShsSkops *file = self->file;
  g_autoptr (ShsNpyArray) nodes
      = shs_skops_read_array (file, shs_skops_need (file, object, "nodes"));
  GError *error = NULL;

  if (nodes == NULL)
    return;
  data->n = nodes->n_items;
  data->value = shs_skops_read_field (file, nodes, "value", FALSE);
  data->count = shs_skops_read_field (file, nodes, "count", FALSE);
  data->feature = shs_skops_read_field (file, nodes, "feature_idx", FALSE);
  data->threshold = shs_skops_read_field (file, nodes, "num_threshold", FALSE);
  data->missing_left = shs_skops_read_field (file, nodes, "missing_go_to_left", FALSE);
  data->left = shs_skops_read_field (file, nodes, "left", FALSE);
  data->right = shs_skops_read_field (file, nodes, "right", FALSE);
  data->is_leaf = shs_skops_read_field (file, nodes, "is_leaf", FALSE);
  data->is_category = shs_skops_read_field (file, nodes, "is_categorical", FALSE);
  data->set = shs_skops_read_field (file, nodes, "bitset_idx", FALSE);
  data->bits = shs_skops_read_doubles (file, shs_skops_need (file, object, "raw_left_cat_bitsets"),
                                       &data->n_bits);
  if (shs_skops_check (file, NULL))
    data->nodes = shs_alloc (data->n, sizeof *data->nodes, &error);
  shs_skops_take_error (file, error);
}

static void
read_known (ShsSklearn *self, ShsSkopsRef estimator, Known *known)
{
  ShsSkops *file = self->file;
  ShsSkopsRef mapper = shs_skops_need (file, estimator, "_bin_mapper");
  ShsSkopsRef list = shs_skops_need (file, mapper, "bin_thresholds_");
  ShsSkopsRef item = shs_skops_first (file, list);
  GError *error = NULL;

  known->n_features = shs_skops_count (file, list);
  known->words = shs_alloc0 (known->n_features, WORDS * sizeof *known->words, &error);
  shs_skops_take_error (file, error);
  for (gsize f = 0; shs_skops_check (file, NULL) && f < known->n_features; f++)
    {
      gsize n = 0;
      SHS_AUTOFREE double *categories = shs_skops_read_doubles (file, item, &n);

      for (gsize i = 0; i < n; i++)
        if (categories[i] >= 0 && categories[i] < CATEGORIES)
          known->words[f * WORDS + (gsize)categories[i] / 32] |= 1u << (gsize)categories[i] % 32;
      item = shs_skops_next (file, item);
    }
}

static void
add_set (ShsSklearn *self, const Known *known, const Predictor *data, gsize v, ShsTreeNode *node)
{
  gint32 categories[CATEGORIES];
  gboolean by_missing = data->missing_left[v] != 0;
  gsize n = 0;
  GError *error = NULL;

  if (!(data->set[v] >= 0 && (data->set[v] + 1) * WORDS <= (double)data->n_bits)
      || !(data->feature[v] >= 0 && data->feature[v] < (double)known->n_features))
    {
      shs_skops_fail (self->file, SHS_ERROR_INVALID,
                      "a split by categories has no set of them; save the model again");
      return;
    }
  for (gsize c = 0; c < CATEGORIES; c++)
    {
      double word = data->bits[(gsize)data->set[v] * WORDS + c / 32];
      gboolean goes_left = word >= 0 && word <= G_MAXUINT32 && ((guint32)word >> c % 32 & 1);
      gboolean is_known = known->words[(gsize)data->feature[v] * WORDS + c / 32] >> c % 32 & 1;

      if (by_missing ? is_known && !goes_left : goes_left)
        categories[n++] = (gint32)c;
    }
  node->split = by_missing ? SHS_SPLIT_NOT_IN_SET : SHS_SPLIT_IN_SET;
  node->set = shs_tree_builder_add_set (self->builder, categories, n, &error);
  shs_skops_take_error (self->file, error);
}

static void
read_tree (ShsSklearn *self, const Known *known, ShsSkopsRef object, gsize output)
{
  g_auto (Predictor) data = { 0 };

  read_predictor (self, object, &data);
  for (gsize v = 0; shs_skops_check (self->file, NULL) && v < data.n; v++)
    {
      ShsTreeNode *node = &data.nodes[v];

      *node = (ShsTreeNode){ .split = data.is_leaf[v] != 0 ? SHS_LEAF : SHS_SPLIT_LESS_EQUAL,
                             .missing
                             = SHS_MISSING_NAN | (data.missing_left[v] != 0 ? SHS_MISSING_LEFT : 0),
                             .feature = shs_sklearn_index (data.feature[v]),
                             .threshold = data.threshold[v],
                             .set = -1,
                             .left = shs_sklearn_index (data.left[v]),
                             .right = shs_sklearn_index (data.right[v]),
                             .cover = data.count[v],
                             .value = data.value[v] };
      if (node->split != SHS_LEAF && data.is_category[v] != 0)
        add_set (self, known, &data, v, node);
    }
  if (shs_skops_check (self->file, NULL))
    shs_sklearn_add_tree (self, data.nodes, data.n, NULL, output, 1);
}

static void
read_round (ShsSklearn *self, const Known *known, ShsSkopsRef round)
{
  gsize output = 0;

  for (ShsSkopsRef tree = shs_skops_first (self->file, round);
       tree != 0 && shs_skops_check (self->file, NULL); tree = shs_skops_next (self->file, tree))
    read_tree (self, known, tree, output++);
  if (output != self->parts.n_outputs)
    shs_skops_fail (self->file, SHS_ERROR_INVALID,
                    "the rounds have not all as many trees; save the model again");
}

/* Categories are encoded by the estimator itself, which puts them before the numbers. */
static void
encode (ShsSklearn *self, ShsSkopsRef estimator)
{
  ShsSkopsRef encoder = shs_skops_find (self->file, estimator, "_preprocessor");
  ShsFeatureMap *map;

  if (shs_skops_is_null (self->file, shs_skops_find (self->file, estimator, "is_categorical_")))
    return;
  if (shs_skops_is_null (self->file, encoder))
    {
      shs_sklearn_refuse (self, "%s with categories of scikit-learn before 1.4",
                          shs_skops_get_class (self->file, estimator));
      return;
    }
  map = shs_sklearn_transform (self, encoder, self->map);
  if (map == NULL)
    return;
  shs_feature_map_unref (self->map);
  self->map = map;
}

void
shs_sklearn_read_histogram (ShsSklearn *self, ShsSkopsRef estimator)
{
  ShsSkops *file = self->file;
  ShsSkopsRef rounds = shs_skops_need (file, estimator, "_predictors");
  ShsSkopsRef round = shs_skops_first (file, rounds);
  gsize n_outputs = shs_skops_count (file, round);
  gsize n = 0;
  Known known = { 0 };
  SHS_AUTOFREE double *base
      = shs_skops_read_doubles (file, shs_skops_need (file, estimator, "_baseline_prediction"), &n);

  encode (self, estimator);
  if (!shs_skops_check (file, NULL))
    return;
  if (n_outputs == 0 || n != n_outputs)
    {
      shs_skops_fail (file, SHS_ERROR_INVALID,
                      "_baseline_prediction has not one number per output; save the model again");
      return;
    }
  shs_sklearn_start_trees (self, n_outputs, FALSE, SHS_TREE_CAST_DOUBLE, base);
  self->parts.n_rounds = shs_skops_count (file, rounds);
  self->parts.trees_per_round = n_outputs;
  if (!shs_skops_is_null (file, shs_skops_find (file, estimator, "is_categorical_")))
    read_known (self, estimator, &known);
  for (; round != 0 && shs_skops_check (file, NULL); round = shs_skops_next (file, round))
    read_round (self, &known, round);
  shs_free (known.words);
}
