/* The inside of an explanation, for the files of result/ alone. */
#pragma once

#include "result/shs-explanation.h"

G_BEGIN_DECLS

/* Interactions by pairs, as files have them. */
#define SHS_INTERACTION_VALUES "interaction_values"
#define SHS_INTERACTION_PAIRS "interaction_pairs"
#define SHS_BACKGROUND_VALUES "background_values"

/** ShsSummary: what shs_explanation_summarise() keeps of one output. */
typedef struct
{
  ShsFeatureSummary *features;
  double largest_residual;
} ShsSummary;

struct _ShsExplanation
{
  gint references;
  ShsExplanationParts parts;
  gsize n_rows;
  gsize n_features;
  gsize n_outputs;
  const ShsColumn **columns; /* one a feature: of the inputs, or of made_columns */
  ShsColumn *made_columns;   /* NULL where every input has its own */
  GMutex lock;               /* of summaries, and of the store's writer */
  ShsSummary **summaries;    /* one an output; NULL until asked for */
  double **pair_means;       /* the same of interactions: one number a pair */
};

/** shs_explanation_check_parts: whether all sizes agree; NULL texts have been filled. */
gboolean shs_explanation_check_parts (const ShsExplanationParts *parts, GError **error);

/** shs_explanation_count_features: of all inputs. */
gsize shs_explanation_count_features (const ShsExplanationParts *parts);

/**
 * shs_feature_make_name:
 *
 * Returns: (transfer full): what feature @index of an input without columns is called: "pixel 3,4",
 *   "pixel 3,4 channel 1", "value 5"; with the input's name in front where @with_input
 */
char *shs_feature_make_name (const ShsInput *input, gsize index, gboolean with_input);

/** shs_explanation_need_interactions: FALSE with %SHS_ERROR_CHOICE where there are none. */
gboolean shs_explanation_need_interactions (const ShsExplanation *self, GError **error);

void shs_summary_free (ShsSummary *self);

G_END_DECLS
