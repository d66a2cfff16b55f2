/* The table of kinds, and the way from an explanation to a scene. */
#include "plot/shs-plot.h"

#include "core/shs-error.h"
#include "core/shs-i18n.h"
#include "plot/shs-plot-builders.h"
#include "plot/shs-plot-note.h"
#include "result/shs-interactions.h"

#include <math.h>
#include <string.h>

/* Of what title, note and margins leave: less holds no readable plot. */
#define MIN_WIDTH 80.0
#define MIN_LINES 4.3 /* of text */
#define MIN_MARKS_HEIGHT 6.0
#define MM_PER_POINT (25.4 / 72)
#define BLOCK_ROWS 256
#define MATRIX_SHARE 0.7 /* of a matrix's width that its names leave */
#define MATRIX_LEGEND 66.0
#define MATRIX_ASPECT 1.2 /* of a narrow matrix: no higher than its cells may be */

typedef struct
{
  const char *name;
  const char *synonym; /* what the shap library calls it */
  const char *title;
  gboolean (*build) (ShsPlotFrame *frame, GError **error);
  gboolean needs_row;
  gboolean needs_feature;
  double width, height; /* natural size; the height without lines of features */
  double line_height;   /* added for each line */
  gboolean keeps_shape; /* a narrower one is lower too; others keep the height of their lines */
} Kind;

static const Kind kinds[SHS_N_PLOT_KINDS] = {
  [SHS_PLOT_BEESWARM] = { "beeswarm", "summary", N_ ("Beeswarm"), shs_beeswarm_build, FALSE, FALSE,
                          480, 60, 25, FALSE },
  [SHS_PLOT_BAR]
  = { "bar", "summary-bar", N_ ("Bars"), shs_bar_build, FALSE, FALSE, 420, 60, 22, FALSE },
  [SHS_PLOT_WATERFALL] = { "waterfall", "waterfall", N_ ("Waterfall"), shs_waterfall_build, TRUE,
                           FALSE, 460, 90, 23, FALSE },
  [SHS_PLOT_FORCE]
  = { "force", "force", N_ ("Force"), shs_force_build, TRUE, FALSE, 600, 150, 0, FALSE },
  [SHS_PLOT_DEPENDENCE] = { "dependence", "scatter", N_ ("Dependence"), shs_dependence_build, FALSE,
                            TRUE, 400, 290, 0, TRUE },
  [SHS_PLOT_INTERACTIONS] = { "interactions", "interactions", N_ ("Interactions"),
                              shs_interaction_matrix_build, FALSE, FALSE, 460, 110, 24, FALSE },
};

int
shs_plot_kind_parse (const char *name)
{
  for (int i = 0; i < SHS_N_PLOT_KINDS; i++)
    if (strcmp (name, kinds[i].name) == 0 || strcmp (name, kinds[i].synonym) == 0)
      return i;
  return -1;
}

const char *
shs_plot_kind_get_name (ShsPlotKind kind)
{
  g_return_val_if_fail (kind < SHS_N_PLOT_KINDS, NULL);
  return kinds[kind].name;
}

const char *
shs_plot_kind_get_title (ShsPlotKind kind)
{
  g_return_val_if_fail (kind < SHS_N_PLOT_KINDS, NULL);
  return _ (kinds[kind].title);
}

gboolean
shs_plot_kind_needs_row (ShsPlotKind kind)
{
  g_return_val_if_fail (kind < SHS_N_PLOT_KINDS, FALSE);
  return kinds[kind].needs_row;
}

gboolean
shs_plot_kind_needs_feature (ShsPlotKind kind)
{
  g_return_val_if_fail (kind < SHS_N_PLOT_KINDS, FALSE);
  return kinds[kind].needs_feature;
}

gboolean
shs_plot_kind_compares_rows (ShsPlotKind kind)
{
  return kind == SHS_PLOT_BEESWARM || kind == SHS_PLOT_DEPENDENCE;
}

