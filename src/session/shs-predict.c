#include "session/shs-predict.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "core/shs-number.h"
#include "io/csv/shs-csv.h"
#include "io/shs-file-writer.h"
#include "io/npy/shs-npy.h"

#define BLOCK_ROWS 8192

static gboolean
has_probability (const ShsModelParts *parts)
{
  if (parts->link == SHS_LINK_IDENTITY)
    return parts->task == SHS_TASK_BINARY || parts->task == SHS_TASK_MULTICLASS
           || g_strcmp0 (parts->margin_unit, "probability") == 0;
  return parts->link == SHS_LINK_LOGISTIC || parts->link == SHS_LINK_SOFTMAX
         || parts->link == SHS_LINK_SHARES;
}

/* The link, and the factor before it, that lead from the margin to the space asked for. */
static gboolean
choose_link (const ShsModel *model, const char *space, ShsLink *link, double *scale, GError **error)
{
  const ShsModelParts *parts = shs_model_get_parts (model);

  *link = SHS_LINK_IDENTITY;
  *scale = 1;
  if (space == NULL || g_str_equal (space, "margin"))
    return TRUE;
  if (g_str_equal (space, "probability") && !has_probability (parts))
    {
      g_set_error (error, SHS_ERROR, SHS_ERROR_CHOICE,
                   "%s has no probability (its objective is %s); use --space margin or output",
                   shs_model_get_name (model), parts->objective);
      return FALSE;
    }
  if (parts->is_unfinished && !g_str_equal (space, "logit"))
    {
      g_set_error (error, SHS_ERROR, SHS_ERROR_CHOICE,
                   "%s does not say how its library makes a prediction of %s; use --space margin, "
                   "and look at the notes of info",
                   shs_model_get_name (model),
                   parts->margin_unit[0] != '\0' ? parts->margin_unit : "the sum of its trees");
      return FALSE;
    }
  *scale = parts->link_scale;
  if (g_str_equal (space, "output") || g_str_equal (space, "probability"))
    *link = parts->link;
  else if (parts->link != SHS_LINK_LOGISTIC && parts->link != SHS_LINK_SOFTMAX)
    {
      g_set_error (error, SHS_ERROR, SHS_ERROR_CHOICE,
                   "%s has no logit (its objective is %s); use --space margin or output",
                   shs_model_get_name (model), parts->objective);
      return FALSE;
    }
  return TRUE;
}

ShsMatrix *
shs_session_predict (ShsSession *session, const char *space, guint n_threads, ShsProgress *progress,
                     GError **error)
{
  ShsColumnMatch *match = shs_session_get_match (session);
  const ShsModel *model = shs_column_match_get_model (match);
  gsize n_all = shs_dataset_get_n_rows (shs_session_get_dataset (session));
  gsize n_margins = shs_model_get_parts (model)->n_outputs;
  g_autoptr (ShsMatrix) predictions = NULL;
  g_autoptr (ShsMatrix) rows = NULL;
  g_autoptr (ShsMatrix) margins = NULL;
  ShsLink link;
  double scale;
  gsize first;
  gsize count;

  if (!choose_link (model, space, &link, &scale, error)
      || !shs_range_parse (shs_session_get_view (session)->rows, n_all, &first, &count, error))
    return NULL;
  predictions = shs_matrix_new (count, shs_link_count_outputs (link, n_margins), error);
  if (predictions != NULL)
    rows = shs_matrix_new (BLOCK_ROWS, shs_model_get_parts (model)->n_features, error);
  if (rows != NULL)
    margins = shs_matrix_new (BLOCK_ROWS, n_margins, error);
  if (margins == NULL)
    return NULL;
  shs_progress_start (progress, count);
  for (gsize done = 0; done < count; done += BLOCK_ROWS)
    {
      gsize n = MIN (BLOCK_ROWS, count - done);
      ShsMatrix row_view = shs_matrix_rows (rows, 0, n);
      ShsMatrix margin_view = shs_matrix_rows (margins, 0, n);
      ShsMatrix prediction_view = shs_matrix_rows (predictions, done, n);

      if (!shs_progress_check (progress, error)
          || !shs_column_match_read (match, first + done, &row_view, error)
          || !shs_model_predict_margin (model, &row_view, n_threads, NULL, &margin_view, error))
        return NULL;
      shs_link_apply (link, scale, &margin_view, &prediction_view);
      shs_progress_add (progress, n);
    }
  return g_steal_pointer (&predictions);
}

