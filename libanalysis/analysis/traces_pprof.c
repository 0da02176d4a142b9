/* traces_pprof.c: all rows of a view as `go tool pprof -traces` prints samples: labels, value, frames leaf first.
 * In: a view.  Out: lines.  Samples that were alike when read, or became so by a rewrite, are one row here. */
#include <stdio.h>
#include <stdlib.h>

#include "libanalysis/analysis/graph.h"
#include "libanalysis/base/output.h"

#define SEPARATOR "-----------+-------------------------------------------------------"

typedef struct tracing {
    const pa_view *view;
    pa_report *report;
    pa_arena *scratch;
    pa_pprof_values values;
    pa_str *units; /* per string: unit of the numeric labels of that key; p NULL: not met yet */
} tracing;

/* The first unit met with a key counts for all its values; without one some keys are known to be sizes, and others are
 * tried as units themselves. */
static void find_units(tracing *t)
{
    const pa_profile *p = t->view->source;
    t->units = pa_new(t->scratch, pa_str, p->n_strings);
    for (uint32_t i = 0; i < p->n_contexts; i++) {
        pa_labels labels = pa_context_at(p, (pa_context_id){i});
        for (size_t j = 0; j < labels.n; j++)
            if (labels.p[j].numeric && labels.p[j].str.v && !t->units[labels.p[j].key.v].p)
                t->units[labels.p[j].key.v] = pa_string(p, labels.p[j].str);
    }
}

static pa_str unit_of(const tracing *t, pa_str_id key)
{
    pa_str name = pa_string(t->view->profile, key);
    if (key.v < t->view->source->n_strings && t->units[key.v].p)
        return t->units[key.v];
    return pa_str_is(name, "alignment") || pa_str_is(name, "request") ? PA_STR("bytes") : name;
}

static void put_number(pa_out *out, int64_t n, pa_str unit)
{
    pa_display display = {1, ""};
    pa_dimension dimension = PA_DIM_OTHER;
    int64_t factor = 1, base = n;
    char text[PA_VALUE_TEXT];
    if (pa_unit_parse(unit, &dimension, &factor) && pa_pprof_scales(dimension, unit)) {
        if (__builtin_mul_overflow(n, factor, &base))
            base = n < 0 ? -INT64_MAX : INT64_MAX;
        display = pa_display_one(dimension, base);
    }
    pa_value_text(text, base, 0, display);
    pa_out_cstr(out, text);
}

/* pprof forgets a numeric label of 0 without a unit: in the file it looks as if it were not there. */
static bool is_label(const pa_label *l, bool numeric)
{
    return l->numeric == numeric && (!numeric || l->num || l->str.v);
}

/* "       key:  value value" of the labels with the key of labels.p[at], or nothing if an earlier one had it. */
static pa_str label_line(tracing *t, pa_labels labels, size_t at, bool numeric)
{
    const pa_profile *p = t->view->profile;
    pa_str_id key = labels.p[at].key;
    for (size_t i = 0; i < at; i++)
        if (is_label(&labels.p[i], numeric) && labels.p[i].key.v == key.v)
            return (pa_str){0};
    pa_out *out = pa_out_to_memory(t->scratch);
    pa_str name = pa_string(p, key);
    int blanks = pa_pprof_width(pa_arena_cstr(t->scratch, name), 10) - (int)name.n;
    pa_out_repeat(out, ' ', blanks > 0 ? (size_t)blanks : 0);
    pa_out_str(out, name);
    pa_out_cstr(out, ": ");
    for (size_t i = at; i < labels.n; i++) {
        if (!is_label(&labels.p[i], numeric) || labels.p[i].key.v != key.v)
            continue;
        pa_out_cstr(out, " ");
        if (numeric)
            put_number(out, labels.p[i].num, unit_of(t, key));
        else
            pa_out_str(out, pa_string(p, labels.p[i].str));
    }
    return pa_out_written(out);
}

static int compare_lines(const void *a, const void *b)
{
    return pa_str_cmp(*(const pa_str *)a, *(const pa_str *)b);
}

static void label_lines(tracing *t, pa_context_id context, bool numeric)
{
    pa_labels labels = pa_context_at(t->view->profile, context);
    pa_str *lines = pa_new(t->scratch, pa_str, labels.n);
    size_t n = 0;
    for (size_t i = 0; i < labels.n; i++) {
        pa_str line = is_label(&labels.p[i], numeric) ? label_line(t, labels, i, numeric) : (pa_str){0};
        if (line.n)
            lines[n++] = line;
    }
    if (n > 1)
        qsort(lines, n, sizeof *lines, compare_lines);
    for (size_t i = 0; i < n; i++)
        pa_pprof_line(t->report, "", lines[i], "");
}

static void trace_lines(tracing *t, size_t row)
{
    const pa_view *v = t->view;
    const pa_stream *s = pa_view_stream(v);
    pa_frames f = pa_stack_at(v->profile, s->stack[row]);
    char value[PA_VALUE_TEXT];
    if (f.n == 0)
        return;
    pa_pprof_line(t->report, SEPARATOR, (pa_str){0}, "");
    label_lines(t, s->context[row], false);
    label_lines(t, s->context[row], true);
    pa_pprof_value(&t->values, pa_view_value(v, row), value);
    for (size_t i = f.n; i-- > 0;) {
        char figures[PA_VALUE_TEXT + 16];
        snprintf(figures, sizeof figures, "%*s   ", pa_pprof_width(value, 10), value);
        bool inlined = pa_frame_at(v->profile, f.p[i])->flags & PA_FRAME_INLINED;
        pa_pprof_line(t->report, figures, v->groups[v->group_of_frame[f.p[i].v]].name,
                      inlined ? " (inline)" : "");
        value[0] = '\0';
    }
}

bool pa_traces_as_pprof(pa_report *report, const pa_view *view, const char *unit, pa_arena *scratch,
                        pa_err *err)
{
    tracing t = {.view = view, .report = report, .scratch = scratch};
    if (!view->group_of_frame)
        return pa_fail(err, PA_E_USAGE, PA_NO_OFFSET, "traces need rows that are frames");
    t.values = pa_pprof_values_of(view, report->arena, unit, false, 0);
    size_t before = report->root.items.n;
    pa_pprof_profile_lines(report, view, &t.values);
    if (report->root.items.n == before) /* pprof's heading of no lines */
        pa_pprof_line(report, "", (pa_str){0}, "");
    find_units(&t);
    for (size_t i = 0; i < pa_view_stream(view)->n_rows; i++)
        if (pa_view_has_row(view, i))
            trace_lines(&t, i);
    pa_pprof_line(report, SEPARATOR, (pa_str){0}, "");
    return true;
}
