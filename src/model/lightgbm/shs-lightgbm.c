#include "model/lightgbm/shs-lightgbm.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "model/lightgbm/shs-lightgbm-document.h"

#include <math.h>
#include <string.h>

gboolean
shs_lightgbm_is_text (const guint8 *head, gsize length)
{
  static const char *const beginnings[]
      = { "tree\nversion=", "tree\r\nversion=", "tree\nnum_class=", "tree\r\nnum_class=" };

  for (gsize i = 0; i < G_N_ELEMENTS (beginnings); i++)
    if (length >= strlen (beginnings[i])
        && memcmp (head, beginnings[i], strlen (beginnings[i])) == 0)
      return TRUE;
  return FALSE;
}

gboolean
shs_lightgbm_is_dump (const guint8 *head, gsize length)
{
  static const char *const keys[] = { "\"average_output\"", "\"num_tree_per_iteration\"" };
  const char *first = memmem (head, MIN (length, 24), "\"name\"", 6);

  if (first != NULL && memmem (head, MIN (length, 40), "\"tree\"", 6) != NULL)
    return TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    if (memmem (head, MIN (length, 40), keys[i], strlen (keys[i])) != NULL)
      return TRUE;
  return FALSE;
}

void
shs_lightgbm_clear (ShsLightgbm *self)
{
  g_free (self->version);
  g_free (self->objective);
  g_strfreev (self->feature_names);
  shs_free (self->top_category);
  shs_free (self->top_number);
  g_clear_pointer (&self->dictionaries, g_ptr_array_unref);
  shs_tree_builder_free (self->builder);
}

void
shs_lightgbm_set_invalid (const ShsLightgbm *self, GError **error, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_autofree char *what = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (error, SHS_ERROR, SHS_ERROR_INVALID,
               "%s: %s; the file is damaged or was edited: save the model again with "
               "booster.save_model(\"model.txt\")",
               self->name, what);
}

static const char *
find_fault (const ShsLightgbm *self)
{
  if (self->n_outputs == 0)
    return "num_tree_per_iteration (or num_class) is missing";
  if (self->n_outputs > SHS_LIGHTGBM_MAX_OUTPUTS)
    return "num_tree_per_iteration is impossible";
  if (self->n_features == 0)
    return "max_feature_idx is missing";
  if (self->n_features > SHS_LIGHTGBM_MAX_FEATURES)
    return "max_feature_idx is impossible";
  if (self->feature_names == NULL)
    return "feature_names is missing";
  if (g_strv_length (self->feature_names) != self->n_features)
    return "feature_names has not as many names as max_feature_idx says";
  if (self->n_trees % self->n_outputs != 0)
    return "the trees do not make whole iterations";
  return NULL;
}

gboolean
shs_lightgbm_start_trees (ShsLightgbm *self, GError **error)
{
  const char *fault = find_fault (self);

  if (fault != NULL)
    {
      shs_lightgbm_set_invalid (self, error, "%s", fault);
      return FALSE;
    }
  if (self->version == NULL || strlen (self->version) != 2
      || strchr ("234", self->version[1]) == NULL || self->version[0] != 'v')
    {
      g_set_error (error, SHS_ERROR, SHS_ERROR_UNSUPPORTED,
                   "%s is a LightGBM model of an unknown format; v2, v3 and v4 can be opened: load "
                   "it with the LightGBM that wrote it and save it with a newer one",
                   self->name);
      return FALSE;
    }
  self->top_category = shs_alloc (self->n_features, sizeof *self->top_category, error);
  self->top_number = shs_alloc (self->n_features, sizeof *self->top_number, error);
  if (self->top_category == NULL || self->top_number == NULL)
    return FALSE;
  for (gsize j = 0; j < self->n_features; j++)
    {
      self->top_category[j] = -1;
      self->top_number[j] = INFINITY;
    }
  self->builder = shs_tree_builder_new (self->n_features, self->n_outputs, 1, SHS_TREE_CAST_DOUBLE);
  shs_tree_builder_set_file_size (self->builder, g_bytes_get_size (self->bytes));
  return TRUE;
}

void
shs_lightgbm_note_category (ShsLightgbm *self, gint32 feature, gint32 category)
{
  if (feature >= 0 && (gsize)feature < self->n_features)
    self->top_category[feature] = MAX (self->top_category[feature], category);
}

void
shs_lightgbm_note_range (ShsLightgbm *self, gint32 feature, double least, double most)
{
  gboolean may_be_codes = least >= 0 && least == floor (least) && most == floor (most);

  if (feature >= 0 && (gsize)feature < self->n_features)
    self->top_number[feature] = may_be_codes ? most : INFINITY;
}

void
shs_lightgbm_note_constant (ShsLightgbm *self, gint32 feature)
{
  if (feature >= 0 && (gsize)feature < self->n_features)
    self->top_number[feature] = -1;
}

