#include "shs-test-explanation.h"
#include "shs-test-measurer.h"
#include "shs-test-scene.h"
#include "shs-test.h"

#include "core/shs-memory.h"
#include "result/shs-interactions.h"

#include <math.h>
#include <string.h>

Suite *interaction_matrix_suite (void);

static const ShsMark *
find_cell (const ShsScene *scene, ShsRole role, gint32 feature, gint32 partner)
{
  for (gsize i = 0; i < shs_scene_get_n_marks (scene); i++)
    {
      const ShsMark *mark = shs_scene_get_mark (scene, i);

      if (mark->key.role == role && mark->key.feature == feature && mark->key.partner == partner)
        return mark;
    }
  return NULL;
}

static double
get_mean (ShsExplanation *explanation, gsize a, gsize b)
{
  gsize n = shs_explanation_get_n_rows (explanation);
  g_autofree double *numbers = g_new (double, n);
  double sum = 0;

  ck_assert (shs_explanation_read_interaction (explanation, 0, a, b, numbers, NULL));
  for (gsize i = 0; i < n; i++)
    sum += fabs (numbers[i]);
  return (a == b ? 1 : 2) * sum / (double)n;
}

START_TEST (stronger_pairs_have_stronger_colours)
{
  g_autoptr (ShsExplanation) explanation = shs_test_explanation_new (SHS_TEST_ORDINARY);
  g_autoptr (ShsPlotOptions) options = shs_plot_options_new (SHS_PLOT_INTERACTIONS);
  g_autoptr (ShsScene) scene = shs_test_build (explanation, options, shs_test_measurer ());

  for (gint32 a = 0; a < 6; a++)
    for (gint32 b = 0; b < 6; b++)
      {
        const ShsMark *cell = find_cell (scene, SHS_ROLE_VALUE, a, b);
        const ShsMark *mirror = find_cell (scene, SHS_ROLE_VALUE, b, a);
        const ShsMark *first = find_cell (scene, SHS_ROLE_VALUE, 0, 1);

        ck_assert_ptr_nonnull (cell);
        ck_assert (shs_color_equal (cell->fill, mirror->fill));
        if (a != b && get_mean (explanation, (gsize)a, (gsize)b) < get_mean (explanation, 0, 1))
          ck_assert_double_ge (shs_color_get_luminance (cell->fill),
                               shs_color_get_luminance (first->fill));
      }
}
END_TEST

START_TEST (a_narrow_figure_is_filled)
{
  const double width = 252;
  g_autoptr (ShsExplanation) explanation = shs_test_explanation_new (SHS_TEST_ORDINARY);
  g_autoptr (ShsPlotOptions) options = shs_plot_options_new (SHS_PLOT_INTERACTIONS);
  double height = shs_plot_get_natural_height (explanation, options, width);
  g_autoptr (ShsScene) scene
      = shs_plot_build (explanation, options, width, height, shs_test_measurer (), NULL);
  double lowest = 0;

  ck_assert_ptr_nonnull (scene);
  for (gsize i = 0; i < shs_scene_get_n_marks (scene); i++)
    if (shs_scene_get_mark (scene, i)->key.role == SHS_ROLE_NOTE)
      lowest = fmax (lowest, shs_scene_get_mark (scene, i)->text.y);
  ck_assert_double_gt (lowest, height - 40);
}
END_TEST

START_TEST (features_stand_by_the_strength_of_their_interactions)
{
  g_autoptr (ShsExplanation) explanation = shs_test_explanation_new (SHS_TEST_ORDINARY);
  g_autoptr (ShsPlotOptions) options = shs_plot_options_new (SHS_PLOT_INTERACTIONS);
  g_autoptr (ShsScene) scene = shs_test_build (explanation, options, shs_test_measurer ());
  double former = INFINITY;
  gsize n_seen = 0;
  gint32 last = -1;

  for (gsize i = 0; i < shs_scene_get_n_marks (scene); i++)
    {
      const ShsMark *mark = shs_scene_get_mark (scene, i);
      double strength = 0;

      /* A name on two lines is two marks. */
      if (mark->key.role != SHS_ROLE_FEATURE_LABEL || mark->key.feature == last)
        continue;
      last = mark->key.feature;
      for (gsize b = 0; b < 6; b++)
        strength += b == (gsize)mark->key.feature
                        ? 0
                        : get_mean (explanation, (gsize)mark->key.feature, b);
      ck_assert_double_le (strength, former);
      former = strength;
      n_seen++;
    }
  ck_assert_uint_eq (n_seen, 6);
}
END_TEST

