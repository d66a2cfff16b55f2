/* Which of several tables or sheets of a file a model can use. */
#pragma once

#include "session/shs-open.h"

G_BEGIN_DECLS

/**
 * shs_open_fit_part:
 *
 * Where a model and data are open that do not fit, and nobody named the part of the data file,
 * takes the one part whose columns have the names of the model's features; where none or several
 * do, nothing changes. Cost: none where they fit; otherwise all parts are read.
 */
void shs_open_fit_part (ShsOpened *opened);

G_END_DECLS
