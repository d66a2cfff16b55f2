/* SVMRegressor and SVMClassifier: with a linear kernel the support vectors add up to one weight a
 * column. Source: the operators' pages of ai.onnx.ml, version 1. */

#include "model/onnx/shs-onnx-state.h"

#include "core/shs-memory.h"
#include "core/shs-shown.h"

/* @coefficients: of @vectors, which have one number a column; @rho: what is added */
typedef struct
{
  ShsOnnxArray coefficients;
  ShsOnnxArray vectors;
  ShsOnnxArray rho;
  ShsOnnxArray slopes;
} Machine;

static void
machine_clear (Machine *self)
{
  shs_onnx_array_clear (&self->coefficients);
  shs_onnx_array_clear (&self->vectors);
  shs_onnx_array_clear (&self->rho);
  shs_onnx_array_clear (&self->slopes);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Machine, machine_clear)

static gboolean
check_word (ShsOnnx *self, const ShsOnnxNode *node, const char *attribute, const char *wanted,
            const char *why, GError **error)
{
  g_autofree char *word = NULL;
  g_autofree char *shown = NULL;

  if (!shs_onnx_attribute_dup_text (self->graph, node, attribute, &word, error))
    return FALSE;
  if (word == NULL || g_str_equal (word, wanted))
    return TRUE;
  shown = shs_name_shown (word);
  shs_onnx_set_unsupported (self, node, error, "its %s is %s, %s", attribute, shown, why);
  return FALSE;
}

static gboolean
check_kind (ShsOnnx *self, const ShsOnnxNode *node, GError **error)
{
  double one_class;

  if (!check_word (self, node, "kernel_type", "LINEAR",
                   "for which no exact values are known; train the model with a linear kernel, "
                   "or trees",
                   error)
      || !check_word (self, node, "post_transform", "NONE",
                      "a function that this version does not follow; export the model with its "
                      "raw scores",
                      error)
      || !shs_onnx_attribute_read_number (self->graph, node, "one_class", 0, &one_class, error))
    return FALSE;
  if (one_class == 0)
    return TRUE;
  shs_onnx_set_unsupported (self, node, error,
                            "it says on which side a row lies, which has no exact values; export "
                            "the model with its decision function");
  return FALSE;
}

static gboolean
read_machine (ShsOnnx *self, const ShsOnnxNode *node, Machine *machine, GError **error)
{
  return shs_onnx_attribute_read (self->graph, node, "coefficients", &machine->coefficients, error)
         && shs_onnx_attribute_read (self->graph, node, "support_vectors", &machine->vectors, error)
         && shs_onnx_attribute_read (self->graph, node, "rho", &machine->rho, error)
         && shs_onnx_attribute_read (self->graph, node, "prob_a", &machine->slopes, error);
}

/* One weight a column: of several classes there would be several machines. */
static gboolean
add_vectors (ShsOnnx *self, const ShsOnnxNode *node, const Machine *machine, double *weights,
             GError **error)
{
  gsize n = shs_onnx_get_input (self, node, 0)->n_columns;
  gsize n_vectors = machine->coefficients.n;
  gsize n_numbers;

  if (machine->coefficients.numbers == NULL || machine->rho.numbers == NULL || machine->rho.n != 1
      || machine->vectors.numbers == NULL || n == 0 || !shs_size_multiply (n_vectors, n, &n_numbers)
      || n_numbers != machine->vectors.n)
    {
      shs_onnx_set_unsupported (self, node, error,
                                "its vectors, weights and classes are not those of one machine of "
                                "two classes; several of them vote, which is no sum: train one "
                                "against the rest");
      return FALSE;
    }
  for (gsize i = 0; i < n_vectors; i++)
    for (gsize j = 0; j < n; j++)
      weights[j] += machine->coefficients.numbers[i] * machine->vectors.numbers[i * n + j];
  return TRUE;
}

/* Of two classes the scores mirror each other. */
static ShsOnnxValue *
mirror (const ShsOnnxValue *columns, const double *weights, double constant, GError **error)
{
  gsize n = columns->n_columns;
  const double constants[] = { -constant, constant };
  SHS_AUTOFREE double *both = shs_alloc (2 * n, sizeof *both, error);

  for (gsize j = 0; both != NULL && j < n; j++)
    {
      both[j] = -weights[j];
      both[n + j] = weights[j];
    }
  return both != NULL ? shs_onnx_make_linear (columns, both, 2, constants, error) : NULL;
}

gboolean
shs_onnx_read_support (ShsOnnx *self, const ShsOnnxNode *node, GError **error)
{
  const ShsOnnxValue *columns = shs_onnx_get_input (self, node, 0);
  gboolean is_classifier = g_str_equal (node->op, "SVMClassifier");
  g_auto (Machine) machine = { 0 };
  SHS_AUTOFREE double *weights = NULL;
  g_autoptr (ShsOnnxValue) value = NULL;

  if (!shs_onnx_check_columns (self, node, error) || !check_kind (self, node, error)
      || !read_machine (self, node, &machine, error)
      || (is_classifier && !shs_onnx_read_classes (self, node, error)))
    return FALSE;
  if (machine.slopes.n > 0)
    {
      shs_onnx_set_unsupported (self, node, error,
                                "it turns its scores into probabilities by an approximation; "
                                "train it with probability=False");
      return FALSE;
    }
  weights = shs_alloc0 (columns->n_columns, sizeof *weights, error);
  if (weights == NULL || !add_vectors (self, node, &machine, weights, error))
    return FALSE;
  value = is_classifier ? mirror (columns, weights, machine.rho.numbers[0], error)
                        : shs_onnx_make_linear (columns, weights, 1, machine.rho.numbers, error);
  if (value == NULL)
    return FALSE;
  if (is_classifier)
    shs_onnx_set_output (self, node, 0, shs_onnx_value_new_other (node->op, value));
  shs_onnx_set_output (self, node, is_classifier ? 1 : 0, g_steal_pointer (&value));
  return TRUE;
}
