#include "model/shs-feature-map.h"

#include "core/shs-memory.h"
#include "core/shs-pool.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What a feature begins with; shared by features that were copied from it. */
typedef struct
{
  gint references;
  gsize *columns;
  gsize n_columns;
  ShsMapFunc function; /* NULL for the column itself */
  gpointer data;
  GDestroyNotify free_data;
} Source;

typedef struct
{
  Source *source;
  ShsMapStep *steps;
  gsize n_steps;
  guint32 player;
} Feature;

/* A set of several columns that some function takes together. */
typedef struct
{
  gsize *columns;
  gsize n_columns;
} Group;

/* @group_index: from the columns of a group, as text, to its place in @groups
 * @identity: 0, 1, 2, ...: what the players of one column consist of
 * @is_used: by column */
struct _ShsFeatureMap
{
  gint references;
  gsize n_columns;
  GArray *features; /* of Feature */
  GArray *groups;   /* of Group */
  GHashTable *group_index;
  gsize *identity;
  gboolean *is_used;
};

static Source *
source_ref (Source *self)
{
  g_atomic_int_inc (&self->references);
  return self;
}

static void
source_unref (Source *self)
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
  Feature *self = data;

  for (gsize i = 0; i < self->n_steps; i++)
    shs_map_table_unref (self->steps[i].table);
  g_free (self->steps);
  source_unref (self->source);
}

static void
clear_group (gpointer data)
{
  g_free (((Group *)data)->columns);
}

ShsFeatureMap *
shs_feature_map_new (gsize n_columns)
{
  ShsFeatureMap *self = g_new0 (ShsFeatureMap, 1);

  self->references = 1;
  self->n_columns = n_columns;
  self->features = g_array_new (FALSE, FALSE, sizeof (Feature));
  g_array_set_clear_func (self->features, clear_feature);
  self->groups = g_array_new (FALSE, FALSE, sizeof (Group));
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
  Group group;

  if (n_columns == 1)
    return (guint32)columns[0];
  qsort (sorted, n_columns, sizeof *sorted, compare_columns);
  for (gsize i = 0; i < n_columns; i++)
    g_string_append_printf (key, "%" G_GSIZE_FORMAT " ", sorted[i]);
  if (!g_hash_table_lookup_extended (self->group_index, key->str, NULL, &place))
    {
      group = (Group){ g_steal_pointer (&sorted), n_columns };
      place = GUINT_TO_POINTER (self->groups->len);
      g_array_append_val (self->groups, group);
      g_hash_table_insert (self->group_index, g_strdup (key->str), place);
    }
  return (guint32)self->n_columns + GPOINTER_TO_UINT (place);
}

static void
append_feature (ShsFeatureMap *self, const Feature *feature)
{
  for (gsize i = 0; i < feature->source->n_columns; i++)
    self->is_used[feature->source->columns[i]] = TRUE;
  g_array_append_vals (self->features, feature, 1);
}

