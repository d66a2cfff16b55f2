#include "tree/shs-tree-merge-private.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include <string.h>

/* Rows of the background that stand at @node of @tree. */
typedef struct
{
  gsize begin;
  gsize end;
  gsize tree;
  gsize node;
  guint32 parent;
  gboolean is_right;
} Range;

typedef struct
{
  ShsTreeMerged *merged;
  guint32 *rows;
  gsize n_rows;
  ShsTreeBuffer pending; /* Range */
} Merger;

static void
clear_merger (Merger *self)
{
  shs_free (self->rows);
  shs_tree_buffer_clear (&self->pending);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Merger, clear_merger)

void
shs_tree_merged_free (ShsTreeMerged *self)
{
  if (self == NULL)
    return;
  shs_tree_ensemble_unref (self->ensemble);
  shs_tree_routed_clear (&self->background);
  shs_tree_buffer_clear (&self->nodes);
  shs_tree_buffer_clear (&self->leaves);
  shs_free (self->expected);
  shs_free (self);
}

/* Rows that go left first; how many they are. */
static gsize
part_rows (Merger *self, const Range *range)
{
  guint32 *rows = self->rows;
  gsize begin = range->begin;
  gsize end = range->end;

  while (begin < end)
    if (shs_tree_routed_goes_left (&self->merged->background, range->node, rows[begin]))
      begin++;
    else
      {
        guint32 row = rows[--end];

        rows[end] = rows[begin];
        rows[begin] = row;
      }
  return begin - range->begin;
}

/* Goes on to the next question that the rows of @range answer differently; FALSE at the end. */
static gboolean
find_split (Merger *self, Range *range, gsize *n_left)
{
  const ShsTreeEnsemble *ensemble = self->merged->ensemble;

  while (range->tree < ensemble->n_trees)
    if (ensemble->split[range->node] == SHS_LEAF)
      range->node = ensemble->tree_first[++range->tree];
    else
      {
        *n_left = part_rows (self, range);
        if (*n_left > 0 && *n_left < range->end - range->begin)
          return TRUE;
        range->node = *n_left > 0 ? range->node + 1 : ensemble->right[range->node];
      }
  return FALSE;
}

double
shs_tree_merged_get_kept (const ShsTreeMerged *self, const ShsTreeMergedNode *node, guint32 player)
{
  const ShsTreeMergedNode *nodes = self->nodes.memory;
  const ShsTreeEnsemble *ensemble = self->ensemble;

  for (; node->level > 0; node = &nodes[node->parent])
    {
      const ShsTreeMergedNode *above = &nodes[node->parent];

      if (ensemble->player[ensemble->feature[above->split]] == player)
        return above->kept * (node->is_right ? 1 - above->share : above->share);
    }
  return 1;
}

static gboolean
append_leaf (ShsTreeMerged *self, ShsTreeMergedNode *node, gsize n_rows, gsize n_background,
             GError **error)
{
  const ShsTreeEnsemble *ensemble = self->ensemble;
  double *sums = shs_tree_buffer_extend (&self->leaves, ensemble->n_outputs, sizeof *sums, error);

  if (sums == NULL)
    return FALSE;
  memset (sums, 0, ensemble->n_outputs * sizeof *sums);
  for (gsize tree = 0; tree < ensemble->n_trees; tree++)
    {
      gsize at = ensemble->tree_first[tree];

      while (ensemble->split[at] != SHS_LEAF)
        at = shs_tree_routed_goes_left (&self->background, at, node->row) ? at + 1
                                                                          : ensemble->right[at];
      for (gsize k = 0; k < ensemble->leaf_size; k++)
        sums[ensemble->tree_output[tree] + k]
            += ensemble->tree_weight[tree] * shs_tree_ensemble_get_leaf (ensemble, at)[k];
    }
  for (gsize k = 0; k < ensemble->n_outputs; k++)
    self->expected[k] += sums[k] * ((double)n_rows / (double)n_background);
  node->leaf = (guint32)self->n_leaves++;
  return TRUE;
}

static gboolean
push (Merger *self, Range range, GError **error)
{
  Range *place = shs_tree_buffer_extend (&self->pending, 1, sizeof range, error);

  if (place != NULL)
    *place = range;
  return place != NULL;
}

static gboolean
push_children (Merger *self, Range range, gsize n_left, guint32 parent, GError **error)
{
  Range left = range;
  Range right = range;

  left.end = right.begin = range.begin + n_left;
  left.node = range.node + 1;
  right.node = self->merged->ensemble->right[range.node];
  left.parent = right.parent = parent;
  left.is_right = FALSE;
  right.is_right = TRUE;
  return push (self, right, error) && push (self, left, error);
}

