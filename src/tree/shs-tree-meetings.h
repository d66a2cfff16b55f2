/* Who meets whom: what the pair kernels read of a compiled tree, beside its operations. */
#pragma once

#include "tree/shs-tree-facts.h"
#include "tree/shs-tree-program.h"

G_BEGIN_DECLS

/**
 * ShsTreePath: the different players above the node at hand, while a tree is compiled.
 * @facts, @routes: of the tree and of the program
 * @players: slots of the @n players in the order of their first splits
 * @level: by player's slot: of the last split
 * @node: by level: the split
 * @before: by level: what @level of its player was
 */
typedef struct
{
  const ShsTreeFacts *facts;
  const ShsRouteNode *routes;
  guint32 *players;
  guint32 *level;
  guint32 *node;
  guint32 *before;
  gsize n;
} ShsTreePath;

/** shs_tree_path_init: for a tree of @n_nodes nodes; the memory is the program's. */
gboolean shs_tree_path_init (ShsTreePath *self, ShsTreeProgram *program, gsize n_nodes,
                             GError **error);
/** shs_tree_path_push: goes below @node, which is at @level. */
void shs_tree_path_push (ShsTreePath *self, gsize node, guint32 level);
/** shs_tree_path_pop: comes back from the node at @level. */
void shs_tree_path_pop (ShsTreePath *self, guint32 level);

/** shs_tree_meetings_write: those of an operation that starts at @node: @step. */
gboolean shs_tree_meetings_write (ShsTreeProgram *program, const ShsTreePath *path, gsize node,
                                  ShsQuadratureStep step, GError **error);

/** shs_tree_meetings_count_pairs: of the meetings from number @first on. */
gsize shs_tree_meetings_count_pairs (const ShsTreeProgram *program, gsize first);

G_END_DECLS
