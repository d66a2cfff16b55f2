/* Whoever translates gets every string: po/POTFILES lists every file that marks one. */

#include "shs-test.h"

#include <string.h>

Suite *translations_suite (void);

static gboolean
marks_strings (const char *path)
{
  static const char *const marks[] = { " _ (\"", "(_ (\"", "N_ (\"", "ngettext (" };
  g_autofree char *text = NULL;

  ck_assert (g_file_get_contents (path, &text, NULL, NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (marks); i++)
    if (strstr (text, marks[i]) != NULL)
      return TRUE;
  return FALSE;
}

/* Appends what is in the folder, marks strings and is not in the list. */
static void
find_unlisted (const char *relative, const char *const *listed, GString *unlisted)
{
  g_autofree char *folder = shs_test_source (relative);
  g_autoptr (GDir) entries = g_dir_open (folder, 0, NULL);
  const char *name;

  while (entries != NULL && (name = g_dir_read_name (entries)) != NULL)
    {
      g_autofree char *inner = g_build_filename (relative, name, NULL);
      g_autofree char *path = shs_test_source (inner);

      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        find_unlisted (inner, listed, unlisted);
      else if (((g_str_has_suffix (name, ".c") && marks_strings (path))
                || g_str_has_suffix (name, ".ui"))
               && !g_strv_contains (listed, inner))
        g_string_append_printf (unlisted, "%s\n", inner);
    }
}

START_TEST (every_file_that_marks_strings_is_listed_and_exists)
{
  g_autofree char *list = shs_test_source ("po/POTFILES");
  g_autofree char *text = NULL;
  g_autoptr (GString) unlisted = g_string_new (NULL);

  ck_assert (g_file_get_contents (list, &text, NULL, NULL));
  g_auto (GStrv) listed = g_strsplit (text, "\n", -1);
  find_unlisted ("src", (const char *const *)listed, unlisted);
  find_unlisted ("ui", (const char *const *)listed, unlisted);
  ck_assert_msg (unlisted->len == 0, "add to po/POTFILES:\n%s", unlisted->str);
  for (char **line = listed; *line != NULL; line++)
    {
      g_autofree char *path = shs_test_source (*line);

      if (**line != '\0' && **line != '#')
        ck_assert_msg (g_file_test (path, G_FILE_TEST_IS_REGULAR), "%s is not there", *line);
    }
}
END_TEST

Suite *
translations_suite (void)
{
  Suite *suite = suite_create ("translations");
  TCase *cases = tcase_create ("translations");

  tcase_add_test (cases, every_file_that_marks_strings_is_listed_and_exists);
  suite_add_tcase (suite, cases);
  return suite;
}
