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
  GObject parent;
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

static void shs_feature_model_list_init (GListModelInterface *interface);
static void shs_feature_model_selection_init (GtkSelectionModelInterface *interface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ShsFeatureModel, shs_feature_model, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      shs_feature_model_list_init)
                                   G_IMPLEMENT_INTERFACE (GTK_TYPE_SELECTION_MODEL,
                                                          shs_feature_model_selection_init))

/* @old_n: features that the list told of before */
static void
apply_filter (ShsFeatureModel *self, gsize old_n)
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
  g_list_model_items_changed (G_LIST_MODEL (self), 0, (guint)old_n, (guint)self->n_shown);
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
  gsize old_n = self->n_shown, n;

  if (explanation == self->explanation && output == self->output)
    return;
  drop_features (self);
  self->output = output;
  if (explanation == NULL)
    {
      if (old_n > 0)
        g_list_model_items_changed (G_LIST_MODEL (self), 0, (guint)old_n, 0);
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
  apply_filter (self, old_n);
}

static void
view_changed (ShsFeatureModel *self)
{
  gssize feature = shs_session_get_view (self->session)->feature;

  explanation_changed (self);
  if (feature == self->feature)
    return;
  self->feature = feature;
  if (self->n_shown > 0)
    gtk_selection_model_selection_changed (GTK_SELECTION_MODEL (self), 0, (guint)self->n_shown);
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
    apply_filter (self, self->n_shown);
}

static GType
shs_feature_model_get_item_type (GListModel *list)
{
  return SHS_TYPE_FEATURE_ITEM;
}

static guint
shs_feature_model_get_n_items (GListModel *list)
{
  return (guint)SHS_FEATURE_MODEL (list)->n_shown;
}

static gpointer
shs_feature_model_get_item (GListModel *list, guint position)
{
  ShsFeatureModel *self = SHS_FEATURE_MODEL (list);
  ShsFeatureItem *item;
  double largest, value;

  if (position >= self->n_shown)
    return NULL;
  largest = self->summaries[self->order[0]].mean_absolute;
  value = self->summaries[self->shown[position]].mean_absolute;
  item = g_object_new (SHS_TYPE_FEATURE_ITEM, NULL);
  item->name
      = g_strdup (shs_explanation_get_column (self->explanation, self->shown[position])->name);
  item->value = shs_number_format (
      value, (ShsNumberStyle){ shs_number_decimals (largest, 3), FALSE, FALSE, TRUE });
  item->share = largest > 0 ? value / largest : 0;
  return item;
}

static void
shs_feature_model_list_init (GListModelInterface *interface)
{
  interface->get_item_type = shs_feature_model_get_item_type;
  interface->get_n_items = shs_feature_model_get_n_items;
  interface->get_item = shs_feature_model_get_item;
}

static gboolean
shs_feature_model_is_selected (GtkSelectionModel *model, guint position)
{
  ShsFeatureModel *self = SHS_FEATURE_MODEL (model);

  return position < self->n_shown && (gssize)self->shown[position] == self->feature;
}

static GtkBitset *
shs_feature_model_get_selection_in_range (GtkSelectionModel *model, guint position, guint n)
{
  GtkBitset *bits = gtk_bitset_new_empty ();

  for (guint i = position; i < position + n; i++)
    if (shs_feature_model_is_selected (model, i))
      gtk_bitset_add (bits, i);
  return bits;
}

static gboolean
shs_feature_model_select_item (GtkSelectionModel *model, guint position, gboolean unselect_rest)
{
  ShsFeatureModel *self = SHS_FEATURE_MODEL (model);
  ShsView *view;

  if (position >= self->n_shown)
    return FALSE;
  view = shs_view_copy (shs_session_get_view (self->session));
  view->feature = (gssize)self->shown[position];
  shs_session_change (self->session, view);
  return TRUE;
}

static void
shs_feature_model_selection_init (GtkSelectionModelInterface *interface)
{
  interface->is_selected = shs_feature_model_is_selected;
  interface->get_selection_in_range = shs_feature_model_get_selection_in_range;
  interface->select_item = shs_feature_model_select_item;
}

static void
shs_feature_model_dispose (GObject *object)
{
  ShsFeatureModel *self = SHS_FEATURE_MODEL (object);

  self->n_shown = 0;
  drop_features (self);
  g_clear_object (&self->session);
  g_clear_pointer (&self->filter, g_free);
  G_OBJECT_CLASS (shs_feature_model_parent_class)->dispose (object);
}

static void
shs_feature_model_class_init (ShsFeatureModelClass *class)
{
  G_OBJECT_CLASS (class)->dispose = shs_feature_model_dispose;
}

static void
shs_feature_model_init (ShsFeatureModel *self)
{
  self->feature = -1;
  self->filter = g_strdup ("");
}
