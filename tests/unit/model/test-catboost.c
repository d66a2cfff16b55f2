#include "model-oracle.h"
#include "shs-test.h"

#include "core/shs-error.h"
#include "model/catboost/shs-catboost-hash.h"
#include "model/catboost/shs-catboost.h"

#include <math.h>
#include <string.h>

Suite *catboost_suite (void);
void catboost_add_match_tests (TCase *cases);

#define TOLERANCE 1e-14

static const char *const versions[] = { "0.26.1", "1.0.6", "1.2.10" };

static ShsModel *
open_fixture (const char *file)
{
  g_autofree char *path = shs_test_fixture (file);
  g_autoptr (GError) error = NULL;
  ShsModel *model = shs_model_open (path, NULL, &error);

  shs_test_assert_no_error (error);
  return model;
}

static void
check_model (const char *folder, const char *file)
{
  g_autofree char *path = g_build_filename (folder, file, NULL);
  g_autofree char *oracle_file
      = g_strdup_printf ("%.*s.npz", (int)(strrchr (path, '.') - path), path);
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsModel) model = shs_model_open (path, NULL, &error);

  ck_assert_msg (model != NULL, "%s: %s", path, error != NULL ? error->message : "");
  g_autoptr (ShsNpz) oracle = shs_npz_open (oracle_file, &error);
  shs_test_assert_no_error (error);
  model_oracle_check (model, oracle, "margin", TOLERANCE, path);
  ck_assert_msg (shs_model_get_capabilities (model) & SHS_CAPABILITY_COVERS, "%s", path);
}

START_TEST (every_model_gives_the_raw_values_and_predictions_of_its_library)
{
  g_autofree char *relative = g_build_filename ("catboost", versions[_i], NULL);
  g_autofree char *folder = shs_test_fixture (relative);
  g_autoptr (GDir) files = g_dir_open (folder, 0, NULL);
  const char *file;
  guint n = 0;

  ck_assert_ptr_nonnull (files);
  while ((file = g_dir_read_name (files)) != NULL)
    if ((g_str_has_suffix (file, ".cbm") || g_str_has_suffix (file, ".json"))
        && !g_str_has_prefix (file, "texts"))
      {
        check_model (folder, file);
        n++;
      }
  ck_assert_uint_ge (n, 9);
}
END_TEST

/* Lengths on both sides of every change of the algorithm; the numbers are what catboost 1.2.10
 * wrote for these texts (cat_features_hash). */
static const struct
{
  const char *text;
  guint32 hash;
} hashed_texts[] = {
  { "", 797982799u },
  { "a", 3489901818u },
  { "abc", 978243121u },
  { "abcd", 345588365u },
  { "Torgersen", 2917412370u },
  { "abcdefghijklmnop", 2150978241u },
  { "abcdefghijklmnopq", 322581478u },
  { "abcdefghijklmnopqrstuvwxyz012345", 2335930906u },
  { "abcdefghijklmnopqrstuvwxyz0123456", 2217718852u },
  { "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", 648792787u },
  { "yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy", 3114503727u },
  { "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123"
    "456789012345678901234567890123456789",
    2713618934u },
  { "Å bærsø 漢字", 584923185u },
};

START_TEST (categories_are_hashed_as_the_library_hashes_them)
{
  ck_assert_uint_eq (shs_catboost_hash_text (hashed_texts[_i].text, strlen (hashed_texts[_i].text)),
                     hashed_texts[_i].hash);
}
END_TEST

START_TEST (the_hash_of_one_category_can_be_undone)
{
  gint32 category;

  ck_assert (
      shs_catboost_uncombine (shs_catboost_combine (0, (guint64)(gint64)-805065478), &category));
  ck_assert_int_eq (category, -805065478);
  ck_assert (
      !shs_catboost_uncombine (shs_catboost_combine (shs_catboost_combine (0, 17), 4), &category));
}
END_TEST

START_TEST (the_loss_says_what_is_explained)
{
  g_autoptr (ShsModel) binary = open_fixture ("catboost/1.2.10/binary.cbm");
  g_autoptr (ShsModel) classes = open_fixture ("catboost/1.2.10/multi.json");
  g_autoptr (ShsModel) quantiles = open_fixture ("catboost/1.2.10/multi-quantile.cbm");
  g_autoptr (ShsModel) uncertain = open_fixture ("catboost/1.2.10/uncertainty.cbm");
  g_autoptr (ShsModel) summed = open_fixture ("catboost/1.2.10/summed.cbm");
  g_autofree char *line = shs_model_describe (binary);

  ck_assert (g_str_has_prefix (line, "CatBoost 1.2.10, 4 trees of depth 3, binary, log-odds"));
  ck_assert_str_eq (shs_model_get_parts (binary)->class_names[1], "yes");
  ck_assert_str_eq (shs_model_get_output_name (binary, 0), "yes");
  ck_assert_str_eq (shs_model_get_output_name (classes, 2), "middle");
  ck_assert_str_eq (shs_model_get_output_name (quantiles, 1), "quantile 0.5");
  ck_assert_str_eq (shs_model_get_output_name (uncertain, 0), "mean");
  ck_assert_ptr_nonnull (strstr (shs_model_get_parts (uncertain)->notes[0], "standard deviation"));
  ck_assert_int_eq (shs_model_get_parts (summed)->task, SHS_TASK_OTHER);
  ck_assert_uint_eq (shs_model_get_parts (summed)->n_rounds, 8);
}
END_TEST

