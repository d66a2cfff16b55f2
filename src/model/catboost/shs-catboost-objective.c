#include "model/catboost/shs-catboost-document.h"

#include "core/shs-i18n.h"

#include <string.h>

typedef struct
{
  const char *name;
  ShsTask task;
  ShsLink link;
  const char *unit;
} Loss;

static const Loss losses[] = {
  { "RMSE", SHS_TASK_REGRESSION, SHS_LINK_IDENTITY, "" },
  { "MAE", SHS_TASK_REGRESSION, SHS_LINK_IDENTITY, "" },
  { "MAPE", SHS_TASK_REGRESSION, SHS_LINK_IDENTITY, "" },
  { "Quantile", SHS_TASK_REGRESSION, SHS_LINK_IDENTITY, "" },
  { "MultiQuantile", SHS_TASK_REGRESSION, SHS_LINK_IDENTITY, "" },
  { "Expectile", SHS_TASK_REGRESSION, SHS_LINK_IDENTITY, "" },
  { "GroupQuantile", SHS_TASK_REGRESSION, SHS_LINK_IDENTITY, "" },
  { "LogLinQuantile", SHS_TASK_REGRESSION, SHS_LINK_EXP, "log" },
  { "Huber", SHS_TASK_REGRESSION, SHS_LINK_IDENTITY, "" },
  { "LogCosh", SHS_TASK_REGRESSION, SHS_LINK_IDENTITY, "" },
  { "Lq", SHS_TASK_REGRESSION, SHS_LINK_IDENTITY, "" },
  { "MSLE", SHS_TASK_REGRESSION, SHS_LINK_IDENTITY, "" },
  { "RMSPE", SHS_TASK_REGRESSION, SHS_LINK_IDENTITY, "" },
  { "Poisson", SHS_TASK_REGRESSION, SHS_LINK_EXP, "log" },
  { "Tweedie", SHS_TASK_REGRESSION, SHS_LINK_EXP, "log" },
  { "MultiRMSE", SHS_TASK_REGRESSION, SHS_LINK_IDENTITY, "" },
  { "MultiRMSEWithMissingValues", SHS_TASK_REGRESSION, SHS_LINK_IDENTITY, "" },
  { "RMSEWithUncertainty", SHS_TASK_REGRESSION, SHS_LINK_IDENTITY, "" },
  { "Cox", SHS_TASK_SURVIVAL, SHS_LINK_EXP, "log hazard" },
  { "SurvivalAft", SHS_TASK_SURVIVAL, SHS_LINK_EXP, "log" },
  { "Logloss", SHS_TASK_BINARY, SHS_LINK_LOGISTIC, "log-odds" },
  { "Focal", SHS_TASK_BINARY, SHS_LINK_LOGISTIC, "log-odds" },
  { "CtrFactor", SHS_TASK_BINARY, SHS_LINK_LOGISTIC, "log-odds" },
  { "CrossEntropy", SHS_TASK_REGRESSION, SHS_LINK_LOGISTIC, "log-odds" },
  { "MultiClass", SHS_TASK_MULTICLASS, SHS_LINK_SOFTMAX, "score" },
  { "MultiClassOneVsAll", SHS_TASK_MULTICLASS, SHS_LINK_LOGISTIC, "log-odds" },
  { "MultiLogloss", SHS_TASK_OTHER, SHS_LINK_LOGISTIC, "log-odds" },
  { "MultiCrossEntropy", SHS_TASK_OTHER, SHS_LINK_LOGISTIC, "log-odds" },
  { "PairLogit", SHS_TASK_RANKING, SHS_LINK_IDENTITY, "" },
  { "PairLogitPairwise", SHS_TASK_RANKING, SHS_LINK_IDENTITY, "" },
  { "YetiRank", SHS_TASK_RANKING, SHS_LINK_IDENTITY, "" },
  { "YetiRankPairwise", SHS_TASK_RANKING, SHS_LINK_IDENTITY, "" },
  { "LambdaMart", SHS_TASK_RANKING, SHS_LINK_IDENTITY, "" },
  { "StochasticRank", SHS_TASK_RANKING, SHS_LINK_IDENTITY, "" },
  { "QueryRMSE", SHS_TASK_RANKING, SHS_LINK_IDENTITY, "" },
  { "QuerySoftMax", SHS_TASK_RANKING, SHS_LINK_IDENTITY, "" },
  { "QueryCrossEntropy", SHS_TASK_RANKING, SHS_LINK_IDENTITY, "" },
  { "QueryAUC", SHS_TASK_RANKING, SHS_LINK_IDENTITY, "" },
};

