/* How values are computed, as chosen in the window. */
#include <string.h>

#include "gui-driver.h"

Suite *gui_modes_suite (void);

#define SECONDS 20

static void
assert_text (GuiProgram *program, const char *action, const char *expected)
{
  g_autofree char *text = gui_text (program, action);

  ck_assert_str_eq (text, expected);
}

static void
explain (GuiProgram *program)
{
  gui_activate (program, "explain", NULL);
  gui_wait (program, "explain", "done", SECONDS);
}

START_TEST (a_background_changes_the_numbers_and_says_why)
{
  GuiProgram program = gui_start_example ("penguins");

  assert_text (&program, "explainer", "auto");
  assert_text (&program, "background", "");
  assert_text (&program, "space", "margin");
  g_free (gui_see ("Tree path-dependent", SECONDS));
  gui_activate (&program, "background", g_variant_new_string ("year = 2007"));
  assert_text (&program, "background", "year = 2007");
  explain (&program);
  g_free (gui_see ("Tree interventional", SECONDS));
  g_free (gui_see ("these numbers differ", SECONDS));
  gui_activate (&program, "undo", NULL);
  assert_text (&program, "background", "");
  gui_activate (&program, "explainer", g_variant_new_string ("saabas"));
  assert_text (&program, "explainer", "saabas");
  explain (&program);
  g_free (gui_see ("Tree saabas", SECONDS));
  gui_end (&program);
}
END_TEST

START_TEST (what_is_no_background_is_said)
{
  GuiProgram program = gui_start_example ("penguins-small");

  gui_activate (&program, "background", g_variant_new_string ("colour < 3"));
  g_free (gui_see ("no such file", SECONDS));
  assert_text (&program, "background", "");
  gui_end (&program);
}
END_TEST

START_TEST (a_background_that_is_lacking_is_offered)
{
  g_autofree char *model = shs_test_fixture ("lightgbm/4.7.0/linear.txt");
  g_autofree char *data = shs_test_temporary ("rows.csv");
  const char *paths[] = { model, data, NULL };
  GuiProgram program;

  ck_assert (g_file_set_contents (
      data, "Column_0,Column_1,Column_2,Column_3,Column_4\n0,1,2,3,4\n1,0,-1,0.5,2\n", -1, NULL));
  program = gui_start (paths);
  gui_wait (&program, "status", "ready", SECONDS);
  gui_activate (&program, "explain", NULL);
  gui_wait (&program, "explain", "failed: ", SECONDS);
  g_free (gui_see ("Choose What to Compare With", SECONDS));
  gui_press ("Compare with All Rows", SECONDS);
  gui_wait (&program, "explain", "done", SECONDS);
  assert_text (&program, "background", "all");
  gui_end (&program);
}
END_TEST

START_TEST (two_rows_are_compared_at_once)
{
  GuiProgram program = gui_start_example ("penguins");

  gui_activate (&program, "row", g_variant_new_int32 (5));
  gui_activate (&program, "compare", g_variant_new_int32 (17));
  gui_wait (&program, "explain", "done", SECONDS);
  assert_text (&program, "background", "row:#17");
  g_free (gui_see ("row 5 compared with row 17", SECONDS));
  gui_end (&program);
}
END_TEST

START_TEST (interactions_are_computed_on_their_page)
{
  GuiProgram program = gui_start_example ("penguins");

  gui_activate (&program, "page", g_variant_new_string ("interactions"));
  assert_text (&program, "page", "interactions");
  gui_press ("Compute Interactions", SECONDS);
  gui_wait (&program, "interactions", "all", SECONDS);
  gui_wait (&program, "explain", "done", SECONDS);
  gui_activate (&program, "pair", g_variant_new_string ("bill length (mm), island"));
  assert_text (&program, "pair", "bill length (mm), island");
  assert_text (&program, "feature", "bill length (mm)");
  g_free (gui_see ("bill length (mm), coloured by island", SECONDS));
  gui_check_names (100);
  gui_end (&program);
}
END_TEST

