#include "session/shs-row-filter-private.h"

#include <math.h>
#include <string.h>

#include "core/shs-error.h"
#include "core/shs-i18n.h"
#include "core/shs-missing.h"
#include "core/shs-number.h"
#include "model/match/shs-name-match.h"

#define MAX_DEPTH 64
#define MAX_PARTS 200
#define MISSING "missing" /* as figures and tables call it */

typedef struct
{
  const ShsRowTable *table;
  const char *text;
  const char *at;
  int depth;
  int n_parts;
} Parser;

void
shs_filter_node_free (ShsFilterNode *node)
{
  if (node == NULL)
    return;
  shs_filter_node_free (node->left);
  shs_filter_node_free (node->right);
  g_free (node->text);
  g_free (node);
}
static ShsFilterNode *
node_new (ShsFilterNodeType type, ShsFilterNode *left, ShsFilterNode *right)
{
  ShsFilterNode *node = g_new0 (ShsFilterNode, 1);

  node->type = type;
  node->left = left;
  node->right = right;
  return node;
}

static ShsFilterNode *parse_or (Parser *parser, GError **error);

static void
skip_blanks (Parser *parser)
{
  while (g_ascii_isspace (*parser->at))
    parser->at++;
}

static gboolean
fail (Parser *parser, GError **error, const char *what)
{
  g_set_error (error, SHS_ERROR, SHS_ERROR_SYNTAX, _ ("Filter, column %ld: %s"),
               g_utf8_pointer_to_offset (parser->text, parser->at) + 1, what);
  return FALSE;
}

static gboolean
is_word_end (char c)
{
  return c == '\0' || g_ascii_isspace (c) || strchr ("()<>=!~\"", c) != NULL;
}

static gboolean
accept_word (Parser *parser, const char *word)
{
  gsize length = strlen (word);

  skip_blanks (parser);
  if (g_ascii_strncasecmp (parser->at, word, length) != 0 || !is_word_end (parser->at[length]))
    return FALSE;
  parser->at += length;
  return TRUE;
}

static gboolean
accept_comparison (Parser *parser, ShsFilterComparison *comparison)
{
  static const struct
  {
    const char *sign;
    ShsFilterComparison comparison;
  } signs[] = {
    { "<=", COMPARE_LESS_EQUAL },   { ">=", COMPARE_GREATER_EQUAL }, { "!=", COMPARE_UNEQUAL },
    { "<>", COMPARE_UNEQUAL },      { "==", COMPARE_EQUAL },         { "≤", COMPARE_LESS_EQUAL },
    { "≥", COMPARE_GREATER_EQUAL }, { "≠", COMPARE_UNEQUAL },        { "=", COMPARE_EQUAL },
    { "<", COMPARE_LESS },          { ">", COMPARE_GREATER },        { "~", COMPARE_CONTAINS },
  };

  skip_blanks (parser);
  for (gsize i = 0; i < G_N_ELEMENTS (signs); i++)
    if (g_str_has_prefix (parser->at, signs[i].sign))
      {
        parser->at += strlen (signs[i].sign);
        *comparison = signs[i].comparison;
        return TRUE;
      }
  return FALSE;
}

/* "is missing" and "is not missing"; leaves the parser where it was otherwise. */
static gboolean
accept_is_missing (Parser *parser, ShsFilterComparison *comparison)
{
  const char *start = parser->at;

  if (accept_word (parser, "is"))
    {
      *comparison = accept_word (parser, "not") ? COMPARE_PRESENT : COMPARE_MISSING;
      if (accept_word (parser, MISSING))
        return TRUE;
    }
  parser->at = start;
  return FALSE;
}

/* (transfer full): quoted text or a word; NULL with an error when a quote is not closed. */
static char *
take_text (Parser *parser, GError **error)
{
  const char *begin, *end;

  skip_blanks (parser);
  begin = parser->at;
  if (*begin == '"')
    {
      end = strchr (++begin, '"');
      if (end == NULL)
        {
          fail (parser, error, _ ("the quotation mark is not closed"));
          return NULL;
        }
      parser->at = end + 1;
      return g_strndup (begin, end - begin);
    }
  for (end = begin; !is_word_end (*end); end++)
    ;
  if (end == begin)
    {
      fail (parser, error, _ ("a name, a value or a word is missing here"));
      return NULL;
    }
  parser->at = end;
  return g_strndup (begin, end - begin);
}

