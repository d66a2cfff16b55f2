/* What H2O's categorical_encoding made of the columns before training: the model's columns are made
 * of the data's, whose names and domains the file keeps beside them. */

#include "model/h2o/shs-mojo-document.h"

#include "core/shs-i18n.h"
#include "core/shs-memory.h"
#include "core/shs-number.h"
#include "core/shs-shown.h"

#include <math.h>
#include <string.h>

#define ORIGINAL_NAMES "_orig_names"
#define OTHERS "other"

typedef struct _Encoding Encoding;

/* @separator: between the name of a column and what is made of it; "" for nothing
 * @count: how many columns of the model a column of so many categories becomes
 * @add: gives the map the @place-th of them */
struct _Encoding
{
  const char *name;
  const char *separator;
  gsize (*count) (gsize n_levels);
  gboolean (*add) (ShsMojo *self, gsize column, gsize place, gsize made, GError **error);
};

static gsize
count_one (gsize n_levels)
{
  return 1;
}

static gsize
count_indicators (gsize n_levels)
{
  return n_levels + 1;
}

/* Of the codes 1 .. n; 0 is a missing value. */
static gsize
count_bits (gsize n_levels)
{
  gsize n = 0;

  for (gsize rest = n_levels; rest > 0; rest /= 2)
    n++;
  return n;
}

/* @values: by category; @unseen: what a category that training never saw becomes */
static gboolean
append_table (ShsMojo *self, const double *values, gsize n, double unseen, double missing,
              GError **error)
{
  SHS_AUTOFREE double *codes = shs_alloc (n, sizeof *codes, error);
  g_autoptr (ShsMapTable) table = NULL;

  for (gsize c = 0; codes != NULL && c < n; c++)
    codes[c] = (double)c;
  if (codes != NULL)
    table = shs_map_table_new (codes, values, n, unseen, missing, error);
  if (table != NULL)
    shs_feature_map_append (self->map, &(ShsMapStep){ .kind = SHS_MAP_TABLE, .table = table });
  return table != NULL;
}

/* Behind the indicators of all categories stands that of missing values. */
static gboolean
add_indicator (ShsMojo *self, gsize column, gsize place, gsize made, GError **error)
{
  gboolean is_level = place < self->data_columns[column].n_categories;

  shs_feature_map_append (
      self->map,
      &(ShsMapStep){ .kind = is_level ? SHS_MAP_EQUALS : SHS_MAP_IS_MISSING, .a = (double)place });
  return TRUE;
}

/* A category that training never saw has the number behind the last. */
static gboolean
add_bit (ShsMojo *self, gsize column, gsize place, gsize made, GError **error)
{
  gsize n_levels = self->data_columns[column].n_categories;
  SHS_AUTOFREE double *bits = shs_alloc (n_levels, sizeof *bits, error);

  for (gsize c = 0; bits != NULL && c < n_levels; c++)
    bits[c] = (double)((c + 1) >> place & 1);
  return bits != NULL
         && append_table (self, bits, n_levels, (double)((n_levels + 1) >> place & 1), 0, error);
}

/* A category that is spelled as a whole number is that number, any other its place. */
static gboolean
add_label (ShsMojo *self, gsize column, gsize place, gsize made, GError **error)
{
  const ShsColumn *from = &self->data_columns[column];
  SHS_AUTOFREE double *labels = shs_alloc (from->n_categories, sizeof *labels, error);

  for (gsize c = 0; labels != NULL && c < from->n_categories; c++)
    {
      const char *text = from->categories[c];
      double number;
      gboolean is_whole = strpbrk (text, ".eEnN") == NULL
                          && shs_number_parse (text, text + strlen (text), &number)
                          && fabs (number) <= G_MAXINT32;

      labels[c] = is_whole ? number : (double)c;
    }
  return labels != NULL && append_table (self, labels, from->n_categories, NAN, NAN, error);
}

/* The projections of all columns stand one after the other, in the order of the data's columns. */
static gboolean
add_projection (ShsMojo *self, gsize column, gsize place, gsize made, GError **error)
{
  return append_table (self, self->projections + self->first_levels[column],
                       self->data_columns[column].n_categories, NAN, NAN, error);
}

