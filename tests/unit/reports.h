/* reports.h: what a report holds, in few words, for the tests of analyses. */
#ifndef PA_TESTS_REPORTS_H
#define PA_TESTS_REPORTS_H

#include "tests/unit/views.h"

#include "libanalysis/base/output.h"
#include "libanalysis/report/report.h"

static inline const pa_cell *field_in(const pa_object *o, const char *key)
{
    for (size_t i = 0; i < o->items.n; i++)
        if (o->items.p[i].key && strcmp(o->items.p[i].key, key) == 0)
            return &o->items.p[i].cell;
    fail_msg("no field '%s'", key);
    return NULL;
}

static inline const pa_cell *cell_of(const pa_table *t, size_t row, const char *key)
{
    assert_true(row < pa_table_rows(t));
    for (size_t i = 0; i < t->n_columns; i++)
        if (t->columns[i].key && strcmp(t->columns[i].key, key) == 0)
            return &t->cells.p[row * t->n_columns + i];
    fail_msg("no column '%s'", key);
    return NULL;
}

static inline const pa_table *table_of(const pa_report *r, const char *key)
{
    return field_in(&r->root, key)->table;
}

/* The table as "a|b|c" lines of the columns named in keys ("a b c"); shares with 4 digits, nothing as "-". */
static inline void assert_table(pa_arena *a, const pa_table *t, const char *keys, const char *want)
{
    pa_out *out = pa_out_to_memory(a);
    for (size_t row = 0; row < pa_table_rows(t); row++) {
        pa_str key, rest = pa_cstr(keys);
        for (size_t i = 0; rest.n; i++) {
            rest = pa_str_cut(rest, ' ', &key);
            const pa_cell *c = cell_of(t, row, pa_arena_cstr(a, key));
            pa_out_cstr(out, i ? "|" : "");
            if (c->kind == PA_CELL_STR)
                pa_out_str(out, c->s);
            else if (c->kind == PA_CELL_NONE)
                pa_out_char(out, '-');
            else if (c->kind == PA_CELL_SHARE || c->kind == PA_CELL_DOUBLE)
                pa_out_format(out, "%.4g", c->d);
            else
                pa_out_format(out, "%lld", (long long)c->i);
        }
        pa_out_char(out, '\n');
    }
    assert_same_text(pa_out_written(out), pa_cstr(want));
}

static inline pa_str shown(pa_arena *a, const pa_report *r)
{
    pa_out *out = pa_out_to_memory(a);
    pa_err err = {0};
    assert_true(pa_render(r, "text", &(pa_render_options){0}, out, &err));
    return pa_arena_str(a, pa_out_written(out));
}

static inline void assert_shows(pa_arena *a, const pa_report *r, const char *needle)
{
    pa_str text = shown(a, r);
    if (pa_str_search(text, pa_cstr(needle)) < 0)
        fail_msg("'%s' is not in:\n%.*s", needle, (int)text.n, text.p);
}

#endif
