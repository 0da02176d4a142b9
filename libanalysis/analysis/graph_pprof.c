/* graph_pprof.c: the call graph as `go tool pprof -tree` and `-peek` print it: every node between its callers and its
 * callees.
 * In: the rows of all nodes, in pprof's order.  Out: lines.  A node that is not shown is stepped over: its callers
 * call its callees.  pprof ends its heading in blanks and tabs, which are left out. */
#include "libanalysis/analysis/graph.h"

#define SEPARATOR "----------------------------------------------------------+-------------"
#define LEGEND    "      flat  flat%   sum%        cum   cum%   calls calls% + context"

typedef struct printing {
    pa_top_job *job;
    pa_pprof_values values;
    const pa_graph *graph;
    int64_t sum; /* of flat, of the nodes printed */
} printing;

static void call_line(printing *p, const pa_call *c, uint32_t other, int64_t cum)
{
    char value[PA_VALUE_TEXT], part[PA_VALUE_TEXT];
    pa_pprof_value(&p->values, c->weight, value);
    pa_str figures = pa_arena_format(p->job->scratch, "%*s %s |   ", pa_pprof_width(value, 50), value,
                                     pa_pprof_percent(c->weight, cum, part));
    pa_pprof_line(p->job->report, figures.p, p->job->view->groups[other].name, c->called ? "" : " (inline)");
}

static void node_line(printing *p, const pa_top_row *row)
{
    char flat[PA_VALUE_TEXT], cum[PA_VALUE_TEXT], a[PA_VALUE_TEXT], b[PA_VALUE_TEXT], c[PA_VALUE_TEXT];
    int64_t total = p->job->view->total;
    p->sum += row->flat;
    pa_pprof_value(&p->values, row->flat, flat);
    pa_pprof_value(&p->values, row->cum, cum);
    pa_str figures =
        pa_arena_format(p->job->scratch, "%*s %s %s %*s %s                | ", pa_pprof_width(flat, 10), flat,
                        pa_pprof_percent(row->flat, total, a), pa_pprof_percent(p->sum, total, b),
                        pa_pprof_width(cum, 10), cum, pa_pprof_percent(row->cum, total, c));
    pa_pprof_line(p->job->report, figures.p, pa_top_name(p->job, row), "");
}

static void node_lines(printing *p, const pa_top_row *row)
{
    const pa_graph *g = p->graph;
    uint32_t n = row->group;
    pa_pprof_line(p->job->report, SEPARATOR, (pa_str){0}, "");
    for (uint32_t i = g->in_at[n]; i < g->in_at[n + 1]; i++)
        call_line(p, &g->calls[g->in[i]], g->calls[g->in[i]].from, row->cum);
    node_line(p, row);
    for (uint32_t i = g->out_at[n]; i < g->out_at[n + 1]; i++)
        call_line(p, &g->calls[g->out[i]], g->calls[g->out[i]].to, row->cum);
}

bool pa_graph_as_pprof(pa_top_job *job, const pa_pprof_graph *how)
{
    pa_pprof_shown shown = pa_top_trim(job, how->node_fraction, how->node_count);
    pa_graph_options options = {
        .kept = shown.kept,
        .wanted = how->matched,
        .least = pa_pprof_cutoff(pa_view_metric(job->view), job->of_all, how->edge_fraction)};
    printing p = {.job = job, .values = pa_top_values(job)};
    p.graph = pa_graph_of_stacks(job->view, &job->sums, &options, job->scratch, job->err);
    if (!p.graph)
        return false;
    pa_pprof_head(job->report, job->view, &p.values, &shown);
    pa_pprof_line(job->report, SEPARATOR, (pa_str){0}, "");
    pa_pprof_line(job->report, LEGEND, (pa_str){0}, "");
    for (size_t i = 0; i < shown.n; i++)
        if (!how->matched || how->matched[job->rows[i].group])
            node_lines(&p, &job->rows[i]);
    if (shown.n)
        pa_pprof_line(job->report, SEPARATOR, (pa_str){0}, "");
    return true;
}
