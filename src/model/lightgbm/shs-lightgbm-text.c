#include "model/lightgbm/shs-lightgbm-document.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "core/shs-number.h"

#include <string.h>

#define PANDAS "pandas_categorical:"

/* What the header says but for the words that are kept in ShsLightgbm. */
typedef struct
{
  const char *infos;
  gsize infos_length;
  gsize n_sizes;
  gboolean has_sizes;
} Header;

static const char *
get_end (const ShsLightgbm *self)
{
  gsize size;
  const char *begin = g_bytes_get_data (self->bytes, &size);

  return begin + size;
}

gboolean
shs_lightgbm_next_line (const ShsLightgbm *self, const char **at, const char **line, gsize *length)
{
  const char *end = get_end (self);
  const char *stop;

  if (*at >= end)
    return FALSE;
  *line = *at;
  stop = memchr (*at, '\n', (gsize)(end - *at));
  *at = stop != NULL ? stop + 1 : end;
  *length = (gsize)((stop != NULL ? stop : end) - *line);
  if (*length > 0 && (*line)[*length - 1] == '\r')
    --*length;
  return TRUE;
}

gsize
shs_lightgbm_get_line (const ShsLightgbm *self, const char *at)
{
  const char *p = g_bytes_get_data (self->bytes, NULL);
  gsize n = 1;

  while ((p = memchr (p, '\n', (gsize)(at - p))) != NULL)
    {
      p++;
      n++;
    }
  return n;
}

static gboolean
line_is (const char *line, gsize length, const char *text)
{
  return length == strlen (text) && memcmp (line, text, length) == 0;
}

static gboolean
begins_with (const char *line, gsize length, const char *text)
{
  return length >= strlen (text) && memcmp (line, text, strlen (text)) == 0;
}

const char *
shs_lightgbm_value_of (const char *line, gsize length, const char *key)
{
  gsize n = strlen (key);

  return length > n && line[n] == '=' && memcmp (line, key, n) == 0 ? line + n + 1 : NULL;
}

static gboolean
read_count (const ShsLightgbm *self, const char *value, const char *end, gsize *count,
            GError **error)
{
  double number;

  if (shs_number_parse (value, end, &number) && number >= 0 && number < G_MAXINT32
      && number == (gint32)number)
    {
      *count = (gsize)number;
      return TRUE;
    }
  shs_lightgbm_set_invalid (self, error, "line %" G_GSIZE_FORMAT " should give a whole number",
                            shs_lightgbm_get_line (self, value));
  return FALSE;
}

static gboolean
read_names (ShsLightgbm *self, const char *begin, const char *end, GError **error)
{
  gsize n_blanks = 0;

  for (const char *p = begin; p < end; p++)
    n_blanks += *p == ' ';
  if (n_blanks > SHS_LIGHTGBM_MAX_FEATURES)
    {
      shs_lightgbm_set_invalid (self, error, "there are more than %d feature names",
                                SHS_LIGHTGBM_MAX_FEATURES);
      return FALSE;
    }
  g_autofree char *text = g_strndup (begin, (gsize)(end - begin));

  g_strfreev (self->feature_names);
  self->feature_names = g_strsplit (g_strchomp (text), " ", 0);
  return TRUE;
}

static gsize
count_words (const char *begin, const char *end)
{
  gsize n = 0;

  for (const char *p = begin; p < end; p++)
    n += *p != ' ' && (p + 1 == end || p[1] == ' ');
  return n;
}

