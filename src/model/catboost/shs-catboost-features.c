#include "model/catboost/shs-catboost-document.h"

#include "core/shs-memory.h"
#include "model/catboost/shs-catboost-hash.h"

/* Names that the library made itself: none, or the number of the column. */
static gboolean
is_made_name (const char *name, gint32 column)
{
  g_autofree char *made = g_strdup_printf ("%d", column);

  return name == NULL || *name == '\0' || g_str_equal (name, made);
}

gboolean
shs_catboost_has_names (const ShsCatboost *self)
{
  for (gsize i = 0; i < self->n_floats; i++)
    if (!is_made_name (self->floats[i].name, self->floats[i].column))
      return TRUE;
  for (gsize i = 0; i < self->n_categories; i++)
    if (!is_made_name (self->categories[i].name, self->categories[i].column))
      return TRUE;
  return FALSE;
}

static void
name_column (ShsModelParts *parts, gint32 column, const char *name)
{
  if (name != NULL && *name != '\0')
    parts->features[column].name = g_strdup (name);
}

static void
take_one_hots (const ShsCatboost *self, ShsHashedCategories *hashed)
{
  for (gsize i = 0; i < self->n_one_hots; i++)
    {
      const ShsCatboostOneHot *one_hot = &self->one_hots[i];
      const ShsCatboostCategory *category = shs_catboost_find_category (self, one_hot->index, NULL);

      for (gsize v = 0; category != NULL && v < one_hot->n_values; v++)
        shs_hashed_categories_add_known (hashed, (gsize)category->column,
                                         (guint32)one_hot->values[v]);
    }
}

/* The table of a counter of one category has all categories of the training data. */
static void
take_table (const ShsCatboost *self, const ShsCatboostCtr *ctr, ShsHashedCategories *hashed)
{
  const ShsCatboostTable *table = g_hash_table_lookup (self->tables, ctr->key);
  const ShsCatboostCategory *category
      = shs_catboost_find_category (self, ctr->elements[0].feature, NULL);
  gint32 code;

  if (table == NULL || category == NULL
      || shs_hashed_categories_is_complete (hashed, (gsize)category->column))
    return;
  for (gsize group = 0; group < table->n_groups; group++)
    if (shs_catboost_uncombine (table->hash[group], &code))
      shs_hashed_categories_add_known (hashed, (gsize)category->column, (guint32)code);
  shs_hashed_categories_set_complete (hashed, (gsize)category->column);
}

/* "cat_features_hash" has the categories of all columns together, so a column is sure of them only
 * when it is the only one. */
static void
take_known (const ShsCatboost *self, ShsHashedCategories *hashed)
{
  for (gsize i = 0; i < self->n_categories && self->n_categories == 1; i++)
    {
      for (gsize k = 0; k < self->n_known; k++)
        shs_hashed_categories_add_known (hashed, (gsize)self->categories[i].column,
                                         (guint32)self->known[k]);
      if (self->n_known > 0)
        shs_hashed_categories_set_complete (hashed, (gsize)self->categories[i].column);
    }
}

static ShsHashedCategories *
make_hashed (const ShsCatboost *self)
{
  ShsHashedCategories *hashed = shs_hashed_categories_new (shs_catboost_hash_text, self->n_columns);

  take_one_hots (self, hashed);
  for (gsize i = 0; i < self->n_ctrs && self->tables != NULL; i++)
    if (self->ctrs[i].n_elements == 1 && self->ctrs[i].elements[0].kind == SHS_CATBOOST_CATEGORY)
      take_table (self, &self->ctrs[i], hashed);
  take_known (self, hashed);
  return hashed;
}

gboolean
shs_catboost_apply_features (ShsCatboost *self, ShsModelParts *parts, GError **error)
{
  parts->features = shs_alloc0 (self->n_columns, sizeof *parts->features, error);
  if (parts->features == NULL)
    return FALSE;
  parts->n_features = self->n_columns;
  parts->has_feature_names = self->has_names;
  for (gsize i = 0; i < self->n_floats; i++)
    name_column (parts, self->floats[i].column, self->floats[i].name);
  for (gsize i = 0; i < self->n_categories; i++)
    {
      name_column (parts, self->categories[i].column, self->categories[i].name);
      parts->features[self->categories[i].column].type = SHS_COLUMN_CATEGORY;
    }
  for (gsize j = 0; j < parts->n_features; j++)
    if (parts->features[j].name == NULL)
      parts->features[j].name = g_strdup_printf ("f%" G_GSIZE_FORMAT, j);
  if (self->n_categories > 0)
    parts->hashed_categories = make_hashed (self);
  return TRUE;
}
