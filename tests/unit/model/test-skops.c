/* Archives as skops writes them, with what is inside changed and the sums put right again. */

#include "shs-test.h"

#include "core/shs-error.h"
#include "io/npy/shs-npy.h"
#include "model/sklearn/shs-skops.h"

#include <math.h>
#include <string.h>

Suite *skops_suite (void);

#define MUTANTS 2000
#define ROWS 6

typedef struct
{
  GPtrArray *names;
  GPtrArray *contents;
  GArray *sums; /* of the contents: guint32 */
  guint changed;
} Archive;

static void
archive_clear (Archive *self)
{
  g_clear_pointer (&self->names, g_ptr_array_unref);
  g_clear_pointer (&self->contents, g_ptr_array_unref);
  g_clear_pointer (&self->sums, g_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Archive, archive_clear)

static guint32
checksum (GBytes *content)
{
  gsize length;
  const guint8 *bytes = g_bytes_get_data (content, &length);
  guint32 sum = 0xffffffff;

  for (gsize i = 0; i < length; i++)
    {
      sum ^= bytes[i];
      for (int bit = 0; bit < 8; bit++)
        sum = sum >> 1 ^ (sum & 1 ? 0xedb88320 : 0);
    }
  return ~sum;
}

static void
archive_add (Archive *self, ShsNpz *archive, const char *name)
{
  GBytes *content = shs_zip_reader_read (shs_npz_get_archive (archive), name, NULL);

  ck_assert_ptr_nonnull (content);
  g_ptr_array_add (self->names, g_strdup (name));
  g_ptr_array_add (self->contents, content);
  g_array_append_val (self->sums, ((guint32){ checksum (content) }));
}

static void
archive_open (Archive *self, const char *file)
{
  g_autofree char *path = shs_test_fixture (file);
  g_autoptr (ShsNpz) archive = shs_npz_open (path, NULL);

  ck_assert_ptr_nonnull (archive);
  self->names = g_ptr_array_new_with_free_func (g_free);
  self->sums = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->contents = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
  for (const char *const *name = shs_npz_get_names (archive); *name != NULL; name++)
    {
      g_autofree char *whole = g_strconcat (*name, ".npy", NULL);

      archive_add (self, archive, whole);
    }
  archive_add (self, archive, "schema.json");
}

static void
append_number (GByteArray *to, guint64 number, guint n_bytes)
{
  for (guint i = 0; i < n_bytes; i++)
    g_byte_array_append (to, &(guint8){ (guint8)(i < 8 ? number >> 8 * i : 0) }, 1);
}

/* A header of a stored file: the local one, or with @offset that of the directory. */
static void
append_header (GByteArray *to, const char *name, gsize length, guint32 sum, gssize offset)
{
  append_number (to, offset < 0 ? 0x04034b50 : 0x02014b50, 4);
  append_number (to, 20, offset < 0 ? 2 : 4);
  append_number (to, 0, 8); /* flags, method, time, date */
  append_number (to, sum, 4);
  append_number (to, length, 4);
  append_number (to, length, 4);
  append_number (to, strlen (name), 2);
  append_number (to, 0, offset < 0 ? 2 : 12);
  if (offset >= 0)
    append_number (to, (guint64)offset, 4);
  g_byte_array_append (to, (const guint8 *)name, (guint)strlen (name));
}

/* The archive with other bytes in the file that is changed. */
static GBytes *
archive_write (const Archive *self, GBytes *changed)
{
  GByteArray *archive = g_byte_array_new ();
  g_autoptr (GByteArray) directory = g_byte_array_new ();
  guint start;

  for (guint i = 0; i < self->names->len; i++)
    {
      const char *name = g_ptr_array_index (self->names, i);
      GBytes *content = i == self->changed ? changed : g_ptr_array_index (self->contents, i);

      guint32 sum
          = i == self->changed ? checksum (changed) : g_array_index (self->sums, guint32, i);

      append_header (directory, name, g_bytes_get_size (content), sum, archive->len);
      append_header (archive, name, g_bytes_get_size (content), sum, -1);
      g_byte_array_append (archive, g_bytes_get_data (content, NULL),
                           (guint)g_bytes_get_size (content));
    }
  start = archive->len;
  g_byte_array_append (archive, directory->data, directory->len);
  append_number (archive, 0x06054b50, 4);
  append_number (archive, 0, 4);
  append_number (archive, self->names->len, 2);
  append_number (archive, self->names->len, 2);
  append_number (archive, directory->len, 4);
  append_number (archive, start, 4);
  append_number (archive, 0, 2);
  return g_byte_array_free_to_bytes (archive);
}

static void
use_model (const ShsModel *model)
{
  const ShsModelParts *parts = shs_model_get_parts (model);

  if (parts->n_features > 64 || parts->n_outputs > 64)
    return;
  g_autoptr (ShsMatrix) rows = shs_matrix_new (ROWS, parts->n_features, NULL);
  g_autoptr (ShsMatrix) margins = shs_matrix_new (ROWS, parts->n_outputs, NULL);

  for (gsize j = 0; j < parts->n_features; j++)
    for (gsize i = 0; i < ROWS; i++)
      shs_matrix_set (rows, i, j, i == 3 ? NAN : i * 1.5 - (double)j);
  ck_assert (shs_model_predict_margin (model, rows, 1, NULL, margins, NULL));
}

static void
read_changed (GBytes *bytes, gpointer data)
{
  g_autoptr (GBytes) whole = archive_write (data, bytes);
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsModel) model = shs_skops_parse ("changed", "changed", whole, NULL, &error);

  ck_assert ((model != NULL) == (error == NULL));
  if (model != NULL)
    use_model (model);
  else
    ck_assert_msg (strchr (error->message, '\n') == NULL, "%s", error->message);
}

