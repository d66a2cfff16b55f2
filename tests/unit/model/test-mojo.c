#include "model-oracle.h"
#include "shs-test.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"
#include "io/zip/shs-zip-writer.h"
#include "model/h2o/shs-mojo.h"

#include <math.h>
#include <string.h>

Suite *mojo_suite (void);

#define FOLDER "h2o/3.46.0.7"
#define TOLERANCE 1e-12
#define PREDICTION_TOLERANCE 1e-9
#define SINGLE_TOLERANCE 1e-6 /* XGBoost adds its trees in single precision */
#define MUTANTS 20000

static char *
mojo_file (const char *kind, const char *ending)
{
  g_autofree char *name = g_strconcat (FOLDER, "/", kind, ending, NULL);

  return shs_test_fixture (name);
}

static ShsModel *
open_mojo (const char *kind)
{
  g_autofree char *path = mojo_file (kind, ".zip");
  g_autoptr (GError) error = NULL;
  ShsModel *model = shs_model_open (path, NULL, &error);

  shs_test_assert_no_error (error);
  return model;
}

/* ---- what H2O says ---- */

static void
check_model (const char *folder, const char *kind)
{
  g_autofree char *path = g_strconcat (folder, "/", kind, ".zip", NULL);
  g_autofree char *oracle_path = g_strconcat (folder, "/", kind, ".npz", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsModel) model = shs_model_open (path, NULL, &error);
  g_autoptr (ShsNpz) oracle = shs_npz_open (oracle_path, NULL);

  shs_test_assert_no_error (error);
  model_oracle_check (model, oracle, "margin",
                      g_str_has_prefix (kind, "xgboost") ? SINGLE_TOLERANCE : TOLERANCE, kind);
  /* The oldest format has no weights. */
  if (shs_model_get_parts (model)->ensemble != NULL && !g_str_equal (kind, "old-1.00"))
    ck_assert_msg (shs_model_get_capabilities (model) & SHS_CAPABILITY_COVERS, "%s", kind);
}

START_TEST (every_model_gives_the_margins_and_predictions_of_h2o)
{
  g_autofree char *folder = shs_test_fixture (FOLDER);
  g_autoptr (GDir) entries = g_dir_open (folder, 0, NULL);
  const char *name;
  guint n = 0;

  ck_assert_ptr_nonnull (entries);
  while ((name = g_dir_read_name (entries)) != NULL)
    if (g_str_has_suffix (name, ".npz"))
      {
        g_autofree char *kind = g_strndup (name, strlen (name) - strlen (".npz"));

        check_model (folder, kind);
        n++;
      }
  ck_assert_uint_ge (n, 44);
}
END_TEST

static ShsMatrix *
predict (const ShsModel *model, const ShsMatrix *rows)
{
  const ShsModelParts *parts = shs_model_get_parts (model);
  g_autoptr (ShsMatrix) margins = shs_matrix_new (rows->n_rows, parts->n_outputs, NULL);
  ShsMatrix *predictions
      = shs_matrix_new (rows->n_rows, shs_link_count_outputs (parts->link, parts->n_outputs), NULL);

  ck_assert (shs_model_predict_margin (model, rows, 1, NULL, margins, NULL));
  shs_link_apply (parts->link, parts->link_scale, margins, predictions);
  return predictions;
}

