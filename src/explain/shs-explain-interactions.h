/* Interaction values on their way into an explanation. */
#pragma once

#include "explain/shs-explain-frame.h"
#include "tree/shs-tree-interactions.h"

G_BEGIN_DECLS

/**
 * ShsExplainInteractions: which pairs are asked of the engine, and which cells of the matrix
 * (features x features) their values go to.
 *
 * The engine's pairs are of players. Where a player stands for several columns, its row and column
 * of the matrix are split evenly among them, as its value is.
 */
typedef struct _ShsExplainInteractions ShsExplainInteractions;

/**
 * shs_explain_interactions_new: finds the pairs that meet, the strongest of them where the options
 * ask for so many, and makes room in the frame's parts.
 *
 * @options: of the engine; @background: (nullable)
 *
 * Returns: NULL with %SHS_ERROR_MEMORY, telling what to do, or another error
 */
ShsExplainInteractions *shs_explain_interactions_new (ShsExplainFrame *frame,
                                                      const ShsTreeEnsemble *ensemble,
                                                      ShsTreeBackground *background,
                                                      const ShsTreeOptions *options,
                                                      GError **error);
void shs_explain_interactions_free (ShsExplainInteractions *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShsExplainInteractions, shs_explain_interactions_free)

/** shs_explain_interactions_count_rows: for which interactions are computed, those from which the
 * strongest pairs are found included; 0 where none are asked for. */
gsize shs_explain_interactions_count_rows (const ShsExplainFrame *frame);

/**
 * shs_explain_interactions_run_block: interactions of the frame's present block.
 * @features: rows as the ensemble takes them; @of_players: their values: n x (n_players *
 * n_outputs)
 */
gboolean shs_explain_interactions_run_block (ShsExplainInteractions *self, ShsExplainFrame *frame,
                                             const ShsMatrix *features, const ShsMatrix *of_players,
                                             GError **error);

G_END_DECLS
