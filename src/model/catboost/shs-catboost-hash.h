/* CatBoost's hashes of categories and of combinations. Private to model/. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * shs_catboost_hash_text: what CatBoost knows a category by: the low 32 bits of CityHash64 of its
 * UTF-8 text, in that hash's first version (Pike and Alakuijala, 2011). Cost: 10 ns a short text.
 */
guint32 shs_catboost_hash_text (const char *text, gsize length);

#define SHS_CATBOOST_FACTOR G_GUINT64_CONSTANT (0x4906ba494954cb65)

/** shs_catboost_combine: the hash of a combination, one part longer; it begins with 0. A category
 * counts as a signed number, a split as 0 or 1. */
static inline guint64
shs_catboost_combine (guint64 hash, guint64 part)
{
  return SHS_CATBOOST_FACTOR * (hash + SHS_CATBOOST_FACTOR * part);
}

/** shs_catboost_uncombine: the one category whose hash, alone, is @hash; FALSE when there is
 * none. */
gboolean shs_catboost_uncombine (guint64 hash, gint32 *category);

G_END_DECLS
