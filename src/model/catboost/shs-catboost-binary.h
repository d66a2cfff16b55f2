/* The parts of reading a .cbm file. Private to model/. */
#pragma once

#include "io/shs-flatbuffer.h"
#include "model/catboost/shs-catboost-document.h"

G_BEGIN_DECLS

/** ShsCatboostBytes: what is left of a run of bytes. */
typedef struct
{
  const guint8 *data;
  gsize n;
} ShsCatboostBytes;

/** Fields of the table of trees, by their place in the schema. */
enum
{
  SHS_CBM_DIMENSION = 0,
  SHS_CBM_SPLITS = 1,
  SHS_CBM_SIZES = 2,
  SHS_CBM_CATEGORIES = 4,
  SHS_CBM_FLOATS = 5,
  SHS_CBM_ONE_HOTS = 6,
  SHS_CBM_CTRS = 7,
  SHS_CBM_LEAF_VALUES = 8,
  SHS_CBM_LEAF_WEIGHTS = 9,
  SHS_CBM_STEPS = 10,
  SHS_CBM_LEAF_OF_NODE = 11,
  SHS_CBM_TEXTS = 12,
  SHS_CBM_ESTIMATED = 13,
  SHS_CBM_SCALE = 14,
  SHS_CBM_BIAS = 15,
  SHS_CBM_BIASES = 16,
  SHS_CBM_EMBEDDINGS = 18,
};

typedef gboolean (*ShsCatboostReadTable) (ShsCatboost *self, ShsFlatbuffer *buffer,
                                          const ShsFlatTable *table, GError **error);

/** shs_catboost_read_list: calls @read for each table of a list. */
gboolean shs_catboost_read_list (ShsCatboost *self, ShsFlatbuffer *buffer,
                                 const ShsFlatTable *table, guint slot, ShsCatboostReadTable read,
                                 GError **error);
/** shs_catboost_copy_floats: @to: memory of shs_alloc(). */
gboolean shs_catboost_copy_floats (ShsFlatbuffer *buffer, const ShsFlatVector *from, float **to,
                                   gsize *n, GError **error);
/** shs_catboost_take_size: reads a size and goes behind it; FALSE when the bytes end. */
gboolean shs_catboost_take_size (ShsCatboostBytes *at, gsize *size);

/** shs_catboost_read_ctr: a counter's feature (shs-catboost-binary-ctr.c). */
gboolean shs_catboost_read_ctr (ShsCatboost *self, ShsFlatbuffer *buffer, const ShsFlatTable *table,
                                GError **error);
/** shs_catboost_read_tables: the counters' tables, which stand behind the model. */
gboolean shs_catboost_read_tables (ShsCatboost *self, const ShsCatboostBytes *rest, GError **error);
/** shs_catboost_read_trees: all trees (shs-catboost-binary-tree.c). */
gboolean shs_catboost_read_trees (ShsCatboost *self, ShsFlatbuffer *buffer,
                                  const ShsFlatTable *trees, GError **error);

G_END_DECLS
