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

/* What the words share. shs_option_refuse() and its kin set %SHS_ERROR_CHOICE and return FALSE. */
gboolean shs_option_refuse (GError **error, const char *value, const char *allowed);
gboolean shs_option_refuse_unlisted (GError **error, const char *value, const char *const *allowed);
gboolean shs_option_parse_count (const char *value, guint64 low, guint64 high, guint64 *number,
                                 GError **error);
/** shs_option_is_none: "", "none", "-1". */
gboolean shs_option_is_none (const char *value);

/* Words whose values are names; see #ShsPlotOptionWord. */
gboolean shs_option_set_row (ShsPlotOptions *self, const char *value,
                             const ShsExplanation *explanation, GError **error);
char *shs_option_get_row (const ShsPlotOptions *self);
gboolean shs_option_set_output (ShsPlotOptions *self, const char *value,
                                const ShsExplanation *explanation, GError **error);
char *shs_option_get_output (const ShsPlotOptions *self);
gboolean shs_option_set_feature (ShsPlotOptions *self, const char *value,
                                 const ShsExplanation *explanation, GError **error);
char *shs_option_get_feature (const ShsPlotOptions *self);
gboolean shs_option_set_color (ShsPlotOptions *self, const char *value,
                               const ShsExplanation *explanation, GError **error);
char *shs_option_get_color (const ShsPlotOptions *self);
gboolean shs_option_set_interaction (ShsPlotOptions *self, const char *value,
                                     const ShsExplanation *explanation, GError **error);
char *shs_option_get_interaction (const ShsPlotOptions *self);

G_END_DECLS
