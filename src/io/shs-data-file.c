#include "io/shs-data-file.h"

#include "core/shs-error.h"
#include "core/shs-number.h"
#include "io/shs-bytes.h"
#include "io/csv/shs-csv.h"
#include "io/hdf5/shs-hdf5.h"
#include "io/shs-libsvm.h"
#include "io/npy/shs-npy.h"
#include "io/parquet/shs-parquet.h"
#include "io/shs-sqlite-dataset.h"
#include "io/xlsx/shs-xlsx-dataset.h"

#include <string.h>

#define SNIFF_BYTES (64u << 10)
#define LIBSVM_SNIFF_LINES 20
#define ZIP_NAME_LENGTH 26 /* where a local header tells the length of the member's name */
#define ZIP_NAME 30

/* A piece of the file's head. */
typedef struct
{
  const char *begin;
  const char *end;
} Span;

static gboolean
begins_with (const guint8 *head, gsize length, const char *magic, gsize n)
{
  return length >= n && memcmp (head, magic, n) == 0;
}

/* Whether the name's last extension, before ".gz", is one of @extensions (NULL-ended). */
static gboolean
has_extension (const char *path, const char *const *extensions)
{
  g_autofree char *lower = g_ascii_strdown (path, -1);

  if (g_str_has_suffix (lower, ".gz"))
    lower[strlen (lower) - 3] = '\0';
  for (; *extensions != NULL; extensions++)
    if (g_str_has_suffix (lower, *extensions))
      return TRUE;
  return FALSE;
}

static gboolean
is_named_libsvm (const char *path)
{
  static const char *const extensions[] = { ".libsvm", ".svm", ".svmlight", NULL };

  return has_extension (path, extensions);
}

static gboolean
is_named_table (const char *path)
{
  static const char *const extensions[] = { ".csv", ".tsv", ".tab", ".txt", NULL };

  return has_extension (path, extensions);
}

static gboolean
is_array_archive (const char *path, const guint8 *head, gsize length)
{
  static const char *const extensions[] = { ".npz", NULL };
  gsize n_name;

  if (has_extension (path, extensions))
    return TRUE;
  if (length < ZIP_NAME)
    return FALSE;
  n_name = head[ZIP_NAME_LENGTH] | (gsize)head[ZIP_NAME_LENGTH + 1] << 8;
  return n_name >= 4 && ZIP_NAME + n_name <= length
         && memcmp (head + ZIP_NAME + n_name - 4, ".npy", 4) == 0;
}

/* The next word of a line; FALSE at its end or at a comment. */
static gboolean
next_word (Span *line, Span *word)
{
  const char *p = line->begin;

  while (p < line->end && (*p == ' ' || *p == '\t' || *p == '\r'))
    p++;
  word->begin = p;
  while (p < line->end && *p != ' ' && *p != '\t' && *p != '\r' && *p != '#')
    p++;
  word->end = p;
  line->begin = p;
  return word->end > word->begin;
}

static gboolean
is_entry (const Span *word)
{
  const char *p = word->begin;
  double value;

  if (word->end - p > 4 && memcmp (p, "qid:", 4) == 0)
    p += 3;
  else
    while (p < word->end && g_ascii_isdigit (*p))
      p++;
  return p > word->begin && p < word->end && *p == ':'
         && shs_number_parse (p + 1, word->end, &value);
}

/* A label and entries; a line with nothing in it says nothing. */
static gboolean
fits_libsvm (Span line, gsize *n_entries)
{
  Span word;
  double label;

  if (!next_word (&line, &word))
    return TRUE;
  if (!shs_number_parse (word.begin, word.end, &label))
    return FALSE;
  for (; next_word (&line, &word); (*n_entries)++)
    if (!is_entry (&word))
      return FALSE;
  return TRUE;
}

