#include "model/sklearn/shs-sklearn.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"

#include <math.h>
#include <string.h>

#define MOST_PARTS 10000 /* of a ColumnTransformer */

double
shs_sklearn_learn (ShsSklearn *self, gsize column, const ShsSkopsValue *value)
{
  ShsColumn *described = &self->columns[column];
  guint place;

  if (value->text == NULL)
    return value->number;
  if (self->codes[column] == NULL)
    self->codes[column] = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  place = GPOINTER_TO_UINT (g_hash_table_lookup (self->codes[column], value->text));
  if (place > 0)
    return place - 1;
  described->type = SHS_COLUMN_CATEGORY;
  described->categories = g_renew (char *, described->categories, described->n_categories + 1);
  described->categories[described->n_categories++] = g_strdup (value->text);
  g_hash_table_insert (self->codes[column], g_strdup (value->text),
                       GUINT_TO_POINTER ((guint)described->n_categories));
  return (double)described->n_categories - 1;
}

double *
shs_sklearn_read_numbers (ShsSklearn *self, ShsSkopsRef step, const char *name, gsize n)
{
  gsize n_read = 0;
  double *numbers
      = shs_skops_read_doubles (self->file, shs_skops_need (self->file, step, name), &n_read);

  if (numbers != NULL && n_read != n)
    shs_skops_fail (self->file, SHS_ERROR_INVALID,
                    "%s of %s has not one number per feature; save the model again", name,
                    shs_skops_get_class (self->file, step));
  return numbers;
}

/* What a scaler does, in its order; a NULL array does nothing. */
typedef struct
{
  ShsMapKind first_kind;
  double *first;
  ShsMapKind second_kind;
  double *second;
  gboolean has_clip;
  double low;
  double high;
} Scaling;

static ShsFeatureMap *
scale (ShsSklearn *self, ShsFeatureMap *map, const Scaling *scaling)
{
  ShsFeatureMap *result = shs_sklearn_new_map (self);
  gsize n = shs_feature_map_get_n_features (map);

  for (gsize f = 0; shs_skops_check (self->file, NULL) && f < n; f++)
    {
      shs_feature_map_add_feature (result, map, f);
      if (scaling->first != NULL)
        shs_sklearn_append (result, scaling->first_kind, scaling->first[f]);
      if (scaling->second != NULL)
        shs_sklearn_append (result, scaling->second_kind, scaling->second[f]);
      if (scaling->has_clip)
        shs_feature_map_append (
            result, &(ShsMapStep){ .kind = SHS_MAP_CLIP, .a = scaling->low, .b = scaling->high });
    }
  return result;
}

static ShsFeatureMap *
subtract_and_divide (ShsSklearn *self, ShsSkopsRef step, ShsFeatureMap *map, const char *centre,
                     const char *wants_centre, const char *wants_scale)
{
  gsize n = shs_feature_map_get_n_features (map);
  gboolean has_centre
      = shs_skops_is_true (self->file, shs_skops_find (self->file, step, wants_centre));
  gboolean has_scale
      = shs_skops_is_true (self->file, shs_skops_find (self->file, step, wants_scale));
  SHS_AUTOFREE double *first = has_centre ? shs_sklearn_read_numbers (self, step, centre, n) : NULL;
  SHS_AUTOFREE double *second
      = has_scale ? shs_sklearn_read_numbers (self, step, "scale_", n) : NULL;
  Scaling scaling = { SHS_MAP_SUBTRACT, first, SHS_MAP_DIVIDE, second, FALSE, 0, 0 };

  return scale (self, map, &scaling);
}

static ShsFeatureMap *
standard_scaler (ShsSklearn *self, ShsSkopsRef step, ShsFeatureMap *map)
{
  return subtract_and_divide (self, step, map, "mean_", "with_mean", "with_std");
}

static ShsFeatureMap *
robust_scaler (ShsSklearn *self, ShsSkopsRef step, ShsFeatureMap *map)
{
  return subtract_and_divide (self, step, map, "center_", "with_centering", "with_scaling");
}

