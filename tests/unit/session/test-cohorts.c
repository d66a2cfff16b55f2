/* Named groups of rows: as words, as background, as filter of the rows. */
#include "shs-test.h"

#include "core/shs-error.h"
#include "session/shs-session.h"

#include <string.h>

Suite *cohorts_suite (void);

static ShsSession *
open_penguins (void)
{
  g_autofree char *model = shs_test_source ("data/examples/penguins.json");
  g_autofree char *data = shs_test_source ("data/examples/penguins.csv");
  const char *paths[] = { model, data, NULL };
  ShsSession *session = shs_session_new ();
  g_autoptr (GError) error = NULL;

  ck_assert (shs_session_open (session, paths, NULL, &error));
  shs_test_assert_no_error (error);
  return session;
}

static const ShsExplanationParts *
explain (ShsSession *session)
{
  const ShsExplainOptions options = { 0 };
  g_autoptr (GError) error = NULL;

  shs_session_explain (session, &options, NULL, &error);
  shs_test_assert_no_error (error);
  return shs_explanation_get_parts (shs_session_get_explanation (session));
}

static void
define (ShsSession *session, const char *text)
{
  g_autoptr (GError) error = NULL;

  shs_session_set_cohort (session, text, &error);
  shs_test_assert_no_error (error);
}

static void
assert_cohorts (ShsSession *session, const char *expected)
{
  g_autofree char *text = shs_cohorts_describe (shs_session_get_view (session)->cohorts);

  ck_assert_str_eq (text, expected);
}

static const struct
{
  const char *text, *name, *rule;
} readable[] = {
  { "Women: sex = female", "Women", "sex = female" },
  { "  On Dream :  island = Dream ", "On Dream", "island = Dream" },
  { "Ä:a: b", "Ä", "a: b" },
  { "2 of them: x < 1", "2 of them", "x < 1" },
  { "two\nlines: x <\n1", "two lines", "x < 1" },
};

START_TEST (a_cohort_is_a_name_and_a_rule)
{
  g_autoptr (ShsCohort) cohort = shs_cohort_parse (readable[_i].text, NULL);
  g_autofree char *text = NULL;
  g_autoptr (ShsCohort) again = NULL;

  ck_assert_ptr_nonnull (cohort);
  ck_assert_str_eq (cohort->name, readable[_i].name);
  ck_assert_str_eq (cohort->rule, readable[_i].rule);
  text = shs_cohort_describe (cohort);
  again = shs_cohort_parse (text, NULL);
  ck_assert_str_eq (again->name, cohort->name);
  ck_assert_str_eq (again->rule, cohort->rule);
}
END_TEST

static const struct
{
  const char *text, *says;
} unreadable[] = {
  { "", "a colon and a rule" },
  { "sex = female", "a colon and a rule" },
  { ": sex = female", "cannot be the name" },
  { "all: sex = female", "cannot be the name" },
  { "None: sex = female", "cannot be the name" },
  { "row: 17", "cannot be the name" },
  { "100: sex = female", "cannot be the name" },
  { "Women:  ", "has no rule" },
};

START_TEST (what_is_no_cohort_says_why)
{
  g_autoptr (GError) error = NULL;

  ck_assert_ptr_null (shs_cohort_parse (unreadable[_i].text, &error));
  shs_test_assert_error (error, SHS_ERROR_CHOICE);
  ck_assert_msg (strstr (error->message, unreadable[_i].says) != NULL, "%s", error->message);
}
END_TEST

START_TEST (cohorts_are_defined_changed_and_removed_step_by_step)
{
  g_autoptr (ShsSession) session = open_penguins ();

  define (session, "Women: sex = female");
  define (session, "On Dream: island = Dream");
  assert_cohorts (session, "Women: sex = female\nOn Dream: island = Dream");
  define (session, "women: sex != male");
  assert_cohorts (session, "women: sex != male\nOn Dream: island = Dream");
  ck_assert (shs_session_remove_cohort (session, "WOMEN", NULL));
  assert_cohorts (session, "On Dream: island = Dream");
  shs_session_undo (session);
  shs_session_undo (session);
  assert_cohorts (session, "Women: sex = female\nOn Dream: island = Dream");
  shs_session_undo (session);
  shs_session_undo (session);
  assert_cohorts (session, "");
  ck_assert (!shs_session_can_undo (session));
}
END_TEST

START_TEST (a_cohort_that_the_data_cannot_answer_is_refused)
{
  g_autoptr (ShsSession) session = open_penguins ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) unknown = NULL;

  ck_assert (!shs_session_set_cohort (session, "Heavy: weight > 4000", &error));
  ck_assert_ptr_nonnull (strstr (error->message, "weight"));
  ck_assert (!shs_session_remove_cohort (session, "Heavy", &unknown));
  shs_test_assert_error (unknown, SHS_ERROR_CHOICE);
  assert_cohorts (session, "");
}
END_TEST

/* The name wins over the rule that it would be. */
START_TEST (a_cohort_is_a_background_by_its_name)
{
  g_autoptr (ShsSession) session = open_penguins ();
  const ShsExplanationParts *parts;

  define (session, "year = 2007: island = Dream");
  ck_assert (shs_session_set_background (session, "Year = 2007", NULL));
  ck_assert_int_eq (shs_session_get_view (session)->background_kind, SHS_BACKGROUND_COHORT);
  parts = explain (session);
  ck_assert_str_eq (parts->provenance.background,
                    "year = 2007, 124 of 344 rows of penguins.csv: island = Dream");
  ck_assert_ptr_nonnull (
      strstr (parts->provenance.options, "\"cohorts\":{\"year = 2007\":\"island = Dream\"}"));
}
END_TEST

