/* A leaf below more players than a table can have: who meets its conditions, and what follows. */
#pragma once

#include "tree/shs-tree-distinct.h"
#include "tree/shs-tree-partners.h"
#include "tree/shs-tree-patterns.h"

G_BEGIN_DECLS

/**
 * ShsDeepLeaf: all zero before shs_deep_leaf_init().
 * @first_word: of its tree, among those of the batch
 * @found: patterns of the background: bit j: the conditions of player j are met
 * @columns: of its @n_sums sums, see shs-tree-partners.h
 */
typedef struct
{
  const ShsPatternDeep *place;
  const ShsPatternTerm *terms;
  gsize tree;
  gsize first_word;
  ShsTreeDistinct found;
  gsize n_sums;
  guint32 *columns;
} ShsDeepLeaf;

/** shs_deep_count_words: of a pattern. */
static inline gsize
shs_deep_count_words (gsize n_players)
{
  return (n_players + 63) / 64;
}

/** shs_deep_leaf_init: @number: among the deep leaves of @patterns. */
gboolean shs_deep_leaf_init (ShsDeepLeaf *self, const ShsTreePatterns *patterns,
                             const ShsPatternTree *tree, gsize number,
                             const ShsTreePartners *partners, GError **error);
void shs_deep_leaf_clear (ShsDeepLeaf *self);

/**
 * shs_deep_leaf_find_patterns: of 64 rows
 * @words: of the batch: which rows go left
 * @patterns: [row][word of the pattern], written
 */
void shs_deep_leaf_find_patterns (const ShsDeepLeaf *self, const guint64 *words, guint64 *patterns);

/**
 * shs_deep_leaf_explain: what the background tells of a row of pattern @c
 * @sums: written, for a leaf of value 1; undefined where the result is FALSE
 *
 * Returns: whether it tells anything
 */
gboolean shs_deep_leaf_explain (const ShsDeepLeaf *self, const ShsTreePartners *partners,
                                double n_background, const guint64 *c, double *sums);

G_END_DECLS
