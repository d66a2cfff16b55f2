/* Text of fixed width: layouts that depend on no font. */
#pragma once

#include "plot/shs-scene.h"

G_BEGIN_DECLS

/** shs_test_measurer: (transfer none): every character is 0.6 sizes wide, 0.6 sizes * 1.1 in bold;
 * ascent 0.9, descent 0.25 sizes; marks that combine take no room. */
ShsTextMeasurer *shs_test_measurer (void);

G_END_DECLS
