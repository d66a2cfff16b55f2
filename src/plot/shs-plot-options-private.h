/* What the options of a figure and their words share. */
#pragma once

#include "plot/shs-plot.h"

G_BEGIN_DECLS

/** ShsPlotOptionWord: one option by its name on the command line.
 * @kinds: the kinds that know it, a bit 1 << kind each
 */
typedef struct
{
  const char *name;
  gboolean (*set) (ShsPlotOptions *self, const char *value, const ShsExplanation *explanation,
                   GError **error);
  char *(*get) (const ShsPlotOptions *self);
  guint kinds;
} ShsPlotOptionWord;

#define SHS_N_PLOT_OPTION_WORDS 17

extern const ShsPlotOptionWord shs_plot_option_words[];

G_END_DECLS
