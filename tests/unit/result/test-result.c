#include "shs-test.h"

Suite *values_suite (void);
Suite *explanation_suite (void);
Suite *explanation_file_suite (void);
Suite *shipped_example_suite (void);

int
main (void)
{
  Suite *(*const suites[]) (void) = {
    values_suite, explanation_suite, explanation_file_suite, shipped_example_suite, NULL,
  };

  return shs_test_main ("result", suites);
}