START_TEST (a_category_that_training_never_saw_is_taken_as_h2o_takes_it)
{
  g_autofree char *folder = shs_test_fixture (FOLDER);
  g_autoptr (GDir) entries = g_dir_open (folder, 0, NULL);
  const char *name;
  guint n = 0;

  while ((name = g_dir_read_name (entries)) != NULL)
    if (g_str_has_suffix (name, ".npz"))
      {
        g_autofree char *path = g_build_filename (folder, name, NULL);
        g_autofree char *kind = g_strndup (name, strlen (name) - strlen (".npz"));
        g_autoptr (ShsNpz) oracle = shs_npz_open (path, NULL);

        if (!shs_npz_has (oracle, "x_unseen"))
          continue;
        g_autoptr (ShsModel) model = open_mojo (kind);
        g_autoptr (ShsMatrix) rows = model_oracle_read (oracle, "x_unseen");
        g_autoptr (ShsMatrix) expected = model_oracle_read (oracle, "prediction_unseen");
        g_autoptr (ShsMatrix) found = predict (model, rows);
        double tolerance
            = g_str_has_prefix (kind, "xgboost") ? SINGLE_TOLERANCE : PREDICTION_TOLERANCE;

        for (gsize k = 0; k < expected->n_columns; k++)
          for (gsize i = 0; i < expected->n_rows; i++)
            ck_assert_msg (fabs (shs_matrix_get (found, i, k) - shs_matrix_get (expected, i, k))
                               <= tolerance * MAX (1, fabs (shs_matrix_get (expected, i, k))),
                           "%s, row %zu: %.17g, H2O says %.17g", kind, i,
                           shs_matrix_get (found, i, k), shs_matrix_get (expected, i, k));
        n++;
      }
  ck_assert_uint_ge (n, 32);
}
END_TEST

/* ---- what is known of a model ---- */

START_TEST (columns_have_names_and_domains)
{
  g_autoptr (ShsModel) model = open_mojo ("multi");
  const ShsModelParts *parts = shs_model_get_parts (model);

  ck_assert (parts->has_feature_names);
  ck_assert_uint_eq (parts->n_features, 6);
  ck_assert_str_eq (parts->features[0].name, "island");
  ck_assert_int_eq (parts->features[0].type, SHS_COLUMN_CATEGORY);
  ck_assert_uint_eq (parts->features[0].n_categories, 3);
  ck_assert_str_eq (parts->features[0].categories[1], "Dream");
  ck_assert_str_eq (parts->features[1].name, "bill length (mm)");
  ck_assert_int_eq (parts->features[1].type, SHS_COLUMN_NUMBER);
  ck_assert_str_eq (parts->library, "H2O");
  ck_assert_str_eq (parts->version, "3.46.0.7");
  ck_assert_str_eq (parts->objective, "multinomial");
  ck_assert_str_eq (shs_model_get_output_name (model, 2), "Gentoo");
  ck_assert_uint_eq (parts->n_rounds, 2);
  ck_assert_uint_eq (parts->trees_per_round, 3);
}
END_TEST

/* The columns are those of the data again, whatever an encoding made of them. */
START_TEST (encoded_columns_are_those_of_the_data)
{
  static const char *const kinds[]
      = { "encoded-one-hot-explicit", "encoded-binary", "encoded-eigen", "encoded-label-encoder",
          "encoded-enum-limited" };

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autoptr (ShsModel) model = open_mojo (kinds[i]);
      const ShsModelParts *parts = shs_model_get_parts (model);

      ck_assert_uint_eq (parts->n_features, 4);
      ck_assert_str_eq (parts->features[1].name, "month");
      ck_assert_uint_eq (parts->features[1].n_categories, 12);
      ck_assert_uint_eq (shs_model_get_n_players (model), 4);
    }
}
END_TEST

static const struct
{
  const char *kind;
  const char *says;
} noted[] = {
  { "offset", "offset" },
  { "calibrated", "calibrated probabilities" },
  { "encoded-eigen", "never saw" },
};

START_TEST (what_a_person_should_know_is_noted)
{
  g_autoptr (ShsModel) model = open_mojo (noted[_i].kind);
  char **notes = shs_model_get_parts (model)->notes;

  ck_assert_uint_eq (g_strv_length (notes), 1);
  ck_assert_msg (strstr (notes[0], noted[_i].says) != NULL, "%s", notes[0]);
}
END_TEST

/* ---- archives made here ---- */

static gboolean
append_bytes (gpointer sink, gconstpointer bytes, gsize length, GError **error)
{
  g_byte_array_append (sink, bytes, (guint)length);
  return TRUE;
}