START_TEST (a_misspelt_background_is_answered_with_the_nearest_cohort_or_column)
{
  static const char *const asked[][2]
      = { { "Dreamrs", "did you mean \"Dreamers\"?" }, { "iland", "did you mean \"island\"?" } };
  g_autoptr (ShsSession) session = open_penguins ();

  define (session, "Dreamers: island = Dream");
  for (gsize i = 0; i < G_N_ELEMENTS (asked); i++)
    {
      g_autoptr (GError) error = NULL;

      ck_assert (!shs_session_set_background (session, asked[i][0], &error));
      ck_assert_msg (strstr (error->message, asked[i][1]) != NULL, "%s", error->message);
    }
}
END_TEST

START_TEST (a_cohort_gives_the_values_of_its_rule)
{
  g_autoptr (ShsSession) session = open_penguins ();
  double named[8] = { 0 }, ruled[8] = { 0 };

  define (session, "Dreamers: island = Dream");
  ck_assert (shs_session_set_background (session, "Dreamers", NULL));
  ck_assert (shs_values_read_row (explain (session)->values, 0, 7, named, NULL));
  ck_assert (shs_session_set_background (session, "island = Dream", NULL));
  ck_assert_int_eq (shs_session_get_view (session)->background_kind, SHS_BACKGROUND_RULE);
  ck_assert (shs_values_read_row (explain (session)->values, 0, 7, ruled, NULL));
  ck_assert_mem_eq (named, ruled, sizeof named);
  ck_assert_double_ne (named[0], 0);
}
END_TEST

START_TEST (another_rule_of_the_background_outdates_what_was_explained)
{
  g_autoptr (ShsSession) session = open_penguins ();

  define (session, "Group: island = Dream");
  ck_assert (shs_session_set_background (session, "Group", NULL));
  explain (session);
  define (session, "Other: island = Biscoe");
  ck_assert (!shs_session_is_outdated (session));
  define (session, "Group: island = Biscoe");
  ck_assert (shs_session_is_outdated (session));
  shs_session_undo (session);
  ck_assert (!shs_session_is_outdated (session));
  ck_assert (shs_session_remove_cohort (session, "Group", NULL));
  ck_assert_str_eq (shs_session_get_view (session)->background, "");
  ck_assert (shs_session_is_outdated (session));
}
END_TEST

START_TEST (what_is_known_of_explained_rows_alone_is_no_background)
{
  g_autoptr (ShsSession) session = open_penguins ();
  g_autoptr (GError) error = NULL;

  explain (session);
  define (session, "Sure: prediction > 0");
  ck_assert (!shs_session_set_background (session, "Sure", &error));
  ck_assert_ptr_nonnull (strstr (error->message, "\"Sure\""));
  ck_assert (shs_session_set_filter (session, "Sure", NULL));
  ck_assert_str_eq (shs_session_get_view (session)->filter, "prediction > 0");
}
END_TEST

START_TEST (the_filter_is_a_step_of_undo_unless_it_is_typed)
{
  g_autoptr (ShsSession) session = open_penguins ();

  explain (session);
  ck_assert (!shs_session_set_filter (session, "weight < 3", NULL));
  ck_assert_str_eq (shs_session_get_view (session)->filter, "");
  shs_session_type_filter (session, "island = D");
  ck_assert_str_eq (shs_session_get_view (session)->filter, "island = D");
  ck_assert (!shs_session_can_undo (session));
  ck_assert (shs_session_set_filter (session, "  ", NULL));
  ck_assert_str_eq (shs_session_get_view (session)->filter, "");
  shs_session_undo (session);
  ck_assert_str_eq (shs_session_get_view (session)->filter, "island = D");
}
END_TEST

Suite *
cohorts_suite (void)
{
  Suite *suite = suite_create ("cohorts");
  TCase *cases = tcase_create ("cohorts");

  tcase_set_timeout (cases, 60);
  tcase_add_loop_test (cases, a_cohort_is_a_name_and_a_rule, 0, G_N_ELEMENTS (readable));
  tcase_add_loop_test (cases, what_is_no_cohort_says_why, 0, G_N_ELEMENTS (unreadable));
  tcase_add_test (cases, cohorts_are_defined_changed_and_removed_step_by_step);
  tcase_add_test (cases, a_cohort_that_the_data_cannot_answer_is_refused);
  tcase_add_test (cases, a_cohort_is_a_background_by_its_name);
  tcase_add_test (cases, a_misspelt_background_is_answered_with_the_nearest_cohort_or_column);
  tcase_add_test (cases, a_cohort_gives_the_values_of_its_rule);
  tcase_add_test (cases, another_rule_of_the_background_outdates_what_was_explained);
  tcase_add_test (cases, what_is_known_of_explained_rows_alone_is_no_background);
  tcase_add_test (cases, the_filter_is_a_step_of_undo_unless_it_is_typed);
  suite_add_tcase (suite, cases);
  return suite;
}
