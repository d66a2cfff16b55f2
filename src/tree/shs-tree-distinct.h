/* Different patterns, and how often each of them came. */
#pragma once

#include "tree/shs-tree-buffer.h"

G_BEGIN_DECLS

/**
 * ShsTreeDistinct: all zero but for @n_words before the first is added.
 * @n_words: of a pattern
 * @n: patterns, in the order in which they came first
 * @patterns: guint64 [pattern][word]
 * @counts: guint64, by pattern
 */
typedef struct
{
  gsize n_words;
  gsize n;
  ShsTreeBuffer patterns;
  ShsTreeBuffer counts;
} ShsTreeDistinct;

void shs_tree_distinct_clear (ShsTreeDistinct *self);

/**
 * shs_tree_distinct_add:
 * @patterns: @n patterns, at most SHS_TREE_BLOCK
 * @table: guint32: a hash table, which is this list's between the first call, when it is empty, and
 *   the last
 */
gboolean shs_tree_distinct_add (ShsTreeDistinct *self, const guint64 *patterns, gsize n,
                                ShsTreeBuffer *table, GError **error);

G_END_DECLS
