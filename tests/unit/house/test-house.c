#include "shs-test.h"

Suite *translations_suite (void);
Suite *walls_suite (void);

int
main (void)
{
  Suite *(*const suites[]) (void) = { translations_suite, walls_suite, NULL };

  return shs_test_main ("house", suites);
}
