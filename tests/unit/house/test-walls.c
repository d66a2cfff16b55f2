/* Reads every include of the source tree: a module may use only what its row of the table allows,
 * and each foreign library only the module that owns it. */

#include "shs-test.h"

#include <string.h>

Suite *walls_suite (void);

static const struct
{
  const char *module;
  const char *may_use;
} rows[] = {
  { "core", "" },
  { "io", "core" },
  { "tree", "core" },
  { "net", "core" },
  { "model", "core io tree net" },
  { "loader", "core io model" },
  { "result", "core io" },
  { "explain", "core tree net model result" },
  { "plot", "core result" },
  { "render", "core io plot" },
  { "report", "core io result plot render" },
  { "session", "core io tree net model result explain plot render report" },
  { "teach", "core model explain result plot session" },
  { "app", "core io tree net model loader result explain plot render report session teach cli" },
  { "cli", "core io tree net model loader result explain plot render report session teach" },
};

/* Libraries behind walls: the beginning of the include, and the modules that may use it. */
static const struct
{
  const char *include;
  const char *owners;
} libraries[] = {
  { "gtk/", "app" },      { "gdk/", "app" },         { "gsk/", "app" },
  { "adwaita", "app" },   { "cairo", "render app" }, { "pango/", "render app" },
  { "hdf5", "io" },       { "zlib", "io" },          { "zip.h", "io" },
  { "zstd", "io" },       { "snappy", "io" },        { "png.h", "io" },
  { "lz4", "io" },        { "brotli/", "io" },       { "tiff", "io" },
  { "gdk-pixbuf", "io" }, { "sqlite3", "io" },       { "xgboost/", "model" },
  { "curl/", "model" },   { "cblas", "net" },        { "dnnl", "net" },
  { "oneapi/", "net" },   { "nettle/", "io" },
};

static gboolean
is_word_of (const char *word, const char *words)
{
  g_auto (GStrv) list = g_strsplit (words, " ", -1);

  return g_strv_contains ((const char *const *)list, word);
}

static void
check_own_include (const char *module, const char *include, const char *file, GString *faults)
{
  g_autofree char *other = g_strndup (include, strcspn (include, "/"));
  const char *may_use = NULL;

  if (g_str_equal (other, module))
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    if (g_str_equal (rows[i].module, module))
      may_use = rows[i].may_use;
  if (may_use == NULL)
    g_string_append_printf (faults, "%s: the table has no module %s\n", file, module);
  else if (!is_word_of (other, may_use))
    g_string_append_printf (faults, "%s: %s may not use %s\n", file, module, include);
}

static void
check_library (const char *module, const char *include, const char *file, GString *faults)
{
  for (gsize i = 0; i < G_N_ELEMENTS (libraries); i++)
    if (g_str_has_prefix (include, libraries[i].include)
        && !is_word_of (module, libraries[i].owners))
      g_string_append_printf (faults, "%s: <%s> belongs to %s\n", file, include,
                              libraries[i].owners);
}

/* Returns how many includes were read. */
static guint
check_file (const char *module, const char *path, GString *faults)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  guint n_includes = 0;

  ck_assert (g_file_get_contents (path, &text, NULL, NULL));
  lines = g_strsplit (text, "\n", -1);
  for (char **line = lines; *line != NULL; line++)
    {
      const char *rest = *line;
      g_autofree char *include = NULL;

      if (*rest++ != '#')
        continue;
      rest += strspn (rest, " ");
      if (!g_str_has_prefix (rest, "include "))
        continue;
      rest += strlen ("include ");
      n_includes++;
      include = g_strndup (rest + 1, strcspn (rest + 1, "\">"));
      if (*rest == '"')
        check_own_include (module, include, path, faults);
      else
        check_library (module, include, path, faults);
    }
  return n_includes;
}

static guint
check_folder (const char *module, const char *folder, GString *faults)
{
  g_autoptr (GDir) entries = g_dir_open (folder, 0, NULL);
  const char *name;
  guint n_includes = 0;

  while (entries != NULL && (name = g_dir_read_name (entries)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        n_includes += check_folder (module, path, faults);
      else if (g_str_has_suffix (name, ".c") || g_str_has_suffix (name, ".h"))
        n_includes += check_file (module, path, faults);
    }
  return n_includes;
}

START_TEST (modules_use_only_what_the_table_allows)
{
  g_autofree char *source = shs_test_source ("src");
  g_autoptr (GDir) modules = g_dir_open (source, 0, NULL);
  g_autoptr (GString) faults = g_string_new (NULL);
  const char *module;
  guint n_includes = 0;

  ck_assert_ptr_nonnull (modules);
  while ((module = g_dir_read_name (modules)) != NULL)
    {
      g_autofree char *folder = g_build_filename (source, module, NULL);

      if (g_file_test (folder, G_FILE_TEST_IS_DIR))
        n_includes += check_folder (module, folder, faults);
    }
  ck_assert_uint_gt (n_includes, 100);
  ck_assert_msg (faults->len == 0, "%s", faults->str);
}
END_TEST

START_TEST (a_forbidden_include_is_found)
{
  g_autofree char *path = shs_test_temporary ("intruder.c");
  g_autoptr (GString) faults = g_string_new (NULL);

  ck_assert (g_file_set_contents (
      path, "#include \"core/shs-error.h\"\n#include \"app/shs-window.h\"\n#include <gtk/gtk.h>\n",
      -1, NULL));
  ck_assert_uint_eq (check_file ("plot", path, faults), 3);
  ck_assert_ptr_nonnull (strstr (faults->str, "plot may not use app/shs-window.h"));
  ck_assert_ptr_nonnull (strstr (faults->str, "<gtk/gtk.h> belongs to app"));
}
END_TEST

Suite *
walls_suite (void)
{
  Suite *suite = suite_create ("walls");
  TCase *cases = tcase_create ("walls");

  tcase_add_test (cases, modules_use_only_what_the_table_allows);
  tcase_add_test (cases, a_forbidden_include_is_found);
  suite_add_tcase (suite, cases);
  return suite;
}
