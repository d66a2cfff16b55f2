/* Missing values that remember how a text file spelled them: "NA", "?", " -", or nothing at all. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** SHS_MISSING_N_SPELLINGS: spellings are numbers below this; 0 is none that is known. */
#define SHS_MISSING_N_SPELLINGS 257
/** SHS_MISSING_EMPTY: the spelling of an empty cell. */
#define SHS_MISSING_EMPTY 1

/**
 * shs_missing_find:
 * @text: a whole cell
 *
 * Returns: the spelling of a text that stands for a missing value, blanks around it apart; 0 for
 *   any other text. Up to seven blanks before it are part of the spelling.
 */
guint shs_missing_find (const char *text, gsize length);

/** shs_missing_to_text: (transfer full): the text of a spelling; NULL where there is none. */
char *shs_missing_to_text (guint spelling);

/**
 * shs_missing_new: a NaN that carries a spelling in bits that arithmetic does not look at, as R
 * does for its NA. To whoever does not ask it is a missing value as any other.
 */
double shs_missing_new (guint spelling);

/** shs_missing_get_spelling: that of a NaN; 0 where it carries none. */
guint shs_missing_get_spelling (double missing);

G_END_DECLS
