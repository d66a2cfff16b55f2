/* model.ini: "name = value" lines under [info], the columns, and which have domains. */

#include "model/h2o/shs-mojo-document.h"

#include "core/shs-memory.h"
#include "core/shs-number.h"
#include "core/shs-shown.h"

#include <math.h>
#include <string.h>

#define NEWEST_FORMAT 999
#define MAX_CLASSES 100000

typedef enum
{
  SECTION_NONE,
  SECTION_INFO,
  SECTION_COLUMNS,
  SECTION_DOMAINS,
} Section;

gboolean
shs_mojo_fail (const ShsMojo *self, GError **error, ShsError code, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_autofree char *what = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_autofree char *shown = shs_text_shown (what);
  g_set_error (error, SHS_ERROR, code, "%s: %s", self->name, shown);
  return FALSE;
}

const char *
shs_mojo_get (const ShsMojo *self, const char *key)
{
  const char *value = g_hash_table_lookup (self->info, key);

  return value == NULL || g_str_equal (value, "null") ? NULL : value;
}

gboolean
shs_mojo_is (const ShsMojo *self, const char *key, const char *value)
{
  return g_strcmp0 (shs_mojo_get (self, key), value) == 0;
}

gboolean
shs_mojo_get_number (const ShsMojo *self, const char *key, double *number, GError **error)
{
  const char *value = shs_mojo_get (self, key);

  if (value != NULL && shs_number_parse (value, value + strlen (value), number)
      && isfinite (*number))
    return TRUE;
  return shs_mojo_fail (self, error, SHS_ERROR_INVALID,
                        "model.ini says %s where \"%s\" must be a number" SHS_MOJO_AGAIN,
                        value != NULL ? value : "nothing", key);
}

gboolean
shs_mojo_get_count (const ShsMojo *self, const char *key, gsize most, gsize *count, GError **error)
{
  double number;

  if (!shs_mojo_get_number (self, key, &number, error))
    return FALSE;
  if (!(number >= 0 && number <= (double)most) || number != floor (number))
    return shs_mojo_fail (self, error, SHS_ERROR_INVALID,
                          "model.ini says that \"%s\" is %g, which is impossible" SHS_MOJO_AGAIN,
                          key, number);
  *count = (gsize)number;
  return TRUE;
}

/* Where the number that begins at @at ends; NULL for none. */
static const char *
read_listed (const char *at, const char *end, double *number)
{
  while (at < end && *at == ' ')
    at++;
  at = shs_number_parse_prefix (at, end, number);
  while (at != NULL && at < end && *at == ' ')
    at++;
  return at != NULL && isfinite (*number) ? at : NULL;
}

double *
shs_mojo_get_numbers (const ShsMojo *self, const char *key, gsize *n, GError **error)
{
  const char *value = shs_mojo_get (self, key);
  const char *at = value != NULL && *value == '[' ? value + 1 : NULL;
  const char *end = at != NULL ? at + strlen (at) : NULL;
  SHS_AUTOFREE double *numbers = NULL;

  *n = 0;
  if (at != NULL)
    numbers = shs_alloc ((gsize)(end - at) / 2 + 1, sizeof *numbers, error);
  if (at != NULL && numbers == NULL)
    return NULL;
  while (at != NULL && at < end && *at != ']')
    {
      at = read_listed (at, end, &numbers[*n]);
      if (at != NULL && at < end && *at == ',')
        at++;
      else if (at == NULL || at == end || *at != ']')
        at = NULL;
      ++*n;
    }
  if (at == NULL || at == end)
    {
      shs_mojo_fail (self, error, SHS_ERROR_INVALID,
                     "model.ini has no list of numbers \"%s\"" SHS_MOJO_AGAIN, key);
      return NULL;
    }
  return g_steal_pointer (&numbers);
}

GBytes *
shs_mojo_read_member (const ShsMojo *self, const char *member, GError **error)
{
  return shs_zip_reader_read (self->archive, member, error);
}

GBytes *
shs_mojo_read_optional (const ShsMojo *self, const char *member, GError **error)
{
  GError *problem = NULL;
  GBytes *bytes = shs_mojo_read_member (self, member, &problem);

  if (g_error_matches (problem, SHS_ERROR, SHS_ERROR_CHOICE))
    g_clear_error (&problem);
  if (problem != NULL)
    g_propagate_error (error, problem);
  return bytes;
}

static gboolean
read_pair (ShsMojo *self, const char *line, GError **error)
{
  const char *equals = strchr (line, '=');

  if (equals == NULL)
    return shs_mojo_fail (self, error, SHS_ERROR_SYNTAX,
                          "model.ini has a line without \"=\"" SHS_MOJO_AGAIN);
  g_hash_table_replace (self->info, g_strchomp (g_strndup (line, (gsize)(equals - line))),
                        g_strstrip (g_strdup (equals + 1)));
  return TRUE;
}

static gboolean
begin_columns (ShsMojo *self, gsize n_lines, GError **error)
{
  if (self->columns != NULL)
    return shs_mojo_fail (self, error, SHS_ERROR_SYNTAX,
                          "model.ini has columns twice" SHS_MOJO_AGAIN);
  if (!shs_mojo_get_count (self, "n_columns", n_lines, &self->n_columns, error))
    return FALSE;
  self->columns = shs_alloc0 (self->n_columns, sizeof *self->columns, error);
  return self->columns != NULL;
}

