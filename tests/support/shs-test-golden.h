/* Files that hold what a test is to give; SHS_TEST_UPDATE=1 writes them anew, to be looked at. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** shs_test_golden: (transfer full): path of a file under tests/golden. */
char *shs_test_golden (const char *relative_path);

/** shs_test_assert_golden: @text is the content of the file; otherwise it is written beside the
 * test's other output and the first line that differs is named. */
void shs_test_assert_golden (const char *relative_path, const char *text);

/** shs_test_golden_update: whether files are to be written anew. */
gboolean shs_test_golden_update (void);

/** shs_test_golden_output: (transfer full): path for what came out, in golden-output/ of the build.
 */
char *shs_test_golden_output (const char *relative_path, const char *suffix);

G_END_DECLS
