#include "tree/shs-tree-layout.h"

#include "core/shs-memory.h"

#include <string.h>

gboolean
shs_tree_layout_init (ShsTreeLayout *self, const ShsTreeEnsemble *ensemble,
                      const ShsTreeGroups *groups, GError **error)
{
  self->group = G_MAXSIZE;
  if (!shs_tree_slots_init (&self->slots, ensemble->n_features, groups->most_nodes, error))
    return FALSE;
  self->nodes = shs_alloc (groups->most_nodes, sizeof (ShsRouteNode), error);
  if (self->nodes == NULL)
    return FALSE;
  self->pickers = shs_alloc (groups->most_trees, sizeof (ShsPicker), error);
  if (self->pickers == NULL)
    return FALSE;
  self->leaves = shs_alloc (groups->most_nodes, ensemble->leaf_size * sizeof (double), error);
  return self->leaves != NULL;
}

void
shs_tree_layout_clear (ShsTreeLayout *self)
{
  shs_tree_slots_clear (&self->slots);
  shs_free (self->nodes);
  shs_tree_buffer_clear (&self->splits);
  shs_tree_ranking_clear (&self->ranking);
  shs_tree_buffer_clear (&self->picks);
  shs_free (self->pickers);
  shs_free (self->leaves);
}

static gsize
count_nodes (const ShsTreeEnsemble *ensemble, gsize tree)
{
  return ensemble->tree_first[tree + 1] - ensemble->tree_first[tree];
}

static gboolean
is_picked (const ShsTreeEnsemble *ensemble, gsize tree)
{
  return count_nodes (ensemble, tree) < 2 * SHS_PICK_LEAVES;
}

/* Whether the tree is laid out as a complete one of its depth, for which no more memory is needed
 * than its nodes take. */
static gboolean
is_full (const ShsTreeEnsemble *ensemble, gsize tree)
{
  guint depth = (guint)ensemble->tree_depth[tree];

  return depth <= SHS_PICK_BITS && (gsize)1 << depth <= count_nodes (ensemble, tree);
}

gboolean
shs_tree_layout_has_codes (const ShsTreeEnsemble *ensemble, gsize tree)
{
  return is_picked (ensemble, tree) || is_full (ensemble, tree);
}

gsize
shs_tree_layout_count_codes (const ShsTreeEnsemble *ensemble, gsize tree)
{
  return is_full (ensemble, tree) ? (gsize)1 << ensemble->tree_depth[tree]
                                  : count_nodes (ensemble, tree) / 2 + 1;
}

/* Leaves of a tree of the group that starts at node @begin, column by column; ranks count from the
 * first leaf, codes from the last. */
static void
prepare_leaves (ShsTreeLayout *self, const ShsTreeEnsemble *ensemble, gsize tree, gsize begin)
{
  gsize first = ensemble->tree_first[tree];
  gsize n_nodes = count_nodes (ensemble, tree);
  gsize n_leaves = n_nodes / 2 + 1;
  double *values = self->leaves + (first - begin) * ensemble->leaf_size;
  gsize rank = 0;

  for (gsize node = first; node < first + n_nodes; node++)
    {
      gsize place = is_picked (ensemble, tree) ? n_leaves - 1 - rank : rank;

      if (ensemble->split[node] != SHS_LEAF)
        continue;
      for (gsize k = 0; k < ensemble->leaf_size; k++)
        values[k * n_leaves + place]
            = ensemble->tree_weight[tree] * shs_tree_ensemble_get_leaf (ensemble, node)[k];
      rank++;
    }
}

/* What routing reads of a tree, at the places that belong to its nodes in the group. */
static void
prepare_routes (ShsTreeLayout *self, const ShsTreeEnsemble *ensemble, gsize tree, gsize begin)
{
  gsize first = ensemble->tree_first[tree];
  ShsRouteNode *route = self->nodes + (first - begin);
  guint32 n_leaves = 0;

  for (gsize node = first; node < first + count_nodes (ensemble, tree); node++, route++)
    {
      shs_tree_route_node_init (route, ensemble, node, first, &self->slots);
      if (ensemble->split[node] == SHS_LEAF)
        route->right = n_leaves++;
    }
}

