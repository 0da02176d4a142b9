/* graph: who calls whom in a view: for every pair of groups of which one stands above the other on a stack, the value
 * that went through the call, once per stack however often the pair is on it.
 * Lives in the arena given; ids of calls are indexes into calls. */
#ifndef PA_ANALYSIS_GRAPH_H
#define PA_ANALYSIS_GRAPH_H

#include "libanalysis/analysis/analysis.h"

typedef struct pa_call {
    uint32_t from, to; /* groups, never the same */
    uint32_t last;     /* stack + 1 that counted last */
    bool called;       /* not only inlined */
    bool estimated;    /* derived by the source, not recorded */
    int64_t weight;
    int64_t calls; /* how often, as the source counted; -1 unknown */
} pa_call;

typedef struct pa_graph {
    size_t n_calls;
    pa_call *calls;
    /* per group g, heaviest first: calls to g are in[in_at[g] .. in_at[g + 1]), those from it out[...] */
    uint32_t *in_at, *in, *out_at, *out;
} pa_graph;

typedef struct pa_graph_options {
    const unsigned char *kept; /* per group; what lies between two kept groups is stepped over.  NULL: all */
    const unsigned char *wanted; /* per group: only calls to and from these.  NULL: all */
    int64_t least;               /* calls of less weight are left out */
} pa_graph_options;

/* From the stacks of a view that groups by frame.  NULL and *err when a sum leaves 64 bits. */
PA_MUST_CHECK const pa_graph *pa_graph_of_stacks(const pa_view *view, const pa_sums *sums,
                                                 const pa_graph_options *options, pa_arena *arena,
                                                 pa_err *err);
/* From the calls that a call-graph source recorded, which are of the whole profile and its default metric. */
PA_MUST_CHECK const pa_graph *pa_graph_of_edges(const pa_view *view, const pa_graph_options *options,
                                                pa_arena *arena, pa_err *err);

/* ---- reports of pprof (graph_pprof.c, traces_pprof.c) ---------------------------------------------------------- */

typedef struct pa_pprof_graph {
    size_t node_count; /* 0: no limit */
    double node_fraction, edge_fraction;
    const unsigned char *matched; /* per group: print only these; NULL: all */
} pa_pprof_graph;

/* The lines of -tree and -peek, of a job after pa_top_collect. */
PA_MUST_CHECK bool pa_graph_as_pprof(pa_top_job *job, const pa_pprof_graph *how);
/* The lines of -traces. */
PA_MUST_CHECK bool pa_traces_as_pprof(pa_report *report, const pa_view *view, const char *unit,
                                      pa_arena *scratch, pa_err *err);

#endif