void
shs_feature_map_add_function (ShsFeatureMap *self, const gsize *columns, gsize n_columns,
                              ShsMapFunc function, gpointer data, GDestroyNotify free_data)
{
  Feature feature = { .source = g_new0 (Source, 1) };

  g_return_if_fail (n_columns > 0);
  for (gsize i = 0; i < n_columns; i++)
    g_return_if_fail (columns[i] < self->n_columns);
  *feature.source = (Source){ .references = 1,
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

void
shs_feature_map_add_feature (ShsFeatureMap *self, const ShsFeatureMap *from, gsize feature)
{
  Feature copy;

  g_return_if_fail (from->n_columns == self->n_columns && feature < from->features->len);
  copy = g_array_index (from->features, Feature, feature);
  source_ref (copy.source);
  copy.player = find_player (self, copy.source->columns, copy.source->n_columns);
  copy.steps = g_memdup2 (copy.steps, copy.n_steps * sizeof *copy.steps);
  for (gsize i = 0; i < copy.n_steps; i++)
    if (copy.steps[i].table != NULL)
      shs_map_table_ref (copy.steps[i].table);
  append_feature (self, &copy);
}

void
shs_feature_map_add_moved (ShsFeatureMap *self, const ShsFeatureMap *from, gsize feature,
                           gsize column)
{
  const Feature *moved;

  g_return_if_fail (feature < from->features->len && column < self->n_columns);
  moved = &g_array_index (from->features, Feature, feature);
  g_return_if_fail (moved->source->function == NULL);
  shs_feature_map_add_column (self, column);
  for (gsize i = 0; i < moved->n_steps; i++)
    shs_feature_map_append (self, &moved->steps[i]);
}

void
shs_feature_map_append (ShsFeatureMap *self, const ShsMapStep *step)
{
  Feature *last;

  g_return_if_fail (self->features->len > 0);
  g_return_if_fail ((step->kind == SHS_MAP_TABLE) == (step->table != NULL));
  last = &g_array_index (self->features, Feature, self->features->len - 1);
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
      const Feature *feature = &g_array_index (self->features, Feature, f);

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
  return g_array_index (self->features, Feature, feature).player;
}

const gsize *
shs_feature_map_get_player_columns (const ShsFeatureMap *self, gsize player, gsize *n)
{
  const Group *group;

  g_return_val_if_fail (player < shs_feature_map_get_n_players (self), NULL);
  *n = 1;
  if (player < self->n_columns)
    return &self->identity[player];
  group = &g_array_index (self->groups, Group, player - self->n_columns);
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

static void
apply_binary (ShsMapKind kind, double a, double *x, gsize n)
{
  if (kind == SHS_MAP_ADD)
    for (gsize i = 0; i < n; i++)
      x[i] += a;
  else if (kind == SHS_MAP_SUBTRACT)
    for (gsize i = 0; i < n; i++)
      x[i] -= a;
  else if (kind == SHS_MAP_MULTIPLY)
    for (gsize i = 0; i < n; i++)
      x[i] *= a;
  else
    for (gsize i = 0; i < n; i++)
      x[i] /= a;
}

static inline double
apply_to_number (const ShsMapStep *step, double x)
{
  switch (step->kind)
    {
    case SHS_MAP_CLIP:
      return isnan (x) ? x : CLAMP (x, step->a, step->b);
    case SHS_MAP_FLOAT:
      return (float)x;
    case SHS_MAP_IMPUTE:
      return isnan (x) ? step->a : x;
    case SHS_MAP_MISSING_IF:
      return x == step->a ? NAN : x;
    case SHS_MAP_IS_MISSING:
      return isnan (x) ? 1 : 0;
    case SHS_MAP_EQUALS:
      return x == step->a ? 1 : 0;
    case SHS_MAP_GREATER:
      return isnan (x) ? x : x > step->a;
    default:
      return shs_map_table_look_up (step->table, x);
    }
}

static void
apply_step (const ShsMapStep *step, double *x, gsize n)
{
  if (step->kind <= SHS_MAP_DIVIDE)
    apply_binary (step->kind, step->a, x, n);
  else
    for (gsize i = 0; i < n; i++)
      x[i] = apply_to_number (step, x[i]);
}

double
shs_map_step_apply (const ShsMapStep *step, double value)
{
  apply_step (step, &value, 1);
  return value;
}

typedef struct
{
  const ShsFeatureMap *map;
  const ShsMatrix *rows;
  ShsMatrix *features;
} Application;

static gboolean
compute_feature (gsize block, guint worker, gpointer data, GError **error)
{
  const Application *self = data;
  const Feature *feature = &g_array_index (self->map->features, Feature, block);
  const Source *source = feature->source;
  double *out = shs_matrix_column (self->features, block);
  gsize n = self->rows->n_rows;

  if (source->function == NULL)
    memcpy (out, shs_matrix_column (self->rows, source->columns[0]), n * sizeof *out);
  else
    {
      g_autofree const double **columns = g_new (const double *, source->n_columns);

      for (gsize i = 0; i < source->n_columns; i++)
        columns[i] = shs_matrix_column (self->rows, source->columns[i]);
      source->function (source->data, columns, n, out);
    }
  for (gsize i = 0; i < feature->n_steps; i++)
    apply_step (&feature->steps[i], out, n);
  return TRUE;
}

gboolean
shs_feature_map_apply (const ShsFeatureMap *self, const ShsMatrix *rows, guint n_threads,
                       ShsMatrix *features, GError **error)
{
  Application application = { self, rows, features };

  g_return_val_if_fail (rows->n_columns == self->n_columns, FALSE);
  g_return_val_if_fail (features->n_columns == self->features->len, FALSE);
  g_return_val_if_fail (features->n_rows == rows->n_rows, FALSE);
  return shs_pool_run (n_threads, self->features->len, compute_feature, &application, NULL, error);
}

void
shs_feature_map_fold (const ShsFeatureMap *self, gsize n_outputs, const ShsMatrix *of_players,
                      ShsMatrix *of_columns)
{
  gsize n_players = shs_feature_map_get_n_players (self);

  g_return_if_fail (of_players->n_columns == n_players * n_outputs);
  g_return_if_fail (of_columns->n_columns == self->n_columns * n_outputs);
  for (gsize cell = 0; cell < of_columns->n_columns; cell++)
    memset (shs_matrix_column (of_columns, cell), 0, of_columns->n_rows * sizeof (double));
  for (gsize cell = 0; cell < of_players->n_columns; cell++)
    {
      const double *from = shs_matrix_column (of_players, cell);
      gsize n = 0;
      const gsize *columns = shs_feature_map_get_player_columns (self, cell % n_players, &n);

      for (gsize c = 0; c < n; c++)
        {
          double *to
              = shs_matrix_column (of_columns, cell / n_players * self->n_columns + columns[c]);

          for (gsize i = 0; i < of_columns->n_rows; i++)
            to[i] += from[i] / (double)n;
        }
    }
}
