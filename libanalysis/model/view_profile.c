/* view_profile.c: what a view shows, as a profile for writers: the rows and intervals that pass, functions under the names
 * the options ask for, and the view's metric as the default.  Nothing is copied but the rows that are kept and functions
 * that are renamed; everything else is shared with the view's profile, which must live as long.  In the arena. */
#include "libanalysis/model/names.h"
#include "libanalysis/model/view.h"

typedef struct showing {
    const pa_view *view;
    pa_arena *arena;
    pa_profile *to;
    pa_regex_pool pool;
    pa_err *err;
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

/* Ids stay what they are; new names stand behind the old strings.  Functions beyond the source's stand for labels, whose
 * names are as they are. */
static bool rename_functions(showing *s)
{
    const pa_profile *from = s->view->profile;
    size_t n = s->view->source->n_functions;
    pa_namer namer;
    if (from->n_strings + n > UINT32_MAX)
        return pa_fail(s->err, PA_E_LIMIT, PA_NO_OFFSET, "too many names");
    if (!pa_namer_init(&namer, s->arena, &s->pool, s->view->options.names, s->view->options.rename, s->err))
        return false;
    pa_function *functions = pa_new(s->arena, pa_function, from->n_functions);
    pa_str *strings = pa_new(s->arena, pa_str, from->n_strings + n);
    memcpy(functions, from->functions, from->n_functions * sizeof *functions);
    memcpy(strings, from->strings, from->n_strings * sizeof *strings);
    s->to->functions = functions;
    s->to->strings = strings;
    for (size_t i = 0; i < n; i++) {
        pa_str raw = pa_string(from, functions[i].name), shown = raw;
        if (raw.n && !pa_namer_shown(&namer, raw, &shown, s->err))
            return false;
        if (pa_str_eq(raw, shown))
            continue;
        functions[i].name = (pa_str_id){(uint32_t)s->to->n_strings};
        strings[s->to->n_strings++] = shown;
    }
    return true;
}

static bool show(void *arg)
{
    showing *s = arg;
    const pa_view *v = s->view;
    s->to = pa_new(s->arena, pa_profile, 1);
    *s->to = *v->profile;
    s->to->default_stream = v->stream;
    s->to->default_metric = v->metric;
    if (v->options.metric)
        s->to->meta.default_metric = pa_view_metric(v)->name;
    if ((v->options.names != PA_NAMES_RAW || v->options.rename) && !rename_functions(s))
        return false;
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
    pa_err unwanted = {0};
    showing s = {.view = view, .arena = arena, .pool = {.arena = arena}, .err = err ? err : &unwanted};
    bool ok = pa_guard(arena, s.err, show, &s);
    pa_regex_release(&s.pool);
    return ok ? s.to : NULL;
}

bool pa_view_note_at(const pa_view *view, size_t i, pa_str *note)
{
    if (i >= view->n_notes)
        return false;
    *note = view->notes[i];
    return true;
}