static gboolean
add_column (ShsMojo *self, const char *line, gsize *n, GError **error)
{
  if (*n == self->n_columns)
    return shs_mojo_fail (self, error, SHS_ERROR_INVALID,
                          "model.ini has more columns than it says" SHS_MOJO_AGAIN);
  self->columns[*n].name = g_strdup (line);
  self->columns[(*n)++].type = SHS_COLUMN_NUMBER;
  return TRUE;
}

/* "3: 9 d000.txt": the column, the number of its categories, and the file that has them. The
 * response's number may be that behind the last column. */
static gboolean
read_domain (ShsMojo *self, const char *line, GError **error)
{
  char *end = NULL;
  guint64 column = g_ascii_strtoull (line, &end, 10);
  gboolean has_colon = *end == ':';
  guint64 n = has_colon ? g_ascii_strtoull (end + 1, &end, 10) : 0;
  g_autofree char *file = NULL;
  g_autofree char *member = NULL;

  if (!has_colon || *end != ' ' || end[1] == '\0')
    return shs_mojo_fail (self, error, SHS_ERROR_SYNTAX,
                          "model.ini has a domain that cannot be read" SHS_MOJO_AGAIN);
  if (column >= self->n_columns)
    return TRUE;
  if (self->columns[column].categories != NULL || n > G_MAXINT32)
    return shs_mojo_fail (self, error, SHS_ERROR_INVALID,
                          "model.ini has an impossible domain of %s" SHS_MOJO_AGAIN,
                          self->columns[column].name);
  file = g_strstrip (g_strdup (end + 1));
  member = g_strconcat ("domains/", file, NULL);
  return shs_mojo_set_categories (self, &self->columns[column], member, (gsize)n,
                                  shs_mojo_is (self, "escape_domain_values", "true"), error);
}

static gboolean
read_line (ShsMojo *self, Section section, const char *line, gsize *n_columns, GError **error)
{
  switch (section)
    {
    case SECTION_INFO:
      return read_pair (self, line, error);
    case SECTION_COLUMNS:
      return add_column (self, line, n_columns, error);
    case SECTION_DOMAINS:
      return read_domain (self, line, error);
    default:
      return TRUE;
    }
}

static gboolean
read_lines (ShsMojo *self, char **lines, GError **error)
{
  static const char *const sections[] = { "", "[info]", "[columns]", "[domains]" };
  gsize n_lines = g_strv_length (lines);
  Section section = SECTION_NONE;
  gsize n_columns = 0;

  for (gsize i = 0; i < n_lines; i++)
    {
      const char *line = g_strstrip (lines[i]);
      Section found = SECTION_NONE;

      if (*line == '\0' || *line == '#')
        continue;
      for (Section s = SECTION_INFO; s <= SECTION_DOMAINS; s++)
        found = g_str_equal (line, sections[s]) ? s : found;
      if (found == SECTION_COLUMNS && !begin_columns (self, n_lines, error))
        return FALSE;
      if (found != SECTION_NONE)
        section = found;
      else if (!read_line (self, section, line, &n_columns, error))
        return FALSE;
    }
  return (n_columns == self->n_columns && n_columns > 0)
         || shs_mojo_fail (self, error, SHS_ERROR_INVALID,
                           "model.ini has fewer columns than it says" SHS_MOJO_AGAIN);
}

/* "1.40" */
static gboolean
read_format (ShsMojo *self, GError **error)
{
  double version;

  if (!shs_mojo_get_number (self, "mojo_version", &version, error))
    return FALSE;
  if (!(version >= 1 && version * 100 <= NEWEST_FORMAT))
    return shs_mojo_fail (self, error, SHS_ERROR_UNSUPPORTED,
                          "a MOJO of format %g; formats 1.00 to 1.40 can be opened: save the model "
                          "with H2O 3.46",
                          version);
  self->format = (guint)lround (version * 100);
  return TRUE;
}

gboolean
shs_mojo_read_ini (ShsMojo *self, GError **error)
{
  g_autoptr (GBytes) bytes = shs_mojo_read_member (self, "model.ini", error);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  if (bytes == NULL)
    return FALSE;
  text = g_utf8_make_valid (g_bytes_get_data (bytes, NULL), (gssize)g_bytes_get_size (bytes));
  lines = g_strsplit (text, "\n", -1);
  if (!read_lines (self, lines, error) || !read_format (self, error)
      || !shs_mojo_get_count (self, "n_features", self->n_columns, &self->n_features, error)
      || !shs_mojo_get_count (self, "n_classes", MAX_CLASSES, &self->n_classes, error))
    return FALSE;
  if (self->n_features == 0)
    return shs_mojo_fail (self, error, SHS_ERROR_INVALID,
                          "the model takes no features" SHS_MOJO_AGAIN);
  return shs_mojo_is (self, "endianness", "LITTLE_ENDIAN")
         || shs_mojo_fail (self, error, SHS_ERROR_UNSUPPORTED,
                           "its trees are written with the large byte first; save the model on a "
                           "machine of the usual byte order");
}
