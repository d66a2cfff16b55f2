#include "model/match/shs-column-translation.h"

#include "core/shs-i18n.h"
#include "core/shs-number.h"
#include "core/shs-shown.h"

#include <math.h>

#define LARGEST_WHOLE 9007199254740992.0 /* 2^53 */

/* As Python's str() writes a whole number, or a float that is whole. */
static const char *
print_number (char *text, double number, gboolean has_point)
{
  if (number != floor (number) || fabs (number) > LARGEST_WHOLE)
    return shs_number_print (text, number);
  g_snprintf (text, SHS_NUMBER_LENGTH, "%" G_GINT64_FORMAT "%s", (gint64)number,
              has_point ? ".0" : "");
  return text;
}

double
shs_hashed_code_of_number (const ShsColumnTranslation *self, double number)
{
  char text[SHS_NUMBER_LENGTH];

  return shs_hashed_categories_get_code (self->hashed,
                                         print_number (text, number, self->has_points));
}

/* A missing cell was some word when the model was trained: the first of the usual ones that
 * training saw in this feature. */
static const char *
find_word_for_missing (const ShsHashedCategories *hashed, gsize feature)
{
  static const char *const words[] = { "nan",  "",        "NaN",     "None",    "NA",  "<NA>",
                                       "null", "missing", "Missing", "unknown", "N/A", "NULL" };

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (shs_hashed_categories_knows (hashed, feature,
                                     shs_hashed_categories_get_code (hashed, words[i])))
      return words[i];
  return NULL;
}

/* What going through a column finds. @is_known: per category of a column of texts; @n_with_points:
 * numbers that training saw with a point alone; @n_without: without. */
typedef struct
{
  const ShsColumnTranslation *translation;
  gsize feature;
  gboolean *is_known;
  guint64 n_missing;
  guint64 n_unseen;
  guint64 n_with_points;
  guint64 n_without;
  double example;
} Findings;

static gboolean
knows_number (const Findings *findings, double number, gboolean has_point)
{
  const ShsHashedCategories *hashed = findings->translation->hashed;
  char text[SHS_NUMBER_LENGTH];

  return shs_hashed_categories_knows (
      hashed, findings->feature,
      shs_hashed_categories_get_code (hashed, print_number (text, number, has_point)));
}

static gboolean
look_at_value (double value, gsize row, gpointer data)
{
  Findings *findings = data;

  if (isnan (value))
    findings->n_missing++;
  else if (findings->is_known == NULL && knows_number (findings, value, FALSE))
    findings->n_without++;
  else if (findings->is_known == NULL && knows_number (findings, value, TRUE))
    findings->n_with_points++;
  else if (findings->is_known == NULL || !findings->is_known[(gsize)value])
    {
      findings->example = value;
      findings->n_unseen++;
    }
  return TRUE;
}

/* The codes of all texts of a column. */
static void
hash_texts (ShsColumnTranslation *self, const ShsColumn *column)
{
  self->n_codes = column->n_categories;
  self->codes = g_new (double, MAX (1, self->n_codes));
  for (gsize c = 0; c < self->n_codes; c++)
    self->codes[c] = shs_hashed_categories_get_code (self->hashed, column->categories[c]);
}

static gboolean
look_at_column (ShsColumnTranslation *self, ShsDataset *dataset, gsize column, Findings *findings,
                GError **error)
{
  g_autofree gboolean *is_known
      = self->codes != NULL ? g_new (gboolean, MAX (1, self->n_codes)) : NULL;

  for (gsize c = 0; is_known != NULL && c < self->n_codes; c++)
    is_known[c]
        = shs_hashed_categories_knows (self->hashed, findings->feature, (guint32)self->codes[c]);
  findings->is_known = is_known;
  if (!shs_column_visit (dataset, column, look_at_value, findings, error))
    return FALSE;
  self->has_points = findings->n_with_points > findings->n_without;
  return TRUE;
}

static void
note_missing (GPtrArray *notes, const char *name, const char *word)
{
  g_autofree char *shown = shs_name_shown (name);
  g_autofree char *shown_word = word != NULL ? shs_name_shown (word) : NULL;

  if (word == NULL)
    g_ptr_array_add (notes, g_strdup_printf (_ ("missing cells of %s are taken as a category that "
                                                "the model has not seen"),
                                             shown));
  else
    g_ptr_array_add (notes, g_strdup_printf (_ ("missing cells of %s are taken as the category %s, "
                                                "which the model knows"),
                                             shown, shown_word));
}

static void
note_unseen (GPtrArray *notes, const Findings *findings, const ShsColumn *column)
{
  char text[SHS_NUMBER_LENGTH];
  g_autofree char *name = shs_name_shown (column->name);
  g_autofree char *example
      = shs_name_shown (column->n_categories > 0 ? column->categories[(gsize)findings->example]
                                                 : print_number (text, findings->example, FALSE));

  g_ptr_array_add (
      notes, g_strdup_printf (ngettext ("%s has %" G_GUINT64_FORMAT " value that the model does "
                                        "not know (%s)",
                                        "%s has %" G_GUINT64_FORMAT " values that the model does "
                                        "not know (for example %s)",
                                        findings->n_unseen),
                              name, findings->n_unseen, example));
}

gboolean
shs_hashed_translation_init (ShsColumnTranslation *self, const ShsModel *model, gsize feature,
                             ShsDataset *dataset, gsize column, GPtrArray *notes, GError **error)
{
  const ShsModelParts *parts = shs_model_get_parts (model);
  const ShsHashedCategories *hashed = parts->hashed_categories;
  const char *name = parts->features[feature].name;
  const ShsColumn *described = &shs_dataset_get_table (dataset)->columns[column];
  const char *word = find_word_for_missing (hashed, feature);
  Findings findings = { .translation = self, .feature = feature };

  *self = (ShsColumnTranslation){ .hashed = hashed, .missing = NAN };
  shs_column_copy (described, &self->shown);
  g_free (self->shown.name);
  self->shown.name = g_strdup (name);
  if (word != NULL)
    self->missing = shs_hashed_categories_get_code (hashed, word);
  if (described->type == SHS_COLUMN_CATEGORY)
    hash_texts (self, described);
  if (parts->map == NULL || !shs_feature_map_uses_column (parts->map, feature))
    return TRUE;
  if (!look_at_column (self, dataset, column, &findings, error))
    return FALSE;
  if (findings.n_missing > 0)
    note_missing (notes, name, word);
  if (findings.n_unseen > 0 && shs_hashed_categories_is_complete (hashed, feature))
    note_unseen (notes, &findings, described);
  return TRUE;
}
