/* A figure on a card: title, one line of what it shows, options, export, and the plot itself. */
#pragma once

#include <gtk/gtk.h>

#include "session/shs-session.h"

G_BEGIN_DECLS

#define SHS_TYPE_FIGURE_CARD (shs_figure_card_get_type ())
G_DECLARE_FINAL_TYPE (ShsFigureCard, shs_figure_card, SHS, FIGURE_CARD, GtkBox)

/** shs_figure_card_set_session: which figure of which session stands on the card. */
void shs_figure_card_set_session (ShsFigureCard *self, ShsSession *session, ShsPlace place);
/** shs_figure_card_grab: gives the keyboard to the plot. */
void shs_figure_card_grab (ShsFigureCard *self);

G_END_DECLS
