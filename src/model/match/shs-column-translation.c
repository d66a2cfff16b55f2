#include "model/match/shs-number-translation.h"

#include "core/shs-error.h"
#include "core/shs-i18n.h"
#include "core/shs-memory.h"
#include "core/shs-missing.h"
#include "core/shs-number.h"
#include "core/shs-shown.h"
#include "model/xgboost/shs-cut-names.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_ROWS 65536

typedef struct
{
  const char *text;
  gsize index;
} IndexedText;

static int
compare_texts (const void *a, const void *b)
{
  return strcmp (((const IndexedText *)a)->text, ((const IndexedText *)b)->text);
}

double *
shs_text_ranks (char *const *texts, gsize n)
{
  g_autofree IndexedText *sorted = g_new (IndexedText, MAX (n, 1));
  double *ranks = g_new (double, MAX (n, 1));

  for (gsize i = 0; i < n; i++)
    sorted[i] = (IndexedText){ texts[i], i };
  qsort (sorted, n, sizeof *sorted, compare_texts);
  for (gsize i = 0; i < n; i++)
    ranks[sorted[i].index] = (double)i;
  return ranks;
}

GHashTable *
shs_text_index (char *const *texts, gsize n)
{
  GHashTable *index = g_hash_table_new (g_str_hash, g_str_equal);

  for (gsize i = 0; i < n; i++)
    g_hash_table_insert (index, texts[i], GUINT_TO_POINTER ((guint)i + 1));
  return index;
}

static gboolean
visit_column (ShsDataset *dataset, gsize column, gboolean spellings, ShsVisitFunc visit,
              gpointer data, GError **error)
{
  gsize n_rows = shs_dataset_get_n_rows (dataset);
  g_autoptr (ShsMatrix) block = shs_matrix_new (MIN (n_rows, BLOCK_ROWS), 1, error);

  for (gsize first = 0; block != NULL && first < n_rows; first += BLOCK_ROWS)
    {
      ShsMatrix rows = shs_matrix_rows (block, 0, MIN (BLOCK_ROWS, n_rows - first));

      if (spellings ? !shs_dataset_read_spellings (dataset, column, first, rows.n_rows, rows.values,
                                                   error)
                    : !shs_dataset_read (dataset, 0, first, &column, &rows, error))
        return FALSE;
      for (gsize i = 0; i < rows.n_rows; i++)
        if (!visit (rows.values[i], first + i, data))
          return TRUE;
    }
  return block != NULL;
}

gboolean
shs_column_visit (ShsDataset *dataset, gsize column, ShsVisitFunc visit, gpointer data,
                  GError **error)
{
  return visit_column (dataset, column, FALSE, visit, data, error);
}

gboolean
shs_column_visit_spellings (ShsDataset *dataset, gsize column, ShsVisitFunc visit, gpointer data,
                            GError **error)
{
  return visit_column (dataset, column, TRUE, visit, data, error);
}

double *
shs_spelled_codes_alloc (double missing)
{
  double *spelled = g_new (double, SHS_MISSING_N_SPELLINGS);

  for (gsize i = 0; i < SHS_MISSING_N_SPELLINGS; i++)
    spelled[i] = missing;
  return spelled;
}

double *
shs_spelled_codes_new (char *const *texts, gsize n, double missing)
{
  double *spelled = NULL;

  for (gsize c = 0; c < n; c++)
    {
      guint spelling = shs_missing_find (texts[c], strlen (texts[c]));

      if (spelling == 0)
        continue;
      if (spelled == NULL)
        spelled = shs_spelled_codes_alloc (missing);
      spelled[spelling] = (double)c;
    }
  return spelled;
}

double
shs_spelled_codes_find (const double *spelled, double missing, double value)
{
  return spelled != NULL && isnan (value) ? spelled[shs_missing_get_spelling (value)] : missing;
}

void
shs_column_translation_set_dictionary (ShsColumnTranslation *self, const ShsColumn *feature,
                                       gsize n_more)
{
  self->shown.type = SHS_COLUMN_CATEGORY;
  self->shown.categories = g_new0 (char *, feature->n_categories + n_more);
  for (gsize c = 0; c < feature->n_categories; c++)
    self->shown.categories[c] = g_strdup (feature->categories[c]);
  self->shown.n_categories = feature->n_categories;
  self->spelled = shs_spelled_codes_new (feature->categories, feature->n_categories, NAN);
}

