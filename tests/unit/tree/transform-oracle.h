/* Values of probabilities and losses by their definition. */
#pragma once

#include "tree-oracle.h"
#include "tree/shs-tree-transformed.h"

G_BEGIN_DECLS

/** oracle_apply_link: g of a row of margins, in the plainest way. */
double oracle_apply_link (const ShsTreeLinkUse *use, const ShsMatrix *margins, gsize row,
                          gsize output);

/** oracle_mixtures: (transfer full): margins of all coalitions of the k players, with each row z of
 * the background: row z * 2^k + coalition. */
ShsMatrix *oracle_mixtures (const ShsTreeEnsemble *ensemble, const ShsMatrix *background,
                            const ShsMatrix *rows, gsize row);

/**
 * oracle_transformed:
 * @margins: of oracle_mixtures()
 * @values: of each player, overwritten
 * @base: (out): the worth of nobody
 */
void oracle_transformed (const ShsTreeEnsemble *ensemble, const ShsMatrix *margins,
                         const ShsTreeLinkUse *use, gsize output, ShsTreeIndex index,
                         double *values, double *base);

G_END_DECLS
