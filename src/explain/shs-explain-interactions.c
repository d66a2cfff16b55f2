#include "explain/shs-explain-interactions.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "explain/shs-interaction-cells.h"

#include <math.h>
#include <string.h>

#define BLOCK_NUMBERS ((gsize)4 << 20)
#define LARGEST_BLOCK_NUMBERS ((gsize)12 << 20) /* where rows are so long that few fit */
#define MIN_BLOCK_ROWS 16
#define FEW_BLOCK_ROWS 64 /* that keep lanes and threads busy */
#define SAMPLE_ROWS 512   /* on which the strongest pairs are found */

struct _ShsExplainInteractions
{
  const ShsTreeEnsemble *ensemble;
  ShsTreeBackground *background;
  ShsTreeOptions options;
  ShsTreePairs *pairs;
  ShsTreePairs *all_pairs; /* NULL where @pairs are all of them */
  ShsInteractionCells *cells;
};

void
shs_explain_interactions_free (ShsExplainInteractions *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->pairs, shs_tree_pairs_free);
  g_clear_pointer (&self->all_pairs, shs_tree_pairs_free);
  g_clear_pointer (&self->cells, shs_interaction_cells_free);
  g_free (self);
}

static gsize
choose_block_rows (gsize numbers_per_row, gsize n_rows)
{
  gsize per_row = MAX (1, numbers_per_row);
  gsize n_fitting = shs_memory_fit_block (G_MAXSIZE) / sizeof (double) / per_row;
  gsize few = CLAMP (LARGEST_BLOCK_NUMBERS / per_row, MIN_BLOCK_ROWS, FEW_BLOCK_ROWS);
  gsize most = MAX (few, BLOCK_NUMBERS / per_row);

  return CLAMP (MIN (n_fitting, most), 1, MAX (1, n_rows));
}

/* The strongest pairs, found on rows drawn from all of the data: so shards equal the whole. */

typedef struct
{
  ShsExplainInteractions *interactions;
  ShsMatrix *values;
  double *strength; /* of each pair: sum of |interaction| over rows and outputs */
} Sample;

static gboolean
add_strength (const ShsMatrix *rows, gpointer data, GError **error)
{
  Sample *sample = data;
  const ShsExplainInteractions *self = sample->interactions;
  ShsMatrix values = shs_matrix_rows (sample->values, 0, rows->n_rows);

  if (!shs_tree_interactions (self->ensemble, self->background, self->pairs, rows, &self->options,
                              &values, error))
    return FALSE;
  for (gsize c = 0; c < values.n_columns; c++)
    for (gsize i = 0; i < values.n_rows; i++)
      sample->strength[c % self->pairs->n] += fabs (shs_matrix_get (&values, i, c));
  return TRUE;
}

static gboolean
measure_strength (ShsExplainInteractions *self, ShsExplainFrame *frame, double *strength,
                  GError **error)
{
  gsize numbers_per_row = self->pairs->n * frame->n_outputs;
  gsize n_block = choose_block_rows (numbers_per_row, SAMPLE_ROWS);
  g_autoptr (ShsBackground) rows = NULL;
  g_autoptr (ShsMatrix) values = shs_matrix_new (n_block, numbers_per_row, error);
  Sample sample = { self, values, strength };

  if (values != NULL)
    rows = shs_background_new_drawn (frame->match, SAMPLE_ROWS, frame->options->seed, error);
  return rows != NULL
         && shs_background_foreach (rows, n_block, frame->options->n_threads, frame->progress,
                                    add_strength, &sample, error);
}

static int
compare_strength (gconstpointer a, gconstpointer b, gpointer data)
{
  const double *strength = data;
  gsize x = *(const gsize *)a, y = *(const gsize *)b;

  if (strength[x] != strength[y])
    return strength[x] > strength[y] ? -1 : 1;
  return (x > y) - (x < y);
}

static int
compare_numbers (gconstpointer a, gconstpointer b, gpointer data)
{
  gsize x = *(const gsize *)a, y = *(const gsize *)b;

  return (x > y) - (x < y);
}

