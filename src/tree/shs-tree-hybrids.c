#include "tree/shs-tree-hybrids.h"

#include "core/shs-memory.h"

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
      ShsTreeHybridLeaf *leaf;

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
      leaf = shs_tree_buffer_extend (&self->leaves, 1, sizeof here, error);
      if (leaf == NULL)
        return FALSE;
      *leaf = here;
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

gsize
shs_tree_hybrids_list_players (const ShsTreeHybrids *self, const ShsTreeTwoRows *two,
                               guint32 *players)
{
  const ShsTreeEnsemble *ensemble = self->ensemble;
  gsize n = 0;

  for (gsize node = 0; node < ensemble->n_nodes; node++)
    if (ensemble->split[node] != SHS_LEAF
        && shs_tree_words_goes_left (two->words, node, two->row)
               != shs_tree_routed_goes_left (two->background, node, two->background_row))
      {
        guint32 player = ensemble->player[ensemble->feature[node]];

        if (self->bit_of[player] != LISTED)
          players[n++] = player;
        self->bit_of[player] = LISTED;
      }
  memset (self->bit_of, NO_BIT, ensemble->n_players);
  return n;
}
