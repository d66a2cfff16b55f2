#include "tree/shs-tree-hybrids.h"

#include "core/shs-memory.h"
#include "tree/shs-tree-linear-leaves.h"

#include <string.h>

#define NO_BIT 0xff
#define LISTED 0xfe

gboolean
shs_tree_hybrids_init (ShsTreeHybrids *self, const ShsTreeEnsemble *ensemble, GError **error)
{
  gsize deepest = 0;

  self->ensemble = ensemble;
  for (gsize tree = 0; tree < ensemble->n_trees; tree++)
    deepest = MAX (deepest, ensemble->tree_depth[tree]);
  self->stack = shs_alloc (deepest + 1, sizeof *self->stack, error);
  if (self->stack == NULL)
    return FALSE;
  self->tree_end = shs_alloc (ensemble->n_trees, sizeof *self->tree_end, error);
  if (self->tree_end == NULL)
    return FALSE;
  self->bit_of = shs_alloc (ensemble->n_players, 1, error);
  if (self->bit_of != NULL)
    memset (self->bit_of, NO_BIT, ensemble->n_players);
  return self->bit_of != NULL;
}

void
shs_tree_hybrids_clear (ShsTreeHybrids *self)
{
  shs_tree_buffer_clear (&self->leaves);
  shs_free (self->stack);
  shs_free (self->tree_end);
  shs_free (self->bit_of);
}

/* The player's bit, a new one if need be. */
static guint64
find_bit (ShsTreeHybrids *self, guint32 player)
{
  if (self->bit_of[player] == NO_BIT)
    {
      self->bit_of[player] = (guint8)self->n;
      self->players[self->n++] = player;
    }
  return G_GUINT64_CONSTANT (1) << self->bit_of[player];
}

/* A number of either row at a term of a linear leaf. */
typedef struct
{
  double own;
  double other;
  guint64 bit; /* of its player, where that matters */
} TermValues;

static gboolean
differ (double a, double b)
{
  return a != b && !(isnan (a) && isnan (b));
}

static TermValues
get_term (const ShsTreeHybrids *self, const ShsTreeTwoRows *two, gsize term)
{
  const ShsTreeEnsemble *ensemble = self->ensemble;
  gsize feature = (gsize)ensemble->linear->feature[term];
  guint8 bit = self->bit_of[ensemble->player[feature]];

  return (TermValues){ shs_matrix_get (two->rows, two->number, feature),
                       shs_matrix_get (two->background_rows, two->background_row, feature),
                       bit == NO_BIT ? 0 : G_GUINT64_CONSTANT (1) << bit };
}

/* Whose rows must give what, so that no feature of the leaf is missing. FALSE where none can, or
 * more than @most players differ. */
static gboolean
require_present (ShsTreeHybrids *self, const ShsTreeTwoRows *two, gsize most,
                 const ShsTreeHybridLeaf *leaf, ShsTreeHybridLeaf *present)
{
  const ShsTreeEnsemble *ensemble = self->ensemble;
  const ShsTreeLinearLeaves *linear = ensemble->linear;

  *present = *leaf;
  for (gsize i = linear->first[leaf->node]; i < linear->first[leaf->node + 1]; i++)
    {
      TermValues values = get_term (self, two, i);
      guint64 bit;

      if (self->n > most || (isnan (values.own) && isnan (values.other)))
        return FALSE;
      if (!differ (values.own, values.other))
        continue;
      bit = find_bit (self, ensemble->player[linear->feature[i]]);
      present->from_background |= isnan (values.own) ? bit : 0;
      present->from_row |= isnan (values.other) ? bit : 0;
    }
  return self->n <= most && (present->from_row & present->from_background) == 0;
}

static gboolean
append (ShsTreeHybrids *self, ShsTreeHybridLeaf leaf, GError **error)
{
  ShsTreeHybridLeaf *added = shs_tree_buffer_extend (&self->leaves, 1, sizeof leaf, error);

  if (added != NULL)
    *added = leaf;
  return added != NULL;
}

/* What a linear leaf is worth beyond its constant value: as the background has the free players'
 * features, and the differences that these make. */