static gboolean
read_header_line (ShsLightgbm *self, Header *header, const char *line, gsize length, GError **error)
{
  const char *end = line + length;
  const char *value;

  if (line_is (line, length, "average_output"))
    self->is_average = TRUE;
  else if ((value = shs_lightgbm_value_of (line, length, "version")) != NULL)
    {
      g_free (self->version);
      self->version = g_strndup (value, (gsize)(end - value));
    }
  else if ((value = shs_lightgbm_value_of (line, length, "objective")) != NULL)
    {
      g_free (self->objective);
      self->objective = g_strndup (value, (gsize)(end - value));
    }
  else if ((value = shs_lightgbm_value_of (line, length, "feature_names")) != NULL)
    return read_names (self, value, end, error);
  else if ((value = shs_lightgbm_value_of (line, length, "feature_infos")) != NULL)
    {
      header->infos = value;
      header->infos_length = (gsize)(end - value);
    }
  else if ((value = shs_lightgbm_value_of (line, length, "tree_sizes")) != NULL)
    {
      header->has_sizes = TRUE;
      header->n_sizes = count_words (value, end);
    }
  else if ((value = shs_lightgbm_value_of (line, length, "num_class")) != NULL)
    return read_count (self, value, end, &self->n_classes, error);
  else if ((value = shs_lightgbm_value_of (line, length, "num_tree_per_iteration")) != NULL)
    return read_count (self, value, end, &self->n_outputs, error);
  else if ((value = shs_lightgbm_value_of (line, length, "max_feature_idx")) != NULL)
    {
      if (!read_count (self, value, end, &self->n_features, error))
        return FALSE;
      self->n_features++;
    }
  return TRUE;
}

/* "[0:1]" */
static void
read_range (ShsLightgbm *self, gint32 feature, const char *info, const char *end)
{
  double least;
  double most;
  const char *p = shs_number_parse_prefix (info + 1, end, &least);

  if (p != NULL && p < end && *p == ':' && shs_number_parse_prefix (p + 1, end, &most) != NULL)
    shs_lightgbm_note_range (self, feature, least, most);
}

/* "[0:1]" are numbers, "3:0:-1" categories, of which negative ones are missing, and "none" is a
 * feature that never varied. */
static void
read_info (ShsLightgbm *self, gint32 feature, const char *info, const char *end)
{
  const char *p = info;
  double top = -1;

  if (*info == '[')
    {
      read_range (self, feature, info, end);
      return;
    }
  if (end - info == 4 && memcmp (info, "none", 4) == 0)
    {
      shs_lightgbm_note_constant (self, feature);
      return;
    }
  while (p < end)
    {
      double category;

      p = shs_number_parse_prefix (p, end, &category);
      if (p == NULL || (p < end && *p++ != ':'))
        return;
      top = MAX (top, category);
    }
  if (top >= -1 && top <= G_MAXINT32)
    shs_lightgbm_note_category (self, feature, MAX ((gint32)top, 0));
}

static gboolean
read_infos (ShsLightgbm *self, const Header *header, GError **error)
{
  const char *p = header->infos;
  const char *end = p + header->infos_length;

  if (p == NULL)
    return TRUE;
  if (count_words (p, end) != self->n_features)
    {
      shs_lightgbm_set_invalid (self, error,
                                "feature_infos has not as many entries as there are "
                                "features");
      return FALSE;
    }
  for (gint32 j = 0; p < end; j++)
    {
      const char *stop = memchr (p, ' ', (gsize)(end - p));

      read_info (self, j, p, stop != NULL ? stop : end);
      p = stop != NULL ? stop + 1 : end;
    }
  return TRUE;
}

/* A forest's trees are weighted by their number, which the trees themselves tell best. */
static gsize
count_trees (const ShsLightgbm *self, const char *at)
{
  static const char mark[] = "\nTree=";
  const char *end = get_end (self);
  gsize n = 0;

  for (at--; (at = memmem (at, (gsize)(end - at), mark, strlen (mark))) != NULL;
       at += strlen (mark))
    n++;
  return n;
}

static const char *
read_header (ShsLightgbm *self, GError **error)
{
  const char *at = g_bytes_get_data (self->bytes, NULL);
  const char *begin = at;
  Header header = { 0 };
  const char *line;
  gsize length;

  while (shs_lightgbm_next_line (self, &at, &line, &length))
    {
      if (begins_with (line, length, "Tree=") || line_is (line, length, "end of trees"))
        {
          at = line;
          break;
        }
      if (!read_header_line (self, &header, line, length, error))
        return NULL;
    }
  self->n_trees = at > begin ? count_trees (self, at) : 0;
  if (self->n_outputs == 0)
    self->n_outputs = self->n_classes;
  if (header.has_sizes && header.n_sizes != self->n_trees)
    {
      shs_lightgbm_set_invalid (self, error,
                                "tree_sizes speaks of %" G_GSIZE_FORMAT
                                " trees, but %" G_GSIZE_FORMAT " are there",
                                header.n_sizes, self->n_trees);
      return NULL;
    }
  if (!shs_lightgbm_start_trees (self, error) || !read_infos (self, &header, error))
    return NULL;
  return at;
}

