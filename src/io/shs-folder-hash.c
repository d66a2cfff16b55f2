#include "io/shs-folder-hash.h"

#include "core/shs-error.h"
#include "io/shs-file.h"
#include "io/shs-folder.h"

#include <string.h>

#define MAX_FILES 10000

/* Appends the paths in a folder, relative to @root, folders with a slash behind; the list grows
 * while it is walked, so nothing recurses. */
static gboolean
list_folder (const char *root, const char *inner, GPtrArray *paths, GError **error)
{
  g_autofree char *folder = g_build_filename (root, inner, NULL);
  g_autoptr (GPtrArray) names = shs_folder_list (folder, MAX_FILES - paths->len, error);

  for (guint i = 0; names != NULL && i < names->len; i++)
    {
      const char *name = g_ptr_array_index (names, i);
      g_autofree char *path = g_build_filename (folder, name, NULL);
      gboolean is_folder = g_file_test (path, G_FILE_TEST_IS_DIR);

      if (name[0] != '.' && name[0] != '_' && !g_file_test (path, G_FILE_TEST_IS_SYMLINK))
        g_ptr_array_add (paths, g_strconcat (inner, name, is_folder ? "/" : "", NULL));
    }
  return names != NULL;
}

static gboolean
add_file (GChecksum *checksum, const char *root, const char *inner, ShsProgress *progress,
          GError **error)
{
  g_autofree char *path = g_build_filename (root, inner, NULL);
  g_autoptr (ShsFile) file = shs_file_open (path, error);
  g_autofree char *hash = file != NULL ? shs_file_hash (file, progress, error) : NULL;

  if (hash == NULL)
    return FALSE;
  g_checksum_update (checksum, (const guchar *)inner, (gssize)strlen (inner) + 1);
  g_checksum_update (checksum, (const guchar *)hash, (gssize)strlen (hash));
  return TRUE;
}

char *
shs_folder_hash (const char *path, ShsProgress *progress, GError **error)
{
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);

  if (!list_folder (path, "", paths, error))
    return NULL;
  for (guint i = 0; i < paths->len; i++)
    if (g_str_has_suffix (paths->pdata[i], "/")
        && !list_folder (path, paths->pdata[i], paths, error))
      return NULL;
  g_ptr_array_sort (paths, shs_folder_compare);
  for (guint i = 0; i < paths->len; i++)
    if (!g_str_has_suffix (paths->pdata[i], "/")
        && !add_file (checksum, path, paths->pdata[i], progress, error))
      return NULL;
  return g_strdup (g_checksum_get_string (checksum));
}
