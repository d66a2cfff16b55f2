/* The state of reading one PMML document. Private to model/. */
#pragma once

#include "model/pmml/shs-pmml-expression.h"
#include "model/pmml/shs-pmml-xml.h"
#include "model/shs-model.h"

G_BEGIN_DECLS

/**
 * ShsPmmlField: a name that expressions and predicates may use.
 * @feature: of the map; -1 until it is used
 * @column: the source column that it is; -1 for derived ones
 * @is_float: whether values are compared in single precision
 * @is_text: whether values are codes: of the column's categories, or for a derived field of the
 *   document's texts
 * @n_valid: how many of the column's categories are valid, where no others are; or 0
 * @never_missing: whether missing values are replaced
 * @valid: (element-type double) (nullable): codes of the valid categories, once they were asked for
 * @codes: (element-type guint) (nullable): of the column's categories, + 1, by their texts
 * @expression: (nullable): what it is; @problem: (nullable): why it cannot be followed
 */
typedef struct
{
  gint32 feature;
  gint32 column;
  gboolean is_float;
  gboolean is_text;
  gsize n_valid;
  gboolean never_missing;
  GArray *valid;
  GHashTable *codes;
  ShsPmmlExpression *expression;
  GError *problem;
} ShsPmmlField;

/** ShsPmmlTree: @vectors: n_nodes x n_outputs, or NULL; then the tree adds to @output. */
typedef struct
{
  ShsTreeNode *nodes;
  gsize n_nodes;
  double *vectors;
  gsize output;
  double weight;
} ShsPmmlTree;

/**
 * ShsPmmlScores: a sum of trees, or a linear model, per output.
 * @base: n_outputs; @trees: #ShsPmmlTree
 * @weights: (nullable): of a linear model: n_outputs x as many features as @n_weights says
 */
typedef struct
{
  gsize n_outputs;
  double *base;
  GArray *trees;
  double *weights;
  gsize n_weights;
  ShsLink link;
} ShsPmmlScores;

/**
 * ShsPmml:
 * @columns: #ShsColumn: what the model takes
 * @fields: (element-type ShsPmmlField): by name
 * @displaced: (element-type ShsPmmlDisplaced): what to put back in @fields where a model ends
 * @n_expressions: that were read for the derived field at hand
 * @data_fields: (element-type ShsPmmlElement): DataField by name, borrowed
 * @functions: (element-type ShsPmmlElement): DefineFunction by name, borrowed
 * @texts: (element-type utf8): what expressions have for texts; @text_ids: from them to their
 *   place, + 1
 * @classes: (element-type utf8) (nullable): values of the target
 * @outputs: (element-type ShsPmmlScores): scores by the name of an output field
 * @sets: (element-type GArray): of gint32: members of the set splits
 * @notes: (element-type utf8): what was taken how
 * @gates: (element-type ShsPmmlGate): which rows the model that is being read is for
 * @votes: whether a tree says its class alone, not its shares
 * @n_nodes: of all trees so far; @n_asked: predicates that were asked to make them
 * @target: (nullable): name of the target field
 */
typedef struct
{
  const char *name;
  ShsProgress *progress;
  gsize file_size;
  GArray *columns;
  ShsFeatureMap *map;
  GHashTable *fields;
  GArray *displaced;
  guint n_expressions;
  GHashTable *data_fields;
  GHashTable *functions;
  GPtrArray *texts;
  GHashTable *text_ids;
  GPtrArray *classes;
  GHashTable *outputs;
  GPtrArray *sets;
  GPtrArray *notes;
  GArray *gates;
  gboolean votes;
  gsize n_nodes;
  gsize n_asked;
  char *target;
} ShsPmml;

/** ShsPmmlDisplaced: @before: (nullable): the field that had the name @name. */
typedef struct
{
  char *name;
  ShsPmmlField *before;
} ShsPmmlDisplaced;

/** ShsPmmlGate: rows go on where @predicate is true, or where it is not. */
typedef struct
{
  const ShsPmmlElement *predicate;
  gboolean is_true;
} ShsPmmlGate;

/** shs_pmml_fail: @element: where; @code: %SHS_ERROR_INVALID or %SHS_ERROR_UNSUPPORTED; @format
 * ends with what to do. Returns: FALSE */
