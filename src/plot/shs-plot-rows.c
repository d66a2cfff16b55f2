#include "plot/shs-plot-rows.h"

#include "core/shs-i18n.h"
#include "core/shs-memory.h"
#include "core/shs-number.h"
#include "plot/shs-feature-label.h"
#include "plot/shs-number-label.h"
#include "plot/shs-value-label.h"

#include <math.h>
#include <string.h>

#define LABEL_SHARE 0.4         /* of the width for labels on one line, at most */
#define NARROW_LABEL_SHARE 0.42 /* in a narrow figure, where three numbers must fit below */
#define WIDE_LABEL_SHARE 0.5    /* of one row, where labels would be cut otherwise */
#define NARROW 300.0
#define MIN_PLOT_WIDTH 64.0
#define MIN_PLOT_SHARE 0.32
#define LABEL_GAP 6.0
#define LINE_FACTOR 1.08 /* least height of a line of the figure, in lines of text */

typedef struct
{
  const ShsPlotFrame *frame;
  const double *values;
} Sorting;

static int
compare_features (gconstpointer a, gconstpointer b, gpointer data)
{
  const Sorting *sorting = data;
  const ShsPlotFrame *frame = sorting->frame;
  gsize i = *(const gsize *)a, j = *(const gsize *)b;
  double x = fabs (sorting->values[i]), y = fabs (sorting->values[j]);
  int by_name = 0;

  x = isnan (x) ? -1 : x;
  y = isnan (y) ? -1 : y;
  if (frame->options->order == SHS_ORDER_NAME)
    by_name = strcmp (shs_explanation_get_column (frame->explanation, i)->name,
                      shs_explanation_get_column (frame->explanation, j)->name);
  if (by_name != 0)
    return by_name;
  if (frame->options->order != SHS_ORDER_ORIGINAL && frame->options->order != SHS_ORDER_NAME
      && x != y)
    return x < y ? 1 : -1;
  return (i > j) - (i < j);
}

void
shs_plot_order_features (const ShsPlotFrame *frame, const double *values, gsize *order)
{
  Sorting sorting = { frame, values };

  for (gsize j = 0; j < frame->n_features; j++)
    order[j] = j;
  g_qsort_with_data (order, (int)frame->n_features, sizeof *order, compare_features, &sorting);
}

void
shs_plot_rows_clear (ShsPlotRows *self)
{
  g_clear_pointer (&self->order, shs_free);
  g_clear_pointer (&self->data, shs_free);
}

/* How many features of a row say something: several whose numbers are written as zero are told
 * together, unless the order is one that a person looks names up in. */
static gsize
count_telling (const ShsPlotRows *self, const ShsPlotFrame *frame, const double *values)
{
  ShsNumberLabel label
      = shs_number_label_for_scale (fabs (values[self->order[0]]), SHS_VALUE_DIGITS, TRUE);
  gsize n = 1;

  if (frame->options->order == SHS_ORDER_NAME || frame->options->order == SHS_ORDER_ORIGINAL)
    return frame->n_features;
  for (; n + 1 < frame->n_features && n < frame->options->max_display; n++)
    {
      g_autofree char *text = shs_number_label_format (&label, values[self->order[n]]);

      if (shs_number_label_is_zero (text))
        return n;
    }
  return frame->n_features;
}

static void
choose_features (ShsPlotRows *self, const ShsPlotFrame *frame, gsize n_telling, double height)
{
  double line = LINE_FACTOR * shs_plot_frame_get_line (frame, frame->label);
  gsize room = (gsize)MAX (2, height / line);
  gsize n = MIN (MAX (2, frame->options->max_display), room);

  self->n_features = frame->n_features <= n && n_telling == frame->n_features
                         ? frame->n_features
                         : MIN (n_telling, n - 1);
  self->n_rest = frame->n_features - self->n_features;
  self->n = self->n_features + (self->n_rest > 0);
}

static char *
name_line (const ShsPlotRows *self, const ShsPlotFrame *frame, gsize index)
{
  g_autofree char *count = NULL;

  if (index < self->n_features)
    return g_strdup (shs_explanation_get_column (frame->explanation, self->order[index])->name);
  count = shs_number_format ((double)self->n_rest, (ShsNumberStyle){ .thousands = TRUE });
  return self->is_sum ? g_strdup_printf (_ ("Sum of %s other features"), count)
                      : g_strdup_printf (_ ("%s other features"), count);
}

/* (nullable): " = value" of a feature in the row that is shown, beside that of the row that it is
 * compared with. */
static char *
describe_value (const ShsPlotRows *self, const ShsPlotFrame *frame, gsize index)
{
  char **others = frame->parts->background_values;
  const char *other_row = frame->parts->provenance.background_row;
  g_autofree char *text = NULL;
  gsize feature = self->order[index];

  if (self->data == NULL || index >= self->n_features)
    return NULL;
  text = shs_explanation_describe_value (frame->explanation, feature, self->data[feature]);
  if (others == NULL)
    return g_strdup_printf (" = %s", text);
  if (strcmp (others[feature], text) == 0)
    return g_strdup_printf (self->is_brief ? " = %s" : _ (" = %s in both"), text);
  return self->is_brief ? g_strdup_printf (" %s → %s", others[feature], text)
                        : g_strdup_printf (" = %s (%s: %s)", text, other_row, others[feature]);
}

