/* sums.c: values per group, and how many samples stand behind them.
 * In: a view.  Out: flat, cum and samples per group.
 * Rows are added up per stack first; then every distinct stack is walked once, with a mark per group of the stack that
 * last counted for it.  No string is touched. */
#include <math.h>

#include "libanalysis/analysis/analysis.h"
#include "libanalysis/stats/wilson.h"

static double magnitude(int64_t v) { return fabs((double)v); }

/* ---- samples ------------------------------------------------------------------------------------------------- */

static int64_t gcd(int64_t a, int64_t b)
{
    uint64_t x = a < 0 ? 0 - (uint64_t)a : (uint64_t)a, y = b < 0 ? 0 - (uint64_t)b : (uint64_t)b;
    while (y) {
        uint64_t r = x % y;
        x = y;
        y = r;
    }
    return x > INT64_MAX ? INT64_MAX : (int64_t)x;
}

int64_t pa_count_divisor(const pa_stream *s, uint32_t metric)
{
    if (s->metrics[metric].count_source != PA_COUNT_GCD)
        return 1;
    if (s->metrics[metric].period > 0)
        return s->metrics[metric].period;
    int64_t divisor = 0;
    for (size_t i = 0; i < s->n_rows && divisor != 1; i++)
        divisor = gcd(divisor, s->values[i * s->n_metrics + metric]);
    return divisor ? divisor : 1;
}

static double plain_value(const pa_stream *s, size_t row, uint32_t metric)
{
    double v = magnitude(s->values[row * s->n_metrics + metric]);
    return s->metrics[metric].decimals ? v / PA_FRACTION_SCALE : v;
}

/* A sampled heap holds objects / (1 - exp(-size / rate)) for every object that was seen (Go, tcmalloc, jemalloc). */
static double seen_objects(const pa_stream *s, uint32_t metric, size_t row)
{
    const pa_metric *m = &s->metrics[metric];
    double objects = plain_value(s, row, m->count_metric);
    uint32_t bytes = metric;
    for (uint32_t i = 0; i < s->n_metrics && s->metrics[bytes].dimension != PA_DIM_BYTES; i++)
        if (s->metrics[i].dimension == PA_DIM_BYTES && s->metrics[i].count_metric == m->count_metric)
            bytes = i;
    double rate = (double)(m->period > 0 ? m->period : s->metrics[bytes].period);
    if (s->metrics[bytes].dimension != PA_DIM_BYTES || !(rate > 0) || !(objects > 0))
        return objects;
    return objects * -expm1(-plain_value(s, row, bytes) / objects / rate);
}

double pa_row_samples(const pa_stream *s, uint32_t metric, size_t row, int64_t divisor)
{
    const pa_metric *m = &s->metrics[metric];
    switch (m->count_source) {
    case PA_COUNT_RECORDS: return (double)s->records[row];
    case PA_COUNT_METRIC: return plain_value(s, row, m->count_metric);
    case PA_COUNT_ESTIMATED: return seen_objects(s, metric, row);
    case PA_COUNT_GCD: return magnitude(s->values[row * s->n_metrics + metric]) / (double)divisor;
    case PA_COUNT_EXACT: break;
    }
    return 0;
}

/* Of the samples in a row only the sum is known, unless each record is one: they are taken to be equal, so n of them
 * with sum v have the sum of squares v^2 / n. */
static double row_squares(const pa_stream *s, uint32_t metric, size_t row, double v, double n)
{
    if (s->metrics[metric].count_source == PA_COUNT_RECORDS)
        return (double)pa_row_square(s, row, metric);
    return v * v / (n > 0 ? n : 1);
}

pa_evidence pa_count_evidence(const pa_stream *s, uint32_t metric, const unsigned char *stack_in,
                              const unsigned char *context_in)
{
    int64_t divisor = pa_count_divisor(s, metric);
    double sum = 0, squares = 0, samples = 0;
    if (s->metrics[metric].count_source == PA_COUNT_EXACT)
        return (pa_evidence){0};
    for (size_t i = 0; i < s->n_rows; i++) {
        int64_t v = s->values[i * s->n_metrics + metric];
        if (v < 0)
            return (pa_evidence){0};
        if (v == 0 || (stack_in && !stack_in[s->stack[i].v]) || (context_in && !context_in[s->context[i].v]))
            continue;
        double n = pa_row_samples(s, metric, i, divisor);
        sum += (double)v;
        samples += n;
        squares += row_squares(s, metric, i, (double)v, n);
    }
    return (pa_evidence){.has = samples > 0, .n = samples, .n_effective = pa_kish(sum, squares)};
}

/* ---- sums ---------------------------------------------------------------------------------------------------- */

