#include "plot/shs-category-order.h"

#include "core/shs-memory.h"
#include "core/shs-number.h"

#include <math.h>
#include <string.h>

#define FEW 4 /* so many may well appear in their own order by chance */

typedef struct
{
  char *name;
  char *folded;
  double value;
  gsize code;
} Entry;

static int
compare_names (gconstpointer a, gconstpointer b, gpointer data)
{
  const Entry *x = a, *y = b;
  int result = strcmp (x->folded, y->folded);

  return result != 0 ? result : strcmp (x->name, y->name);
}

static int
compare_values (gconstpointer a, gconstpointer b, gpointer data)
{
  const Entry *x = a, *y = b;

  return x->value != y->value ? (x->value > y->value) - (x->value < y->value)
                              : compare_names (a, b, data);
}

static gboolean
are_numbers (const ShsColumn *column, Entry *entries)
{
  for (gsize c = 0; c < column->n_categories; c++)
    {
      const char *name = column->categories[c];

      if (!shs_number_parse (name, name + strlen (name), &entries[c].value)
          || !isfinite (entries[c].value))
        return FALSE;
    }
  return TRUE;
}

/* Whether each code comes after all smaller ones have come. */
static gboolean
is_as_it_appears (const double *codes, gsize n)
{
  double next = 0;

  for (gsize i = 0; i < n; i++)
    {
      if (codes[i] > next)
        return FALSE;
      next += codes[i] == next ? 1 : 0;
    }
  return TRUE;
}

static gboolean
apply (ShsColumn *column, const Entry *entries, double *codes, gsize n, GError **error)
{
  gsize m = column->n_categories;
  SHS_AUTOFREE gsize *places = shs_alloc (m, sizeof *places, error);

  if (places == NULL)
    return FALSE;
  for (gsize c = 0; c < m; c++)
    {
      places[entries[c].code] = c;
      column->categories[c] = entries[c].name;
    }
  for (gsize i = 0; i < n; i++)
    if (codes[i] >= 0 && codes[i] < (double)m)
      codes[i] = (double)places[(gsize)codes[i]];
  return TRUE;
}

gboolean
shs_category_order_sort (ShsColumn *column, double *codes, gsize n, GError **error)
{
  gsize m = column->n_categories;
  SHS_AUTOFREE Entry *entries = NULL;
  gboolean by_value;
  gboolean done = TRUE;

  if (column->type != SHS_COLUMN_CATEGORY || m == 0)
    return TRUE;
  entries = shs_alloc0 (m, sizeof *entries, error);
  if (entries == NULL)
    return FALSE;
  by_value = are_numbers (column, entries);
  if (!by_value && (m <= FEW || !is_as_it_appears (codes, n)))
    return TRUE;
  for (gsize c = 0; c < m; c++)
    {
      entries[c].name = column->categories[c];
      entries[c].folded = g_utf8_casefold (entries[c].name, -1);
      entries[c].code = c;
    }
  g_qsort_with_data (entries, (int)m, sizeof *entries, by_value ? compare_values : compare_names,
                     NULL);
  done = apply (column, entries, codes, n, error);
  for (gsize c = 0; c < m; c++)
    g_free (entries[c].folded);
  return done;
}
