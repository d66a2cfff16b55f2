/* Lists what a file holds, by hard links alone. */
#include "io/hdf5/shs-hdf5-private.h"

#include <string.h>

#define MAX_OBJECTS 10000
#define MAX_DEPTH 64
#define MAX_NAME 1000
#define SHOWN_BYTES 60 /* of a path in a message */

typedef struct
{
  char *path;
  guint depth;
} Pending;

typedef struct
{
  ShsHdf5Contents *contents;
  GQueue *pending;  /* Pending: groups that are still to be listed */
  GHashTable *seen; /* addresses */
  const Pending *now;
  GError *error;
} Walk;

static void
pending_free (gpointer data)
{
  Pending *pending = data;

  g_free (pending->path);
  g_free (pending);
}

static void
push_group (Walk *walk, const char *path, guint depth)
{
  Pending *pending = g_new (Pending, 1);

  *pending = (Pending){ g_strdup (path), depth };
  g_queue_push_tail (walk->pending, pending);
  g_ptr_array_add (walk->contents->groups, g_strdup (path));
}

static gboolean
is_new (Walk *walk, haddr_t address)
{
  gint64 key = (gint64)address;

  return g_hash_table_add (walk->seen, g_memdup2 (&key, sizeof key));
}

static void
note_refused (Walk *walk, const char *path, const char *why)
{
  if (walk->contents->refused == NULL)
    walk->contents->refused = g_strdup_printf ("%.*s%s is %s", SHOWN_BYTES, path,
                                               strlen (path) > SHOWN_BYTES ? "..." : "", why);
}

static herr_t
visit_object (Walk *walk, hid_t group, const char *name, const char *path)
{
  H5O_info_t info;

  if (H5Oget_info_by_name2 (group, name, &info, H5O_INFO_BASIC, H5P_DEFAULT) < 0)
    {
      shs_hdf5_fail (&walk->error, "an object cannot be read:", path);
      return -1;
    }
  if (!is_new (walk, info.addr))
    return 0;
  if (g_hash_table_size (walk->seen) > MAX_OBJECTS)
    {
      shs_hdf5_refuse (&walk->error,
                       "it holds more than %d objects; keep the table in a file of "
                       "its own",
                       MAX_OBJECTS);
      return -1;
    }
  if (info.type == H5O_TYPE_DATASET)
    g_ptr_array_add (walk->contents->datasets, g_strdup (path));
  else if (info.type == H5O_TYPE_GROUP && walk->now->depth < MAX_DEPTH)
    push_group (walk, path, walk->now->depth + 1);
  else if (info.type == H5O_TYPE_GROUP)
    note_refused (walk, path, "too many groups deep");
  return 0;
}

static herr_t
visit_link (hid_t group, const char *name, const H5L_info_t *info, void *data)
{
  Walk *walk = data;
  g_autofree char *path = walk->now->path[0] != '\0'
                              ? g_strconcat (walk->now->path, "/", name, NULL)
                              : g_strdup (name);

  if (strlen (name) > MAX_NAME || !g_utf8_validate (name, -1, NULL))
    note_refused (walk, "an object", "named with too long or damaged a name");
  else if (info->type == H5L_TYPE_HARD)
    return visit_object (walk, group, name, path);
  else if (info->type == H5L_TYPE_SOFT)
    note_refused (walk, path, "a soft link, which is not followed");
  else
    note_refused (walk, path, "a link into another file, which is not followed");
  return 0;
}

static gboolean
list_group (Walk *walk, hid_t file)
{
  g_auto (ShsHid) group = walk->now->path[0] == '\0'
                              ? H5Gopen2 (file, "/", H5P_DEFAULT)
                              : H5Gopen2 (file, walk->now->path, H5P_DEFAULT);

  if (group < 0)
    return shs_hdf5_fail (&walk->error, "a group cannot be opened:", walk->now->path);
  if (H5Literate (group, H5_INDEX_NAME, H5_ITER_INC, NULL, visit_link, walk) < 0)
    return walk->error != NULL
           || shs_hdf5_fail (&walk->error, "a group cannot be listed:", walk->now->path);
  return TRUE;
}

gboolean
shs_hdf5_list (hid_t file, ShsHdf5Contents *contents, GError **error)
{
  Walk walk = { .contents = contents, .pending = g_queue_new () };

  walk.seen = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  contents->datasets = g_ptr_array_new_with_free_func (g_free);
  contents->groups = g_ptr_array_new_with_free_func (g_free);
  push_group (&walk, "", 0);
  while (walk.error == NULL && !g_queue_is_empty (walk.pending))
    {
      Pending *now = g_queue_pop_head (walk.pending);

      walk.now = now;
      list_group (&walk, file);
      pending_free (now);
    }
  g_queue_free_full (walk.pending, pending_free);
  g_hash_table_unref (walk.seen);
  if (walk.error == NULL)
    return TRUE;
  g_propagate_error (error, walk.error);
  return FALSE;
}

void
shs_hdf5_contents_clear (ShsHdf5Contents *contents)
{
  g_clear_pointer (&contents->datasets, g_ptr_array_unref);
  g_clear_pointer (&contents->groups, g_ptr_array_unref);
  g_clear_pointer (&contents->refused, g_free);
}
