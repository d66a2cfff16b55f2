/* A figure as a file: the one path that window and command line share. */
#pragma once

#include "plot/shs-plot.h"
#include "render/shs-render.h"

G_BEGIN_DECLS

/**
 * shs_figure_export:
 * @width, @height: points; 0 for the natural size, or for what is natural beside the other
 * @figure: resolution, text and point mode, font
 *
 * Builds the plot and writes it; the title of the explanation, its method and the options that
 * remake the figure go into the file's metadata.
 */
gboolean shs_figure_export (ShsExplanation *explanation, const ShsPlotOptions *options,
                            double width, double height, const ShsFigureOptions *figure,
                            const char *path, GError **error);

/** shs_figure_describe: (transfer full): what was explained how, and the options: metadata. */
char *shs_figure_describe (ShsExplanation *explanation, const ShsPlotOptions *options);

G_END_DECLS
