/* The leaves of a tree whose units are too wide for tables of pairs, and who meets their
 * conditions.
 */
#pragma once

#include "tree/shs-tree-background-private.h"

G_BEGIN_DECLS

/** ShsLonePattern: share of the background's rows with a pattern: bit j of @met: the conditions of
 * player j are met. */
typedef struct
{
  guint64 met;
  double share;
} ShsLonePattern;

/** ShsLoneTerm: a split on the path to a leaf; @player: its number on the path. */
typedef struct
{
  gsize node;
  gboolean is_right;
  guint player;
} ShsLoneTerm;

/** ShsLoneLeaf: its players, terms and patterns are parts of the lists of #ShsLoneLeaves. */
typedef struct
{
  gsize node;
  guint n_players;
  gsize first_player;
  gsize first_term;
  gsize n_terms;
  gsize first_pattern;
  gsize n_patterns;
} ShsLoneLeaf;

/**
 * ShsLoneLeaves: of one tree at a time.
 * @patterns, @shares: of the tree's group
 * @parents: guint32 by node of the tree
 * @leaves, @players, @terms, @found: #ShsLoneLeaf, guint32, #ShsLoneTerm, #ShsLonePattern
 */
typedef struct
{
  const ShsTreeBackground *background;
  const ShsTreePatterns *patterns;
  const double *shares;
  gsize tree;
  ShsTreeBuffer parents;
  ShsTreeBuffer leaves;
  ShsTreeBuffer players;
  ShsTreeBuffer terms;
  ShsTreeBuffer found;
} ShsLoneLeaves;

void shs_lone_leaves_clear (ShsLoneLeaves *self);
/** shs_lone_leaves_set_tree: forgets all leaves. */
gboolean shs_lone_leaves_set_tree (ShsLoneLeaves *self, const ShsPatternTree *tree, GError **error);
/** shs_lone_leaves_forget: the leaves; the tree stays. */
void shs_lone_leaves_forget (ShsLoneLeaves *self);

/** shs_lone_leaves_add: @place: one of @unit's; left out where it lies below fewer than two
 * players.
 */
gboolean shs_lone_leaves_add (ShsLoneLeaves *self, const ShsPatternUnit *unit,
                              const ShsPatternLeaf *place, GError **error);

/** shs_lone_leaves_find_met: which of 64 rows meet the conditions of each player of @leaf; @words:
 * of the rows, by node of the tree. */
void shs_lone_leaves_find_met (const ShsLoneLeaves *self, const ShsLoneLeaf *leaf,
                               const guint64 *words, guint64 met[SHS_PATTERN_BITS]);

/** shs_lone_gather: the pattern of one of the rows. */
static inline guint64
shs_lone_gather (const guint64 *met, guint n_players, gsize row)
{
  guint64 bits = 0;

  for (guint j = 0; j < n_players; j++)
    bits |= (met[j] >> row & 1) << j;
  return bits;
}

G_END_DECLS