/* Whether both values and the row's name have room beside each name. */
static gboolean
has_room_for_rows (const ShsPlotRows *self, const ShsPlotFrame *frame, double most)
{
  for (gsize i = 0; i < self->n_features; i++)
    {
      g_autofree char *name = name_line (self, frame, i);
      g_autofree char *value = describe_value (self, frame, i);
      g_auto (ShsFeatureLabel) label
          = shs_feature_label_new (frame, name, value, most, self->pitch);

      if (label.is_cut || label.font.size < frame->label.size
          || g_strcmp0 (label.value, value) != 0)
        return FALSE;
    }
  return TRUE;
}

static double
measure_labels (const ShsPlotRows *self, const ShsPlotFrame *frame, double most)
{
  double single = MIN (LABEL_SHARE * frame->width, most);
  double width = 0;

  for (gsize i = 0; i < self->n; i++)
    {
      g_autofree char *name = name_line (self, frame, i);
      g_autofree char *value = describe_value (self, frame, i);

      width
          = MAX (width, shs_feature_label_measure (frame, name, value, single, most, self->pitch));
    }
  return width;
}

/* How wide labels may be. */
static double
get_most (const ShsPlotFrame *frame, ShsRectangle area, double share)
{
  return MIN (share * frame->width,
              area.width - MAX (MIN_PLOT_WIDTH, MIN_PLOT_SHARE * frame->width));
}

/* Whether a label is cut, or smaller than others for want of a second line. */
static gboolean
cuts_labels (const ShsPlotRows *self, const ShsPlotFrame *frame, double most)
{
  for (gsize i = 0; i < self->n_features; i++)
    {
      g_autofree char *name = name_line (self, frame, i);
      g_autofree char *value = describe_value (self, frame, i);
      g_auto (ShsFeatureLabel) label
          = shs_feature_label_new (frame, name, value, most, self->pitch);

      if (label.is_cut || g_strcmp0 (label.value, value) != 0
          || label.font.size <= frame->caption.size
          || (label.n_lines == 1 && label.font.size < frame->label.size))
        return TRUE;
    }
  return FALSE;
}

static gboolean
read_data (ShsPlotRows *self, const ShsPlotFrame *frame, gint64 row, GError **error)
{
  if (row < 0 || frame->parts->data == NULL)
    return TRUE;
  self->data = shs_alloc (frame->n_features, sizeof *self->data, error);
  return self->data != NULL
         && shs_values_read_row (frame->parts->data, 0, (gsize)row, self->data, error);
}

gboolean
shs_plot_rows_init (ShsPlotRows *self, const ShsPlotFrame *frame, const double *values,
                    ShsRectangle area, gint64 row, GError **error)
{
  double share = frame->width < NARROW ? NARROW_LABEL_SHARE : LABEL_SHARE;
  double most = get_most (frame, area, share);

  self->order = shs_alloc (frame->n_features, sizeof *self->order, error);
  if (self->order == NULL || !read_data (self, frame, row, error))
    return FALSE;
  shs_plot_order_features (frame, values, self->order);
  choose_features (self, frame, row >= 0 ? count_telling (self, frame, values) : frame->n_features,
                   area.height);
  self->pitch = area.height / (double)self->n;
  if (row >= 0 && cuts_labels (self, frame, most))
    most = get_most (frame, area, WIDE_LABEL_SHARE);
  self->is_brief
      = frame->parts->background_values != NULL && !has_room_for_rows (self, frame, most);
  self->label_width = MAX (0, measure_labels (self, frame, most));
  self->plot = area;
  self->plot.x += self->label_width + LABEL_GAP;
  self->plot.width -= self->label_width + LABEL_GAP;
  return TRUE;
}

double
shs_plot_rows_get_y (const ShsPlotRows *self, gsize index)
{
  return self->plot.y + ((double)index + 0.5) * self->pitch;
}

gint32
shs_plot_rows_get_feature (const ShsPlotRows *self, gsize index)
{
  return index < self->n_features ? (gint32)self->order[index] : SHS_FEATURE_REST;
}

void
shs_plot_rows_draw_labels (const ShsPlotRows *self, ShsPlotFrame *frame)
{
  for (gsize i = 0; i < self->n && self->label_width > 0; i++)
    {
      g_autofree char *name = name_line (self, frame, i);
      g_autofree char *value = describe_value (self, frame, i);
      g_auto (ShsFeatureLabel) label
          = shs_feature_label_new (frame, name, value, self->label_width, self->pitch);
      ShsMarkKey key = shs_plot_frame_key (frame, SHS_ROLE_FEATURE_LABEL, -1,
                                           shs_plot_rows_get_feature (self, i));

      shs_feature_label_draw (&label, frame, key, name, self->plot.x - LABEL_GAP,
                              shs_plot_rows_get_y (self, i),
                              i < self->n_features ? frame->theme.text : frame->theme.muted);
    }
}

typedef struct
{
  const ShsPlotRows *rows;
  double *sums;
} Summing;

static gboolean
sum_block (gsize first_row, const ShsMatrix *block, gpointer data)
{
  const Summing *summing = data;
  const ShsPlotRows *rows = summing->rows;
  double *sums = summing->sums + first_row;

  memset (sums, 0, block->n_rows * sizeof *sums);
  for (gsize j = rows->n_features; j < rows->n_features + rows->n_rest; j++)
    {
      const double *column = shs_matrix_column (block, rows->order[j]);

      for (gsize i = 0; i < block->n_rows; i++)
        sums[i] += column[i];
    }
  return TRUE;
}

gboolean
shs_plot_rows_sum_rest (const ShsPlotRows *self, const ShsPlotFrame *frame, double *sums,
                        GError **error)
{
  Summing summing = { self, sums };

  return shs_values_foreach (frame->parts->values, frame->output, sum_block, &summing, error);
}
