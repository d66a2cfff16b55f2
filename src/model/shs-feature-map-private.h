/* What a feature map is made of. Private to model/. */
#pragma once

#include "model/shs-feature-map.h"

G_BEGIN_DECLS

/** What a feature begins with; shared by features that were copied from it. */
typedef struct
{
  gint references;
  gsize *columns;
  gsize n_columns;
  ShsMapFunc function; /* NULL for the column itself */
  gpointer data;
  GDestroyNotify free_data;
} ShsMapSource;

typedef struct
{
  ShsMapSource *source;
  ShsMapStep *steps;
  gsize n_steps;
  guint32 player;
} ShsMapFeature;

/** A set of several columns that some function takes together. */
typedef struct
{
  gsize *columns;
  gsize n_columns;
} ShsMapGroup;

/** @group_index: from the columns of a group, as text, to its place in @groups
 * @identity: 0, 1, 2, ...: what the players of one column consist of
 * @is_used: by column */
struct _ShsFeatureMap
{
  gint references;
  gsize n_columns;
  GArray *features; /* of ShsMapFeature */
  GArray *groups;   /* of ShsMapGroup */
  GHashTable *group_index;
  gsize *identity;
  gboolean *is_used;
};

/** shs_map_feature_compute: @columns: those that the feature's source asks for, of @n rows each. */
void shs_map_feature_compute (const ShsMapFeature *self, const double *const *columns, gsize n,
                              double *out);

G_END_DECLS
