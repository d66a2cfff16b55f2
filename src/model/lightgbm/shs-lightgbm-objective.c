#include "model/lightgbm/shs-lightgbm-document.h"

#include "core/shs-error.h"
#include "core/shs-number.h"

#include <math.h>
#include <string.h>

typedef struct
{
  const char *name;
  ShsTask task;
  ShsLink link;
  const char *unit;
} Objective;

static const Objective objectives[] = {
  { "regression", SHS_TASK_REGRESSION, SHS_LINK_IDENTITY, "" },
  { "regression_l1", SHS_TASK_REGRESSION, SHS_LINK_IDENTITY, "" },
  { "huber", SHS_TASK_REGRESSION, SHS_LINK_IDENTITY, "" },
  { "fair", SHS_TASK_REGRESSION, SHS_LINK_IDENTITY, "" },
  { "quantile", SHS_TASK_REGRESSION, SHS_LINK_IDENTITY, "" },
  { "mape", SHS_TASK_REGRESSION, SHS_LINK_IDENTITY, "" },
  { "poisson", SHS_TASK_REGRESSION, SHS_LINK_EXP, "log" },
  { "gamma", SHS_TASK_REGRESSION, SHS_LINK_EXP, "log" },
  { "tweedie", SHS_TASK_REGRESSION, SHS_LINK_EXP, "log" },
  { "cross_entropy", SHS_TASK_REGRESSION, SHS_LINK_LOGISTIC, "log-odds" },
  { "xentropy", SHS_TASK_REGRESSION, SHS_LINK_LOGISTIC, "log-odds" },
  { "cross_entropy_lambda", SHS_TASK_REGRESSION, SHS_LINK_SOFTPLUS, "" },
  { "xentlambda", SHS_TASK_REGRESSION, SHS_LINK_SOFTPLUS, "" },
  { "binary", SHS_TASK_BINARY, SHS_LINK_LOGISTIC, "log-odds" },
  { "multiclass", SHS_TASK_MULTICLASS, SHS_LINK_SOFTMAX, "score" },
  { "multiclassova", SHS_TASK_MULTICLASS, SHS_LINK_LOGISTIC, "log-odds" },
  { "lambdarank", SHS_TASK_RANKING, SHS_LINK_IDENTITY, "" },
  { "rank_xendcg", SHS_TASK_RANKING, SHS_LINK_IDENTITY, "" },
};

/* Trained with a function of the user's own: the file names no objective, and the library's
 * prediction is the margin. */
static const Objective own_objective = { "custom", SHS_TASK_OTHER, SHS_LINK_IDENTITY, "" };

static const Objective *
find_objective (const char *name)
{
  if (name == NULL)
    return &own_objective;
  for (gsize i = 0; i < G_N_ELEMENTS (objectives); i++)
    if (g_str_equal (name, objectives[i].name))
      return &objectives[i];
  return NULL;
}

static gboolean
fail_unknown (const ShsLightgbm *self, const char *objective, GError **error)
{
  g_autofree char *valid = g_utf8_make_valid (objective, -1);
  g_autofree char *shown = g_utf8_substring (valid, 0, MIN (60, g_utf8_strlen (valid, -1)));

  g_set_error (error, SHS_ERROR, SHS_ERROR_UNSUPPORTED,
               "%s: the objective \"%s\" is not known to this version; train with a built-in "
               "objective of LightGBM",
               self->name, shown);
  return FALSE;
}

static gboolean
take_sigmoid (const ShsLightgbm *self, const char *text, ShsModelParts *parts, GError **error)
{
  double scale;

  if (!shs_number_parse (text, text + strlen (text), &scale) || !(scale > 0) || isinf (scale))
    {
      shs_lightgbm_set_invalid (self, error, "the objective's sigmoid is no positive number");
      return FALSE;
    }
  parts->link_scale = scale;
  if (scale != 1)
    parts->margin_unit = ""; /* the log-odds are a multiple of it */
  return TRUE;
}

static gboolean
take_settings (const ShsLightgbm *self, char *const *settings, ShsModelParts *parts, GError **error)
{
  gboolean has_scale
      = g_str_equal (parts->objective, "binary") || g_str_equal (parts->objective, "multiclassova");

  for (; *settings != NULL; settings++)
    if (g_str_equal (*settings, "sqrt") && parts->task == SHS_TASK_REGRESSION
        && parts->link == SHS_LINK_IDENTITY)
      parts->link = SHS_LINK_SIGNED_SQUARE;
    else if (g_str_has_prefix (*settings, "sigmoid:") && has_scale
             && !take_sigmoid (self, *settings + strlen ("sigmoid:"), parts, error))
      return FALSE;
  return TRUE;
}

gboolean
shs_lightgbm_apply_objective (const ShsLightgbm *self, ShsModelParts *parts, GError **error)
{
  gboolean is_named = self->objective != NULL && *self->objective != '\0';
  g_auto (GStrv) words = g_strsplit (is_named ? self->objective : "", " ", 0);
  const Objective *objective = find_objective (is_named ? words[0] : NULL);

  if (objective == NULL)
    return fail_unknown (self, words[0], error);
  if (objective != &own_objective
      && (objective->task == SHS_TASK_MULTICLASS) != (self->n_outputs > 1)
      && objective->task != SHS_TASK_MULTICLASS)
    {
      shs_lightgbm_set_invalid (self, error,
                                "the objective %s has one output, not %" G_GSIZE_FORMAT,
                                objective->name, self->n_outputs);
      return FALSE;
    }
  parts->objective = g_strdup (objective->name);
  parts->task = objective->task;
  parts->link = objective->link;
  parts->link_scale = 1;
  parts->margin_unit = objective->unit;
  return !is_named || take_settings (self, words + 1, parts, error);
}
