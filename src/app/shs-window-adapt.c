/* What the window makes of its size: where sidebar and switcher stand, which buttons there are. */
#include "app/shs-window-private.h"

#include "app/shs-accessible.h"
#include "app/shs-explain-control.h"
#include "app/shs-overview-layout.h"
#include "app/shs-start-page.h"
#include "core/shs-i18n.h"

/* Below this width the sidebar lies over the content instead of beside it. */
#define FOLD_WIDTH 900

/* Lines of a problem that are shown: in a low window they leave the rows in sight, in a narrow one
   the page scrolls anyway. */
#define LOW_HEIGHT 660
#define PROBLEM_LINES 6
#define LOW_PROBLEM_LINES 3
#define NARROW_PROBLEM_LINES 18

/* No word is cut short: without room for all of them the switcher stands at the bottom. */
static void
claim_room (GtkWidget *switcher)
{
  int natural;

  gtk_widget_measure (switcher, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &natural, NULL, NULL);
  gtk_widget_set_size_request (switcher, natural, -1);
}

/* The switcher of pages stands in the header, icons above words when that is short, or at the
   bottom when it is shorter still. */
void
shs_window_update_switcher (ShsWindow *self)
{
  gboolean has_pages = shs_session_get_explanation (self->session) != NULL;
  AdwSqueezer *squeezer = ADW_SQUEEZER (self->title_squeezer);
  GtkWidget *shown;

  if (has_pages)
    claim_room (self->narrow_switcher);
  adw_squeezer_page_set_enabled (adw_squeezer_get_page (squeezer, self->wide_switcher), has_pages);
  adw_squeezer_page_set_enabled (adw_squeezer_get_page (squeezer, self->narrow_switcher),
                                 has_pages && !self->is_narrow);
  shown = adw_squeezer_get_visible_child (squeezer);
  adw_view_switcher_bar_set_reveal (ADW_VIEW_SWITCHER_BAR (self->view_switcher_bar),
                                    has_pages && shown != self->wide_switcher
                                        && shown != self->narrow_switcher);
}

/* What the main menu offers too leaves a narrow header. */
static void
adapt_header (ShsWindow *self)
{
  gtk_widget_set_visible (self->find_button, !self->is_narrow);
  gtk_widget_set_visible (self->export_button, !self->is_narrow);
  if (self->is_narrow)
    adw_split_button_set_icon_name (ADW_SPLIT_BUTTON (self->open_button), "document-open-symbolic");
  else
    adw_split_button_set_label (ADW_SPLIT_BUTTON (self->open_button), _ ("_Open"));
  shs_explain_control_set_narrow (SHS_EXPLAIN_CONTROL (self->explain_control), self->is_narrow);
  shs_accessible_name_buttons (self->open_button);
  if (self->is_narrow)
    shs_accessible_name_icon (gtk_widget_get_first_child (self->open_button), _ ("Open"));
}

/* The text of a problem stands beside its buttons, in a narrow window above them. */
static void
adapt_problem (ShsWindow *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->problem_bar),
                                  self->is_narrow ? GTK_ORIENTATION_VERTICAL
                                                  : GTK_ORIENTATION_HORIZONTAL);
}

static void
adapt_problem_height (ShsWindow *self, int height)
{
  GtkLabel *label = GTK_LABEL (self->problem_label);
  int n = self->is_narrow       ? NARROW_PROBLEM_LINES
          : height < LOW_HEIGHT ? LOW_PROBLEM_LINES
                                : PROBLEM_LINES;

  if (gtk_label_get_lines (label) != n)
    gtk_label_set_lines (label, n);
}

void
shs_window_adapt (ShsWindow *self, int width, int height)
{
  AdwFlapFoldPolicy policy
      = width < FOLD_WIDTH ? ADW_FLAP_FOLD_POLICY_ALWAYS : ADW_FLAP_FOLD_POLICY_NEVER;

  if (adw_flap_get_fold_policy (ADW_FLAP (self->flap)) != policy)
    adw_flap_set_fold_policy (ADW_FLAP (self->flap), policy);
  if ((width < SHS_NARROW_WIDTH) != self->is_narrow)
    {
      self->is_narrow = width < SHS_NARROW_WIDTH;
      adapt_header (self);
      adapt_problem (self);
      shs_window_update_switcher (self);
    }
  shs_start_page_adapt (SHS_START_PAGE (self->start_page), width, height);
  adapt_problem_height (self, height);
}