static ShsFeatureMap *
min_max_scaler (ShsSklearn *self, ShsSkopsRef step, ShsFeatureMap *map)
{
  gsize n = shs_feature_map_get_n_features (map);
  SHS_AUTOFREE double *first = shs_sklearn_read_numbers (self, step, "scale_", n);
  SHS_AUTOFREE double *second = shs_sklearn_read_numbers (self, step, "min_", n);
  gboolean has_clip = shs_skops_is_true (self->file, shs_skops_find (self->file, step, "clip"));
  SHS_AUTOFREE double *range = shs_sklearn_read_numbers (self, step, "feature_range", 2);
  Scaling scaling = { SHS_MAP_MULTIPLY, first, SHS_MAP_ADD, second, has_clip, 0, 0 };

  if (!shs_skops_check (self->file, NULL))
    return NULL;
  scaling.low = range[0];
  scaling.high = range[1];
  return scale (self, map, &scaling);
}

static ShsFeatureMap *
max_abs_scaler (ShsSklearn *self, ShsSkopsRef step, ShsFeatureMap *map)
{
  SHS_AUTOFREE double *first
      = shs_sklearn_read_numbers (self, step, "scale_", shs_feature_map_get_n_features (map));
  gboolean has_clip = shs_skops_is_true (self->file, shs_skops_find (self->file, step, "clip"));
  Scaling scaling = { SHS_MAP_DIVIDE, first, SHS_MAP_ADD, NULL, has_clip, -1, 1 };

  return scale (self, map, &scaling);
}

static ShsFeatureMap *
binarizer (ShsSklearn *self, ShsSkopsRef step, ShsFeatureMap *map)
{
  double threshold
      = shs_skops_read_number (self->file, shs_skops_need (self->file, step, "threshold"));
  ShsFeatureMap *result = shs_sklearn_new_map (self);

  for (gsize f = 0; f < shs_feature_map_get_n_features (map); f++)
    {
      shs_feature_map_add_feature (result, map, f);
      shs_sklearn_append (result, SHS_MAP_GREATER, threshold);
    }
  return result;
}

/* Whether there may be @n_more features: an array of a file can be named any number of times. */
static gboolean
has_room (ShsSklearn *self, gsize n_features, gsize n_more)
{
  if (n_features <= SHS_SKLEARN_MAX_FEATURES && n_more <= SHS_SKLEARN_MAX_FEATURES - n_features)
    return TRUE;
  shs_skops_fail (self->file, SHS_ERROR_INVALID,
                  "a step makes too many features; no more than %d can be read",
                  SHS_SKLEARN_MAX_FEATURES);
  return FALSE;
}

static void
add_indicators (ShsSklearn *self, ShsSkopsRef step, const ShsFeatureMap *marked,
                ShsFeatureMap *result)
{
  ShsSkopsRef indicator = shs_skops_find (self->file, step, "indicator_");
  gsize n = 0;

  if (shs_skops_is_null (self->file, indicator))
    return;
  SHS_AUTOFREE double *chosen = shs_skops_read_doubles (
      self->file, shs_skops_need (self->file, indicator, "features_"), &n);
  if (!has_room (self, shs_feature_map_get_n_features (result), n))
    return;
  for (gsize i = 0; i < n; i++)
    if (chosen[i] >= 0 && chosen[i] < (double)shs_feature_map_get_n_features (marked))
      {
        shs_feature_map_add_feature (result, marked, (gsize)chosen[i]);
        shs_sklearn_append (result, SHS_MAP_IS_MISSING, 0);
      }
    else
      shs_skops_fail (self->file, SHS_ERROR_INVALID,
                      "features_ of MissingIndicator names a feature that is not there; save the "
                      "model again");
}

/* Columns that were all missing have no statistic and are dropped, or kept as 0. */
static void
impute (ShsSklearn *self, const ShsFeatureMap *marked, gsize f, const ShsSkopsValue *statistic,
        gboolean keeps_empty, ShsFeatureMap *result)
{
  if (statistic->is_missing && !keeps_empty)
    return;
  shs_feature_map_add_feature (result, marked, f);
  shs_sklearn_append (result, SHS_MAP_IMPUTE,
                      statistic->is_missing
                          ? 0
                          : shs_sklearn_learn (self, shs_sklearn_column_of (marked, f), statistic));
}