static char *
name_column (const ShsColumnMatch *match, const ShsMatrix *predictions, gsize column)
{
  const ShsModel *model = shs_column_match_get_model (match);

  if (predictions->n_columns == shs_model_get_parts (model)->n_outputs)
    return g_strdup (shs_column_match_get_output_name (match, column));
  return g_strdup_printf ("prediction %" G_GSIZE_FORMAT, column);
}

static gboolean
write_csv (const ShsColumnMatch *match, const ShsMatrix *predictions, gsize first_row,
           const char *path, GError **error)
{
  g_autoptr (ShsFileWriter) writer = shs_file_writer_new (path, error);
  g_autoptr (GString) line = g_string_new ("row");
  char number[SHS_NUMBER_LENGTH];

  if (writer == NULL)
    return FALSE;
  for (gsize k = 0; k < predictions->n_columns; k++)
    {
      g_autofree char *name = name_column (match, predictions, k);

      g_string_append_c (line, ',');
      shs_csv_append_cell (line, name);
    }
  for (gsize i = 0; i < predictions->n_rows; i++)
    {
      g_string_append_c (line, '\n');
      if (!shs_file_writer_write (writer, line->str, line->len, error))
        return FALSE;
      g_string_printf (line, "%" G_GSIZE_FORMAT, first_row + i);
      for (gsize k = 0; k < predictions->n_columns; k++)
        g_string_append_printf (line, ",%s",
                                shs_number_print (number, shs_matrix_get (predictions, i, k)));
    }
  g_string_append_c (line, '\n');
  return shs_file_writer_write (writer, line->str, line->len, error)
         && shs_file_writer_commit (writer, error);
}

static gboolean
write_arrays (const ShsMatrix *predictions, const char *path, GError **error)
{
  gsize shape[] = { predictions->n_rows, predictions->n_columns };
  gsize n_bytes = predictions->n_rows * predictions->n_columns * sizeof (double);
  SHS_AUTOFREE double *by_row
      = shs_alloc (predictions->n_rows, predictions->n_columns * sizeof *by_row, error);
  g_autoptr (ShsNpzWriter) writer = NULL;

  if (by_row == NULL)
    return FALSE;
  for (gsize i = 0; i < shape[0]; i++)
    for (gsize k = 0; k < shape[1]; k++)
      by_row[i * shape[1] + k] = shs_matrix_get (predictions, i, k);
  if (g_str_has_suffix (path, ".npy"))
    return shs_npy_write (path, by_row, 2, shape, error);
  writer = shs_npz_writer_new (path, error);
  return writer != NULL && shs_npz_writer_begin (writer, "predictions", "<f8", 2, shape, error)
         && shs_npz_writer_write (writer, by_row, n_bytes, error)
         && shs_npz_writer_commit (writer, error);
}

gboolean
shs_predictions_save (const ShsMatrix *predictions, ShsSession *session, const char *path,
                      GError **error)
{
  gsize n_all = shs_dataset_get_n_rows (shs_session_get_dataset (session));
  gsize first;
  gsize count;

  if (!shs_range_parse (shs_session_get_view (session)->rows, n_all, &first, &count, error))
    return FALSE;
  if (g_str_has_suffix (path, ".csv"))
    return write_csv (shs_session_get_match (session), predictions, first, path, error);
  return write_arrays (predictions, path, error);
}
