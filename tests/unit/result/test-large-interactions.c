/* Interactions and standard errors that memory does not hold. */
#include "shs-test.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "core/shs-table-builder.h"
#include "io/npy/shs-npy.h"
#include "large.h"
#include "model/shs-model.h"
#include "result/shs-explanation-file.h"
#include "result/shs-interactions.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

Suite *large_interactions_suite (void);

#define N_STUMPS 24 /* features, more than coalitions are tried of */
#define N_ROWS 120
#define N_CUTS 40
#define N_MUTANTS 60
#define MAX_TRIES 50

/* All pairs and the strongest, of one output and of three. */
static const struct
{
  const char *name;
  gsize n_pairs;
} cases[]
    = { { "doctor-visits", 0 }, { "doctor-visits", 5 }, { "penguins", 0 }, { "penguins", 2 } };

static ShsExplanation *
explain_pairs (ShsColumnMatch *match, gsize n_pairs, guint n_threads, const char *result_path)
{
  const ShsExplainOptions options = {
    .interactions = TRUE, .n_pairs = n_pairs, .n_threads = n_threads, .result_path = result_path
  };
  ShsExplanation *explanation = large_explain (match, &options);

  /* What differs between two runs. */
  ((ShsExplanationParts *)shs_explanation_get_parts (explanation))->seconds = 1;
  return explanation;
}

static void
assert_same_files (ShsExplanation *a, ShsExplanation *b)
{
  static const char *const endings[] = { ".h5", ".npz", ".json", ".csv" };

  for (gsize f = 0; f < G_N_ELEMENTS (endings); f++)
    {
      g_autofree char *name_a = g_strconcat ("one", endings[f], NULL);
      g_autofree char *name_b = g_strconcat ("other", endings[f], NULL);
      g_autofree char *path_a = shs_test_temporary (name_a);
      g_autofree char *path_b = shs_test_temporary (name_b);
      g_autoptr (GBytes) bytes_a = large_save (a, path_a);
      g_autoptr (GBytes) bytes_b = large_save (b, path_b);

      ck_assert_msg (g_bytes_equal (bytes_a, bytes_b), "%s differs", endings[f]);
    }
}

START_TEST (the_same_files_come_out_with_a_budget_and_at_any_number_of_threads)
{
  g_autoptr (ShsColumnMatch) match = large_match (cases[_i].name, cases[_i].name);
  g_autofree char *path = shs_test_temporary ("small.h5");
  g_autoptr (ShsExplanation) small = explain_pairs (match, cases[_i].n_pairs, 1, NULL);
  g_autoptr (GBytes) expected = large_save (small, path);

  for (guint n_threads = 1; n_threads <= 5; n_threads += 2)
    {
      g_autofree char *name = g_strdup_printf ("large-%u-%d.h5", n_threads, _i);
      g_autofree char *large_path = shs_test_temporary (name);
      g_autoptr (ShsExplanation) large = NULL;
      g_autoptr (GBytes) bytes = NULL;

      shs_memory_set_limit (LARGE_BUDGET);
      large = explain_pairs (match, cases[_i].n_pairs, n_threads, large_path);
      ck_assert (shs_values_are_in_file (shs_explanation_get_parts (large)->interactions));
      ck_assert (!g_file_test (large_path, G_FILE_TEST_EXISTS)); /* not yet */
      bytes = large_save (large, large_path);
      shs_memory_set_limit (0);
      ck_assert (g_bytes_equal (bytes, expected));
      assert_same_files (small, large);
    }
}
END_TEST

