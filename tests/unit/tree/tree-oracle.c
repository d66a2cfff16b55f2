#include "tree-oracle.h"

#include "shs-test.h"

#include "tree/shs-tree-linear-leaves.h"

#include <math.h>
#include <string.h>

#define LARGEST_CATEGORY 40
#define MOST_NODES 200000

typedef struct
{
  ShsRandom random;
  const TreeShape *shape;
  gint32 n_sets;
  GArray *nodes;   /* of ShsTreeNode */
  GArray *vectors; /* of double */
  GArray *levels;  /* of ShsTreeNode: the splits of an oblivious tree */
} Maker;

static double
draw_grid_value (ShsRandom *random)
{
  /* Multiples of 0.1 are no floats: rounding decides on which side a tie falls. */
  return ((double)shs_random_below (random, 41) - 20) / 10;
}

static guint
draw_missing (Maker *self)
{
  guint missing = 0;

  if (!self->shape->all_rules)
    return SHS_MISSING_NAN | (shs_random_below (&self->random, 2) ? SHS_MISSING_LEFT : 0);
  for (guint bit = 0; bit < 5; bit++)
    missing |= (guint)shs_random_below (&self->random, 2) << bit;
  return missing;
}

static gsize
append_node (Maker *self, double cover)
{
  ShsTreeNode node = { .split = SHS_LEAF,
                       .cover = cover,
                       .value = 2 * shs_random_uniform (&self->random) - 1,
                       .feature = -1,
                       .set = -1 };

  g_array_append_val (self->nodes, node);
  for (gsize k = 0; k < self->shape->n_outputs; k++)
    {
      double value = 2 * shs_random_uniform (&self->random) - 1;

      g_array_append_val (self->vectors, value);
    }
  return self->nodes->len - 1;
}

static double
draw_left_share (Maker *self)
{
  if (self->shape->zero_covers && shs_random_below (&self->random, 4) == 0)
    return (double)shs_random_below (&self->random, 2);
  return 0.02 + 0.96 * shs_random_uniform (&self->random);
}

static void
draw_split (Maker *self, guint depth, ShsTreeNode *split)
{
  const TreeShape *shape = self->shape;
  ShsTreeNode was = *split;

  if (shape->is_oblivious && depth < self->levels->len)
    {
      *split = g_array_index (self->levels, ShsTreeNode, depth);
      split->cover = was.cover;
      split->value = was.value;
      return;
    }
  split->split
      = shape->all_rules ? (ShsSplit)shs_random_below (&self->random, SHS_LEAF) : SHS_SPLIT_LESS;
  split->missing = draw_missing (self);
  split->feature = (gint32)shs_random_below (&self->random, shape->n_features);
  split->threshold = draw_grid_value (&self->random);
  if (shs_random_below (&self->random, 2))
    split->threshold = (float)split->threshold;
  split->set = (gint32)shs_random_below (&self->random, (guint64)self->n_sets);
  if (shape->is_oblivious)
    g_array_append_val (self->levels, *split);
}

static void
grow (Maker *self, gsize node, guint depth)
{
  const TreeShape *shape = self->shape;
  double cover = g_array_index (self->nodes, ShsTreeNode, node).cover;
  double share = draw_left_share (self);
  ShsTreeNode *split;
  gsize left;
  gsize right;

  if (depth == shape->depth || self->nodes->len > MOST_NODES
      || shs_random_uniform (&self->random) >= shape->split_chance)
    return;
  left = append_node (self, cover * share);
  right = append_node (self, cover - cover * share);
  split = &g_array_index (self->nodes, ShsTreeNode, node);
  draw_split (self, depth, split);
  split->left = (gint32)left;
  split->right = (gint32)right;
  if (!shape->is_chain || shs_random_below (&self->random, 2))
    grow (self, left, depth + 1);
  if (!shape->is_chain || g_array_index (self->nodes, ShsTreeNode, left).split == SHS_LEAF)
    grow (self, right, depth + 1);
}