START_TEST (both_spellings_of_a_model_are_one)
{
  static const char *const stems[] = { "regression", "lossguide-multi", "combinations", "names" };

  for (gsize i = 0; i < G_N_ELEMENTS (stems); i++)
    {
      g_autofree char *binary_file = g_strdup_printf ("catboost/1.2.10/%s.cbm", stems[i]);
      g_autofree char *json_file = g_strdup_printf ("catboost/1.2.10/%s.json", stems[i]);
      g_autoptr (ShsModel) binary = open_fixture (binary_file);
      g_autoptr (ShsModel) json = open_fixture (json_file);
      const ShsTreeEnsemble *a = shs_model_get_parts (binary)->ensemble;
      const ShsTreeEnsemble *b = shs_model_get_parts (json)->ensemble;

      ck_assert_uint_eq (a->n_nodes, b->n_nodes);
      ck_assert_mem_eq (a->threshold, b->threshold, a->n_nodes * sizeof *a->threshold);
      ck_assert_mem_eq (a->feature, b->feature, a->n_nodes * sizeof *a->feature);
      ck_assert_uint_eq (a->n_leaves, b->n_leaves);
      if (a->leaf_size > 1)
        ck_assert_mem_eq (a->value, b->value, a->n_leaves * a->leaf_size * sizeof *a->value);
      for (gsize node = 0; node < a->n_nodes; node++)
        ck_assert_double_eq (shs_tree_ensemble_get_cover (a, node),
                             shs_tree_ensemble_get_cover (b, node));
      for (gsize j = 0; j < shs_model_get_parts (binary)->n_features; j++)
        ck_assert_str_eq (shs_model_get_feature (binary, j)->name,
                          shs_model_get_feature (json, j)->name);
    }
}
END_TEST

/* A tree of depth d needs d different tests, so that one table serves it. */
START_TEST (an_oblivious_tree_asks_one_question_per_level)
{
  g_autoptr (ShsModel) model = open_fixture ("catboost/1.2.10/deep.cbm");
  const ShsTreeEnsemble *ensemble = shs_model_get_parts (model)->ensemble;
  g_autoptr (GHashTable) questions = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (gsize v = 0; v < ensemble->n_nodes; v++)
    if (ensemble->split[v] != SHS_LEAF)
      g_hash_table_add (questions, g_strdup_printf ("%d %d %a", ensemble->split[v],
                                                    ensemble->feature[v], ensemble->threshold[v]));
  ck_assert_uint_eq (ensemble->n_trees, 1);
  ck_assert_uint_eq (ensemble->tree_depth[0], 7);
  ck_assert_uint_eq (g_hash_table_size (questions), 7);
}
END_TEST

static ShsModel *
parse_changed (const char *file, const char *from, const char *to, GError **error)
{
  g_autofree char *path = shs_test_fixture (file);
  g_autofree char *text = NULL;
  g_autoptr (GString) changed = NULL;
  g_autoptr (GBytes) bytes = NULL;

  ck_assert (g_file_get_contents (path, &text, NULL, NULL));
  changed = g_string_new (text);
  ck_assert_uint_ge (g_string_replace (changed, from, to, 1), 1);
  bytes = g_bytes_new (changed->str, changed->len);
  return shs_catboost_parse ("changed", "changed", bytes, NULL, error);
}

static const struct
{
  const char *file;
  const char *from;
  const char *to;
  int code;
  const char *message;
} faults[] = {
  { "regression.json", "\"split_index\":", "\"split_index\":9", SHS_ERROR_INVALID,
    "has the split" },
  { "regression.json", "\"leaf_values\":", "\"leaf_value\":", SHS_ERROR_INVALID, "leaf values" },
  { "regression.json", "\"oblivious_trees\":", "\"other\":", SHS_ERROR_INVALID, "no trees" },
  { "regression.json", "\"AsFalse\"", "\"AsMaybe\"", SHS_ERROR_INVALID, "nan_value_treatment" },
  { "regression.json", "\"flat_feature_index\":0", "\"flat_feature_index\":1", SHS_ERROR_INVALID,
    "column 1" },
  { "regression.json", "\"feature_index\":4", "\"feature_index\":0", SHS_ERROR_INVALID, "index 0" },
  { "regression.json", "\"flat_feature_index\":4", "\"flat_feature_index\":900000",
    SHS_ERROR_INVALID, "columns" },
  { "multi.json", "\"type\":\"MultiClass\"", "\"type\":\"Logloss\"", SHS_ERROR_INVALID,
    "one output" },
  { "combinations.json", "\"ctr_data\":", "\"other\":", SHS_ERROR_INVALID, "model.cbm" },
  { "combinations.json", "\"ctr_type\":\"Borders\"", "\"ctr_type\":\"Later\"",
    SHS_ERROR_UNSUPPORTED, "Later" },
  { "combinations.json", "\"hash_stride\":3", "\"hash_stride\":4", SHS_ERROR_INVALID,
    "hash_stride" },
  { "lossguide.json", "\"left\":", "\"middle\":", SHS_ERROR_INVALID, "neither a leaf nor" },
  { "lossguide.json", "\"left\":", "\"right\":", SHS_ERROR_INVALID, "second time" },
};

