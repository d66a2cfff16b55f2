/* What one CatBoost model says, in either spelling. Private to model/. */
#pragma once

#include "io/json/shs-document-reader.h"
#include "model/shs-model.h"

G_BEGIN_DECLS

#define SHS_CATBOOST_MAX_OUTPUTS 100000
#define SHS_CATBOOST_MAX_COLUMNS 1000000
#define SHS_CATBOOST_MAX_DEPTH 24
#define SHS_CATBOOST_MAX_ELEMENTS 64

/** ShsCatboostNan: what a missing number is at a split. */
typedef enum
{
  SHS_CATBOOST_NAN_AS_IS,    /* not greater than any border */
  SHS_CATBOOST_NAN_AS_FALSE, /* less than every number */
  SHS_CATBOOST_NAN_AS_TRUE,  /* greater than every number */
} ShsCatboostNan;

/** ShsCatboostFloat: a number's feature; @index counts these, @column all columns. */
typedef struct
{
  char *name;
  gint32 index;
  gint32 column;
  ShsCatboostNan nan;
  float *borders;
  gsize n_borders;
} ShsCatboostFloat;

/** ShsCatboostCategory: a category's feature; @index counts these. */
typedef struct
{
  char *name;
  gint32 index;
  gint32 column;
} ShsCatboostCategory;

/** ShsCatboostOneHot: hashes of the categories of feature @index that splits ask for by name. */
typedef struct
{
  gint32 index;
  gint32 *values;
  gsize n_values;
} ShsCatboostOneHot;

/** ShsCatboostCtrType: what a counter counts, in the order of the file format. */
typedef enum
{
  SHS_CATBOOST_BORDERS,
  SHS_CATBOOST_BUCKETS,
  SHS_CATBOOST_BINARIZED_MEAN,
  SHS_CATBOOST_FLOAT_MEAN,
  SHS_CATBOOST_COUNTER,
  SHS_CATBOOST_FEATURE_FREQUENCY,
  SHS_CATBOOST_N_CTR_TYPES,
} ShsCatboostCtrType;

/** ShsCatboostElementKind: in the order that a combination is hashed in. */
typedef enum
{
  SHS_CATBOOST_CATEGORY, /* the category itself */
  SHS_CATBOOST_FLOAT,    /* whether a number is greater than @border */
  SHS_CATBOOST_ONE_HOT,  /* whether the category is @value */
} ShsCatboostElementKind;

/** ShsCatboostElement: a part of what a counter groups the rows by; @feature: index among the
 * category features, or among the float features. */
typedef struct
{
  ShsCatboostElementKind kind;
  gint32 feature;
  gint32 value;
  float border;
} ShsCatboostElement;

/**
 * ShsCatboostTable: what a counter saw in training: per group of rows its numbers.
 * @hash: per group, as shs_catboost_combine() makes it
 * @counts: n_groups x n_counts; a mean counts its rows
 * @sums: (nullable): n_groups sums of the target, for means
 * @slots: n_slots (a power of two) groups + 1 by hash, with linear steps; 0 is a free slot
 * @salt: differs from run to run, so that no file can make its hashes meet in few slots
 * @denominator: for types that count rows alone
 */
typedef struct
{
  gint references;
  gsize n_groups;
  gsize n_counts;
  guint64 *hash;
  gint32 *counts;
  float *sums;
  guint32 *slots;
  gsize n_slots;
  guint64 salt;
  gint32 denominator;
} ShsCatboostTable;

/** shs_catboost_table_new: of @n_groups; the caller fills the arrays, then calls
 * shs_catboost_table_index(). */
ShsCatboostTable *shs_catboost_table_new (gsize n_groups, gsize n_counts, gboolean has_sums,
                                          GError **error);
/** shs_catboost_table_index: of groups with the same hash the first counts. */
gboolean shs_catboost_table_index (ShsCatboostTable *self, GError **error);
/** shs_catboost_table_find: the group with this hash, or -1. */
gssize shs_catboost_table_find (const ShsCatboostTable *self, guint64 hash);
void shs_catboost_table_unref (ShsCatboostTable *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShsCatboostTable, shs_catboost_table_unref)

/** ShsCatboostCtr: a counter's feature: a value per group of rows, compared with @borders. @key:
 * names its table; counters with different priors share one. */
