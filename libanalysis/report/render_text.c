/* render_text: a report for people at a terminal or in a pipe.
 * In: the items that have a label, and the lines, in their order.  Out: lines of printable UTF-8: "label: value",
 * tables of aligned columns two spaces apart (numbers right, names left and last), records as aligned "title: value".
 * Memory: scratch only; a table is formatted twice, once for widths, so that long ones take no memory.
 * Must not cut anything when width is 0, and color only repeats what the text says. */
#include "libanalysis/report/cell_text.h"
#include "libanalysis/report/render.h"

#define GAP           2
#define INDENT        2
#define SMALLEST_NAME 16 /* a name is not cut below this; the line wraps instead */
#define WIDEST_RULE   80

typedef struct text {
    pa_out *out;
    pa_arena *scratch;
    const pa_render_options *options;
} text;

static void write_table(text *t, const pa_table *table, size_t indent);
static void write_object(text *t, const pa_object *object, size_t indent);

static void write_emphasis(text *t, pa_str s, bool emphasis)
{
    bool bold = emphasis && t->options->color && s.n;
    if (bold)
        pa_out_cstr(t->out, "\x1b[1m");
    pa_out_str(t->out, s);
    if (bold)
        pa_out_cstr(t->out, "\x1b[0m");
}

/* ---- tables in columns -------------------------------------------------------------------------------------- */

typedef struct grid {
    const pa_table *table;
    size_t *columns, *widths; /* of what is shown, in that order */
    size_t n, rows, indent;
    size_t cut; /* names wider than this are cut; 0: never */
} grid;

static bool is_left(const pa_table *table, size_t column)
{
    return (table->columns[column].flags & (PA_COL_LEFT | PA_COL_NAME)) != 0;
}

static bool is_name(const pa_table *table, size_t column)
{
    return (table->columns[column].flags & PA_COL_NAME) != 0;
}

static pa_str grid_text(text *t, const grid *g, size_t row, size_t column)
{
    const pa_table *table = g->table;
    const pa_cell *cell = &table->cells.p[row * table->n_columns + column];
    pa_str s = pa_cell_text(t->scratch, cell, &table->columns[column].quantity);
    return g->cut && is_name(table, column) ? pa_text_cut(t->scratch, s, g->cut) : s;
}

static void measure(text *t, grid *g)
{
    for (size_t i = 0; i < g->n; i++) {
        size_t column = g->columns[i];
        g->widths[i] = pa_text_width(pa_visible(t->scratch, pa_cstr(g->table->columns[column].title)));
        for (size_t row = 0; row < g->rows; row++) {
            pa_mark mark = pa_arena_mark(t->scratch);
            size_t width = pa_text_width(grid_text(t, g, row, column));
            pa_arena_rewind(t->scratch, mark);
            g->widths[i] = width > g->widths[i] ? width : g->widths[i];
        }
    }
}

/* What the terminal leaves to the names, shared evenly if there are several name columns. */
static void limit_names(text *t, grid *g)
{
    size_t taken = g->indent, names = 0;
    for (size_t i = 0; i < g->n; i++) {
        bool name = is_name(g->table, g->columns[i]);
        names += name;
        taken += (i ? GAP : 0) + (name ? 0 : g->widths[i]);
    }
    if (t->options->width == 0 || names == 0)
        return;
    size_t room = t->options->width > taken ? (t->options->width - taken) / names : 0;
    g->cut = room > SMALLEST_NAME ? room : SMALLEST_NAME;
    for (size_t i = 0; i < g->n; i++)
        if (is_name(g->table, g->columns[i]) && g->widths[i] > g->cut)
            g->widths[i] = g->cut;
}

/* One line; row g->rows is the heading.  Blanks are owed until something follows them: no line ends in blanks. */
static void write_row(text *t, const grid *g, size_t row)
{
    size_t owed = g->indent;
    for (size_t i = 0; i < g->n; i++) {
        size_t column = g->columns[i];
        const pa_column *c = &g->table->columns[column];
        pa_mark mark = pa_arena_mark(t->scratch);
        bool heading = row == g->rows;
        pa_str s = heading ? pa_visible(t->scratch, pa_cstr(c->title)) : grid_text(t, g, row, column);
        size_t width = pa_text_width(s);
        size_t blanks = g->widths[i] > width ? g->widths[i] - width : 0;
        bool left = is_left(g->table, column);
        owed += (i ? GAP : 0) + (left ? 0 : blanks);
        if (s.n) {
            pa_out_repeat(t->out, ' ', owed);
            write_emphasis(t, s, !heading && (c->flags & PA_COL_EMPHASIS));
            owed = 0;
        } else {
            owed += width;
        }
        owed += left ? blanks : 0;
        pa_arena_rewind(t->scratch, mark);
    }
    pa_out_char(t->out, '\n');
}

static void write_rule(text *t, const grid *g)
{
    size_t width = 0;
    size_t most = t->options->width ? t->options->width : WIDEST_RULE;
    for (size_t i = 0; i < g->n; i++)
        width += (i ? GAP : 0) + g->widths[i];
    most = most > g->indent ? most - g->indent : 1;
    pa_out_repeat(t->out, ' ', g->indent);
    pa_out_repeat(t->out, '-', width < most ? width : most);
    pa_out_char(t->out, '\n');
}

static void write_columns(text *t, const pa_table *table, size_t indent)
{
    grid g = {.table = table, .rows = pa_table_rows(table), .indent = indent};
    g.columns = pa_shown_columns(t->scratch, table, t->options, &g.n);
    g.widths = pa_new(t->scratch, size_t, g.n + 1);
    if (g.n == 0)
        return;
    measure(t, &g);
    limit_names(t, &g);
    write_row(t, &g, g.rows);
    for (size_t row = 0; row < g.rows; row++) {
        if (row && row == table->rule_at)
            write_rule(t, &g);
        write_row(t, &g, row);
    }
}

