/* What one model in our own JSON says. Private to model/. */
#pragma once

#include "io/json/shs-document-reader.h"
#include "model/shs-model.h"

G_BEGIN_DECLS

#define SHS_EXPORTED_MAX_FEATURES 1000000
#define SHS_EXPORTED_MAX_OUTPUTS 100000

/**
 * ShsExported: the state of reading one model.
 * @reader: of the present pass
 * @file_size: the measure of what may be allocated
 * @parts: what the first pass finds: names, task, link; later map, ensemble or linear model
 * @n_features: of the map where there is one, otherwise those of @parts
 * @n_outputs: as the file says, or those of its base values
 * @split: the rule of nodes that name none
 * @weights, @bias: of a linear model; @weights by output, then feature
 * @background, @n_background: rows of the columns, one after the other, where the file has any
 * @has_trees, @has_map, @has_linear: whether the file has them
 * @has_vectors: whether leaves have a value for each output
 * @n_trees: as counted in the first pass
 * @trees_per_round: 0 where the trees make no rounds
 * @leaf_size: values per leaf: 1, or @n_outputs
 * @feature_index: by name: index + 1, for splits that name their feature
 */
typedef struct
{
  const char *name;
  ShsProgress *progress;
  ShsDocumentReader *reader;
  gsize file_size;
  ShsModelParts parts;
  gint64 format;
  gsize n_features;
  gsize n_outputs;
  ShsTreeCast cast;
  ShsSplit split;
  double *base;
  gsize n_base;
  double *weights;
  gsize n_weights;
  double *bias;
  gsize n_bias;
  double *background;
  gsize n_background;
  gboolean has_trees;
  gboolean has_map;
  gboolean has_linear;
  gsize n_trees;
  gsize trees_per_round;
  gboolean has_vectors;
  gsize leaf_size;
  GHashTable *feature_index;
  ShsTreeBuilder *builder;
  gsize n_trees_read;
} ShsExported;

void shs_exported_clear (ShsExported *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ShsExported, shs_exported_clear)

/** ShsExportedField: one key of an object and what reads its value. */
typedef struct
{
  const char *key;
  void (*read) (ShsExported *self, gpointer data);
} ShsExportedField;

/** shs_exported_read_object: reads an object; a key that is not among @fields is an error, since a
 * misspelt key in a file written by hand must not be passed over. */
void shs_exported_read_object (ShsExported *self, const ShsExportedField *fields, gsize n_fields,
                               gpointer data);

/** shs_exported_read_word: the index of the string that comes next in the NULL-ended @words. */
guint shs_exported_read_word (ShsExported *self, const char *const *words, const char *what);
/** shs_exported_read_count: an integer from 0 to @most. */
gsize shs_exported_read_count (ShsExported *self, gsize most, const char *what);
/** shs_exported_read_number: a number, or null for NaN. */
double shs_exported_read_number (ShsExported *self);
/** shs_exported_take_error: makes the reader fail with @error (transfer full), if there is one. */
void shs_exported_take_error (ShsExported *self, GError *error);

/** shs_exported_read_header: the first pass (shs-exported-header.c). */
void shs_exported_read_header (ShsExported *self);
/** shs_exported_count_covers: gives the ensemble the covers that the file's background rows count,
 * where it has none of its own (shs-exported-background.c). */
gboolean shs_exported_count_covers (ShsExported *self, GError **error);
/** shs_exported_read_background: the value of "background". */
void shs_exported_read_background (ShsExported *self, gpointer data);
/** shs_exported_read_map: the value of "map" (shs-exported-map.c). */
void shs_exported_read_map (ShsExported *self);
/** shs_exported_read_tree: the next element of "trees" (shs-exported-tree.c). */
void shs_exported_read_tree (ShsExported *self);
/** ShsExportedNodes: a tree as shs_tree_builder_add_tree() takes it, in memory of shs_alloc(). */
typedef struct
{
  ShsTreeNode *nodes;
  gsize n;
  double *vectors;
} ShsExportedNodes;

/** shs_exported_read_root: the value of "root" of a tree: nested nodes (shs-exported-nested.c). */
void shs_exported_read_root (ShsExported *self, ShsExportedNodes *tree);

/** shs_exported_split_words: "<", "<=", ... in the order of #ShsSplit, NULL-ended. */
extern const char *const shs_exported_split_words[];
/** shs_exported_add_set: a category set; FALSE when the reader has failed. */
gboolean shs_exported_add_set (ShsExported *self, const gint32 *categories, gsize n, gint32 *set);

G_END_DECLS