static void
add_random_sets (Maker *self, ShsTreeBuilder *builder)
{
  for (self->n_sets = 0; self->n_sets < 5; self->n_sets++)
    {
      gint32 categories[LARGEST_CATEGORY];
      gsize n = shs_random_below (&self->random, LARGEST_CATEGORY);

      for (gsize i = 0; i < n; i++)
        categories[i] = (gint32)shs_random_below (&self->random, LARGEST_CATEGORY);
      ck_assert_int_eq (shs_tree_builder_add_set (builder, categories, n, NULL), self->n_sets);
    }
}

static void
draw_players (Maker *self, ShsTreeBuilder *builder)
{
  const TreeShape *shape = self->shape;
  g_autofree guint32 *player = g_new (guint32, shape->n_features);

  for (gsize j = 0; j < shape->n_features; j++)
    player[j] = (guint32)shs_random_below (&self->random, shape->n_players);
  ck_assert (shs_tree_builder_set_players (builder, player, shape->n_players, NULL));
}

/* Draws of their own, so that the trees are the same with and without. */
static gboolean
add_linear_tree (const Maker *self, ShsRandom *random, ShsTreeBuilder *builder, gsize tree,
                 double weight, GError **error)
{
  gsize most = self->shape->most_terms;
  gsize n = self->nodes->len;
  g_autofree ShsTreeLinearLeaf *leaves = g_new (ShsTreeLinearLeaf, n);
  g_autofree gint32 *features = g_new (gint32, n * most);
  g_autofree double *coefficients = g_new (double, n *most);

  for (gsize i = 0; i < n * most; i++)
    {
      features[i] = (gint32)shs_random_below (random, self->shape->n_features);
      coefficients[i] = shs_random_normal (random);
    }
  for (gsize i = 0; i < n; i++)
    leaves[i] = (ShsTreeLinearLeaf){ .constant = shs_random_normal (random),
                                     .n_terms = shs_random_below (random, most + 1),
                                     .feature = features + i * most,
                                     .coefficient = coefficients + i * most };
  return shs_tree_builder_add_linear_tree (builder, (ShsTreeNode *)self->nodes->data, n, leaves,
                                           tree % self->shape->n_outputs, weight, error);
}

ShsTreeEnsemble *
random_ensemble (guint64 seed, const TreeShape *shape)
{
  gsize leaf_size = shape->vector_leaves ? shape->n_outputs : 1;
  g_autoptr (ShsTreeBuilder) builder
      = shs_tree_builder_new (shape->n_features, shape->n_outputs, leaf_size, shape->cast);
  g_autoptr (GArray) nodes = g_array_new (FALSE, FALSE, sizeof (ShsTreeNode));
  g_autoptr (GArray) vectors = g_array_new (FALSE, FALSE, sizeof (double));
  g_autofree double *base = g_new (double, shape->n_outputs);
  g_autoptr (GArray) levels = g_array_new (FALSE, FALSE, sizeof (ShsTreeNode));
  Maker maker = { shs_random_init (seed, 0), shape, 0, nodes, vectors, levels };
  ShsRandom of_leaves = shs_random_init (seed, 2);
  g_autoptr (GError) error = NULL;
  ShsTreeEnsemble *ensemble;

  for (gsize k = 0; k < shape->n_outputs; k++)
    base[k] = shs_random_normal (&maker.random);
  shs_tree_builder_set_base (builder, base);
  add_random_sets (&maker, builder);
  if (shape->n_players > 0)
    draw_players (&maker, builder);
  for (gsize tree = 0; tree < shape->n_trees; tree++)
    {
      double weight = shs_random_below (&maker.random, 3) ? 1 : shs_random_uniform (&maker.random);

      g_array_set_size (nodes, 0);
      g_array_set_size (vectors, 0);
      g_array_set_size (levels, 0);
      grow (&maker, append_node (&maker, 1000), 0);
      if (shape->most_terms > 0 && tree % 4 != 1
              ? !add_linear_tree (&maker, &of_leaves, builder, tree, weight, &error)
              : !shs_tree_builder_add_tree (builder, (ShsTreeNode *)nodes->data, nodes->len,
                                            leaf_size > 1 ? (double *)vectors->data : NULL,
                                            tree % shape->n_outputs, weight, &error))
        ck_abort_msg ("%s", error->message);
    }
  ensemble = shs_tree_builder_finish (g_steal_pointer (&builder), &error);
  shs_test_assert_no_error (error);
  return ensemble;
}

