#include "model/catboost/shs-catboost-document.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"

#include <math.h>
#include <string.h>

#define FREE_HASH G_MAXUINT64 /* of a place in the hash table that no group has */

static gint32
read_int32 (ShsDocumentReader *reader)
{
  gint64 value = shs_document_reader_read_integer (reader);

  if (value >= G_MININT32 && value <= G_MAXINT32)
    return (gint32)value;
  shs_document_reader_fail (reader, SHS_ERROR_INVALID,
                            "this whole number is impossible; save the model again");
  return 0;
}

static void
read_element (ShsCatboostCtr *ctr, ShsDocumentReader *reader)
{
  static const char *const kinds[]
      = { "cat_feature_value", "float_feature", "cat_feature_exact_value" };
  ShsCatboostElement element = { .feature = -1 };
  const char *key;
  gint kind = -1;

  shs_document_reader_begin_object (reader);
  while ((key = shs_document_reader_next_key (reader)) != NULL)
    if (g_str_equal (key, "combination_element"))
      {
        const char *word = shs_document_reader_read_string (reader);

        for (guint i = 0; word != NULL && i < G_N_ELEMENTS (kinds); i++)
          if (g_str_equal (word, kinds[i]))
            kind = (gint)i;
      }
    else if (g_str_equal (key, "cat_feature_index") || g_str_equal (key, "float_feature_index"))
      element.feature = read_int32 (reader);
    else if (g_str_equal (key, "value"))
      element.value = read_int32 (reader);
    else if (g_str_equal (key, "border"))
      element.border = (float)shs_document_reader_read_number (reader);
    else
      shs_document_reader_skip (reader);
  element.kind = (ShsCatboostElementKind)kind;
  if (kind < 0 || element.feature < 0 || isnan (element.border)
      || !shs_catboost_ctr_add_element (ctr, &element))
    shs_document_reader_fail (reader, SHS_ERROR_INVALID,
                              "this part of a counter is of no known kind, or there are too many; "
                              "save the model again");
}

static ShsCatboostCtrType
read_type (ShsDocumentReader *reader)
{
  static const char *const types[SHS_CATBOOST_N_CTR_TYPES]
      = { "Borders", "Buckets",    "BinarizedTargetMeanValue", "FloatTargetMeanValue",
          "Counter", "FeatureFreq" };
  const char *word = shs_document_reader_read_string (reader);

  for (guint i = 0; word != NULL && i < G_N_ELEMENTS (types); i++)
    if (g_str_equal (word, types[i]))
      return i;
  if (word != NULL)
    {
      g_autofree char *found = g_strndup (word, 60);

      shs_document_reader_fail (reader, SHS_ERROR_UNSUPPORTED,
                                "the counter type \"%s\" is not known to this version", found);
    }
  return SHS_CATBOOST_BORDERS;
}

static void
read_ctr (ShsCatboostCtr *ctr, ShsDocumentReader *reader)
{
  const char *key;

  shs_document_reader_begin_object (reader);
  while ((key = shs_document_reader_next_key (reader)) != NULL)
    if (g_str_equal (key, "identifier") && ctr->key == NULL)
      ctr->key = g_strdup (shs_document_reader_read_string (reader));
    else if (g_str_equal (key, "ctr_type"))
      ctr->type = read_type (reader);
    else if (g_str_equal (key, "target_border_idx"))
      ctr->target_border = read_int32 (reader);
    else if (g_str_equal (key, "prior_numerator"))
      ctr->prior_numerator = (float)shs_document_reader_read_number (reader);
    else if (g_str_equal (key, "prior_denomerator"))
      ctr->prior_denominator = (float)shs_document_reader_read_number (reader);
    else if (g_str_equal (key, "shift"))
      ctr->shift = (float)shs_document_reader_read_number (reader);
    else if (g_str_equal (key, "scale"))
      ctr->scale = (float)shs_document_reader_read_number (reader);
    else if (g_str_equal (key, "borders") && ctr->borders == NULL)
      ctr->borders = shs_document_reader_read_floats (reader, &ctr->n_borders);
    else if (g_str_equal (key, "elements") && shs_document_reader_begin_array (reader))
      while (shs_document_reader_next_element (reader))
        read_element (ctr, reader);
    else if (!g_str_equal (key, "elements"))
      shs_document_reader_skip (reader);
}

void
shs_catboost_read_ctrs_json (ShsCatboost *self, ShsDocumentReader *reader)
{
  if (shs_document_reader_peek (reader) == SHS_DOCUMENT_NULL)
    {
      shs_document_reader_read_null (reader);
      return;
    }
  shs_document_reader_begin_array (reader);
  while (shs_document_reader_next_element (reader))
    {
      GError *error = NULL;
      ShsCatboostCtr *ctr = shs_catboost_add_ctr (self, &error);

      shs_document_reader_pass_error (reader, error);
      if (ctr != NULL)
        read_ctr (ctr, reader);
    }
}

/* What "hash_map" holds: per place a hash, as text, and hash_stride - 1 numbers. */
typedef struct
{
  guint64 *hashes;
  double *numbers;
  gsize n_hashes;
  gsize n_numbers;
  gsize hashes_allocated;
  gsize numbers_allocated;
} HashMap;