static const Loss *
find_loss (const ShsCatboost *self)
{
  for (gsize i = 0; self->loss != NULL && i < G_N_ELEMENTS (losses); i++)
    if (g_str_equal (self->loss, losses[i].name))
      return &losses[i];
  return NULL;
}

/* Trained with a function of the user's own, put together of several models, or by a loss that
 * came later: the margin is the prediction. */
static void
note_unknown (const ShsCatboost *self, ShsModelParts *parts)
{
  g_autofree char *shown = NULL;
  g_autofree char *note = NULL;

  if (self->loss == NULL || g_str_has_prefix (self->loss, "PythonUser")
      || g_str_has_prefix (self->loss, "User"))
    return;
  shown = g_utf8_substring (self->loss, 0, MIN (60, g_utf8_strlen (self->loss, -1)));
  note = g_strdup_printf (_ ("the loss \"%s\" is not known to this version: the model's raw values "
                             "are explained and predicted"),
                          shown);
  shs_model_parts_add_note (parts, note);
}

static void
name_quantiles (const ShsCatboost *self, ShsModelParts *parts)
{
  g_auto (GStrv) levels = g_strsplit (self->loss_alpha != NULL ? self->loss_alpha : "", ",", 0);

  if (g_strv_length (levels) != parts->n_outputs)
    return;
  parts->output_names = g_new0 (char *, parts->n_outputs + 1);
  for (gsize k = 0; k < parts->n_outputs; k++)
    parts->output_names[k] = g_strdup_printf (_ ("quantile %s"), g_strstrip (levels[k]));
}

static void
name_outputs (const ShsCatboost *self, ShsModelParts *parts)
{
  gsize n_classes = self->class_names != NULL ? g_strv_length (self->class_names) : 0;

  if (n_classes > 1 && n_classes == (parts->n_outputs == 1 ? 2 : parts->n_outputs))
    parts->class_names = g_strdupv (self->class_names);
  if (parts->class_names != NULL && parts->n_outputs > 1)
    parts->output_names = g_strdupv (self->class_names);
  if (g_str_equal (parts->objective, "MultiQuantile"))
    name_quantiles (self, parts);
  if (!g_str_equal (parts->objective, "RMSEWithUncertainty") || parts->n_outputs != 2)
    return;
  parts->output_names = g_new0 (char *, 3);
  parts->output_names[0] = g_strdup (_ ("mean"));
  parts->output_names[1] = g_strdup (_ ("log of the standard deviation"));
  shs_model_parts_add_note (
      parts, _ ("two outputs are explained: the mean, and the logarithm of the standard "
                "deviation (the library's variance is exp (2 x) of it)"));
}

gboolean
shs_catboost_apply_objective (const ShsCatboost *self, ShsModelParts *parts, GError **error)
{
  static const Loss unknown = { "custom", SHS_TASK_OTHER, SHS_LINK_IDENTITY, "" };
  const Loss *loss = find_loss (self);
  gboolean is_one = loss != NULL
                    && (loss->task == SHS_TASK_BINARY || loss->task == SHS_TASK_RANKING
                        || loss->task == SHS_TASK_SURVIVAL);

  if (is_one && parts->n_outputs > 1)
    {
      shs_catboost_set_invalid (self, error, "the loss %s has one output, not %" G_GSIZE_FORMAT,
                                loss->name, parts->n_outputs);
      return FALSE;
    }
  if (loss == NULL)
    {
      loss = &unknown;
      note_unknown (self, parts);
    }
  parts->objective = g_strdup (loss->name);
  parts->task = loss->task;
  parts->link = loss->link;
  parts->margin_unit = loss->unit;
  name_outputs (self, parts);
  return TRUE;
}