gboolean
shs_plot_kind_has_data (ShsPlotKind kind, const ShsExplanation *explanation, GError **error)
{
  if (kind == SHS_PLOT_INTERACTIONS && !shs_explanation_has_interactions (explanation))
    g_set_error (error, SHS_ERROR, SHS_ERROR_CHOICE,
                 "This explanation carries no interaction values; explain with --interactions");
  else if (kind == SHS_PLOT_DEPENDENCE && shs_explanation_get_parts (explanation)->data == NULL)
    g_set_error (error, SHS_ERROR, SHS_ERROR_CHOICE,
                 "A dependence plot needs the values of the features, and this explanation "
                 "carries none: explain with the data again, or choose another plot");
  else
    return TRUE;
  return FALSE;
}

/* Without the note. */
static void
get_plain_size (ShsExplanation *explanation, const ShsPlotOptions *options, double *width,
                double *height)
{
  const Kind *kind = &kinds[options->kind];
  gsize n = MIN (shs_explanation_get_n_features (explanation), MAX (2, options->max_display));
  double scale = options->font_size > 0 ? MAX (1, options->font_size / 9.5) : 1;

  *width = kind->width * MIN (scale, 2);
  *height = (kind->height + kind->line_height * (double)n) * scale;
}

void
shs_plot_get_natural_size (ShsExplanation *explanation, const ShsPlotOptions *options,
                           double *width, double *height)
{
  get_plain_size (explanation, options, width, height);
  *height += shs_plot_note_estimate_height (explanation, options, *width);
}

double
shs_plot_get_natural_height (ShsExplanation *explanation, const ShsPlotOptions *options,
                             double width)
{
  double natural_width;
  double natural_height;

  get_plain_size (explanation, options, &natural_width, &natural_height);
  if (kinds[options->kind].keeps_shape)
    natural_height *= width / natural_width;
  if (options->kind == SHS_PLOT_INTERACTIONS && width < natural_width)
    {
      double scale = options->font_size > 0 ? MAX (1, options->font_size / 9.5) : 1;
      double most = kinds[options->kind].height * scale
                    + MATRIX_ASPECT * MAX (0, MATRIX_SHARE * width - MATRIX_LEGEND * scale);

      natural_height = MIN (natural_height, MAX (most, 2 * kinds[options->kind].height * scale));
    }
  return natural_height + shs_plot_note_estimate_height (explanation, options, width);
}

static gboolean
check_index (gint64 index, gsize n, const char *what, GError **error)
{
  if (index >= 0 && (guint64)index < n)
    return TRUE;
  g_set_error (error, SHS_ERROR, SHS_ERROR_CHOICE,
               "There is no %s %" G_GINT64_FORMAT ": this explanation has %" G_GSIZE_FORMAT
               ", counted from 0",
               what, index, n);
  return FALSE;
}

static gboolean
check_options (ShsExplanation *explanation, const ShsPlotOptions *options, GError **error)
{
  const Kind *kind = &kinds[options->kind];
  gsize n_rows = shs_explanation_get_n_rows (explanation);

  if (n_rows == 0 || shs_explanation_get_n_features (explanation) == 0)
    {
      g_set_error (error, SHS_ERROR, SHS_ERROR_CHOICE,
                   "This explanation has no rows or no features: there is nothing to draw");
      return FALSE;
    }
  if (kind->needs_row && options->row < 0)
    {
      g_set_error (error, SHS_ERROR, SHS_ERROR_CHOICE,
                   "A %s plot shows one row: choose it with --row (0 to %" G_GSIZE_FORMAT ")",
                   kind->name, n_rows - 1);
      return FALSE;
    }
  return (options->row < 0 || check_index (options->row, n_rows, "row", error))
         && check_index ((gint64)options->output, shs_explanation_get_n_outputs (explanation),
                         "output", error)
         && (options->feature < 0
             || check_index (options->feature, shs_explanation_get_n_features (explanation),
                             "feature", error));
}

static void
describe (ShsPlotFrame *frame)
{
  const ShsPlotOptions *options = frame->options;
  g_autofree char *output = shs_plot_frame_name_output (frame);
  const char *kind = shs_plot_kind_get_title (options->kind);
  GString *title = g_string_new (options->title != NULL ? options->title : kind);
  g_autofree char *description = NULL;

  if (options->title == NULL && options->row >= 0)
    {
      g_autofree char *row
          = shs_explanation_describe_comparison (frame->explanation, (gsize)options->row);

      g_string_append_printf (title, ", %s", row);
    }
  if (options->title == NULL && output != NULL)
    g_string_append_printf (title, ", %s", output);
  shs_scene_set_title (frame->scene, title->str);
  g_string_free (title, TRUE);
  description = shs_plot_describe (frame);
  shs_scene_set_description (frame->scene, description);
}

