#include "explain/shs-background.h"

#include "core/shs-error.h"
#include "core/shs-i18n.h"
#include "core/shs-memory.h"
#include "core/shs-random.h"
#include "result/shs-explanation.h"

#include <string.h>

#define DRAW_STREAM 0x6261636b67726f75u /* apart from the streams of rows */
#define MAX_SPAN 8192                   /* rows of data that are read to pick some of them */

struct _ShsBackground
{
  gint references;
  ShsColumnMatch *match;
  gsize *rows;
  gsize n_rows;
  char *words;
  char *note;
  char *row_name;
};

static gsize
count_all (ShsColumnMatch *match)
{
  return shs_dataset_get_n_rows (shs_column_match_get_dataset (match));
}

static char *
describe (const ShsBackground *self, char *words)
{
  const char *name = shs_dataset_get_name (shs_column_match_get_dataset (self->match));
  gsize n_all = count_all (self->match);

  if (words != NULL)
    return words;
  if (self->n_rows == n_all && n_all == 1)
    return g_strdup_printf ("the one row of %s", name);
  if (self->n_rows == n_all)
    return g_strdup_printf ("all %" G_GSIZE_FORMAT " rows of %s", n_all, name);
  return g_strdup_printf ("%" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT " rows of %s", self->n_rows,
                          n_all, name);
}

ShsBackground *
shs_background_new (ShsColumnMatch *match, gsize *rows, gsize n_rows, char *words, char *note,
                    GError **error)
{
  g_autoptr (ShsBackground) self = g_new0 (ShsBackground, 1);

  self->references = 1;
  self->match = shs_column_match_ref (match);
  self->rows = rows;
  self->n_rows = rows != NULL ? n_rows : count_all (match);
  self->words = describe (self, words);
  self->note = note;
  if (self->n_rows > 0)
    return g_steal_pointer (&self);
  g_set_error (error, SHS_ERROR, SHS_ERROR_CHOICE,
               "The background is empty (%s); choose one that has rows", self->words);
  return NULL;
}

ShsBackground *
shs_background_new_drawn (ShsColumnMatch *match, gsize n_rows, guint64 seed, GError **error)
{
  const char *name = shs_dataset_get_name (shs_column_match_get_dataset (match));
  ShsRandom random = shs_random_init (seed, DRAW_STREAM);
  gsize n_all = count_all (match);
  gsize n_drawn = 0;
  gsize *rows;

  if (n_rows > n_all)
    return shs_background_new (
        match, NULL, 0, NULL,
        g_strdup_printf (ngettext ("%s has %" G_GSIZE_FORMAT " row, fewer than the %" G_GSIZE_FORMAT
                                   " asked for: it is the background",
                                   "%s has %" G_GSIZE_FORMAT
                                   " rows, fewer than the %" G_GSIZE_FORMAT
                                   " asked for: all are the background",
                                   n_all),
                         name, n_all, n_rows),
        error);
  rows = shs_alloc (MAX (1, n_rows), sizeof *rows, error);
  if (rows == NULL)
    return NULL;
  for (gsize i = 0; i < n_all && n_drawn < n_rows; i++)
    if (shs_random_below (&random, n_all - i) < n_rows - n_drawn)
      rows[n_drawn++] = i;
  return shs_background_new (
      match, rows, n_rows,
      n_rows < n_all ? g_strdup_printf ("%" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT
                                        " rows of %s, drawn with seed %" G_GUINT64_FORMAT,
                                        n_rows, n_all, name, seed)
                     : NULL,
      NULL, error);
}

ShsBackground *
shs_background_new_row (ShsColumnMatch *match, gsize *row, const char *name, GError **error)
{
  const char *data = shs_dataset_get_name (shs_column_match_get_dataset (match));
  ShsBackground *self
      = shs_background_new (match, row, 1, g_strdup_printf ("%s of %s", name, data), NULL, error);

  if (self != NULL)
    self->row_name = g_strdup (name);
  return self;
}

ShsBackground *
shs_background_ref (ShsBackground *self)
{
  g_atomic_int_inc (&self->references);
  return self;
}

void
shs_background_unref (ShsBackground *self)
{
  if (self == NULL || !g_atomic_int_dec_and_test (&self->references))
    return;
  shs_column_match_unref (self->match);
  shs_free (self->rows);
  g_free (self->words);
  g_free (self->note);
  g_free (self->row_name);
  g_free (self);
}

