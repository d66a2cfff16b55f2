#include "model/xgboost/shs-xgboost-document.h"

#include "core/shs-error.h"
#include "core/shs-i18n.h"
#include "core/shs-memory.h"
#include "core/shs-number.h"

#include <string.h>

static gboolean
check_count (const ShsXgboost *self, const char *what, gsize count, GError **error)
{
  if (count == 0 || count == self->n_features)
    return TRUE;
  shs_xgboost_set_invalid (
      self, error, "learner.%s has %" G_GSIZE_FORMAT " entries for %" G_GSIZE_FORMAT " features",
      what, count, self->n_features);
  return FALSE;
}

static gboolean
take_dictionary (const ShsXgboost *self, ShsColumn *feature, gsize j, GError **error)
{
  char **own = NULL;

  if (self->own_categories != NULL)
    own = g_hash_table_lookup (self->own_categories, feature->name);
  if (own == NULL)
    return j >= self->n_encodings || shs_xgboost_decode_categories (self, j, feature, error);
  feature->categories = g_strdupv (own);
  feature->n_categories = g_strv_length (own);
  return TRUE;
}

/* Features that the file or a split says to have categories. */
static void
mark_categories (const ShsXgboost *self, const ShsModelParts *parts)
{
  const ShsTreeEnsemble *ensemble = parts->ensemble;

  for (gsize j = 0; j < self->n_features; j++)
    parts->features[j].type = self->n_feature_types > 0 && g_str_equal (self->feature_types[j], "c")
                                  ? SHS_COLUMN_CATEGORY
                                  : SHS_COLUMN_NUMBER;
  for (gsize node = 0; ensemble != NULL && ensemble->n_sets > 0 && node < ensemble->n_nodes; node++)
    if (shs_tree_splits_by_set (ensemble->split[node]))
      parts->features[ensemble->feature[node]].type = SHS_COLUMN_CATEGORY;
}

gboolean
shs_xgboost_apply_features (ShsXgboost *self, ShsModelParts *parts, GError **error)
{
  if (!check_count (self, "feature_names", self->n_feature_names, error)
      || !check_count (self, "feature_types", self->n_feature_types, error)
      || !check_count (self, "gradient_booster.model.cats.enc", self->n_encodings, error))
    return FALSE;
  parts->features = shs_alloc0 (self->n_features, sizeof *parts->features, error);
  if (parts->features == NULL)
    return FALSE;
  parts->n_features = self->n_features;
  parts->has_feature_names = self->n_feature_names > 0;
  mark_categories (self, parts);
  for (gsize j = 0; j < self->n_features; j++)
    {
      ShsColumn *feature = &parts->features[j];

      feature->name = parts->has_feature_names ? g_strdup (self->feature_names[j])
                                               : g_strdup_printf ("f%" G_GSIZE_FORMAT, j);
      if (feature->type == SHS_COLUMN_CATEGORY && !take_dictionary (self, feature, j, error))
        return FALSE;
    }
  return TRUE;
}

static char **
name_by_alpha (const ShsXgboost *self)
{
  gboolean are_expectiles = g_str_equal (self->objective, "reg:expectileerror");
  char **names = g_new0 (char *, self->n_outputs + 1);

  for (gsize k = 0; k < self->n_outputs; k++)
    {
      char number[SHS_NUMBER_LENGTH];

      shs_number_print_float (number, (float)self->alphas[k]);
      names[k] = g_strdup_printf (are_expectiles ? _ ("expectile %s") : _ ("quantile %s"), number);
    }
  return names;
}

static char **
name_targets (const ShsXgboost *self)
{
  char **names = g_new0 (char *, self->n_outputs + 1);

  for (gsize k = 0; k < self->n_outputs; k++)
    names[k] = g_strdup_printf (_ ("target %" G_GSIZE_FORMAT), k);
  return names;
}

static char **
name_single (const char *name)
{
  char **names = g_new0 (char *, 2);

  names[0] = g_strdup (name);
  return names;
}

void
shs_xgboost_apply_outputs (const ShsXgboost *self, ShsModelParts *parts)
{
  gsize n_classes = self->class_names != NULL ? g_strv_length (self->class_names) : 0;
  gboolean is_binary = parts->task == SHS_TASK_BINARY && self->n_outputs == 1;

  if ((is_binary && n_classes == 2)
      || (parts->task == SHS_TASK_MULTICLASS && n_classes == self->n_outputs))
    parts->class_names = g_strdupv (self->class_names);

  if (parts->class_names != NULL && is_binary)
    parts->output_names = name_single (parts->class_names[1]);
  else if (parts->class_names != NULL)
    parts->output_names = g_strdupv (parts->class_names);
  else if (self->n_outputs > 1 && self->n_alphas == self->n_outputs)
    parts->output_names = name_by_alpha (self);
  else if (self->n_outputs > 1 && parts->task != SHS_TASK_MULTICLASS)
    parts->output_names = name_targets (self);
  else if (self->n_outputs == 1 && self->target_name != NULL)
    parts->output_names = name_single (self->target_name);
}
