/* What reading and printing numbers share. */
#pragma once

#include "core/shs-number.h"

G_BEGIN_DECLS

#define SHS_NUMBER_MIN_POWER -342
#define SHS_NUMBER_MAX_POWER 324

/* Above this the table's powers of five are no longer exact; below 0 they never are. */
#define SHS_NUMBER_MAX_EXACT_POWER 55
/* From here up to -1 they are rounded up, all other inexact ones down. */
#define SHS_NUMBER_MIN_ROUNDED_UP_POWER -27

extern const guint64 shs_number_powers[SHS_NUMBER_MAX_POWER - SHS_NUMBER_MIN_POWER + 1][2];

/** ShsNumberLayout: how a binary floating-point type is laid out. */
typedef struct
{
  int n_mantissa_bits; /* without the hidden one */
  int exponent_bias;
  int max_exponent; /* the biased one that stands for infinity */
} ShsNumberLayout;

static const ShsNumberLayout shs_number_double = { 52, 1023, 0x7ff };
static const ShsNumberLayout shs_number_float = { 23, 127, 0xff };

/* A decimal number as it is written: mantissa x 10^exponent, as far as 19 digits carry it. */
typedef struct
{
  guint64 mantissa;
  gint64 exponent;
  gboolean is_negative;
  gboolean is_cut; /* digits beyond the 19th were dropped, not all of them zero */
} ShsNumberDecimal;

static inline gboolean
shs_number_is_digit (char c)
{
  return (guchar)(c - '0') < 10;
}

/** shs_number_scan_exponent: reads "e-12" at @at and adds it; @at itself when there is none. */
const char *shs_number_scan_exponent (const char *at, const char *end, gint64 *exponent);
/** shs_number_convert: the bits of the nearest number, without a sign; FALSE where undecided. */
gboolean shs_number_convert (const ShsNumberDecimal *decimal, const ShsNumberLayout *layout,
                             guint64 *bits);
/** shs_number_convert_slowly: any number text by the C library, sign included. */
double shs_number_convert_slowly (const char *begin, const char *end, char decimal_mark,
                                  gboolean to_float);

G_END_DECLS
