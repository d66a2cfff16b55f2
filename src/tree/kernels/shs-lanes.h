/* Rows in SIMD lanes: the few vector operations that the kernels need, for one instruction set and
 * one precision. Each kernel file is compiled once per pair:
 *
 * SHS_LANES_INSTRUCTIONS: avx512, avx2 or baseline; decides the names of the kernels only
 * SHS_LANES_PRECISION: single or double, likewise; SHS_LANES_DOUBLE is defined for double
 *
 * What the compiler may emit (__AVX512F__, __AVX2__) decides everything else. Bit r of a 64-bit
 * word is row r of a block of 64 rows. */
#pragma once

#include <glib.h>

#ifdef __SSE2__
#include <immintrin.h>

/* With the sanitizers some loops are gone before they are unrolled, which is a warning. */
#ifdef __SANITIZE_ADDRESS__
#define UNROLL
#else
#define UNROLL _Pragma ("GCC unroll 8")
#endif
#endif

#ifdef SHS_LANES_DOUBLE
typedef double ShsReal;
typedef gint64 ShsRealBits;
#else
typedef float ShsReal;
typedef gint32 ShsRealBits;
#endif

#if defined(__AVX512F__)
#define SHS_LANES_BYTES 64
#elif defined(__AVX2__)
#define SHS_LANES_BYTES 32
#else
#define SHS_LANES_BYTES 16
#endif

#define SHS_LANES (SHS_LANES_BYTES / (int)sizeof (ShsReal))
#define SHS_LANES_VECTORS (64 / SHS_LANES)

typedef ShsReal ShsVector __attribute__ ((vector_size (SHS_LANES_BYTES)));
typedef ShsRealBits ShsVectorBits __attribute__ ((vector_size (SHS_LANES_BYTES)));

#define SHS_LANES_INLINE static inline __attribute__ ((always_inline, unused))

/* Kernel names: SHS_LANES_NAME (route) is shs_tree_route_avx512_single. */
#define SHS_LANES_JOIN(name, instructions, precision) shs_tree_##name##_##instructions##_##precision
#define SHS_LANES_EXPAND(name, instructions, precision)                                            \
  SHS_LANES_JOIN (name, instructions, precision)
#define SHS_LANES_NAME(name) SHS_LANES_EXPAND (name, SHS_LANES_INSTRUCTIONS, SHS_LANES_PRECISION)

SHS_LANES_INLINE ShsVector
shs_lanes_set (ShsReal value)
{
  return value - (ShsVector){ 0 };
}

/* factor * other + addend, in one rounding where the instructions have it. */
SHS_LANES_INLINE ShsVector
shs_lanes_fma (ShsVector factor, ShsVector other, ShsVector addend)
{
#if defined(__AVX512F__) && defined(SHS_LANES_DOUBLE)
  return (ShsVector)_mm512_fmadd_pd ((__m512d)factor, (__m512d)other, (__m512d)addend);
#elif defined(__AVX512F__)
  return (ShsVector)_mm512_fmadd_ps ((__m512)factor, (__m512)other, (__m512)addend);
#elif defined(__AVX2__) && defined(SHS_LANES_DOUBLE)
  return (ShsVector)_mm256_fmadd_pd ((__m256d)factor, (__m256d)other, (__m256d)addend);
#elif defined(__AVX2__)
  return (ShsVector)_mm256_fmadd_ps ((__m256)factor, (__m256)other, (__m256)addend);
#else
  return factor * other + addend;
#endif
}

/* One answer per lane, in the form that shs_lanes_select() takes: a mask register; the sign bit of
 * each lane; or all bits of each lane. */
#if defined(__AVX512F__) && defined(SHS_LANES_DOUBLE)
typedef __mmask8 ShsLaneMask;
#elif defined(__AVX512F__)
typedef __mmask16 ShsLaneMask;
#else
typedef ShsVectorBits ShsLaneMask;
#endif

/* The lanes of the @vector-th vector out of a 64-bit word. */
SHS_LANES_INLINE ShsLaneMask
shs_lanes_mask (const guint64 *word, int vector)
{
#if defined(__AVX512F__)
  return ((const ShsLaneMask *)word)[vector];
#elif defined(__AVX2__) && defined(SHS_LANES_DOUBLE)
  const ShsVectorBits shift = { 3, 2, 1, 0 };

  return (ShsVectorBits)_mm256_set1_epi64x ((gint64)(*word << (60 - 4 * vector))) << shift;
#elif defined(__AVX2__)
  /* The byte of 8 rows is the top byte of each lane, too. */
  const ShsVectorBits shift = { 7, 6, 5, 4, 3, 2, 1, 0 };

  return (ShsVectorBits)_mm256_set1_epi8 (((const gint8 *)word)[vector]) << shift;
#else
  ShsRealBits bits = (ShsRealBits)((*word >> (vector * SHS_LANES)) & ((1 << SHS_LANES) - 1));
  ShsVectorBits lane;

  for (int i = 0; i < SHS_LANES; i++)
    lane[i] = 1 << i;
  return ((bits - (ShsVectorBits){ 0 }) & lane) == lane;
#endif
}

