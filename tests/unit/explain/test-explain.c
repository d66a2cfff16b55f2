#include "shs-test.h"

Suite *explain_map_suite (void);
Suite *explain_models_suite (void);
Suite *explain_run_suite (void);

int
main (void)
{
  Suite *(*const suites[]) (void)
      = { explain_models_suite, explain_run_suite, explain_map_suite, NULL };

  return shs_test_main ("explain", suites);
}
