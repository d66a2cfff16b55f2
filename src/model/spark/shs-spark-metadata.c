/* The metadata of a saved model or stage: one line of JSON. */
#include "model/spark/shs-spark-private.h"

#include "core/shs-error.h"
#include "io/json/shs-document-reader.h"

#include <string.h>

void
shs_spark_metadata_clear (ShsSparkMetadata *self)
{
  g_free (self->class_name);
  g_free (self->version);
  g_strfreev (self->stages);
  g_strfreev (self->input_columns);
  *self = (ShsSparkMetadata){ 0 };
}

gboolean
shs_spark_fail (const char *name, const char *problem, GError **error)
{
  g_set_error (error, SHS_ERROR, SHS_ERROR_INVALID,
               "%s: %s; the model is damaged: save it again with model.write().overwrite().save()",
               name, problem);
  return FALSE;
}

static void
read_text (ShsDocumentReader *reader, char **text)
{
  g_free (*text);
  *text = g_strdup (shs_document_reader_read_string (reader));
}

static void
read_names (ShsDocumentReader *reader, char ***names)
{
  gsize n;

  g_strfreev (*names);
  *names = shs_document_reader_read_strings (reader, &n);
}

static gsize
read_count (ShsDocumentReader *reader)
{
  gint64 count = shs_document_reader_read_integer (reader);

  if (count >= 0 && count <= G_MAXINT32)
    return (gsize)count;
  shs_document_reader_fail (reader, SHS_ERROR_INVALID, "this count is impossible");
  return 0;
}

static void
read_parameters (ShsSparkMetadata *self, ShsDocumentReader *reader)
{
  const char *key;

  shs_document_reader_begin_object (reader);
  while ((key = shs_document_reader_next_key (reader)) != NULL)
    if (g_str_equal (key, "stageUids"))
      read_names (reader, &self->stages);
    else if (g_str_equal (key, "inputCols"))
      read_names (reader, &self->input_columns);
    else
      shs_document_reader_skip (reader);
}

gboolean
shs_spark_metadata_parse (ShsSparkMetadata *self, const char *name, GBytes *bytes, GError **error)
{
  g_autoptr (ShsDocumentReader) reader = shs_document_reader_new_json (name, bytes);
  const char *key;

  shs_document_reader_begin_object (reader);
  while ((key = shs_document_reader_next_key (reader)) != NULL)
    if (g_str_equal (key, "class"))
      read_text (reader, &self->class_name);
    else if (g_str_equal (key, "sparkVersion"))
      read_text (reader, &self->version);
    else if (g_str_equal (key, "paramMap"))
      read_parameters (self, reader);
    else if (g_str_equal (key, "numFeatures"))
      self->n_features = read_count (reader);
    else if (g_str_equal (key, "numClasses"))
      self->n_classes = read_count (reader);
    else if (g_str_equal (key, "numTrees"))
      self->n_trees = read_count (reader);
    else
      shs_document_reader_skip (reader);
  if (!shs_document_reader_finish (reader, error))
    return FALSE;
  return self->class_name != NULL || shs_spark_fail (name, "it does not say what it is", error);
}

const ShsSparkKind *
shs_spark_find_kind (const char *class_name)
{
  static const ShsSparkKind kinds[] = {
    { "DecisionTreeClassificationModel", TRUE, FALSE, FALSE },
    { "RandomForestClassificationModel", TRUE, FALSE, FALSE },
    { "GBTClassificationModel", FALSE, TRUE, TRUE },
    { "DecisionTreeRegressionModel", FALSE, FALSE, FALSE },
    { "RandomForestRegressionModel", FALSE, FALSE, FALSE },
    { "GBTRegressionModel", FALSE, TRUE, FALSE },
  };
  const char *dot = strrchr (class_name, '.');

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_str_equal (kinds[i].class_name, dot != NULL ? dot + 1 : class_name))
      return &kinds[i];
  return NULL;
}
