/* pprof: profile.proto, raw (gzip is undone below formats).  Specification: google/pprof proto/profile.proto.
 *
 *   1 sample_type[] 2 sample[] 3 mapping[] 4 location[] 5 function[] 6 string_table[] 7 drop_frames 8 keep_frames
 *   9 time_nanos 10 duration_nanos 11 period_type 12 period 13 comment[] 14 default_sample_type 15 doc_url
 *
 * Fields come in any order, so: one walk, which may run behind the thread that inflates, keeps things as they come;
 * what refers to something else is resolved at the end.  This file: the top level and the metadata. */
#include "formats/pprof_parts.h"
#include "formats/pprof_write.h"

bool pprof_fail(pprof *p, pa_err_code code, pa_bytes at, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    pa_vfail(p->r->err, code, pprof_offset(p, at), format, args);
    va_end(args);
    return false;
}

bool pprof_wire_fail(pprof *p, const char *what, pa_wire_error e, pa_bytes at, pa_bytes end)
{
    uint64_t tag, length;
    pa_bytes q = at;
    if (e == PA_WIRE_LENGTH && !pa_varint(&q, end, &tag) && !pa_varint(&q, end, &length))
        return pprof_fail(p, PA_E_TRUNCATED, at, "field %llu of %s: length %llu exceeds remaining %zu",
                          (unsigned long long)tag >> 3, what, (unsigned long long)length, (size_t)(end - q));
    return pprof_fail(p, e == PA_WIRE_CUT ? PA_E_TRUNCATED : PA_E_SYNTAX, at, "%s: %s", what,
                      pa_wire_text(e));
}

bool pprof_type_fail(pprof *p, const char *what, const pa_field *f, pa_bytes at)
{
    return pprof_fail(p, PA_E_SYNTAX, at, "field %u of %s has wire type %u", f->number, what, f->wire);
}

/* ---- the top level ------------------------------------------------------------------------------------------ */

static const struct {
    const char *name;
    bool len, varint; /* wire types it may have: repeated integers have both */
} fields[] = {
    [1] = {"sample_type", true, false},  [2] = {"sample", true, false},
    [3] = {"mapping", true, false},      [4] = {"location", true, false},
    [5] = {"function", true, false},     [6] = {"string_table", true, false},
    [7] = {"drop_frames", false, true},  [8] = {"keep_frames", false, true},
    [9] = {"time_nanos", false, true},   [10] = {"duration_nanos", false, true},
    [11] = {"period_type", true, false}, [12] = {"period", false, true},
    [13] = {"comment", true, true},      [14] = {"default_sample_type", false, true},
    [15] = {"doc_url", false, true},
};
#define N_FIELDS (sizeof fields / sizeof *fields)

static bool wire_fits(const pa_field *f)
{
    if (f->number >= N_FIELDS)
        return true; /* unknown: skipped, as every protobuf reader does */
    return f->wire == PA_WIRE_LEN ? fields[f->number].len
                                  : f->wire == PA_WIRE_VARINT && fields[f->number].varint;
}

#define MAX_COMMENTS 65536 /* equal ones are looked for one by one */

static bool add_comment(pprof *p, uint64_t index, pa_bytes at)
{
    if (p->comments.n >= MAX_COMMENTS)
        return pprof_fail(p, PA_E_LIMIT, at, "more than %d comments", MAX_COMMENTS);
    pa_push(p->a, &p->comments) = (pprof_comment){(int64_t)index, at};
    return true;
}

static bool read_comments(pprof *p, const pa_field *f, pa_bytes field)
{
    if (f->wire == PA_WIRE_VARINT)
        return add_comment(p, f->value, field);
    for (pa_bytes q = f->bytes, end = f->bytes + f->n; q < end;) {
        uint64_t v;
        pa_bytes at = q;
        pa_wire_error e = pa_varint(&q, end, &v);
        if (e)
            return pprof_wire_fail(p, "comment", e, q, end);
        if (!add_comment(p, v, at))
            return false;
    }
    return true;
}

static bool read_time(pprof *p, const pa_field *f, pa_bytes at)
{
    if (p->time != 0)
        return pprof_fail(p, PA_E_SYNTAX, at, "second time_nanos: two profiles in one file");
    p->time = (int64_t)f->value;
    return true;
}

