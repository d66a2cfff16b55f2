#include "session/shs-session.h"

#include "core/shs-error.h"
#include "result/shs-explanation-file.h"
#include "session/shs-figure.h"
#include "session/shs-session-private.h"

G_DEFINE_FINAL_TYPE (ShsSession, shs_session, G_TYPE_OBJECT)

enum
{
  PROPERTY_STATUS = 1,
  PROPERTY_EXPLAIN_STATUS,
  PROPERTY_VIEW,
  N_PROPERTIES,
};

enum
{
  SIGNAL_OPENED,
  SIGNAL_EXPLAINED,
  SIGNAL_PROBLEM,
  N_SIGNALS,
};

static GParamSpec *properties[N_PROPERTIES];
static guint signals[N_SIGNALS];

static void
shs_session_get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  ShsSession *self = SHS_SESSION (object);

  switch (id)
    {
    case PROPERTY_STATUS:
      g_value_set_string (value, self->status);
      break;
    case PROPERTY_EXPLAIN_STATUS:
      g_value_set_string (value, self->explain_status);
      break;
    case PROPERTY_VIEW:
      g_value_set_boxed (value, self->view);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, spec);
    }
}

static void
shs_session_finalize (GObject *object)
{
  ShsSession *self = SHS_SESSION (object);

  shs_progress_cancel (self->progress);
  g_clear_handle_id (&self->ticker, g_source_remove);
  g_clear_pointer (&self->progress, shs_progress_unref);
  g_clear_pointer (&self->exporting, shs_progress_unref);
  g_clear_pointer (&self->match, shs_column_match_unref);
  g_clear_error (&self->match_error);
  shs_opened_clear (&self->opened);
  g_clear_pointer (&self->view, shs_view_unref);
  g_clear_pointer (&self->done, g_ptr_array_unref);
  g_clear_pointer (&self->undone, g_ptr_array_unref);
  g_free (self->model_hash);
  g_free (self->data_hash);
  g_free (self->trained_metric);
  g_free (self->status);
  g_free (self->explain_status);
  g_free (self->failure);
  g_free (self->explain_rest);
  g_free (self->explained_choices);
  G_OBJECT_CLASS (shs_session_parent_class)->finalize (object);
}