/* Values and data would fit alone; beside the interactions nothing stays in memory. */
START_TEST (interactions_take_the_values_along_to_the_file)
{
  g_autoptr (ShsColumnMatch) match = large_match ("penguins", "penguins");
  g_autofree char *path = shs_test_temporary ("taken.h5");
  g_autofree char *other_path = shs_test_temporary ("taken-not.h5");
  g_autoptr (ShsExplanation) small = explain_pairs (match, 0, 0, NULL);
  const ShsExplanationParts *parts = shs_explanation_get_parts (small);
  g_autoptr (GBytes) expected = large_save (small, other_path);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (ShsExplanation) large = NULL;
  gsize n = shs_explanation_get_n_rows (small), m = shs_explanation_get_n_features (small);
  gsize values, data, interactions;

  ck_assert (shs_values_count_bytes (n, m, 3, FALSE, &values));
  ck_assert (shs_values_count_bytes (n, m, 1, TRUE, &data));
  ck_assert (shs_values_count_bytes (n, parts->n_pairs, 3, FALSE, &interactions));
  shs_memory_set_limit (values + data + interactions - 1);
  large = explain_pairs (match, 0, 0, path);
  parts = shs_explanation_get_parts (large);
  ck_assert (shs_values_are_in_file (parts->values));
  ck_assert (shs_values_are_in_file (parts->data));
  ck_assert (shs_values_are_in_file (parts->interactions));
  bytes = large_save (large, path);
  ck_assert (g_bytes_equal (bytes, expected));
}
END_TEST

static void
assert_same_pairs (ShsExplanation *a, ShsExplanation *b)
{
  gsize n = shs_explanation_get_n_rows (a), n_pairs = shs_explanation_get_n_pairs (a);
  g_autofree double *x = g_new (double, MAX (n, n_pairs));
  g_autofree double *y = g_new (double, MAX (n, n_pairs));

  ck_assert_uint_eq (shs_explanation_get_n_pairs (b), n_pairs);
  ck_assert_uint_eq (shs_explanation_count_strongest_pairs (a),
                     shs_explanation_count_strongest_pairs (b));
  for (gsize k = 0; k < shs_explanation_get_n_outputs (a); k++)
    {
      ck_assert (shs_explanation_summarise_interactions (a, k, x, NULL));
      ck_assert (shs_explanation_summarise_interactions (b, k, y, NULL));
      ck_assert_mem_eq (x, y, n_pairs * sizeof *x);
      for (gsize i = 0; i < shs_explanation_get_n_features (a); i++)
        for (gsize j = 0; j < shs_explanation_get_n_features (a); j++)
          {
            ck_assert_int_eq (shs_explanation_lacks_pair (a, i, j),
                              shs_explanation_lacks_pair (b, i, j));
            ck_assert (shs_explanation_read_interaction (a, k, i, j, x, NULL));
            ck_assert (shs_explanation_read_interaction (b, k, i, j, y, NULL));
            ck_assert_mem_eq (x, y, n * sizeof *x);
          }
    }
}

START_TEST (interactions_of_a_large_file_are_read_by_blocks)
{
  g_autoptr (ShsColumnMatch) match = large_match (cases[_i].name, cases[_i].name);
  g_autofree char *path = shs_test_temporary ("explained.h5");
  g_autoptr (ShsExplanation) explained = explain_pairs (match, cases[_i].n_pairs, 0, NULL);
  g_autoptr (ShsExplanation) small = NULL;
  g_autoptr (ShsExplanation) large = NULL;
  g_autoptr (ShsExplanation) some = NULL;
  g_autoptr (GError) error = NULL;
  const gsize rows[] = { 7, 3, 3, 200 };

  ck_assert (shs_explanation_save (explained, path, NULL, NULL));
  small = shs_explanation_load (path, NULL, &error);
  shs_test_assert_no_error (error);
  shs_memory_set_limit (LARGE_BUDGET);
  large = shs_explanation_load (path, NULL, &error);
  shs_test_assert_no_error (error);
  ck_assert (shs_values_are_in_file (shs_explanation_get_parts (large)->interactions));
  ck_assert (!shs_values_are_in_file (shs_explanation_get_parts (small)->interactions));
  assert_same_pairs (explained, small);
  assert_same_pairs (explained, large);
  assert_same_files (explained, large);
  some = shs_explanation_take_rows (large, rows, G_N_ELEMENTS (rows), &error);
  shs_test_assert_no_error (error);
  ck_assert_uint_eq (shs_explanation_get_n_pairs (some), shs_explanation_get_n_pairs (large));
}
END_TEST

