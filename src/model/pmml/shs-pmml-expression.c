#include "model/pmml/shs-pmml-expression.h"

#include <math.h>

#define MOST_CALLS 20000
#define MOST_LEVELS 500
#define MOST_ARGUMENTS 4096

typedef enum
{
  CONSTANT,
  COLUMN,
  LOOK_UP,
  PIECES,
  ROWS,
  CALL,
  GUARD,
  STEP,
} Kind;

/* @arguments: what it is computed of; of a guard the last is the value, the others are asked
 * @number: of a constant; what lookups give otherwise; what a guard gives instead
 * @n_calls, @n_levels: what computing it costs and how deep it nests */
struct _ShsPmmlExpression
{
  gint references;
  Kind kind;
  gboolean is_text;
  double number;
  gsize column;
  GPtrArray *arguments;
  GArray *items;
  ShsMapTable *table;
  ShsMapStep step;
  const ShsPmmlFunction *function;
  guint n_calls;
  guint n_levels;
};

ShsPmmlExpression *
shs_pmml_expression_ref (ShsPmmlExpression *self)
{
  g_atomic_int_inc (&self->references);
  return self;
}

void
shs_pmml_expression_unref (ShsPmmlExpression *self)
{
  if (self == NULL || !g_atomic_int_dec_and_test (&self->references))
    return;
  g_ptr_array_unref (self->arguments);
  g_clear_pointer (&self->items, g_array_unref);
  g_clear_pointer (&self->table, shs_map_table_unref);
  g_free (self);
}

GPtrArray *
shs_pmml_arguments_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify)shs_pmml_expression_unref);
}

/* @arguments: (transfer full) (nullable) */
static ShsPmmlExpression *
expression_new (Kind kind, GPtrArray *arguments, gboolean is_text)
{
  ShsPmmlExpression *self = g_new0 (ShsPmmlExpression, 1);

  self->references = 1;
  self->kind = kind;
  self->is_text = is_text;
  self->arguments = arguments != NULL ? arguments : shs_pmml_arguments_new ();
  for (guint i = 0; i < self->arguments->len; i++)
    {
      const ShsPmmlExpression *argument = self->arguments->pdata[i];

      self->n_calls = MIN (self->n_calls + argument->n_calls, MOST_CALLS);
      self->n_levels = MAX (self->n_levels, argument->n_levels);
    }
  self->n_calls++;
  self->n_levels++;
  return self;
}

static ShsPmmlExpression *
expression_of_one (Kind kind, ShsPmmlExpression *argument, gboolean is_text)
{
  GPtrArray *arguments = shs_pmml_arguments_new ();

  g_ptr_array_add (arguments, argument);
  return expression_new (kind, arguments, is_text);
}

gboolean
shs_pmml_expression_is_text (const ShsPmmlExpression *self)
{
  return self->is_text;
}

gboolean
shs_pmml_expression_is_too_large (const ShsPmmlExpression *self)
{
  return self->n_calls > MOST_CALLS || self->n_levels > MOST_LEVELS
         || self->arguments->len > MOST_ARGUMENTS;
}

ShsPmmlExpression *
shs_pmml_constant_new (double value, gboolean is_text)
{
  ShsPmmlExpression *self = expression_new (CONSTANT, NULL, is_text);

  self->number = value;
  return self;
}

ShsPmmlExpression *
shs_pmml_column_new (gsize column, gboolean is_text)
{
  ShsPmmlExpression *self = expression_new (COLUMN, NULL, is_text);

  self->column = column;
  return self;
}

ShsPmmlExpression *
shs_pmml_look_up_new (ShsPmmlExpression *argument, ShsMapTable *table, gboolean is_text)
{
  ShsPmmlExpression *self = expression_of_one (LOOK_UP, argument, is_text);

  self->table = table;
  return self;
}

ShsPmmlExpression *
shs_pmml_pieces_new (ShsPmmlExpression *argument, GArray *pieces, double otherwise,
                     gboolean is_text)
{
  ShsPmmlExpression *self = expression_of_one (PIECES, argument, is_text);

  self->items = pieces;
  self->number = otherwise;
  return self;
}

ShsPmmlExpression *
shs_pmml_rows_new (GPtrArray *arguments, GArray *cells, double otherwise, gboolean is_text)
{
  ShsPmmlExpression *self = expression_new (ROWS, arguments, is_text);

  self->items = cells;
  self->number = otherwise;
  return self;
}

ShsPmmlExpression *
shs_pmml_call_new (const ShsPmmlFunction *function, GPtrArray *arguments, gboolean is_text)
{
  ShsPmmlExpression *self = expression_new (CALL, arguments, is_text);

  self->function = function;
  return self;
}

ShsPmmlExpression *
shs_pmml_guard_new (GPtrArray *asked, ShsPmmlExpression *value, double instead)
{
  gboolean is_text = value->is_text;
  ShsPmmlExpression *self;

  g_ptr_array_add (asked, value);
  self = expression_new (GUARD, asked, is_text);
  self->number = instead;
  return self;
}