static void
note_left_out (ShsExplainFrame *frame, gsize n_kept, gsize n_all)
{
  shs_provenance_add_note (
      &frame->parts.provenance,
      g_strdup_printf ("interactions: the %" G_GSIZE_FORMAT " strongest of %" G_GSIZE_FORMAT
                       " pairs that meet, chosen on up to %d rows of the data; main effects hold "
                       "what the other pairs would have",
                       n_kept, n_all, SAMPLE_ROWS));
}

static gboolean
keep_strongest (ShsExplainInteractions *self, ShsExplainFrame *frame, GError **error)
{
  gsize n_all = self->pairs->n;
  gsize n_kept = frame->options->n_pairs;
  SHS_AUTOFREE double *strength = NULL;
  SHS_AUTOFREE gsize *numbers = NULL;
  ShsTreePairs *kept;

  if (n_kept == 0 || n_kept >= n_all)
    return TRUE;
  strength = shs_alloc0 (n_all, sizeof *strength, error);
  numbers = strength != NULL ? shs_alloc (n_all, sizeof *numbers, error) : NULL;
  if (numbers == NULL || !measure_strength (self, frame, strength, error))
    return FALSE;
  for (gsize e = 0; e < n_all; e++)
    numbers[e] = e;
  g_qsort_with_data (numbers, (int)n_all, sizeof *numbers, compare_strength, strength);
  g_qsort_with_data (numbers, (int)n_kept, sizeof *numbers, compare_numbers, NULL);
  kept = shs_tree_pairs_pick (self->pairs, numbers, n_kept, error);
  if (kept == NULL)
    return FALSE;
  self->all_pairs = self->pairs;
  self->pairs = kept;
  note_left_out (frame, n_kept, n_all);
  return TRUE;
}

/* The frame's parts take the cells over. */
static gboolean
make_room (ShsExplainInteractions *self, ShsExplainFrame *frame, GError **error)
{
  ShsExplanationParts *parts = &frame->parts;

  parts->interactions = shs_explain_frame_add_values (frame, "interaction_values", self->cells->n,
                                                      shs_values_is_double (parts->values), error);
  if (parts->interactions != NULL)
    parts->pairs = shs_alloc (MAX (1, self->cells->n), 2 * sizeof *parts->pairs, error);
  if (parts->pairs == NULL)
    return FALSE;
  parts->n_pairs = self->cells->n;
  memcpy (parts->pairs, self->cells->pairs, 2 * self->cells->n * sizeof *parts->pairs);
  return TRUE;
}

/* Tells the cells that were computed from those of the pairs that were left out. */
static gboolean
record_left_out (const ShsExplainInteractions *self, ShsExplainFrame *frame, GError **error)
{
  ShsExplanationParts *parts = &frame->parts;
  g_autoptr (ShsInteractionCells) all = NULL;
  gsize kept = 0;

  if (self->all_pairs == NULL)
    return TRUE;
  all = shs_interaction_cells_new (frame->model, self->all_pairs, error);
  parts->met = all != NULL ? shs_alloc (MAX (1, all->n), 3 * sizeof *parts->met, error) : NULL;
  if (parts->met == NULL)
    return FALSE;
  parts->n_met = all->n;
  for (gsize c = 0; c < all->n; c++)
    {
      const guint32 *pair = all->pairs + 2 * c;
      gboolean is_kept = kept < self->cells->n && self->cells->pairs[2 * kept] == pair[0]
                         && self->cells->pairs[2 * kept + 1] == pair[1];

      memcpy (parts->met + 3 * c, pair, 2 * sizeof *pair);
      parts->met[3 * c + 2] = is_kept;
      kept += is_kept;
    }
  return TRUE;
}

ShsExplainInteractions *
shs_explain_interactions_new (ShsExplainFrame *frame, const ShsTreeEnsemble *ensemble,
                              ShsTreeBackground *background, const ShsTreeOptions *options,
                              GError **error)
{
  g_autoptr (ShsExplainInteractions) self = g_new0 (ShsExplainInteractions, 1);

  self->ensemble = ensemble;
  self->background = background;
  self->options = *options;
  self->pairs = shs_tree_pairs_find (ensemble, error);
  if (self->pairs == NULL || !keep_strongest (self, frame, error))
    return NULL;
  self->cells = shs_interaction_cells_new (frame->model, self->pairs, error);
  if (self->cells == NULL || !make_room (self, frame, error)
      || !record_left_out (self, frame, error))
    return NULL;
  return g_steal_pointer (&self);
}

