#include "model/match/shs-hashed-categories.h"

#include <string.h>

typedef struct
{
  GHashTable *known;
  gboolean is_complete;
} Feature;

struct _ShsHashedCategories
{
  gint references;
  ShsTextHash hash;
  gsize n_features;
  Feature *features;
};

ShsHashedCategories *
shs_hashed_categories_new (ShsTextHash hash, gsize n_features)
{
  ShsHashedCategories *self = g_new0 (ShsHashedCategories, 1);

  self->references = 1;
  self->hash = hash;
  self->n_features = n_features;
  self->features = g_new0 (Feature, MAX (1, n_features));
  return self;
}

ShsHashedCategories *
shs_hashed_categories_ref (ShsHashedCategories *self)
{
  g_atomic_int_inc (&self->references);
  return self;
}

void
shs_hashed_categories_unref (ShsHashedCategories *self)
{
  if (self == NULL || !g_atomic_int_dec_and_test (&self->references))
    return;
  for (gsize j = 0; j < self->n_features; j++)
    g_clear_pointer (&self->features[j].known, g_hash_table_unref);
  g_free (self->features);
  g_free (self);
}

void
shs_hashed_categories_add_known (ShsHashedCategories *self, gsize feature, guint32 code)
{
  g_return_if_fail (feature < self->n_features);
  if (self->features[feature].known == NULL)
    self->features[feature].known = g_hash_table_new (NULL, NULL);
  g_hash_table_add (self->features[feature].known, GUINT_TO_POINTER (code));
}

void
shs_hashed_categories_set_complete (ShsHashedCategories *self, gsize feature)
{
  g_return_if_fail (feature < self->n_features);
  self->features[feature].is_complete = TRUE;
}

guint32
shs_hashed_categories_get_code (const ShsHashedCategories *self, const char *text)
{
  return self->hash (text, strlen (text));
}

gboolean
shs_hashed_categories_knows (const ShsHashedCategories *self, gsize feature, guint32 code)
{
  g_return_val_if_fail (feature < self->n_features, FALSE);
  return self->features[feature].known != NULL
         && g_hash_table_contains (self->features[feature].known, GUINT_TO_POINTER (code));
}

gboolean
shs_hashed_categories_is_complete (const ShsHashedCategories *self, gsize feature)
{
  g_return_val_if_fail (feature < self->n_features, FALSE);
  return self->features[feature].is_complete;
}