static gboolean
looks_like_libsvm (const char *at, const char *end)
{
  gsize n_entries = 0;

  for (int i = 0; i < LIBSVM_SNIFF_LINES && at < end; i++)
    {
      const char *newline = memchr (at, '\n', (gsize)(end - at));

      if (newline == NULL && i > 0)
        break; /* the window may cut a line */
      if (!fits_libsvm ((Span){ at, newline != NULL ? newline : end }, &n_entries))
        return FALSE;
      at = newline != NULL ? newline + 1 : end;
    }
  return n_entries > 0;
}

static ShsDataFormat
sniff_text (const char *path, const guint8 *head, gsize length)
{
  const char *text = (const char *)head;
  gboolean is_utf16
      = begins_with (head, length, "\xff\xfe", 2) || begins_with (head, length, "\xfe\xff", 2);
  gsize n_blank = 0;

  if (is_utf16)
    return SHS_DATA_CSV;
  if (is_named_libsvm (path))
    return SHS_DATA_LIBSVM;
  if (is_named_table (path))
    return looks_like_libsvm (text, text + length) ? SHS_DATA_LIBSVM : SHS_DATA_CSV;
  while (n_blank < length && g_ascii_isspace (text[n_blank]))
    n_blank++;
  if (n_blank == length || text[n_blank] == '{' || text[n_blank] == '['
      || memchr (head, '\0', length) != NULL)
    return SHS_DATA_UNKNOWN;
  return looks_like_libsvm (text, text + length) ? SHS_DATA_LIBSVM : SHS_DATA_CSV;
}

ShsDataFormat
shs_data_file_sniff (const char *path, const guint8 *head, gsize length)
{
  if (begins_with (head, length, "\x93NUMPY", 6))
    return SHS_DATA_NPY;
  if (begins_with (head, length, "\x89HDF\r\n\x1a\n", 8))
    return SHS_DATA_HDF5;
  if (begins_with (head, length, "PK\3\4", 4) || begins_with (head, length, "PK\5\6", 4))
    return is_array_archive (path, head, length) ? SHS_DATA_NPZ
           : shs_xlsx_is (path, head, length)    ? SHS_DATA_XLSX
                                                 : SHS_DATA_UNKNOWN;
  if (begins_with (head, length, "\x1f\x8b", 2))
    return is_named_libsvm (path) ? SHS_DATA_LIBSVM : SHS_DATA_CSV;
  if (begins_with (head, length, "PAR1", 4))
    return SHS_DATA_PARQUET;
  if (begins_with (head, length, "SQLite format 3", 15))
    return SHS_DATA_SQLITE;
  if (begins_with (head, length, "ARROW1", 6))
    return SHS_DATA_UNKNOWN;
  return sniff_text (path, head, length);
}

