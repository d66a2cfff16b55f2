#include "model/shs-feature-map-private.h"

#include "core/shs-memory.h"

#include <stdlib.h>
#include <string.h>

static ShsMapSource *
source_ref (ShsMapSource *self)
{
  g_atomic_int_inc (&self->references);
  return self;
}

static void
source_unref (ShsMapSource *self)
{
  if (!g_atomic_int_dec_and_test (&self->references))
    return;
  if (self->free_data != NULL)
    self->free_data (self->data);
  g_free (self->columns);
  g_free (self);
}

static void
clear_feature (gpointer data)
{
  ShsMapFeature *self = data;

  for (gsize i = 0; i < self->n_steps; i++)
    shs_map_table_unref (self->steps[i].table);
  g_free (self->steps);
  source_unref (self->source);
}

static void
clear_group (gpointer data)
{
  g_free (((ShsMapGroup *)data)->columns);
}

ShsFeatureMap *
shs_feature_map_new (gsize n_columns)
{
  ShsFeatureMap *self = g_new0 (ShsFeatureMap, 1);

  self->references = 1;
  self->n_columns = n_columns;
  self->features = g_array_new (FALSE, FALSE, sizeof (ShsMapFeature));
  g_array_set_clear_func (self->features, clear_feature);
  self->groups = g_array_new (FALSE, FALSE, sizeof (ShsMapGroup));
  g_array_set_clear_func (self->groups, clear_group);
  self->group_index = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->identity = g_new (gsize, MAX (1, n_columns));
  self->is_used = g_new0 (gboolean, MAX (1, n_columns));
  for (gsize j = 0; j < n_columns; j++)
    self->identity[j] = j;
  return self;
}

ShsFeatureMap *
shs_feature_map_ref (ShsFeatureMap *self)
{
  g_atomic_int_inc (&self->references);
  return self;
}

void
shs_feature_map_unref (ShsFeatureMap *self)
{
  if (self == NULL || !g_atomic_int_dec_and_test (&self->references))
    return;
  g_array_unref (self->features);
  g_array_unref (self->groups);
  g_hash_table_unref (self->group_index);
  g_free (self->identity);
  g_free (self->is_used);
  g_free (self);
}

static int
compare_columns (gconstpointer a, gconstpointer b)
{
  gsize first = *(const gsize *)a;
  gsize second = *(const gsize *)b;

  return (first > second) - (first < second);
}

static guint32
find_player (ShsFeatureMap *self, const gsize *columns, gsize n_columns)
{
  g_autofree gsize *sorted = g_memdup2 (columns, n_columns * sizeof (gsize));
  g_autoptr (GString) key = g_string_new (NULL);
  gpointer place;
  ShsMapGroup group;

  if (n_columns == 1)
    return (guint32)columns[0];
  qsort (sorted, n_columns, sizeof *sorted, compare_columns);
  for (gsize i = 0; i < n_columns; i++)
    g_string_append_printf (key, "%" G_GSIZE_FORMAT " ", sorted[i]);
  if (!g_hash_table_lookup_extended (self->group_index, key->str, NULL, &place))
    {
      group = (ShsMapGroup){ g_steal_pointer (&sorted), n_columns };
      place = GUINT_TO_POINTER (self->groups->len);
      g_array_append_val (self->groups, group);
      g_hash_table_insert (self->group_index, g_strdup (key->str), place);
    }
  return (guint32)self->n_columns + GPOINTER_TO_UINT (place);
}

static void
append_feature (ShsFeatureMap *self, const ShsMapFeature *feature)
{
  for (gsize i = 0; i < feature->source->n_columns; i++)
    self->is_used[feature->source->columns[i]] = TRUE;
  g_array_append_vals (self->features, feature, 1);
}

void
shs_feature_map_add_function (ShsFeatureMap *self, const gsize *columns, gsize n_columns,
                              ShsMapFunc function, gpointer data, GDestroyNotify free_data)
{
  ShsMapFeature feature = { .source = g_new0 (ShsMapSource, 1) };

  g_return_if_fail (n_columns > 0);
  for (gsize i = 0; i < n_columns; i++)
    g_return_if_fail (columns[i] < self->n_columns);
  *feature.source = (ShsMapSource){ .references = 1,
                                    .columns = g_memdup2 (columns, n_columns * sizeof (gsize)),
                                    .n_columns = n_columns,
                                    .function = function,
                                    .data = data,
                                    .free_data = free_data };
  feature.player = find_player (self, columns, n_columns);
  append_feature (self, &feature);
}

