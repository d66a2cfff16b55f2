#include "model/onnx/shs-onnx-attribute.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"

#include <string.h>

enum
{
  ATTRIBUTE_NAME = 1,
  ATTRIBUTE_FLOAT = 2,
  ATTRIBUTE_INTEGER = 3,
  ATTRIBUTE_TEXT = 4,
  ATTRIBUTE_TENSOR = 5,
  ATTRIBUTE_FLOATS = 7,
  ATTRIBUTE_INTEGERS = 8,
  ATTRIBUTE_TEXTS = 9,
  TENSOR_DIMENSIONS = 1,
  TENSOR_TYPE = 2,
  TENSOR_FLOATS = 4,
  TENSOR_INT32S = 5,
  TENSOR_TEXTS = 6,
  TENSOR_INT64S = 7,
  TENSOR_RAW = 9,
  TENSOR_DOUBLES = 10,
  TENSOR_EXTERNAL = 13,
  TENSOR_LOCATION = 14,
};

/* A list of numbers while it grows: packed and single fields may alternate. */
typedef struct
{
  ShsOnnxArray *array;
  gsize capacity;
} Appender;

void
shs_onnx_array_clear (ShsOnnxArray *self)
{
  shs_free (self->numbers);
  g_clear_pointer (&self->texts, g_ptr_array_unref);
  *self = (ShsOnnxArray){ 0 };
}

static gboolean
reserve (Appender *self, gsize more, GError **error)
{
  gsize needed = self->array->n + more;
  double *grown;

  if (needed <= self->capacity && self->array->numbers != NULL)
    return TRUE;
  needed = MAX (needed, self->capacity + self->capacity / 2);
  grown = shs_realloc (self->array->numbers, self->array->n, needed, sizeof (double), error);
  if (grown == NULL)
    return FALSE;
  self->array->numbers = grown;
  self->capacity = needed;
  return TRUE;
}

/* A list is of numbers or of texts: one count serves both. */
static gboolean
set_mixed (const ShsOnnxGraph *graph, GError **error)
{
  g_set_error (error, SHS_ERROR, SHS_ERROR_INVALID,
               "%s: a list mixes numbers and texts; the file is damaged or was edited: export the "
               "model again",
               graph->wire.name);
  return FALSE;
}

static double
convert (ShsWireType wire, guint64 value)
{
  if (wire == SHS_WIRE_FIXED32)
    return shs_wire_get_float (value);
  if (wire == SHS_WIRE_FIXED64)
    return shs_wire_get_double (value);
  return (double)(gint64)value;
}

/* @wire: of one number of the list. */
static gboolean
append (Appender *self, const ShsOnnxGraph *graph, const ShsWireField *field, ShsWireType wire,
        GError **error)
{
  ShsWire inside;
  guint64 value;

  if (self->array->texts != NULL)
    return set_mixed (graph, error);
  if (field->type != SHS_WIRE_BYTES)
    {
      if (!reserve (self, 1, error))
        return FALSE;
      self->array->numbers[self->array->n++] = convert (field->type, field->value);
      return TRUE;
    }
  inside = shs_wire_enter (&graph->wire, field);
  if (!reserve (self, wire == SHS_WIRE_VARINT ? field->length : field->length / 4, error))
    return FALSE;
  while (shs_wire_next_packed (&inside, wire, &value, error))
    self->array->numbers[self->array->n++] = convert (wire, value);
  return !inside.has_failed;
}

static gboolean
append_text (ShsOnnxArray *self, const ShsOnnxGraph *graph, const ShsWireField *field,
             GError **error)
{
  if (field->type != SHS_WIRE_BYTES)
    return TRUE;
  if (self->numbers != NULL)
    return set_mixed (graph, error);
  if (self->texts == NULL)
    self->texts = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (self->texts, shs_wire_dup_text (field));
  self->n = self->texts->len;
  return TRUE;
}

static gsize
get_element_size (ShsOnnxType type)
{
  switch (type)
    {
    case SHS_ONNX_UINT8:
    case SHS_ONNX_BOOL:
      return 1;
    case SHS_ONNX_FLOAT:
    case SHS_ONNX_INT32:
      return 4;
    case SHS_ONNX_INT64:
    case SHS_ONNX_DOUBLE:
      return 8;
    default:
      return 0;
    }
}

