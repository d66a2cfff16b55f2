/* From interactions of players to the matrix of features. */
#pragma once

#include "model/shs-model.h"
#include "tree/shs-tree-interactions.h"

G_BEGIN_DECLS

/**
 * ShsInteractionCells: the stored cells of a symmetric matrix (features x features), and what each
 * is made of; immutable.
 *
 * Of players the matrix holds half of a pair's interaction in both of its cells, and on the
 * diagonal the player's value less the halves. A player of several columns has its row and its
 * column split evenly among them, so that a row still sums to the feature's value.
 *
 * @n: cells
 * @pairs: 2 n features a <= b, ascending; every (a, a) is there
 */
typedef struct _ShsCellPart ShsCellPart;
typedef struct
{
  gsize n;
  guint32 *pairs;
  gsize n_players;
  gsize n_parts;
  ShsCellPart *parts;
} ShsInteractionCells;

ShsInteractionCells *shs_interaction_cells_new (const ShsModel *model, const ShsTreePairs *pairs,
                                                GError **error);
void shs_interaction_cells_free (ShsInteractionCells *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShsInteractionCells, shs_interaction_cells_free)

/**
 * shs_interaction_cells_fill: one output.
 * @pairs: those of the constructor
 * @of_pairs: n x pairs->n: whole interactions
 * @of_players: n x n_players: values; less the halves afterwards
 * @cells: n x self->n, overwritten
 */
void shs_interaction_cells_fill (const ShsInteractionCells *self, const ShsTreePairs *pairs,
                                 const ShsMatrix *of_pairs, ShsMatrix *of_players,
                                 ShsMatrix *cells);

G_END_DECLS
