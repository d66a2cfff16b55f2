/* Columns of scores: some of them, or several values side by side. */

#include "model/onnx/shs-onnx-value.h"

#include "core/shs-memory.h"

#include <string.h>

/* Columns of @part, from @from on, become those of @to from @column on; its features from @feature
 * on. */
static void
place_linear (ShsOnnxValue *to, gsize column, gsize feature, const ShsOnnxValue *part, gsize from)
{
  gsize n = MIN (to->n_columns - column, part->n_columns - from);

  memcpy (to->features + feature, part->features, part->n_features * sizeof (gsize));
  for (gsize j = 0; j < part->n_features; j++)
    memcpy (to->weights + (feature + j) * to->n_columns + column,
            part->weights + j * part->n_columns + from, n * sizeof (double));
}

static gboolean
start_linear (ShsOnnxValue *to, gsize n_features, GError **error)
{
  gsize n_weights;

  if (!shs_size_multiply (n_features, to->n_columns, &n_weights))
    n_weights = G_MAXSIZE;
  to->n_features = n_features;
  to->features = shs_alloc (n_features, sizeof (gsize), error);
  to->weights = to->features != NULL ? shs_alloc0 (n_weights, sizeof (double), error) : NULL;
  return to->weights != NULL;
}

ShsOnnxValue *
shs_onnx_scores_take (const ShsOnnxValue *self, gsize first, gsize n, GError **error)
{
  g_autoptr (ShsOnnxValue) to = shs_onnx_value_new (self->kind, n, error);

  if (to == NULL || (self->kind == SHS_ONNX_LINEAR && !start_linear (to, self->n_features, error)))
    return NULL;
  if (self->kind == SHS_ONNX_LINEAR)
    place_linear (to, 0, 0, self, first);
  to->link = self->link;
  memcpy (to->constant, self->constant + first, n * sizeof (double));
  for (guint i = 0; i < self->terms->len; i++)
    {
      const ShsOnnxTerm *term = g_ptr_array_index (self->terms, i);
      ShsOnnxTerm *some = shs_onnx_term_new (term->tree, term->n_leaves, n, error);

      if (some == NULL)
        return NULL;
      g_ptr_array_add (to->terms, some);
      for (gsize leaf = 0; leaf < term->n_leaves; leaf++)
        memcpy (some->leaves + leaf * n, term->leaves + leaf * self->n_columns + first,
                n * sizeof (double));
    }
  return g_steal_pointer (&to);
}

/* Adds the leaves of @from, whose columns begin at @first in @to. */
static gboolean
place_terms (ShsOnnxValue *to, const ShsOnnxValue *from, gsize first, GHashTable *places,
             GError **error)
{
  for (guint i = 0; i < from->terms->len; i++)
    {
      const ShsOnnxTerm *term = g_ptr_array_index (from->terms, i);
      ShsOnnxTerm *wide = g_hash_table_lookup (places, GSIZE_TO_POINTER (term->tree));

      if (wide == NULL)
        {
          wide = shs_onnx_term_new (term->tree, term->n_leaves, to->n_columns, error);
          if (wide == NULL)
            return FALSE;
          g_ptr_array_add (to->terms, wide);
          g_hash_table_insert (places, GSIZE_TO_POINTER (term->tree), wide);
        }
      for (gsize leaf = 0; leaf < term->n_leaves; leaf++)
        for (gsize k = 0; k < from->n_columns; k++)
          wide->leaves[leaf * to->n_columns + first + k] = term->leaves[leaf * from->n_columns + k];
    }
  return TRUE;
}

static gint
compare_trees (gconstpointer a, gconstpointer b)
{
  gsize left = (*(const ShsOnnxTerm *const *)a)->tree;
  gsize right = (*(const ShsOnnxTerm *const *)b)->tree;

  return left < right ? -1 : left > right;
}

/* Linear values of the same features share them. */
static gboolean
have_same_features (const GPtrArray *parts)
{
  const ShsOnnxValue *first = g_ptr_array_index (parts, 0);

  for (guint i = 1; i < parts->len; i++)
    {
      const ShsOnnxValue *part = g_ptr_array_index (parts, i);

      if (part->n_features != first->n_features
          || memcmp (part->features, first->features, part->n_features * sizeof (gsize)) != 0)
        return FALSE;
    }
  return TRUE;
}

static void
count_parts (const GPtrArray *parts, gsize *n_columns, gsize *n_features)
{
  *n_columns = *n_features = 0;
  for (guint i = 0; i < parts->len; i++)
    {
      const ShsOnnxValue *part = g_ptr_array_index (parts, i);

      if (!shs_size_add (*n_columns, part->n_columns, n_columns))
        *n_columns = G_MAXSIZE;
      if (!shs_size_add (*n_features, part->n_features, n_features))
        *n_features = G_MAXSIZE;
    }
}

ShsOnnxValue *
shs_onnx_scores_concatenate (GPtrArray *parts, GError **error)
{
  g_autoptr (GHashTable) places = g_hash_table_new (NULL, NULL);
  g_autoptr (ShsOnnxValue) to = NULL;
  ShsOnnxKind kind = ((ShsOnnxValue *)parts->pdata[0])->kind;
  gsize n_columns, n_features;
  gboolean shares;

  count_parts (parts, &n_columns, &n_features);
  shares = kind == SHS_ONNX_LINEAR && have_same_features (parts);
  if (shares)
    n_features = ((ShsOnnxValue *)parts->pdata[0])->n_features;
  to = shs_onnx_value_new (kind, n_columns, error);
  if (to == NULL || (kind == SHS_ONNX_LINEAR && !start_linear (to, n_features, error)))
    return NULL;
  n_columns = n_features = 0;
  for (guint i = 0; i < parts->len; i++)
    {
      const ShsOnnxValue *part = g_ptr_array_index (parts, i);

      for (gsize k = 0; k < part->n_columns; k++)
        to->constant[n_columns + k] = part->constant[k];
      if (!place_terms (to, part, n_columns, places, error))
        return NULL;
      if (kind == SHS_ONNX_LINEAR)
        place_linear (to, n_columns, n_features, part, 0);
      n_features += shares ? 0 : part->n_features;
      n_columns += part->n_columns;
    }
  g_ptr_array_sort (to->terms, compare_trees);
  return g_steal_pointer (&to);
}
