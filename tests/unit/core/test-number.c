#include "shs-test.h"

#include "core/shs-number.h"
#include "core/shs-random.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Suite *number_suite (void);

#define N_RANDOM 200000

static double
double_of_bits (guint64 bits)
{
  double value;

  memcpy (&value, &bits, sizeof value);
  return value;
}

static float
float_of_bits (guint32 bits)
{
  float value;

  memcpy (&value, &bits, sizeof value);
  return value;
}

static gboolean
same_double (double a, double b)
{
  return memcmp (&a, &b, sizeof a) == 0;
}

static gboolean
same_float (float a, float b)
{
  return memcmp (&a, &b, sizeof a) == 0;
}

/* The C library, which rounds correctly, is the oracle. The copy has nothing behind it. */
static void
assert_parses_as_the_c_library_does (const char *text)
{
  gsize length = strlen (text);
  g_autofree char *copy = g_memdup2 (text, length);
  double value = -1;
  float single = -1;

  ck_assert_msg (shs_number_parse (copy, copy + length, &value), "refused: %s", text);
  ck_assert_msg (same_double (value, strtod (text, NULL)), "%s read as %.17g", text, value);
  ck_assert_msg (shs_number_parse_float (copy, copy + length, &single), "refused: %s", text);
  ck_assert_msg (same_float (single, strtof (text, NULL)), "%s read as %.9g", text, (double)single);
}

START_TEST (random_bit_patterns_survive_printing_and_parsing)
{
  ShsRandom random = shs_random_init (1, 0);
  char buffer[SHS_NUMBER_LENGTH];

  for (gsize i = 0; i < N_RANDOM; i++)
    {
      guint64 bits = shs_random_next (&random);
      double value = double_of_bits (bits);
      float single = float_of_bits ((guint32)bits);
      double back;
      float single_back;

      if (isfinite (value))
        {
          shs_number_print (buffer, value);
          ck_assert (shs_number_parse (buffer, buffer + strlen (buffer), &back));
          ck_assert_msg (same_double (back, value), "%a printed as %s", value, buffer);
          ck_assert_msg (same_double (strtod (buffer, NULL), value), "%a: %s", value, buffer);
        }
      if (isfinite (single))
        {
          shs_number_print_float (buffer, single);
          ck_assert (shs_number_parse_float (buffer, buffer + strlen (buffer), &single_back));
          ck_assert_msg (same_float (single_back, single), "%a printed as %s", (double)single,
                         buffer);
          ck_assert_msg (same_float (strtof (buffer, NULL), single), "%a: %s", (double)single,
                         buffer);
        }
    }
}
END_TEST

START_TEST (random_decimals_parse_as_the_c_library_does)
{
  ShsRandom random = shs_random_init (2, 0);

  for (gsize i = 0; i < N_RANDOM; i++)
    {
      char text[80];
      int n_digits = 1 + (int)shs_random_below (&random, 25);
      int point = (int)shs_random_below (&random, (guint64)n_digits + 1);
      int n = 0;

      if (shs_random_below (&random, 2) == 0)
        text[n++] = '-';
      for (int j = 0; j < n_digits; j++)
        {
          if (j == point)
            text[n++] = '.';
          text[n++] = (char)('0' + shs_random_below (&random, 10));
        }
      text[n] = '\0';
      if (shs_random_below (&random, 2) == 0)
        g_snprintf (text + n, 12, "e%d", (int)shs_random_below (&random, 720) - 370);
      assert_parses_as_the_c_library_does (text);
    }
}
END_TEST

/* Halfway between two neighbours, written out in full, then one digit above and below. */
static void
assert_halves_round_to_even (double low, double high, int precision)
{
  char text[1400];
  long double middle = ((long double)low + (long double)high) / 2;
  gsize length;

  g_snprintf (text, sizeof text, "%.*Le", precision, middle);
  assert_parses_as_the_c_library_does (text);
  length = strcspn (text, "e");
  memmove (text + length + 1, text + length, strlen (text + length) + 1);
  text[length] = '1';
  assert_parses_as_the_c_library_does (text);
  g_snprintf (text, sizeof text, "%.*Le", precision, nextafterl (middle, 0));
  assert_parses_as_the_c_library_does (text);
}