static double
get_element (ShsOnnxType type, const guint8 *at)
{
  guint64 bits = 0;

  for (gsize i = 0; i < get_element_size (type); i++)
    bits |= (guint64)at[i] << (8 * i);
  switch (type)
    {
    case SHS_ONNX_FLOAT:
      return shs_wire_get_float (bits);
    case SHS_ONNX_DOUBLE:
      return shs_wire_get_double (bits);
    case SHS_ONNX_INT32:
      return (gint32)bits;
    case SHS_ONNX_INT64:
      return (double)(gint64)bits;
    default:
      return (double)bits;
    }
}

static gboolean
append_raw (Appender *self, const ShsOnnxGraph *graph, const ShsWireField *field, GError **error)
{
  ShsOnnxType type = self->array->type;
  gsize size = get_element_size (type);

  if (self->array->texts != NULL)
    return set_mixed (graph, error);
  if (size == 0)
    return TRUE;
  if (!reserve (self, field->length / size, error))
    return FALSE;
  for (gsize at = 0; at + size <= field->length; at += size)
    self->array->numbers[self->array->n++] = get_element (type, field->bytes + at);
  return TRUE;
}

static gboolean
set_unsupported (const ShsOnnxGraph *graph, const char *what, GError **error)
{
  g_set_error (error, SHS_ERROR, SHS_ERROR_UNSUPPORTED, "%s: %s", graph->wire.name, what);
  return FALSE;
}

/* Type and sizes may follow the numbers, so they are looked for first. */
static gboolean
read_tensor_facts (const ShsOnnxGraph *graph, const ShsWireField *tensor, ShsOnnxArray *array,
                   GError **error)
{
  ShsOnnxArray dims = { 0 };
  Appender appender = { &dims, 0 };
  ShsWire wire = shs_wire_enter (&graph->wire, tensor);
  ShsWireField field;
  gboolean ok = TRUE;

  while (ok && shs_wire_next (&wire, &field, error))
    if (field.number == TENSOR_DIMENSIONS)
      ok = append (&appender, graph, &field, SHS_WIRE_VARINT, error);
    else if (field.number == TENSOR_TYPE && field.type == SHS_WIRE_VARINT)
      array->type = (ShsOnnxType)MIN (field.value, 255);
    else if (field.number == TENSOR_EXTERNAL
             || (field.number == TENSOR_LOCATION && field.value == 1))
      ok = set_unsupported (graph,
                            "a tensor stands in another file, which is never opened; save the "
                            "model with save_as_external_data=False",
                            error);
  ok = ok && !wire.has_failed;
  if (ok && dims.n > G_N_ELEMENTS (array->dims))
    ok = set_unsupported (graph, "a constant has more than 4 dimensions", error);
  for (gsize i = 0; ok && i < dims.n; i++)
    array->dims[array->n_dims++]
        = dims.numbers[i] >= 0 && dims.numbers[i] < 1e15 ? (gsize)dims.numbers[i] : G_MAXSIZE;
  shs_onnx_array_clear (&dims);
  return ok;
}

static gboolean
read_tensor_field (const ShsOnnxGraph *graph, const ShsWireField *field, Appender *appender,
                   GError **error)
{
  switch (field->number)
    {
    case TENSOR_FLOATS:
      return append (appender, graph, field, SHS_WIRE_FIXED32, error);
    case TENSOR_DOUBLES:
      return append (appender, graph, field, SHS_WIRE_FIXED64, error);
    case TENSOR_INT32S:
    case TENSOR_INT64S:
      return append (appender, graph, field, SHS_WIRE_VARINT, error);
    case TENSOR_TEXTS:
      return append_text (appender->array, graph, field, error);
    case TENSOR_RAW:
      return field->type != SHS_WIRE_BYTES || append_raw (appender, graph, field, error);
    default:
      return TRUE;
    }
}

static gboolean
check_tensor (const ShsOnnxGraph *graph, const ShsOnnxArray *array, GError **error)
{
  gsize n = 1;

  if (array->type != SHS_ONNX_STRING && get_element_size (array->type) == 0)
    return set_unsupported (graph, "a constant has an element type that is no number", error);
  for (guint i = 0; i < array->n_dims; i++)
    if (!shs_size_multiply (n, array->dims[i], &n))
      n = G_MAXSIZE;
  if (n == array->n && (array->numbers == NULL || array->texts == NULL))
    return TRUE;
  g_set_error (error, SHS_ERROR, SHS_ERROR_INVALID,
               "%s: a constant holds %" G_GSIZE_FORMAT " elements and its sizes ask for "
               "%" G_GSIZE_FORMAT "; export the model again",
               graph->wire.name, array->n, n);
  return FALSE;
}