gboolean shs_pmml_fail (const ShsPmml *self, const ShsPmmlElement *element, int code,
                        GError **error, const char *format, ...) G_GNUC_PRINTF (5, 6);

/** shs_pmml_note: keeps a line for the model's notes, once. */
void shs_pmml_note (ShsPmml *self, const char *note);

/** shs_pmml_get_number: an attribute that is a number; @fallback where it is absent; NAN is
 * refused.
 */
gboolean shs_pmml_get_number (const ShsPmml *self, const ShsPmmlElement *element, const char *name,
                              double fallback, double *number, GError **error);

/** shs_pmml_read_fields: data dictionary, mining schema, functions, derived fields. */
gboolean shs_pmml_read_fields (ShsPmml *self, const ShsPmmlElement *document,
                               const ShsPmmlElement *model, GError **error);
/** shs_pmml_add_column: adds the column that @mining and @data_field describe, with its feature, as
 * @field (shs-pmml-columns.c). */
gboolean shs_pmml_add_column (ShsPmml *self, const ShsPmmlElement *document,
                              const ShsPmmlElement *data_field, const ShsPmmlElement *mining,
                              ShsPmmlField *field, GError **error);
/** shs_pmml_read_classes: (transfer full) (nullable): the values of a target that has classes. */
GPtrArray *shs_pmml_read_classes (const ShsPmmlElement *data_field);
/** shs_pmml_find_values: adds the texts to @values that the document compares the column @name
 * with, each once (shs-pmml-values.c). */
void shs_pmml_find_values (const ShsPmmlElement *document, const char *name, GPtrArray *values);
/** shs_pmml_read_interval: the ends of an Interval. */
gboolean shs_pmml_read_interval (const ShsPmml *self, const ShsPmmlElement *interval,
                                 ShsPmmlPiece *piece, GError **error);
void shs_pmml_field_free (ShsPmmlField *self);
void shs_pmml_displaced_clear (gpointer displaced);
/** shs_pmml_leave_scope: takes the fields back that were added after @displaced had @n_displaced.
 */
void shs_pmml_leave_scope (ShsPmml *self, guint n_displaced);
/** shs_pmml_add_problem: a field of which @problem (transfer full) is told where it is asked for.
 */
void shs_pmml_add_problem (ShsPmml *self, const char *name, GError *problem);
/** shs_pmml_check_schema: @schema (nullable) of a model inside another: %SHS_ERROR_UNSUPPORTED
 * where it treats a field in a way of its own. */
gboolean shs_pmml_check_schema (const ShsPmml *self, const ShsPmmlElement *schema, GError **error);
/** shs_pmml_read_derived: the derived fields inside @element (nullable). */
gboolean shs_pmml_read_derived (ShsPmml *self, const ShsPmmlElement *element, GError **error);
/** shs_pmml_find_field: (nullable): what the attribute @word of @element names. */
ShsPmmlField *shs_pmml_find_field (const ShsPmml *self, const ShsPmmlElement *element,
                                   const char *word);
/** shs_pmml_use_field: the field that the attribute @word names, with its feature; NULL with
 * %SHS_ERROR_UNSUPPORTED, which says why not. */
ShsPmmlField *shs_pmml_use_field (ShsPmml *self, const ShsPmmlElement *element, const char *word,
                                  GError **error);
/** shs_pmml_add_feature: adds what @expression is; FALSE with an error at @element. */
gboolean shs_pmml_add_feature (ShsPmml *self, const ShsPmmlElement *element,
                               ShsPmmlExpression *expression, GError **error);
/** shs_pmml_field_expression: (transfer full): texts as expressions have them. */
ShsPmmlExpression *shs_pmml_field_expression (ShsPmml *self, const ShsPmmlField *field,
                                              GError **error);
/**
 * shs_pmml_get_code: what @text is as a value of @field; -1 for a text that it never is.
 * Returns: FALSE where the field has numbers and @text (nullable) is none
 */
gboolean shs_pmml_get_code (ShsPmml *self, const ShsPmmlField *field, const char *text,
                            double *code);
