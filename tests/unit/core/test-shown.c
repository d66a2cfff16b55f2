#include "shs-test.h"

#include "core/shs-shown.h"
#include "core/shs-unit.h"

#include <string.h>

Suite *shown_suite (void);

START_TEST (nothing_shown_commands_a_terminal)
{
  static const struct
  {
    const char *text;
    const char *shown;
  } cases[] = {
    { "age", "age" },
    { "Größe 😀", "Größe 😀" },
    { "a\033[2Jb", "a [2Jb" },
    { "two\nlines\r\n", "two lines  " },
    { "\302\2332J", " 2J" },          /* the control of eight bits */
    { "a\342\200\256b", "a b" },      /* right-to-left override */
    { "a\342\201\247b", "a b" },      /* right-to-left isolate */
    { "a\342\200\250b\177", "a b " }, /* line separator, delete */
    { "a\377b", "a\357\277\275b" },   /* no UTF-8 */
    { "", "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *shown = shs_text_shown (cases[i].text);

      ck_assert_str_eq (shown, cases[i].shown);
    }
}
END_TEST

START_TEST (long_names_are_cut_between_letters)
{
  g_autoptr (GString) name = g_string_new (NULL);

  for (int i = 0; i < 45; i++)
    {
      g_autofree char *shown = shs_name_shown (name->str);

      ck_assert (g_utf8_validate (shown, -1, NULL));
      ck_assert_int_eq (g_utf8_strlen (shown, -1), MIN (i, 41) + 2);
      ck_assert (g_str_has_suffix (shown, "\u2026\"") == (i > 40));
      g_string_append (name, "é");
    }
}
END_TEST

START_TEST (units_have_one_word_each)
{
  for (ShsUnit unit = SHS_UNIT_OWN; unit <= SHS_UNIT_PROBABILITY; unit++)
    ck_assert_int_eq (shs_unit_parse (shs_unit_get_word (unit)), unit);
  ck_assert_int_eq (shs_unit_parse (NULL), SHS_UNIT_UNKNOWN);
  ck_assert_int_eq (shs_unit_parse ("dollars"), SHS_UNIT_OWN);
}
END_TEST

Suite *
shown_suite (void)
{
  Suite *suite = suite_create ("shown");
  TCase *cases = tcase_create ("shown");

  tcase_add_test (cases, units_have_one_word_each);
  tcase_add_test (cases, nothing_shown_commands_a_terminal);
  tcase_add_test (cases, long_names_are_cut_between_letters);
  suite_add_tcase (suite, cases);
  return suite;
}
