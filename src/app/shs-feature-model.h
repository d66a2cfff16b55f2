/* The features of an explanation, most important first, as a list model over an index array. */
#pragma once

#include "app/shs-index-list.h"
#include "session/shs-session.h"

G_BEGIN_DECLS

/** ShsFeatureItem: one feature while a list row shows it; emits "changed" when another one stands
 * here. */
#define SHS_TYPE_FEATURE_ITEM (shs_feature_item_get_type ())
G_DECLARE_FINAL_TYPE (ShsFeatureItem, shs_feature_item, SHS, FEATURE_ITEM, GObject)

const char *shs_feature_item_get_name (ShsFeatureItem *self);
/** shs_feature_item_get_value: mean |SHAP value| as text. */
const char *shs_feature_item_get_value (ShsFeatureItem *self);
/** shs_feature_item_get_share: of the most important feature, 0..1. */
double shs_feature_item_get_share (ShsFeatureItem *self);

/** ShsFeatureModel: a list whose one selected item is the session's picked feature. */
#define SHS_TYPE_FEATURE_MODEL (shs_feature_model_get_type ())
G_DECLARE_FINAL_TYPE (ShsFeatureModel, shs_feature_model, SHS, FEATURE_MODEL, ShsIndexList)

ShsFeatureModel *shs_feature_model_new (ShsSession *session);
/** shs_feature_model_filter: keeps names that contain @text in any case. */
void shs_feature_model_filter (ShsFeatureModel *self, const char *text);

G_END_DECLS
