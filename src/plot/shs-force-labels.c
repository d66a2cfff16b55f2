/* The texts of a force plot: above the axis the output and the base value, below the features. */
#include "core/shs-i18n.h"
#include "plot/shs-feature-label.h"
#include "plot/shs-force-private.h"

#include <math.h>
#include <string.h>

#define NAME_GAP 7.0    /* between two names */
#define NAME_SHARE 0.02 /* of all effects: smaller blocks get no name */
#define MAX_NAMES 4.0   /* that share a side when names are long */
#define USUAL_NAME 75.0 /* width for each of them */
#define MIN_NAME_WIDTH 48.0
#define MIN_NAME_SIZES 4.5 /* font sizes: what is left of a name beside its value at least */
#define HEAD_GAP 5.0

static double
clamp_to_figure (const ShsPlotFrame *frame, double x, double half)
{
  x = MIN (x, frame->area.x + frame->area.width - half);
  return MAX (x, frame->area.x + half);
}

/* Caption over number, centred on @x as far as the figure allows. */
static void
add_stack (ShsForce *self, ShsRole role, const char *caption, const char *number, ShsFont font,
           ShsColor color, double x)
{
  ShsPlotFrame *frame = self->frame;
  ShsMarkKey key = shs_plot_frame_key (frame, role, frame->options->row, -1);
  ShsTextPlace place
      = { .x = x, .y = self->number_y, .anchor = SHS_ANCHOR_MIDDLE, .font = font, .color = color };

  shs_plot_frame_text (frame, key, number, place);
  place.font = frame->tick;
  place.color = frame->theme.muted;
  place.y = self->captions_y;
  if (self->has_captions)
    shs_plot_frame_text (frame, key, caption, place);
}

static void
add_directions (ShsForce *self, double joint)
{
  ShsPlotFrame *frame = self->frame;
  ShsTextPlace place = { .x = joint - HEAD_GAP,
                         .y = self->heads_y,
                         .anchor = SHS_ANCHOR_END,
                         .font = frame->tick,
                         .color = frame->theme.positive_text };
  g_auto (GStrv) output = shs_plot_frame_describe_output (frame);

  if (!self->has_heads)
    return;
  shs_plot_frame_text (frame, SHS_KEY (SHS_ROLE_LEGEND), _ ("higher →"), place);
  place.x = joint + HEAD_GAP;
  place.anchor = SHS_ANCHOR_START;
  place.color = frame->theme.negative_text;
  shs_plot_frame_text (frame, SHS_KEY (SHS_ROLE_LEGEND), _ ("← lower"), place);
  place.color = frame->theme.muted;
  for (gsize i = 0; output[i] != NULL; i++)
    {
      place.x = frame->area.x;
      place.anchor = SHS_ANCHOR_START;
      if (shs_plot_frame_text (frame, SHS_KEY (SHS_ROLE_AXIS_LABEL), output[i], place))
        return;
      place.x = frame->area.x + frame->area.width;
      place.anchor = SHS_ANCHOR_END;
      if (shs_plot_frame_text (frame, SHS_KEY (SHS_ROLE_AXIS_LABEL), output[i], place))
        return;
    }
}

