#include "explain/shs-interaction-cells.h"

#include "core/shs-memory.h"

#include <stdlib.h>
#include <string.h>

/* What adds to the cell (a, b): @weight times a pair's interaction, or a player's rest behind the
 * pairs. */
struct _ShsCellPart
{
  guint32 a, b;
  guint32 cell;
  guint32 source;
  double weight;
};

typedef struct
{
  const ShsModel *model;
  const ShsTreePairs *pairs;
  ShsCellPart *parts; /* NULL while they are only counted */
  gsize n;
} Collector;

/* The features that @player stands for; @own: room for one. */
static const gsize *
get_columns (const ShsModel *model, gsize player, gsize *own, gsize *n)
{
  const ShsFeatureMap *map = shs_model_get_parts (model)->map;

  if (map != NULL)
    return shs_feature_map_get_player_columns (map, player, n);
  *own = player;
  *n = 1;
  return own;
}

static void
add_part (Collector *self, gsize a, gsize b, gsize source, double weight)
{
  if (self->parts != NULL)
    self->parts[self->n] = (ShsCellPart){ .a = (guint32)MIN (a, b),
                                          .b = (guint32)MAX (a, b),
                                          .source = (guint32)source,
                                          .weight = weight };
  self->n++;
}

/* Both cells of a pair hold half of it; where they fall together, that one holds all. */
static void
collect_pair (Collector *self, gsize pair)
{
  gsize own[2], n[2];
  const gsize *first = get_columns (self->model, self->pairs->first[pair], &own[0], &n[0]);
  const gsize *second = get_columns (self->model, self->pairs->second[pair], &own[1], &n[1]);
  double share = 1.0 / ((double)n[0] * (double)n[1]);

  for (gsize i = 0; i < n[0]; i++)
    for (gsize j = 0; j < n[1]; j++)
      add_part (self, first[i], second[j], pair, first[i] == second[j] ? share : share / 2);
}

static void
collect_player (Collector *self, gsize player)
{
  gsize own, n;
  const gsize *columns = get_columns (self->model, player, &own, &n);
  double share = 1.0 / ((double)n * (double)n);

  for (gsize i = 0; i < n; i++)
    for (gsize j = i; j < n; j++)
      add_part (self, columns[i], columns[j], self->pairs->n + player, share);
}

static void
collect (Collector *self)
{
  self->n = 0;
  for (gsize p = 0; p < shs_model_get_n_players (self->model); p++)
    collect_player (self, p);
  for (gsize e = 0; e < self->pairs->n; e++)
    collect_pair (self, e);
}

static int
compare_parts (const void *x, const void *y)
{
  const ShsCellPart *p = x, *q = y;

  if (p->a != q->a)
    return p->a < q->a ? -1 : 1;
  if (p->b != q->b)
    return p->b < q->b ? -1 : 1;
  return (p->source > q->source) - (p->source < q->source);
}

static gboolean
begins_cell (const ShsCellPart *parts, gsize i)
{
  return i == 0 || parts[i].a != parts[i - 1].a || parts[i].b != parts[i - 1].b;
}

/* Numbers the cells of the sorted parts. */
static gboolean
number_cells (ShsInteractionCells *self, GError **error)
{
  self->n = 0;
  for (gsize i = 0; i < self->n_parts; i++)
    {
      self->n += begins_cell (self->parts, i);
      self->parts[i].cell = (guint32)(self->n - 1);
    }
  self->pairs = shs_alloc (MAX (1, self->n), 2 * sizeof *self->pairs, error);
  for (gsize i = 0; self->pairs != NULL && i < self->n_parts; i++)
    {
      self->pairs[2 * self->parts[i].cell] = self->parts[i].a;
      self->pairs[2 * self->parts[i].cell + 1] = self->parts[i].b;
    }
  return self->pairs != NULL;
}

ShsInteractionCells *
shs_interaction_cells_new (const ShsModel *model, const ShsTreePairs *pairs, GError **error)
{
  g_autoptr (ShsInteractionCells) self = g_new0 (ShsInteractionCells, 1);
  Collector collector = { model, pairs, NULL, 0 };

  collect (&collector);
  self->n_players = shs_model_get_n_players (model);
  self->n_parts = collector.n;
  self->parts = shs_alloc (MAX (1, collector.n), sizeof *self->parts, error);
  if (self->parts == NULL)
    return NULL;
  collector.parts = self->parts;
  collect (&collector);
  qsort (self->parts, self->n_parts, sizeof *self->parts, compare_parts);
  return number_cells (self, error) ? g_steal_pointer (&self) : NULL;
}

void
shs_interaction_cells_free (ShsInteractionCells *self)
{
  if (self == NULL)
    return;
  shs_free (self->pairs);
  shs_free (self->parts);
  g_free (self);
}

static void
add_column (const ShsMatrix *from, gsize column, double weight, ShsMatrix *to, gsize to_column)
{
  const double *numbers = shs_matrix_column (from, column);
  double *sums = shs_matrix_column (to, to_column);

  for (gsize i = 0; i < from->n_rows; i++)
    sums[i] += weight * numbers[i];
}

void
shs_interaction_cells_fill (const ShsInteractionCells *self, const ShsTreePairs *pairs,
                            const ShsMatrix *of_pairs, ShsMatrix *of_players, ShsMatrix *cells)
{
  for (gsize e = 0; e < pairs->n; e++)
    {
      add_column (of_pairs, e, -0.5, of_players, pairs->first[e]);
      add_column (of_pairs, e, -0.5, of_players, pairs->second[e]);
    }
  for (gsize c = 0; c < self->n; c++)
    memset (shs_matrix_column (cells, c), 0, cells->n_rows * sizeof (double));
  for (gsize i = 0; i < self->n_parts; i++)
    {
      const ShsCellPart *part = &self->parts[i];

      if (part->source < pairs->n)
        add_column (of_pairs, part->source, part->weight, cells, part->cell);
      else
        add_column (of_players, part->source - pairs->n, part->weight, cells, part->cell);
    }
}
