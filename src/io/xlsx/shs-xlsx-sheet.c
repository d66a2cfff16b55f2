/* The cells of a sheet. */
#include "core/shs-error.h"
#include "core/shs-number.h"
#include "io/xlsx/shs-xlsx-private.h"

#include <math.h>
#include <string.h>

/* A cell of the first row, kept until it is known whether the row names the columns. */
typedef struct
{
  gsize column;
  char *text; /* NULL: @number */
  double number;
  gboolean is_truth;
} Cell;

typedef struct
{
  const ShsXlsxBook *book;
  ShsCellTable *table;
  GPtrArray *names;
  GArray *first; /* Cell */
  gboolean has_first;
  gboolean has_row; /* the present row is in the table */
  gboolean is_in_data;
  gsize next_column;
  gsize column;
  char type[12];
  gsize style;
  GString *inline_text;
  gboolean has_value;
  guint phonetic;
} Parser;

static void
cell_clear (gpointer data)
{
  g_free (((Cell *)data)->text);
}

/* ---- where a cell is ---- */

/* The column of a place such as "AB12", from 0; G_MAXSIZE where it is none. */
static gsize
parse_column (const char *place)
{
  gsize column = 0;
  gsize i;

  for (i = 0; g_ascii_isalpha (place[i]) && column <= SHS_XLSX_MAX_COLUMNS; i++)
    column = column * 26 + (gsize)(g_ascii_toupper (place[i]) - 'A') + 1;
  return i > 0 && column <= SHS_XLSX_MAX_COLUMNS ? column - 1 : G_MAXSIZE;
}

static gboolean
begin_cell (Parser *parser, const char *const *names, const char *const *values, GError **error)
{
  const char *place = shs_xlsx_attribute (names, values, "r");
  const char *type = shs_xlsx_attribute (names, values, "t");
  const char *style = shs_xlsx_attribute (names, values, "s");

  parser->column = place != NULL ? parse_column (place) : parser->next_column;
  parser->style = style != NULL ? (gsize)g_ascii_strtoull (style, NULL, 10) : 0;
  g_strlcpy (parser->type, type != NULL ? type : "n", sizeof parser->type);
  g_string_truncate (parser->inline_text, 0);
  parser->has_value = FALSE;
  if (parser->column >= SHS_XLSX_MAX_COLUMNS)
    {
      g_set_error (error, SHS_ERROR, SHS_ERROR_SYNTAX,
                   "a cell is in a column that sheets do not have");
      return FALSE;
    }
  parser->next_column = parser->column + 1;
  return TRUE;
}

static gboolean
begin_element (gpointer data, const char *element, const char *const *names,
               const char *const *values, GError **error)
{
  Parser *parser = data;

  if (g_str_equal (element, "sheetData"))
    parser->is_in_data = TRUE;
  else if (g_str_equal (element, "row"))
    {
      parser->next_column = 0;
      parser->has_row = FALSE;
    }
  else if (g_str_equal (element, "rPh"))
    parser->phonetic++;
  else if (g_str_equal (element, "c") && parser->is_in_data)
    return begin_cell (parser, names, values, error);
  return TRUE;
}

static gboolean
wants_text (gpointer data, const char *element)
{
  return ((Parser *)data)->is_in_data && (g_str_equal (element, "v") || g_str_equal (element, "t"));
}

/* ---- what a cell is ---- */

static void
begin_row (Parser *parser)
{
  if (!parser->has_row)
    shs_cell_table_add_row (parser->table);
  parser->has_row = TRUE;
}

static gboolean
put (Parser *parser, const char *text, gsize length, double number, GError **error)
{
  if (!parser->has_first)
    {
      Cell cell = { parser->column, text != NULL ? g_strndup (text, length) : NULL, number, FALSE };

      g_array_append_val (parser->first, cell);
      return TRUE;
    }
  begin_row (parser);
  return text != NULL ? shs_cell_table_set_text (parser->table, parser->column, text, length, error)
                      : shs_cell_table_set_number (parser->table, parser->column, number, error);
}

static gboolean
put_truth (Parser *parser, gboolean truth, GError **error)
{
  Cell cell = { parser->column, NULL, truth, TRUE };

  if (parser->has_first)
    {
      begin_row (parser);
      return shs_cell_table_set_truth (parser->table, parser->column, truth, error);
    }
  g_array_append_val (parser->first, cell);
  return TRUE;
}

static gboolean
put_shared (Parser *parser, const GString *text, GError **error)
{
  const ShsXlsxBook *book = parser->book;
  char *end;
  guint64 index = g_ascii_strtoull (text->str, &end, 10);
  const char *string;
  gsize length;

  if (end == text->str || index >= book->n_strings)
    {
      g_set_error (error, SHS_ERROR, SHS_ERROR_INVALID,
                   "a cell has a shared string that does not exist");
      return FALSE;
    }
  string = shs_text_codes_get (book->texts, (gsize)book->strings[index], &length);
  return length == 0 || put (parser, string, length, NAN, error);
}