gsize
shs_explain_interactions_count_rows (const ShsExplainFrame *frame)
{
  gsize n_all = shs_dataset_get_n_rows (shs_column_match_get_dataset (frame->match));

  if (!frame->options->interactions)
    return 0;
  return frame->n_rows + (frame->options->n_pairs > 0 ? MIN (SAMPLE_ROWS, n_all) : 0);
}

/* The columns of one output. */
static ShsMatrix
view_output (const ShsMatrix *all, gsize output, gsize n_columns)
{
  return (ShsMatrix){ all->n_rows, n_columns, all->stride,
                      shs_matrix_column (all, output * n_columns) };
}

static void
copy_matrix (const ShsMatrix *from, ShsMatrix *to)
{
  for (gsize c = 0; c < from->n_columns; c++)
    memcpy (shs_matrix_column (to, c), shs_matrix_column (from, c), from->n_rows * sizeof (double));
}

typedef struct
{
  ShsMatrix *of_pairs;   /* rows x (pairs x outputs) */
  ShsMatrix *of_players; /* rows x (players x outputs): a copy that is changed */
  ShsMatrix *cells;      /* rows x (cells x outputs) */
} Room;

static void
room_clear (Room *self)
{
  g_clear_pointer (&self->of_pairs, shs_matrix_free);
  g_clear_pointer (&self->of_players, shs_matrix_free);
  g_clear_pointer (&self->cells, shs_matrix_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Room, room_clear)

static gboolean
room_init (Room *self, const ShsExplainInteractions *interactions, gsize n_rows, gsize n_outputs,
           GError **error)
{
  self->of_pairs = shs_matrix_new (n_rows, interactions->pairs->n * n_outputs, error);
  if (self->of_pairs != NULL)
    self->of_players = shs_matrix_new (n_rows, interactions->cells->n_players * n_outputs, error);
  if (self->of_players != NULL)
    self->cells = shs_matrix_new (n_rows, interactions->cells->n * n_outputs, error);
  return self->cells != NULL;
}

static gboolean
run_rows (ShsExplainInteractions *self, ShsExplainFrame *frame, const ShsMatrix *features,
          const ShsMatrix *of_players, gsize first_row, Room *room, GError **error)
{
  gsize n = features->n_rows;
  ShsMatrix of_pairs = shs_matrix_rows (room->of_pairs, 0, n);
  ShsMatrix rest = shs_matrix_rows (room->of_players, 0, n);
  ShsMatrix cells = shs_matrix_rows (room->cells, 0, n);

  if (!shs_tree_interactions (self->ensemble, self->background, self->pairs, features,
                              &self->options, &of_pairs, error))
    return FALSE;
  copy_matrix (of_players, &rest);
  for (gsize k = 0; k < frame->n_outputs; k++)
    {
      ShsMatrix pairs_view = view_output (&of_pairs, k, self->pairs->n);
      ShsMatrix rest_view = view_output (&rest, k, self->cells->n_players);
      ShsMatrix cells_view = view_output (&cells, k, self->cells->n);

      shs_interaction_cells_fill (self->cells, self->pairs, &pairs_view, &rest_view, &cells_view);
    }
  return shs_values_write (frame->parts.interactions, first_row, &cells, error);
}

gboolean
shs_explain_interactions_run_block (ShsExplainInteractions *self, ShsExplainFrame *frame,
                                    const ShsMatrix *features, const ShsMatrix *of_players,
                                    GError **error)
{
  gsize per_row = (self->pairs->n + self->cells->n) * frame->n_outputs;
  gsize n_block = choose_block_rows (per_row, features->n_rows);
  g_auto (Room) room = { 0 };

  if (!room_init (&room, self, n_block, frame->n_outputs, error))
    return FALSE;
  for (gsize first = 0; first < features->n_rows; first += n_block)
    {
      gsize n = MIN (n_block, features->n_rows - first);
      ShsMatrix rows = shs_matrix_rows (features, first, n);
      ShsMatrix values = shs_matrix_rows (of_players, first, n);

      if (!shs_progress_check (frame->progress, error)
          || !run_rows (self, frame, &rows, &values, frame->block_first + first, &room, error))
        return FALSE;
    }
  return TRUE;
}
