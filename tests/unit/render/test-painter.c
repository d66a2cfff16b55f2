#include "shs-test-explanation.h"
#include "shs-test-golden.h"
#include "shs-test-scene.h"
#include "shs-test.h"

#include "core/shs-memory.h"
#include "render/shs-render-private.h"

#include <math.h>
#include <string.h>

Suite *painter_suite (void);

#define TOLERANCE 2
#define MAX_DIFFERENT 1e-3

static cairo_surface_t *
paint (const ShsScene *scene, double scale, double stamp_scale)
{
  cairo_surface_t *surface = cairo_image_surface_create (
      CAIRO_FORMAT_ARGB32, (int)ceil (shs_scene_get_width (scene) * scale),
      (int)ceil (shs_scene_get_height (scene) * scale));
  cairo_t *cairo = cairo_create (surface);
  ShsPaintOptions options
      = { .layers = SHS_LAYERS_ALL, .family = "DejaVu Sans", .stamp_scale = stamp_scale };

  cairo_scale (cairo, scale, scale);
  shs_render_paint_with (cairo, scene, &options);
  cairo_destroy (cairo);
  cairo_surface_flush (surface);
  return surface;
}

static guint32
get_pixel (cairo_surface_t *surface, int x, int y)
{
  const guchar *data = cairo_image_surface_get_data (surface);

  return ((const guint32 *)(data + (gsize)y * cairo_image_surface_get_stride (surface)))[x];
}

static int
compare_pixels (guint32 a, guint32 b)
{
  int most = 0;

  for (guint shift = 0; shift < 32; shift += 8)
    most = MAX (most, ABS ((int)((a >> shift) & 255) - (int)((b >> shift) & 255)));
  return most;
}

/* The share of pixels in which the two differ by more than @tolerance; @difference shows them. */
static double
compare (cairo_surface_t *a, cairo_surface_t *b, int tolerance, cairo_surface_t *difference)
{
  int width = cairo_image_surface_get_width (a);
  int height = cairo_image_surface_get_height (a);
  gsize n = 0;

  ck_assert_int_eq (width, cairo_image_surface_get_width (b));
  ck_assert_int_eq (height, cairo_image_surface_get_height (b));
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      {
        gboolean differs = compare_pixels (get_pixel (a, x, y), get_pixel (b, x, y)) > tolerance;

        n += differs;
        if (differs && difference != NULL)
          ((guint32 *)(cairo_image_surface_get_data (difference)
                       + (gsize)y * cairo_image_surface_get_stride (difference)))[x]
              = 0xffff0000;
      }
  return (double)n / ((double)width * height);
}

static void
write_outputs (const char *name, cairo_surface_t *out, cairo_surface_t *wanted)
{
  cairo_surface_t *difference
      = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, cairo_image_surface_get_width (out),
                                    cairo_image_surface_get_height (out));
  g_autofree char *paths[]
      = { shs_test_golden_output (name, ".out.png"), shs_test_golden_output (name, ".ref.png"),
          shs_test_golden_output (name, ".diff.png") };

  compare (out, wanted, TOLERANCE, difference);
  cairo_surface_write_to_png (out, paths[0]);
  cairo_surface_write_to_png (wanted, paths[1]);
  cairo_surface_mark_dirty (difference);
  cairo_surface_write_to_png (difference, paths[2]);
  cairo_surface_destroy (difference);
  for (gsize i = 1; i < G_N_ELEMENTS (paths); i++)
    g_free (g_steal_pointer (&paths[i]));
}

static const struct
{
  const char *name;
  ShsPlotKind kind;
  const char *theme;
  double width, height;
} pictures[] = { { "png/beeswarm-light.png", SHS_PLOT_BEESWARM, "light", 420, 240 },
                 { "png/waterfall-dark.png", SHS_PLOT_WATERFALL, "dark", 360, 240 },
                 { "png/force-light.png", SHS_PLOT_FORCE, "light", 480, 130 },
                 { "png/dependence-dark.png", SHS_PLOT_DEPENDENCE, "dark", 320, 240 } };

START_TEST (pictures_are_what_they_were)
{
  g_autoptr (ShsExplanation) explanation = shs_test_explanation_new (SHS_TEST_ORDINARY);
  g_autoptr (ShsPlotOptions) options = shs_plot_options_new (pictures[_i].kind);
  ShsTextMeasurer *measurer = shs_render_measurer_new ("DejaVu Sans");
  g_autofree char *path = shs_test_golden (pictures[_i].name);
  g_autoptr (ShsScene) scene = NULL;
  cairo_surface_t *out, *wanted;
  double different;

  options->row = shs_plot_kind_needs_row (pictures[_i].kind) ? 7 : -1;
  ck_assert (shs_plot_options_set (options, "theme", pictures[_i].theme, NULL, NULL));
  scene = shs_plot_build (explanation, options, pictures[_i].width, pictures[_i].height, measurer,
                          NULL);
  out = paint (scene, 1.5, 0);
  if (shs_test_golden_update ())
    cairo_surface_write_to_png (out, path);
  wanted = cairo_image_surface_create_from_png (path);
  ck_assert_msg (cairo_surface_status (wanted) == CAIRO_STATUS_SUCCESS, "%s", path);
  different = compare (out, wanted, TOLERANCE, NULL);
  if (different > MAX_DIFFERENT)
    write_outputs (pictures[_i].name, out, wanted);
  ck_assert_msg (different <= MAX_DIFFERENT, "%s: %.2f %% of the pixels differ; see golden-output",
                 pictures[_i].name, 100 * different);
  cairo_surface_destroy (out);
  cairo_surface_destroy (wanted);
  shs_render_measurer_free (measurer);
}
END_TEST

