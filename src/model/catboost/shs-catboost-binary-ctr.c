#include "model/catboost/shs-catboost-binary.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"

#include <math.h>
#include <string.h>

enum
{
  FEATURE_CTR = 0,
  FEATURE_BORDERS = 1,

  CTR_BASE = 0,
  CTR_TARGET_BORDER = 1,
  CTR_PRIOR_NUMERATOR = 2,
  CTR_PRIOR_DENOMINATOR = 3,
  CTR_SHIFT = 4,
  CTR_SCALE = 5,

  BASE_COMBINATION = 0,
  BASE_TYPE = 1,

  COMBINATION_CATEGORIES = 0,
  COMBINATION_FLOATS = 1,
  COMBINATION_ONE_HOTS = 2,

  TABLE_BASE = 0,
  TABLE_INDEX = 1,
  TABLE_NUMBERS = 2,
  TABLE_DENOMINATOR = 3,
  TABLE_CLASSES = 4,
};

#define BUCKET_SIZE 12 /* a hash of 8 bytes and a group of 4 */
#define FREE_HASH G_MAXUINT64

static void
add_element (ShsFlatbuffer *buffer, ShsCatboostCtr *ctr, const ShsCatboostElement *element)
{
  if (element->feature < 0 || isnan (element->border)
      || !shs_catboost_ctr_add_element (ctr, element))
    shs_flatbuffer_fail (buffer, "a counter has an impossible part, or too many");
}

static void
read_elements (ShsFlatbuffer *buffer, const ShsFlatTable *combination, ShsCatboostCtr *ctr)
{
  ShsFlatVector categories = shs_flat_get_vector (buffer, combination, COMBINATION_CATEGORIES, 4);
  ShsFlatVector floats = shs_flat_get_vector (buffer, combination, COMBINATION_FLOATS, 8);
  ShsFlatVector one_hots = shs_flat_get_vector (buffer, combination, COMBINATION_ONE_HOTS, 8);

  for (gsize i = 0; i < categories.n && buffer->error == NULL; i++)
    add_element (buffer, ctr,
                 &(ShsCatboostElement){ .kind = SHS_CATBOOST_CATEGORY,
                                        .feature = (gint32)shs_flat_vector_u32 (&categories, i) });
  for (gsize i = 0; i < floats.n && buffer->error == NULL; i++)
    add_element (buffer, ctr,
                 &(ShsCatboostElement){ .kind = SHS_CATBOOST_FLOAT,
                                        .feature = (gint32)shs_flat_vector_u32 (&floats, 2 * i),
                                        .border = shs_flat_vector_float (&floats, 2 * i + 1) });
  for (gsize i = 0; i < one_hots.n && buffer->error == NULL; i++)
    add_element (
        buffer, ctr,
        &(ShsCatboostElement){ .kind = SHS_CATBOOST_ONE_HOT,
                               .feature = (gint32)shs_flat_vector_u32 (&one_hots, 2 * i),
                               .value = (gint32)shs_flat_vector_u32 (&one_hots, 2 * i + 1) });
}

/* What a table is known by: its type and its combination. */
static char *
make_key (const ShsCatboostCtr *ctr)
{
  GString *key = g_string_new (NULL);

  g_string_append_printf (key, "%d", ctr->type);
  for (gsize i = 0; i < ctr->n_elements; i++)
    {
      const ShsCatboostElement *element = &ctr->elements[i];

      g_string_append_printf (key, " %d %d %d %a", element->kind, element->feature, element->value,
                              (double)element->border);
    }
  return g_string_free (key, FALSE);
}

static gboolean
read_base (ShsFlatbuffer *buffer, const ShsFlatTable *base, ShsCatboostCtr *ctr, GError **error)
{
  ShsFlatTable combination = shs_flat_get_table (buffer, base, BASE_COMBINATION);
  gint8 type = shs_flat_get_int8 (buffer, base, BASE_TYPE, 0);

  if (type < 0 || type >= SHS_CATBOOST_N_CTR_TYPES)
    shs_flatbuffer_fail (buffer, "a counter has the unknown type %d", type);
  ctr->type = (ShsCatboostCtrType)type;
  read_elements (buffer, &combination, ctr);
  ctr->key = make_key (ctr);
  return shs_flatbuffer_check (buffer, error);
}

