/* Expressions that look values up: NormContinuous, NormDiscrete, Discretize, MapValues. */

#include "model/pmml/shs-pmml-document.h"

#include "core/shs-error.h"

#include <math.h>

#define MOST_CELLS 1000000

/* The type of the values that a table gives: its own, or what is wanted. */
static gboolean
gives_text (const ShsPmmlElement *element, ShsPmmlWants wants)
{
  const char *type = shs_pmml_get (element, "dataType");

  return wants == SHS_PMML_A_TEXT
         || (wants == SHS_PMML_ANY_TYPE && (type == NULL || g_str_equal (type, "string")));
}

static gboolean
read_otherwise (const ShsPmmlScope *scope, const ShsPmmlElement *element, gboolean is_text,
                double *otherwise, GError **error)
{
  const char *text = shs_pmml_get (element, "defaultValue");

  *otherwise = NAN;
  return text == NULL || shs_pmml_read_value (scope, element, text, is_text, otherwise, error);
}

static ShsPmmlExpression *
finish (const ShsPmmlScope *scope, const ShsPmmlElement *element, ShsPmmlExpression *argument,
        ShsPmmlExpression *value, GError **error)
{
  GPtrArray *asked = g_ptr_array_new_with_free_func ((GDestroyNotify)shs_pmml_expression_unref);

  g_ptr_array_add (asked, shs_pmml_expression_ref (argument));
  return shs_pmml_map_missing (scope, element, asked, value, error);
}

gboolean
shs_pmml_read_interval (const ShsPmml *self, const ShsPmmlElement *interval, ShsPmmlPiece *piece,
                        GError **error)
{
  const char *closure = shs_pmml_get (interval, "closure");

  if (closure == NULL)
    return shs_pmml_fail (self, interval, SHS_ERROR_INVALID, error,
                          "an Interval does not say which ends belong to it; export the model "
                          "again");
  piece->low_open = g_str_has_prefix (closure, "open");
  piece->high_open = g_str_has_suffix (closure, "Open");
  piece->low = -INFINITY;
  piece->high = INFINITY;
  return (shs_pmml_get (interval, "leftMargin") == NULL
          || shs_pmml_get_number (self, interval, "leftMargin", 0, &piece->low, error))
         && (shs_pmml_get (interval, "rightMargin") == NULL
             || shs_pmml_get_number (self, interval, "rightMargin", 0, &piece->high, error));
}

static gboolean
read_bins (const ShsPmmlScope *scope, const ShsPmmlElement *element, gboolean is_text,
           GArray *pieces, GError **error)
{
  const ShsPmmlElement *bin;

  for (guint i = 0; (bin = shs_pmml_child (element, i)) != NULL; i++)
    {
      const ShsPmmlElement *interval = shs_pmml_find (bin, "Interval");
      ShsPmmlPiece piece = { 0 };

      if (interval == NULL)
        return shs_pmml_fail (scope->model, bin, SHS_ERROR_INVALID, error,
                              "a DiscretizeBin has no Interval; export the model again");
      if (!shs_pmml_read_interval (scope->model, interval, &piece, error)
          || !shs_pmml_read_value (scope, bin, shs_pmml_get (bin, "binValue"), is_text,
                                   &piece.value, error))
        return FALSE;
      g_array_append_val (pieces, piece);
    }
  return TRUE;
}

static ShsPmmlExpression *
read_discretize (const ShsPmmlScope *scope, const ShsPmmlElement *element, ShsPmmlWants wants,
                 GError **error)
{
  g_autoptr (ShsPmmlExpression) argument
      = shs_pmml_read_reference (scope, element, SHS_PMML_A_NUMBER, error);
  g_autoptr (GArray) pieces = g_array_new (FALSE, FALSE, sizeof (ShsPmmlPiece));
  gboolean is_text = gives_text (element, wants);
  double otherwise;

  if (argument == NULL || !read_bins (scope, element, is_text, pieces, error)
      || !read_otherwise (scope, element, is_text, &otherwise, error))
    return NULL;
  return finish (scope, element, argument,
                 shs_pmml_pieces_new (shs_pmml_expression_ref (argument), g_steal_pointer (&pieces),
                                      otherwise, is_text),
                 error);
}

