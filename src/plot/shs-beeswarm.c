/* Beeswarm: every value of every feature as a point; crowds pile up. */
#include "core/shs-i18n.h"
#include "core/shs-memory.h"
#include "core/shs-random.h"
#include "core/shs-swarm.h"
#include "plot/shs-cloud-cover.h"
#include "plot/shs-plot-builders.h"
#include "plot/shs-plot-color.h"
#include "plot/shs-swarm-legend.h"

#include <math.h>

#define HEIGHT_SHARE 0.86  /* of a line's height that its swarm may take */
#define BIN_WIDTH 1.5      /* in radii */
#define SPACING 1.7        /* between neighbours of a bin, in radii, where there is room */
#define CROWD_QUANTILE 0.3 /* of the lines: how crowded a bin fills the height */
#define PADDING 0.03
#define MANY_ROWS 200000 /* of which points that others cover are left out of a picture */

typedef struct
{
  ShsPlotFrame *frame;
  ShsPlotRows rows;
  ShsFeatureSummary *summaries;
  double *rest;   /* sums of the last line */
  double *values; /* of one line */
  double *data;   /* of one line */
  double *scratch;
  guint32 *shuffled; /* all rows */
  guint32 *order;    /* in which the points of a line are put: shuffled, missing values last */
  guint32 *bins;
  guint32 *ranks;
  guint32 *counts;
  gsize n_bins;
  ShsScale scale;
  double radius;
  double spacing;
  ShsSwarmLegend legend;
} Swarm;

static void
swarm_clear (Swarm *self)
{
  shs_plot_rows_clear (&self->rows);
  shs_free (self->summaries);
  shs_free (self->rest);
  shs_free (self->values);
  shs_free (self->data);
  shs_free (self->scratch);
  shs_free (self->shuffled);
  shs_free (self->order);
  shs_free (self->bins);
  shs_free (self->ranks);
  shs_free (self->counts);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Swarm, swarm_clear)

static gboolean
allocate (Swarm *self, GError **error)
{
  gsize n = self->frame->n_rows;

  return (self->summaries = shs_alloc (self->frame->n_features, sizeof *self->summaries, error))
         && (self->rest = shs_alloc (n, sizeof (double), error))
         && (self->values = shs_alloc (n, sizeof (double), error))
         && (self->data = shs_alloc (n, sizeof (double), error))
         && (self->scratch = shs_alloc (MAX (n, self->frame->n_features), sizeof (double), error))
         && (self->shuffled = shs_alloc (n, sizeof (guint32), error))
         && (self->order = shs_alloc (n, sizeof (guint32), error))
         && (self->bins = shs_alloc (n, sizeof (guint32), error))
         && (self->ranks = shs_alloc (n, sizeof (guint32), error));
}

/* Orders by the mean or the largest magnitude, whichever the options ask for. */
static void
get_importances (const Swarm *self, double *importances)
{
  gboolean largest = self->frame->options->order == SHS_ORDER_MAX_ABSOLUTE;

  for (gsize j = 0; j < self->frame->n_features; j++)
    importances[j] = largest ? self->summaries[j].max_absolute : self->summaries[j].mean_absolute;
}

static void
find_range (Swarm *self)
{
  ShsRectangle plot = self->rows.plot;
  double low = 0, high = 0;

  for (gsize i = 0; i < self->rows.n_features; i++)
    {
      const ShsFeatureSummary *summary = &self->summaries[self->rows.order[i]];

      low = fmin (low, summary->minimum);
      high = fmax (high, summary->maximum);
    }
  for (gsize i = 0; i < self->frame->n_rows && self->rows.n_rest > 0; i++)
    {
      low = fmin (low, self->rest[i]);
      high = fmax (high, self->rest[i]);
    }
  shs_plot_frame_limit (self->frame->options->x_limits, &low, &high);
  self->scale = shs_scale_new (low, high, PADDING, plot.x, plot.x + plot.width);
}

/* Whether a feature's values pass the limits; the sum of the rest may only pass them if one does or
   many agree, and is not asked. */
static gboolean
is_cut (const Swarm *self)
{
  for (gsize j = 0; j < self->frame->n_features; j++)
    {
      double low = self->summaries[j].minimum, high = self->summaries[j].maximum;

      if (shs_plot_frame_limit (self->frame->options->x_limits, &low, &high))
        return TRUE;
    }
  return FALSE;
}

static gboolean
read_line (Swarm *self, gsize line, GError **error)
{
  const ShsExplanationParts *parts = self->frame->parts;
  gsize feature = self->rows.order[line];

  return shs_values_read_feature (parts->values, self->frame->output, feature, self->values, error)
         && (!self->legend.has_colors
             || shs_values_read_feature (parts->data, 0, feature, self->data, error));
}

static const double *
get_line_values (const Swarm *self, gsize line)
{
  return line < self->rows.n_features ? self->values : self->rest;
}

