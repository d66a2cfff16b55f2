#include "explain/shs-explain.h"

#include "core/shs-error.h"
#include "core/shs-i18n.h"
#include "explain/shs-explain-frame.h"

typedef enum
{
  BACKGROUND_IGNORED, /* by a name that stands for others */
  BACKGROUND_POSSIBLE,
  BACKGROUND_NEEDED,
} BackgroundUse;

#define CAPABILITIES_BY_COVERS                                                                     \
  (SHS_CAPABILITY_ENSEMBLE | SHS_CAPABILITY_COVERS | SHS_CAPABILITY_CONSTANT_LEAVES)

/* @needs: capabilities; covers can be counted from a background where one is possible.
 * @compares: with a background, values come from its rows and not from covers at all. */
typedef struct
{
  const char *name;
  const char *title;
  const char *summary;
  ShsCapabilities needs;
  BackgroundUse background;
  gboolean is_always_double;
  gboolean has_interactions;
  gboolean compares;
  gboolean (*run) (ShsExplainFrame *frame, GError **error);
} Method;

static const Method methods[SHS_N_EXPLAINERS] = {
  [SHS_EXPLAINER_AUTO]
  = { "auto", N_ ("Automatic"),
      N_ ("The exact explainer for this kind of model; a tree model is compared with its own "
          "training weights until you choose a background."),
      0, BACKGROUND_IGNORED, FALSE, FALSE, FALSE, NULL },
  [SHS_EXPLAINER_TREE] = { "tree", N_ ("Tree, exact"),
                           N_ ("Path-dependent, or interventional once a background is chosen."),
                           SHS_CAPABILITY_ENSEMBLE, BACKGROUND_IGNORED, FALSE, FALSE, FALSE, NULL },
  [SHS_EXPLAINER_PATH_DEPENDENT]
  = { "path-dependent", N_ ("Tree, path-dependent"),
      N_ ("A feature that is left out sends the row down both sides of a split, in the shares of "
          "the training rows that the tree remembers."),
      CAPABILITIES_BY_COVERS, BACKGROUND_POSSIBLE, FALSE, TRUE, FALSE, shs_explain_path_dependent },
  [SHS_EXPLAINER_INTERVENTIONAL]
  = { "interventional", N_ ("Tree, interventional"),
      N_ ("A feature that is left out takes its values from the background's rows, whatever the "
          "other features are."),
      SHS_CAPABILITY_ENSEMBLE, BACKGROUND_NEEDED, FALSE, TRUE, TRUE, shs_explain_interventional },
  [SHS_EXPLAINER_GLOBAL_PATH_DEPENDENT]
  = { "global-path-dependent", N_ ("Tree, global path-dependent"),
      N_ ("As path-dependent, but what is known of a row in one tree counts in all the others too, "
          "weighed by the background's rows."),
      SHS_CAPABILITY_ENSEMBLE | SHS_CAPABILITY_CONSTANT_LEAVES, BACKGROUND_NEEDED, TRUE, FALSE,
      FALSE, shs_explain_global_path_dependent },
  [SHS_EXPLAINER_SAABAS]
  = { "saabas", N_ ("Tree, Saabas"),
      N_ ("Each split on the row's way is given the change of the mean there: quick, but features "
          "near the roots get too little."),
      CAPABILITIES_BY_COVERS, BACKGROUND_POSSIBLE, FALSE, FALSE, FALSE, shs_explain_saabas },
  [SHS_EXPLAINER_BANZHAF]
  = { "banzhaf", N_ ("Banzhaf values"),
      N_ ("Every combination of the other features counts the same, so the values need not add up "
          "to the prediction."),
      CAPABILITIES_BY_COVERS, BACKGROUND_POSSIBLE, FALSE, TRUE, TRUE, shs_explain_banzhaf },
  [SHS_EXPLAINER_LINEAR]
  = { "linear", N_ ("Linear, exact"),
      N_ ("Each weight times how far the value is from the background's mean."),
      SHS_CAPABILITY_LINEAR, BACKGROUND_POSSIBLE, TRUE, FALSE, TRUE, shs_explain_linear },
};

