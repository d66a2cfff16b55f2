/* What the operations on scores share. Private to model/. */
#pragma once

#include "model/onnx/shs-onnx-state.h"

G_BEGIN_DECLS

/** shs_onnx_is_constant: whether @value (nullable) is numbers of the file. */
gboolean shs_onnx_is_constant (const ShsOnnxValue *value);
/** shs_onnx_is_scores: whether @value (nullable) comes from trees or a linear model. */
gboolean shs_onnx_is_scores (const ShsOnnxValue *value);
/** shs_onnx_is_plain: whether it is scores without a link. */
gboolean shs_onnx_is_plain (const ShsOnnxValue *value);

/** shs_onnx_give_up: the node's outputs cannot be followed; they remember the one value of scores
 * that they were made of. Returns: TRUE */
gboolean shs_onnx_give_up (ShsOnnx *self, const ShsOnnxNode *node);
/**
 * shs_onnx_set_or_give_up:
 * @value: (transfer full) (nullable): what the node gives; NULL gives up
 * @problem: (transfer full) (nullable): an error that ends the reading
 */
gboolean shs_onnx_set_or_give_up (ShsOnnx *self, const ShsOnnxNode *node, ShsOnnxValue *value,
                                  GError *problem, GError **error);

/** shs_onnx_add_plain: (transfer full): a + factor x b without links; NULL without an error where
 * they cannot be added. */
ShsOnnxValue *shs_onnx_add_plain (const ShsOnnxValue *a, const ShsOnnxValue *b, double factor,
                                  GError **problem);

/* shs-onnx-arithmetic.c */
gboolean shs_onnx_follow_sum (ShsOnnx *self, const ShsOnnxNode *node, GError **error);
gboolean shs_onnx_follow_product (ShsOnnx *self, const ShsOnnxNode *node, GError **error);
gboolean shs_onnx_follow_quotient (ShsOnnx *self, const ShsOnnxNode *node, GError **error);
gboolean shs_onnx_follow_negation (ShsOnnx *self, const ShsOnnxNode *node, GError **error);
/** shs_onnx_is_function: whether @op is a function of one or two numbers that is known. */
gboolean shs_onnx_is_function (const char *op);
gboolean shs_onnx_follow_function (ShsOnnx *self, const ShsOnnxNode *node, GError **error);

G_END_DECLS
