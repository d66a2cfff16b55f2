#include "model/match/shs-column-choice.h"

#include "core/shs-error.h"
#include "core/shs-i18n.h"
#include "core/shs-shown.h"
#include "model/match/shs-name-match.h"

#include <math.h>
#include <string.h>

#define NO_COLUMN G_MAXSIZE
#define MOST_NAMED 5
#define MOST_FEEDS 3
#define INDEX_ROWS 1000

typedef struct
{
  const ShsModel *model;
  const ShsModelParts *parts;
  ShsDataset *dataset;
  const ShsInput *table;
  gssize target;
  gsize *columns;
  gsize n_missing;
  GPtrArray *notes;
} Choice;

static void
match_exactly (Choice *choice, gboolean *is_used)
{
  g_autoptr (GHashTable) index = g_hash_table_new (g_str_hash, g_str_equal);

  for (gsize j = 0; j < choice->table->n_columns; j++)
    if ((gssize)j != choice->target)
      g_hash_table_insert (index, choice->table->columns[j].name, GSIZE_TO_POINTER (j + 1));
  for (gsize j = 0; j < choice->parts->n_features; j++)
    {
      gsize found = GPOINTER_TO_SIZE (g_hash_table_lookup (index, choice->parts->features[j].name));

      choice->columns[j] = NO_COLUMN;
      if (found > 0 && !is_used[found - 1])
        {
          choice->columns[j] = found - 1;
          is_used[found - 1] = TRUE;
        }
      else
        choice->n_missing++;
    }
}

typedef char *(*Fold) (const char *name);

static void
index_name (GHashTable *index, const char *name, Fold fold, gsize place)
{
  char *folded = fold (name);

  gsize found = g_hash_table_contains (index, folded) ? NO_COLUMN : place + 1;
  g_hash_table_insert (index, folded, GSIZE_TO_POINTER (found));
}

/* Two columns that fold to the same name are as good as none: nobody could say which is meant. */
static GHashTable *
index_columns (const Choice *choice, const gboolean *is_used, Fold fold)
{
  GHashTable *index = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (gsize j = 0; j < choice->table->n_columns; j++)
    if (!is_used[j] && (gssize)j != choice->target)
      index_name (index, choice->table->columns[j].name, fold, j);
  return index;
}

/* So are two features. */
static GHashTable *
index_features (const Choice *choice, Fold fold)
{
  GHashTable *index = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (gsize j = 0; j < choice->parts->n_features; j++)
    if (choice->columns[j] == NO_COLUMN)
      index_name (index, choice->parts->features[j].name, fold, j);
  return index;
}

/* (transfer full) */
static char *
describe_feed (const Choice *choice, gsize feature)
{
  g_autofree char *from = shs_name_shown (choice->table->columns[choice->columns[feature]].name);
  g_autofree char *to = shs_name_shown (choice->parts->features[feature].name);

  return g_strdup_printf (_ ("the column %s feeds the feature %s"), from, to);
}

/* One line for each of @n features, or one line for many. */
static void
note_tolerance (Choice *choice, const gsize *features, gsize n)
{
  gsize n_named = MIN (n, MOST_FEEDS);
  g_auto (GStrv) feeds = g_new0 (char *, n_named + 1);
  g_autofree char *list = NULL;

  for (gsize i = 0; i < n_named; i++)
    feeds[i] = describe_feed (choice, features[i]);
  if (n > n_named)
    {
      list = g_strjoinv (", ", feeds);
      g_ptr_array_add (choice->notes,
                       g_strdup_printf (_ ("%" G_GSIZE_FORMAT " features are fed by columns whose "
                                           "names are written otherwise: %s ..."),
                                        n, list));
      return;
    }
  for (gsize i = 0; i < n; i++)
    g_ptr_array_add (choice->notes, g_strdup (feeds[i]));
}

static void
match_folded (Choice *choice, gboolean *is_used, Fold fold)
{
  g_autoptr (GHashTable) columns = index_columns (choice, is_used, fold);
  g_autoptr (GHashTable) features = index_features (choice, fold);
  g_autofree gsize *fed = g_new (gsize, MAX (1, choice->n_missing));
  gsize n_fed = 0;

  for (gsize j = 0; j < choice->parts->n_features && choice->n_missing > 0; j++)
    {
      g_autofree char *folded = NULL;
      gsize found;

      if (choice->columns[j] != NO_COLUMN)
        continue;
      folded = fold (choice->parts->features[j].name);
      found = GPOINTER_TO_SIZE (g_hash_table_lookup (columns, folded));
      if (*folded == '\0' || found == 0 || found == NO_COLUMN
          || GPOINTER_TO_SIZE (g_hash_table_lookup (features, folded)) == NO_COLUMN)
        continue;
      choice->columns[j] = found - 1;
      is_used[found - 1] = TRUE;
      choice->n_missing--;
      fed[n_fed++] = j;
    }
  note_tolerance (choice, fed, n_fed);
}

