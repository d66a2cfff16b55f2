#include "shs-test.h"

Suite *bytes_suite (void);

int
main (void)
{
  Suite *(*const suites[]) (void) = {
    bytes_suite,
    NULL,
  };

  return shs_test_main ("io", suites);
}
