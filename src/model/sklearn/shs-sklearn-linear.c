#include "model/sklearn/shs-sklearn.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"

#include <math.h>
#include <string.h>

static void
fill (ShsSklearn *self, ShsLinear *linear, const double *weights, const double *bias, gsize n_bias)
{
  gsize n = linear->n_features * linear->n_outputs;
  gboolean is_finite = TRUE;

  memcpy (linear->weight, weights, n * sizeof *weights);
  for (gsize k = 0; k < linear->n_outputs; k++)
    linear->bias[k] = n_bias == 1 ? bias[0] : bias[k];
  for (gsize i = 0; i < n; i++)
    is_finite = is_finite && isfinite (linear->weight[i]);
  for (gsize k = 0; k < linear->n_outputs; k++)
    is_finite = is_finite && isfinite (linear->bias[k]);
  if (!is_finite)
    shs_skops_fail (self->file, SHS_ERROR_INVALID, "a weight is not finite; save the model again");
}

void
shs_sklearn_read_linear (ShsSklearn *self, ShsSkopsRef estimator)
{
  gsize n_features = shs_feature_map_get_n_features (self->map);
  gsize n_weights = 0;
  gsize n_bias = 0;
  ShsSkopsRef intercept = shs_skops_need (self->file, estimator, "intercept_");
  SHS_AUTOFREE double *weights = shs_skops_read_doubles (
      self->file, shs_skops_need (self->file, estimator, "coef_"), &n_weights);
  SHS_AUTOFREE double *bias = NULL;
  double number = 0;
  GError *error = NULL;
  gsize n_outputs;

  if (g_str_equal (shs_skops_get_class (self->file, intercept), "str"))
    {
      n_bias = 1;
      number = shs_skops_read_number (self->file, intercept);
    }
  else
    bias = shs_skops_read_doubles (self->file, intercept, &n_bias);
  if (!shs_skops_check (self->file, NULL))
    return;
  n_outputs = n_features > 0 ? n_weights / n_features : 0;
  if (n_outputs == 0 || n_outputs * n_features != n_weights || n_outputs > SHS_SKLEARN_MAX_OUTPUTS
      || (n_bias != 1 && n_bias != n_outputs))
    {
      shs_skops_fail (self->file, SHS_ERROR_INVALID,
                      "coef_ and intercept_ have not one weight per output and feature, and one "
                      "constant per output; save the model again");
      return;
    }
  self->parts.linear = shs_linear_new (n_features, n_outputs, &error);
  shs_skops_take_error (self->file, error);
  if (self->parts.linear != NULL)
    fill (self, self->parts.linear, weights, bias != NULL ? bias : &number, n_bias);
  self->parts.n_outputs = n_outputs;
}
