#include "explain/shs-explain.h"

#include "core/shs-error.h"
#include "core/shs-i18n.h"
#include "explain/shs-explain-frame.h"

typedef struct
{
  const char *name;
  const char *title;
  ShsCapabilities needs;
  gboolean is_always_double;
  gboolean (*run) (ShsExplainFrame *frame, GError **error);
} Method;

static const Method methods[] = {
  [SHS_EXPLAINER_AUTO] = { "auto", N_ ("Automatic"), 0, FALSE, NULL },
  [SHS_EXPLAINER_TREE]
  = { "tree", N_ ("Tree, exact"), SHS_CAPABILITY_ENSEMBLE | SHS_CAPABILITY_COVERS, FALSE,
      shs_explain_tree },
  [SHS_EXPLAINER_LINEAR]
  = { "linear", N_ ("Linear, exact"), SHS_CAPABILITY_LINEAR, TRUE, shs_explain_linear },
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

char *
shs_explain_describe_method (ShsExplainer chosen)
{
  return g_strdup (_ (methods[chosen].title));
}

static const char *
tell_what_is_missing (ShsCapabilities missing)
{
  if (missing & SHS_CAPABILITY_ENSEMBLE)
    return "it is not a tree ensemble";
  if (missing & SHS_CAPABILITY_COVERS)
    return "its file holds no training weights (covers) of the tree nodes; save it again with a "
           "newer version of its library";
  return "it is not a linear model";
}

gboolean
shs_explain_choose (const ShsModel *model, ShsExplainer explainer, ShsExplainer *chosen,
                    GError **error)
{
  ShsCapabilities has = shs_model_get_capabilities (model);

  if (explainer == SHS_EXPLAINER_AUTO)
    explainer = has & SHS_CAPABILITY_LINEAR ? SHS_EXPLAINER_LINEAR : SHS_EXPLAINER_TREE;
  if ((methods[explainer].needs & ~has) != 0)
    {
      g_set_error (error, SHS_ERROR, SHS_ERROR_UNSUPPORTED,
                   "The %s explainer cannot explain %s: %s", methods[explainer].name,
                   shs_model_get_name (model),
                   tell_what_is_missing (methods[explainer].needs & ~has));
      return FALSE;
    }
  *chosen = explainer;
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
}

ShsExplanation *
shs_explain (ShsColumnMatch *match, const ShsExplainOptions *options, const ShsProvenance *files,
             ShsProgress *progress, GError **error)
{
  g_auto (ShsExplainFrame) frame = { 0 };
  ShsExplainer chosen;
  gint64 start = g_get_monotonic_time ();
  gboolean in_double;

  if (!shs_explain_choose (shs_column_match_get_model (match), options->explainer, &chosen, error))
    return NULL;
  in_double = methods[chosen].is_always_double || options->precision == SHS_PRECISION_DOUBLE;
  if (!shs_explain_frame_init (&frame, match, options, in_double, progress, error)
      || !methods[chosen].run (&frame, error))
    return NULL;
  frame.parts.seconds = (g_get_monotonic_time () - start) / (double)G_USEC_PER_SEC;
  if (files != NULL)
    copy_files (&frame.parts.provenance, files);
  return shs_explanation_new (&frame.parts, error);
}
