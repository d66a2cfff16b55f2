/* Interactions: the mean magnitude of every pair of features; main effects on the diagonal. */
#include "core/shs-error.h"
#include "core/shs-i18n.h"
#include "core/shs-memory.h"
#include "plot/shs-feature-label.h"
#include "plot/shs-pair-means.h"
#include "plot/shs-plot-builders.h"
#include "plot/shs-plot-rows.h"
#include "result/shs-interactions.h"

#include <math.h>
#include <string.h>

#define LINE_FACTOR 1.08        /* least height of a line, in lines of text */
#define LABEL_SHARE 0.3         /* of the width, for names on the left */
#define NARROW_LABEL_SHARE 0.35 /* in a narrow figure, whose names are not shorter */
#define NARROW 300.0
#define NAME_SHARE 0.32 /* of the height, for names below */
#define LABEL_GAP 6.0
#define CELL_GAP 1.0
#define MAX_ASPECT 2.6 /* of a cell, and its inverse 1.4 */
#define MAX_UPRIGHT 1.4
#define NOTE_GAP 8.0
#define BAR_WIDTH 6.0
#define BAR_GAP 12.0
#define TEXT_GAP 4.0
#define MIN_WIDTH_FOR_BAR 220.0
#define DIGITS 2
#define FAINTEST 0.04 /* of a cell that is not 0 */
#define GREYEST 0.75
#define RING_WIDTH 1.8
#define BLANK_STRENGTH 0.35 /* of the lines of a cell without number */
#define BLANK_WIDTH 0.5
#define ZERO_STRENGTH 0.18 /* of the edge of a cell of 0, which has the background's colour */

typedef struct
{
  ShsPlotFrame *frame;
  ShsPairMeans pairs;
  ShsNumberLabel number;
  ShsRectangle plot;
  double label_width, name_height, legend_width;
} Matrix;

/* How many features have room in height and width for a line of text. */
static gsize
count_shown (const Matrix *self)
{
  const ShsPlotFrame *frame = self->frame;
  double line = LINE_FACTOR * shs_plot_frame_get_line (frame, frame->label);
  double column = LINE_FACTOR * shs_plot_frame_get_line (frame, frame->tick);
  double height = frame->area.height - NAME_SHARE * frame->height;
  double width = frame->area.width * (1 - LABEL_SHARE) - self->legend_width;
  gsize n = MIN (frame->n_features, frame->options->max_display);

  n = MIN (n, (gsize)MAX (1, height / line));
  return MIN (n, (gsize)MAX (1, width / column));
}

static const char *
get_name (const Matrix *self, gsize index)
{
  return shs_explanation_get_column (self->frame->explanation, self->pairs.order[index])->name;
}

static double
measure_names (const Matrix *self)
{
  double widest = 0;

  for (gsize i = 0; i < self->pairs.n; i++)
    widest = MAX (widest,
                  shs_plot_frame_width (self->frame, get_name (self, i), self->frame->tick) + 0.1);
  return MIN (widest, NAME_SHARE * self->frame->height - LABEL_GAP);
}

static double
measure_labels (const Matrix *self, double pitch)
{
  const ShsPlotFrame *frame = self->frame;
  double share = frame->width < NARROW ? NARROW_LABEL_SHARE : LABEL_SHARE;
  double most = share * frame->area.width;
  double width = 0;

  for (gsize i = 0; i < self->pairs.n; i++)
    width = MAX (width,
                 shs_feature_label_measure (frame, get_name (self, i), NULL, most, most, pitch));
  return width;
}

/* The width of the colour bar's numbers, before it is known how many there will be. */
static double
measure_legend (const ShsPlotFrame *frame)
{
  if (frame->area.width < MIN_WIDTH_FOR_BAR)
    return 0;
  return BAR_GAP + BAR_WIDTH + TEXT_GAP + shs_plot_frame_width (frame, "0.000", frame->tick)
         + TEXT_GAP + shs_plot_frame_get_line (frame, frame->label);
}

static void
lay_out (Matrix *self)
{
  ShsRectangle area = self->frame->area;
  double pitch, width, height;

  self->name_height = measure_names (self);
  area.height -= self->name_height + LABEL_GAP;
  pitch = area.height / (double)self->pairs.n;
  self->label_width = measure_labels (self, pitch);
  area.x += self->label_width + LABEL_GAP;
  area.width -= self->label_width + LABEL_GAP + self->legend_width;
  width = area.width / (double)self->pairs.n;
  height = area.height / (double)self->pairs.n;
  area.width = MIN (width, MAX_ASPECT * height) * (double)self->pairs.n;
  area.height = MIN (height, MAX_UPRIGHT * width) * (double)self->pairs.n;
  self->plot = area;
}

