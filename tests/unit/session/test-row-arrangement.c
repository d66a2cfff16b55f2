#include "shs-test.h"

#include <math.h>

#include "core/shs-error.h"
#include "session/shs-row-arrangement.h"
#include "session/shs-session.h"

Suite *row_arrangement_suite (void);

#define FIRST_ROW 100

/* Rows 100 to 1099 of the rain example, whose column "date" is no feature. */
static ShsSession *
explain_some_rows (void)
{
  g_autoptr (GPtrArray) examples = shs_examples_list ();
  const ShsExample *example = shs_examples_find (examples, "seattle-rain", NULL);
  const char *paths[] = { example->model_path, example->data_path, NULL };
  g_autoptr (ShsSession) session = shs_session_new ();
  ShsExplainOptions options = { .n_threads = 1 };
  g_autoptr (GError) error = NULL;

  shs_session_open (session, paths, NULL, &error);
  shs_test_assert_no_error (error);
  shs_session_set_rows (session, "100:1100", &error);
  shs_test_assert_no_error (error);
  shs_session_explain (session, &options, NULL, &error);
  shs_test_assert_no_error (error);
  return g_steal_pointer (&session);
}

static ShsRowArrangement *
arrange (ShsSession *session, const char *filter, ShsRowColumn column, gboolean descending)
{
  ShsRowArrangement *self = shs_row_arrangement_new (shs_session_get_explanation (session),
                                                     shs_session_get_dataset (session), 0);
  g_autoptr (GError) error = NULL;

  g_free (self->filter);
  self->filter = g_strdup (filter);
  self->column = column;
  self->descending = descending;
  shs_row_arrangement_run (self, &error);
  shs_test_assert_no_error (error);
  return self;
}

START_TEST (all_rows_stand_as_they_are)
{
  g_autoptr (ShsSession) session = explain_some_rows ();
  g_autoptr (ShsRowArrangement) all = arrange (session, "", SHS_ROW_NUMBER, FALSE);

  ck_assert_uint_eq (all->n, 1000);
  for (gsize i = 0; i < all->n; i++)
    ck_assert_uint_eq (all->order[i], i);
}
END_TEST

START_TEST (rows_are_sorted_among_those_that_pass)
{
  g_autoptr (ShsSession) session = explain_some_rows ();
  ShsExplanation *explanation = shs_session_get_explanation (session);
  g_autoptr (ShsRowArrangement) up
      = arrange (session, "\"wind (m/s)\" > 4", SHS_ROW_PREDICTION, FALSE);
  g_autoptr (ShsRowArrangement) down
      = arrange (session, "\"wind (m/s)\" > 4", SHS_ROW_PREDICTION, TRUE);

  ck_assert_uint_gt (up->n, 10);
  ck_assert_uint_lt (up->n, 1000);
  ck_assert_uint_eq (up->n, down->n);
  for (gsize i = 1; i < up->n; i++)
    {
      ck_assert_double_le (shs_explanation_get_prediction (explanation, up->order[i - 1], 0),
                           shs_explanation_get_prediction (explanation, up->order[i], 0));
      ck_assert_double_ge (shs_explanation_get_prediction (explanation, down->order[i - 1], 0),
                           shs_explanation_get_prediction (explanation, down->order[i], 0));
    }
}
END_TEST

START_TEST (columns_that_are_no_features_answer_too)
{
  g_autoptr (ShsSession) session = explain_some_rows ();
  ShsDataset *dataset = shs_session_get_dataset (session);
  gssize date = shs_dataset_find_column (dataset, "date");
  g_autoptr (ShsMatrix) code = shs_matrix_new (1, 1, NULL);
  g_autoptr (ShsRowArrangement) found = NULL;
  g_autofree char *text = NULL, *filter = NULL;

  ck_assert_int_ge (date, 0);
  ck_assert (shs_dataset_read (dataset, 0, FIRST_ROW + 17, (gsize *)&date, code, NULL));
  text = shs_dataset_describe_value (dataset, (gsize)date, shs_matrix_get (code, 0, 0));
  filter = g_strdup_printf ("date = \"%s\"", text);
  found = arrange (session, filter, SHS_ROW_NUMBER, FALSE);
  ck_assert_uint_eq (found->n, 1);
  ck_assert_uint_eq (found->order[0], 17);
}
END_TEST