/* First what differs least. */
static void
match_tolerantly (Choice *choice, gboolean *is_used)
{
  match_folded (choice, is_used, shs_name_fold);
  if (choice->n_missing > 0)
    match_folded (choice, is_used, shs_name_fold_letters);
}

static void
append_missing (const Choice *choice, GString *list, gsize feature, const char *const *names)
{
  const char *wanted = choice->parts->features[feature].name;
  g_autofree char *shown = shs_name_shown (wanted);
  gssize nearest = shs_name_nearest (wanted, names, choice->table->n_columns);

  g_string_append_printf (list, "%s%s", list->len > 0 ? ", " : "", shown);
  if (nearest >= 0)
    {
      g_autofree char *near_name = shs_name_shown (names[nearest]);

      g_string_append_printf (
          list, nearest == choice->target ? " (%s is the target)" : " (nearest: %s)", near_name);
    }
}

/* Whether the column that was chosen as target is what a feature is fed by. */
static gboolean
is_target_a_feature (const Choice *choice)
{
  const char *target = choice->target >= 0 ? choice->table->columns[choice->target].name : NULL;

  for (gsize j = 0; target != NULL && j < choice->parts->n_features; j++)
    if (choice->columns[j] == NO_COLUMN && g_str_equal (choice->parts->features[j].name, target))
      return TRUE;
  return FALSE;
}

static gboolean
fail_missing (const Choice *choice, GError **error)
{
  if (is_target_a_feature (choice))
    {
      g_autofree char *shown = shs_name_shown (choice->table->columns[choice->target].name);

      g_set_error (error, SHS_ERROR, SHS_ERROR_MISMATCH,
                   "%s cannot be the target: it is a feature of %s; choose a column that is none, "
                   "or no target",
                   shown, shs_model_get_name (choice->model));
      return FALSE;
    }
  g_autofree const char **names = g_new (const char *, MAX (1, choice->table->n_columns));
  g_autoptr (GString) list = g_string_new (NULL);
  gsize n_named = 0;

  for (gsize j = 0; j < choice->table->n_columns; j++)
    names[j] = choice->table->columns[j].name;
  for (gsize j = 0; j < choice->parts->n_features && n_named < MOST_NAMED; j++)
    if (choice->columns[j] == NO_COLUMN)
      {
        append_missing (choice, list, j, names);
        n_named++;
      }
  if (choice->n_missing > n_named)
    g_string_append_printf (list, " and %" G_GSIZE_FORMAT " more", choice->n_missing - n_named);
  g_autofree char *present = shs_names_list (names, choice->table->n_columns);
  g_set_error (error, SHS_ERROR, SHS_ERROR_MISMATCH,
               "%s needs %" G_GSIZE_FORMAT " column%s that %s does not have: %s; rename columns "
               "(there are %s), or open the data that the model was made for",
               shs_model_get_name (choice->model), choice->n_missing,
               choice->n_missing == 1 ? "" : "s", shs_dataset_get_name (choice->dataset), list->str,
               present);
  return FALSE;
}

static gboolean
counts_rows (const Choice *choice, gsize column)
{
  gsize n_rows = MIN (INDEX_ROWS, shs_dataset_get_n_rows (choice->dataset));
  g_autoptr (ShsMatrix) block = NULL;

  if (choice->table->columns[column].type != SHS_COLUMN_NUMBER || n_rows < 2)
    return FALSE;
  block = shs_matrix_new (n_rows, 1, NULL);
  if (block == NULL || !shs_dataset_read (choice->dataset, 0, 0, &column, block, NULL))
    return FALSE;
  for (gsize i = 1; i < n_rows; i++)
    if (block->values[i] - block->values[i - 1] != 1)
      return FALSE;
  return TRUE;
}

/* pandas writes its row index as a first column, without a name of its own. */
static gboolean
is_index (const Choice *choice, gsize column)
{
  static const char *const names[] = { "unnamed:0", "index", "id", "row", "rowname", "rownames" };
  g_autofree char *folded = shs_name_fold (choice->table->columns[column].name);

  if ((gssize)column == choice->target)
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_str_equal (folded, names[i]))
      return TRUE;
  return counts_rows (choice, column);
}

static void
note_positions (Choice *choice)
{
  g_ptr_array_add (choice->notes,
                   g_strdup (choice->parts->has_feature_names
                                 ? _ ("the data do not name their columns; they are "
                                      "taken in the order of the model's features")
                                 : _ ("the model does not name its features; columns "
                                      "are taken in their order")));
}

static void
take_positions (Choice *choice, gssize index_column)
{
  gsize feature = 0;

  for (gsize j = 0; j < choice->table->n_columns; j++)
    if ((gssize)j != choice->target && (gssize)j != index_column)
      choice->columns[feature++] = j;
  note_positions (choice);
  if (index_column >= 0)
    {
      g_autofree char *name = shs_name_shown (choice->table->columns[index_column].name);

      g_ptr_array_add (choice->notes,
                       g_strdup_printf (_ ("the column %s counts the rows and is left out"), name));
    }
}