gsize
shs_background_get_n_rows (const ShsBackground *self)
{
  return self->n_rows;
}

const char *
shs_background_describe (const ShsBackground *self)
{
  return self->words;
}

const char *
shs_background_get_note (const ShsBackground *self)
{
  return self->note;
}

const char *
shs_background_get_row_name (const ShsBackground *self)
{
  return self->row_name;
}

char **
shs_background_describe_values (ShsBackground *self, GError **error)
{
  gsize n_features = shs_model_get_parts (shs_column_match_get_model (self->match))->n_features;
  gsize row = self->rows != NULL ? self->rows[0] : 0;
  g_autoptr (ShsMatrix) values = shs_matrix_new (1, n_features, error);
  ShsInput *input;
  char **texts;

  if (values == NULL || !shs_column_match_read (self->match, row, values, error)
      || !shs_column_match_show (self->match, row, values, error))
    return NULL;
  input = shs_column_match_describe_features (self->match);
  texts = g_new0 (char *, n_features + 1);
  for (gsize j = 0; j < n_features; j++)
    texts[j] = shs_column_describe_value (&input->columns[j], shs_matrix_get (values, 0, j));
  shs_dataset_inputs_free (input, 1);
  return texts;
}

/* Of the chosen rows from @first on, how many lie within one span of the data and @most. */
static gsize
count_in_span (const ShsBackground *self, gsize first, gsize most)
{
  gsize n = 1;

  while (n < most && self->rows[first + n] - self->rows[first] < MAX_SPAN)
    n++;
  return n;
}

static void
gather (const ShsMatrix *span, const gsize *rows, ShsMatrix *block)
{
  for (gsize j = 0; j < block->n_columns; j++)
    {
      const double *from = shs_matrix_column (span, j);
      double *to = shs_matrix_column (block, j);

      for (gsize i = 0; i < block->n_rows; i++)
        to[i] = from[rows[i] - rows[0]];
    }
}

/* Fills @block with the chosen rows from @first on; @span: room for MAX_SPAN rows of data. */
static gboolean
read_block (ShsBackground *self, gsize first, ShsMatrix *span, ShsMatrix *block, GError **error)
{
  if (self->rows == NULL)
    return shs_column_match_read (self->match, first, block, error);
  for (gsize done = 0; done < block->n_rows;)
    {
      const gsize *rows = self->rows + first + done;
      gsize n = count_in_span (self, first + done, block->n_rows - done);
      ShsMatrix view = shs_matrix_rows (span, 0, rows[n - 1] - rows[0] + 1);
      ShsMatrix part = shs_matrix_rows (block, done, n);

      if (!shs_column_match_read (self->match, rows[0], &view, error))
        return FALSE;
      gather (&view, rows, &part);
      done += n;
    }
  return TRUE;
}

static gboolean
hand_over (ShsBackground *self, const ShsMatrix *rows, guint n_threads, ShsBackgroundFunc function,
           gpointer data, GError **error)
{
  g_autoptr (ShsMatrix) mapped = NULL;
  const ShsMatrix *features = shs_model_map_rows (shs_column_match_get_model (self->match), rows,
                                                  n_threads, &mapped, error);

  return features != NULL && function (features, data, error);
}

gboolean
shs_background_foreach (ShsBackground *self, gsize block_rows, guint n_threads,
                        ShsProgress *progress, ShsBackgroundFunc function, gpointer data,
                        GError **error)
{
  gsize n_features = shs_model_get_parts (shs_column_match_get_model (self->match))->n_features;
  gsize n_block = MIN (block_rows, self->n_rows);
  gsize n_span = MIN (MAX_SPAN, count_all (self->match));
  g_autoptr (ShsMatrix) block = shs_matrix_new (n_block, n_features, error);
  g_autoptr (ShsMatrix) span = NULL;

  if (block != NULL)
    span = shs_matrix_new (self->rows != NULL ? n_span : 0, n_features, error);
  if (span == NULL)
    return FALSE;
  for (gsize first = 0; first < self->n_rows; first += n_block)
    {
      ShsMatrix view = shs_matrix_rows (block, 0, MIN (n_block, self->n_rows - first));

      if (!shs_progress_check (progress, error) || !read_block (self, first, span, &view, error)
          || !hand_over (self, &view, n_threads, function, data, error))
        return FALSE;
    }
  return TRUE;
}
