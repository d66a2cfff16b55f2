#include "shs-test-explanation.h"
#include "shs-test-scene.h"
#include "shs-test.h"

#include "core/shs-error.h"
#include "render/shs-render.h"

#include <string.h>

Suite *figure_suite (void);

static ShsScene *
build (ShsPlotKind kind)
{
  g_autoptr (ShsExplanation) explanation = shs_test_explanation_new (SHS_TEST_ORDINARY);
  g_autoptr (ShsPlotOptions) options = shs_plot_options_new (kind);
  ShsTextMeasurer *measurer = shs_render_measurer_new (NULL);
  ShsScene *scene;

  options->row = shs_plot_kind_needs_row (kind) ? 0 : -1;
  scene = shs_test_build (explanation, options, measurer);
  shs_render_measurer_free (measurer);
  return scene;
}

static guint32
read_number (const guint8 *bytes)
{
  return (guint32)bytes[0] << 24 | (guint32)bytes[1] << 16 | (guint32)bytes[2] << 8 | bytes[3];
}

START_TEST (a_png_has_its_size_and_resolution)
{
  g_autoptr (ShsScene) scene = build (SHS_PLOT_BAR);
  ShsFigureOptions options = { .dpi = 144 };
  g_autoptr (GBytes) png = shs_figure_to_png (scene, &options, NULL);
  gsize n;
  const guint8 *bytes = g_bytes_get_data (png, &n);
  const guint8 *resolution = memmem (bytes, n, "pHYs", 4);

  ck_assert_uint_eq (read_number (bytes + 16), (guint32)(shs_scene_get_width (scene) * 2 + 0.5));
  ck_assert_uint_eq (read_number (bytes + 20), (guint32)(shs_scene_get_height (scene) * 2 + 0.5));
  ck_assert_ptr_nonnull (resolution);
  ck_assert_uint_eq (read_number (resolution + 4), 5669); /* 144 / 0.0254 */
  ck_assert_uint_eq (resolution[12], 1);
  ck_assert_ptr_null (memmem (bytes, n, "tIME", 4));
}
END_TEST

START_TEST (a_png_may_be_transparent)
{
  g_autoptr (ShsScene) scene = build (SHS_PLOT_BAR);
  ShsFigureOptions options = { .dpi = 72, .background = "transparent" };
  g_autoptr (GBytes) transparent = shs_figure_to_png (scene, &options, NULL);
  g_autoptr (GBytes) opaque = NULL;

  options.background = NULL;
  opaque = shs_figure_to_png (scene, &options, NULL);
  ck_assert_uint_eq (((const guint8 *)g_bytes_get_data (transparent, NULL))[25], 6);
  ck_assert_uint_eq (((const guint8 *)g_bytes_get_data (opaque, NULL))[25], 2);
}
END_TEST

START_TEST (the_same_scene_gives_the_same_bytes)
{
  g_autoptr (ShsScene) scene = build (_i);
  ShsFigureOptions options = { .dpi = 100 };
  g_autoptr (GBytes) png = shs_figure_to_png (scene, &options, NULL);
  g_autoptr (GBytes) png_again = shs_figure_to_png (scene, &options, NULL);
  g_autoptr (GBytes) pdf = shs_figure_to_pdf (scene, &options, NULL);
  g_autoptr (GBytes) pdf_again = NULL;

  g_usleep (1100000); /* a time of day in the file would show */
  pdf_again = shs_figure_to_pdf (scene, &options, NULL);
  ck_assert (g_bytes_equal (png, png_again));
  ck_assert (g_bytes_equal (pdf, pdf_again));
}
END_TEST

