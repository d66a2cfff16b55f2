#include "tree/shs-tree-interactions.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "tree/shs-tree-block.h"
#include "tree/shs-tree-linear-leaves.h"
#include "tree/shs-tree-pair-set.h"

#include <stdlib.h>

/* Where the search stands in a tree: the different players above the node at hand. */
typedef struct
{
  const ShsTreeEnsemble *ensemble;
  ShsTreePairSet pairs;
  guint32 *end;     /* by node of a tree: behind the last node of its subtree */
  guint8 *is_above; /* by player */
  guint32 *player;  /* of the path */
  guint32 *until;   /* of the path: end of the subtree of the player's first split */
  gsize n;          /* players of the path */
} Search;

static void
clear_search (Search *self)
{
  shs_tree_pair_set_clear (&self->pairs);
  shs_free (self->end);
  shs_free (self->is_above);
  shs_free (self->player);
  shs_free (self->until);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Search, clear_search)

static gboolean
init_search (Search *self, GError **error)
{
  const ShsTreeEnsemble *ensemble = self->ensemble;
  gsize n_places = MIN (ensemble->n_players, SHS_TREE_MAX_PATH_FEATURES) + 1;
  gsize most_nodes = 0;

  for (gsize tree = 0; tree < ensemble->n_trees; tree++)
    most_nodes = MAX (most_nodes, ensemble->tree_first[tree + 1] - ensemble->tree_first[tree]);
  self->end = shs_alloc (most_nodes, sizeof *self->end, error);
  if (self->end == NULL)
    return FALSE;
  self->is_above = shs_alloc0 (ensemble->n_players, sizeof *self->is_above, error);
  if (self->is_above == NULL)
    return FALSE;
  self->player = shs_alloc (n_places, sizeof *self->player, error);
  if (self->player == NULL)
    return FALSE;
  self->until = shs_alloc (n_places, sizeof *self->until, error);
  return self->until != NULL;
}

static void
find_ends (Search *self, gsize first, gsize n)
{
  for (gsize i = n; i-- > 0;)
    self->end[i] = self->ensemble->split[first + i] == SHS_LEAF
                       ? (guint32)i + 1
                       : self->end[self->ensemble->right[first + i] - first];
}

static void
leave_subtrees (Search *self, gsize node)
{
  while (self->n > 0 && self->until[self->n - 1] <= node)
    self->is_above[self->player[--self->n]] = FALSE;
}

static gboolean
add_player (Search *self, guint32 player, gsize node, GError **error)
{
  if (self->is_above[player])
    return TRUE;
  if (!shs_tree_check_path (self->n + 1, error))
    return FALSE;
  self->is_above[player] = TRUE;
  self->player[self->n] = player;
  self->until[self->n++] = self->end[node];
  return TRUE;
}

/* What a leaf multiplies meets the players above it, and each other. */
static gboolean
add_leaf (Search *self, gsize leaf, GError **error)
{
  const ShsTreeEnsemble *ensemble = self->ensemble;
  const ShsTreeLinearLeaves *linear = ensemble->linear;
  gsize end = linear->first[leaf + 1];
  guint32 number;

  for (gsize i = linear->first[leaf]; i < end; i++)
    {
      guint32 player = ensemble->player[linear->feature[i]];

      for (gsize j = 0; j < self->n; j++)
        if (self->player[j] != player
            && !shs_tree_pair_set_add (&self->pairs, self->player[j], player, &number, error))
          return FALSE;
      for (gsize j = i + 1; j < end; j++)
        if (ensemble->player[linear->feature[j]] != player
            && !shs_tree_pair_set_add (&self->pairs, ensemble->player[linear->feature[j]], player,
                                       &number, error))
          return FALSE;
    }
  return TRUE;
}

static gboolean
search_tree (Search *self, gsize tree, GError **error)
{
  const ShsTreeEnsemble *ensemble = self->ensemble;
  gsize first = ensemble->tree_first[tree];
  gsize n = ensemble->tree_first[tree + 1] - first;

  find_ends (self, first, n);
  for (gsize node = 0; node < n; node++)
    {
      guint32 player;
      guint32 number;

      leave_subtrees (self, node);
      if (ensemble->split[first + node] == SHS_LEAF)
        {
          if (ensemble->linear != NULL && !add_leaf (self, first + node, error))
            return FALSE;
          continue;
        }
      player = ensemble->player[ensemble->feature[first + node]];
      for (gsize i = 0; i < self->n; i++)
        if (self->player[i] != player
            && !shs_tree_pair_set_add (&self->pairs, self->player[i], player, &number, error))
          return FALSE;
      if (!add_player (self, player, node, error))
        return FALSE;
    }
  leave_subtrees (self, n);
  return TRUE;
}

static int
compare_keys (gconstpointer a, gconstpointer b)
{
  guint64 left = *(const guint64 *)a;
  guint64 right = *(const guint64 *)b;

  return left < right ? -1 : left > right;
}

static ShsTreePairs *
new_pairs (gsize n, GError **error)
{
  g_autoptr (ShsTreePairs) self = shs_alloc0 (1, sizeof *self, error);

  if (self == NULL)
    return NULL;
  self->n = n;
  self->first = shs_alloc (n, sizeof *self->first, error);
  if (self->first == NULL)
    return NULL;
  self->second = shs_alloc (n, sizeof *self->second, error);
  return self->second != NULL ? g_steal_pointer (&self) : NULL;
}

ShsTreePairs *
shs_tree_pairs_find (const ShsTreeEnsemble *ensemble, GError **error)
{
  g_auto (Search) search = { .ensemble = ensemble };
  ShsTreePairs *self;
  guint64 *keys;

  g_return_val_if_fail (ensemble != NULL, NULL);
  if (!init_search (&search, error))
    return NULL;
  for (gsize tree = 0; tree < ensemble->n_trees; tree++)
    if (!search_tree (&search, tree, error))
      return NULL;
  keys = search.pairs.keys.memory;
  if (search.pairs.keys.n > 0)
    qsort (keys, search.pairs.keys.n, sizeof *keys, compare_keys);
  self = new_pairs (search.pairs.keys.n, error);
  for (gsize i = 0; self != NULL && i < self->n; i++)
    {
      self->first[i] = (guint32)(keys[i] >> 32);
      self->second[i] = (guint32)keys[i];
    }
  return self;
}

ShsTreePairs *
shs_tree_pairs_pick (const ShsTreePairs *self, const gsize *numbers, gsize n, GError **error)
{
  ShsTreePairs *picked;

  g_return_val_if_fail (self != NULL && (numbers != NULL || n == 0), NULL);
  picked = new_pairs (n, error);
  for (gsize i = 0; picked != NULL && i < n; i++)
    {
      picked->first[i] = self->first[numbers[i]];
      picked->second[i] = self->second[numbers[i]];
    }
  return picked;
}

void
shs_tree_pairs_free (ShsTreePairs *self)
{
  if (self == NULL)
    return;
  shs_free (self->first);
  shs_free (self->second);
  shs_free (self);
}

gsize
shs_tree_pairs_look_up (const ShsTreePairs *self, guint32 first, guint32 second)
{
  gsize begin = 0;
  gsize end = self->n;

  while (begin < end)
    {
      gsize middle = begin + (end - begin) / 2;

      if (self->first[middle] == first && self->second[middle] == second)
        return middle;
      if (self->first[middle] < first
          || (self->first[middle] == first && self->second[middle] < second))
        begin = middle + 1;
      else
        end = middle;
    }
  return G_MAXSIZE;
}
