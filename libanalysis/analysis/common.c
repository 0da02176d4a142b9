/* common.c: the head of every report, and how values of a view are shown.
 * In: a view.  Out: fields for machines, lines for people: damage first. */
#include "libanalysis/analysis/analysis.h"

pa_str pa_metric_unit(const pa_profile *p, const pa_metric *m)
{
    const char *base = pa_unit_base(m->dimension);
    return base[0] ? pa_cstr(base) : pa_string(p, m->unit);
}

bool pa_view_quantity(const pa_view *view, int64_t min, const char *unit, pa_quantity *quantity, pa_err *err)
{
    const pa_metric *m = pa_view_metric(view);
    int64_t scale = m->decimals ? PA_FRACTION_SCALE : 1;
    quantity->decimals = m->decimals;
    if (unit && unit[0]) {
        if (pa_display_named(m->dimension, pa_cstr(unit), &quantity->display))
            return true;
        pa_str own = pa_string(view->source, m->unit);
        return pa_fail(err, PA_E_USAGE, PA_NO_OFFSET, "unit: values in '%.*s' cannot be shown in '%s'",
                       (int)own.n, own.n ? own.p : "", unit);
    }
    quantity->display = pa_display_pick(m->dimension, min / scale, view->total / scale);
    return true;
}

pa_str pa_quantity_text(pa_arena *arena, int64_t value, pa_quantity q)
{
    char text[PA_VALUE_TEXT];
    pa_value_text(text, value, q.decimals, q.display);
    return pa_arena_str(arena, pa_cstr(text));
}

/* ---- tables for machines ------------------------------------------------------------------------------------- */

bool pa_profile_complete(const pa_profile *p)
{
    for (size_t i = 0; i < p->n_inputs; i++)
        if (!p->inputs[i].complete)
            return false;
    return true;
}

const pa_table *pa_inputs_table(pa_arena *arena, const pa_profile *p)
{
    static const pa_column columns[] = {
        {.key = "file", .title = "file", .flags = PA_COL_LEFT},
        {.key = "format", .title = "format", .flags = PA_COL_LEFT},
        {.key = "complete", .title = "complete"},
    };
    pa_table *t = pa_table_new(arena, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < p->n_inputs; i++) {
        pa_cell *row = pa_table_row(arena, t);
        row[0] = pa_cell_str(pa_string(p, p->inputs[i].name));
        row[1] = pa_cell_cstr(p->inputs[i].format);
        row[2] = pa_cell_bool(p->inputs[i].complete);
    }
    return t;
}

const pa_table *pa_diagnostics_table(pa_arena *arena, const pa_profile *p)
{
    static const pa_column columns[] = {
        {.key = "kind", .title = "what", .flags = PA_COL_LEFT},
        {.key = "count", .title = "times"},
        {.key = "first", .title = NULL},
        {.key = "file", .title = NULL},
    };
    pa_table *t = pa_table_new(arena, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < p->diags.n; i++) {
        const pa_diag *d = &p->diags.p[i];
        pa_cell *row = pa_table_row(arena, t);
        row[0] = pa_cell_cstr(d->kind);
        row[1] = pa_cell_int(d->count > INT64_MAX ? INT64_MAX : (int64_t)d->count);
        if (d->first <= INT64_MAX)
            row[2] = pa_cell_int((int64_t)d->first);
        if (d->input < p->n_inputs)
            row[3] = pa_cell_str(pa_string(p, p->inputs[d->input].name));
    }
    return t;
}

static const pa_table *metrics_table(pa_arena *arena, const pa_profile *p)
{
    static const pa_column columns[] = {{.key = "name"}, {.key = "unit"}, {.key = "stream"}};
    pa_table *t = pa_table_new(arena, columns, sizeof columns / sizeof *columns);
    for (size_t s = 0; s < p->n_streams; s++)
        for (uint32_t m = 0; m < p->streams[s].n_metrics; m++) {
            const pa_metric *metric = &p->streams[s].metrics[m];
            pa_cell *row = pa_table_row(arena, t);
            row[0] = pa_cell_str(pa_string(p, metric->name));
            row[1] = pa_cell_str(pa_metric_unit(p, metric));
            row[2] = pa_cell_str(pa_string(p, p->streams[s].name));
        }
    return t;
}

/* ---- lines for people ---------------------------------------------------------------------------------------- */

static void damage_lines(pa_report *r, const pa_profile *p)
{
    for (size_t i = 0; i < p->n_inputs; i++) {
        pa_str name = pa_string(p, p->inputs[i].name);
        if (!p->inputs[i].complete)
            pa_report_line(r,
                           "damaged: %.*s is truncated or broken; figures are of the part that could be read",
                           (int)name.n, name.n ? name.p : "")
                ->emphasis = true;
    }
    for (size_t i = 0; i < p->diags.n; i++) {
        char count[PA_VALUE_TEXT];
        uint64_t n = p->diags.p[i].count;
        pa_count_text(count, n > INT64_MAX ? INT64_MAX : (int64_t)n);
        pa_report_line(r, "note: %s (%s time%s)", p->diags.p[i].kind, count, n == 1 ? "" : "s");
    }
}

