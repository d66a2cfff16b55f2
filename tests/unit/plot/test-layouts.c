#include "shs-test-explanation.h"
#include "shs-test-measurer.h"
#include "shs-test-scene.h"
#include "shs-test.h"

Suite *layouts_suite (void);

START_TEST (no_text_touches_another_or_leaves_the_figure)
{
  g_autoptr (ShsExplanation) explanation = shs_test_explanation_new (_i);

  shs_test_assert_layouts (explanation, shs_test_case_get_name (_i), shs_test_measurer ());
}
END_TEST

Suite *
layouts_suite (void)
{
  Suite *suite = suite_create ("layouts");
  TCase *cases = tcase_create ("layouts");

  tcase_set_timeout (cases, 60);
  tcase_add_loop_test (cases, no_text_touches_another_or_leaves_the_figure, 0, SHS_TEST_N_CASES);
  suite_add_tcase (suite, cases);
  return suite;
}
