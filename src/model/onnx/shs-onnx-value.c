#include "model/onnx/shs-onnx-value.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"

#include <string.h>

ShsOnnxTerm *
shs_onnx_term_new (gsize tree, gsize n_leaves, gsize n_columns, GError **error)
{
  gsize n;
  double *leaves;
  ShsOnnxTerm *self;

  if (!shs_size_multiply (n_leaves, n_columns, &n))
    n = G_MAXSIZE;
  leaves = shs_alloc0 (n, sizeof *leaves, error);
  if (leaves == NULL)
    return NULL;
  self = g_new0 (ShsOnnxTerm, 1);
  g_atomic_ref_count_init (&self->references);
  self->tree = tree;
  self->n_leaves = n_leaves;
  self->leaves = leaves;
  return self;
}

static ShsOnnxTerm *
term_ref (ShsOnnxTerm *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
shs_onnx_term_unref (gpointer data)
{
  ShsOnnxTerm *self = data;

  if (!g_atomic_ref_count_dec (&self->references))
    return;
  shs_free (self->leaves);
  g_free (self);
}

ShsOnnxValue *
shs_onnx_value_new (ShsOnnxKind kind, gsize n_columns, GError **error)
{
  g_autoptr (ShsOnnxValue) self = g_new0 (ShsOnnxValue, 1);

  g_atomic_ref_count_init (&self->references);
  self->kind = kind;
  self->n_columns = n_columns;
  self->link = SHS_LINK_IDENTITY;
  if (kind == SHS_ONNX_COLUMNS)
    {
      self->features = shs_alloc0 (n_columns, sizeof (gsize), error);
      return self->features != NULL ? g_steal_pointer (&self) : NULL;
    }
  if (kind == SHS_ONNX_SCORES || kind == SHS_ONNX_LINEAR)
    {
      self->constant = shs_alloc0 (n_columns, sizeof (double), error);
      self->terms = g_ptr_array_new_with_free_func (shs_onnx_term_unref);
      return self->constant != NULL ? g_steal_pointer (&self) : NULL;
    }
  if (kind == SHS_ONNX_STACK)
    self->parts = g_ptr_array_new_with_free_func ((GDestroyNotify)shs_onnx_value_unref);
  return g_steal_pointer (&self);
}

ShsOnnxValue *
shs_onnx_value_new_other (const char *op, ShsOnnxValue *origin)
{
  ShsOnnxValue *self = shs_onnx_value_new (SHS_ONNX_OTHER, 0, NULL);

  self->op = g_strdup (op);
  if (origin != NULL)
    self->origin = shs_onnx_value_ref (origin);
  return self;
}

ShsOnnxValue *
shs_onnx_value_ref (ShsOnnxValue *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

/* A chain of origins is as long as the graph: released by a loop, not by recursion. */
void
shs_onnx_value_unref (ShsOnnxValue *self)
{
  while (self != NULL && g_atomic_ref_count_dec (&self->references))
    {
      ShsOnnxValue *origin = self->origin;

      shs_free (self->features);
      shs_free (self->constant);
      shs_free (self->weights);
      g_clear_pointer (&self->terms, g_ptr_array_unref);
      g_clear_pointer (&self->parts, g_ptr_array_unref);
      shs_onnx_array_clear (&self->array);
      g_free (self->op);
      g_free (self);
      self = origin;
    }
}

double
shs_onnx_value_get_number (const ShsOnnxValue *constant, gsize i)
{
  return constant->array.numbers[constant->array.n == 1 ? 0 : i];
}

/* Groups of one number per column. */
static void
scale_numbers (double *numbers, gsize n_groups, gsize n_columns, const double *factors,
               gsize n_factors)
{
  for (gsize i = 0; factors != NULL && i < n_groups; i++)
    for (gsize k = 0; k < n_columns; k++)
      numbers[i * n_columns + k] *= factors[n_factors == 1 ? 0 : k];
}

static ShsOnnxTerm *
copy_term (const ShsOnnxTerm *term, gsize n_columns, GError **error)
{
  ShsOnnxTerm *copy = shs_onnx_term_new (term->tree, term->n_leaves, n_columns, error);

  if (copy != NULL)
    memcpy (copy->leaves, term->leaves, term->n_leaves * n_columns * sizeof (double));
  return copy;
}

static gboolean
copy_linear (ShsOnnxValue *to, const ShsOnnxValue *self, GError **error)
{
  gsize n_weights = self->n_features * self->n_columns;

  to->n_features = self->n_features;
  to->features = shs_alloc (self->n_features, sizeof (gsize), error);
  if (to->features == NULL)
    return FALSE;
  memcpy (to->features, self->features, self->n_features * sizeof (gsize));
  to->weights = shs_alloc (n_weights, sizeof (double), error);
  if (to->weights == NULL)
    return FALSE;
  memcpy (to->weights, self->weights, n_weights * sizeof (double));
  return TRUE;
}

ShsOnnxValue *
shs_onnx_scores_scale (const ShsOnnxValue *self, const double *factors, gsize n_factors,
                       GError **error)
{
  gsize n = self->n_columns;
  g_autoptr (ShsOnnxValue) to = shs_onnx_value_new (self->kind, n, error);

  if (to == NULL || (self->kind == SHS_ONNX_LINEAR && !copy_linear (to, self, error)))
    return NULL;
  memcpy (to->constant, self->constant, n * sizeof (double));
  scale_numbers (to->constant, 1, n, factors, n_factors);
  scale_numbers (to->weights, to->n_features, n, factors, n_factors);
  for (guint i = 0; i < self->terms->len; i++)
    {
      ShsOnnxTerm *term = g_ptr_array_index (self->terms, i);
      ShsOnnxTerm *copy = factors != NULL ? copy_term (term, n, error) : term_ref (term);

      if (copy == NULL)
        return NULL;
      g_ptr_array_add (to->terms, copy);
      scale_numbers (copy->leaves, copy->n_leaves, n, factors, n_factors);
    }
  return g_steal_pointer (&to);
}

/* Leaves of @a + factor x leaves of @b; either may be NULL, or of one column where there are more.
 */
static ShsOnnxTerm *
add_terms (const ShsOnnxTerm *a, gsize a_columns, const ShsOnnxTerm *b, gsize b_columns,
           double factor, GError **error)
{
  const ShsOnnxTerm *any = a != NULL ? a : b;
  gsize n_columns = MAX (a_columns, b_columns);
  ShsOnnxTerm *sum = shs_onnx_term_new (any->tree, any->n_leaves, n_columns, error);

  for (gsize leaf = 0; sum != NULL && leaf < any->n_leaves; leaf++)
    for (gsize k = 0; k < n_columns; k++)
      {
        double *to = &sum->leaves[leaf * n_columns + k];

        if (a != NULL)
          *to += a->leaves[leaf * a_columns + (a_columns == 1 ? 0 : k)];
        if (b != NULL)
          *to += factor * b->leaves[leaf * b_columns + (b_columns == 1 ? 0 : k)];
      }
  return sum;
}

static gboolean
merge_terms (ShsOnnxValue *to, const ShsOnnxValue *a, const ShsOnnxValue *b, double factor,
             GError **error)
{
  guint i = 0;
  guint j = 0;

  while (i < a->terms->len || j < b->terms->len)
    {
      ShsOnnxTerm *of_a = i < a->terms->len ? g_ptr_array_index (a->terms, i) : NULL;
      ShsOnnxTerm *of_b = j < b->terms->len ? g_ptr_array_index (b->terms, j) : NULL;
      ShsOnnxTerm *sum;

      if (of_a != NULL && of_b != NULL && of_a->tree != of_b->tree)
        *(of_a->tree < of_b->tree ? &of_b : &of_a) = NULL;
      i += of_a != NULL;
      j += of_b != NULL;
      if (of_b == NULL && a->n_columns == to->n_columns)
        sum = term_ref (of_a);
      else if (of_a == NULL && b->n_columns == to->n_columns && factor == 1)
        sum = term_ref (of_b);
      else
        sum = add_terms (of_a, a->n_columns, of_b, b->n_columns, factor, error);
      if (sum == NULL)
        return FALSE;
      g_ptr_array_add (to->terms, sum);
    }
  return TRUE;
}

ShsOnnxValue *
shs_onnx_scores_add (const ShsOnnxValue *a, const ShsOnnxValue *b, double factor, GError **error)
{
  gsize n_columns = MAX (a->n_columns, b->n_columns);
  g_autoptr (ShsOnnxValue) to = NULL;

  if (a->kind != SHS_ONNX_SCORES || b->kind != SHS_ONNX_SCORES
      || (a->n_columns != n_columns && a->n_columns != 1)
      || (b->n_columns != n_columns && b->n_columns != 1))
    return NULL;
  to = shs_onnx_value_new (SHS_ONNX_SCORES, n_columns, error);
  if (to == NULL)
    return NULL;
  for (gsize k = 0; k < n_columns; k++)
    to->constant[k]
        = a->constant[a->n_columns == 1 ? 0 : k] + factor * b->constant[b->n_columns == 1 ? 0 : k];
  return merge_terms (to, a, b, factor, error) ? g_steal_pointer (&to) : NULL;
}
