#include "model/shs-model.h"

#include "core/shs-error.h"
#include "io/shs-bytes.h"
#include "io/shs-loader-client.h"
#include "model/catboost/shs-catboost.h"
#include "model/exported/shs-exported.h"
#include "model/h2o/shs-mojo.h"
#include "model/shs-foreign-model.h"
#include "model/lightgbm/shs-lightgbm.h"
#include "model/onnx/shs-onnx.h"
#include "model/pmml/shs-pmml.h"
#include "model/sklearn/shs-skops.h"
#include "model/spark/shs-spark.h"
#include "model/treelite/shs-treelite.h"
#include "model/xgboost/shs-xgboost.h"

#include <string.h>

#define HEADER_LENGTH 136 /* of the old binary format, before the name of the objective */
#define LONGEST_OBJECTIVE 64

static gboolean
begins_with (const guint8 *head, gsize length, const char *text)
{
  return length >= strlen (text) && memcmp (head, text, strlen (text)) == 0;
}

static gsize
skip_blanks (const guint8 *head, gsize length, gsize at)
{
  while (at < length && strchr (" \t\r\n", head[at]) != NULL && head[at] != '\0')
    at++;
  return at;
}

static gboolean
is_json (const guint8 *head, gsize length)
{
  gsize at = skip_blanks (head, length, begins_with (head, length, "\xef\xbb\xbf") ? 3 : 0);

  if (at >= length || (head[at] != '{' && head[at] != '['))
    return FALSE;
  at = skip_blanks (head, length, at + 1);
  return at < length && strchr ("\"{[}]", head[at]) != NULL && head[at] != '\0';
}

static gboolean
is_ubjson (const guint8 *head, gsize length)
{
  return length >= 2 && head[0] == '{' && strchr ("iUIlL$#", head[1]) != NULL && head[1] != '\0';
}

/* The old binary format has a mark from 1.1 on; before, an objective's name stands in its place
 * behind the header: a length, then "binary:logistic". */
static gboolean
is_old_binary (const guint8 *head, gsize length)
{
  gsize at = HEADER_LENGTH;
  guint64 name_length;

  if (begins_with (head, length, "binf"))
    return TRUE;
  if (length < at + sizeof name_length)
    return FALSE;
  memcpy (&name_length, head + at, sizeof name_length);
  name_length = GUINT64_FROM_LE (name_length);
  at += sizeof name_length;
  if (name_length == 0 || name_length > LONGEST_OBJECTIVE || name_length > length - at)
    return FALSE;
  for (gsize i = 0; i < name_length; i++)
    if (!g_ascii_islower (head[at + i]) && head[at + i] != ':')
      return FALSE;
  return memchr (head + at, ':', name_length) != NULL;
}

static gboolean
has_text (const guint8 *head, gsize length, const char *text)
{
  return memmem (head, length, text, strlen (text)) != NULL;
}

/* JSON is also what explanations are saved as: the first key tells, which ends within a few bytes
 * in both spellings. */
static gboolean
has_model_key (const guint8 *head, gsize length)
{
  static const char *const keys[] = { "learner", "Model", "Config" };
  gsize first_key = MIN (length, 24);

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    if (has_text (head, first_key, keys[i]))
      return TRUE;
  return has_text (head, first_key, "version") && has_text (head, length, "learner");
}

/* A file format of models.
 * @sniff: whether a file begins like that
 * @parse: the model that @bytes, the whole file, are; @name is what messages call the file
 * @convert: (nullable): the task of the loader that turns the file into another format first */
typedef struct
{
  gboolean (*sniff) (const guint8 *head, gsize length);
  ShsModel *(*parse) (const char *name, const char *model_name, GBytes *bytes,
                      ShsProgress *progress, GError **error);
  const char *convert;
} Format;

static gboolean
is_lightgbm_dump (const guint8 *head, gsize length)
{
  return is_json (head, length) && shs_lightgbm_is_dump (head, length);
}

static gboolean
is_xgboost (const guint8 *head, gsize length)
{
  return (is_json (head, length) || is_ubjson (head, length)) && has_model_key (head, length);
}

/* The file of metadata stands for the folder of its model. */
static ShsModel *
open_spark (const char *name, const char *model_name, GBytes *bytes, ShsProgress *progress,
            GError **error)
{
  return shs_spark_open (name, progress, error);
}

