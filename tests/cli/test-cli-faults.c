#include "shs-command.h"
#include "shs-test.h"

#include <glib/gstdio.h>
#include <string.h>

Suite *cli_faults_suite (void);

typedef struct
{
  const char *arguments[8];
  int status;
  const char *says;
} Fault;

/* "M" and "D" stand for a model and its data, "O" for an output file. */
static const Fault faults[] = {
  { { "fly" }, 2, "there is no word" },
  { { "report" }, 2, "not built yet" },
  { { "explain", "M" }, 2, "missing" },
  { { "explain", "M", "D" }, 2, "-o FILE" },
  { { "explain", "M", "D", "-o", "x.txt" }, 2, ".npz" },
  { { "explain", "M", "D", "-o", "O", "--explainer", "kernel" }, 2, "not built yet" },
  { { "explain", "M", "D", "-o", "O", "--explainer", "wizard" }, 2, "no explainer" },
  { { "explain", "M", "D", "-o", "O", "--wings" }, 2, "wings" },
  { { "explain", "M", "D", "-o", "O", "--rows", "9:2" }, 1, "no range" },
  { { "explain", "M", "D", "-o", "O", "--trees", "0" }, 1, "rounds" },
  { { "explain", "M", "D", "-o", "O", "--explainer", "linear" }, 1, "linear" },
  { { "explain", "M", "D", "-o", "O", "--target", "colour" }, 1, "no column" },
  { { "explain", "nowhere.json", "D", "-o", "O" }, 1, "nowhere.json" },
  { { "explain", "M", "M", "-o", "O" }, 1, "second model" },
  { { "explain", "D", "D", "-o", "O" }, 1, "second data" },
  { { "explain", "M", "D", "-o", "/nowhere/at/all.npz" }, 1, "/nowhere/at" },
  { { "plot", "M", "beeswarm", "-o", "x.svg" }, 2, "no explanation" },
  { { "plot", "M", "pie", "-o", "x.svg" }, 2, "no plot" },
  { { "plot", "M", "heatmap", "-o", "x.svg" }, 2, "not built yet" },
  { { "info" }, 2, "missing" },
  { { "info", "/" }, 1, "folder" },
};

static const char *
translate (const char *argument, const char *model, const char *data, const char *output)
{
  if (g_strcmp0 (argument, "M") == 0)
    return model;
  if (g_strcmp0 (argument, "D") == 0)
    return data;
  return g_strcmp0 (argument, "O") == 0 ? output : argument;
}

START_TEST (a_fault_has_its_status_and_one_line)
{
  const Fault *fault = &faults[_i];
  g_autofree char *model = shs_test_source ("data/examples/penguins.json");
  g_autofree char *data = shs_test_source ("data/examples/penguins.csv");
  g_autofree char *output = shs_test_temporary ("output.npz");
  const char *a[8];

  for (int i = 0; i < 8; i++)
    a[i] = translate (fault->arguments[i], model, data, output);
  g_auto (ShsCommandResult) result
      = shs_command (a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], NULL);
  shs_command_assert (&result, fault->status);
  ck_assert_msg (strstr (result.errors, fault->says) != NULL, "%s", result.errors);
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
  tcase_add_test (cases, help_is_for_every_word);
  suite_add_tcase (suite, cases);
  return suite;
}
