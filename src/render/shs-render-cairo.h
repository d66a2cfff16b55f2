/* Scenes on screen: for those who have a Cairo context. */
#pragma once

#include <cairo.h>

#include "plot/shs-scene.h"

G_BEGIN_DECLS

/**
 * shs_render_paint:
 * @cairo: scaled so that one unit is one point
 * @layers: bits of #ShsLayer
 * @family: font family, as given to the measurer
 *
 * Paints a scene; large point clouds are stamped into an image of the device's resolution.
 */
void shs_render_paint (cairo_t *cairo, const ShsScene *scene, guint layers, const char *family);

G_END_DECLS
