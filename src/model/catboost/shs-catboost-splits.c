#include "model/catboost/shs-catboost-document.h"

#include "core/shs-memory.h"

#include <math.h>

static gboolean
take_place (ShsCatboost *self, GHashTable *places, gint32 index, gsize place, GError **error)
{
  if (index >= 0
      && g_hash_table_insert (places, GINT_TO_POINTER (index), GSIZE_TO_POINTER (place + 1)))
    return TRUE;
  shs_catboost_set_invalid (self, error, "two features have the index %d, or it is negative",
                            index);
  return FALSE;
}

static gboolean
take_column (ShsCatboost *self, GHashTable *columns, gint32 column, GError **error)
{
  if (column >= 0 && column < SHS_CATBOOST_MAX_COLUMNS
      && g_hash_table_add (columns, GINT_TO_POINTER (column)))
    {
      self->n_columns = MAX (self->n_columns, (gsize)column + 1);
      return TRUE;
    }
  shs_catboost_set_invalid (
      self, error, "two features are column %d (flat_feature_index), or it is impossible", column);
  return FALSE;
}

/* Columns that the model dropped ("drop_unused_features") count where columns are found by their
 * places, but not where they are found by name. */
static gboolean
close_gaps (ShsCatboost *self, GError **error)
{
  SHS_AUTOFREE gint32 *places = shs_alloc0 (self->n_columns, sizeof *places, error);
  gint32 n = 0;

  if (places == NULL)
    return FALSE;
  for (gsize i = 0; i < self->n_floats; i++)
    places[self->floats[i].column] = 1;
  for (gsize i = 0; i < self->n_categories; i++)
    places[self->categories[i].column] = 1;
  for (gsize j = 0; j < self->n_columns; j++)
    if (places[j] > 0)
      places[j] = n++;
  for (gsize i = 0; i < self->n_floats; i++)
    self->floats[i].column = places[self->floats[i].column];
  for (gsize i = 0; i < self->n_categories; i++)
    self->categories[i].column = places[self->categories[i].column];
  self->n_columns = (gsize)n;
  return TRUE;
}

/* Columns that no feature names are few in honest files. */
static gboolean
index_features (ShsCatboost *self, GError **error)
{
  g_autoptr (GHashTable) columns = g_hash_table_new (NULL, NULL);
  gsize n_named = self->n_floats + self->n_categories;

  self->float_places = g_hash_table_new (NULL, NULL);
  self->category_places = g_hash_table_new (NULL, NULL);
  for (gsize i = 0; i < self->n_floats; i++)
    if (!take_place (self, self->float_places, self->floats[i].index, i, error)
        || !take_column (self, columns, self->floats[i].column, error))
      return FALSE;
  for (gsize i = 0; i < self->n_categories; i++)
    if (!take_place (self, self->category_places, self->categories[i].index, i, error)
        || !take_column (self, columns, self->categories[i].column, error))
      return FALSE;
  self->has_names = shs_catboost_has_names (self);
  if (n_named > 0 && self->n_columns <= 65536 + 64 * n_named)
    return !self->has_names || close_gaps (self, error);
  shs_catboost_set_invalid (self, error,
                            "%" G_GSIZE_FORMAT " features cannot be %" G_GSIZE_FORMAT " columns",
                            n_named, self->n_columns);
  return FALSE;
}

const ShsCatboostFloat *
shs_catboost_find_float (const ShsCatboost *self, gint32 index, GError **error)
{
  gsize place
      = GPOINTER_TO_SIZE (g_hash_table_lookup (self->float_places, GINT_TO_POINTER (index)));

  if (place > 0)
    return &self->floats[place - 1];
  shs_catboost_set_invalid (self, error, "there is no float feature %d", index);
  return NULL;
}

const ShsCatboostCategory *
shs_catboost_find_category (const ShsCatboost *self, gint32 index, GError **error)
{
  gsize place
      = GPOINTER_TO_SIZE (g_hash_table_lookup (self->category_places, GINT_TO_POINTER (index)));

  if (place > 0)
    return &self->categories[place - 1];
  shs_catboost_set_invalid (self, error, "there is no categorical feature %d", index);
  return NULL;
}

const ShsCatboostSplit *
shs_catboost_get_split (const ShsCatboost *self, gint64 number, GError **error)
{
  if (number >= 0 && (guint64)number < self->n_splits)
    return &self->splits[number];
  shs_catboost_set_invalid (self, error,
                            "tree %" G_GSIZE_FORMAT " has the split %" G_GINT64_FORMAT
                            " of %" G_GSIZE_FORMAT,
                            self->n_trees, number, self->n_splits);
  return NULL;
}