static gboolean
commit_nothing (gpointer sink, GError **error)
{
  return TRUE;
}

static void
free_nothing (gpointer sink)
{
}

/* The files of an archive. */
typedef struct
{
  GPtrArray *names;
  GPtrArray *contents; /* GBytes */
  gboolean deflates;
} Members;

static void
members_clear (Members *self)
{
  g_ptr_array_unref (self->names);
  g_ptr_array_unref (self->contents);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Members, members_clear)

static void
members_init (Members *self, const char *kind)
{
  static const char *const known[] = {
    "model.ini",         "domains/d000.txt",      "domains/d001.txt",     "domains/d002.txt",
    "trees/t00_000.bin", "trees/t00_000_aux.bin", "trees/t00_001.bin",    "trees/t00_001_aux.bin",
    "_orig_names",       "_orig_domain_values_1", "_orig_domain_values_2"
  };
  g_autofree char *path = mojo_file (kind, ".zip");
  g_autoptr (ShsNpz) archive = shs_npz_open (path, NULL);

  self->names = g_ptr_array_new ();
  self->contents = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    {
      GBytes *bytes = shs_zip_reader_read (shs_npz_get_archive (archive), known[i], NULL);

      if (bytes == NULL)
        continue;
      g_ptr_array_add (self->names, (char *)known[i]);
      g_ptr_array_add (self->contents, bytes);
    }
}

/* The archive of @members, with @other in the place of the @place-th. */
static GBytes *
pack (const Members *members, guint place, GBytes *other)
{
  static const ShsZipSink sink = { append_bytes, commit_nothing, free_nothing };
  GByteArray *bytes = g_byte_array_new ();
  g_autoptr (ShsZipWriter) writer = shs_zip_writer_new_on (&sink, bytes, !members->deflates);

  for (guint i = 0; i < members->names->len; i++)
    {
      gsize length;
      gconstpointer data
          = g_bytes_get_data (i == place ? other : members->contents->pdata[i], &length);

      ck_assert (shs_zip_writer_begin (writer, members->names->pdata[i], length, NULL));
      ck_assert (shs_zip_writer_write (writer, data, length, NULL));
      ck_assert (shs_zip_writer_end (writer, NULL));
    }
  ck_assert (shs_zip_writer_commit (writer, NULL));
  return g_byte_array_free_to_bytes (bytes);
}

static guint
find_member (const Members *members, const char *name)
{
  for (guint i = 0; i < members->names->len; i++)
    if (g_str_equal (members->names->pdata[i], name))
      return i;
  ck_abort_msg ("%s", name);
}

static GBytes *
replace (GBytes *bytes, const char *old, const char *new)
{
  g_autofree char *text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_auto (GStrv) parts = g_strsplit (text, old, 2);
  char *joined;

  ck_assert_msg (g_strv_length (parts) == 2, "\"%s\" is not there", old);
  joined = g_strjoinv (new, parts);
  return g_bytes_new_take (joined, strlen (joined));
}