START_TEST (a_cell_tells_its_pair_and_can_be_framed)
{
  g_autoptr (ShsExplanation) explanation = shs_test_explanation_new (SHS_TEST_ORDINARY);
  g_autoptr (ShsPlotOptions) options = shs_plot_options_new (SHS_PLOT_INTERACTIONS);
  g_autoptr (ShsScene) scene = NULL;
  g_autofree char *text = NULL;
  const ShsMark *cell;
  ShsHit hit;

  ck_assert (shs_plot_options_set (options, "feature", "carat", explanation, NULL));
  ck_assert (shs_plot_options_set (options, "color", "clarity", explanation, NULL));
  scene = shs_test_build (explanation, options, shs_test_measurer ());
  ck_assert_ptr_nonnull (find_cell (scene, SHS_ROLE_HIGHLIGHT, 0, 1));
  cell = find_cell (scene, SHS_ROLE_VALUE, 0, 1);
  ck_assert (shs_scene_pick (scene, cell->box.x + 2, cell->box.y + 2, 0, &hit));
  ck_assert_int_eq (hit.key.partner, 1);
  text = shs_plot_describe_hit (explanation, options, scene, &hit);
  ck_assert_msg (g_str_has_prefix (text, "carat × clarity\nmean |interaction| "), "%s", text);
}
END_TEST

/* Of the ordinary explanation, all pairs meet but (0, 2), and (0, 1) alone was computed. */
static ShsExplanation *
new_with_pairs_left_out (void)
{
  ShsExplanation *explanation = shs_test_explanation_new (SHS_TEST_ORDINARY);
  ShsExplanationParts *parts = (ShsExplanationParts *)shs_explanation_get_parts (explanation);
  guint32 *met = shs_alloc (21, 3 * sizeof *met, NULL);
  gsize n = 0;

  for (guint32 a = 0; a < 6; a++)
    for (guint32 b = a; b < 6; b++)
      if (a != 0 || b != 2)
        {
          met[3 * n] = a;
          met[3 * n + 1] = b;
          met[3 * n++ + 2] = a == b || (a == 0 && b == 1);
        }
  parts->met = met;
  parts->n_met = n;
  return explanation;
}

START_TEST (pairs_that_were_not_computed_are_blank)
{
  g_autoptr (ShsExplanation) explanation = new_with_pairs_left_out ();
  g_autoptr (ShsPlotOptions) options = shs_plot_options_new (SHS_PLOT_INTERACTIONS);
  g_autoptr (ShsScene) scene = shs_test_build (explanation, options, shs_test_measurer ());
  g_autofree char *text = shs_scene_to_text (scene);
  g_autofree char *hover = NULL;
  const ShsMark *cell = find_cell (scene, SHS_ROLE_VALUE, 0, 3);
  ShsHit hit;

  ck_assert_ptr_nonnull (strstr (text, "the 1 strongest pair"));
  ck_assert_ptr_nonnull (find_cell (scene, SHS_ROLE_VALUE_LABEL, 0, 0));
  ck_assert_ptr_nonnull (find_cell (scene, SHS_ROLE_VALUE_LABEL, 1, 0));
  ck_assert_msg (find_cell (scene, SHS_ROLE_VALUE_LABEL, 0, 2) != NULL,
                 "a pair that never meets is a true 0");
  ck_assert_ptr_null (find_cell (scene, SHS_ROLE_VALUE_LABEL, 0, 3));
  ck_assert_ptr_null (find_cell (scene, SHS_ROLE_VALUE_LABEL, 4, 5));
  ck_assert (shs_scene_pick (scene, cell->box.x + 2, cell->box.y + 2, 0, &hit));
  hover = shs_plot_describe_hit (explanation, options, scene, &hit);
  ck_assert_ptr_nonnull (strstr (hover, "not computed"));
}
END_TEST

