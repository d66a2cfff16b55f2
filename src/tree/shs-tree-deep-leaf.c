#include "tree/shs-tree-deep-leaf.h"

#include "core/shs-memory.h"

#include <string.h>

/* Patterns that are looked through at a time. */
#define PARTNERS 256

gboolean
shs_deep_leaf_init (ShsDeepLeaf *self, const ShsTreePatterns *patterns, const ShsPatternTree *tree,
                    gsize number, const ShsTreePartners *partners, GError **error)
{
  const ShsPatternDeep *place = (const ShsPatternDeep *)patterns->deep.memory + number;
  const guint32 *slots = (const guint32 *)patterns->unit_players.memory + place->first_player;
  guint32 players[SHS_TREE_MAX_PATH_FEATURES];

  *self
      = (ShsDeepLeaf){ .place = place,
                       .terms = (const ShsPatternTerm *)patterns->terms.memory + place->first_term,
                       .tree = tree->tree,
                       .first_word = tree->first_word,
                       .found = { .n_words = shs_deep_count_words (place->n_players) },
                       .n_sums = shs_tree_partners_count_sums (partners, place->n_players) };
  self->columns = shs_alloc (self->n_sums, sizeof *self->columns, error);
  if (self->columns == NULL)
    return FALSE;
  for (gsize i = 0; i < place->n_players; i++)
    players[i] = patterns->players.key_of[slots[i]];
  shs_tree_partners_list_columns (partners, players, place->n_players, self->columns);
  return TRUE;
}

void
shs_deep_leaf_clear (ShsDeepLeaf *self)
{
  shs_tree_distinct_clear (&self->found);
  g_clear_pointer (&self->columns, shs_free);
}

void
shs_deep_leaf_find_patterns (const ShsDeepLeaf *self, const guint64 *words, guint64 *patterns)
{
  gsize n_players = self->place->n_players;
  gsize n_words = self->found.n_words;

  words += self->first_word;
  memset (patterns, 0xff, n_words * SHS_TREE_BLOCK * sizeof *patterns);
  for (gsize i = 0; i < self->place->n_terms; i++)
    {
      const ShsPatternTerm *term = &self->terms[i];
      guint64 cold = term->side == 0 ? ~words[term->word] : words[term->word];
      guint64 *word = patterns + term->player / 64;

      for (gsize row = 0; row < SHS_TREE_BLOCK; row++)
        word[row * n_words] &= ~((cold >> row & 1) << term->player % 64);
    }
  if (n_players % 64 > 0)
    for (gsize row = 0; row < SHS_TREE_BLOCK; row++)
      patterns[row * n_words + n_words - 1] &= ~(~G_GUINT64_CONSTANT (0) << n_players % 64);
}

static gboolean
is_full (const guint64 *c, const guint64 *b, gsize n_players)
{
  gsize n = n_players / 64;

  for (gsize i = 0; i < n; i++)
    if (~(c[i] | b[i]) != 0)
      return FALSE;
  return n_players % 64 == 0 || (~(c[n] | b[n]) << (64 - n_players % 64)) == 0;
}

/* Patterns out of @n of one word each, from number @first on, that fill up @c; few do, so that
 * nothing branches on them. */
static gsize
find_partners (const ShsDeepLeaf *self, guint64 c, gsize first, gsize n, guint8 *partners)
{
  const guint64 *b = (const guint64 *)self->found.patterns.memory + first;
  guint64 missing = ~c & (~G_GUINT64_CONSTANT (0) >> (64 - self->place->n_players));
  gsize found = 0;

  for (gsize i = 0; i < n; i++)
    {
      partners[found] = (guint8)i;
      found += (missing & ~b[i]) == 0;
    }
  return found;
}

/* Likewise of any number of words. */
static gsize
find_wide_partners (const ShsDeepLeaf *self, const guint64 *c, gsize first, gsize n,
                    guint8 *partners)
{
  gsize n_words = self->found.n_words;
  const guint64 *b = (const guint64 *)self->found.patterns.memory + first * n_words;
  gsize found = 0;

  for (gsize i = 0; i < n; i++)
    if (is_full (c, b + i * n_words, self->place->n_players))
      partners[found++] = (guint8)i;
  return found;
}

gboolean
shs_deep_leaf_explain (const ShsDeepLeaf *self, const ShsTreePartners *partners,
                       double n_background, const guint64 *c, double *sums)
{
  gsize n_words = self->found.n_words;
  const guint64 *patterns = self->found.patterns.memory;
  const guint64 *counts = self->found.counts.memory;
  guint8 numbers[PARTNERS];
  gboolean any = FALSE;

  for (gsize first = 0; first < self->found.n; first += PARTNERS)
    {
      gsize n = MIN (PARTNERS, self->found.n - first);

      n = n_words == 1 ? find_partners (self, *c, first, n, numbers)
                       : find_wide_partners (self, c, first, n, numbers);
      if (n > 0 && !any)
        memset (sums, 0, self->n_sums * sizeof *sums);
      any |= n > 0;
      for (gsize i = 0; i < n; i++)
        shs_tree_partners_add (partners, n_words, c, patterns + (first + numbers[i]) * n_words,
                               (double)counts[first + numbers[i]] / n_background, sums);
    }
  return any;
}
