#include "shs-test.h"

Suite *explain_map_suite (void);
Suite *background_suite (void);
Suite *explain_modes_suite (void);
Suite *explain_models_suite (void);
Suite *explain_run_suite (void);

int
main (void)
{
  Suite *(*const suites[]) (void) = { background_suite,  explain_modes_suite, explain_models_suite,
                                      explain_run_suite, explain_map_suite,   NULL };

  return shs_test_main ("explain", suites);
}