/* The frequent categories keep their names; all others are one. */
static gboolean
add_frequent (ShsMojo *self, gsize column, gsize place, gsize made, GError **error)
{
  const ShsColumn *from = &self->data_columns[column];
  const ShsColumn *to = &self->columns[made];
  g_autoptr (GHashTable) index = g_hash_table_new (g_str_hash, g_str_equal);
  SHS_AUTOFREE double *codes = shs_alloc (from->n_categories, sizeof *codes, error);

  for (gsize c = 0; c < to->n_categories; c++)
    g_hash_table_insert (index, to->categories[c], GSIZE_TO_POINTER (c + 1));
  for (gsize c = 0; codes != NULL && c < from->n_categories; c++)
    {
      gsize code = GPOINTER_TO_SIZE (g_hash_table_lookup (index, from->categories[c]));

      if (code == 0)
        code = GPOINTER_TO_SIZE (g_hash_table_lookup (index, OTHERS));
      codes[c] = code > 0 ? (double)(code - 1) : NAN;
    }
  return codes != NULL && append_table (self, codes, from->n_categories, NAN, NAN, error);
}

static const Encoding encodings[] = {
  { "OneHotExplicit", ".", count_indicators, add_indicator },
  { "Binary", ":", count_bits, add_bit },
  { "Eigen", ".Eigen", count_one, add_projection },
  { "LabelEncoder", "", count_one, add_label },
  { "EnumLimited", "", count_one, add_frequent },
};

/* ---- the data's columns ---- */

static gboolean
read_data_column (ShsMojo *self, gsize j, GError **error)
{
  g_autofree char *key = g_strdup_printf ("_m_orig_domain_values_%" G_GSIZE_FORMAT, j);
  g_autofree char *member = g_strdup_printf ("_orig_domain_values_%" G_GSIZE_FORMAT, j);
  gsize n_levels = 0;

  if (shs_mojo_get (self, key) != NULL
      && !shs_mojo_get_count (self, key, G_MAXINT32, &n_levels, error))
    return FALSE;
  self->data_columns[j].type = SHS_COLUMN_NUMBER;
  return n_levels == 0
         || shs_mojo_set_categories (self, &self->data_columns[j], member, n_levels, TRUE, error);
}

