/* Which parts of the program an input has reached. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * fuzz_coverage_count: places reached so far, of those that a build with
 * -fsanitize-coverage=trace-pc tells (./dev fuzz makes one); 0 always in other builds.
 */
guint64 fuzz_coverage_count (void);

G_END_DECLS
