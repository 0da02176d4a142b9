/* builder_rows.c: streams and their rows.  Equal (stack, context) rows add up as they come; sums are checked, squares
 * of record values are kept in 128 bits from the first row that stands for two records on. */
#include "libanalysis/model/builder_parts.h"

static bool same_metrics(pa_stream_build *s, const pa_metric *metrics, uint32_t n)
{
    if (s->n_metrics != n)
        return false;
    for (uint32_t i = 0; i < n; i++)
        if (s->metrics[i].name.v != metrics[i].name.v || s->metrics[i].dimension != metrics[i].dimension ||
            (metrics[i].dimension == PA_DIM_OTHER && s->metrics[i].unit.v != metrics[i].unit.v))
            return false;
    return true;
}

/* Inputs may spell one metric in different units (values are in base units anyway): the finest is kept. */
static void reconcile(pa_stream_build *s, const pa_metric *metrics)
{
    for (uint32_t i = 0; i < s->n_metrics; i++) {
        pa_metric *m = &s->metrics[i];
        if (metrics[i].factor > 0 && metrics[i].factor < m->factor) {
            m->factor = metrics[i].factor;
            m->unit = metrics[i].unit;
        }
        if (metrics[i].period > m->period)
            m->period = metrics[i].period;
    }
}

pa_stream_id pa_add_stream(pa_builder *b, pa_str_id name, const pa_metric *metrics, uint32_t n)
{
    return pa_declare_stream(b, name, metrics, n, b->at, b->inputs.n ? (uint32_t)b->inputs.n - 1 : 0);
}

pa_stream_id pa_declare_stream(pa_builder *b, pa_str_id name, const pa_metric *metrics, uint32_t n,
                               uint64_t at, uint32_t input)
{
    if (n == 0 || n > PA_MAX_METRICS) {
        pa_builder_fail(b, PA_E_LIMIT, "%u value types, between 1 and %u are supported", n, PA_MAX_METRICS);
        return (pa_stream_id){0};
    }
    bool same_name = false;
    for (uint32_t i = 0; i < b->streams.n; i++) {
        pa_stream_build *s = &b->streams.p[i];
        if (s->name.v != name.v)
            continue;
        same_name = true;
        if (same_metrics(s, metrics, n)) {
            reconcile(s, metrics);
            return (pa_stream_id){i};
        }
    }
    if (same_name)
        pa_diag_add(b->arena, &b->diags, PA_NOTE_OTHER_METRICS, 1, at, input);
    if (b->streams.n >= PA_MAX_STREAMS) {
        pa_builder_fail(b, PA_E_LIMIT, "more than %u streams", PA_MAX_STREAMS);
        return (pa_stream_id){0};
    }
    pa_stream_build s = {
        .name = name, .n_metrics = n, .first = at, .input = input, .metrics = pa_new(b->arena, pa_metric, n)};
    memcpy(s.metrics, metrics, n * sizeof *metrics);
    for (uint32_t i = 0; i < n; i++)
        if (s.metrics[i].factor == 0)
            s.metrics[i].factor = 1;
    pa_push(b->arena, &b->streams) = s;
    return (pa_stream_id){(uint32_t)b->streams.n - 1};
}

pa_metric *pa_stream_metric(pa_builder *b, pa_stream_id stream, uint32_t metric)
{
    return &b->streams.p[stream.v].metrics[metric];
}

static pa_u128 square(int64_t v)
{
    uint64_t magnitude = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
    return (pa_u128)magnitude * magnitude;
}

/* Until here every row was one record, so its square is that of its value. */
static void start_squares(pa_builder *b, pa_stream_build *s)
{
    if (s->has_squares)
        return;
    s->has_squares = true;
    pa_reserve(b->arena, &s->squares, s->values.n + s->n_metrics);
    for (size_t i = 0; i < s->values.n; i++)
        s->squares.p[i] = square(s->values.p[i]);
    s->squares.n = s->values.n;
}

bool pa_metric_fractional(pa_builder *b, pa_stream_id stream, uint32_t metric, pa_err *err)
{
    pa_stream_build *s = &b->streams.p[stream.v];
    if (s->metrics[metric].decimals)
        return true;
    for (size_t i = metric; i < s->values.n; i += s->n_metrics)
        if (__builtin_mul_overflow(s->values.p[i], (int64_t)PA_FRACTION_SCALE, &s->values.p[i]))
            return pa_fail(err, PA_E_OVERFLOW, b->at, "sum does not fit 64 bits once it has fractions");
    const pa_u128 scale = (pa_u128)PA_FRACTION_SCALE * PA_FRACTION_SCALE;
    for (size_t i = metric; i < s->squares.n; i += s->n_metrics)
        if (__builtin_mul_overflow(s->squares.p[i], scale, &s->squares.p[i]))
            s->squares.p[i] = ~(pa_u128)0;
    s->metrics[metric].decimals = 9;
    return true;
}

