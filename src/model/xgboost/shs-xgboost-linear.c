#include "model/xgboost/shs-xgboost-document.h"

#include "core/shs-memory.h"

#include <math.h>

/* Weights stand feature by feature, the bias last, all outputs of one feature side by side. The
 * library starts every output from the first base score, whatever the others say (measured on
 * 3.1 to 3.4). */
ShsLinear *
shs_xgboost_make_linear (const ShsXgboost *self, GError **error)
{
  gsize n_expected = (self->n_features + 1) * self->n_outputs;
  g_autoptr (ShsLinear) linear = NULL;
  SHS_AUTOFREE double *base = NULL;

  if (self->n_weights != n_expected)
    {
      shs_xgboost_set_invalid (self, error,
                               "learner.gradient_booster.model.weights has %" G_GSIZE_FORMAT
                               " numbers where %" G_GSIZE_FORMAT " features and %" G_GSIZE_FORMAT
                               " outputs need %" G_GSIZE_FORMAT,
                               self->n_weights, self->n_features, self->n_outputs, n_expected);
      return NULL;
    }
  for (gsize i = 0; i < self->n_weights; i++)
    if (!isfinite (self->weights[i]))
      {
        shs_xgboost_set_invalid (self, error,
                                 "learner.gradient_booster.model.weights[%" G_GSIZE_FORMAT
                                 "] is not a finite number",
                                 i);
        return NULL;
      }
  base = shs_xgboost_make_base (self, error);
  linear = base != NULL ? shs_linear_new (self->n_features, self->n_outputs, error) : NULL;
  if (linear == NULL)
    return NULL;
  for (gsize k = 0; k < self->n_outputs; k++)
    {
      for (gsize j = 0; j < self->n_features; j++)
        linear->weight[k * self->n_features + j] = self->weights[j * self->n_outputs + k];
      linear->bias[k] = base[0] + self->weights[self->n_features * self->n_outputs + k];
    }
  return g_steal_pointer (&linear);
}
