#include "model/catboost/shs-catboost-document.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"

#include <string.h>

static gint32
read_index (ShsDocumentReader *reader)
{
  gint64 value = shs_document_reader_read_integer (reader);

  if (value >= 0 && value <= G_MAXINT32)
    return (gint32)value;
  shs_document_reader_fail (reader, SHS_ERROR_INVALID,
                            "this index is impossible; save the model again");
  return -1;
}

static ShsCatboostNan
read_nan (ShsDocumentReader *reader)
{
  static const char *const words[] = { "AsIs", "AsFalse", "AsTrue" };
  const char *word = shs_document_reader_read_string (reader);

  for (guint i = 0; word != NULL && i < G_N_ELEMENTS (words); i++)
    if (g_str_equal (word, words[i]))
      return i;
  shs_document_reader_fail (reader, SHS_ERROR_INVALID,
                            "nan_value_treatment is none of AsIs, AsFalse, AsTrue");
  return SHS_CATBOOST_NAN_AS_IS;
}

/* "feature_id" stands in files of 1.2, "feature_name" where there are names. */
static void
read_name (ShsDocumentReader *reader, char **name)
{
  const char *text = shs_document_reader_read_string (reader);

  if (text == NULL || *text == '\0')
    return;
  g_free (*name);
  *name = g_strdup (text);
}

static void
read_float (ShsDocumentReader *reader, ShsCatboostFloat *feature)
{
  const char *key;

  shs_document_reader_begin_object (reader);
  while ((key = shs_document_reader_next_key (reader)) != NULL)
    if (g_str_equal (key, "feature_index"))
      feature->index = read_index (reader);
    else if (g_str_equal (key, "flat_feature_index"))
      feature->column = read_index (reader);
    else if (g_str_equal (key, "nan_value_treatment"))
      feature->nan = read_nan (reader);
    else if (g_str_equal (key, "feature_id") || g_str_equal (key, "feature_name"))
      read_name (reader, &feature->name);
    else if (g_str_equal (key, "borders") && feature->borders == NULL
             && shs_document_reader_peek (reader) != SHS_DOCUMENT_NULL)
      feature->borders = shs_document_reader_read_floats (reader, &feature->n_borders);
    else
      shs_document_reader_skip (reader);
}

/* Takes over @values. */
static void
add_values (ShsCatboost *self, ShsDocumentReader *reader, gint32 index, gint32 *values, gsize n)
{
  GError *error = NULL;
  ShsCatboostOneHot *one_hot = n > 0 ? shs_catboost_add_one_hot (self, &error) : NULL;

  shs_document_reader_pass_error (reader, error);
  if (one_hot != NULL)
    *one_hot = (ShsCatboostOneHot){ index, values, n };
  else
    shs_free (values);
}

static void
read_category (ShsCatboost *self, ShsDocumentReader *reader, ShsCatboostCategory *feature)
{
  gint32 *values = NULL;
  gsize n_values = 0;
  const char *key;

  shs_document_reader_begin_object (reader);
  while ((key = shs_document_reader_next_key (reader)) != NULL)
    if (g_str_equal (key, "feature_index"))
      feature->index = read_index (reader);
    else if (g_str_equal (key, "flat_feature_index"))
      feature->column = read_index (reader);
    else if (g_str_equal (key, "feature_id") || g_str_equal (key, "feature_name"))
      read_name (reader, &feature->name);
    else if (g_str_equal (key, "values") && values == NULL
             && shs_document_reader_peek (reader) != SHS_DOCUMENT_NULL)
      values = shs_document_reader_read_integers (reader, &n_values);
    else
      shs_document_reader_skip (reader);
  add_values (self, reader, feature->index, values, values != NULL ? n_values : 0);
}

/* An empty list is null in some versions. */
static gboolean
begin_list (ShsDocumentReader *reader)
{
  if (shs_document_reader_peek (reader) != SHS_DOCUMENT_NULL)
    return shs_document_reader_begin_array (reader);
  shs_document_reader_read_null (reader);
  return FALSE;
}

static void
read_floats (ShsCatboost *self, ShsDocumentReader *reader)
{
  if (!begin_list (reader))
    return;
  while (shs_document_reader_next_element (reader))
    {
      GError *error = NULL;
      ShsCatboostFloat *feature = shs_catboost_add_float (self, &error);

      shs_document_reader_pass_error (reader, error);
      if (feature != NULL)
        read_float (reader, feature);
    }
}

static void
read_categories (ShsCatboost *self, ShsDocumentReader *reader)
{
  if (!begin_list (reader))
    return;
  while (shs_document_reader_next_element (reader))
    {
      GError *error = NULL;
      ShsCatboostCategory *feature = shs_catboost_add_category (self, &error);

      shs_document_reader_pass_error (reader, error);
      if (feature != NULL)
        read_category (self, reader, feature);
    }
}

static void
read_known (ShsCatboost *self, ShsDocumentReader *reader)
{
  const char *key;

  shs_document_reader_begin_object (reader);
  while ((key = shs_document_reader_next_key (reader)) != NULL)
    if (g_str_equal (key, "hash"))
      {
        GError *error = NULL;

        shs_catboost_add_known (self, (gint32)shs_document_reader_read_integer (reader), &error);
        shs_document_reader_pass_error (reader, error);
      }
    else
      shs_document_reader_skip (reader);
}