static void
hash_map_clear (HashMap *self)
{
  shs_free (self->hashes);
  shs_free (self->numbers);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (HashMap, hash_map_clear)

static gboolean
add_hash (HashMap *self, ShsDocumentReader *reader, GError **error)
{
  const char *text = shs_document_reader_read_string (reader);
  guint64 hash = 0;
  guint64 *hashes = NULL;

  if (text != NULL && g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT64, &hash, NULL))
    hashes = shs_catboost_grow (self->hashes, self->n_hashes, &self->hashes_allocated,
                                sizeof *hashes, error);
  else
    shs_document_reader_fail (reader, SHS_ERROR_INVALID,
                              "a hash is no whole number; save the model again");
  if (hashes == NULL)
    return FALSE;
  self->hashes = hashes;
  hashes[self->n_hashes++] = hash;
  return TRUE;
}

static gboolean
add_number (HashMap *self, ShsDocumentReader *reader, GError **error)
{
  double number = shs_document_reader_read_number (reader);
  double *numbers = shs_catboost_grow (self->numbers, self->n_numbers, &self->numbers_allocated,
                                       sizeof *numbers, error);

  if (numbers == NULL)
    return FALSE;
  self->numbers = numbers;
  numbers[self->n_numbers++] = number;
  return TRUE;
}

static void
read_hash_map (HashMap *self, ShsDocumentReader *reader)
{
  shs_document_reader_begin_array (reader);
  while (shs_document_reader_next_element (reader))
    {
      GError *error = NULL;
      gboolean is_hash = shs_document_reader_peek (reader) == SHS_DOCUMENT_STRING;

      if (is_hash ? !add_hash (self, reader, &error) : !add_number (self, reader, &error))
        shs_document_reader_pass_error (reader, error);
    }
}

static gboolean
is_count (double number)
{
  return number >= 0 && number <= G_MAXINT32 && number == floor (number);
}

/* Means hold a sum and a count; the others counts alone. */
static gboolean
fill_group (ShsCatboostTable *table, gsize group, const double *numbers)
{
  gboolean has_sum = table->sums != NULL;

  if (has_sum)
    table->sums[group] = (float)numbers[0];
  for (gsize c = 0; c < table->n_counts; c++)
    {
      if (!is_count (numbers[c + has_sum]))
        return FALSE;
      table->counts[group * table->n_counts + c] = (gint32)numbers[c + has_sum];
    }
  return TRUE;
}

static ShsCatboostTable *
make_table (const HashMap *map, gsize stride, gboolean is_mean, ShsDocumentReader *reader,
            GError **error)
{
  g_autoptr (ShsCatboostTable) table = NULL;
  gsize n_groups = 0;

  if (stride < 2 || (is_mean && stride != 3) || map->n_numbers % (stride - 1) != 0
      || map->n_numbers / (stride - 1) != map->n_hashes || map->n_hashes > G_MAXINT32)
    {
      shs_document_reader_fail (reader, SHS_ERROR_INVALID,
                                "hash_map does not fit hash_stride; save the model again");
      return NULL;
    }
  for (gsize i = 0; i < map->n_hashes; i++)
    n_groups += map->hashes[i] != FREE_HASH;
  table = shs_catboost_table_new (n_groups, is_mean ? 1 : stride - 1, is_mean, error);
  n_groups = 0;
  for (gsize i = 0; table != NULL && i < map->n_hashes; i++)
    {
      if (map->hashes[i] == FREE_HASH)
        continue;
      table->hash[n_groups] = map->hashes[i];
      if (!fill_group (table, n_groups++, map->numbers + i * (stride - 1)))
        {
          shs_document_reader_fail (reader, SHS_ERROR_INVALID,
                                    "a count in hash_map is impossible; save the model again");
          return NULL;
        }
    }
  if (table == NULL || !shs_catboost_table_index (table, error))
    return NULL;
  return g_steal_pointer (&table);
}

/* The key is JSON text itself; of it only the type is needed. */
static gboolean
is_mean_key (const char *key)
{
  return strstr (key, "\"type\":\"BinarizedTargetMeanValue\"") != NULL
         || strstr (key, "\"type\":\"FloatTargetMeanValue\"") != NULL;
}

static void
read_table (ShsCatboost *self, const char *table_key, ShsDocumentReader *reader)
{
  g_auto (HashMap) map = { 0 };
  ShsCatboostTable *table;
  GError *error = NULL;
  gint32 denominator = 0;
  gint32 stride = 0;
  const char *key;

  shs_document_reader_begin_object (reader);
  while ((key = shs_document_reader_next_key (reader)) != NULL)
    if (g_str_equal (key, "hash_stride"))
      stride = read_int32 (reader);
    else if (g_str_equal (key, "counter_denominator"))
      denominator = read_int32 (reader);
    else if (g_str_equal (key, "hash_map") && map.n_hashes == 0)
      read_hash_map (&map, reader);
    else
      shs_document_reader_skip (reader);
  if (!shs_document_reader_check (reader, NULL))
    return;
  table = make_table (&map, (gsize)MAX (stride, 0), is_mean_key (table_key), reader, &error);
  shs_document_reader_pass_error (reader, error);
  if (table == NULL)
    return;
  table->denominator = denominator;
  shs_catboost_add_table (self, table_key, table);
}

void
shs_catboost_read_tables_json (ShsCatboost *self, ShsDocumentReader *reader)
{
  const char *key;

  if (shs_document_reader_peek (reader) == SHS_DOCUMENT_NULL)
    {
      shs_document_reader_read_null (reader);
      return;
    }
  shs_document_reader_begin_object (reader);
  while ((key = shs_document_reader_next_key (reader)) != NULL)
    {
      g_autofree char *table_key = g_strdup (key);

      read_table (self, table_key, reader);
    }
}