/* What a file may be that is no data file for this program. */
static const char *
name_foreign_format (const guint8 *head, gsize length)
{
  static const struct
  {
    const char *magic;
    const char *name;
  } formats[] = {
    { "ARROW1", "an Arrow file" },
    { "PK", "a ZIP archive, perhaps of a document" },
    { "\xd0\xcf\x11\xe0", "an old Office document (.xls); save it as .xlsx" },
    { "\x80", "perhaps a pickle" },
    { "{", "a JSON or UBJSON document, perhaps a model" },
    { "[", "a JSON document" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++)
    if (begins_with (head, length, formats[i].magic, strlen (formats[i].magic)))
      return formats[i].name;
  return length == 0 ? "empty" : "of no kind that is known";
}

static ShsDataset *
open_text (const char *path, GBytes *bytes, guint n_threads, ShsProgress *progress, GError **error)
{
  gsize length;
  const guint8 *head = g_bytes_get_data (bytes, &length);
  ShsDataFormat format = shs_data_file_sniff (path, head, MIN (length, SNIFF_BYTES));

  if (format == SHS_DATA_LIBSVM)
    return shs_libsvm_parse (path, bytes, progress, error);
  if (format == SHS_DATA_CSV)
    return shs_csv_parse (path, bytes, NULL, n_threads, progress, error);
  g_set_error (error, SHS_ERROR, SHS_ERROR_UNSUPPORTED,
               "%s: it is %s; data can be CSV, TSV, LIBSVM, NPY, NPZ, HDF5, Parquet, SQLite or "
               "XLSX, so save "
               "it as one of these",
               path, name_foreign_format (head, length));
  return NULL;
}

char *
shs_data_file_split (const char *path, char **part)
{
  const char *mark = g_file_test (path, G_FILE_TEST_EXISTS) ? NULL : strchr (path, '#');

  *part = NULL;
  for (; mark != NULL && mark[1] != '\0'; mark = strchr (mark + 1, '#'))
    {
      g_autofree char *file = g_strndup (path, (gsize)(mark - path));

      if (!g_file_test (file, G_FILE_TEST_IS_REGULAR))
        continue;
      *part = g_strdup (mark + 1);
      return g_steal_pointer (&file);
    }
  return g_strdup (path);
}

ShsDataset *
shs_data_file_open (const char *path, guint n_threads, ShsProgress *progress, GError **error)
{
  g_autofree char *part = NULL;
  g_autofree char *file_path = shs_data_file_split (path, &part);
  g_autoptr (ShsFile) file = shs_file_open (file_path, error);

  return file != NULL ? shs_data_file_read (file, part, n_threads, progress, error) : NULL;
}

static gboolean
check_part (const char *path, const char *part, ShsDataFormat format, GError **error)
{
  if (part == NULL || format == SHS_DATA_SQLITE || format == SHS_DATA_XLSX)
    return TRUE;
  g_set_error (error, SHS_ERROR, SHS_ERROR_CHOICE,
               "%s: it has no parts, so there is no \"%s\" in it; only databases and workbooks are "
               "opened by \"file#part\"",
               path, part);
  return FALSE;
}

ShsDataset *
shs_data_file_read (const ShsFile *file, const char *part, guint n_threads, ShsProgress *progress,
                    GError **error)
{
  const char *path = shs_file_get_path (file);
  g_autoptr (GBytes) bytes = shs_bytes_read (file, error);
  ShsDataFormat format;
  gsize length;
  const guint8 *head;

  if (bytes == NULL)
    return NULL;
  head = g_bytes_get_data (bytes, &length);
  format = shs_data_file_sniff (path, head, MIN (length, SNIFF_BYTES));
  if (!check_part (path, part, format, error))
    return NULL;
  switch (format)
    {
    case SHS_DATA_NPY:
      return shs_npy_dataset_parse (path, bytes, error);
    case SHS_DATA_NPZ:
      return shs_npz_dataset_parse (path, bytes, error);
    case SHS_DATA_HDF5:
      return shs_hdf5_dataset_read (file, progress, error);
    case SHS_DATA_PARQUET:
      return shs_parquet_parse (path, bytes, n_threads, progress, error);
    case SHS_DATA_SQLITE:
      return shs_sqlite_dataset_open (path, part, progress, error);
    case SHS_DATA_XLSX:
      return shs_xlsx_dataset_parse (path, part, bytes, progress, error);
    default:
      return open_text (path, bytes, n_threads, progress, error);
    }
}

char **
shs_data_file_list_parts (const ShsFile *file, ShsProgress *progress, GError **error)
{
  const char *path = shs_file_get_path (file);
  g_autoptr (GBytes) bytes = shs_bytes_read (file, error);
  gsize length;
  const guint8 *head;

  if (bytes == NULL)
    return NULL;
  head = g_bytes_get_data (bytes, &length);
  switch (shs_data_file_sniff (path, head, MIN (length, SNIFF_BYTES)))
    {
    case SHS_DATA_SQLITE:
      return shs_sqlite_dataset_list (path, progress, error);
    case SHS_DATA_XLSX:
      return shs_xlsx_dataset_list (path, bytes, progress, error);
    default:
      return NULL;
    }
}