static void
shs_session_class_init (ShsSessionClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = shs_session_get_property;
  object_class->finalize = shs_session_finalize;
  properties[PROPERTY_STATUS] = g_param_spec_string ("status", NULL, NULL, "empty", flags);
  properties[PROPERTY_EXPLAIN_STATUS]
      = g_param_spec_string ("explain-status", NULL, NULL, "idle", flags);
  properties[PROPERTY_VIEW] = g_param_spec_boxed ("view", NULL, NULL, SHS_TYPE_VIEW, flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  signals[SIGNAL_OPENED] = g_signal_new ("opened", SHS_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_EXPLAINED] = g_signal_new ("explained", SHS_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0,
                                            NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_PROBLEM] = g_signal_new ("problem", SHS_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
shs_session_init (ShsSession *self)
{
  self->view = shs_view_new ();
  self->done = g_ptr_array_new_with_free_func ((GDestroyNotify)shs_view_unref);
  self->undone = g_ptr_array_new_with_free_func ((GDestroyNotify)shs_view_unref);
  self->status = g_strdup ("empty");
  self->explain_status = g_strdup ("idle");
  self->explain_rest = g_strdup ("idle");
}

ShsSession *
shs_session_new (void)
{
  return g_object_new (SHS_TYPE_SESSION, NULL);
}

ShsModel *
shs_session_get_model (ShsSession *self)
{
  return self->opened.model;
}

ShsDataset *
shs_session_get_dataset (ShsSession *self)
{
  return self->opened.dataset;
}

ShsColumnMatch *
shs_session_get_match (ShsSession *self)
{
  return self->match;
}

ShsExplanation *
shs_session_get_explanation (ShsSession *self)
{
  return self->opened.explanation;
}

ShsDataset *
shs_session_get_explained_data (ShsSession *self)
{
  const ShsProvenance *provenance;

  if (self->opened.explanation == NULL || self->opened.dataset == NULL || self->data_hash == NULL)
    return NULL;
  provenance = &shs_explanation_get_parts (self->opened.explanation)->provenance;
  return g_strcmp0 (provenance->data_hash, self->data_hash) == 0 ? self->opened.dataset : NULL;
}

const char *
shs_session_get_model_path (ShsSession *self)
{
  return self->opened.model_path;
}

const char *
shs_session_get_data_path (ShsSession *self)
{
  return self->opened.data_path;
}

const char *
shs_session_get_explanation_path (ShsSession *self)
{
  return self->opened.explanation_path;
}

const char *
shs_session_get_offered_background (ShsSession *self)
{
  return self->opened.offered_path;
}

const GError *
shs_session_get_match_error (ShsSession *self)
{
  return self->match_error;
}

ShsView *
shs_session_get_view (ShsSession *self)
{
  return self->view;
}

void
shs_session_notify_status (ShsSession *self, gboolean explain, char *text)
{
  char **field = explain ? &self->explain_status : &self->status;

  if (g_str_equal (*field, text))
    {
      g_free (text);
      return;
    }
  g_free (*field);
  *field = text;
  g_object_notify_by_pspec (G_OBJECT (self),
                            properties[explain ? PROPERTY_EXPLAIN_STATUS : PROPERTY_STATUS]);
}

void
shs_session_report (ShsSession *self, const GError *error)
{
  g_signal_emit (self, signals[SIGNAL_PROBLEM], 0, error);
}

void
shs_session_set_view (ShsSession *self, ShsView *view)
{
  g_autoptr (ShsView) former = g_steal_pointer (&self->view);

  self->view = view;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROPERTY_VIEW]);
}

void
shs_session_forget_steps (ShsSession *self)
{
  g_ptr_array_set_size (self->done, 0);
  g_ptr_array_set_size (self->undone, 0);
}

/* The model with as many rounds as the view asks for. */
static ShsModel *
limit_model (ShsSession *self, GError **error)
{
  const ShsModelParts *parts = shs_model_get_parts (self->opened.model);
  const char *trees = self->view->trees;
  guint64 n_rounds;

  if (trees[0] == '\0')
    return shs_model_ref (self->opened.model);
  if (g_str_equal (trees, "best"))
    {
      if (parts->best_round < 0)
        {
          g_set_error (
              error, SHS_ERROR, SHS_ERROR_CHOICE,
              "%s tells of no best iteration; give a number of rounds up to %" G_GSIZE_FORMAT,
              shs_model_get_name (self->opened.model), parts->n_rounds);
          return NULL;
        }
      n_rounds = (guint64)parts->best_round + 1;
    }
  else if (!g_ascii_string_to_unsigned (trees, 10, 1, MAX (1, parts->n_rounds), &n_rounds, NULL))
    {
      g_set_error (error, SHS_ERROR, SHS_ERROR_CHOICE,
                   "\"%s\" is no number of rounds; %s has 1 to %" G_GSIZE_FORMAT
                   " of them, or write best",
                   trees, shs_model_get_name (self->opened.model), parts->n_rounds);
      return NULL;
    }
  return shs_model_limit (self->opened.model, n_rounds, error);
}

void
shs_session_update_match (ShsSession *self)
{
  const char *target = self->view->target;
  g_autoptr (ShsModel) model = NULL;

  g_clear_pointer (&self->match, shs_column_match_unref);
  g_clear_error (&self->match_error);
  if (self->opened.model == NULL || self->opened.dataset == NULL)
    return;
  model = limit_model (self, &self->match_error);
  if (model != NULL)
    self->match = shs_column_match_new (model, self->opened.dataset,
                                        target[0] != '\0' ? target : NULL, &self->match_error);
}

void
shs_session_take_opened (ShsSession *self, ShsOpened *opened)
{
  g_autoptr (ShsExplanation) explanation = g_steal_pointer (&opened->explanation);
  g_autoptr (ShsExplanation) former = g_steal_pointer (&self->opened.explanation);
  ShsView *view = shs_view_copy (self->view);

  shs_opened_clear (&self->opened);
  self->opened = *opened;
  *opened = (ShsOpened){ 0 };
  self->opened.explanation = g_steal_pointer (&former);
  g_clear_pointer (&self->model_hash, g_free);
  g_clear_pointer (&self->data_hash, g_free);
  g_clear_pointer (&self->trained_metric, g_free);
  g_clear_pointer (&self->failure, g_free);
  g_clear_pointer (&self->explained_choices, g_free);

  shs_view_set_text (&view->trees, "");
  shs_view_set_text (&view->rows, "");
  shs_view_set_text (&view->background, "");
  view->background_kind = SHS_BACKGROUND_NONE;
  shs_view_set_text (&view->target, self->opened.target != NULL ? self->opened.target : "");
  shs_session_set_view (self, view);
  shs_session_forget_steps (self);
  shs_session_update_match (self);
  shs_session_rest_explain (self, explanation != NULL ? "done" : "idle");
  g_signal_emit (self, signals[SIGNAL_OPENED], 0);
  shs_session_take_explanation (self, g_steal_pointer (&explanation));
  shs_session_refresh (self);
}

gssize
shs_session_find_first_feature (ShsSession *self, gsize output)
{
  ShsExplanation *explanation = self->opened.explanation;
  gsize n_features = explanation != NULL ? shs_explanation_get_n_features (explanation) : 0;
  g_autofree gsize *order = g_try_new (gsize, MAX (1, n_features));

  if (order == NULL || n_features == 0 || !shs_explanation_order (explanation, output, order, NULL))
    return -1;
  return (gssize)order[0];
}

/* What a person looks at first: the most important feature, and the first row. */
static ShsView *
make_first_view (ShsSession *self)
{
  ShsExplanation *explanation = self->opened.explanation;
  ShsView *view = shs_view_copy (self->view);

  g_clear_pointer (&view->selected, g_bytes_unref);
  view->row = explanation != NULL && shs_explanation_get_n_rows (explanation) > 0 ? 0 : -1;
  if (explanation != NULL && view->output >= shs_explanation_get_n_outputs (explanation))
    view->output = 0;
  view->feature = shs_session_find_first_feature (self, view->output);
  view->partner = -1;
  view->feature_is_chosen = FALSE;
  return view;
}

static gboolean
looks_alike (ShsExplanation *a, ShsExplanation *b)
{
  return a != NULL && b != NULL && shs_explanation_get_n_rows (a) == shs_explanation_get_n_rows (b)
         && shs_explanation_get_n_features (a) == shs_explanation_get_n_features (b)
         && shs_explanation_get_n_outputs (a) == shs_explanation_get_n_outputs (b);
}

void
shs_session_take_explanation (ShsSession *self, ShsExplanation *explanation)
{
  g_autoptr (ShsExplanation) former = g_steal_pointer (&self->opened.explanation);
  ShsView *view = NULL;

  self->opened.explanation = explanation;
  if (!looks_alike (former, explanation))
    {
      view = make_first_view (self);
      shs_session_forget_steps (self);
    }
  /* The view must fit before anybody draws the new explanation with it. */
  if (view != NULL)
    shs_session_set_view (self, view);
  g_signal_emit (self, signals[SIGNAL_EXPLAINED], 0);
}

gboolean
shs_session_open (ShsSession *self, const char *const *paths, ShsProgress *progress, GError **error)
{
  g_auto (ShsOpened) opened = { 0 };

  if (!shs_open_files (paths, 0, progress, &opened, error))
    return FALSE;
  if (opened.offered_path != NULL)
    {
      g_set_error (
          error, SHS_ERROR, SHS_ERROR_CHOICE,
          opened.model == NULL && self->opened.model == NULL
              ? "%s is a second data file, and the model is missing; open a model and a data file"
              : "%s is a second data file; open one at a time, and choose the other as background",
          opened.offered_path);
      return FALSE;
    }
  shs_open_complete (&opened, &self->opened, NULL);
  shs_session_take_opened (self, &opened);
  if (self->match_error == NULL)
    return TRUE;
  if (error != NULL)
    *error = g_error_copy (self->match_error);
  return FALSE;
}

gboolean
shs_session_explain (ShsSession *self, const ShsExplainOptions *options, ShsProgress *progress,
                     GError **error)
{
  g_autoptr (ShsExplainJob) job = shs_session_make_job (self, options, error);
  ShsExplanation *explanation;

  if (job == NULL)
    return FALSE;
  explanation = shs_explain_job_run (job, progress, error);
  if (explanation == NULL)
    return FALSE;
  shs_session_keep_facts (self, job);
  shs_session_take_explanation (self, explanation);
  shs_session_rest_explain (self, "done");
  return TRUE;
}

static gboolean
need_explanation (ShsSession *self, GError **error)
{
  if (self->opened.explanation != NULL)
    return TRUE;
  g_set_error (error, SHS_ERROR, SHS_ERROR_CHOICE,
               "There is no explanation yet; explain the model first");
  return FALSE;
}

gboolean
shs_session_save_explanation (ShsSession *self, const char *path, ShsProgress *progress,
                              GError **error)
{
  return need_explanation (self, error)
         && shs_explanation_save (self->opened.explanation, path, progress, error);
}

gboolean
shs_session_export_figure (ShsSession *self, ShsPlace place, const char *path, double width,
                           double height, double dpi, GError **error)
{
  g_autoptr (ShsPlotOptions) options = shs_view_get_figure (self->view, place);
  ShsFigureOptions figure = SHS_FIGURE_OPTIONS_DEFAULTS;

  if (!need_explanation (self, error))
    return FALSE;
  if (dpi > 0)
    figure.dpi = dpi;
  return shs_figure_export (self->opened.explanation, options, width, height, &figure, path, error);
}
