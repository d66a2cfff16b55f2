#include "io/parquet/shs-parquet-schema.h"

#include "core/shs-error.h"
#include "core/shs-memory.h"

#include <string.h>

#define PATH_FREE_BYTES                                                                            \
  (16u << 20)         /* all paths together may be longer than the footer by this ... */
#define PATH_RATIO 16 /* ... and this factor */

typedef enum
{
  REQUIRED,
  OPTIONAL,
  REPEATED,
} Repetition;

/* An element as it is stored. */
typedef struct
{
  gint64 type;
  gint64 type_length;
  gint64 repetition;
  gint64 n_children;
  gint64 converted;
  gint64 scale;
  ShsParquetMeaning meaning;
  gint64 unit;
  const guint8 *name;
  gsize name_length;
} Element;

/* A group whose children are still to come. */
typedef struct
{
  gsize n_left;
  gsize path_length;
  guint definition;
  guint repetition;
  guint list_definition;
} Level;

typedef struct
{
  ShsParquet *file;
  Level levels[SHS_PARQUET_MAX_DEPTH];
  guint depth;
  GString *path;
  guint64 path_bytes;
  gsize capacity;
} Walk;

/* ---- one element ---- */

static gint64
read_unit (ShsThrift *thrift, ShsThriftType type)
{
  static const gint64 units[] = { 0, 1000, 1000000, 1000000000 };
  gint64 unit = 0;
  gint id;

  if (type != SHS_THRIFT_STRUCT)
    shs_thrift_fail (thrift, "a unit of time is not one");
  shs_thrift_begin_struct (thrift);
  while ((id = shs_thrift_next_field (thrift, &type)) != 0)
    {
      unit = id < (gint)G_N_ELEMENTS (units) ? units[id] : 0;
      shs_thrift_skip (thrift, type);
    }
  return unit;
}

/* The parameters of a logical type: whole numbers, truths, and the unit of a time. */
static void
read_logical_type (ShsThrift *thrift, ShsParquetMeaning meaning, Element *element)
{
  ShsThriftType type;
  gint id;

  shs_thrift_begin_struct (thrift);
  while ((id = shs_thrift_next_field (thrift, &type)) != 0)
    if (meaning == SHS_PARQUET_DECIMAL && id == 1)
      element->scale = shs_thrift_read_integer (thrift, type);
    else if ((meaning == SHS_PARQUET_TIME || meaning == SHS_PARQUET_TIMESTAMP) && id == 2)
      element->unit = read_unit (thrift, type);
    else if (meaning == SHS_PARQUET_NUMBER && id == 2)
      element->meaning
          = shs_thrift_read_integer (thrift, type) != 0 ? SHS_PARQUET_NUMBER : SHS_PARQUET_UNSIGNED;
    else
      shs_thrift_skip (thrift, type);
}

static void
read_logical (ShsThrift *thrift, ShsThriftType type, Element *element)
{
  static const ShsParquetMeaning meanings[]
      = { [1] = SHS_PARQUET_TEXT,    [2] = SHS_PARQUET_OTHER,     [3] = SHS_PARQUET_OTHER,
          [4] = SHS_PARQUET_TEXT,    [5] = SHS_PARQUET_DECIMAL,   [6] = SHS_PARQUET_DATE,
          [7] = SHS_PARQUET_TIME,    [8] = SHS_PARQUET_TIMESTAMP, [9] = SHS_PARQUET_OTHER,
          [10] = SHS_PARQUET_NUMBER, [11] = SHS_PARQUET_NUMBER,   [12] = SHS_PARQUET_TEXT,
          [13] = SHS_PARQUET_OTHER,  [14] = SHS_PARQUET_UUID,     [15] = SHS_PARQUET_HALF };
  gint id;

  if (type != SHS_THRIFT_STRUCT)
    shs_thrift_fail (thrift, "a logical type is not one");
  shs_thrift_begin_struct (thrift);
  while ((id = shs_thrift_next_field (thrift, &type)) != 0)
    {
      element->meaning = id < (gint)G_N_ELEMENTS (meanings) ? meanings[id] : SHS_PARQUET_OTHER;
      if (type == SHS_THRIFT_STRUCT)
        read_logical_type (thrift, element->meaning, element);
      else
        shs_thrift_skip (thrift, type);
    }
}

