/* One text in a cell of a table, on one line. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * ShsTableCell: like GtkInscription, which in GTK 4.8 shapes a sample of text whenever it is
 * measured: a table of new rows took 15 ms for that. Cells of one font share their measure here.
 *
 * Text that is too long ends in "…" and is told whole by the tooltip. Digits are of one width.
 */
#define SHS_TYPE_TABLE_CELL (shs_table_cell_get_type ())
G_DECLARE_FINAL_TYPE (ShsTableCell, shs_table_cell, SHS, TABLE_CELL, GtkWidget)

/**
 * shs_table_cell_new:
 * @is_number: stands at the end of its cell
 * @min_chars, @nat_chars: width in usual characters
 */
GtkWidget *shs_table_cell_new (gboolean is_number, int min_chars, int nat_chars);
void shs_table_cell_set_text (ShsTableCell *self, const char *text);

G_END_DECLS