/* Missing values gather at the lower edge of their swarm, where they can be seen. */
static void
order_line (Swarm *self, gsize line)
{
  gsize n = self->frame->n_rows, kept = 0;

  for (guint missing = 0; missing < 2; missing++)
    for (gsize k = 0; k < n; k++)
      {
        guint32 i = self->shuffled[k];
        gboolean is_missing
            = self->legend.has_colors && line < self->rows.n_features && isnan (self->data[i]);

        if (is_missing == (missing == 1))
          self->order[kept++] = i;
      }
}

static guint32
get_bin (const Swarm *self, double value)
{
  double per_bin = (double)self->n_bins / (self->scale.high - self->scale.low);

  if (!(value >= self->scale.low && value <= self->scale.high))
    return SHS_SWARM_NO_BIN;
  return (guint32)CLAMP ((value - self->scale.low) * per_bin, 0, (double)self->n_bins - 1);
}

static void
rank_line (Swarm *self, gsize line)
{
  const double *values = get_line_values (self, line);

  order_line (self, line);
  for (gsize i = 0; i < self->frame->n_rows; i++)
    self->bins[i] = get_bin (self, values[i]);
  shs_swarm_rank (self->bins, self->order, self->frame->n_rows, self->n_bins, self->counts,
                  self->ranks);
}

static void
count_bins (const Swarm *self, const double *values, gsize n, guint32 *counts)
{
  for (gsize i = 0; i < n; i++)
    {
      guint32 bin = get_bin (self, values[i]);

      if (bin != SHS_SWARM_NO_BIN)
        counts[bin]++;
    }
}

typedef struct
{
  const Swarm *swarm;
  guint32 *counts; /* lines x bins */
} Counting;

static gboolean
count_block (gsize first_row, const ShsMatrix *block, gpointer data)
{
  Counting *counting = data;
  const Swarm *self = counting->swarm;

  for (gsize line = 0; line < self->rows.n_features; line++)
    count_bins (self, shs_matrix_column (block, self->rows.order[line]), block->n_rows,
                counting->counts + line * self->n_bins);
  return TRUE;
}

static int
compare_counts (gconstpointer a, gconstpointer b, gpointer data)
{
  guint32 x = *(const guint32 *)a, y = *(const guint32 *)b;

  return (x > y) - (x < y);
}

/* One spacing for all lines, so that heights compare: the fullest bin of a crowded line fills its
 * height. In the few lines that are more crowded still, such bins are filled evenly. */
static gboolean
find_spacing (Swarm *self, GError **error)
{
  SHS_AUTOFREE guint32 *fullest = shs_alloc0 (self->rows.n, sizeof *fullest, error);
  SHS_AUTOFREE guint32 *counts
      = fullest != NULL ? shs_alloc0 (self->rows.n, self->n_bins * sizeof *counts, error) : NULL;
  Counting counting = { self, counts };
  double height = HEIGHT_SHARE * self->rows.pitch - 2 * self->radius;
  guint32 crowd;

  if (counts == NULL
      || !shs_values_foreach (self->frame->parts->values, self->frame->output, count_block,
                              &counting, error))
    return FALSE;
  if (self->rows.n_rest > 0)
    count_bins (self, self->rest, self->frame->n_rows,
                counts + self->rows.n_features * self->n_bins);
  for (gsize i = 0; i < self->rows.n * self->n_bins; i++)
    fullest[i / self->n_bins] = MAX (fullest[i / self->n_bins], counts[i]);
  g_qsort_with_data (fullest, (int)self->rows.n, sizeof *fullest, compare_counts, NULL);
  crowd = fullest[(gsize)(CROWD_QUANTILE * (double)(self->rows.n - 1))];
  self->spacing = SPACING * self->radius;
  if (crowd > 1)
    self->spacing = MIN (self->spacing, MAX (height, 0) / (crowd - 1));
  return TRUE;
}

