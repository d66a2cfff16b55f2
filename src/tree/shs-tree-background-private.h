/* What a background holds: for the explanations that use one. */
#pragma once

#include "tree/shs-tree-background.h"
#include "tree/shs-tree-linear-background.h"
#include "tree/shs-tree-pair-tables.h"

G_BEGIN_DECLS

/**
 * ShsTreeBackground:
 * @patterns: by group
 * @counts: by group: rows with at least the bits of each set; NULL of a group that is counted when
 *   it is asked for, and of all once finished
 * @shares: by group: of the rows by pattern; NULL until finished, and likewise
 * @reached: by group and deep leaf: rows that reach it; @first_reached: by group, and the end
 * @kept: of #ShsMatrix: the rows, where @keeps_rows: there are deep leaves, or groups that are
 *   counted when they are asked for
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
  guint64 **counts;
  double **shares;
  gsize *first_reached;
  guint64 *reached;
  gboolean keeps_rows;
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

/**
 * shs_tree_background_count:
 * @counts: of @group: rows with at least the bits of each set, added to
 * @reached: (nullable): of the whole background, added to; NULL when @rows were counted before: the
 *   progress does not count them again either
 */
gboolean shs_tree_background_count (const ShsTreeBackground *self, gsize group,
                                    const ShsMatrix *rows, guint64 *counts, guint64 *reached,
                                    const ShsTreeOptions *options, GError **error);

/** shs_tree_background_count_kept: likewise all rows that are kept. */
gboolean shs_tree_background_count_kept (const ShsTreeBackground *self, gsize group,
                                         guint64 *counts, guint64 *reached,
                                         const ShsTreeOptions *options, GError **error);

/** shs_tree_background_add_expected: what the leaves of @group add to the mean prediction. */
void shs_tree_background_add_expected (ShsTreeBackground *self, gsize group, const guint64 *counts);

/** shs_tree_background_find_shares: @counts become the shares, in the same memory. */
gboolean shs_tree_background_find_shares (const ShsTreeBackground *self, gsize group,
                                          guint64 *counts, ShsProgress *progress, GError **error);

/**
 * shs_tree_background_get_shares: of the rows by pattern of the units of @group
 * @own: (inout): where they go if they are not kept, and come from if they are there; for
 *   shs_free()
 */
const double *shs_tree_background_get_shares (ShsTreeBackground *self, gsize group,
                                              const ShsTreeOptions *options, double **own,
                                              GError **error);

G_END_DECLS
