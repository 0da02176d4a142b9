/* pprof_samples: the samples, of which there may be millions.
 *
 *   Sample: 1 location_id[] (leaf first, packed or one by one, or both)  2 value[]  3 label[]
 *
 * While the input is walked a sample becomes two numbers and its values: the bytes of its location fields and of its
 * label fields are looked up among those seen before, and decoded only once, at the end.  No heap object a sample. */
#include "formats/pprof_parts.h"

/* ---- distinct runs of bytes --------------------------------------------------------------------------------- */

/* Fields of one kind within a sample: usually side by side, then a slice of the input; else joined. */
typedef struct run {
    pa_bytes p, end;
    bool joined;
} run;

static void run_add(pprof *p, pprof_joined *joined, run *r, pa_bytes at, pa_bytes end)
{
    size_t n = (size_t)(end - at);
    if (!r->p) {
        *r = (run){at, end, false};
    } else if (!r->joined && r->end == at) {
        r->end = end;
    } else {
        size_t had = (size_t)(r->end - r->p);
        if (!r->joined) {
            joined->n = 0;
            pa_reserve(p->a, joined, had);
            memcpy(joined->p, r->p, had);
            joined->n = had;
        }
        pa_reserve(p->a, joined, n);
        memcpy(joined->p + had, at, n);
        joined->n += n;
        *r = (run){joined->p, joined->p + joined->n, true};
    }
}

static void run_end(pprof *p, pprof_memo *memo, run r, pa_bytes sample)
{
    pa_str bytes = {(const char *)r.p, (size_t)(r.end - r.p)};
    pprof_memo_add(memo, p->a, r.joined ? pa_arena_str(p->a, bytes) : bytes, sample);
}

/* ---- while the input is walked ------------------------------------------------------------------------------ */

static bool read_values(pprof *p, const pa_field *f)
{
    if (f->wire == PA_WIRE_VARINT) {
        pa_push(p->a, &p->values) = (int64_t)f->value;
        return true;
    }
    for (pa_bytes q = f->bytes, end = q + f->n; q < end;) {
        uint64_t v;
        pa_wire_error e = pa_varint(&q, end, &v);
        if (e)
            return pprof_wire_fail(p, "value of sample", e, q, end);
        pa_push(p->a, &p->values) = (int64_t)v;
    }
    return true;
}

/* Every sample as many values as the first: what the sample types say is known only at the end. */
static bool check_values(pprof *p, size_t n, pa_bytes at)
{
    if (!p->first_sample) {
        p->first_sample = at;
        p->n_values = n;
        if (n == 0)
            return pprof_fail(p, PA_E_SYNTAX, at, "sample without values");
    }
    if (n != p->n_values)
        return pprof_fail(p, PA_E_SYNTAX, at, "sample has %zu values, the first had %zu", n, p->n_values);
    return true;
}

bool pprof_read_sample(pprof *p, const pa_field *m)
{
    if (p->n_samples >= PA_MAX_IDS)
        return pprof_fail(p, PA_E_LIMIT, m->bytes, "more than %u samples", PA_MAX_IDS);
    if (m->n > UINT32_MAX)
        return pprof_fail(p, PA_E_LIMIT, m->bytes, "sample of more than 4 GiB");
    run locations = {0}, labels = {0};
    size_t before = p->values.n;
    pa_bytes q = m->bytes, end = q + m->n;
    while (q < end) {
        pa_bytes at = q;
        pa_field f;
        pa_wire_error e = pa_field_next(&q, end, &f);
        if (e)
            return pprof_wire_fail(p, "sample", e, at, end);
        bool len = f.wire == PA_WIRE_LEN;
        if (f.number <= 3 && !len && (f.wire != PA_WIRE_VARINT || f.number == 3))
            return pprof_type_fail(p, "sample", &f, at);
        if (f.number == 1)
            run_add(p, &p->joined_locations, &locations, at, q);
        else if (f.number == 3)
            run_add(p, &p->joined_labels, &labels, at, q);
        else if (f.number == 2 && !read_values(p, &f))
            return false;
    }
    run_end(p, &p->stack_memo, locations, m->bytes);
    run_end(p, &p->label_memo, labels, m->bytes);
    p->n_samples++;
    return check_values(p, p->values.n - before, m->bytes);
}

