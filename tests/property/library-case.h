/* Models that the libraries wrote, with rows and what the library said of them. */
#pragma once

#include "core/shs-matrix.h"
#include "model/shs-model.h"

G_BEGIN_DECLS

/**
 * LibraryCase:
 * @name: for messages: "xgboost/3.4.1/binary.json"
 * @rows: n x n_features of the model, in its codes
 * @mapped: the rows as the model's ensemble takes them; @owned: their memory, where they need any
 * @said: (nullable): n x what the link gives (or the margins): the library's own numbers
 * @said_margins: whether @said are margins
 */
typedef struct
{
  char *name;
  ShsModel *model;
  ShsMatrix *rows;
  const ShsMatrix *mapped;
  ShsMatrix *owned;
  ShsMatrix *said;
  gboolean said_margins;
} LibraryCase;

/** library_case_list: (transfer full): paths of the model files under tests/fixtures/@library that
 * have an oracle beside them. */
GPtrArray *library_case_list (const char *library);

/** library_case_open: FALSE for a model that is refused because it cannot be explained; every other
 * fault ends the test. */
gboolean library_case_open (LibraryCase *self, const char *path);
void library_case_clear (LibraryCase *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LibraryCase, library_case_clear)

G_END_DECLS