static gboolean
merge_range (Merger *self, Range range, GError **error)
{
  ShsTreeMerged *merged = self->merged;
  guint32 number = (guint32)merged->nodes.n;
  ShsTreeMergedNode *node = shs_tree_buffer_extend (&merged->nodes, 1, sizeof *node, error);
  const ShsTreeMergedNode *parent;
  gsize n_left = 0;
  gboolean is_split;

  if (node == NULL)
    return FALSE;
  parent = (ShsTreeMergedNode *)merged->nodes.memory + range.parent;
  is_split = find_split (self, &range, &n_left);
  *node = (ShsTreeMergedNode){ .split = is_split ? range.node : G_MAXSIZE,
                               .tree = range.tree,
                               .row = self->rows[range.begin],
                               .parent = range.parent,
                               .level = number > 0 ? parent->level + 1 : 0,
                               .n_players = number > 0 ? parent->n_players : 0,
                               .is_right = range.is_right };
  if (range.is_right)
    ((ShsTreeMergedNode *)merged->nodes.memory)[range.parent].right = number;
  merged->n_levels = MAX (merged->n_levels, node->level + 1u);
  if (!is_split)
    return append_leaf (merged, node, range.end - range.begin, self->n_rows, error);
  node->share = (double)n_left / (double)(range.end - range.begin);
  node->kept = shs_tree_merged_get_kept (merged, node, shs_tree_merged_get_player (merged, node));
  node->n_players += node->kept == 1;
  merged->most_players = MAX (merged->most_players, node->n_players);
  return push_children (self, range, n_left, number, error);
}

static gboolean
merge_rows (ShsTreeMerged *self, gsize n_rows, ShsProgress *progress, GError **error)
{
  g_auto (Merger) merger = { .merged = self, .n_rows = n_rows };

  merger.rows = shs_alloc (n_rows, sizeof *merger.rows, error);
  if (merger.rows == NULL)
    return FALSE;
  for (gsize row = 0; row < n_rows; row++)
    merger.rows[row] = (guint32)row;
  if (!push (&merger, (Range){ .end = n_rows }, error))
    return FALSE;
  while (merger.pending.n > 0)
    {
      Range range = ((Range *)merger.pending.memory)[--merger.pending.n];

      if (!shs_progress_check (progress, error) || !merge_range (&merger, range, error))
        return FALSE;
    }
  return shs_tree_check_path (self->most_players, error);
}

static gboolean
check_background (const ShsTreeEnsemble *ensemble, const ShsMatrix *background, GError **error)
{
  if (!shs_tree_ensemble_check_constant_leaves (ensemble, error)
      || !shs_tree_check_width (ensemble, background, error))
    return FALSE;
  if (background->n_rows > 0 && background->n_rows < G_MAXUINT32 / 2)
    return TRUE;
  g_set_error (error, SHS_ERROR, SHS_ERROR_INVALID,
               "A background of %" G_GSIZE_FORMAT
               " rows cannot be merged over; give one of 1 to 2147483646 rows",
               background->n_rows);
  return FALSE;
}

ShsTreeMerged *
shs_tree_merge (ShsTreeEnsemble *ensemble, const ShsMatrix *background,
                const ShsTreeOptions *options, GError **error)
{
  g_autoptr (ShsTreeMerged) self = NULL;

  g_return_val_if_fail (ensemble != NULL && background != NULL && options != NULL, NULL);
  if (!check_background (ensemble, background, error))
    return NULL;
  self = shs_alloc0 (1, sizeof *self, error);
  if (self == NULL)
    return NULL;
  self->ensemble = shs_tree_ensemble_ref (ensemble);
  self->expected = shs_alloc (ensemble->n_outputs, sizeof (double), error);
  if (self->expected == NULL)
    return NULL;
  memcpy (self->expected, ensemble->base, ensemble->n_outputs * sizeof (double));
  if (!shs_tree_routed_init (&self->background, ensemble, background, options, error)
      || !merge_rows (self, background->n_rows, options->progress, error))
    return NULL;
  shs_progress_add (options->progress, background->n_rows * ensemble->n_trees);
  return g_steal_pointer (&self);
}

double
shs_tree_merged_get_expected_value (const ShsTreeMerged *self, gsize output)
{
  g_return_val_if_fail (output < self->ensemble->n_outputs, 0);
  return self->expected[output];
}

gsize
shs_tree_merged_get_n_leaves (const ShsTreeMerged *self)
{
  return self->n_leaves;
}
