#include "shs-test.h"

#include "core/shs-error.h"
#include "core/shs-random.h"
#include "session/shs-session.h"

#include <string.h>

Suite *task_suite (void);

#define WAIT_MS 20000

static gboolean
give_up (gpointer data)
{
  *(gboolean *)data = TRUE;
  return G_SOURCE_REMOVE;
}

/* Runs the main loop until a property begins with one of two words. */
static void
wait_for (ShsSession *session, const char *property, const char *word, const char *other)
{
  gboolean is_late = FALSE;
  guint timer = g_timeout_add (WAIT_MS, give_up, &is_late);
  g_autofree char *text = NULL;

  g_object_get (session, property, &text, NULL);
  while (!g_str_has_prefix (text, word) && !g_str_has_prefix (text, other) && !is_late)
    {
      g_main_context_iteration (NULL, TRUE);
      g_clear_pointer (&text, g_free);
      g_object_get (session, property, &text, NULL);
    }
  ck_assert_msg (!is_late, "%s stayed \"%s\"", property, text);
  g_source_remove (timer);
}

static ShsSession *
open_in_background (const char *name)
{
  ShsSession *session = shs_session_new ();
  g_autoptr (GError) error = NULL;

  ck_assert (shs_session_open_example_async (session, name, &error));
  wait_for (session, "status", "ready", "failed");
  ck_assert_ptr_nonnull (shs_session_get_match (session));
  return session;
}

START_TEST (an_example_is_opened_and_explained_in_the_background)
{
  g_autoptr (ShsSession) session = open_in_background ("seattle-rain");

  shs_session_explain_async (session);
  ck_assert (shs_session_is_explaining (session));
  wait_for (session, "explain-status", "done", "failed");
  ck_assert_ptr_nonnull (shs_session_get_explanation (session));
  ck_assert (!shs_session_is_explaining (session));
}
END_TEST

START_TEST (of_several_tables_the_first_is_open_and_others_can_be_chosen)
{
  g_autoptr (ShsSession) session = shs_session_new ();
  g_autofree char *path = shs_test_fixture ("tables/several.db");
  const char *paths[] = { path, NULL };
  g_autoptr (GError) error = NULL;
  g_autofree char *tables = NULL;

  ck_assert (!shs_session_set_table (session, "people", &error));
  shs_test_assert_error (error, SHS_ERROR_CHOICE);
  shs_session_open_async (session, paths);
  wait_for (session, "status", "ready", "failed");
  tables = g_strjoinv ("|", (char **)shs_session_list_tables (session));
  ck_assert_str_eq (tables, "people|place#1");
  ck_assert_str_eq (shs_session_get_table (session), "people");
  ck_assert (!shs_session_set_table (session, "places", NULL));
  ck_assert (shs_session_set_table (session, "place#1", NULL));
  wait_for (session, "status", "loading", "failed");
  wait_for (session, "status", "ready", "failed");
  ck_assert_str_eq (shs_session_get_table (session), "place#1");
  ck_assert (g_str_has_suffix (shs_session_get_data_path (session), "several.db#place#1"));
}
END_TEST

START_TEST (a_run_is_cancelled_at_any_moment)
{
  g_autoptr (ShsSession) session = open_in_background ("doctor-visits");
  ShsRandom random = shs_random_init (11, (guint64)_i);
  gint64 asked;

  shs_session_explain_async (session);
  g_usleep (shs_random_below (&random, 40000));
  asked = g_get_monotonic_time ();
  shs_session_cancel (session);
  wait_for (session, "explain-status", "cancelled", "done");
  /* The promise is 100 ms; a loaded machine and sanitizers get a margin. */
  ck_assert_int_lt (g_get_monotonic_time () - asked, 2 * G_USEC_PER_SEC);
  shs_session_explain_async (session);
  wait_for (session, "explain-status", "done", "failed");
  ck_assert_ptr_nonnull (shs_session_get_explanation (session));
}
END_TEST

static char *
get_text (ShsSession *session, const char *property)
{
  char *text;

  g_object_get (session, property, &text, NULL);
  return text;
}

START_TEST (opening_while_explaining_leaves_no_run_behind)
{
  g_autoptr (ShsSession) session = open_in_background ("doctor-visits");
  const char *paths[] = { "/nowhere/data.csv", NULL };

  shs_session_explain_async (session);
  shs_session_open_async (session, paths);
  g_autofree char *explain_status = get_text (session, "explain-status");
  ck_assert_str_eq (explain_status, "cancelled");
  wait_for (session, "status", "failed", "ready");
  ck_assert (!shs_session_is_explaining (session));
  ck_assert_ptr_null (shs_session_get_progress (session));
}
END_TEST

START_TEST (a_failed_opening_is_forgotten_by_the_next)
{
  g_autoptr (ShsSession) session = open_in_background ("penguins-small");
  const char *paths[] = { "/nowhere/data.csv", NULL };

  shs_session_open_async (session, paths);
  wait_for (session, "status", "failed", "ready");
  ck_assert (shs_session_open_example_async (session, "penguins", NULL));
  wait_for (session, "status", "ready", "failed");
  g_autofree char *status = get_text (session, "status");
  ck_assert_str_eq (status, "ready");
}
END_TEST

static void
count_end (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  if (shs_session_export_finish (SHS_SESSION (source), result, &error))
    (*(guint *)data)++;
}

