#include "shs-test.h"

#include "core/shs-error.h"
#include "result/shs-interactions.h"
#include "session/shs-background-choice.h"
#include "session/shs-session.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

Suite *session_modes_suite (void);

static ShsSession *
open_penguins (void)
{
  g_autofree char *model = shs_test_source ("data/examples/penguins-small.json");
  g_autofree char *data = shs_test_source ("data/examples/penguins-small.csv");
  const char *paths[] = { model, data, NULL };
  ShsSession *session = shs_session_new ();
  g_autoptr (GError) error = NULL;

  ck_assert (shs_session_open (session, paths, NULL, &error));
  shs_test_assert_no_error (error);
  return session;
}

static const ShsProvenance *
explain (ShsSession *session)
{
  const ShsExplainOptions options = { 0 };
  g_autoptr (GError) error = NULL;

  ck_assert_msg (shs_session_explain (session, &options, NULL, &error), "%s",
                 error != NULL ? error->message : "");
  return &shs_explanation_get_parts (shs_session_get_explanation (session))->provenance;
}

/* Trees with linear leaves have values only against rows. */
START_TEST (a_background_that_is_lacking_is_known_and_chosen)
{
  g_autofree char *model = shs_test_fixture ("lightgbm/4.7.0/linear.txt");
  g_autofree char *data = shs_test_temporary ("rows.csv");
  const char *paths[] = { model, data, NULL };
  const ShsExplainOptions options = { 0 };
  g_autoptr (ShsSession) session = shs_session_new ();
  g_autoptr (ShsSession) other = open_penguins ();
  g_autoptr (GError) error = NULL;

  ck_assert (g_file_set_contents (
      data, "Column_0,Column_1,Column_2,Column_3,Column_4\n0,1,2,3,4\n1,0,-1,0.5,2\n", -1, NULL));
  ck_assert (!shs_session_lacks_background (session));
  ck_assert (!shs_session_lacks_background (other));
  ck_assert (shs_session_open (session, paths, NULL, &error));
  ck_assert (shs_session_lacks_background (session));
  ck_assert (!shs_session_explain (session, &options, NULL, &error));
  shs_test_assert_error (error, SHS_ERROR_UNSUPPORTED);
  ck_assert (shs_session_set_background (session, "all", NULL));
  ck_assert (!shs_session_lacks_background (session));
  explain (session);
}
END_TEST

static const struct
{
  const char *text;
  const char *words;
} backgrounds[] = {
  { "", "in the model" },
  { "none", "in the model" },
  { "all", "all 342 rows of penguins-small.csv" },
  { "25", "25 of 342 rows of penguins-small.csv, drawn with seed 0" },
  { "row:17", "row 17 of penguins-small.csv" },
  { "row:#17", "row 17 of penguins-small.csv" },
  { "flipper length (mm) < 190",
    "77 of 342 rows of penguins-small.csv: flipper length (mm) < 190" },
  { "FILE", "all 344 rows of penguins.csv" },
};

START_TEST (a_background_can_be_chosen_in_words)
{
  g_autoptr (ShsSession) session = open_penguins ();
  g_autofree char *file = shs_test_source ("data/examples/penguins.csv");
  const char *text = g_str_equal (backgrounds[_i].text, "FILE") ? file : backgrounds[_i].text;
  const ShsProvenance *provenance;
  g_autoptr (GError) error = NULL;

  ck_assert (shs_session_set_background (session, text, &error));
  shs_test_assert_no_error (error);
  provenance = explain (session);
  ck_assert_str_eq (provenance->background, backgrounds[_i].words);
  ck_assert_str_eq (provenance->method, _i < 2 ? "tree path-dependent" : "tree interventional");
  ck_assert_str_eq (provenance->background_name, text == file ? "penguins.csv" : "");
  ck_assert_uint_eq (strlen (provenance->background_hash), text == file ? 64 : 0);
  ck_assert (!shs_session_is_outdated (session));
  ck_assert (shs_session_set_background (session, _i < 2 ? "all" : "none", NULL));
  ck_assert (shs_session_is_outdated (session));
}
END_TEST

static const struct
{
  const char *text;
  const char *says;
} mistakes[] = {
  { "0", "from 1" },
  { "row:9999", "rows run from 0 to 341" },
  { "row:", "has no row" },
  { "row:#342", "rows run from 0 to 341" },
  { "row:#", "has no row" },
  { "weight < 3", "no such file" },
  { "body mass (g) < many", "compared with a number" },
};

