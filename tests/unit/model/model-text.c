#include "model-text.h"

#include "shs-test.h"

#include "model/xgboost/shs-xgboost.h"

#include <math.h>
#include <string.h>

char *
model_text (const char *booster, const char *base_score, const char *objective)
{
  return g_strdup_printf ("{\"learner\":{\"attributes\":{},\"feature_names\":[],"
                          "\"feature_types\":[],\"gradient_booster\":%s,"
                          "\"learner_model_param\":{\"base_score\":\"%s\",\"num_class\":\"0\","
                          "\"num_feature\":\"2\",\"num_target\":\"1\"},"
                          "\"objective\":{\"name\":\"%s\"}},\"version\":[3,4,0]}",
                          booster, base_score, objective);
}

char *
replaced (const char *text, const char *from, const char *to)
{
  const char *at = strstr (text, from);

  ck_assert_msg (at != NULL, "%s is not in the text", from);
  return g_strdup_printf ("%.*s%s%s", (int)(at - text), text, to, at + strlen (from));
}

ShsModel *
parse_text (const char *text, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  return shs_xgboost_parse ("test.json", "test.json", bytes, NULL, error);
}

double
margin_of (const ShsModel *model, double x0, double x1)
{
  g_autoptr (ShsMatrix) row = shs_matrix_new (1, 2, NULL);
  gsize n_outputs = shs_model_get_parts (model)->n_outputs;
  g_autoptr (ShsMatrix) margins = shs_matrix_new (1, n_outputs, NULL);
  g_autoptr (GError) error = NULL;

  shs_matrix_set (row, 0, 0, x0);
  shs_matrix_set (row, 0, 1, x1);
  ck_assert (shs_model_predict_margin (model, row, 1, NULL, margins, &error));
  return shs_matrix_get (margins, 0, 0);
}

double
margin_by_hand (double x0, double x1, double weight_0, double weight_1)
{
  double leaf_0 = isnan (x0) || (float)x0 < 0.5f ? 1 : 2;
  double leaf_1 = isnan (x1) || x1 == 1 || x1 == 3 ? 8 : 4;

  return weight_0 * leaf_0 + weight_1 * leaf_1;
}
