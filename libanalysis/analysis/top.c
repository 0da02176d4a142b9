/* top.c: pa_top: where a metric goes, one row per group.
 * In: a view.  Out: a report: rows by flat (or cum), shares, intervals, ranks, and what the rows leave out.
 * A rank is shared ("1=") by rows that are not significantly below the first of them: pa_share_below on the effective
 * number of samples; by cum, whose sets overlap, only by rows with the same value.  Without samples nothing is tied. */
#include <math.h>
#include <stdlib.h>

#include "libanalysis/analysis/analysis.h"
#include "libanalysis/stats/wilson.h"

#define THRESHOLD  0.05
#define LEAST_ROWS 10

static double share(const pa_top_job *job, int64_t value)
{
    return job->view->total ? (double)value / (double)job->view->total : 0;
}

static bool over(pa_top_job *job)
{
    return pa_fail(job->err, PA_E_OVERFLOW, PA_NO_OFFSET, "a sum exceeds 64 bits");
}

/* ---- figures that a call-graph source gives per function ------------------------------------------------------ */

static bool by_function(const pa_view *view)
{
    return view->options.by == PA_BY_FUNCTION || view->options.by == PA_BY_FILEFUNCTION;
}

/* The source's own figures are exact, but only for the whole and for the metric they are of. */
bool pa_costs_apply(const pa_view *v)
{
    return v->profile == v->source && !v->stack_in && !v->context_in &&
           v->stream.v == v->source->default_stream.v && v->metric == v->source->default_metric;
}

bool pa_cost_value(double d, int decimals, int64_t *value)
{
    d = round(decimals ? d * PA_FRACTION_SCALE : d);
    if (!(fabs(d) < 9.2e18))
        return false;
    *value = (int64_t)d;
    return true;
}

typedef struct cost_sum {
    int64_t self, cumulative, calls, primitive_calls;
    size_t n;
} cost_sum;

static bool sum_costs(pa_top_job *job, const uint32_t *group_of, cost_sum *sums)
{
    const pa_profile *p = job->view->profile;
    int decimals = pa_view_metric(job->view)->decimals;
    for (size_t i = 0; i < p->n_costs; i++) {
        const pa_function_cost *c = &p->costs[i];
        uint32_t g = group_of[c->function.v];
        int64_t self, cumulative;
        if (g == PA_NO_GROUP)
            continue;
        cost_sum *s = &sums[g];
        if (!pa_cost_value(c->self, decimals, &self) ||
            !pa_cost_value(c->cumulative, decimals, &cumulative) ||
            __builtin_add_overflow(s->self, self, &s->self) ||
            __builtin_add_overflow(s->calls, c->calls, &s->calls) ||
            __builtin_add_overflow(s->primitive_calls, c->primitive_calls, &s->primitive_calls))
            return over(job);
        s->cumulative = cumulative;
        s->n++;
    }
    return true;
}

uint32_t *pa_groups_of_functions(const pa_view *v, pa_arena *arena)
{
    const pa_profile *p = v->profile;
    uint32_t *group_of = pa_new(arena, uint32_t, p->n_functions);
    memset(group_of, 0xff, p->n_functions * sizeof *group_of);
    for (size_t i = 0; v->group_of_frame && i < p->n_frames; i++)
        if (v->group_of_frame[i] != PA_NO_GROUP)
            group_of[p->frames[i].function.v] = v->group_of_frame[i];
    return group_of;
}

static bool use_costs(pa_top_job *job)
{
    const pa_view *v = job->view;
    const pa_profile *p = v->profile;
    if (p->n_costs == 0 || !by_function(v) || !v->group_of_frame)
        return true;
    const uint32_t *group_of = pa_groups_of_functions(v, job->scratch);
    cost_sum *sums = pa_new(job->scratch, cost_sum, v->n_groups);
    if (!sum_costs(job, group_of, sums))
        return false;
    job->calls = pa_new(job->scratch, int64_t, v->n_groups);
    job->primitive_calls = pa_new(job->scratch, int64_t, v->n_groups);
    for (size_t g = 0; g < v->n_groups; g++) {
        job->calls[g] = sums[g].n ? sums[g].calls : -1;
        job->primitive_calls[g] = sums[g].n ? sums[g].primitive_calls : -1;
        if (!sums[g].n || !pa_costs_apply(v))
            continue;
        job->sums.flat[g] = sums[g].self;
        if (sums[g].n == 1) /* functions of one name may call each other: their cumulative figures overlap */
            job->sums.cum[g] = sums[g].cumulative;
        job->sums.in_use[g] = 1;
    }
    return true;
}