static uint32_t find_row(const pa_stream_build *s, uint64_t hash, pa_stack_id stack, pa_context_id context)
{
    uint32_t id;
    for (pa_slot at = pa_index_find(&s->index, hash); pa_index_next(&s->index, &at, &id);)
        if (s->stack.p[id].v == stack.v && s->context.p[id].v == context.v)
            return id;
    return UINT32_MAX;
}

static void new_row(pa_builder *b, pa_stream_build *s, uint64_t hash, const pa_rows *rows, size_t i,
                    pa_context_id c)
{
    uint32_t k = s->n_metrics, id = (uint32_t)s->stack.n;
    const int64_t *values = rows->values + i * k;
    pa_push(b->arena, &s->stack) = rows->stack[i];
    pa_push(b->arena, &s->context) = c;
    pa_push(b->arena, &s->records) = rows->records ? rows->records[i] : 1;
    pa_reserve(b->arena, &s->values, k);
    memcpy(s->values.p + s->values.n, values, k * sizeof *values);
    s->values.n += k;
    if (s->has_squares)
        for (uint32_t m = 0; m < k; m++)
            pa_push(b->arena, &s->squares) = rows->squares ? rows->squares[i * k + m] : square(values[m]);
    pa_index_add(b->arena, &s->index, hash, id);
}

static bool add_to_row(pa_builder *b, pa_stream_build *s, uint32_t id, const pa_rows *rows, size_t i,
                       pa_err *err)
{
    uint32_t k = s->n_metrics;
    start_squares(b, s);
    for (uint32_t m = 0; m < k; m++) {
        int64_t v = rows->values[i * k + m];
        size_t at = (size_t)id * k + m;
        if (__builtin_add_overflow(s->values.p[at], v, &s->values.p[at])) {
            pa_str name = b->strings.p[s->metrics[m].name.v];
            return pa_fail(err, PA_E_OVERFLOW, b->at, "sum of '%.*s' exceeds 64 bits", (int)name.n, name.p);
        }
        if (__builtin_add_overflow(s->squares.p[at], rows->squares ? rows->squares[i * k + m] : square(v),
                                   &s->squares.p[at]))
            s->squares.p[at] =
                ~(pa_u128)0; /* only beyond any usable weight; the sum above is the one that counts */
    }
    s->records.p[id] += rows->records ? rows->records[i] : 1;
    return true;
}

static uint64_t row_hash(pa_stack_id stack, pa_context_id context) { return pa_mix(stack.v, context.v); }

/* The table of a million rows is not in any cache: ask for the slots of rows to come while adding this one. */
#define AHEAD 12

bool pa_add_rows(pa_builder *b, pa_stream_id stream, const pa_rows *rows, pa_err *err)
{
    if (!pa_builder_ok(b, err))
        return false;
    pa_stream_build *s = &b->streams.p[stream.v];
    if (rows->squares || rows->records)
        start_squares(b, s);
    for (size_t i = 0; i < rows->n; i++)
        b->sum.n_records += rows->records ? rows->records[i] : 1;
    if (rows->n > AHEAD)
        pa_index_reserve(b->arena, &s->index, s->index.n + rows->n);
    for (size_t i = 0; i < rows->n; i++) {
        if (i + AHEAD < rows->n) {
            pa_context_id c = rows->context[i + AHEAD];
            pa_index_prefetch(&s->index, row_hash(rows->stack[i + AHEAD], c.v ? c : b->origin_context));
        }
        pa_context_id c = rows->context[i].v ? rows->context[i] : b->origin_context;
        uint64_t hash = row_hash(rows->stack[i], c);
        uint32_t id = find_row(s, hash, rows->stack[i], c);
        bool ok = true;
        if (id != UINT32_MAX)
            ok = add_to_row(b, s, id, rows, i, err);
        else if (s->stack.n < PA_MAX_IDS)
            new_row(b, s, hash, rows, i, c);
        else
            ok = pa_fail(err, PA_E_LIMIT, b->at, "more than %u rows", PA_MAX_IDS);
        if (!ok) {
            if (rows->failed)
                *rows->failed = i;
            return false;
        }
    }
    return true;
}

void pa_finish_streams(pa_builder *b, pa_profile *p)
{
    p->n_streams = b->streams.n;
    p->streams = pa_new(b->arena, pa_stream, b->streams.n);
    for (size_t i = 0; i < b->streams.n; i++) {
        pa_stream_build *s = &b->streams.p[i];
        pa_index_release(b->arena, &s->index);
        p->streams[i] = (pa_stream){
            .name = s->name,
            .n_metrics = s->n_metrics,
            .metrics = s->metrics,
            .first = s->first,
            .input = s->input,
            .n_rows = s->stack.n,
            .stack = s->stack.p,
            .context = s->context.p,
            .records = s->records.p,
            .values = s->values.p,
            .squares = s->has_squares ? s->squares.p : NULL,
        };
    }
}
