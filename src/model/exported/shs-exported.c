#include "model/exported/shs-exported.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "model/exported/shs-exported-document.h"

#include <math.h>
#include <string.h>

#define FORMAT 1

gboolean
shs_exported_is (const guint8 *head, gsize length)
{
  static const char key[] = "\"shapscope_model\"";

  return memmem (head, MIN (length, 64), key, strlen (key)) != NULL;
}

void
shs_exported_clear (ShsExported *self)
{
  shs_document_reader_free (self->reader);
  shs_model_parts_clear (&self->parts);
  shs_free (self->base);
  shs_free (self->weights);
  shs_free (self->bias);
  shs_free (self->background);
  g_clear_pointer (&self->feature_index, g_hash_table_unref);
  shs_tree_builder_free (self->builder);
}

void
shs_exported_take_error (ShsExported *self, GError *error)
{
  if (error == NULL)
    return;
  shs_document_reader_fail (self->reader, error->code, "%s", error->message);
  g_error_free (error);
}

void
shs_exported_read_object (ShsExported *self, const ShsExportedField *fields, gsize n_fields,
                          gpointer data)
{
  const char *key;

  shs_document_reader_begin_object (self->reader);
  while ((key = shs_document_reader_next_key (self->reader)) != NULL)
    {
      gsize f = 0;

      while (f < n_fields && !g_str_equal (key, fields[f].key))
        f++;
      if (f < n_fields)
        fields[f].read (self, data);
      else
        shs_document_reader_fail (self->reader, SHS_ERROR_INVALID,
                                  "this key is not known here; data/export/README.md lists those "
                                  "that are");
    }
}

guint
shs_exported_read_word (ShsExported *self, const char *const *words, const char *what)
{
  const char *word = shs_document_reader_read_string (self->reader);

  for (guint i = 0; word != NULL && words[i] != NULL; i++)
    if (g_str_equal (word, words[i]))
      return i;
  if (word != NULL)
    {
      g_autofree char *known = g_strjoinv (", ", (char **)words);

      shs_document_reader_fail (self->reader, SHS_ERROR_INVALID,
                                "this %s is not known; choose one of %s", what, known);
    }
  return 0;
}

gsize
shs_exported_read_count (ShsExported *self, gsize most, const char *what)
{
  gint64 count = shs_document_reader_read_integer (self->reader);

  if (count >= 0 && (guint64)count <= most)
    return (gsize)count;
  shs_document_reader_fail (self->reader, SHS_ERROR_INVALID,
                            "%s must be a number from 0 to %" G_GSIZE_FORMAT, what, most);
  return 0;
}

double
shs_exported_read_number (ShsExported *self)
{
  if (shs_document_reader_peek (self->reader) != SHS_DOCUMENT_NULL)
    return shs_document_reader_read_number (self->reader);
  shs_document_reader_read_null (self->reader);
  return NAN;
}

static gboolean
refuse (const ShsExported *self, GError **error, const char *fault)
{
  g_set_error (error, SHS_ERROR, SHS_ERROR_INVALID,
               "%s: %s; export the model again, or see data/export/README.md", self->name, fault);
  return FALSE;
}

static gboolean
check_header (ShsExported *self, GError **error)
{
  const ShsModelParts *parts = &self->parts;
  gsize n_outputs = self->n_outputs > 0 ? self->n_outputs : self->n_base + self->n_bias;

  if (self->format != FORMAT)
    return refuse (self, error, "\"shapscope_model\" is not 1, the only format there is so far");
  if (self->has_trees == self->has_linear)
    return refuse (self, error, "it must have either \"trees\" or \"linear\"");
  if (parts->n_features == 0)
    return refuse (self, error, "\"features\" is missing or empty");
  if (n_outputs == 0)
    n_outputs = 1;
  if (n_outputs > SHS_EXPORTED_MAX_OUTPUTS || (self->n_base > 0 && self->n_base != n_outputs))
    return refuse (self, error, "\"base\" has not one number per output");
  if (parts->output_names != NULL && g_strv_length (parts->output_names) != n_outputs)
    return refuse (self, error, "\"outputs\" has not one name per output");
  if (parts->class_names != NULL && g_strv_length (parts->class_names) != MAX (n_outputs, 2))
    return refuse (self, error, "\"classes\" has not one name per class");
  self->n_outputs = n_outputs;
  self->leaf_size = self->has_vectors ? n_outputs : 1;
  self->n_features = parts->n_features;
  return TRUE;
}

