#include "shs-test.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "tree-oracle.h"

#include <math.h>
#include <string.h>

Suite *builder_suite (void);

#define LEAF(v, c) ((ShsTreeNode){ .split = SHS_LEAF, .value = (v), .cover = (c) })
#define SPLIT(f, t, l, r, c)                                                                       \
  ((ShsTreeNode){ .split = SHS_SPLIT_LESS,                                                         \
                  .missing = SHS_MISSING_NAN,                                                      \
                  .feature = (f),                                                                  \
                  .threshold = (t),                                                                \
                  .left = (l),                                                                     \
                  .right = (r),                                                                    \
                  .cover = (c) })

static ShsTreeEnsemble *
build_one (const ShsTreeNode *nodes, gsize n, GError **error)
{
  g_autoptr (ShsTreeBuilder) builder = shs_tree_builder_new (3, 1, 1, SHS_TREE_CAST_FLOAT);

  if (!shs_tree_builder_add_tree (builder, nodes, n, NULL, 0, 1, error))
    return NULL;
  return shs_tree_builder_finish (g_steal_pointer (&builder), error);
}

START_TEST (nodes_are_laid_out_in_depth_first_order)
{
  ShsTreeNode nodes[] = { SPLIT (0, 0.5, 4, 1, 10),
                          SPLIT (1, 1.5, 3, 2, 4),
                          LEAF (2, 1),
                          LEAF (5, 3),
                          LEAF (1, 6),
                          LEAF (99, 7) };
  g_autoptr (ShsTreeEnsemble) ensemble = build_one (nodes, 6, NULL);

  ck_assert_uint_eq (ensemble->n_nodes, 5);
  ck_assert_uint_eq (ensemble->tree_depth[0], 2);
  ck_assert_double_eq (ensemble->threshold[1], 1);
  ck_assert_uint_eq (ensemble->right[0], 2);
  ck_assert_int_eq (ensemble->feature[2], 1);
  ck_assert_double_eq (ensemble->threshold[3], 5);
  ck_assert_uint_eq (ensemble->right[2], 4);
  ck_assert_double_eq (ensemble->threshold[4], 2);
  ck_assert (ensemble->has_cover);
  ck_assert_double_eq_tol (shs_tree_ensemble_expected_value (ensemble, 0), 2.3, 1e-15);
  ck_assert_double_eq (shs_tree_ensemble_max_leaf_sum (ensemble, 0), 5);
}
END_TEST

static const struct
{
  const char *name;
  ShsTreeNode nodes[4];
  gsize n;
} faults[] = {
  { "no nodes", { LEAF (0, 0) }, 0 },
  { "child beyond the nodes", { SPLIT (0, 0, 1, 3, 1), LEAF (0, 1), LEAF (0, 1) }, 3 },
  { "negative child", { SPLIT (0, 0, -1, 1, 1), LEAF (0, 1) }, 2 },
  { "the root as its child", { SPLIT (0, 0, 0, 1, 1), LEAF (0, 1) }, 2 },
  { "both children the same", { SPLIT (0, 0, 1, 1, 1), LEAF (0, 1) }, 2 },
  { "cycle", { SPLIT (0, 0, 1, 2, 1), SPLIT (0, 0, 3, 0, 1), LEAF (0, 1), LEAF (0, 1) }, 4 },
  { "shared child", { SPLIT (0, 0, 1, 2, 1), SPLIT (0, 0, 3, 2, 1), LEAF (0, 1), LEAF (0, 1) }, 4 },
  { "feature too large", { SPLIT (3, 0, 1, 2, 1), LEAF (0, 1), LEAF (0, 1) }, 3 },
  { "negative feature", { SPLIT (-1, 0, 1, 2, 1), LEAF (0, 1), LEAF (0, 1) }, 3 },
  { "threshold NaN", { SPLIT (0, NAN, 1, 2, 1), LEAF (0, 1), LEAF (0, 1) }, 3 },
  { "negative cover", { SPLIT (0, 0, 1, 2, 1), LEAF (0, -1), LEAF (0, 1) }, 3 },
  { "infinite cover", { SPLIT (0, 0, 1, 2, INFINITY), LEAF (0, 1), LEAF (0, 1) }, 3 },
  { "leaf NaN", { LEAF (NAN, 1) }, 1 },
  { "leaf infinite", { LEAF (INFINITY, 1) }, 1 },
  { "unknown rule", { { .split = 77, .left = 1, .right = 2 }, LEAF (0, 1), LEAF (0, 1) }, 3 },
  { "set that is missing",
    { { .split = SHS_SPLIT_IN_SET, .left = 1, .right = 2 }, LEAF (0, 1), LEAF (0, 1) },
    3 },
};