gboolean
shs_catboost_read_ctr (ShsCatboost *self, ShsFlatbuffer *buffer, const ShsFlatTable *table,
                       GError **error)
{
  ShsCatboostCtr *feature = shs_catboost_add_ctr (self, error);
  ShsFlatTable ctr = shs_flat_get_table (buffer, table, FEATURE_CTR);
  ShsFlatTable base = shs_flat_get_table (buffer, &ctr, CTR_BASE);
  ShsFlatVector borders = shs_flat_get_vector (buffer, table, FEATURE_BORDERS, 4);

  if (feature == NULL)
    return FALSE;
  feature->target_border = shs_flat_get_int32 (buffer, &ctr, CTR_TARGET_BORDER, 0);
  feature->prior_numerator = shs_flat_get_float (buffer, &ctr, CTR_PRIOR_NUMERATOR, 0);
  feature->prior_denominator = shs_flat_get_float (buffer, &ctr, CTR_PRIOR_DENOMINATOR, 1);
  feature->shift = shs_flat_get_float (buffer, &ctr, CTR_SHIFT, 0);
  feature->scale = shs_flat_get_float (buffer, &ctr, CTR_SCALE, 1);
  return read_base (buffer, &base, feature, error)
         && shs_catboost_copy_floats (buffer, &borders, &feature->borders, &feature->n_borders,
                                      error);
}

static guint64
bucket_hash (const ShsFlatVector *buckets, gsize i)
{
  guint64 hash;

  memcpy (&hash, buckets->data + i * BUCKET_SIZE, sizeof hash);
  return GUINT64_FROM_LE (hash);
}

static guint32
bucket_group (const ShsFlatVector *buckets, gsize i)
{
  guint32 group;

  memcpy (&group, buckets->data + i * BUCKET_SIZE + 8, sizeof group);
  return GUINT32_FROM_LE (group);
}

/* One bucket's numbers: a sum and a count, or counts alone. */
static gboolean
fill_group (ShsCatboostTable *table, gsize group, const ShsFlatVector *numbers, gsize first)
{
  if (table->sums != NULL)
    table->sums[group] = shs_flat_vector_float (numbers, first++);
  for (gsize c = 0; c < table->n_counts; c++)
    {
      gint32 count = (gint32)shs_flat_vector_u32 (numbers, first + c);

      if (count < 0)
        return FALSE;
      table->counts[group * table->n_counts + c] = count;
    }
  return TRUE;
}

/* What a table's bytes are: groups by hash, and numbers by group. */
typedef struct
{
  ShsFlatVector buckets;
  ShsFlatVector numbers;
  gsize stride;
  gsize n_rows;
  gsize n_groups;
} Layout;

static gboolean
fill_table (ShsFlatbuffer *buffer, const Layout *layout, ShsCatboostTable *table)
{
  gsize n = 0;

  for (gsize i = 0; i < layout->buckets.n; i++)
    {
      gsize row = bucket_group (&layout->buckets, i);

      if (bucket_hash (&layout->buckets, i) == FREE_HASH)
        continue;
      table->hash[n] = bucket_hash (&layout->buckets, i);
      if (row >= layout->n_rows || !fill_group (table, n++, &layout->numbers, row * layout->stride))
        {
          shs_flatbuffer_fail (buffer, "a counter's table has an impossible group or count");
          return FALSE;
        }
    }
  return TRUE;
}

