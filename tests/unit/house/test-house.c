#include "shs-test.h"

Suite *walls_suite (void);

int
main (void)
{
  Suite *(*const suites[]) (void) = { walls_suite, NULL };

  return shs_test_main ("house", suites);
}