/* Stumps whose sum goes through the logistic link: permutations are needed where all differ. */
static ShsColumnMatch *
match_stumps (void)
{
  g_autoptr (GString) text = g_string_new ("{\"shapscope_model\": 1, \"task\": \"binary\", "
                                           "\"link\": \"logistic\", \"features\": [");
  g_autofree char *path = shs_test_temporary ("stumps.json");
  g_autoptr (ShsDataset) dataset = NULL;
  g_autoptr (ShsModel) model = NULL;
  g_autoptr (GError) error = NULL;
  ShsTableBuilder *builder = shs_table_builder_new (N_ROWS);
  ShsColumnMatch *match;

  for (guint j = 0; j < N_STUMPS; j++)
    {
      g_autofree char *name = g_strdup_printf ("x%u", j);
      double *column = shs_alloc (N_ROWS, sizeof *column, NULL);

      g_string_append_printf (text, "%s\"%s\"", j > 0 ? ", " : "", name);
      for (guint i = 0; i < N_ROWS; i++)
        column[i] = i % 2;
      shs_table_builder_add_doubles (builder, name, column);
    }
  g_string_append (text, "], \"trees\": [");
  for (guint j = 0; j < N_STUMPS; j++)
    g_string_append_printf (text,
                            "%s{\"root\": {\"feature\": %u, \"threshold\": 0.5, \"left\": "
                            "{\"value\": -0.%u}, \"right\": {\"value\": 0.25}}}",
                            j > 0 ? ", " : "", j, 1 + j % 9);
  g_string_append (text, "]}");
  dataset = shs_table_builder_finish (builder, "rows");
  ck_assert (g_file_set_contents (path, text->str, -1, NULL));
  model = shs_model_open (path, NULL, &error);
  shs_test_assert_no_error (error);
  match = shs_column_match_new (model, dataset, NULL, &error);
  shs_test_assert_no_error (error);
  return match;
}

static ShsBackground *
take_two_rows (ShsColumnMatch *match)
{
  gsize *rows = shs_alloc (2, sizeof *rows, NULL);

  rows[0] = 0;
  rows[1] = 1;
  return shs_background_new (match, rows, 2, NULL, NULL, NULL);
}

START_TEST (standard_errors_that_memory_does_not_hold_give_the_same_files)
{
  g_autoptr (ShsColumnMatch) match = match_stumps ();
  g_autoptr (ShsBackground) background = take_two_rows (match);
  g_autofree char *path = shs_test_temporary ("errors.h5");
  ShsExplainOptions options
      = { .background = background, .space = SHS_SPACE_PROBABILITY, .result_path = path };
  g_autoptr (ShsExplanation) small = large_explain (match, &options);
  g_autoptr (ShsExplanation) large = NULL;
  g_autoptr (ShsExplanation) back = NULL;
  g_autoptr (GError) error = NULL;

  ck_assert_ptr_nonnull (shs_explanation_get_parts (small)->std_errors);
  ck_assert (!shs_values_are_in_file (shs_explanation_get_parts (small)->std_errors));
  shs_memory_set_limit (LARGE_BUDGET);
  large = large_explain (match, &options);
  ck_assert (shs_values_are_in_file (shs_explanation_get_parts (large)->std_errors));
  ((ShsExplanationParts *)shs_explanation_get_parts (small))->seconds = 1;
  ((ShsExplanationParts *)shs_explanation_get_parts (large))->seconds = 1;
  ck_assert (shs_explanation_save (large, path, NULL, &error));
  assert_same_files (small, large);
  back = shs_explanation_load (path, NULL, &error);
  shs_test_assert_no_error (error);
  ck_assert (shs_values_are_in_file (shs_explanation_get_parts (back)->std_errors));
  assert_same_files (small, back);
}
END_TEST

