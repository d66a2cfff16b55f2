#include "app/shs-feature-model.h"

#include <string.h>

#include "core/shs-number.h"

struct _ShsFeatureItem
{
  GObject parent;
  char *name;
  char *value;
  double share;
};

static guint changed_signal;

G_DEFINE_FINAL_TYPE (ShsFeatureItem, shs_feature_item, G_TYPE_OBJECT)

const char *
shs_feature_item_get_name (ShsFeatureItem *self)
{
  return self->name;
}

const char *
shs_feature_item_get_value (ShsFeatureItem *self)
{
  return self->value;
}

double
shs_feature_item_get_share (ShsFeatureItem *self)
{
  return self->share;
}

static void
shs_feature_item_finalize (GObject *object)
{
  g_free (SHS_FEATURE_ITEM (object)->name);
  g_free (SHS_FEATURE_ITEM (object)->value);
  G_OBJECT_CLASS (shs_feature_item_parent_class)->finalize (object);
}

static void
shs_feature_item_class_init (ShsFeatureItemClass *class)
{
  G_OBJECT_CLASS (class)->finalize = shs_feature_item_finalize;
  changed_signal = g_signal_new ("changed", SHS_TYPE_FEATURE_ITEM, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 0);
}

static void
shs_feature_item_init (ShsFeatureItem *self)
{
}

/**
 * @order: features, most important first; @shown: those of them that pass the filter
 */
struct _ShsFeatureModel
{
  ShsIndexList parent;
  ShsSession *session;
  ShsExplanation *explanation;
  gsize output;
  gsize n_features;
  gsize *order;
  gsize *shown;
  gsize n_shown;
  ShsFeatureSummary *summaries;
  char *filter;
  gssize feature;
};

G_DEFINE_FINAL_TYPE (ShsFeatureModel, shs_feature_model, SHS_TYPE_INDEX_LIST)

static void
apply_filter (ShsFeatureModel *self)
{
  g_autofree char *part = g_utf8_casefold (self->filter, -1);

  self->n_shown = 0;
  for (gsize i = 0; i < self->n_features; i++)
    {
      const char *name = shs_explanation_get_column (self->explanation, self->order[i])->name;
      g_autofree char *folded = g_utf8_casefold (name, -1);

      if (strstr (folded, part) != NULL)
        self->shown[self->n_shown++] = self->order[i];
    }
  shs_index_list_fill (SHS_INDEX_LIST (self), self->n_shown);
}

static void
drop_features (ShsFeatureModel *self)
{
  self->n_shown = 0;
  self->n_features = 0;
  g_clear_pointer (&self->order, g_free);
  g_clear_pointer (&self->shown, g_free);
  g_clear_pointer (&self->summaries, g_free);
  g_clear_pointer (&self->explanation, shs_explanation_unref);
}

static void
explanation_changed (ShsFeatureModel *self)
{
  ShsExplanation *explanation = shs_session_get_explanation (self->session);
  gsize output = shs_session_get_view (self->session)->output;
  gsize n;

  if (explanation == self->explanation && output == self->output)
    return;
  drop_features (self);
  self->output = output;
  if (explanation == NULL)
    {
      shs_index_list_fill (SHS_INDEX_LIST (self), 0);
      return;
    }
  n = MAX (shs_explanation_get_n_features (explanation), 1);
  self->explanation = shs_explanation_ref (explanation);
  self->order = g_new0 (gsize, n);
  self->shown = g_new0 (gsize, n);
  self->summaries = g_new0 (ShsFeatureSummary, n);
  if (shs_explanation_order (explanation, output, self->order, NULL)
      && shs_explanation_summarise (explanation, output, self->summaries, NULL, NULL))
    self->n_features = shs_explanation_get_n_features (explanation);
  apply_filter (self);
}

static void
view_changed (ShsFeatureModel *self)
{
  gssize feature = shs_session_get_view (self->session)->feature;

  explanation_changed (self);
  if (feature == self->feature)
    return;
  self->feature = feature;
  shs_index_list_selection_changed (SHS_INDEX_LIST (self), 0, G_MAXSIZE);
}

ShsFeatureModel *
shs_feature_model_new (ShsSession *session)
{
  ShsFeatureModel *self = g_object_new (SHS_TYPE_FEATURE_MODEL, NULL);

  self->session = g_object_ref (session);
  g_signal_connect_object (session, "explained", G_CALLBACK (explanation_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::view", G_CALLBACK (view_changed), self,
                           G_CONNECT_SWAPPED);
  view_changed (self);
  return self;
}

void
shs_feature_model_filter (ShsFeatureModel *self, const char *text)
{
  if (g_strcmp0 (text, self->filter) == 0)
    return;
  g_free (self->filter);
  self->filter = g_strdup (text);
  if (self->explanation != NULL)
    apply_filter (self);
}

static void
shs_feature_model_fill_item (ShsIndexList *list, gpointer data, gsize position)
{
  ShsFeatureModel *self = SHS_FEATURE_MODEL (list);
  ShsFeatureItem *item = data;
  double largest = self->summaries[self->order[0]].mean_absolute;
  double value = self->summaries[self->shown[position]].mean_absolute;

  g_free (item->name);
  g_free (item->value);
  item->name
      = g_strdup (shs_explanation_get_column (self->explanation, self->shown[position])->name);
  item->value = shs_number_format (
      value, (ShsNumberStyle){ shs_number_decimals (largest, 3), FALSE, FALSE, TRUE });
  item->share = largest > 0 ? value / largest : 0;
  g_signal_emit (item, changed_signal, 0);
}

static gboolean
shs_feature_model_is_chosen (ShsIndexList *list, gsize position)
{
  ShsFeatureModel *self = SHS_FEATURE_MODEL (list);

  return (gssize)self->shown[position] == self->feature;
}

/* One feature is picked; there is no picking of none or several. */
static gboolean
shs_feature_model_choose (ShsIndexList *list, gsize first, gsize n, gboolean is_chosen,
                          gboolean clears)
{
  ShsFeatureModel *self = SHS_FEATURE_MODEL (list);
  ShsView *view;

  if (n != 1 || !is_chosen)
    return FALSE;
  view = shs_view_copy (shs_session_get_view (self->session));
  view->feature = (gssize)self->shown[first];
  shs_session_change (self->session, view);
  return TRUE;
}

static void
shs_feature_model_dispose (GObject *object)
{
  ShsFeatureModel *self = SHS_FEATURE_MODEL (object);

  g_clear_object (&self->session);
  G_OBJECT_CLASS (shs_feature_model_parent_class)->dispose (object);
  drop_features (self);
  g_clear_pointer (&self->filter, g_free);
}

static void
shs_feature_model_class_init (ShsFeatureModelClass *class)
{
  ShsIndexListClass *list_class = SHS_INDEX_LIST_CLASS (class);

  list_class->get_item_type = shs_feature_item_get_type;
  list_class->fill_item = shs_feature_model_fill_item;
  list_class->is_chosen = shs_feature_model_is_chosen;
  list_class->choose = shs_feature_model_choose;
  G_OBJECT_CLASS (class)->dispose = shs_feature_model_dispose;
}

static void
shs_feature_model_init (ShsFeatureModel *self)
{
  self->feature = -1;
  self->filter = g_strdup ("");
}
