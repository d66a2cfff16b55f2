#include "model/xgboost/shs-xgboost-document.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"

#include <float.h>
#include <math.h>
#include <string.h>

typedef enum
{
  BASE_IDENTITY,
  BASE_LOGIT,
  BASE_LOG,
  BASE_RISING,
} BaseScale;

typedef struct
{
  const char *name;
  ShsTask task;
  ShsLink link;
  BaseScale base;
  const char *unit;
} Objective;

/* The base score stands in output space; its margin is the inverse of the objective's own output
 * function, which for some objectives is not the one that predictions go through. */
static const Objective objectives[] = {
  { "reg:squarederror", SHS_TASK_REGRESSION, SHS_LINK_IDENTITY, BASE_IDENTITY, "" },
  { "reg:linear", SHS_TASK_REGRESSION, SHS_LINK_IDENTITY, BASE_IDENTITY, "" },
  { "reg:squaredlogerror", SHS_TASK_REGRESSION, SHS_LINK_IDENTITY, BASE_IDENTITY, "" },
  { "reg:absoluteerror", SHS_TASK_REGRESSION, SHS_LINK_IDENTITY, BASE_IDENTITY, "" },
  { "reg:pseudohubererror", SHS_TASK_REGRESSION, SHS_LINK_IDENTITY, BASE_IDENTITY, "" },
  { "reg:quantileerror", SHS_TASK_REGRESSION, SHS_LINK_IDENTITY, BASE_IDENTITY, "" },
  { "reg:expectileerror", SHS_TASK_REGRESSION, SHS_LINK_RISING, BASE_RISING, "" },
  { "reg:logistic", SHS_TASK_REGRESSION, SHS_LINK_LOGISTIC, BASE_LOGIT, "log-odds" },
  { "reg:gamma", SHS_TASK_REGRESSION, SHS_LINK_EXP, BASE_LOG, "log" },
  { "reg:tweedie", SHS_TASK_REGRESSION, SHS_LINK_EXP, BASE_LOG, "log" },
  { "count:poisson", SHS_TASK_REGRESSION, SHS_LINK_EXP, BASE_LOG, "log" },
  { "survival:cox", SHS_TASK_SURVIVAL, SHS_LINK_EXP, BASE_LOG, "log" },
  { "survival:aft", SHS_TASK_SURVIVAL, SHS_LINK_EXP, BASE_LOG, "log" },
  { "binary:logistic", SHS_TASK_BINARY, SHS_LINK_LOGISTIC, BASE_LOGIT, "log-odds" },
  { "binary:logitraw", SHS_TASK_BINARY, SHS_LINK_IDENTITY, BASE_IDENTITY, "log-odds" },
  { "binary:hinge", SHS_TASK_BINARY, SHS_LINK_STEP, BASE_IDENTITY, "" },
  { "multi:softprob", SHS_TASK_MULTICLASS, SHS_LINK_SOFTMAX, BASE_IDENTITY, "score" },
  { "multi:softmax", SHS_TASK_MULTICLASS, SHS_LINK_ARGMAX, BASE_IDENTITY, "score" },
  { "rank:pairwise", SHS_TASK_RANKING, SHS_LINK_IDENTITY, BASE_IDENTITY, "" },
  { "rank:ndcg", SHS_TASK_RANKING, SHS_LINK_IDENTITY, BASE_IDENTITY, "" },
  { "rank:map", SHS_TASK_RANKING, SHS_LINK_IDENTITY, BASE_IDENTITY, "" },
};

static const Objective *
find_objective (const ShsXgboost *self, GError **error)
{
  for (gsize i = 0; self->objective != NULL && i < G_N_ELEMENTS (objectives); i++)
    if (g_str_equal (self->objective, objectives[i].name))
      return &objectives[i];
  if (self->objective == NULL)
    shs_xgboost_set_invalid (self, error, "learner.objective.name is missing");
  else
    {
      g_autofree char *shown
          = g_utf8_substring (self->objective, 0, MIN (60, g_utf8_strlen (self->objective, -1)));

      g_set_error (error, SHS_ERROR, SHS_ERROR_UNSUPPORTED,
                   "%s: the objective \"%s\" is not known to this version, so its base score "
                   "cannot be turned into a margin; train with a built-in objective of XGBoost",
                   self->name, shown);
    }
  return NULL;
}

/* XGBoost 3.4 began to sort the quantiles of a row. */
static gboolean
sorts_quantiles (const ShsXgboost *self)
{
  return self->version[0] > 3 || (self->version[0] == 3 && self->version[1] >= 4);
}

gboolean
shs_xgboost_apply_objective (const ShsXgboost *self, ShsModelParts *parts, GError **error)
{
  const Objective *objective = find_objective (self, error);

  if (objective == NULL)
    return FALSE;
  parts->objective = g_strdup (objective->name);
  parts->task = objective->task;
  parts->link = objective->link;
  parts->margin_unit = objective->unit;
  if (g_str_equal (objective->name, "reg:quantileerror") && sorts_quantiles (self))
    parts->link = SHS_LINK_SORTED;
  if (objective->task == SHS_TASK_BINARY && self->n_outputs > 1)
    parts->task = SHS_TASK_OTHER;
  return TRUE;
}

static double
to_margin (BaseScale scale, const double *base, gsize output)
{
  double step;

  switch (scale)
    {
    case BASE_LOGIT:
      return log (base[output] / (1 - base[output]));
    case BASE_LOG:
      return log (base[output]);
    case BASE_RISING:
      step = output == 0 ? 0 : expm1 (base[output] - base[output - 1] - SHS_RISING_STEP);
      return output == 0 ? base[0] : log (MAX (step, FLT_MIN));
    case BASE_IDENTITY:
      break;
    }
  return base[output];
}

double *
shs_xgboost_make_base (const ShsXgboost *self, GError **error)
{
  const Objective *objective = find_objective (self, error);
  SHS_AUTOFREE double *base = NULL;
  SHS_AUTOFREE double *margins = NULL;

  if (objective == NULL)
    return NULL;
  if (self->n_base_scores != 1 && self->n_base_scores != self->n_outputs)
    {
      shs_xgboost_set_invalid (self, error,
                               "learner_model_param.base_score has %" G_GSIZE_FORMAT
                               " numbers for %" G_GSIZE_FORMAT " outputs",
                               self->n_base_scores, self->n_outputs);
      return NULL;
    }
  base = shs_alloc (self->n_outputs, sizeof *base, error);
  margins = base != NULL ? shs_alloc (self->n_outputs, sizeof *margins, error) : NULL;
  if (margins == NULL)
    return NULL;
  for (gsize k = 0; k < self->n_outputs; k++)
    base[k] = self->base_score[self->n_base_scores == 1 ? 0 : k];
  for (gsize k = 0; k < self->n_outputs; k++)
    {
      /* One score for all outputs is where each of them starts, rising or not. */
      margins[k]
          = to_margin (self->n_base_scores == 1 && objective->base == BASE_RISING ? BASE_IDENTITY
                                                                                  : objective->base,
                       base, k);
      if (!isfinite (margins[k]))
        {
          shs_xgboost_set_invalid (self, error, "the base score %g is impossible for %s", base[k],
                                   objective->name);
          return NULL;
        }
    }
  return g_steal_pointer (&margins);
}
