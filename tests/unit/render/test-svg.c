#include "shs-test-explanation.h"
#include "shs-test-golden.h"
#include "shs-test-measurer.h"
#include "shs-test-scene.h"
#include "shs-test.h"

#include "render/shs-render.h"

#include <string.h>

Suite *svg_suite (void);

static const ShsFigureOptions defaults = { .dpi = 300, .family = "DejaVu Sans" };

static ShsScene *
build (ShsTestCase which, ShsPlotKind kind)
{
  g_autoptr (ShsExplanation) explanation = shs_test_explanation_new (which);
  g_autoptr (ShsPlotOptions) options = shs_plot_options_new (kind);

  options->row = shs_plot_kind_needs_row (kind) ? 0 : -1;
  return shs_test_build (explanation, options, shs_test_measurer ());
}

/* What the parser saw: the content of <text> elements in order, without their <title>. */
typedef struct
{
  GPtrArray *texts;
  GString *text;
  guint in_text, in_title;
} Seen;

static void
see_start (GMarkupParseContext *context, const char *name, const char **keys, const char **values,
           gpointer data, GError **error)
{
  Seen *seen = data;

  seen->in_text += strcmp (name, "text") == 0;
  seen->in_title += strcmp (name, "title") == 0;
  for (gsize i = 0; keys[i] != NULL; i++)
    if (!g_str_has_prefix (values[i], "data:"))
      ck_assert_msg (strstr (values[i], "nan") == NULL && strstr (values[i], "inf") == NULL,
                     "%s is not a number", keys[i]);
}

static void
see_end (GMarkupParseContext *context, const char *name, gpointer data, GError **error)
{
  Seen *seen = data;

  seen->in_title -= strcmp (name, "title") == 0;
  if (strcmp (name, "text") != 0)
    return;
  seen->in_text--;
  g_ptr_array_add (seen->texts, g_strdup (seen->text->str));
  g_string_truncate (seen->text, 0);
}

static void
see_text (GMarkupParseContext *context, const char *text, gsize length, gpointer data,
          GError **error)
{
  Seen *seen = data;

  if (seen->in_text > 0 && seen->in_title == 0)
    g_string_append_len (seen->text, text, (gssize)length);
}

static GPtrArray *
parse (const char *svg)
{
  static const GMarkupParser parser
      = { .start_element = see_start, .end_element = see_end, .text = see_text };
  Seen seen = { .texts = g_ptr_array_new_with_free_func (g_free), .text = g_string_new (NULL) };
  GMarkupParseContext *context = g_markup_parse_context_new (&parser, 0, &seen, NULL);
  GError *error = NULL;

  ck_assert_msg (g_markup_parse_context_parse (context, svg, -1, &error)
                     && g_markup_parse_context_end_parse (context, &error),
                 "%s", error != NULL ? error->message : "");
  g_markup_parse_context_free (context);
  g_string_free (seen.text, TRUE);
  return seen.texts;
}

static void
assert_same_texts (const ShsScene *scene, const GPtrArray *texts)
{
  gsize n = 0;

  for (guint layer = 0; layer <= SHS_LAYER_OVERLAY; layer++)
    for (gsize i = 0; i < shs_scene_get_n_marks (scene); i++)
      {
        const ShsMark *mark = shs_scene_get_mark (scene, i);

        if (mark->type != SHS_MARK_TEXT || mark->layer != (ShsLayer)layer)
          continue;
        ck_assert_uint_lt (n, texts->len);
        ck_assert_str_eq (mark->text.string, g_ptr_array_index (texts, n));
        n++;
      }
  ck_assert_uint_eq (n, texts->len);
}

START_TEST (the_text_of_an_svg_is_that_of_the_scene)
{
  static const ShsTestCase hard[]
      = { SHS_TEST_ORDINARY, SHS_TEST_LONG_NAMES, SHS_TEST_MISSING, SHS_TEST_HUGE };

  for (gsize c = 0; c < G_N_ELEMENTS (hard); c++)
    {
      g_autoptr (ShsScene) scene = build (hard[c], _i);
      g_autofree char *svg = shs_figure_to_svg (scene, &defaults);
      g_autoptr (GPtrArray) texts = parse (svg);

      ck_assert_uint_gt (texts->len, 2);
      assert_same_texts (scene, texts);
    }
}
END_TEST

START_TEST (svgs_are_what_they_were)
{
  g_autoptr (ShsScene) scene = build (SHS_TEST_ORDINARY, _i);
  g_autofree char *path = g_strdup_printf ("svg/%s.svg", shs_plot_kind_get_name (_i));
  g_autofree char *svg = shs_figure_to_svg (scene, &defaults);

  shs_test_assert_golden (path, svg);
}
END_TEST

START_TEST (outlines_replace_text_on_request)
{
  g_autoptr (ShsScene) scene = build (SHS_TEST_ORDINARY, SHS_PLOT_BAR);
  ShsFigureOptions options = defaults;
  g_autofree char *svg = NULL;
  g_autoptr (GPtrArray) texts = NULL;

  options.text_mode = SHS_TEXT_AS_PATHS;
  svg = shs_figure_to_svg (scene, &options);
  texts = parse (svg);
  ck_assert_uint_eq (texts->len, 0);
  ck_assert_ptr_nonnull (strstr (svg, "<title>carat</title></path>"));
}
END_TEST

START_TEST (points_become_an_image_on_request)
{
  g_autoptr (ShsScene) scene = build (SHS_TEST_ORDINARY, SHS_PLOT_BEESWARM);
  ShsFigureOptions options = defaults;
  g_autofree char *vector = shs_figure_to_svg (scene, &options);
  g_autofree char *raster = NULL;

  options.point_mode = SHS_POINTS_RASTER;
  raster = shs_figure_to_svg (scene, &options);
  g_ptr_array_unref (parse (raster));
  ck_assert_ptr_nonnull (strstr (vector, "stroke-linecap=\"round\""));
  ck_assert_ptr_null (strstr (raster, "stroke-linecap=\"round\""));
  ck_assert_ptr_nonnull (strstr (raster, "data:image/png;base64,"));
}
END_TEST

START_TEST (metadata_and_background_are_written)
{
  g_autoptr (ShsScene) scene = build (SHS_TEST_ORDINARY, SHS_PLOT_BAR);
  ShsFigureOptions options = defaults;
  g_autofree char *svg = NULL;

  options.metadata = "model <a> & b";
  options.background = "#123456";
  svg = shs_figure_to_svg (scene, &options);
  g_ptr_array_unref (parse (svg));
  ck_assert_ptr_nonnull (strstr (svg, "model &lt;a&gt; &amp; b</desc>"));
  ck_assert_ptr_nonnull (strstr (svg, "fill=\"#123456\""));
}
END_TEST

Suite *
svg_suite (void)
{
  Suite *suite = suite_create ("svg");
  TCase *cases = tcase_create ("svg");

  tcase_add_loop_test (cases, the_text_of_an_svg_is_that_of_the_scene, 0, SHS_N_PLOT_KINDS);
  tcase_add_loop_test (cases, svgs_are_what_they_were, 0, SHS_N_PLOT_KINDS);
  tcase_add_test (cases, outlines_replace_text_on_request);
  tcase_add_test (cases, points_become_an_image_on_request);
  tcase_add_test (cases, metadata_and_background_are_written);
  suite_add_tcase (suite, cases);
  return suite;
}
