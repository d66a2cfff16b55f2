/* What one MOJO says. Private to model/. */
#pragma once

#include "core/shs-error.h"
#include "io/zip/shs-zip-reader.h"
#include "model/shs-model.h"

G_BEGIN_DECLS

/** SHS_MOJO_AGAIN: what to do with a damaged file. */
#define SHS_MOJO_AGAIN "; save the model again with model.download_mojo()"

/**
 * ShsMojo: the state of reading one model.
 * @archive: the ZIP archive
 * @info: the texts of the section [info] of model.ini by their names
 * @columns: n_columns of the section [columns], with their domains as categories; the features
 *   stand first, the response last
 * @format: 100 times the version of the format: 140
 * @texts_read: the names of the files that were read as lines
 * @text_bytes: of memory that their lines take
 * @map: (nullable): from the columns of the data to the features, where categories were encoded
 * @data_columns: (nullable): the map's columns
 * @projections: (nullable): a number for each category of the data's columns, one column after the
 *   other, where an encoding is by such numbers
 * @first_levels: (nullable): by column of the data: its first number there
 * @notes: what a person should know
 */
typedef struct
{
  const char *name;
  ShsProgress *progress;
  gsize file_size;
  ShsZipReader *archive;
  GHashTable *info;
  ShsColumn *columns;
  gsize n_columns;
  gsize n_features;
  gsize n_classes;
  guint format;
  GHashTable *texts_read;
  gsize text_bytes;
  ShsFeatureMap *map;
  ShsColumn *data_columns;
  gsize n_data_columns;
  double *projections;
  gsize *first_levels;
  ShsTreeBuilder *builder;
  ShsModelParts parts;
  GStrvBuilder *notes;
} ShsMojo;

void shs_mojo_clear (ShsMojo *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ShsMojo, shs_mojo_clear)

/** shs_mojo_fail: sets the error: the file, what is wrong, what to do. Returns: FALSE */
gboolean shs_mojo_fail (const ShsMojo *self, GError **error, ShsError code, const char *format, ...)
    G_GNUC_PRINTF (4, 5);

/** shs_mojo_read_ini: model.ini: info, columns, counts (shs-mojo-ini.c). */
gboolean shs_mojo_read_ini (ShsMojo *self, GError **error);
/** shs_mojo_get: a text of [info]; NULL where it is not there, or "null". */
const char *shs_mojo_get (const ShsMojo *self, const char *key);
/** shs_mojo_is: whether a text of [info] is @value. */
gboolean shs_mojo_is (const ShsMojo *self, const char *key, const char *value);
/** shs_mojo_get_number: a finite number that must be there. */
gboolean shs_mojo_get_number (const ShsMojo *self, const char *key, double *number, GError **error);
/** shs_mojo_get_count: a whole number from 0 to @most that must be there. */
gboolean shs_mojo_get_count (const ShsMojo *self, const char *key, gsize most, gsize *count,
                             GError **error);
/** shs_mojo_get_numbers: (transfer full): a list "[1.0, 2.0]" of finite numbers that must be there,
 * for shs_free(). */
double *shs_mojo_get_numbers (const ShsMojo *self, const char *key, gsize *n, GError **error);

/** shs_mojo_read_member: (transfer full): a file of the archive. */
GBytes *shs_mojo_read_member (const ShsMojo *self, const char *member, GError **error);
/** shs_mojo_read_optional: the same; NULL without an error where the archive has none. */
GBytes *shs_mojo_read_optional (const ShsMojo *self, const char *member, GError **error);

/** shs_mojo_read_texts: (transfer full): the lines of a file of the archive, of which there must be
 * @n (shs-mojo-texts.c). No file is read twice, and all together keep to the memory budget and,
 * from 256 MiB on, to 100 times the archive's size.
 * @is_escaped: whether \n, \r and \\ stand for line ends and the backslash */
char **shs_mojo_read_texts (ShsMojo *self, const char *member, gsize n, gboolean is_escaped,
                            GError **error);
/** shs_mojo_set_categories: makes @column one of the categories that the lines of a file are. */
gboolean shs_mojo_set_categories (ShsMojo *self, ShsColumn *column, const char *member, gsize n,
                                  gboolean is_escaped, GError **error);

/** shs_mojo_read_encoding: @map and @data_columns, where categories were turned into other columns
 * before training (shs-mojo-encoding.c). */
gboolean shs_mojo_read_encoding (ShsMojo *self, GError **error);

/** shs_mojo_read_forest: trees, outputs and link of "gbm", "drf" and "isolationforest"
 * (shs-mojo-forest.c). */
gboolean shs_mojo_read_forest (ShsMojo *self, GError **error);
/** shs_mojo_read_xgboost: trees or weights of "xgboost" (shs-mojo-xgboost.c). */
gboolean shs_mojo_read_xgboost (ShsMojo *self, GError **error);
/** shs_mojo_read_linear: the linear model of "glm" (shs-mojo-linear.c). */
gboolean shs_mojo_read_linear (ShsMojo *self, GError **error);

/**
 * ShsMojoTree: the nodes of one tree, in the order of the file.
 * @place: "trees/t00_000.bin" of what file, for messages
 */
typedef struct
{
  const char *place;
  ShsTreeNode *nodes;
  gsize n_nodes;
} ShsMojoTree;

void shs_mojo_tree_clear (ShsMojoTree *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ShsMojoTree, shs_mojo_tree_clear)

/**
 * shs_mojo_tree_parse: (shs-mojo-tree.c)
 * @bytes: a compressed tree
 * @weights: (nullable): the records beside it, which have the covers
 *
 * Each byte is read once, whatever the sizes of children say, so nothing is shared and nothing
 * repeats.
 */
gboolean shs_mojo_tree_parse (ShsMojoTree *self, const ShsMojo *mojo, GBytes *bytes,
                              GBytes *weights, GError **error);

/** ShsMojoCategories: the categories that go right at a node: bit i of @bits is category
 * @first + i. */
typedef struct
{
  const guint8 *bits;
  gsize n_bits;
  gsize first;
} ShsMojoCategories;

/** shs_mojo_split_categories: (shs-mojo-split.c) makes @node, whose feature is known, one that asks
 * for categories.
 * @missing_left: where missing values go */
gboolean shs_mojo_split_categories (const ShsMojo *mojo, const ShsMojoCategories *right,
                                    gboolean missing_left, ShsTreeNode *node, GError **error);
/** shs_mojo_split_number: makes @node one that compares with @threshold. */
gboolean shs_mojo_split_number (const ShsMojo *mojo, double threshold, gboolean missing_left,
                                ShsTreeNode *node, GError **error);
/** shs_mojo_split_missing: makes @node one where all that is not missing goes left. */
void shs_mojo_split_missing (const ShsMojo *mojo, ShsTreeNode *node);

G_END_DECLS
