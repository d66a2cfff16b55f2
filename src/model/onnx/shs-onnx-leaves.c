/* Functions of scores that at most one tree makes: its leaves alone change. */

#include "model/onnx/shs-onnx-value.h"

/* The term of @tree in @self, or NULL. Trees stand in ascending order. */
static ShsOnnxTerm *
find_term (const ShsOnnxValue *self, gsize tree)
{
  guint low = 0;
  guint high = self->terms->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      ShsOnnxTerm *term = g_ptr_array_index (self->terms, middle);

      if (term->tree == tree)
        return term;
      if (term->tree < tree)
        low = middle + 1;
      else
        high = middle;
    }
  return NULL;
}

/* The one tree of two values, by a term of it; FALSE where there are two. */
static gboolean
find_only_term (const ShsOnnxValue *a, const ShsOnnxValue *b, const ShsOnnxTerm **only)
{
  const ShsOnnxValue *both[] = { a, b };

  *only = NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (both); i++)
    {
      if (both[i] == NULL || both[i]->kind != SHS_ONNX_SCORES || both[i]->terms->len == 0)
        continue;
      if (both[i]->terms->len > 1)
        return FALSE;
      if (*only != NULL && (*only)->tree != ((ShsOnnxTerm *)both[i]->terms->pdata[0])->tree)
        return FALSE;
      *only = g_ptr_array_index (both[i]->terms, 0);
    }
  return TRUE;
}

/* What @self is on @leaf of the one tree; one column stands for all. */
static double
get_at_leaf (const ShsOnnxValue *self, const ShsOnnxTerm *only, gsize leaf, gsize column)
{
  const ShsOnnxTerm *term;

  if (self == NULL)
    return 0;
  if (self->kind == SHS_ONNX_CONSTANT)
    return shs_onnx_value_get_number (self, column);
  column = self->n_columns == 1 ? 0 : column;
  term = only != NULL ? find_term (self, only->tree) : NULL;
  return self->constant[column]
         + (term != NULL ? term->leaves[leaf * self->n_columns + column] : 0);
}

static gboolean
can_apply (const ShsOnnxValue *value, gsize n_columns)
{
  if (value == NULL)
    return TRUE;
  if (value->kind == SHS_ONNX_CONSTANT)
    return value->array.numbers != NULL && (value->array.n == 1 || value->array.n == n_columns);
  return value->kind == SHS_ONNX_SCORES && value->link == SHS_LINK_IDENTITY && !value->is_binary
         && (value->n_columns == 1 || value->n_columns == n_columns);
}

static gsize
count_columns (const ShsOnnxValue *a, const ShsOnnxValue *b)
{
  gsize of_a = a->kind == SHS_ONNX_CONSTANT ? a->array.n : a->n_columns;
  gsize of_b = b == NULL ? 1 : b->kind == SHS_ONNX_CONSTANT ? b->array.n : b->n_columns;

  return MAX (of_a, of_b);
}

ShsOnnxValue *
shs_onnx_scores_apply (const ShsOnnxValue *a, const ShsOnnxValue *b, ShsOnnxFunction function,
                       GError **error)
{
  gsize n_columns = count_columns (a, b);
  const ShsOnnxTerm *only;
  g_autoptr (ShsOnnxValue) to = NULL;
  ShsOnnxTerm *term;

  if (!can_apply (a, n_columns) || !can_apply (b, n_columns) || !find_only_term (a, b, &only))
    return NULL;
  to = shs_onnx_value_new (SHS_ONNX_SCORES, n_columns, error);
  if (to == NULL)
    return NULL;
  if (only == NULL)
    {
      for (gsize k = 0; k < n_columns; k++)
        to->constant[k] = function (get_at_leaf (a, NULL, 0, k), get_at_leaf (b, NULL, 0, k));
      return g_steal_pointer (&to);
    }
  term = shs_onnx_term_new (only->tree, only->n_leaves, n_columns, error);
  if (term == NULL)
    return NULL;
  g_ptr_array_add (to->terms, term);
  for (gsize leaf = 0; leaf < only->n_leaves; leaf++)
    for (gsize k = 0; k < n_columns; k++)
      term->leaves[leaf * n_columns + k]
          = function (get_at_leaf (a, only, leaf, k), get_at_leaf (b, only, leaf, k));
  return g_steal_pointer (&to);
}

ShsOnnxValue *
shs_onnx_scores_find_largest (const ShsOnnxValue *self, GError **error)
{
  const ShsOnnxTerm *only;
  g_autoptr (ShsOnnxValue) to = NULL;
  ShsOnnxTerm *term;

  if (!can_apply (self, self->n_columns) || !find_only_term (self, NULL, &only) || only == NULL)
    return NULL;
  to = shs_onnx_value_new (SHS_ONNX_SCORES, 1, error);
  term = to != NULL ? shs_onnx_term_new (only->tree, only->n_leaves, 1, error) : NULL;
  if (term == NULL)
    return NULL;
  g_ptr_array_add (to->terms, term);
  for (gsize leaf = 0; leaf < only->n_leaves; leaf++)
    {
      gsize largest = 0;

      for (gsize k = 1; k < self->n_columns; k++)
        if (get_at_leaf (self, only, leaf, k) > get_at_leaf (self, only, leaf, largest))
          largest = k;
      term->leaves[leaf] = (double)largest;
    }
  return g_steal_pointer (&to);
}