/* Columns without names of their own belong together: the array "X" beside the named "y". */
static gboolean
take_unnamed (Choice *choice)
{
  gsize n_unnamed = 0;

  for (gsize j = 0; j < choice->table->n_columns; j++)
    n_unnamed += choice->table->columns[j].has_made_name && (gssize)j != choice->target;
  if (n_unnamed != choice->parts->n_features)
    return FALSE;
  for (gsize j = 0, feature = 0; j < choice->table->n_columns; j++)
    if (choice->table->columns[j].has_made_name && (gssize)j != choice->target)
      choice->columns[feature++] = j;
  note_positions (choice);
  return TRUE;
}

static gboolean
fail_positions (const Choice *choice, gsize n_columns, GError **error)
{
  gsize n_features = choice->parts->n_features;

  g_set_error (
      error, SHS_ERROR, SHS_ERROR_MISMATCH,
      choice->parts->has_feature_names
          ? "%s takes %" G_GSIZE_FORMAT " features, and %s, whose columns have no names, has "
            "%" G_GSIZE_FORMAT " column%s%s; %s"
          : "%s takes %" G_GSIZE_FORMAT " features without names, and %s has %" G_GSIZE_FORMAT
            " column%s%s; %s",
      shs_model_get_name (choice->model), n_features, shs_dataset_get_name (choice->dataset),
      n_columns, n_columns == 1 ? "" : "s", choice->target >= 0 ? " beside the target" : "",
      n_columns == n_features + 1 && choice->target < 0
          ? "say which of them is the target"
          : "keep the columns that the model was trained on, in their order");
  return FALSE;
}

static gboolean
match_by_position (Choice *choice, GError **error)
{
  gssize row_names = shs_dataset_get_row_name_column (choice->dataset);
  gboolean skips_names = row_names >= 0 && row_names != choice->target;
  gsize n_columns = choice->table->n_columns - (choice->target >= 0) - skips_names;
  gsize n_features = choice->parts->n_features;
  gsize first = choice->target == 0 ? 1 : 0;

  if (n_columns == n_features)
    take_positions (choice, skips_names ? row_names : -1);
  else if (n_columns == n_features + 1 && !skips_names && is_index (choice, first))
    take_positions (choice, (gssize)first);
  else
    return take_unnamed (choice) || fail_positions (choice, n_columns, error);
  return TRUE;
}

/* "f0", "f1", ... or "Column_0", ... : what libraries write for data without names. */
static gboolean
names_are_made (const ShsModelParts *parts)
{
  static const char *const forms[] = { "f", "Column_", "x", "V" };

  for (gsize form = 0; form < G_N_ELEMENTS (forms); form++)
    {
      gsize j = 0;

      for (; j < parts->n_features; j++)
        {
          g_autofree char *made = g_strdup_printf ("%s%" G_GSIZE_FORMAT, forms[form], j);

          if (!g_str_equal (parts->features[j].name, made))
            break;
        }
      if (j == parts->n_features)
        return TRUE;
    }
  return FALSE;
}

/* Nothing of the model has a name in the data, and the data could not have named it. */
static gboolean
has_unnamed_data (const Choice *choice)
{
  if (choice->n_missing < choice->parts->n_features)
    return FALSE;
  for (gsize j = 0; j < choice->table->n_columns; j++)
    if (choice->table->columns[j].has_made_name)
      return TRUE;
  return FALSE;
}

/* Columns of one name: the first of them is the one that is meant by it. */
static void
note_repeated (Choice *choice)
{
  for (gsize j = 0, n = 0; j < choice->table->n_columns && n < MOST_FEEDS; j++)
    if (choice->table->columns[j].repeats_name)
      {
        g_autofree char *name = shs_name_shown (choice->table->columns[j].name);

        g_ptr_array_add (
            choice->notes,
            g_strdup_printf (_ ("column %" G_GSIZE_FORMAT " has the name of another one before it, "
                                "which is the one that counts; this one is called %s"),
                             j + 1, name));
        n++;
      }
}

gboolean
shs_column_choice_make (const ShsModel *model, ShsDataset *dataset, gssize target, gsize *columns,
                        GPtrArray *notes, GError **error)
{
  Choice choice = { .model = model,
                    .parts = shs_model_get_parts (model),
                    .dataset = dataset,
                    .table = shs_dataset_get_table (dataset),
                    .target = target,
                    .columns = columns,
                    .notes = notes };
  g_autofree gboolean *is_used = g_new0 (gboolean, MAX (1, choice.table->n_columns));

  note_repeated (&choice);
  match_exactly (&choice, is_used);
  if (choice.parts->has_feature_names)
    match_tolerantly (&choice, is_used);
  if (choice.n_missing == 0)
    return TRUE;
  if (!choice.parts->has_feature_names || has_unnamed_data (&choice)
      || (choice.n_missing == choice.parts->n_features && names_are_made (choice.parts)))
    return match_by_position (&choice, error);
  return fail_missing (&choice, error);
}
