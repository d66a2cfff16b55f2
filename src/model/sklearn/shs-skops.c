#include "model/sklearn/shs-skops.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "model/sklearn/shs-sklearn.h"

#include <string.h>

#define NAME_AT 30       /* of the first file in the archive, behind its header */
#define FEWEST_DIGITS 10 /* of the addresses that arrays are named by: more than a date has */
#define ALWAYS_FEATURES 100000

/* skops names its arrays by numbers; the schema stands last, or first where there are none. */
gboolean
shs_skops_is_archive (const guint8 *head, gsize length)
{
  gsize name_length;
  gsize n_digits = 0;

  if (length < NAME_AT || memcmp (head, "PK\x03\x04", 4) != 0)
    return FALSE;
  name_length = head[26] | (gsize)head[27] << 8;
  if (name_length > length - NAME_AT)
    return FALSE;
  if (name_length == strlen ("schema.json"))
    return memcmp (head + NAME_AT, "schema.json", name_length) == 0;
  while (n_digits < name_length && g_ascii_isdigit (head[NAME_AT + n_digits]))
    n_digits++;
  return n_digits >= FEWEST_DIGITS && name_length - n_digits == strlen (".npy")
         && memcmp (head + NAME_AT + n_digits, ".npy", strlen (".npy")) == 0;
}

static void
sklearn_clear (ShsSklearn *self)
{
  for (gsize j = 0; self->codes != NULL && j < self->n_columns; j++)
    g_clear_pointer (&self->codes[j], g_hash_table_unref);
  for (gsize j = 0; self->columns != NULL && j < self->n_columns; j++)
    shs_column_clear (&self->columns[j]);
  shs_free (self->codes);
  shs_free (self->columns);
  shs_feature_map_unref (self->map);
  shs_tree_builder_free (self->builder);
  shs_model_parts_clear (&self->parts);
  shs_skops_free (self->file);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ShsSklearn, sklearn_clear)

/* The first part of a pipeline that tells what it is given. */
static ShsSkopsRef
find_entrance (const ShsSklearn *self, ShsSkopsRef object)
{
  while (shs_skops_is (self->file, object, "Pipeline"))
    {
      ShsSkopsRef step = shs_skops_first (self->file, shs_skops_find (self->file, object, "steps"));
      ShsSkopsRef part = shs_skops_next (self->file, shs_skops_first (self->file, step));

      if (part == 0)
        break;
      object = part;
    }
  return object;
}

static void
name_columns (ShsSklearn *self, ShsSkopsRef entrance)
{
  ShsSkopsRef names = shs_skops_find (self->file, entrance, "feature_names_in_");
  gsize n = 0;
  ShsSkopsValue *values = NULL;

  if (!shs_skops_is_null (self->file, names))
    values = shs_skops_read_values (self->file, names, &n);
  self->parts.has_feature_names = n == self->n_columns;
  for (gsize j = 0; j < self->n_columns; j++)
    self->columns[j].name = j < n && values[j].text != NULL
                                ? g_strdup (values[j].text)
                                : g_strdup_printf ("f%" G_GSIZE_FORMAT, j);
  shs_skops_values_free (values, n);
}

/* How many features there are is one number, so a small file could ask for much memory. */
static gboolean
read_columns (ShsSklearn *self, GError **error)
{
  ShsSkopsRef entrance = find_entrance (self, shs_skops_get_root (self->file));
  gsize n;

  if (shs_skops_find (self->file, entrance, "n_features_in_") == 0)
    shs_sklearn_check_class (self, entrance);
  n = shs_skops_read_count (self->file, shs_skops_need (self->file, entrance, "n_features_in_"),
                            MIN (SHS_SKLEARN_MAX_FEATURES, ALWAYS_FEATURES + self->file_size));

  if (!shs_skops_check (self->file, error))
    return FALSE;
  self->columns = shs_alloc0 (n, sizeof *self->columns, error);
  if (self->columns == NULL)
    return FALSE;
  self->codes = shs_alloc0 (n, sizeof *self->codes, error);
  if (self->codes == NULL)
    return FALSE;
  self->n_columns = n;
  name_columns (self, entrance);
  self->map = shs_feature_map_new (n);
  for (gsize j = 0; j < n; j++)
    shs_feature_map_add_column (self->map, j);
  if (n == 0)
    shs_skops_fail (self->file, SHS_ERROR_INVALID, "the model takes no features");
  return shs_skops_check (self->file, error);
}