/* Straight lines from point to point. */
static gboolean
read_points (const ShsPmmlScope *scope, const ShsPmmlElement *element, GArray *pieces,
             GError **error)
{
  const ShsPmmlElement *point;
  double x = NAN, y = NAN, next_x, next_y;

  for (guint i = 0; (point = shs_pmml_child (element, i)) != NULL; i++)
    {
      ShsPmmlPiece piece;

      if (!shs_pmml_get_number (scope->model, point, "orig", NAN, &next_x, error)
          || !shs_pmml_get_number (scope->model, point, "norm", NAN, &next_y, error))
        return FALSE;
      piece = (ShsPmmlPiece){
        .low = x, .high = next_x, .anchor = x, .value = y, .slope = (next_y - y) / (next_x - x)
      };
      if (i > 0 && !isfinite (piece.slope))
        return shs_pmml_fail (scope->model, point, SHS_ERROR_INVALID, error,
                              "two points of NormContinuous are one; export the model again");
      if (i > 0)
        g_array_append_val (pieces, piece);
      x = next_x;
      y = next_y;
    }
  return pieces->len > 0
         || shs_pmml_fail (scope->model, element, SHS_ERROR_INVALID, error,
                           "NormContinuous has less than two points; export the model again");
}

/* What lies before the first and behind the last point. */
static void
add_outliers (const ShsPmmlElement *element, GArray *pieces)
{
  const char *word = shs_pmml_get (element, "outliers");
  ShsPmmlPiece first = g_array_index (pieces, ShsPmmlPiece, 0);
  ShsPmmlPiece last = g_array_index (pieces, ShsPmmlPiece, pieces->len - 1);

  if (g_strcmp0 (word, "asMissingValues") == 0)
    return;
  first.high = first.low;
  first.low = -INFINITY;
  last.low = last.high;
  last.high = INFINITY;
  if (g_strcmp0 (word, "asExtremeValues") == 0)
    {
      last.value += (last.low - last.anchor) * last.slope;
      first.slope = last.slope = 0;
    }
  g_array_append_val (pieces, first);
  g_array_append_val (pieces, last);
}

static ShsPmmlExpression *
read_norm_continuous (const ShsPmmlScope *scope, const ShsPmmlElement *element, GError **error)
{
  g_autoptr (ShsPmmlExpression) argument
      = shs_pmml_read_reference (scope, element, SHS_PMML_A_NUMBER, error);
  g_autoptr (GArray) pieces = g_array_new (FALSE, FALSE, sizeof (ShsPmmlPiece));

  if (argument == NULL || !read_points (scope, element, pieces, error))
    return NULL;
  add_outliers (element, pieces);
  return finish (scope, element, argument,
                 shs_pmml_pieces_new (shs_pmml_expression_ref (argument), g_steal_pointer (&pieces),
                                      NAN, FALSE),
                 error);
}

static ShsPmmlExpression *
read_norm_discrete (const ShsPmmlScope *scope, const ShsPmmlElement *element, GError **error)
{
  g_autoptr (ShsPmmlExpression) argument
      = shs_pmml_read_reference (scope, element, SHS_PMML_ANY_TYPE, error);
  const double one = 1;
  ShsMapTable *table;
  double value;

  if (argument == NULL
      || !shs_pmml_read_value (scope, element, shs_pmml_get (element, "value"),
                               shs_pmml_expression_is_text (argument), &value, error))
    return NULL;
  table = shs_map_table_new (&value, &one, 1, 0, NAN, error);
  if (table == NULL)
    return NULL;
  return finish (scope, element, argument,
                 shs_pmml_look_up_new (shs_pmml_expression_ref (argument), table, FALSE), error);
}

/* What a table is asked: its arguments and the columns of their keys. */
typedef struct
{
  GPtrArray *arguments;
  GPtrArray *columns;
} Keys;

static gboolean
read_keys (const ShsPmmlScope *scope, const ShsPmmlElement *element, Keys *keys, GError **error)
{
  const ShsPmmlElement *pair;

  for (guint i = 0; (pair = shs_pmml_child (element, i)) != NULL; i++)
    {
      ShsPmmlExpression *argument;

      if (!shs_pmml_is (pair, "FieldColumnPair"))
        continue;
      argument = shs_pmml_read_reference (scope, pair, SHS_PMML_ANY_TYPE, error);
      if (argument == NULL)
        return FALSE;
      g_ptr_array_add (keys->arguments, argument);
      g_ptr_array_add (keys->columns, (gpointer)shs_pmml_get (pair, "column"));
    }
  return keys->arguments->len > 0
         || shs_pmml_fail (scope->model, element, SHS_ERROR_INVALID, error,
                           "MapValues has no FieldColumnPair; export the model again");
}

