/* render_markdown: a report to be pasted into an issue, a review or a job summary (GitHub's dialect).
 * In: what render_text shows.  Out: paragraphs, pipe tables, records as paragraphs of lines.
 * Names stand in code spans; all other text is escaped, so no byte of a profile becomes markup.
 * Memory: scratch only.  Nothing is cut. */
#include "libanalysis/report/cell_text.h"
#include "libanalysis/report/render.h"

typedef struct page {
    pa_out *out;
    pa_arena *scratch;
    const pa_render_options *options;
    bool in_paragraph; /* the line before is not ended yet */
    bool started;      /* a block needs an empty line before it */
} page;

/* ---- text --------------------------------------------------------------------------------------------------- */

static bool is_markup(char c) { return c && strchr("\\`*_{}[]<>|~&#$", c) != NULL; }

/* "-", "+" and "=" at the start of a line, "1." and "1)": lists and headings. */
static size_t block_mark(pa_str s)
{
    size_t digits = 0;
    if (s.n && (s.p[0] == '-' || s.p[0] == '+' || s.p[0] == '='))
        return 0;
    while (digits < s.n && s.p[digits] >= '0' && s.p[digits] <= '9')
        digits++;
    return digits && digits < s.n && (s.p[digits] == '.' || s.p[digits] == ')') ? digits : s.n;
}

/* s is escaped already: printable and on one line. */
static void write_plain(page *p, pa_str s, bool starts_line)
{
    while (starts_line && s.n && s.p[0] == ' ') /* four of them would be a code block */
        s = pa_str_from(s, 1);
    size_t mark = starts_line ? block_mark(s) : s.n;
    for (size_t i = 0; i < s.n; i++) {
        if (i == mark || is_markup(s.p[i]))
            pa_out_char(p->out, '\\');
        pa_out_char(p->out, s.p[i]);
    }
}

/* A span fenced by one more backtick than the longest run inside; a pipe would end the table's cell even there. */
static void write_code(page *p, pa_str s)
{
    size_t run = 0, longest = 0;
    if (s.n == 0)
        return;
    for (size_t i = 0; i < s.n; i++) {
        run = s.p[i] == '`' ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    bool blank_ends =
        s.p[0] == ' ' && s.p[s.n - 1] == ' ' && pa_str_trim(s).n; /* one at each end is dropped */
    bool pad = s.p[0] == '`' || s.p[s.n - 1] == '`' || blank_ends;
    pa_out_repeat(p->out, '`', longest + 1);
    pa_out_repeat(p->out, ' ', pad);
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '|')
            pa_out_char(p->out, '\\');
        pa_out_char(p->out, s.p[i]);
    }
    pa_out_repeat(p->out, ' ', pad);
    pa_out_repeat(p->out, '`', longest + 1);
}

/* ---- blocks ------------------------------------------------------------------------------------------------- */

static void end_paragraph(page *p)
{
    if (p->in_paragraph)
        pa_out_char(p->out, '\n');
    p->in_paragraph = false;
}

static void start_block(page *p)
{
    end_paragraph(p);
    if (p->started)
        pa_out_char(p->out, '\n');
    p->started = true;
}

/* Lines that follow one another are one paragraph with hard breaks. */
static void start_line(page *p)
{
    if (p->in_paragraph)
        pa_out_cstr(p->out, "  \n");
    else
        start_block(p);
    p->in_paragraph = true;
}

static void write_line(page *p, const char *label, pa_str value, bool emphasis)
{
    pa_str shown = pa_visible(p->scratch, pa_cstr(label));
    pa_str body = shown.n ? shown : value;
    if (pa_str_trim(body).n == 0) {
        end_paragraph(p);
        return;
    }
    start_line(p);
    if (emphasis)
        pa_out_cstr(p->out, "**");
    write_plain(p, pa_str_trim(body), true);
    if (shown.n) {
        pa_out_cstr(p->out, ": ");
        write_plain(p, value, false);
    }
    if (emphasis)
        pa_out_cstr(p->out, "**");
}

static void write_heading(page *p, const char *label)
{
    pa_str shown = pa_str_trim(pa_visible(p->scratch, pa_cstr(label)));
    end_paragraph(p);
    if (shown.n)
        write_line(p, "", shown, true);
    end_paragraph(p);
}

