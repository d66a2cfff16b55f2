#include "session/shs-background-choice.h"

#include "core/shs-error.h"
#include "core/shs-i18n.h"
#include "core/shs-memory.h"
#include "io/shs-data-file.h"
#include "model/match/shs-name-match.h"
#include "session/shs-cohort.h"
#include "session/shs-row-filter.h"

#include <math.h>
#include <string.h>

#define ROW_PREFIX "row:"
#define NUMBER_MARK '#'   /* what follows is a number, never a name */
#define SEARCH_ROWS 65536 /* names that are read at a time */

static gboolean
is_file (const char *text)
{
  g_autofree char *part = NULL;
  g_autofree char *path = shs_data_file_split (text, &part);

  return g_file_test (path, G_FILE_TEST_IS_REGULAR);
}

static gboolean
is_number (const char *text)
{
  return text[0] != '\0' && strspn (text, "0123456789") == strlen (text);
}

ShsBackgroundKind
shs_background_choice_find_kind (const char *text)
{
  if (text[0] == '\0' || g_str_equal (text, "none"))
    return SHS_BACKGROUND_NONE;
  if (g_str_equal (text, "all"))
    return SHS_BACKGROUND_ALL;
  if (g_str_has_prefix (text, ROW_PREFIX))
    return SHS_BACKGROUND_ROW;
  if (is_number (text))
    return SHS_BACKGROUND_DRAWN;
  return is_file (text) ? SHS_BACKGROUND_FILE : SHS_BACKGROUND_RULE;
}

static gboolean
parse_count (const char *text, gsize *count, GError **error)
{
  guint64 number;

  if (!g_ascii_string_to_unsigned (text, 10, 1, G_MAXSSIZE, &number, NULL))
    {
      g_set_error (error, SHS_ERROR, SHS_ERROR_CHOICE,
                   "A background of %s rows is none; write a number from 1, or none", text);
      return FALSE;
    }
  *count = number;
  return TRUE;
}

/* The number that rows called @name hold in the column of names. Names are not made of all numbers:
 * that would cost a second where rows are many. */
static gboolean
find_named_value (ShsDataset *dataset, gsize column, const char *name, double *value)
{
  const ShsColumn *names = &shs_dataset_get_table (dataset)->columns[column];
  g_autofree char *text = NULL;
  char *end;

  *value = NAN;
  if (names->type != SHS_COLUMN_CATEGORY)
    {
      *value = g_ascii_strtod (name, &end);
      if (end == name || *end != '\0')
        return FALSE;
    }
  for (gsize k = 0; names->type == SHS_COLUMN_CATEGORY && k < names->n_categories; k++)
    if (g_str_equal (names->categories[k], name))
      {
        *value = (double)k;
        break;
      }
  if (isnan (*value))
    return FALSE;
  text = shs_dataset_describe_value (dataset, column, *value);
  return g_str_equal (text, name);
}

/* The row whose name is @name, or -1: also where rows have no names. */
static gboolean
find_name (const char *name, ShsDataset *dataset, gssize *row, GError **error)
{
  gsize n_rows = shs_dataset_get_n_rows (dataset);
  gssize found = shs_dataset_get_row_name_column (dataset);
  gsize column = (gsize)found;
  SHS_AUTOFREE double *values = NULL;
  double wanted;

  *row = -1;
  if (found < 0 || !find_named_value (dataset, column, name, &wanted))
    return TRUE;
  values = shs_alloc (MIN (n_rows, SEARCH_ROWS), sizeof *values, error);
  for (gsize first = 0; values != NULL && first < n_rows && *row < 0; first += SEARCH_ROWS)
    {
      gsize n = MIN (n_rows - first, SEARCH_ROWS);
      ShsMatrix block = { n, 1, n, values };

      if (!shs_dataset_read (dataset, 0, first, &column, &block, error))
        return FALSE;
      for (gsize i = 0; i < n && *row < 0; i++)
        if (values[i] == wanted)
          *row = (gssize)(first + i);
    }
  return values != NULL;
}

static gboolean
is_row_number (const char *text)
{
  return text[0] == NUMBER_MARK && is_number (text + 1);
}

