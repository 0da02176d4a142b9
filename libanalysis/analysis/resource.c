/* resource.c: pa_resource: locks, io and alloc: top on the metric that answers the question, with how many there were.
 * In: a view of that metric; resources.def says which it is.  Out: pa_top's report with two more columns.
 * Where stacks end in a runtime's own frames (a mutex unlocked by sync.(*Mutex).Unlock), values are charged to the
 * frame that called it; a stack of nothing but such frames stays as it is. */
#include "libanalysis/analysis/analysis.h"

typedef struct question {
    const char *name, *what;
    pa_top_extra extra;
    const char *advice;
} question;

#define PA_RESOURCE(...)
#define PA_QUESTION(name, what, value, count_key, count, mean_key, mean, advice) \
    {#name, what, {#name, value, count_key, count, mean_key, mean, NULL, 0, NULL, false}, advice},
static const question questions[] = {
#include "libanalysis/analysis/resources.def"
};
#undef PA_RESOURCE
#undef PA_QUESTION

typedef struct resource {
    const char *question, *stream, *metric;
    pa_dimension dimension;
    const char *count;
    bool runtime;
} resource;

#define PA_QUESTION(...)
#define PA_RESOURCE(question, stream, metric, dimension, count, runtime) \
    {#question, stream, metric, dimension, count, runtime},
static const resource resources[] = {
#include "libanalysis/analysis/resources.def"
};
#undef PA_RESOURCE
#undef PA_QUESTION

#define N_RESOURCES        (sizeof resources / sizeof *resources)

#define PA_RUNTIME(prefix) {prefix, sizeof(prefix) - 1},
static const pa_str runtime_prefixes[] = {
#include "libanalysis/analysis/runtime_frames.def"
};
#undef PA_RUNTIME

/* ---- which metric -------------------------------------------------------------------------------------------- */

/* One '*' at most, for any text. */
static bool fits(const char *pattern, pa_str name)
{
    pa_str tail, head;
    tail = pa_str_cut(pa_cstr(pattern), '*', &head);
    if (head.n == strlen(pattern))
        return pa_str_eq(head, name);
    return name.n >= head.n + tail.n && pa_str_starts(name, head) && pa_str_ends(name, tail);
}

static bool metric_fits(const pa_profile *p, const pa_stream *s, uint32_t metric, const resource *r)
{
    const pa_metric *m = &s->metrics[metric];
    return m->dimension == r->dimension && fits(r->stream, pa_string(p, s->name)) &&
           fits(r->metric, pa_string(p, m->name));
}

static const question *question_named(const char *name)
{
    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++)
        if (strcmp(questions[i].name, name) == 0)
            return &questions[i];
    return NULL;
}

/* The first row for that metric, NULL: it answers something else. */
static const resource *resource_of(const pa_profile *p, const pa_stream *s, uint32_t metric, const char *name)
{
    for (size_t i = 0; i < N_RESOURCES; i++)
        if (strcmp(resources[i].question, name) == 0 && metric_fits(p, s, metric, &resources[i]))
            return &resources[i];
    return NULL;
}

bool pa_resource_answers(const pa_view *view, const char *name)
{
    return resource_of(view->profile, pa_view_stream(view), view->metric, name) != NULL;
}

bool pa_resource_exists(const pa_profile *p, const char *name)
{
    for (size_t s = 0; s < p->n_streams; s++)
        for (uint32_t m = 0; m < p->streams[s].n_metrics; m++)
            if (resource_of(p, &p->streams[s], m, name))
                return true;
    return false;
}

static pa_str metric_list(const pa_profile *p, pa_arena *arena)
{
    pa_str list = {0};
    for (size_t s = 0; s < p->n_streams; s++)
        for (uint32_t m = 0; m < p->streams[s].n_metrics && list.n < 300; m++) {
            pa_str name = pa_string(p, p->streams[s].metrics[m].name);
            list = pa_arena_format(arena, "%.*s%s%.*s", (int)list.n, list.n ? list.p : "", list.n ? ", " : "",
                                   (int)name.n, name.n ? name.p : "");
        }
    return list.n ? list : PA_STR("nothing");
}

static bool no_metric(const pa_profile *p, const question *q, pa_arena *arena, pa_err *err)
{
    pa_str list = metric_list(p, arena);
    return pa_fail(err, PA_E_USAGE, PA_NO_OFFSET,
                   "%s: the profile has no metric of %s, it has: %.*s; recordings with one: %s", q->name,
                   q->what, (int)list.n, list.p, q->advice);
}

static bool unknown(const char *name, pa_err *err)
{
    return pa_fail(err, PA_E_USAGE, PA_NO_OFFSET, "'%s' is no question with a metric of its own",
                   name ? name : "");
}

typedef struct choosing {
    const pa_profile *profile;
    const char *name;
    pa_arena *arena;
    pa_err *err;
    const char *metric;
} choosing;

/* Metrics count over all streams, as pa_view_options.metric does. */
static bool choose(void *arg)
{
    choosing *c = arg;
    const pa_profile *p = c->profile;
    const question *q = c->name ? question_named(c->name) : NULL;
    if (!q)
        return unknown(c->name, c->err);
    for (size_t i = 0; i < N_RESOURCES; i++) {
        size_t number = 0;
        for (size_t s = 0; s < p->n_streams; s++)
            for (uint32_t m = 0; m < p->streams[s].n_metrics; m++, number++) {
                if (strcmp(resources[i].question, q->name) != 0 ||
                    !metric_fits(p, &p->streams[s], m, &resources[i]))
                    continue;
                c->metric = pa_arena_format(c->arena, "%zu", number).p;
                return true;
            }
    }
    return no_metric(p, q, c->arena, c->err);
}

const char *pa_resource_metric(const pa_profile *profile, const char *name, pa_arena *arena, pa_err *err)
{
    choosing c = {profile, name, arena, err, NULL};
    return pa_guard(arena, err, choose, &c) ? c.metric : NULL;
}

/* ---- how many, and whose ------------------------------------------------------------------------------------- */

typedef struct resource_job {
    const pa_view *view;
    const char *name;
    const pa_resource_options *options;
    pa_arena *arena, *scratch;
    pa_err *err;
    pa_top_extra extra;
} resource_job;

static bool is_runtime(pa_str name)
{
    for (size_t i = 0; i < sizeof runtime_prefixes / sizeof *runtime_prefixes; i++)
        if (pa_str_starts(name, runtime_prefixes[i]))
            return true;
    return false;
}

/* How deep each stack is without the runtime's frames at its end. */
static void skip_runtime(resource_job *job)
{
    const pa_profile *p = job->view->profile;
    unsigned char *runtime = pa_new(job->scratch, unsigned char, p->n_functions);
    uint32_t *depth = pa_new(job->scratch, uint32_t, p->n_stacks);
    for (size_t i = 0; i < p->n_functions; i++)
        runtime[i] = is_runtime(pa_string(p, p->functions[i].name));
    for (uint32_t i = 0; i < p->n_stacks; i++) {
        pa_frames f = pa_stack_at(p, (pa_stack_id){i});
        size_t n = f.n;
        while (n && runtime[pa_frame_at(p, f.p[n - 1])->function.v])
            n--;
        depth[i] = (uint32_t)(n ? n : f.n);
        job->extra.skipped |= depth[i] < f.n;
    }
    job->extra.depth = depth;
}

static bool count(resource_job *job, uint32_t metric)
{
    pa_view counted = *job->view;
    pa_sums sums;
    counted.metric = metric;
    if (!pa_sum_groups_to(&counted, job->extra.depth, job->scratch, &sums, job->err))
        return false;
    job->extra.counts = sums.flat;
    job->extra.no_stack_count = sums.no_stack;
    return true;
}

static bool prepare(void *arg)
{
    resource_job *job = arg;
    const pa_view *v = job->view;
    const pa_stream *s = pa_view_stream(v);
    const question *q = job->name ? question_named(job->name) : NULL;
    job->scratch = pa_arena_scratch(job->arena);
    if (!q)
        return unknown(job->name, job->err);
    if (v->options.compat != PA_COMPAT_NONE)
        return pa_fail(job->err, PA_E_USAGE, PA_NO_OFFSET,
                       "%s: other tools have no such report to be compared with: top --compat has", q->name);
    const resource *r = resource_of(v->profile, s, v->metric, q->name);
    if (!r) {
        pa_str asked = pa_string(v->profile, pa_view_metric(v)->name),
               list = metric_list(v->profile, job->scratch);
        return pa_fail(job->err, PA_E_USAGE, PA_NO_OFFSET,
                       "%s: the metric %.*s (of %.*s) does not measure %s", q->name, (int)asked.n,
                       asked.n ? asked.p : "", (int)list.n, list.p, q->what);
    }
    job->extra = q->extra;
    if (v->group_of_frame && r->runtime && !job->options->runtime_frames)
        skip_runtime(job);
    if (r->dimension == PA_DIM_COUNT)
        job->extra.value_title = q->extra.count_title;
    for (uint32_t m = 0; r->count[0] && m < s->n_metrics; m++)
        if (m != v->metric && s->metrics[m].dimension == PA_DIM_COUNT && !s->metrics[m].decimals &&
            fits(r->count, pa_string(v->profile, s->metrics[m].name)))
            return count(job, m);
    return true;
}

pa_report *pa_resource(const pa_view *view, const char *name, const pa_resource_options *options,
                       pa_arena *arena, pa_err *err)
{
    static const pa_resource_options defaults;
    resource_job job = {
        .view = view, .name = name, .options = options ? options : &defaults, .arena = arena, .err = err};
    pa_top_job top = {
        .view = view, .options = &job.options->top, .arena = arena, .err = err, .extra = &job.extra};
    pa_report *report = pa_guard(arena, err, prepare, &job) ? pa_top_run(&top) : NULL;
    pa_arena_free(job.scratch);
    return report;
}