/* ---- tables ------------------------------------------------------------------------------------------------- */

static void write_table_head(page *p, const pa_table *table, const size_t *columns, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        pa_out_cstr(p->out, "| ");
        write_plain(p, pa_visible(p->scratch, pa_cstr(table->columns[columns[i]].title)), false);
        pa_out_char(p->out, ' ');
    }
    pa_out_cstr(p->out, "|\n");
    for (size_t i = 0; i < n; i++)
        pa_out_cstr(p->out,
                    table->columns[columns[i]].flags & (PA_COL_LEFT | PA_COL_NAME) ? "| :--- " : "| ---: ");
    pa_out_cstr(p->out, "|\n");
}

static void write_cell(page *p, const pa_column *column, const pa_cell *cell)
{
    pa_str s = pa_cell_text(p->scratch, cell, &column->quantity);
    if (column->flags & PA_COL_NAME)
        write_code(p, s);
    else
        write_plain(p, s, false);
}

static void write_columns(page *p, const pa_table *table)
{
    size_t n;
    size_t *columns = pa_shown_columns(p->scratch, table, p->options, &n);
    if (n == 0)
        return;
    start_block(p);
    write_table_head(p, table, columns, n);
    for (size_t row = 0; row < pa_table_rows(table); row++) {
        for (size_t i = 0; i < n; i++) {
            pa_mark mark = pa_arena_mark(p->scratch);
            pa_out_cstr(p->out, "| ");
            write_cell(p, &table->columns[columns[i]], &table->cells.p[row * table->n_columns + columns[i]]);
            pa_out_char(p->out, ' ');
            pa_arena_rewind(p->scratch, mark);
        }
        pa_out_cstr(p->out, "|\n");
    }
}

static void write_object(page *p, const pa_object *object);
static void write_table(page *p, const pa_table *table);

static void write_nested(page *p, const char *label, const pa_cell *cell)
{
    write_heading(p, label);
    if (cell->kind == PA_CELL_TABLE)
        write_table(p, cell->table);
    else
        write_object(p, cell->object);
    end_paragraph(p);
}

/* One paragraph of "title: value" lines a record; its tables follow as blocks of their own. */
static void write_records(page *p, const pa_table *table)
{
    size_t n;
    size_t *columns = pa_shown_columns(p->scratch, table, p->options, &n);
    for (size_t row = 0; row < pa_table_rows(table); row++) {
        end_paragraph(p);
        for (size_t i = 0; i < n; i++) {
            const pa_column *c = &table->columns[columns[i]];
            const pa_cell *cell = &table->cells.p[row * table->n_columns + columns[i]];
            if (pa_cell_is_empty(cell))
                continue;
            if (pa_cell_is_nested(cell))
                write_nested(p, c->title, cell);
            else
                write_line(p, c->title, pa_cell_text(p->scratch, cell, &c->quantity), false);
        }
    }
    end_paragraph(p);
}

static void write_table(page *p, const pa_table *table)
{
    if (table->layout == PA_LAYOUT_RECORDS)
        write_records(p, table);
    else
        write_columns(p, table);
}

/* ---- items -------------------------------------------------------------------------------------------------- */

static void write_item(page *p, const pa_item *item)
{
    if (item->kind == PA_ITEM_LINE)
        write_line(p, "", pa_visible(p->scratch, item->cell.s), item->emphasis);
    else if (!item->label || pa_cell_is_empty(&item->cell))
        return;
    else if (pa_cell_is_nested(&item->cell))
        write_nested(p, item->label, &item->cell);
    else
        write_line(p, item->label, pa_cell_text(p->scratch, &item->cell, &item->quantity), item->emphasis);
}

static void write_object(page *p, const pa_object *object)
{
    for (size_t i = 0; i < object->items.n; i++) {
        pa_mark mark = pa_arena_mark(p->scratch);
        write_item(p, &object->items.p[i]);
        pa_arena_rewind(p->scratch, mark);
    }
}

static void render(const pa_report *report, const pa_render_options *options, pa_arena *scratch, pa_out *out)
{
    page p = {.out = out, .scratch = scratch, .options = options};
    write_object(&p, &report->root);
    end_paragraph(&p);
}

const pa_renderer pa_renderer_markdown = {
    {"markdown", "Markdown for issues and job summaries", "md markdown", false}, render};