START_TEST (figures_and_values_are_written_in_the_background)
{
  g_autoptr (ShsSession) session = open_in_background ("penguins");
  g_autofree char *figure_path = shs_test_temporary ("background.svg");
  g_autofree char *values_path = shs_test_temporary ("background.csv");
  g_autoptr (ShsPlotOptions) options = NULL;
  ShsFigureOptions figure = SHS_FIGURE_OPTIONS_DEFAULTS;
  guint n_written = 0;

  shs_session_explain_async (session);
  wait_for (session, "explain-status", "done", "failed");
  options = shs_view_get_figure (shs_session_get_view (session), SHS_PLACE_SUMMARY);
  shs_session_export_async (session, options, 0, 0, &figure, figure_path, count_end, &n_written);
  shs_session_save_async (session, values_path, count_end, &n_written);
  g_autofree char *status = get_text (session, "status");
  ck_assert_str_eq (status, "exporting");
  wait_for (session, "status", "ready", "failed");
  while (n_written < 2)
    g_main_context_iteration (NULL, TRUE);
  ck_assert (g_file_test (figure_path, G_FILE_TEST_IS_REGULAR));
  ck_assert (g_file_test (values_path, G_FILE_TEST_IS_REGULAR));
}
END_TEST

/* Other work may begin meanwhile; only the person's own cancel stops the writing. */
START_TEST (writing_is_cancelled_and_leaves_the_old_file)
{
  g_autoptr (ShsSession) session = open_in_background ("doctor-visits");
  g_autofree char *path = shs_test_temporary ("cancelled.json");
  g_autofree char *content = NULL;
  guint n_written = 0;

  ck_assert (g_file_set_contents (path, "old", -1, NULL));
  shs_session_explain_async (session);
  wait_for (session, "explain-status", "done", "failed");
  ck_assert (!shs_session_can_cancel (session));
  shs_session_save_async (session, path, count_end, &n_written);
  ck_assert (shs_session_can_cancel (session));
  shs_session_cancel (session);
  wait_for (session, "status", "ready", "failed");
  ck_assert (!shs_session_can_cancel (session));
  ck_assert_uint_eq (n_written, 0);
  ck_assert (g_file_get_contents (path, &content, NULL, NULL));
  ck_assert_str_eq (content, "old");
}
END_TEST

static void
remember_message (ShsSession *session, const GError *error, char **message)
{
  g_free (*message);
  *message = g_strdup (error->message);
}

START_TEST (a_problem_is_told_and_the_session_lives_on)
{
  g_autoptr (ShsSession) session = open_in_background ("penguins-small");
  g_autofree char *message = NULL;
  const char *paths[] = { "/nowhere/data.csv", NULL };

  g_signal_connect (session, "problem", G_CALLBACK (remember_message), &message);
  shs_session_open_async (session, paths);
  wait_for (session, "status", "failed", "ready");
  ck_assert_ptr_nonnull (message);
  ck_assert_ptr_nonnull (strstr (message, "/nowhere/data.csv"));
  ck_assert_ptr_nonnull (shs_session_get_match (session));
  shs_session_explain_async (session);
  wait_for (session, "explain-status", "done", "failed");
  ck_assert_ptr_nonnull (shs_session_get_explanation (session));
}
END_TEST

START_TEST (explaining_nothing_fails_with_a_reason)
{
  g_autoptr (ShsSession) session = shs_session_new ();
  g_autofree char *message = NULL;

  g_signal_connect (session, "problem", G_CALLBACK (remember_message), &message);
  shs_session_explain_async (session);
  wait_for (session, "explain-status", "failed", "done");
  ck_assert_ptr_nonnull (message);
  ck_assert_ptr_nonnull (strstr (message, "no model"));
}
END_TEST

START_TEST (a_session_that_goes_away_while_it_works_does_no_harm)
{
  ShsSession *session = open_in_background ("doctor-visits");

  shs_session_explain_async (session);
  g_object_unref (session);
  for (int i = 0; i < 50; i++)
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (2000);
    }
}
END_TEST

START_TEST (a_quick_model_is_trained_and_takes_its_place)
{
  g_autoptr (ShsSession) session = open_in_background ("penguins");
  g_autofree char *path = shs_test_temporary ("quick.json");
  ShsQuickModelOptions options = SHS_QUICK_MODEL_DEFAULTS;

  options.target = "body mass (g)";
  options.n_rounds = 5;
  shs_session_train_async (session, &options, path);
  wait_for (session, "status", "ready", "failed");
  ck_assert_str_eq (shs_session_get_model_path (session), path);
  ck_assert_str_eq (shs_session_get_view (session)->target, "body mass (g)");
  shs_session_explain_async (session);
  wait_for (session, "explain-status", "done", "failed");
  ck_assert_ptr_nonnull (shs_session_get_explanation (session));
}
END_TEST

Suite *
task_suite (void)
{
  Suite *suite = suite_create ("task");
  TCase *cases = tcase_create ("task");

  tcase_set_timeout (cases, 90);
  tcase_add_test (cases, an_example_is_opened_and_explained_in_the_background);
  tcase_add_test (cases, of_several_tables_the_first_is_open_and_others_can_be_chosen);
  tcase_add_loop_test (cases, a_run_is_cancelled_at_any_moment, 0, 20);
  tcase_add_test (cases, opening_while_explaining_leaves_no_run_behind);
  tcase_add_test (cases, a_failed_opening_is_forgotten_by_the_next);
  tcase_add_test (cases, figures_and_values_are_written_in_the_background);
  tcase_add_test (cases, writing_is_cancelled_and_leaves_the_old_file);
  tcase_add_test (cases, a_problem_is_told_and_the_session_lives_on);
  tcase_add_test (cases, explaining_nothing_fails_with_a_reason);
  tcase_add_test (cases, a_session_that_goes_away_while_it_works_does_no_harm);
  tcase_add_test (cases, a_quick_model_is_trained_and_takes_its_place);
  suite_add_tcase (suite, cases);
  return suite;
}
