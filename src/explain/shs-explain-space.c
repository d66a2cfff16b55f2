#include "explain/shs-explain-space.h"

#include "core/shs-error.h"
#include "core/shs-i18n.h"

static const struct
{
  const char *name;
  const char *title;
} spaces[SHS_N_SPACES] = {
  [SHS_SPACE_MARGIN] = { "margin", N_ ("Margin") },
  [SHS_SPACE_PROBABILITY] = { "probability", N_ ("Probability") },
  [SHS_SPACE_LOG_LOSS] = { "log-loss", N_ ("Loss (log-loss)") },
};

int
shs_space_parse (const char *name)
{
  for (int i = 0; i < SHS_N_SPACES; i++)
    if (g_str_equal (name, spaces[i].name))
      return i;
  return -1;
}

const char *
shs_space_get_name (ShsSpace space)
{
  return spaces[space].name;
}

const char *
shs_space_get_title (ShsSpace space)
{
  return _ (spaces[space].title);
}

/* How the margins of a model become probabilities and losses. */
static gboolean
find_links (const ShsModelParts *parts, ShsTreeLink *probability, ShsTreeLink *loss)
{
  switch (parts->link)
    {
    case SHS_LINK_LOGISTIC:
      *probability = SHS_TREE_LINK_LOGISTIC;
      *loss = parts->task == SHS_TASK_MULTICLASS ? SHS_TREE_LINK_CLASS_LOG_LOSS
                                                 : SHS_TREE_LINK_LOG_LOSS;
      return TRUE;
    case SHS_LINK_SOFTMAX:
    case SHS_LINK_ARGMAX:
      *probability = SHS_TREE_LINK_SOFTMAX;
      *loss = SHS_TREE_LINK_CROSS_ENTROPY;
      return TRUE;
    default:
      return FALSE;
    }
}

/* Models of several labels. */
static gboolean
has_several_targets (const ShsModelParts *parts)
{
  return parts->link == SHS_LINK_LOGISTIC && parts->n_outputs > 1
         && parts->task != SHS_TASK_MULTICLASS;
}

/* Scores of classes that nothing is made of, as a forest's shares. */
static gboolean
has_plain_scores (const ShsModelParts *parts)
{
  return parts->link == SHS_LINK_IDENTITY
         && (parts->task == SHS_TASK_BINARY || parts->task == SHS_TASK_MULTICLASS);
}

static gboolean
refuse (const ShsModel *model, ShsSpace space, GError **error)
{
  if (space == SHS_SPACE_PROBABILITY && has_plain_scores (shs_model_get_parts (model)))
    {
      g_set_error (error, SHS_ERROR, SHS_ERROR_UNSUPPORTED,
                   "%s makes nothing more of its scores: where they are shares, as of a forest, "
                   "its margin is the probability; explain its margin",
                   shs_model_get_name (model));
      return FALSE;
    }
  g_set_error (error, SHS_ERROR, SHS_ERROR_UNSUPPORTED,
               "%s has no %s (its objective is %s); explain its margin", shs_model_get_name (model),
               spaces[space].name, shs_model_get_parts (model)->objective);
  return FALSE;
}

gboolean
shs_explain_space_choose (const ShsModel *model, ShsSpace space, ShsExplainSpace *chosen,
                          GError **error)
{
  const ShsModelParts *parts = shs_model_get_parts (model);
  ShsTreeLink probability, loss;

  *chosen
      = (ShsExplainSpace){ .slope = 1, .n_outputs = parts->n_outputs, .unit = parts->margin_unit };
  if (space == SHS_SPACE_MARGIN
      || (space == SHS_SPACE_PROBABILITY && g_strcmp0 (parts->margin_unit, "probability") == 0))
    return TRUE;
  chosen->is_transformed = TRUE;
  chosen->unit = spaces[space].name;
  if (space == SHS_SPACE_LOG_LOSS && has_several_targets (parts))
    {
      g_set_error (error, SHS_ERROR, SHS_ERROR_UNSUPPORTED,
                   "%s has %" G_GSIZE_FORMAT " outputs with true values of their own, which one "
                   "target column cannot hold: it has no %s; explain its probability",
                   shs_model_get_name (model), parts->n_outputs, spaces[space].name);
      return FALSE;
    }
  if (find_links (parts, &probability, &loss))
    {
      chosen->link = space == SHS_SPACE_PROBABILITY ? probability : loss;
      chosen->slope = parts->link_scale;
    }
  else if (space == SHS_SPACE_LOG_LOSS && parts->link == SHS_LINK_IDENTITY
           && parts->task == SHS_TASK_REGRESSION)
    {
      chosen->link = SHS_TREE_LINK_SQUARED_ERROR;
      chosen->unit = "squared error";
    }
  else
    return refuse (model, space, error);
  chosen->n_outputs = shs_tree_link_count_outputs (chosen->link, parts->n_outputs);
  return TRUE;
}

gboolean
shs_explain_space_needs_target (const ShsExplainSpace *self)
{
  return self->is_transformed && shs_tree_link_needs_target (self->link);
}

void
shs_explain_space_apply (const ShsExplainSpace *self, const ShsMatrix *margins,
                         const double *targets, ShsMatrix *predictions, double *scratch)
{
  for (gsize i = 0; i < margins->n_rows; i++)
    {
      ShsTreeLinkUse use = { self->link, self->slope, targets != NULL ? targets[i] : 0 };

      for (gsize k = 0; k < margins->n_columns; k++)
        scratch[k] = shs_matrix_get (margins, i, k);
      shs_tree_link_apply (&use, margins->n_columns, 1, scratch, scratch);
      for (gsize k = 0; k < self->n_outputs; k++)
        shs_matrix_set (predictions, i, k, scratch[k]);
    }
}
