/* Operations that prepare columns: each becomes steps of the feature map, in single precision as
 * the format computes them. */

#include "model/onnx/shs-onnx-state.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"

#include <math.h>

/* A number of a list that has one for all columns or one per column. */
static gboolean
pick_number (const ShsOnnx *self, const ShsOnnxNode *node, const ShsOnnxArray *list, gsize k,
             double fallback, double *number, GError **error)
{
  const ShsOnnxValue *from = shs_onnx_get_input (self, node, 0);

  if (list->n == 0 || (list->numbers != NULL && (list->n == 1 || list->n == from->n_columns)))
    {
      *number = list->n == 0 ? fallback : list->numbers[list->n == 1 ? 0 : k];
      return TRUE;
    }
  shs_onnx_set_invalid (self, node, error,
                        "it has %" G_GSIZE_FORMAT " numbers for %" G_GSIZE_FORMAT " columns",
                        list->n, from->n_columns);
  return FALSE;
}

typedef struct
{
  ShsOnnxArray offset;
  ShsOnnxArray scale;
} Scaling;

static gboolean
scale_column (ShsOnnx *self, const ShsOnnxNode *node, gsize k, gpointer data, GError **error)
{
  Scaling *scaling = data;
  double offset;
  double scale;

  if (!pick_number (self, node, &scaling->offset, k, 0, &offset, error)
      || !pick_number (self, node, &scaling->scale, k, 1, &scale, error))
    return FALSE;
  shs_onnx_append (self, SHS_MAP_SUBTRACT, offset, 0);
  shs_onnx_append (self, SHS_MAP_FLOAT, 0, 0);
  shs_onnx_append (self, SHS_MAP_MULTIPLY, scale, 0);
  shs_onnx_append (self, SHS_MAP_FLOAT, 0, 0);
  return TRUE;
}

static gboolean
follow_scaler (ShsOnnx *self, const ShsOnnxNode *node, GError **error)
{
  Scaling scaling = { 0 };
  gboolean ok = shs_onnx_attribute_read (self->graph, node, "offset", &scaling.offset, error)
                && shs_onnx_attribute_read (self->graph, node, "scale", &scaling.scale, error)
                && shs_onnx_prepare (self, node, scale_column, &scaling, error);

  shs_onnx_array_clear (&scaling.offset);
  shs_onnx_array_clear (&scaling.scale);
  return ok;
}

typedef struct
{
  ShsOnnxArray values;
  double replaced;
} Imputing;

static gboolean
impute_column (ShsOnnx *self, const ShsOnnxNode *node, gsize k, gpointer data, GError **error)
{
  Imputing *imputing = data;
  double value;

  if (!pick_number (self, node, &imputing->values, k, 0, &value, error))
    return FALSE;
  if (!isnan (imputing->replaced))
    {
      shs_onnx_set_unsupported (self, node, error,
                                "it replaces the number %g, not missing values; mark missing "
                                "values as NaN before the model is exported",
                                imputing->replaced);
      return FALSE;
    }
  shs_onnx_append (self, SHS_MAP_IMPUTE, value, 0);
  return TRUE;
}

static gboolean
follow_imputer (ShsOnnx *self, const ShsOnnxNode *node, GError **error)
{
  Imputing imputing = { 0 };
  gboolean ok = shs_onnx_attribute_read (self->graph, node, "imputed_value_floats",
                                         &imputing.values, error);

  if (ok && imputing.values.n == 0)
    ok = shs_onnx_attribute_read (self->graph, node, "imputed_value_int64s", &imputing.values,
                                  error);
  ok = ok
       && shs_onnx_attribute_read_number (self->graph, node, "replaced_value_float", NAN,
                                          &imputing.replaced, error)
       && shs_onnx_prepare (self, node, impute_column, &imputing, error);
  shs_onnx_array_clear (&imputing.values);
  return ok;
}

static gboolean
binarize_column (ShsOnnx *self, const ShsOnnxNode *node, gsize k, gpointer data, GError **error)
{
  (void)node;
  (void)k;
  (void)error;
  shs_onnx_append (self, SHS_MAP_GREATER, *(double *)data, 0);
  return TRUE;
}

static gboolean
follow_binarizer (ShsOnnx *self, const ShsOnnxNode *node, GError **error)
{
  double threshold;

  return shs_onnx_attribute_read_number (self->graph, node, "threshold", 0, &threshold, error)
         && shs_onnx_prepare (self, node, binarize_column, &threshold, error);
}

static gboolean
cast_column (ShsOnnx *self, const ShsOnnxNode *node, gsize k, gpointer data, GError **error)
{
  (void)node;
  (void)k;
  (void)data;
  (void)error;
  shs_onnx_append (self, SHS_MAP_FLOAT, 0, 0);
  return TRUE;
}