ShsMatrix *
random_rows (guint64 seed, gsize n, gsize n_features)
{
  static const double rare[] = { NAN, INFINITY, -INFINITY, 0.0, -0.0, 1e300, -1e300, 1e-40, 0.5 };
  ShsRandom random = shs_random_init (seed, 1);
  ShsMatrix *rows = shs_matrix_new (n, n_features, NULL);

  for (gsize j = 0; j < n_features; j++)
    for (gsize i = 0; i < n; i++)
      {
        double value = draw_grid_value (&random);

        switch (shs_random_below (&random, 6))
          {
          case 0:
            value = rare[shs_random_below (&random, G_N_ELEMENTS (rare))];
            break;
          case 1:
            value = (double)shs_random_below (&random, LARGEST_CATEGORY + 5);
            break;
          case 2:
            value = shs_random_normal (&random);
            break;
          default:
            value = shs_random_below (&random, 2) ? (float)value : value;
          }
        shs_matrix_set (rows, i, j, value);
      }
  return rows;
}

static gboolean
set_has (const ShsTreeEnsemble *ensemble, gsize node, double value)
{
  gsize set = shs_tree_ensemble_get_set (ensemble, node);
  gsize first = ensemble->set_first[set];
  gsize n_categories = 32 * (ensemble->set_first[set + 1] - first);

  if ((ensemble->missing[node] & SHS_CATEGORY_TRUNCATES) && value > -1 && value < 0)
    value = 0;
  if (isnan (value) || value < 0 || value >= (double)n_categories)
    return FALSE;
  return ensemble->set_words[first + (gsize)value / 32] >> ((gsize)value % 32) & 1;
}

gboolean
oracle_goes_left (const ShsTreeEnsemble *ensemble, gsize node, double value)
{
  guint missing = ensemble->missing[node];
  double threshold = ensemble->threshold[node];

  if (ensemble->cast == SHS_TREE_CAST_FLOAT)
    value = (float)value;
  if (isnan (value) && (missing & SHS_MISSING_NAN))
    return (missing & SHS_MISSING_LEFT) != 0;
  if (isnan (value) && (missing & SHS_MISSING_NAN_IS_ZERO))
    value = 0;
  if (fabs (value) <= 1e-35f && (missing & SHS_MISSING_ZERO))
    return (missing & SHS_MISSING_LEFT) != 0;
  switch (ensemble->split[node])
    {
    case SHS_SPLIT_LESS:
      return value < threshold;
    case SHS_SPLIT_LESS_EQUAL:
      return value <= threshold;
    case SHS_SPLIT_GREATER:
      return value > threshold;
    case SHS_SPLIT_GREATER_EQUAL:
      return value >= threshold;
    case SHS_SPLIT_EQUAL:
      return value == threshold;
    case SHS_SPLIT_NOT_EQUAL:
      return value != threshold;
    case SHS_SPLIT_IN_SET:
      return set_has (ensemble, node, value);
    default:
      return !set_has (ensemble, node, value);
    }
}

static gsize
find_leaf (const ShsTreeEnsemble *ensemble, gsize tree, const ShsMatrix *rows, gsize row)
{
  gsize node = ensemble->tree_first[tree];

  while (ensemble->split[node] != SHS_LEAF)
    node = oracle_goes_left (ensemble, node,
                             shs_matrix_get (rows, row, (gsize)ensemble->feature[node]))
               ? node + 1
               : ensemble->right[node];
  return node;
}