START_TEST (a_background_that_is_none_says_why)
{
  g_autoptr (ShsSession) session = open_penguins ();
  g_autoptr (GError) error = NULL;

  ck_assert (!shs_session_set_background (session, mistakes[_i].text, &error));
  ck_assert_msg (strstr (error->message, mistakes[_i].says) != NULL, "%s", error->message);
  ck_assert_str_eq (shs_session_get_view (session)->background, "");
}
END_TEST

START_TEST (a_rule_that_no_row_answers_is_an_error)
{
  g_autoptr (ShsSession) session = open_penguins ();
  const ShsExplainOptions options = { 0 };
  g_autoptr (GError) error = NULL;

  ck_assert (shs_session_set_background (session, "body mass (g) < 0", NULL));
  ck_assert (!shs_session_explain (session, &options, NULL, &error));
  shs_test_assert_error (error, SHS_ERROR_CHOICE);
  ck_assert_ptr_nonnull (strstr (error->message, "empty"));
}
END_TEST

START_TEST (a_space_that_needs_a_background_brings_one_and_undo_takes_both)
{
  g_autoptr (ShsSession) session = open_penguins ();

  ck_assert (shs_session_choose_space (session, "probability", NULL));
  ck_assert_str_eq (shs_session_get_view (session)->background, "all");
  ck_assert_str_eq (shs_session_get_view (session)->space, "probability");
  shs_session_undo (session);
  ck_assert_str_eq (shs_session_get_view (session)->background, "");
  ck_assert_str_eq (shs_session_get_view (session)->space, "margin");
  ck_assert (shs_session_set_background (session, "25", NULL));
  ck_assert (shs_session_choose_space (session, "probability", NULL));
  ck_assert_str_eq (shs_session_get_view (session)->background, "25");
}
END_TEST

START_TEST (two_rows_are_compared)
{
  g_autoptr (ShsSession) session = open_penguins ();
  ShsExplanation *explanation;
  const ShsProvenance *provenance;
  double values[8], sum = 0;
  g_autofree char *words = NULL;

  ck_assert (shs_session_set_rows (session, "100:110", NULL));
  explain (session);
  /* Row 3 of the explanation is row 103 of the data. */
  ck_assert (shs_session_set_comparison (session, 3, NULL));
  ck_assert_str_eq (shs_session_get_view (session)->background, "row:#103");
  provenance = explain (session);
  explanation = shs_session_get_explanation (session);
  ck_assert_str_eq (provenance->background_row, "row 103");
  words = shs_explanation_describe_comparison (explanation, 5);
  ck_assert_str_eq (words, "row 105 compared with row 103");
  for (gsize k = 0; k < shs_explanation_get_n_outputs (explanation); k++)
    {
      sum = 0;
      ck_assert (shs_values_read_row (shs_explanation_get_parts (explanation)->values, k, 5, values,
                                      NULL));
      for (gsize j = 0; j < shs_explanation_get_n_features (explanation); j++)
        sum += values[j];
      ck_assert_double_eq_tol (sum,
                               shs_explanation_get_prediction (explanation, 5, k)
                                   - shs_explanation_get_prediction (explanation, 3, k),
                               1e-6 * 5000); /* grams */
    }
}
END_TEST

START_TEST (a_table_of_a_database_is_a_background)
{
  g_autoptr (ShsSession) session = open_penguins ();
  g_autofree char *file = shs_test_fixture ("tables/several.db#people");
  const ShsExplainOptions options = { 0 };
  g_autoptr (GError) error = NULL;

  ck_assert (shs_session_set_background (session, file, &error));
  shs_test_assert_no_error (error);
  /* It is opened; that its columns are others is what is wrong. */
  ck_assert (!shs_session_explain (session, &options, NULL, &error));
  ck_assert_msg (strstr (error->message, "flipper length") != NULL, "%s", error->message);
}
END_TEST

