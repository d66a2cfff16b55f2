#include "shs-test.h"

#include "core/shs-error.h"
#include "model/shs-model.h"

#include <string.h>

Suite *open_suite (void);

typedef struct
{
  const char *bytes;
  gsize length;
  gboolean is_model; /* whether it should be opened as one, if only to be refused with advice */
  const char *message;
} Foreign;

#define BYTES(text) text, sizeof (text) - 1

static const Foreign foreign[] = {
  { BYTES ("\x80\x04\x95\x10\0\0\0\0\0\0\0\x8c"), TRUE, "save_model(\"model.json\")" },
  { BYTES ("\x80\x05\x95\x10\0\0\0\0\0\0\0\x8c"), TRUE, "python3 shapscope.py FILE" },
  { BYTES ("\x78\x9c\x01\x02\x03"), TRUE, "joblib" },
  { BYTES ("\x04\x22\x4d\x18\x01\x02"), TRUE, "export-script" },
  { BYTES ("bs64AAAA"), TRUE, "base64" },
  { BYTES ("tree\nversion=v4\n"), TRUE, "num_tree_per_iteration" },
  { BYTES ("CBM1\x10\0\0\0"), TRUE, "cut off" },
  { BYTES ("\x08\x08\x12\x07pytorch"), TRUE, "ONNX" },
  { BYTES ("\x89HDF\r\n\x1a\n\0\0"), FALSE, "HDF5" },
  { BYTES ("PK\x03\x04\0\0"), FALSE, "ZIP" },
  { BYTES ("<?xml version=\"1.0\"?><PMML>"), TRUE, "line 1" },
  { BYTES ("a,b,c\n1,2,3\n"), FALSE, "PMML, H2O (MOJO), Spark and Treelite" },
  { BYTES ("{\"values\":[1,2]}"), FALSE, "\"learner\" is missing" },
  { BYTES ("{\"values\":[1,2],\"meta\":{\"Model\":1}}"), FALSE, "\"learner\" is missing" },
  { BYTES ("{\"version\":1,\"values\":[1,2]}"), FALSE, "at version" },
  { BYTES ("{}"), FALSE, "\"learner\" is missing" },
  { BYTES ("[{\"nodeid\":0,\"leaf\":1}]"), FALSE, "dump_model" },
  { BYTES ("{\"version\":[1,7,4],\"learner\":{}}"), TRUE, "gradient_booster" },
  { BYTES ("{\"learner\":{"), TRUE, "" },
  { BYTES (""), FALSE, "empty" },
};

START_TEST (what_cannot_be_opened_is_named_with_advice)
{
  const Foreign *file = &foreign[_i];
  g_autofree char *path = shs_test_temporary ("foreign.bin");
  g_autoptr (GError) error = NULL;

  ck_assert (g_file_set_contents (path, file->bytes, (gssize)file->length, NULL));
  ck_assert (shs_model_sniff (path, (const guint8 *)file->bytes, file->length) == file->is_model);
  ck_assert_ptr_null (shs_model_open (path, NULL, &error));
  ck_assert (error != NULL && error->domain == SHS_ERROR);
  ck_assert_msg (strstr (error->message, file->message) != NULL, "%s", error->message);
  ck_assert_ptr_nonnull (strstr (error->message, "foreign.bin"));
  ck_assert_ptr_null (strchr (error->message, '\n'));
}
END_TEST

START_TEST (a_file_that_is_not_there_is_told)
{
  g_autoptr (GError) error = NULL;

  ck_assert_ptr_null (shs_model_open ("/nowhere/model.json", NULL, &error));
  shs_test_assert_error (error, SHS_ERROR_FILE);
}
END_TEST

START_TEST (models_are_told_from_data_by_their_first_bytes)
{
  static const char *const models[]
      = { "xgboost/1.0.2/binary.model",      "xgboost/1.7.6/binary.model",
          "xgboost/3.4.1/multi.ubj",         "xgboost/1.0.2/multi.json",
          "xgboost/3.4.1/snapshot.snapshot", "lightgbm/2.2.3/binary.txt",
          "lightgbm/4.7.0/multi.json" };

  for (gsize i = 0; i < G_N_ELEMENTS (models); i++)
    {
      g_autofree char *path = shs_test_fixture (models[i]);
      g_autoptr (GBytes) bytes = shs_test_bytes (path);
      gsize length;
      const guint8 *head = g_bytes_get_data (bytes, &length);

      ck_assert_msg (shs_model_sniff (path, head, MIN (length, 4096)), "%s", models[i]);
    }
}
END_TEST

Suite *
open_suite (void)
{
  Suite *suite = suite_create ("open");
  TCase *cases = tcase_create ("open");

  tcase_add_loop_test (cases, what_cannot_be_opened_is_named_with_advice, 0,
                       G_N_ELEMENTS (foreign));
  tcase_add_test (cases, a_file_that_is_not_there_is_told);
  tcase_add_test (cases, models_are_told_from_data_by_their_first_bytes);
  suite_add_tcase (suite, cases);
  return suite;
}