/* A text of model.ini of a model, and what the reader says once it is another. */
static const struct
{
  const char *kind;
  const char *old;
  const char *new;
  int code;
  const char *says;
} faults[] = {
  { "binary", "algo = gbm", "algo = deeplearning", SHS_ERROR_UNSUPPORTED,
    "Gradient Boosting Machine" },
  { "binary", "algo = gbm", "algo = stackedensemble", SHS_ERROR_UNSUPPORTED, "other models" },
  { "binary", "algo = gbm", "algo = upliftdrf", SHS_ERROR_UNSUPPORTED, "treatment" },
  { "binary", "LITTLE_ENDIAN", "BIG_ENDIAN", SHS_ERROR_UNSUPPORTED, "byte order" },
  { "binary", "mojo_version = 1.40", "mojo_version = 1.50", SHS_ERROR_UNSUPPORTED, "1.50" },
  { "binary", "mojo_version = 1.40", "mojo_version = 0.90", SHS_ERROR_UNSUPPORTED, "0.9" },
  { "binary", "mojo_version = 1.40", "mojo_version = x", SHS_ERROR_INVALID, "mojo_version" },
  { "binary", "n_features = 6", "n_features = 0", SHS_ERROR_INVALID, "no features" },
  { "binary", "n_features = 6", "n_features = 8", SHS_ERROR_INVALID, "n_features" },
  { "binary", "n_features = 6", "n_features = 4", SHS_ERROR_INVALID, "column that does not exist" },
  { "binary", "n_columns = 7", "n_columns = 6", SHS_ERROR_INVALID, "more columns" },
  { "binary", "n_columns = 7", "n_columns = 8", SHS_ERROR_INVALID, "fewer columns" },
  { "binary", "n_trees = 3", "n_trees = 9", SHS_ERROR_INVALID, "are missing" },
  { "binary", "n_trees = 3", "n_trees = 99999999", SHS_ERROR_INVALID, "n_trees" },
  { "binary", "n_trees_per_class = 1", "n_trees_per_class = 2", SHS_ERROR_INVALID, "a round" },
  { "binary", "distribution = bernoulli", "distribution = custom", SHS_ERROR_UNSUPPORTED,
    "\"custom\"" },
  { "binary", "link_function = logit", "link_function = inverse", SHS_ERROR_UNSUPPORTED,
    "distribution" },
  { "gamma", "link_function = log", "link_function = inverse", SHS_ERROR_UNSUPPORTED,
    "\"inverse\"" },
  { "binary", "init_f = ", "init_f = nan", SHS_ERROR_INVALID, "init_f" },
  { "binary", "_genmodel_encoding = AUTO", "_genmodel_encoding = Novel", SHS_ERROR_UNSUPPORTED,
    "\"Novel\"" },
  { "binary", "uuid = ", "uuid ", SHS_ERROR_SYNTAX, "without" },
  { "binary", "1: 5 d000.txt", "1: 6 d000.txt", SHS_ERROR_INVALID, "d000.txt" },
  { "binary", "1: 5 d000.txt", "1: 5 d009.txt", SHS_ERROR_CHOICE, "d009.txt" },
  { "binary", "d001.txt", "d000.txt", SHS_ERROR_INVALID, "two columns" },
  { "binary", "1: 5 d000.txt", "1 5 d000.txt", SHS_ERROR_SYNTAX, "domain" },
  { "encoded-eigen", "_n_orig_names = 5", "_n_orig_names = 1", SHS_ERROR_INVALID, "before" },
  { "encoded-eigen", "weather.Eigen", "climate.Eigen", SHS_ERROR_UNSUPPORTED, "climate.Eigen" },
  { "linear-binary", "cats = 2", "cats = 1", SHS_ERROR_UNSUPPORTED, "interactions" },
  { "linear-binary", "nums = 2", "nums = 3", SHS_ERROR_UNSUPPORTED, "interactions" },
  { "xgboost-binary", "cats = 1", "cats = 0", SHS_ERROR_UNSUPPORTED, "indicators" },
  { "xgboost-binary", "nums = 3", "nums = 2", SHS_ERROR_UNSUPPORTED, "indicators" },
  { "xgboost-binary", "cat_offsets = [0, 6]", "cat_offsets = [0, 5]", SHS_ERROR_UNSUPPORTED,
    "indicators" },
  { "xgboost-linear", "mojo_version = 1.10", "mojo_version = 1.00", SHS_ERROR_UNSUPPORTED, "old" },
  { "linear-binary", "family = binomial", "family = ordinal", SHS_ERROR_UNSUPPORTED, "ordinal" },
};

