#include "shs-command.h"
#include "shs-test.h"

#include "io/npy/shs-npy.h"

#include <glib/gstdio.h>
#include <string.h>

Suite *cli_faults_suite (void);

typedef struct
{
  const char *arguments[9];
  int status;
  const char *says;
} Fault;

/* "M" and "D" stand for a model and its data, "E" for an explanation, "B" for curves of a
 * benchmark, "O" for an output file. */
static const Fault faults[] = {
  { { "fly" }, 2, "\"fly\"; there is: info, predict" },
  { { "explian" }, 2, "did you mean \"explain\"" },
  { { "report" }, 2, "not built yet" },
  { { "explain", "M", "D", "-o", "O", "--explainer", "interventionel" }, 2, "\"interventional\"" },
  { { "explain", "M", "D", "-o", "O", "--space", "probabilty" }, 2, "mean \"probability\"" },
  { { "explain", "M", "D", "-o", "O", "--precision", "doubel" }, 2, "mean \"double\"" },
  { { "predict", "M", "D", "-o", "O", "--space", "outptu" }, 2, "margin, output, probability" },
  { { "plot", "E", "beswarm", "-o", "x.svg" }, 2, "mean \"beeswarm\"" },
  { { "explain", "M" }, 2, "missing" },
  { { "explain", "M", "D" }, 2, "-o FILE" },
  { { "explain", "M", "D", "-o", "x.txt" }, 2, ".npz" },
  { { "explain", "M", "D", "-o", "O", "--explainer", "kernel" }, 2, "not built yet" },
  { { "explain", "M", "D", "-o", "O", "--explainer", "wizard" }, 2, "no explainer" },
  { { "explain", "M", "D", "-o", "O", "--wings" }, 2, "wings" },
  { { "explain", "M", "D", "-o", "O", "--explainer", "interventional" }, 1, "choose one" },
  { { "explain", "M", "D", "-o", "O", "--background", "0" }, 2, "--background" },
  { { "explain", "M", "D", "-o", "O", "--background", "row:" }, 2, "--background" },
  { { "explain", "M", "D", "-o", "O", "--background", "row:1000000" }, 1, "rows run from 0" },
  { { "explain", "M", "D", "-o", "O", "--background", "nowhere.csv" }, 1, "There is no file" },
  { { "explain", "M", "D", "-o", "O", "--background", "biscoe" }, 1, "a rule compares a column" },
  { { "explain", "M", "D", "-o", "O", "--background", "colour < 3" }, 1, "no such file" },
  { { "explain", "M", "D", "-o", "O", "--background", "year < 0" }, 1, "empty" },
  { { "explain", "M", "D", "-o", "O", "--background", "M" }, 1, "penguins.json" },
  { { "explain", "M", "D", "-o", "O", "--cohort", "year < 2008" }, 2, "a colon and a rule" },
  { { "explain", "M", "D", "-o", "O", "--cohort", "100: year < 2008" }, 2, "cannot be the name" },
  { { "explain", "M", "D", "-o", "O", "--cohort", "Young: age < 2" }, 1, "--cohort \"Young: age" },
  { { "explain", "M", "D", "-o", "O", "--pairs", "-1" }, 2, "--pairs" },
  { { "explain", "M", "D", "-o", "O", "--space", "octarine" }, 2, "no space" },
  { { "explain", "M", "D", "-o", "O", "--space", "output" }, 2, "not built yet" },
  { { "explain", "M", "D", "-o", "O", "--space", "probability" }, 1, "choose a background" },
  { { "explain", "M", "D", "-o", "O", "--rows", "9:2" }, 2, "no range" },
  { { "explain", "M", "D", "-o", "O", "--rows", "5" }, 2, "no range" },
  { { "explain", "M", "D", "-o", "O", "--rows", "a:b" }, 2, "no range" },
  { { "explain", "M", "D", "-o", "O", "--rows", "10:100000" }, 1, "no range" },
  { { "explain", "M", "D", "-o", "O", "--trees", "x" }, 2, "--trees" },
  { { "explain", "M", "D", "-o", "O", "--seed", "-1" }, 2, "--seed" },
  { { "predict", "M", "D", "-o", "O", "--rows", "10:5" }, 2, "no range" },
  { { "predict", "M", "D", "-o", "O", "--trees", "many" }, 2, "--trees" },
  { { "explain", "M", "D", "-o", "O", "--trees", "0" }, 1, "rounds" },
  { { "explain", "M", "D", "-o", "O", "--explainer", "linear" }, 1, "linear" },
  { { "explain", "M", "D", "-o", "O", "--target", "colour" }, 1, "choose one" },
  { { "explain", "M", "D", "-o", "O", "--target", "specie" }, 1, "did you mean \"species\"" },
  { { "explain", "nowhere.json", "D", "-o", "O" }, 1, "nowhere.json" },
  { { "explain", "M", "M", "-o", "O" }, 1, "second model" },
  { { "explain", "D", "D", "-o", "O" }, 1, "the model is missing" },
  { { "explain", "M", "D", "-o", "/nowhere/at/all.npz" }, 1, "/nowhere/at" },
  { { "explain", "nowhere.json", "nowhere.csv", "-o", "/nowhere/x.h5" }, 1, "no folder" },
  { { "predict", "nowhere.json", "nowhere.csv", "-o", "/nowhere/x.csv" }, 1, "no folder" },
  { { "plot", "nowhere.npz", "bar", "-o", "/nowhere/x.svg" }, 1, "no folder" },
  { { "plot", "M", "beeswarm", "-o", "x.svg" }, 1, "no explanation" },
  { { "plot", "D", "bar", "-o", "x.svg" }, 1, "no explanation" },
  { { "plot", "E", "bar", "-o", "x.svg", "--background", "octarine" }, 2, "--background" },
  { { "plot", "E", "interactions", "-o", "x.svg" }, 1, "--interactions" },
  { { "plot", "E", "bar", "-o", "x.svg", "--dpi", "0" }, 2, "--dpi" },
  { { "plot", "E", "bar", "-o", "x.svg", "--dpi", "many" }, 2, "--dpi" },
  { { "plot", "E", "bar", "-o", "x.svg", "--font-size", "0" }, 2, "--font-size" },
  { { "plot", "E", "bar", "-o", "x.svg", "--order", "sideways" }, 2, "--order" },
  { { "plot", "E", "bar", "-o", "x.svg", "--row", "-1" }, 2, "--row" },
  { { "plot", "E", "waterfall", "-o", "x.svg", "--row", "nobody" }, 1, "name of a row" },
  { { "plot", "E", "bar", "-o", "x.svg", "--seed", "1" }, 2, "its options are row, output" },
  { { "plot", "E", "beeswarm", "-o", "x.svg", "--feature", "x" }, 2, "no option \"feature\"" },
  { { "plot", "E", "bar", "-o", "x.svg", "--by", "sex" }, 2, "not built yet" },
  { { "plot", "E", "bar", "-o", "x.svg", "--where", "age > 3" }, 2, "not built yet" },
  { { "plot", "M", "pie", "-o", "x.svg" }, 2, "no plot" },
  { { "plot", "M", "heatmap", "-o", "x.svg" }, 2, "not built yet" },
  { { "info" }, 2, "missing" },
  { { "info", "/" }, 1, "folder" },
  { { "info", "nowhere.json", "D" }, 1, "nowhere.json" },
  { { "info", "B" }, 1, "benchmark" },
};