/* ---- once everything is known ------------------------------------------------------------------------------- */

typedef struct resolving {
    PA_VEC(uint64_t) ids;       /* locations of a stack, leaf first */
    PA_VEC(pa_frame_id) frames; /* of some stacks, expanded, root first */
    uint64_t total;             /* frames so far */
} resolving;

/* The location ids of a run of fields, which have been decoded as fields before, but not their packed content. */
static bool decode_locations(pprof *p, const pprof_memo_entry *e, resolving *s)
{
    pa_bytes q = e->bytes, end = q + e->n;
    pa_reserve(p->a, &s->ids, e->n); /* an id takes at least a byte */
    uint64_t *to = s->ids.p;
    if (!to)
        return true; /* no run is empty */
    while (q < end) {
        pa_field f;
        if (pa_field_next(&q, end, &f))
            return pprof_fail(p, PA_E_BUG, e->at, "sample changed while it was read");
        if (f.wire == PA_WIRE_VARINT) {
            *to++ = f.value;
            continue;
        }
        for (pa_bytes at = f.bytes, stop = at + f.n; at < stop;) {
            pa_wire_error error = pa_varint(&at, stop, to++);
            if (error)
                return pprof_wire_fail(p, "location_id of sample", error, e->at, stop);
        }
    }
    s->ids.n = (size_t)(to - s->ids.p);
    return true;
}

static bool expand_locations(pprof *p, const pprof_memo_entry *e, resolving *s)
{
    size_t start = s->frames.n;
    pa_reserve(p->a, &s->frames, s->ids.n);
    for (size_t l = s->ids.n;
         l-- > 0 && s->frames.n - start <= PA_MAX_STACK_DEPTH;) { /* deeper: the builder says so */
        uint64_t id = s->ids.p[l];
        pprof_frames of;
        if (id - 1 < p->location_ids.n && p->single_frame[id - 1].v != PPROF_NOT_SINGLE) {
            s->frames.p[s->frames.n++] = p->single_frame[id - 1]; /* nothing inlined: nearly always */
            continue;
        }
        if (!pprof_location_frames(p, id, e->at, &of))
            return false;
        pa_reserve(p->a, &s->frames, of.n + l);
        for (uint32_t k = 0; k < of.n; k++)
            s->frames.p[s->frames.n++] = p->location_frames.p[of.first + k];
    }
    return true;
}

/* A location may have thousands of lines and stand in every stack: what stacks expand to is bounded by the size of the
 * input, far above the ratio of anything recorded (about 1). */
#define FRAMES_FREE     ((uint64_t)1 << 20)
#define FRAMES_PER_BYTE 16u

static bool resolve_some(pprof *p, resolving *s, pprof_memo_entry *entries, size_t n)
{
    uint64_t at[PA_STACKS_TOGETHER + 1] = {0}, offsets[PA_STACKS_TOGETHER];
    pa_stack_id ids[PA_STACKS_TOGETHER];
    uint64_t limit = FRAMES_FREE + FRAMES_PER_BYTE * (uint64_t)(p->end - p->start);
    s->frames.n = 0;
    for (size_t i = 0; i < n; i++) {
        if (!decode_locations(p, &entries[i], s) || !expand_locations(p, &entries[i], s))
            return false;
        at[i + 1] = s->frames.n;
        offsets[i] = pprof_offset(p, entries[i].at);
        s->total += at[i + 1] - at[i];
        if (s->total > limit)
            return pprof_fail(p, PA_E_LIMIT, entries[i].at, "stacks expand to more than %llu frames",
                              (unsigned long long)limit);
    }
    pa_add_stacks(p->b, s->frames.p, at, offsets, n, ids);
    for (size_t i = 0; i < n; i++)
        entries[i].id = ids[i].v;
    return true;
}

static bool resolve_stacks(pprof *p)
{
    size_t n = p->stack_memo.entries.n, some;
    resolving s = {0};
    pa_reserve(p->a, &s.frames, 1); /* never NULL */
    pa_expect_stacks(p->b, n);
    for (size_t i = 0; i < n; i += some) {
        some = n - i < PA_STACKS_TOGETHER ? n - i : PA_STACKS_TOGETHER;
        if (!resolve_some(p, &s, p->stack_memo.entries.p + i, some))
            return false;
    }
    return true;
}