static ShsFeatureMap *
simple_imputer (ShsSklearn *self, ShsSkopsRef step, ShsFeatureMap *map)
{
  ShsSkops *file = self->file;
  g_autoptr (ShsFeatureMap) marked = shs_sklearn_new_map (self);
  ShsFeatureMap *result = shs_sklearn_new_map (self);
  ShsSkopsValue mark = shs_skops_read_value (file, shs_skops_find (file, step, "missing_values"));
  gboolean keeps_empty
      = shs_skops_is_true (file, shs_skops_find (file, step, "keep_empty_features"));
  gsize n = 0;
  ShsSkopsValue *statistics
      = shs_skops_read_values (file, shs_skops_need (file, step, "statistics_"), &n);

  if (n != shs_feature_map_get_n_features (map))
    shs_skops_fail (file, SHS_ERROR_INVALID,
                    "statistics_ of SimpleImputer has not one entry per feature; save the model "
                    "again");
  for (gsize f = 0; shs_skops_check (file, NULL) && f < n; f++)
    {
      shs_feature_map_add_feature (marked, map, f);
      if (!mark.is_missing)
        shs_sklearn_append (marked, SHS_MAP_MISSING_IF,
                            shs_sklearn_learn (self, shs_sklearn_column_of (map, f), &mark));
      impute (self, marked, f, &statistics[f], keeps_empty, result);
    }
  if (shs_skops_check (file, NULL))
    add_indicators (self, step, marked, result);
  shs_skops_values_free (statistics, n);
  g_free (mark.text);
  return result;
}

/* Only what changes nothing: None, and the check that scikit-learn itself puts there. */
static ShsFeatureMap *
function_transformer (ShsSklearn *self, ShsSkopsRef step, ShsFeatureMap *map)
{
  ShsSkopsRef function = shs_skops_find (self->file, step, "func");

  if (!shs_skops_is_null (self->file, function)
      && !g_str_equal (shs_skops_get_class (self->file, function), "partial"))
    {
      shs_sklearn_refuse (self, "FunctionTransformer with a function of its own");
      return NULL;
    }
  if (!shs_skops_is_null (self->file, function)
      && !shs_skops_wraps (self->file, function, "check_array"))
    {
      shs_sklearn_refuse (self, "FunctionTransformer with a function of its own");
      return NULL;
    }
  return shs_feature_map_ref (map);
}

static ShsFeatureMap *
choose (ShsSklearn *self, const ShsFeatureMap *map, ShsSkopsRef indices)
{
  ShsFeatureMap *result = shs_sklearn_new_map (self);
  gsize n = 0;
  SHS_AUTOFREE double *chosen = shs_skops_read_doubles (self->file, indices, &n);

  if (!has_room (self, self->n_chosen, n))
    return result;
  self->n_chosen += n;
  for (gsize i = 0; i < n; i++)
    if (chosen[i] >= 0 && chosen[i] < (double)shs_feature_map_get_n_features (map))
      shs_feature_map_add_feature (result, map, (gsize)chosen[i]);
    else
      shs_skops_fail (self->file, SHS_ERROR_INVALID,
                      "ColumnTransformer takes a column that is not there; save the model again");
  return result;
}

static void
append_all (ShsSklearn *self, ShsFeatureMap *result, const ShsFeatureMap *from)
{
  if (!has_room (self, shs_feature_map_get_n_features (result),
                 shs_feature_map_get_n_features (from)))
    return;
  for (gsize f = 0; f < shs_feature_map_get_n_features (from); f++)
    shs_feature_map_add_feature (result, from, f);
}

