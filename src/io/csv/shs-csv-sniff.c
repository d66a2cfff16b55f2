/* The dialect of a table, from its first lines. */
#include "core/shs-number.h"
#include "io/csv/shs-csv-private.h"

#include <math.h>
#include <string.h>

#define LEAST_CONSISTENCY 0.3
#define LEAST_CONSISTENCY_BLANK 0.95
#define LEAST_NUMERIC_BLANK 0.5
#define DIFFERENT_HEADER 0.5 /* factor for a first line with another number of cells */

/* How the first lines look when they are parted at one delimiter. */
typedef struct
{
  gsize n_lines;
  gsize n_cells_of_line[SHS_CSV_SNIFF_LINES];
  gsize n_cells;
  gsize n_numbers;
  gsize n_points;             /* numbers with a decimal point */
  gsize n_commas;             /* numbers with a decimal comma */
  gboolean has_decimal_comma; /* one of them cannot be a mark of thousands */
} Trial;

static const char *
find_window_end (const ShsCsvText *text)
{
  gsize length = (gsize)(text->end - text->begin);
  const char *limit = text->begin + MIN (length, SHS_CSV_SNIFF_BYTES);
  const char *end = limit == text->end
                        ? limit
                        : memrchr (text->begin, text->line_end, (gsize)(limit - text->begin));
  const char *second;

  if (end != NULL && memchr (text->begin, text->line_end, (gsize)(end - text->begin)) != NULL)
    return end;
  /* Long lines: take two of them whole. */
  end = memchr (text->begin, text->line_end, length);
  second = end != NULL ? memchr (end + 1, text->line_end, (gsize)(text->end - end - 1)) : NULL;
  return second != NULL ? second : text->end;
}

/* "1,234" may mean thousands; "0,123", "1,5" and "1,2345" cannot. */
static gboolean
may_be_thousands (const char *p, const char *end)
{
  const char *comma;

  if (p < end && (*p == '-' || *p == '+'))
    p++;
  comma = memchr (p, ',', (gsize)(end - p));
  if (comma == NULL || comma == p || comma - p > 3 || *p == '0')
    return FALSE;
  return end - comma == 4 && g_ascii_isdigit (comma[1]) && g_ascii_isdigit (comma[2])
         && g_ascii_isdigit (comma[3]);
}

static void
try_cell (const ShsCsvText *text, const ShsCsvCell *cell, Trial *trial)
{
  gsize length = (gsize)(cell->end - cell->begin);
  ShsCsvText with_comma = *text;
  double value;

  trial->n_cells++;
  if (shs_csv_cell_read_number (text, cell, &value))
    {
      trial->n_numbers++;
      trial->n_points += length > 0 && !isnan (value) && memchr (cell->begin, '.', length) != NULL;
      return;
    }
  with_comma.decimal_mark = ',';
  if (text->delimiter == ',' || !shs_csv_cell_read_number (&with_comma, cell, &value))
    return;
  trial->n_numbers++;
  trial->n_commas++;
  trial->has_decimal_comma |= !may_be_thousands (cell->begin, cell->end);
}

static void
try_line (const ShsCsvText *text, const char **at, Trial *trial)
{
  ShsCsvCell cell = { .next = *at };
  gsize n = 0;

  do
    {
      if (shs_csv_read_cell (text, cell.next, &cell) != NULL)
        {
          *at = text->end;
          return;
        }
      try_cell (text, &cell, trial);
      n++;
    }
  while (!cell.ends_line);
  *at = cell.next;
  trial->n_cells_of_line[trial->n_lines++] = n;
}

static void
try_delimiter (const ShsCsvText *text, const char *window_end, char delimiter, Trial *trial)
{
  ShsCsvText window = *text;
  const char *at = text->begin;

  window.end = window_end;
  window.delimiter = delimiter;
  window.decimal_mark = '.';
  *trial = (Trial){ 0 };
  while (trial->n_lines < SHS_CSV_SNIFF_LINES
         && (at = shs_csv_skip_blank_lines (&window, at)) < window.end)
    try_line (&window, &at, trial);
}

static gsize
count_equal (const Trial *trial, gsize n_cells)
{
  gsize n = 0;

  for (gsize i = 0; i < trial->n_lines; i++)
    n += trial->n_cells_of_line[i] == n_cells;
  return n;
}

/* The share of lines with the usual number of cells; 0 when that number is one. */
static double
get_consistency (const Trial *trial)
{
  gsize best = 0;
  gsize usual = 0;

  for (gsize i = 0; i < trial->n_lines; i++)
    {
      gsize n_cells = trial->n_cells_of_line[i];
      gsize n = count_equal (trial, n_cells);

      if (n > best || (n == best && n_cells > usual))
        {
          best = n;
          usual = n_cells;
        }
    }
  if (usual < 2)
    return 0;
  return (double)best / (double)trial->n_lines
         * (trial->n_cells_of_line[0] == usual || trial->n_cells_of_line[0] + 1 == usual
                ? 1
                : DIFFERENT_HEADER);
}

static double
rate (const Trial *trial, char delimiter)
{
  double consistency = get_consistency (trial);
  double numeric = trial->n_cells > 0 ? (double)trial->n_numbers / (double)trial->n_cells : 0;

  if (consistency < LEAST_CONSISTENCY)
    return 0;
  if (delimiter == ' ' && (consistency < LEAST_CONSISTENCY_BLANK || numeric < LEAST_NUMERIC_BLANK))
    return 0;
  return consistency * (1 + numeric);
}

static char
find_delimiter (const ShsCsvText *text, const char *window_end)
{
  static const char candidates[] = { ',', ';', '\t', '|', ' ' };
  double best = 0;
  char delimiter = ',';

  for (gsize i = 0; i < G_N_ELEMENTS (candidates); i++)
    {
      Trial trial;
      double rating;

      try_delimiter (text, window_end, candidates[i], &trial);
      rating = rate (&trial, candidates[i]);
      if (rating > best)
        {
          best = rating;
          delimiter = candidates[i];
        }
    }
  return delimiter;
}

/* Marks of thousands are never guessed: a column of "1,234" alone stays text. */
static char
find_decimal_mark (const ShsCsvText *text, const char *window_end)
{
  Trial trial;

  if (text->delimiter == ',')
    return '.';
  try_delimiter (text, window_end, text->delimiter, &trial);
  return trial.has_decimal_comma && trial.n_commas > trial.n_points ? ',' : '.';
}

void
shs_csv_sniff (ShsCsvText *text, const ShsCsvOptions *options)
{
  gsize length = (gsize)(text->end - text->begin);
  const char *window_end;

  text->line_end
      = memchr (text->begin, '\n', length) == NULL && memchr (text->begin, '\r', length) != NULL
            ? '\r'
            : '\n';
  window_end = find_window_end (text);
  text->delimiter
      = options->delimiter != '\0' ? options->delimiter : find_delimiter (text, window_end);
  text->decimal_mark = options->decimal_mark != '\0' ? options->decimal_mark
                                                     : find_decimal_mark (text, window_end);
}
