/* view.c: pa_view_new, the steps of a view in pprof's order:
 *
 *   metric, total | drop frames | tagroot, tagleaf | focus, ignore, hide, show | show_from | tagfocus, tagignore |
 *   prune_from | noinlines | fold recursion | names, groups
 *
 * thread, process and cpu stand beside tagfocus: they only look at labels, so when they are asked does not matter.
 * In: a frozen profile and options.  Out: a view in the caller's arena.  Must not change the profile. */
#include "libanalysis/model/view.h"

#include <stdio.h>

#include "libanalysis/model/view_parts.h"

/* Every option that is a text, in the order pprof lists its filters; hidden ones are no filters. */
static const struct {
    const char *name;
    size_t at;
    bool filter;
} texts[] = {
#define TEXT(name, filter)                             \
    {                                                  \
#name, offsetof(pa_view_options, name), filter \
    }
    TEXT(focus, true),     TEXT(ignore, true),     TEXT(hide, true),      TEXT(show, true),
    TEXT(show_from, true), TEXT(tagfocus, true),   TEXT(tagignore, true), TEXT(tagroot, true),
    TEXT(tagleaf, true),   TEXT(prune_from, true), TEXT(thread, true),    TEXT(process, true),
    TEXT(cpu, true),       TEXT(metric, false),    TEXT(by_label, false), TEXT(rename, false),
#undef TEXT
};

void pa_view_note(pa_view_job *job, const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    pa_push(job->scratch, &job->notes) = pa_arena_str(job->arena, pa_cstr(text));
}

static void copy_options(pa_view_job *job, const pa_view_options *from)
{
    pa_view_options *to = &job->view->options;
    *to = *from;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const char **text = (const char **)(void *)((char *)to + texts[i].at);
        *text = pa_given(*text) ? pa_arena_cstr(job->arena, pa_cstr(*text)) : NULL;
        if (*text && texts[i].filter)
            pa_push(job->scratch, &job->filters) = pa_arena_format(job->arena, "%s=%s", texts[i].name, *text);
    }
    if (to->noinlines)
        pa_push(job->scratch, &job->filters) = PA_STR("noinlines");
    if (to->fold_recursion)
        pa_push(job->scratch, &job->filters) = PA_STR("fold_recursion");
    if (to->compat == PA_COMPAT_PPROF)
        to->apply_drop_frames = true;
    job->o = to;
}

bool pa_view_names(pa_view_job *job)
{
    const pa_profile *p = job->p;
    job->names = pa_new(job->scratch, pa_str, p->n_functions);
    for (size_t i = 0; i < p->n_functions; i++) {
        pa_str raw = pa_job_string(job, p->functions[i].name);
        if (raw.n && !pa_namer_shown(&job->namer, raw, &job->names[i], job->err))
            return false;
    }
    return true;
}

bool pa_context_is_base(const pa_profile *p, pa_context_id id)
{
    pa_labels labels = pa_context_at(p, id);
    for (size_t i = 0; i < labels.n; i++)
        if (!labels.p[i].numeric && pa_str_is(pa_string(p, labels.p[i].key), "pprof::base") &&
            pa_str_is(pa_string(p, labels.p[i].str), "true"))
            return true;
    return false;
}

bool pa_add_magnitude(int64_t *sum, int64_t value, pa_err *err)
{
    bool over =
        value < 0 ? __builtin_sub_overflow(*sum, value, sum) : __builtin_add_overflow(*sum, value, sum);
    return !over || pa_fail(err, PA_E_OVERFLOW, PA_NO_OFFSET, "the total exceeds 64 bits");
}

/* What shares are of.  Rows of a diff's base, where there are any, are the whole: the others are compared to them. */
static bool set_total(pa_view_job *job)
{
    const pa_profile *p = job->p;
    const pa_stream *s = &p->streams[job->view->stream.v];
    unsigned char *base = pa_new(job->scratch, unsigned char, p->n_contexts);
    for (uint32_t i = 0; i < p->n_contexts; i++)
        base[i] = pa_context_is_base(p, (pa_context_id){i});
    int64_t all = 0, of_base = 0;
    for (size_t i = 0; i < s->n_rows; i++) {
        int64_t v = s->values[i * s->n_metrics + job->view->metric];
        if (!pa_add_magnitude(&all, v, job->err))
            return false;
        if (base[s->context[i].v] && !pa_add_magnitude(&of_base, v, job->err))
            return false;
    }
    job->view->total = of_base > 0 ? of_base : all;
    return true;
}

static bool by_context(pa_by by)
{
    return by == PA_BY_THREAD || by == PA_BY_PROCESS || by == PA_BY_ORIGIN || by == PA_BY_LABEL;
}

/* Names of the functions of the view's profile: a rewritten one has the source's functions first, then those that
 * stand for labels, whose names are as they are. */
static const pa_str *names_of_view(pa_view_job *job)
{
    const pa_profile *p = job->view->profile;
    if (p == job->p)
        return job->names;
    pa_str *names = pa_new(job->scratch, pa_str, p->n_functions);
    for (size_t i = 0; i < p->n_functions; i++)
        names[i] = i < job->p->n_functions ? job->names[i] : pa_string(p, p->functions[i].name);
    return names;
}

static bool build(void *arg)
{
    pa_view_job *job = arg;
    const pa_view_options *options = job->o;
    job->scratch = pa_arena_scratch(job->arena);
    job->pool.arena = job->scratch;
    job->view = pa_new(job->arena, pa_view, 1);
    job->view->source = job->view->profile = job->p;
    copy_options(job, options);
    if (!pa_namer_init(&job->namer, job->arena, &job->pool, job->o->names, job->o->rename, job->err) ||
        !pa_view_choose_metric(job) || !set_total(job) || !pa_view_names(job) || !pa_filter_contexts(job) ||
        !pa_filter_tags(job))
        return false;
    pa_make_tag_frames(job);
    if (!pa_mark_frames(job) || !pa_view_rewrite(job))
        return false;
    pa_view *view = job->view;
    if (job->o->relative_percentages)
        view->total = job->kept_total;
    if (!by_context(job->o->by))
        pa_group_frames(job, names_of_view(job));
    else if (!pa_group_contexts(job))
        return false;
    view->n_notes = job->notes.n;
    view->notes = pa_new(job->arena, pa_str, job->notes.n);
    for (size_t i = 0; i < job->notes.n; i++)
        view->notes[i] = job->notes.p[i];
    view->n_filters = job->filters.n;
    view->filters = pa_new(job->arena, pa_str, job->filters.n);
    for (size_t i = 0; i < job->filters.n; i++)
        view->filters[i] = job->filters.p[i];
    return true;
}

pa_view *pa_view_new(const pa_profile *profile, const pa_view_options *options, pa_arena *arena, pa_err *err)
{
    static const pa_view_options defaults;
    pa_err unwanted = {0};
    pa_view_job job = {
        .p = profile, .o = options ? options : &defaults, .arena = arena, .err = err ? err : &unwanted};
    bool ok = pa_guard(arena, job.err, build, &job);
    pa_regex_release(&job.pool);
    pa_arena_free(job.scratch);
    return ok ? job.view : NULL;
}