static const char *const files[] = { "sklearn/1.9.1/tree.skops", "sklearn/1.9.1/ada.skops",
                                     "sklearn/1.9.1/histogram-named-categories.skops",
                                     "sklearn/1.9.1/pipeline-rare-named-categories.skops",
                                     "sklearn/1.9.1/pipeline-logistic.skops" };

START_TEST (changed_schemas_and_arrays_are_refused_or_can_be_used)
{
  g_auto (Archive) archive = { 0 };

  archive_open (&archive, files[_i]);
  for (archive.changed = 0; archive.changed < archive.names->len; archive.changed++)
    {
      gboolean is_schema = archive.changed + 1 == archive.names->len;
      gsize n = is_schema ? MUTANTS / G_N_ELEMENTS (files)
                          : MUTANTS / G_N_ELEMENTS (files) / archive.names->len;

      shs_test_mutate (g_ptr_array_index (archive.contents, archive.changed), n,
                       400 + archive.changed, read_changed, &archive);
    }
}
END_TEST

/* The archive with one text of its schema in the place of another. */
static ShsModel *
parse_replaced (Archive *archive, const char *from, const char *to, GError **error)
{
  archive->changed = archive->names->len - 1;
  GBytes *schema = g_ptr_array_index (archive->contents, archive->changed);
  g_autofree char *text = g_strndup (g_bytes_get_data (schema, NULL), g_bytes_get_size (schema));
  g_auto (GStrv) parts = g_strsplit (text, from, -1);
  ck_assert_msg (g_strv_length (parts) > 1, "%s is not in the schema", from);
  g_autofree char *joined = g_strjoinv (to, parts);
  g_autoptr (GBytes) changed = g_bytes_new (joined, strlen (joined));
  g_autoptr (GBytes) whole = archive_write (archive, changed);

  return shs_skops_parse ("changed.skops", "changed.skops", whole, NULL, error);
}

static ShsModel *
open_replaced (const char *file, const char *from, const char *to, GError **error)
{
  g_auto (Archive) archive = { 0 };

  archive_open (&archive, file);
  return parse_replaced (&archive, from, to, error);
}