START_TEST (what_cannot_be_opened_is_told)
{
  g_auto (Members) members = { 0 };
  g_autoptr (GError) error = NULL;

  members_init (&members, faults[_i].kind);
  guint ini = find_member (&members, "model.ini");
  g_autoptr (GBytes) other = replace (members.contents->pdata[ini], faults[_i].old, faults[_i].new);
  g_autoptr (GBytes) archive = pack (&members, ini, other);

  ck_assert_ptr_null (shs_mojo_parse ("model.zip", "model", archive, NULL, &error));
  shs_test_assert_error (error, faults[_i].code);
  ck_assert_msg (strstr (error->message, faults[_i].says) != NULL, "%s", error->message);
  ck_assert_msg (strstr (error->message, "model.zip") != NULL, "%s", error->message);
}
END_TEST

static void
add_text (Members *members, const char *name, char *text)
{
  g_ptr_array_add (members->names, (char *)name);
  g_ptr_array_add (members->contents, g_bytes_new_take (text, strlen (text)));
}

static const char *const unencoded[] = { "xgboost-binary", "linear-binary" };

/* Only the forests are followed behind the columns that an encoding made. */
START_TEST (an_encoding_that_the_algorithm_is_not_followed_behind_is_named)
{
  g_auto (Members) members = { 0 };
  g_autoptr (GError) error = NULL;

  members_init (&members, unencoded[_i]);
  guint ini = find_member (&members, "model.ini");
  const char *columns = strstr (g_bytes_get_data (members.contents->pdata[ini], NULL), "[columns]");
  const char *end = strstr (columns, "[domains]");
  add_text (&members, "_orig_names", g_strndup (columns + 10, (gsize)(end - columns) - 11));
  g_autoptr (GBytes) other = replace (members.contents->pdata[ini], "supervised = true",
                                      "_genmodel_encoding = Eigen\n_n_orig_names = 5");
  g_autoptr (GBytes) archive = pack (&members, ini, other);

  ck_assert_ptr_null (shs_mojo_parse ("model.zip", "model", archive, NULL, &error));
  shs_test_assert_error (error, SHS_ERROR_UNSUPPORTED);
  ck_assert_msg (strstr (error->message, "encoding Eigen") != NULL, "%s", error->message);
}
END_TEST

/* The sanitizers look through the whole text at every number. */
#ifdef __SANITIZE_ADDRESS__
#define MANY 4000
#else
#define MANY 40000
#endif

/* Each column is looked up by its name: were it sought among all, this would take half a minute,
 * and the test be ended. */
START_TEST (many_encoded_columns_are_found_at_once_or_given_up_when_asked)
{
  g_autoptr (ShsProgress) progress = shs_progress_new ();
  gboolean is_cancelled = _i == 1;
  g_autoptr (GString) names = g_string_new (NULL);
  g_auto (Members) members = { 0 };
  g_autoptr (GError) error = NULL;

  for (guint j = 0; j <= MANY; j++)
    g_string_append_printf (names, "a column of the name %u\n", j);
  members_init (&members, "linear-binary");
  guint ini = find_member (&members, "model.ini");
  add_text (&members, "_orig_names", g_strdup (names->str));
  g_autofree char *text
      = g_strdup_printf ("[info]\nalgo = glm\nendianness = LITTLE_ENDIAN\nmojo_version = 1.00\n"
                         "n_features = %u\nn_classes = 2\nn_columns = %u\n_n_orig_names = %u\n"
                         "_genmodel_encoding = LabelEncoder\n\n[columns]\n%s",
                         MANY, MANY + 1, MANY + 1, names->str);
  g_autoptr (GBytes) other = g_bytes_new (text, strlen (text));
  g_autoptr (GBytes) archive = pack (&members, ini, other);

  if (is_cancelled)
    shs_progress_cancel (progress);
  ck_assert_ptr_null (shs_mojo_parse ("model.zip", "model", archive, progress, &error));
  shs_test_assert_error (error, is_cancelled ? SHS_ERROR_CANCELLED : SHS_ERROR_UNSUPPORTED);
  ck_assert_msg (is_cancelled || strstr (error->message, "encoding LabelEncoder") != NULL, "%s",
                 error->message);
}
END_TEST

