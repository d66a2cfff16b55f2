/* Explanations made up by a random stream, for tests. */
#pragma once

#include "result/shs-explanation.h"

/**
 * ExampleOptions: what the made-up explanation has beyond the least.
 */
typedef struct
{
  gsize n_rows;
  gsize n_features;
  gsize n_outputs;
  gboolean in_double;
  gboolean with_predictions;
  gboolean with_data;
  gboolean with_categories;
  gboolean with_missing;
  gboolean with_target;
  gboolean with_rows; /* names and indices */
  gboolean with_interactions;
  gboolean with_std_errors;
  gboolean with_base_per_row;
  gboolean with_clustering;
  gboolean with_hierarchy; /* n_rows must be 1 */
  gboolean with_shape;     /* n_features = 12: an image of 2 x 3 x 2 */
  gboolean with_two_inputs;
  gboolean with_provenance;
} ExampleOptions;

#define EXAMPLE_KINDS 18

/** example_kind: of EXAMPLE_KINDS: every part alone, and everything at once, for one output (even
 * kinds) and for several. */
ExampleOptions example_kind (gsize kind);

/** example_parts: what example_new() is made of, for tests that add to it. */
ShsExplanationParts example_parts (const ExampleOptions *options, guint64 seed);

/** example_new: additive: predictions are base + sum, but for rounding. */
ShsExplanation *example_new (const ExampleOptions *options, guint64 seed);

/** example_assert_equal: everything, numbers to the last bit; */
void example_assert_equal (ShsExplanation *a, ShsExplanation *b);