/* One of transformers_: a name, a transformer or a word, and the columns. */
static void
add_part (ShsSklearn *self, ShsSkopsRef step, ShsSkopsRef part, const ShsFeatureMap *map,
          ShsFeatureMap *result)
{
  ShsSkops *file = self->file;
  ShsSkopsValue name = shs_skops_read_value (file, shs_skops_first (file, part));
  g_autofree char *owned = name.text;
  ShsSkopsRef transformer = shs_skops_next (file, shs_skops_first (file, part));
  ShsSkopsRef indices;
  g_autoptr (ShsFeatureMap) chosen = NULL;
  g_autoptr (ShsFeatureMap) made = NULL;

  if (shs_skops_has_text (file, transformer, "drop") || !shs_skops_check (file, NULL))
    return;
  indices = shs_skops_find (file, shs_skops_need (file, step, "_transformer_to_input_indices"),
                            owned != NULL ? owned : "");
  if (indices == 0)
    {
      shs_sklearn_refuse (self, "a ColumnTransformer of scikit-learn before 1.0");
      return;
    }
  chosen = choose (self, map, indices);
  if (shs_feature_map_get_n_features (chosen) == 0 || !shs_skops_check (file, NULL))
    return;
  made = shs_sklearn_transform (self, transformer, chosen);
  if (made != NULL)
    append_all (self, result, made);
}

static ShsFeatureMap *
column_transformer (ShsSklearn *self, ShsSkopsRef step, ShsFeatureMap *map)
{
  ShsFeatureMap *result = shs_sklearn_new_map (self);
  ShsSkopsRef parts = shs_skops_need (self->file, step, "transformers_");

  if (shs_skops_count (self->file, parts) > MOST_PARTS)
    shs_skops_fail (self->file, SHS_ERROR_INVALID, "a ColumnTransformer has too many parts");
  for (ShsSkopsRef part = shs_skops_first (self->file, parts);
       part != 0 && shs_skops_check (self->file, NULL); part = shs_skops_next (self->file, part))
    add_part (self, step, part, map, result);
  return result;
}

static ShsFeatureMap *
pipeline (ShsSklearn *self, ShsSkopsRef step, ShsFeatureMap *map)
{
  g_autoptr (ShsFeatureMap) present = shs_feature_map_ref (map);
  ShsSkopsRef steps = shs_skops_need (self->file, step, "steps");

  for (ShsSkopsRef part = shs_skops_first (self->file, steps); part != 0 && present != NULL;
       part = shs_skops_next (self->file, part))
    {
      ShsSkopsRef transformer = shs_skops_next (self->file, shs_skops_first (self->file, part));
      ShsFeatureMap *made = shs_sklearn_transform (self, transformer, present);

      shs_feature_map_unref (present);
      present = made;
    }
  return g_steal_pointer (&present);
}

static const struct
{
  const char *name;
  ShsFeatureMap *(*transform) (ShsSklearn *self, ShsSkopsRef step, ShsFeatureMap *map);
} transformers[] = {
  { "StandardScaler", standard_scaler },
  { "RobustScaler", robust_scaler },
  { "MinMaxScaler", min_max_scaler },
  { "MaxAbsScaler", max_abs_scaler },
  { "Binarizer", binarizer },
  { "SimpleImputer", simple_imputer },
  { "OneHotEncoder", shs_sklearn_one_hot },
  { "OrdinalEncoder", shs_sklearn_ordinal },
  { "SelectKBest", shs_sklearn_select_best },
  { "VarianceThreshold", shs_sklearn_select_varying },
  { "RFE", shs_sklearn_select_supported },
  { "RFECV", shs_sklearn_select_supported },
  { "FunctionTransformer", function_transformer },
  { "ColumnTransformer", column_transformer },
  { "Pipeline", pipeline },
};

ShsFeatureMap *
shs_sklearn_transform (ShsSklearn *self, ShsSkopsRef step, ShsFeatureMap *map)
{
  g_autoptr (ShsFeatureMap) result = NULL;

  if (!shs_skops_check (self->file, NULL))
    return NULL;
  if (shs_skops_is_null (self->file, step) || shs_skops_has_text (self->file, step, "passthrough"))
    return shs_feature_map_ref (map);
  for (gsize t = 0; t < G_N_ELEMENTS (transformers); t++)
    if (shs_skops_is (self->file, step, transformers[t].name)
        && self->depth < SHS_SKLEARN_MAX_DEPTH)
      {
        self->depth++;
        result = transformers[t].transform (self, step, map);
        self->depth--;
        return shs_skops_check (self->file, NULL) ? g_steal_pointer (&result) : NULL;
      }
  shs_sklearn_refuse (self, "%s before a model", shs_skops_get_class (self->file, step));
  return NULL;
}
