#include "shs-command.h"
#include "shs-test.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/wait.h>

Suite *cli_full_disk_suite (void);

/* "M", "D" and "E" stand for a model, its data and an explanation. */
typedef struct
{
  const char *words[4];
  const char *ending;
} Output;

static const Output outputs[] = {
  { { "explain", "M", "D" }, "h5" },          { { "explain", "M", "D" }, "npz" },
  { { "explain", "M", "D" }, "json" },        { { "explain", "M", "D" }, "csv" },
  { { "predict", "M", "D" }, "npz" },         { { "predict", "M", "D" }, "csv" },
  { { "plot", "E", "dependence" }, "svg" },   { { "plot", "E", "dependence" }, "pdf" },
  { { "plot", "E", "interactions" }, "png" },
};

typedef struct
{
  char *folder;
  char *path;
  char *words[3];
} Run;

static void
run_clear (Run *self)
{
  g_free (self->folder);
  g_free (self->path);
  for (int i = 0; i < 3; i++)
    g_free (self->words[i]);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Run, run_clear)

static char *
translate (const char *word)
{
  if (g_str_equal (word, "M"))
    return shs_test_source ("data/examples/penguins.json");
  if (g_str_equal (word, "D"))
    return shs_test_source ("data/examples/penguins.csv");
  if (g_str_equal (word, "E"))
    return shs_test_temporary ("explained.npz");
  return g_strdup (word);
}

static Run
prepare (const Output *output)
{
  g_autofree char *folder = g_strconcat (output->words[0], "-", output->ending, NULL);
  Run run = { .folder = shs_test_temporary (folder) };
  g_autofree char *name = g_strconcat ("figure.", output->ending, NULL);

  run.path = g_build_filename (run.folder, name, NULL);
  for (int i = 0; i < 3; i++)
    run.words[i] = translate (output->words[i]);
  ck_assert_int_eq (g_mkdir (run.folder, 0755), 0);
  if (g_str_equal (output->words[1], "E"))
    {
      g_autofree char *model = translate ("M");
      g_autofree char *data = translate ("D");
      g_auto (ShsCommandResult) result
          = shs_command ("explain", model, data, "-o", run.words[1], "--interactions", NULL);

      shs_command_assert (&result, 0);
    }
  return run;
}

static ShsCommandResult
run_with_room (const Run *run, gint64 bytes)
{
  shs_command_limit_files (bytes);
  return shs_command (run->words[0], run->words[1], run->words[2], "-o", run->path, NULL);
}

static void
assert_only_the_old_file (const Run *run)
{
  g_autoptr (GDir) entries = g_dir_open (run->folder, 0, NULL);
  g_autofree char *content = NULL;
  guint n = 0;

  while (g_dir_read_name (entries) != NULL)
    n++;
  ck_assert_uint_eq (n, 1);
  ck_assert (g_file_get_contents (run->path, &content, NULL, NULL));
  ck_assert_str_eq (content, "old");
}

START_TEST (a_full_disk_is_one_line_and_leaves_the_old_file_alone)
{
  g_auto (Run) run = prepare (&outputs[_i]);
  g_auto (ShsCommandResult) whole = run_with_room (&run, -1);
  GStatBuf info;

  shs_command_assert (&whole, 0);
  ck_assert_int_eq (g_stat (run.path, &info), 0);
  const gint64 rooms[] = { 0, info.st_size / 2, info.st_size - 100 };

  ck_assert (g_file_set_contents (run.path, "old", 3, NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (rooms); i++)
    {
      g_auto (ShsCommandResult) result = run_with_room (&run, rooms[i]);

      shs_command_assert (&result, 1);
      ck_assert_msg (strstr (result.errors, run.path) != NULL, "%s", result.errors);
      ck_assert_msg (strstr (result.errors, "make room") != NULL, "%s", result.errors);
      assert_only_the_old_file (&run);
    }
}
END_TEST

static const char *const printing[][4] = {
  { "info", "M", NULL },
  { "info", "M", "--json", NULL },
  { "export-script", NULL },
};

START_TEST (what_standard_output_does_not_take_is_a_fault)
{
  const char *const *words = printing[_i];
  g_autoptr (GString) line = g_string_new (NULL);
  g_autofree char *errors = NULL;
  g_auto (GStrv) lines = NULL;
  int status;

  g_string_append_printf (line, "exec '%s'", g_getenv ("SHAPSCOPE_CLI"));
  for (int i = 0; words[i] != NULL; i++)
    {
      g_autofree char *word = translate (words[i]);

      g_string_append_printf (line, " '%s'", word);
    }
  g_string_append (line, " >/dev/full");
  const char *arguments[] = { "/bin/sh", "-c", line->str, NULL };

  ck_assert (g_spawn_sync (NULL, (char **)arguments, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL,
                           &errors, &status, NULL));
  lines = g_strsplit (errors, "\n", -1);
  ck_assert_msg (WIFEXITED (status) && WEXITSTATUS (status) == 1, "%s: %s", line->str, errors);
  ck_assert_uint_eq (g_strv_length (lines), 2);
  ck_assert_msg (strstr (errors, "standard output") != NULL, "%s", errors);
}
END_TEST

Suite *
cli_full_disk_suite (void)
{
  Suite *suite = suite_create ("full-disk");
  TCase *cases = tcase_create ("full-disk");

  tcase_set_timeout (cases, 60);
  tcase_add_loop_test (cases, a_full_disk_is_one_line_and_leaves_the_old_file_alone, 0,
                       G_N_ELEMENTS (outputs));
  tcase_add_loop_test (cases, what_standard_output_does_not_take_is_a_fault, 0,
                       G_N_ELEMENTS (printing));
  suite_add_tcase (suite, cases);
  return suite;
}