void
shs_feature_map_add_column (ShsFeatureMap *self, gsize column)
{
  shs_feature_map_add_function (self, &column, 1, NULL, NULL, NULL);
}

static void
copy_feature (const ShsMapFeature *from, ShsMapFeature *copy)
{
  *copy = *from;
  source_ref (copy->source);
  copy->steps = g_memdup2 (from->steps, from->n_steps * sizeof *from->steps);
  for (gsize i = 0; i < copy->n_steps; i++)
    if (copy->steps[i].table != NULL)
      shs_map_table_ref (copy->steps[i].table);
}

void
shs_feature_map_add_feature (ShsFeatureMap *self, const ShsFeatureMap *from, gsize feature)
{
  ShsMapFeature copy;

  g_return_if_fail (from->n_columns == self->n_columns && feature < from->features->len);
  copy_feature (&g_array_index (from->features, ShsMapFeature, feature), &copy);
  copy.player = find_player (self, copy.source->columns, copy.source->n_columns);
  append_feature (self, &copy);
}

void
shs_feature_map_add_moved (ShsFeatureMap *self, const ShsFeatureMap *from, gsize feature,
                           gsize column)
{
  const ShsMapFeature *moved;

  g_return_if_fail (feature < from->features->len && column < self->n_columns);
  moved = &g_array_index (from->features, ShsMapFeature, feature);
  g_return_if_fail (moved->source->function == NULL);
  shs_feature_map_add_column (self, column);
  for (gsize i = 0; i < moved->n_steps; i++)
    shs_feature_map_append (self, &moved->steps[i]);
}

void
shs_feature_map_append (ShsFeatureMap *self, const ShsMapStep *step)
{
  ShsMapFeature *last;

  g_return_if_fail (self->features->len > 0);
  g_return_if_fail ((step->kind == SHS_MAP_TABLE) == (step->table != NULL));
  last = &g_array_index (self->features, ShsMapFeature, self->features->len - 1);
  last->steps = g_renew (ShsMapStep, last->steps, last->n_steps + 1);
  last->steps[last->n_steps++] = *step;
  if (step->table != NULL)
    shs_map_table_ref (step->table);
}

gsize
shs_feature_map_get_n_columns (const ShsFeatureMap *self)
{
  return self->n_columns;
}

gsize
shs_feature_map_get_n_features (const ShsFeatureMap *self)
{
  return self->features->len;
}

gboolean
shs_feature_map_is_identity (const ShsFeatureMap *self)
{
  if (self->features->len != self->n_columns)
    return FALSE;
  for (guint f = 0; f < self->features->len; f++)
    {
      const ShsMapFeature *feature = &g_array_index (self->features, ShsMapFeature, f);

      if (feature->n_steps > 0 || feature->source->function != NULL
          || feature->source->columns[0] != f)
        return FALSE;
    }
  return TRUE;
}

gboolean
shs_feature_map_uses_column (const ShsFeatureMap *self, gsize column)
{
  g_return_val_if_fail (column < self->n_columns, FALSE);
  return self->is_used[column];
}

gsize
shs_feature_map_get_n_players (const ShsFeatureMap *self)
{
  return self->n_columns + self->groups->len;
}

guint32
shs_feature_map_get_player (const ShsFeatureMap *self, gsize feature)
{
  g_return_val_if_fail (feature < self->features->len, 0);
  return g_array_index (self->features, ShsMapFeature, feature).player;
}

const gsize *
shs_feature_map_get_player_columns (const ShsFeatureMap *self, gsize player, gsize *n)
{
  const ShsMapGroup *group;

  g_return_val_if_fail (player < shs_feature_map_get_n_players (self), NULL);
  *n = 1;
  if (player < self->n_columns)
    return &self->identity[player];
  group = &g_array_index (self->groups, ShsMapGroup, player - self->n_columns);
  *n = group->n_columns;
  return group->columns;
}