START_TEST (halfway_cases_round_to_even)
{
  ShsRandom random = shs_random_init (3, 0);

  for (gsize i = 0; i < 5000; i++)
    {
      guint64 bits = shs_random_next (&random);
      double value = fabs (double_of_bits (bits));
      float single = fabsf (float_of_bits ((guint32)bits));

      if (isfinite (value) && value < 1e300)
        assert_halves_round_to_even (value, nextafter (value, INFINITY), 780);
      if (isfinite (single) && single < 1e38f)
        assert_halves_round_to_even ((double)single, (double)nextafterf (single, INFINITY), 160);
    }
  for (double whole = 0x1p53; whole < 0x1p53 + 200; whole += 2)
    assert_halves_round_to_even (whole, whole + 2, 20);
  for (double small = 1.5; small < 1.5 + 200 * 0x1p-23; small += 0x1p-23)
    assert_halves_round_to_even (small, small + 0x1p-23, 40);
}
END_TEST

START_TEST (extreme_texts_parse_as_the_c_library_does)
{
  static const char *const texts[] = {
    "0",
    "-0",
    "0.0",
    ".5",
    "5.",
    "+7",
    "00012",
    "1e22",
    "1e23",
    "9007199254740993",
    "9007199254740992.5",
    "1e-400",
    "1e400",
    "-1e400",
    "4.9e-324",
    "2.4703282292062327e-324",
    "2.4703282292062328e-324",
    "2.2250738585072011e-308",
    "2.2250738585072014e-308",
    "1.7976931348623157e308",
    "1.7976931348623158e308",
    "1.7976931348623159e308",
    "1.401298464324817e-45",
    "7.006492321624085e-46",
    "7.006492321624086e-46",
    "3.4028235677973366e38",
    "3.4028235e38",
    "3.40282357e38",
    "1.1754943508222875e-38",
    "16777217",
    "1.00000005960464477539062501",
    "123456789012345678901234567890e-10",
    "0.000000000000000000000000000000000000123456789012345678901234567890",
    "1e99999999999999999999",
    "1e-99999999999999999999",
    "0e99999999999",
    "8388609.5",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    assert_parses_as_the_c_library_does (texts[i]);
}
END_TEST

START_TEST (thousands_of_digits_are_read_exactly)
{
  g_autoptr (GString) text = g_string_new ("0.");

  for (int i = 0; i < 5000; i++)
    g_string_append_c (text, '0');
  g_string_append (text, "5e5000");
  assert_parses_as_the_c_library_does (text->str);
  g_string_assign (text, "1.00000000000000011102230246251565404236316680908203125");
  for (int i = 0; i < 5000; i++)
    g_string_append_c (text, '0');
  assert_parses_as_the_c_library_does (text->str);
  g_string_append_c (text, '1');
  assert_parses_as_the_c_library_does (text->str);
}
END_TEST

START_TEST (what_is_no_number_is_refused)
{
  static const char *const texts[]
      = { "",    "-",    "+",     ".",   "e5",    "1 ",   " 1", "1e",   "1e+", "1x", "0x10",
          "1,5", "nanx", "infin", "--1", "1.2.3", "1e5.", "∞",  "\xff", "i",   "n" };
  double value = 7;
  float single = 7;

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      const char *end = texts[i] + strlen (texts[i]);

      ck_assert_msg (!shs_number_parse (texts[i], end, &value), "accepted: '%s'", texts[i]);
      ck_assert_msg (!shs_number_parse_float (texts[i], end, &single), "accepted: '%s'", texts[i]);
    }
  ck_assert_double_eq (value, 7);
}
END_TEST

START_TEST (words_and_prefixes_are_read)
{
  double value;
  const char *text = "2.5e3]";

  ck_assert_ptr_eq (shs_number_parse_prefix (text, text + 6, &value), text + 5);
  ck_assert_double_eq (value, 2500);
  text = "7e]";
  ck_assert_ptr_eq (shs_number_parse_prefix (text, text + 3, &value), text + 1);
  ck_assert_double_eq (value, 7);
  text = "-Infinity";
  ck_assert (shs_number_parse (text, text + 9, &value) && value == -INFINITY);
  text = "NaN";
  ck_assert (shs_number_parse (text, text + 3, &value) && isnan (value));
  text = "3,25;";
  ck_assert_ptr_eq (shs_number_parse_marked (text, text + 5, ',', &value), text + 4);
  ck_assert_double_eq (value, 3.25);
}
END_TEST

START_TEST (digits_are_read_eight_at_a_time_and_stop_at_any_byte)
{
  for (int byte = 0; byte < 256; byte++)
    for (int n = 1; n <= 18; n++)
      {
        char text[32];
        double nines = round (pow (10, n)) - 1;
        double value;

        if (byte == '.' || (byte >= '0' && byte <= '9') || byte == 'e' || byte == 'E')
          continue;
        memset (text, '9', sizeof text);
        text[n] = (char)byte;
        ck_assert_ptr_eq (shs_number_parse_prefix (text, text + sizeof text, &value), text + n);
        ck_assert_double_eq (value, nines);
      }
}
END_TEST

