/* One picture to be made: scene, painted layers and highlight; runs on any thread. */
#pragma once

#include <cairo.h>

#include "plot/shs-plot.h"

G_BEGIN_DECLS

/**
 * ShsPlotJob: what goes in, and what shs_plot_job_run() leaves behind.
 * @width, @height: points
 * @pixels: device pixels a point
 * @scene: (nullable): given when only the highlight is wanted; made otherwise
 * @base: data and axes, of the device's resolution; NULL when @scene was given
 * @overlay: highlight, of the same size; NULL when nothing is highlighted
 */
typedef struct
{
  ShsExplanation *explanation;
  ShsPlotOptions *options;
  double width, height;
  double pixels;
  GBytes *selected;
  gint64 row;
  gint32 feature;
  ShsColor accent;

  ShsScene *scene;
  cairo_surface_t *base;
  cairo_surface_t *overlay;
  GError *error;
} ShsPlotJob;

ShsPlotJob *shs_plot_job_new (ShsExplanation *explanation, const ShsPlotOptions *options);
void shs_plot_job_free (ShsPlotJob *job);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShsPlotJob, shs_plot_job_free)

/** shs_plot_job_run: builds and paints; any thread, which keeps a text measurer of its own. */
void shs_plot_job_run (ShsPlotJob *job);

/** shs_plot_job_count_points: how much work it is, in marks to place and paint. */
gsize shs_plot_job_count_points (const ShsPlotJob *job);

/** ShsPlotJobFunc: on the main thread; @job: (transfer full). */
typedef void (*ShsPlotJobFunc) (ShsPlotJob *job, gpointer data);

/** shs_plot_job_push: @job: (transfer full): runs on one of few threads, then calls @done. */
void shs_plot_job_push (ShsPlotJob *job, ShsPlotJobFunc done, gpointer data);

G_END_DECLS