static gboolean
add_line (Swarm *self, gsize line, GError **error)
{
  ShsPlotFrame *frame = self->frame;
  const double *values = get_line_values (self, line);
  gboolean has_data = self->legend.has_colors && line < self->rows.n_features;
  gboolean colored = has_data && !shs_swarm_legend_is_category (frame, &self->rows, line);
  double height = MAX (0, HEIGHT_SHARE * self->rows.pitch - 2 * self->radius);
  double y = shs_plot_rows_get_y (&self->rows, line);
  guint32 plain
      = shs_color_pack (self->legend.has_colors ? frame->theme.neutral : frame->theme.negative);
  ShsValueColors colors;
  ShsCloud cloud;

  if (line < self->rows.n_features && !read_line (self, line, error))
    return FALSE;
  if (!shs_cloud_init (&cloud, frame->n_rows, self->radius, error))
    return FALSE;
  rank_line (self, line);
  if (colored)
    shs_value_colors_init (&colors, self->data, frame->n_rows, self->scratch);
  for (gsize k = 0; k < frame->n_rows; k++)
    {
      gsize i = self->order[k];
      guint32 bin = self->bins[i];

      if (bin == SHS_SWARM_NO_BIN)
        continue;
      shs_cloud_add (
          &cloud, has_data && isnan (self->data[i]), shs_scale_map (&self->scale, values[i]),
          y + shs_swarm_offset (self->ranks[i], self->counts[bin], self->spacing, height),
          has_data && isnan (self->data[i]) ? shs_color_pack (frame->theme.missing)
          : colored ? shs_value_colors_get (&colors, &frame->theme, self->data[i])
                    : plain,
          (guint32)i);
    }
  if (frame->is_picture && frame->n_rows > MANY_ROWS && !shs_cloud_drop_covered (&cloud, error))
    {
      shs_cloud_clear (&cloud);
      return FALSE;
    }
  shs_cloud_finish (&cloud, frame->scene,
                    shs_plot_frame_key (frame, SHS_ROLE_POINT, -1,
                                        shs_plot_rows_get_feature (&self->rows, line)));
  return TRUE;
}

static void
add_grid (Swarm *self)
{
  ShsScene *scene = self->frame->scene;
  ShsRectangle plot = self->rows.plot;
  ShsMarkKey key = SHS_KEY (SHS_ROLE_GRID);
  double zero = shs_scale_map (&self->scale, 0);
  ShsStroke dotted = { .color = self->frame->theme.grid, .width = 0.5, .dash = { 0.5, 2.5 } };

  for (gsize i = 0; i < self->rows.n; i++)
    {
      double y = shs_plot_rows_get_y (&self->rows, i);

      shs_scene_add_line (scene, SHS_LAYER_DATA, key, plot.x, y, plot.x + plot.width, y, dotted);
    }
  if (zero >= self->scale.start && zero <= self->scale.end)
    shs_scene_add_line (scene, SHS_LAYER_DATA, key, zero, plot.y, zero, plot.y + plot.height,
                        (ShsStroke){ .color = self->frame->theme.zero, .width = 0.9 });
}

static gboolean
lay_out (Swarm *self, GError **error)
{
  ShsPlotFrame *frame = self->frame;
  ShsRectangle area;

  if (!shs_explanation_summarise (frame->explanation, frame->output, self->summaries, NULL, error))
    return FALSE;
  if (is_cut (self))
    shs_plot_frame_note_limits (frame);
  area = frame->area;
  self->legend.has_colors = frame->parts->data != NULL;
  area.width -= shs_swarm_legend_get_room (&self->legend, frame);
  area.height -= shs_plot_frame_get_axis_height (frame, shs_plot_frame_has_axis_title (frame));
  self->rows.is_sum = TRUE;
  get_importances (self, self->scratch);
  if (!shs_plot_rows_init (&self->rows, frame, self->scratch, area, -1, error))
    return FALSE;
  if (self->rows.n_rest > 0 && !shs_plot_rows_sum_rest (&self->rows, frame, self->rest, error))
    return FALSE;
  if (!shs_swarm_legend_make_room (&self->legend, frame, &self->rows, error))
    return FALSE;
  find_range (self);
  self->radius
      = MIN (shs_plot_point_radius (frame->n_rows, self->rows.plot), 0.2 * self->rows.pitch);
  self->n_bins = (gsize)MAX (1, self->rows.plot.width / (BIN_WIDTH * MAX (self->radius, 0.5)));
  self->counts = shs_alloc (self->n_bins, sizeof *self->counts, error);
  return self->counts != NULL && find_spacing (self, error);
}

gboolean
shs_beeswarm_build (ShsPlotFrame *frame, GError **error)
{
  g_auto (Swarm) self = { .frame = frame };
  ShsRandom random = shs_random_init (frame->options->seed, 0);
  g_auto (GStrv) label = shs_plot_frame_describe_axis (frame, _ ("SHAP value"));
  double bottom;

  if (!allocate (&self, error))
    return FALSE;
  for (gsize i = 0; i < frame->n_rows; i++)
    self.shuffled[i] = (guint32)i;
  shs_random_shuffle (&random, self.shuffled, frame->n_rows);
  if (!lay_out (&self, error))
    return FALSE;
  add_grid (&self);
  for (gsize line = 0; line < self.rows.n; line++)
    if (!add_line (&self, line, error))
      return FALSE;
  shs_plot_rows_draw_labels (&self.rows, frame);
  bottom = self.rows.plot.y + self.rows.plot.height;
  shs_plot_frame_axis_bottom (frame, &self.scale, bottom, TRUE);
  if (shs_plot_frame_has_axis_title (frame))
    shs_plot_frame_axis_label_below (frame, label, self.rows.plot);
  shs_swarm_legend_add (&self.legend, frame, self.rows.plot);
  return TRUE;
}
