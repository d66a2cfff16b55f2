/* Transformers that keep some of the features. */

#include "model/sklearn/shs-sklearn.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

typedef struct
{
  double score;
  gsize feature;
} Score;

static int
compare_scores (const void *a, const void *b)
{
  const Score *first = a;
  const Score *second = b;

  if (first->score != second->score)
    return first->score < second->score ? -1 : 1;
  return (first->feature > second->feature) - (first->feature < second->feature);
}

/* Keeps the features whose number is greater than @threshold. */
static ShsFeatureMap *
keep_greater (ShsSklearn *self, const ShsFeatureMap *map, const double *numbers, double threshold)
{
  ShsFeatureMap *result = shs_sklearn_new_map (self);
  gsize n = shs_feature_map_get_n_features (map);

  for (gsize f = 0; shs_skops_check (self->file, NULL) && f < n; f++)
    if (numbers[f] > threshold)
      shs_feature_map_add_feature (result, map, f);
  return result;
}

/* Of equal scores scikit-learn keeps those of later features. */
static void
mark_best (ShsSklearn *self, double *numbers, gsize n, gsize k)
{
  GError *error = NULL;
  SHS_AUTOFREE Score *scores = shs_alloc (n, sizeof *scores, &error);

  shs_skops_take_error (self->file, error);
  if (scores == NULL)
    return;
  for (gsize f = 0; f < n; f++)
    scores[f] = (Score){ isnan (numbers[f]) ? -DBL_MAX : numbers[f], f };
  qsort (scores, n, sizeof *scores, compare_scores);
  for (gsize i = 0; i < n; i++)
    numbers[scores[i].feature] = i + k >= n;
}

ShsFeatureMap *
shs_sklearn_select_best (ShsSklearn *self, ShsSkopsRef step, ShsFeatureMap *map)
{
  gsize n = shs_feature_map_get_n_features (map);
  SHS_AUTOFREE double *numbers
      = shs_sklearn_read_numbers (self, step, "scores_", shs_feature_map_get_n_features (map));
  ShsSkopsRef wanted = shs_skops_need (self->file, step, "k");
  gsize k = n;

  if (!shs_skops_has_text (self->file, wanted, "all"))
    k = shs_skops_read_count (self->file, wanted, SHS_SKLEARN_MAX_FEATURES);
  if (shs_skops_check (self->file, NULL))
    mark_best (self, numbers, n, k);
  return keep_greater (self, map, numbers, 0.5);
}

ShsFeatureMap *
shs_sklearn_select_varying (ShsSklearn *self, ShsSkopsRef step, ShsFeatureMap *map)
{
  SHS_AUTOFREE double *variances
      = shs_sklearn_read_numbers (self, step, "variances_", shs_feature_map_get_n_features (map));
  double threshold
      = shs_skops_read_number (self->file, shs_skops_need (self->file, step, "threshold"));

  return keep_greater (self, map, variances, threshold);
}

ShsFeatureMap *
shs_sklearn_select_supported (ShsSklearn *self, ShsSkopsRef step, ShsFeatureMap *map)
{
  SHS_AUTOFREE double *support
      = shs_sklearn_read_numbers (self, step, "support_", shs_feature_map_get_n_features (map));

  return keep_greater (self, map, support, 0.5);
}
