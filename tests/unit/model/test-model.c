#include "shs-test.h"

Suite *xgboost_suite (void);

int
main (void)
{
  Suite *(*const suites[]) (void) = { xgboost_suite, NULL };

  return shs_test_main ("model", suites);
}