/* ---- "label: value" ----------------------------------------------------------------------------------------- */

/* "label: " with the value from column `align` on at the earliest. */
static void write_labelled(text *t, const char *label, size_t align, pa_str value, size_t indent,
                           bool emphasis)
{
    pa_str shown = pa_visible(t->scratch, pa_cstr(label));
    size_t width = shown.n ? pa_text_width(shown) + 2 : 0;
    pa_out *line = pa_out_to_memory(t->scratch);
    if (shown.n) {
        pa_out_str(line, shown);
        pa_out_cstr(line, ": ");
        pa_out_repeat(line, ' ', align > width ? align - width : 0);
    }
    pa_out_str(line, value);
    pa_out_repeat(t->out, ' ', indent);
    write_emphasis(t, pa_out_written(line), emphasis);
    pa_out_char(t->out, '\n');
}

static void write_heading(text *t, const char *label, size_t indent, bool emphasis)
{
    if (!label[0])
        return;
    pa_out_repeat(t->out, ' ', indent);
    pa_str shown = pa_visible(t->scratch, pa_cstr(label));
    pa_out *line = pa_out_to_memory(t->scratch);
    pa_out_str(line, shown);
    pa_out_char(line, ':');
    write_emphasis(t, pa_out_written(line), emphasis);
    pa_out_char(t->out, '\n');
}

static void write_nested(text *t, const pa_cell *cell, size_t indent)
{
    if (cell->kind == PA_CELL_TABLE)
        write_table(t, cell->table, indent);
    else
        write_object(t, cell->object, indent);
}

/* ---- records ------------------------------------------------------------------------------------------------ */

static void write_record(text *t, const pa_table *table, const size_t *columns, size_t n, size_t row,
                         size_t align, size_t indent)
{
    for (size_t i = 0; i < n; i++) {
        const pa_column *c = &table->columns[columns[i]];
        const pa_cell *cell = &table->cells.p[row * table->n_columns + columns[i]];
        if (pa_cell_is_empty(cell))
            continue;
        pa_mark mark = pa_arena_mark(t->scratch);
        if (pa_cell_is_nested(cell)) {
            write_heading(t, c->title, indent, false);
            write_nested(t, cell, indent + (c->title[0] ? INDENT : 0));
        } else {
            pa_str value = pa_cell_text(t->scratch, cell, &c->quantity);
            write_labelled(t, c->title, align, value, indent, (c->flags & PA_COL_EMPHASIS) != 0);
        }
        pa_arena_rewind(t->scratch, mark);
    }
}

/* The column values start at: behind the longest title that stands before a value. */
static size_t record_align(text *t, const pa_table *table, const size_t *columns, size_t n)
{
    size_t align = 0;
    for (size_t i = 0; i < n; i++) {
        bool has_value = false;
        for (size_t at = columns[i]; at < table->cells.n; at += table->n_columns)
            has_value |= !pa_cell_is_empty(&table->cells.p[at]) && !pa_cell_is_nested(&table->cells.p[at]);
        size_t width = pa_text_width(pa_visible(t->scratch, pa_cstr(table->columns[columns[i]].title))) + 2;
        align = has_value && width > align ? width : align;
    }
    return align;
}

static void write_records(text *t, const pa_table *table, size_t indent)
{
    size_t n;
    size_t *columns = pa_shown_columns(t->scratch, table, t->options, &n);
    size_t align = record_align(t, table, columns, n);
    for (size_t row = 0; row < pa_table_rows(table); row++) {
        if (row)
            pa_out_char(t->out, '\n');
        write_record(t, table, columns, n, row, align, indent);
    }
}

static void write_table(text *t, const pa_table *table, size_t indent)
{
    pa_mark mark = pa_arena_mark(t->scratch);
    if (table->layout == PA_LAYOUT_RECORDS)
        write_records(t, table, indent);
    else
        write_columns(t, table, indent);
    pa_arena_rewind(t->scratch, mark);
}

/* ---- items -------------------------------------------------------------------------------------------------- */

static void write_item(text *t, const pa_item *item, size_t indent)
{
    if (item->kind == PA_ITEM_LINE) {
        pa_str line = pa_visible(t->scratch, item->cell.s);
        pa_out_repeat(t->out, ' ', line.n ? indent : 0);
        write_emphasis(t, line, item->emphasis);
        pa_out_char(t->out, '\n');
        return;
    }
    if (!item->label || pa_cell_is_empty(&item->cell))
        return;
    if (pa_cell_is_nested(&item->cell)) {
        write_heading(t, item->label, indent, item->emphasis);
        write_nested(t, &item->cell,
                     indent + (item->cell.kind == PA_CELL_OBJECT && item->label[0] ? INDENT : 0));
        return;
    }
    pa_str value = pa_cell_text(t->scratch, &item->cell, &item->quantity);
    write_labelled(t, item->label, 0, value, indent, item->emphasis);
}

static void write_object(text *t, const pa_object *object, size_t indent)
{
    for (size_t i = 0; i < object->items.n; i++) {
        pa_mark mark = pa_arena_mark(t->scratch);
        write_item(t, &object->items.p[i], indent);
        pa_arena_rewind(t->scratch, mark);
    }
}

static void render(const pa_report *report, const pa_render_options *options, pa_arena *scratch, pa_out *out)
{
    text t = {out, scratch, options};
    write_object(&t, &report->root, 0);
}

const pa_renderer pa_renderer_text = {{"text", "aligned text for people", "txt", false}, render};