/* The library takes a value within the zero band as 0 before it compares, so a threshold inside
 * the band parts what is below the band from the rest, or the rest from what is above it. */
static double
clear_zero_band (double threshold)
{
  if (threshold >= 0 && threshold < SHS_LIGHTGBM_ZERO)
    return SHS_LIGHTGBM_ZERO;
  if (threshold < 0 && threshold >= -SHS_LIGHTGBM_ZERO)
    return nextafter (-SHS_LIGHTGBM_ZERO, -INFINITY);
  return threshold;
}

void
shs_lightgbm_set_numeric (ShsTreeNode *node, double threshold, ShsLightgbmMissing missing,
                          gboolean default_left)
{
  static const guint flags[] = {
    [SHS_LIGHTGBM_MISSING_NONE] = SHS_MISSING_NAN_IS_ZERO,
    [SHS_LIGHTGBM_MISSING_ZERO] = SHS_MISSING_NAN_IS_ZERO | SHS_MISSING_ZERO,
    [SHS_LIGHTGBM_MISSING_NAN] = SHS_MISSING_NAN,
  };

  node->split = SHS_SPLIT_LESS_EQUAL;
  node->threshold = clear_zero_band (threshold);
  node->missing = flags[missing] | (default_left ? SHS_MISSING_LEFT : 0);
}

gboolean
shs_lightgbm_set_categories (ShsLightgbm *self, ShsTreeNode *node, const gint32 *categories,
                             gsize n, GError **error)
{
  gint32 largest = 0;

  for (gsize i = 0; i < n; i++)
    largest = MAX (largest, categories[i]);
  node->split = SHS_SPLIT_IN_SET;
  node->missing = SHS_CATEGORY_TRUNCATES;
  node->set = shs_tree_builder_add_set (self->builder, categories, n, error);
  if (node->set < 0)
    g_prefix_error (error, "%s: ", self->name);
  shs_lightgbm_note_category (self, node->feature, largest);
  return node->set >= 0;
}

gboolean
shs_lightgbm_add_tree (ShsLightgbm *self, const ShsTreeNode *nodes, gsize n_nodes,
                       const ShsTreeLinearLeaf *linear, GError **error)
{
  gsize output = self->n_trees_read % self->n_outputs;
  gsize n_rounds = MAX (self->n_trees / self->n_outputs, 1);
  double weight = self->is_average ? 1.0 / (double)n_rounds : 1;

  if (self->n_trees_read >= self->n_trees)
    {
      shs_lightgbm_set_invalid (self, error,
                                "there are more than the %" G_GSIZE_FORMAT " trees "
                                "that were counted",
                                self->n_trees);
      return FALSE;
    }
  if (linear != NULL
          ? !shs_tree_builder_add_linear_tree (self->builder, nodes, n_nodes, linear, output,
                                               weight, error)
          : !shs_tree_builder_add_tree (self->builder, nodes, n_nodes, NULL, output, weight, error))
    {
      g_prefix_error (error, "%s: ", self->name);
      return FALSE;
    }
  self->n_trees_read++;
  return shs_progress_check (self->progress, error);
}

static ShsModel *
make_model (ShsLightgbm *self, const char *model_name, GError **error)
{
  g_auto (ShsModelParts) parts = { .library = "LightGBM", .best_round = -1 };

  if (self->n_trees_read != self->n_trees)
    {
      shs_lightgbm_set_invalid (self, error,
                                "%" G_GSIZE_FORMAT " trees are there of %" G_GSIZE_FORMAT,
                                self->n_trees_read, self->n_trees);
      return NULL;
    }
  parts.n_outputs = self->n_outputs;
  if (!shs_lightgbm_apply_objective (self, &parts, error)
      || !shs_lightgbm_apply_features (self, &parts, error))
    return NULL;
  parts.ensemble = shs_tree_builder_finish (g_steal_pointer (&self->builder), error);
  if (parts.ensemble == NULL)
    return NULL;
  /* Half of a forest is not the mean of its trees, so a forest cannot be cut. */
  parts.n_rounds = self->is_average ? 1 : self->n_trees / self->n_outputs;
  parts.trees_per_round = self->is_average ? self->n_trees : self->n_outputs;
  parts.version = g_strdup (self->version);
  return shs_model_new (model_name, &parts);
}

ShsModel *
shs_lightgbm_parse (const char *name, const char *model_name, GBytes *bytes, ShsProgress *progress,
                    GError **error)
{
  g_auto (ShsLightgbm) self = { .name = name, .progress = progress, .bytes = bytes };
  gsize size;
  const guint8 *head = g_bytes_get_data (bytes, &size);

  shs_progress_start (progress, size);
  if (shs_lightgbm_is_text (head, size) ? !shs_lightgbm_read_text (&self, error)
                                        : !shs_lightgbm_read_dump (&self, error))
    return NULL;
  return make_model (&self, model_name, error);
}