static const struct
{
  const char *file;
  const char *from;
  const char *to;
  int code;
  const char *message;
} faults[] = {
  { "tree", "\"DecisionTreeRegressor\"", "\"Wizard\"", SHS_ERROR_UNSUPPORTED, "Wizard" },
  { "tree", "sklearn.tree._classes", "os.path", SHS_ERROR_UNSUPPORTED, "DecisionTreeRegressor" },
  { "tree", "\"tree_\"", "\"bush_\"", SHS_ERROR_INVALID, "tree_" },
  { "tree", "\"nodes\"", "\"knots\"", SHS_ERROR_INVALID, "nodes" },
  { "tree", ".npy\"", ".nps\"", SHS_ERROR_INVALID, "array" },
  { "tree", "\"n_features_in_\"", "\"n\"", SHS_ERROR_INVALID, "n_features_in_" },
  { "tree", "\"content\": \"5\"", "\"content\": \"-5\"", SHS_ERROR_INVALID, "index" },
  { "tree", "\"content\": \"5\"", "\"content\": \"1\"", SHS_ERROR_INVALID, "feature" },
  { "tree", "\"content\": \"5\"", "\"content\": \"\\\"5\\\"\"", SHS_ERROR_INVALID, "text" },
  { "tree", "\"content\": \"5\"", "\"content\": \"900000\"", SHS_ERROR_INVALID, "900000" },
  { "ada", "\"content\": \"\\\"1.9.1\\\"\"", "\"content\": \"\\\"1.5.2\\\"\"",
    SHS_ERROR_UNSUPPORTED, "before 1.6" },
  { "ada", "\"content\": \"\\\"1.9.1\\\"\"",
    "\"content\": \"\\\"9223372036854775807.9223372036854775807\\\"\"", SHS_ERROR_UNSUPPORTED,
    "before 1.6" },
  { "boosting", "\"DummyRegressor\"", "\"Ridge\"", SHS_ERROR_UNSUPPORTED, "starts from Ridge" },
  { "boosting", "\"learning_rate\"", "\"rate\"", SHS_ERROR_INVALID, "learning_rate" },
  { "bagging", "\"estimators_features_\"", "\"features_\"", SHS_ERROR_INVALID,
    "estimators_features_" },
  { "histogram", "\"_baseline_prediction\"", "\"_base\"", SHS_ERROR_INVALID, "_baseline" },
  { "logistic", "\"coef_\"", "\"weights_\"", SHS_ERROR_INVALID, "coef_" },
  { "logistic", "\"classes_\"", "\"classes\"", SHS_ERROR_INVALID, "classes_" },
  { "pipeline-standard", "\"StandardScaler\"", "\"PCA\"", SHS_ERROR_UNSUPPORTED,
    "PCA before a model" },
  { "pipeline-selected", "\"SelectKBest\"", "\"Nystroem\"", SHS_ERROR_UNSUPPORTED, "shapscope.py" },
  { "pipeline-selected", "\"scores_\"", "\"points_\"", SHS_ERROR_INVALID, "scores_" },
  { "pipeline-standard", "\"statistics_\"", "\"means_\"", SHS_ERROR_INVALID, "statistics_" },
  { "pipeline-named-categories", "\"categories_\"", "\"kinds_\"", SHS_ERROR_INVALID,
    "categories_" },
  { "histogram-named-categories", "\"check_array\"", "\"system\"", SHS_ERROR_UNSUPPORTED,
    "FunctionTransformer" },
  { "tree", "\"__class__\": \"DecisionTreeRegressor\"", "\"__class__\": 5", SHS_ERROR_UNSUPPORTED,
    "" },
  { "tree", "\"__class__\": \"DecisionTreeRegressor\"", "\"__class__\": [[]]",
    SHS_ERROR_UNSUPPORTED, "" },
  { "tree", "\"tree_\": {", "\"tree_\": null, \"x\": {", SHS_ERROR_INVALID, "" },
  { "tree", "\"nodes\": {", "\"nodes\": [1, 2], \"x\": {", SHS_ERROR_INVALID, "" },
  { "logistic", "\"coef_\": {", "\"coef_\": \"text\", \"x\": {", SHS_ERROR_INVALID, "coef_" },
  { "forest-binary", "\"estimators_\": {", "\"estimators_\": {}, \"x\": {", SHS_ERROR_INVALID, "" },
};

