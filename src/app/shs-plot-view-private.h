/* What the parts of the plot view share: drawing and updating, and input. */
#pragma once

#include "app/shs-plot-job.h"
#include "app/shs-plot-view.h"

G_BEGIN_DECLS

/**
 * @options: of the figure shown or being made, with the screen's theme
 * @base, @overlay: retained nodes of the picture as it was made, @scene_width pixels wide
 * @has_job: one job at a time; @is_stale asks for another when it is done
 * @tip: a label beside the mark under the pointer
 * @band: the rubber band, in pixels; @has_band while it is drawn
 */
struct _ShsPlotView
{
  GtkWidget parent;
  ShsSession *session;
  ShsPlace place;

  ShsExplanation *explanation;
  ShsPlotOptions *options;
  ShsScene *scene;
  GskRenderNode *base;
  GskRenderNode *overlay;
  int made_width, made_height, made_scale;
  gboolean has_job;
  gboolean is_stale;
  gboolean is_new;

  GBytes *selected;
  gint64 row;
  gint32 feature;
  ShsColor accent;

  GtkWidget *tip;
  GtkWidget *message;
  gboolean has_hit;
  ShsHit hit;

  gboolean has_band;
  graphene_rect_t band;
};

/** SHS_PIXELS_PER_POINT: of a screen at scale 1: 96 pixels an inch. */
#define SHS_PIXELS_PER_POINT (96.0 / 72.0)

/** shs_plot_view_add_input: pointer and keyboard. */
void shs_plot_view_add_input (ShsPlotView *self);
/** shs_plot_view_clear_hit: forgets what was under the pointer. */
void shs_plot_view_clear_hit (ShsPlotView *self);

G_END_DECLS