static gboolean
parse_row_number (const char *name, ShsDataset *dataset, gsize *row, GError **error)
{
  gsize n_rows = shs_dataset_get_n_rows (dataset);
  const char *digits = is_row_number (name) ? name + 1 : name;
  guint64 number;

  if (n_rows > 0 && g_ascii_string_to_unsigned (digits, 10, 0, n_rows - 1, &number, NULL))
    {
      *row = number;
      return TRUE;
    }
  g_set_error (error, SHS_ERROR, SHS_ERROR_CHOICE,
               "%s has no row \"%s\"; rows run from 0 to %" G_GSIZE_FORMAT,
               shs_dataset_get_name (dataset), name, MAX (1, n_rows) - 1);
  return FALSE;
}

/* (transfer full): what the row is called where that says more than its number. */
static gboolean
describe_row (ShsDataset *dataset, gsize row, char **name, GError **error)
{
  gssize found = shs_dataset_get_row_name_column (dataset);
  gsize column = (gsize)found;
  double value = NAN;
  ShsMatrix block = { 1, 1, 1, &value };

  if (found >= 0 && !shs_dataset_read (dataset, 0, row, &column, &block, error))
    return FALSE;
  *name
      = isnan (value)
                || (value == (double)row
                    && shs_dataset_get_table (dataset)->columns[column].type != SHS_COLUMN_CATEGORY)
            ? g_strdup_printf ("row %" G_GSIZE_FORMAT, row)
            : shs_dataset_describe_value (dataset, column, value);
  return TRUE;
}

gboolean
shs_background_choice_find_row (const char *name, ShsDataset *dataset, gsize *row, char **row_name,
                                GError **error)
{
  gssize named = -1;

  if (!is_row_number (name) && !find_name (name, dataset, &named, error))
    return FALSE;
  if (named >= 0)
    *row = (gsize)named;
  else if (!parse_row_number (name, dataset, row, error))
    return FALSE;
  return row_name == NULL || describe_row (dataset, *row, row_name, error);
}

/* Names are looked for by the job: their column may have to be read. */
static gboolean
check_row (const char *name, ShsDataset *dataset, GError **error)
{
  gsize row;

  return (!is_row_number (name) && name[0] != '\0'
          && shs_dataset_get_row_name_column (dataset) >= 0)
         || parse_row_number (name, dataset, &row, error);
}

char *
shs_background_choice_name_row (gsize row)
{
  return g_strdup_printf (ROW_PREFIX "%c%" G_GSIZE_FORMAT, NUMBER_MARK, row);
}

/* A cohort or a column whose name is near to @text. */
static const char *
find_nearest (const char *text, GPtrArray *cohorts, ShsDataset *dataset)
{
  const ShsInput *table = shs_dataset_get_table (dataset);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  gssize nearest;

  for (guint i = 0; cohorts != NULL && i < cohorts->len; i++)
    g_ptr_array_add (names, ((ShsCohort *)cohorts->pdata[i])->name);
  for (gsize j = 0; table != NULL && j < table->n_columns; j++)
    g_ptr_array_add (names, table->columns[j].name);
  nearest = shs_name_nearest (text, (const char *const *)names->pdata, names->len);
  return nearest >= 0 ? names->pdata[nearest] : NULL;
}

/* A rule compares; a word alone is one that is misspelt. */
static void
fail_word (const char *text, GPtrArray *cohorts, ShsDataset *dataset, GError **error)
{
  const char *nearest = find_nearest (text, cohorts, dataset);
  g_autofree char *hint
      = nearest != NULL ? g_strdup_printf ("; did you mean \"%s\"?", nearest) : g_strdup ("");

  g_set_error (error, SHS_ERROR, SHS_ERROR_CHOICE,
               "There is no file \"%s\" and no cohort of this name, and it is no rule; a rule "
               "compares a column, as age < 30%s",
               text, hint);
}