void
shs_column_translation_append (ShsColumnTranslation *self, const char *name)
{
  self->shown.categories[self->shown.n_categories++] = g_strdup (name);
}

static void
note_unseen (GPtrArray *notes, const ShsColumn *column, gsize n_unseen, const char *example)
{
  g_autofree char *name = shs_name_shown (column->name);
  g_autofree char *value = shs_name_shown (example);

  g_ptr_array_add (
      notes,
      g_strdup_printf (ngettext ("%s has %" G_GSIZE_FORMAT " category that the model does not "
                                 "know (%s)",
                                 "%s has %" G_GSIZE_FORMAT " categories that the model does not "
                                 "know (for example %s)",
                                 n_unseen),
                       name, n_unseen, value));
}

/* The model's file has the name only in part: the data's own text is shown in its place. */
static void
take_whole_name (ShsColumnTranslation *self, gsize category, const char *text, GPtrArray *notes)
{
  g_autofree char *name = shs_name_shown (self->shown.name);
  g_autofree char *cut = shs_name_shown (self->shown.categories[category]);
  g_autofree char *value = shs_name_shown (text);

  g_ptr_array_add (notes, g_strdup_printf (_ ("the model's file has the category %s of %s cut "
                                              "short; %s of the data is taken for it"),
                                           cut, name, value));
  g_free (self->shown.categories[category]);
  self->shown.categories[category] = g_strdup (text);
}

static gboolean
translate_text_by_name (ShsColumnTranslation *self, const ShsColumn *feature,
                        const ShsColumn *column, GPtrArray *notes, GError **error)
{
  g_autoptr (GHashTable) index = shs_text_index (feature->categories, feature->n_categories);
  g_autoptr (ShsCutNames) cut = shs_cut_names_new (feature);
  const char *example = NULL;

  self->n_codes = column->n_categories;
  self->codes = g_new (double, MAX (1, self->n_codes));
  shs_column_translation_set_dictionary (self, feature, column->n_categories);
  for (gsize c = 0; c < column->n_categories; c++)
    {
      const char *text = column->categories[c];
      gssize code = (gssize)GPOINTER_TO_UINT (g_hash_table_lookup (index, text)) - 1;

      if (code < 0)
        {
          if (!shs_cut_names_find (cut, column->name, text, &code, error))
            return FALSE;
          if (code >= 0)
            take_whole_name (self, (gsize)code, text, notes);
        }
      if (code < 0)
        {
          code = (gssize)self->shown.n_categories;
          example = example != NULL ? example : text;
          shs_column_translation_append (self, text);
        }
      self->codes[c] = (double)code;
    }
  if (example != NULL)
    note_unseen (notes, column, self->shown.n_categories - feature->n_categories, example);
  return TRUE;
}

static void
translate_text_by_order (ShsColumnTranslation *self, const ShsColumn *column, GPtrArray *notes)
{
  g_autofree char *name = shs_name_shown (column->name);

  self->n_codes = column->n_categories;
  self->codes = shs_text_ranks (column->categories, column->n_categories);
  self->shown.type = SHS_COLUMN_CATEGORY;
  self->shown.n_categories = column->n_categories;
  self->shown.categories = g_new0 (char *, MAX (1, column->n_categories));
  for (gsize c = 0; c < column->n_categories; c++)
    self->shown.categories[(gsize)self->codes[c]] = g_strdup (column->categories[c]);
  g_ptr_array_add (notes, g_strdup_printf (_ ("the model does not name the categories of %s; they "
                                              "are numbered in sorted order, as pandas does"),
                                           name));
}

static double
number_or_truth (const char *text)
{
  const char *end = text + strlen (text);
  int truth = shs_truth_find (text);
  double number;

  if (truth >= 0)
    return truth;
  return shs_number_parse (text, end, &number) ? number : NAN;
}