void
shs_force_add_heads (ShsForce *self)
{
  ShsPlotFrame *frame = self->frame;
  g_autofree char *output = shs_force_format_output (self, self->output);
  g_autofree char *base = shs_force_format_output (self, self->base);
  g_autofree char *caption = shs_plot_frame_name_sum (frame);
  const char *other = frame->parts->provenance.background_row;
  const char *base_caption = other[0] != '\0' ? other : _ ("base value");
  double joint = shs_scale_map (&self->scale, self->output);
  double at = shs_scale_map (&self->scale, self->base);
  double bottom = self->strip_top + self->strip_height;
  double half = MAX (shs_plot_frame_width (frame, output, self->number),
                     shs_plot_frame_width (frame, caption, frame->tick))
                / 2;
  double base_half = MAX (shs_plot_frame_width (frame, base, frame->tick),
                          shs_plot_frame_width (frame, base_caption, frame->tick))
                     / 2;
  double x = clamp_to_figure (frame, joint, half);
  double base_x = clamp_to_figure (frame, at, base_half);
  double distance = half + base_half + NAME_GAP;

  if (fabs (base_x - x) < distance)
    {
      base_x = at >= joint ? x + distance : x - distance;
      if (base_x + base_half > frame->width || base_x - base_half < 0)
        base_x = 2 * x - base_x;
    }
  shs_scene_add_line (frame->scene, SHS_LAYER_AXES,
                      shs_plot_frame_key (frame, SHS_ROLE_PREDICTION, frame->options->row, -1),
                      joint, self->axis_y - 4, joint, bottom + 3,
                      (ShsStroke){ .color = frame->theme.text, .width = 1 });
  shs_scene_add_line (frame->scene, SHS_LAYER_AXES,
                      shs_plot_frame_key (frame, SHS_ROLE_BASE_VALUE, frame->options->row, -1), at,
                      self->axis_y - 4, at, self->strip_top - 0.5,
                      (ShsStroke){ .color = frame->theme.muted, .width = 1 });
  add_stack (self, SHS_ROLE_PREDICTION, caption, output, self->number, frame->theme.text, x);
  add_stack (self, SHS_ROLE_BASE_VALUE, base_caption, base, frame->tick, frame->theme.muted,
             base_x);
  add_directions (self, x);
}

/**
 * Name: what stands under a block.
 * @name: elided where needed
 * @value: "= 1.52", or NULL
 */
typedef struct
{
  char *name;
  char *value;
  double name_width, value_width;
} Name;

static void
name_clear (Name *name)
{
  g_free (name->name);
  g_free (name->value);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Name, name_clear)

#define SPACE 3.0 /* between name and value on one line */

static double
get_width (const ShsForce *self, const Name *name)
{
  if (self->has_two_lines)
    return MAX (name->name_width, name->value_width);
  return name->name_width + (name->value != NULL ? SPACE + name->value_width : 0);
}

static Name
make_name (const ShsForce *self, const ShsForceBlock *block, double most)
{
  ShsPlotFrame *frame = self->frame;
  gsize j = (gsize)block->feature;
  const char *whole = shs_explanation_get_column (frame->explanation, j)->name;
  Name name = { 0 };
  double room = most;

  if (self->data != NULL)
    {
      g_autofree char *value
          = shs_explanation_describe_value (frame->explanation, j, self->data[j]);
      char **others = frame->parts->background_values;

      /* A value that is cut would read as another one: it stays whole or goes with its name. */
      name.value = others != NULL && strcmp (others[j], value) != 0
                       ? g_strdup_printf ("%s → %s", others[j], value)
                       : g_strdup_printf ("= %s", value);
      name.value_width = shs_plot_frame_width (frame, name.value, frame->tick);
      room -= self->has_two_lines ? 0 : name.value_width + SPACE;
    }
  room = MAX (room, MIN_NAME_SIZES * frame->tick.size);
  name.name = shs_plot_frame_elide_middle (frame, whole, frame->tick, room);
  name.name_width = shs_plot_frame_width (frame, name.name, frame->tick);
  return name;
}

