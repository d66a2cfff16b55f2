/* The workbook: its sheets, shared strings, number formats and date system. */
#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "io/shs-instant.h"
#include "io/xlsx/shs-xlsx-private.h"

#include <math.h>
#include <string.h>

#define MAX_SHEETS 10000
#define MAX_STYLES 65536 /* Excel allows 64,000 */
#define FIRST_CUSTOM_FORMAT 164
#define MILLISECONDS_PER_DAY 86400000.0
#define DAYS_TO_1899 25569 /* 1899-12-30, from which serial numbers count, to 1970-01-01 */
#define DAYS_TO_1904 24107
#define LARGEST_SERIAL 2958466.0 /* 10000-01-01 */
#define LEAP_DAY 60              /* Excel's 1900-02-29, which never was */

/* ---- number formats ---- */

/* What letters stand for, outside of quotes, brackets and behind escapes. */
ShsXlsxFormat
shs_xlsx_format_from_code (const char *code)
{
  gboolean has_date = FALSE;
  gboolean has_time = FALSE;

  for (const char *p = code; *p != '\0' && *p != ';'; p++)
    if (*p == '"' || *p == '[')
      {
        const char *end = strchr (p + 1, *p == '"' ? '"' : ']');

        if (*p == '[' && end != NULL && strspn (p + 1, "hHmMsS") == (gsize)(end - p - 1)
            && end > p + 1)
          return SHS_XLSX_NUMBER; /* a duration */
        if (end == NULL)
          break;
        p = end;
      }
    else if ((*p == '\\' || *p == '_' || *p == '*') && p[1] != '\0')
      p++;
    else if (g_ascii_strncasecmp (p, "general", 7) == 0)
      return SHS_XLSX_NUMBER;
    else
      {
        has_date = has_date || strchr ("dDyY", *p) != NULL;
        has_time = has_time || strchr ("hHsS", *p) != NULL;
      }
  if (!has_date && !has_time && strpbrk (code, "mM") != NULL && strpbrk (code, "0#?\"[") == NULL)
    has_date = TRUE; /* "mmm" alone */
  return has_date && has_time ? SHS_XLSX_DATE_TIME
         : has_date           ? SHS_XLSX_DATE
         : has_time           ? SHS_XLSX_TIME
                              : SHS_XLSX_NUMBER;
}

/* The formats that every workbook has (18.8.30); 27 to 36 and 50 to 58 are dates of East Asia. */
static ShsXlsxFormat
get_built_in (guint64 id)
{
  if (id == 22)
    return SHS_XLSX_DATE_TIME;
  if ((id >= 14 && id <= 17) || (id >= 27 && id <= 36) || (id >= 50 && id <= 58))
    return SHS_XLSX_DATE;
  if ((id >= 18 && id <= 21) || id == 45 || id == 47)
    return SHS_XLSX_TIME;
  return SHS_XLSX_NUMBER;
}

char *
shs_xlsx_format_value (ShsXlsxFormat format, double value, gboolean since_1904)
{
  double days = value - (since_1904 ? DAYS_TO_1904 : DAYS_TO_1899);
  double milliseconds;

  if (!(value >= 0 && value < LARGEST_SERIAL))
    return NULL;
  if (!since_1904 && value < LEAP_DAY)
    days++;
  if (format == SHS_XLSX_TIME && value < 1)
    return shs_instant_format_time ((gint64)round (value * MILLISECONDS_PER_DAY), 1000);
  milliseconds = round (days * MILLISECONDS_PER_DAY);
  return shs_instant_format ((gint64)milliseconds, 1000, format == SHS_XLSX_DATE);
}

/* ---- relations ---- */

/* A relation of a part of the archive to another. */
typedef struct
{
  char *id;
  char *type; /* the last word of it */
  char *member;
} Relation;

typedef struct
{
  char *folder; /* which targets are relative to; "" or ending with '/' */
  GArray *relations;
} Relations;

static void
relation_clear (gpointer data)
{
  Relation *relation = data;

  g_free (relation->id);
  g_free (relation->type);
  g_free (relation->member);
}