/* Length of @name in bytes of @at when the text begins with it, in any case; else 0. */
static gsize
match_prefix (const char *at, const char *name)
{
  glong n_letters = g_utf8_strlen (name, -1);
  const char *end = at;
  g_autofree char *piece = NULL, *folded_piece = NULL, *folded_name = NULL;

  for (glong i = 0; i < n_letters; i++, end = g_utf8_next_char (end))
    if (*end == '\0')
      return 0;
  piece = g_strndup (at, end - at);
  folded_piece = g_utf8_casefold (piece, -1);
  folded_name = g_utf8_casefold (name, -1);
  return n_letters > 0 && strcmp (folded_piece, folded_name) == 0 ? (gsize)(end - at) : 0;
}

typedef struct
{
  gsize length;
  gsize column;
} Name;

/* The longest known name at @text; the first of equal ones. */
static Name
find_name (const Parser *parser, const char *text)
{
  Name best = { 0, 0 };

  for (gsize j = 0; j < shs_row_table_get_n_columns (parser->table); j++)
    {
      gsize length = match_prefix (text, shs_row_table_get_column (parser->table, j)->name);

      if (length > best.length)
        best = (Name){ length, j };
    }
  return best;
}

/* A name followed by a comparison; leaves the parser where it was otherwise. */
static gboolean
accept_name (Parser *parser, Name *name, ShsFilterComparison *comparison)
{
  const char *start;

  skip_blanks (parser);
  start = parser->at;
  if (*start == '"')
    {
      const char *end = strchr (start + 1, '"');

      *name = find_name (parser, start + 1);
      if (end == NULL || name->length != (gsize)(end - start - 1))
        return FALSE;
      parser->at = end + 1;
    }
  else
    {
      *name = find_name (parser, start);
      parser->at = start + name->length;
    }
  if (name->length > 0
      && (accept_comparison (parser, comparison) || accept_is_missing (parser, comparison)))
    return TRUE;
  parser->at = start;
  return FALSE;
}

static gboolean
has_word (const ShsRowTableColumn *column, const char *word)
{
  for (gsize k = 0; k < column->n_words; k++)
    if (g_ascii_strcasecmp (column->words[k], word) == 0)
      return TRUE;
  return FALSE;
}

/* "= missing" and "!= missing", unless a text of the column is called so. */
static gboolean
accept_missing (Parser *parser, gsize column, ShsFilterComparison *comparison)
{
  if ((*comparison != COMPARE_EQUAL && *comparison != COMPARE_UNEQUAL)
      || has_word (shs_row_table_get_column (parser->table, column), MISSING)
      || !accept_word (parser, MISSING))
    return FALSE;
  *comparison = *comparison == COMPARE_EQUAL ? COMPARE_MISSING : COMPARE_PRESENT;
  return TRUE;
}

/* Whether "= NA" and its like ask for cells that were read as missing: no text of the column is
 * called so. */
static gboolean
asks_for_missing (const Parser *parser, gsize column, ShsFilterComparison comparison,
                  const char *value)
{
  return (comparison == COMPARE_EQUAL || comparison == COMPARE_UNEQUAL) && value[0] != '\0'
         && shs_missing_find (value, strlen (value)) > 0
         && !has_word (shs_row_table_get_column (parser->table, column), value);
}

static ShsFilterNode *
parse_comparison (Parser *parser, Name name, ShsFilterComparison comparison, GError **error)
{
  g_autofree char *value = NULL;
  g_autoptr (ShsFilterNode) node = node_new (NODE_COMPARE, NULL, NULL);
  const char *minus;
  gboolean is_missing = comparison == COMPARE_MISSING || comparison == COMPARE_PRESENT
                        || accept_missing (parser, name.column, &comparison);

  node->comparison = comparison;
  node->column = name.column;
  if (is_missing)
    return g_steal_pointer (&node);
  value = take_text (parser, error);
  if (value == NULL)
    return NULL;
  node->text = g_utf8_casefold (value, -1);
  if (asks_for_missing (parser, name.column, comparison, value))
    {
      node->comparison = comparison == COMPARE_EQUAL ? COMPARE_SPELLED : COMPARE_PRESENT;
      return g_steal_pointer (&node);
    }
  minus = g_str_has_prefix (value, "−") ? value + strlen ("−") : NULL;
  if (!shs_number_parse (minus != NULL ? minus : value, value + strlen (value), &node->number))
    {
      node->number = NAN;
      if (shs_row_table_get_column (parser->table, name.column)->n_words == 0)
        {
          fail (parser, error, _ ("numbers are compared with a number, such as 12.5"));
          return NULL;
        }
    }
  else if (minus != NULL)
    node->number = -node->number;
  return g_steal_pointer (&node);
}