ShsPmmlExpression *
shs_pmml_step_new (ShsPmmlExpression *argument, const ShsMapStep *step)
{
  ShsPmmlExpression *self = expression_of_one (STEP, argument, argument->is_text);

  self->step = *step;
  if (step->table != NULL)
    self->table = shs_map_table_ref (step->table);
  return self;
}

static double
look_in_pieces (const GArray *pieces, double x, double otherwise)
{
  for (guint i = 0; i < pieces->len && !isnan (x); i++)
    {
      const ShsPmmlPiece *piece = &g_array_index (pieces, ShsPmmlPiece, i);

      if ((x > piece->low || (x == piece->low && !piece->low_open))
          && (x < piece->high || (x == piece->high && !piece->high_open)))
        return piece->slope == 0 ? piece->value : piece->value + (x - piece->anchor) * piece->slope;
    }
  return isnan (x) ? x : otherwise;
}

static double
look_in_rows (const GArray *cells, const double *keys, guint n, double otherwise)
{
  const double *at = (const double *)(const void *)cells->data;
  const double *end = at + cells->len;
  guint i;

  for (i = 0; i < n; i++)
    if (isnan (keys[i]))
      return NAN;
  for (; at < end; at += n + 1)
    {
      for (i = 0; i < n && at[i] == keys[i]; i++)
        ;
      if (i == n)
        return at[n];
    }
  return otherwise;
}

/* @row: a number for each column of the map. Recursion is as deep as shs_pmml_expression_is_too_
 * large() allows. */
static double
evaluate (const ShsPmmlExpression *self, const double *row)
{
  guint n = self->arguments->len;
  gboolean is_missing = FALSE;
  double few[8];
  g_autofree double *many = n > G_N_ELEMENTS (few) ? g_new (double, n) : NULL;
  double *values = many != NULL ? many : few;

  for (guint i = 0; i < n; i++)
    {
      values[i] = evaluate (self->arguments->pdata[i], row);
      is_missing = is_missing || (i + 1 < n && isnan (values[i]));
    }
  switch (self->kind)
    {
    case CONSTANT:
      return self->number;
    case COLUMN:
      return row[self->column];
    case LOOK_UP:
      return shs_map_table_look_up (self->table, values[0]);
    case PIECES:
      return look_in_pieces (self->items, values[0], self->number);
    case ROWS:
      return look_in_rows (self->items, values, n, self->number);
    case CALL:
      return shs_pmml_function_call (self->function, values, n);
    case GUARD:
      return is_missing ? self->number : values[n - 1];
    default:
      return shs_map_step_apply (&self->step, values[0]);
    }
}

/* @columns: ascending; @n_all: how many the map has */
typedef struct
{
  ShsPmmlExpression *expression;
  GArray *columns;
  gsize n_all;
} Feature;

static void
feature_free (gpointer data)
{
  Feature *self = data;

  shs_pmml_expression_unref (self->expression);
  g_array_unref (self->columns);
  g_free (self);
}

static void
compute (gconstpointer data, const double *const *columns, gsize n_rows, double *out)
{
  const Feature *self = data;
  g_autofree double *row = g_new0 (double, self->n_all);

  for (gsize i = 0; i < n_rows; i++)
    {
      for (guint c = 0; c < self->columns->len; c++)
        row[g_array_index (self->columns, gsize, c)] = columns[c][i];
      out[i] = evaluate (self->expression, row);
    }
}

static void
find_columns (const ShsPmmlExpression *self, gboolean *is_used)
{
  if (self->kind == COLUMN)
    is_used[self->column] = TRUE;
  for (guint i = 0; i < self->arguments->len; i++)
    find_columns (self->arguments->pdata[i], is_used);
}

static gboolean
add_function (ShsPmmlExpression *self, ShsFeatureMap *map)
{
  gsize n_all = shs_feature_map_get_n_columns (map);
  g_autofree gboolean *is_used = g_new0 (gboolean, n_all);
  g_autoptr (GArray) columns = g_array_new (FALSE, FALSE, sizeof (gsize));
  Feature *feature;

  find_columns (self, is_used);
  for (gsize j = 0; j < n_all; j++)
    if (is_used[j])
      g_array_append_val (columns, j);
  if (columns->len == 0)
    return FALSE;
  feature = g_new (Feature, 1);
  *feature = (Feature){ shs_pmml_expression_ref (self), g_array_ref (columns), n_all };
  shs_feature_map_add_function (map, (const gsize *)(const void *)columns->data, columns->len,
                                compute, feature, feature_free);
  return TRUE;
}

/* Steps at the end are the map's own. */
gboolean
shs_pmml_expression_add (ShsPmmlExpression *self, ShsFeatureMap *map)
{
  if (self->kind == COLUMN)
    {
      shs_feature_map_add_column (map, self->column);
      return TRUE;
    }
  if (self->kind != STEP)
    return add_function (self, map);
  if (!shs_pmml_expression_add (self->arguments->pdata[0], map))
    return FALSE;
  shs_feature_map_append (map, &self->step);
  return TRUE;
}
