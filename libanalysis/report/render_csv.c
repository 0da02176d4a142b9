/* render_csv: the main table of a report as RFC 4180 text.
 * In: the first table of the root that has both key and label, else the first with a key, else the root's own plain
 * fields as one row.  Out: a header of keys, then rows; values in base units, exact; lines end in CR LF.
 * Cells that begin with =, +, - or @ are left as they are: a spreadsheet may take them for formulas, but names of
 * functions do begin so, and a file that is read back must hold the profile's own bytes. */
#include <math.h>

#include "libanalysis/base/output.h"
#include "libanalysis/report/render.h"

static bool is_nested(const pa_cell *cell)
{
    return cell->kind == PA_CELL_TABLE || cell->kind == PA_CELL_OBJECT || cell->kind == PA_CELL_LIST;
}

static bool needs_quotes(pa_str s)
{
    if (s.n == 0)
        return true; /* "" is an empty text, nothing at all is a missing value */
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] == '"' || s.p[i] == ',' || s.p[i] == '\n' || s.p[i] == '\r')
            return true;
    return s.p[0] == ' ' || s.p[s.n - 1] == ' '; /* some readers trim */
}

/* Valid UTF-8 stays, line breaks and tabs too; invalid bytes and other controls, which readers stop at, as \xNN. */
static void write_text(pa_out *out, pa_str s)
{
    bool quotes = needs_quotes(s);
    if (quotes)
        pa_out_char(out, '"');
    while (s.n) {
        size_t n = pa_utf8_at(s);
        unsigned char c = (unsigned char)s.p[0];
        bool control = c == 0x7F || (c < 0x20 && c != '\n' && c != '\r' && c != '\t');
        if (n == 0 || control)
            pa_out_format(out, "\\x%02x", c);
        else if (c == '"')
            pa_out_cstr(out, "\"\"");
        else
            pa_out_bytes(out, s.p, n);
        s = pa_str_from(s, n ? n : 1);
    }
    if (quotes)
        pa_out_char(out, '"');
}

static void write_cell(pa_out *out, const pa_cell *cell, const pa_quantity *quantity)
{
    switch (cell->kind) {
    case PA_CELL_STR: write_text(out, cell->s); break;
    case PA_CELL_INT: pa_out_i64(out, cell->i); break;
    case PA_CELL_VALUE: pa_out_decimal(out, cell->i, quantity->decimals); break;
    case PA_CELL_SHARE:
    case PA_CELL_DOUBLE:
        if (isfinite(cell->d))
            pa_out_format(out, "%.6g", cell->d + 0.0); /* + 0.0: no "-0" */
        break;
    case PA_CELL_BOOL: pa_out_cstr(out, cell->b ? "true" : "false"); break;
    case PA_CELL_NONE:
    case PA_CELL_TABLE:
    case PA_CELL_OBJECT:
    case PA_CELL_LIST: break;
    }
}

/* A column with a nested cell anywhere is left out, also where its rows are not written. */
static bool is_written(const pa_table *table, size_t column)
{
    if (!table->columns[column].key)
        return false;
    for (size_t i = column; i < table->cells.n; i += table->n_columns)
        if (is_nested(&table->cells.p[i]))
            return false;
    return true;
}

static void end_line(pa_out *out) { pa_out_cstr(out, "\r\n"); }

static void write_table(pa_out *out, const pa_table *table, pa_arena *scratch)
{
    size_t *columns = pa_new(scratch, size_t, table->n_columns + 1);
    size_t n = 0;
    for (size_t i = 0; i < table->n_columns; i++)
        if (is_written(table, i))
            columns[n++] = i;
    size_t rows = pa_table_rows(table);
    if (table->rule_hides && table->rule_at < rows)
        rows = table->rule_at;
    for (size_t i = 0; i < n; i++) {
        if (i)
            pa_out_char(out, ',');
        write_text(out, pa_cstr(table->columns[columns[i]].key));
    }
    end_line(out);
    for (size_t row = 0; row < rows; row++) {
        for (size_t i = 0; i < n; i++) {
            if (i)
                pa_out_char(out, ',');
            const pa_cell *cell = &table->cells.p[row * table->n_columns + columns[i]];
            write_cell(out, cell, &table->columns[columns[i]].quantity);
        }
        end_line(out);
    }
}

static void write_fields(pa_out *out, const pa_object *root)
{
    for (unsigned values = 0; values < 2; values++) {
        bool first = true;
        for (size_t i = 0; i < root->items.n; i++) {
            const pa_item *item = &root->items.p[i];
            if (item->kind != PA_ITEM_FIELD || !item->key || is_nested(&item->cell))
                continue;
            if (!first)
                pa_out_char(out, ',');
            first = false;
            if (values)
                write_cell(out, &item->cell, &item->quantity);
            else
                write_text(out, pa_cstr(item->key));
        }
        if (!first)
            end_line(out);
    }
}

static const pa_table *main_table(const pa_object *root, const char *key)
{
    const pa_table *first = NULL;
    for (size_t i = 0; i < root->items.n; i++) {
        const pa_item *item = &root->items.p[i];
        if (item->kind != PA_ITEM_FIELD || !item->key || item->cell.kind != PA_CELL_TABLE ||
            !item->cell.table)
            continue;
        if (key ? strcmp(item->key, key) == 0 : item->label != NULL)
            return item->cell.table;
        first = first ? first : item->cell.table;
    }
    return first;
}

static void render(const pa_report *report, const pa_render_options *options, pa_arena *scratch, pa_out *out)
{
    (void)options;
    const pa_table *table = main_table(&report->root, report->main);
    if (table)
        write_table(out, table, scratch);
    else
        write_fields(out, &report->root);
}

const pa_renderer pa_renderer_csv = {{"csv", "the main table, comma separated", "csv", false}, render};