/* A straight line in CIE Lab from the figure's background to the strongest colour. */
static ShsColor
get_color (const Matrix *self, double t)
{
  const ShsTheme *theme = &self->frame->theme;
  double a[3], b[3];

  shs_color_to_lab (theme->background, a);
  shs_color_to_lab (theme->positive, b);
  for (guint i = 0; i < 3; i++)
    a[i] += (b[i] - a[i]) * t;
  return shs_color_from_lch (a[0], hypot (a[1], a[2]), atan2 (a[2], a[1]));
}

static ShsColor
get_fill (const Matrix *self, gsize i, gsize j)
{
  const ShsTheme *theme = &self->frame->theme;
  double mean = self->pairs.means[i * self->pairs.n + j];
  double most = i == j ? self->pairs.largest_main : self->pairs.largest;
  double t = most > 0 ? mean / most : 0;

  t = t > 0 ? FAINTEST + (1 - FAINTEST) * t : 0;
  return i == j ? shs_color_mix (theme->background, theme->neutral, GREYEST * t)
                : get_color (self, t);
}

/* Whether the cell has no number: its pair was not computed. */
static gboolean
is_blank (const Matrix *self, gsize i, gsize j)
{
  return shs_explanation_lacks_pair (self->frame->explanation, self->pairs.order[i],
                                     self->pairs.order[j]);
}

static ShsRectangle
get_cell (const Matrix *self, gsize i, gsize j)
{
  double width = self->plot.width / (double)self->pairs.n;
  double height = self->plot.height / (double)self->pairs.n;

  return (ShsRectangle){ self->plot.x + (double)j * width + CELL_GAP / 2,
                         self->plot.y + (double)i * height + CELL_GAP / 2,
                         MAX (0.5, width - CELL_GAP), MAX (0.5, height - CELL_GAP) };
}

static ShsMarkKey
get_key (const Matrix *self, ShsRole role, gsize i, gsize j)
{
  ShsMarkKey key = shs_plot_frame_key (self->frame, role, -1, (gint32)self->pairs.order[i]);

  key.partner = (gint32)self->pairs.order[j];
  return key;
}

/* Empty, with a stroke from corner to corner: no colour of the scale. */
static void
add_blank (Matrix *self, gsize i, gsize j)
{
  ShsPlotFrame *frame = self->frame;
  ShsRectangle cell = get_cell (self, i, j);
  ShsColor line = shs_color_mix (frame->theme.background, frame->theme.axis, BLANK_STRENGTH);
  ShsStroke stroke = { .color = line, .width = BLANK_WIDTH };

  shs_scene_add_rectangle (frame->scene, SHS_LAYER_DATA, get_key (self, SHS_ROLE_VALUE, i, j), cell,
                           frame->theme.background, stroke);
  shs_scene_add_line (frame->scene, SHS_LAYER_DATA, get_key (self, SHS_ROLE_VALUE, i, j), cell.x,
                      cell.y + cell.height, cell.x + cell.width, cell.y, stroke);
}

/* All numbers are shown, or none: a hole would read as a zero. */
static gboolean
numbers_fit (const Matrix *self)
{
  ShsRectangle cell = get_cell (self, 0, 0);
  double widest = 0;

  for (gsize i = 0; i < self->pairs.n * self->pairs.n; i++)
    {
      g_autofree char *text = shs_number_label_format (&self->number, self->pairs.means[i]);

      widest = MAX (widest, shs_plot_frame_width (self->frame, text, self->frame->tick));
    }
  return widest + 3 <= cell.width
         && shs_plot_frame_get_line (self->frame, self->frame->tick) + 1 <= cell.height;
}

static void
add_cell (Matrix *self, gsize i, gsize j, gboolean with_number)
{
  ShsPlotFrame *frame = self->frame;
  ShsRectangle cell = get_cell (self, i, j);
  ShsColor fill = get_fill (self, i, j);
  g_autofree char *text
      = shs_number_label_format (&self->number, self->pairs.means[i * self->pairs.n + j]);
  ShsTextPlace place = { .x = cell.x + cell.width / 2,
                         .y = shs_plot_frame_center (frame->tick, cell.y + cell.height / 2),
                         .anchor = SHS_ANCHOR_MIDDLE,
                         .font = frame->tick,
                         .color = shs_color_on (fill) };
  ShsStroke edge = { 0 };

  if (!(self->pairs.means[i * self->pairs.n + j] > 0))
    edge = (ShsStroke){ .color
                        = shs_color_mix (frame->theme.background, frame->theme.axis, ZERO_STRENGTH),
                        .width = BLANK_WIDTH };
  shs_scene_add_rectangle (frame->scene, SHS_LAYER_DATA, get_key (self, SHS_ROLE_VALUE, i, j), cell,
                           fill, edge);
  if (with_number)
    shs_plot_frame_text (frame, get_key (self, SHS_ROLE_VALUE_LABEL, i, j), text, place);
}

