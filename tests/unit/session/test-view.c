#include "shs-test.h"

#include "core/shs-error.h"
#include "session/shs-view.h"

Suite *view_suite (void);

static const char *const selections[] = { "3", "3,7-12", "0-99", "0,2,4-5,99", "" };

START_TEST (a_selection_reads_back_as_it_was_written)
{
  g_autoptr (ShsView) view = shs_view_new ();

  ck_assert (shs_view_parse_rows (view, selections[_i], 100, NULL));
  g_autofree char *text = shs_view_describe_rows (view);
  ck_assert_str_eq (text, selections[_i]);
}
END_TEST

START_TEST (a_selection_knows_its_rows)
{
  g_autoptr (ShsView) view = shs_view_new ();

  ck_assert (shs_view_parse_rows (view, "3,7-12", 100, NULL));
  ck_assert_uint_eq (shs_view_count_selected (view), 7);
  ck_assert (shs_view_is_selected (view, 12));
  ck_assert (!shs_view_is_selected (view, 13));
  ck_assert (!shs_view_is_selected (view, 100000));
}
END_TEST

START_TEST (rows_join_and_leave_a_selection)
{
  static const guint32 joining[] = { 5, 6, 7 }, leaving[] = { 6, 12, 50 };
  g_autoptr (ShsView) view = shs_view_new ();
  g_autofree char *joined = NULL, *left = NULL, *alone = NULL;

  ck_assert (shs_view_parse_rows (view, "3,7-12", 100, NULL));
  shs_view_choose_rows (view, joining, 3, TRUE, FALSE, 100);
  joined = shs_view_describe_rows (view);
  ck_assert_str_eq (joined, "3,5-12");
  shs_view_choose_rows (view, leaving, 3, FALSE, FALSE, 100);
  left = shs_view_describe_rows (view);
  ck_assert_str_eq (left, "3,5,7-11");
  shs_view_choose_rows (view, leaving, 3, TRUE, TRUE, 100);
  alone = shs_view_describe_rows (view);
  ck_assert_str_eq (alone, "6,12,50");
}
END_TEST

static const char *const bad_selections[]
    = { "100", "7-3", "a", "3,", "3;4", "-1", "3-", "99999999999999999999999", " 3" };

START_TEST (a_bad_selection_is_refused_and_changes_nothing)
{
  g_autoptr (ShsView) view = shs_view_new ();
  g_autoptr (GError) error = NULL;

  ck_assert (shs_view_parse_rows (view, "5", 100, NULL));
  ck_assert (!shs_view_parse_rows (view, bad_selections[_i], 100, &error));
  shs_test_assert_error (error, SHS_ERROR_CHOICE);
  ck_assert (shs_view_is_selected (view, 5));
}
END_TEST

static const struct
{
  const char *text;
  gsize first;
  gsize count;
} ranges[] = { { "", 0, 50 },   { "0:50", 0, 50 }, { ":7", 0, 7 },
               { "7:", 7, 43 }, { "3:4", 3, 1 },   { ":", 0, 50 } };

START_TEST (a_range_is_half_open)
{
  gsize first;
  gsize count;

  ck_assert (shs_range_parse (ranges[_i].text, 50, &first, &count, NULL));
  ck_assert_uint_eq (first, ranges[_i].first);
  ck_assert_uint_eq (count, ranges[_i].count);
}
END_TEST

static const char *const bad_ranges[]
    = { "4:4", "5:4", "0:51", "50:", "a:b", "3", "3:4:5", "-1:4", "3:x", " 1:2", "1 :2" };

START_TEST (a_bad_range_is_refused)
{
  g_autoptr (GError) error = NULL;
  gsize first;
  gsize count;

  ck_assert (!shs_range_parse (bad_ranges[_i], 50, &first, &count, &error));
  shs_test_assert_error (error, SHS_ERROR_CHOICE);
}
END_TEST

START_TEST (a_copy_is_equal_and_independent)
{
  g_autoptr (ShsView) view = shs_view_new ();
  g_autoptr (ShsView) copy = NULL;

  ck_assert (shs_view_parse_rows (view, "1-3", 10, NULL));
  copy = shs_view_copy (view);
  ck_assert (shs_view_equal (view, copy));
  copy->figures[SHS_PLACE_LOCAL]->max_display = 3;
  ck_assert (!shs_view_equal (view, copy));
  ck_assert_uint_ne (view->figures[SHS_PLACE_LOCAL]->max_display, 3);
}
END_TEST

START_TEST (figures_take_row_and_feature_from_the_view)
{
  g_autoptr (ShsView) view = shs_view_new ();

  view->row = 7;
  view->feature = 2;
  view->output = 1;
  g_autoptr (ShsPlotOptions) all = shs_view_get_figure (view, SHS_PLACE_SUMMARY);
  g_autoptr (ShsPlotOptions) local = shs_view_get_figure (view, SHS_PLACE_LOCAL);
  g_autoptr (ShsPlotOptions) dependence = shs_view_get_figure (view, SHS_PLACE_DEPENDENCE);
  ck_assert_int_eq (all->row, -1);
  ck_assert_int_eq (local->row, 7);
  ck_assert_int_eq (dependence->feature, 2);
  ck_assert_uint_eq (dependence->output, 1);
  /* A kind that shows one row has it in any place. */
  view->figures[SHS_PLACE_SUMMARY]->kind = SHS_PLOT_FORCE;
  g_autoptr (ShsPlotOptions) force = shs_view_get_figure (view, SHS_PLACE_SUMMARY);
  ck_assert_int_eq (force->row, 7);
}
END_TEST

Suite *
view_suite (void)
{
  Suite *suite = suite_create ("view");
  TCase *cases = tcase_create ("view");

  tcase_add_loop_test (cases, a_selection_reads_back_as_it_was_written, 0,
                       G_N_ELEMENTS (selections));
  tcase_add_test (cases, a_selection_knows_its_rows);
  tcase_add_test (cases, rows_join_and_leave_a_selection);
  tcase_add_loop_test (cases, a_bad_selection_is_refused_and_changes_nothing, 0,
                       G_N_ELEMENTS (bad_selections));
  tcase_add_loop_test (cases, a_range_is_half_open, 0, G_N_ELEMENTS (ranges));
  tcase_add_loop_test (cases, a_bad_range_is_refused, 0, G_N_ELEMENTS (bad_ranges));
  tcase_add_test (cases, a_copy_is_equal_and_independent);
  tcase_add_test (cases, figures_take_row_and_feature_from_the_view);
  suite_add_tcase (suite, cases);
  return suite;
}
