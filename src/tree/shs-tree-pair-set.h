/* A set of pairs of players, numbered as they come. */
#pragma once

#include "tree/shs-tree-buffer.h"

G_BEGIN_DECLS

/**
 * ShsTreePairSet: all zero is an empty one.
 * @keys: guint64 by number: smaller player << 32 | larger player
 * @table: numbers plus 1, by hash; 0 where there is none
 * @n_places: of @table: a power of 2, or 0
 */
typedef struct
{
  ShsTreeBuffer keys;
  guint32 *table;
  gsize n_places;
} ShsTreePairSet;

/** shs_tree_pair_set_add: the number of the pair of two different players, a new one if need be. */
gboolean shs_tree_pair_set_add (ShsTreePairSet *self, guint32 one, guint32 other, guint32 *number,
                                GError **error);
/** shs_tree_pair_set_seal: gives back what only adding needs. */
void shs_tree_pair_set_seal (ShsTreePairSet *self);
void shs_tree_pair_set_clear (ShsTreePairSet *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ShsTreePairSet, shs_tree_pair_set_clear)

G_END_DECLS
