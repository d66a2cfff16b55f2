#include "shs-test.h"

Suite *cloud_cover_suite (void);
Suite *goldens_suite (void);
Suite *kinds_suite (void);
Suite *interaction_matrix_suite (void);
Suite *comparison_suite (void);
Suite *labels_suite (void);
Suite *layouts_suite (void);
Suite *options_suite (void);
Suite *scale_suite (void);
Suite *scene_suite (void);
Suite *theme_suite (void);

int
main (void)
{
  Suite *(*const suites[]) (void) = { scene_suite,
                                      scale_suite,
                                      theme_suite,
                                      cloud_cover_suite,
                                      options_suite,
                                      kinds_suite,
                                      interaction_matrix_suite,
                                      comparison_suite,
                                      labels_suite,
                                      layouts_suite,
                                      goldens_suite,
                                      NULL };

  return shs_test_main ("plot", suites);
}
