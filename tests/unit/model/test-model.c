#include "shs-test.h"

Suite *hostile_suite (void);
Suite *layouts_suite (void);

int
main (void)
{
  Suite *(*const suites[]) (void) = { layouts_suite, hostile_suite, NULL };

  return shs_test_main ("model", suites);
}