gboolean
shs_onnx_tensor_read (const ShsOnnxGraph *graph, const ShsWireField *tensor, ShsOnnxArray *array,
                      GError **error)
{
  Appender appender = { array, 0 };
  ShsWire wire = shs_wire_enter (&graph->wire, tensor);
  ShsWireField field;

  if (!read_tensor_facts (graph, tensor, array, error))
    return FALSE;
  while (shs_wire_next (&wire, &field, error))
    if (!read_tensor_field (graph, &field, &appender, error))
      return FALSE;
  return !wire.has_failed && check_tensor (graph, array, error);
}

static gboolean
read_attribute_field (const ShsOnnxGraph *graph, const ShsWireField *field, Appender *appender,
                      GError **error)
{
  ShsOnnxArray *array = appender->array;

  switch (field->number)
    {
    case ATTRIBUTE_FLOAT:
    case ATTRIBUTE_FLOATS:
      array->type = SHS_ONNX_FLOAT;
      return append (appender, graph, field, SHS_WIRE_FIXED32, error);
    case ATTRIBUTE_INTEGER:
    case ATTRIBUTE_INTEGERS:
      array->type = SHS_ONNX_INT64;
      return append (appender, graph, field, SHS_WIRE_VARINT, error);
    case ATTRIBUTE_TEXT:
    case ATTRIBUTE_TEXTS:
      array->type = SHS_ONNX_STRING;
      return append_text (array, graph, field, error);
    case ATTRIBUTE_TENSOR:
      shs_onnx_array_clear (array);
      appender->capacity = 0;
      return field->type != SHS_WIRE_BYTES || shs_onnx_tensor_read (graph, field, array, error);
    default:
      return TRUE;
    }
}

static gboolean
has_name (const ShsOnnxGraph *graph, const ShsWireField *attribute, const char *name)
{
  ShsWire wire = shs_wire_enter (&graph->wire, attribute);
  ShsWireField field;

  while (shs_wire_next (&wire, &field, NULL))
    if (field.number == ATTRIBUTE_NAME)
      return shs_wire_is (&field, name);
  return FALSE;
}

gboolean
shs_onnx_attribute_read (const ShsOnnxGraph *graph, const ShsOnnxNode *node, const char *name,
                         ShsOnnxArray *array, GError **error)
{
  Appender appender = { array, 0 };
  ShsWireField field;

  *array = (ShsOnnxArray){ 0 };
  for (guint i = 0; i < node->attributes->len; i++)
    {
      const ShsWireField *attribute = &g_array_index (node->attributes, ShsWireField, i);
      ShsWire wire = shs_wire_enter (&graph->wire, attribute);

      if (!has_name (graph, attribute, name))
        continue;
      while (shs_wire_next (&wire, &field, error))
        if (!read_attribute_field (graph, &field, &appender, error))
          return FALSE;
      if (wire.has_failed)
        return FALSE;
      if (array->n_dims == 0)
        array->dims[array->n_dims++] = array->n;
      return TRUE;
    }
  return TRUE;
}

gboolean
shs_onnx_attribute_read_number (const ShsOnnxGraph *graph, const ShsOnnxNode *node,
                                const char *name, double fallback, double *number, GError **error)
{
  g_auto (ShsOnnxArray) array = { 0 };

  if (!shs_onnx_attribute_read (graph, node, name, &array, error))
    return FALSE;
  *number = array.numbers != NULL && array.n > 0 ? array.numbers[0] : fallback;
  return TRUE;
}

gboolean
shs_onnx_attribute_dup_text (const ShsOnnxGraph *graph, const ShsOnnxNode *node, const char *name,
                             char **text, GError **error)
{
  g_auto (ShsOnnxArray) array = { 0 };

  *text = NULL;
  if (!shs_onnx_attribute_read (graph, node, name, &array, error))
    return FALSE;
  if (array.texts != NULL && array.texts->len > 0)
    *text = g_strdup (g_ptr_array_index (array.texts, 0));
  return TRUE;
}