static gboolean
put_number (Parser *parser, const GString *text, GError **error)
{
  const ShsXlsxBook *book = parser->book;
  ShsXlsxFormat format = parser->style < book->formats->len
                             ? (ShsXlsxFormat)book->formats->data[parser->style]
                             : SHS_XLSX_NUMBER;
  g_autofree char *date = NULL;
  double value;

  if (!shs_number_parse (text->str, text->str + text->len, &value))
    {
      g_set_error (error, SHS_ERROR, SHS_ERROR_SYNTAX, "a cell of a number holds no number");
      return FALSE;
    }
  if (format != SHS_XLSX_NUMBER)
    date = shs_xlsx_format_value (format, value, book->since_1904);
  return put (parser, date, date != NULL ? strlen (date) : 0, value, error);
}

/* ISO dates are spelled as all other dates are here. */
static gboolean
put_iso_date (Parser *parser, const GString *text, GError **error)
{
  g_autofree char *date = g_strndup (text->str, text->len);
  char *t = strchr (date, 'T');

  if (t != NULL && strspn (t + 1, "0:.Z") == strlen (t + 1))
    *t = '\0';
  else if (t != NULL)
    *t = ' ';
  return put (parser, date, strlen (date), NAN, error);
}

static gboolean
put_value (Parser *parser, const GString *text, GError **error)
{
  if (text->len == 0 || g_str_equal (parser->type, "e"))
    return TRUE;
  if (g_str_equal (parser->type, "s"))
    return put_shared (parser, text, error);
  if (g_str_equal (parser->type, "str") || g_str_equal (parser->type, "inlineStr"))
    return put (parser, text->str, text->len, NAN, error);
  if (g_str_equal (parser->type, "b"))
    return put_truth (parser, text->str[0] == '1' || text->str[0] == 't', error);
  if (g_str_equal (parser->type, "d"))
    return put_iso_date (parser, text, error);
  return put_number (parser, text, error);
}

/* ---- rows ---- */

/* A row of numbers alone is data already. */
static gboolean
end_first_row (Parser *parser, GError **error)
{
  gboolean has_text = FALSE;

  if (parser->has_first || parser->first->len == 0)
    return TRUE;
  parser->has_first = TRUE;
  for (guint i = 0; i < parser->first->len; i++)
    has_text = has_text || g_array_index (parser->first, Cell, i).text != NULL;
  for (guint i = 0; i < parser->first->len; i++)
    {
      const Cell *cell = &g_array_index (parser->first, Cell, i);

      parser->column = cell->column;
      if (has_text)
        {
          char number[SHS_NUMBER_LENGTH];

          while (parser->names->len <= cell->column)
            g_ptr_array_add (parser->names, g_strdup (""));
          g_free (parser->names->pdata[cell->column]);
          parser->names->pdata[cell->column] = g_strdup (
              cell->text != NULL ? cell->text : shs_number_print (number, cell->number));
        }
      else if (cell->is_truth ? !put_truth (parser, cell->number != 0, error)
                              : !put (parser, NULL, 0, cell->number, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
end_element (gpointer data, const char *element, const GString *text, GError **error)
{
  Parser *parser = data;

  if (g_str_equal (element, "sheetData"))
    parser->is_in_data = FALSE;
  if (g_str_equal (element, "rPh") && parser->phonetic > 0)
    parser->phonetic--;
  if (!parser->is_in_data)
    return TRUE;
  if (g_str_equal (element, "v"))
    {
      parser->has_value = TRUE;
      return put_value (parser, text, error);
    }
  if (g_str_equal (element, "t") && parser->phonetic == 0
      && parser->inline_text->len + text->len <= SHS_XLSX_MAX_TOKEN)
    g_string_append_len (parser->inline_text, text->str, (gssize)text->len);
  if (g_str_equal (element, "c") && !parser->has_value && parser->inline_text->len > 0)
    return put (parser, parser->inline_text->str, parser->inline_text->len, NAN, error);
  return !g_str_equal (element, "row") || end_first_row (parser, error);
}

gboolean
shs_xlsx_sheet_read (const ShsXlsxBook *book, const ShsXlsxSheet *sheet, ShsCellTable *table,
                     GPtrArray *names, GError **error)
{
  static const ShsXlsxHandler handler = { begin_element, wants_text, end_element };
  Parser parser = { .book = book,
                    .table = table,
                    .names = names,
                    .first = g_array_new (FALSE, TRUE, sizeof (Cell)),
                    .inline_text = g_string_new (NULL) };
  gboolean is_read;

  g_array_set_clear_func (parser.first, cell_clear);
  is_read = shs_xlsx_read_member (book->archive, book->path, sheet->member, &handler, &parser,
                                  book->progress, error);
  g_array_unref (parser.first);
  g_string_free (parser.inline_text, TRUE);
  return is_read;
}