/** shs_pmml_get_text_id: of the document's texts. */
double shs_pmml_get_text_id (ShsPmml *self, const char *text);
/** shs_pmml_parse_number: a finite number, or the words true and false. */
gboolean shs_pmml_parse_number (const char *text, double *number);

/** ShsPmmlWants: which type the reader of an expression wants. */
typedef enum
{
  SHS_PMML_ANY_TYPE,
  SHS_PMML_A_NUMBER,
  SHS_PMML_A_TEXT,
} ShsPmmlWants;

/** ShsPmmlScope: @parameters: (element-type ShsPmmlExpression) (nullable): of the function that is
 * being read; @depth: how many functions call each other. */
typedef struct
{
  ShsPmml *model;
  GHashTable *parameters;
  guint depth;
} ShsPmmlScope;

/** shs_pmml_read_expression: (transfer full): NULL with an error that names the element. */
ShsPmmlExpression *shs_pmml_read_expression (const ShsPmmlScope *scope,
                                             const ShsPmmlElement *element, ShsPmmlWants wants,
                                             GError **error);
/** shs_pmml_read_table: (transfer full): NormContinuous, NormDiscrete, Discretize, MapValues
 * (shs-pmml-tables.c); NULL without error where @element is none of them. */
ShsPmmlExpression *shs_pmml_read_table (const ShsPmmlScope *scope, const ShsPmmlElement *element,
                                        ShsPmmlWants wants, GError **error);
/** shs_pmml_read_reference: (transfer full): the field or parameter that the attribute field
 * names. */
ShsPmmlExpression *shs_pmml_read_reference (const ShsPmmlScope *scope,
                                            const ShsPmmlElement *element, ShsPmmlWants wants,
                                            GError **error);
/** shs_pmml_read_value: @text (nullable) as a number or as the number of a text. */
gboolean shs_pmml_read_value (const ShsPmmlScope *scope, const ShsPmmlElement *element,
                              const char *text, gboolean is_text, double *value, GError **error);
/** shs_pmml_map_missing: (transfer full): @value (transfer full), with what @element says of
 * arguments that are missing; @asked (transfer full). */
ShsPmmlExpression *shs_pmml_map_missing (const ShsPmmlScope *scope, const ShsPmmlElement *element,
                                         GPtrArray *asked, ShsPmmlExpression *value,
                                         GError **error);

/** shs_pmml_read_tree: a TreeModel (shs-pmml-tree.c); @n_outputs: classes, or 1. Rows that the
 * gates hold back get 0. */
gboolean shs_pmml_read_tree (ShsPmml *self, const ShsPmmlElement *model, gsize n_outputs,
                             ShsPmmlTree *tree, GError **error);
/** shs_pmml_read_leaf: the score of a node as @n_outputs numbers; FALSE with an error where it has
 * none (shs-pmml-leaf.c). */
gboolean shs_pmml_read_leaf (const ShsPmml *self, const ShsPmmlElement *node, gsize n_outputs,
                             double *values, GError **error);
void shs_pmml_tree_clear (gpointer tree);

/** shs_pmml_refuse: %SHS_ERROR_UNSUPPORTED: "@what cannot be followed exactly", and what to do.
 * Returns: FALSE */
gboolean shs_pmml_refuse (const ShsPmml *self, const ShsPmmlElement *element, const char *what,
                          GError **error);

/** shs_pmml_read_regression: (transfer full): a RegressionModel (shs-pmml-regression.c). */
ShsPmmlScores *shs_pmml_read_regression (ShsPmml *self, const ShsPmmlElement *model,
                                         GError **error);

/** shs_pmml_read_mining_model: (transfer full): a MiningModel (shs-pmml-segments.c). */
ShsPmmlScores *shs_pmml_read_mining_model (ShsPmml *self, const ShsPmmlElement *model,
                                           GError **error);

/** shs_pmml_read_scores: (transfer full): any model element (shs-pmml-scores.c). */
ShsPmmlScores *shs_pmml_read_scores (ShsPmml *self, const ShsPmmlElement *model, GError **error);
ShsPmmlScores *shs_pmml_scores_new (gsize n_outputs);
void shs_pmml_scores_free (ShsPmmlScores *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShsPmmlScores, shs_pmml_scores_free)

G_END_DECLS
