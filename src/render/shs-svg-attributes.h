/* Numbers, colours and texts as attributes of SVG elements. */
#pragma once

#include "plot/shs-scene.h"

G_BEGIN_DECLS

/** shs_svg_append_number: to a hundredth of a point, without zeros at the end. */
void shs_svg_append_number (GString *out, double value);
/** shs_svg_append_attribute: " name=\"12.5\"". */
void shs_svg_append_attribute (GString *out, const char *name, double value);
/** shs_svg_append_color: with its opacity where that is not 1; "none" where nothing is seen. */
void shs_svg_append_color (GString *out, const char *name, ShsColor color);
/** shs_svg_append_box: x, y, width and height. */
void shs_svg_append_box (GString *out, ShsRectangle box);
/** shs_svg_append_paint: fill and stroke. */
void shs_svg_append_paint (GString *out, ShsColor fill, const ShsStroke *stroke);
/** shs_svg_append_escaped: @text as content of an element or attribute. */
void shs_svg_append_escaped (GString *out, const char *text);

G_END_DECLS
