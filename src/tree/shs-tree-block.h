/* Trees in groups, rows in blocks: what predict and the explanations share. */
#pragma once

#include "core/shs-matrix.h"
#include "tree/kernels/shs-tree-kernels.h"

G_BEGIN_DECLS

/** shs_tree_check_shapes: whether @rows fit the ensemble and @result has @n_columns for them. */
gboolean shs_tree_check_shapes (const ShsTreeEnsemble *ensemble, const ShsMatrix *rows,
                                const ShsMatrix *result, gsize n_columns, GError **error);

/** shs_tree_check_width: whether @rows fit the ensemble. */
gboolean shs_tree_check_width (const ShsTreeEnsemble *ensemble, const ShsMatrix *rows,
                               GError **error);

/** shs_tree_check_covers: whether children can be weighed by covers: %SHS_ERROR_UNSUPPORTED where
 * there are none, or where leaves are linear (shs_tree_ensemble_check_constant_leaves()). */
gboolean shs_tree_check_covers (const ShsTreeEnsemble *ensemble, GError **error);

/** shs_tree_check_path: %SHS_ERROR_UNSUPPORTED where a path has more than
 * %SHS_TREE_MAX_PATH_FEATURES players. */
gboolean shs_tree_check_path (gsize n_players, GError **error);

/**
 * ShsTreeGroups: consecutive trees that are worked on together because their nodes fit into the
 * processor's second cache. The division depends on the ensemble alone.
 * @first: n + 1 first trees
 * @most_nodes, @most_trees: of the largest group
 */
typedef struct
{
  gsize n;
  gsize *first;
  gsize most_nodes;
  gsize most_trees;
} ShsTreeGroups;

gboolean shs_tree_groups_init (ShsTreeGroups *self, const ShsTreeEnsemble *ensemble,
                               gsize nodes_per_group, GError **error);
void shs_tree_groups_clear (ShsTreeGroups *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ShsTreeGroups, shs_tree_groups_clear)

/**
 * ShsTreeSlots: the features, or the players, that a group uses. Thousands that a group does not
 * use cost it nothing.
 * @n: slots in use; slot 0 belongs to none
 * @slot_of: by feature or player; 0 for those not used
 * @key_of: by slot: the feature or player
 */
typedef struct
{
  gsize n;
  guint32 *slot_of;
  guint32 *key_of;
} ShsTreeSlots;

/** shs_tree_slots_init: for @n_keys features or players; @most: inner nodes of the largest group.
 */
gboolean shs_tree_slots_init (ShsTreeSlots *self, gsize n_keys, gsize most, GError **error);
void shs_tree_slots_clear (ShsTreeSlots *self);
/** shs_tree_slots_reset: forgets all keys. */
void shs_tree_slots_reset (ShsTreeSlots *self);
/** shs_tree_slots_add: the slot of @key, a new one if need be. */
guint32 shs_tree_slots_add (ShsTreeSlots *self, guint32 key);
/** shs_tree_slots_alloc: (transfer full): 64 rows of as many slots as any group may have for
 * @n_keys features or players, numbers of @size bytes: [slot][64], all 0. */
gpointer shs_tree_slots_alloc (gsize n_keys, const ShsTreeGroups *groups, gsize size,
                               GError **error);
/** shs_tree_slots_load: casts up to 64 rows from @first_row on; @x: [slot][64]. */
void shs_tree_slots_load (const ShsTreeSlots *self, const ShsTreeKernels *kernels,
                          const ShsMatrix *rows, gsize first_row, gpointer x);
/** shs_tree_slots_load_blocks: likewise up to 64 @n_blocks rows; @x: [block][slot][64]. Long
 * stretches of a column come out of memory faster. */
void shs_tree_slots_load_blocks (const ShsTreeSlots *self, const ShsTreeKernels *kernels,
                                 const ShsMatrix *rows, gsize first_row, gsize n_blocks,
                                 gpointer x);

/** shs_tree_route_node_init: what routing needs of @node, which is in the tree that starts at
 * @first_node. */
void shs_tree_route_node_init (ShsRouteNode *self, const ShsTreeEnsemble *ensemble, gsize node,
                               gsize first_node, ShsTreeSlots *slots);

/** shs_tree_routes_sort: nodes of one rule after those of another, which spares the processor wrong
 * guesses about what comes next; their words say which is which. */
void shs_tree_routes_sort (ShsRouteNode *nodes, gsize n);

/** shs_tree_superblock: rows of one task of the pool: a multiple of 64; few when rows are few, so
 * that all threads have work. */
gsize shs_tree_superblock (gsize n_rows, guint n_threads);
/** shs_tree_superblock_up_to: likewise, at most @largest rows, a multiple of 64. */
gsize shs_tree_superblock_up_to (gsize largest, gsize n_rows, guint n_threads);

G_END_DECLS