START_TEST (a_second_data_file_is_offered_as_background)
{
  const char *folder = g_getenv ("SHAPSCOPE_EXAMPLES");
  g_autofree char *model = g_build_filename (folder, "penguins.json", NULL);
  g_autofree char *data = g_build_filename (folder, "penguins.csv", NULL);
  g_autofree char *other = shs_test_temporary ("others.csv");
  const char *paths[] = { model, data, other, NULL };
  g_autofree char *content = NULL;
  GuiProgram program;

  ck_assert (g_file_get_contents (data, &content, NULL, NULL));
  ck_assert (g_file_set_contents (other, content, -1, NULL));
  program = gui_start ((const char *const[]){ NULL });
  gui_activate (&program, "app.open-files", g_variant_new_strv (paths, -1));
  gui_wait (&program, "status", "ready", SECONDS);
  g_free (gui_see ("Compare with the rows of others.csv", SECONDS));
  assert_text (&program, "background", "");
  gui_press ("Compare", SECONDS);
  gui_wait (&program, "background", other, SECONDS);
  gui_end (&program);
}
END_TEST

START_TEST (a_cohort_is_listed_compared_with_and_removed)
{
  GuiProgram program = gui_start_example ("penguins");

  gui_activate (&program, "cohort", g_variant_new_string ("Dreamers: island = Dream"));
  assert_text (&program, "cohort", "Dreamers: island = Dream");
  gui_activate (&program, "filter", g_variant_new_string ("Dreamers"));
  assert_text (&program, "filter", "island = Dream");
  g_free (gui_see ("124 of 344 rows", SECONDS));
  gui_activate (&program, "background", g_variant_new_string ("Dreamers"));
  assert_text (&program, "background", "Dreamers");
  explain (&program);
  g_free (gui_see ("Dreamers, 124 of 344 rows of penguins.csv: island = Dream", SECONDS));
  gui_check_names (100);
  gui_press ("Remove Dreamers", SECONDS);
  gui_wait (&program, "background", "", SECONDS);
  assert_text (&program, "cohort", "");
  gui_activate (&program, "undo", NULL);
  assert_text (&program, "cohort", "Dreamers: island = Dream");
  assert_text (&program, "background", "Dreamers");
  gui_activate (&program, "filter", g_variant_new_string (" "));
  assert_text (&program, "filter", "");
  gui_end (&program);
}
END_TEST

START_TEST (a_cohort_is_defined_in_its_dialog)
{
  GuiProgram program = gui_start_example ("penguins");

  gui_activate (&program, "cohort", g_variant_new_string (""));
  gui_write ("Rule, such as", "weight > 4000", SECONDS);
  g_free (gui_see ("there is no feature called “weight”", SECONDS));
  gui_write ("Rule, such as", "body mass (g) > 4000", SECONDS);
  gui_write ("Name, such as", "Heavy", SECONDS);
  gui_check_names (100);
  gui_press ("Add", SECONDS);
  gui_wait (&program, "cohort", "Heavy: body mass (g) > 4000", SECONDS);
  gui_end (&program);
}
END_TEST

Suite *
gui_modes_suite (void)
{
  Suite *suite = suite_create ("modes");
  TCase *cases = tcase_create ("modes");

  tcase_set_timeout (cases, 90);
  tcase_add_test (cases, a_background_changes_the_numbers_and_says_why);
  tcase_add_test (cases, what_is_no_background_is_said);
  tcase_add_test (cases, a_background_that_is_lacking_is_offered);
  tcase_add_test (cases, two_rows_are_compared_at_once);
  tcase_add_test (cases, interactions_are_computed_on_their_page);
  tcase_add_test (cases, a_cohort_is_listed_compared_with_and_removed);
  tcase_add_test (cases, a_cohort_is_defined_in_its_dialog);
  tcase_add_test (cases, a_second_data_file_is_offered_as_background);
  suite_add_tcase (suite, cases);
  return suite;
}
