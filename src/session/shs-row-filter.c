#include "session/shs-row-filter.h"

#include <math.h>
#include <string.h>

#include "core/shs-error.h"
#include "core/shs-i18n.h"
#include "core/shs-memory.h"
#include "session/shs-row-filter-private.h"

struct _ShsRowFilter
{
  ShsExplanation *explanation;
  gsize output;
  ShsFilterNode *root;
};

ShsRowFilter *
shs_row_filter_new (ShsExplanation *explanation, gsize output, const char *text, GError **error)
{
  ShsFilterNode *root = shs_filter_parse (explanation, text, error);
  ShsRowFilter *self;

  if (root == NULL)
    return NULL;
  self = g_new0 (ShsRowFilter, 1);
  self->explanation = shs_explanation_ref (explanation);
  self->output = output;
  self->root = root;
  return self;
}

void
shs_row_filter_free (ShsRowFilter *self)
{
  if (self == NULL)
    return;
  shs_filter_node_free (self->root);
  shs_explanation_unref (self->explanation);
  g_free (self);
}

static gboolean
contains (const char *text, const char *folded_part)
{
  g_autofree char *folded = g_utf8_casefold (text, -1);

  return strstr (folded, folded_part) != NULL;
}

static gboolean
compare_numbers (ShsFilterComparison comparison, double a, double b)
{
  switch (comparison)
    {
    case COMPARE_LESS:
      return a < b;
    case COMPARE_LESS_EQUAL:
      return a <= b;
    case COMPARE_GREATER:
      return a > b;
    case COMPARE_GREATER_EQUAL:
      return a >= b;
    case COMPARE_EQUAL:
      return a == b;
    case COMPARE_UNEQUAL:
      return a != b && !isnan (a);
    default:
      return FALSE;
    }
}

static gboolean
compare_text (const ShsFilterNode *node, const char *text)
{
  g_autofree char *folded = g_utf8_casefold (text, -1);

  if (node->comparison == COMPARE_CONTAINS)
    return strstr (folded, node->text) != NULL;
  return compare_numbers (node->comparison, g_utf8_collate (folded, node->text), 0);
}

/* One answer for each word of a dictionary. */
static guint8 *
ask_words (const ShsFilterNode *node, char **words, gsize n_words)
{
  guint8 *answers = g_malloc0 (MAX (n_words, 1));

  for (gsize k = 0; k < n_words; k++)
    answers[k]
        = node->type == NODE_TEXT ? contains (words[k], node->text) : compare_text (node, words[k]);
  return answers;
}

static void
apply_words (const guint8 *answers, gsize n_words, const double *codes, gsize n, guint8 *mask)
{
  for (gsize i = 0; i < n; i++)
    if (codes[i] >= 0 && codes[i] < (double)n_words)
      mask[i] |= answers[(gsize)codes[i]];
}

static gboolean
apply_comparison (const ShsRowFilter *self, const ShsFilterNode *node, guint8 *mask, GError **error)
{
  const ShsExplanationParts *parts = shs_explanation_get_parts (self->explanation);
  gsize n = shs_explanation_get_n_rows (self->explanation);
  SHS_AUTOFREE double *numbers = shs_alloc (n, sizeof (double), error);
  g_autofree guint8 *answers = NULL;
  char **words = NULL;
  gsize n_words = 0;

  if (numbers == NULL)
    return FALSE;
  if (node->feature >= 0 && parts->data == NULL)
    {
      g_set_error_literal (error, SHS_ERROR, SHS_ERROR_CHOICE,
                           _ ("This explanation does not carry the features' values; filter by "
                              "prediction or row instead"));
      return FALSE;
    }
  if (node->feature >= 0
          ? !shs_values_read_feature (parts->data, 0, node->feature, numbers, error)
          : !shs_row_column_read (self->explanation, self->output, node->column, numbers, error))
    return FALSE;
  if (node->feature >= 0)
    {
      const ShsColumn *column = shs_explanation_get_column (self->explanation, node->feature);

      words = column->categories;
      n_words = column->n_categories;
    }
  else if (node->column == SHS_ROW_TARGET && shs_explanation_get_n_outputs (self->explanation) > 1)
    {
      words = parts->output_names;
      n_words = shs_explanation_get_n_outputs (self->explanation);
    }
  memset (mask, 0, n);
  if (n_words > 0)
    {
      answers = ask_words (node, words, n_words);
      apply_words (answers, n_words, numbers, n, mask);
    }
  else
    for (gsize i = 0; i < n; i++)
      mask[i] = compare_numbers (node->comparison, numbers[i], node->number);
  return TRUE;
}

static gboolean
apply_text (const ShsRowFilter *self, const ShsFilterNode *node, guint8 *mask, GError **error)
{
  const ShsExplanationParts *parts = shs_explanation_get_parts (self->explanation);
  gsize n = shs_explanation_get_n_rows (self->explanation);
  gsize n_features = shs_explanation_get_n_features (self->explanation);
  SHS_AUTOFREE double *codes = shs_alloc (n, sizeof (double), error);

  if (codes == NULL)
    return FALSE;
  memset (mask, 0, n);
  for (gsize i = 0; i < n; i++)
    {
      g_autofree char *name = shs_explanation_describe_row (self->explanation, i);

      mask[i] = contains (name, node->text);
    }
  for (gsize j = 0; parts->data != NULL && j < n_features; j++)
    {
      const ShsColumn *column = shs_explanation_get_column (self->explanation, j);
      g_autofree guint8 *answers = NULL;

      if (column->n_categories == 0)
        continue;
      if (!shs_values_read_feature (parts->data, 0, j, codes, error))
        return FALSE;
      answers = ask_words (node, column->categories, column->n_categories);
      apply_words (answers, column->n_categories, codes, n, mask);
    }
  return TRUE;
}

static gboolean
apply_node (const ShsRowFilter *self, const ShsFilterNode *node, guint8 *mask, GError **error)
{
  gsize n = shs_explanation_get_n_rows (self->explanation);
  SHS_AUTOFREE guint8 *other = NULL;

  switch (node->type)
    {
    case NODE_ALL:
      memset (mask, 1, n);
      return TRUE;
    case NODE_TEXT:
      return apply_text (self, node, mask, error);
    case NODE_COMPARE:
      return apply_comparison (self, node, mask, error);
    default:
      break;
    }
  if (!apply_node (self, node->left, mask, error))
    return FALSE;
  if (node->type == NODE_NOT)
    {
      for (gsize i = 0; i < n; i++)
        mask[i] = !mask[i];
      return TRUE;
    }
  other = shs_alloc (n, 1, error);
  if (other == NULL || !apply_node (self, node->right, other, error))
    return FALSE;
  for (gsize i = 0; i < n; i++)
    mask[i] = node->type == NODE_AND ? mask[i] & other[i] : mask[i] | other[i];
  return TRUE;
}

gboolean
shs_row_filter_apply (const ShsRowFilter *self, guint8 *mask, GError **error)
{
  return apply_node (self, self->root, mask, error);
}
