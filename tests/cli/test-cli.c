#include "shs-test.h"

Suite *cli_explain_suite (void);
Suite *cli_faults_suite (void);
Suite *cli_full_disk_suite (void);
Suite *cli_plot_suite (void);

int
main (void)
{
  Suite *(*const suites[]) (void)
      = { cli_explain_suite, cli_faults_suite, cli_full_disk_suite, cli_plot_suite, NULL };

  return shs_test_main ("cli", suites);
}