static void
relations_clear (Relations *self)
{
  g_free (self->folder);
  g_clear_pointer (&self->relations, g_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Relations, relations_clear)

static gboolean
begin_relation (gpointer data, const char *element, const char *const *names,
                const char *const *values, GError **error)
{
  Relations *self = data;
  const char *id = shs_xlsx_attribute (names, values, "Id");
  const char *type = shs_xlsx_attribute (names, values, "Type");
  const char *target = shs_xlsx_attribute (names, values, "Target");
  const char *slash = type != NULL ? strrchr (type, '/') : NULL;
  Relation relation;

  if (!g_str_equal (element, "Relationship") || id == NULL || slash == NULL || target == NULL
      || self->relations->len >= MAX_SHEETS)
    return TRUE;
  relation = (Relation){ .id = g_strdup (id),
                         .type = g_strdup (slash + 1),
                         .member = target[0] == '/' ? g_strdup (target + 1)
                                                    : g_strconcat (self->folder, target, NULL) };
  g_array_append_val (self->relations, relation);
  return TRUE;
}

static gboolean
wants_nothing (gpointer data, const char *element)
{
  return FALSE;
}

static gboolean
end_nothing (gpointer data, const char *element, const GString *text, GError **error)
{
  return TRUE;
}

/* The relations of "folder/name", which stand in "folder/_rels/name.rels". */
static gboolean
read_relations (const ShsXlsxBook *book, const char *member, Relations *relations, GError **error)
{
  static const ShsXlsxHandler handler = { begin_relation, wants_nothing, end_nothing };
  const char *slash = strrchr (member, '/');
  g_autofree char *file = NULL;

  relations->folder
      = slash != NULL ? g_strndup (member, (gsize)(slash + 1 - member)) : g_strdup ("");
  relations->relations = g_array_new (FALSE, TRUE, sizeof (Relation));
  g_array_set_clear_func (relations->relations, relation_clear);
  file = g_strconcat (relations->folder, "_rels/", slash != NULL ? slash + 1 : member, ".rels",
                      NULL);
  return shs_xlsx_read_member (book->archive, book->path, file, &handler, relations, book->progress,
                               error);
}

/* The member of the first relation of @type (or with @id); NULL where there is none. */
static const char *
find_relation (const Relations *self, const char *type, const char *id)
{
  for (guint i = 0; i < self->relations->len; i++)
    {
      const Relation *relation = &g_array_index (self->relations, Relation, i);

      if (g_str_equal (relation->type, type) && (id == NULL || g_str_equal (relation->id, id)))
        return relation->member;
    }
  return NULL;
}

/* ---- the workbook ---- */

typedef struct
{
  ShsXlsxBook *book;
  const Relations *relations;
} BookParser;

static gboolean
is_true (const char *value)
{
  return value != NULL && (g_str_equal (value, "1") || g_str_equal (value, "true"));
}

static const char *
find_relation_id (const char *const *names, const char *const *values)
{
  for (gsize i = 0; names[i] != NULL; i++)
    if (g_str_has_suffix (names[i], ":id"))
      return values[i];
  return NULL;
}

static gboolean
begin_book (gpointer data, const char *element, const char *const *names, const char *const *values,
            GError **error)
{
  BookParser *parser = data;
  ShsXlsxBook *book = parser->book;
  const char *name, *id, *state, *member;

  if (g_str_equal (element, "workbookPr"))
    book->since_1904 = is_true (shs_xlsx_attribute (names, values, "date1904"));
  if (!g_str_equal (element, "sheet") || book->sheets->len >= MAX_SHEETS)
    return TRUE;
  name = shs_xlsx_attribute (names, values, "name");
  state = shs_xlsx_attribute (names, values, "state");
  id = find_relation_id (names, values);
  member = id != NULL ? find_relation (parser->relations, "worksheet", id) : NULL;
  if (name != NULL && member != NULL)
    {
      ShsXlsxSheet sheet = { .name = g_strdup (name), .member = g_strdup (member) };

      sheet.is_hidden = state != NULL && !g_str_equal (state, "visible");
      g_array_append_val (book->sheets, sheet);
    }
  return TRUE;
}

/* ---- shared strings ---- */

typedef struct
{
  ShsXlsxBook *book;
  GString *string; /* its runs joined */
  guint phonetic;  /* how deep in a hint at the pronunciation */
} StringParser;

static gboolean
begin_string (gpointer data, const char *element, const char *const *names,
              const char *const *values, GError **error)
{
  StringParser *parser = data;

  if (g_str_equal (element, "si"))
    g_string_truncate (parser->string, 0);
  parser->phonetic += g_str_equal (element, "rPh");
  return TRUE;
}

static gboolean
wants_run (gpointer data, const char *element)
{
  return g_str_equal (element, "t");
}

static gboolean
add_string (ShsXlsxBook *book, const GString *string, GError **error)
{
  gint32 code = shs_text_codes_add (book->texts, string->str, string->len, error);
  gsize capacity = MAX (256, 2 * book->string_capacity);

  if (code < 0)
    return FALSE;
  if (book->n_strings == book->string_capacity)
    {
      gint32 *grown = shs_realloc (book->strings, book->n_strings, capacity, sizeof *grown, error);

      if (grown == NULL)
        return FALSE;
      book->strings = grown;
      book->string_capacity = capacity;
    }
  book->strings[book->n_strings++] = code;
  return TRUE;
}

static gboolean
end_string (gpointer data, const char *element, const GString *text, GError **error)
{
  StringParser *parser = data;

  if (g_str_equal (element, "rPh") && parser->phonetic > 0)
    parser->phonetic--;
  if (g_str_equal (element, "t") && parser->phonetic == 0
      && parser->string->len + text->len <= SHS_XLSX_MAX_TOKEN)
    g_string_append_len (parser->string, text->str, (gssize)text->len);
  return !g_str_equal (element, "si") || add_string (parser->book, parser->string, error);
}

static gboolean
read_strings (ShsXlsxBook *book, const char *member, GError **error)
{
  static const ShsXlsxHandler handler = { begin_string, wants_run, end_string };
  StringParser parser = { book, g_string_new (NULL), 0 };
  gboolean is_read = shs_xlsx_read_member (book->archive, book->path, member, &handler, &parser,
                                           book->progress, error);

  g_string_free (parser.string, TRUE);
  return is_read;
}

/* ---- styles ---- */

typedef struct
{
  ShsXlsxBook *book;
  GHashTable *custom; /* number of a format to #ShsXlsxFormat */
  gboolean is_in_cells;
} StyleParser;

static guint64
to_number (const char *text)
{
  return text != NULL ? g_ascii_strtoull (text, NULL, 10) : 0;
}

static gboolean
begin_style (gpointer data, const char *element, const char *const *names,
             const char *const *values, GError **error)
{
  StyleParser *parser = data;
  const char *code = shs_xlsx_attribute (names, values, "formatCode");
  guint64 id = to_number (shs_xlsx_attribute (names, values, "numFmtId"));
  gpointer custom;
  guint8 format;

  if (g_str_equal (element, "cellXfs"))
    parser->is_in_cells = TRUE;
  if (g_str_equal (element, "numFmt") && code != NULL && id < G_MAXUINT
      && g_hash_table_size (parser->custom) < MAX_STYLES)
    g_hash_table_insert (parser->custom, GUINT_TO_POINTER ((guint)id),
                         GUINT_TO_POINTER (shs_xlsx_format_from_code (code)));
  if (!parser->is_in_cells || !g_str_equal (element, "xf")
      || parser->book->formats->len >= MAX_STYLES)
    return TRUE;
  format = (guint8)get_built_in (id);
  if (id < G_MAXUINT
      && g_hash_table_lookup_extended (parser->custom, GUINT_TO_POINTER ((guint)id), NULL, &custom))
    format = (guint8)GPOINTER_TO_UINT (custom);
  g_byte_array_append (parser->book->formats, &format, 1);
  return TRUE;
}

static gboolean
end_style (gpointer data, const char *element, const GString *text, GError **error)
{
  if (g_str_equal (element, "cellXfs"))
    ((StyleParser *)data)->is_in_cells = FALSE;
  return TRUE;
}

static gboolean
read_styles (ShsXlsxBook *book, const char *member, GError **error)
{
  static const ShsXlsxHandler handler = { begin_style, wants_nothing, end_style };
  g_autoptr (GHashTable) custom = g_hash_table_new (NULL, NULL);
  StyleParser parser = { book, custom, FALSE };

  return shs_xlsx_read_member (book->archive, book->path, member, &handler, &parser, book->progress,
                               error);
}

/* ---- all of it ---- */

static void
sheet_clear (gpointer data)
{
  ShsXlsxSheet *sheet = data;

  g_free (sheet->name);
  g_free (sheet->member);
}

void
shs_xlsx_book_clear (ShsXlsxBook *self)
{
  g_clear_pointer (&self->archive, shs_zip_reader_free);
  g_clear_pointer (&self->sheets, g_array_unref);
  g_clear_pointer (&self->formats, g_byte_array_unref);
  shs_text_codes_free (self->texts);
  shs_free (self->strings);
}

static gboolean
read_book (ShsXlsxBook *self, const char *member, GError **error)
{
  static const ShsXlsxHandler handler = { begin_book, wants_nothing, end_nothing };
  g_auto (Relations) relations = { 0 };
  BookParser parser = { self, &relations };
  const char *strings, *styles;

  if (!read_relations (self, member, &relations, error)
      || !shs_xlsx_read_member (self->archive, self->path, member, &handler, &parser,
                                self->progress, error))
    return FALSE;
  strings = find_relation (&relations, "sharedStrings", NULL);
  styles = find_relation (&relations, "styles", NULL);
  return (strings == NULL || read_strings (self, strings, error))
         && (styles == NULL || read_styles (self, styles, error));
}

gboolean
shs_xlsx_book_open (ShsXlsxBook *self, const char *path, GBytes *bytes, ShsProgress *progress,
                    GError **error)
{
  g_auto (Relations) relations = { 0 };
  const char *member;

  self->path = path;
  self->progress = progress;
  self->sheets = g_array_new (FALSE, TRUE, sizeof (ShsXlsxSheet));
  g_array_set_clear_func (self->sheets, sheet_clear);
  self->formats = g_byte_array_new ();
  self->texts = shs_text_codes_new ();
  self->archive = shs_zip_reader_open (path, bytes, error);
  if (self->archive == NULL || !read_relations (self, "", &relations, error))
    return FALSE;
  member = find_relation (&relations, "officeDocument", NULL);
  return read_book (self, member != NULL ? member : "xl/workbook.xml", error);
}