typedef struct summing {
    const pa_view *view;
    pa_arena *arena;
    pa_err *err;
    pa_sums *sums;
    double *samples_of_stack;
    const uint32_t *depth; /* frames of each stack that count; NULL: all */
} summing;

static bool add(summing *w, int64_t *sum, int64_t value)
{
    return !__builtin_add_overflow(*sum, value, sum) ||
           pa_fail(w->err, PA_E_OVERFLOW, PA_NO_OFFSET, "a sum exceeds 64 bits");
}

static bool add_without_group(summing *w, int64_t value, double samples)
{
    w->sums->has_no_stack = true;
    w->sums->no_stack_samples += samples;
    return add(w, &w->sums->no_stack, value);
}

static bool add_to_context_group(summing *w, size_t row, int64_t value, double samples)
{
    uint32_t g = w->view->group_of_context[pa_view_stream(w->view)->context[row].v];
    if (g == PA_NO_GROUP)
        return add_without_group(w, value, samples);
    w->sums->in_use[g] = 1;
    w->sums->samples[g] += samples;
    return add(w, &w->sums->flat[g], value) && add(w, &w->sums->cum[g], value);
}

static bool sum_rows(summing *w)
{
    const pa_stream *s = pa_view_stream(w->view);
    int64_t divisor = pa_count_divisor(s, w->view->metric);
    for (size_t i = 0; i < s->n_rows; i++) {
        int64_t v = pa_view_value(w->view, i);
        if (v == 0 || !pa_view_has_row(w->view, i))
            continue;
        w->sums->mixed |= v < 0;
        double n = pa_row_samples(s, w->view->metric, i, divisor);
        if (w->view->group_of_context) {
            if (!add_to_context_group(w, i, v, n))
                return false;
            continue;
        }
        uint32_t stack = s->stack[i].v;
        w->sums->stack_in_use[stack] = 1;
        w->samples_of_stack[stack] += n;
        if (!add(w, &w->sums->of_stack[stack], v))
            return false;
    }
    return true;
}

static bool walk_stack(summing *w, uint32_t stack, uint32_t *last)
{
    pa_sums *sums = w->sums;
    pa_frames f = pa_stack_at(w->view->profile, (pa_stack_id){stack});
    int64_t v = sums->of_stack[stack];
    if (w->depth)
        f.n = w->depth[stack];
    if (f.n == 0)
        return add_without_group(w, v, w->samples_of_stack[stack]);
    for (size_t i = 0; i < f.n; i++) {
        uint32_t g = w->view->group_of_frame[f.p[i].v];
        if (last[g] == stack + 1)
            continue;
        last[g] = stack + 1;
        sums->in_use[g] = 1;
        if (!add(w, &sums->cum[g], v))
            return false;
    }
    uint32_t leaf = w->view->group_of_frame[f.p[f.n - 1].v];
    sums->samples[leaf] += w->samples_of_stack[stack];
    return add(w, &sums->flat[leaf], v);
}

static bool sum_stacks(summing *w)
{
    uint32_t *last = pa_new(w->arena, uint32_t, w->view->n_groups);
    for (uint32_t i = 0; i < w->view->profile->n_stacks; i++)
        if (w->sums->stack_in_use[i] && !walk_stack(w, i, last))
            return false;
    return true;
}

bool pa_sum_groups(const pa_view *view, pa_arena *arena, pa_sums *sums, pa_err *err)
{
    return pa_sum_groups_to(view, NULL, arena, sums, err);
}

bool pa_sum_groups_to(const pa_view *view, const uint32_t *depth, pa_arena *arena, pa_sums *sums, pa_err *err)
{
    size_t n = view->n_groups, n_stacks = view->group_of_frame ? view->profile->n_stacks : 0;
    *sums = (pa_sums){
        .flat = pa_new(arena, int64_t, n),
        .cum = pa_new(arena, int64_t, n),
        .samples = pa_new(arena, double, n),
        .in_use = pa_new(arena, unsigned char, n),
        .of_stack = pa_new(arena, int64_t, n_stacks),
        .stack_in_use = pa_new(arena, unsigned char, n_stacks),
    };
    summing w = {view, arena, err, sums, pa_new(arena, double, n_stacks), depth};
    if (!sum_rows(&w) || (view->group_of_frame && !sum_stacks(&w)))
        return false;
    if (view->options.relative_percentages)
        sums->evidence =
            pa_count_evidence(pa_view_stream(view), view->metric, view->stack_in, view->context_in);
    else
        sums->evidence = pa_count_evidence(&view->source->streams[view->stream.v], view->metric, NULL, NULL);
    if (!sums->evidence.has)
        sums->samples = NULL;
    return true;
}