static void
add_cells (Matrix *self)
{
  gboolean with_numbers = numbers_fit (self);

  for (gsize i = 0; i < self->pairs.n; i++)
    for (gsize j = 0; j < self->pairs.n; j++)
      if (is_blank (self, i, j))
        add_blank (self, i, j);
      else
        add_cell (self, i, j, with_numbers);
}

static void
add_names (Matrix *self)
{
  ShsPlotFrame *frame = self->frame;
  double pitch = self->plot.height / (double)self->pairs.n;
  double below = self->plot.y + self->plot.height;

  for (gsize i = 0; i < self->pairs.n; i++)
    {
      const char *name = get_name (self, i);
      ShsRectangle cell = get_cell (self, i, i);
      g_auto (ShsFeatureLabel) label
          = shs_feature_label_new (frame, name, NULL, self->label_width, pitch);
      g_autofree char *shown
          = shs_plot_frame_elide_middle (frame, name, frame->tick, self->name_height);
      ShsTextPlace place = { .x = cell.x + cell.width / 2 + 0.36 * frame->tick.size,
                             .y = below + LABEL_GAP - 2,
                             .anchor = SHS_ANCHOR_END,
                             .font = frame->tick,
                             .color = frame->theme.text,
                             .rotation = 90,
                             .whole = strcmp (shown, name) != 0 ? name : NULL };

      shs_feature_label_draw (
          &label, frame,
          shs_plot_frame_key (frame, SHS_ROLE_FEATURE_LABEL, -1, (gint32)self->pairs.order[i]),
          name, self->plot.x - LABEL_GAP, cell.y + cell.height / 2, frame->theme.text);
      shs_plot_frame_text (
          frame, shs_plot_frame_key (frame, SHS_ROLE_TICK_LABEL, -1, (gint32)self->pairs.order[i]),
          shown, place);
    }
}

static void
add_bar (Matrix *self, ShsRectangle bar)
{
  guint32 *pixels = shs_alloc (SHS_COLOR_MAP_SIZE, sizeof *pixels, NULL);

  for (guint i = 0; i < SHS_COLOR_MAP_SIZE && pixels != NULL; i++)
    pixels[i] = shs_color_pack (get_color (self, 1 - (double)i / (SHS_COLOR_MAP_SIZE - 1)));
  if (pixels != NULL)
    shs_scene_add_image (self->frame->scene, SHS_LAYER_AXES, SHS_KEY (SHS_ROLE_COLOR_BAR), bar, 1,
                         SHS_COLOR_MAP_SIZE, pixels, TRUE);
}

static void
add_bar_numbers (Matrix *self, ShsRectangle bar)
{
  ShsPlotFrame *frame = self->frame;
  ShsScale scale = shs_scale_new (0, self->pairs.largest, 0, bar.y + bar.height, bar.y);
  double line = shs_plot_frame_get_line (frame, frame->tick);
  ShsTicks ticks;
  ShsNumberLabel label;

  shs_scale_find_ticks (&scale, (gsize)CLAMP (bar.height / (2.5 * line), 2, 6), &ticks);
  label = shs_number_label_for_step (ticks.step, self->pairs.largest, FALSE);
  for (gsize i = 0; i < ticks.n; i++)
    {
      double y = shs_scale_map (&scale, ticks.positions[i]);
      g_autofree char *text = shs_number_label_format (&label, ticks.shown[i]);

      shs_scene_add_line (frame->scene, SHS_LAYER_AXES, SHS_KEY (SHS_ROLE_AXIS), bar.x + bar.width,
                          y, bar.x + bar.width + 2, y,
                          (ShsStroke){ .color = frame->theme.axis, .width = 0.7 });
      shs_plot_frame_text (frame, SHS_KEY (SHS_ROLE_COLOR_BAR), text,
                           (ShsTextPlace){ .x = bar.x + BAR_WIDTH + TEXT_GAP,
                                           .y = shs_plot_frame_center (frame->tick, y),
                                           .font = frame->tick,
                                           .color = frame->theme.text });
    }
}