static void
keep_digits (const char *text, char *digits)
{
  int n = 0;

  for (; *text != '\0' && *text != 'e'; text++)
    if (g_ascii_isdigit (*text) && (n > 0 || *text != '0'))
      digits[n++] = *text;
  while (n > 0 && digits[n - 1] == '0')
    n--;
  digits[n] = '\0';
}

static gboolean
have_equal_digits (const char *a, const char *b)
{
  char digits_of_a[40];
  char digits_of_b[40];

  keep_digits (a, digits_of_a);
  keep_digits (b, digits_of_b);
  return strcmp (digits_of_a, digits_of_b) == 0;
}

/* No text with one digit less may read back. */
static void
assert_no_shorter_text (double value)
{
  char text[SHS_NUMBER_LENGTH];
  char shorter[40];
  char digits[40];
  int n_digits;

  shs_number_print (text, value);
  keep_digits (text, digits);
  n_digits = (int)strlen (digits);
  if (n_digits < 2)
    return;
  g_snprintf (shorter, sizeof shorter, "%.*e", n_digits - 2, value);
  ck_assert_msg (strtod (shorter, NULL) != value, "%s is shorter than %s", shorter, text);
  /* Of the texts of its length it is the nearest one. */
  g_snprintf (shorter, sizeof shorter, "%.*e", n_digits - 1, value);
  if (strtod (shorter, NULL) == value)
    ck_assert_msg (have_equal_digits (shorter, text), "%s is nearer than %s", shorter, text);
}

START_TEST (no_shorter_text_reads_back)
{
  ShsRandom random = shs_random_init (4, 0);

  for (gsize i = 0; i < N_RANDOM / 2; i++)
    {
      double value = double_of_bits (shs_random_next (&random));

      if (isfinite (value) && value != 0)
        assert_no_shorter_text (value);
      assert_no_shorter_text ((double)(1 + shs_random_below (&random, 1000000)) / 1000);
    }
}
END_TEST

START_TEST (numbers_are_printed_as_people_write_them)
{
  static const struct
  {
    double value;
    const char *text;
  } cases[] = {
    { 0.1, "0.1" },
    { 0, "0" },
    { -0.0, "-0" },
    { 1, "1" },
    { 100, "100" },
    { 123456, "123456" },
    { 1e15, "1000000000000000" },
    { 1e16, "1e+16" },
    { 1.5e300, "1.5e+300" },
    { 1e-300, "1e-300" },
    { 5e-324, "5e-324" },
    { 0.0001, "0.0001" },
    { 0.00001, "1e-05" },
    { 1.0 / 3, "0.3333333333333333" },
    { 1.7976931348623157e308, "1.7976931348623157e+308" },
    { 2.2250738585072014e-308, "2.2250738585072014e-308" },
    { 9007199254740993.0, "9007199254740992" },
    { -12.5, "-12.5" },
    { 1e23, "1e+23" },
    { 0x1p-1074 * 3, "1.5e-323" },
    { INFINITY, "inf" },
    { -INFINITY, "-inf" },
    { NAN, "nan" },
    { 1e22, "1e+22" },
  };
  char buffer[SHS_NUMBER_LENGTH];

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    ck_assert_str_eq (shs_number_print (buffer, cases[i].value), cases[i].text);
  ck_assert_str_eq (shs_number_print_float (buffer, 0.1f), "0.1");
  ck_assert_str_eq (shs_number_print_float (buffer, 16777216.0f), "16777216");
  ck_assert_str_eq (shs_number_print_float (buffer, 1.0f / 3), "0.33333334");
  ck_assert_str_eq (shs_number_print_float (buffer, 1e-45f), "1e-45");
  ck_assert_str_eq (shs_number_print_float (buffer, 3.4028235e38f), "3.4028235e+38");
}
END_TEST

START_TEST (every_power_of_two_survives)
{
  char buffer[SHS_NUMBER_LENGTH];
  double back;

  for (int exponent = -1074; exponent < 1024; exponent++)
    for (int step = -1; step <= 1; step++)
      {
        double value = ldexp (1, exponent);

        value = step == 0 ? value : nextafter (value, step * INFINITY);
        shs_number_print (buffer, value);
        ck_assert (shs_number_parse (buffer, buffer + strlen (buffer), &back));
        ck_assert_msg (same_double (back, value), "%a printed as %s", value, buffer);
      }
}
END_TEST

