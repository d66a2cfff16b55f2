#include "model/catboost/shs-catboost-document.h"

#include "core/shs-error.h"
#include "model/catboost/shs-catboost-hash.h"

#include <math.h>

/* An element with the place of its column among those that the function is given. */
typedef struct
{
  ShsCatboostElement element;
  gsize input;
  ShsCatboostNan nan;
} Part;

/* A counter's feature, ready to be computed. */
typedef struct
{
  ShsCatboostTable *table;
  ShsCatboostCtrType type;
  gsize target_border;
  float prior_numerator;
  float prior_denominator;
  float shift;
  float scale;
  gsize n_parts;
  Part parts[];
} Counter;

static void
counter_free (gpointer data)
{
  Counter *self = data;

  shs_catboost_table_unref (self->table);
  g_free (self);
}

gboolean
shs_catboost_ctr_add_element (ShsCatboostCtr *self, const ShsCatboostElement *element)
{
  gsize place = self->n_elements;

  if (self->n_elements == SHS_CATBOOST_MAX_ELEMENTS)
    return FALSE;
  self->elements = g_renew (ShsCatboostElement, self->elements, self->n_elements + 1);
  for (; place > 0 && self->elements[place - 1].kind > element->kind; place--)
    self->elements[place] = self->elements[place - 1];
  self->elements[place] = *element;
  self->n_elements++;
  return TRUE;
}

static gboolean
is_greater (double value, const Part *part)
{
  if (isnan (value))
    return part->nan == SHS_CATBOOST_NAN_AS_TRUE;
  return (float)value > part->element.border;
}

/* The group that a row belongs to; -1 when training saw no such row. Missing is no category. */
static gssize
find_group (const Counter *self, const double *const *columns, gsize row)
{
  guint64 hash = 0;

  for (gsize p = 0; p < self->n_parts; p++)
    {
      const Part *part = &self->parts[p];
      double value = columns[part->input][row];

      if (part->element.kind == SHS_CATBOOST_FLOAT)
        hash = shs_catboost_combine (hash, is_greater (value, part));
      else if (!(value >= 0 && value <= G_MAXUINT32))
        return -1;
      else if (part->element.kind == SHS_CATBOOST_ONE_HOT)
        hash = shs_catboost_combine (hash, (guint32)value == (guint32)part->element.value);
      else
        hash = shs_catboost_combine (hash, (guint64)(gint64)(gint32)(guint32)value);
    }
  return shs_catboost_table_find (self->table, hash);
}

static gint64
sum_counts (const ShsCatboostTable *table, gssize group, gsize first)
{
  gint64 sum = 0;

  for (gsize c = first; c < table->n_counts; c++)
    sum += table->counts[(gsize)group * table->n_counts + c];
  return sum;
}

/* In single precision, as the library computes it: the value is compared with borders. */
static float
compute_value (const Counter *self, gssize group)
{
  const ShsCatboostTable *table = self->table;
  float in_class = 0;
  float total = 0;

  switch (self->type)
    {
    case SHS_CATBOOST_BINARIZED_MEAN:
    case SHS_CATBOOST_FLOAT_MEAN:
      in_class = group >= 0 ? table->sums[group] : 0;
      total = group >= 0 ? (float)table->counts[group] : 0;
      break;
    case SHS_CATBOOST_COUNTER:
    case SHS_CATBOOST_FEATURE_FREQUENCY:
      in_class = group >= 0 ? (float)table->counts[group] : 0;
      total = (float)table->denominator;
      break;
    case SHS_CATBOOST_BUCKETS:
      if (group >= 0)
        in_class = (float)table->counts[(gsize)group * table->n_counts + self->target_border];
      total = group >= 0 ? (float)sum_counts (table, group, 0) : 0;
      break;
    default:
      in_class = group >= 0 ? (float)sum_counts (table, group, self->target_border + 1) : 0;
      total = group >= 0 ? (float)sum_counts (table, group, 0) : 0;
      break;
    }
  return ((in_class + self->prior_numerator) / (total + self->prior_denominator) + self->shift)
         * self->scale;
}

static void
compute (gconstpointer data, const double *const *columns, gsize n_rows, double *out)
{
  for (gsize row = 0; row < n_rows; row++)
    out[row] = compute_value (data, find_group (data, columns, row));
}