static bool read_string(pprof *p, const pa_field *f)
{
    if (p->strings.n == 0 && f->n != 0)
        return pprof_fail(p, PA_E_SYNTAX, f->bytes, "string 0 is not empty");
    pa_push(p->a, &p->strings) = (pa_str){(const char *)f->bytes, f->n};
    return true;
}

static bool read_field(pprof *p, const pa_field *f, pa_bytes at)
{
    if (!wire_fits(f))
        return pprof_fail(p, PA_E_SYNTAX, at, "field %u (%s) has wire type %u", f->number,
                          fields[f->number].name, f->wire);
    int64_t v = (int64_t)f->value;
    if (f->number < N_FIELDS)
        p->field_at[f->number] = at;
    switch (f->number) {
    case 1: return pprof_read_type(p, f, &pa_push(p->a, &p->types));
    case 2: return pprof_read_sample(p, f);
    case 3: return pprof_read_mapping(p, f);
    case 4: return pprof_read_location(p, f);
    case 5: return pprof_read_function(p, f);
    case 6: return read_string(p, f);
    case 7: p->drop_frames = v; break;
    case 8: p->keep_frames = v; break;
    case 9: return read_time(p, f, at);
    case 10: p->duration = v; break;
    case 11: return pprof_read_type(p, f, &p->period_type);
    case 12: p->period = v; break;
    case 13: return read_comments(p, f, at);
    case 14: p->default_type = v; break;
    case 15: p->doc_url = v; break;
    default: break;
    }
    return true;
}

#define HEADER_MAX 20 /* a tag and a length */

static bool walk(pprof *p)
{
    size_t at = 0, have = 0;
    bool ended = false;
    for (;;) {
        if (!ended && have - at < HEADER_MAX &&
            !pa_input_wait(p->r->input, at + HEADER_MAX, &have, &ended, p->r->err))
            return false;
        if (at == have) {
            p->end = p->start + have;
            return true;
        }
        pa_field f = {0};
        pa_bytes q = p->start + at;
        pa_wire_error e = pa_field_next(&q, p->start + have, &f);
        if (e == PA_WIRE_LENGTH && !ended) { /* hopeless lengths too: what remains is part of the message */
            size_t want = f.value < SIZE_MAX / 2 ? at + HEADER_MAX + (size_t)f.value : SIZE_MAX;
            if (!pa_input_wait(p->r->input, want, &have, &ended, p->r->err))
                return false;
            q = p->start + at;
            e = pa_field_next(&q, p->start + have, &f);
        }
        if (e)
            return pprof_wire_fail(p, "profile", e, q, p->start + have);
        if (!read_field(p, &f, p->start + at))
            return false;
        at = (size_t)(q - p->start);
    }
}

/* ---- metrics and metadata ----------------------------------------------------------------------------------- */

/* The string of an index that has been checked. */
static pa_str text(const pprof *p, int64_t index) { return p->strings.p[index]; }

/* Index of the metric whose name is prefix (of name) + what, or -1. */
static int sibling(const pprof *p, pa_str name, pa_str suffix, const char *what)
{
    pa_str prefix = {name.p, name.n - suffix.n};
    for (size_t i = 0; i < p->types.n; i++) {
        pa_str other = text(p, p->types.p[i].type);
        if (pa_str_starts(other, prefix) && pa_str_is(pa_str_from(other, prefix.n), what))
            return (int)i;
    }
    return -1;
}

/* Where the sample count behind a value type comes from: sampled heaps say objects and space, CPU, contention and the
 * like say a count first, snapshots (goroutine, threadcreate) are complete. */
