#include "shs-test.h"

Suite *values_suite (void);
Suite *explanation_suite (void);
Suite *explanation_file_suite (void);
Suite *explanation_faults_suite (void);
Suite *interactions_suite (void);
Suite *foreign_files_suite (void);
Suite *large_interactions_suite (void);
Suite *large_results_suite (void);
Suite *shipped_example_suite (void);

int
main (void)
{
  Suite *(*const suites[]) (void) = {
    values_suite,
    explanation_suite,
    explanation_file_suite,
    explanation_faults_suite,
    interactions_suite,
    foreign_files_suite,
    large_interactions_suite,
    large_results_suite,
    shipped_example_suite,
    NULL,
  };

  return shs_test_main ("result", suites);
}
