/* Predictions and Tree SHAP of blocks of rows. */
#pragma once

#include "core/shs-matrix.h"
#include "core/shs-progress.h"
#include "tree/shs-tree-ensemble.h"

G_BEGIN_DECLS

/** ShsPrecision: of the lanes; sums over trees are double in both. */
typedef enum
{
  SHS_PRECISION_SINGLE,
  SHS_PRECISION_DOUBLE,
} ShsPrecision;

/** ShsInstructions: which build of the kernels runs; chosen at run time, forced by tests. */
typedef enum
{
  SHS_INSTRUCTIONS_BEST,
  SHS_INSTRUCTIONS_BASELINE,
  SHS_INSTRUCTIONS_AVX2,
  SHS_INSTRUCTIONS_AVX512,
} ShsInstructions;

/**
 * ShsTreeIndex: which value of the game a player gets.
 * @SHS_TREE_INDEX_SHAPLEY: the mean contribution over all orders in which players may join
 * @SHS_TREE_INDEX_BANZHAF: the mean contribution over all coalitions of the others; the values do
 *   not sum to the prediction
 */
typedef enum
{
  SHS_TREE_INDEX_SHAPLEY,
  SHS_TREE_INDEX_BANZHAF,
} ShsTreeIndex;

/** shs_tree_instructions_available: whether this processor can run them. */
gboolean shs_tree_instructions_available (ShsInstructions instructions);
/** shs_tree_instructions_get_name: "avx512", "avx2" or "baseline"; BEST gives the chosen one. */
const char *shs_tree_instructions_get_name (ShsInstructions instructions);

/**
 * ShsTreeKernel: how path-dependent values are computed. Both are exact; single precision rounds
 * them differently.
 * @SHS_TREE_KERNEL_AUTO: what shs_tree_choose_kernel() says
 * @SHS_TREE_KERNEL_QUADRATURE: quadrature of the multilinear extension
 * @SHS_TREE_KERNEL_TABLES: tables of contributions by pattern of met conditions
 */
typedef enum
{
  SHS_TREE_KERNEL_AUTO,
  SHS_TREE_KERNEL_QUADRATURE,
  SHS_TREE_KERNEL_TABLES,
} ShsTreeKernel;

/**
 * ShsTreeOptions:
 * @precision: of the lanes
 * @instructions: build of the kernels
 * @index: which value of the game
 * @kernel: of path-dependent values; interventional ones always come from tables
 * @n_rows_total: rows of the whole job, of which a call may have a part, so that all parts choose
 *   the same kernel; 0: those of the call
 * @n_threads: most threads; 0 for all
 * @progress: (nullable): rows x trees are added as they are done, and what
 *   shs_tree_count_preparation() and the functions of #ShsTreeBackground that count say; whoever
 *   started it has set the total, since one task may consist of several calls
 */
typedef struct
{
  ShsPrecision precision;
  ShsInstructions instructions;
  ShsTreeIndex index;
  ShsTreeKernel kernel;
  gsize n_rows_total;
  guint n_threads;
  ShsProgress *progress;
} ShsTreeOptions;

/**
 * shs_tree_predict:
 * @rows: n x n_features; NaN is missing; categories as codes
 * @margins: n x n_outputs, overwritten
 *
 * f(x) in double. Cost: about depth comparisons per (row, tree), rows in lanes.
 */
gboolean shs_tree_predict (const ShsTreeEnsemble *ensemble, const ShsMatrix *rows,
                           const ShsTreeOptions *options, ShsMatrix *margins, GError **error);

/** Most different players on one path that can be explained. */
#define SHS_TREE_MAX_PATH_FEATURES 2048

/**
 * shs_tree_path_dependent:
 * @rows: n x n_features
 * @values: n x (n_players * n_outputs), overwritten: column output * n_players + player
 *
 * Path-dependent Tree SHAP (Lundberg et al. 2018, algorithm 1) by Gauss-Legendre quadrature of the
 * multilinear extension, exact with ceil(k / 2) nodes for k distinct players on a path; rows in
 * SIMD lanes; or by tables, see shs_tree_interventional(), which many rows of shallow trees are
 * looked up in. Features of one player count as one. Banzhaf values (Karczmarz et al. 2022): one
 * node at 1/2. Error against exact arithmetic: at most 1e-6 (double: 1e-12) of
 * shs_tree_ensemble_max_leaf_sum().
 *
 * Returns: FALSE with %SHS_ERROR_UNSUPPORTED when the ensemble has no covers or a path has more
 * than %SHS_TREE_MAX_PATH_FEATURES different players, or than tables can have where these are asked
 *   for
 */
gboolean shs_tree_path_dependent (const ShsTreeEnsemble *ensemble, const ShsMatrix *rows,
                                  const ShsTreeOptions *options, ShsMatrix *values, GError **error);

/**
 * shs_tree_saabas:
 * @rows: n x n_features
 * @values: n x (n_players * n_outputs), overwritten: column output * n_players + player
 *
 * Saabas' values, which shap calls approximate: each step of the row's own path changes the
 * expected leaf (by covers); the change goes to the player that the step asks for. They sum to the
 * prediction less the expected value, but players near the root get too little. Double.
 *
 * Returns: FALSE with %SHS_ERROR_UNSUPPORTED when the ensemble has no covers
 */
gboolean shs_tree_saabas (const ShsTreeEnsemble *ensemble, const ShsMatrix *rows,
                          const ShsTreeOptions *options, ShsMatrix *values, GError **error);

/**
 * shs_tree_choose_kernel:
 * @n_rows: of the call; options' n_rows_total counts where it is larger
 * @kernel: (out): the kernel of options, or what %SHS_TREE_KERNEL_AUTO means: tables for shallow
 *   trees and so many rows that building the tables pays, else quadrature
 *
 * The choice depends on the ensemble, the options and the processor alone. What it has to compile
 * stays with the ensemble where tables are chosen. Fails where it is cancelled or memory is short.
 */
gboolean shs_tree_choose_kernel (const ShsTreeEnsemble *ensemble, const ShsTreeOptions *options,
                                 gsize n_rows, ShsTreeKernel *kernel, GError **error);

/** shs_tree_count_preparation: what shs_tree_path_dependent() adds to the progress, besides rows x
 * trees, by building tables that the ensemble does not keep yet; options' kernel was chosen. */
guint64 shs_tree_count_preparation (const ShsTreeEnsemble *ensemble, const ShsTreeOptions *options);

/** shs_tree_describe_kernel: (transfer full): what runs with @options, whose kernel was chosen, for
 * the explanation's record: "tables, avx512, single". */
char *shs_tree_describe_kernel (const ShsTreeOptions *options);

G_END_DECLS