static gboolean
add_parts (ShsTreeHybrids *self, const ShsTreeTwoRows *two, gsize most,
           const ShsTreeHybridLeaf *leaf, GError **error)
{
  const ShsTreeLinearLeaves *linear = self->ensemble->linear;
  ShsTreeHybridLeaf present;
  ShsTreeHybridLeaf part;

  if (!require_present (self, two, most, leaf, &present))
    return TRUE;
  present.node = SHS_TREE_NO_NODE;
  present.part
      = linear->constant[leaf->node] - *shs_tree_ensemble_get_leaf (self->ensemble, leaf->node);
  for (gsize i = linear->first[leaf->node]; i < linear->first[leaf->node + 1]; i++)
    {
      TermValues values = get_term (self, two, i);
      gboolean is_own = (present.from_row & values.bit) != 0;

      present.part += linear->coefficient[i] * (is_own ? values.own : values.other);
      if (!differ (values.own, values.other)
          || ((present.from_row | present.from_background) & values.bit) != 0)
        continue;
      part = present;
      part.from_row |= values.bit;
      part.part = linear->coefficient[i] * (values.own - values.other);
      if (!append (self, part, error))
        return FALSE;
    }
  return append (self, present, error);
}

/* Each player of a path comes from one of the rows, and stays with it. */
static gboolean
search_tree (ShsTreeHybrids *self, const ShsTreeTwoRows *two, gsize tree, gsize most,
             GError **error)
{
  const ShsTreeEnsemble *ensemble = self->ensemble;
  gsize n_stacked = 1;

  self->stack[0] = (ShsTreeHybridLeaf){ .node = ensemble->tree_first[tree] };
  while (n_stacked > 0 && self->n <= most)
    {
      ShsTreeHybridLeaf here = self->stack[--n_stacked];

      while (ensemble->split[here.node] != SHS_LEAF && self->n <= most)
        {
          gboolean left = shs_tree_words_goes_left (two->words, here.node, two->row);
          gboolean other
              = shs_tree_routed_goes_left (two->background, here.node, two->background_row);
          gsize right = ensemble->right[here.node];

          if (left != other)
            {
              guint64 bit = find_bit (self, ensemble->player[ensemble->feature[here.node]]);

              if (((here.from_row | here.from_background) & bit) == 0)
                {
                  self->stack[n_stacked] = here;
                  self->stack[n_stacked].from_background |= bit;
                  self->stack[n_stacked++].node = other ? here.node + 1 : right;
                  here.from_row |= bit;
                }
              left = here.from_row & bit ? left : other;
            }
          here.node = left ? here.node + 1 : right;
        }
      if (self->n > most)
        return TRUE;
      if (!append (self, here, error))
        return FALSE;
      if (ensemble->linear != NULL && shs_tree_linear_leaves_count (ensemble->linear, here.node) > 0
          && !add_parts (self, two, most, &here, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
shs_tree_hybrids_find (ShsTreeHybrids *self, const ShsTreeTwoRows *two, gsize most, GError **error)
{
  g_return_val_if_fail (most < G_N_ELEMENTS (self->players), FALSE);
  for (gsize i = 0; i < self->n; i++)
    self->bit_of[self->players[i]] = NO_BIT;
  self->n = self->leaves.n = 0;
  for (gsize tree = 0; tree < self->ensemble->n_trees && self->n <= most; tree++)
    {
      if (!search_tree (self, two, tree, most, error))
        return FALSE;
      self->tree_end[tree] = self->leaves.n;
    }
  return TRUE;
}

static void
list_player (ShsTreeHybrids *self, gint32 feature, guint32 *players, gsize *n)
{
  guint32 player = self->ensemble->player[feature];

  if (self->bit_of[player] != LISTED)
    players[(*n)++] = player;
  self->bit_of[player] = LISTED;
}

gsize
shs_tree_hybrids_list_players (ShsTreeHybrids *self, const ShsTreeTwoRows *two, guint32 *players)
{
  const ShsTreeEnsemble *ensemble = self->ensemble;
  const ShsTreeLinearLeaves *linear = ensemble->linear;
  gsize n = 0;

  for (gsize node = 0; node < ensemble->n_nodes; node++)
    if (ensemble->split[node] != SHS_LEAF
        && shs_tree_words_goes_left (two->words, node, two->row)
               != shs_tree_routed_goes_left (two->background, node, two->background_row))
      list_player (self, ensemble->feature[node], players, &n);
  for (gsize i = 0; linear != NULL && i < linear->first[ensemble->n_nodes]; i++)
    {
      gsize feature = (gsize)linear->feature[i];

      if (differ (shs_matrix_get (two->rows, two->number, feature),
                  shs_matrix_get (two->background_rows, two->background_row, feature)))
        list_player (self, linear->feature[i], players, &n);
    }
  memset (self->bit_of, NO_BIT, ensemble->n_players);
  return n;
}