/* @cohorts: (nullable) */
static ShsRowFilter *
parse_rule (const char *text, GPtrArray *cohorts, ShsDataset *dataset, GError **error)
{
  g_autoptr (GError) problem = NULL;
  ShsRowFilter *filter = shs_row_filter_new_for_data (dataset, text, &problem);

  if (filter == NULL)
    g_set_error (
        error, SHS_ERROR, SHS_ERROR_CHOICE,
        "\"%s\" is no background: there is no such file, and it reads as no rule either. "
        "%s%s Write all, a number of rows, row:N, a rule such as \"age < 30\", the name of "
        "a cohort, or a file",
        text, problem->message, g_str_has_suffix (problem->message, "?") ? "" : ".");
  else if (!shs_row_filter_compares (filter))
    {
      g_clear_pointer (&filter, shs_row_filter_free);
      fail_word (text, cohorts, dataset, error);
    }
  return filter;
}

/* Unlike a rule alone, that of a cohort cannot be a mistyped file: it may look for words too. */
static ShsRowFilter *
parse_cohort (const char *text, ShsDataset *dataset, ShsCohort **cohort, GError **error)
{
  ShsRowFilter *filter;

  *cohort = shs_cohort_parse (text, error);
  if (*cohort == NULL)
    return NULL;
  filter = shs_row_filter_new_for_data (dataset, (*cohort)->rule, error);
  if (filter == NULL)
    g_prefix_error (error, "The group \"%s\" cannot be found in %s: ", (*cohort)->name,
                    shs_dataset_get_name (dataset));
  return filter;
}

gboolean
shs_background_choice_check (ShsBackgroundKind kind, const char *text, GPtrArray *cohorts,
                             ShsDataset *dataset, GError **error)
{
  gsize number;

  if (kind == SHS_BACKGROUND_NONE || kind == SHS_BACKGROUND_FILE)
    return TRUE;
  if (kind == SHS_BACKGROUND_DRAWN)
    return parse_count (text, &number, error);
  if (dataset == NULL)
    {
      g_set_error (error, SHS_ERROR, SHS_ERROR_CHOICE,
                   "There are no data to take the background from; open a data file first");
      return FALSE;
    }
  if (kind == SHS_BACKGROUND_ROW)
    return check_row (text + strlen (ROW_PREFIX), dataset, error);
  if (kind == SHS_BACKGROUND_RULE)
    {
      g_autoptr (ShsRowFilter) filter = parse_rule (text, cohorts, dataset, error);

      return filter != NULL;
    }
  if (kind == SHS_BACKGROUND_COHORT)
    {
      g_autoptr (ShsCohort) cohort = NULL;
      g_autoptr (ShsRowFilter) filter = parse_cohort (text, dataset, &cohort, error);

      return filter != NULL;
    }
  return TRUE;
}

/* All rows, each of which is compared with itself too. */
static ShsBackground *
open_all (ShsColumnMatch *match, GError **error)
{
  gboolean is_alone = shs_dataset_get_n_rows (shs_column_match_get_dataset (match)) == 1;

  return shs_background_new (match, NULL, 0, NULL,
                             is_alone ? g_strdup (_ ("the background is the one row of the data: "
                                                     "compared with itself, every value is 0; "
                                                     "choose a background of other rows"))
                                      : NULL,
                             error);
}

static ShsBackground *
open_row (const char *name, ShsColumnMatch *match, GError **error)
{
  ShsDataset *dataset = shs_column_match_get_dataset (match);
  g_autofree char *row_name = NULL;
  gsize *rows;
  gsize row;

  if (!shs_background_choice_find_row (name, dataset, &row, &row_name, error))
    return NULL;
  rows = shs_alloc (1, sizeof *rows, error);
  if (rows == NULL)
    return NULL;
  rows[0] = row;
  return shs_background_new_row (match, rows, row_name, error);
}

/* The rows where @mask is set; NULL with @n 0 when memory fails. */
static gsize *
collect_rows (const guint8 *mask, gsize n_rows, gsize *n, GError **error)
{
  gsize *rows;

  *n = 0;
  for (gsize i = 0; i < n_rows; i++)
    *n += mask[i] != 0;
  rows = shs_alloc (MAX (1, *n), sizeof *rows, error);
  for (gsize i = 0, found = 0; rows != NULL && i < n_rows; i++)
    if (mask[i] != 0)
      rows[found++] = i;
  return rows;
}