/* Likewise of its splits alone. */
static gboolean
prepare_splits (ShsTreeLayout *self, const ShsTreeEnsemble *ensemble, gsize tree, GError **error)
{
  gsize first = ensemble->tree_first[tree];
  gsize n_nodes = count_nodes (ensemble, tree);
  gsize word = self->n_words;
  ShsRouteNode *route = shs_tree_buffer_extend (&self->splits, n_nodes / 2, sizeof *route, error);

  if (route == NULL)
    return FALSE;
  self->n_words += n_nodes / 2;
  for (gsize node = first; node < first + n_nodes; node++)
    if (ensemble->split[node] != SHS_LEAF)
      {
        shs_tree_route_node_init (route, ensemble, node, first, &self->slots);
        route++->word = (guint32)word++;
      }
  return TRUE;
}

/* The word of a bit below a split, given those below its children. */
static guint16
choose_word (ShsPick *picks, gsize *n_picks, gsize n_splits, ShsPick pick)
{
  if (pick.left == pick.right)
    return pick.left;
  if (pick.left == 1 && pick.right == 0)
    return pick.split;
  picks[*n_picks] = pick;
  return (guint16)(2 + n_splits + (*n_picks)++);
}

/* Codes count from the last leaf to the first, so that the one bit in which two sibling leaves
 * differ mostly is their split's go-left word itself. */
static gboolean
prepare_picks (ShsTreeLayout *self, const ShsTreeEnsemble *ensemble, gsize tree, ShsPicker *picker,
               GError **error)
{
  gsize first = ensemble->tree_first[tree];
  gsize n_nodes = count_nodes (ensemble, tree);
  gsize n_splits = n_nodes / 2;
  gsize split = n_splits;
  gsize code = 0;
  guint16 words[2 * SHS_PICK_LEAVES][SHS_PICK_BITS];
  ShsPick *picks;

  *picker = (ShsPicker){ .first_word = self->n_words,
                         .n_splits = n_splits,
                         .n_bits = n_splits > 0 ? g_bit_storage (n_splits) : 0 };
  picks
      = shs_tree_buffer_extend (&self->picks, n_splits * picker->n_bits + 1, sizeof *picks, error);
  if (picks == NULL)
    return FALSE;
  picker->picks = picks;
  for (gsize node = n_nodes; node-- > 0;)
    {
      gboolean is_leaf = ensemble->split[first + node] == SHS_LEAF;
      const guint16 *left = words[node + 1];
      const guint16 *right = words[ensemble->right[first + node] - first];

      split -= !is_leaf;
      for (guint bit = 0; bit < picker->n_bits; bit++)
        words[node][bit]
            = is_leaf ? code >> bit & 1
                      : choose_word (picks, &picker->n_picks, n_splits,
                                     (ShsPick){ (guint16)(2 + split), left[bit], right[bit] });
      code += is_leaf;
    }
  memcpy (picker->bits, words[0], sizeof picker->bits);
  self->picks.n -= n_splits * picker->n_bits + 1 - picker->n_picks;
  return TRUE;
}

/* A complete tree, of which @node has @number at @depth. All codes that begin like the way to a
 * leaf are the leaf's. */
typedef struct
{
  const ShsTreeEnsemble *ensemble;
  gsize tree;
  gsize first_word;
  ShsRouteNode *next;
  double *values;
} FullTree;

static void
place_full (FullTree *self, ShsTreeSlots *slots, gsize node, guint depth, gsize number)
{
  const ShsTreeEnsemble *ensemble = self->ensemble;
  gsize bit = (gsize)1 << depth;
  gsize n_codes = shs_tree_layout_count_codes (ensemble, self->tree);

  if (ensemble->split[node] == SHS_LEAF)
    {
      for (gsize code = ~number & (bit - 1); code < n_codes; code += bit)
        for (gsize k = 0; k < ensemble->leaf_size; k++)
          self->values[k * n_codes + code]
              = ensemble->tree_weight[self->tree] * shs_tree_ensemble_get_leaf (ensemble, node)[k];
      return;
    }
  shs_tree_route_node_init (self->next, ensemble, node, ensemble->tree_first[self->tree], slots);
  self->next++->word = (guint32)(self->first_word + bit + number);
  place_full (self, slots, node + 1, depth + 1, number);
  place_full (self, slots, (gsize)ensemble->right[node], depth + 1, number + bit);
}