/* Before the first tree: the map, which says how many features there are, is known. */
static gboolean
start_linear (ShsExported *self, GError **error)
{
  gsize n;
  ShsLinear *linear;

  if (!shs_size_multiply (self->n_features, self->n_outputs, &n) || n != self->n_weights
      || (self->n_bias != 0 && self->n_bias != self->n_outputs))
    return refuse (self, error,
                   "\"linear\" has not one weight per output and feature and one bias per output");
  for (gsize i = 0; i < n; i++)
    if (!isfinite (self->weights[i]))
      return refuse (self, error, "a weight of \"linear\" is not finite");
  for (gsize k = 0; k < self->n_bias; k++)
    if (!isfinite (self->bias[k]))
      return refuse (self, error, "a bias of \"linear\" is not finite");
  linear = shs_linear_new (self->n_features, self->n_outputs, error);
  if (linear == NULL)
    return FALSE;
  memcpy (linear->weight, self->weights, n * sizeof (double));
  if (self->n_bias > 0)
    memcpy (linear->bias, self->bias, self->n_bias * sizeof (double));
  self->parts.linear = linear;
  return TRUE;
}

static void
read_trees (ShsExported *self)
{
  gsize reported = 0;

  shs_document_reader_begin_array (self->reader);
  while (shs_document_reader_next_element (self->reader))
    {
      g_autoptr (GError) problem = NULL;

      shs_exported_read_tree (self);
      shs_progress_add (self->progress, shs_document_reader_get_offset (self->reader) - reported);
      reported = shs_document_reader_get_offset (self->reader);
      if (!shs_progress_check (self->progress, &problem))
        shs_exported_take_error (self, g_steal_pointer (&problem));
    }
}

/* The second pass. */
static gboolean
read_body (ShsExported *self, GError **error)
{
  const char *key;

  shs_document_reader_begin_object (self->reader);
  while ((key = shs_document_reader_next_key (self->reader)) != NULL)
    if (g_str_equal (key, "map"))
      shs_exported_read_map (self);
    else if (!g_str_equal (key, "trees"))
      shs_document_reader_skip (self->reader);
    else if (self->has_map && self->parts.map == NULL)
      shs_document_reader_fail (self->reader, SHS_ERROR_INVALID,
                                "\"map\" must stand before \"trees\"");
    else
      read_trees (self);
  return shs_document_reader_finish (self->reader, error);
}

static gboolean
finish_trees (ShsExported *self, GError **error)
{
  ShsModelParts *parts = &self->parts;
  gsize per_round = self->trees_per_round;

  if (self->builder == NULL)
    return refuse (self, error, "\"trees\" is empty");
  parts->ensemble = shs_tree_builder_finish (g_steal_pointer (&self->builder), error);
  if (parts->ensemble == NULL)
    {
      g_prefix_error (error, "%s: ", self->name);
      return FALSE;
    }
  if (per_round > 0 && self->n_trees % per_round != 0)
    return refuse (self, error, "the trees do not make whole rounds of \"trees_per_round\"");
  parts->n_rounds = per_round > 0 ? self->n_trees / per_round : 1;
  parts->trees_per_round = per_round > 0 ? per_round : self->n_trees;
  return TRUE;
}

ShsModel *
shs_exported_parse (const char *name, const char *model_name, GBytes *bytes, ShsProgress *progress,
                    GError **error)
{
  g_auto (ShsExported) self
      = { .name = name,
          .progress = progress,
          .file_size = g_bytes_get_size (bytes),
          .split = SHS_SPLIT_LESS_EQUAL,
          .parts = { .library = "JSON", .margin_unit = "", .best_round = -1 } };

  shs_progress_start (progress, self.file_size);
  self.reader = shs_document_reader_new_json (name, bytes);
  shs_exported_read_header (&self);
  if (!shs_document_reader_finish (self.reader, error) || !check_header (&self, error))
    return NULL;
  shs_document_reader_free (self.reader);
  self.reader = shs_document_reader_new_json (name, bytes);
  if (!read_body (&self, error)
      || !(self.has_linear ? start_linear (&self, error) : finish_trees (&self, error))
      || !shs_exported_count_covers (&self, error))
    return NULL;
  self.parts.n_outputs = self.n_outputs;
  self.parts.is_unfinished
      = self.parts.link == SHS_LINK_IDENTITY && g_str_equal (self.parts.margin_unit, "path length");
  return shs_model_new (model_name, &self.parts);
}
