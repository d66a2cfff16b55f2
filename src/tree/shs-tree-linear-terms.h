/* Who takes part in each linear leaf: the players of its path and of its terms. Private to tree/.
 */
#pragma once

#include "tree/shs-tree-buffer.h"
#include "tree/shs-tree-linear-leaves.h"
#include "tree/shs-tree-words.h"

G_BEGIN_DECLS

/** ShsTreeLinearStep: a split above a leaf; @player: among those of the leaf. */
typedef struct
{
  gsize node;
  guint32 player;
  gboolean is_left;
} ShsTreeLinearStep;

/** ShsTreeLinearTerm: @slot: of the feature among @features of ShsTreeLinearTerms; @player: among
 * those of the leaf; @coefficient: times the tree's weight. */
typedef struct
{
  guint32 slot;
  guint32 player;
  double coefficient;
} ShsTreeLinearTerm;

/**
 * ShsTreeLinearPlace: a linear leaf.
 * @difference: constant less the value where a feature is missing, times the tree's weight
 */
typedef struct
{
  gsize output;
  gsize first_step;
  gsize n_steps;
  gsize first_player;
  gsize n_players;
  gsize first_term;
  gsize n_terms;
  double difference;
} ShsTreeLinearPlace;

/**
 * ShsTreeLinearTerms: of all linear leaves of an ensemble, tree by tree; all zero is empty.
 * @places: #ShsTreeLinearPlace; @first_place: by tree, and the end
 * @steps: #ShsTreeLinearStep; @players: guint32; @terms: #ShsTreeLinearTerm
 * @features: by slot
 */
typedef struct
{
  const ShsTreeEnsemble *ensemble;
  gsize *first_place;
  ShsTreeBuffer places;
  ShsTreeBuffer steps;
  ShsTreeBuffer players;
  ShsTreeBuffer terms;
  guint32 *features;
  gsize n_slots;
  gsize most_players;
  gsize most_terms;
} ShsTreeLinearTerms;

/** shs_tree_linear_terms_init: FALSE with %SHS_ERROR_UNSUPPORTED where a leaf has more than
 * %SHS_TREE_MAX_PATH_FEATURES players. */
gboolean shs_tree_linear_terms_init (ShsTreeLinearTerms *self, const ShsTreeEnsemble *ensemble,
                                     GError **error);
void shs_tree_linear_terms_clear (ShsTreeLinearTerms *self);

/** shs_tree_linear_terms_count_words: of a pattern of a leaf with @n_players. */
static inline gsize
shs_tree_linear_terms_count_words (gsize n_players)
{
  return MAX (1, (n_players + 63) / 64);
}

/** shs_tree_linear_terms_find_present: (transfer full): by shs_alloc(): [block of 64 rows][slot]:
 * which rows have a value of the slot's feature. */
guint64 *shs_tree_linear_terms_find_present (const ShsTreeLinearTerms *self, const ShsMatrix *rows,
                                             GError **error);

/**
 * shs_tree_linear_terms_find_patterns:
 * @words: of the block
 * @present: of the block
 * @patterns: [64][words of a pattern], overwritten: bit p of a row's pattern says that the row does
 *   all that the leaf asks of its player p: it takes the turns of the path that ask for features
 *   of p, and no feature of p that the leaf multiplies is missing
 */
void shs_tree_linear_terms_find_patterns (const ShsTreeLinearTerms *self,
                                          const ShsTreeLinearPlace *place,
                                          const ShsTreeWords *words, const guint64 *present,
                                          guint64 *patterns);

G_END_DECLS
