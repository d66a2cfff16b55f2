/* The builders, one a kind; shs-plot.c knows them by its table. */
#pragma once

#include "plot/shs-plot-frame.h"

G_BEGIN_DECLS

gboolean shs_beeswarm_build (ShsPlotFrame *frame, GError **error);
gboolean shs_bar_build (ShsPlotFrame *frame, GError **error);
gboolean shs_waterfall_build (ShsPlotFrame *frame, GError **error);
gboolean shs_force_build (ShsPlotFrame *frame, GError **error);
gboolean shs_dependence_build (ShsPlotFrame *frame, GError **error);
gboolean shs_interaction_matrix_build (ShsPlotFrame *frame, GError **error);

/** shs_plot_describe: (transfer full): what the figure shows, in words. */
char *shs_plot_describe (const ShsPlotFrame *frame);

G_END_DECLS