START_TEST (an_impossible_tree_is_refused_with_its_place)
{
  g_autoptr (GError) error = NULL;

  ck_assert_msg (build_one (faults[_i].nodes, faults[_i].n, &error) == NULL, "%s", faults[_i].name);
  shs_test_assert_error (error, SHS_ERROR_INVALID);
  ck_assert_msg (g_str_has_prefix (error->message, "Tree 0"), "%s", error->message);
}
END_TEST

START_TEST (faults_outside_the_nodes_are_refused)
{
  ShsTreeNode leaf = LEAF (1, 1);
  double base = NAN;
  g_autoptr (ShsTreeBuilder) builder = shs_tree_builder_new (1, 1, 1, SHS_TREE_CAST_FLOAT);
  g_autoptr (GError) output = NULL;
  g_autoptr (GError) weight = NULL;
  g_autoptr (GError) category = NULL;
  g_autoptr (GError) start = NULL;

  ck_assert (!shs_tree_builder_add_tree (builder, &leaf, 1, NULL, 1, 1, &output));
  shs_test_assert_error (output, SHS_ERROR_INVALID);
  ck_assert (!shs_tree_builder_add_tree (builder, &leaf, 1, NULL, 0, NAN, &weight));
  shs_test_assert_error (weight, SHS_ERROR_INVALID);
  ck_assert_int_eq (shs_tree_builder_add_set (builder, (gint32[]){ 3, -1 }, 2, &category), -1);
  shs_test_assert_error (category, SHS_ERROR_INVALID);
  shs_tree_builder_set_base (builder, &base);
  ck_assert_ptr_null (shs_tree_builder_finish (g_steal_pointer (&builder), &start));
  shs_test_assert_error (start, SHS_ERROR_INVALID);
}
END_TEST

/* Sets of a few bytes each, whose largest category costs two megabytes. */
START_TEST (sets_that_are_far_larger_than_the_file_are_refused)
{
  static const gsize file_sizes[] = { 0, 4 << 20 };
  const gint32 category = (1 << 24) - 1;

  for (gsize i = 0; i < G_N_ELEMENTS (file_sizes); i++)
    {
      g_autoptr (ShsTreeBuilder) builder = shs_tree_builder_new (1, 1, 1, SHS_TREE_CAST_FLOAT);
      g_autoptr (GError) error = NULL;
      int n = 0;

      shs_tree_builder_set_file_size (builder, file_sizes[i]);
      while (n < 40 && shs_tree_builder_add_set (builder, &category, 1, &error) >= 0)
        n++;
      ck_assert_int_eq (n, i == 0 ? 31 : 40);
      if (i > 0)
        continue;
      shs_test_assert_error (error, SHS_ERROR_INVALID);
      ck_assert_msg (strstr (error->message, "larger than the file") != NULL, "%s", error->message);
    }
}
END_TEST

START_TEST (a_refused_tree_leaves_the_builder_usable)
{
  ShsTreeNode broken[] = { SPLIT (0, 0, 1, 9, 1), LEAF (0, 1) };
  ShsTreeNode leaf = LEAF (3, 1);
  g_autoptr (ShsTreeBuilder) builder = shs_tree_builder_new (1, 1, 1, SHS_TREE_CAST_FLOAT);
  g_autoptr (ShsTreeEnsemble) ensemble = NULL;

  ck_assert (!shs_tree_builder_add_tree (builder, broken, 2, NULL, 0, 1, NULL));
  ck_assert (shs_tree_builder_add_tree (builder, &leaf, 1, NULL, 0, 0.5, NULL));
  ensemble = shs_tree_builder_finish (g_steal_pointer (&builder), NULL);
  ck_assert_uint_eq (ensemble->n_trees, 1);
  ck_assert_double_eq (shs_tree_ensemble_expected_value (ensemble, 0), 1.5);
}
END_TEST