/* @name: (nullable): of the group that the rule stands for. */
static ShsBackground *
open_filtered (const ShsRowFilter *filter, const char *name, const char *rule,
               ShsColumnMatch *match, GError **error)
{
  ShsDataset *dataset = shs_column_match_get_dataset (match);
  gsize n_all = shs_dataset_get_n_rows (dataset);
  SHS_AUTOFREE guint8 *mask = shs_alloc (MAX (1, n_all), 1, error);
  g_autofree char *words = NULL;
  gsize *rows;
  gsize n;

  if (mask == NULL || !shs_row_filter_apply (filter, mask, error))
    return NULL;
  rows = collect_rows (mask, n_all, &n, error);
  if (rows == NULL)
    return NULL;
  words = g_strdup_printf ("%" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT " rows of %s: %s", n, n_all,
                           shs_dataset_get_name (dataset), rule);
  return shs_background_new (match, rows, n,
                             name != NULL ? g_strdup_printf ("%s, %s", name, words)
                                          : g_steal_pointer (&words),
                             NULL, error);
}

static ShsBackground *
open_rule (const char *text, ShsColumnMatch *match, GError **error)
{
  g_autoptr (ShsRowFilter) filter
      = parse_rule (text, NULL, shs_column_match_get_dataset (match), error);

  return filter != NULL ? open_filtered (filter, NULL, text, match, error) : NULL;
}

static ShsBackground *
open_cohort (const char *text, ShsColumnMatch *match, GError **error)
{
  g_autoptr (ShsCohort) cohort = NULL;
  g_autoptr (ShsRowFilter) filter
      = parse_cohort (text, shs_column_match_get_dataset (match), &cohort, error);

  return filter != NULL ? open_filtered (filter, cohort->name, cohort->rule, match, error) : NULL;
}

/* The target of @match, where @dataset has a column of that name: it is no feature there either. */
static const char *
find_target (ShsColumnMatch *match, ShsDataset *dataset)
{
  const ShsInput *table = shs_dataset_get_table (shs_column_match_get_dataset (match));
  gssize target = shs_column_match_get_target (match);
  const char *name = target >= 0 && table != NULL ? table->columns[target].name : NULL;

  return name != NULL && shs_dataset_find_column (dataset, name) >= 0 ? name : NULL;
}

static ShsBackground *
open_file (const char *path, ShsColumnMatch *match, guint n_threads, ShsProgress *progress,
           GError **error)
{
  g_autoptr (ShsDataset) dataset = shs_data_file_open (path, n_threads, progress, error);
  g_autoptr (ShsColumnMatch) own = NULL;
  g_autofree char *notes = NULL;
  const char *const *lines;

  if (dataset != NULL)
    own = shs_column_match_new (shs_column_match_get_model (match), dataset,
                                find_target (match, dataset), error);
  if (own == NULL)
    {
      g_prefix_error (error, "The background does not fit the model: ");
      return NULL;
    }
  lines = shs_column_match_get_notes (own);
  if (lines != NULL && lines[0] != NULL)
    notes = g_strjoinv ("; ", (char **)lines);
  return shs_background_new (
      own, NULL, 0, NULL,
      notes != NULL ? g_strdup_printf ("Background %s: %s", shs_dataset_get_name (dataset), notes)
                    : NULL,
      error);
}

ShsBackground *
shs_background_choice_open (ShsBackgroundKind kind, const char *text, ShsColumnMatch *match,
                            guint64 seed, guint n_threads, ShsProgress *progress, GError **error)
{
  gsize count;

  switch (kind)
    {
    case SHS_BACKGROUND_ALL:
      return open_all (match, error);
    case SHS_BACKGROUND_DRAWN:
      return parse_count (text, &count, error)
                 ? shs_background_new_drawn (match, count, seed, error)
                 : NULL;
    case SHS_BACKGROUND_ROW:
      return open_row (text + strlen (ROW_PREFIX), match, error);
    case SHS_BACKGROUND_FILE:
      return open_file (text, match, n_threads, progress, error);
    case SHS_BACKGROUND_RULE:
      return open_rule (text, match, error);
    case SHS_BACKGROUND_COHORT:
      return open_cohort (text, match, error);
    case SHS_BACKGROUND_NONE:
      break;
    }
  g_return_val_if_reached (NULL);
}
