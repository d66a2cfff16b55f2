/* A small XGBoost document, written by hand, and its predictions, told by hand. */
#pragma once

#include "model/shs-model.h"

#include <glib.h>

#define TREE_0                                                                                     \
  "{\"base_weights\":[0,0,0],\"categories\":[],\"categories_nodes\":[],\"categories_segments\":[]" \
  ",\"categories_sizes\":[],\"default_left\":[1,0,0],\"id\":0,\"left_children\":[1,-1,-1],"        \
  "\"loss_changes\":[1,0,0],\"parents\":[2147483647,0,0],\"right_children\":[2,-1,-1],"            \
  "\"split_conditions\":[5E-1,1E0,2E0],\"split_indices\":[0,0,0],\"split_type\":[0,0,0],"          \
  "\"sum_hessian\":[4,1,3],\"tree_param\":{\"num_deleted\":\"0\",\"num_feature\":\"2\","           \
  "\"num_nodes\":\"3\",\"size_leaf_vector\":\"0\"}}"

#define TREE_1                                                                                     \
  "{\"base_weights\":[0,0,0],\"categories\":[1,3],\"categories_nodes\":[0],"                       \
  "\"categories_segments\":[0],\"categories_sizes\":[2],\"default_left\":[0,0,0],\"id\":1,"        \
  "\"left_children\":[1,-1,-1],\"loss_changes\":[1,0,0],\"parents\":[2147483647,0,0],"             \
  "\"right_children\":[2,-1,-1],\"split_conditions\":[NaN,4E0,8E0],\"split_indices\":[1,0,0],"     \
  "\"split_type\":[1,0,0],\"sum_hessian\":[4,2,2],\"tree_param\":{\"num_deleted\":\"0\","          \
  "\"num_feature\":\"2\",\"num_nodes\":\"3\",\"size_leaf_vector\":\"0\"}}"

#define PARAM "\"gbtree_model_param\":{\"num_parallel_tree\":\"1\",\"num_trees\":\"2\"}"
#define TREES "\"trees\":[" TREE_0 "," TREE_1 "]"
#define INFO "\"tree_info\":[0,0]"
#define PLAIN "{\"model\":{" PARAM "," INFO "," TREES "},\"name\":\"gbtree\"}"

/** model_text: (transfer full): a document around @booster. */
char *model_text (const char *booster, const char *base_score, const char *objective);

/** replaced: (transfer full): @text with the first @from, which must be there, as @to. */
char *replaced (const char *text, const char *from, const char *to);

/** parse_text: the model of a JSON text. */
ShsModel *parse_text (const char *text, GError **error);

/** margin_of: output 0 of one row of two features. */
double margin_of (const ShsModel *model, double x0, double x1);

/** margin_by_hand: what TREE_0 and TREE_1 say, weighted. */
double margin_by_hand (double x0, double x1, double weight_0, double weight_1);