static bool decode_label(pprof *p, const pa_field *m, pa_bytes at, pa_label *label)
{
    int64_t v[4] = {0}; /* key, str, num, num_unit */
    pa_bytes q = m->bytes, end = q + m->n;
    while (q < end) {
        pa_field f;
        pa_wire_error e = pa_field_next(&q, end, &f);
        if (e) /* the label may stand in joined bytes: its sample is the position */
            return pprof_fail(p, e == PA_WIRE_CUT || e == PA_WIRE_LENGTH ? PA_E_TRUNCATED : PA_E_SYNTAX, at,
                              "label: %s", pa_wire_text(e));
        if (f.number > 4)
            continue;
        if (f.wire != PA_WIRE_VARINT)
            return pprof_type_fail(p, "label", &f, at);
        v[f.number - 1] = (int64_t)f.value;
    }
    /* a string if there is one (then num is ignored); else a number, zero too */
    label->numeric = v[1] == 0;
    label->num = label->numeric ? v[2] : 0;
    return pprof_string(p, v[0], "key of label", at, &label->key) &&
           pprof_string(p, label->numeric ? v[3] : v[1],
                        label->numeric ? "num_unit of label" : "str of label", at, &label->str);
}

static bool resolve_labels(pprof *p)
{
    PA_VEC(pa_label) labels = {0};
    for (size_t i = 0; i < p->label_memo.entries.n; i++) {
        pprof_memo_entry *e = &p->label_memo.entries.p[i];
        labels.n = 0;
        for (pa_bytes q = e->bytes, end = q + e->n; q < end;) {
            pa_field f;
            if (pa_field_next(&q, end, &f))
                return pprof_fail(p, PA_E_BUG, e->at, "sample changed while it was read");
            if (!decode_label(p, &f, e->at, &pa_push(p->a, &labels)))
                return false;
        }
        pa_at(p->b, pprof_offset(p, e->at));
        e->id = pa_add_context(p->b, labels.p, labels.n).v;
    }
    return true;
}

/* Where sample number wanted stands: walked again, because only an error asks. */
static pa_bytes sample_position(const pprof *p, size_t wanted)
{
    pa_bytes q = p->start;
    for (size_t n = 0;;) {
        pa_field f = {0};
        pa_bytes at = q;
        if (pa_field_next(&q, p->end, &f))
            return at;
        if (f.number == 2 && n++ == wanted)
            return f.bytes;
    }
}

static bool to_base_units(pprof *p, const pa_metric *metrics)
{
    size_t k = p->types.n;
    for (size_t m = 0; m < k; m++)
        for (size_t i = m; metrics[m].factor != 1 && i < p->values.n; i += k)
            if (__builtin_mul_overflow(p->values.p[i], metrics[m].factor, &p->values.p[i]))
                return pprof_fail(p, PA_E_OVERFLOW, sample_position(p, i / k),
                                  "value does not fit 64 bits in %s", pa_unit_base(metrics[m].dimension));
    return true;
}

bool pprof_add_samples(pprof *p, pa_stream_id stream, const pa_metric *metrics)
{
    if (!pprof_memo_finish(&p->stack_memo) || !pprof_memo_finish(&p->label_memo))
        return pprof_fail(p, PA_E_MEMORY, p->start, "out of memory");
    if (!resolve_stacks(p) || !resolve_labels(p) || !to_base_units(p, metrics))
        return false;
    size_t n = p->n_samples, failed = 0;
    /* numbers of memo entries become ids of the model, in place */
    pa_stack_id *stack = (pa_stack_id *)p->stack_memo.numbers.p;
    pa_context_id *context = (pa_context_id *)p->label_memo.numbers.p;
    for (size_t i = 0; i < n; i++) {
        stack[i].v = stack[i].v ? p->stack_memo.entries.p[stack[i].v - 1].id : 0;
        context[i].v = context[i].v ? p->label_memo.entries.p[context[i].v - 1].id : 0;
    }
    pa_rows rows = {.n = n, .stack = stack, .context = context, .values = p->values.p, .failed = &failed};
    if (pa_add_rows(p->b, stream, &rows, p->r->err))
        return true;
    if (p->r->err->code == PA_E_OVERFLOW)
        p->r->err->offset = pprof_offset(p, sample_position(p, failed));
    return false;
}