typedef struct
{
  const double *codes;
  gsize row;
  gsize category;
} WordSearch;

static gboolean
find_word (double value, gsize row, gpointer data)
{
  WordSearch *search = data;

  if (isnan (value) || !isnan (search->codes[(gsize)value]))
    return TRUE;
  search->row = row;
  search->category = (gsize)value;
  return FALSE;
}

static gboolean
fail_word (const ShsColumn *column, const WordSearch *search, GError **error)
{
  g_autofree char *name = shs_name_shown (column->name);
  g_autofree char *word = shs_name_shown (column->categories[search->category]);

  g_set_error (error, SHS_ERROR, SHS_ERROR_MISMATCH,
               "the column %s holds %s in row %" G_GSIZE_FORMAT " (the first row is 0), but the "
               "model takes numbers there; write a number there or leave the cell empty, or train "
               "the model with the column as a category",
               name, word, search->row);
  return FALSE;
}

/* Text for a numeric feature can only be numbers beside the words true and false. */
static gboolean
translate_words (ShsColumnTranslation *self, ShsDataset *dataset, gsize column, GError **error)
{
  const ShsColumn *described = &shs_dataset_get_table (dataset)->columns[column];
  WordSearch search = { .category = G_MAXSIZE };

  self->n_codes = described->n_categories;
  self->codes = g_new (double, MAX (1, self->n_codes));
  for (gsize c = 0; c < self->n_codes; c++)
    self->codes[c] = number_or_truth (described->categories[c]);
  shs_column_set_truths (&self->shown, described->categories, described->n_categories);
  search.codes = self->codes;
  if (!shs_column_visit (dataset, column, find_word, &search, error))
    return FALSE;
  return search.category == G_MAXSIZE || fail_word (described, &search, error);
}

gboolean
shs_column_translation_init (ShsColumnTranslation *self, const ShsColumn *feature,
                             ShsDataset *dataset, gsize column, GPtrArray *notes, GError **error)
{
  const ShsColumn *data_column = &shs_dataset_get_table (dataset)->columns[column];

  *self = (ShsColumnTranslation){ .missing = NAN };
  self->shown.name = g_strdup (feature->name);
  self->shown.type = SHS_COLUMN_NUMBER;
  if (data_column->type == SHS_COLUMN_NUMBER && feature->type == SHS_COLUMN_NUMBER)
    {
      if (shs_column_is_truth (data_column))
        shs_column_set_categories (&self->shown, data_column->categories,
                                   data_column->n_categories);
      return TRUE;
    }
  if (data_column->type == SHS_COLUMN_NUMBER)
    return shs_number_translation_init (self, feature, dataset, column, notes, error);
  if (feature->type == SHS_COLUMN_NUMBER)
    return translate_words (self, dataset, column, error);
  if (feature->n_categories > 0)
    return translate_text_by_name (self, feature, data_column, notes, error);
  translate_text_by_order (self, data_column, notes);
  return TRUE;
}

void
shs_column_translation_clear (ShsColumnTranslation *self)
{
  g_free (self->codes);
  g_free (self->values);
  g_free (self->value_codes);
  g_free (self->spelled);
  g_free (self->shown_spelled);
  shs_column_clear (&self->shown);
}

static inline double
translate (const ShsColumnTranslation *self, double value)
{
  if (isnan (value))
    return shs_spelled_codes_find (self->spelled, self->missing, value);
  if (self->codes != NULL)
    return value >= 0 && value < self->n_codes ? self->codes[(gsize)value] : self->missing;
  if (self->values != NULL)
    return shs_number_translation_find (self, value);
  return self->hashed != NULL ? shs_hashed_code_of_number (self, value) : value;
}

void
shs_column_translation_apply (const ShsColumnTranslation *self, double *values, gsize n)
{
  for (gsize i = 0; i < n; i++)
    values[i] = translate (self, values[i]);
}

void
shs_column_translation_show (const ShsColumnTranslation *self, double *values, gsize n)
{
  for (gsize i = 0; i < n; i++)
    if (isnan (values[i]))
      values[i] = shs_spelled_codes_find (self->shown_spelled, NAN, values[i]);
}
