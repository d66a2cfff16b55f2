#include "io/shs-folder.h"

#include "core/shs-error.h"

#include <string.h>

int
shs_folder_compare (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

GPtrArray *
shs_folder_list (const char *path, guint most, GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) entries = g_dir_open (path, 0, NULL);
  const char *name;

  while (entries != NULL && (name = g_dir_read_name (entries)) != NULL)
    {
      if (names->len == most)
        {
          g_set_error (error, SHS_ERROR, SHS_ERROR_UNSUPPORTED,
                       "%s holds too many files; choose the folder of one model", path);
          return NULL;
        }
      g_ptr_array_add (names, g_strdup (name));
    }
  g_ptr_array_sort (names, shs_folder_compare);
  return g_steal_pointer (&names);
}
