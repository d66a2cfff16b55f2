#include "shs-test.h"

Suite *builder_suite (void);
Suite *covers_suite (void);
Suite *global_suite (void);
Suite *interactions_suite (void);
Suite *interventional_suite (void);
Suite *linear_leaves_suite (void);
Suite *long_paths_suite (void);
Suite *path_dependent_suite (void);
Suite *path_tables_suite (void);
Suite *predict_suite (void);
Suite *transformed_suite (void);

int
main (void)
{
  Suite *(*const suites[]) (void)
      = { builder_suite,       predict_suite,    path_dependent_suite, interactions_suite,
          covers_suite,        global_suite,     interventional_suite, path_tables_suite,
          linear_leaves_suite, long_paths_suite, transformed_suite,    NULL };

  return shs_test_main ("tree", suites);
}