static gboolean
prepare_full (ShsTreeLayout *self, const ShsTreeEnsemble *ensemble, gsize tree, double *values,
              ShsPicker *picker, GError **error)
{
  gsize first = ensemble->tree_first[tree];
  gsize n_splits = count_nodes (ensemble, tree) / 2;
  FullTree full
      = { .ensemble = ensemble,
          .tree = tree,
          .first_word = self->n_words,
          .next = shs_tree_buffer_extend (&self->splits, n_splits, sizeof *full.next, error),
          .values = values };

  if (full.next == NULL)
    return FALSE;
  *picker = (ShsPicker){ .first_word = self->n_words,
                         .n_splits = n_splits,
                         .n_bits = (guint)ensemble->tree_depth[tree],
                         .is_full = TRUE };
  self->n_words += shs_tree_layout_count_codes (ensemble, tree);
  place_full (&full, &self->slots, first, 0, 0);
  return TRUE;
}

static gboolean
prepare_tree (ShsTreeLayout *self, const ShsTreeEnsemble *ensemble, gsize first, gsize tree,
              GError **error)
{
  gsize begin = ensemble->tree_first[first];

  if (is_full (ensemble, tree))
    return prepare_full (self, ensemble, tree,
                         self->leaves + (ensemble->tree_first[tree] - begin) * ensemble->leaf_size,
                         &self->pickers[tree - first], error);
  prepare_leaves (self, ensemble, tree, begin);
  if (is_picked (ensemble, tree))
    return prepare_picks (self, ensemble, tree, &self->pickers[tree - first], error)
           && prepare_splits (self, ensemble, tree, error);
  prepare_routes (self, ensemble, tree, begin);
  return TRUE;
}

static gboolean
rank_splits (ShsTreeLayout *self, gboolean ranks, GError **error)
{
  self->n_routed = self->splits.n;
  self->ranking.slots.n = 0;
  if (self->splits.n == 0)
    return TRUE;
  if (ranks
      && !shs_tree_ranking_build (&self->ranking, self->splits.memory, self->splits.n,
                                  &self->n_routed, error))
    return FALSE;
  if (self->n_routed > 0)
    shs_tree_routes_sort (self->splits.memory, self->n_routed);
  return TRUE;
}

/* The picks have found their place. */
static void
place_picks (ShsTreeLayout *self, const ShsTreeEnsemble *ensemble, gsize first, gsize n_trees)
{
  const ShsPick *picks = self->picks.memory;

  for (gsize i = 0; i < n_trees; i++)
    if (is_picked (ensemble, first + i) && !is_full (ensemble, first + i))
      {
        self->pickers[i].picks = picks;
        picks += self->pickers[i].n_picks;
      }
}

gboolean
shs_tree_layout_prepare (ShsTreeLayout *self, const ShsTreeEnsemble *ensemble,
                         const ShsTreeGroups *groups, gsize group, gboolean ranks, GError **error)
{
  gsize first = groups->first[group];
  gsize n_trees = groups->first[group + 1] - first;

  if (self->group == group)
    return TRUE;
  self->group = G_MAXSIZE;
  self->picks.n = self->splits.n = self->n_words = 0;
  shs_tree_slots_reset (&self->slots);
  for (gsize i = 0; i < n_trees; i++)
    if (!prepare_tree (self, ensemble, first, first + i, error))
      return FALSE;
  place_picks (self, ensemble, first, n_trees);
  if (!rank_splits (self, ranks, error))
    return FALSE;
  self->group = group;
  return TRUE;
}
