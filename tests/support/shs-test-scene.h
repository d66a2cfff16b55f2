/* What is asked of every scene: texts apart from each other and within the figure. */
#pragma once

#include "plot/shs-plot.h"

G_BEGIN_DECLS

/** shs_test_assert_texts_apart: ends the test, naming @what, when two texts touch or one leaves the
 * figure, or a coordinate is not finite. */
void shs_test_assert_texts_apart (const ShsScene *scene, const char *what);

/** shs_test_assert_layouts: builds every kind from @explanation in many sizes, and checks each. */
void shs_test_assert_layouts (ShsExplanation *explanation, const char *what,
                              ShsTextMeasurer *measurer);

/** shs_test_build: (transfer full): a scene of the natural size; ends the test without one. */
ShsScene *shs_test_build (ShsExplanation *explanation, const ShsPlotOptions *options,
                          ShsTextMeasurer *measurer);

G_END_DECLS
