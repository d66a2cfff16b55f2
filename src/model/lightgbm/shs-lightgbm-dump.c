#include "model/lightgbm/shs-lightgbm-document.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"

#include <math.h>

static void
count_trees (ShsLightgbm *self, ShsDocumentReader *reader)
{
  self->n_trees = 0;
  shs_document_reader_begin_array (reader);
  while (shs_document_reader_next_element (reader))
    {
      self->n_trees++;
      shs_document_reader_skip (reader);
      if (shs_progress_is_cancelled (self->progress))
        shs_document_reader_fail (reader, SHS_ERROR_CANCELLED, "reading was cancelled");
    }
}

static gsize
read_count (ShsDocumentReader *reader)
{
  gint64 count = shs_document_reader_read_integer (reader);

  if (count >= 0 && count < G_MAXINT32)
    return (gsize)count;
  shs_document_reader_fail (reader, SHS_ERROR_INVALID,
                            "this count is impossible; dump the model again");
  return 0;
}

static void
read_text (ShsDocumentReader *reader, char **text)
{
  g_free (*text);
  *text = g_strdup (shs_document_reader_read_string (reader));
}

static void
read_names (ShsLightgbm *self, ShsDocumentReader *reader)
{
  gsize n;

  g_strfreev (self->feature_names);
  self->feature_names = shs_document_reader_read_strings (reader, &n);
}

/* The first pass: everything but the trees, and how many there are. */
static void
read_parameters (ShsLightgbm *self, ShsDocumentReader *reader)
{
  const char *key;

  shs_document_reader_begin_object (reader);
  while ((key = shs_document_reader_next_key (reader)) != NULL)
    if (g_str_equal (key, "version"))
      read_text (reader, &self->version);
    else if (g_str_equal (key, "objective"))
      read_text (reader, &self->objective);
    else if (g_str_equal (key, "num_class"))
      self->n_classes = read_count (reader);
    else if (g_str_equal (key, "num_tree_per_iteration"))
      self->n_outputs = read_count (reader);
    else if (g_str_equal (key, "max_feature_idx"))
      self->n_features = read_count (reader) + 1;
    else if (g_str_equal (key, "average_output"))
      self->is_average = shs_document_reader_read_boolean (reader);
    else if (g_str_equal (key, "feature_names"))
      read_names (self, reader);
    else if (g_str_equal (key, "pandas_categorical"))
      shs_lightgbm_read_dictionaries (self, reader);
    else if (g_str_equal (key, "tree_info"))
      count_trees (self, reader);
    else
      shs_document_reader_skip (reader);
}

static void
note_values (ShsLightgbm *self, ShsDocumentReader *reader, gint32 feature)
{
  gsize n = 0;
  SHS_AUTOFREE gint32 *values = shs_document_reader_read_integers (reader, &n);

  for (gsize i = 0; values != NULL && i < n; i++)
    shs_lightgbm_note_category (self, feature, MAX (values[i], 0));
}

static void
read_info (ShsLightgbm *self, ShsDocumentReader *reader, gint32 feature)
{
  double least = -INFINITY;
  double most = INFINITY;
  const char *key;

  shs_document_reader_begin_object (reader);
  while ((key = shs_document_reader_next_key (reader)) != NULL)
    if (g_str_equal (key, "values"))
      note_values (self, reader, feature);
    else if (g_str_equal (key, "min_value"))
      least = shs_document_reader_read_number (reader);
    else if (g_str_equal (key, "max_value"))
      most = shs_document_reader_read_number (reader);
    else
      shs_document_reader_skip (reader);
  shs_lightgbm_note_range (self, feature, least, most);
}

/* Features that never vary have no entry. */
static void
read_infos (ShsLightgbm *self, ShsDocumentReader *reader)
{
  g_autoptr (GHashTable) places = g_hash_table_new (g_str_hash, g_str_equal);
  const char *key;

  for (gsize j = 0; j < self->n_features; j++)
    {
      g_hash_table_insert (places, self->feature_names[j], GUINT_TO_POINTER ((guint)j + 1));
      shs_lightgbm_note_constant (self, (gint32)j);
    }
  shs_document_reader_begin_object (reader);
  while ((key = shs_document_reader_next_key (reader)) != NULL)
    read_info (self, reader, GPOINTER_TO_INT (g_hash_table_lookup (places, key)) - 1);
}

static gboolean
read_trees (ShsLightgbm *self, ShsDocumentReader *reader, GError **error)
{
  gsize reported = 0;

  shs_document_reader_begin_array (reader);
  while (shs_document_reader_next_element (reader))
    {
      if (!shs_lightgbm_read_dump_tree (self, reader, error))
        return FALSE;
      shs_progress_add (self->progress, shs_document_reader_get_offset (reader) - reported);
      reported = shs_document_reader_get_offset (reader);
    }
  return TRUE;
}

/* The second pass. */
static gboolean
read_body (ShsLightgbm *self, ShsDocumentReader *reader, GError **error)
{
  const char *key;

  shs_document_reader_begin_object (reader);
  while ((key = shs_document_reader_next_key (reader)) != NULL)
    if (g_str_equal (key, "feature_infos"))
      read_infos (self, reader);
    else if (!g_str_equal (key, "tree_info"))
      shs_document_reader_skip (reader);
    else if (!read_trees (self, reader, error))
      return FALSE;
  return shs_document_reader_finish (reader, error);
}

gboolean
shs_lightgbm_read_dump (ShsLightgbm *self, GError **error)
{
  g_autoptr (ShsDocumentReader) first = shs_document_reader_new_json (self->name, self->bytes);
  g_autoptr (ShsDocumentReader) second = shs_document_reader_new_json (self->name, self->bytes);

  read_parameters (self, first);
  return shs_document_reader_finish (first, error) && shs_lightgbm_start_trees (self, error)
         && read_body (self, second, error);
}
