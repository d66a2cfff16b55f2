/* What a background holds: for the explanations that use one. */
#pragma once

#include "tree/shs-tree-background.h"
#include "tree/shs-tree-linear-background.h"
#include "tree/shs-tree-pair-tables.h"

G_BEGIN_DECLS

/**
 * ShsTreeBackground:
 * @patterns: by group
 * @first_count: by group, and the end: in @counts and @frequencies
 * @counts: rows with at least the bits of each set; NULL once finished
 * @frequencies: share of the rows by pattern; NULL until finished
 * @reached: by group and deep leaf: rows that reach it; @first_reached: as @first_count
 * @kept: of #ShsMatrix: the rows, where there are deep leaves
 * @linear: (nullable): of linear leaves
 * @expected: by output, once finished
 * @first_portion: by group, and the end
 * @tables: #ShsTreeTables [variant][narrow lines or not][portion]: what was built so far, under
 *   @lock
 * @pair_tables: #ShsTreePairTables [variant][group], likewise
 */
struct _ShsTreeBackground
{
  gint references;
  ShsTreeEnsemble *ensemble;
  ShsTreeGroups groups;
  ShsTreePatterns **patterns;
  gsize *first_count;
  guint64 *counts;
  double *frequencies;
  gsize *first_reached;
  guint64 *reached;
  GPtrArray *kept;
  ShsTreeLinearBackground *linear;
  guint64 n_rows;
  double *expected;
  GMutex lock;
  gsize *first_portion;
  gpointer *tables;
  gpointer *pair_tables;
  gsize n_table_bytes;
};

/** SHS_TREE_VARIANTS: of tables: two precisions, two indices. */
#define SHS_TREE_VARIANTS 4

/** shs_tree_background_get_variant: of tables, for @options. */
static inline gsize
shs_tree_background_get_variant (const ShsTreeOptions *options)
{
  return 2 * (gsize)options->index + (options->precision == SHS_PRECISION_DOUBLE);
}

/** shs_tree_background_get_kept: (nullable): what is kept at @place; any thread. */
gconstpointer shs_tree_background_get_kept (ShsTreeBackground *self, gpointer *place);

/**
 * shs_tree_background_keep:
 * @tables: (transfer full) when the result is TRUE
 *
 * Returns: whether @tables are kept at @place now: not where others are already, or memory would
 *   exceed 256 MiB
 */
gboolean shs_tree_background_keep (ShsTreeBackground *self, gpointer *place, gpointer tables,
                                   gsize n_bytes);

/** shs_tree_background_count: adds @rows to counts and reached. */
gboolean shs_tree_background_count (ShsTreeBackground *self, const ShsMatrix *rows,
                                    const ShsTreeOptions *options, GError **error);

G_END_DECLS
