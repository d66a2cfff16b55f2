/* PNG files with their resolution and a few words of text. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * ShsPng: what is written.
 * @width, @height: in pixels, 1 to 32,767
 * @pixels: width * height values 0xRRGGBBAA, row by row, alpha not multiplied in
 * @dpi: pixels an inch, recorded in the file; 0 for none
 * @title, @description: (nullable): UTF-8
 */
typedef struct
{
  guint width, height;
  const guint32 *pixels;
  double dpi;
  const char *title;
  const char *description;
} ShsPng;

#define SHS_PNG_MAX_SIZE 32767

/**
 * shs_png_encode:
 *
 * The bytes depend on nothing else than @png: no time is written. Images without transparency are
 * written as RGB.
 *
 * Returns: (transfer full): the file; NULL with %SHS_ERROR_CHOICE for impossible sizes,
 *   %SHS_ERROR_MEMORY
 */
GBytes *shs_png_encode (const ShsPng *png, GError **error);

G_END_DECLS