START_TEST (a_fault_is_one_clear_line)
{
  g_autofree char *file = g_strdup_printf ("sklearn/1.9.1/%s.skops", faults[_i].file);
  g_autoptr (GError) error = NULL;

  ck_assert_ptr_null (open_replaced (file, faults[_i].from, faults[_i].to, &error));
  shs_test_assert_error (error, faults[_i].code);
  ck_assert_msg (strstr (error->message, faults[_i].message) != NULL, "%s", error->message);
  ck_assert_msg (strstr (error->message, "changed.skops") != NULL, "%s", error->message);
}
END_TEST

static void
insert_first (Archive *self, const char *name, GBytes *content)
{
  g_ptr_array_insert (self->names, 0, g_strdup (name));
  g_ptr_array_insert (self->contents, 0, g_bytes_ref (content));
  g_array_prepend_val (self->sums, ((guint32){ checksum (content) }));
}

/* A small array, however often it is named, could ask for any number of features. */
START_TEST (columns_that_are_chosen_too_often_are_refused)
{
  gsize n = 1000001;
  g_autofree char *path = shs_test_temporary ("zeros.npz");
  g_autofree guint8 *zeros = g_malloc0 (n);
  g_autoptr (ShsNpzWriter) writer = shs_npz_writer_new (path, NULL);
  g_auto (Archive) archive = { 0 };
  g_autoptr (GError) error = NULL;

  ck_assert (shs_npz_writer_begin (writer, "9999999999", "|u1", 1, &n, NULL));
  ck_assert (shs_npz_writer_write (writer, zeros, n, NULL));
  ck_assert (shs_npz_writer_commit (writer, NULL));
  g_autoptr (ShsNpz) npz = shs_npz_open (path, NULL);
  g_autoptr (GBytes) array
      = shs_zip_reader_read (shs_npz_get_archive (npz), "9999999999.npy", NULL);
  archive_open (&archive, "sklearn/1.9.1/pipeline-logistic.skops");
  insert_first (&archive, "9999999999.npy", array);
  ck_assert_ptr_null (parse_replaced (&archive, "\"numbers\": {",
                                      "\"numbers\": { \"file\": \"9999999999.npy\",", &error));
  shs_test_assert_error (error, SHS_ERROR_INVALID);
  ck_assert_msg (strstr (error->message, "too many features") != NULL, "%s", error->message);
}
END_TEST

/* Objects are told apart by where they stand; ids that refer to each other in a ring are not
 * followed. */
START_TEST (ids_in_a_ring_change_nothing)
{
  g_autofree char *path = shs_test_fixture ("sklearn/1.9.1/tree.skops");
  g_autoptr (GBytes) bytes = shs_test_bytes (path);
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsModel) changed
      = open_replaced ("sklearn/1.9.1/tree.skops", "\"__id__\":", "\"__id__\": 7, \"id\":", &error);
  shs_test_assert_no_error (error);
  g_autoptr (ShsModel) model = shs_skops_parse ("model", "model", bytes, NULL, &error);
  shs_test_assert_no_error (error);
  gsize n = shs_model_get_parts (model)->n_features;
  g_autoptr (ShsMatrix) rows = shs_matrix_new (ROWS, n, NULL);
  g_autoptr (ShsMatrix) expected = shs_matrix_new (ROWS, 1, NULL);
  g_autoptr (ShsMatrix) found = shs_matrix_new (ROWS, 1, NULL);

  for (gsize i = 0; i < ROWS * n; i++)
    rows->values[i] = (double)i / 3 - 2;
  ck_assert (shs_model_predict_margin (model, rows, 1, NULL, expected, NULL));
  ck_assert (shs_model_predict_margin (changed, rows, 1, NULL, found, NULL));
  ck_assert_mem_eq (found->values, expected->values, ROWS * sizeof (double));
}
END_TEST

static void
parse_schema (const char *text, int code)
{
  g_auto (Archive) archive = { 0 };
  g_autoptr (GBytes) schema = g_bytes_new (text, strlen (text));
  g_autoptr (GBytes) whole = NULL;
  g_autoptr (GError) error = NULL;

  archive_open (&archive, "sklearn/1.9.1/tree.skops");
  archive.changed = archive.names->len - 1;
  whole = archive_write (&archive, schema);
  ck_assert_ptr_null (shs_skops_parse ("bad.skops", "bad", whole, NULL, &error));
  shs_test_assert_error (error, code);
}