/* What a file of before the logical types says. */
static void
apply_converted (Element *element)
{
  static const struct
  {
    ShsParquetMeaning meaning;
    gint64 unit;
  } types[] = { { SHS_PARQUET_TEXT, 0 },
                { SHS_PARQUET_OTHER, 0 },
                { SHS_PARQUET_OTHER, 0 },
                { SHS_PARQUET_OTHER, 0 },
                { SHS_PARQUET_TEXT, 0 },
                { SHS_PARQUET_DECIMAL, 0 },
                { SHS_PARQUET_DATE, 0 },
                { SHS_PARQUET_TIME, 1000 },
                { SHS_PARQUET_TIME, 1000000 },
                { SHS_PARQUET_TIMESTAMP, 1000 },
                { SHS_PARQUET_TIMESTAMP, 1000000 },
                { SHS_PARQUET_UNSIGNED, 0 },
                { SHS_PARQUET_UNSIGNED, 0 },
                { SHS_PARQUET_UNSIGNED, 0 },
                { SHS_PARQUET_UNSIGNED, 0 },
                { SHS_PARQUET_NUMBER, 0 },
                { SHS_PARQUET_NUMBER, 0 },
                { SHS_PARQUET_NUMBER, 0 },
                { SHS_PARQUET_NUMBER, 0 },
                { SHS_PARQUET_TEXT, 0 },
                { SHS_PARQUET_OTHER, 0 },
                { SHS_PARQUET_OTHER, 0 } };

  if (element->converted < 0 || element->converted >= (gint64)G_N_ELEMENTS (types))
    return;
  element->meaning = types[element->converted].meaning;
  element->unit = types[element->converted].unit;
}

static Element
read_element (ShsThrift *thrift)
{
  Element element = { .type = -1, .converted = -1, .meaning = SHS_PARQUET_NUMBER };
  gboolean has_logical = FALSE;
  ShsThriftType type;
  gint id;

  shs_thrift_begin_struct (thrift);
  while ((id = shs_thrift_next_field (thrift, &type)) != 0)
    {
      gint64 *const numbers[]
          = { [1] = &element.type,       [2] = &element.type_length, [3] = &element.repetition,
              [5] = &element.n_children, [6] = &element.converted,   [7] = &element.scale };

      if (id == 4)
        element.name = shs_thrift_read_binary (thrift, type, &element.name_length);
      else if (id == 10)
        {
          has_logical = TRUE;
          read_logical (thrift, type, &element);
        }
      else if (id < (gint)G_N_ELEMENTS (numbers) && numbers[id] != NULL)
        *numbers[id] = shs_thrift_read_integer (thrift, type);
      else
        shs_thrift_skip (thrift, type);
    }
  if (!has_logical)
    apply_converted (&element);
  return element;
}

/* ---- what a leaf is ---- */

static gboolean
fits (ShsParquetType type, gint64 type_length, const Element *element)
{
  gboolean is_whole = type == SHS_PARQUET_INT32 || type == SHS_PARQUET_INT64;
  gboolean is_bytes = type == SHS_PARQUET_BYTE_ARRAY || type == SHS_PARQUET_FIXED;

  switch (element->meaning)
    {
    case SHS_PARQUET_UNSIGNED:
    case SHS_PARQUET_DATE:
      return is_whole;
    case SHS_PARQUET_TIME:
    case SHS_PARQUET_TIMESTAMP:
      return is_whole && element->unit > 0;
    case SHS_PARQUET_DECIMAL:
      return (is_whole || is_bytes) && element->scale >= 0 && element->scale <= 76
             && type_length <= 32;
    case SHS_PARQUET_HALF:
      return type == SHS_PARQUET_FIXED && type_length == 2;
    case SHS_PARQUET_UUID:
      return type == SHS_PARQUET_FIXED && type_length == 16;
    case SHS_PARQUET_TEXT:
      return is_bytes;
    default:
      return TRUE;
    }
}

/* The type stands for itself where nothing, or nothing that fits, is said of it. */
static void
set_meaning (ShsParquetLeaf *leaf, const Element *element)
{
  leaf->meaning = element->meaning;
  leaf->unit = element->unit;
  leaf->scale = (gint)element->scale;
  if (leaf->type == SHS_PARQUET_INT96)
    {
      leaf->meaning = SHS_PARQUET_TIMESTAMP;
      leaf->unit = 1000000;
    }
  else if (!fits (leaf->type, element->type_length, element)
           || (leaf->meaning == SHS_PARQUET_NUMBER && leaf->type >= SHS_PARQUET_BYTE_ARRAY))
    leaf->meaning = leaf->type >= SHS_PARQUET_BYTE_ARRAY ? SHS_PARQUET_BYTES : SHS_PARQUET_NUMBER;
}

/* ---- the tree ---- */

static gboolean
reserve_leaf (Walk *walk, GError **error)
{
  ShsParquet *file = walk->file;
  gsize capacity = MAX (16, 2 * walk->capacity);
  ShsParquetLeaf *grown;

  if (file->n_leaves < walk->capacity)
    return TRUE;
  if (file->n_leaves == SHS_PARQUET_MAX_COLUMNS)
    return shs_parquet_fail (file, NULL, SHS_ERROR_UNSUPPORTED,
                             "it has more than a million columns", error);
  grown = shs_realloc (file->leaves, file->n_leaves, capacity, sizeof *grown, error);
  if (grown == NULL)
    return FALSE;
  file->leaves = grown;
  walk->capacity = capacity;
  return TRUE;
}

