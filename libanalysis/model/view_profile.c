/* view_profile.c: what a view shows, as a profile for writers: the rows and intervals that pass, and the view's metric as
 * the default.  Nothing is copied but the rows that are kept; everything else is shared with the view's profile, which
 * must live as long.  In the arena. */
#include "libanalysis/model/view.h"

typedef struct showing {
    const pa_view *view;
    pa_arena *arena;
    pa_profile *to;
} showing;

static bool passes(const pa_view *v, pa_stack_id stack, pa_context_id context)
{
    return (!v->stack_in || v->stack_in[stack.v]) && (!v->context_in || v->context_in[context.v]);
}

static void keep_rows(const showing *s, pa_stream *to)
{
    pa_stream from = *to;
    size_t n = 0, k = from.n_metrics;
    to->stack = pa_new(s->arena, pa_stack_id, from.n_rows);
    to->context = pa_new(s->arena, pa_context_id, from.n_rows);
    to->records = pa_new(s->arena, uint64_t, from.n_rows);
    to->values = pa_new(s->arena, int64_t, from.n_rows * k);
    to->squares = from.squares ? pa_new(s->arena, pa_u128, from.n_rows * k) : NULL;
    for (size_t i = 0; i < from.n_rows; i++) {
        if (!passes(s->view, from.stack[i], from.context[i]))
            continue;
        to->stack[n] = from.stack[i];
        to->context[n] = from.context[i];
        to->records[n] = from.records[i];
        memcpy(to->values + n * k, from.values + i * k, k * sizeof *to->values);
        if (to->squares)
            memcpy(to->squares + n * k, from.squares + i * k, k * sizeof *to->squares);
        n++;
    }
    to->n_rows = n;
}

static void keep_intervals(const showing *s)
{
    const pa_profile *from = s->view->profile;
    s->to->intervals = pa_new(s->arena, pa_interval, from->n_intervals);
    s->to->n_intervals = 0;
    for (size_t i = 0; i < from->n_intervals; i++)
        if (passes(s->view, from->intervals[i].stack, from->intervals[i].context))
            s->to->intervals[s->to->n_intervals++] = from->intervals[i];
}

static bool show(void *arg)
{
    showing *s = arg;
    const pa_view *v = s->view;
    s->to = pa_new(s->arena, pa_profile, 1);
    *s->to = *v->profile;
    s->to->default_stream = v->stream;
    s->to->default_metric = v->metric;
    if (!v->stack_in && !v->context_in)
        return true;
    s->to->streams = pa_new(s->arena, pa_stream, s->to->n_streams);
    for (size_t i = 0; i < s->to->n_streams; i++) {
        s->to->streams[i] = v->profile->streams[i];
        keep_rows(s, &s->to->streams[i]);
    }
    keep_intervals(s);
    return true;
}

const pa_profile *pa_view_profile(const pa_view *view, pa_arena *arena, pa_err *err)
{
    showing s = {.view = view, .arena = arena};
    return pa_guard(arena, err, show, &s) ? s.to : NULL;
}