START_TEST (schemas_of_another_kind_are_refused)
{
  g_autoptr (GString) deep = g_string_new (NULL);

  for (int i = 0; i < 100000; i++)
    g_string_append (deep, "{\"content\":");
  parse_schema (deep->str, SHS_ERROR_INVALID);
  parse_schema ("", SHS_ERROR_SYNTAX);
  parse_schema ("[]", SHS_ERROR_UNSUPPORTED);
  parse_schema ("{\"__class__\": \"DecisionTreeRegressor\", \"content\": 3}",
                SHS_ERROR_UNSUPPORTED);
}
END_TEST

/* Where the directory says how large the schema is. */
static gsize
find_sizes (const GByteArray *archive)
{
  for (gsize i = archive->len - 4; i > 0; i--)
    if (memcmp (archive->data + i, "PK\1\2", 4) == 0)
      return i + 20;
  return 0;
}

/* Sizes that are not there, and sizes that differ. */
START_TEST (archives_that_lie_about_their_sizes_are_refused)
{
  static const guint32 lies[][2]
      = { { 0xfffffff0, 0xfffffff0 }, { 10, 0xfffffff0 }, { 0xfffffff0, 10 }, { 0, 0 }, { 1, 1 },
          { 0x7fffffff, 0x7fffffff } };
  g_auto (Archive) archive = { 0 };
  g_autoptr (GByteArray) copy = g_byte_array_new ();
  g_autoptr (GBytes) whole = NULL;
  g_autoptr (GBytes) changed = NULL;
  g_autoptr (GError) error = NULL;

  archive_open (&archive, "sklearn/1.9.1/tree.skops");
  archive.changed = archive.names->len - 1;
  whole = archive_write (&archive, archive.contents->pdata[archive.changed]);
  g_byte_array_append (copy, g_bytes_get_data (whole, NULL), (guint)g_bytes_get_size (whole));
  memcpy (copy->data + find_sizes (copy), lies[_i], sizeof lies[_i]);
  changed = g_bytes_new (copy->data, copy->len);
  ck_assert_ptr_null (shs_skops_parse ("bad.skops", "bad", changed, NULL, &error));
  ck_assert_ptr_nonnull (error);
  ck_assert_ptr_null (strchr (error->message, '\n'));
}
END_TEST

START_TEST (other_archives_are_not_taken_for_models)
{
  g_autofree char *npz = shs_test_fixture ("data/stored.npz");
  g_autofree char *skops = shs_test_fixture ("sklearn/1.9.1/tree.skops");
  g_autoptr (GBytes) data = shs_test_bytes (npz);
  g_autoptr (GBytes) model = shs_test_bytes (skops);

  ck_assert (!shs_skops_is_archive (g_bytes_get_data (data, NULL), g_bytes_get_size (data)));
  ck_assert (shs_skops_is_archive (g_bytes_get_data (model, NULL), g_bytes_get_size (model)));
  for (gsize n = 0; n < 40; n++)
    ck_assert (!shs_skops_is_archive (g_bytes_get_data (model, NULL), n));
}
END_TEST

Suite *
skops_suite (void)
{
  Suite *suite = suite_create ("skops");
  TCase *cases = tcase_create ("skops");

  tcase_set_timeout (cases, 120);
  tcase_add_loop_test (cases, changed_schemas_and_arrays_are_refused_or_can_be_used, 0,
                       G_N_ELEMENTS (files));
  tcase_add_loop_test (cases, a_fault_is_one_clear_line, 0, G_N_ELEMENTS (faults));
  tcase_add_test (cases, columns_that_are_chosen_too_often_are_refused);
  tcase_add_test (cases, ids_in_a_ring_change_nothing);
  tcase_add_test (cases, schemas_of_another_kind_are_refused);
  tcase_add_loop_test (cases, archives_that_lie_about_their_sizes_are_refused, 0, 6);
  tcase_add_test (cases, other_archives_are_not_taken_for_models);
  suite_add_tcase (suite, cases);
  return suite;
}