START_TEST (a_locale_with_a_decimal_comma_changes_nothing)
{
  static const char *const names[] = { "de_DE.UTF-8", "de_DE", "fr_FR.UTF-8", "nl_NL.UTF-8" };
  const char *found = NULL;
  char buffer[SHS_NUMBER_LENGTH];
  const char *hard = "1.00000000000000011102230246251565404236316680908203125";
  double value;
  float single;

  for (gsize i = 0; i < G_N_ELEMENTS (names) && found == NULL; i++)
    found = setlocale (LC_ALL, names[i]);
  if (found == NULL)
    {
      g_print ("skipped: no locale with a decimal comma is installed\n");
      return;
    }
  ck_assert (shs_number_parse (hard, hard + strlen (hard), &value));
  ck_assert_double_eq (value, 1.0);
  ck_assert (shs_number_parse_float (hard, hard + strlen (hard), &single));
  ck_assert_str_eq (shs_number_print (buffer, 1.5), "1.5");
  g_autofree char *label = shs_number_format (1234.5, (ShsNumberStyle){ .decimals = 1 });
  ck_assert_str_eq (label, "1234.5");
  setlocale (LC_ALL, "C");
}
END_TEST

START_TEST (labels_follow_their_rules)
{
  static const struct
  {
    double value;
    ShsNumberStyle style;
    const char *text;
  } cases[] = {
    { 1.25, { 2, FALSE, FALSE, FALSE }, "1.25" },
    { -1.25, { 1, FALSE, FALSE, FALSE }, "−1.2" },
    { 0.5, { 2, TRUE, FALSE, FALSE }, "0.5" },
    { 3, { 2, TRUE, FALSE, FALSE }, "3" },
    { 0.5, { 2, FALSE, TRUE, FALSE }, "+0.50" },
    { -0.001, { 2, FALSE, TRUE, FALSE }, "0.00" },
    { 0, { 2, TRUE, TRUE, FALSE }, "0" },
    { 1234, { 0, FALSE, FALSE, TRUE }, "1,234" },
    { 12345, { 0, FALSE, FALSE, TRUE }, "12,345" },
    { 1234567.5, { 1, FALSE, FALSE, TRUE }, "1,234,567.5" },
    { 1.25e12, { 0, FALSE, FALSE, FALSE }, "1.25e+12" },
    { NAN, { 2, FALSE, FALSE, FALSE }, "missing" },
    { -INFINITY, { 2, FALSE, FALSE, FALSE }, "−∞" },
    { INFINITY, { 2, FALSE, TRUE, FALSE }, "+∞" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = shs_number_format (cases[i].value, cases[i].style);

      ck_assert_str_eq (text, cases[i].text);
    }
}
END_TEST

START_TEST (decimals_follow_the_spread)
{
  ck_assert_int_eq (shs_number_decimals (1, 3), 2);
  ck_assert_int_eq (shs_number_decimals (250, 3), 0);
  ck_assert_int_eq (shs_number_decimals (0.012, 2), 3);
  ck_assert_int_eq (shs_number_decimals (1e-30, 3), 12);
  ck_assert_int_eq (shs_number_decimals (0, 3), 0);
  ck_assert_int_eq (shs_number_decimals (NAN, 3), 0);
}
END_TEST

Suite *
number_suite (void)
{
  Suite *suite = suite_create ("number");
  TCase *cases = tcase_create ("number");

  tcase_set_timeout (cases, 60);
  tcase_add_test (cases, random_bit_patterns_survive_printing_and_parsing);
  tcase_add_test (cases, random_decimals_parse_as_the_c_library_does);
  tcase_add_test (cases, halfway_cases_round_to_even);
  tcase_add_test (cases, extreme_texts_parse_as_the_c_library_does);
  tcase_add_test (cases, thousands_of_digits_are_read_exactly);
  tcase_add_test (cases, what_is_no_number_is_refused);
  tcase_add_test (cases, words_and_prefixes_are_read);
  tcase_add_test (cases, digits_are_read_eight_at_a_time_and_stop_at_any_byte);
  tcase_add_test (cases, no_shorter_text_reads_back);
  tcase_add_test (cases, numbers_are_printed_as_people_write_them);
  tcase_add_test (cases, every_power_of_two_survives);
  tcase_add_test (cases, a_locale_with_a_decimal_comma_changes_nothing);
  tcase_add_test (cases, labels_follow_their_rules);
  tcase_add_test (cases, decimals_follow_the_spread);
  suite_add_tcase (suite, cases);
  return suite;
}
