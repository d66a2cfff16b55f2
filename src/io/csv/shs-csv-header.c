/* Whether the first line names the columns, and what it calls them. */
#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "io/csv/shs-csv-private.h"

#include <math.h>
#include <string.h>

#define INDEX_NAME "Unnamed: 0"

/* What the first lines say about a column. */
typedef enum
{
  FIRST_IS_TEXT = 1,
  FIRST_IS_NUMBER = 2,
  BELOW_IS_TEXT = 4,
  BELOW_IS_NUMBER = 8,
} Trait;

typedef struct
{
  const ShsCsvText *text;
  const char *first; /* the first line with content */
  const char *second;
  gsize n_first;
  gsize n_second;         /* 0: there is no second line */
  gboolean counts_up;     /* the first line's cells are 0, 1, 2, ... */
  gboolean has_number;    /* one of them is a number */
  gboolean last_is_empty; /* in the second line */
} Lines;

/* Reads the next cell of a line; FALSE at its end (@cell->next is NULL then) or on an error. */
static gboolean
next_cell (const ShsCsvText *text, ShsCsvCell *cell, gsize column, GError **error)
{
  const char *at = cell->next;
  const char *problem;

  if (cell->ends_line)
    return FALSE;
  if (column > SHS_CSV_MAX_COLUMNS)
    {
      g_autofree char *limit = g_strdup_printf (
          "the table has more than %d columns; store it the other way round or choose columns",
          SHS_CSV_MAX_COLUMNS);

      return shs_csv_fail (text, at, 0, limit, error);
    }
  problem = shs_csv_read_cell (text, at, cell);
  if (problem != NULL)
    return shs_csv_fail (text, at, column, problem, error);
  return TRUE;
}

