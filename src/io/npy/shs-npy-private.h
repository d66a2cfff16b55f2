/* The parts of NumPy's formats that readers, writers and data sets share. */
#pragma once

#include "io/npy/shs-npy.h"
#include "io/zip/shs-zip-writer.h"

G_BEGIN_DECLS

/*
 * Reads the text of a header (a Python dictionary of three entries) into fields, stride, order and
 * shape. @offset: bytes of the file before @text, for messages; @is_utf8: version 3, else Latin-1.
 */
gboolean shs_npy_parse_header (const char *name, gsize offset, const char *text, gsize length,
                               gboolean is_utf8, ShsNpyArray *array, GError **error);

/* Byte order, kind and size of a type text, with no judgement on the kind. */
gboolean shs_npy_split_type (const char *text, gsize length, ShsNpyField *field);

/* Reads one type text ("<f8") of @length bytes; FALSE with an error that has no place yet. */
gboolean shs_npy_parse_type (const char *text, gsize length, ShsNpyField *field, GError **error);

/* @count items of @field, @byte_stride apart, the first of which begins at @item. */
void shs_npy_convert (const ShsNpyField *field, const guint8 *item, gsize byte_stride, gsize count,
                      double *out);

/* (transfer full): one item as UTF-8. */
char *shs_npy_item_to_text (const ShsNpyField *field, const guint8 *item);

/* Where item @index (C order) begins, in bytes from array->data. */
gsize shs_npy_array_locate (const ShsNpyArray *self, gsize index);

/* Items in one row: the product of all axes but the first. */
gsize shs_npy_array_row_size (const ShsNpyArray *self);

/* (transfer full): the bytes before the items of a C-ordered array, a multiple of 64. */
GString *shs_npy_make_header (const char *descr, guint n_dimensions, const gsize *shape);

/* An archive of arrays in @archive (transfer full); @path is for messages. */
ShsNpzWriter *shs_npz_writer_new_in (const char *path, ShsZipWriter *archive);

/*
 * ShsNpyDatasetBuilder: arrays that become the inputs of one data set.
 */
typedef struct _ShsNpyDatasetBuilder ShsNpyDatasetBuilder;

ShsNpyDatasetBuilder *shs_npy_dataset_builder_new (const char *name);
void shs_npy_dataset_builder_free (ShsNpyDatasetBuilder *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShsNpyDatasetBuilder, shs_npy_dataset_builder_free)

/*
 * Adds the columns of @array (transfer full) to the one table: one axis (structured or not) or two.
 * @prefix: the name of a column without fields; @names: (nullable): one per column
 */
gboolean shs_npy_dataset_builder_add_columns (ShsNpyDatasetBuilder *self, const char *prefix,
                                              char **names, ShsNpyArray *array, GError **error);
/* Adds @array (transfer full) as an input called @name; @shape: (nullable): of one row, instead. */
gboolean shs_npy_dataset_builder_add_input (ShsNpyDatasetBuilder *self, const char *name,
                                            ShsNpyArray *array, GError **error);
/* (transfer full): the data set; the builder is empty afterwards. */
ShsDataset *shs_npy_dataset_builder_finish (ShsNpyDatasetBuilder *self);

G_END_DECLS
