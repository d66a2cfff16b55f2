/* Fields by their numbers in onnx.proto (ir_version 8 and before; later ones only add). */

#include "model/onnx/shs-onnx-graph.h"

#include "core/shs-error.h"
#include "core/shs-shown.h"

enum
{
  MODEL_PRODUCER_NAME = 2,
  MODEL_PRODUCER_VERSION = 3,
  MODEL_GRAPH = 7,
  MODEL_OPERATORS = 8,
  OPERATORS_DOMAIN = 1,
  GRAPH_NODE = 1,
  GRAPH_INITIALIZER = 5,
  GRAPH_INPUT = 11,
  GRAPH_OUTPUT = 12,
  NODE_INPUT = 1,
  NODE_OUTPUT = 2,
  NODE_OP_TYPE = 4,
  NODE_ATTRIBUTE = 5,
  NODE_DOMAIN = 7,
  TENSOR_NAME = 8,
  VALUE_NAME = 1,
  VALUE_TYPE = 2,
  TYPE_TENSOR = 1,
  TENSOR_TYPE_ELEMENT = 1,
  TENSOR_TYPE_SHAPE = 2,
  SHAPE_DIMENSION = 1,
  DIMENSION_VALUE = 1,
};

#define MAX_COLUMNS 1000000
/* A few bytes of file make an operation of hundreds of bytes: no real pipeline has so many. */
#define MAX_PARTS 100000
#define MAX_DOMAINS 100
#define MAX_PRODUCER 100

/* What one field of a message means; FALSE ends the reading with @error. */
typedef gboolean (*FieldFunc) (ShsOnnxGraph *self, const ShsWireField *field, gpointer data,
                               GError **error);

static gboolean
read_fields (ShsOnnxGraph *self, ShsWire wire, FieldFunc function, gpointer data, GError **error)
{
  ShsWireField field;

  while (shs_wire_next (&wire, &field, error))
    if (!function (self, &field, data, error))
      return FALSE;
  return !wire.has_failed;
}

static gboolean
read_message (ShsOnnxGraph *self, const ShsWireField *field, FieldFunc function, gpointer data,
              GError **error)
{
  if (field->type != SHS_WIRE_BYTES)
    return TRUE;
  return read_fields (self, shs_wire_enter (&self->wire, field), function, data, error);
}

static gboolean
read_node_field (ShsOnnxGraph *self, const ShsWireField *field, gpointer data, GError **error)
{
  ShsOnnxNode *node = data;

  (void)self;
  (void)error;
  if (field->type != SHS_WIRE_BYTES)
    return TRUE;
  if (field->number == NODE_INPUT)
    g_ptr_array_add (node->inputs, shs_wire_dup_text (field));
  else if (field->number == NODE_OUTPUT)
    g_ptr_array_add (node->outputs, shs_wire_dup_text (field));
  else if (field->number == NODE_ATTRIBUTE)
    g_array_append_val (node->attributes, *field);
  else if (field->number == NODE_OP_TYPE || field->number == NODE_DOMAIN)
    {
      char **text = field->number == NODE_OP_TYPE ? &node->op : &node->domain;

      g_free (*text);
      *text = shs_wire_dup_text (field);
    }
  return TRUE;
}

static void
clear_node (gpointer data)
{
  ShsOnnxNode *node = data;

  g_free (node->op);
  g_free (node->domain);
  g_ptr_array_unref (node->inputs);
  g_ptr_array_unref (node->outputs);
  g_array_unref (node->attributes);
}

static gboolean
read_node (ShsOnnxGraph *self, const ShsWireField *field, GError **error)
{
  ShsOnnxNode node = { .op = g_strdup (""),
                       .domain = g_strdup (""),
                       .inputs = g_ptr_array_new_with_free_func (g_free),
                       .outputs = g_ptr_array_new_with_free_func (g_free),
                       .attributes = g_array_new (FALSE, FALSE, sizeof (ShsWireField)) };

  g_array_append_val (self->nodes, node);
  return read_message (self, field, read_node_field,
                       &g_array_index (self->nodes, ShsOnnxNode, self->nodes->len - 1), error);
}

static gboolean
read_tensor_field (ShsOnnxGraph *self, const ShsWireField *field, gpointer data, GError **error)
{
  (void)self;
  (void)error;
  if (field->number == TENSOR_NAME && field->type == SHS_WIRE_BYTES)
    *(ShsWireField *)data = *field;
  return TRUE;
}

