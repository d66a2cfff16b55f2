#include "model/catboost/shs-catboost-document.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "model/catboost/shs-catboost-binary.h"

#include <string.h>

#define FORMAT_VERSION "FlabuffersModel_v1" /* so spelled in every file */

/* Fields of the tables, by their place in the schema. */
enum
{
  CORE_FORMAT_VERSION = 0,
  CORE_TREES = 1,
  CORE_INFO = 2,

  PAIR_KEY = 0,
  PAIR_VALUE = 1,

  FLOAT_INDEX = 1,
  FLOAT_COLUMN = 2,
  FLOAT_BORDERS = 3,
  FLOAT_NAME = 4,
  FLOAT_NAN = 5,

  CATEGORY_INDEX = 0,
  CATEGORY_COLUMN = 1,
  CATEGORY_NAME = 2,

  ONE_HOT_INDEX = 0,
  ONE_HOT_VALUES = 1,
};

gboolean
shs_catboost_copy_floats (ShsFlatbuffer *buffer, const ShsFlatVector *from, float **to, gsize *n,
                          GError **error)
{
  *to = shs_alloc (from->n, sizeof **to, error);
  if (*to == NULL)
    return FALSE;
  for (gsize i = 0; i < from->n; i++)
    (*to)[i] = shs_flat_vector_float (from, i);
  *n = from->n;
  return shs_flatbuffer_check (buffer, error);
}

static gboolean
read_float (ShsCatboost *self, ShsFlatbuffer *buffer, const ShsFlatTable *table, GError **error)
{
  ShsCatboostFloat *feature = shs_catboost_add_float (self, error);
  ShsFlatVector borders = shs_flat_get_vector (buffer, table, FLOAT_BORDERS, 4);
  gint8 nan = shs_flat_get_int8 (buffer, table, FLOAT_NAN, 0);

  if (feature == NULL)
    return FALSE;
  if (nan < SHS_CATBOOST_NAN_AS_IS || nan > SHS_CATBOOST_NAN_AS_TRUE)
    shs_flatbuffer_fail (buffer, "a feature treats missing values in the unknown way %d", nan);
  feature->nan = (ShsCatboostNan)nan;
  feature->index = shs_flat_get_int32 (buffer, table, FLOAT_INDEX, -1);
  feature->column = shs_flat_get_int32 (buffer, table, FLOAT_COLUMN, -1);
  feature->name = shs_flat_get_text (buffer, table, FLOAT_NAME);
  return shs_catboost_copy_floats (buffer, &borders, &feature->borders, &feature->n_borders, error);
}

static gboolean
read_category (ShsCatboost *self, ShsFlatbuffer *buffer, const ShsFlatTable *table, GError **error)
{
  ShsCatboostCategory *feature = shs_catboost_add_category (self, error);

  if (feature == NULL)
    return FALSE;
  feature->index = shs_flat_get_int32 (buffer, table, CATEGORY_INDEX, -1);
  feature->column = shs_flat_get_int32 (buffer, table, CATEGORY_COLUMN, -1);
  feature->name = shs_flat_get_text (buffer, table, CATEGORY_NAME);
  return shs_flatbuffer_check (buffer, error);
}

static gboolean
read_one_hot (ShsCatboost *self, ShsFlatbuffer *buffer, const ShsFlatTable *table, GError **error)
{
  ShsCatboostOneHot *one_hot = shs_catboost_add_one_hot (self, error);
  ShsFlatVector values = shs_flat_get_vector (buffer, table, ONE_HOT_VALUES, 4);

  if (one_hot == NULL)
    return FALSE;
  one_hot->index = shs_flat_get_int32 (buffer, table, ONE_HOT_INDEX, -1);
  one_hot->values = shs_alloc (values.n, sizeof *one_hot->values, error);
  if (one_hot->values == NULL)
    return FALSE;
  for (gsize i = 0; i < values.n; i++)
    one_hot->values[i] = (gint32)shs_flat_vector_u32 (&values, i);
  one_hot->n_values = values.n;
  return shs_flatbuffer_check (buffer, error);
}

gboolean
shs_catboost_read_list (ShsCatboost *self, ShsFlatbuffer *buffer, const ShsFlatTable *table,
                        guint slot, ShsCatboostReadTable read, GError **error)
{
  ShsFlatVector list = shs_flat_get_vector (buffer, table, slot, 4);

  for (gsize i = 0; i < list.n; i++)
    {
      ShsFlatTable element = shs_flat_get_table_at (buffer, &list, i);

      if (!shs_flatbuffer_check (buffer, error) || !read (self, buffer, &element, error))
        return FALSE;
    }
  return shs_flatbuffer_check (buffer, error);
}

/* Values computed of texts and vectors need a tokenizer and more: those are refused. Columns of
 * such kinds that no tree uses do no harm. */
static gboolean
refuse_estimated (ShsCatboost *self, ShsFlatbuffer *buffer, const ShsFlatTable *trees,
                  GError **error)
{
  gboolean has_texts = shs_flat_get_vector (buffer, trees, SHS_CBM_TEXTS, 4).n > 0;
  gboolean has_embeddings = shs_flat_get_vector (buffer, trees, SHS_CBM_EMBEDDINGS, 4).n > 0;

  if (shs_flat_get_vector (buffer, trees, SHS_CBM_ESTIMATED, 4).n > 0)
    {
      shs_catboost_set_refused (self,
                                has_texts        ? "text"
                                : has_embeddings ? "embedding"
                                                 : "estimated",
                                error);
      return FALSE;
    }
  return shs_flatbuffer_check (buffer, error);
}