static gboolean
is_exported (const guint8 *head, gsize length)
{
  return is_json (head, length) && shs_exported_is (head, length);
}

static gboolean
is_catboost_json (const guint8 *head, gsize length)
{
  return is_json (head, length) && shs_catboost_is_json (head, length);
}

/* Asked one after the other. */
static const Format formats[] = {
  { shs_lightgbm_is_text, shs_lightgbm_parse, NULL },
  { is_lightgbm_dump, shs_lightgbm_parse, NULL },
  { shs_catboost_is_binary, shs_catboost_parse, NULL },
  { is_catboost_json, shs_catboost_parse, NULL },
  { is_exported, shs_exported_parse, NULL },
  { shs_spark_is_metadata, open_spark, NULL },
  { is_xgboost, shs_xgboost_parse, NULL },
  { shs_onnx_sniff, shs_onnx_parse, NULL },
  { shs_pmml_sniff, shs_pmml_parse, NULL },
  { shs_skops_is_archive, shs_skops_parse, NULL },
  { shs_mojo_sniff, shs_mojo_parse, NULL },
  { shs_treelite_sniff, shs_treelite_parse, NULL },
  { is_old_binary, shs_xgboost_parse, "xgboost-binary" },
};

static const Format *
find_format (const guint8 *head, gsize length)
{
  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++)
    if (formats[i].sniff (head, length))
      return &formats[i];
  return NULL;
}

gboolean
shs_model_sniff (const char *path, const guint8 *head, gsize length)
{
  static const guint8 could_be_data[][8] = { "\x89HDF", "PK\x03\x04", "<?xml" };

  if (find_format (head, length) != NULL)
    return TRUE;
  if (is_json (head, length) || is_ubjson (head, length))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (could_be_data); i++)
    if (begins_with (head, length, (const char *)could_be_data[i]))
      return g_str_has_suffix (path, ".keras") || g_str_has_suffix (path, ".pmml")
             || g_str_has_suffix (path, ".pt");
  return shs_foreign_model_sniff (head, length) != NULL;
}

/* What begins like JSON and is nothing known is told by the reader of XGBoost's models. */
static const Format *
choose_format (const char *path, const guint8 *head, gsize length, GError **error)
{
  static const Format unknown_json = { NULL, shs_xgboost_parse, NULL };
  const Format *format = find_format (head, length);

  if (format != NULL)
    return format;
  if (is_json (head, length) || is_ubjson (head, length))
    return &unknown_json;
  if (length == 0)
    g_set_error (error, SHS_ERROR, SHS_ERROR_SYNTAX,
                 "%s is empty; save the model again with model.save_model(\"model.json\")", path);
  else if (!shs_foreign_model_fail (path, head, length, error))
    g_set_error (
        error, SHS_ERROR, SHS_ERROR_UNSUPPORTED,
        "%s is not a model that this version knows; models of XGBoost, LightGBM, CatBoost, "
        "scikit-learn (skops), ONNX, PMML, H2O (MOJO), Spark and Treelite are opened: save yours "
        "with model.save_model(\"model.json\") or booster.save_model(\"model.txt\")",
        path);
  return NULL;
}

ShsModel *
shs_model_open (const char *path, ShsProgress *progress, GError **error)
{
  g_autoptr (ShsFile) file = NULL;

  if (g_file_test (path, G_FILE_TEST_IS_DIR))
    return shs_spark_open (path, progress, error);
  file = shs_file_open (path, error);
  return file != NULL ? shs_model_read (file, progress, error) : NULL;
}

ShsModel *
shs_model_read (const ShsFile *file, ShsProgress *progress, GError **error)
{
  const char *path = shs_file_get_path (file);
  g_autofree char *name = g_path_get_basename (path);
  g_autoptr (GBytes) bytes = shs_bytes_read (file, error);
  const Format *format;
  const guint8 *head;
  gsize length;

  if (bytes == NULL)
    return NULL;
  head = g_bytes_get_data (bytes, &length);
  format = choose_format (path, head, length, error);
  if (format == NULL)
    return NULL;
  if (format->convert != NULL)
    {
      g_bytes_unref (bytes);
      bytes = shs_loader_run_on (format->convert, file, progress, error);
      if (bytes == NULL)
        return NULL;
    }
  return format->parse (path, name, bytes, progress, error);
}
