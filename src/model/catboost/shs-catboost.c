#include "model/catboost/shs-catboost.h"

#include "core/shs-error.h"
#include "core/shs-i18n.h"
#include "core/shs-memory.h"
#include "model/catboost/shs-catboost-document.h"

#include <string.h>

gboolean
shs_catboost_is_binary (const guint8 *head, gsize length)
{
  return length >= 4 && memcmp (head, "CBM1", 4) == 0;
}

/* The first key tells; blanks may stand before it. */
gboolean
shs_catboost_is_json (const guint8 *head, gsize length)
{
  static const char *const keys[]
      = { "\"ctr_data\"", "\"features_info\"", "\"oblivious_trees\"", "\"scale_and_bias\"" };

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    if (memmem (head, MIN (length, 40), keys[i], strlen (keys[i])) != NULL)
      return TRUE;
  return memmem (head, MIN (length, 40), "\"model_info\"", 12) != NULL
         && memmem (head, length, "catboost", 8) != NULL;
}

void
shs_catboost_clear (ShsCatboost *self)
{
  for (gsize i = 0; i < self->n_floats; i++)
    {
      g_free (self->floats[i].name);
      shs_free (self->floats[i].borders);
    }
  for (gsize i = 0; i < self->n_categories; i++)
    g_free (self->categories[i].name);
  for (gsize i = 0; i < self->n_one_hots; i++)
    shs_free (self->one_hots[i].values);
  for (gsize i = 0; i < self->n_ctrs; i++)
    {
      g_free (self->ctrs[i].key);
      g_free (self->ctrs[i].elements);
      shs_free (self->ctrs[i].borders);
    }
  shs_free (self->floats);
  shs_free (self->categories);
  shs_free (self->one_hots);
  shs_free (self->ctrs);
  shs_free (self->known);
  shs_free (self->splits);
  shs_free (self->bias);
  g_clear_pointer (&self->tables, g_hash_table_unref);
  g_clear_pointer (&self->float_places, g_hash_table_unref);
  g_clear_pointer (&self->category_places, g_hash_table_unref);
  g_free (self->version);
  g_free (self->loss);
  g_free (self->loss_alpha);
  g_strfreev (self->class_names);
  shs_tree_builder_free (self->builder);
  shs_feature_map_unref (self->map);
}

void
shs_catboost_set_invalid (const ShsCatboost *self, GError **error, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_autofree char *what = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (error, SHS_ERROR, SHS_ERROR_INVALID,
               "%s: %s; the file is damaged or was edited: save the model again with "
               "model.save_model(\"model.cbm\")",
               self->name, what);
}

void
shs_catboost_set_refused (const ShsCatboost *self, const char *kind, GError **error)
{
  g_set_error (error, SHS_ERROR, SHS_ERROR_UNSUPPORTED,
               "%s uses %s features, which this version cannot compute; train the model without "
               "them, or with numbers made of them beforehand",
               self->name, kind);
}

gpointer
shs_catboost_grow (gpointer array, gsize n, gsize *n_allocated, gsize element_size, GError **error)
{
  if (n == *n_allocated)
    {
      gsize n_more = MAX (16, n + n / 2);

      array = shs_realloc (array, n, n_more, element_size, error);
      if (array == NULL)
        return NULL;
      *n_allocated = n_more;
    }
  memset ((char *)array + n * element_size, 0, element_size);
  return array;
}

ShsCatboostFloat *
shs_catboost_add_float (ShsCatboost *self, GError **error)
{
  ShsCatboostFloat *floats = shs_catboost_grow (self->floats, self->n_floats,
                                                &self->floats_allocated, sizeof *floats, error);

  if (floats == NULL)
    return NULL;
  self->floats = floats;
  floats[self->n_floats].index = floats[self->n_floats].column = -1;
  return &floats[self->n_floats++];
}

ShsCatboostCategory *
shs_catboost_add_category (ShsCatboost *self, GError **error)
{
  ShsCatboostCategory *categories = shs_catboost_grow (
      self->categories, self->n_categories, &self->categories_allocated, sizeof *categories, error);

  if (categories == NULL)
    return NULL;
  self->categories = categories;
  categories[self->n_categories].index = categories[self->n_categories].column = -1;
  return &categories[self->n_categories++];
}

ShsCatboostCtr *
shs_catboost_add_ctr (ShsCatboost *self, GError **error)
{
  ShsCatboostCtr *ctrs
      = shs_catboost_grow (self->ctrs, self->n_ctrs, &self->ctrs_allocated, sizeof *ctrs, error);

  if (ctrs == NULL)
    return NULL;
  self->ctrs = ctrs;
  ctrs[self->n_ctrs].prior_denominator = 1;
  ctrs[self->n_ctrs].scale = 1;
  return &ctrs[self->n_ctrs++];
}