static gboolean
add_leaf (Walk *walk, const Element *element, const Level *level, GError **error)
{
  ShsParquet *file = walk->file;
  ShsParquetLeaf *leaf;

  if (element->type < SHS_PARQUET_BOOLEAN || element->type > SHS_PARQUET_FIXED
      || (element->type == SHS_PARQUET_FIXED
          && (element->type_length <= 0 || element->type_length > G_MAXINT32)))
    return shs_parquet_fail (file, NULL, SHS_ERROR_INVALID, "a column has a type that is not known",
                             error);
  walk->path_bytes += walk->path->len;
  if (walk->path_bytes > PATH_FREE_BYTES + PATH_RATIO * (guint64)file->length)
    return shs_parquet_fail (file, NULL, SHS_ERROR_INVALID, "its column names are impossibly long",
                             error);
  if (!reserve_leaf (walk, error))
    return FALSE;
  leaf = &file->leaves[file->n_leaves++];
  *leaf = (ShsParquetLeaf){ .path = g_utf8_make_valid (walk->path->str, -1),
                            .type = (ShsParquetType)element->type,
                            .type_length = (gsize)element->type_length,
                            .max_definition = level->definition,
                            .max_repetition = level->repetition,
                            .list_definition = level->list_definition };
  set_meaning (leaf, element);
  return TRUE;
}

static gboolean
check_element (Walk *walk, const Element *element, GError **error)
{
  if (element->n_children < 0 || element->n_children > G_MAXINT32 || element->repetition < REQUIRED
      || element->repetition > REPEATED)
    return shs_parquet_fail (walk->file, NULL, SHS_ERROR_INVALID, "its list of columns is damaged",
                             error);
  if (element->name_length > SHS_PARQUET_MAX_NAME
      || (element->name != NULL && memchr (element->name, '\0', element->name_length) != NULL))
    return shs_parquet_fail (walk->file, NULL, SHS_ERROR_UNSUPPORTED,
                             "a column has an impossible name", error);
  if (walk->depth == SHS_PARQUET_MAX_DEPTH)
    return shs_parquet_fail (walk->file, NULL, SHS_ERROR_UNSUPPORTED,
                             "its columns are nested too deeply", error);
  return TRUE;
}

/* An element below the innermost group that is not complete. */
static gboolean
add_element (Walk *walk, const Element *element, GError **error)
{
  Level *parent = &walk->levels[walk->depth - 1];
  Level level = *parent;

  parent->n_left--;
  g_string_truncate (walk->path, parent->path_length);
  if (walk->path->len > 0)
    g_string_append_c (walk->path, '.');
  g_string_append_len (walk->path, (const char *)element->name, (gssize)element->name_length);
  level.definition += element->repetition != REQUIRED;
  level.repetition += element->repetition == REPEATED;
  if (element->repetition == REPEATED)
    level.list_definition = level.definition;
  level.n_left = (gsize)element->n_children;
  level.path_length = walk->path->len;
  if (element->type >= 0 && element->n_children == 0)
    return add_leaf (walk, element, &level, error);
  walk->levels[walk->depth++] = level;
  return TRUE;
}

static gboolean
walk_elements (Walk *walk, ShsThrift *thrift, gsize n, GError **error)
{
  for (gsize i = 0; i < n; i++)
    {
      Element element = read_element (thrift);

      if (thrift->problem != NULL)
        return TRUE; /* told by whoever reads the footer */
      while (walk->depth > 0 && walk->levels[walk->depth - 1].n_left == 0)
        walk->depth--;
      if (!check_element (walk, &element, error))
        return FALSE;
      if (i == 0)
        walk->levels[walk->depth++] = (Level){ .n_left = (gsize)element.n_children };
      else if (walk->depth == 0)
        break;
      else if (!add_element (walk, &element, error))
        return FALSE;
    }
  for (guint i = 0; i < walk->depth; i++)
    if (walk->levels[i].n_left > 0)
      return shs_parquet_fail (walk->file, NULL, SHS_ERROR_INVALID,
                               "its list of columns is damaged", error);
  return TRUE;
}

gboolean
shs_parquet_read_schema (ShsParquet *self, ShsThrift *thrift, ShsThriftType type, GError **error)
{
  Walk walk = { .file = self, .path = g_string_new (NULL), .capacity = self->n_leaves };
  ShsThriftType element;
  gsize n = shs_thrift_begin_list (thrift, type, &element);
  gboolean is_read;

  if (element != SHS_THRIFT_STRUCT || self->n_leaves > 0)
    shs_thrift_fail (thrift, "its list of columns is none");
  is_read = thrift->problem != NULL || walk_elements (&walk, thrift, n, error);
  g_string_free (walk.path, TRUE);
  return is_read;
}
