/* What a column of a table is called, and what its values are. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * ShsColumnType:
 * @SHS_COLUMN_NUMBER: numbers; NaN is missing (and may say how it was spelled, see
 *   shs-missing.h)
 * @SHS_COLUMN_CATEGORY: text from a dictionary (names, ids, dates); read as the index into
 *   @categories, NaN where missing
 */
typedef enum
{
  SHS_COLUMN_NUMBER,
  SHS_COLUMN_CATEGORY,
} ShsColumnType;

/**
 * ShsColumn:
 * @name: its name in the file, or a made one ("column 3")
 * @type: what its values are
 * @n_categories: size of the dictionary; 0 for numbers, 2 for truths
 * @categories: the dictionary, in order of first appearance, UTF-8; of truths, which are the
 *   numbers 0 and 1, what a person calls them
 * @has_made_name: whether its file gives it no name
 * @repeats_name: whether its file gives it the name of a column before it
 * @n_spellings: size of @spellings; 0 for most columns
 * @spellings: the texts of numbers where they say more than the numbers do ("007"), for
 *   shs_dataset_read_spellings(); copies of the column are without them
 */
typedef struct
{
  char *name;
  ShsColumnType type;
  gsize n_categories;
  char **categories;
  gboolean has_made_name;
  gboolean repeats_name;
  gsize n_spellings;
  char **spellings;
} ShsColumn;

/** shs_column_clear: frees what @column owns and zeroes it. */
void shs_column_clear (ShsColumn *column);
/** shs_column_copy: makes @copy, whatever it was, a deep copy of @column. */
void shs_column_copy (const ShsColumn *column, ShsColumn *copy);

/** shs_column_set_categories: copies of @n texts become the dictionary of @column. */
void shs_column_set_categories (ShsColumn *column, char *const *texts, gsize n);

/**
 * shs_column_get_text: what a person calls @value, or NULL for a number that is read as it is (also
 * for a missing value, and for the code of a category that the dictionary does not hold).
 */
const char *shs_column_get_text (const ShsColumn *column, double value);

/** shs_column_is_truth: whether its numbers 0 and 1 stand for "no" and "yes". */
gboolean shs_column_is_truth (const ShsColumn *column);

/**
 * shs_column_set_truths:
 * @words: (nullable): @n texts, in any order
 *
 * Makes @column, which has no dictionary, one of truths that are called by @words, or "false" and
 * "true" for NULL. One word alone tells how the other is spelled.
 *
 * Returns: FALSE, with nothing changed, where @words are others than "false" and "true" in any
 *   case, or one of them in two spellings
 */
gboolean shs_column_set_truths (ShsColumn *column, char *const *words, gsize n);

/** shs_truth_find: 1 for "true", 0 for "false", in any case, -1 for all else. */
int shs_truth_find (const char *text);

G_END_DECLS
