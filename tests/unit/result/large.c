#include "large.h"

#include "core/shs-memory.h"
#include "io/csv/shs-csv.h"
#include "model/shs-model.h"
#include "result/shs-explanation-file.h"
#include "shs-test.h"

#include <string.h>

ShsColumnMatch *
large_match (const char *model, const char *data)
{
  g_autofree char *model_file = g_strdup_printf ("data/examples/%s.json", model);
  g_autofree char *data_file = g_strdup_printf ("data/examples/%s.csv", data);
  g_autofree char *model_path = shs_test_source (model_file);
  g_autofree char *data_path = shs_test_source (data_file);
  g_autoptr (GError) error = NULL;
  g_autoptr (ShsModel) opened = shs_model_open (model_path, NULL, &error);
  g_autoptr (ShsDataset) dataset = shs_csv_open (data_path, NULL, 0, NULL, &error);
  ShsColumnMatch *match;

  shs_test_assert_no_error (error);
  match = shs_column_match_new (opened, dataset, NULL, &error);
  shs_test_assert_no_error (error);
  return match;
}

ShsExplanation *
large_explain (ShsColumnMatch *match, const ShsExplainOptions *options)
{
  g_autoptr (GError) error = NULL;
  ShsExplanation *explanation = shs_explain (match, options, NULL, NULL, &error);

  shs_test_assert_no_error (error);
  return explanation;
}

GBytes *
large_save (ShsExplanation *explanation, const char *path)
{
  double seconds = shs_explanation_get_parts (explanation)->seconds;
  g_autoptr (GError) error = NULL;
  char *content, *place;
  gsize length;

  ck_assert_msg (shs_explanation_save (explanation, path, NULL, &error), "%s",
                 error != NULL ? error->message : "");
  ck_assert (g_file_get_contents (path, &content, &length, NULL));
  place = memmem (content, length, &seconds, sizeof seconds);
  if (place != NULL)
    memset (place, 0, sizeof seconds);
  return g_bytes_new_take (content, length);
}

void
large_lift (void)
{
  shs_memory_set_limit (0);
}