START_TEST (interactions_of_a_file_that_is_shortened_later_are_an_error)
{
  g_autoptr (ShsColumnMatch) match = large_match ("doctor-visits", "doctor-visits");
  g_autofree char *path = shs_test_temporary ("shortened.h5");
  g_autoptr (ShsExplanation) explained = explain_pairs (match, 0, 0, NULL);
  gsize n_pairs = shs_explanation_get_n_pairs (explained);
  g_autofree double *numbers
      = g_new (double, MAX (n_pairs, shs_explanation_get_n_rows (explained)));
  g_autoptr (ShsExplanation) large = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;

  ck_assert (shs_explanation_save (explained, path, NULL, NULL));
  bytes = shs_test_bytes (path);
  shs_memory_set_limit (LARGE_BUDGET);
  large = shs_explanation_load (path, NULL, &error);
  shs_test_assert_no_error (error);
  ck_assert_int_eq (truncate (path, (off_t)(g_bytes_get_size (bytes) / 2)), 0);
  ck_assert (!shs_explanation_summarise_interactions (large, 0, numbers, &error));
  shs_test_assert_error (error, SHS_ERROR_FILE);
  ck_assert_ptr_nonnull (strstr (error->message, "shortened"));
  g_clear_error (&error);
  ck_assert (!shs_explanation_read_interaction (large, 0, 0, 1, numbers, &error));
  shs_test_assert_error (error, SHS_ERROR_FILE);
}
END_TEST

/* Loaded, and all of it read; an error is one line, nothing worse. */
static void
load_hostile (GBytes *bytes, gpointer data)
{
  const char *path = data;
  g_autofree char *again = shs_test_temporary ("hostile-again.npz");
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsExplanation) explanation = NULL;
  gsize length;
  const char *content = g_bytes_get_data (bytes, &length);

  ck_assert (g_file_set_contents (path, content, (gssize)length, NULL));
  explanation = shs_explanation_load (path, NULL, &error);
  if (explanation != NULL)
    shs_explanation_save (explanation, again, NULL, &error);
  ck_assert (explanation != NULL || error != NULL);
  if (error != NULL)
    ck_assert_msg (strchr (error->message, '\n') == NULL, "more than a line: %s", error->message);
}

START_TEST (damaged_files_with_pairs_are_an_error_or_an_explanation)
{
  g_autoptr (ShsColumnMatch) match = large_match ("penguins", "penguins");
  const ShsExplainOptions options = { .interactions = TRUE, .n_pairs = 2, .n_rows = 12 };
  g_autoptr (ShsExplanation) explanation = large_explain (match, &options);
  g_autofree char *path = shs_test_temporary ("damaged.h5");
  g_autoptr (GBytes) bytes = NULL;
  gsize length;

  ck_assert (shs_explanation_save (explanation, path, NULL, NULL));
  bytes = shs_test_bytes (path);
  length = g_bytes_get_size (bytes);
  shs_memory_set_limit (_i == 0 ? 0 : LARGE_BUDGET); /* in memory, and by places in the file */
  for (gsize c = 1; c <= N_CUTS; c++)
    {
      g_autoptr (GBytes) part = g_bytes_new_from_bytes (bytes, 0, c * (length - 1) / N_CUTS);

      load_hostile (part, path);
    }
  shs_test_mutate (bytes, N_MUTANTS, 11, load_hostile, path);
}
END_TEST

typedef struct
{
  const char *says;
  const char *name; /* of the values */
  gsize values_shape[3];
  gsize pairs_shape[2];
  double pairs[15];
} Hostile;

/* Three rows of three features. */
static char *
write_hostile (const Hostile *hostile)
{
  static const gsize shape[] = { 3, 3 }, one = 1;
  static const double zeros[64] = { 0 };
  char *path = shs_test_temporary ("hostile.npz");
  g_autoptr (ShsNpzWriter) writer = shs_npz_writer_new (path, NULL);
  const gsize *v = hostile->values_shape;
  gsize n_values = v[0] * v[1] * MAX (1, v[2]);
  gsize n_pairs = hostile->pairs_shape[0] * MAX (1, hostile->pairs_shape[1]);

  ck_assert (shs_npz_writer_begin (writer, "values", "<f8", 2, shape, NULL));
  ck_assert (shs_npz_writer_write (writer, zeros, 9 * sizeof *zeros, NULL));
  ck_assert (shs_npz_writer_begin (writer, "base_values", "<f8", 1, &one, NULL));
  ck_assert (shs_npz_writer_write (writer, zeros, sizeof *zeros, NULL));
  ck_assert (shs_npz_writer_begin (writer, hostile->name, "<f8", v[2] > 0 ? 3 : 2, v, NULL));
  ck_assert (shs_npz_writer_write (writer, zeros, n_values * sizeof *zeros, NULL));
  if (n_pairs > 0)
    {
      ck_assert (shs_npz_writer_begin (writer, "interaction_pairs", "<f8",
                                       hostile->pairs_shape[1] > 0 ? 2 : 1, hostile->pairs_shape,
                                       NULL));
      ck_assert (shs_npz_writer_write (writer, hostile->pairs, n_pairs * sizeof (double), NULL));
    }
  ck_assert (shs_npz_writer_commit (writer, NULL));
  return path;
}