SHS_LANES_INLINE ShsVector
shs_lanes_select (ShsLaneMask mask, ShsVector yes, ShsVector no)
{
#if defined(__AVX512F__) && defined(SHS_LANES_DOUBLE)
  return (ShsVector)_mm512_mask_blend_pd (mask, (__m512d)no, (__m512d)yes);
#elif defined(__AVX512F__)
  return (ShsVector)_mm512_mask_blend_ps (mask, (__m512)no, (__m512)yes);
#elif defined(__AVX2__) && defined(SHS_LANES_DOUBLE)
  return (ShsVector)_mm256_blendv_pd ((__m256d)no, (__m256d)yes, (__m256d)mask);
#elif defined(__AVX2__)
  return (ShsVector)_mm256_blendv_ps ((__m256)no, (__m256)yes, (__m256)mask);
#else
  return (ShsVector)((mask & (ShsVectorBits)yes) | (~mask & (ShsVectorBits)no));
#endif
}

/* The word of 64 comparisons of @x with @threshold. */
#if defined(__AVX512F__) && defined(SHS_LANES_DOUBLE)
#define SHS_LANES_COMPARE(x, operator, predicate, y)                                               \
  _mm512_cmp_pd_mask ((__m512d)(x), (__m512d)(y), predicate)
#elif defined(__AVX512F__)
#define SHS_LANES_COMPARE(x, operator, predicate, y)                                               \
  _mm512_cmp_ps_mask ((__m512)(x), (__m512)(y), predicate)
#elif defined(__AVX2__) && defined(SHS_LANES_DOUBLE)
#define SHS_LANES_COMPARE(x, operator, predicate, y)                                               \
  (guint32) _mm256_movemask_pd (_mm256_cmp_pd ((__m256d)(x), (__m256d)(y), predicate))
#elif defined(__AVX2__)
#define SHS_LANES_COMPARE(x, operator, predicate, y)                                               \
  (guint32) _mm256_movemask_ps (_mm256_cmp_ps ((__m256)(x), (__m256)(y), predicate))
#elif defined(__SSE2__) && defined(SHS_LANES_DOUBLE)
#define SHS_LANES_COMPARE(x, operator, predicate, y)                                               \
  (guint32) _mm_movemask_pd ((__m128d)((x) operator(y)))
#elif defined(__SSE2__)
#define SHS_LANES_COMPARE(x, operator, predicate, y)                                               \
  (guint32) _mm_movemask_ps ((__m128)((x) operator(y)))
#else
SHS_LANES_INLINE guint32
shs_lanes_gather_signs (ShsVectorBits answers)
{
  guint32 bits = 0;

  for (int i = 0; i < SHS_LANES; i++)
    bits |= (guint32)(answers[i] != 0) << i;
  return bits;
}
#define SHS_LANES_COMPARE(x, operator, predicate, y) shs_lanes_gather_signs ((x) operator(y))
#endif

/* The word of the comparisons of four or more vectors, joined without leaving the mask registers
 * where there are any. */
#if defined(__AVX512BW__) && !defined(SHS_LANES_DOUBLE)
#define SHS_LANES_COMPARE_WORD(x, operator, predicate, y)                                          \
  _mm512_kunpackd (_mm512_kunpackw (SHS_LANES_COMPARE ((x)[3], operator, predicate, y),            \
                                    SHS_LANES_COMPARE ((x)[2], operator, predicate, y)),           \
                   _mm512_kunpackw (SHS_LANES_COMPARE ((x)[1], operator, predicate, y),            \
                                    SHS_LANES_COMPARE ((x)[0], operator, predicate, y)))
#else
#define SHS_LANES_COMPARE_WORD(x, operator, predicate, y)                                          \
  ({                                                                                               \
    guint64 joined = 0;                                                                            \
    _Pragma ("GCC unroll 32") for (int i = 0; i < SHS_LANES_VECTORS; i++) joined                   \
        |= (guint64)SHS_LANES_COMPARE ((x)[i], operator, predicate, y) << (i * SHS_LANES);         \
    joined;                                                                                        \
  })