int
shs_explainer_parse (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (methods); i++)
    if (g_str_equal (name, methods[i].name))
      return (int)i;
  return -1;
}

const char *
shs_explainer_get_name (ShsExplainer explainer)
{
  return methods[explainer].name;
}

const char *
shs_explainer_get_title (ShsExplainer explainer)
{
  return _ (methods[explainer].title);
}

const char *
shs_explainer_get_summary (ShsExplainer explainer)
{
  return _ (methods[explainer].summary);
}

gboolean
shs_explain_uses_background (ShsExplainer chosen)
{
  return methods[chosen].background != BACKGROUND_IGNORED;
}

/* Formats that keep no covers, whichever version wrote them. */
static gboolean
can_hold_covers (const ShsModel *model)
{
  static const char *const without[] = { "ONNX", "PMML", NULL };
  const char *library = shs_model_get_parts (model)->library;

  return library == NULL || !g_strv_contains (without, library);
}

static const char *
tell_what_is_missing (const ShsModel *model, ShsCapabilities missing)
{
  if (missing & SHS_CAPABILITY_ENSEMBLE)
    return "it is not a tree ensemble";
  if (missing & SHS_CAPABILITY_CONSTANT_LEAVES)
    return "its leaves are linear functions of features (linear trees), which have values only "
           "against rows to compare with; choose a background (Compared With in the window; "
           "--background all, a number of rows, or a file) and the automatic explainer";
  if (missing & SHS_CAPABILITY_COVERS)
    return can_hold_covers (model)
               ? "its file holds no training weights (covers) of the tree nodes; choose a "
                 "background, which is rows of data to compare with (--background all), or save "
                 "the model again with a newer version of its library"
               : "its file holds no training weights (covers) of the tree nodes; choose a "
                 "background, which is rows of data to compare with (--background all)";
  return "it is not a linear model";
}

/* What the names that stand for others mean here. */
static ShsExplainer
resolve (ShsExplainer explainer, ShsCapabilities has, gboolean has_background)
{
  if (explainer == SHS_EXPLAINER_AUTO)
    explainer = has & SHS_CAPABILITY_LINEAR ? SHS_EXPLAINER_LINEAR : SHS_EXPLAINER_TREE;
  if (explainer == SHS_EXPLAINER_TREE)
    explainer = has_background ? SHS_EXPLAINER_INTERVENTIONAL : SHS_EXPLAINER_PATH_DEPENDENT;
  return explainer;
}

gboolean
shs_explain_choose (const ShsModel *model, ShsExplainer explainer, gboolean has_background,
                    ShsExplainer *chosen, GError **error)
{
  ShsCapabilities has = shs_model_get_capabilities (model);
  ShsExplainer resolved = resolve (explainer, has, has_background);
  const Method *method = &methods[resolved];
  ShsCapabilities missing = method->needs & ~has;

  if (has_background)
    missing &= ~SHS_CAPABILITY_COVERS;
  if (has_background && method->compares)
    missing &= ~SHS_CAPABILITY_CONSTANT_LEAVES;
  if (missing != 0)
    {
      g_set_error (error, SHS_ERROR, SHS_ERROR_UNSUPPORTED,
                   "The %s explainer cannot explain %s: %s", method->name,
                   shs_model_get_name (model), tell_what_is_missing (model, missing));
      return FALSE;
    }
  if (method->background == BACKGROUND_NEEDED && !has_background)
    {
      g_set_error (error, SHS_ERROR, SHS_ERROR_CHOICE,
                   "The %s explainer compares with a background; choose one: all rows of the data, "
                   "a number of rows, a rule such as \"age < 30\", a file, or one row",
                   method->name);
      return FALSE;
    }
  *chosen = resolved;
  return TRUE;
}

static gboolean
check_interactions (ShsExplainer chosen, const ShsExplainOptions *options, GError **error)
{
  if (!options->interactions || methods[chosen].has_interactions)
    return TRUE;
  g_set_error (error, SHS_ERROR, SHS_ERROR_UNSUPPORTED,
               chosen == SHS_EXPLAINER_LINEAR
                   ? "The model is linear, so its features have no interactions; explain without"
                   : "The %s explainer has no interactions; take path-dependent or "
                     "interventional",
               methods[chosen].name);
  return FALSE;
}

