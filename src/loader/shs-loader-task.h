/* What the loader can do: one entry a task. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * ShsLoaderTask:
 * @prepare: initialises libraries, before the wall is up
 * @run: reads @input, writes @answer, behind the wall
 */
typedef struct
{
  const char *name;
  gboolean (*prepare) (GError **error);
  gboolean (*run) (int input, int answer, GError **error);
} ShsLoaderTask;

/** shs_loader_task_find: NULL when there is none of that name. */
const ShsLoaderTask *shs_loader_task_find (const char *name);

G_END_DECLS