static gboolean
read_initializer (ShsOnnxGraph *self, const ShsWireField *field, GError **error)
{
  ShsWireField name = { 0 };

  if (!read_message (self, field, read_tensor_field, &name, error))
    return FALSE;
  if (name.bytes != NULL)
    g_hash_table_replace (self->constants, shs_wire_dup_text (&name),
                          g_memdup2 (field, sizeof *field));
  return TRUE;
}

static gboolean
read_dimension_field (ShsOnnxGraph *self, const ShsWireField *field, gpointer data, GError **error)
{
  (void)self;
  (void)error;
  if (field->number == DIMENSION_VALUE && field->type == SHS_WIRE_VARINT)
    *(guint64 *)data = field->value;
  return TRUE;
}

/* The last dimension is that of the columns. */
static gboolean
read_shape_field (ShsOnnxGraph *self, const ShsWireField *field, gpointer data, GError **error)
{
  ShsOnnxInput *input = data;
  guint64 size = 0;

  if (field->number != SHAPE_DIMENSION)
    return TRUE;
  if (!read_message (self, field, read_dimension_field, &size, error))
    return FALSE;
  input->n_columns = size <= MAX_COLUMNS ? (gsize)size : 0;
  return TRUE;
}

static gboolean
read_type_field (ShsOnnxGraph *self, const ShsWireField *field, gpointer data, GError **error)
{
  ShsOnnxInput *input = data;

  if (field->number == TENSOR_TYPE_ELEMENT && field->type == SHS_WIRE_VARINT)
    input->type = (ShsOnnxType)MIN (field->value, 255);
  else if (field->number == TENSOR_TYPE_SHAPE)
    return read_message (self, field, read_shape_field, data, error);
  return TRUE;
}

static gboolean
read_value_type_field (ShsOnnxGraph *self, const ShsWireField *field, gpointer data, GError **error)
{
  return field->number != TYPE_TENSOR || read_message (self, field, read_type_field, data, error);
}

static gboolean
read_value_field (ShsOnnxGraph *self, const ShsWireField *field, gpointer data, GError **error)
{
  ShsOnnxInput *input = data;

  if (field->number == VALUE_TYPE)
    return read_message (self, field, read_value_type_field, data, error);
  if (field->number == VALUE_NAME && field->type == SHS_WIRE_BYTES)
    {
      g_free (input->name);
      input->name = shs_wire_dup_text (field);
    }
  return TRUE;
}

static void
clear_input (gpointer data)
{
  g_free (((ShsOnnxInput *)data)->name);
}

static gboolean
read_input (ShsOnnxGraph *self, const ShsWireField *field, GError **error)
{
  ShsOnnxInput input = { .name = g_strdup ("") };

  g_array_append_val (self->inputs, input);
  return read_message (self, field, read_value_field,
                       &g_array_index (self->inputs, ShsOnnxInput, self->inputs->len - 1), error);
}

static gboolean
read_output (ShsOnnxGraph *self, const ShsWireField *field, GError **error)
{
  ShsOnnxInput output = { .name = g_strdup ("") };
  gboolean ok = read_message (self, field, read_value_field, &output, error);

  g_ptr_array_add (self->outputs, output.name);
  return ok;
}

static gboolean
check_size (const ShsOnnxGraph *self, GError **error)
{
  if (self->nodes->len < MAX_PARTS && self->inputs->len < MAX_PARTS
      && self->outputs->len < MAX_PARTS && g_hash_table_size (self->constants) < MAX_PARTS)
    return TRUE;
  g_set_error (error, SHS_ERROR, SHS_ERROR_UNSUPPORTED,
               "%s: the graph has more than %d operations, inputs or constants; export the model "
               "alone, without what prepares its data",
               self->wire.name, MAX_PARTS);
  return FALSE;
}

static gboolean
read_graph_field (ShsOnnxGraph *self, const ShsWireField *field, gpointer data, GError **error)
{
  if (field->type != SHS_WIRE_BYTES)
    return TRUE;
  if (!shs_progress_check (data, error) || !check_size (self, error))
    return FALSE;
  switch (field->number)
    {
    case GRAPH_NODE:
      return read_node (self, field, error);
    case GRAPH_INITIALIZER:
      return read_initializer (self, field, error);
    case GRAPH_INPUT:
      return read_input (self, field, error);
    case GRAPH_OUTPUT:
      return read_output (self, field, error);
    default:
      return TRUE;
    }
}