static gboolean
read_scale_and_bias (ShsCatboost *self, ShsFlatbuffer *buffer, const ShsFlatTable *trees,
                     GError **error)
{
  ShsFlatVector biases = shs_flat_get_vector (buffer, trees, SHS_CBM_BIASES, 8);

  self->scale = shs_flat_get_double (buffer, trees, SHS_CBM_SCALE, 1);
  self->n_bias = MAX (1, biases.n);
  self->bias = shs_alloc (self->n_bias, sizeof *self->bias, error);
  if (self->bias == NULL)
    return FALSE;
  self->bias[0] = shs_flat_get_double (buffer, trees, SHS_CBM_BIAS, 0);
  for (gsize k = 0; k < biases.n; k++)
    self->bias[k] = shs_flat_vector_double (&biases, k);
  return shs_flatbuffer_check (buffer, error);
}

static gboolean
read_pair (ShsCatboost *self, ShsFlatbuffer *buffer, const ShsFlatTable *table, GError **error)
{
  g_autofree char *key = shs_flat_get_text (buffer, table, PAIR_KEY);
  ShsFlatVector value = shs_flat_get_vector (buffer, table, PAIR_VALUE, 1);
  g_autoptr (GBytes) bytes = NULL;

  if (key == NULL || value.n == 0)
    return shs_flatbuffer_check (buffer, error);
  bytes = g_bytes_new_from_bytes (
      self->bytes, (gsize)(value.data - (const guint8 *)g_bytes_get_data (self->bytes, NULL)),
      value.n);
  return shs_catboost_read_info (self, key, bytes, error);
}

static gboolean
check_version (ShsCatboost *self, ShsFlatbuffer *buffer, const ShsFlatTable *core, GError **error)
{
  g_autofree char *version = shs_flat_get_text (buffer, core, CORE_FORMAT_VERSION);

  if (!shs_flatbuffer_check (buffer, error))
    return FALSE;
  if (version != NULL && g_str_equal (version, FORMAT_VERSION))
    return TRUE;
  g_set_error (error, SHS_ERROR, SHS_ERROR_UNSUPPORTED,
               "%s is a CatBoost model of an unknown format; load it with the CatBoost that wrote "
               "it and save it with a newer one",
               self->name);
  return FALSE;
}

static gboolean
read_features (ShsCatboost *self, ShsFlatbuffer *buffer, const ShsFlatTable *trees, GError **error)
{
  return refuse_estimated (self, buffer, trees, error)
         && shs_catboost_read_list (self, buffer, trees, SHS_CBM_FLOATS, read_float, error)
         && shs_catboost_read_list (self, buffer, trees, SHS_CBM_CATEGORIES, read_category, error)
         && shs_catboost_read_list (self, buffer, trees, SHS_CBM_ONE_HOTS, read_one_hot, error)
         && shs_catboost_read_list (self, buffer, trees, SHS_CBM_CTRS, shs_catboost_read_ctr, error)
         && read_scale_and_bias (self, buffer, trees, error);
}

/* A size is 4 bytes, or -1 and 8 bytes. */
gboolean
shs_catboost_take_size (ShsCatboostBytes *at, gsize *size)
{
  guint32 small;
  guint64 large;

  if (at->n < sizeof small)
    return FALSE;
  memcpy (&small, at->data, sizeof small);
  *size = GUINT32_FROM_LE (small);
  at->data += sizeof small;
  at->n -= sizeof small;
  if (*size != G_MAXUINT32)
    return TRUE;
  if (at->n < sizeof large)
    return FALSE;
  memcpy (&large, at->data, sizeof large);
  *size = GUINT64_FROM_LE (large);
  at->data += sizeof large;
  at->n -= sizeof large;
  return TRUE;
}

static gboolean
read_core (ShsCatboost *self, const ShsCatboostBytes *core, const ShsCatboostBytes *rest,
           GError **error)
{
  g_auto (ShsFlatbuffer) buffer = { 0 };
  ShsFlatTable root;
  ShsFlatTable trees;

  shs_flatbuffer_init (&buffer, self->name, core->data, core->n,
                       (gsize)(core->data - (const guint8 *)g_bytes_get_data (self->bytes, NULL)));
  root = shs_flatbuffer_get_root (&buffer);
  if (!check_version (self, &buffer, &root, error))
    return FALSE;
  trees = shs_flat_get_table (&buffer, &root, CORE_TREES);
  self->has_trees = trees.at > 0;
  return shs_catboost_read_list (self, &buffer, &root, CORE_INFO, read_pair, error)
         && read_features (self, &buffer, &trees, error)
         && (self->n_ctrs == 0 || shs_catboost_read_tables (self, rest, error))
         && shs_catboost_make_splits (self, error)
         && shs_catboost_read_trees (self, &buffer, &trees, error);
}

gboolean
shs_catboost_read_binary (ShsCatboost *self, GError **error)
{
  ShsCatboostBytes at;
  ShsCatboostBytes core;
  gsize size;

  at.data = g_bytes_get_data (self->bytes, &at.n);
  at.data += 4;
  at.n -= 4;
  if (!shs_catboost_take_size (&at, &size) || size > at.n)
    {
      shs_catboost_set_invalid (self, error, "the file is cut off");
      return FALSE;
    }
  core = (ShsCatboostBytes){ at.data, size };
  at.data += size;
  at.n -= size;
  return read_core (self, &core, &at, error);
}