/* A leaf's value for features that come from one of two rows: from @row where @coalition holds
 * their player. */
static long double
find_leaf_value (const OracleGame *game, gsize leaf, guint32 coalition)
{
  const ShsTreeEnsemble *ensemble = game->ensemble;
  long double constant = shs_tree_ensemble_get_leaf (ensemble, leaf)[game->leaf_value];
  long double sum;

  if (ensemble->linear == NULL || shs_tree_linear_leaves_count (ensemble->linear, leaf) == 0)
    return constant;
  sum = ensemble->linear->constant[leaf];
  for (gsize i = ensemble->linear->first[leaf]; i < ensemble->linear->first[leaf + 1]; i++)
    {
      gsize feature = (gsize)ensemble->linear->feature[i];
      gboolean is_in = coalition >> game->bit_of[ensemble->player[feature]] & 1;
      double value = is_in ? shs_matrix_get (game->rows, game->row, feature)
                           : shs_matrix_get (game->background, game->background_row, feature);

      if (isnan (value))
        return constant;
      sum += (long double)ensemble->linear->coefficient[i] * value;
    }
  return sum;
}

ShsMatrix *
oracle_predict (const ShsTreeEnsemble *ensemble, const ShsMatrix *rows)
{
  ShsMatrix *margins = shs_matrix_new (rows->n_rows, ensemble->n_outputs, NULL);
  g_autofree gint32 *bits = g_new0 (gint32, ensemble->n_players);

  for (gsize row = 0; row < rows->n_rows; row++)
    {
      for (gsize k = 0; k < ensemble->n_outputs; k++)
        shs_matrix_set (margins, row, k, ensemble->base[k]);
      for (gsize tree = 0; tree < ensemble->n_trees; tree++)
        for (gsize k = 0; k < ensemble->leaf_size; k++)
          {
            gsize leaf = find_leaf (ensemble, tree, rows, row);
            double *sum = shs_matrix_column (margins, ensemble->tree_output[tree] + k) + row;
            OracleGame game = { ensemble, rows, row, NULL, 0, k, bits };

            *sum += ensemble->tree_weight[tree] * (double)find_leaf_value (&game, leaf, 1);
          }
    }
  return margins;
}

long double
oracle_play (const OracleGame *game, gsize node, guint32 coalition)
{
  const ShsTreeEnsemble *ensemble = game->ensemble;
  gsize right = ensemble->right[node];
  gsize feature = (gsize)ensemble->feature[node];
  long double left_cover;
  long double right_cover;
  long double share;

  if (ensemble->split[node] == SHS_LEAF)
    return find_leaf_value (game, node, coalition);
  if (coalition >> game->bit_of[ensemble->player[feature]] & 1)
    return oracle_play (
        game,
        oracle_goes_left (ensemble, node, shs_matrix_get (game->rows, game->row, feature))
            ? node + 1
            : right,
        coalition);
  if (game->background != NULL)
    return oracle_play (
        game,
        oracle_goes_left (ensemble, node,
                          shs_matrix_get (game->background, game->background_row, feature))
            ? node + 1
            : right,
        coalition);
  left_cover = shs_tree_ensemble_get_cover (ensemble, node + 1);
  right_cover = shs_tree_ensemble_get_cover (ensemble, right);
  share = left_cover + right_cover > 0 ? left_cover / (left_cover + right_cover) : 0.5L;
  return share * oracle_play (game, node + 1, coalition)
         + (1 - share) * oracle_play (game, right, coalition);
}

/* v(S): with a background, the mean over its rows. */
static long double
find_worth (const OracleGame *game, gsize root, guint32 coalition)
{
  OracleGame one = *game;
  long double sum = 0;

  if (game->background == NULL)
    return oracle_play (game, root, coalition);
  for (one.background_row = 0; one.background_row < game->background->n_rows; one.background_row++)
    sum += oracle_play (&one, root, coalition);
  return sum / game->background->n_rows;
}

