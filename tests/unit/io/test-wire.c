#include "shs-test.h"

#include "core/shs-error.h"
#include "io/shs-wire.h"

#include <string.h>

Suite *wire_suite (void);

static ShsWire
start (const guint8 *bytes, gsize n, GBytes **kept)
{
  ShsWire wire;

  *kept = g_bytes_new (bytes, n);
  shs_wire_init (&wire, "file", *kept);
  return wire;
}

/* field 1: 300; field 2: "ab"; field 3: 1.5 as float; field 4: -2.0 as double; field 5: 1, 300. */
static const guint8 message[]
    = { 0x08, 0xac, 0x02, 0x12, 2, 'a', 'b', 0x1d, 0,    0, 0xc0, 0x3f, 0x21,
        0,    0,    0,    0,    0, 0,   0,   0xc0, 0x2a, 3, 1,    0xac, 0x02 };

START_TEST (fields_come_one_after_the_other)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  ShsWire wire = start (message, sizeof message, &bytes);
  ShsWire packed;
  ShsWireField field;
  guint64 number;

  ck_assert (shs_wire_next (&wire, &field, &error) && field.number == 1 && field.value == 300);
  ck_assert (shs_wire_next (&wire, &field, &error) && shs_wire_is (&field, "ab"));
  ck_assert (shs_wire_next (&wire, &field, &error) && shs_wire_get_float (field.value) == 1.5f);
  ck_assert (shs_wire_next (&wire, &field, &error) && shs_wire_get_double (field.value) == -2);
  ck_assert (shs_wire_next (&wire, &field, &error));
  packed = shs_wire_enter (&wire, &field);
  ck_assert (shs_wire_next_packed (&packed, SHS_WIRE_VARINT, &number, &error) && number == 1);
  ck_assert (shs_wire_next_packed (&packed, SHS_WIRE_VARINT, &number, &error) && number == 300);
  ck_assert (!shs_wire_next_packed (&packed, SHS_WIRE_VARINT, &number, &error));
  ck_assert (!shs_wire_next (&wire, &field, &error) && !wire.has_failed);
  shs_test_assert_no_error (error);
}
END_TEST

/* Where a cut falls between two fields there is nothing to notice. */
START_TEST (a_cut_message_ends_between_fields_or_fails)
{
  static const gsize whole[] = { 0, 3, 7, 12, 21, sizeof message };

  for (gsize n = 0; n <= sizeof message; n++)
    {
      g_autoptr (GBytes) bytes = NULL;
      g_autoptr (GError) error = NULL;
      ShsWire wire = start (message, n, &bytes);
      ShsWireField field;
      gboolean is_whole = FALSE;

      for (gsize i = 0; i < G_N_ELEMENTS (whole); i++)
        is_whole |= n == whole[i];
      while (shs_wire_next (&wire, &field, &error))
        ;
      ck_assert_int_eq (wire.has_failed, !is_whole);
      ck_assert_int_eq (error != NULL, !is_whole);
    }
}
END_TEST

static const struct
{
  guint8 bytes[12];
  gsize n;
} faults[] = {
  { { 0x00, 1 }, 2 },                                                        /* number 0 */
  { { 0x0b, 1 }, 2 },                                                        /* a group */
  { { 0x0e, 1 }, 2 },                                                        /* type 6 */
  { { 0x12, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1 }, 11 }, /* a huge length */
  { { 0x08, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1 }, 12 },
};

START_TEST (impossible_fields_are_named_by_their_byte)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  ShsWire wire = start (faults[_i].bytes, faults[_i].n, &bytes);
  ShsWireField field;

  ck_assert (!shs_wire_next (&wire, &field, &error));
  shs_test_assert_error (error, SHS_ERROR_SYNTAX);
  ck_assert_ptr_nonnull (strstr (error->message, "file: byte "));
}
END_TEST

Suite *
wire_suite (void)
{
  Suite *suite = suite_create ("wire");
  TCase *cases = tcase_create ("wire");

  tcase_add_test (cases, fields_come_one_after_the_other);
  tcase_add_test (cases, a_cut_message_ends_between_fields_or_fails);
  tcase_add_loop_test (cases, impossible_fields_are_named_by_their_byte, 0, G_N_ELEMENTS (faults));
  suite_add_tcase (suite, cases);
  return suite;
}
