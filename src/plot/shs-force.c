/* Force: the values of one row push the output from both sides; they meet at f(x). */
#include "core/shs-i18n.h"
#include "core/shs-memory.h"
#include "plot/shs-force-private.h"
#include "plot/shs-plot-builders.h"

#include <math.h>

#define PADDING_SHARE 0.09 /* of the longer side, kept free beyond both ends */
#define MIN_BLOCK 0.8      /* points; narrower blocks share one */
#define CHEVRON 4.0
#define STRIP_HEIGHT 20.0
#define DIGITS 3
#define LINK_DIGITS 3

static void
force_clear (ShsForce *self)
{
  for (guint side = 0; side < 2; side++)
    g_clear_pointer (&self->sides[side].blocks, shs_free);
  g_clear_pointer (&self->values, shs_free);
  g_clear_pointer (&self->data, shs_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ShsForce, force_clear)

static gboolean
read_row (ShsForce *self, GError **error)
{
  ShsPlotFrame *frame = self->frame;
  gsize row = (gsize)frame->options->row;

  self->base = shs_explanation_get_base_value (frame->explanation, row, frame->output);
  self->values = shs_alloc (frame->n_features, sizeof *self->values, error);
  if (self->values == NULL
      || !shs_values_read_row (frame->parts->values, frame->output, row, self->values, error))
    return FALSE;
  if (frame->parts->data == NULL)
    return TRUE;
  self->data = shs_alloc (frame->n_features, sizeof *self->data, error);
  return self->data != NULL && shs_values_read_row (frame->parts->data, 0, row, self->data, error);
}

static int
compare_blocks (gconstpointer a, gconstpointer b, gpointer data)
{
  const ShsForceBlock *x = a, *y = b;

  if (x->value != y->value)
    return x->value < y->value ? 1 : -1;
  return (x->feature > y->feature) - (x->feature < y->feature);
}

static gboolean
fill_side (ShsForce *self, guint side, GError **error)
{
  ShsForceSide *out = &self->sides[side];

  out->blocks = shs_alloc (self->frame->n_features, sizeof *out->blocks, error);
  if (out->blocks == NULL)
    return FALSE;
  for (gsize j = 0; j < self->frame->n_features; j++)
    {
      double value = side == 0 ? self->values[j] : -self->values[j];

      if (!(value > 0) || !isfinite (value))
        continue;
      out->blocks[out->n++] = (ShsForceBlock){ .feature = (gint32)j, .value = value, .count = 1 };
      out->sum += value;
    }
  g_qsort_with_data (out->blocks, (int)out->n, sizeof *out->blocks, compare_blocks, NULL);
  return TRUE;
}

static void
make_scale (ShsForce *self)
{
  ShsRectangle area = self->frame->area;
  double low = self->output - self->sides[0].sum;
  double high = self->output + self->sides[1].sum;
  double padding = PADDING_SHARE * MAX (self->sides[0].sum, self->sides[1].sum);

  low = fmin (low, self->base) - padding;
  high = fmax (high, self->base) + padding;
  self->scale = shs_scale_new (low, high, 0, area.x, area.x + area.width);
  self->scale.is_logit = self->frame->is_logit;
}

/* Places the blocks outwards from f(x); what is too narrow to be seen becomes one block. */
static void
place_blocks (ShsForce *self, guint side)
{
  ShsForceSide *out = &self->sides[side];
  double per_unit = (self->scale.end - self->scale.start) / (self->scale.high - self->scale.low);
  double at = shs_scale_map (&self->scale, self->output);
  gsize n = 0;

  for (gsize i = 0; i < out->n; i++)
    {
      ShsForceBlock block = out->blocks[i];
      ShsForceBlock *last = n > 0 ? &out->blocks[n - 1] : NULL;

      if (block.value * per_unit < MIN_BLOCK && last != NULL
          && (last->count > 1 || last->value * per_unit < MIN_BLOCK))
        {
          last->value += block.value;
          last->count++;
          last->feature = SHS_FEATURE_REST;
        }
      else
        out->blocks[n++] = block;
    }
  out->n = n;
  for (gsize i = 0; i < n; i++)
    {
      out->blocks[i].inner = at;
      at += (side == 0 ? -1 : 1) * out->blocks[i].value * per_unit;
      out->blocks[i].outer = at;
    }
}

static double
get_notch (const ShsForceBlock *block)
{
  return MIN (CHEVRON, 0.8 * fabs (block->outer - block->inner));
}

static void
add_block (ShsForce *self, guint side, gsize index)
{
  ShsPlotFrame *frame = self->frame;
  const ShsForceBlock *block = &self->sides[side].blocks[index];
  double inner_notch = index > 0 ? get_notch (block - 1) : 0;
  int inwards = side == 0 ? 1 : -1;
  double top = self->strip_top, bottom = top + self->strip_height, middle = (top + bottom) / 2;
  ShsColor fill = side == 0 ? frame->theme.positive : frame->theme.negative;
  ShsPathBuilder path = shs_path_builder_init ();
  double notch = get_notch (block);

  shs_path_builder_move (&path, block->outer, top);
  shs_path_builder_line (&path, block->inner, top);
  shs_path_builder_line (&path, block->inner + inwards * inner_notch, middle);
  shs_path_builder_line (&path, block->inner, bottom);
  shs_path_builder_line (&path, block->outer, bottom);
  shs_path_builder_line (&path, block->outer + inwards * notch, middle);
  shs_path_builder_close (&path);
  shs_scene_add_path (
      frame->scene, SHS_LAYER_DATA,
      shs_plot_frame_key (frame, SHS_ROLE_VALUE, frame->options->row, block->feature), &path, fill,
      (ShsStroke){ 0 });
  if (index > 0)
    shs_scene_add_polyline (frame->scene, SHS_LAYER_DATA, SHS_KEY (SHS_ROLE_GRID),
                            (double[]){ block->inner, top, block->inner + inwards * inner_notch,
                                        middle, block->inner, bottom },
                            3, (ShsStroke){ .color = frame->theme.background, .width = 1.1 });
}

static void
add_block_value (ShsForce *self, guint side, const ShsForceBlock *block)
{
  ShsPlotFrame *frame = self->frame;
  ShsColor fill = side == 0 ? frame->theme.positive : frame->theme.negative;
  g_autofree char *text
      = shs_number_label_format (&self->label, side == 0 ? block->value : -block->value);
  double width = shs_plot_frame_width (frame, text, frame->tick);
  double shift = (side == 0 ? 1 : -1) * CHEVRON / 2;

  if (width + 3 * CHEVRON > fabs (block->outer - block->inner)
      || self->strip_height < frame->tick.size + 4)
    return;
  shs_plot_frame_text (
      frame, shs_plot_frame_key (frame, SHS_ROLE_VALUE_LABEL, frame->options->row, block->feature),
      text,
      (ShsTextPlace){
          .x = (block->outer + block->inner) / 2 + shift,
          .y = shs_plot_frame_center (frame->tick, self->strip_top + self->strip_height / 2),
          .anchor = SHS_ANCHOR_MIDDLE,
          .font = frame->tick,
          .color = shs_color_on (fill) });
}

static gboolean
build_blocks (ShsForce *self, GError **error)
{
  double largest = 0;

  if (!read_row (self, error) || !fill_side (self, 0, error) || !fill_side (self, 1, error))
    return FALSE;
  self->output = self->base + self->sides[0].sum - self->sides[1].sum;
  for (guint side = 0; side < 2; side++)
    if (self->sides[side].n > 0)
      largest = MAX (largest, self->sides[side].blocks[0].value);
  self->label = shs_number_label_for_scale (largest, DIGITS, TRUE);
  make_scale (self);
  place_blocks (self, 0);
  place_blocks (self, 1);
  return TRUE;
}

/* From above: "higher, lower", captions, numbers, axis, strip, names; the least needed lines go
 * first where the figure is low. */
static void
lay_out (ShsForce *self)
{
  ShsPlotFrame *frame = self->frame;
  ShsRectangle area = frame->area;
  double line = shs_plot_frame_get_line (frame, frame->tick) + 0.6;
  double axis = shs_plot_frame_get_axis_height (frame, FALSE) + 3;
  double number = shs_plot_frame_get_line (frame, self->number) + 0.6;
  double names = line + SHS_FORCE_FAN;
  double strip = MIN (STRIP_HEIGHT, area.height / 4);
  double rest = area.height - strip - axis - number;
  double top = area.y;

  self->has_names = rest >= names;
  rest -= self->has_names ? names : 0;
  self->has_captions = rest >= line;
  rest -= self->has_captions ? line : 0;
  self->has_heads = rest >= 1.3 * line;
  rest -= self->has_heads ? 1.3 * line : 0;
  rest -= rest >= line ? line : 0; /* names may need a second line */
  top += MAX (0, rest / 2);
  self->heads_y = top + 0.8 * line;
  top += self->has_heads ? 1.3 * line : 0;
  self->captions_y = top + 0.8 * line;
  top += self->has_captions ? line : 0;
  self->number_y = top + 0.8 * number;
  top += number + axis;
  self->axis_y = top - 2;
  self->strip_top = top;
  self->strip_height = strip;
  self->names_y = top + strip + SHS_FORCE_FAN + 0.8 * line;
}

char *
shs_force_format_output (const ShsForce *self, double value)
{
  ShsNumberLabel label = self->label;

  label.sign = FALSE;
  if (self->frame->is_logit)
    label = (ShsNumberLabel){ .decimals = LINK_DIGITS };
  return shs_number_label_format (&label, shs_plot_frame_show_output (self->frame, value));
}

/* The captions name the sum; what the model says stands below. */
static void
add_banzhaf_note (ShsForce *self)
{
  ShsPlotFrame *frame = self->frame;
  double prediction = shs_explanation_get_prediction (frame->explanation,
                                                      (gsize)frame->options->row, frame->output);
  g_autofree char *number = shs_force_format_output (self, prediction);
  g_autofree char *text
      = g_strdup_printf (_ ("f(x) = %s: Banzhaf values need not add up to it"), number);

  if (shs_plot_frame_is_banzhaf (frame) && !isnan (prediction))
    shs_plot_frame_note (frame, text);
}

gboolean
shs_force_build (ShsPlotFrame *frame, GError **error)
{
  g_auto (ShsForce) self = { .frame = frame };

  self.number = (ShsFont){ frame->label.size * 1.2, TRUE };
  if (!build_blocks (&self, error))
    return FALSE;
  add_banzhaf_note (&self);
  lay_out (&self);
  for (guint side = 0; side < 2; side++)
    for (gsize i = 0; i < self.sides[side].n; i++)
      add_block (&self, side, i);
  for (guint side = 0; side < 2; side++)
    for (gsize i = 0; i < self.sides[side].n; i++)
      add_block_value (&self, side, &self.sides[side].blocks[i]);
  shs_force_add_heads (&self);
  shs_plot_frame_axis_top (frame, &self.scale, self.axis_y);
  shs_force_add_names (&self);
  return TRUE;
}