long double
oracle_get_weight (ShsTreeIndex index, int size, gsize k)
{
  if (index == SHS_TREE_INDEX_BANZHAF)
    return ldexpl (1, 1 - (int)k);
  return expl (lgammal (size + 1) + lgammal ((long double)k - size) - lgammal ((long double)k + 1));
}

static void
add_index_values (const OracleGame *game, gsize tree, ShsTreeIndex index, const guint32 *players,
                  gsize k, double *values)
{
  g_autofree long double *worth = g_new (long double, (gsize)1 << k);

  for (guint32 coalition = 0; coalition < 1u << k; coalition++)
    worth[coalition] = find_worth (game, game->ensemble->tree_first[tree], coalition);
  for (gsize i = 0; i < k; i++)
    {
      long double sum = 0;

      for (guint32 coalition = 0; coalition < 1u << k; coalition++)
        if (!(coalition >> i & 1))
          {
            long double weight = oracle_get_weight (index, __builtin_popcount (coalition), k);

            sum += weight * (worth[coalition | 1u << i] - worth[coalition]);
          }
      values[players[i]] += (double)(sum * game->ensemble->tree_weight[tree]);
    }
}

static void
list_player (guint32 player, gint32 *bit_of, guint32 *players, gsize *k)
{
  if (bit_of[player] >= 0)
    return;
  bit_of[player] = (gint32)*k;
  players[(*k)++] = player;
}

gsize
oracle_list_players (const ShsTreeEnsemble *ensemble, gsize tree, gint32 *bit_of, guint32 *players)
{
  const ShsTreeLinearLeaves *linear = ensemble->linear;
  gsize first = ensemble->tree_first[tree];
  gsize end = ensemble->tree_first[tree + 1];
  gsize k = 0;

  memset (bit_of, 0xff, ensemble->n_players * sizeof (gint32));
  for (gsize node = first; node < end; node++)
    if (ensemble->split[node] != SHS_LEAF)
      list_player (ensemble->player[ensemble->feature[node]], bit_of, players, &k);
  for (gsize i = linear != NULL ? linear->first[first] : 0;
       linear != NULL && i < linear->first[end]; i++)
    list_player (ensemble->player[linear->feature[i]], bit_of, players, &k);
  return k;
}

void
oracle_path_dependent (const ShsTreeEnsemble *ensemble, const ShsMatrix *rows, gsize row,
                       ShsTreeIndex index, double *values)
{
  oracle_interventional (ensemble, NULL, rows, row, index, values);
}

void
oracle_interventional (const ShsTreeEnsemble *ensemble, const ShsMatrix *background,
                       const ShsMatrix *rows, gsize row, ShsTreeIndex index, double *values)
{
  g_autofree gint32 *bit_of = g_new (gint32, ensemble->n_players);
  g_autofree guint32 *players = g_new (guint32, ensemble->n_players);

  memset (values, 0, ensemble->n_outputs * ensemble->n_players * sizeof (double));
  for (gsize tree = 0; tree < ensemble->n_trees; tree++)
    {
      gsize k = oracle_list_players (ensemble, tree, bit_of, players);

      ck_assert_uint_le (k, 20);
      for (gsize leaf_value = 0; leaf_value < ensemble->leaf_size; leaf_value++)
        {
          OracleGame game = { ensemble, rows, row, background, 0, leaf_value, bit_of };

          add_index_values (&game, tree, index, players, k,
                            values
                                + (ensemble->tree_output[tree] + leaf_value) * ensemble->n_players);
        }
    }
}

const ShsInstructions *
list_instructions (void)
{
  static ShsInstructions list[4];
  gsize n = 0;

  if (list[0] != SHS_INSTRUCTIONS_BEST)
    return list;
  for (ShsInstructions i = SHS_INSTRUCTIONS_BASELINE; i <= SHS_INSTRUCTIONS_AVX512; i++)
    if (shs_tree_instructions_available (i))
      list[n++] = i;
    else
      g_print ("skipped: this processor has no %s\n", shs_tree_instructions_get_name (i));
  return list;
}