/* Whatever is not the margin is played against a background's rows. */
static gboolean
check_space (const ShsModel *model, ShsExplainer chosen, const ShsExplainOptions *options,
             GError **error)
{
  ShsExplainSpace space;

  if (!shs_explain_space_choose (model, options->space, &space, error))
    return FALSE;
  if (!space.is_transformed)
    return TRUE;
  if (chosen == SHS_EXPLAINER_LINEAR)
    {
      g_set_error (error, SHS_ERROR, SHS_ERROR_UNSUPPORTED,
                   "The %s is not yet explained for linear models; explain the margin",
                   shs_space_get_name (options->space));
      return FALSE;
    }
  if (chosen != SHS_EXPLAINER_INTERVENTIONAL)
    {
      g_set_error (
          error, SHS_ERROR, SHS_ERROR_CHOICE,
          "The %s is explained against a background, by the interventional explainer; "
          "choose a background: all rows of the data, a number of rows, a rule, a file, or "
          "one row",
          shs_space_get_name (options->space));
      return FALSE;
    }
  if (options->interactions)
    {
      g_set_error (
          error, SHS_ERROR, SHS_ERROR_UNSUPPORTED,
          "Interactions are computed of margins; leave the space, or the interactions, out");
      return FALSE;
    }
  return TRUE;
}

static void
copy_text (char **to, const char *from)
{
  if (from == NULL)
    return;
  g_free (*to);
  *to = g_strdup (from);
}

static void
copy_files (ShsProvenance *to, const ShsProvenance *from)
{
  copy_text (&to->options, from->options);
  copy_text (&to->model_name, from->model_name);
  copy_text (&to->model_hash, from->model_hash);
  copy_text (&to->data_name, from->data_name);
  copy_text (&to->data_hash, from->data_hash);
  copy_text (&to->background_name, from->background_name);
  copy_text (&to->background_hash, from->background_hash);
}

/* Explainers describe the background in their own way; what it is stands apart. */
static gboolean
keep_background (ShsExplanationParts *parts, ShsBackground *background, GError **error)
{
  ShsProvenance *provenance = &parts->provenance;
  const char *row = background != NULL ? shs_background_get_row_name (background) : NULL;

  if (background == NULL)
    return TRUE;
  provenance->background_row = g_strdup (row);
  if (shs_background_get_note (background) != NULL)
    shs_provenance_add_note (provenance, g_strdup (shs_background_get_note (background)));
  if (row != NULL)
    parts->background_values = shs_background_describe_values (background, error);
  return row == NULL || parts->background_values != NULL;
}

ShsExplanation *
shs_explain (ShsColumnMatch *match, const ShsExplainOptions *options, const ShsProvenance *files,
             ShsProgress *progress, GError **error)
{
  g_auto (ShsExplainFrame) frame = { 0 };
  ShsExplainer chosen;
  gint64 start = g_get_monotonic_time ();
  gboolean in_double;

  if (!shs_explain_choose (shs_column_match_get_model (match), options->explainer,
                           options->background != NULL, &chosen, error)
      || !check_interactions (chosen, options, error)
      || !check_space (shs_column_match_get_model (match), chosen, options, error))
    return NULL;
  in_double = methods[chosen].is_always_double || options->space != SHS_SPACE_MARGIN
              || options->precision == SHS_PRECISION_DOUBLE;
  if (!shs_explain_frame_init (&frame, match, options, in_double, progress, error)
      || !(frame.space.is_transformed ? shs_explain_transformed (&frame, error)
                                      : methods[chosen].run (&frame, error)))
    return NULL;
  if (!keep_background (&frame.parts, options->background, error))
    return NULL;
  frame.parts.seconds = (g_get_monotonic_time () - start) / (double)G_USEC_PER_SEC;
  if (files != NULL)
    copy_files (&frame.parts.provenance, files);
  return shs_explanation_new (&frame.parts, error);
}