START_TEST (a_damaged_model_is_refused_with_what_is_wrong)
{
  g_autofree char *file = g_strconcat ("catboost/1.2.10/", faults[_i].file, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsModel) model = parse_changed (file, faults[_i].from, faults[_i].to, &error);

  ck_assert_ptr_null (model);
  shs_test_assert_error (error, faults[_i].code);
  ck_assert_msg (strstr (error->message, faults[_i].message) != NULL, "%s", error->message);
}
END_TEST

/* Tables of one count per group, which counters of buckets may have. */
START_TEST (a_bucket_that_its_table_does_not_have_is_refused)
{
  g_autofree char *path = shs_test_fixture ("catboost/1.2.10/combinations.json");
  g_autofree char *text = NULL;
  g_autoptr (GString) changed = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;

  ck_assert (g_file_get_contents (path, &text, NULL, NULL));
  changed = g_string_new (text);
  ck_assert_uint_ge (
      g_string_replace (changed, "\"ctr_type\":\"Counter\"", "\"ctr_type\":\"Buckets\"", 0), 1);
  ck_assert_uint_ge (
      g_string_replace (changed, "\"target_border_idx\":0", "\"target_border_idx\":1000000", 0), 1);
  bytes = g_bytes_new (changed->str, changed->len);
  ck_assert_ptr_null (shs_catboost_parse ("changed", "changed", bytes, NULL, &error));
  shs_test_assert_error (error, SHS_ERROR_INVALID);
  ck_assert_msg (strstr (error->message, "table of a counter") != NULL, "%s", error->message);
}
END_TEST

START_TEST (a_loss_that_came_later_is_explained_as_raw_values)
{
  g_autoptr (ShsModel) model = parse_changed ("catboost/1.2.10/regression.json",
                                              "\"type\":\"RMSE\"", "\"type\":\"Newest\"", NULL);

  ck_assert_ptr_nonnull (model);
  ck_assert_int_eq (shs_model_get_parts (model)->link, SHS_LINK_IDENTITY);
  ck_assert_ptr_nonnull (strstr (shs_model_get_parts (model)->notes[0], "Newest"));
}
END_TEST

START_TEST (features_of_texts_are_refused_by_name)
{
  g_autofree char *path = shs_test_fixture ("catboost/1.2.10/texts.cbm");
  g_autoptr (GError) error = NULL;

  ck_assert_ptr_null (shs_model_open (path, NULL, &error));
  shs_test_assert_error (error, SHS_ERROR_UNSUPPORTED);
  ck_assert_ptr_nonnull (strstr (error->message, "text features"));
}
END_TEST

START_TEST (a_model_can_be_cut_to_its_first_trees)
{
  g_autoptr (ShsModel) model = open_fixture ("catboost/1.2.10/combinations.cbm");
  g_autoptr (ShsModel) first = shs_model_limit (model, 2, NULL);

  ck_assert_uint_eq (shs_model_get_parts (first)->ensemble->n_trees, 2);
  ck_assert_ptr_nonnull (shs_model_get_parts (first)->hashed_categories);
}
END_TEST

Suite *
catboost_suite (void)
{
  Suite *suite = suite_create ("catboost");
  TCase *cases = tcase_create ("catboost");

  tcase_set_timeout (cases, 120);
  tcase_add_loop_test (cases, every_model_gives_the_raw_values_and_predictions_of_its_library, 0,
                       G_N_ELEMENTS (versions));
  tcase_add_loop_test (cases, categories_are_hashed_as_the_library_hashes_them, 0,
                       G_N_ELEMENTS (hashed_texts));
  tcase_add_test (cases, the_hash_of_one_category_can_be_undone);
  tcase_add_test (cases, the_loss_says_what_is_explained);
  tcase_add_test (cases, both_spellings_of_a_model_are_one);
  tcase_add_test (cases, an_oblivious_tree_asks_one_question_per_level);
  tcase_add_loop_test (cases, a_damaged_model_is_refused_with_what_is_wrong, 0,
                       G_N_ELEMENTS (faults));
  tcase_add_test (cases, a_bucket_that_its_table_does_not_have_is_refused);
  tcase_add_test (cases, a_loss_that_came_later_is_explained_as_raw_values);
  tcase_add_test (cases, features_of_texts_are_refused_by_name);
  tcase_add_test (cases, a_model_can_be_cut_to_its_first_trees);
  catboost_add_match_tests (cases);
  suite_add_tcase (suite, cases);
  return suite;
}
