/* The parts of a force plot. */
#pragma once

#include "plot/shs-plot-frame.h"

G_BEGIN_DECLS

/** Points between strip and names, crossed by the lines that lead to them. */
#define SHS_FORCE_FAN 11.0

/**
 * ShsForceBlock:
 * @value: magnitude
 * @count: features in it
 * @inner, @outer: its ends, the inner one towards f(x)
 */
typedef struct
{
  gint32 feature;
  gsize count;
  double value;
  double inner, outer;
} ShsForceBlock;

/** ShsForceSide: the largest block first. */
typedef struct
{
  ShsForceBlock *blocks;
  gsize n;
  double sum;
} ShsForceSide;

/**
 * ShsForce:
 * @sides: what raises the output (left of f(x)), what lowers it (right)
 * @number: font of f(x)
 */
typedef struct
{
  ShsPlotFrame *frame;
  ShsForceSide sides[2];
  double *values;
  double *data;
  double base, output;
  ShsScale scale;
  ShsNumberLabel label;
  ShsFont number;
  gboolean has_heads, has_captions, has_names, has_two_lines;
  double heads_y, captions_y, number_y, axis_y, names_y;
  double strip_top, strip_height;
} ShsForce;

/** shs_force_add_heads: f(x), the base value, and which way is higher. */
void shs_force_add_heads (ShsForce *self);
/** shs_force_add_names: "name = value" below the blocks, fanned out. */
void shs_force_add_names (ShsForce *self);
/** shs_force_format_output: (transfer full): of the model's output, through the link. */
char *shs_force_format_output (const ShsForce *self, double value);

G_END_DECLS