static void
add_legend (Matrix *self)
{
  ShsPlotFrame *frame = self->frame;
  ShsRectangle bar
      = { self->plot.x + self->plot.width + BAR_GAP, self->plot.y, BAR_WIDTH, self->plot.height };
  gboolean is_one = frame->n_rows == 1;
  char *const label[]
      = { is_one ? _ ("|SHAP interaction value|") : _ ("mean(|SHAP interaction value|)"),
          is_one ? _ ("|interaction|") : _ ("mean(|interaction|)"), NULL };
  double right = self->plot.x + self->plot.width + self->legend_width;

  if (self->legend_width <= 0 || self->pairs.largest <= 0 || bar.height < 3 * frame->tick.size)
    return;
  add_bar (self, bar);
  add_bar_numbers (self, bar);
  shs_plot_frame_axis_label (frame, label, right - 0.24 * frame->label.size, bar.y + bar.height / 2,
                             bar.height, 90);
}

/* The pair that feature and colour of the options name. */
static void
add_ring (Matrix *self)
{
  const ShsPlotOptions *options = self->frame->options;
  gssize partner = options->feature >= 0 && options->color != NULL
                       ? shs_explanation_find_feature (self->frame->explanation, options->color)
                       : -1;

  for (gsize i = 0; i < self->pairs.n && partner >= 0; i++)
    for (gsize j = 0; j < self->pairs.n; j++)
      if (self->pairs.order[i] == (gsize)options->feature && self->pairs.order[j] == (gsize)partner)
        shs_scene_add_rectangle (
            self->frame->scene, SHS_LAYER_AXES, get_key (self, SHS_ROLE_HIGHLIGHT, i, j),
            get_cell (self, i, j), (ShsColor){ 0 },
            (ShsStroke){ .color = self->frame->theme.text, .width = RING_WIDTH });
}

/* Where not every pair was computed. */
static void
add_pairs_note (ShsPlotFrame *frame)
{
  gsize n = shs_explanation_count_strongest_pairs (frame->explanation);
  g_autofree char *text = NULL;

  if (n == 0)
    return;
  text = g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE, "the %d strongest pair; crossed out: not computed",
                   "the %d strongest pairs; crossed out: not computed", (gulong)n),
      (int)n);
  shs_plot_frame_note (frame, text);
}

/* Keeps room below for the lines that add_notes() writes; @whole: the area with them. */
static void
reserve_notes (Matrix *self, ShsRectangle *whole)
{
  ShsPlotFrame *frame = self->frame;
  guint n = 1 + (shs_explanation_count_strongest_pairs (frame->explanation) > 0)
            + (self->pairs.n < frame->n_features);

  *whole = frame->area;
  for (; n > 0; n--)
    frame->area.height -= shs_plot_frame_measure_note (frame);
}

/* Right below the matrix, also where it does not fill the height. */
static void
add_notes (Matrix *self, ShsRectangle whole)
{
  ShsPlotFrame *frame = self->frame;
  double used = self->plot.y + self->plot.height + LABEL_GAP + self->name_height - whole.y;
  double below = whole.height - frame->area.height;

  whole.height = MIN (whole.height, used + NOTE_GAP + below);
  frame->area = whole;
  shs_plot_frame_note (frame, _ ("Diagonal, grey: main effects"));
  add_pairs_note (frame);
  if (self->pairs.n == frame->n_features)
    return;
  g_autofree char *text = g_strdup_printf (
      _ ("%" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT " features"), self->pairs.n, frame->n_features);
  shs_plot_frame_note (frame, text);
}

gboolean
shs_interaction_matrix_build (ShsPlotFrame *frame, GError **error)
{
  Matrix self = { .frame = frame, .legend_width = measure_legend (frame) };
  g_auto (ShsPairMeans) pairs = { 0 };
  ShsRectangle whole;

  if (!shs_pair_means_read (&pairs, frame, count_shown (&self), error))
    return FALSE;
  self.pairs = pairs;
  self.number = shs_number_label_for_scale (
      self.pairs.largest > 0 ? self.pairs.largest : self.pairs.largest_main, DIGITS, FALSE);
  reserve_notes (&self, &whole);
  lay_out (&self);
  add_notes (&self, whole);
  add_cells (&self);
  add_names (&self);
  add_legend (&self);
  add_ring (&self);
  return TRUE;
}