/* Through the steps of pipelines to the estimator at their end. */
static ShsSkopsRef
walk_pipelines (ShsSklearn *self)
{
  ShsSkopsRef object = shs_skops_get_root (self->file);

  while (shs_skops_is (self->file, object, "Pipeline") && shs_skops_check (self->file, NULL))
    {
      ShsSkopsRef step = shs_skops_first (self->file, shs_skops_need (self->file, object, "steps"));

      object = shs_skops_next (self->file, shs_skops_first (self->file, step));
      for (; shs_skops_next (self->file, step) != 0 && shs_skops_check (self->file, NULL);
           object = shs_skops_next (self->file, shs_skops_first (self->file, step)))
        {
          ShsFeatureMap *made = shs_sklearn_transform (self, object, self->map);

          if (made == NULL)
            return 0;
          shs_feature_map_unref (self->map);
          self->map = made;
          step = shs_skops_next (self->file, step);
        }
    }
  return object;
}

/* Columns that a ColumnTransformer drops need not be in the data, where they are found by name. */
static void
drop_unused (ShsSklearn *self)
{
  gsize n_features = shs_feature_map_get_n_features (self->map);
  g_autofree gsize *places = g_new0 (gsize, self->n_columns);
  gsize n = 0;
  ShsFeatureMap *kept;

  if (!self->parts.has_feature_names)
    return;
  for (gsize j = 0; j < self->n_columns; j++)
    {
      places[j] = n;
      if (!shs_feature_map_uses_column (self->map, j))
        {
          shs_column_clear (&self->columns[j]);
          g_clear_pointer (&self->codes[j], g_hash_table_unref);
          continue;
        }
      self->columns[n] = self->columns[j];
      self->codes[n++] = self->codes[j];
    }
  if (n == self->n_columns)
    return;
  kept = shs_feature_map_new (n);
  for (gsize f = 0; f < n_features; f++)
    shs_feature_map_add_moved (kept, self->map, f,
                               places[shs_feature_map_get_player (self->map, f)]);
  shs_feature_map_unref (self->map);
  self->map = kept;
  self->n_columns = n;
}

static void
read_version (ShsSklearn *self, ShsSkopsRef estimator)
{
  ShsSkopsValue version = shs_skops_read_value (
      self->file, shs_skops_find (self->file, estimator, "_sklearn_version"));

  self->parts.version = version.text;
}

static ShsModel *
finish (ShsSklearn *self, const char *model_name, GError **error)
{
  ShsModelParts *parts = &self->parts;

  if (!shs_skops_check (self->file, error))
    return NULL;
  if (parts->linear == NULL)
    {
      parts->ensemble = shs_tree_builder_finish (g_steal_pointer (&self->builder), error);
      if (parts->ensemble == NULL)
        return NULL;
    }
  if (parts->ensemble != NULL && parts->n_rounds == 0)
    {
      parts->n_rounds = 1;
      parts->trees_per_round = parts->ensemble->n_trees;
    }
  if (!shs_feature_map_is_identity (self->map))
    parts->map = shs_feature_map_ref (self->map);
  parts->n_features = self->n_columns;
  parts->features = g_steal_pointer (&self->columns);
  return shs_model_new (model_name, parts);
}

ShsModel *
shs_skops_parse (const char *name, const char *model_name, GBytes *bytes, ShsProgress *progress,
                 GError **error)
{
  g_auto (ShsSklearn) self
      = { .progress = progress,
          .file_size = g_bytes_get_size (bytes),
          .parts = { .library = "scikit-learn", .margin_unit = "", .best_round = -1 } };
  ShsSkopsRef estimator;

  self.file = shs_skops_new (name, bytes, error);
  if (self.file == NULL || !read_columns (&self, error))
    return NULL;
  estimator = walk_pipelines (&self);
  if (shs_feature_map_get_n_features (self.map) == 0)
    shs_skops_fail (self.file, SHS_ERROR_INVALID, "the model is given no features");
  if (!shs_skops_check (self.file, error))
    return NULL;
  drop_unused (&self);
  read_version (&self, estimator);
  shs_sklearn_read_estimator (&self, estimator);
  return finish (&self, model_name, error);
}