static gboolean
follow_cast (ShsOnnx *self, const ShsOnnxNode *node, GError **error)
{
  double to;

  if (!shs_onnx_attribute_read_number (self->graph, node, "to", 0, &to, error))
    return FALSE;
  if (to == SHS_ONNX_FLOAT)
    return shs_onnx_prepare (self, node, cast_column, NULL, error);
  return shs_onnx_follow_identity (self, node, error);
}

typedef struct
{
  ShsMapKind kind;
  const ShsOnnxArray *numbers;
} Arithmetic;

static gboolean
compute_column (ShsOnnx *self, const ShsOnnxNode *node, gsize k, gpointer data, GError **error)
{
  const Arithmetic *how = data;
  double number;

  if (!pick_number (self, node, how->numbers, k, 0, &number, error))
    return FALSE;
  shs_onnx_append (self, how->kind, number, 0);
  shs_onnx_append (self, SHS_MAP_FLOAT, 0, 0);
  return TRUE;
}

/* Columns and a constant. */
static gboolean
follow_arithmetic (ShsOnnx *self, const ShsOnnxNode *node, GError **error)
{
  static const struct
  {
    const char *op;
    ShsMapKind kind;
  } kinds[] = { { "Add", SHS_MAP_ADD },
                { "Sub", SHS_MAP_SUBTRACT },
                { "Mul", SHS_MAP_MULTIPLY },
                { "Div", SHS_MAP_DIVIDE } };
  const ShsOnnxValue *b = shs_onnx_get_input (self, node, 1);
  Arithmetic how = { 0 };

  if (b == NULL || b->kind != SHS_ONNX_CONSTANT || b->array.numbers == NULL)
    {
      shs_onnx_set_output (self, node, 0, shs_onnx_value_new_other (node->op, NULL));
      return TRUE;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_str_equal (node->op, kinds[i].op))
      how.kind = kinds[i].kind;
  how.numbers = &b->array;
  return shs_onnx_prepare (self, node, compute_column, &how, error);
}

static gboolean
clip_column (ShsOnnx *self, const ShsOnnxNode *node, gsize k, gpointer data, GError **error)
{
  const double *limits = data;

  (void)node;
  (void)k;
  (void)error;
  shs_onnx_append (self, SHS_MAP_CLIP, limits[0], limits[1]);
  return TRUE;
}

/* What mixes all columns of a row has no columns of its own. */
static gboolean
follow_mixture (ShsOnnx *self, const ShsOnnxNode *node, GError **error)
{
  (void)error;
  for (guint i = 0; i < node->outputs->len; i++)
    shs_onnx_set_output (self, node, i, shs_onnx_value_new_other (node->op, NULL));
  return TRUE;
}

/* Limits that the model computes cannot be followed. */
static gboolean
follow_clip (ShsOnnx *self, const ShsOnnxNode *node, GError **error)
{
  double limits[] = { -INFINITY, INFINITY };
  static const char *const names[] = { "min", "max" };

  for (guint i = 0; i < G_N_ELEMENTS (limits); i++)
    {
      const ShsOnnxValue *limit = shs_onnx_get_input (self, node, i + 1);

      if (limit != NULL && limit->kind == SHS_ONNX_CONSTANT && limit->array.numbers != NULL
          && limit->array.n == 1)
        limits[i] = limit->array.numbers[0];
      else if (limit != NULL)
        return follow_mixture (self, node, error);
      else if (!shs_onnx_attribute_read_number (self->graph, node, names[i], limits[i], &limits[i],
                                                error))
        return FALSE;
    }
  return shs_onnx_prepare (self, node, clip_column, limits, error);
}

ShsOnnxOperation
shs_onnx_find_column_operation (const char *op)
{
  static const struct
  {
    const char *op;
    ShsOnnxOperation operation;
  } operations[] = {
    { "Identity", shs_onnx_follow_identity },
    { "Cast", follow_cast },
    { "Scaler", follow_scaler },
    { "Imputer", follow_imputer },
    { "Binarizer", follow_binarizer },
    { "OneHotEncoder", shs_onnx_follow_one_hot },
    { "LabelEncoder", shs_onnx_follow_label_encoder },
    { "ArrayFeatureExtractor", shs_onnx_follow_choice },
    { "Gather", shs_onnx_follow_choice },
    { "Concat", shs_onnx_follow_concat },
    { "FeatureVectorizer", shs_onnx_follow_concat },
    { "Reshape", shs_onnx_follow_reshape },
    { "Flatten", shs_onnx_follow_identity },
    { "Add", follow_arithmetic },
    { "Sub", follow_arithmetic },
    { "Mul", follow_arithmetic },
    { "Div", follow_arithmetic },
    { "Clip", follow_clip },
    { "Less", shs_onnx_follow_less },
    { "ArgMax", shs_onnx_follow_argmax },
    { "ReduceProd", shs_onnx_follow_row_product },
    { "MatMul", shs_onnx_follow_matrix },
    { "Normalizer", follow_mixture },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (operations); i++)
    if (g_str_equal (op, operations[i].op))
      return operations[i].operation;
  return NULL;
}
