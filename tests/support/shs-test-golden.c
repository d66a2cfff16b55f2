#include "shs-test-golden.h"

#include "shs-test.h"

#include <string.h>

char *
shs_test_golden (const char *relative_path)
{
  g_autofree char *path = g_build_filename ("tests", "golden", relative_path, NULL);

  return shs_test_source (path);
}

gboolean
shs_test_golden_update (void)
{
  return g_getenv ("SHS_TEST_UPDATE") != NULL;
}

char *
shs_test_golden_output (const char *relative_path, const char *suffix)
{
  g_autofree char *flat = g_strdelimit (g_strdup (relative_path), "/", '-');
  g_autofree char *name = g_strconcat (flat, suffix, NULL);

  g_mkdir_with_parents ("golden-output", 0777);
  return g_build_filename ("golden-output", name, NULL);
}

static guint
find_difference (const char *a, const char *b)
{
  guint line = 1;

  for (; *a != '\0' && *a == *b; a++, b++)
    line += *a == '\n';
  return line;
}

void
shs_test_assert_golden (const char *relative_path, const char *text)
{
  g_autofree char *path = shs_test_golden (relative_path);
  g_autofree char *output = NULL;
  g_autofree char *wanted = NULL;

  if (shs_test_golden_update ())
    ck_assert (g_file_set_contents (path, text, -1, NULL));
  ck_assert_msg (g_file_get_contents (path, &wanted, NULL, NULL), "%s is not there", path);
  if (strcmp (text, wanted) == 0)
    return;
  output = shs_test_golden_output (relative_path, "");
  g_file_set_contents (output, text, -1, NULL);
  ck_abort_msg ("%s differs from line %u on; what came out is in %s", path,
                find_difference (text, wanted), output);
}
