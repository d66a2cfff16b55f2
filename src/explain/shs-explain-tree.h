/* What the explainers of tree ensembles share. */
#pragma once

#include "explain/shs-explain-interactions.h"
#include "tree/shs-tree-background.h"

G_BEGIN_DECLS

typedef struct _ShsTreeRun ShsTreeRun;

/** ShsTreeValuesFunc: values of a block: @features as the ensemble takes them, @of_players
 * n x (n_players * n_outputs), to fill. */
typedef gboolean (*ShsTreeValuesFunc) (const ShsTreeRun *run, const ShsMatrix *features,
                                       ShsMatrix *of_players, GError **error);

/**
 * ShsTreeRun: an ensemble on its way through a frame.
 * @ensemble: the model's, or a copy of it with other covers
 * @background: (nullable): of the interventional game
 * @values: the kernel; @data: (nullable): its own
 * @interactions: (nullable)
 */
struct _ShsTreeRun
{
  ShsExplainFrame *frame;
  ShsTreeEnsemble *ensemble;
  ShsTreeBackground *background;
  ShsTreeOptions options;
  ShsTreeValuesFunc values;
  gpointer data;
  ShsExplainInteractions *interactions;
};

/** shs_tree_run_init: the model's ensemble and the frame's options. */
void shs_tree_run_init (ShsTreeRun *self, ShsExplainFrame *frame, ShsTreeValuesFunc values);
void shs_tree_run_clear (ShsTreeRun *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ShsTreeRun, shs_tree_run_clear)

/**
 * shs_tree_run_weigh: gets the run ready for a game that goes by covers: the model's own, or, where
 * the options have a background, covers counted from its rows; says so in the provenance, and
 * fills the base values.
 */
gboolean shs_tree_run_weigh (ShsTreeRun *self, GError **error);

/** shs_tree_run_choose_kernel: of shs_tree_path_dependent(), for all rows of the frame; says so. */
gboolean shs_tree_run_choose_kernel (ShsTreeRun *self, GError **error);

/** shs_tree_run_read_background: (transfer full): all rows of the options' background, as the
 * ensemble takes them. */
ShsMatrix *shs_tree_run_read_background (ShsTreeRun *self, GError **error);

/** shs_tree_run_against: compares all blocks of the frame with the options' background, by the
 * index of @self->options, in the quicker way; says in the provenance which. */
gboolean shs_tree_run_against (ShsTreeRun *self, GError **error);

/** shs_tree_run: all blocks of the frame, with interactions where they are asked for. */
gboolean shs_tree_run (ShsTreeRun *self, GError **error);

G_END_DECLS
