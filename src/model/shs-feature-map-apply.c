/* From rows of columns to rows of features, and from values of players to values of columns. */

#include "model/shs-feature-map-private.h"

#include "core/shs-pool.h"

#include <math.h>
#include <string.h>

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

void
shs_map_feature_compute (const ShsMapFeature *self, const double *const *columns, gsize n,
                         double *out)
{
  if (self->source->function == NULL)
    memcpy (out, columns[0], n * sizeof *out);
  else
    self->source->function (self->source->data, columns, n, out);
  for (gsize i = 0; i < self->n_steps; i++)
    apply_step (&self->steps[i], out, n);
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
  const ShsMapFeature *feature = &g_array_index (self->map->features, ShsMapFeature, block);
  const ShsMapSource *source = feature->source;
  g_autofree const double **columns = g_new (const double *, source->n_columns);

  for (gsize i = 0; i < source->n_columns; i++)
    columns[i] = shs_matrix_column (self->rows, source->columns[i]);
  shs_map_feature_compute (feature, columns, self->rows->n_rows,
                           shs_matrix_column (self->features, block));
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