typedef struct text {
    pa_arena *arena;
    PA_VEC(char) bytes;
} text;

static void put(text *t, pa_str s)
{
    pa_reserve(t->arena, &t->bytes, s.n);
    if (s.n)
        memcpy(t->bytes.p + t->bytes.n, s.p, s.n);
    t->bytes.n += s.n;
}

#define LISTED 12

/* "metric: cpu (of samples, cpu), total 12.3s" */
static void metric_line(pa_report *r, const pa_view *view, pa_quantity quantity)
{
    const pa_profile *p = view->source;
    text t = {.arena = r->arena};
    size_t n = 0;
    for (size_t s = 0; s < p->n_streams; s++)
        for (uint32_t m = 0; m < p->streams[s].n_metrics; m++, n++) {
            if (n > LISTED)
                continue;
            put(&t, n == LISTED ? PA_STR(", ...") : n ? PA_STR(", ") : PA_STR(""));
            if (n == LISTED)
                continue;
            pa_str stream = pa_string(p, p->streams[s].name);
            if (p->n_streams > 1 && stream.n) {
                put(&t, stream);
                put(&t, PA_STR("/"));
            }
            put(&t, pa_string(p, p->streams[s].metrics[m].name));
        }
    pa_str name = pa_string(p, pa_view_metric(view)->name), stream = pa_string(p, pa_view_stream(view)->name);
    bool path = p->n_streams > 1 && stream.n;
    pa_str total = pa_quantity_text(r->arena, view->total, quantity);
    bool list = n > 1;
    pa_report_line(r, "metric: %.*s%s%.*s%s%.*s%s, total %.*s", path ? (int)stream.n : 0,
                   stream.n ? stream.p : "", path ? "/" : "", (int)name.n, name.n ? name.p : "",
                   list ? " (of " : "", list ? (int)t.bytes.n : 0, t.bytes.n ? t.bytes.p : "",
                   list ? ")" : "", (int)total.n, total.p);
}

static void head_lines(pa_report *r, const pa_view *view, pa_quantity quantity)
{
    const pa_profile *p = view->source;
    damage_lines(r, p);
    if (p->n_inputs > 1)
        pa_report_line(r, "%zu files summed", p->n_inputs);
    metric_line(r, view, quantity);
    if (p->estimated)
        pa_report_line(
            r,
            "estimated: the source has calls between pairs of functions, no stacks; what is shown of longer "
            "paths is derived");
    for (size_t i = 0; i < view->n_notes; i++)
        pa_report_line(r, "note: %.*s", (int)view->notes[i].n, view->notes[i].p);
    for (size_t i = 0; i < view->n_filters; i++)
        pa_report_line(r, "%s%.*s", i ? "         " : "filters: ", (int)view->filters[i].n,
                       view->filters[i].p);
}

static const pa_table *text_list(pa_arena *arena, const pa_str *texts, size_t n)
{
    static const pa_column column = {.key = "text"};
    pa_table *t = pa_table_new(arena, &column, 1);
    for (size_t i = 0; i < n; i++)
        pa_table_row(arena, t)[0] = pa_cell_str(texts[i]);
    return t;
}

void pa_report_head(pa_report *r, const pa_view *view, pa_quantity quantity, bool quiet)
{
    const pa_profile *p = view->source;
    const pa_metric *m = pa_view_metric(view);
    pa_report_field(r, "inputs", NULL, pa_cell_table(pa_inputs_table(r->arena, p)));
    pa_object *metric = pa_object_new(r->arena);
    pa_object_field(r->arena, metric, "name", NULL, pa_cell_str(pa_string(p, m->name)));
    pa_object_field(r->arena, metric, "unit", NULL, pa_cell_str(pa_metric_unit(p, m)));
    pa_object_field(r->arena, metric, "stream", NULL, pa_cell_str(pa_string(p, pa_view_stream(view)->name)));
    pa_report_field(r, "metric", NULL, pa_cell_object(metric));
    pa_report_field(r, "metrics", NULL, pa_cell_table(metrics_table(r->arena, p)));
    pa_report_field(r, "total", NULL, pa_cell_value(view->total))->quantity = quantity;
    pa_report_field(r, "complete", NULL, pa_cell_bool(pa_profile_complete(p)));
    pa_report_field(r, "estimated", NULL, pa_cell_bool(p->estimated));
    pa_report_field(r, "diagnostics", NULL, pa_cell_table(pa_diagnostics_table(r->arena, p)));
    pa_report_field(r, "notes", NULL, pa_cell_list(text_list(r->arena, view->notes, view->n_notes)));
    pa_report_field(r, "filters", NULL, pa_cell_list(text_list(r->arena, view->filters, view->n_filters)));
    if (!quiet)
        head_lines(r, view, quantity);
}
