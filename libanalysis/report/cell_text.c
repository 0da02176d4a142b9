/* cell_text: cells as one line of text, and how wide that is.
 * In: typed cells with any bytes in them.  Out: printable UTF-8 in the caller's (scratch) arena.
 * The only file that knows utf8proc: the C library's wcwidth would need a locale. */
#include "libanalysis/report/cell_text.h"

#include <math.h>
#include <utf8proc.h>

#include "libanalysis/base/output.h"

#define WIDE_TERMINAL 120

pa_str pa_visible(pa_arena *arena, pa_str s)
{
    pa_out *out = pa_out_to_memory(arena);
    pa_out_visible(out, s);
    return pa_out_written(out);
}

static pa_str list_text(pa_arena *arena, const pa_table *list)
{
    pa_out *out = pa_out_to_memory(arena);
    size_t n = list ? pa_table_rows(list) : 0;
    for (size_t i = 0; i < n; i++) {
        const pa_cell *cell = &list->cells.p[i * list->n_columns];
        if (i)
            pa_out_cstr(out, ", ");
        if (cell->kind != PA_CELL_LIST) /* a list of lists has no text */
            pa_out_str(out, pa_cell_text(arena, cell, &list->columns[0].quantity));
    }
    return pa_out_written(out);
}

static pa_str double_text(pa_arena *arena, double d)
{
    if (isnan(d))
        return PA_STR("-");
    if (isinf(d))
        return d > 0 ? PA_STR("inf") : PA_STR("-inf");
    return pa_arena_format(arena, "%.6g", d + 0.0); /* + 0.0: no "-0" */
}

pa_str pa_cell_text(pa_arena *arena, const pa_cell *cell, const pa_quantity *quantity)
{
    char buf[PA_VALUE_TEXT];
    switch (cell->kind) {
    case PA_CELL_STR: return pa_visible(arena, cell->s);
    case PA_CELL_DOUBLE: return double_text(arena, cell->d);
    case PA_CELL_BOOL: return cell->b ? PA_STR("yes") : PA_STR("no");
    case PA_CELL_LIST: return list_text(arena, cell->table);
    case PA_CELL_INT: pa_count_text(buf, cell->i); break;
    case PA_CELL_SHARE: pa_percent_text(buf, cell->d); break;
    case PA_CELL_VALUE: pa_value_text(buf, cell->i, quantity->decimals, quantity->display); break;
    case PA_CELL_NONE:
    case PA_CELL_TABLE:
    case PA_CELL_OBJECT: return PA_STR("");
    }
    /* the suffix of a value may be the unit's name as the profile spells it */
    return pa_visible(arena, pa_str_trim(pa_cstr(buf)));
}

bool pa_cell_is_nested(const pa_cell *cell)
{
    return cell->kind == PA_CELL_TABLE || cell->kind == PA_CELL_OBJECT;
}

bool pa_cell_is_empty(const pa_cell *cell)
{
    switch (cell->kind) {
    case PA_CELL_NONE: return true;
    case PA_CELL_STR: return cell->s.n == 0;
    case PA_CELL_TABLE:
    case PA_CELL_LIST: return !cell->table || pa_table_rows(cell->table) == 0;
    case PA_CELL_OBJECT: return !cell->object || cell->object->items.n == 0;
    default: return false;
    }
}

/* ---- widths ------------------------------------------------------------------------------------------------- */

/* The next piece that must stay whole: a character or an escape ("\x1b"); its width in columns. */
static size_t next_atom(pa_str s, size_t *width)
{
    if (s.n >= 4 && s.p[0] == '\\' && s.p[1] == 'x') {
        *width = 4;
        return 4;
    }
    utf8proc_int32_t code;
    size_t limit = s.n < 4 ? s.n : 4;
    utf8proc_ssize_t n = utf8proc_iterate((const utf8proc_uint8_t *)s.p, (utf8proc_ssize_t)limit, &code);
    if (n <= 0) {
        *width = 1;
        return 1;
    }
    int columns = utf8proc_charwidth(code);
    *width = columns > 0 ? (size_t)columns : 0;
    return (size_t)n;
}

size_t pa_text_width(pa_str s)
{
    size_t sum = 0;
    while (s.n) {
        size_t width;
        s = pa_str_from(s, next_atom(s, &width));
        sum += width;
    }
    return sum;
}

/* Bytes of the longest start of s that fits width, with the marks that follow its last character. */
static size_t head_bytes(pa_str s, size_t width)
{
    size_t at = 0, used = 0;
    while (at < s.n) {
        size_t columns;
        size_t n = next_atom(pa_str_from(s, at), &columns);
        if (used + columns > width)
            break;
        used += columns;
        at += n;
    }
    return at;
}

/* Where the longest end of s that fits width begins; never with a mark that belongs to what is cut away. */
static size_t tail_start(pa_str s, size_t total, size_t width)
{
    size_t at = 0, passed = 0;
    while (at < s.n) {
        size_t columns;
        size_t n = next_atom(pa_str_from(s, at), &columns);
        if (total - passed <= width && columns > 0)
            break;
        passed += columns;
        at += n;
    }
    return at;
}

pa_str pa_text_cut(pa_arena *arena, pa_str s, size_t width)
{
    size_t total = pa_text_width(s);
    if (total <= width)
        return s;
    size_t kept = width ? width - 1 : 0; /* one column for the ellipsis */
    size_t tail = tail_start(s, total, kept / 2);
    pa_out *out = pa_out_to_memory(arena);
    pa_out_bytes(out, s.p, head_bytes(s, kept - kept / 2));
    if (width)
        pa_out_cstr(out, "\xE2\x80\xA6");
    pa_out_str(out, pa_str_from(s, tail));
    return pa_out_written(out);
}

/* ---- columns ------------------------------------------------------------------------------------------------ */

static bool is_shown(const pa_table *table, size_t column, const pa_render_options *options)
{
    const pa_column *c = &table->columns[column];
    bool nested = table->layout == PA_LAYOUT_RECORDS;
    if (!c->title)
        return false;
    if ((c->flags & PA_COL_WIDE) && !options->intervals && options->width < WIDE_TERMINAL)
        return false;
    for (size_t i = column; i < table->cells.n; i += table->n_columns) {
        const pa_cell *cell = &table->cells.p[i];
        if (!pa_cell_is_empty(cell) && (nested || !pa_cell_is_nested(cell)))
            return true;
    }
    return false;
}

size_t *pa_shown_columns(pa_arena *arena, const pa_table *table, const pa_render_options *options, size_t *n)
{
    size_t *columns = pa_new(arena, size_t, table->n_columns + 1);
    bool in_order = table->layout == PA_LAYOUT_RECORDS;
    *n = 0;
    for (int names = 0; names < 2; names++) {
        for (size_t i = 0; i < table->n_columns; i++) {
            int late = !in_order && (table->columns[i].flags & PA_COL_NAME);
            if (late == names && is_shown(table, i, options))
                columns[(*n)++] = i;
        }
    }
    return columns;
}