static const struct
{
  gsize n_lines;
  guint64 limit; /* of memory; 0 for none */
  int code;
  const char *says;
} long_domains[] = {
  { 10000000, 0, SHS_ERROR_INVALID, "bomb" },
  { 1000000, 16 << 20, SHS_ERROR_MEMORY, "memory" },
};

START_TEST (domains_keep_to_the_memory_that_may_be_used)
{
  g_auto (Members) members = { 0 };
  g_autoptr (GError) error = NULL;
  gsize n = long_domains[_i].n_lines;
  g_autofree char *domain = g_strdup_printf ("1: %zu empty.txt", n);
  char *lines = g_malloc (n + 1);

  members_init (&members, "binary");
  guint ini = find_member (&members, "model.ini");
  members.deflates = TRUE;
  memset (lines, '\n', n);
  lines[n] = '\0';
  add_text (&members, "domains/empty.txt", lines);
  g_autoptr (GBytes) other = replace (members.contents->pdata[ini], "1: 5 d000.txt", domain);
  g_autoptr (GBytes) archive = pack (&members, ini, other);
  shs_memory_set_limit (long_domains[_i].limit);
  ck_assert_ptr_null (shs_mojo_parse ("model.zip", "model", archive, NULL, &error));
  shs_memory_set_limit (0);
  shs_test_assert_error (error, long_domains[_i].code);
  ck_assert_msg (strstr (error->message, long_domains[_i].says) != NULL, "%s", error->message);
}
END_TEST

START_TEST (an_extended_isolation_forest_is_refused_with_its_reason)
{
  g_autofree char *path = mojo_file ("refused-extended", ".zip");
  g_autoptr (GError) error = NULL;

  ck_assert_ptr_null (shs_model_open (path, NULL, &error));
  shs_test_assert_error (error, SHS_ERROR_UNSUPPORTED);
  ck_assert_msg (strstr (error->message, "sums of several columns") != NULL, "%s", error->message);
}
END_TEST

START_TEST (another_link_of_a_linear_model_is_noted)
{
  g_auto (Members) members = { 0 };
  g_autoptr (GError) error = NULL;

  members_init (&members, "linear-poisson");
  guint ini = find_member (&members, "model.ini");
  g_autoptr (GBytes) other = replace (members.contents->pdata[ini], "link = log", "link = inverse");
  g_autoptr (GBytes) archive = pack (&members, ini, other);
  g_autoptr (ShsModel) model = shs_mojo_parse ("model.zip", "model", archive, NULL, &error);

  shs_test_assert_no_error (error);
  ck_assert_int_eq (shs_model_get_parts (model)->link, SHS_LINK_IDENTITY);
  ck_assert_ptr_nonnull (strstr (shs_model_get_parts (model)->notes[0], "\"inverse\""));
}
END_TEST

/* ---- hostile members: an archive's checksums let none through that was changed outside ---- */

typedef struct
{
  const Members *members;
  guint place;
  gsize whole; /* bytes of the member as it was */
  gboolean must_fail;
} Hostile;

static void
read_member (GBytes *bytes, gpointer data)
{
  const Hostile *self = data;
  g_autoptr (GBytes) archive = pack (self->members, self->place, bytes);
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsModel) model = shs_mojo_parse ("hostile", "hostile", archive, NULL, &error);

  ck_assert ((model != NULL) == (error == NULL));
  ck_assert (!self->must_fail || model == NULL || g_bytes_get_size (bytes) == self->whole);
  if (model == NULL)
    {
      ck_assert_msg (strchr (error->message, '\n') == NULL, "%s", error->message);
      return;
    }
  const ShsModelParts *parts = shs_model_get_parts (model);
  if (parts->n_features > 64)
    return;
  g_autoptr (ShsMatrix) rows = shs_matrix_new (4, parts->n_features, NULL);
  for (gsize j = 0; j < parts->n_features; j++)
    for (gsize i = 0; i < 4; i++)
      shs_matrix_set (rows, i, j, i == 3 ? NAN : i * 1.5 - (double)j);
  g_autoptr (ShsMatrix) predictions = predict (model, rows);
  ck_assert_uint_eq (predictions->n_rows, 4);
}

