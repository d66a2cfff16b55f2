#include "io/shs-png.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"

#include <math.h>
#include <png.h>
#include <string.h>

#define METERS_PER_INCH 0.0254

typedef struct
{
  GByteArray *bytes;
  char message[128];
} Writer;

static void
append_bytes (png_structp structure, png_bytep data, png_size_t length)
{
  Writer *writer = png_get_io_ptr (structure);

  g_byte_array_append (writer->bytes, data, (guint)length);
}

static void
flush_nothing (png_structp structure)
{
}

static void
keep_message (png_structp structure, png_const_charp message)
{
  Writer *writer = png_get_error_ptr (structure);

  g_strlcpy (writer->message, message, sizeof writer->message);
  longjmp (png_jmpbuf (structure), 1);
}

static void
ignore_message (png_structp structure, png_const_charp message)
{
}

static gboolean
is_opaque (const ShsPng *png)
{
  gsize n = (gsize)png->width * png->height;

  for (gsize i = 0; i < n; i++)
    if ((png->pixels[i] & 0xff) != 0xff)
      return FALSE;
  return TRUE;
}

static void
fill_line (guint8 *line, const guint32 *pixels, guint width, gboolean opaque)
{
  for (guint x = 0; x < width; x++)
    {
      guint32 pixel = pixels[x];

      *line++ = (guint8)(pixel >> 24);
      *line++ = (guint8)(pixel >> 16);
      *line++ = (guint8)(pixel >> 8);
      if (!opaque)
        *line++ = (guint8)pixel;
    }
}

static void
set_texts (png_structp structure, png_infop info, const ShsPng *png)
{
  png_text texts[2] = { 0 };
  int n = 0;

  if (png->title != NULL && png->title[0] != '\0')
    texts[n++] = (png_text){ .compression = PNG_ITXT_COMPRESSION_NONE,
                             .key = (char *)"Title",
                             .text = (char *)png->title };
  if (png->description != NULL && png->description[0] != '\0')
    texts[n++] = (png_text){ .compression = PNG_ITXT_COMPRESSION_NONE,
                             .key = (char *)"Description",
                             .text = (char *)png->description };
  if (n > 0)
    png_set_text (structure, info, texts, n);
}

static void
write_image (png_structp structure, png_infop info, const ShsPng *png, guint8 *line)
{
  gboolean opaque = is_opaque (png);

  png_set_IHDR (structure, info, png->width, png->height, 8,
                opaque ? PNG_COLOR_TYPE_RGB : PNG_COLOR_TYPE_RGB_ALPHA, PNG_INTERLACE_NONE,
                PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_set_sRGB (structure, info, PNG_sRGB_INTENT_PERCEPTUAL);
  if (png->dpi > 0)
    {
      png_uint_32 per_meter = (png_uint_32)lround (png->dpi / METERS_PER_INCH);

      png_set_pHYs (structure, info, per_meter, per_meter, PNG_RESOLUTION_METER);
    }
  set_texts (structure, info, png);
  png_write_info (structure, info);
  for (guint y = 0; y < png->height; y++)
    {
      fill_line (line, png->pixels + (gsize)y * png->width, png->width, opaque);
      png_write_row (structure, line);
    }
  png_write_end (structure, info);
}

/* Nothing that longjmp() passes over owns memory. */
static gboolean
run_writer (Writer *writer, const ShsPng *png, guint8 *line)
{
  png_structp structure
      = png_create_write_struct (PNG_LIBPNG_VER_STRING, writer, keep_message, ignore_message);
  png_infop info = structure != NULL ? png_create_info_struct (structure) : NULL;
  gboolean done = FALSE;

  if (info != NULL && setjmp (png_jmpbuf (structure)) == 0)
    {
      png_set_write_fn (structure, writer, append_bytes, flush_nothing);
      write_image (structure, info, png, line);
      done = TRUE;
    }
  png_destroy_write_struct (&structure, &info);
  return done;
}

GBytes *
shs_png_encode (const ShsPng *png, GError **error)
{
  Writer writer = { 0 };
  SHS_AUTOFREE guint8 *line = NULL;

  if (png->width < 1 || png->height < 1 || png->width > SHS_PNG_MAX_SIZE
      || png->height > SHS_PNG_MAX_SIZE)
    {
      g_set_error (error, SHS_ERROR, SHS_ERROR_CHOICE,
                   "A PNG picture of %u x %u pixels cannot be written: choose a size or a "
                   "resolution that gives 1 to %d pixels a side",
                   png->width, png->height, SHS_PNG_MAX_SIZE);
      return NULL;
    }
  line = shs_alloc (png->width, 4, error);
  if (line == NULL)
    return NULL;
  writer.bytes = g_byte_array_new ();
  if (!run_writer (&writer, png, line))
    {
      g_byte_array_unref (writer.bytes);
      g_set_error (error, SHS_ERROR, SHS_ERROR_MEMORY, "The PNG picture cannot be written: %s",
                   writer.message[0] != '\0' ? writer.message : "out of memory");
      return NULL;
    }
  return g_byte_array_free_to_bytes (writer.bytes);
}
