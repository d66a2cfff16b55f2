#include "model/match/shs-column-translation.h"

#include "core/shs-i18n.h"
#include "core/shs-missing.h"
#include "core/shs-number.h"
#include "core/shs-shown.h"

#include <math.h>
#include <string.h>

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
 * numbers that training saw with a point alone; @n_without: without; @keeps_spellings: a cell that
 * others read as missing is a category that training saw. */
typedef struct
{
  const ShsColumnTranslation *translation;
  gsize feature;
  gboolean *is_known;
  guint64 n_missing;
  guint64 n_spelled;
  guint64 n_unseen;
  guint64 n_with_points;
  guint64 n_without;
  gboolean keeps_spellings;
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
    {
      guint spelling = shs_missing_get_spelling (value);

      if (isnan (shs_spelled_codes_find (findings->translation->shown_spelled, NAN, value)))
        *(spelling > SHS_MISSING_EMPTY ? &findings->n_spelled : &findings->n_missing) += 1;
      else if (spelling > SHS_MISSING_EMPTY)
        findings->keeps_spellings = TRUE;
    }
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

/* The code of a cell's text; where training did not see it, of the number that it stands for, if it
 * saw that. */
static guint32
hash_text (const ShsHashedCategories *hashed, gsize feature, const char *text, gboolean is_number)
{
  guint32 code = shs_hashed_categories_get_code (hashed, text);
  char printed[SHS_NUMBER_LENGTH];
  g_autofree char *bare = is_number ? g_strstrip (g_strdup (text)) : NULL;
  double number;

  if (bare == NULL || shs_hashed_categories_knows (hashed, feature, code)
      || !shs_number_parse (bare, bare + strlen (bare), &number))
    return code;
  for (int has_point = 0; has_point < 2; has_point++)
    {
      guint32 other
          = shs_hashed_categories_get_code (hashed, print_number (printed, number, has_point));

      if (shs_hashed_categories_knows (hashed, feature, other))
        return other;
    }
  return code;
}

/* The codes of all texts of a column, which are those of numbers where it has spellings. */
static void
hash_texts (ShsColumnTranslation *self, gsize feature, const ShsColumn *column)
{
  gboolean is_number = column->n_spellings > 0;
  char **texts = is_number ? column->spellings : column->categories;

  self->n_codes = is_number ? column->n_spellings : column->n_categories;
  self->codes = g_new (double, MAX (1, self->n_codes));
  for (gsize c = 0; c < self->n_codes; c++)
    self->codes[c] = hash_text (self->hashed, feature, texts[c], is_number);
}

/* Texts that are read as missing values, but are categories that training saw. */
static void
hash_spellings_of_missing (ShsColumnTranslation *self, gsize feature)
{
  for (guint i = 1; i < SHS_MISSING_N_SPELLINGS; i++)
    {
      g_autofree char *text = shs_missing_to_text (i);
      guint32 code = text != NULL ? shs_hashed_categories_get_code (self->hashed, text) : 0;

      if (text == NULL || !shs_hashed_categories_knows (self->hashed, feature, code))
        continue;
      if (self->spelled == NULL)
        {
          self->spelled = shs_spelled_codes_alloc (self->missing);
          self->shown_spelled = shs_spelled_codes_alloc (NAN);
        }
      self->spelled[i] = code;
      self->shown_spelled[i] = i;
    }
}

/* One such category tells that the frame kept them all: the others are themselves, not a word for
 * missing values. */
static void
keep_spellings (ShsColumnTranslation *self)
{
  for (guint i = SHS_MISSING_EMPTY + 1; i < SHS_MISSING_N_SPELLINGS; i++)
    {
      g_autofree char *text = shs_missing_to_text (i);

      if (text != NULL && isnan (self->shown_spelled[i]))
        self->spelled[i] = shs_hashed_categories_get_code (self->hashed, text);
    }
}

/* What a person sees: the data's own texts and numbers, and spellings that are categories. */
static void
describe (ShsColumnTranslation *self, const char *name, const ShsColumn *column)
{
  gboolean has_spellings = column->n_spellings > 0;
  char **texts = has_spellings ? column->spellings : column->categories;
  gsize n = has_spellings ? column->n_spellings : column->n_categories;

  self->shown.name = g_strdup (name);
  self->shown.type = has_spellings ? SHS_COLUMN_CATEGORY : column->type;
  self->shown.categories = g_new0 (char *, n + SHS_MISSING_N_SPELLINGS);
  for (gsize c = 0; c < n; c++)
    self->shown.categories[c] = g_strdup (texts[c]);
  self->shown.n_categories = n;
  for (guint i = 1; self->shown_spelled != NULL && i < SHS_MISSING_N_SPELLINGS; i++)
    if (!isnan (self->shown_spelled[i]) && self->shown.type == SHS_COLUMN_CATEGORY)
      {
        self->shown_spelled[i] = (double)self->shown.n_categories;
        self->shown.categories[self->shown.n_categories++] = shs_missing_to_text (i);
      }
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
  if (self->reads_spellings
          ? !shs_column_visit_spellings (dataset, column, look_at_value, findings, error)
          : !shs_column_visit (dataset, column, look_at_value, findings, error))
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
  const ShsColumn *shown = &findings->translation->shown;
  char text[SHS_NUMBER_LENGTH];
  g_autofree char *name = shs_name_shown (column->name);
  g_autofree char *example
      = shs_name_shown (shown->n_categories > 0 ? shown->categories[(gsize)findings->example]
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
  if (word != NULL)
    self->missing = shs_hashed_categories_get_code (hashed, word);
  self->reads_spellings = described->n_spellings > 0;
  if (described->type == SHS_COLUMN_CATEGORY || self->reads_spellings)
    hash_texts (self, feature, described);
  hash_spellings_of_missing (self, feature);
  describe (self, name, described);
  if (parts->map == NULL || !shs_feature_map_uses_column (parts->map, feature))
    return TRUE;
  if (!look_at_column (self, dataset, column, &findings, error))
    return FALSE;
  if (findings.keeps_spellings)
    keep_spellings (self);
  else
    findings.n_missing += findings.n_spelled;
  if (findings.n_missing > 0)
    note_missing (notes, name, word);
  if (findings.n_unseen > 0 && shs_hashed_categories_is_complete (hashed, feature))
    note_unseen (notes, &findings, described);
  return TRUE;
}
