/* merge.c: everything of one profile into a builder, ids translated; and how metadata of several inputs is reconciled.
 * Costs the distinct things of the profile, not its samples; rows that are equal in both add up. */
#include "libanalysis/model/merge.h"

#include <stdlib.h>

#include "libanalysis/model/builder_parts.h"

/* Old id -> new id, one array a kind; in a scratch arena. */
typedef struct translation {
    pa_str_id *string;
    pa_module_id *module;
    pa_function_id *function;
    pa_frame_id *frame;
    pa_stack_id *stack;
    pa_context_id *context;
    pa_stream_id *stream;
    PA_VEC(pa_frame_id) frames; /* of the stacks in hand */
} translation;

/* The strings of the metadata, of which the first that is not empty is kept. */
static const size_t meta_strings[] = {
    offsetof(pa_meta, producer),       offsetof(pa_meta, period_type), offsetof(pa_meta, period_unit),
    offsetof(pa_meta, default_metric), offsetof(pa_meta, doc_url),     offsetof(pa_meta, drop_frames),
    offsetof(pa_meta, keep_frames),
};

static pa_str_id *meta_string(pa_meta *m, size_t i)
{
    return (pa_str_id *)(void *)((char *)m + meta_strings[i]);
}

void pa_merge_meta(pa_builder *b, const pa_meta *from)
{
    pa_meta copy = *from, *m = &copy;
    pa_meta *to = &b->meta;
    if (!b->has_meta) {
        b->has_meta = true;
        *to = *m;
        to->comments.p = NULL;
        to->comments.n = to->comments.cap = 0;
    } else {
        /* pprof's rules: earliest start, durations add up, longest period of one kind, first of the rest */
        if (m->start_ns && (!to->start_ns || m->start_ns < to->start_ns))
            to->start_ns = m->start_ns;
        if (__builtin_add_overflow(to->duration_ns, m->duration_ns, &to->duration_ns))
            to->duration_ns = INT64_MAX;
        bool other_period = to->period_type.v != m->period_type.v || to->period_unit.v != m->period_unit.v;
        if (to->period == 0 || (m->period > to->period && !other_period))
            to->period = m->period;
        for (size_t i = 0; i < sizeof meta_strings / sizeof *meta_strings; i++) {
            pa_str_id *kept = meta_string(to, i);
            if (kept->v == 0)
                *kept = *meta_string(m, i);
        }
    }
    for (size_t i = 0; i < m->comments.n; i++) {
        bool known = false;
        for (size_t j = 0; j < to->comments.n && !known; j++)
            known = to->comments.p[j].v == m->comments.p[i].v;
        if (!known)
            pa_push(b->arena, &to->comments) = m->comments.p[i];
    }
}

static void translate_things(pa_builder *b, const pa_profile *p, pa_arena *a, translation *t)
{
    t->string = pa_new(a, pa_str_id, p->n_strings);
    for (size_t i = 0; i < p->n_strings; i++)
        t->string[i] = pa_add_str(b, p->strings[i]);
    t->module = pa_new(a, pa_module_id, p->n_modules);
    for (size_t i = 0; i < p->n_modules; i++) {
        pa_module m = p->modules[i];
        m.path = t->string[m.path.v];
        m.build_id = t->string[m.build_id.v];
        t->module[i] = pa_add_module(b, &m);
    }
    t->function = pa_new(a, pa_function_id, p->n_functions);
    for (size_t i = 0; i < p->n_functions; i++) {
        pa_function f = p->functions[i];
        f.name = t->string[f.name.v];
        f.system_name = t->string[f.system_name.v];
        f.file = t->string[f.file.v];
        t->function[i] = pa_add_function(b, &f);
    }
    t->frame = pa_new(a, pa_frame_id, p->n_frames);
    for (size_t i = 0; i < p->n_frames; i++) {
        pa_frame f = p->frames[i];
        f.function = t->function[f.function.v];
        f.module = t->module[f.module.v];
        t->frame[i] = pa_add_frame(b, &f);
    }
}

/* n stacks from the first on: translated, looked for and, what is not there yet, added. */
static void translate_some(pa_builder *b, const pa_profile *p, pa_arena *a, translation *t, size_t first,
                           size_t n)
{
    const uint64_t *at = p->stack_at + first;
    size_t n_frames = at[n] - at[0];
    t->frames.n = 0;
    pa_reserve(a, &t->frames, n_frames);
    for (size_t i = 0; i < n_frames; i++)
        t->frames.p[i] = t->frame[p->stack_frames[at[0] + i].v];
    pa_intern_stacks(b, t->frames.p, at, n, t->stack + first);
}

