/* A PMML document as elements. Private to model/. */
#pragma once

#include "core/shs-progress.h"

G_BEGIN_DECLS

/** ShsPmmlElement: @names and @values: NULL-ended, of equal length; @children: (element-type
 * ShsPmmlElement); @text: what stands directly inside; @line: where it begins. */
typedef struct _ShsPmmlElement ShsPmmlElement;
struct _ShsPmmlElement
{
  char *name;
  char **names;
  char **values;
  GPtrArray *children;
  GString *text;
  int line;
};

/**
 * shs_pmml_read: the document's first element.
 *
 * Namespaces' prefixes are dropped; Extension, Header and what is inside them are left out. Nested
 * to 2,000 levels at most; a DOCTYPE is refused. Encoding: UTF-8.
 *
 * Returns: (transfer full): NULL with %SHS_ERROR_SYNTAX, which names the line, %SHS_ERROR_MEMORY or
 *   %SHS_ERROR_CANCELLED
 */
ShsPmmlElement *shs_pmml_read (const char *name, GBytes *bytes, ShsProgress *progress,
                               GError **error);
void shs_pmml_element_free (ShsPmmlElement *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ShsPmmlElement, shs_pmml_element_free)

gboolean shs_pmml_is (const ShsPmmlElement *self, const char *name);
/** shs_pmml_get: (nullable): an attribute. */
const char *shs_pmml_get (const ShsPmmlElement *self, const char *name);
/** shs_pmml_find: (nullable): the first child of that name, whose prefix does not count; @self may
 * be NULL. */
const ShsPmmlElement *shs_pmml_find (const ShsPmmlElement *self, const char *name);
/** shs_pmml_child: child @i, or NULL behind the last. */
const ShsPmmlElement *shs_pmml_child (const ShsPmmlElement *self, guint i);
/** shs_pmml_split_array: (transfer container): the words of an Array (nullable): parted by blanks,
 * in double quotes where they hold any; a quote in them has a backslash before it. */
GPtrArray *shs_pmml_split_array (const ShsPmmlElement *self);

G_END_DECLS
