/* Figures of one row: against another row, without a difference, of Banzhaf values. */
#include "core/shs-memory.h"
#include "plot/shs-plot.h"
#include "shs-test-measurer.h"
#include "shs-test.h"

#include <string.h>

Suite *comparison_suite (void);

/* Row 17 (7, 0) with the values (0.5, @step) on a base of -3.83; NULL texts: no other row. */
static ShsExplanation *
make (char **background, double step, const char *method, gsize n_outputs)
{
  const gsize row = 0;
  ShsExplanationParts parts = { 0 };
  g_autoptr (ShsMatrix) data = shs_matrix_new (1, 2, NULL);
  g_autoptr (ShsMatrix) values = shs_matrix_new (1, 2 * n_outputs, NULL);
  g_autoptr (ShsExplanation) self = NULL;

  parts.inputs = shs_dataset_inputs_new (1);
  parts.n_inputs = 1;
  parts.inputs[0].name = g_strdup ("");
  parts.inputs[0].n_dimensions = 1;
  parts.inputs[0].shape[0] = parts.inputs[0].n_columns = 2;
  parts.inputs[0].columns = g_new0 (ShsColumn, 2);
  parts.inputs[0].columns[0].name = g_strdup ("rooms");
  parts.inputs[0].columns[1].name = g_strdup ("owns home");
  parts.output_names = g_new0 (char *, n_outputs + 1);
  parts.base_values = shs_alloc (n_outputs, sizeof (double), NULL);
  parts.predictions = shs_matrix_new (1, n_outputs, NULL);
  for (gsize k = 0; k < n_outputs; k++)
    {
      parts.output_names[k]
          = n_outputs == 1 ? g_strdup ("output") : g_strdup_printf ("type %zu", k);
      parts.base_values[k] = -3.83;
      shs_matrix_set (parts.predictions, 0, k, -4.71);
      shs_matrix_set (values, 0, 2 * k, step / 2);
      shs_matrix_set (values, 0, 2 * k + 1, step);
    }
  shs_matrix_set (data, 0, 0, 7);
  shs_matrix_set (data, 0, 1, 0);
  parts.values = shs_values_new_doubles (1, 2, n_outputs, NULL);
  parts.data = shs_values_new_doubles (1, 2, 1, NULL);
  ck_assert (shs_values_write (parts.values, 0, values, NULL));
  ck_assert (shs_values_write (parts.data, 0, data, NULL));
  parts.row_index = shs_alloc (1, sizeof (gsize), NULL);
  parts.row_index[0] = 17;
  parts.output_unit = g_strdup ("log-odds");
  parts.provenance.method = g_strdup (method);
  parts.background_values = g_strdupv (background);
  if (background != NULL)
    parts.provenance.background_row = g_strdup ("row 3");
  self = shs_explanation_new (&parts, NULL);
  ck_assert_ptr_nonnull (self);
  /* What belongs to the background belongs to every choice of rows. */
  return shs_explanation_take_rows (self, &row, 1, NULL);
}

/* (transfer full): all texts of the figure, one a line. */
static char *
draw (ShsExplanation *explanation, ShsPlotKind kind, double width, gboolean note)
{
  g_autoptr (ShsPlotOptions) options = shs_plot_options_new (kind);
  g_autoptr (ShsScene) scene = NULL;
  GString *texts = g_string_new ("\n");

  options->row = 0;
  options->note = note;
  scene = shs_plot_build (explanation, options, width, 220, shs_test_measurer (), NULL);
  ck_assert_ptr_nonnull (scene);
  for (gsize i = 0; i < shs_scene_get_n_marks (scene); i++)
    if (shs_scene_get_mark (scene, i)->type == SHS_MARK_TEXT)
      g_string_append_printf (texts, "%s\n", shs_scene_get_mark (scene, i)->text.string);
  return g_string_free (texts, FALSE);
}

static void
assert_has (const char *texts, const char *wanted)
{
  ck_assert_msg (strstr (texts, wanted) != NULL, "\"%s\" is not among%s", wanted, texts);
}

