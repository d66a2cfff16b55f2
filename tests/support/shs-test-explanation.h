/* Explanations made in code, ordinary and extreme. */
#pragma once

#include "result/shs-explanation.h"

G_BEGIN_DECLS

/** ShsTestCase: what is unusual about an explanation. */
typedef enum
{
  SHS_TEST_ORDINARY, /* 60 rows, 6 features, categories, missing values, two outputs, pairs */
  SHS_TEST_ONE_ROW,
  SHS_TEST_ONE_FEATURE,
  SHS_TEST_MANY_FEATURES, /* 10,000 */
  SHS_TEST_LONG_NAMES,    /* 200 characters, several scripts */
  SHS_TEST_ALL_ZERO,
  SHS_TEST_CONSTANT,
  SHS_TEST_MISSING,    /* no value of any feature is known */
  SHS_TEST_NAN_VALUES, /* SHAP values are not numbers */
  SHS_TEST_HUGE,       /* 1e300 */
  SHS_TEST_TINY,       /* 1e-300 */
  SHS_TEST_OFFSET,     /* differences of 1e-3 on a base value of 1e9 */
  SHS_TEST_NO_DATA,    /* and no interactions */
  SHS_TEST_NO_PREDICTIONS,
  SHS_TEST_MANY_CATEGORIES, /* 300 */
  SHS_TEST_N_CASES,
} ShsTestCase;

const char *shs_test_case_get_name (ShsTestCase which);

/** shs_test_explanation_new: (transfer full): the same for the same case. */
ShsExplanation *shs_test_explanation_new (ShsTestCase which);

/** shs_test_explanation_new_large: (transfer full): ordinary numbers of this size. */
ShsExplanation *shs_test_explanation_new_large (gsize n_rows, gsize n_features);

G_END_DECLS