START_TEST (the_text_of_a_pdf_can_be_extracted)
{
  g_autoptr (ShsScene) scene = build (SHS_PLOT_BAR);
  ShsFigureOptions options = { .dpi = 100, .metadata = "the command" };
  g_autofree char *path = shs_test_temporary ("figure.pdf");
  g_autofree char *program = g_find_program_in_path ("pdftotext");
  const char *arguments[] = { program, path, "-", NULL };
  g_autofree char *text = NULL;

  ck_assert (shs_figure_write (scene, path, &options, NULL));
  if (program == NULL)
    return;
  ck_assert (g_spawn_sync (NULL, (char **)arguments, NULL, G_SPAWN_DEFAULT, NULL, NULL, &text, NULL,
                           NULL, NULL));
  ck_assert_ptr_nonnull (strstr (text, "serum creatinine (mg/dL)"));
  ck_assert_ptr_nonnull (strstr (text, "mean(|SHAP value|) (impact on price, dollars)"));
}
END_TEST

START_TEST (the_extension_decides_and_others_are_refused)
{
  g_autoptr (ShsScene) scene = build (SHS_PLOT_BAR);
  static const struct
  {
    const char *name, *head;
  } files[] = { { "a.svg", "<?xml" }, { "a.PDF", "%PDF" }, { "a.png", "\x89PNG" } };
  ShsFigureOptions options = { .dpi = 72 };
  g_autofree char *other = shs_test_temporary ("a.bmp");
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = shs_test_temporary (files[i].name);
      g_autofree char *content = NULL;

      ck_assert (shs_figure_write (scene, path, &options, NULL));
      ck_assert (g_file_get_contents (path, &content, NULL, NULL));
      ck_assert_int_eq (strncmp (content, files[i].head, strlen (files[i].head)), 0);
    }
  ck_assert (!shs_figure_write (scene, other, &options, &error));
  shs_test_assert_error (error, SHS_ERROR_CHOICE);
  ck_assert (!g_file_test (other, G_FILE_TEST_EXISTS));
}
END_TEST

START_TEST (impossible_resolutions_are_refused)
{
  g_autoptr (ShsScene) scene = build (SHS_PLOT_BAR);
  static const double resolutions[] = { 0, 1e6, -3, 0.0 / 0.0 };

  for (gsize i = 0; i < G_N_ELEMENTS (resolutions); i++)
    {
      ShsFigureOptions options = { .dpi = resolutions[i] };
      g_autoptr (GError) error = NULL;

      ck_assert_ptr_null (shs_figure_to_png (scene, &options, &error));
      shs_test_assert_error (error, SHS_ERROR_CHOICE);
    }
}
END_TEST

START_TEST (sizes_are_understood)
{
  static const struct
  {
    const char *text;
    double width, height;
  } sizes[]
      = { { "120x80mm", 340.157, 226.772 }, { "89mm", 252.283, 0 },   { "6x4in", 432, 288 },
          { "400x300pt", 400, 300 },        { "10.5cm", 297.638, 0 }, { "800x600px", 600, 450 } };
  static const char *const wrong[] = { "",      "120",       "mm",    "120x80", "-5mm", "0mm",
                                       "1e9mm", "120x80 mm", "nanmm", "5x-1mm", "5xmm" };
  double width, height;

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      ck_assert_msg (shs_figure_parse_size (sizes[i].text, &width, &height, NULL), "%s",
                     sizes[i].text);
      ck_assert_double_eq_tol (width, sizes[i].width, 1e-3);
      ck_assert_double_eq_tol (height, sizes[i].height, 1e-3);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;

      ck_assert_msg (!shs_figure_parse_size (wrong[i], &width, &height, &error), "%s", wrong[i]);
      shs_test_assert_error (error, SHS_ERROR_CHOICE);
    }
}
END_TEST

Suite *
figure_suite (void)
{
  Suite *suite = suite_create ("figure");
  TCase *cases = tcase_create ("figure");

  tcase_set_timeout (cases, 30);
  tcase_add_test (cases, a_png_has_its_size_and_resolution);
  tcase_add_test (cases, a_png_may_be_transparent);
  tcase_add_loop_test (cases, the_same_scene_gives_the_same_bytes, 0, 2);
  tcase_add_test (cases, the_text_of_a_pdf_can_be_extracted);
  tcase_add_test (cases, the_extension_decides_and_others_are_refused);
  tcase_add_test (cases, impossible_resolutions_are_refused);
  tcase_add_test (cases, sizes_are_understood);
  suite_add_tcase (suite, cases);
  return suite;
}