static gboolean
read_operators_field (ShsOnnxGraph *self, const ShsWireField *field, gpointer data, GError **error)
{
  if (field->number == OPERATORS_DOMAIN && field->type == SHS_WIRE_BYTES)
    {
      g_free (*(char **)data);
      *(char **)data = shs_wire_dup_text (field);
    }
  return TRUE;
}

/* The operators of ONNX itself have the domain "", which may be left out. */
static gboolean
read_operators (ShsOnnxGraph *self, const ShsWireField *field, GError **error)
{
  char *domain = g_strdup ("");
  gboolean ok = read_message (self, field, read_operators_field, &domain, error);

  if (self->domains->len < MAX_DOMAINS)
    g_ptr_array_add (self->domains, g_steal_pointer (&domain));
  g_free (domain);
  return ok;
}

static gboolean
read_model_field (ShsOnnxGraph *self, const ShsWireField *field, gpointer data, GError **error)
{
  if (field->type != SHS_WIRE_BYTES)
    return TRUE;
  if (field->number == MODEL_PRODUCER_NAME || field->number == MODEL_PRODUCER_VERSION)
    {
      g_autofree char *text = shs_wire_dup_text (field);
      g_autofree char *before = self->producer;

      self->producer = before != NULL ? g_strdup_printf ("%.*s %s", MAX_PRODUCER, before, text)
                                      : g_steal_pointer (&text);
    }
  if (field->number == MODEL_OPERATORS)
    return read_operators (self, field, error);
  return field->number != MODEL_GRAPH || read_message (self, field, read_graph_field, data, error);
}

/* Before ir_version 4 constants stood among the inputs too. */
static void
drop_constant_inputs (ShsOnnxGraph *self)
{
  for (guint i = self->inputs->len; i-- > 0;)
    if (g_hash_table_contains (self->constants, g_array_index (self->inputs, ShsOnnxInput, i).name))
      g_array_remove_index (self->inputs, i);
}

static gboolean
is_imported (const ShsOnnxGraph *self, const char *domain)
{
  for (guint i = 0; i < self->domains->len; i++)
    {
      const char *imported = g_ptr_array_index (self->domains, i);

      if (g_str_equal (imported, domain) || (*domain == '\0' && g_str_equal (imported, "ai.onnx")))
        return TRUE;
    }
  return FALSE;
}

/* What the file says of its operators stands behind the graph: so a file that was cut is known. */
static gboolean
check_domains (const ShsOnnxGraph *self, GError **error)
{
  for (guint i = 0; i < self->nodes->len; i++)
    {
      const ShsOnnxNode *node = &g_array_index (self->nodes, ShsOnnxNode, i);
      g_autofree char *op = NULL;
      g_autofree char *domain = NULL;

      if (is_imported (self, node->domain))
        continue;
      op = shs_name_shown (node->op);
      domain = shs_name_shown (node->domain);
      g_set_error (error, SHS_ERROR, SHS_ERROR_INVALID,
                   "%s: the operation %s is of the domain %s, which the file does not "
                   "name; it is damaged or cut short: export the model again",
                   self->wire.name, op, domain);
      return FALSE;
    }
  return TRUE;
}

ShsOnnxGraph *
shs_onnx_graph_read (const char *name, GBytes *bytes, ShsProgress *progress, GError **error)
{
  g_autoptr (ShsOnnxGraph) self = g_new0 (ShsOnnxGraph, 1);

  self->nodes = g_array_new (FALSE, FALSE, sizeof (ShsOnnxNode));
  g_array_set_clear_func (self->nodes, clear_node);
  self->inputs = g_array_new (FALSE, FALSE, sizeof (ShsOnnxInput));
  g_array_set_clear_func (self->inputs, clear_input);
  self->outputs = g_ptr_array_new_with_free_func (g_free);
  self->domains = g_ptr_array_new_with_free_func (g_free);
  self->constants = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  shs_wire_init (&self->wire, name, bytes);
  if (!read_fields (self, self->wire, read_model_field, progress, error))
    return NULL;
  if (!check_domains (self, error))
    return NULL;
  drop_constant_inputs (self);
  return g_steal_pointer (&self);
}

void
shs_onnx_graph_free (ShsOnnxGraph *self)
{
  g_array_unref (self->nodes);
  g_array_unref (self->inputs);
  g_ptr_array_unref (self->outputs);
  g_ptr_array_unref (self->domains);
  g_hash_table_unref (self->constants);
  g_free (self->producer);
  g_free (self);
}