/* The response and other columns that are no features stand last, as they do in the model. */
static gboolean
read_data_columns (ShsMojo *self, GError **error)
{
  gsize n_beside = self->n_columns - self->n_features;
  g_auto (GStrv) names = NULL;
  gsize n;

  if (!shs_mojo_get_count (self, "_n_orig_names", self->n_columns, &n, error))
    return FALSE;
  if (n <= n_beside)
    return shs_mojo_fail (self, error, SHS_ERROR_INVALID,
                          "it has no columns before the encoding" SHS_MOJO_AGAIN);
  names = shs_mojo_read_texts (self, ORIGINAL_NAMES, n, TRUE, error);
  self->data_columns = names != NULL ? shs_alloc0 (n, sizeof *self->data_columns, error) : NULL;
  if (self->data_columns == NULL)
    return FALSE;
  self->n_data_columns = n - n_beside;
  for (gsize j = 0; j < self->n_data_columns; j++)
    {
      self->data_columns[j].name = g_strdup (names[j]);
      if (!read_data_column (self, j, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
read_projections (ShsMojo *self, GError **error)
{
  gsize n_levels = 0;
  gsize n = 0;

  self->first_levels = shs_alloc (self->n_data_columns, sizeof *self->first_levels, error);
  if (self->first_levels == NULL)
    return FALSE;
  for (gsize j = 0; j < self->n_data_columns; j++)
    {
      self->first_levels[j] = n_levels;
      n_levels += self->data_columns[j].n_categories;
    }
  if (n_levels == 0)
    return TRUE;
  self->projections = shs_mojo_get_numbers (self, "_orig_projection_array", &n, error);
  if (self->projections == NULL)
    return FALSE;
  for (gsize i = 0; i < n; i++)
    self->projections[i] = (float)self->projections[i];
  return n_levels <= n
         || shs_mojo_fail (self, error, SHS_ERROR_INVALID,
                           "its projections are fewer than its categories" SHS_MOJO_AGAIN);
}

/* ---- the model's columns ---- */

/* @by_name: a column of the data + 1 by its name
 * @lengths: of the names, so that few beginnings of a long name are looked up */
typedef struct
{
  const Encoding *encoding;
  GHashTable *by_name;
  GHashTable *lengths;
} Names;

static void
names_clear (Names *self)
{
  g_hash_table_unref (self->by_name);
  g_hash_table_unref (self->lengths);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Names, names_clear)

static void
names_init (Names *self, const ShsMojo *mojo, const Encoding *encoding)
{
  self->encoding = encoding;
  self->by_name = g_hash_table_new (g_str_hash, g_str_equal);
  self->lengths = g_hash_table_new (NULL, NULL);
  for (gsize j = mojo->n_data_columns; j > 0; j--)
    {
      char *name = mojo->data_columns[j - 1].name;

      g_hash_table_insert (self->by_name, name, GSIZE_TO_POINTER (j));
      g_hash_table_add (self->lengths, GSIZE_TO_POINTER (strlen (name)));
    }
}

/* The data's column that the model's column @made is, or begins to be made of; the longest name of
 * those that fit; -1 for none. */
static gssize
find_source (const ShsMojo *self, const Names *names, gsize made)
{
  const char *whole = self->columns[made].name;
  g_autofree char *name = g_strdup (whole);
  gsize whole_length = strlen (whole);

  for (gsize n = whole_length + 1; n-- > 0;)
    {
      gboolean is_beginning = g_str_has_prefix (whole + n, names->encoding->separator);
      gsize found = 0;

      name[n] = '\0';
      if ((is_beginning || n == whole_length)
          && g_hash_table_contains (names->lengths, GSIZE_TO_POINTER (n)))
        found = GPOINTER_TO_SIZE (g_hash_table_lookup (names->by_name, name));
      if (found > 0
          && (self->data_columns[found - 1].n_categories > 0 ? is_beginning : n == whole_length))
        return (gssize)found - 1;
    }
  return -1;
}

static gboolean
fail_column (const ShsMojo *self, const Encoding *encoding, gsize made, GError **error)
{
  g_autofree char *name = shs_name_shown (self->columns[made].name);

  return shs_mojo_fail (self, error, SHS_ERROR_UNSUPPORTED,
                        "what the encoding %s made the column %s of cannot be followed; train the "
                        "model with categorical_encoding=\"enum\"",
                        encoding->name, name);
}

static gboolean
make_columns (ShsMojo *self, const Names *names, gsize *made, GError **error)
{
  const Encoding *encoding = names->encoding;
  gsize first = *made;
  gssize source = find_source (self, names, first);
  gsize n_levels = source >= 0 ? self->data_columns[source].n_categories : 0;
  gsize n = n_levels > 0 ? encoding->count (n_levels) : 1;

  if (source < 0 || n > self->n_features - first)
    return fail_column (self, encoding, first, error);
  for (gsize place = 0; place < n; place++, ++*made)
    {
      if (!shs_progress_check (self->progress, error))
        return FALSE;
      if (find_source (self, names, *made) != source)
        return fail_column (self, encoding, *made, error);
      shs_feature_map_add_column (self->map, (gsize)source);
      if (n_levels > 0 && !encoding->add (self, (gsize)source, place, *made, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
fail_encoding (const ShsMojo *self, const char *name, GError **error)
{
  g_autofree char *shown = shs_name_shown (name);

  return shs_mojo_fail (self, error, SHS_ERROR_UNSUPPORTED,
                        "the categorical encoding %s is not known; train the model with "
                        "categorical_encoding=\"enum\"",
                        shown);
}

static gboolean
make_map (ShsMojo *self, const Encoding *encoding, GError **error)
{
  g_auto (Names) names;

  names_init (&names, self, encoding);
  self->map = shs_feature_map_new (self->n_data_columns);
  for (gsize made = 0; made < self->n_features;)
    if (!make_columns (self, &names, &made, error))
      return FALSE;
  return TRUE;
}

gboolean
shs_mojo_read_encoding (ShsMojo *self, GError **error)
{
  static const char *const plain[] = { "AUTO", "Enum", "SortByResponse" };
  const char *name = shs_mojo_get (self, "_genmodel_encoding");
  const Encoding *encoding = NULL;
  gboolean is_plain = name == NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (plain); i++)
    is_plain = is_plain || g_str_equal (name, plain[i]);
  for (gsize i = 0; !is_plain && i < G_N_ELEMENTS (encodings); i++)
    if (g_str_equal (name, encodings[i].name))
      encoding = &encodings[i];
  /* Without categories nothing was encoded, and nothing is kept. */
  if (is_plain || shs_mojo_get (self, "_n_orig_names") == NULL)
    return is_plain || encoding != NULL || fail_encoding (self, name, error);
  if (encoding == NULL)
    return fail_encoding (self, name, error);
  if (encoding->add != add_indicator)
    g_strv_builder_add (self->notes, _ ("categories that training never saw are taken as missing, "
                                        "or all as one; H2O may take them otherwise"));
  if (!read_data_columns (self, error)
      || (encoding->add == add_projection && !read_projections (self, error)))
    return FALSE;
  return make_map (self, encoding, error);
}
