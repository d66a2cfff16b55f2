#include "shs-command.h"
#include "shs-test.h"

#include <string.h>

Suite *cli_plot_suite (void);

static const char *const kinds[] = { "beeswarm", "bar", "waterfall", "force", "dependence" };

static char *
explain_penguins (void)
{
  g_autofree char *model = shs_test_source ("data/examples/penguins.json");
  g_autofree char *data = shs_test_source ("data/examples/penguins.csv");
  char *path = shs_test_temporary ("penguins.npz");
  g_auto (ShsCommandResult) result = shs_command ("explain", model, data, "-o", path, NULL);

  shs_command_assert (&result, 0);
  return path;
}

static gboolean
begins_with (GBytes *bytes, const char *magic)
{
  gsize length;
  const char *content = g_bytes_get_data (bytes, &length);

  return length > strlen (magic) && memcmp (content, magic, strlen (magic)) == 0;
}

START_TEST (every_kind_is_written_as_svg_pdf_and_png)
{
  static const char *const magics[][2]
      = { { "svg", "<?xml" }, { "pdf", "%PDF" }, { "png", "\x89PNG" } };
  g_autofree char *explanation = explain_penguins ();

  for (gsize i = 0; i < G_N_ELEMENTS (magics); i++)
    {
      g_autofree char *name = g_strdup_printf ("all.%s", magics[i][0]);
      g_autofree char *path = shs_test_temporary (name);
      g_auto (ShsCommandResult) result
          = shs_command ("plot", explanation, "all", "-o", path, "--dpi", "72", NULL);

      shs_command_assert (&result, 0);
      ck_assert_ptr_nonnull (strstr (result.errors, "interactions is left out"));
      for (gsize k = 0; k < G_N_ELEMENTS (kinds); k++)
        {
          g_autofree char *figure = g_strdup_printf ("all-%s.%s", kinds[k], magics[i][0]);
          g_autofree char *figure_path = shs_test_temporary (figure);
          g_autoptr (GBytes) bytes = shs_test_bytes (figure_path);

          ck_assert_msg (begins_with (bytes, magics[i][1]), "%s", figure);
        }
    }
}
END_TEST

START_TEST (the_same_figure_has_the_same_bytes)
{
  g_autofree char *explanation = explain_penguins ();
  g_autofree char *name = g_strdup_printf ("same.%s", _i == 0 ? "svg" : _i == 1 ? "pdf" : "png");
  g_autofree char *path = shs_test_temporary (name);
  GBytes *bytes[2];

  for (int i = 0; i < 2; i++)
    {
      g_auto (ShsCommandResult) result
          = shs_command ("plot", explanation, "beeswarm", "-o", path, NULL);

      shs_command_assert (&result, 0);
      bytes[i] = shs_test_bytes (path);
    }
  ck_assert (g_bytes_equal (bytes[0], bytes[1]));
  g_bytes_unref (bytes[0]);
  g_bytes_unref (bytes[1]);
}
END_TEST

/* Whether the figure as a text has this in it. */
static gboolean
figure_has (const char *path, const char *text)
{
  g_autofree char *content = NULL;

  ck_assert (g_file_get_contents (path, &content, NULL, NULL));
  return strstr (content, text) != NULL;
}

START_TEST (figures_of_one_row_name_it_and_the_only_row_is_taken)
{
  static const char *const of_one[] = { "bar", "waterfall", "force" };
  g_autofree char *model = shs_test_source ("data/examples/penguins.json");
  g_autofree char *data = shs_test_source ("data/examples/penguins.csv");
  g_autofree char *many = explain_penguins ();
  g_autofree char *pair = shs_test_temporary ("pair.h5");
  g_autofree char *figure = shs_test_temporary ("row.svg");
  g_auto (ShsCommandResult) explained = shs_command ("explain", model, data, "-o", pair, "--rows",
                                                     "17:18", "--background", "row:3", NULL);
  g_auto (ShsCommandResult) only = shs_command ("plot", pair, "waterfall", "-o", figure, NULL);
  g_auto (ShsCommandResult) all = shs_command ("plot", pair, "all", "-o", figure, NULL);

  shs_command_assert (&explained, 0);
  shs_command_assert (&only, 0);
  ck_assert (figure_has (figure, ">row 17 compared with row 3<"));
  ck_assert (figure_has (figure, "(row 3: "));
  shs_command_assert (&all, 0);
  ck_assert_ptr_nonnull (strstr (all.errors, "beeswarm is left out: It compares rows"));
  ck_assert_ptr_nonnull (strstr (all.errors, "dependence is left out: It compares rows"));
  for (gsize i = 0; i < G_N_ELEMENTS (of_one); i++)
    {
      g_auto (ShsCommandResult) chosen
          = shs_command ("plot", many, of_one[i], "--row", "17", "-o", figure, NULL);

      shs_command_assert (&chosen, 0);
      ck_assert (figure_has (figure, ">row 17<"));
    }
}
END_TEST

START_TEST (outputs_rows_and_features_are_chosen_by_name)
{
  g_autofree char *explanation = explain_penguins ();
  g_autofree char *path = shs_test_temporary ("named.svg");
  g_autofree char *text = NULL;
  g_auto (ShsCommandResult) result
      = shs_command ("plot", explanation, "scatter", "-o", path, "--feature", "flipper length (mm)",
                     "--output", "2", "--color", "island", NULL);
  g_auto (ShsCommandResult) by_number = shs_command ("plot", explanation, "scatter", "-o", path,
                                                     "--feature", "2", "--font-size", "auto", NULL);
  g_auto (ShsCommandResult) ordered
      = shs_command ("plot", explanation, "bar", "-o", path, "--order", "max-abs", NULL);
  g_auto (ShsCommandResult) wrong
      = shs_command ("plot", explanation, "scatter", "-o", path, "--feature", "wings", NULL);

  shs_command_assert (&result, 0);
  ck_assert (g_file_get_contents (path, &text, NULL, NULL));
  ck_assert_ptr_nonnull (strstr (text, "flipper length (mm)"));
  ck_assert_ptr_nonnull (strstr (text, "island"));
  shs_command_assert (&by_number, 0);
  shs_command_assert (&ordered, 0);
  shs_command_assert (&wrong, 1);
  ck_assert_ptr_nonnull (strstr (wrong.errors, "wings"));
}
END_TEST

Suite *
cli_plot_suite (void)
{
  Suite *suite = suite_create ("plot");
  TCase *cases = tcase_create ("plot");

  tcase_set_timeout (cases, 60);
  tcase_add_test (cases, every_kind_is_written_as_svg_pdf_and_png);
  tcase_add_loop_test (cases, the_same_figure_has_the_same_bytes, 0, 3);
  tcase_add_test (cases, figures_of_one_row_name_it_and_the_only_row_is_taken);
  tcase_add_test (cases, outputs_rows_and_features_are_chosen_by_name);
  suite_add_tcase (suite, cases);
  return suite;
}
