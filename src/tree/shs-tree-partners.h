/* What a row and a row of the background tell each other at a leaf. */
#pragma once

#include "tree/shs-tree-interactions.h"

G_BEGIN_DECLS

/**
 * ShsTreePartners: sums of a leaf: of its players, or of pairs of them.
 *
 * A row that meets the conditions of the players c and a row of the background that meets those of
 * b tell anything of a leaf only if each player of its path is in c or b; the caller has seen to
 * it. With p = |c \ b|, q = |b \ c| and w(p, q) = (p - 1)! q! / (p + q)!, each player of c \ b gets
 * w(p, q) of the leaf's value and each of b \ c gets -w(q, p) of it (Lundberg et al. 2020). A pair
 * within c \ b gets w(p - 1, q), one within b \ c w(q - 1, p), one of each -w(p, q - 1). Banzhaf:
 * w(p, q) = 2^(1 - p - q).
 *
 * @pairs: (nullable): those that are asked for; NULL: players are
 * @n: rows and columns of @weights
 */
typedef struct
{
  const ShsTreeEnsemble *ensemble;
  const ShsTreePairs *pairs;
  gsize n;
  double *weights; /* [p][q] */
} ShsTreePartners;

/** shs_tree_partners_init: for leaves below at most @most_players. */
gboolean shs_tree_partners_init (ShsTreePartners *self, const ShsTreeEnsemble *ensemble,
                                 const ShsTreePairs *pairs, gsize most_players, ShsTreeIndex index,
                                 GError **error);
void shs_tree_partners_clear (ShsTreePartners *self);

/** shs_tree_partners_get_weight: w(p, q); 0 for p = 0. */
static inline double
shs_tree_partners_get_weight (const ShsTreePartners *self, gsize p, gsize q)
{
  return self->weights[p * self->n + q];
}

/** shs_tree_partners_count_sums: of a leaf below @n_players. */
gsize shs_tree_partners_count_sums (const ShsTreePartners *self, gsize n_players);

/** shs_tree_partners_list_columns: where the sums of a leaf go: by sum: the column of an output, or
 * %SHS_TREE_NO_COLUMN. @players: of its path, in the order of the bits of patterns. */
void shs_tree_partners_list_columns (const ShsTreePartners *self, const guint32 *players,
                                     gsize n_players, guint32 *columns);

/**
 * shs_tree_partners_add:
 * @c, @b: patterns of @n_words; bit j of word i: player 64 i + j; at most
 *   %SHS_TREE_MAX_PATH_FEATURES bits are set
 * @share: of the background's rows
 * @sums: added to
 */
void shs_tree_partners_add (const ShsTreePartners *self, gsize n_words, const guint64 *c,
                            const guint64 *b, double share, double *sums);

/** shs_tree_partners_write: adds @sums, times the values of the leaf @node of @tree, to @row. */
void shs_tree_partners_write (const ShsTreePartners *self, gsize tree, gsize node,
                              const guint32 *columns, gsize n_sums, const double *sums, gsize row,
                              ShsMatrix *values);

G_END_DECLS
