#include "shs-test.h"

Suite *cohorts_suite (void);
Suite *hub_suite (void);
Suite *row_arrangement_suite (void);
Suite *row_filter_suite (void);
Suite *session_modes_suite (void);
Suite *task_suite (void);
Suite *view_suite (void);

int
main (void)
{
  Suite *(*const suites[]) (void)
      = { view_suite,       cohorts_suite,         hub_suite, task_suite, session_modes_suite,
          row_filter_suite, row_arrangement_suite, NULL };

  return shs_test_main ("session", suites);
}