/* "[categorical_feature: 0,2]" among the parameters. */
static void
read_category_features (ShsLightgbm *self, const char *line, gsize length)
{
  static const char key[] = "[categorical_feature: ";
  const char *end = line + length;
  const char *p = line + strlen (key);

  if (!begins_with (line, length, key))
    return;
  while (p < end)
    {
      double feature;

      p = shs_number_parse_prefix (p, end, &feature);
      if (p == NULL)
        return;
      if (feature >= 0 && feature < (double)self->n_features && feature == (gint32)feature)
        shs_lightgbm_note_category (self, (gint32)feature, 0);
      p++;
    }
}

static gboolean
read_pandas (ShsLightgbm *self, const char *json, gsize length, GError **error)
{
  const char *begin = g_bytes_get_data (self->bytes, NULL);
  g_autofree char *name = g_strdup_printf ("%s, pandas_categorical", self->name);
  g_autoptr (GBytes) bytes = g_bytes_new_from_bytes (self->bytes, (gsize)(json - begin), length);
  g_autoptr (ShsDocumentReader) reader = shs_document_reader_new_json (name, bytes);

  shs_lightgbm_read_dictionaries (self, reader);
  return shs_document_reader_finish (reader, error);
}

/* What stands behind the trees. Files that say where the trees end say it of the parameters too, so
 * that one that was cut there shows it; the oldest do neither. */
static gboolean
read_rest (ShsLightgbm *self, const char *at, gboolean is_old, GError **error)
{
  gboolean is_whole = is_old;
  gboolean in_parameters = FALSE;
  const char *line;
  gsize length;

  while (shs_lightgbm_next_line (self, &at, &line, &length))
    if (line_is (line, length, "parameters:"))
      {
        in_parameters = TRUE;
        is_whole = FALSE;
      }
    else if (line_is (line, length, "end of parameters"))
      {
        in_parameters = FALSE;
        is_whole = TRUE;
      }
    else if (begins_with (line, length, PANDAS) && !in_parameters)
      {
        if (!read_pandas (self, line + strlen (PANDAS), length - strlen (PANDAS), error))
          return FALSE;
      }
    else if (length > 0 && length < strlen (PANDAS) && memcmp (line, PANDAS, length) == 0)
      is_whole = FALSE;
    else
      read_category_features (self, line, length);
  if (!is_whole)
    shs_lightgbm_set_invalid (self, error, "the file ends early, at line %" G_GSIZE_FORMAT,
                              shs_lightgbm_get_line (self, at));
  return is_whole;
}

gboolean
shs_lightgbm_read_text (ShsLightgbm *self, GError **error)
{
  const char *at = read_header (self, error);
  const char *line;
  gsize length;

  while (at != NULL && shs_lightgbm_next_line (self, &at, &line, &length))
    {
      const char *begin = line;
      gboolean is_old = line_is (line, length, "feature importances:");

      if (is_old || line_is (line, length, "end of trees"))
        return read_rest (self, at, is_old, error);
      if (length == 0)
        continue;
      if (shs_lightgbm_value_of (line, length, "Tree") == NULL)
        {
          shs_lightgbm_set_invalid (self, error, "line %" G_GSIZE_FORMAT " belongs to no tree",
                                    shs_lightgbm_get_line (self, line));
          return FALSE;
        }
      at = shs_lightgbm_read_tree_text (self, at, error);
      shs_progress_add (self->progress, at != NULL ? (gsize)(at - begin) : 0);
    }
  if (at != NULL)
    shs_lightgbm_set_invalid (self, error,
                              "the file ends before its trees do, at line %" G_GSIZE_FORMAT,
                              shs_lightgbm_get_line (self, at));
  return FALSE;
}