typedef struct
{
  char *key;
  ShsCatboostCtrType type;
  ShsCatboostElement *elements;
  gsize n_elements;
  gint32 target_border;
  float prior_numerator;
  float prior_denominator;
  float shift;
  float scale;
  float *borders;
  gsize n_borders;
} ShsCatboostCtr;

/** shs_catboost_ctr_add_element: the reader's list may be in any order; it is kept by kind. FALSE
 * when there are too many. */
gboolean shs_catboost_ctr_add_element (ShsCatboostCtr *self, const ShsCatboostElement *element);

/** ShsCatboostSplit: what the number of a split stands for: a rule of the ensemble. */
typedef struct
{
  gint32 feature;
  guint8 split;
  guint8 missing;
  float threshold;
} ShsCatboostSplit;

/**
 * ShsCatboost: the state of reading one model.
 * @one_hots, @ctrs: in the order of their splits, which follow those of @floats
 * @tables: (element-type utf8 ShsCatboostTable) (nullable): by key
 * @float_places, @category_places: from the index of a feature to its place in the list, + 1
 * @known: (element-type guint32): hashes of all categories that training saw in any column
 * @bias: n_bias numbers; @n_outputs: 0 until the first tree is read
 * @has_trees: whether the file has a list of trees at all
 */
typedef struct
{
  const char *name;
  ShsProgress *progress;
  GBytes *bytes;
  char *version;
  char *loss;
  char *loss_alpha;
  char **class_names;
  ShsCatboostFloat *floats;
  gsize n_floats;
  gsize floats_allocated;
  ShsCatboostCategory *categories;
  gsize n_categories;
  gsize categories_allocated;
  ShsCatboostOneHot *one_hots;
  gsize n_one_hots;
  gsize one_hots_allocated;
  ShsCatboostCtr *ctrs;
  gsize n_ctrs;
  gsize ctrs_allocated;
  GHashTable *tables;
  GHashTable *float_places;
  GHashTable *category_places;
  gint32 *known;
  gsize n_known;
  gsize known_allocated;
  ShsCatboostSplit *splits;
  gsize n_splits;
  gsize n_columns;
  gboolean has_names;
  double scale;
  double *bias;
  gsize n_bias;
  gsize n_outputs;
  ShsTreeBuilder *builder;
  ShsFeatureMap *map;
  gsize n_trees;
  gboolean has_trees;
} ShsCatboost;

void shs_catboost_clear (ShsCatboost *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ShsCatboost, shs_catboost_clear)

/** shs_catboost_read_json: everything of an export (shs-catboost-json.c). */
gboolean shs_catboost_read_json (ShsCatboost *self, GError **error);
/** shs_catboost_read_binary: everything of a .cbm file (shs-catboost-binary.c). */
gboolean shs_catboost_read_binary (ShsCatboost *self, GError **error);

/** shs_catboost_set_invalid: %SHS_ERROR_INVALID: the file, what is wrong, what to do. */
void shs_catboost_set_invalid (const ShsCatboost *self, GError **error, const char *format, ...)
    G_GNUC_PRINTF (3, 4);
/** shs_catboost_set_refused: %SHS_ERROR_UNSUPPORTED: features of a kind that is not read. */
void shs_catboost_set_refused (const ShsCatboost *self, const char *kind, GError **error);

/** shs_catboost_grow: @array with room for one more element, zeroed, behind its first @n; NULL with
 * an error, and @array stays valid. */
gpointer shs_catboost_grow (gpointer array, gsize n, gsize *n_allocated, gsize element_size,
                            GError **error);
/** shs_catboost_add_float, _add_category, _add_one_hot, _add_ctr: a new, empty one at the end of
 * the list; NULL with an error. Valid until the next is added. */
ShsCatboostFloat *shs_catboost_add_float (ShsCatboost *self, GError **error);
ShsCatboostCategory *shs_catboost_add_category (ShsCatboost *self, GError **error);
ShsCatboostCtr *shs_catboost_add_ctr (ShsCatboost *self, GError **error);
ShsCatboostOneHot *shs_catboost_add_one_hot (ShsCatboost *self, GError **error);
/** shs_catboost_add_table: (transfer full) @table. */
void shs_catboost_add_table (ShsCatboost *self, const char *key, ShsCatboostTable *table);
/** shs_catboost_add_known: training saw the category with this hash. */
gboolean shs_catboost_add_known (ShsCatboost *self, gint32 hash, GError **error);