static gboolean
check_size (const ShsPlotFrame *frame, GError **error)
{
  double width = frame->width - frame->area.width + MIN_WIDTH;
  double least = MIN_LINES * shs_plot_frame_get_line (frame, frame->label) + MIN_MARKS_HEIGHT;
  double height = frame->height - frame->area.height + least;

  if (frame->area.width >= MIN_WIDTH && frame->area.height >= least)
    return TRUE;
  g_set_error (error, SHS_ERROR, SHS_ERROR_CHOICE,
               "A figure of %.0f x %.0f mm is too small for a %s plot: choose a size of %.0f x "
               "%.0f mm or more",
               frame->width * MM_PER_POINT, frame->height * MM_PER_POINT,
               kinds[frame->options->kind].name, ceil (width * MM_PER_POINT),
               ceil (height * MM_PER_POINT));
  return FALSE;
}

static gboolean
has_number (const ShsMatrix *block)
{
  for (gsize j = 0; j < block->n_columns; j++)
    for (gsize i = 0; i < block->n_rows; i++)
      if (!isnan (shs_matrix_get (block, i, j)))
        return TRUE;
  return FALSE;
}

/* Looks no further than to the first number. */
static gboolean
check_values (const ShsPlotFrame *frame, GError **error)
{
  const ShsPlotOptions *options = frame->options;
  gsize first = options->row >= 0 ? (gsize)options->row : 0;
  gsize end = options->row >= 0 ? first + 1 : frame->n_rows;
  g_autoptr (ShsMatrix) block
      = shs_matrix_new (MIN (BLOCK_ROWS, end - first), frame->n_features, error);

  for (; block != NULL && first < end; first += BLOCK_ROWS)
    {
      ShsMatrix part = shs_matrix_rows (block, 0, MIN (BLOCK_ROWS, end - first));

      if (!shs_values_read (frame->parts->values, frame->output, first, &part, error))
        return FALSE;
      if (has_number (&part))
        return TRUE;
    }
  if (block != NULL && options->row >= 0)
    g_set_error (error, SHS_ERROR, SHS_ERROR_CHOICE,
                 "The SHAP values of row %" G_GINT64_FORMAT " are all missing: there is nothing to "
                 "draw; choose another row",
                 options->row);
  else if (block != NULL)
    g_set_error (error, SHS_ERROR, SHS_ERROR_CHOICE,
                 "The SHAP values of this explanation are all missing: there is nothing to draw; "
                 "check how they were computed, or explain the model again");
  return FALSE;
}

static ShsScene *
build (ShsExplanation *explanation, const ShsPlotOptions *options, double width, double height,
       gboolean is_picture, ShsTextMeasurer *measurer, GError **error)
{
  ShsPlotFrame frame;

  g_return_val_if_fail (options->kind < SHS_N_PLOT_KINDS, NULL);
  if (!check_options (explanation, options, error))
    return NULL;
  shs_plot_frame_init (&frame, explanation, options, width, height, measurer);
  frame.is_picture = is_picture;
  if (!shs_plot_kind_has_data (options->kind, explanation, error) || !check_size (&frame, error)
      || !check_values (&frame, error) || !kinds[options->kind].build (&frame, error))
    {
      shs_scene_unref (frame.scene);
      return NULL;
    }
  describe (&frame);
  return frame.scene;
}

ShsScene *
shs_plot_build (ShsExplanation *explanation, const ShsPlotOptions *options, double width,
                double height, ShsTextMeasurer *measurer, GError **error)
{
  return build (explanation, options, width, height, FALSE, measurer, error);
}

ShsScene *
shs_plot_build_picture (ShsExplanation *explanation, const ShsPlotOptions *options, double width,
                        double height, ShsTextMeasurer *measurer, GError **error)
{
  return build (explanation, options, width, height, TRUE, measurer, error);
}