static ShsCatboostTable *
find_table (const ShsCatboost *self, const ShsCatboostCtr *ctr, GError **error)
{
  ShsCatboostTable *table = self->tables != NULL && ctr->key != NULL
                                ? g_hash_table_lookup (self->tables, ctr->key)
                                : NULL;

  if (table == NULL)
    g_set_error (
        error, SHS_ERROR, SHS_ERROR_INVALID,
        "%s has splits on counters of categories, but not the counters' tables (ctr_data); "
        "save the model with model.save_model(\"model.cbm\"), which keeps them",
        self->name);
  return table;
}

/* Which numbers of a group the type needs. */
static gboolean
check_table (const ShsCatboost *self, const ShsCatboostCtr *ctr, const ShsCatboostTable *table,
             gsize *target_border, GError **error)
{
  gboolean is_mean
      = ctr->type == SHS_CATBOOST_BINARIZED_MEAN || ctr->type == SHS_CATBOOST_FLOAT_MEAN;
  gboolean has_border = ctr->type == SHS_CATBOOST_BUCKETS || ctr->type == SHS_CATBOOST_BORDERS;
  gsize n_borders = table->n_counts - (ctr->type == SHS_CATBOOST_BORDERS && table->n_counts > 0);

  *target_border = (gsize)MAX (ctr->target_border, 0);
  if (ctr->type == SHS_CATBOOST_BORDERS && table->n_counts == 2)
    *target_border = 0;
  if (is_mean == (table->sums != NULL) && table->n_counts > 0 && ctr->target_border >= 0
      && (!has_border || *target_border < n_borders))
    return TRUE;
  shs_catboost_set_invalid (self, error, "the table of a counter does not fit its type");
  return FALSE;
}

/* The place of @column among the columns of a function; a new one is added. */
static gsize
find_input (gsize *columns, gsize *n_columns, gsize column)
{
  for (gsize i = 0; i < *n_columns; i++)
    if (columns[i] == column)
      return i;
  columns[*n_columns] = column;
  return (*n_columns)++;
}

static gboolean
make_part (const ShsCatboost *self, const ShsCatboostElement *element, Part *part, gsize *columns,
           gsize *n_columns, GError **error)
{
  gint32 column;

  if (element->kind == SHS_CATBOOST_FLOAT)
    {
      const ShsCatboostFloat *feature = shs_catboost_find_float (self, element->feature, error);

      column = feature != NULL ? feature->column : -1;
      part->nan = feature != NULL ? feature->nan : SHS_CATBOOST_NAN_AS_IS;
    }
  else
    {
      const ShsCatboostCategory *feature
          = shs_catboost_find_category (self, element->feature, error);

      column = feature != NULL ? feature->column : -1;
    }
  if (column < 0)
    return FALSE;
  part->element = *element;
  part->input = find_input (columns, n_columns, (gsize)column);
  return TRUE;
}

gboolean
shs_catboost_add_ctr_to_map (ShsCatboost *self, const ShsCatboostCtr *ctr, GError **error)
{
  gsize columns[SHS_CATBOOST_MAX_ELEMENTS];
  gsize n_columns = 0;
  gsize target_border;
  ShsCatboostTable *table = find_table (self, ctr, error);
  g_autofree Counter *counter = NULL;

  if (table == NULL || !check_table (self, ctr, table, &target_border, error))
    return FALSE;
  counter = g_malloc0 (sizeof *counter + ctr->n_elements * sizeof *counter->parts);
  *counter = (Counter){ .type = ctr->type,
                        .target_border = target_border,
                        .prior_numerator = ctr->prior_numerator,
                        .prior_denominator = ctr->prior_denominator,
                        .shift = ctr->shift,
                        .scale = ctr->scale,
                        .n_parts = ctr->n_elements };
  for (gsize i = 0; i < ctr->n_elements; i++)
    if (!make_part (self, &ctr->elements[i], &counter->parts[i], columns, &n_columns, error))
      return FALSE;
  if (n_columns == 0)
    {
      shs_catboost_set_invalid (self, error, "a counter counts nothing");
      return FALSE;
    }
  counter->table = table;
  g_atomic_int_inc (&table->references);
  shs_feature_map_add_function (self->map, columns, n_columns, compute, g_steal_pointer (&counter),
                                counter_free);
  return TRUE;
}