static const struct
{
  const char *kind;
  const char *member;
  gsize n;
  gboolean is_binary; /* no beginning of it is a whole one */
} hostile_members[] = {
  { "groups", "trees/t00_000.bin", MUTANTS, TRUE },
  { "groups", "trees/t00_000_aux.bin", MUTANTS / 4, TRUE },
  { "groups", "model.ini", MUTANTS / 4, FALSE },
  { "groups", "domains/d001.txt", MUTANTS / 10, FALSE },
  { "encoded-eigen", "model.ini", MUTANTS / 4, FALSE },
  { "encoded-one-hot-explicit", "_orig_names", MUTANTS / 10, FALSE },
  { "linear-binary", "model.ini", MUTANTS / 4, FALSE },
  { "forest-balanced", "model.ini", MUTANTS / 4, FALSE },
  { "xgboost-binary", "model.ini", MUTANTS / 20, FALSE },
};

static void
hostile_init (Hostile *self, Members *members, int i)
{
  members_init (members, hostile_members[i].kind);
  self->members = members;
  self->place = find_member (members, hostile_members[i].member);
  self->whole = g_bytes_get_size (members->contents->pdata[self->place]);
}

START_TEST (changed_members_are_refused_or_can_be_used)
{
  g_auto (Members) members = { 0 };
  Hostile hostile = { 0 };

  hostile_init (&hostile, &members, _i);
  shs_test_mutate (members.contents->pdata[hostile.place], hostile_members[_i].n,
                   4242 + (guint64)_i, read_member, &hostile);
}
END_TEST

START_TEST (no_tree_that_was_cut_is_taken)
{
  g_auto (Members) members = { 0 };
  Hostile hostile = { 0 };

  hostile_init (&hostile, &members, _i);
  hostile.must_fail = hostile_members[_i].is_binary;
  shs_test_truncate (members.contents->pdata[hostile.place], read_member, &hostile);
}
END_TEST

Suite *
mojo_suite (void)
{
  Suite *suite = suite_create ("mojo");
  TCase *cases = tcase_create ("mojo");
  TCase *hostile = tcase_create ("hostile members");

  tcase_add_test (cases, every_model_gives_the_margins_and_predictions_of_h2o);
  tcase_add_test (cases, a_category_that_training_never_saw_is_taken_as_h2o_takes_it);
  tcase_add_test (cases, columns_have_names_and_domains);
  tcase_add_test (cases, encoded_columns_are_those_of_the_data);
  tcase_add_loop_test (cases, what_a_person_should_know_is_noted, 0, G_N_ELEMENTS (noted));
  tcase_add_loop_test (cases, what_cannot_be_opened_is_told, 0, G_N_ELEMENTS (faults));
  tcase_add_loop_test (cases, an_encoding_that_the_algorithm_is_not_followed_behind_is_named, 0,
                       G_N_ELEMENTS (unencoded));
  tcase_add_loop_test (cases, many_encoded_columns_are_found_at_once_or_given_up_when_asked, 0, 2);
  tcase_add_loop_test (cases, domains_keep_to_the_memory_that_may_be_used, 0,
                       G_N_ELEMENTS (long_domains));
  tcase_add_test (cases, an_extended_isolation_forest_is_refused_with_its_reason);
  tcase_add_test (cases, another_link_of_a_linear_model_is_noted);
  suite_add_tcase (suite, cases);
  tcase_set_timeout (hostile, 120);
  tcase_add_loop_test (hostile, changed_members_are_refused_or_can_be_used, 0,
                       G_N_ELEMENTS (hostile_members));
  tcase_add_loop_test (hostile, no_tree_that_was_cut_is_taken, 0, G_N_ELEMENTS (hostile_members));
  suite_add_tcase (suite, hostile);
  return suite;
}