/* ---- rows ---------------------------------------------------------------------------------------------------- */

pa_str pa_top_name(const pa_top_job *job, const pa_top_row *row)
{
    if (row->group != PA_NO_GROUP)
        return job->view->groups[row->group].name;
    return job->view->group_of_frame ? PA_STR("[no stack]") : PA_STR("[no label]");
}

static int64_t ranked_value(const pa_top_job *job, const pa_top_row *row)
{
    return job->options->cum ? row->cum : row->flat;
}

static int compare_rows(const void *a, const void *b, void *arg)
{
    const pa_top_job *job = arg;
    const pa_top_row *x = a, *y = b;
    int64_t vx = pa_magnitude(ranked_value(job, x)), vy = pa_magnitude(ranked_value(job, y));
    if (vx != vy)
        return vx > vy ? -1 : 1;
    int order = pa_str_cmp(pa_top_name(job, x), pa_top_name(job, y));
    if (order)
        return order;
    int64_t wx = pa_magnitude(job->options->cum ? x->flat : x->cum),
            wy = pa_magnitude(job->options->cum ? y->flat : y->cum);
    if (wx != wy)
        return wx > wy ? -1 : 1;
    return (x->group > y->group) - (x->group < y->group);
}

static bool add_row(pa_top_job *job, uint32_t group, int64_t flat, int64_t cum, double samples)
{
    if (__builtin_add_overflow(job->of_all, flat, &job->of_all))
        return over(job);
    job->rows[job->n_rows++] = (pa_top_row){.group = group, .flat = flat, .cum = cum, .samples = samples};
    return true;
}

static bool make_rows(pa_top_job *job)
{
    const pa_view *v = job->view;
    const pa_sums *s = &job->sums;
    bool pprof = v->options.compat == PA_COMPAT_PPROF;
    job->rows = pa_new(job->scratch, pa_top_row, v->n_groups + 1);
    for (uint32_t g = 0; g < v->n_groups; g++)
        if (s->in_use[g] && (s->flat[g] || s->cum[g]) &&
            !add_row(job, g, s->flat[g], s->cum[g], s->samples ? s->samples[g] : 0))
            return false;
    if (s->has_no_stack && s->no_stack && !pprof &&
        !add_row(job, PA_NO_GROUP, s->no_stack, s->no_stack, s->no_stack_samples))
        return false;
    return true;
}

/* Rows of too small a cum go; what they hold stays in of_all. */
static void drop_small(pa_top_job *job)
{
    size_t n = 0;
    if (!job->options->has_node_fraction)
        return;
    for (size_t i = 0; i < job->n_rows; i++)
        if (!(fabs(share(job, job->rows[i].cum)) < job->options->node_fraction))
            job->rows[n++] = job->rows[i];
    job->n_rows = n;
}

void pa_top_rank(pa_top_job *job)
{
    const pa_evidence *e = &job->sums.evidence;
    pa_top_row *first = NULL;
    for (size_t i = 0; i < job->n_rows; i++) {
        pa_top_row *row = &job->rows[i];
        bool tied = false;
        if (first && e->has && job->options->cum)
            tied = row->cum == first->cum;
        else if (first && e->has)
            tied = !pa_share_below(share(job, first->flat), share(job, row->flat), e->n_effective);
        if (!tied)
            first = row;
        row->rank = (uint32_t)(first - job->rows) + 1;
        row->tied = tied;
        first->tied |= tied;
    }
}

static size_t least(size_t a, size_t b) { return a < b ? a : b; }
static size_t most(size_t a, size_t b) { return a > b ? a : b; }

static void choose_rows(pa_top_job *job)
{
    const pa_top_options *o = job->options;
    double threshold = o->has_threshold ? o->threshold : THRESHOLD;
    size_t n = 0, limit = o->node_count ? least(o->node_count, job->n_rows) : job->n_rows;
    while (n < limit && (threshold <= 0 || fabs(share(job, ranked_value(job, &job->rows[n]))) > threshold))
        n++;
    bool as_many = o->node_count && !o->has_threshold; /* -n alone: that many, above and below the rule */
    job->n_above = n;
    job->n_shown = as_many ? limit : least(most(n, LEAST_ROWS), limit);
}

