#include "result/shs-explanation-file.h"

#include "core/shs-error.h"
#include "io/shs-bytes.h"
#include "io/npy/shs-npy.h"
#include "result/shs-explanation-formats.h"
#include "result/shs-explanation-meta.h"

#include <string.h>

#define HEAD_BYTES (1u << 16)
#define SEARCHED_BYTES (64u << 20)
#define HDF5_SIGNATURE "\211HDF\r\n\032\n"

gboolean
shs_explanation_save (ShsExplanation *self, const char *path, ShsProgress *progress, GError **error)
{
  const char *dot = strrchr (path, '.');
  const char *extension = dot != NULL && strchr (dot, '/') == NULL ? dot : "";

  if (g_ascii_strcasecmp (extension, ".h5") == 0)
    return shs_explanation_save_h5 (self, path, progress, error);
  if (g_ascii_strcasecmp (extension, ".npz") == 0)
    return shs_explanation_save_npz (self, path, progress, error);
  if (g_ascii_strcasecmp (extension, ".json") == 0)
    return shs_explanation_save_json (self, path, progress, error);
  if (g_ascii_strcasecmp (extension, ".csv") == 0)
    return shs_explanation_save_csv (self, path, progress, error);
  g_set_error (error, SHS_ERROR, SHS_ERROR_CHOICE,
               "%s: an explanation is written as .h5, .npz, .json or .csv; choose one of these "
               "extensions",
               path);
  return FALSE;
}

typedef enum
{
  KIND_UNKNOWN,
  KIND_H5,
  KIND_NPZ,
  KIND_JSON,
  KIND_CSV,
} Kind;

static gboolean
starts_with (const guint8 *head, gsize length, const char *text)
{
  return length >= strlen (text) && memcmp (head, text, strlen (text)) == 0;
}

static Kind
find_kind (const guint8 *head, gsize length)
{
  gsize blanks = 0;

  if (starts_with (head, length, HDF5_SIGNATURE))
    return KIND_H5;
  if (starts_with (head, length, "PK\003\004") || starts_with (head, length, "PK\005\006"))
    return KIND_NPZ;
  if (shs_explanation_csv_sniff (head, length))
    return KIND_CSV;
  while (blanks < length && g_ascii_isspace (head[blanks]))
    blanks++;
  return blanks < length && head[blanks] == '{' ? KIND_JSON : KIND_UNKNOWN;
}

static ShsExplanation *
load_kind (ShsFile *file, Kind kind, ShsProgress *progress, GError **error)
{
  switch (kind)
    {
    case KIND_H5:
      return shs_explanation_load_h5 (file, progress, error);
    case KIND_NPZ:
      return shs_explanation_load_npz (file, error);
    case KIND_JSON:
      return shs_explanation_load_json (file, error);
    case KIND_CSV:
      return shs_explanation_load_csv (file, progress, error);
    case KIND_UNKNOWN:
      break;
    }
  g_set_error (error, SHS_ERROR, SHS_ERROR_UNSUPPORTED,
               "%s is no explanation file: it is neither HDF5, .npz, JSON nor a table that this "
               "program wrote",
               shs_file_get_path (file));
  return NULL;
}

/* Of the formats only HDF5 is read in pieces. */
static void
advise_pieces (const ShsFile *file, GError **error)
{
  const char *path = shs_file_get_path (file);
  g_autofree char *message = NULL;

  if (error == NULL || !g_error_matches (*error, SHS_ERROR, SHS_ERROR_MEMORY))
    return;
  message = g_steal_pointer (&(*error)->message);
  (*error)->message
      = g_strdup_printf ("%s%s%s; or explain again into an .h5 file, which is read in pieces",
                         strstr (message, path) == NULL ? path : "",
                         strstr (message, path) == NULL ? ": " : "", message);
}

ShsExplanation *
shs_explanation_load_from (ShsFile *file, ShsProgress *progress, GError **error)
{
  g_autofree guint8 *head = g_malloc (HEAD_BYTES);
  ShsExplanation *explanation;
  gsize length;
  Kind kind;

  if (!shs_file_read_head (file, head, HEAD_BYTES, &length, error))
    return NULL;
  kind = find_kind (head, length);
  explanation = load_kind (file, kind, progress, error);
  if (explanation == NULL && kind != KIND_H5)
    advise_pieces (file, error);
  return explanation;
}

ShsExplanation *
shs_explanation_load (const char *path, ShsProgress *progress, GError **error)
{
  g_autoptr (ShsFile) file = shs_file_open (path, error);

  return file != NULL ? shs_explanation_load_from (file, progress, error) : NULL;
}

static gboolean
contains (const guint8 *head, gsize length, const char *text)
{
  return memmem (head, length, text, strlen (text)) != NULL;
}

static gboolean
sniff_npz (const ShsFile *file)
{
  g_autoptr (GBytes) bytes = shs_bytes_read (file, NULL);
  g_autoptr (ShsNpz) archive
      = bytes != NULL ? shs_npz_open_bytes (shs_file_get_path (file), bytes, NULL) : NULL;
  const char *const *names;

  if (archive == NULL)
    return FALSE;
  names = shs_npz_get_names (archive);
  for (gsize i = 0; names[i] != NULL; i++)
    if (g_str_equal (names[i], "values") || g_str_has_prefix (names[i], "values:"))
      return shs_npz_has (archive, "base_values");
  return FALSE;
}

/* The names of data sets may stand anywhere; this program writes them at the beginning. */
static gboolean
sniff_h5 (const ShsFile *file, const guint8 *head, gsize length)
{
  g_autoptr (GBytes) bytes = NULL;
  const guint8 *content;
  gsize n;

  if (contains (head, length, "base_values"))
    return contains (head, length, "values");
  bytes = shs_bytes_read (file, NULL);
  if (bytes == NULL)
    return FALSE;
  content = g_bytes_get_data (bytes, &n);
  return contains (content, MIN (n, SEARCHED_BYTES), "base_values");
}

gboolean
shs_explanation_sniff (const ShsFile *file, const guint8 *head, gsize length)
{
  switch (find_kind (head, length))
    {
    case KIND_H5:
      return sniff_h5 (file, head, length);
    case KIND_NPZ:
      return sniff_npz (file);
    case KIND_JSON:
      return contains (head, length, "\"" SHS_EXPLANATION_FORMAT "\"")
             || (contains (head, length, "\"base_values\"")
                 && contains (head, length, "\"values\""));
    case KIND_CSV:
      return TRUE;
    case KIND_UNKNOWN:
      break;
    }
  return FALSE;
}