static void
add_name (ShsForce *self, guint side, const ShsForceBlock *block, const Name *name, double left)
{
  ShsPlotFrame *frame = self->frame;
  ShsColor color = side == 0 ? frame->theme.positive_text : frame->theme.negative_text;
  ShsMarkKey key
      = shs_plot_frame_key (frame, SHS_ROLE_FEATURE_LABEL, frame->options->row, block->feature);
  const char *whole = shs_explanation_get_column (frame->explanation, (gsize)block->feature)->name;
  double width = get_width (self, name);
  double bottom = self->strip_top + self->strip_height;
  double middle = (block->inner + block->outer) / 2;
  ShsTextPlace place = { .x = self->has_two_lines ? left + (width - name->name_width) / 2 : left,
                         .y = self->names_y,
                         .font = frame->tick,
                         .color = color };

  if (strcmp (name->name, whole) != 0)
    place.whole = whole;
  if (!shs_plot_frame_text (frame, key, name->name, place))
    return;
  place.whole = NULL;
  if (self->has_two_lines)
    {
      place.x = left + (width - name->value_width) / 2;
      place.y += shs_plot_frame_get_line (frame, frame->tick) + 0.6;
    }
  else
    place.x = left + name->name_width + SPACE;
  if (name->value != NULL)
    shs_plot_frame_text (frame, key, name->value, place);
  shs_scene_add_polyline (
      frame->scene, SHS_LAYER_DATA,
      shs_plot_frame_key (frame, SHS_ROLE_CONNECTOR, frame->options->row, -1),
      (double[]){ middle, bottom + 1.5, middle, bottom + 3, left + width / 2,
                  bottom + SHS_FORCE_FAN - 1.5 },
      3,
      (ShsStroke){ .color = side == 0 ? frame->theme.positive : frame->theme.negative,
                   .width = 0.6 });
}

/* How many blocks of a side are large enough to be named. */
static gsize
count_named (const ShsForce *self, guint side)
{
  const ShsForceSide *blocks = &self->sides[side];
  double total = self->sides[0].sum + self->sides[1].sum;
  gsize n = 0;

  for (gsize i = 0; i < blocks->n; i++)
    n += blocks->blocks[i].count == 1 && blocks->blocks[i].value >= NAME_SHARE * total;
  return n;
}

static double
get_edge (const ShsForce *self, guint side)
{
  ShsRectangle area = self->frame->area;

  return side == 0 ? area.x : area.x + area.width;
}

/* Names go outwards from f(x), each under its block where it can be, else pushed further out.
 * Returns how many names were cut or left out; draws them unless @dry. */
static gsize
place_side (ShsForce *self, guint side, gboolean dry)
{
  const ShsForceSide *blocks = &self->sides[side];
  double joint = shs_scale_map (&self->scale, self->output);
  double edge = get_edge (self, side);
  double limit = joint + (side == 0 ? -1 : 1) * NAME_GAP / 2;
  gsize n_slots = (gsize)CLAMP (fabs (edge - joint) / USUAL_NAME, 1, MAX_NAMES);
  gsize n = count_named (self, side), n_cut = 0;

  for (gsize i = 0; i < n; i++)
    {
      const ShsForceBlock *block = &blocks->blocks[i];
      double share
          = fabs (edge - limit) / (double)MIN (n - i, i < n_slots ? n_slots - i : 1) - NAME_GAP;
      g_auto (Name) name = make_name (
          self, block, MAX (share, MAX (MIN_NAME_WIDTH, fabs (block->outer - block->inner))));
      double width = get_width (self, &name);
      double middle = (block->inner + block->outer) / 2;
      double left
          = side == 0 ? MIN (limit, middle + width / 2) - width : MAX (limit, middle - width / 2);

      if (side == 0 ? left < edge : left + width > edge)
        {
          n_cut++;
          continue;
        }
      n_cut += strstr (name.name, "…") != NULL ? 1 : 0;
      if (!dry)
        add_name (self, side, block, &name, left);
      limit = side == 0 ? left - NAME_GAP : left + width + NAME_GAP;
    }
  return n_cut;
}

void
shs_force_add_names (ShsForce *self)
{
  double line = shs_plot_frame_get_line (self->frame, self->frame->tick);
  ShsRectangle area = self->frame->area;
  gboolean has_room = self->names_y + 1.3 * line <= area.y + area.height + SHS_PLOT_NOTE_GAP;

  if (!self->has_names)
    return;
  self->has_two_lines = FALSE;
  if (has_room && self->data != NULL)
    self->has_two_lines = place_side (self, 0, TRUE) + place_side (self, 1, TRUE) > 0;
  place_side (self, 0, FALSE);
  place_side (self, 1, FALSE);
}