static void count_source(const pprof *p, const pa_metric *metrics, uint32_t i, pa_metric *m)
{
    pa_str name = text(p, p->types.p[i].type);
    static const char *const heap[] = {"space", "objects"};
    for (size_t h = 0; h < 2; h++) {
        pa_str suffix = pa_cstr(heap[h]);
        int objects = pa_str_ends(name, suffix) ? sibling(p, name, suffix, "objects") : -1;
        if (objects >= 0 && sibling(p, name, suffix, "space") >= 0) {
            m->count_source = PA_COUNT_ESTIMATED;
            m->count_metric = (uint32_t)objects;
            return;
        }
    }
    if (p->types.n == 1 && (pa_str_is(name, "goroutine") || pa_str_is(name, "threadcreate"))) {
        m->count_source = PA_COUNT_EXACT;
        return;
    }
    for (uint32_t j = 0; j <= i; j++)
        if (metrics[j].dimension == PA_DIM_COUNT) {
            m->count_source = PA_COUNT_METRIC;
            m->count_metric = j;
            return;
        }
}

/* Distance between samples in the unit of the metric it is about. */
static void set_period(const pprof *p, pa_metric *metrics)
{
    if (!p->period_type.at || p->period <= 0)
        return;
    pa_dimension dimension;
    int64_t factor, period;
    if (!pa_unit_parse(text(p, p->period_type.unit), &dimension, &factor) ||
        __builtin_mul_overflow(p->period, factor, &period))
        return;
    for (size_t i = 0; i < p->types.n; i++)
        if (metrics[i].dimension == dimension)
            metrics[i].period = period;
}

static bool check_type(pprof *p, const pprof_type *t, pa_str_id *type, pa_str_id *unit)
{
    return pprof_string(p, t->type, "value type", t->at, type) &&
           pprof_string(p, t->unit, "value type", t->at, unit);
}

static bool make_metrics(pprof *p, pa_metric **out)
{
    size_t n = p->types.n;
    if (n > PA_MAX_METRICS)
        return pprof_fail(p, PA_E_LIMIT, p->types.p[PA_MAX_METRICS].at, "more than %d sample types",
                          PA_MAX_METRICS);
    pa_metric *metrics = *out = pa_new(p->a, pa_metric, n);
    for (size_t i = 0; i < n; i++) {
        pa_metric *m = &metrics[i];
        if (!check_type(p, &p->types.p[i], &m->name, &m->unit))
            return false;
        m->factor = 1;
        (void)pa_unit_parse(text(p, p->types.p[i].unit), &m->dimension,
                            &m->factor); /* else: other, factor 1 */
    }
    for (uint32_t i = 0; i < n; i++)
        count_source(p, metrics, i, &metrics[i]);
    set_period(p, metrics);
    return true;
}

/* default_sample_type if it names one, else the last. */
static uint32_t default_metric(const pprof *p, const pa_metric *metrics, pa_str_id wanted)
{
    for (uint32_t i = 0; metrics && i < p->types.n; i++)
        if (wanted.v != 0 && metrics[i].name.v == wanted.v)
            return i;
    return (uint32_t)p->types.n - 1;
}

static bool make_meta(pprof *p, pa_meta *m)
{
    *m = (pa_meta){.start_ns = p->time, .duration_ns = p->duration, .period = p->period};
    const struct {
        unsigned field;
        int64_t index;
        pa_str_id *to;
    } strings[] = {
        {7, p->drop_frames, &m->drop_frames},
        {8, p->keep_frames, &m->keep_frames},
        {14, p->default_type, &m->default_metric},
        {15, p->doc_url, &m->doc_url},
    };
    for (size_t i = 0; i < sizeof strings / sizeof *strings; i++) {
        unsigned field = strings[i].field;
        if (!pprof_string(p, strings[i].index, fields[field].name, p->field_at[field], strings[i].to))
            return false;
    }
    for (size_t i = 0; i < p->comments.n; i++) {
        const pprof_comment *c = &p->comments.p[i];
        if (!pprof_string(p, c->index, "comment", c->at, &pa_push(p->a, &m->comments)))
            return false;
    }
    return !p->period_type.at || check_type(p, &p->period_type, &m->period_type, &m->period_unit);
}

/* ---- the reader --------------------------------------------------------------------------------------------- */

