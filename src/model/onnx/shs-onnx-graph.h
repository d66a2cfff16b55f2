/* An ONNX file taken apart: nodes, constants, inputs and outputs, by name. Private to model/. */
#pragma once

#include "core/shs-progress.h"
#include "io/shs-wire.h"

G_BEGIN_DECLS

/** ShsOnnxType: element types of tensors that matter here, as the format numbers them. */
typedef enum
{
  SHS_ONNX_FLOAT = 1,
  SHS_ONNX_UINT8 = 2,
  SHS_ONNX_INT32 = 6,
  SHS_ONNX_INT64 = 7,
  SHS_ONNX_STRING = 8,
  SHS_ONNX_BOOL = 9,
  SHS_ONNX_DOUBLE = 11,
} ShsOnnxType;

/**
 * ShsOnnxNode: one operation.
 * @op: "TreeEnsembleRegressor"
 * @domain: "ai.onnx.ml"; "" for the operators of ONNX itself
 * @inputs, @outputs: (element-type utf8): names of values; "" for those left out
 * @attributes: its attribute messages, #ShsWireField each
 */
typedef struct
{
  char *op;
  char *domain;
  GPtrArray *inputs;
  GPtrArray *outputs;
  GArray *attributes;
} ShsOnnxNode;

/**
 * ShsOnnxInput: what the model is fed with.
 * @n_columns: 0 where the file leaves it open
 */
typedef struct
{
  char *name;
  ShsOnnxType type;
  gsize n_columns;
} ShsOnnxInput;

/**
 * ShsOnnxGraph: borrows the bytes of the file.
 * @nodes: #ShsOnnxNode
 * @inputs: #ShsOnnxInput, without those that have constants
 * @outputs: (element-type utf8)
 * @constants: (element-type ShsWireField): tensor messages by name
 * @domains: (element-type utf8): of the operators that the file says it needs
 * @producer: "skl2onnx 1.20.0"
 */
typedef struct
{
  ShsWire wire;
  GArray *nodes;
  GArray *inputs;
  GPtrArray *outputs;
  GHashTable *constants;
  GPtrArray *domains;
  char *producer;
} ShsOnnxGraph;

/** shs_onnx_graph_read: %SHS_ERROR_SYNTAX; @name and @bytes are borrowed. */
ShsOnnxGraph *shs_onnx_graph_read (const char *name, GBytes *bytes, ShsProgress *progress,
                                   GError **error);
void shs_onnx_graph_free (ShsOnnxGraph *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShsOnnxGraph, shs_onnx_graph_free)

G_END_DECLS