START_TEST (one_row_that_is_compared_with_itself_says_so)
{
  g_autofree char *model = shs_test_source ("data/examples/penguins.json");
  g_autofree char *data = shs_test_source ("data/examples/penguins.csv");
  g_autofree char *path = shs_test_temporary ("alone.csv");
  g_autofree char *content = NULL;
  g_auto (GStrv) lines = NULL;
  g_autofree char *text = NULL, *notes = NULL;
  g_autoptr (ShsSession) session = shs_session_new ();
  const ShsExplainOptions options = { 0 };

  ck_assert (g_file_get_contents (data, &content, NULL, NULL));
  lines = g_strsplit (content, "\n", -1);
  text = g_strdup_printf ("%s\n%s\n", lines[0], lines[1]);
  ck_assert (g_file_set_contents (path, text, -1, NULL));
  ck_assert (shs_session_open (session, (const char *[]){ model, path, NULL }, NULL, NULL));
  ck_assert (shs_session_set_background (session, "all", NULL));
  ck_assert (shs_session_explain (session, &options, NULL, NULL));
  notes = g_strjoinv (
      "\n", shs_explanation_get_parts (shs_session_get_explanation (session))->provenance.notes);
  ck_assert_msg (strstr (notes, "compared with itself") != NULL, "%s", notes);
}
END_TEST

START_TEST (a_background_file_that_is_gone_is_no_rule)
{
  g_autoptr (ShsSession) session = open_penguins ();
  g_autofree char *plain = shs_test_source ("data/examples/penguins-small.csv");
  g_autofree char *file = shs_test_temporary ("gone.csv");
  const ShsExplainOptions options = { 0 };
  g_autofree char *content = NULL;
  g_autoptr (GError) error = NULL;

  ck_assert (g_file_get_contents (plain, &content, NULL, NULL));
  ck_assert (g_file_set_contents (file, content, -1, NULL));
  ck_assert (shs_session_set_background (session, file, NULL));
  ck_assert_int_eq (g_remove (file), 0);
  ck_assert_int_eq (shs_session_get_view (session)->background_kind, SHS_BACKGROUND_FILE);
  ck_assert (!shs_session_explain (session, &options, NULL, &error));
  shs_test_assert_error (error, SHS_ERROR_FILE);
}
END_TEST

/* The small penguins with names: R's, from 1; or those that @names has in turn. */
static ShsSession *
open_named_penguins (const char *const *names)
{
  g_autofree char *model = shs_test_source ("data/examples/penguins-small.json");
  g_autofree char *plain = shs_test_source ("data/examples/penguins-small.csv");
  g_autofree char *named = shs_test_temporary ("named.csv");
  const char *paths[] = { model, named, NULL };
  g_autofree char *content = NULL;
  g_auto (GStrv) lines = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  ShsSession *session = shs_session_new ();
  g_autoptr (GError) error = NULL;

  ck_assert (g_file_get_contents (plain, &content, NULL, NULL));
  lines = g_strsplit (g_strchomp (content), "\n", -1);
  g_string_append_printf (text, "\"\",%s\n", lines[0]);
  for (guint i = 1; lines[i] != NULL; i++)
    if (names != NULL)
      g_string_append_printf (text, "%s%u,%s\n", names[i % 2], i, lines[i]);
    else
      g_string_append_printf (text, "%u,%s\n", i, lines[i]);
  ck_assert (g_file_set_contents (named, text->str, -1, NULL));
  ck_assert (shs_session_open (session, paths, NULL, &error));
  shs_test_assert_no_error (error);
  ck_assert_int_ge (shs_dataset_get_row_name_column (shs_session_get_dataset (session)), 0);
  return session;
}

START_TEST (a_row_is_compared_with_itself_whatever_rows_are_called)
{
  g_autoptr (ShsSession) session = open_named_penguins (NULL);
  ShsExplanation *explanation;
  double values[8];

  explain (session);
  ck_assert (shs_session_set_comparison (session, 3, NULL));
  ck_assert_str_eq (explain (session)->background_row, "4");
  explanation = shs_session_get_explanation (session);
  ck_assert (
      shs_values_read_row (shs_explanation_get_parts (explanation)->values, 0, 3, values, NULL));
  for (gsize j = 0; j < shs_explanation_get_n_features (explanation); j++)
    ck_assert_double_eq_tol (values[j], 0, 1e-9);
}
END_TEST