static bool finish(pprof *p)
{
    if (p->end == p->start)
        return pprof_fail(p, PA_E_SYNTAX, p->start, "empty file");
    if (p->strings.n == 0)
        return pprof_fail(p, PA_E_SYNTAX, p->start, "no string table");
    if (p->types.n == 0 && p->first_sample)
        return pprof_fail(p, PA_E_SYNTAX, p->first_sample, "sample without any sample_type");
    if (p->first_sample && p->n_values != p->types.n)
        return pprof_fail(p, PA_E_SYNTAX, p->first_sample, "sample has %zu values for %zu sample types",
                          p->n_values, p->types.n);
    pa_metric *metrics = NULL;
    pa_meta meta;
    p->string_ids = pa_new(p->a, pa_str_id, p->strings.n);
    memset(p->string_ids, 0xff, p->strings.n * sizeof *p->string_ids);
    if (!make_meta(p, &meta) || !make_metrics(p, &metrics) || !pprof_check_symbols(p))
        return false;
    pa_merge_meta(p->b, &meta);
    if (p->types.n == 0)
        return true; /* nothing was measured: valid, and empty */
    pa_stream_id stream = pa_add_stream(p->b, pa_add_str(p->b, PA_STR("")), metrics, (uint32_t)p->types.n);
    pa_set_default(p->b, stream, default_metric(p, metrics, meta.default_metric));
    return pa_builder_ok(p->b, p->r->err) && pprof_add_samples(p, stream, metrics);
}

static bool read_all(void *arg)
{
    pprof *p = arg;
    const char *bytes;
    if (!pa_input_buffer(p->r->input, &bytes, p->r->err))
        return false;
    p->start = (pa_bytes)bytes;
    pprof_memo_start(&p->stack_memo, p->a, p->r->threads);
    pprof_memo_start(&p->label_memo, p->a, 1);
    return walk(p) && finish(p);
}

static bool pprof_read(pa_reading *r)
{
    pprof *p = pa_new(r->scratch, pprof, 1);
    *p = (pprof){.r = r, .b = r->builder, .a = r->scratch};
    bool ok = pa_guard(r->scratch, r->err, read_all, p); /* so that the thread is ended in any case */
    pprof_memo_stop(&p->stack_memo);
    pprof_memo_stop(&p->label_memo);
    return ok;
}

/* Known fields with fitting wire types from the first byte on; OTLP profiles have only fields 1 and 2. */
static int pprof_probe(pa_str head)
{
    unsigned seen = 0, n = 0;
    pa_bytes q = (pa_bytes)head.p, end = q + head.n;
    pa_wire_error e = PA_WIRE_OK;
    while (q < end) {
        pa_field f = {0};
        e = pa_field_next(&q, end, &f);
        if (e || !wire_fits(&f) || f.number >= N_FIELDS)
            break;
        if (f.number == 6 && !(seen & 1u << 6) && f.n != 0)
            return PA_PROBE_NO; /* string 0 is empty in every pprof */
        seen |= 1u << f.number;
        n++;
    }
    bool cut = q < end && (e == PA_WIRE_CUT || e == PA_WIRE_LENGTH) && head.n >= PA_INPUT_HEAD;
    bool body = seen & (1u << 2 | 1u << 4 | 1u << 5 | 1u << 6);
    if (q < end && !cut)
        return n >= 4 && body ? PA_PROBE_PLAUSIBLE + 5
                              : PA_PROBE_NO; /* damaged further on: the reader says where */
    if (n == 0 || (!cut && seen == (1u << 1 | 1u << 2)))
        return PA_PROBE_NO;
    return body ? PA_PROBE_STRUCTURE : PA_PROBE_PLAUSIBLE;
}

const pa_format pa_format_pprof = {
    .name = "pprof",
    .title = "pprof profile.proto (Go, gperftools, pprof-rs, node, ...)",
    .extensions = "pb pprof prof",
    .reads = PA_CARRIES_LINES | PA_CARRIES_LABELS | PA_CARRIES_METRICS | PA_CARRIES_INLINES |
             PA_CARRIES_MODULES | PA_CARRIES_ADDRESSES,
    .writes = PA_CARRIES_LINES | PA_CARRIES_LABELS | PA_CARRIES_METRICS | PA_CARRIES_INLINES |
              PA_CARRIES_MODULES | PA_CARRIES_ADDRESSES,
    .probe = pprof_probe,
    .read = pprof_read,
    .write = pprof_write,
    .gzip = true,
    .losses = pprof_write_losses,
};
