/* OneHotEncoder and OrdinalEncoder. */

#include "model/sklearn/shs-sklearn.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"

#include <math.h>
#include <string.h>

/* The categories of one feature of an encoder, and what becomes of each.
 * @keys: by category: its code in the column's dictionary, or the number that it is
 * @slots: by category: the number that it is encoded as, after rare ones are grouped
 * @unknown: the number of the group of rare ones; NaN for none
 * @missing: what missing is encoded as; NaN where it is no category */
typedef struct
{
  ShsSkopsValue *values;
  gsize n;
  double *keys;
  double *slots;
  double unknown;
  double missing;
} Encoding;

static void
encoding_clear (Encoding *self)
{
  shs_skops_values_free (self->values, self->n);
  shs_free (self->keys);
  shs_free (self->slots);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Encoding, encoding_clear)

/* What an encoder says of one feature; each 0 where it says nothing. */
typedef struct
{
  ShsSkopsRef categories;
  ShsSkopsRef groups;
  ShsSkopsRef dropped;
} EncoderItem;

/* Rare categories share the last number. */
static void
group_rare (ShsSklearn *self, ShsSkopsRef groups, Encoding *encoding)
{
  gsize n = 0;
  SHS_AUTOFREE double *slots = shs_skops_read_doubles (self->file, groups, &n);
  double last = 0;

  if (slots == NULL)
    return;
  if (n != encoding->n || n == 0)
    {
      shs_skops_fail (self->file, SHS_ERROR_INVALID,
                      "the groups of rare categories have not one entry per category; save the "
                      "model again");
      return;
    }
  for (gsize c = 0; c < n; c++)
    last = fmax (last, slots[c]);
  encoding->unknown = last;
  memcpy (encoding->slots, slots, n * sizeof *slots);
}

static gboolean
allocate_encoding (ShsSklearn *self, Encoding *encoding)
{
  GError *error = NULL;

  if (shs_skops_check (self->file, NULL))
    encoding->keys = shs_alloc (encoding->n, sizeof *encoding->keys, &error);
  if (encoding->keys != NULL)
    encoding->slots = shs_alloc (encoding->n, sizeof *encoding->slots, &error);
  shs_skops_take_error (self->file, error);
  return shs_skops_check (self->file, NULL);
}

static gboolean
read_encoding (ShsSklearn *self, const EncoderItem *item, gsize column, Encoding *encoding)
{
  encoding->values = shs_skops_read_values (self->file, item->categories, &encoding->n);
  encoding->unknown = NAN;
  encoding->missing = NAN;
  if (!allocate_encoding (self, encoding))
    return FALSE;
  for (gsize c = 0; c < encoding->n; c++)
    {
      encoding->keys[c] = encoding->values[c].is_missing
                              ? NAN
                              : shs_sklearn_learn (self, column, &encoding->values[c]);
      encoding->slots[c] = (double)c;
    }
  if (!shs_skops_is_null (self->file, item->groups))
    group_rare (self, item->groups, encoding);
  for (gsize c = 0; c < encoding->n; c++)
    if (encoding->values[c].is_missing)
      encoding->missing = encoding->slots[c];
  return shs_skops_check (self->file, NULL);
}

static void
append_table (ShsSklearn *self, ShsFeatureMap *map, const double *keys, const double *values,
              gsize n, double otherwise, double missing)
{
  GError *error = NULL;
  g_autoptr (ShsMapTable) table = shs_map_table_new (keys, values, n, otherwise, missing, &error);

  shs_skops_take_error (self->file, error);
  if (table != NULL)
    shs_feature_map_append (map, &(ShsMapStep){ .kind = SHS_MAP_TABLE, .table = table });
}

/* The feature that is 1 for the group of rare categories. */
static void
append_group (ShsSklearn *self, ShsFeatureMap *map, const Encoding *encoding, double slot,
              gboolean takes_unknown)
{
  GError *error = NULL;
  SHS_AUTOFREE double *hot = shs_alloc (encoding->n, sizeof *hot, &error);
  gboolean takes_missing = isnan (encoding->missing) ? takes_unknown : encoding->missing == slot;

  shs_skops_take_error (self->file, error);
  for (gsize c = 0; hot != NULL && c < encoding->n; c++)
    hot[c] = encoding->slots[c] == slot;
  if (hot != NULL)
    append_table (self, map, encoding->keys, hot, encoding->n, takes_unknown, takes_missing);
}

/* One category of each slot, in order; the group of rare ones, which is last, has several. */
static gsize
order_slots (ShsSklearn *self, const Encoding *encoding, gsize *first)
{
  gsize n = 0;

  for (gsize c = 0; c < encoding->n; c++)
    {
      double slot = encoding->slots[c];

      if (!(slot >= 0 && slot < (double)encoding->n))
        {
          shs_skops_fail (self->file, SHS_ERROR_INVALID,
                          "the groups of rare categories are not numbered; save the model again");
          return 0;
        }
      first[(gsize)slot] = c;
      n = MAX (n, (gsize)slot + 1);
    }
  return n;
}

