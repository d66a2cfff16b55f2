#include "result/shs-explanation-formats.h"

#include "core/shs-error.h"
#include "io/shs-bytes.h"
#include "io/json/shs-json-writer.h"
#include "result/shs-explanation-meta.h"
#include "result/shs-explanation-read.h"
#include "result/shs-explanation-write.h"
#include "result/shs-json-arrays.h"
#include "result/shs-json-copy.h"

#include <string.h>

/* ---- writing ---- */

/*
 * JsonSink:
 * @is_meta: the text that is open is JSON itself
 * @n_written: items of the array that is open
 * @n_items: how many it has
 * @singles: names of the arrays in single precision
 */
typedef struct
{
  ShsJsonWriter *writer;
  ShsArrayHead head;
  gboolean is_meta;
  gsize n_written;
  gsize n_items;
  GPtrArray *singles;
} JsonSink;

static gboolean
json_begin (gpointer data, const ShsArrayHead *head, GError **error)
{
  JsonSink *sink = data;

  sink->head = *head;
  sink->head.name = NULL;
  sink->is_meta = head->n_dimensions == 0 && g_str_equal (head->name, "meta");
  sink->n_written = 0;
  sink->n_items = 1;
  for (guint d = 0; d < head->n_dimensions; d++)
    sink->n_items *= head->shape[d];
  shs_json_writer_key (sink->writer, head->name);
  if (head->kind == SHS_ARRAY_FLOAT)
    g_ptr_array_add (sink->singles, g_strdup (head->name));
  if (sink->n_items == 0)
    {
      shs_json_writer_begin_array (sink->writer);
      shs_json_writer_end_array (sink->writer);
    }
  return TRUE;
}

/* How many lists begin (or, after the item, end) at this item. */
static guint
count_borders (const ShsArrayHead *head, gsize item)
{
  guint n = 0;
  gsize length = 1;

  for (guint d = head->n_dimensions; d-- > 0;)
    {
      length *= head->shape[d];
      if (item % length == 0)
        n++;
    }
  return n;
}

static void
begin_item (JsonSink *sink)
{
  for (guint n = count_borders (&sink->head, sink->n_written); n > 0; n--)
    shs_json_writer_begin_array (sink->writer);
}

static void
end_item (JsonSink *sink)
{
  sink->n_written++;
  for (guint n = count_borders (&sink->head, sink->n_written); n > 0; n--)
    shs_json_writer_end_array (sink->writer);
}

static gboolean
json_write_numbers (gpointer data, const double *numbers, gsize count, GError **error)
{
  JsonSink *sink = data;

  for (gsize i = 0; i < count; i++)
    {
      begin_item (sink);
      if (sink->head.kind == SHS_ARRAY_FLOAT)
        shs_json_writer_float (sink->writer, (float)numbers[i]);
      else if (sink->head.kind == SHS_ARRAY_INTEGER)
        shs_json_writer_integer (sink->writer, (gint64)numbers[i]);
      else
        shs_json_writer_double (sink->writer, numbers[i]);
      end_item (sink);
    }
  return TRUE;
}

static gboolean
json_write_text (gpointer data, const char *text, GError **error)
{
  JsonSink *sink = data;

  if (sink->is_meta)
    {
      shs_json_copy_text (text, sink->writer);
      return TRUE;
    }
  begin_item (sink);
  shs_json_writer_string (sink->writer, text);
  end_item (sink);
  return TRUE;
}

static const ShsArraySink json_sink
    = { json_begin, json_write_numbers, json_write_text, NULL, FALSE };

static void
write_singles (JsonSink *sink)
{
  shs_json_writer_key (sink->writer, SHS_JSON_SINGLES);
  shs_json_writer_begin_array (sink->writer);
  for (guint i = 0; i < sink->singles->len; i++)
    shs_json_writer_string (sink->writer, sink->singles->pdata[i]);
  shs_json_writer_end_array (sink->writer);
}

gboolean
shs_explanation_save_json (ShsExplanation *self, const char *path, ShsProgress *progress,
                           GError **error)
{
  g_autoptr (ShsFileWriter) file = shs_file_writer_new (path, error);
  g_autoptr (ShsJsonWriter) writer = NULL;
  g_autoptr (GPtrArray) singles = g_ptr_array_new_with_free_func (g_free);
  JsonSink sink = { .singles = singles };

  if (file == NULL)
    return FALSE;
  writer = shs_json_writer_new_for_file (file, 1);
  sink.writer = writer;
  shs_json_writer_begin_object (writer);
  shs_json_writer_key (writer, "format");
  shs_json_writer_string (writer, SHS_EXPLANATION_FORMAT);
  if (!shs_explanation_write (self, &json_sink, &sink, progress, error))
    return FALSE;
  write_singles (&sink);
  shs_json_writer_end_object (writer);
  return shs_json_writer_flush (writer, error) && shs_file_writer_write_text (file, "\n", error)
         && shs_file_writer_commit (file, error);
}

/* ---- reading ---- */

static ShsNpyArray *
json_read (gpointer data, const char *name, GError **error)
{
  return shs_json_arrays_get (data, name, error);
}

ShsExplanation *
shs_explanation_load_json (ShsFile *file, GError **error)
{
  const char *path = shs_file_get_path (file);
  g_autoptr (GBytes) bytes = shs_bytes_read (file, error);
  g_autoptr (ShsJsonArrays) arrays = NULL;
  g_autoptr (GPtrArray) names = NULL;
  ShsArraySource source = { .name = path, .read = json_read };

  if (bytes == NULL)
    return NULL;
  arrays = shs_json_arrays_parse (path, bytes, error);
  if (arrays == NULL)
    return NULL;
  names = shs_json_arrays_list (arrays);
  source.names = (const char *const *)names->pdata;
  source.data = arrays;
  return shs_explanation_read (&source, error);
}