static void translate_stacks(pa_builder *b, const pa_profile *p, pa_arena *a, translation *t)
{
    t->stack = pa_new(a, pa_stack_id, p->n_stacks);
    pa_reserve(a, &t->frames, 1); /* never NULL, so that an empty slice of them can be pointed at */
    pa_expect_stacks(b, p->n_stacks);
    for (size_t i = 0; i < p->n_stacks; i += PA_STACKS_TOGETHER)
        translate_some(b, p, a, t, i,
                       p->n_stacks - i < PA_STACKS_TOGETHER ? p->n_stacks - i : PA_STACKS_TOGETHER);
    PA_VEC(pa_label) labels = {0};
    t->context = pa_new(a, pa_context_id, p->n_contexts);
    for (size_t i = 0; i < p->n_contexts; i++) {
        pa_labels c = pa_context_at(p, (pa_context_id){(uint32_t)i});
        labels.n = 0;
        pa_reserve(a, &labels, c.n);
        for (size_t j = 0; j < c.n; j++) {
            labels.p[j] = c.p[j];
            labels.p[j].key = t->string[c.p[j].key.v];
            labels.p[j].str = t->string[c.p[j].str.v];
        }
        t->context[i] = pa_add_context(b, labels.p, c.n);
    }
}

/* The rows of from with the same number of decimals as the stream they are added to: copied only if they must be. */
static bool align_decimals(pa_builder *b, pa_stream_id to, const pa_stream *from, pa_arena *a, pa_rows *rows,
                           pa_err *err)
{
    size_t n = from->n_rows * from->n_metrics, k = from->n_metrics;
    for (uint32_t m = 0; m < k; m++) {
        if (from->metrics[m].decimals && !pa_metric_fractional(b, to, m, err))
            return false;
        if (n == 0 || from->metrics[m].decimals || !pa_stream_metric(b, to, m)->decimals)
            continue;
        int64_t *values = memcpy(pa_new(a, int64_t, n), rows->values, n * sizeof *values);
        pa_u128 *squares = pa_new(a, pa_u128, n);
        for (size_t i = 0; i < n; i++)
            squares[i] = rows->squares ? rows->squares[i] : pa_row_square(from, i / k, (uint32_t)(i % k));
        for (size_t i = m; i < n; i += k) {
            if (__builtin_mul_overflow(values[i], (int64_t)PA_FRACTION_SCALE, &values[i]))
                return pa_fail(err, PA_E_OVERFLOW, PA_NO_OFFSET, "value does not fit 64 bits with fractions");
            if (__builtin_mul_overflow(squares[i], (pa_u128)PA_FRACTION_SCALE * PA_FRACTION_SCALE,
                                       &squares[i]))
                squares[i] = ~(pa_u128)0;
        }
        rows->values = values;
        rows->squares = squares;
    }
    return true;
}

/* What p's first input is in b; a worker's profile has none of its own: it speaks of the current one. */
static uint32_t current_input(const pa_builder *b) { return b->inputs.n ? (uint32_t)b->inputs.n - 1 : 0; }

static pa_stream_id declare(pa_builder *b, const pa_profile *p, const pa_stream *from, uint32_t first_input,
                            pa_arena *a)
{
    pa_metric *metrics = pa_new(a, pa_metric, from->n_metrics);
    for (uint32_t m = 0; m < from->n_metrics; m++) {
        metrics[m] = from->metrics[m];
        metrics[m].decimals = 0; /* align_decimals decides */
        metrics[m].name = pa_add_str(b, pa_string(p, from->metrics[m].name));
        metrics[m].unit = pa_add_str(b, pa_string(p, from->metrics[m].unit));
    }
    pa_str_id name = pa_add_str(b, pa_string(p, from->name));
    return pa_declare_stream(b, name, metrics, from->n_metrics, from->first, first_input + from->input);
}

static bool add_stream(pa_builder *b, const pa_profile *p, size_t which, uint32_t first_input, pa_arena *a,
                       translation *t, pa_err *err)
{
    const pa_stream *from = &p->streams[which];
    pa_stream_id to = t->stream[which] = declare(b, p, from, first_input, a);
    if (!pa_builder_ok(b, err))
        return false;
    pa_rows rows = {.n = from->n_rows, .values = from->values, .squares = from->squares};
    if (!align_decimals(b, to, from, a, &rows, err))
        return false;
    pa_stack_id *stack = pa_new(a, pa_stack_id, from->n_rows);
    pa_context_id *context = pa_new(a, pa_context_id, from->n_rows);
    for (size_t i = 0; i < from->n_rows; i++) {
        stack[i] = t->stack[from->stack[i].v];
        context[i] = t->context[from->context[i].v];
    }
    rows.stack = stack;
    rows.context = context;
    rows.records = from->squares ? from->records : NULL;
    return pa_add_rows(b, to, &rows, err);
}

