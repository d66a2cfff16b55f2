/* A feature's name, with its value, on one line or two. */
#pragma once

#include "plot/shs-plot-frame.h"

G_BEGIN_DECLS

/**
 * ShsFeatureLabel: made to fit a width; the value stands behind the last line of the name.
 * @lines: of the name, @n_lines of them; "" when only the value stands there
 * @is_cut: whether a part of the name in its middle is left out
 * @value: " = 1.52", or NULL
 * @width: of the widest line
 */
typedef struct
{
  ShsFont font;
  gsize n_lines;
  char *lines[2];
  gboolean is_cut;
  char *value;
  double width;
} ShsFeatureLabel;

void shs_feature_label_clear (ShsFeatureLabel *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ShsFeatureLabel, shs_feature_label_clear)

/**
 * shs_feature_label_new:
 * @value: (nullable)
 * @room: greatest width
 * @height: two lines must fit into it, else there is one
 *
 * A name that is too long is wrapped, in smaller type where that makes two lines fit; what is too
 * long even then lacks its middle. The value stays whole unless it alone fills the width.
 */
ShsFeatureLabel shs_feature_label_new (const ShsPlotFrame *frame, const char *name,
                                       const char *value, double room, double height);

/** shs_feature_label_measure: the least width, up to @most, at which the whole label is seen:
 * on one line up to @single, else on two. */
double shs_feature_label_measure (const ShsPlotFrame *frame, const char *name, const char *value,
                                  double single, double most, double height);

/** shs_feature_label_find_break: where the second of two lines begins so that the wider one is
 * narrowest; at the end where there is no place for it. @width: of the wider line */
gsize shs_feature_label_find_break (const ShsPlotFrame *frame, const char *text, ShsFont font,
                                    double *width);
/** shs_feature_label_find_last_break: the last place for it before which the text fits into @room;
 * 0 for none. */
gsize shs_feature_label_find_last_break (const ShsPlotFrame *frame, const char *text, ShsFont font,
                                         double room);

/** shs_plot_frame_elide_middle: (transfer full): the beginning and the end of @text, parted by an
 * ellipsis. */
char *shs_plot_frame_elide_middle (const ShsPlotFrame *self, const char *text, ShsFont font,
                                   double width);

/** shs_feature_label_draw: ends at @right, centred on @y. @whole: the whole name. */
void shs_feature_label_draw (const ShsFeatureLabel *self, ShsPlotFrame *frame, ShsMarkKey key,
                             const char *whole, double right, double y, ShsColor color);

G_END_DECLS
