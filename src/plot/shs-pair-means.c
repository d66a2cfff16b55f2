#include "plot/shs-pair-means.h"

#include "core/shs-memory.h"
#include "plot/shs-plot-rows.h"
#include "result/shs-interactions.h"

#include <math.h>

void
shs_pair_means_clear (ShsPairMeans *self)
{
  g_clear_pointer (&self->strength, shs_free);
  g_clear_pointer (&self->order, shs_free);
  g_clear_pointer (&self->means, shs_free);
}

/* A pair's interaction stands half in each of its two cells. */
static double
get_whole (gsize a, gsize b, double mean)
{
  return a == b ? mean : 2 * mean;
}

static void
add_strength (ShsPairMeans *self, const ShsPlotFrame *frame, gsize a, gsize b, double whole)
{
  gboolean is_largest = frame->options->order == SHS_ORDER_MAX_ABSOLUTE;

  if (a == b)
    return;
  self->strength[a] = is_largest ? fmax (self->strength[a], whole) : self->strength[a] + whole;
  self->strength[b] = is_largest ? fmax (self->strength[b], whole) : self->strength[b] + whole;
}

static gboolean
fill_means (ShsPairMeans *self, const ShsPlotFrame *frame, const double *of_pairs, GError **error)
{
  const ShsExplanation *explanation = frame->explanation;
  gsize m = frame->n_features;
  SHS_AUTOFREE gsize *place = shs_alloc (m, sizeof *place, error);

  self->means = place != NULL ? shs_alloc0 (self->n, self->n * sizeof (double), error) : NULL;
  if (self->means == NULL)
    return FALSE;
  for (gsize i = 0; i < m; i++)
    place[self->order[i]] = i;
  for (gsize p = 0; p < shs_explanation_get_n_pairs (explanation); p++)
    {
      gsize a, b;
      double whole;

      shs_explanation_get_pair (explanation, p, &a, &b);
      whole = get_whole (a, b, of_pairs[p]);
      if (place[a] >= self->n || place[b] >= self->n)
        continue;
      self->means[place[a] * self->n + place[b]] = whole;
      self->means[place[b] * self->n + place[a]] = whole;
      if (a == b)
        self->largest_main = fmax (self->largest_main, whole);
      else
        self->largest = fmax (self->largest, whole);
    }
  return TRUE;
}

gboolean
shs_pair_means_read (ShsPairMeans *self, const ShsPlotFrame *frame, gsize n, GError **error)
{
  gsize n_pairs = shs_explanation_get_n_pairs (frame->explanation);
  SHS_AUTOFREE double *of_pairs = shs_alloc (MAX (1, n_pairs), sizeof *of_pairs, error);

  self->strength = of_pairs != NULL ? shs_alloc0 (frame->n_features, sizeof (double), error) : NULL;
  self->order
      = self->strength != NULL ? shs_alloc (frame->n_features, sizeof (gsize), error) : NULL;
  if (self->order == NULL
      || !shs_explanation_summarise_interactions (frame->explanation, frame->output, of_pairs,
                                                  error))
    return FALSE;
  for (gsize p = 0; p < n_pairs; p++)
    {
      gsize a, b;

      shs_explanation_get_pair (frame->explanation, p, &a, &b);
      add_strength (self, frame, a, b, get_whole (a, b, of_pairs[p]));
    }
  shs_plot_order_features (frame, self->strength, self->order);
  self->n = n;
  return fill_means (self, frame, of_pairs, error);
}
