/* The attributes of an ONNX operation, and its constant tensors, as arrays. Private to model/. */
#pragma once

#include "model/onnx/shs-onnx-graph.h"

G_BEGIN_DECLS

/**
 * ShsOnnxArray: numbers or texts of an attribute or a tensor.
 * @type: 0 for an attribute that is absent
 * @numbers: @n of them, in memory of shs_alloc(); NULL for texts
 * @texts: (element-type utf8): NULL for numbers
 * @dims: of a tensor: @n_dims sizes whose product is @n; an attribute's list has one
 */
typedef struct
{
  ShsOnnxType type;
  gsize n;
  double *numbers;
  GPtrArray *texts;
  gsize dims[4];
  guint n_dims;
} ShsOnnxArray;

void shs_onnx_array_clear (ShsOnnxArray *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ShsOnnxArray, shs_onnx_array_clear)

/**
 * shs_onnx_attribute_read: a list, a single value or a tensor.
 * @name: of an attribute; absent ones give an empty @array
 *
 * Numbers come as doubles: floats exactly, integers of up to 53 bits.
 *
 * Returns: FALSE with %SHS_ERROR_SYNTAX, %SHS_ERROR_UNSUPPORTED (data in another file, element
 *   types that are not numbers or texts) or %SHS_ERROR_MEMORY
 */
gboolean shs_onnx_attribute_read (const ShsOnnxGraph *graph, const ShsOnnxNode *node,
                                  const char *name, ShsOnnxArray *array, GError **error);

/** shs_onnx_attribute_read_number: a single number, or @fallback where it is absent. */
gboolean shs_onnx_attribute_read_number (const ShsOnnxGraph *graph, const ShsOnnxNode *node,
                                         const char *name, double fallback, double *number,
                                         GError **error);

/** shs_onnx_attribute_dup_text: (transfer full): a single text, or NULL where it is absent. */
gboolean shs_onnx_attribute_dup_text (const ShsOnnxGraph *graph, const ShsOnnxNode *node,
                                      const char *name, char **text, GError **error);

/** shs_onnx_tensor_read: a tensor message, see shs_onnx_attribute_read(). */
gboolean shs_onnx_tensor_read (const ShsOnnxGraph *graph, const ShsWireField *tensor,
                               ShsOnnxArray *array, GError **error);

G_END_DECLS