static char *
write_benchmark (void)
{
  char *path = shs_test_temporary ("benchmark.npz");
  g_autoptr (ShsNpzWriter) writer = shs_npz_writer_new (path, NULL);
  static const char *const metrics[] = { "keep positive" };
  const gsize shape[] = { 1, 2 };
  const double curve[] = { 0, 1 };

  ck_assert (shs_npz_writer_add_strings (writer, "metric", metrics, 1, NULL));
  ck_assert (shs_npz_writer_begin (writer, "curve_x", "<f8", 2, shape, NULL));
  ck_assert (shs_npz_writer_write (writer, curve, sizeof curve, NULL));
  ck_assert (shs_npz_writer_commit (writer, NULL));
  return path;
}

/* (transfer full) */
static char *
translate (const char *argument)
{
  if (g_strcmp0 (argument, "M") == 0)
    return shs_test_source ("data/examples/penguins.json");
  if (g_strcmp0 (argument, "D") == 0)
    return shs_test_source ("data/examples/penguins.csv");
  if (g_strcmp0 (argument, "B") == 0)
    return write_benchmark ();
  if (g_strcmp0 (argument, "O") == 0)
    return shs_test_temporary ("output.npz");
  return g_strdup (argument);
}

static char *
explain_penguins (void)
{
  g_autofree char *model = translate ("M");
  g_autofree char *data = translate ("D");
  char *path = shs_test_temporary ("explained.npz");
  g_auto (ShsCommandResult) result
      = shs_command ("explain", model, data, "-o", path, "--rows", "0:5", NULL);

  shs_command_assert (&result, 0);
  return path;
}

