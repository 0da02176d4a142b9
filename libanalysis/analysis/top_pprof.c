/* top_pprof.c: top as `go tool pprof -top` prints it: the same nodes, the same numbers, the same bytes.
 * In: the rows of all nodes, in pprof's order.  Out: lines; job->rows, n_shown and n_above are what pprof keeps. */
#include "libanalysis/analysis/graph.h"

static double node_fraction(const pa_top_options *o)
{
    if (o->has_node_fraction)
        return o->node_fraction;
    return o->has_threshold && o->threshold <= 0 ? 0 : PA_PPROF_NODE_FRACTION;
}

pa_pprof_shown pa_top_trim(pa_top_job *job, double fraction, size_t limit)
{
    int64_t least = pa_pprof_cutoff(pa_view_metric(job->view), job->of_all, fraction);
    pa_pprof_shown shown = {.node_fraction = fraction};
    size_t n = 0;
    for (size_t i = 0; i < job->n_rows; i++)
        if (pa_magnitude(job->rows[i].cum) >= least)
            job->rows[n++] = job->rows[i];
    shown.n_dropped = job->n_rows - n;
    shown.n_left = job->n_rows = n;
    shown.n = job->n_shown = job->n_above = limit && limit < n ? limit : n;
    for (size_t i = 0; i < shown.n; i++) {
        job->rows[i].rank = (uint32_t)i + 1;
        shown.flat += job->rows[i].flat;
    }
    if (shown.n_dropped == 0 && shown.n == n)
        return shown;
    unsigned char *kept = pa_new(job->scratch, unsigned char, job->view->n_groups);
    for (size_t i = 0; i < shown.n; i++)
        kept[job->rows[i].group] = 1;
    shown.kept = kept;
    return shown;
}

pa_pprof_values pa_top_values(const pa_top_job *job)
{
    int64_t min = 0;
    for (size_t i = 0; i < job->n_shown; i++) {
        int64_t v = pa_magnitude(job->rows[i].flat ? job->rows[i].flat : job->rows[i].cum);
        if (v && (min == 0 || v < min))
            min = v;
    }
    return pa_pprof_values_of(job->view, job->arena, job->options->unit, job->n_shown > 0, min);
}

/* ---- inlined calls ------------------------------------------------------------------------------------------- */

enum { INLINED = 1, CALLED = 2 };

/* Per group: whether it was inlined, called, or both, by the calls that are not too light to count. */
static bool find_inlined(pa_top_job *job, const pa_pprof_shown *shown, unsigned char *how)
{
    const pa_view *v = job->view;
    bool any = false;
    for (size_t i = 0; i < v->profile->n_frames && !any; i++)
        any = v->profile->frames[i].flags & PA_FRAME_INLINED;
    if (!any || !v->group_of_frame)
        return true;
    pa_graph_options options = {.kept = shown->kept,
                                .least =
                                    pa_pprof_cutoff(pa_view_metric(v), job->of_all, PA_PPROF_EDGE_FRACTION)};
    const pa_graph *graph = pa_graph_of_stacks(v, &job->sums, &options, job->scratch, job->err);
    for (size_t i = 0; graph && i < graph->n_calls; i++)
        how[graph->calls[i].to] |= graph->calls[i].called ? CALLED : INLINED;
    return graph != NULL;
}

/* ---- lines --------------------------------------------------------------------------------------------------- */

static void row_line(pa_top_job *job, const pa_pprof_values *v, const pa_top_row *row, int64_t sum,
                     unsigned char how)
{
    static const char *const labels[] = {"", " (inline)", "", " (partial-inline)"};
    char flat[PA_VALUE_TEXT], cum[PA_VALUE_TEXT], a[PA_VALUE_TEXT], b[PA_VALUE_TEXT], c[PA_VALUE_TEXT];
    int64_t total = job->view->total;
    pa_pprof_value(v, row->flat, flat);
    pa_pprof_value(v, row->cum, cum);
    pa_str figures = pa_arena_format(job->scratch, "%*s %s %s %*s %s  ", pa_pprof_width(flat, 10), flat,
                                     pa_pprof_percent(row->flat, total, a), pa_pprof_percent(sum, total, b),
                                     pa_pprof_width(cum, 10), cum, pa_pprof_percent(row->cum, total, c));
    pa_pprof_line(job->report, figures.p, pa_top_name(job, row), labels[how]);
}

bool pa_top_as_pprof(pa_top_job *job)
{
    pa_pprof_shown shown = pa_top_trim(job, node_fraction(job->options), job->options->node_count);
    pa_pprof_values v = pa_top_values(job);
    job->quantity = (pa_quantity){v.display, v.metric->decimals};
    unsigned char *how = pa_new(job->scratch, unsigned char, job->view->n_groups);
    if (!find_inlined(job, &shown, how))
        return false;
    pa_pprof_head(job->report, job->view, &v, &shown);
    pa_report_line(job->report, "%10s %5s%% %5s%% %10s %5s%%", "flat", "flat", "sum", "cum", "cum");
    int64_t sum = 0;
    for (size_t i = 0; i < job->n_shown; i++) {
        sum += job->rows[i].flat;
        row_line(job, &v, &job->rows[i], sum, how[job->rows[i].group]);
    }
    return true;
}