START_TEST (a_chain_of_a_million_splits_is_checked_without_recursion)
{
  gsize n_splits = 1000000;
  g_autofree ShsTreeNode *nodes = g_new0 (ShsTreeNode, 2 * n_splits + 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsTreeEnsemble) ensemble = NULL;

  for (gsize i = 0; i < n_splits; i++)
    {
      nodes[2 * i] = SPLIT (0, 0.5, (gint32)(2 * i + 1), (gint32)(2 * i + 2), 2);
      nodes[2 * i + 1] = LEAF (1, 1);
    }
  nodes[2 * n_splits] = LEAF (2, 1);
  ensemble = build_one (nodes, 2 * n_splits + 1, &error);
  shs_test_assert_no_error (error);
  ck_assert_uint_eq (ensemble->tree_depth[0], n_splits);
}
END_TEST

START_TEST (missing_covers_give_no_expected_value)
{
  ShsTreeNode nodes[] = { SPLIT (0, 0.5, 1, 2, 2), LEAF (1, NAN), LEAF (2, 1) };
  ShsTreeNode leaf[] = { LEAF (1, NAN) };
  g_autoptr (ShsTreeEnsemble) without = build_one (nodes, 3, NULL);
  g_autoptr (ShsTreeEnsemble) single = build_one (leaf, 1, NULL);

  ck_assert (!without->has_cover);
  ck_assert (isnan (shs_tree_ensemble_expected_value (without, 0)));
  ck_assert (single->has_cover);
  ck_assert_double_eq (shs_tree_ensemble_expected_value (single, 0), 1);
}
END_TEST

static const TreeShape shape = { .n_features = 6,
                                 .n_outputs = 3,
                                 .vector_leaves = TRUE,
                                 .n_trees = 20,
                                 .depth = 5,
                                 .split_chance = 0.8,
                                 .all_rules = TRUE };

START_TEST (a_limited_ensemble_predicts_as_its_first_trees)
{
  TreeShape first = shape;
  g_autoptr (ShsTreeEnsemble) whole = random_ensemble (1, &shape);
  g_autoptr (ShsTreeEnsemble) limited = shs_tree_ensemble_limit (whole, 7, NULL);
  g_autoptr (ShsTreeEnsemble) expected = NULL;

  first.n_trees = 7;
  expected = random_ensemble (1, &first);
  ck_assert_uint_eq (limited->n_trees, 7);
  ck_assert_uint_eq (limited->n_nodes, expected->n_nodes);
  for (gsize k = 0; k < 3; k++)
    {
      ck_assert_double_eq (shs_tree_ensemble_expected_value (limited, k),
                           shs_tree_ensemble_expected_value (expected, k));
      ck_assert_double_eq (shs_tree_ensemble_max_leaf_sum (limited, k),
                           shs_tree_ensemble_max_leaf_sum (expected, k));
    }
  ck_assert_uint_eq (limited->n_leaves, expected->n_leaves);
  for (gsize i = 0; i < limited->n_leaves * 3; i++)
    ck_assert_double_eq (limited->value[i], expected->value[i]);
}
END_TEST

/* Floats hold the covers of the first tree, not those of the second. */
START_TEST (covers_are_kept_to_the_last_bit)
{
  ShsTreeNode nodes[] = { SPLIT (0, 0.5, 1, 2, 3), LEAF (1, 2), LEAF (2, 1) };
  static const double covers[][3] = { { 3, 2, 1 }, { 0.3, 0.1, 0.2 }, { 5, 4, 1 } };
  ShsTreeBuilder *builder = shs_tree_builder_new (1, 1, 1, SHS_TREE_CAST_FLOAT);
  g_autoptr (ShsTreeEnsemble) ensemble = NULL;
  g_autoptr (ShsTreeEnsemble) first = NULL;

  for (gsize tree = 0; tree < 3; tree++)
    {
      for (gsize node = 0; node < 3; node++)
        nodes[node].cover = covers[tree][node];
      ck_assert (shs_tree_builder_add_tree (builder, nodes, 3, NULL, 0, 1, NULL));
    }
  ensemble = shs_tree_builder_finish (builder, NULL);
  first = shs_tree_ensemble_limit (ensemble, 1, NULL);
  for (gsize i = 0; i < 9; i++)
    ck_assert_double_eq (shs_tree_ensemble_get_cover (ensemble, i), covers[i / 3][i % 3]);
  for (gsize i = 0; i < 3; i++)
    ck_assert_double_eq (shs_tree_ensemble_get_cover (first, i), covers[0][i]);
}
END_TEST