START_TEST (a_dependence_plot_shows_the_interaction_alone)
{
  g_autoptr (ShsExplanation) explanation = shs_test_explanation_new (SHS_TEST_ORDINARY);
  g_autoptr (ShsPlotOptions) options = shs_plot_options_new (SHS_PLOT_DEPENDENCE);
  g_autoptr (ShsScene) scene = NULL;
  g_autofree char *text = NULL;

  ck_assert (shs_plot_options_set (options, "feature", "carat", explanation, NULL));
  ck_assert (shs_plot_options_set (options, "interaction", "clarity", explanation, NULL));
  scene = shs_test_build (explanation, options, shs_test_measurer ());
  text = shs_scene_to_text (scene);
  ck_assert_ptr_nonnull (strstr (text, "SHAP interaction with clarity"));
  g_clear_pointer (&scene, shs_scene_unref);
  ck_assert (shs_plot_options_set (options, "interaction", "carat", explanation, NULL));
  scene = shs_test_build (explanation, options, shs_test_measurer ());
  g_free (text);
  text = shs_scene_to_text (scene);
  ck_assert_ptr_nonnull (strstr (text, "SHAP main effect"));
}
END_TEST

static gint32
get_partner (ShsExplanation *explanation, gint64 feature)
{
  g_autoptr (ShsPlotOptions) options = shs_plot_options_new (SHS_PLOT_DEPENDENCE);
  g_autoptr (ShsScene) scene = NULL;

  options->feature = feature;
  scene = shs_test_build (explanation, options, shs_test_measurer ());
  return shs_scene_get_partner (scene);
}

START_TEST (a_dependence_plot_is_coloured_by_the_strongest_interaction)
{
  g_autoptr (ShsExplanation) explanation = shs_test_explanation_new (SHS_TEST_ORDINARY);

  for (gsize a = 0; a < 6; a++)
    {
      gint32 partner = get_partner (explanation, (gint64)a);

      ck_assert_int_ge (partner, 0);
      ck_assert_int_ne (partner, (int)a);
      for (gsize b = 0; b < 6; b++)
        if (b != a)
          ck_assert_double_ge (get_mean (explanation, a, (gsize)partner),
                               get_mean (explanation, a, b));
    }
}
END_TEST

/* Leaves the pair (0, 1) alone; features 0 to 2 can meet each other if @met. */
static ShsExplanation *
new_with_one_pair (gboolean met)
{
  ShsExplanation *explanation = new_with_pairs_left_out ();
  ShsExplanationParts *parts = (ShsExplanationParts *)shs_explanation_get_parts (explanation);
  guint32 *pairs = shs_alloc (1, 2 * sizeof *pairs, NULL);

  pairs[0] = 0;
  pairs[1] = 1;
  shs_free (parts->pairs);
  parts->pairs = pairs;
  parts->n_pairs = 1;
  if (!met)
    parts->n_met = 0;
  return explanation;
}

START_TEST (no_feature_that_never_meets_another_colours_it)
{
  g_autoptr (ShsExplanation) whole = new_with_one_pair (FALSE);
  g_autoptr (ShsExplanation) strongest = new_with_one_pair (TRUE);

  ck_assert_int_eq (get_partner (whole, 0), 1);
  ck_assert_int_eq (get_partner (whole, 1), 0);
  ck_assert_int_eq (get_partner (whole, 2), -1);
  ck_assert_int_eq (get_partner (strongest, 0), 1);
  ck_assert_msg (get_partner (strongest, 2) > 0, "2 meets all but 0, and is estimated");
}
END_TEST

Suite *
interaction_matrix_suite (void)
{
  Suite *suite = suite_create ("interaction matrix");
  TCase *cases = tcase_create ("interaction matrix");

  tcase_add_test (cases, stronger_pairs_have_stronger_colours);
  tcase_add_test (cases, a_narrow_figure_is_filled);
  tcase_add_test (cases, features_stand_by_the_strength_of_their_interactions);
  tcase_add_test (cases, a_cell_tells_its_pair_and_can_be_framed);
  tcase_add_test (cases, pairs_that_were_not_computed_are_blank);
  tcase_add_test (cases, a_dependence_plot_shows_the_interaction_alone);
  tcase_add_test (cases, a_dependence_plot_is_coloured_by_the_strongest_interaction);
  tcase_add_test (cases, no_feature_that_never_meets_another_colours_it);
  suite_add_tcase (suite, cases);
  return suite;
}
