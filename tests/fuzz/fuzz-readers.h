/* What reads hostile files: the program's own entries, which choose among all formats. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * FuzzReader:
 * @name: "data", "model" or "explanation"
 * @read: opens the file and uses what it holds; errors and successes are both right
 */
typedef struct
{
  const char *name;
  void (*read) (const char *path);
} FuzzReader;

/** fuzz_reader_find: NULL when there is none of that name. */
const FuzzReader *fuzz_reader_find (const char *name);

G_END_DECLS