static ShsScene *
make_cloud (ShsPointShape shape)
{
  ShsScene *scene = shs_scene_new (60, 40);
  ShsPoints points = { .n = 3, .radius = 5, .shape = shape };
  static const float places[3][2] = { { 12.3f, 12.7f }, { 15.1f, 14.2f }, { 40.6f, 25.4f } };

  points.x = shs_alloc (3, sizeof (float), NULL);
  points.y = shs_alloc (3, sizeof (float), NULL);
  points.rgba = shs_alloc (3, sizeof (guint32), NULL);
  for (gsize i = 0; i < 3; i++)
    {
      points.x[i] = places[i][0];
      points.y[i] = places[i][1];
      points.rgba[i] = i == 1 ? 0x008bfb80 : 0xff0051ff;
    }
  shs_scene_add_rectangle (scene, SHS_LAYER_DATA, SHS_KEY (SHS_ROLE_BACKGROUND),
                           (ShsRectangle){ 0, 0, 60, 40 }, SHS_COLOR_HEX (0xffffff),
                           (ShsStroke){ 0 });
  shs_scene_add_points (scene, SHS_LAYER_DATA, SHS_KEY (SHS_ROLE_POINT), points);
  return scene;
}

/* Only the antialiased rims differ, by the coarseness of offsets within a pixel. */
START_TEST (stamped_points_look_like_painted_ones)
{
  g_autoptr (ShsScene) scene = make_cloud (_i);
  cairo_surface_t *shapes = paint (scene, 4, 0);
  cairo_surface_t *stamps = paint (scene, 4, 4);

  ck_assert_double_le (compare (shapes, stamps, 40, NULL), 0.004);
  ck_assert_int_le (compare_pixels (get_pixel (stamps, 0, 0), 0xffffffff), 0);
  if (_i == SHS_POINT_DISC)
    {
      ck_assert_int_le (compare_pixels (get_pixel (stamps, 162, 101), 0xffff0051), 1);
      ck_assert_int_le (compare_pixels (get_pixel (stamps, 60, 56), get_pixel (shapes, 60, 56)), 2);
    }
  cairo_surface_destroy (shapes);
  cairo_surface_destroy (stamps);
}
END_TEST

START_TEST (layers_are_painted_on_request)
{
  g_autoptr (ShsScene) scene = shs_scene_new (10, 10);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, 10, 10);
  cairo_t *cairo = cairo_create (surface);

  shs_scene_add_rectangle (scene, SHS_LAYER_OVERLAY, SHS_KEY (SHS_ROLE_HIGHLIGHT),
                           (ShsRectangle){ 0, 0, 5, 10 }, SHS_COLOR_HEX (0xff0000),
                           (ShsStroke){ 0 });
  shs_scene_add_rectangle (scene, SHS_LAYER_DATA, SHS_KEY (SHS_ROLE_VALUE),
                           (ShsRectangle){ 0, 0, 10, 10 }, SHS_COLOR_HEX (0x0000ff),
                           (ShsStroke){ 0 });
  shs_render_paint (cairo, scene, 1u << SHS_LAYER_OVERLAY, NULL);
  cairo_surface_flush (surface);
  ck_assert_uint_eq (get_pixel (surface, 2, 2), 0xffff0000);
  ck_assert_uint_eq (get_pixel (surface, 7, 2), 0);
  shs_render_paint (cairo, scene, SHS_LAYERS_ALL, NULL);
  cairo_surface_flush (surface);
  ck_assert_uint_eq (get_pixel (surface, 2, 2), 0xffff0000);
  ck_assert_uint_eq (get_pixel (surface, 7, 2), 0xff0000ff);
  cairo_destroy (cairo);
  cairo_surface_destroy (surface);
}
END_TEST

Suite *
painter_suite (void)
{
  Suite *suite = suite_create ("painter");
  TCase *cases = tcase_create ("painter");

  tcase_add_loop_test (cases, pictures_are_what_they_were, 0, G_N_ELEMENTS (pictures));
  tcase_add_loop_test (cases, stamped_points_look_like_painted_ones, 0, 3);
  tcase_add_test (cases, layers_are_painted_on_request);
  suite_add_tcase (suite, cases);
  return suite;
}
