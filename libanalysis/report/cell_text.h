/* cell_text: what the renderers for people share: a cell as text, widths on a screen, which columns are shown. */
#ifndef PA_REPORT_CELL_TEXT_H
#define PA_REPORT_CELL_TEXT_H

#include "libanalysis/report/report.h"

/* The cell on one line of printable UTF-8 (see pa_out_visible), in the arena; "" for what has no text: none, tables
 * and objects.  Lists are joined by ", ". */
pa_str pa_cell_text(pa_arena *arena, const pa_cell *cell, const pa_quantity *quantity);
/* s as pa_out_visible writes it, in the arena. */
pa_str pa_visible(pa_arena *arena, pa_str s);
/* A table or an object. */
bool pa_cell_is_nested(const pa_cell *cell);
/* Nothing to show: none, an empty text, list or table. */
bool pa_cell_is_empty(const pa_cell *cell);

/* Columns on a terminal that escaped text takes. */
size_t pa_text_width(pa_str s);
/* Escaped text cut in the middle with an ellipsis to at most width columns; never inside a character (with the marks
 * that combine with it) or an escape. */
pa_str pa_text_cut(pa_arena *arena, pa_str s, size_t width);

/* Indexes of the columns people see: with a title, not empty in every row, not wide unless asked for.  For records in
 * their own order with nested ones among them, else without those and names last. */
size_t *pa_shown_columns(pa_arena *arena, const pa_table *table, const pa_render_options *options, size_t *n);

#endif
