/* What a person does in dialogs and on the desktop: choosers, quick model, clipboard, states. */
#include <glib/gstdio.h>
#include <string.h>

#include "gui-driver.h"

Suite *gui_dialogs_suite (void);

#define SECONDS 20

static char *
find_example (const char *file)
{
  return g_build_filename (g_getenv ("SHAPSCOPE_EXAMPLES"), file, NULL);
}

static void
wait_for_file (const char *path)
{
  for (int i = 0; i < SECONDS * 50 && !g_file_test (path, G_FILE_TEST_EXISTS); i++)
    g_usleep (20000);
  ck_assert_msg (g_file_test (path, G_FILE_TEST_EXISTS), "%s was not written", path);
}

START_TEST (a_copied_figure_is_pasted_elsewhere)
{
  static const struct
  {
    const char *type, *magic;
  } offers[] = {
    { "image/svg+xml", "<?xml" },
    { "application/pdf", "%PDF-" },
    { "image/png", "\x89PNG" },
  };
  GuiProgram program = gui_start_example ("penguins-small");

  gui_activate (&program, "copy-figure", NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (offers); i++)
    {
      g_autofree char *path = shs_test_temporary ("pasted");
      char *command[] = { (char *)SHS_READ_CLIPBOARD, (char *)offers[i].type, path, NULL };
      g_autoptr (GBytes) bytes = NULL;
      int status;

      ck_assert (g_spawn_sync (NULL, command, NULL, 0, NULL, NULL, NULL, NULL, &status, NULL));
      ck_assert_int_eq (status, 0);
      bytes = shs_test_bytes (path);
      ck_assert_uint_gt (g_bytes_get_size (bytes), 1000);
      ck_assert_mem_eq (g_bytes_get_data (bytes, NULL), offers[i].magic, strlen (offers[i].magic));
    }
  gui_end (&program);
}
END_TEST

START_TEST (the_open_dialog_has_names_and_can_be_left)
{
  GuiProgram program = gui_start ((const char *const[]){ NULL });

  gui_activate (&program, "app.open-files", g_variant_new_strv (NULL, 0));
  g_free (gui_see ("Open a Model, Data or an Explanation", SECONDS));
  gui_press ("Cancel", SECONDS);
  gui_wait (&program, "status", "empty", SECONDS);
  gui_end (&program);
}
END_TEST

START_TEST (a_folder_is_asked_for_and_can_be_left)
{
  GuiProgram program = gui_start ((const char *const[]){ NULL });

  gui_activate (&program, "app.open-folder", NULL);
  g_free (gui_see ("Open the Folder of a Spark Model", SECONDS));
  gui_press ("Cancel", SECONDS);
  gui_wait (&program, "status", "empty", SECONDS);
  gui_end (&program);
}
END_TEST

START_TEST (a_table_of_several_is_chosen)
{
  g_autofree char *data = shs_test_fixture ("tables/several.db");
  const char *arguments[] = { data, NULL };
  GuiProgram program = gui_start (arguments);

  gui_wait (&program, "table", "people", SECONDS);
  gui_activate (&program, "table", g_variant_new_string ("place#1"));
  gui_wait (&program, "table", "place#1", SECONDS);
  gui_wait (&program, "status", "ready", SECONDS);
  g_free (gui_see ("several.db, place#1", SECONDS));
  gui_end (&program);
}
END_TEST

START_TEST (the_shortcuts_are_shown_without_a_warning)
{
  GuiProgram program = gui_start ((const char *const[]){ NULL });

  gui_activate (&program, "show-help-overlay", NULL);
  g_free (gui_see ("Copy the figure in focus", SECONDS));
  gui_end (&program);
}
END_TEST

START_TEST (values_are_saved_where_the_dialog_says)
{
  GuiProgram program = gui_start_example ("penguins-small");
  g_autofree char *path = gui_home ("values.csv");

  g_remove (path);
  gui_activate (&program, "export-values", g_variant_new_string (""));
  g_free (gui_see ("Export the Values", SECONDS));
  gui_press ("Save", SECONDS);
  wait_for_file (path);
  gui_end (&program);
}
END_TEST

START_TEST (a_figure_is_exported_by_its_dialog)
{
  GuiProgram program = gui_start_example ("penguins-small");
  g_autofree char *path = gui_home ("beeswarm.svg");

  g_remove (path);
  gui_activate (&program, "export-figure", g_variant_new_string (""));
  g_free (gui_see ("Width in mm", SECONDS));
  gui_check_names (100);
  gui_press ("Export…", SECONDS);
  gui_press ("Save", SECONDS);
  wait_for_file (path);
  gui_end (&program);
}
END_TEST

