#include "shs-test.h"

Suite *color_suite (void);
Suite *dataset_suite (void);
Suite *memory_suite (void);
Suite *number_suite (void);
Suite *pool_suite (void);
Suite *random_suite (void);
Suite *shown_suite (void);
Suite *statistics_suite (void);

int
main (void)
{
  Suite *(*const suites[]) (void)
      = { color_suite,  dataset_suite, memory_suite,     number_suite, pool_suite,
          random_suite, shown_suite,   statistics_suite, NULL };

  return shs_test_main ("core", suites);
}
