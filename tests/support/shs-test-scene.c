#include "shs-test-scene.h"

#include <check.h>
#include <math.h>
#include <string.h>

static gboolean
intersect (ShsRectangle a, ShsRectangle b)
{
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

static void
assert_within (const ShsScene *scene, const ShsMark *mark, const char *what)
{
  ShsRectangle box = mark->text.box;

  ck_assert_msg (box.x >= 0 && box.y >= 0 && box.x + box.width <= shs_scene_get_width (scene)
                     && box.y + box.height <= shs_scene_get_height (scene),
                 "%s: \"%s\" leaves the figure", what, mark->text.string);
}

static void
assert_finite (const ShsMark *mark, const char *what)
{
  ck_assert_msg (isfinite (mark->box.x) && isfinite (mark->box.y) && isfinite (mark->box.width)
                     && isfinite (mark->box.height) && mark->box.width >= 0
                     && mark->box.height >= 0,
                 "%s: a mark of type %d, role %d lies nowhere", what, mark->type, mark->key.role);
}

void
shs_test_assert_texts_apart (const ShsScene *scene, const char *what)
{
  gsize n = shs_scene_get_n_marks (scene);

  for (gsize i = 0; i < n; i++)
    {
      const ShsMark *a = shs_scene_get_mark (scene, i);

      assert_finite (a, what);
      if (a->type != SHS_MARK_TEXT)
        continue;
      assert_within (scene, a, what);
      for (gsize j = i + 1; j < n; j++)
        {
          const ShsMark *b = shs_scene_get_mark (scene, j);

          /* No assertion of Check's: each writes a mark, which is slow a million times. */
          if (b->type == SHS_MARK_TEXT && intersect (a->text.box, b->text.box))
            ck_abort_msg ("%s: \"%s\" touches \"%s\"", what, a->text.string, b->text.string);
        }
    }
}

static ShsRectangle
shrink (ShsRectangle box, double by)
{
  return (ShsRectangle){ box.x + by, box.y + by, MAX (0, box.width - 2 * by),
                         MAX (0, box.height - 2 * by) };
}

/* A number stands in or beside its own bar, and no text lies across an axis. */
static void
assert_texts_beside_marks (const ShsScene *scene, const char *what)
{
  gsize n = shs_scene_get_n_marks (scene);

  for (gsize i = 0; i < n; i++)
    {
      const ShsMark *text = shs_scene_get_mark (scene, i);

      for (gsize j = 0; j < n && text->type == SHS_MARK_TEXT; j++)
        {
          const ShsMark *mark = shs_scene_get_mark (scene, j);
          gboolean is_axis = mark->type == SHS_MARK_POLYLINE && mark->key.role == SHS_ROLE_AXIS;
          gboolean is_bar = mark->key.role == SHS_ROLE_VALUE
                            && (mark->key.feature != text->key.feature
                                || mark->key.partner != text->key.partner)
                            && mark->type != SHS_MARK_TEXT;

          if ((is_axis || is_bar) && intersect (shrink (text->text.box, 0.6), mark->box))
            ck_abort_msg ("%s: \"%s\" lies on %s", what, text->text.string,
                          is_axis ? "an axis" : "another bar");
        }
    }
}

/* What may be refused: what is not there, and what has no room. */
static gboolean
may_fail (ShsExplanation *explanation, const ShsPlotOptions *options, double height,
          const GError *error)
{
  double values[16];

  if (strstr (error->message, "too small") != NULL)
    return height < (options->title != NULL ? 100 : 60);
  if (strstr (error->message, "all missing") != NULL)
    return shs_values_read_row (shs_explanation_get_parts (explanation)->values, options->output, 0,
                                values, NULL)
           && isnan (values[0]);
  return !shs_plot_kind_has_data (options->kind, explanation, NULL);
}

ShsScene *
shs_test_build (ShsExplanation *explanation, const ShsPlotOptions *options,
                ShsTextMeasurer *measurer)
{
  double width, height;
  GError *error = NULL;
  ShsScene *scene;

  shs_plot_get_natural_size (explanation, options, &width, &height);
  scene = shs_plot_build (explanation, options, width, height, measurer, &error);
  ck_assert_msg (scene != NULL, "%s", error != NULL ? error->message : "");
  return scene;
}

static void
assert_sizes (ShsExplanation *explanation, const ShsPlotOptions *options, const char *what,
              ShsTextMeasurer *measurer)
{
  static const double sizes[][2]
      = { { 200, 120 }, { 320, 200 }, { 460, 330 }, { 120, 400 }, { 2000, 1500 }, { 30, 20 },
          { 250, 90 },  { 320, 90 },  { 380, 130 }, { 400, 160 }, { 252.3, 290 }, { 453, 320 } };

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      GError *error = NULL;
      g_autoptr (ShsScene) scene
          = shs_plot_build (explanation, options, sizes[i][0], sizes[i][1], measurer, &error);
      g_autofree char *name
          = g_strdup_printf ("%s, %s, row %d, %gx%g", what, shs_plot_kind_get_name (options->kind),
                             (int)options->row, sizes[i][0], sizes[i][1]);

      if (scene == NULL)
        {
          ck_assert_msg (may_fail (explanation, options, sizes[i][1], error), "%s: %s", name,
                         error->message);
          g_clear_error (&error);
          continue;
        }
      ck_assert_msg (sizes[i][0] > 30, "%s: nothing can be seen", name);
      shs_test_assert_texts_apart (scene, name);
      assert_texts_beside_marks (scene, name);
    }
}

void
shs_test_assert_layouts (ShsExplanation *explanation, const char *what, ShsTextMeasurer *measurer)
{
  gsize n_features = shs_explanation_get_n_features (explanation);

  for (int kind = 0; kind < SHS_N_PLOT_KINDS; kind++)
    for (gint64 row = -1; row < 1; row++)
      for (int extra = 0; extra < 2; extra++)
        {
          ShsPlotOptions *options = shs_plot_options_new (kind);

          options->row = row;
          options->max_display = extra ? 40 : 10;
          options->feature = extra && n_features > 1 ? 1 : 0;
          options->note = extra;
          if (extra)
            {
              g_free (options->link);
              options->link = g_strdup ("logit");
              options->title = g_strdup ("A title that says what can be seen");
              options->font_size = 12;
              options->output = shs_explanation_get_n_outputs (explanation) - 1;
            }
          if (row >= 0 || !shs_plot_kind_needs_row (kind))
            assert_sizes (explanation, options, what, measurer);
          shs_plot_options_free (options);
        }
}