START_TEST (what_is_wrong_with_pairs_is_named)
{
  static const char *const sparse = "interaction_values";
  const Hostile hostile[] = {
    { "none called `interaction_pairs`", sparse, { 3, 2 }, { 0 }, { 0 } },
    { "has shape (6,)", sparse, { 3, 2 }, { 6, 0 }, { 0, 0, 1, 1, 1, 1 } },
    { "has shape (3, 2)", sparse, { 3, 2 }, { 3, 2 }, { 0, 0, 1, 1, 2, 2 } },
    { "has shape (7, 3)", sparse, { 3, 2 }, { 7, 3 }, { 0 } }, /* more than there are pairs */
    { "must have 3 rows of 2 items", sparse, { 3, 3 }, { 2, 3 }, { 0, 0, 1, 1, 1, 1 } },
    { "must have 3 rows of 1 items", sparse, { 3, 2 }, { 2, 3 }, { 0, 0, 1, 1, 1, 0 } },
    { "must have 3 rows of 2 items", sparse, { 2, 2 }, { 2, 3 }, { 0, 0, 1, 1, 1, 1 } },
    { "Pair 1 of the interactions", sparse, { 3, 2 }, { 2, 3 }, { 0, 0, 1, 1, 3, 1 } },
    { "Pair 0 of the interactions", sparse, { 3, 2 }, { 2, 3 }, { 1, 0, 1, 1, 1, 1 } },
    { "Pair 1 of the interactions", sparse, { 3, 2 }, { 2, 3 }, { 1, 1, 1, 0, 1, 1 } },
    { "Pair 1 of the interactions", sparse, { 3, 2 }, { 2, 3 }, { 0, 1, 1, 0, 1, 1 } },
    { "is -1", sparse, { 3, 2 }, { 2, 3 }, { 0, 0, 1, -1, 1, 1 } },
    { "is 0.5", sparse, { 3, 2 }, { 2, 3 }, { 0, 0.5, 1, 1, 1, 1 } },
    { "is 1e+300", sparse, { 3, 2 }, { 2, 3 }, { 0, 1e300, 1, 1, 1, 1 } },
    { "is nan", sparse, { 3, 2 }, { 2, 3 }, { 0, NAN, 1, 1, 1, 1 } },
    { "must be 0 or 1", sparse, { 3, 2 }, { 2, 3 }, { 0, 0, 2, 1, 1, 1 } },
    { "Pair 1 of the interactions", "interactions", { 3, 3, 3 }, { 2, 3 }, { 0, 0, 1, 9, 9, 0 } },
    { "must have 3 rows of 9 items", "interactions", { 3, 3, 2 }, { 2, 3 }, { 0, 0, 1, 1, 1, 1 } },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (hostile); i++)
    {
      g_autofree char *path = write_hostile (&hostile[i]);
      g_autoptr (GError) error = NULL;
      g_autoptr (ShsExplanation) explanation = shs_explanation_load (path, NULL, &error);

      ck_assert_msg (explanation == NULL, "case %zu was taken", i);
      shs_test_assert_error (error, SHS_ERROR_INVALID);
      ck_assert_msg (strstr (error->message, hostile[i].says) != NULL, "case %zu: %s", i,
                     error->message);
    }
}
END_TEST