START_TEST (a_waterfall_of_two_rows_says_both_values)
{
  char *other[] = { "7", "1", NULL };
  g_autoptr (ShsExplanation) explanation = make (other, -0.88, "tree interventional", 1);
  g_autofree char *wide = draw (explanation, SHS_PLOT_WATERFALL, 500, FALSE);
  g_autofree char *narrow = draw (explanation, SHS_PLOT_WATERFALL, 200, FALSE);
  g_autofree char *force = draw (explanation, SHS_PLOT_FORCE, 500, FALSE);

  assert_has (wide, "\n = 0 (row 3: 1)\n");
  assert_has (wide, "\n = 7 in both\n");
  assert_has (narrow, "\n 1 → 0\n");
  assert_has (narrow, "\n = 7\n");
  assert_has (force, "\n1 → 0\n");
  assert_has (force, "\nrow 17\n");
  assert_has (force, "\nrow 3\n");
  ck_assert_ptr_null (strstr (force, "f(x)"));
}
END_TEST

START_TEST (a_narrow_waterfall_of_two_rows_names_its_output)
{
  char *other[] = { "7", "1", NULL };
  g_autoptr (ShsExplanation) explanation = make (other, -0.88, "tree interventional", 3);
  g_autofree char *texts = draw (explanation, SHS_PLOT_WATERFALL, 252, FALSE);

  assert_has (texts, "type 0");
  assert_has (texts, "\nrow 17 = ");
}
END_TEST

START_TEST (ends_have_three_digits_however_small_the_difference)
{
  static const double steps[] = { 0, 1e-7, 1e-18 };
  g_autoptr (ShsExplanation) explanation = make (NULL, steps[_i], "tree interventional", 1);
  g_autofree char *texts = draw (explanation, SHS_PLOT_WATERFALL, 400, FALSE);

  assert_has (texts, "\nE[f(X)] = −3.83");
}
END_TEST

/* The ends have the decimals of the steps, and the axis alone names their unit. */
START_TEST (what_a_waterfall_shows_adds_up)
{
  static const struct
  {
    double step;
    const char *base, *output, *value;
  } cases[] = { { 1000, "\nE[f(X)] = −4\n", "\nf(x) = 1,496\n", "\n+1,000\n" },
                { 20, "\nE[f(X)] = −3.8\n", "\nf(x) = 26.2\n", "\n+20.0\n" },
                { -0.88, "\nE[f(X)] = −3.830\n", "\nf(x) = −5.150\n", "\n−0.880\n" } };
  g_autoptr (ShsExplanation) explanation = make (NULL, cases[_i].step, "tree interventional", 1);
  g_autofree char *texts = draw (explanation, SHS_PLOT_WATERFALL, 400, FALSE);

  assert_has (texts, cases[_i].base);
  assert_has (texts, cases[_i].output);
  assert_has (texts, cases[_i].value);
  assert_has (texts, "(log-odds)\n");
}
END_TEST

START_TEST (a_sum_of_banzhaf_values_is_not_called_f)
{
  g_autoptr (ShsExplanation) explanation = make (NULL, -0.5, "tree banzhaf, path-dependent", 1);
  g_autofree char *waterfall = draw (explanation, SHS_PLOT_WATERFALL, 400, FALSE);
  g_autofree char *force = draw (explanation, SHS_PLOT_FORCE, 500, FALSE);

  assert_has (waterfall, "\nbase + sum = −4.580 · f(x) = −4.710\n");
  assert_has (force, "\nbase + sum\n");
  assert_has (force, "f(x) = −4.71");
}
END_TEST

START_TEST (the_note_of_a_row_names_it)
{
  g_autoptr (ShsExplanation) explanation = make (NULL, -0.5, "tree path-dependent", 1);
  g_autofree char *texts = draw (explanation, SHS_PLOT_BAR, 500, TRUE);

  assert_has (texts, "\nrow 17 · tree path-dependent");
}
END_TEST

Suite *
comparison_suite (void)
{
  Suite *suite = suite_create ("comparison");
  TCase *cases = tcase_create ("comparison");

  tcase_add_test (cases, a_waterfall_of_two_rows_says_both_values);
  tcase_add_test (cases, a_narrow_waterfall_of_two_rows_names_its_output);
  tcase_add_loop_test (cases, ends_have_three_digits_however_small_the_difference, 0, 3);
  tcase_add_loop_test (cases, what_a_waterfall_shows_adds_up, 0, 3);
  tcase_add_test (cases, a_sum_of_banzhaf_values_is_not_called_f);
  tcase_add_test (cases, the_note_of_a_row_names_it);
  suite_add_tcase (suite, cases);
  return suite;
}