static gboolean
allocate_splits (ShsCatboost *self, GError **error)
{
  gsize n = 0;

  for (gsize i = 0; i < self->n_floats; i++)
    n += self->floats[i].n_borders;
  for (gsize i = 0; i < self->n_one_hots; i++)
    n += self->one_hots[i].n_values;
  for (gsize i = 0; i < self->n_ctrs; i++)
    n += self->ctrs[i].n_borders;
  self->splits = shs_alloc (n, sizeof *self->splits, error);
  if (n > 0 && self->n_categories > 0)
    self->map = shs_feature_map_new (self->n_columns);
  return self->splits != NULL;
}

/* A split sends right what is greater than its border. */
static void
add_border_splits (ShsCatboost *self, gint32 feature, guint missing, const float *borders, gsize n)
{
  for (gsize i = 0; i < n; i++)
    self->splits[self->n_splits++] = (ShsCatboostSplit){ .feature = feature,
                                                         .split = SHS_SPLIT_LESS_EQUAL,
                                                         .missing = (guint8)missing,
                                                         .threshold = borders[i] };
}

static gint32
get_next_feature (const ShsCatboost *self)
{
  return (gint32)shs_feature_map_get_n_features (self->map);
}

static void
add_float_splits (ShsCatboost *self, const ShsCatboostFloat *from)
{
  gint32 feature = from->column;
  guint missing = SHS_MISSING_NAN;

  if (from->n_borders == 0)
    return;
  if (from->nan != SHS_CATBOOST_NAN_AS_TRUE)
    missing |= SHS_MISSING_LEFT;
  if (self->map != NULL)
    {
      feature = get_next_feature (self);
      shs_feature_map_add_column (self->map, (gsize)from->column);
    }
  add_border_splits (self, feature, missing, from->borders, from->n_borders);
}

/* The feature is the place of the category's hash among those asked for, or -1. */
static gboolean
add_one_hot_splits (ShsCatboost *self, const ShsCatboostOneHot *from, GError **error)
{
  const ShsCatboostCategory *category = shs_catboost_find_category (self, from->index, error);
  gsize n = from->n_values;
  SHS_AUTOFREE double *hashes = NULL;
  SHS_AUTOFREE double *places = NULL;
  g_autoptr (ShsMapTable) table = NULL;
  gint32 feature;

  if (category == NULL)
    return FALSE;
  hashes = shs_alloc (n, sizeof *hashes, error);
  if (hashes == NULL)
    return FALSE;
  places = shs_alloc (n, sizeof *places, error);
  if (places == NULL)
    return FALSE;
  for (gsize i = 0; i < n; i++)
    {
      hashes[i] = (guint32)from->values[i];
      places[i] = (double)i;
    }
  table = shs_map_table_new (hashes, places, n, -1, -1, error);
  if (table == NULL)
    return FALSE;
  feature = get_next_feature (self);
  shs_feature_map_add_column (self->map, (gsize)category->column);
  shs_feature_map_append (self->map, &(ShsMapStep){ .kind = SHS_MAP_TABLE, .table = table });
  for (gsize i = 0; i < n; i++)
    self->splits[self->n_splits++] = (ShsCatboostSplit){ .feature = feature,
                                                         .split = SHS_SPLIT_NOT_EQUAL,
                                                         .threshold = (float)i };
  return TRUE;
}

static gboolean
add_ctr_splits (ShsCatboost *self, const ShsCatboostCtr *from, GError **error)
{
  gint32 feature = get_next_feature (self);

  if (!shs_catboost_add_ctr_to_map (self, from, error))
    return FALSE;
  add_border_splits (self, feature, SHS_MISSING_NAN | SHS_MISSING_LEFT, from->borders,
                     from->n_borders);
  return TRUE;
}

static gboolean
check_borders (ShsCatboost *self, const float *borders, gsize n, GError **error)
{
  for (gsize i = 0; i < n; i++)
    if (isnan (borders[i]))
      {
        shs_catboost_set_invalid (self, error, "a border of a feature is not a number");
        return FALSE;
      }
  return TRUE;
}

gboolean
shs_catboost_make_splits (ShsCatboost *self, GError **error)
{
  if (!index_features (self, error) || !allocate_splits (self, error))
    return FALSE;
  for (gsize i = 0; i < self->n_floats; i++)
    {
      if (!check_borders (self, self->floats[i].borders, self->floats[i].n_borders, error))
        return FALSE;
      add_float_splits (self, &self->floats[i]);
    }
  if (self->map == NULL)
    return TRUE;
  for (gsize i = 0; i < self->n_one_hots; i++)
    if (!add_one_hot_splits (self, &self->one_hots[i], error))
      return FALSE;
  for (gsize i = 0; i < self->n_ctrs; i++)
    if (!check_borders (self, self->ctrs[i].borders, self->ctrs[i].n_borders, error)
        || !add_ctr_splits (self, &self->ctrs[i], error))
      return FALSE;
  return TRUE;
}