START_TEST (every_failing_allocation_of_large_interactions_is_an_error)
{
  g_autoptr (ShsColumnMatch) match = large_match ("penguins", "penguins");
  g_autofree char *path = shs_test_temporary ("failing.h5");
  const ShsExplainOptions options
      = { .interactions = TRUE, .n_pairs = 2, .result_path = path, .n_threads = 1 };
  guint64 n_failures = 0;
  double means[64];

  shs_memory_set_limit (LARGE_BUDGET);
  for (;; n_failures++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (ShsExplanation) explanation = NULL;
      g_autoptr (ShsExplanation) back = NULL;
      gboolean is_read = FALSE;

      shs_alloc_fail_at (n_failures + 1);
      explanation = shs_explain (match, &options, NULL, NULL, &error);
      if (explanation != NULL && shs_explanation_save (explanation, path, NULL, &error))
        back = shs_explanation_load (path, NULL, &error);
      if (back != NULL)
        is_read = shs_explanation_summarise_interactions (back, 0, means, &error);
      shs_alloc_fail_at (0);
      if (is_read)
        break;
      shs_test_assert_error (error, SHS_ERROR_MEMORY);
    }
  ck_assert_uint_ge (n_failures, 30);
}
END_TEST

static gpointer
cancel_under_way (gpointer data)
{
  ShsProgress *progress = data;

  while (shs_progress_get_done (progress) == 0 && !shs_progress_is_cancelled (progress))
    g_usleep (50);
  shs_progress_cancel (progress);
  return NULL;
}

START_TEST (interactions_that_are_cancelled_half_way_leave_the_old_file)
{
  g_autoptr (ShsColumnMatch) match = large_match ("doctor-visits", "doctor-visits");
  g_autofree char *path = shs_test_temporary ("half-way/result.h5");
  g_autofree char *folder = g_path_get_dirname (path);
  const ShsExplainOptions options = { .interactions = TRUE, .result_path = path };
  g_autofree char *content = NULL;
  gboolean was_cancelled = FALSE;
  g_autoptr (ShsExplanation) before = explain_pairs (match, 0, 0, NULL); /* tables of trees stay */

  ck_assert_int_eq (g_mkdir_with_parents (folder, 0700), 0);
  ck_assert (g_file_set_contents (path, "old", -1, NULL));
  shs_memory_set_limit (LARGE_BUDGET);
  for (guint i = 0; i < MAX_TRIES && !was_cancelled; i++)
    {
      g_autoptr (ShsProgress) progress = shs_progress_new ();
      g_autoptr (GError) error = NULL;
      GThread *thread = g_thread_new ("cancel", cancel_under_way, progress);
      g_autoptr (ShsExplanation) explanation
          = shs_explain (match, &options, NULL, progress, &error);

      shs_progress_cancel (progress);
      g_thread_join (thread);
      was_cancelled = explanation == NULL;
      if (was_cancelled)
        shs_test_assert_error (error, SHS_ERROR_CANCELLED);
    }
  ck_assert (was_cancelled);
  ck_assert (g_file_get_contents (path, &content, NULL, NULL));
  ck_assert_str_eq (content, "old");
  ck_assert_int_eq (unlink (path), 0);
  ck_assert_int_eq (rmdir (folder), 0); /* nothing else is there */
}
END_TEST

Suite *
large_interactions_suite (void)
{
  Suite *suite = suite_create ("large interactions");
  TCase *tests = tcase_create ("large interactions");

  tcase_set_timeout (tests, 60);
  tcase_add_checked_fixture (tests, NULL, large_lift);
  tcase_add_loop_test (tests, the_same_files_come_out_with_a_budget_and_at_any_number_of_threads, 0,
                       G_N_ELEMENTS (cases));
  tcase_add_test (tests, interactions_take_the_values_along_to_the_file);
  tcase_add_loop_test (tests, interactions_of_a_large_file_are_read_by_blocks, 0,
                       G_N_ELEMENTS (cases));
  tcase_add_test (tests, standard_errors_that_memory_does_not_hold_give_the_same_files);
  tcase_add_test (tests, interactions_of_a_file_that_is_shortened_later_are_an_error);
  tcase_add_loop_test (tests, damaged_files_with_pairs_are_an_error_or_an_explanation, 0, 2);
  tcase_add_test (tests, what_is_wrong_with_pairs_is_named);
  tcase_add_test (tests, every_failing_allocation_of_large_interactions_is_an_error);
  tcase_add_test (tests, interactions_that_are_cancelled_half_way_leave_the_old_file);
  suite_add_tcase (suite, tests);
  return suite;
}
