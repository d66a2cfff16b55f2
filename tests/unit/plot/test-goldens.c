#include "shs-test-explanation.h"
#include "shs-test-golden.h"
#include "shs-test-measurer.h"
#include "shs-test-scene.h"
#include "shs-test.h"

Suite *goldens_suite (void);

START_TEST (scenes_are_what_they_were)
{
  g_autoptr (ShsExplanation) explanation = shs_test_explanation_new (SHS_TEST_ORDINARY);
  g_autoptr (ShsPlotOptions) options = shs_plot_options_new (_i);
  g_autofree char *path = g_strdup_printf ("scenes/%s.txt", shs_plot_kind_get_name (_i));
  g_autoptr (ShsScene) scene = NULL;
  g_autofree char *text = NULL;

  options->row = shs_plot_kind_needs_row (_i) ? 7 : -1;
  scene = shs_test_build (explanation, options, shs_test_measurer ());
  text = shs_scene_to_text (scene);
  shs_test_assert_golden (path, text);
}
END_TEST

Suite *
goldens_suite (void)
{
  Suite *suite = suite_create ("goldens");
  TCase *cases = tcase_create ("goldens");

  tcase_add_loop_test (cases, scenes_are_what_they_were, 0, SHS_N_PLOT_KINDS);
  suite_add_tcase (suite, cases);
  return suite;
}