#endif

#define SHS_LANES_DEFINE_COMPARISON(name, operator, predicate)                                     \
  SHS_LANES_INLINE guint64 name (const ShsReal *x, ShsReal threshold)                              \
  {                                                                                                \
    const ShsVector *values = (const ShsVector *)x;                                                \
    ShsVector y = shs_lanes_set (threshold);                                                       \
                                                                                                   \
    return SHS_LANES_COMPARE_WORD (values, operator, predicate, y);                                \
  }

SHS_LANES_DEFINE_COMPARISON (shs_lanes_less, <, _CMP_LT_OQ)
SHS_LANES_DEFINE_COMPARISON (shs_lanes_less_equal, <=, _CMP_LE_OQ)
SHS_LANES_DEFINE_COMPARISON (shs_lanes_greater, >, _CMP_GT_OQ)
SHS_LANES_DEFINE_COMPARISON (shs_lanes_greater_equal, >=, _CMP_GE_OQ)
SHS_LANES_DEFINE_COMPARISON (shs_lanes_equal, ==, _CMP_EQ_OQ)

/* Which rows are NaN: what is not equal to itself. */
SHS_LANES_INLINE guint64
shs_lanes_is_nan (const ShsReal *x)
{
  guint64 word = 0;

  _Pragma ("GCC unroll 32") for (int i = 0; i < SHS_LANES_VECTORS; i++)
  {
    ShsVector value = ((const ShsVector *)x)[i];
    word |= (guint64)SHS_LANES_COMPARE (value, ==, _CMP_EQ_OQ, value) << (i * SHS_LANES);
  }
  return ~word;
}

/* As many doubles as fit into a vector. */
typedef double ShsDoubles __attribute__ ((vector_size (SHS_LANES_BYTES)));
#define SHS_LANES_DOUBLES (SHS_LANES_BYTES / (int)sizeof (double))

SHS_LANES_INLINE ShsDoubles
shs_lanes_to_doubles (const ShsReal *from)
{
  typedef ShsReal Reals __attribute__ ((vector_size (SHS_LANES_DOUBLES * sizeof (ShsReal))));

  return __builtin_convertvector(*(const Reals *)from, ShsDoubles);
}

/* Past the caches, which need not fetch first what is overwritten. @to is aligned to a vector. */
SHS_LANES_INLINE void
shs_lanes_stream (double *to, ShsDoubles values)
{
#if defined(__AVX512F__)
  _mm512_stream_pd (to, (__m512d)values);
#elif defined(__AVX2__)
  _mm256_stream_pd (to, (__m256d)values);
#elif defined(__SSE2__)
  _mm_stream_pd (to, (__m128d)values);
#else
  *(ShsDoubles *)to = values;
#endif
}

/* What was streamed is there for other threads. */
SHS_LANES_INLINE void
shs_lanes_end_stream (void)
{
#ifdef __SSE2__
  _mm_sfence ();
#endif
}

/* Bytes, of which a block of 64 rows takes SHS_BYTES_VECTORS vectors. */
typedef guint8 ShsBytes __attribute__ ((vector_size (SHS_LANES_BYTES)));
#define SHS_BYTES_VECTORS (64 / SHS_LANES_BYTES)

SHS_LANES_INLINE ShsBytes
shs_lanes_select_bytes (const guint64 *word, int vector, ShsBytes yes, ShsBytes no)
{
#if defined(__AVX512BW__)
  return (ShsBytes)_mm512_mask_blend_epi8 (*word, (__m512i)no, (__m512i)yes);
#elif defined(__AVX2__)
  const __m256i spread
      = _mm256_setr_epi64x (0, 0x0101010101010101, 0x0202020202020202, 0x0303030303030303);
  const __m256i bit = _mm256_set1_epi64x ((gint64)0x8040201008040201);
  __m256i bits = _mm256_set1_epi32 (((const gint32 *)word)[vector]);

  bits = _mm256_and_si256 (_mm256_shuffle_epi8 (bits, spread), bit);
  return (ShsBytes)_mm256_blendv_epi8 ((__m256i)no, (__m256i)yes, _mm256_cmpeq_epi8 (bits, bit));
#else
  typedef guint64 Words __attribute__ ((vector_size (16)));
  const guint64 spread = 0x0101010101010101;
  const ShsBytes bit = { 1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128 };
  const guint8 *bits = (const guint8 *)word + 2 * vector;
  ShsBytes mask
      = (ShsBytes)((((ShsBytes)(Words){ bits[0] * spread, bits[1] * spread }) & bit) == bit);

  return (mask & yes) | (~mask & no);
#endif
}
