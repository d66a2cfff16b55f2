#include "result/shs-explanation-formats.h"

#include "core/shs-memory.h"
#include "io/shs-bytes.h"
#include "result/shs-explanation-read.h"
#include "result/shs-explanation-write.h"

#include <string.h>

#define PIECE 4096 /* numbers converted at once */

typedef struct
{
  ShsNpzWriter *writer;
  ShsArrayHead head;
  gunichar *cell; /* head.width characters */
} NpzSink;

static gboolean
npz_begin (gpointer data, const ShsArrayHead *head, GError **error)
{
  NpzSink *sink = data;
  g_autofree char *text_type = g_strdup_printf ("<U%" G_GSIZE_FORMAT, head->width);
  const char *types[] = { "<f8", "<f4", "<i8", text_type };

  sink->head = *head;
  sink->head.name = NULL;
  if (head->kind == SHS_ARRAY_TEXT)
    {
      shs_free (sink->cell);
      sink->cell = shs_alloc (head->width, sizeof (gunichar), error);
      if (sink->cell == NULL)
        return FALSE;
    }
  return shs_npz_writer_begin (sink->writer, head->name, types[head->kind], head->n_dimensions,
                               head->shape, error);
}

static gboolean
write_floats (NpzSink *sink, const double *numbers, gsize count, GError **error)
{
  float piece[PIECE];

  for (gsize i = 0; i < count; i++)
    piece[i] = (float)numbers[i];
  return shs_npz_writer_write (sink->writer, piece, count * sizeof *piece, error);
}

static gboolean
write_integers (NpzSink *sink, const double *numbers, gsize count, GError **error)
{
  gint64 piece[PIECE];

  for (gsize i = 0; i < count; i++)
    piece[i] = (gint64)numbers[i];
  return shs_npz_writer_write (sink->writer, piece, count * sizeof *piece, error);
}

static gboolean
npz_write_numbers (gpointer data, const double *numbers, gsize count, GError **error)
{
  NpzSink *sink = data;

  if (sink->head.kind == SHS_ARRAY_DOUBLE)
    return shs_npz_writer_write (sink->writer, numbers, count * sizeof *numbers, error);
  for (gsize first = 0; first < count; first += PIECE)
    {
      gsize n = MIN (PIECE, count - first);

      if (!(sink->head.kind == SHS_ARRAY_FLOAT ? write_floats (sink, numbers + first, n, error)
                                               : write_integers (sink, numbers + first, n, error)))
        return FALSE;
    }
  return TRUE;
}

static gboolean
npz_write_text (gpointer data, const char *text, GError **error)
{
  NpzSink *sink = data;
  gsize n = 0;

  for (const char *c = text; *c != '\0' && n < sink->head.width; c = g_utf8_next_char (c))
    sink->cell[n++] = g_utf8_get_char (c);
  memset (sink->cell + n, 0, (sink->head.width - n) * sizeof *sink->cell);
  return shs_npz_writer_write (sink->writer, sink->cell, sink->head.width * sizeof *sink->cell,
                               error);
}

static const ShsArraySink npz_sink = { .begin = npz_begin,
                                       .write_numbers = npz_write_numbers,
                                       .write_text = npz_write_text,
                                       .keeps_display = TRUE };

gboolean
shs_explanation_save_npz (ShsExplanation *self, const char *path, ShsProgress *progress,
                          GError **error)
{
  g_autoptr (ShsNpzWriter) writer = shs_npz_writer_new (path, error);
  NpzSink sink = { .writer = writer };
  gboolean is_written;

  if (writer == NULL)
    return FALSE;
  is_written = shs_explanation_write (self, &npz_sink, &sink, progress, error);
  shs_free (sink.cell);
  return is_written && shs_npz_writer_commit (writer, error);
}

static ShsNpyArray *
npz_read (gpointer data, const char *name, GError **error)
{
  return shs_npz_read (data, name, error);
}

ShsExplanation *
shs_explanation_load_npz (ShsFile *file, GError **error)
{
  const char *path = shs_file_get_path (file);
  g_autoptr (GBytes) bytes = shs_bytes_read (file, error);
  g_autoptr (ShsNpz) archive = bytes != NULL ? shs_npz_open_bytes (path, bytes, error) : NULL;
  ShsArraySource source = { .name = path, .read = npz_read, .data = archive };

  if (archive == NULL)
    return NULL;
  source.names = shs_npz_get_names (archive);
  return shs_explanation_read (&source, error);
}