/* Says that there is no such name, and which one was perhaps meant. */
static void
fail_unknown (Parser *parser, const char *name, GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_autofree char *message = NULL;
  gssize nearest;

  for (gsize j = 0; j < shs_row_table_get_n_columns (parser->table); j++)
    {
      const ShsRowTableColumn *column = shs_row_table_get_column (parser->table, j);

      if (column->is_suggested)
        g_ptr_array_add (names, (char *)column->name);
    }
  nearest = shs_name_nearest (name, (const char *const *)names->pdata, names->len);
  if (nearest >= 0)
    message = g_strdup_printf (_ ("there is no feature called “%s”; did you mean “%s”?"), name,
                               (const char *)names->pdata[nearest]);
  else
    message = g_strdup_printf (_ ("there is no feature called “%s”; %s"), name,
                               shs_row_table_get_hint (parser->table));
  fail (parser, error, message);
}

static ShsFilterNode *
parse_primary (Parser *parser, GError **error)
{
  ShsFilterComparison comparison;
  Name name;

  if (++parser->n_parts > MAX_PARTS)
    return fail (parser, error, _ ("the question has too many parts")), NULL;
  if (accept_word (parser, "not"))
    {
      ShsFilterNode *inner;

      if (++parser->depth > MAX_DEPTH)
        return fail (parser, error, _ ("the question is nested too deeply")), NULL;
      inner = parse_primary (parser, error);
      parser->depth--;
      return inner != NULL ? node_new (NODE_NOT, inner, NULL) : NULL;
    }
  skip_blanks (parser);
  if (*parser->at == '(')
    {
      g_autoptr (ShsFilterNode) inner = NULL;

      parser->at++;
      inner = parse_or (parser, error);
      if (inner == NULL)
        return NULL;
      skip_blanks (parser);
      if (*parser->at != ')')
        return fail (parser, error, _ ("a closing parenthesis is missing here")), NULL;
      parser->at++;
      return g_steal_pointer (&inner);
    }
  if (accept_name (parser, &name, &comparison))
    return parse_comparison (parser, name, comparison, error);

  g_autofree char *text = take_text (parser, error);
  ShsFilterNode *node;

  if (text == NULL)
    return NULL;
  if (accept_comparison (parser, &comparison))
    return fail_unknown (parser, text, error), NULL;
  node = node_new (NODE_TEXT, NULL, NULL);
  node->text = g_utf8_casefold (text, -1);
  return node;
}

static gboolean
is_at_end (Parser *parser)
{
  const char *at;

  skip_blanks (parser);
  at = parser->at;
  return *at == '\0' || *at == ')'
         || (g_ascii_strncasecmp (at, "or", 2) == 0 && is_word_end (at[2]));
}

static ShsFilterNode *
parse_and (Parser *parser, GError **error)
{
  g_autoptr (ShsFilterNode) left = parse_primary (parser, error);

  while (left != NULL)
    {
      ShsFilterNode *right;

      if (!accept_word (parser, "and") && is_at_end (parser))
        break;
      right = parse_primary (parser, error);
      if (right == NULL)
        return NULL;
      left = node_new (NODE_AND, g_steal_pointer (&left), right);
    }
  return g_steal_pointer (&left);
}

static ShsFilterNode *
parse_or (Parser *parser, GError **error)
{
  g_autoptr (ShsFilterNode) left = NULL;

  if (++parser->depth > MAX_DEPTH)
    return fail (parser, error, _ ("the question is nested too deeply")), NULL;
  left = parse_and (parser, error);
  while (left != NULL && accept_word (parser, "or"))
    {
      ShsFilterNode *right = parse_and (parser, error);

      if (right == NULL)
        return NULL;
      left = node_new (NODE_OR, g_steal_pointer (&left), right);
    }
  parser->depth--;
  return g_steal_pointer (&left);
}

ShsFilterNode *
shs_filter_parse (const ShsRowTable *table, const char *text, GError **error)
{
  Parser parser = { table, text, text, 0, 0 };
  g_autoptr (ShsFilterNode) root = NULL;

  skip_blanks (&parser);
  if (*parser.at == '\0')
    return node_new (NODE_ALL, NULL, NULL);
  root = parse_or (&parser, error);
  if (root == NULL)
    return NULL;
  skip_blanks (&parser);
  if (*parser.at != '\0')
    return fail (&parser, error, _ ("there is a closing parenthesis too many")), NULL;
  return g_steal_pointer (&root);
}