/* Every group has numbers of its own, so no more of them fit than the file has. */
static Layout
read_layout (ShsFlatbuffer *buffer, const ShsFlatTable *from, gsize stride)
{
  Layout layout = { .buckets = shs_flat_get_vector (buffer, from, TABLE_INDEX, 1),
                    .numbers = shs_flat_get_vector (buffer, from, TABLE_NUMBERS, 1),
                    .stride = stride };

  layout.buckets.n /= BUCKET_SIZE;
  layout.n_rows = layout.numbers.n / (4 * stride);
  for (gsize i = 0; i < layout.buckets.n; i++)
    layout.n_groups += bucket_hash (&layout.buckets, i) != FREE_HASH;
  if (layout.n_groups > layout.n_rows || layout.n_groups > G_MAXINT32)
    shs_flatbuffer_fail (
        buffer, "a counter's table has %" G_GSIZE_FORMAT " groups and numbers for %" G_GSIZE_FORMAT,
        layout.n_groups, layout.n_rows);
  return layout;
}

static ShsCatboostTable *
make_table (ShsFlatbuffer *buffer, const ShsCatboostCtr *base, const ShsFlatTable *from,
            GError **error)
{
  gboolean is_mean
      = base->type == SHS_CATBOOST_BINARIZED_MEAN || base->type == SHS_CATBOOST_FLOAT_MEAN;
  gboolean has_classes = base->type == SHS_CATBOOST_BORDERS || base->type == SHS_CATBOOST_BUCKETS;
  gint32 n_classes = shs_flat_get_int32 (buffer, from, TABLE_CLASSES, 0);
  gsize n_counts = has_classes ? (gsize)MAX (n_classes, 2) : 1;
  Layout layout = read_layout (buffer, from, n_counts + is_mean);
  g_autoptr (ShsCatboostTable) table = NULL;

  if (!shs_flatbuffer_check (buffer, error))
    return NULL;
  table = shs_catboost_table_new (layout.n_groups, n_counts, is_mean, error);
  if (table == NULL)
    return NULL;
  if (!fill_table (buffer, &layout, table))
    {
      shs_flatbuffer_check (buffer, error);
      return NULL;
    }
  if (!shs_catboost_table_index (table, error))
    return NULL;
  table->denominator = shs_flat_get_int32 (buffer, from, TABLE_DENOMINATOR, 0);
  return g_steal_pointer (&table);
}

static gboolean
read_table (ShsCatboost *self, const ShsCatboostBytes *bytes, GError **error)
{
  g_auto (ShsFlatbuffer) buffer = { 0 };
  ShsCatboostCtr ctr = { 0 };
  ShsFlatTable root;
  ShsFlatTable base;
  ShsCatboostTable *table = NULL;

  shs_flatbuffer_init (&buffer, self->name, bytes->data, bytes->n,
                       (gsize)(bytes->data - (const guint8 *)g_bytes_get_data (self->bytes, NULL)));
  root = shs_flatbuffer_get_root (&buffer);
  base = shs_flat_get_table (&buffer, &root, TABLE_BASE);
  if (read_base (&buffer, &base, &ctr, error))
    table = make_table (&buffer, &ctr, &root, error);
  if (table != NULL)
    shs_catboost_add_table (self, ctr.key, table);
  g_free (ctr.elements);
  g_free (ctr.key);
  return table != NULL;
}

gboolean
shs_catboost_read_tables (ShsCatboost *self, const ShsCatboostBytes *rest, GError **error)
{
  ShsCatboostBytes at = *rest;
  gsize n_tables;
  gsize size;

  if (!shs_catboost_take_size (&at, &n_tables))
    n_tables = 0;
  for (gsize i = 0; i < n_tables; i++)
    {
      if (!shs_catboost_take_size (&at, &size) || size > at.n)
        {
          shs_catboost_set_invalid (self, error, "the tables of the counters are cut off");
          return FALSE;
        }
      if (!read_table (self, &(ShsCatboostBytes){ at.data, size }, error)
          || !shs_progress_check (self->progress, error))
        return FALSE;
      at.data += size;
      at.n -= size;
    }
  return TRUE;
}
