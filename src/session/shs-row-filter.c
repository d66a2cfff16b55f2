#include "session/shs-row-filter.h"

#include <math.h>
#include <string.h>

#include "core/shs-error.h"
#include "core/shs-i18n.h"
#include "core/shs-memory.h"
#include "core/shs-missing.h"
#include "io/shs-instant.h"
#include "session/shs-row-filter-private.h"

struct _ShsRowFilter
{
  ShsRowTable *table;
  ShsFilterNode *root;
};

/* @table: (transfer full) */
static ShsRowFilter *
filter_new (ShsRowTable *table, const char *text, GError **error)
{
  g_autoptr (ShsRowFilter) self = g_new0 (ShsRowFilter, 1);

  self->table = table;
  self->root = shs_filter_parse (table, text, error);
  return self->root != NULL ? g_steal_pointer (&self) : NULL;
}

ShsRowFilter *
shs_row_filter_new (ShsExplanation *explanation, gsize output, const char *text, GError **error)
{
  return shs_row_filter_new_with_data (explanation, NULL, output, text, error);
}

ShsRowFilter *
shs_row_filter_new_with_data (ShsExplanation *explanation, ShsDataset *dataset, gsize output,
                              const char *text, GError **error)
{
  return filter_new (shs_row_table_new_of_explanation (explanation, dataset, output), text, error);
}

ShsRowFilter *
shs_row_filter_new_for_data (ShsDataset *dataset, const char *text, GError **error)
{
  ShsRowTable *table = shs_row_table_new_of_dataset (dataset);

  if (table != NULL)
    return filter_new (table, text, error);
  g_set_error (error, SHS_ERROR, SHS_ERROR_UNSUPPORTED,
               _ ("%s is no table, so no rule can choose its rows; choose a number of rows"),
               shs_dataset_get_name (dataset));
  return NULL;
}

void
shs_row_filter_free (ShsRowFilter *self)
{
  if (self == NULL)
    return;
  shs_filter_node_free (self->root);
  shs_row_table_free (self->table);
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

/* Whether all words are dates, and what they are compared with is one too. */
static gboolean
compares_instants (const ShsFilterNode *node, char **words, gsize n_words, ShsInstant *with)
{
  ShsInstant instant;

  if (node->type == NODE_TEXT || node->comparison == COMPARE_CONTAINS
      || !shs_instant_parse (node->text, with))
    return FALSE;
  for (gsize k = 0; k < n_words; k++)
    if (!shs_instant_parse (words[k], &instant))
      return FALSE;
  return TRUE;
}

/* One answer for each word of a dictionary. */
static guint8 *
ask_words (const ShsFilterNode *node, char **words, gsize n_words)
{
  guint8 *answers = g_malloc0 (MAX (n_words, 1));
  ShsInstant instant;
  ShsInstant with;

  if (compares_instants (node, words, n_words, &with))
    {
      for (gsize k = 0; k < n_words; k++)
        answers[k]
            = shs_instant_parse (words[k], &instant)
              && compare_numbers (node->comparison, shs_instant_compare (&instant, &with), 0);
      return answers;
    }
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

/* One answer for each spelling of a missing value; where it is not known, any may have been. */
static guint8 *
ask_spellings (const ShsFilterNode *node)
{
  guint8 *answers = g_malloc0 (SHS_MISSING_N_SPELLINGS);

  answers[0] = TRUE;
  for (guint i = 1; i < SHS_MISSING_N_SPELLINGS; i++)
    {
      g_autofree char *text = shs_missing_to_text (i);
      g_autofree char *folded = text != NULL ? g_utf8_casefold (g_strstrip (text), -1) : NULL;

      answers[i] = g_strcmp0 (folded, node->text) == 0;
    }
  return answers;
}

static gboolean
apply_comparison (const ShsRowFilter *self, const ShsFilterNode *node, guint8 *mask, GError **error)
{
  gsize n = shs_row_table_get_n_rows (self->table);
  const ShsRowTableColumn *column = shs_row_table_get_column (self->table, node->column);
  SHS_AUTOFREE double *numbers = shs_alloc (n, sizeof (double), error);

  if (numbers == NULL || !shs_row_table_read (self->table, node->column, numbers, error))
    return FALSE;
  memset (mask, 0, n);
  if (node->comparison == COMPARE_MISSING || node->comparison == COMPARE_PRESENT)
    for (gsize i = 0; i < n; i++)
      mask[i] = (isnan (numbers[i]) != 0) == (node->comparison == COMPARE_MISSING);
  else if (node->comparison == COMPARE_SPELLED)
    {
      g_autofree guint8 *answers = ask_spellings (node);

      for (gsize i = 0; i < n; i++)
        mask[i] = isnan (numbers[i]) && answers[shs_missing_get_spelling (numbers[i])];
    }
  else if (column->n_words > 0 && !(column->has_numbers && !isnan (node->number)))
    {
      g_autofree guint8 *answers = ask_words (node, column->words, column->n_words);

      apply_words (answers, column->n_words, numbers, n, mask);
    }
  else
    for (gsize i = 0; i < n; i++)
      mask[i] = compare_numbers (node->comparison, numbers[i], node->number);
  return TRUE;
}

static gboolean
search_column (const ShsRowFilter *self, const ShsFilterNode *node, gsize column, double *codes,
               guint8 *mask, GError **error)
{
  const ShsRowTableColumn *searched = shs_row_table_get_column (self->table, column);
  g_autofree guint8 *answers = NULL;

  if (!shs_row_table_read (self->table, column, codes, error))
    return FALSE;
  answers = ask_words (node, searched->words, searched->n_words);
  apply_words (answers, searched->n_words, codes, shs_row_table_get_n_rows (self->table), mask);
  return TRUE;
}

static gboolean
apply_text (const ShsRowFilter *self, const ShsFilterNode *node, guint8 *mask, GError **error)
{
  gsize n = shs_row_table_get_n_rows (self->table);
  SHS_AUTOFREE double *codes = shs_alloc (n, sizeof (double), error);
  g_auto (GStrv) names = codes != NULL ? shs_row_table_read_names (self->table, error) : NULL;

  if (names == NULL)
    return FALSE;
  for (gsize i = 0; i < n; i++)
    mask[i] = contains (names[i], node->text);
  for (gsize j = 0; j < shs_row_table_get_n_columns (self->table); j++)
    if (shs_row_table_get_column (self->table, j)->is_searched
        && !search_column (self, node, j, codes, mask, error))
      return FALSE;
  return TRUE;
}

static gboolean
apply_node (const ShsRowFilter *self, const ShsFilterNode *node, guint8 *mask, GError **error)
{
  gsize n = shs_row_table_get_n_rows (self->table);
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

static gboolean
compares (const ShsFilterNode *node)
{
  return node != NULL
         && (node->type == NODE_COMPARE || compares (node->left) || compares (node->right));
}

gboolean
shs_row_filter_compares (const ShsRowFilter *self)
{
  return compares (self->root);
}