/* Smallest value that is shown, as pprof's rule for the unit wants it. */
static int64_t smallest_shown(const pa_top_job *job)
{
    int64_t min = 0;
    for (size_t i = 0; i < job->n_shown; i++) {
        int64_t v = pa_magnitude(job->rows[i].flat ? job->rows[i].flat : job->rows[i].cum);
        if (v && (min == 0 || v < min))
            min = v;
    }
    return min;
}

/* ---- lines --------------------------------------------------------------------------------------------------- */

static const char *things(pa_by by, bool one)
{
    static const char *const names[][2] = {
        [PA_BY_FUNCTION] = {"function", "functions"},
        [PA_BY_FILEFUNCTION] = {"function", "functions"},
        [PA_BY_FILE] = {"file", "files"},
        [PA_BY_LINE] = {"line", "lines"},
        [PA_BY_MODULE] = {"module", "modules"},
        [PA_BY_ADDRESS] = {"address", "addresses"},
        [PA_BY_THREAD] = {"thread", "threads"},
        [PA_BY_PROCESS] = {"process", "processes"},
        [PA_BY_CATEGORY] = {"category", "categories"},
        [PA_BY_ORIGIN] = {"file", "files"},
        [PA_BY_LABEL] = {"value", "values"},
    };
    return names[by][!one];
}

static pa_str percent(pa_top_job *job, double value)
{
    char text[PA_VALUE_TEXT];
    pa_percent_text(text, value);
    return pa_arena_str(job->arena, pa_str_trim(pa_cstr(text)));
}

static pa_str noun(const pa_top_job *job)
{
    const pa_metric *m = pa_view_metric(job->view);
    if (m->dimension == PA_DIM_TIME)
        return PA_STR("time");
    return m->dimension == PA_DIM_BYTES ? PA_STR("bytes") : pa_string(job->view->source, m->name);
}

static void rest_line(pa_top_job *job)
{
    int64_t shown = 0;
    for (size_t i = 0; i < job->n_shown; i++)
        shown +=
            job->rows[i].flat; /* a part of of_all, or of what cancels in it: cannot matter if it wraps */
    size_t others = job->n_rows - job->n_shown;
    char count[PA_VALUE_TEXT];
    pa_count_text(count, (int64_t)others);
    pa_str held = percent(job, share(job, job->of_all - shown));
    pa_str name = noun(job);
    if (others)
        pa_report_line(job->report, "%s other %s hold%s %.*s of the %.*s", count,
                       things(job->view->options.by, others == 1), others == 1 ? "s" : "", (int)held.n,
                       held.p, (int)name.n, name.p);
}

/* "80 % of the time is in 23 of 4,812 functions" */
static void concentration_line(pa_top_job *job)
{
    if (job->sums.mixed || job->of_all <= 0 || job->n_rows < 2)
        return;
    int64_t *flat = pa_new(job->scratch, int64_t, job->n_rows);
    for (size_t i = 0; i < job->n_rows; i++)
        flat[i] = job->rows[i].flat;
    double sum = 0;
    size_t n = 0;
    pa_sort_descending(flat, job->n_rows);
    while (n < job->n_rows && sum < 0.8 * (double)job->of_all)
        sum += (double)flat[n++];
    char few[PA_VALUE_TEXT], all[PA_VALUE_TEXT];
    pa_count_text(few, (int64_t)n);
    pa_count_text(all, (int64_t)job->n_rows);
    pa_str name = noun(job);
    const char *verb = pa_view_metric(job->view)->dimension == PA_DIM_TIME ? "is" : "are";
    pa_report_line(job->report, "80 %% of the %s%.*s %s in %s of %s %s",
                   job->view->n_filters && job->of_all != job->view->total ? "selected " : "", (int)name.n,
                   name.p, verb, few, all, things(job->view->options.by, false));
}

static void selection_line(pa_top_job *job)
{
    if (job->of_all == job->view->total || job->sums.mixed)
        return;
    pa_str left = pa_quantity_text(job->arena, job->of_all, job->quantity);
    pa_str part = percent(job, share(job, job->of_all));
    pa_report_line(job->report, "the rows sum to %.*s, %.*s of the total", (int)left.n, left.p, (int)part.n,
                   part.p);
}