static gboolean
count_lines (Lines *lines, GError **error)
{
  const ShsCsvText *text = lines->text;
  GError *failure = NULL;
  ShsCsvCell cell = { .next = lines->first };
  double value;

  lines->counts_up = TRUE;
  while (next_cell (text, &cell, lines->n_first + 1, &failure))
    {
      gboolean is_number = cell.begin < cell.end && shs_csv_cell_read_number (text, &cell, &value)
                           && !isnan (value);

      lines->has_number |= is_number;
      if (lines->n_first > 0 || cell.begin < cell.end)
        lines->counts_up &= is_number && (value == (double)lines->n_first);
      lines->n_first++;
    }
  lines->second = shs_csv_skip_blank_lines (text, cell.next);
  if (failure == NULL && lines->second < text->end)
    {
      cell = (ShsCsvCell){ .next = lines->second };
      while (next_cell (text, &cell, lines->n_second + 1, &failure))
        {
          lines->n_second++;
          lines->last_is_empty = cell.begin == cell.end;
        }
    }
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

static void
look_at_line (const Lines *lines, const char **at, guint8 *traits, gboolean is_first)
{
  ShsCsvCell cell = { .next = *at };
  gsize n = MAX (lines->n_first, lines->n_second);
  double value;

  for (gsize j = 0; j < n && next_cell (lines->text, &cell, j + 1, NULL); j++)
    if (!shs_csv_cell_read_number (lines->text, &cell, &value))
      traits[j] |= is_first ? FIRST_IS_TEXT : BELOW_IS_TEXT;
    else if (!isnan (value))
      traits[j] |= is_first ? FIRST_IS_NUMBER : BELOW_IS_NUMBER;
  *at = cell.ends_line ? cell.next : lines->text->end;
}

/* Names above numbers make a header. A line of texts above texts is one when no text repeats. */
static gboolean
find_header (const Lines *lines, GError **error)
{
  const ShsCsvText *text = lines->text;
  gsize n = MAX (lines->n_first, lines->n_second);
  SHS_AUTOFREE guint8 *traits = shs_alloc0 (n, 1, error);
  const char *at = lines->first;
  const char *limit = (gsize)(text->end - lines->second) > SHS_CSV_SNIFF_BYTES
                          ? lines->second + SHS_CSV_SNIFF_BYTES
                          : text->end;

  if (traits == NULL)
    return FALSE;
  if (lines->n_second == 0)
    return !lines->has_number;
  if (lines->counts_up && n > 2)
    return TRUE;
  look_at_line (lines, &at, traits, TRUE);
  at = lines->second;
  for (gsize i = 0; i < SHS_CSV_SNIFF_LINES && at < limit; i++)
    {
      look_at_line (lines, &at, traits, FALSE);
      at = shs_csv_skip_blank_lines (text, at);
    }
  for (gsize j = 0; j < n; j++)
    if ((traits[j] & (FIRST_IS_TEXT | BELOW_IS_TEXT | BELOW_IS_NUMBER))
        == (FIRST_IS_TEXT | BELOW_IS_NUMBER))
      return TRUE;
  return !lines->has_number;
}

static gboolean
read_names (const Lines *lines, GPtrArray *names, GError **error)
{
  const ShsCsvText *text = lines->text;
  GError *failure = NULL;
  ShsCsvCell cell = { .next = lines->first };

  while (next_cell (text, &cell, names->len + 1, &failure))
    {
      gsize length = (gsize)(cell.end - cell.begin);
      char *name;

      if (length > SHS_CSV_MAX_CELL)
        return shs_csv_fail (text, lines->first, names->len + 1,
                             "the name is longer than a mebibyte; a quote may be missing", error);
      name = shs_csv_cell_to_name (&cell);
      if (name == NULL)
        return shs_csv_fail (
            text, lines->first, names->len + 1,
            "it holds a NUL byte, so this is no text (or UTF-16 without its mark); "
            "save it as UTF-8",
            error);
      g_ptr_array_add (names, name);
    }
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

/* pandas calls a column of row names, which it writes without a name, so when it reads it. */
static gboolean
name_the_index (GPtrArray *names)
{
  const char *first = g_ptr_array_index (names, 0);

  if (names->len < 2 || (first[0] != '\0' && !g_str_equal (first, INDEX_NAME)))
    return FALSE;
  g_free (g_ptr_array_index (names, 0));
  g_ptr_array_index (names, 0) = g_strdup (INDEX_NAME);
  return TRUE;
}

gboolean
shs_csv_header_read (const ShsCsvText *text, int wanted, ShsCsvHeader *header, GError **error)
{
  Lines lines = { .text = text, .first = shs_csv_skip_blank_lines (text, text->begin) };
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  gboolean has_header = wanted > 0;

  if (lines.first == text->end)
    {
      g_set_error (error, SHS_ERROR, SHS_ERROR_INVALID,
                   "%s: it holds no table, only blanks; choose another file", text->name);
      return FALSE;
    }
  if (!count_lines (&lines, error))
    return FALSE;
  if (wanted == 0)
    {
      GError *failure = NULL;

      has_header = find_header (&lines, &failure);
      if (failure != NULL)
        {
          g_propagate_error (error, failure);
          return FALSE;
        }
    }
  if (has_header)
    {
      gboolean lacks_one = lines.n_first + 1 == lines.n_second;

      if (!read_names (&lines, names, error))
        return FALSE;
      /* R leaves out the name of the row names; others end each row with a delimiter. */
      if (lacks_one)
        g_ptr_array_insert (names, lines.last_is_empty ? (int)names->len : 0, g_strdup (""));
      header->begins_unnamed = name_the_index (names);
    }
  else
    for (gsize j = 0; j < lines.n_first; j++)
      g_ptr_array_add (names, g_strdup (""));
  header->data = has_header ? lines.second : lines.first;
  header->n_columns = names->len;
  header->names = (char **)g_ptr_array_free (g_steal_pointer (&names), FALSE);
  return TRUE;
}

void
shs_csv_header_clear (ShsCsvHeader *header)
{
  for (gsize j = 0; j < header->n_columns; j++)
    g_free (header->names[j]);
  g_clear_pointer (&header->names, g_free);
}