/* Lists of features whose values are computed from text or vectors. */
static void
refuse_list (ShsCatboost *self, ShsDocumentReader *reader, const char *kind)
{
  gboolean is_empty = TRUE;
  g_autoptr (GError) refusal = NULL;

  if (!begin_list (reader))
    return;
  for (; shs_document_reader_next_element (reader); is_empty = FALSE)
    shs_document_reader_skip (reader);
  if (is_empty)
    return;
  shs_catboost_set_refused (self, kind, &refusal);
  shs_document_reader_pass_error (reader, g_steal_pointer (&refusal));
}

static void
read_features (ShsCatboost *self, ShsDocumentReader *reader)
{
  const char *key;

  shs_document_reader_begin_object (reader);
  while ((key = shs_document_reader_next_key (reader)) != NULL)
    if (g_str_equal (key, "float_features") && self->floats == NULL)
      read_floats (self, reader);
    else if (g_str_equal (key, "categorical_features") && self->categories == NULL)
      read_categories (self, reader);
    else if (g_str_equal (key, "ctrs") && self->ctrs == NULL)
      shs_catboost_read_ctrs_json (self, reader);
    else if (g_str_equal (key, "cat_features_hash") && begin_list (reader))
      while (shs_document_reader_next_element (reader))
        read_known (self, reader);
    else if (g_str_equal (key, "text_features"))
      refuse_list (self, reader, "text");
    else if (g_str_equal (key, "embedding_features"))
      refuse_list (self, reader, "embedding");
    else if (g_str_equal (key, "estimated_features"))
      refuse_list (self, reader, "estimated");
    else if (!g_str_equal (key, "cat_features_hash"))
      shs_document_reader_skip (reader);
}

static void
read_info (ShsCatboost *self, ShsDocumentReader *reader)
{
  const char *key;

  shs_document_reader_begin_object (reader);
  while ((key = shs_document_reader_next_key (reader)) != NULL)
    if (g_str_equal (key, "params"))
      shs_catboost_read_params (self, reader);
    else if (g_str_equal (key, "class_params") || g_str_equal (key, "multiclass_params"))
      shs_catboost_read_class_params (self, reader);
    else if (g_str_equal (key, "catboost_version_info")
             && shs_document_reader_peek (reader) == SHS_DOCUMENT_STRING)
      {
        const char *text = shs_document_reader_read_string (reader);

        if (text != NULL)
          shs_catboost_read_version (self, text);
      }
    else
      shs_document_reader_skip (reader);
}

/* [scale, [bias, ...]], or [scale, bias] in older files. */
static void
read_scale_and_bias (ShsCatboost *self, ShsDocumentReader *reader)
{
  GError *error = NULL;

  shs_document_reader_begin_array (reader);
  for (gsize place = 0; shs_document_reader_next_element (reader); place++)
    if (place == 0)
      self->scale = shs_document_reader_read_number (reader);
    else if (place > 1 || self->bias != NULL)
      shs_document_reader_skip (reader);
    else if (shs_document_reader_peek (reader) == SHS_DOCUMENT_ARRAY)
      self->bias = shs_document_reader_read_doubles (reader, &self->n_bias);
    else
      {
        self->bias = shs_alloc (1, sizeof *self->bias, &error);
        self->n_bias = self->bias != NULL;
        if (self->bias != NULL)
          self->bias[0] = shs_document_reader_read_number (reader);
        shs_document_reader_pass_error (reader, error);
      }
}

static gboolean
is_tree_list (const char *key)
{
  return g_str_equal (key, "oblivious_trees") || g_str_equal (key, "trees");
}

/* The first pass: everything but the trees. */
static void
read_all_but_trees (ShsCatboost *self, ShsDocumentReader *reader)
{
  const char *key;

  shs_document_reader_begin_object (reader);
  while ((key = shs_document_reader_next_key (reader)) != NULL)
    if (g_str_equal (key, "features_info"))
      read_features (self, reader);
    else if (g_str_equal (key, "model_info"))
      read_info (self, reader);
    else if (g_str_equal (key, "scale_and_bias"))
      read_scale_and_bias (self, reader);
    else if (g_str_equal (key, "ctr_data"))
      shs_catboost_read_tables_json (self, reader);
    else
      {
        self->has_trees |= is_tree_list (key);
        shs_document_reader_skip (reader);
      }
}

static gboolean
read_tree_list (ShsCatboost *self, ShsDocumentReader *reader, gboolean is_oblivious, GError **error)
{
  gsize reported = 0;

  if (!begin_list (reader))
    return shs_document_reader_check (reader, error);
  while (shs_document_reader_next_element (reader))
    {
      if (is_oblivious ? !shs_catboost_read_oblivious_json (self, reader, error)
                       : !shs_catboost_read_tree_json (self, reader, error))
        return FALSE;
      shs_progress_add (self->progress, shs_document_reader_get_offset (reader) - reported);
      reported = shs_document_reader_get_offset (reader);
    }
  return TRUE;
}

static gboolean
read_trees (ShsCatboost *self, ShsDocumentReader *reader, GError **error)
{
  const char *key;

  shs_document_reader_begin_object (reader);
  while ((key = shs_document_reader_next_key (reader)) != NULL)
    if (!is_tree_list (key))
      shs_document_reader_skip (reader);
    else if (!read_tree_list (self, reader, g_str_equal (key, "oblivious_trees"), error))
      return FALSE;
  return shs_document_reader_finish (reader, error);
}

gboolean
shs_catboost_read_json (ShsCatboost *self, GError **error)
{
  g_autoptr (ShsDocumentReader) first = shs_document_reader_new_json (self->name, self->bytes);
  g_autoptr (ShsDocumentReader) second = shs_document_reader_new_json (self->name, self->bytes);

  read_all_but_trees (self, first);
  return shs_document_reader_finish (first, error) && shs_catboost_make_splits (self, error)
         && read_trees (self, second, error);
}
