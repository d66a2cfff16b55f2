/* The schema of a Parquet file: a tree of elements, of which the leaves are columns. */
#pragma once

#include "io/parquet/shs-parquet-private.h"
#include "io/shs-thrift.h"

G_BEGIN_DECLS

/** shs_parquet_read_schema: reads the list of elements at @thrift into self->leaves. */
gboolean shs_parquet_read_schema (ShsParquet *self, ShsThrift *thrift, ShsThriftType type,
                                  GError **error);

G_END_DECLS
