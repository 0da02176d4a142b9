/* view: one way of looking at a profile: a metric, the rows and stacks that pass the filters, and what a row of a
 * report is (a group of frames, or of contexts).  Analyses take nothing else.
 *
 * Two steps, in pprof's order (see view.c): rewrites (tagroot, drop frames, focus/ignore on locations, hide, show,
 * show_from, prune_from, noinlines, fold recursion) map every distinct stack x context once into a new profile;
 * selections (thread, process, cpu, tagfocus ...) that need no new stacks are masks over contexts and stacks.
 * Lives in the arena of pa_view_new; a rewritten profile is freed with it. */
#ifndef PA_MODEL_VIEW_H
#define PA_MODEL_VIEW_H

#include "libanalysis/model/profile.h"

/* A row of a report: frames (or contexts) that are shown as one. */
typedef struct pa_group {
    pa_str name; /* for people, after --names and --rename; never empty: "<unknown>", "[libc.so.6]" */
    pa_str key;  /* stripped name: what aligns with other profiles */
    pa_str file, module;
    int64_t line;
    uint64_t address;
    bool many_files, many_modules, many_lines; /* the members differ: the field is not shown */
} pa_group;

#define PA_NO_GROUP UINT32_MAX

struct pa_view {
    const pa_profile *source;  /* as given to pa_view_new */
    const pa_profile *profile; /* source, or what the rewrites made of it */
    pa_view_options options;
    pa_stream_id stream;
    uint32_t metric;
    const unsigned char *stack_in;   /* per stack of profile: 1 if it passes; NULL: all */
    const unsigned char *context_in; /* per context; NULL: all */
    int64_t
        total; /* what shares are of: sum of |row value| of source (of the diff base's rows if it has any; after
                      the filters with relative_percentages) */
    size_t n_groups;
    pa_group *groups;
    const uint32_t *group_of_frame; /* per frame of profile (PA_NO_GROUP: on no stack); NULL when grouping by
                                         context */
    const uint32_t
        *group_of_context; /* per context; NULL when grouping by frame; PA_NO_GROUP: label absent */
    size_t n_notes;
    pa_str *
        notes; /* for people: "focus expression matched no samples", "tagfocus: '1kb:' read as a range" ... */
    size_t n_filters;
    pa_str *filters; /* active filters as "focus=main" */
};

static inline const pa_stream *pa_view_stream(const pa_view *v) { return &v->profile->streams[v->stream.v]; }
static inline const pa_metric *pa_view_metric(const pa_view *v)
{
    return &pa_view_stream(v)->metrics[v->metric];
}
/* Whether a row of the view's stream passes. */
static inline bool pa_view_has_row(const pa_view *v, size_t row)
{
    const pa_stream *s = pa_view_stream(v);
    return (!v->stack_in || v->stack_in[s->stack[row].v]) &&
           (!v->context_in || v->context_in[s->context[row].v]);
}
static inline int64_t pa_view_value(const pa_view *v, size_t row)
{
    const pa_stream *s = pa_view_stream(v);
    return s->values[row * s->n_metrics + v->metric];
}

#endif
