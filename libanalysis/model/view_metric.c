/* view_metric.c: which value a view is of.
 * In: a name, a number, or nothing.  Out: a stream and a metric of it, or an error that lists what there is.
 * Numbers count the metrics of all streams one after the other, as info lists them. */
#include "libanalysis/model/view_parts.h"

/* Metric number i over all streams. */
static bool metric_at(const pa_profile *p, size_t i, pa_stream_id *stream, uint32_t *metric)
{
    for (uint32_t s = 0; s < p->n_streams; s++) {
        if (i < p->streams[s].n_metrics) {
            *stream = (pa_stream_id){s};
            *metric = (uint32_t)i;
            return true;
        }
        i -= p->streams[s].n_metrics;
    }
    return false;
}

static size_t n_metrics(const pa_profile *p)
{
    size_t n = 0;
    for (size_t s = 0; s < p->n_streams; s++)
        n += p->streams[s].n_metrics;
    return n;
}

/* pprof takes "inuse_space" for "space", as older files call it. */
static bool same_metric(pa_str wanted, pa_str name)
{
    static const pa_str inuse = {"inuse_", 6};
    return pa_str_eq(wanted, name) ||
           (pa_str_starts(wanted, inuse) && pa_str_eq(pa_str_from(wanted, inuse.n), name));
}

/* "stream/metric" */
static bool is_path(pa_str wanted, pa_str stream, pa_str metric)
{
    return wanted.n == stream.n + 1 + metric.n && pa_str_starts(wanted, stream) &&
           wanted.p[stream.n] == '/' && pa_str_ends(wanted, metric);
}

static bool find_in_stream(pa_view_job *job, uint32_t stream, pa_str wanted)
{
    const pa_stream *s = &job->p->streams[stream];
    pa_str name = pa_job_string(job, s->name);
    for (uint32_t m = 0; m < s->n_metrics; m++) {
        pa_str metric = pa_job_string(job, s->metrics[m].name);
        if (!same_metric(wanted, metric) && !is_path(wanted, name, metric))
            continue;
        job->view->stream = (pa_stream_id){stream};
        job->view->metric = m;
        return true;
    }
    if (name.n == 0 || !pa_str_eq(name, wanted))
        return false;
    job->view->stream = (pa_stream_id){stream};
    job->view->metric = stream == job->p->default_stream.v ? job->p->default_metric : 0;
    return true;
}

static bool find_by_name(pa_view_job *job, pa_str wanted)
{
    if (find_in_stream(job, job->p->default_stream.v, wanted))
        return true;
    for (uint32_t s = 0; s < job->p->n_streams; s++)
        if (find_in_stream(job, s, wanted))
            return true;
    return false;
}

#define NEAR_MAX 64

/* Letters to add, take away or replace to make a into b. */
static size_t edits(pa_str a, pa_str b)
{
    size_t row[NEAR_MAX + 1];
    for (size_t j = 0; j <= b.n; j++)
        row[j] = j;
    for (size_t i = 1; i <= a.n; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b.n; j++) {
            size_t replaced = diagonal + (a.p[i - 1] != b.p[j - 1]);
            size_t other = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;
            diagonal = row[j];
            row[j] = replaced < other ? replaced : other;
        }
    }
    return row[b.n];
}

static bool unknown_metric(pa_view_job *job, pa_str wanted)
{
    pa_str list = {0}, best = {0};
    size_t fewest = wanted.n / 3 + 2; /* more changes than that is another word */
    for (size_t i = 0; i < n_metrics(job->p); i++) {
        pa_stream_id stream = {0};
        uint32_t metric = 0;
        if (!metric_at(job->p, i, &stream, &metric))
            break;
        pa_str name = pa_job_string(job, job->p->streams[stream.v].metrics[metric].name);
        if (list.n < 300)
            list = pa_arena_format(job->scratch, "%.*s%s%.*s", (int)list.n, list.n ? list.p : "",
                                   i ? ", " : "", (int)name.n, name.p);
        size_t distance = wanted.n <= NEAR_MAX && name.n <= NEAR_MAX ? edits(wanted, name) : SIZE_MAX;
        if (distance < fewest) {
            fewest = distance;
            best = name;
        }
    }
    return pa_fail(job->err, PA_E_USAGE, PA_NO_OFFSET, "metric '%.*s' is none of: %.*s%s%.*s%s",
                   (int)wanted.n, wanted.p, (int)list.n, list.n ? list.p : "",
                   best.n ? "; did you mean '" : "", (int)best.n, best.n ? best.p : "", best.n ? "'?" : "");
}

bool pa_view_choose_metric(pa_view_job *job)
{
    const pa_profile *p = job->p;
    size_t n = n_metrics(p);
    if (n == 0)
        return pa_fail(job->err, PA_E_UNSUPPORTED, PA_NO_OFFSET, "the profile has no values");
    if (!pa_given(job->o->metric)) {
        job->view->stream = p->default_stream;
        job->view->metric = p->default_metric;
        return true;
    }
    pa_str wanted = pa_cstr(job->o->metric);
    int64_t number;
    if (pa_str_to_i64(wanted, &number)) {
        if (number >= 0 && metric_at(p, (size_t)number, &job->view->stream, &job->view->metric))
            return true;
        return pa_fail(job->err, PA_E_USAGE, PA_NO_OFFSET, "metric %lld is outside 0..%zu", (long long)number,
                       n - 1);
    }
    return find_by_name(job, wanted) || unknown_metric(job, wanted);
}