/** shs_catboost_read_info: an entry of the model's information: @value is JSON text or plain text
 * (shs-catboost-info.c). */
gboolean shs_catboost_read_info (ShsCatboost *self, const char *key, GBytes *value, GError **error);
/** shs_catboost_read_params, _read_class_params: the same where the value is part of a document. */
void shs_catboost_read_params (ShsCatboost *self, ShsDocumentReader *reader);
void shs_catboost_read_class_params (ShsCatboost *self, ShsDocumentReader *reader);
void shs_catboost_read_version (ShsCatboost *self, const char *text);

/** shs_catboost_make_splits: all features are known: numbers the splits and makes the map
 * (shs-catboost-splits.c). */
gboolean shs_catboost_make_splits (ShsCatboost *self, GError **error);
/** shs_catboost_get_split: split @number, or NULL with an error. */
const ShsCatboostSplit *shs_catboost_get_split (const ShsCatboost *self, gint64 number,
                                                GError **error);
/** shs_catboost_find_float, _find_category: the feature by its index, or NULL with an error. */
const ShsCatboostFloat *shs_catboost_find_float (const ShsCatboost *self, gint32 index,
                                                 GError **error);
const ShsCatboostCategory *shs_catboost_find_category (const ShsCatboost *self, gint32 index,
                                                       GError **error);

/** shs_catboost_add_ctr_to_map: the feature that @ctr computes (shs-catboost-ctr.c). */
gboolean shs_catboost_add_ctr_to_map (ShsCatboost *self, const ShsCatboostCtr *ctr, GError **error);

/**
 * ShsCatboostOblivious: a tree whose levels each have one split.
 * @splits: n_levels numbers of splits, the lowest bit of a leaf's number first
 * @values: 2^n_levels x n_outputs; @weights: (nullable): 2^n_levels
 */
typedef struct
{
  const gint32 *splits;
  gsize n_levels;
  const double *values;
  const double *weights;
} ShsCatboostOblivious;

/** shs_catboost_start_trees: there are @n_outputs; makes the builder at the first call, and fails
 * when later trees have another number. */
gboolean shs_catboost_start_trees (ShsCatboost *self, gsize n_outputs, GError **error);
/** shs_catboost_add_oblivious: the next tree (shs-catboost-tree.c). */
gboolean shs_catboost_add_oblivious (ShsCatboost *self, const ShsCatboostOblivious *tree,
                                     GError **error);
/** shs_catboost_set_split: the rule of a node. */
void shs_catboost_set_split (ShsTreeNode *node, const ShsCatboostSplit *split);
/** shs_catboost_add_tree: the next tree: nodes whose inner covers are still to be summed, every
 * child behind its parent; @vectors as shs_tree_builder_add_tree() takes them (n_outputs values per
 * node), used for one output too. */
gboolean shs_catboost_add_tree (ShsCatboost *self, ShsTreeNode *nodes, gsize n_nodes,
                                const double *vectors, GError **error);

/** shs_catboost_read_tree_json, _read_oblivious_json: an entry of "trees", of "oblivious_trees"
 * (shs-catboost-json-tree.c). */
gboolean shs_catboost_read_tree_json (ShsCatboost *self, ShsDocumentReader *reader, GError **error);
gboolean shs_catboost_read_oblivious_json (ShsCatboost *self, ShsDocumentReader *reader,
                                           GError **error);
/** shs_catboost_read_ctrs_json, _read_tables_json: "ctrs", "ctr_data" (shs-catboost-json-ctr.c). */
void shs_catboost_read_ctrs_json (ShsCatboost *self, ShsDocumentReader *reader);
void shs_catboost_read_tables_json (ShsCatboost *self, ShsDocumentReader *reader);

/** shs_catboost_apply_objective: task, link, unit, names of outputs (shs-catboost-objective.c). */
gboolean shs_catboost_apply_objective (const ShsCatboost *self, ShsModelParts *parts,
                                       GError **error);
/** shs_catboost_has_names: whether the columns have names that the library did not make itself. */
gboolean shs_catboost_has_names (const ShsCatboost *self);
/** shs_catboost_apply_features: names and types of columns (shs-catboost-features.c). */
gboolean shs_catboost_apply_features (ShsCatboost *self, ShsModelParts *parts, GError **error);

G_END_DECLS
