/* What one LightGBM model says, in either spelling. Private to model/. */
#pragma once

#include "io/json/shs-document-reader.h"
#include "model/shs-model.h"

G_BEGIN_DECLS

#define SHS_LIGHTGBM_MAX_FEATURES 1000000
#define SHS_LIGHTGBM_MAX_OUTPUTS 100000

/** SHS_LIGHTGBM_ZERO: LightGBM takes values up to this size as 0. */
#define SHS_LIGHTGBM_ZERO ((double)1e-35f)

/** ShsLightgbmMissing: the missing type of a node, as the text spells it. */
typedef enum
{
  SHS_LIGHTGBM_MISSING_NONE,
  SHS_LIGHTGBM_MISSING_ZERO,
  SHS_LIGHTGBM_MISSING_NAN,
} ShsLightgbmMissing;

/**
 * ShsLightgbm: the state of reading one model.
 * @name: what messages call the file
 * @version: "v4": of the format; the library's own is not in the file
 * @objective: (nullable): as written, with its settings ("binary sigmoid:1")
 * @is_average: outputs are the mean of the trees
 * @n_outputs: trees of one iteration
 * @feature_names: n_features of them
 * @top_category: n_features numbers: -1 for a number; else the feature takes categories, and this
 *   is the largest that the file speaks of
 * @top_number: n_features numbers: the largest that a number was in training, if all of them could
 *   have been codes of an ordered category; else infinite; -1 where the feature never varied
 * @dictionaries: (element-type GStrv) (nullable): of pandas' category columns, in their order
 * @n_trees: as counted before the trees are read
 */
typedef struct
{
  const char *name;
  ShsProgress *progress;
  GBytes *bytes;
  char *version;
  char *objective;
  gboolean is_average;
  gsize n_classes;
  gsize n_outputs;
  gsize n_features;
  char **feature_names;
  gint32 *top_category;
  double *top_number;
  GPtrArray *dictionaries;
  ShsTreeBuilder *builder;
  gsize n_trees;
  gsize n_trees_read;
} ShsLightgbm;

void shs_lightgbm_clear (ShsLightgbm *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ShsLightgbm, shs_lightgbm_clear)

/** shs_lightgbm_read_text: everything of a text file (shs-lightgbm-text.c). */
gboolean shs_lightgbm_read_text (ShsLightgbm *self, GError **error);
/** shs_lightgbm_read_dump: everything of a JSON dump (shs-lightgbm-dump.c). */
gboolean shs_lightgbm_read_dump (ShsLightgbm *self, GError **error);
/** shs_lightgbm_read_dump_tree: an entry of "tree_info" (shs-lightgbm-dump-tree.c). */
gboolean shs_lightgbm_read_dump_tree (ShsLightgbm *self, ShsDocumentReader *reader, GError **error);

/** shs_lightgbm_set_invalid: %SHS_ERROR_INVALID: the file, what is wrong, what to do. */
void shs_lightgbm_set_invalid (const ShsLightgbm *self, GError **error, const char *format, ...)
    G_GNUC_PRINTF (3, 4);

/** shs_lightgbm_start_trees: the header is complete: checks it and makes the builder. */
gboolean shs_lightgbm_start_trees (ShsLightgbm *self, GError **error);

/** shs_lightgbm_note_category: @feature takes categories, and @category is one of them. */
void shs_lightgbm_note_category (ShsLightgbm *self, gint32 feature, gint32 category);
/** shs_lightgbm_note_range: the numbers that @feature had in training. */
void shs_lightgbm_note_range (ShsLightgbm *self, gint32 feature, double least, double most);
/** shs_lightgbm_note_constant: @feature never varied in training. */
void shs_lightgbm_note_constant (ShsLightgbm *self, gint32 feature);

/** shs_lightgbm_set_numeric: the rule of a numeric split; @threshold as the file has it. */
void shs_lightgbm_set_numeric (ShsTreeNode *node, double threshold, ShsLightgbmMissing missing,
                               gboolean default_left);

/** shs_lightgbm_set_categories: the rule of a split by @n categories, which go left. */
gboolean shs_lightgbm_set_categories (ShsLightgbm *self, ShsTreeNode *node,
                                      const gint32 *categories, gsize n, GError **error);

/** shs_lightgbm_add_tree: the next tree; @nodes as shs_tree_builder_add_tree() takes them, @linear
 * (nullable) as shs_tree_builder_add_linear_tree() does. */
gboolean shs_lightgbm_add_tree (ShsLightgbm *self, const ShsTreeNode *nodes, gsize n_nodes,
                                const ShsTreeLinearLeaf *linear, GError **error);

/** shs_lightgbm_read_dictionaries: the value of "pandas_categorical". */
void shs_lightgbm_read_dictionaries (ShsLightgbm *self, ShsDocumentReader *reader);

#define SHS_LIGHTGBM_NO_DICTIONARY -1
#define SHS_LIGHTGBM_DOUBTFUL_DICTIONARY -2

/**
 * shs_lightgbm_deal_dictionaries: for each feature the number of its dictionary, that it has none,
 * or that it may have one of several (shs-lightgbm-dictionaries.c).
 * @certain: n_features numbers: by all ways to deal the dictionaries out
 * @likely: n_features numbers: by the likeliest ways
 *
 * Cost: features times dictionaries.
 */
gboolean shs_lightgbm_deal_dictionaries (const ShsLightgbm *self, gint32 *certain, gint32 *likely,
                                         GError **error);
/** shs_lightgbm_apply_features: names, types and dictionaries (shs-lightgbm-features.c). */
gboolean shs_lightgbm_apply_features (const ShsLightgbm *self, ShsModelParts *parts,
                                      GError **error);
/** shs_lightgbm_apply_objective: task, link, unit (shs-lightgbm-objective.c). */
gboolean shs_lightgbm_apply_objective (const ShsLightgbm *self, ShsModelParts *parts,
                                       GError **error);

/** shs_lightgbm_read_tree_text: the lines of one tree from @at on (shs-lightgbm-tree.c).
 * Returns: where the next block begins; NULL with an error */
const char *shs_lightgbm_read_tree_text (ShsLightgbm *self, const char *at, GError **error);
/** shs_lightgbm_next_line: the line at @at without its ending; @at moves behind it. FALSE at the
 * end. */
gboolean shs_lightgbm_next_line (const ShsLightgbm *self, const char **at, const char **line,
                                 gsize *length);
/** shs_lightgbm_get_line: the number of the line, from 1, that @at stands in. */
gsize shs_lightgbm_get_line (const ShsLightgbm *self, const char *at);
/** shs_lightgbm_value_of: what stands behind "key=" in a line, or NULL. */
const char *shs_lightgbm_value_of (const char *line, gsize length, const char *key);

G_END_DECLS