static const struct
{
  const char *name;
  gboolean has_texts;
  gint64 row; /* -1: there is none */
} named_rows[] = {
  { "4", FALSE, 3 },        { "342", FALSE, 341 }, { "#342", FALSE, -1 },   { "#3", FALSE, 3 },
  { "0", FALSE, 0 },        { "04", FALSE, 4 },    { "343", FALSE, -1 },    { "ada3", TRUE, 2 },
  { "bert342", TRUE, 341 }, { "bert3", TRUE, -1 }, { "missing", TRUE, -1 },
};

START_TEST (rows_are_found_by_name_and_by_number)
{
  static const char *const texts[] = { "bert", "ada" };
  g_autoptr (ShsSession) session = open_named_penguins (named_rows[_i].has_texts ? texts : NULL);
  g_autoptr (GError) error = NULL;
  gsize row = 0;
  gboolean found = shs_background_choice_find_row (
      named_rows[_i].name, shs_session_get_dataset (session), &row, NULL, &error);

  ck_assert_int_eq (found, named_rows[_i].row >= 0);
  if (found)
    ck_assert_int_eq ((gint64)row, named_rows[_i].row);
  else
    shs_test_assert_error (error, SHS_ERROR_CHOICE);
}
END_TEST

START_TEST (a_name_that_no_row_has_is_said_when_explaining)
{
  g_autoptr (ShsSession) session = open_named_penguins (NULL);
  const ShsExplainOptions options = { 0 };
  g_autoptr (GError) error = NULL;

  ck_assert (shs_session_set_background (session, "row:nobody", NULL));
  ck_assert (!shs_session_explain (session, &options, NULL, &error));
  shs_test_assert_error (error, SHS_ERROR_CHOICE);
  ck_assert_ptr_nonnull (strstr (error->message, "has no row \"nobody\""));
}
END_TEST

START_TEST (interactions_are_computed_when_asked_for)
{
  g_autoptr (ShsSession) session = open_penguins ();
  g_autofree char *pair = NULL;
  g_autoptr (GError) error = NULL;

  explain (session);
  ck_assert (!shs_explanation_has_interactions (shs_session_get_explanation (session)));
  ck_assert (!shs_session_set_interactions (session, "some", &error));
  shs_test_assert_error (error, SHS_ERROR_CHOICE);
  ck_assert (shs_session_set_interactions (session, "all", NULL));
  ck_assert (shs_session_is_outdated (session));
  explain (session);
  ck_assert (shs_explanation_has_interactions (shs_session_get_explanation (session)));
  ck_assert (shs_session_set_pair_by_name (session, "#0, #1", NULL));
  pair = shs_session_describe_pair (session);
  ck_assert_ptr_nonnull (strchr (pair, ','));
  ck_assert_int_eq (shs_session_get_view (session)->feature, 0);
  ck_assert_str_eq (shs_session_get_view (session)->figures[SHS_PLACE_PAIR]->color, "#1");
  ck_assert (!shs_session_set_pair_by_name (session, "one", NULL));
}
END_TEST

START_TEST (interactions_that_are_missing_are_computed_at_once)
{
  g_autoptr (ShsSession) session = open_penguins ();

  explain (session);
  ck_assert (shs_session_ask_interactions (session, "none", NULL));
  ck_assert (!shs_session_can_cancel (session));
  ck_assert (shs_session_ask_interactions (session, "2", NULL));
  ck_assert (shs_session_can_cancel (session));
  while (shs_session_can_cancel (session))
    g_main_context_iteration (NULL, TRUE);
  ck_assert (shs_explanation_has_interactions (shs_session_get_explanation (session)));
  ck_assert (shs_session_ask_interactions (session, "2", NULL));
  ck_assert (!shs_session_can_cancel (session));
}
END_TEST

