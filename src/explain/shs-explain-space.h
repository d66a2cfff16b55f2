/* In which numbers the output is explained, and how margins become them. */
#pragma once

#include "core/shs-matrix.h"
#include "model/shs-model.h"
#include "tree/shs-tree-transformed.h"

G_BEGIN_DECLS

/** ShsSpace: in which numbers the output is explained. */
typedef enum
{
  SHS_SPACE_MARGIN,
  SHS_SPACE_PROBABILITY,
  SHS_SPACE_LOG_LOSS,
  SHS_N_SPACES,
} ShsSpace;

/** shs_space_parse: the command line's word, or -1. */
int shs_space_parse (const char *name);
const char *shs_space_get_name (ShsSpace space);
/** shs_space_get_title: what a person reads. Translated. */
const char *shs_space_get_title (ShsSpace space);

/**
 * ShsExplainSpace: a space of one model.
 * @is_transformed: whether margins are not explained as they are
 * @link: from margins, where they are transformed; @slope: their factor before it
 * @n_outputs: numbers a row
 * @unit: of them
 */
typedef struct
{
  gboolean is_transformed;
  ShsTreeLink link;
  double slope;
  gsize n_outputs;
  const char *unit;
} ShsExplainSpace;

/** shs_explain_space_choose: FALSE with %SHS_ERROR_UNSUPPORTED where the model has no such space.
 */
gboolean shs_explain_space_choose (const ShsModel *model, ShsSpace space, ShsExplainSpace *chosen,
                                   GError **error);
/** shs_explain_space_needs_target: whether the numbers depend on the row's true value. */
gboolean shs_explain_space_needs_target (const ShsExplainSpace *self);
/**
 * shs_explain_space_apply:
 * @margins: n x the model's outputs; @targets: (nullable): n
 * @predictions: n x n_outputs, overwritten
 */
void shs_explain_space_apply (const ShsExplainSpace *self, const ShsMatrix *margins,
                              const double *targets, ShsMatrix *predictions, double *scratch);

G_END_DECLS
