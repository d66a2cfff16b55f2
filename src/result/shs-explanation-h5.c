#include "result/shs-explanation-formats.h"

#include "core/shs-memory.h"
#include "io/shs-bytes.h"
#include "io/hdf5/shs-hdf5-writer.h"
#include "io/hdf5/shs-hdf5.h"
#include "result/shs-explanation-private.h"
#include "result/shs-explanation-read.h"
#include "result/shs-explanation-write.h"

#include <string.h>

#define COPIES 4 /* of a file that loading may have in memory at once */

/* Texts come one by one and are written together; @store: (nullable): what began the file. */
typedef struct
{
  const ShsResultStore *store;
  ShsHdf5Writer *writer;
  ShsArrayHead head;
  char *name;
  GPtrArray *texts;
  gsize n_texts;
} H5Sink;

static gboolean
write_texts (H5Sink *sink, GError **error)
{
  gboolean is_written = shs_hdf5_writer_add_texts (
      sink->writer, sink->name, (const char *const *)sink->texts->pdata, sink->texts->len,
      sink->head.n_dimensions, error);

  g_ptr_array_set_size (sink->texts, 0);
  return is_written;
}

static gboolean
h5_begin (gpointer data, const ShsArrayHead *head, GError **error)
{
  static const ShsHdf5Number kinds[]
      = { SHS_HDF5_STORE_DOUBLE, SHS_HDF5_STORE_FLOAT, SHS_HDF5_STORE_INTEGER };
  H5Sink *sink = data;

  sink->head = *head;
  sink->head.name = NULL;
  if (head->kind != SHS_ARRAY_TEXT)
    return shs_hdf5_writer_begin_numbers (sink->writer, head->name, kinds[head->kind],
                                          head->n_dimensions, head->shape, error);
  g_free (sink->name);
  sink->name = g_strdup (head->name);
  sink->n_texts = head->n_dimensions == 0 ? 1 : head->shape[0];
  return sink->n_texts > 0 || write_texts (sink, error);
}

static gboolean
h5_write_numbers (gpointer data, const double *numbers, gsize count, GError **error)
{
  return shs_hdf5_writer_write_numbers (((H5Sink *)data)->writer, numbers, count, error);
}

static gboolean
h5_write_text (gpointer data, const char *text, GError **error)
{
  H5Sink *sink = data;

  g_ptr_array_add (sink->texts, g_strdup (text));
  return sink->texts->len < sink->n_texts || write_texts (sink, error);
}

static gboolean
h5_has (gpointer data, const char *name)
{
  const H5Sink *sink = data;

  return sink->store != NULL && shs_result_store_has (sink->store, name);
}

static const ShsArraySink h5_sink = { .begin = h5_begin,
                                      .write_numbers = h5_write_numbers,
                                      .write_text = h5_write_text,
                                      .has = h5_has,
                                      .keeps_pairs = TRUE };

/* (transfer full): the file that the values were written to while they were computed, or a new one.
 */
static ShsHdf5Writer *
open_writer (ShsExplanation *self, const char *path, const ShsResultStore **store, GError **error)
{
  ShsHdf5Writer *writer = NULL;

  g_mutex_lock (&self->lock);
  if (self->parts.store != NULL)
    writer = shs_result_store_take_writer (self->parts.store, path);
  g_mutex_unlock (&self->lock);
  *store = writer != NULL ? self->parts.store : NULL;
  return writer != NULL ? writer : shs_hdf5_writer_new (path, error);
}

gboolean
shs_explanation_save_h5 (ShsExplanation *self, const char *path, ShsProgress *progress,
                         GError **error)
{
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  H5Sink sink = { .texts = texts };
  g_autoptr (ShsHdf5Writer) writer = open_writer (self, path, &sink.store, error);
  gboolean is_written;

  if (writer == NULL)
    return FALSE;
  sink.writer = writer;
  is_written = shs_explanation_write (self, &h5_sink, &sink, progress, error);
  g_free (sink.name);
  return is_written && shs_hdf5_writer_commit (writer, error);
}

/* ---- loading ---- */

/* @names: NULL-ended; @content: the mapped file, once it was needed */
typedef struct
{
  ShsFile *file;
  ShsNpz *arrays;
  GBytes *content;
} H5Source;

static void
h5_source_clear (H5Source *self)
{
  shs_file_unref (self->file);
  shs_npz_free (self->arrays);
  g_clear_pointer (&self->content, g_bytes_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (H5Source, h5_source_clear)

static ShsNpyArray *
h5_read (gpointer data, const char *name, GError **error)
{
  H5Source *self = data;
  ShsHdf5Place place;

  if (shs_npz_has (self->arrays, name))
    return shs_npz_read (self->arrays, name, error);
  if (!shs_hdf5_arrays_find_place (self->arrays, name, self->file, &place, error))
    return NULL;
  if (self->content == NULL)
    self->content = shs_bytes_read (self->file, error);
  return self->content != NULL ? shs_hdf5_arrays_map (&place, self->content, error) : NULL;
}

static gboolean
h5_locate (gpointer data, const char *name, ShsFile **file, guint64 *offset)
{
  H5Source *self = data;
  ShsHdf5Place place;

  if (shs_npz_has (self->arrays, name)
      || !shs_hdf5_arrays_find_place (self->arrays, name, self->file, &place, NULL))
    return FALSE;
  *file = shs_file_ref (self->file);
  *offset = place.offset;
  return TRUE;
}

/* The names of the arrays, wherever they are. */
static GPtrArray *
list_names (const ShsNpz *arrays)
{
  GPtrArray *list = g_ptr_array_new ();

  for (const char *const *name = shs_npz_get_names (arrays); *name != NULL; name++)
    g_ptr_array_add (list, (char *)(g_str_has_prefix (*name, SHS_HDF5_PLACE)
                                        ? *name + strlen (SHS_HDF5_PLACE)
                                        : *name));
  g_ptr_array_add (list, NULL);
  return list;
}

/* A copy in the answer and one in the explanation, with room to work. */
static gboolean
is_for_memory (const ShsFile *file)
{
  return shs_file_get_size (file) <= shs_memory_budget () / COPIES;
}

ShsExplanation *
shs_explanation_load_h5 (ShsFile *file, ShsProgress *progress, GError **error)
{
  g_auto (H5Source) self = { .file = shs_file_ref (file) };
  ShsArraySource source
      = { .name = shs_file_get_path (file), .read = h5_read, .locate = h5_locate, .data = &self };
  g_autoptr (GPtrArray) names = NULL;

  self.arrays = shs_hdf5_arrays_open (self.file, !is_for_memory (self.file), progress, error);
  if (self.arrays == NULL)
    return NULL;
  names = list_names (self.arrays);
  source.names = (const char *const *)names->pdata;
  return shs_explanation_read (&source, error);
}
