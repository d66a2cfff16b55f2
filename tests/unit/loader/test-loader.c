#include "shs-test.h"

Suite *hostile_suite (void);
Suite *run_suite (void);
Suite *sandbox_suite (void);

int
main (void)
{
  Suite *(*const suites[]) (void) = {
    sandbox_suite,
    run_suite,
    hostile_suite,
    NULL,
  };

  return shs_test_main ("loader", suites);
}