START_TEST (a_folder_opened_by_its_metadata_has_the_hash_of_the_folder)
{
  g_autofree char *folder = shs_test_fixture ("spark/3.5.9/tree.spark");
  g_autofree char *metadata = g_build_filename (folder, "metadata", "part-00000", NULL);
  g_autofree char *rows = shs_test_temporary ("rows.csv");
  char *hashes[2];
  g_autoptr (GString) text = g_string_new (NULL);

  for (int i = 0; i < 2; i++)
    {
      const char *paths[] = { i == 0 ? folder : metadata, NULL };
      const char *data[] = { rows, NULL };
      g_autoptr (ShsSession) session = shs_session_new ();
      g_autoptr (GError) error = NULL;
      gsize n;

      ck_assert_msg (shs_session_open (session, paths, NULL, &error), "%s", error->message);
      n = shs_model_get_parts (shs_session_get_model (session))->n_features;
      g_string_truncate (text, 0);
      for (gsize j = 0; j < n; j++)
        g_string_append_printf (text, "%s%s", j > 0 ? "," : "",
                                shs_model_get_feature (shs_session_get_model (session), j)->name);
      for (int row = 0; row < 2; row++)
        for (gsize j = 0; j < n; j++)
          g_string_append_printf (text, "%s%d", j > 0 ? "," : "\n", row);
      ck_assert (g_file_set_contents (rows, text->str, -1, NULL));
      ck_assert_msg (shs_session_open (session, data, NULL, &error), "%s", error->message);
      hashes[i] = g_strdup (explain (session)->model_hash);
    }
  ck_assert_uint_eq (strlen (hashes[0]), 64);
  ck_assert_str_eq (hashes[0], hashes[1]);
  g_free (hashes[0]);
  g_free (hashes[1]);
}
END_TEST

START_TEST (a_second_data_file_is_refused_where_nobody_can_be_asked)
{
  g_autoptr (ShsSession) session = shs_session_new ();
  g_autofree char *model = shs_test_source ("data/examples/penguins-small.json");
  g_autofree char *data = shs_test_source ("data/examples/penguins-small.csv");
  const char *paths[] = { model, data, data, NULL };
  g_autoptr (GError) error = NULL;

  ck_assert (!shs_session_open (session, paths, NULL, &error));
  ck_assert_ptr_nonnull (strstr (error->message, "second data file"));
}
END_TEST

START_TEST (every_explainer_has_words)
{
  g_autofree char *list = shs_session_list_explainers ();
  g_auto (GStrv) listed = g_strsplit (list, ", ", -1);

  ck_assert_uint_eq (g_strv_length (listed), SHS_N_EXPLAINERS);
  for (int i = 0; i < SHS_N_EXPLAINERS; i++)
    {
      ck_assert_int_eq (shs_explainer_parse (listed[i]), i);
      ck_assert_int_eq (shs_explainer_parse (shs_explainer_get_name ((ShsExplainer)i)), i);
      ck_assert_ptr_nonnull (shs_explainer_get_title ((ShsExplainer)i));
      ck_assert (g_str_has_suffix (shs_explainer_get_summary ((ShsExplainer)i), "."));
    }
}
END_TEST

Suite *
session_modes_suite (void)
{
  Suite *suite = suite_create ("session modes");
  TCase *cases = tcase_create ("session modes");

  tcase_set_timeout (cases, 60);
  tcase_add_test (cases, a_background_that_is_lacking_is_known_and_chosen);
  tcase_add_loop_test (cases, a_background_can_be_chosen_in_words, 0, G_N_ELEMENTS (backgrounds));
  tcase_add_loop_test (cases, a_background_that_is_none_says_why, 0, G_N_ELEMENTS (mistakes));
  tcase_add_test (cases, a_rule_that_no_row_answers_is_an_error);
  tcase_add_test (cases, a_space_that_needs_a_background_brings_one_and_undo_takes_both);
  tcase_add_test (cases, two_rows_are_compared);
  tcase_add_test (cases, a_table_of_a_database_is_a_background);
  tcase_add_test (cases, one_row_that_is_compared_with_itself_says_so);
  tcase_add_test (cases, a_background_file_that_is_gone_is_no_rule);
  tcase_add_test (cases, a_row_is_compared_with_itself_whatever_rows_are_called);
  tcase_add_loop_test (cases, rows_are_found_by_name_and_by_number, 0, G_N_ELEMENTS (named_rows));
  tcase_add_test (cases, a_name_that_no_row_has_is_said_when_explaining);
  tcase_add_test (cases, interactions_are_computed_when_asked_for);
  tcase_add_test (cases, interactions_that_are_missing_are_computed_at_once);
  tcase_add_test (cases, a_folder_opened_by_its_metadata_has_the_hash_of_the_folder);
  tcase_add_test (cases, a_second_data_file_is_refused_where_nobody_can_be_asked);
  tcase_add_test (cases, every_explainer_has_words);
  suite_add_tcase (suite, cases);
  return suite;
}