ShsCatboostOneHot *
shs_catboost_add_one_hot (ShsCatboost *self, GError **error)
{
  ShsCatboostOneHot *one_hots = shs_catboost_grow (
      self->one_hots, self->n_one_hots, &self->one_hots_allocated, sizeof *one_hots, error);

  if (one_hots == NULL)
    return NULL;
  self->one_hots = one_hots;
  one_hots[self->n_one_hots].index = -1;
  return &one_hots[self->n_one_hots++];
}

gboolean
shs_catboost_add_known (ShsCatboost *self, gint32 hash, GError **error)
{
  gint32 *known = shs_catboost_grow (self->known, self->n_known, &self->known_allocated,
                                     sizeof *known, error);

  if (known == NULL)
    return FALSE;
  self->known = known;
  known[self->n_known++] = hash;
  return TRUE;
}

void
shs_catboost_add_table (ShsCatboost *self, const char *key, ShsCatboostTable *table)
{
  if (self->tables == NULL)
    self->tables = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                          (GDestroyNotify)shs_catboost_table_unref);
  g_hash_table_insert (self->tables, g_strdup (key), table);
}

gboolean
shs_catboost_start_trees (ShsCatboost *self, gsize n_outputs, GError **error)
{
  gsize n_features
      = self->map != NULL ? shs_feature_map_get_n_features (self->map) : self->n_columns;

  if (self->builder != NULL && n_outputs == self->n_outputs)
    return TRUE;
  if (self->builder != NULL || n_outputs == 0 || n_outputs > SHS_CATBOOST_MAX_OUTPUTS)
    {
      shs_catboost_set_invalid (self, error,
                                "tree %" G_GSIZE_FORMAT " has %" G_GSIZE_FORMAT
                                " values per leaf, which cannot be",
                                self->n_trees, n_outputs);
      return FALSE;
    }
  self->n_outputs = n_outputs;
  self->builder = shs_tree_builder_new (n_features, n_outputs, n_outputs, SHS_TREE_CAST_FLOAT);
  return self->map == NULL || shs_feature_map_set_players (self->map, self->builder, error);
}

static gboolean
set_bias (ShsCatboost *self, GError **error)
{
  SHS_AUTOFREE double *base = shs_alloc0 (self->n_outputs, sizeof *base, error);
  gboolean fits = self->n_bias == self->n_outputs || self->n_bias == 0
                  || (self->n_bias == 1 && self->bias[0] == 0);

  if (base == NULL)
    return FALSE;
  if (!fits)
    {
      shs_catboost_set_invalid (
          self, error, "there are %" G_GSIZE_FORMAT " biases for %" G_GSIZE_FORMAT " outputs",
          self->n_bias, self->n_outputs);
      return FALSE;
    }
  for (gsize k = 0; k < self->n_bias && self->n_bias == self->n_outputs; k++)
    base[k] = self->bias[k];
  shs_tree_builder_set_base (self->builder, base);
  return TRUE;
}

/* A model may have no trees left ("use_best_model" can cut all of them): it is its bias. */
static gboolean
finish_trees (ShsCatboost *self, GError **error)
{
  if (!self->has_trees)
    {
      shs_catboost_set_invalid (self, error, "there are no trees");
      return FALSE;
    }
  if (self->builder == NULL && !shs_catboost_start_trees (self, MAX (1, self->n_bias), error))
    return FALSE;
  return set_bias (self, error);
}

static ShsModel *
make_model (ShsCatboost *self, const char *model_name, GError **error)
{
  g_auto (ShsModelParts) parts = { .library = "CatBoost", .best_round = -1 };

  if (!finish_trees (self, error))
    return NULL;
  parts.n_outputs = self->n_outputs;
  if (!shs_catboost_apply_objective (self, &parts, error)
      || !shs_catboost_apply_features (self, &parts, error))
    return NULL;
  parts.ensemble = shs_tree_builder_finish (g_steal_pointer (&self->builder), error);
  if (parts.ensemble == NULL)
    return NULL;
  parts.map = g_steal_pointer (&self->map);
  parts.n_rounds = self->n_trees;
  parts.trees_per_round = 1;
  parts.version = g_strdup (self->version);
  return shs_model_new (model_name, &parts);
}

ShsModel *
shs_catboost_parse (const char *name, const char *model_name, GBytes *bytes, ShsProgress *progress,
                    GError **error)
{
  g_auto (ShsCatboost) self = { .name = name, .progress = progress, .bytes = bytes, .scale = 1 };
  gsize size;
  const guint8 *head = g_bytes_get_data (bytes, &size);

  shs_progress_start (progress, size);
  if (shs_catboost_is_binary (head, size) ? !shs_catboost_read_binary (&self, error)
                                          : !shs_catboost_read_json (&self, error))
    return NULL;
  return make_model (&self, model_name, error);
}