START_TEST (a_fault_has_its_status_and_one_line)
{
  const Fault *fault = &faults[_i];
  char *a[9];

  for (int i = 0; i < 9; i++)
    a[i] = g_strcmp0 (fault->arguments[i], "E") == 0 ? explain_penguins ()
                                                     : translate (fault->arguments[i]);
  g_auto (ShsCommandResult) result
      = shs_command (a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], a[8], NULL);
  shs_command_assert (&result, fault->status);
  ck_assert_msg (strstr (result.errors, fault->says) != NULL, "%s", result.errors);
  for (int i = 0; i < 9; i++)
    g_free (a[i]);
}
END_TEST

START_TEST (info_goes_on_after_a_file_that_cannot_be_read)
{
  g_autofree char *data = translate ("D");
  g_auto (ShsCommandResult) result = shs_command ("info", "nowhere.json", data, NULL);

  shs_command_assert (&result, 1);
  ck_assert_ptr_nonnull (strstr (result.output, "344 rows"));
}
END_TEST

START_TEST (info_tells_what_an_explanation_holds)
{
  g_autofree char *model = translate ("M");
  g_autofree char *path = explain_penguins ();
  g_auto (ShsCommandResult) result = shs_command ("info", path, model, NULL);

  shs_command_assert (&result, 0);
  ck_assert_ptr_nonnull (strstr (result.output, "Adelie, Chinstrap, Gentoo"));
  ck_assert_ptr_nonnull (strstr (result.output, "body mass (g)"));
  ck_assert_ptr_nonnull (strstr (result.output, "residual    at most"));
  ck_assert_ptr_nonnull (strstr (result.output, "rounds of 3 trees"));
}
END_TEST

START_TEST (a_truncated_model_is_one_clear_line_and_the_old_output_stays)
{
  g_autofree char *model = shs_test_source ("data/examples/penguins-small.json");
  g_autofree char *data = shs_test_source ("data/examples/penguins-small.csv");
  g_autofree char *cut = shs_test_temporary ("cut.json");
  g_autofree char *output = shs_test_temporary ("kept.npz");
  g_autoptr (GBytes) bytes = shs_test_bytes (model);
  gsize length = g_bytes_get_size (bytes);

  ck_assert (g_file_set_contents (output, "old", 3, NULL));
  for (gsize i = 1; i < 12; i++)
    {
      ck_assert (g_file_set_contents (cut, g_bytes_get_data (bytes, NULL),
                                      (gssize)(length * i / 12), NULL));
      g_auto (ShsCommandResult) result = shs_command ("explain", cut, data, "-o", output, NULL);
      g_autofree char *content = NULL;

      shs_command_assert (&result, 1);
      ck_assert_msg (strstr (result.errors, "cut.json") != NULL, "%s", result.errors);
      ck_assert (g_file_get_contents (output, &content, NULL, NULL));
      ck_assert_str_eq (content, "old");
    }
}
END_TEST

/* A line of an option is "  --name=VALUE    what it does". */
static gboolean
every_option_is_described (const char *help)
{
  g_auto (GStrv) lines = g_strsplit (help, "\n", -1);

  for (char **line = lines; *line != NULL; line++)
    if (g_str_has_prefix (g_strstrip (*line), "-") && strstr (*line, "  ") == NULL)
      return FALSE;
  return TRUE;
}

START_TEST (help_is_for_every_word)
{
  static const char *const words[] = { "info", "predict", "explain", "plot" };
  g_auto (ShsCommandResult) all = shs_command ("--help", NULL);

  shs_command_assert (&all, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_auto (ShsCommandResult) result = shs_command (words[i], "--help", NULL);

      shs_command_assert (&result, 0);
      ck_assert_ptr_nonnull (strstr (all.output, words[i]));
      ck_assert_ptr_nonnull (strstr (result.output, "Usage:"));
      ck_assert_msg (every_option_is_described (result.output), "%s", result.output);
    }
}
END_TEST

Suite *
cli_faults_suite (void)
{
  Suite *suite = suite_create ("faults");
  TCase *cases = tcase_create ("faults");

  tcase_set_timeout (cases, 60);
  tcase_add_loop_test (cases, a_fault_has_its_status_and_one_line, 0, G_N_ELEMENTS (faults));
  tcase_add_test (cases, a_truncated_model_is_one_clear_line_and_the_old_output_stays);
  tcase_add_test (cases, info_goes_on_after_a_file_that_cannot_be_read);
  tcase_add_test (cases, info_tells_what_an_explanation_holds);
  tcase_add_test (cases, help_is_for_every_word);
  suite_add_tcase (suite, cases);
  return suite;
}
