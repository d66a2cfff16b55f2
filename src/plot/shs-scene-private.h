/* What the files of the scene share. */
#pragma once

#include "plot/shs-scene.h"

G_BEGIN_DECLS

struct _ShsScene
{
  gint n_references;
  double width, height;
  char *title;
  char *description;
  gint32 partner;
  GArray *marks;      /* ShsMark */
  GArray *text_boxes; /* ShsRectangle of every text mark */
};

/** shs_scene_take_mark: adds @mark; what it points to belongs to the scene. */
void shs_scene_take_mark (ShsScene *self, const ShsMark *mark);

/** shs_scene_get_background: the colour of the mark behind everything; white without one. */
ShsColor shs_scene_get_background (const ShsScene *self);

G_END_DECLS
