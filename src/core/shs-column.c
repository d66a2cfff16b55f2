#include "core/shs-column.h"

#include <math.h>

void
shs_column_clear (ShsColumn *column)
{
  g_free (column->name);
  for (gsize i = 0; i < column->n_categories; i++)
    g_free (column->categories[i]);
  g_free (column->categories);
  for (gsize i = 0; i < column->n_spellings; i++)
    g_free (column->spellings[i]);
  g_free (column->spellings);
  *column = (ShsColumn){ 0 };
}

void
shs_column_copy (const ShsColumn *column, ShsColumn *copy)
{
  *copy = *column;
  copy->name = g_strdup (column->name);
  copy->categories = NULL;
  copy->spellings = NULL;
  copy->n_spellings = 0;
  if (column->n_categories > 0)
    shs_column_set_categories (copy, column->categories, column->n_categories);
}

void
shs_column_set_categories (ShsColumn *column, char *const *texts, gsize n)
{
  column->n_categories = n;
  column->categories = g_new0 (char *, MAX (1, n));
  for (gsize c = 0; c < n; c++)
    column->categories[c] = g_strdup (texts[c]);
}

const char *
shs_column_get_text (const ShsColumn *column, double value)
{
  if (!(value >= 0 && value < (double)column->n_categories)
      || (column->type == SHS_COLUMN_NUMBER && value != floor (value)))
    return NULL;
  return column->categories[(gsize)value];
}

/* ---- truths ---- */

gboolean
shs_column_is_truth (const ShsColumn *column)
{
  return column->type == SHS_COLUMN_NUMBER && column->n_categories == 2;
}

int
shs_truth_find (const char *text)
{
  if (g_ascii_strcasecmp (text, "true") == 0)
    return 1;
  return g_ascii_strcasecmp (text, "false") == 0 ? 0 : -1;
}

/* The word for the truth that a column does not hold is spelled as the one that it does. */
static char *
spell_opposite (const char *word)
{
  const char *opposite = shs_truth_find (word) == 1 ? "false" : "true";

  if (g_ascii_islower (word[0]))
    return g_strdup (opposite);
  return g_ascii_islower (word[1])
             ? g_strdup_printf ("%c%s", g_ascii_toupper (opposite[0]), opposite + 1)
             : g_ascii_strup (opposite, -1);
}

gboolean
shs_column_set_truths (ShsColumn *column, char *const *words, gsize n)
{
  g_autofree char *made = NULL;
  char *texts[2] = { NULL, NULL };

  for (gsize i = 0; words != NULL && i < n; i++)
    {
      int truth = shs_truth_find (words[i]);

      if (truth < 0 || texts[truth] != NULL)
        return FALSE;
      texts[truth] = words[i];
    }
  if (words != NULL && n == 0)
    return FALSE;
  for (guint t = 0; t < 2; t++)
    if (words == NULL)
      texts[t] = t == 0 ? "false" : "true";
    else if (texts[t] == NULL)
      texts[t] = made = spell_opposite (texts[1 - t]);
  column->type = SHS_COLUMN_NUMBER;
  shs_column_set_categories (column, texts, G_N_ELEMENTS (texts));
  return TRUE;
}
