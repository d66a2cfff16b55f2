/* What one treelite checkpoint says. Private to model/. */
#pragma once

#include "core/shs-error.h"
#include "model/shs-model.h"

G_BEGIN_DECLS

/** ShsTreeliteArray: @n numbers of @size bytes each inside the file, little-endian, not aligned. */
typedef struct
{
  const guint8 *data;
  gsize n;
  gsize size;
} ShsTreeliteArray;

/**
 * ShsTreelite: the state of reading.
 * @at, @end: what is not read yet
 * @error: (nullable): the first failure, which sticks
 * @number_size: bytes of thresholds and leaves: 4 or 8
 * @n_targets: targets; each has a number of classes in @n_classes
 * @vector_shape: targets x classes of a leaf's vector
 * @first_output: n_targets + 1: first output of each target
 * @target_of, @class_of: by tree; -1 for all
 * @n_parts: by output: how many trees add to it, for averages
 */
typedef struct
{
  const char *name;
  ShsProgress *progress;
  const guint8 *begin;
  const guint8 *at;
  const guint8 *end;
  GError *error;
  gint32 version[3];
  gsize number_size;
  gsize n_trees;
  gsize n_features;
  guint8 task;
  gboolean is_average;
  gsize n_targets;
  ShsTreeliteArray n_classes;
  gint32 vector_shape[2];
  ShsTreeliteArray target_of;
  ShsTreeliteArray class_of;
  char *postprocessor;
  double sigmoid_alpha;
  ShsTreeliteArray base_scores;
  gsize *first_output;
  gsize n_outputs;
  gsize most_classes;
  gsize *n_parts;
  gboolean has_vectors;
  ShsTreeBuilder *builder;
} ShsTreelite;

/** shs_treelite_fail: the first failure: the file, the byte, what is wrong, what to do. */
void shs_treelite_fail (ShsTreelite *self, ShsError code, const char *format, ...)
    G_GNUC_PRINTF (3, 4);
/** shs_treelite_check: TRUE while nothing has failed; else hands the error over. */
gboolean shs_treelite_check (ShsTreelite *self, GError **error);

gint32 shs_treelite_read_int (ShsTreelite *self);
guint64 shs_treelite_read_long (ShsTreelite *self);
guint8 shs_treelite_read_byte (ShsTreelite *self);
double shs_treelite_read_float (ShsTreelite *self);
/** shs_treelite_read_array: a count of 8 bytes, then as many numbers of @size bytes. */
ShsTreeliteArray shs_treelite_read_array (ShsTreelite *self, gsize size);
/** shs_treelite_read_text: (transfer full): a text; "" after a failure. */
char *shs_treelite_read_text (ShsTreelite *self);
/** shs_treelite_skip_extensions: fields that later minor versions may have added. */
void shs_treelite_skip_extensions (ShsTreelite *self);

/** Numbers of an array; @i must be below its n. */
gint32 shs_treelite_get_int (const ShsTreeliteArray *array, gsize i);
guint64 shs_treelite_get_long (const ShsTreeliteArray *array, gsize i);
/** shs_treelite_get_number: a float or a double, by the array's size. */
double shs_treelite_get_number (const ShsTreeliteArray *array, gsize i);

/** shs_treelite_read_header: everything before the trees (shs-treelite-header.c). */
gboolean shs_treelite_read_header (ShsTreelite *self, GError **error);
/** shs_treelite_read_tree: the next tree (shs-treelite-tree.c). */
gboolean shs_treelite_read_tree (ShsTreelite *self, gsize tree, GError **error);
/** shs_treelite_apply_postprocessor: task, link, unit, note (shs-treelite-header.c). */
void shs_treelite_apply_postprocessor (const ShsTreelite *self, ShsModelParts *parts);

G_END_DECLS