START_TEST (a_quick_model_is_trained_scored_and_explained)
{
  g_autofree char *data = find_example ("seattle-rain.csv");
  const char *arguments[] = { data, NULL };
  GuiProgram program = gui_start (arguments);
  g_autofree char *model = gui_home ("quick-model.json");
  g_autofree char *score = NULL;

  g_remove (model);
  gui_wait (&program, "status", "ready", SECONDS);
  gui_activate (&program, "quick-model", NULL);
  g_free (gui_see ("Held out, in percent", SECONDS));
  gui_check_names (60);
  gui_press ("Train…", SECONDS);
  gui_press ("Save", SECONDS);
  score = gui_see ("Rows held out", 60);
  ck_assert_ptr_nonnull (strstr (score, "logloss"));
  wait_for_file (model);
  gui_activate (&program, "explain", NULL);
  gui_wait (&program, "explain", "done", 60);
  gui_end (&program);
}
END_TEST

START_TEST (what_was_cancelled_says_so_and_can_be_started_again)
{
  GuiProgram program = gui_start_big (60000);

  gui_activate (&program, "explain", NULL);
  g_free (gui_see ("Explaining…", SECONDS));
  gui_activate (&program, "cancel", NULL);
  gui_wait (&program, "explain", "cancelled", SECONDS);
  g_free (gui_see ("Nothing was kept of this explanation", SECONDS));
  ck_assert (gui_is_enabled (&program, "explain"));
  gui_activate (&program, "explain", NULL);
  gui_wait (&program, "explain", "done", 120);
  gui_end (&program);
}
END_TEST

START_TEST (a_failure_says_what_where_and_stays_on_other_pages)
{
  GuiProgram program = gui_start_example ("penguins-small");
  g_autofree char *path = shs_test_temporary ("broken.json");
  const char *paths[] = { path, NULL };

  ck_assert (g_file_set_contents (path, "{\"learner\": {\"gradient_booster\": [", -1, NULL));
  gui_activate (&program, "app.open-files", g_variant_new_strv (paths, 1));
  gui_wait (&program, "status", "failed: ", SECONDS);
  g_free (gui_see ("broken.json", SECONDS));
  gui_activate (&program, "page", g_variant_new_string ("rows"));
  gui_wait (&program, "page", "rows", SECONDS);
  g_free (gui_see ("broken.json", SECONDS));
  gui_end (&program);
}
END_TEST

START_TEST (opened_files_are_recent_files)
{
  g_autofree char *data = find_example ("penguins.csv");
  g_autofree char *list = gui_home ("recently-used.xbel");
  const char *arguments[] = { data, NULL };
  GuiProgram program = gui_start (arguments);
  g_autofree char *text = NULL;

  gui_wait (&program, "status", "ready", SECONDS);
  gui_end (&program);
  wait_for_file (list);
  ck_assert (g_file_get_contents (list, &text, NULL, NULL));
  ck_assert_ptr_nonnull (strstr (text, "penguins.csv"));
  ck_assert_ptr_nonnull (strstr (text, "Shapscope"));
}
END_TEST

Suite *
gui_dialogs_suite (void)
{
  Suite *suite = suite_create ("dialogs");
  TCase *tcase = tcase_create ("dialogs");

  tcase_set_timeout (tcase, 170);
  tcase_add_test (tcase, a_copied_figure_is_pasted_elsewhere);
  tcase_add_test (tcase, the_open_dialog_has_names_and_can_be_left);
  tcase_add_test (tcase, a_folder_is_asked_for_and_can_be_left);
  tcase_add_test (tcase, a_table_of_several_is_chosen);
  tcase_add_test (tcase, the_shortcuts_are_shown_without_a_warning);
  tcase_add_test (tcase, values_are_saved_where_the_dialog_says);
  tcase_add_test (tcase, a_figure_is_exported_by_its_dialog);
  tcase_add_test (tcase, a_quick_model_is_trained_scored_and_explained);
  tcase_add_test (tcase, what_was_cancelled_says_so_and_can_be_started_again);
  tcase_add_test (tcase, a_failure_says_what_where_and_stays_on_other_pages);
  tcase_add_test (tcase, opened_files_are_recent_files);
  suite_add_tcase (suite, tcase);
  return suite;
}
