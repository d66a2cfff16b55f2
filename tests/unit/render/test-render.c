#include "shs-test-golden.h"
#include "shs-test.h"

Suite *figure_suite (void);
Suite *measurer_suite (void);
Suite *painter_suite (void);
Suite *svg_suite (void);

int
main (void)
{
  Suite *(*const suites[]) (void)
      = { measurer_suite, painter_suite, svg_suite, figure_suite, NULL };
  g_autofree char *fonts = shs_test_golden ("fonts.conf");

  /* One font for all machines, before anything asks for one. */
  g_setenv ("FONTCONFIG_FILE", fonts, TRUE);
  return shs_test_main ("render", suites);
}
