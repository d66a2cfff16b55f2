/* Splits by ranks: where a feature is compared with many thresholds, one search finds how many of
 * them are <= x, and the answers at all splits are comparisons of bytes, 64 rows at a time. */
#include "tree/kernels/shs-tree-rank-kernels.h"

#if defined(__AVX512BW__) && !defined(SHS_LANES_DOUBLE)

/* The thresholds of one level of the search tree, which @at says for each row. */
SHS_LANES_INLINE __m512
choose_thresholds (const __m512 *tree, int level, __m512i at)
{
  __mmask16 bit_5 = _mm512_test_epi32_mask (at, _mm512_set1_epi32 (1 << 5));
  __mmask16 bit_6 = _mm512_test_epi32_mask (at, _mm512_set1_epi32 (1 << 6));
  __m512 found[4];

  if (level < 5)
    return _mm512_permutexvar_ps (at, tree[level / 4]);
  if (level == 5)
    return _mm512_permutex2var_ps (tree[2], at, tree[3]);
  UNROLL for (int i = 0; i < 1 << (level - 5); i++) found[i] = _mm512_permutex2var_ps (
      tree[(1 << (level - 4)) + 2 * i], at, tree[(1 << (level - 4)) + 2 * i + 1]);
  found[0] = _mm512_mask_blend_ps (bit_5, found[0], found[1]);
  if (level == 6)
    return found[0];
  return _mm512_mask_blend_ps (bit_6, found[0], _mm512_mask_blend_ps (bit_5, found[2], found[3]));
}

SHS_LANES_INLINE void
search (const float *thresholds, int n_levels, const float *x, guint8 *ranks)
{
  __m512 tree[SHS_RANKS / 16];

  UNROLL for (int i = 0; i < MAX (1 << n_levels, 16) / 16; i++) tree[i]
      = _mm512_load_ps (thresholds + 16 * i);
  for (int vector = 0; vector < SHS_LANES_VECTORS; vector++)
    {
      __m512 value = _mm512_load_ps (x + 16 * vector);
      __m512i at = _mm512_set1_epi32 (1);

      UNROLL for (int level = 0; level < n_levels; level++)
      {
        __mmask16 right
            = _mm512_cmp_ps_mask (value, choose_thresholds (tree, level, at), _CMP_GE_OQ);

        at = _mm512_add_epi32 (at, at);
        at = _mm512_mask_add_epi32 (at, right, at, _mm512_set1_epi32 (1));
      }
      _mm_store_si128 ((__m128i *)ranks + vector, _mm512_cvtepi32_epi8 (at));
    }
}

static void
search_slot (const ShsRanking *self, gsize number, const float *x, guint8 *ranks)
{
  const float *thresholds = self->thresholds + number * SHS_RANKS;

  switch (self->slots[number].n_levels)
    {
    case 5:
      search (thresholds, 5, x, ranks);
      break;
    case 6:
      search (thresholds, 6, x, ranks);
      break;
    case 7:
      search (thresholds, 7, x, ranks);
      break;
    default:
      search (thresholds, 8, x, ranks);
      break;
    }
}

void
SHS_LANES_NAME (rank) (const ShsRanking *self, gconstpointer x, guint64 *left)
{
  for (gsize i = 0; i < self->n_slots; i++)
    {
      const float *values = (const float *)x + self->slots[i].slot * SHS_TREE_BLOCK;
      const ShsRankedNode *node = self->nodes + self->slots[i].first_node;
      guint64 numbers = ~shs_lanes_is_nan (values);
      guint8 ranks[SHS_TREE_BLOCK] __attribute__ ((aligned (64)));
      __m512i of_rows;

      search_slot (self, i, values, ranks);
      of_rows = _mm512_load_si512 (ranks);
      for (gsize n = self->slots[i].n_nodes; n-- > 0; node++)
        left[node->word] = _mm512_mask_cmple_epu8_mask (numbers | -(guint64)node->nan_goes_left,
                                                        of_rows, _mm512_set1_epi8 (node->most));
    }
}

#endif
