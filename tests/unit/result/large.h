/* Explanations of the shipped examples under a tiny memory budget, for tests. */
#pragma once

#include "explain/shs-explain.h"

#define LARGE_BUDGET (10 * 1024) /* bytes; less than any of the examples' values */

/** large_match: a model and its data in data/examples. */
ShsColumnMatch *large_match (const char *model, const char *data);

/** large_explain: never NULL. */
ShsExplanation *large_explain (ShsColumnMatch *match, const ShsExplainOptions *options);

/** large_save: (transfer full): the bytes of the explanation's file without those of `seconds`,
 * which differ. */
GBytes *large_save (ShsExplanation *explanation, const char *path);

/** large_lift: ends the budget, for the end of a test. */
void large_lift (void);