static void add_rest(pa_top_job *job)
{
    int64_t above = 0;
    for (size_t i = 0; i < job->n_above; i++)
        above += job->rows[i].flat;
    pa_object *rest = pa_object_new(job->arena);
    pa_object_field(job->arena, rest, "functions", NULL, pa_cell_int((int64_t)(job->n_rows - job->n_above)));
    pa_object_field(job->arena, rest, "flat", NULL, pa_cell_value(job->of_all - above))->quantity =
        job->quantity;
    pa_report_field(job->report, "rest", NULL, pa_cell_object(rest));
}

/* ---- the report ---------------------------------------------------------------------------------------------- */

static void add_settings(pa_top_job *job)
{
    const pa_top_options *o = job->options;
    const pa_evidence *e = &job->sums.evidence;
    pa_report *r = job->report;
    pa_cell none = {.kind = PA_CELL_NONE};
    pa_report_field(r, "by", NULL, pa_cell_cstr(things(job->view->options.by, true)));
    pa_report_field(r, "threshold", NULL, pa_cell_double(o->has_threshold ? o->threshold : THRESHOLD));
    pa_report_field(r, "samples", NULL, e->has ? pa_cell_int((int64_t)llround(e->n)) : none);
    pa_report_field(r, "samples_effective", NULL, e->has ? pa_cell_double(e->n_effective) : none);
    if (job->extra)
        pa_report_field(r, "runtime_frames_skipped", NULL, pa_cell_bool(job->extra->skipped));
}

static void add_rows(pa_top_job *job)
{
    pa_report *r = job->report;
    if (job->n_above == 0 && job->n_shown > 0) { /* a rule above the first row hides nothing: two tables */
        size_t shown = job->n_shown;
        job->n_shown = 0;
        pa_report_field(r, "rows", NULL, pa_cell_table(pa_top_table(job, false)));
        job->n_shown = shown;
        pa_report_field(r, NULL, "", pa_cell_table(pa_top_table(job, true)));
        return;
    }
    pa_report_field(r, "rows", "", pa_cell_table(pa_top_table(job, true)));
}

static bool add_text(pa_top_job *job)
{
    job->report->main = "rows"; /* also where all of them are below the rule */
    if (job->view->options.compat == PA_COMPAT_PPROF) {
        if (!pa_top_as_pprof(job))
            return false;
        pa_report_head(job->report, job->view, job->quantity, true);
        add_settings(job);
        pa_report_field(job->report, "rows", NULL, pa_cell_table(pa_top_table(job, false)));
        add_rest(job);
        return true;
    }
    drop_small(job);
    pa_top_rank(job);
    choose_rows(job);
    if (!pa_view_quantity(job->view, smallest_shown(job), job->options->unit, &job->quantity, job->err))
        return false;
    pa_report_head(job->report, job->view, job->quantity, false);
    if (job->extra && job->extra->skipped)
        pa_report_line(job->report, "runtime frames skipped: charged to their callers");
    add_settings(job);
    add_rows(job);
    add_rest(job);
    if (job->n_rows == 0)
        pa_report_line(job->report, "no samples are left to show");
    selection_line(job);
    rest_line(job);
    concentration_line(job);
    return true;
}

bool pa_top_collect(pa_top_job *job)
{
    const uint32_t *depth = job->extra ? job->extra->depth : NULL;
    if (!pa_sum_groups_to(job->view, depth, job->scratch, &job->sums, job->err) || !use_costs(job) ||
        !make_rows(job))
        return false;
    qsort_r(job->rows, job->n_rows, sizeof *job->rows, compare_rows, job);
    return true;
}

static bool run(void *arg)
{
    pa_top_job *job = arg;
    job->scratch = pa_arena_scratch(job->arena);
    job->report = pa_report_new(job->arena, job->extra ? job->extra->command : "top");
    return pa_top_collect(job) && add_text(job);
}

pa_report *pa_top_run(pa_top_job *job)
{
    bool ok = pa_guard(job->arena, job->err, run, job);
    pa_arena_free(job->scratch);
    return ok ? job->report : NULL;
}

pa_report *pa_top(const pa_view *view, const pa_top_options *options, pa_arena *arena, pa_err *err)
{
    static const pa_top_options defaults;
    pa_top_job job = {.view = view, .options = options ? options : &defaults, .arena = arena, .err = err};
    return pa_top_run(&job);
}
