#include "plot/shs-scale.h"

#include <math.h>

#define MAX_MAGNITUDE 1e300
#define LEAST_SPAN 1e-305
#define RELATIVE_SPAN 1e-12 /* a smaller span than this share of the numbers cannot be resolved */

double
shs_logistic (double x)
{
  return 1 / (1 + exp (-x));
}

ShsScale
shs_scale_new (double low, double high, double padding, double start, double end)
{
  ShsScale self = { .start = start, .end = end };
  double magnitude, pad;

  if (!isfinite (low) || !isfinite (high) || low > high)
    low = high = isfinite (low) ? low : 0;
  low = CLAMP (low, -MAX_MAGNITUDE, MAX_MAGNITUDE);
  high = CLAMP (high, -MAX_MAGNITUDE, MAX_MAGNITUDE);
  magnitude = MAX (fabs (low), fabs (high));
  if (high - low <= magnitude * RELATIVE_SPAN)
    {
      pad = magnitude > 0 ? MAX (magnitude * 0.1, LEAST_SPAN) : 1;
      low -= pad;
      high += pad;
    }
  pad = (high - low) * padding;
  self.low = low - pad;
  self.high = high + pad;
  return self;
}

double
shs_scale_map (const ShsScale *self, double value)
{
  double t = (value - self->low) / (self->high - self->low);

  if (isnan (t))
    t = 0;
  return self->start + CLAMP (t, -4, 5) * (self->end - self->start);
}

/* The smallest of 1, 2, 5 times a power of ten that is not below @least. */
static double
get_nice_step (double least)
{
  double power = pow (10, floor (log10 (least)));
  static const double factors[] = { 1, 2, 5 };

  for (guint i = 0; i < G_N_ELEMENTS (factors); i++)
    if (factors[i] * power >= least * (1 - 1e-9))
      return factors[i] * power;
  return 10 * power;
}

static void
find_linear_ticks (const ShsScale *self, gsize max_n, ShsTicks *ticks)
{
  double span = self->high - self->low;
  double least = self->is_whole ? 1 : 0;
  double step = MAX (get_nice_step (span / MAX (max_n, 1)), least);
  double first = ceil (self->low / step - 1e-9);
  double last = floor (self->high / step + 1e-9);

  ticks->n = 0;
  ticks->step = step;
  if (last - first + 1 > max_n)
    {
      step = get_nice_step (step * 1.5);
      ticks->step = step;
      first = ceil (self->low / step - 1e-9);
      last = floor (self->high / step + 1e-9);
    }
  for (double k = first; k <= last && ticks->n < SHS_SCALE_MAX_TICKS; k++)
    {
      double value = k == 0 ? 0 : k * step;

      ticks->positions[ticks->n] = value;
      ticks->shown[ticks->n++] = value;
    }
}

/* Probabilities that people name, in the order in which they are given up last. */
static const double ladder[] = {
  0.5,  0.1,   0.9,   0.01,  0.99,  0.001,   0.999,   0.2,      0.8,
  0.3,  0.7,   0.05,  0.95,  0.4,   0.6,     0.0001,  0.9999,   0.02,
  0.98, 0.005, 0.995, 0.002, 0.998, 0.00001, 0.99999, 0.000001, 0.999999,
};

static void
insert_tick (ShsTicks *ticks, double position, double shown)
{
  gsize at = ticks->n++;

  for (; at > 0 && ticks->positions[at - 1] > position; at--)
    {
      ticks->positions[at] = ticks->positions[at - 1];
      ticks->shown[at] = ticks->shown[at - 1];
    }
  ticks->positions[at] = position;
  ticks->shown[at] = shown;
}

/* A tick is left out where it would crowd one that is already there. */
static gboolean
has_room (const ShsTicks *ticks, double position, double gap)
{
  for (gsize i = 0; i < ticks->n; i++)
    if (fabs (ticks->positions[i] - position) < gap)
      return FALSE;
  return TRUE;
}

static void
find_logit_ticks (const ShsScale *self, gsize max_n, ShsTicks *ticks)
{
  double gap = (self->high - self->low) / MAX (max_n, 1);

  ticks->n = 0;
  ticks->step = 1;
  for (gsize i = 0; i < G_N_ELEMENTS (ladder) && ticks->n < max_n; i++)
    {
      double position = log (ladder[i] / (1 - ladder[i]));

      if (position >= self->low && position <= self->high && has_room (ticks, position, gap))
        insert_tick (ticks, position, ladder[i]);
    }
  for (gsize i = 1; i < ticks->n; i++)
    ticks->step = MIN (ticks->step, ticks->shown[i] - ticks->shown[i - 1]);
}

/* Within a narrow range of probabilities the named ones are too rare: equal steps serve better. */
static void
find_narrow_logit_ticks (const ShsScale *self, gsize max_n, ShsTicks *ticks)
{
  ShsScale shown = { .low = shs_logistic (self->low), .high = shs_logistic (self->high) };

  if (!(shown.high - shown.low > 1e-9))
    return;
  find_linear_ticks (&shown, max_n, ticks);
  for (gsize i = 0; i < ticks->n; i++)
    ticks->positions[i] = log (ticks->shown[i] / (1 - ticks->shown[i]));
}

void
shs_scale_find_ticks (const ShsScale *self, gsize max_n, ShsTicks *ticks)
{
  max_n = MIN (max_n, SHS_SCALE_MAX_TICKS);
  if (!self->is_logit)
    {
      find_linear_ticks (self, max_n, ticks);
      return;
    }
  find_logit_ticks (self, max_n, ticks);
  if (ticks->n < 3 && ticks->n < max_n)
    find_narrow_logit_ticks (self, max_n, ticks);
}