START_TEST (players_are_checked_and_kept_by_a_limited_ensemble)
{
  ShsTreeNode leaf = LEAF (1, 1);
  g_autoptr (ShsTreeBuilder) builder = shs_tree_builder_new (3, 1, 1, SHS_TREE_CAST_FLOAT);
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsTreeEnsemble) ensemble = NULL;
  g_autoptr (ShsTreeEnsemble) limited = NULL;

  ck_assert (!shs_tree_builder_set_players (builder, (guint32[]){ 0, 2, 1 }, 2, &error));
  shs_test_assert_error (error, SHS_ERROR_INVALID);
  ck_assert (shs_tree_builder_set_players (builder, (guint32[]){ 0, 3, 1 }, 4, NULL));
  ck_assert (shs_tree_builder_add_tree (builder, &leaf, 1, NULL, 0, 1, NULL));
  ensemble = shs_tree_builder_finish (g_steal_pointer (&builder), NULL);
  limited = shs_tree_ensemble_limit (ensemble, 1, NULL);
  ck_assert_uint_eq (limited->n_players, 4);
  ck_assert_uint_eq (limited->player[1], 3);
}
END_TEST

static ShsTreeEnsemble *
build_with_set (GError **error)
{
  ShsTreeNode nodes[] = { SPLIT (0, 0.5, 1, 2, 2), LEAF (1, 1), LEAF (2, 1) };
  g_autoptr (ShsTreeBuilder) builder = shs_tree_builder_new (3, 1, 1, SHS_TREE_CAST_FLOAT);
  double base = 1;

  shs_tree_builder_set_base (builder, &base);
  if (shs_tree_builder_add_set (builder, (gint32[]){ 1, 70 }, 2, error) < 0)
    return NULL;
  for (int i = 0; i < 40; i++)
    if (!shs_tree_builder_add_tree (builder, nodes, 3, NULL, 0, 1, error))
      return NULL;
  return shs_tree_builder_finish (g_steal_pointer (&builder), error);
}

START_TEST (every_failed_allocation_is_an_error)
{
  gboolean done = FALSE;
  guint64 nth;

  for (nth = 1; !done; nth++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (ShsTreeEnsemble) ensemble = NULL;
      g_autoptr (ShsTreeEnsemble) limited = NULL;

      shs_alloc_fail_at (nth);
      ensemble = build_with_set (&error);
      limited = ensemble != NULL ? shs_tree_ensemble_limit (ensemble, 1, &error) : NULL;
      shs_alloc_fail_at (0);
      done = limited != NULL;
      if (!done)
        shs_test_assert_error (error, SHS_ERROR_MEMORY);
    }
  ck_assert_uint_gt (nth, 30);
}
END_TEST

Suite *
builder_suite (void)
{
  Suite *suite = suite_create ("tree builder");
  TCase *cases = tcase_create ("tree builder");

  tcase_add_test (cases, nodes_are_laid_out_in_depth_first_order);
  tcase_add_loop_test (cases, an_impossible_tree_is_refused_with_its_place, 0,
                       G_N_ELEMENTS (faults));
  tcase_add_test (cases, faults_outside_the_nodes_are_refused);
  tcase_add_test (cases, sets_that_are_far_larger_than_the_file_are_refused);
  tcase_add_test (cases, a_refused_tree_leaves_the_builder_usable);
  tcase_add_test (cases, a_chain_of_a_million_splits_is_checked_without_recursion);
  tcase_add_test (cases, missing_covers_give_no_expected_value);
  tcase_add_test (cases, a_limited_ensemble_predicts_as_its_first_trees);
  tcase_add_test (cases, covers_are_kept_to_the_last_bit);
  tcase_add_test (cases, players_are_checked_and_kept_by_a_limited_ensemble);
  tcase_add_test (cases, every_failed_allocation_is_an_error);
  suite_add_tcase (suite, cases);
  return suite;
}
