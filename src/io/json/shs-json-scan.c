#include "io/json/shs-json-scan.h"

#include "core/shs-number.h"

#include <math.h>
#include <string.h>

const double shs_json_powers_of_ten[23]
    = { 1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
        1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22 };

double
shs_json_number_to_double_slowly (const guint8 *begin, const guint8 *end)
{
  double value = NAN;

  shs_number_parse ((const char *)begin, (const char *)end, &value);
  return value;
}

float
shs_json_number_to_float_slowly (const guint8 *begin, const guint8 *end)
{
  float value = NAN;

  shs_number_parse_float ((const char *)begin, (const char *)end, &value);
  return value;
}

const guint8 *
shs_json_scan_word (const guint8 *p, const guint8 *end, double *value)
{
  static const struct
  {
    const char *text;
    double value;
  } words[] = { { "NaN", NAN }, { "Infinity", INFINITY }, { "-Infinity", -INFINITY } };

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    {
      gsize length = strlen (words[i].text);

      if ((gsize)(end - p) >= length && memcmp (p, words[i].text, length) == 0)
        {
          *value = words[i].value;
          return p + length;
        }
    }
  return NULL;
}