static gboolean
read_cell (const ShsPmmlScope *scope, const ShsPmmlElement *row, const char *column,
           gboolean is_text, GArray *cells, GError **error)
{
  const ShsPmmlElement *cell = column != NULL ? shs_pmml_find (row, column) : NULL;
  double value;

  if (!shs_pmml_read_value (scope, row, cell != NULL ? cell->text->str : NULL, is_text, &value,
                            error))
    return FALSE;
  g_array_append_val (cells, value);
  return TRUE;
}

static gboolean
read_cells (const ShsPmmlScope *scope, const ShsPmmlElement *element, const Keys *keys,
            gboolean is_text, GArray *cells, GError **error)
{
  const ShsPmmlElement *table = shs_pmml_find (element, "InlineTable");
  const ShsPmmlElement *row;

  if (table == NULL)
    return shs_pmml_refuse (scope->model, element, "MapValues without an InlineTable", error);
  for (guint r = 0; (row = shs_pmml_child (table, r)) != NULL; r++)
    {
      for (guint i = 0; i < keys->arguments->len; i++)
        if (!read_cell (scope, row, keys->columns->pdata[i],
                        shs_pmml_expression_is_text (keys->arguments->pdata[i]), cells, error))
          return FALSE;
      if (!read_cell (scope, row, shs_pmml_get (element, "outputColumn"), is_text, cells, error))
        return FALSE;
      if (cells->len > MOST_CELLS)
        return shs_pmml_refuse (scope->model, element, "MapValues with so many rows", error);
    }
  return TRUE;
}

/* A table of one key is looked up faster. */
static ShsPmmlExpression *
look_up (const Keys *keys, GArray *cells, double otherwise, gboolean is_text, GError **error)
{
  gsize n = cells->len / 2;
  g_autofree double *from = NULL;
  g_autofree double *to = NULL;
  ShsMapTable *table;

  if (keys->arguments->len > 1)
    return shs_pmml_rows_new (g_ptr_array_ref (keys->arguments), g_array_ref (cells), otherwise,
                              is_text);
  from = g_new (double, n);
  to = g_new (double, n);
  for (gsize i = 0; i < n; i++)
    {
      from[i] = g_array_index (cells, double, 2 * i);
      to[i] = g_array_index (cells, double, 2 * i + 1);
    }
  table = shs_map_table_new (from, to, n, otherwise, NAN, error);
  if (table == NULL)
    return NULL;
  return shs_pmml_look_up_new (shs_pmml_expression_ref (keys->arguments->pdata[0]), table, is_text);
}

static ShsPmmlExpression *
read_map_values (const ShsPmmlScope *scope, const ShsPmmlElement *element, ShsPmmlWants wants,
                 GError **error)
{
  g_autoptr (GPtrArray) arguments
      = g_ptr_array_new_with_free_func ((GDestroyNotify)shs_pmml_expression_unref);
  g_autoptr (GPtrArray) columns = g_ptr_array_new ();
  g_autoptr (GArray) cells = g_array_new (FALSE, FALSE, sizeof (double));
  Keys keys = { arguments, columns };
  gboolean is_text = gives_text (element, wants);
  ShsPmmlExpression *value;
  GPtrArray *asked;
  double otherwise;

  if (!read_keys (scope, element, &keys, error)
      || !read_cells (scope, element, &keys, is_text, cells, error)
      || !read_otherwise (scope, element, is_text, &otherwise, error))
    return NULL;
  value = look_up (&keys, cells, otherwise, is_text, error);
  asked = g_ptr_array_new_with_free_func ((GDestroyNotify)shs_pmml_expression_unref);
  for (guint i = 0; i < arguments->len; i++)
    g_ptr_array_add (asked, shs_pmml_expression_ref (arguments->pdata[i]));
  return shs_pmml_map_missing (scope, element, asked, value, error);
}

ShsPmmlExpression *
shs_pmml_read_table (const ShsPmmlScope *scope, const ShsPmmlElement *element, ShsPmmlWants wants,
                     GError **error)
{
  if (shs_pmml_is (element, "NormContinuous"))
    return read_norm_continuous (scope, element, error);
  if (shs_pmml_is (element, "NormDiscrete"))
    return read_norm_discrete (scope, element, error);
  if (shs_pmml_is (element, "Discretize"))
    return read_discretize (scope, element, wants, error);
  if (shs_pmml_is (element, "MapValues"))
    return read_map_values (scope, element, wants, error);
  return NULL;
}
