#include "core/shs-missing.h"

#include <math.h>
#include <string.h>

#define LONGEST 9
#define N_WORDS 32 /* room for words, per number of blanks before them */
#define MAX_BLANKS 7
#define MARK 0x7ff8535000000000u /* a quiet NaN that no library makes */
#define MARK_BITS 0xffffffff00000000u

static const char *const words[]
    = { "",    "NA",   "N/A",   "NaN",      "nan",    "null",    "NULL",    "None",    "?",
        "-",   "#N/A", "n/a",   "<NA>",     "#NA",    "-nan",    "-NaN",    "NAN",     "Null",
        "NaT", "none", "#NUL!", "#N/A N/A", "1.#IND", "-1.#IND", "1.#QNAN", "-1.#QNAN" };

G_STATIC_ASSERT (G_N_ELEMENTS (words) <= N_WORDS);
G_STATIC_ASSERT (SHS_MISSING_N_SPELLINGS == 1 + N_WORDS * (MAX_BLANKS + 1));

static inline gboolean
is_blank (char c)
{
  return c == ' ' || c == '\t';
}

static inline gboolean
may_begin_word (char c)
{
  return c == 'N' || c == 'n' || c == '?' || c == '-' || c == '#' || c == '<' || c == '1';
}

/* The word's index + 1, or 0. */
static guint
find_word (const char *text, gsize length)
{
  if (length == 0)
    return SHS_MISSING_EMPTY;
  if (length > LONGEST || !may_begin_word (text[0]))
    return 0;
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (words[i][0] == text[0] && strlen (words[i]) == length
        && memcmp (words[i], text, length) == 0)
      return i + 1;
  return 0;
}

guint
shs_missing_find (const char *text, gsize length)
{
  gsize begin = 0, end = length, n_spaces = 0;
  guint found;

  while (begin < end && is_blank (text[begin]))
    n_spaces += text[begin++] == ' ';
  while (begin < end && is_blank (text[end - 1]))
    end--;
  found = find_word (text + begin, end - begin);
  if (found == 0 || n_spaces != begin || begin > MAX_BLANKS || end != length)
    return found;
  return found + N_WORDS * (guint)begin;
}

char *
shs_missing_to_text (guint spelling)
{
  guint n_blanks = (spelling - 1) / N_WORDS;
  guint word = (spelling - 1) % N_WORDS;

  if (spelling == 0 || n_blanks > MAX_BLANKS || word >= G_N_ELEMENTS (words))
    return NULL;
  return g_strdup_printf ("%*s%s", (int)n_blanks, "", words[word]);
}

double
shs_missing_new (guint spelling)
{
  guint64 bits = MARK | spelling;
  double value;

  if (spelling == 0)
    return NAN;
  memcpy (&value, &bits, sizeof value);
  return value;
}

guint
shs_missing_get_spelling (double missing)
{
  guint64 bits;

  memcpy (&bits, &missing, sizeof bits);
  if ((bits & MARK_BITS) != MARK)
    return 0;
  bits &= ~MARK_BITS;
  return bits < SHS_MISSING_N_SPELLINGS ? (guint)bits : 0;
}
