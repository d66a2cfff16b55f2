/* Numbers in the data for a feature that is a category: its categories' names are numbers, or the
 * numbers are its codes. */

#include "model/match/shs-number-translation.h"

#include "core/shs-error.h"
#include "core/shs-i18n.h"
#include "core/shs-missing.h"
#include "core/shs-number.h"
#include "core/shs-shown.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct
{
  double value;
  double code;
} CodedValue;

static int
compare_values (const void *a, const void *b)
{
  double first = ((const CodedValue *)a)->value;
  double second = ((const CodedValue *)b)->value;

  return (first > second) - (first < second);
}

static char *
number_text (double value)
{
  char text[SHS_NUMBER_LENGTH];

  return g_strdup (shs_number_print (text, value));
}

static gboolean
fail_column (GError **error, const char *column, const char *example, const char *why)
{
  g_autofree char *name = shs_name_shown (column);
  g_autofree char *value = shs_name_shown (example);

  g_set_error (error, SHS_ERROR, SHS_ERROR_MISMATCH, "the column %s holds %s, but %s", name, value,
               why);
  return FALSE;
}

typedef struct
{
  double n_categories;
  double bad;
  gboolean has_numbers;
} CodeCheck;

static gboolean
check_code (double value, gsize row, gpointer data)
{
  CodeCheck *check = data;

  check->has_numbers |= !isnan (value);
  if (isnan (value) || (value >= 0 && value < check->n_categories && value == floor (value)))
    return TRUE;
  check->bad = value;
  return FALSE;
}

double
shs_number_translation_find (const ShsColumnTranslation *self, double value)
{
  gsize low = 0;
  gsize high = self->n_values;

  while (low < high)
    {
      gsize middle = low + (high - low) / 2;

      if (self->values[middle] < value)
        low = middle + 1;
      else
        high = middle;
    }
  return low < self->n_values && self->values[low] == value ? self->value_codes[low] : self->unseen;
}

typedef struct
{
  const ShsColumnTranslation *translation;
  guint64 n_unseen;
  double example;
} UnseenCount;

static gboolean
count_unseen (double value, gsize row, gpointer data)
{
  UnseenCount *count = data;

  if (!isnan (value)
      && shs_number_translation_find (count->translation, value) == count->translation->unseen)
    {
      count->example = value;
      count->n_unseen++;
    }
  return TRUE;
}

/* How many categories are numbers; 0 when one is neither that nor a spelling of a missing value. */
static gsize
numbers_of_names (const ShsColumn *feature, CodedValue *coded)
{
  gsize n = 0;

  for (gsize c = 0; c < feature->n_categories; c++)
    {
      const char *name = feature->categories[c];
      gsize length = strlen (name);

      coded[n].code = (double)c;
      if (shs_number_parse (name, name + length, &coded[n].value) && !isnan (coded[n].value))
        n++;
      else if (shs_missing_find (name, length) == 0)
        return 0;
    }
  return n;
}

static gboolean
translate_numbers_by_value (ShsColumnTranslation *self, const ShsColumn *feature, CodedValue *coded,
                            gsize n_coded, ShsDataset *dataset, gsize column, GPtrArray *notes,
                            GError **error)
{
  UnseenCount count = { .translation = self };

  qsort (coded, n_coded, sizeof *coded, compare_values);
  self->n_values = n_coded;
  self->values = g_new (double, self->n_values);
  self->value_codes = g_new (double, self->n_values);
  for (gsize i = 0; i < self->n_values; i++)
    {
      self->values[i] = coded[i].value;
      self->value_codes[i] = coded[i].code;
    }
  self->unseen = (double)feature->n_categories;
  shs_column_translation_set_dictionary (self, feature, 1);
  if (!shs_column_visit (dataset, column, count_unseen, &count, error))
    return FALSE;
  if (count.n_unseen > 0)
    {
      g_autofree char *name = shs_name_shown (self->shown.name);
      g_autofree char *example = number_text (count.example);

      shs_column_translation_append (self, _ ("not in the model"));
      g_ptr_array_add (
          notes,
          g_strdup_printf (ngettext ("%s has %" G_GUINT64_FORMAT " value that the model does "
                                     "not know (%s)",
                                     "%s has %" G_GUINT64_FORMAT " values that the model "
                                     "does not know (for example %s)",
                                     count.n_unseen),
                           name, count.n_unseen, example));
    }
  return TRUE;
}

static gboolean
take_numbers_as_codes (ShsColumnTranslation *self, const ShsColumn *feature, ShsDataset *dataset,
                       gsize column, GPtrArray *notes, GError **error)
{
  CodeCheck check = { (double)feature->n_categories, NAN, FALSE };
  g_autofree char *name = shs_name_shown (self->shown.name);
  const char *data_name = shs_dataset_get_table (dataset)->columns[column].name;

  if (!shs_column_visit (dataset, column, check_code, &check, error))
    return FALSE;
  if (!isnan (check.bad))
    {
      g_autofree char *example = number_text (check.bad);
      g_autofree char *category = shs_name_shown (feature->categories[0]);
      g_autofree char *why = g_strdup_printf ("the model knows %" G_GSIZE_FORMAT
                                              " categories of it by name (such as %s); give the "
                                              "names, or their numbers from 0",
                                              feature->n_categories, category);

      return fail_column (error, data_name, example, why);
    }
  shs_column_translation_set_dictionary (self, feature, 0);
  if (!check.has_numbers)
    return TRUE;
  g_ptr_array_add (notes, g_strdup_printf (_ ("the numbers in %s are taken as the numbers of the "
                                              "model's categories"),
                                           name));
  return TRUE;
}

gboolean
shs_number_translation_init (ShsColumnTranslation *self, const ShsColumn *feature,
                             ShsDataset *dataset, gsize column, GPtrArray *notes, GError **error)
{
  g_autofree CodedValue *coded = NULL;
  gsize n_coded;

  if (feature->n_categories == 0)
    return TRUE;
  coded = g_new (CodedValue, feature->n_categories);
  n_coded = numbers_of_names (feature, coded);
  if (n_coded > 0)
    return translate_numbers_by_value (self, feature, coded, n_coded, dataset, column, notes,
                                       error);
  return take_numbers_as_codes (self, feature, dataset, column, notes, error);
}