static void
one_hot_feature (ShsSklearn *self, ShsSkopsRef step, const EncoderItem *item,
                 const ShsFeatureMap *map, gsize f, ShsFeatureMap *result)
{
  g_auto (Encoding) encoding = { 0 };
  ShsSkopsRef unknown = shs_skops_find (self->file, step, "handle_unknown");
  gboolean groups_unknown = shs_skops_has_text (self->file, unknown, "infrequent_if_exist")
                            || shs_skops_has_text (self->file, unknown, "warn");
  double dropped = -1;
  GError *error = NULL;

  if (!read_encoding (self, item, shs_sklearn_column_of (map, f), &encoding))
    return;
  SHS_AUTOFREE gsize *first = shs_alloc0 (encoding.n, sizeof *first, &error);
  shs_skops_take_error (self->file, error);
  if (!shs_skops_is_null (self->file, item->dropped))
    dropped = shs_skops_read_number (self->file, item->dropped);
  gsize n = first != NULL ? order_slots (self, &encoding, first) : 0;
  for (gsize slot = 0; shs_skops_check (self->file, NULL) && slot < n; slot++)
    {
      if ((double)slot == dropped)
        continue;
      shs_feature_map_add_feature (result, map, f);
      if ((double)slot == encoding.unknown)
        append_group (self, result, &encoding, (double)slot, groups_unknown);
      else if (encoding.values[first[slot]].is_missing)
        shs_sklearn_append (result, SHS_MAP_IS_MISSING, 0);
      else
        shs_sklearn_append (result, SHS_MAP_EQUALS, encoding.keys[first[slot]]);
    }
}

static void
ordinal_feature (ShsSklearn *self, ShsSkopsRef step, const EncoderItem *item,
                 const ShsFeatureMap *map, gsize f, ShsFeatureMap *result)
{
  g_auto (Encoding) encoding = { 0 };
  ShsSkops *file = self->file;
  double unknown = NAN;
  double missing;

  if (!read_encoding (self, item, shs_sklearn_column_of (map, f), &encoding))
    return;
  if (shs_skops_has_text (file, shs_skops_find (file, step, "handle_unknown"), "use_encoded_value"))
    unknown = shs_skops_read_number (file, shs_skops_need (file, step, "unknown_value"));
  missing
      = isnan (encoding.missing)
            ? unknown
            : shs_skops_read_number (file, shs_skops_need (file, step, "encoded_missing_value"));
  shs_feature_map_add_feature (result, map, f);
  append_table (self, result, encoding.keys, encoding.slots, encoding.n, unknown, missing);
}

typedef void (*EncodeFunc) (ShsSklearn *self, ShsSkopsRef step, const EncoderItem *item,
                            const ShsFeatureMap *map, gsize f, ShsFeatureMap *result);

static ShsSkopsRef
first_of (const ShsSklearn *self, ShsSkopsRef step, const char *name, gboolean is_wanted)
{
  return is_wanted ? shs_skops_first (self->file, shs_skops_find (self->file, step, name)) : 0;
}

static ShsFeatureMap *
encode (ShsSklearn *self, ShsSkopsRef step, const ShsFeatureMap *map, EncodeFunc function)
{
  ShsFeatureMap *result = shs_sklearn_new_map (self);
  ShsSkops *file = self->file;
  gsize n = shs_feature_map_get_n_features (map);
  gboolean has_groups
      = shs_skops_is_true (file, shs_skops_find (file, step, "_infrequent_enabled"));
  EncoderItem item = { first_of (self, step, "categories_", TRUE),
                       first_of (self, step, "_default_to_infrequent_mappings", has_groups),
                       first_of (self, step, "_drop_idx_after_grouping", TRUE) };

  if (shs_skops_count (file, shs_skops_need (file, step, "categories_")) != n)
    shs_skops_fail (file, SHS_ERROR_INVALID,
                    "categories_ of %s has not one list per feature; save the model again",
                    shs_skops_get_class (file, step));
  for (gsize f = 0; shs_skops_check (file, NULL) && f < n; f++)
    {
      function (self, step, &item, map, f, result);
      item = (EncoderItem){ shs_skops_next (file, item.categories),
                            shs_skops_next (file, item.groups),
                            shs_skops_next (file, item.dropped) };
      if (shs_feature_map_get_n_features (result) > SHS_SKLEARN_MAX_FEATURES)
        shs_skops_fail (file, SHS_ERROR_INVALID, "an encoder makes too many features");
    }
  return result;
}

ShsFeatureMap *
shs_sklearn_one_hot (ShsSklearn *self, ShsSkopsRef step, ShsFeatureMap *map)
{
  return encode (self, step, map, one_hot_feature);
}

ShsFeatureMap *
shs_sklearn_ordinal (ShsSklearn *self, ShsSkopsRef step, ShsFeatureMap *map)
{
  return encode (self, step, map, ordinal_feature);
}