/* Whatever class is shown, its error is its own; those of all classes cancel. */
START_TEST (errors_of_classes_are_those_of_the_class_that_is_shown)
{
  g_autofree char *model = shs_test_source ("data/examples/penguins.json");
  g_autofree char *data = shs_test_source ("data/examples/penguins.csv");
  const char *paths[] = { model, data, NULL };
  g_autoptr (ShsSession) session = shs_session_new ();
  const ShsExplainOptions options = { 0 };
  ShsExplanation *explanation;
  const double *target;

  ck_assert (shs_session_open (session, paths, NULL, NULL));
  ck_assert (shs_session_explain (session, &options, NULL, NULL));
  explanation = shs_session_get_explanation (session);
  target = shs_explanation_get_parts (explanation)->target;
  ck_assert_uint_eq (shs_explanation_get_n_outputs (explanation), 3);
  ck_assert_ptr_nonnull (target);
  for (gsize i = 0; i < shs_explanation_get_n_rows (explanation); i++)
    {
      double sum = 0;

      for (gsize k = 0; k < 3; k++)
        {
          double error = shs_row_get_error (explanation, i, k);

          ck_assert (target[i] == (double)k ? error <= 0 : error >= 0);
          sum += error;
        }
      ck_assert_double_eq_tol (sum, 0, 1e-12);
    }
}
END_TEST

/* The sex of a penguin is 0 or 1 for a model, and a word in the data. */
START_TEST (targets_are_told_and_asked_for_in_the_words_of_the_data)
{
  g_autofree char *model = shs_test_source ("data/examples/penguin-sex.json");
  g_autofree char *data = shs_test_source ("data/examples/penguins.csv");
  const char *paths[] = { model, data, NULL };
  g_autoptr (ShsSession) session = shs_session_new ();
  const ShsExplainOptions options = { 0 };
  g_autoptr (ShsRowArrangement) all = NULL, some = NULL;
  const double *target;

  ck_assert (shs_session_open (session, paths, NULL, NULL));
  ck_assert (shs_session_set_target (session, "sex", NULL));
  ck_assert (shs_session_explain (session, &options, NULL, NULL));
  target = shs_explanation_get_parts (shs_session_get_explanation (session))->target;
  all = arrange (session, "", SHS_ROW_NUMBER, FALSE);
  ck_assert_pstr_eq (all->target_words[0], "female");
  ck_assert_pstr_eq (all->target_words[1], "male");
  some = arrange (session, "sex = male", SHS_ROW_NUMBER, FALSE);
  ck_assert_uint_gt (some->n, 10);
  for (gsize i = 0; i < some->n; i++)
    ck_assert_double_eq (target[some->order[i]], 1);
}
END_TEST

START_TEST (errors_are_sorted_by_their_size)
{
  g_autoptr (ShsSession) session = explain_some_rows ();
  ShsExplanation *explanation = shs_session_get_explanation (session);
  g_autoptr (ShsRowArrangement) down = arrange (session, "", SHS_ROW_ERROR, TRUE);
  int signs = 0;

  for (gsize i = 0; i + 1 < down->n; i++)
    {
      double error = shs_row_get_error (explanation, down->order[i], 0);

      ck_assert_double_ge (fabs (error),
                           fabs (shs_row_get_error (explanation, down->order[i + 1], 0)));
      signs |= error < 0 ? 1 : 2;
    }
  ck_assert_int_eq (signs, 3);
}
END_TEST

START_TEST (a_filter_that_is_not_understood_is_told)
{
  g_autoptr (ShsSession) session = explain_some_rows ();
  g_autoptr (ShsRowArrangement) self
      = shs_row_arrangement_new (shs_session_get_explanation (session), NULL, 0);
  g_autoptr (GError) error = NULL;

  g_free (self->filter);
  self->filter = g_strdup ("date = 5");
  ck_assert (!shs_row_arrangement_run (self, &error));
  shs_test_assert_error (error, SHS_ERROR_SYNTAX);
}
END_TEST

Suite *
row_arrangement_suite (void)
{
  Suite *suite = suite_create ("row arrangement");
  TCase *tcase = tcase_create ("row arrangement");

  tcase_add_test (tcase, all_rows_stand_as_they_are);
  tcase_add_test (tcase, rows_are_sorted_among_those_that_pass);
  tcase_add_test (tcase, columns_that_are_no_features_answer_too);
  tcase_add_test (tcase, errors_of_classes_are_those_of_the_class_that_is_shown);
  tcase_add_test (tcase, targets_are_told_and_asked_for_in_the_words_of_the_data);
  tcase_add_test (tcase, errors_are_sorted_by_their_size);
  tcase_add_test (tcase, a_filter_that_is_not_understood_is_told);
  suite_add_tcase (suite, tcase);
  return suite;
}
