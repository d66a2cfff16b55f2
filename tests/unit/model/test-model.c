#include "shs-test.h"

Suite *catboost_suite (void);
Suite *exported_suite (void);
Suite *feature_map_suite (void);
Suite *hostile_suite (void);
Suite *layouts_suite (void);
Suite *lightgbm_suite (void);
Suite *match_suite (void);
Suite *mojo_suite (void);
Suite *onnx_suite (void);
Suite *open_suite (void);
Suite *pmml_suite (void);
Suite *quick_suite (void);
Suite *skops_suite (void);
Suite *spark_suite (void);
Suite *treelite_suite (void);
Suite *xgboost_suite (void);

int
main (void)
{
  Suite *(*const suites[]) (void) = {
    xgboost_suite, lightgbm_suite, layouts_suite,     onnx_suite,     open_suite,  match_suite,
    quick_suite,   hostile_suite,  feature_map_suite, exported_suite, spark_suite, catboost_suite,
    skops_suite,   treelite_suite, pmml_suite,        mojo_suite,     NULL
  };

  return shs_test_main ("model", suites);
}
