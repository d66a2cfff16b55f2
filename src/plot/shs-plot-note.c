#include "plot/shs-plot-note.h"

#include "core/shs-i18n.h"
#include "core/shs-number.h"

#include <math.h>
#include <string.h>

#define SEPARATOR " ·"
#define CHARACTER_WIDTH 0.53 /* of the type's size, on average */
#define LINE_HEIGHT 1.2      /* likewise */

/* (transfer full) */
static char *
describe (const ShsExplanation *explanation, const ShsPlotOptions *options)
{
  const ShsProvenance *provenance = &shs_explanation_get_parts (explanation)->provenance;
  gsize n = shs_explanation_get_n_rows (explanation);
  GString *note = g_string_new (NULL);

  if (options->row >= 0 && (gsize)options->row < n)
    {
      g_autofree char *row = shs_explanation_describe_row (explanation, (gsize)options->row);

      g_string_append (note, row);
    }
  else
    {
      g_autofree char *count = shs_number_format ((double)n, (ShsNumberStyle){ .thousands = TRUE });

      g_string_append_printf (note, g_dngettext (GETTEXT_PACKAGE, "%s row", "%s rows", (gulong)n),
                              count);
    }
  if (provenance->method != NULL && provenance->method[0] != '\0')
    g_string_append_printf (note, " · %s", provenance->method);
  if (provenance->background != NULL && provenance->background[0] != '\0')
    g_string_append_printf (note, _ (" · background: %s"), provenance->background);
  if (provenance->model_name != NULL && provenance->model_name[0] != '\0')
    g_string_append_printf (note, " · %s", provenance->model_name);
  return g_string_free (note, FALSE);
}

/* Where the last word ends that a line from @text on has room for: behind the first at least. */
static const char *
find_break (const ShsPlotFrame *frame, const char *text)
{
  const char *end = strchr (text, ' ');
  const char *found = end != NULL ? end : text + strlen (text);

  while (*found != '\0')
    {
      const char *next = strchr (found + 1, ' ');
      g_autofree char *line = NULL;

      next = next != NULL ? next : found + strlen (found);
      line = g_strndup (text, (gsize)(next - text));
      if (shs_plot_frame_width (frame, line, frame->caption) > frame->area.width)
        break;
      found = next;
    }
  return found;
}

/* (transfer full): at most @n_most lines, all that is left on the last. */
static GPtrArray *
wrap (const ShsPlotFrame *frame, const char *text, gsize n_most)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func (g_free);

  while (*text != '\0')
    {
      const char *end = lines->len + 1 < n_most ? find_break (frame, text) : text + strlen (text);
      g_autofree char *line = g_strndup (text, (gsize)(end - text));

      if (*end != '\0' && g_str_has_suffix (line, SEPARATOR))
        line[strlen (line) - strlen (SEPARATOR)] = '\0';
      g_ptr_array_add (lines, g_steal_pointer (&line));
      text = *end == ' ' ? end + 1 : end;
    }
  return lines;
}

void
shs_plot_note_add (ShsPlotFrame *frame)
{
  g_autofree char *text = describe (frame->explanation, frame->options);
  gsize n_most = shs_plot_frame_count_notes (frame);
  g_autoptr (GPtrArray) lines = wrap (frame, text, n_most);

  for (guint i = lines->len; i > 0; i--)
    shs_plot_frame_note (frame, lines->pdata[i - 1]);
}

double
shs_plot_note_estimate_height (const ShsExplanation *explanation, const ShsPlotOptions *options,
                               double width)
{
  double size = shs_plot_frame_get_caption_size (options);
  g_autofree char *text = options->note ? describe (explanation, options) : NULL;
  double room = MAX (width - 2 * SHS_PLOT_MARGIN, size);

  if (text == NULL)
    return 0;
  return ceil (CHARACTER_WIDTH * size * (double)g_utf8_strlen (text, -1) / room)
         * (LINE_HEIGHT * size + SHS_PLOT_NOTE_GAP);
}
