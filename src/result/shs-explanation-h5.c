#include "result/shs-explanation-formats.h"

#include "io/shs-hdf5-writer.h"
#include "io/shs-hdf5.h"
#include "result/shs-explanation-read.h"
#include "result/shs-explanation-write.h"

#include <string.h>

/* Texts come one by one and are written together. */
typedef struct
{
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

static const ShsArraySink h5_sink = { h5_begin, h5_write_numbers, h5_write_text, FALSE };

gboolean
shs_explanation_save_h5 (ShsExplanation *self, const char *path, ShsProgress *progress,
                         GError **error)
{
  g_autoptr (ShsHdf5Writer) writer = shs_hdf5_writer_new (path, error);
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  H5Sink sink = { .writer = writer, .texts = texts };
  gboolean is_written;

  if (writer == NULL)
    return FALSE;
  is_written = shs_explanation_write (self, &h5_sink, &sink, progress, error);
  g_free (sink.name);
  return is_written && shs_hdf5_writer_commit (writer, error);
}

static ShsNpyArray *
h5_read (gpointer data, const char *name, GError **error)
{
  return shs_npz_read (data, name, error);
}

ShsExplanation *
shs_explanation_load_h5 (const char *path, ShsProgress *progress, GError **error)
{
  g_autoptr (ShsNpz) arrays = shs_hdf5_arrays_open (path, progress, error);
  ShsArraySource source = { .name = path, .read = h5_read, .data = arrays };

  if (arrays == NULL)
    return NULL;
  source.names = shs_npz_get_names (arrays);
  return shs_explanation_read (&source, error);
}