static void add_rest(pa_builder *b, const pa_profile *p, const translation *t)
{
    for (size_t i = 0; i < p->n_intervals; i++) {
        pa_interval v = p->intervals[i];
        v.stream = t->stream[v.stream.v];
        v.stack = t->stack[v.stack.v];
        v.context = t->context[v.context.v];
        v.waker = t->context[v.waker.v];
        v.state = t->string[v.state.v];
        pa_add_interval(b, &v);
    }
    for (size_t i = 0; i < p->n_facts; i++) {
        pa_fact f = p->facts[i];
        f.kind = t->string[f.kind.v];
        f.context = t->context[f.context.v];
        f.text = t->string[f.text.v];
        pa_add_fact(b, &f);
    }
    for (size_t i = 0; i < p->n_costs; i++) {
        pa_function_cost c = p->costs[i];
        c.function = t->function[c.function.v];
        pa_add_cost(b, &c);
    }
    for (size_t i = 0; i < p->n_edges; i++) {
        pa_edge e = p->edges[i];
        e.caller = t->function[e.caller.v];
        e.callee = t->function[e.callee.v];
        pa_add_edge(b, &e);
    }
    if (p->estimated)
        pa_set_estimated(b);
}

/* Returns the number of p's first input here. */
static uint32_t add_inputs(pa_builder *b, const pa_profile *p, const translation *t)
{
    uint32_t first = p->n_inputs ? (uint32_t)b->inputs.n : current_input(b);
    for (size_t i = 0; i < p->n_inputs; i++) {
        pa_input_info info = p->inputs[i];
        info.name = t->string[info.name.v];
        pa_push(b->arena, &b->inputs) = info;
    }
    if (p->n_inputs == 0) {
        b->sum.n_skipped += p->sum.n_skipped;
        if (p->sum.first_skipped < b->sum.first_skipped)
            b->sum.first_skipped = p->sum.first_skipped;
    }
    if (p->incomplete)
        pa_input_incomplete(b);
    return first;
}

static void add_meta(pa_builder *b, const pa_profile *p, pa_arena *a, const translation *t,
                     uint32_t first_input)
{
    pa_meta m = p->meta;
    for (size_t i = 0; i < sizeof meta_strings / sizeof *meta_strings; i++)
        *meta_string(&m, i) = t->string[meta_string(&m, i)->v];
    m.comments.p = pa_new(a, pa_str_id, m.comments.n);
    for (size_t i = 0; i < m.comments.n; i++)
        m.comments.p[i] = t->string[p->meta.comments.p[i].v];
    pa_merge_meta(b, &m);
    for (size_t i = 0; i < p->diags.n; i++) {
        const pa_diag *d = &p->diags.p[i];
        if (strcmp(d->kind, PA_NOTE_OTHER_METRICS) != 0) /* noted again where the stream was appended */
            pa_diag_add(b->arena, &b->diags, d->kind, d->count, d->first, first_input + d->input);
    }
}

bool pa_add_profile(pa_builder *b, const pa_profile *p, pa_err *err)
{
    pa_arena *a = pa_arena_scratch(b->arena);
    translation t = {0};
    translate_things(b, p, a, &t);
    b->quiet = true;
    translate_stacks(b, p, a, &t);
    b->quiet = false;
    uint32_t first_input = add_inputs(b, p, &t);
    t.stream = pa_new(a, pa_stream_id, p->n_streams);
    bool ok = pa_builder_ok(b, err);
    for (size_t i = 0; ok && i < p->n_streams; i++)
        ok = add_stream(b, p, i, first_input, a, &t, err);
    if (ok) {
        add_rest(b, p, &t);
        add_meta(b, p, a, &t, first_input);
        if (p->n_streams)
            pa_set_default(b, t.stream[p->default_stream.v], p->default_metric);
    }
    pa_arena_free(a);
    return ok;
}

typedef struct declared {
    uint64_t first;
    size_t profile, stream;
} declared;

/* Streams declared at one place are one block's, so one profile's: there their own order counts. */
static int by_place(const void *x, const void *y)
{
    const declared *a = x, *b = y;
    if (a->first != b->first)
        return a->first < b->first ? -1 : 1;
    if (a->profile != b->profile)
        return a->profile < b->profile ? -1 : 1;
    return a->stream < b->stream ? -1 : a->stream > b->stream;
}

bool pa_join_profiles(pa_builder *b, const pa_profile *const *profiles, size_t n, pa_err *err)
{
    pa_arena *a = pa_arena_scratch(b->arena);
    PA_VEC(declared) all = {0};
    for (size_t i = 0; i < n; i++)
        for (size_t s = 0; s < profiles[i]->n_streams; s++)
            pa_push(a, &all) = (declared){profiles[i]->streams[s].first, i, s};
    if (all.n)
        qsort(all.p, all.n, sizeof *all.p, by_place);
    for (size_t i = 0; i < all.n; i++) {
        const pa_profile *p = profiles[all.p[i].profile];
        (void)declare(b, p, &p->streams[all.p[i].stream], current_input(b), a);
    }
    if (all.n) { /* known by now: found, not appended */
        const pa_profile *p = profiles[all.p[0].profile];
        pa_stream_id stream = declare(b, p, &p->streams[p->default_stream.v], current_input(b), a);
        pa_set_default(b, stream, p->default_metric);
    }
    pa_arena_free(a);
    for (size_t i = 0; i < n; i++)
        if (!pa_add_profile(b, profiles[i], err))
            return false;
    return true;
}