gboolean
shs_feature_map_set_players (const ShsFeatureMap *self, ShsTreeBuilder *builder, GError **error)
{
  SHS_AUTOFREE guint32 *players = shs_alloc (self->features->len, sizeof *players, error);

  if (players == NULL)
    return FALSE;
  for (guint f = 0; f < self->features->len; f++)
    players[f] = shs_feature_map_get_player (self, f);
  return shs_tree_builder_set_players (builder, players, shs_feature_map_get_n_players (self),
                                       error);
}

/* Rows that a combination is computed of at a time. */
#define STRIP_ROWS ((gsize)256)

/* @places: by part, which of the columns its source asks for; @most_columns: of a part */
typedef struct
{
  ShsMapFeature *parts;
  gsize **places;
  gsize n_parts;
  gsize most_columns;
  ShsMapFunc function;
  gpointer data;
  GDestroyNotify free_data;
} Combination;

static void
combination_free (gpointer data)
{
  Combination *self = data;

  for (gsize i = 0; i < self->n_parts; i++)
    {
      clear_feature (&self->parts[i]);
      g_free (self->places[i]);
    }
  if (self->free_data != NULL)
    self->free_data (self->data);
  g_free (self->parts);
  g_free (self->places);
  g_free (self);
}

/* @numbers: room for all parts of @n_rows rows; @parts, @of_part: for their addresses */
static void
compute_strip (const Combination *self, const double *const *columns, gsize first, gsize n_rows,
               double *numbers, const double **parts, const double **of_part)
{
  for (gsize i = 0; i < self->n_parts; i++)
    {
      const ShsMapSource *source = self->parts[i].source;

      for (gsize c = 0; c < source->n_columns; c++)
        of_part[c] = columns[self->places[i][c]] + first;
      shs_map_feature_compute (&self->parts[i], of_part, n_rows, numbers + i * n_rows);
      parts[i] = numbers + i * n_rows;
    }
}

/* In strips, so that its memory does not grow with the rows. */
static void
compute_combination (gconstpointer data, const double *const *columns, gsize n_rows, double *out)
{
  const Combination *self = data;
  g_autofree double *numbers = g_new (double, MAX (1, self->n_parts * STRIP_ROWS));
  g_autofree const double **parts = g_new (const double *, MAX (1, self->n_parts));
  g_autofree const double **of_part = g_new (const double *, MAX (1, self->most_columns));

  for (gsize first = 0; first < n_rows; first += STRIP_ROWS)
    {
      gsize n = MIN (STRIP_ROWS, n_rows - first);

      compute_strip (self, columns, first, n, numbers, parts, of_part);
      self->function (self->data, parts, n, out + first);
    }
}

static gsize
place_column (GArray *columns, gsize column)
{
  for (guint i = 0; i < columns->len; i++)
    if (g_array_index (columns, gsize, i) == column)
      return i;
  g_array_append_val (columns, column);
  return columns->len - 1;
}

void
shs_feature_map_add_combined (ShsFeatureMap *self, const gsize *features, gsize n,
                              ShsMapFunc function, gpointer data, GDestroyNotify free_data)
{
  g_autoptr (GArray) columns = g_array_new (FALSE, FALSE, sizeof (gsize));
  Combination *made = g_new (Combination, 1);

  *made = (Combination){ .parts = g_new (ShsMapFeature, n),
                         .places = g_new (gsize *, n),
                         .n_parts = n,
                         .function = function,
                         .data = data,
                         .free_data = free_data };
  for (gsize i = 0; i < n; i++)
    {
      const ShsMapFeature *from = &g_array_index (self->features, ShsMapFeature, features[i]);

      copy_feature (from, &made->parts[i]);
      made->places[i] = g_new (gsize, from->source->n_columns);
      made->most_columns = MAX (made->most_columns, from->source->n_columns);
      for (gsize c = 0; c < from->source->n_columns; c++)
        made->places[i][c] = place_column (columns, from->source->columns[c]);
    }
  shs_feature_map_add_function (self, (const gsize *)(const void *)columns->data, columns->len,
                                compute_combination, made, combination_free);
}
