/* pprof_write: a profile as profile.proto, gzip around it as every pprof producer does.
 * In: a frozen profile.  Out: bytes that depend on what it says only, not on the order in which it was built: strings,
 * functions and samples are sorted by content; locations by use, so that those of many stacks take few bytes.  Of several streams the default one.
 * The small messages are packed by protobuf-c, samples by hand.  This file: metadata, metrics, the order of things. */
#include "formats/pprof_write.h"

#include "libanalysis/base/deflate.h"

/* ---- bytes -------------------------------------------------------------------------------------------------- */

static void put_header(pprof_bytes *to, unsigned field, size_t n)
{
    unsigned char *at = to->p + to->n;
    *at++ = (unsigned char)(field << 3 | 2); /* fields up to 15: a tag of one byte */
    to->n = (size_t)(pprof_put_varint(at, n) - to->p);
}

void pprof_put_message(pa_arena *a, pprof_bytes *to, unsigned field, const ProtobufCMessage *message)
{
    size_t n = protobuf_c_message_get_packed_size(message);
    pa_reserve(a, to, n + 1 + PPROF_VARINT_MAX);
    put_header(to, field, n);
    to->n += protobuf_c_message_pack(message, to->p + to->n);
}

void pprof_put_bytes(pa_arena *a, pprof_bytes *to, unsigned field, pa_str bytes)
{
    pa_reserve(a, to, bytes.n + 1 + PPROF_VARINT_MAX);
    put_header(to, field, bytes.n);
    if (bytes.n)
        memcpy(to->p + to->n, bytes.p, bytes.n);
    to->n += bytes.n;
}

/* ---- metrics ------------------------------------------------------------------------------------------------ */

/* Units as pprof spells them; the first of a dimension is its base unit. */
static const struct {
    pa_dimension dimension;
    int64_t factor;
    const char *name;
} units[] = {
    {PA_DIM_TIME, 1, "nanoseconds"},
    {PA_DIM_TIME, 1000, "microseconds"},
    {PA_DIM_TIME, 1000000, "milliseconds"},
    {PA_DIM_TIME, 1000000000, "seconds"},
    {PA_DIM_BYTES, 1, "bytes"},
    {PA_DIM_BYTES, 1024, "kilobytes"},
    {PA_DIM_BYTES, 1048576, "megabytes"},
    {PA_DIM_COUNT, 1, "count"},
};
#define N_UNITS (sizeof units / sizeof *units)

/* Name for factor base units; NULL: pprof has none that needs no second look. */
static const char *unit_name(pa_dimension dimension, int64_t factor)
{
    for (size_t i = 0; i < N_UNITS; i++)
        if (units[i].dimension == dimension && units[i].factor == factor)
            return units[i].name;
    return NULL;
}

static bool divides(const pa_stream *s, uint32_t metric, int64_t divisor)
{
    for (size_t i = metric; i < s->n_rows * s->n_metrics; i += s->n_metrics)
        if (s->values[i] % divisor != 0)
            return false;
    return true;
}

/* Values go out in the source's unit if all of them are whole there, else in the base unit. */
static int64_t divisor_of(const pa_stream *s, uint32_t metric, bool *source_unit)
{
    const pa_metric *m = &s->metrics[metric];
    int64_t fraction = m->decimals ? PA_FRACTION_SCALE : 1, whole;
    *source_unit =
        !__builtin_mul_overflow(fraction, m->factor, &whole) && (m->factor == 1 || divides(s, metric, whole));
    return *source_unit ? whole : fraction;
}

static pprof_name unit_of(pprof_writing *w, const pa_metric *m, bool source_unit)
{
    const char *name = unit_name(m->dimension, source_unit ? m->factor : 1);
    if (name && (!source_unit || !w->from_pprof))
        return pprof_add_name(w, pa_cstr(name));
    return pprof_use(w, m->unit);
}

/* A metric without a name cannot be asked for. */
static pprof_name type_of(pprof_writing *w, const pa_metric *m)
{
    static const char *const names[] = {"value", "samples", "time", "space"};
    if (m->name.v == 0 && !w->from_pprof)
        return pprof_add_name(w, pa_cstr(names[m->dimension]));
    return pprof_use(w, m->name);
}

static void find_metrics(pprof_writing *w)
{
    for (uint32_t i = 0; w->stream && i < w->stream->n_metrics; i++) {
        const pa_metric *m = &w->stream->metrics[i];
        bool source_unit;
        int64_t divisor = divisor_of(w->stream, i, &source_unit);
        w->scales[i] =
            (pprof_scale){divisor, source_unit ? m->factor : 1, type_of(w, m), unit_of(w, m, source_unit)};
    }
}

/* ---- metadata ----------------------------------------------------------------------------------------------- */

#define ESTIMATED "stacks are estimated from a call graph, not recorded"

typedef struct head {
    pprof_name drop_frames, keep_frames, default_type, doc_url, period_type, period_unit;
    int64_t period;
    pprof_name *comments;
    size_t n_comments;
} head;

static void find_comments(pprof_writing *w, head *h)
{
    const pa_meta *m = &w->p->meta;
    h->comments = pa_new(w->a, pprof_name, m->comments.n + 2);
    for (size_t i = 0; i < m->comments.n; i++)
        h->comments[h->n_comments++] = pprof_use(w, m->comments.p[i]);
    if (m->producer.v)
        h->comments[h->n_comments++] = pprof_use(w, m->producer);
    if (w->p->estimated)
        h->comments[h->n_comments++] = pprof_add_name(w, PA_STR(ESTIMATED));
}

/* What the source did not say, because its format has no place for it. */
static void find_defaults(pprof_writing *w, head *h)
{
    const pa_stream *s = w->stream;
    if (!s || w->p->default_metric >= s->n_metrics)
        return;
    const pa_metric *m = &s->metrics[w->p->default_metric];
    const pprof_scale *scale = &w->scales[w->p->default_metric];
    h->default_type = scale->type;
    if (w->p->meta.period_type.v || w->p->meta.period_unit.v)
        return;
    int64_t factor = scale->factor > 1 ? scale->factor : 1;
    bool whole = m->period % factor == 0;
    h->period_type = scale->type;
    h->period_unit = whole ? scale->unit : unit_of(w, m, false);
    h->period = whole ? m->period / factor : m->period;
}

static void find_head(pprof_writing *w, head *h)
{
    const pa_meta *m = &w->p->meta;
    *h = (head){.drop_frames = pprof_use(w, m->drop_frames),
                .keep_frames = pprof_use(w, m->keep_frames),
                .default_type = pprof_use(w, m->default_metric),
                .doc_url = pprof_use(w, m->doc_url),
                .period_type = pprof_use(w, m->period_type),
                .period_unit = pprof_use(w, m->period_unit),
                .period = m->period};
    if (!w->from_pprof)
        find_defaults(w, h);
    find_comments(w, h);
}

static void put_head(pprof_writing *w, const head *h)
{
    uint32_t n = w->stream ? w->stream->n_metrics : 0;
    PaPprof__ValueType types[PA_MAX_METRICS], *type_at[PA_MAX_METRICS];
    PaPprof__ValueType period = PA_PPROF__VALUE_TYPE__INIT;
    PaPprof__Profile m = PA_PPROF__PROFILE__INIT;
    for (uint32_t i = 0; i < n; i++) {
        types[i] = period;
        types[i].type = w->number[w->scales[i].type];
        types[i].unit = w->number[w->scales[i].unit];
        type_at[i] = &types[i];
    }
    period.type = w->number[h->period_type];
    period.unit = w->number[h->period_unit];
    m.sample_type = type_at;
    m.n_sample_type = n;
    m.period_type = period.type || period.unit ? &period : NULL;
    m.period = h->period;
    m.drop_frames = w->number[h->drop_frames];
    m.keep_frames = w->number[h->keep_frames];
    m.time_nanos = w->p->meta.start_ns;
    m.duration_nanos = w->p->meta.duration_ns;
    m.default_sample_type = w->number[h->default_type];
    m.doc_url = w->number[h->doc_url];
    m.n_comment = h->n_comments;
    m.comment = pa_new(w->a, int64_t, h->n_comments);
    for (size_t i = 0; i < h->n_comments; i++)
        m.comment[i] = w->number[h->comments[i]];
    pa_reserve(w->a, &w->out,
               pa_pprof__profile__get_packed_size(&m) + 1); /* never NULL: the head may be empty */
    w->out.n += pa_pprof__profile__pack(&m, w->out.p + w->out.n);
}

/* ---- the writer --------------------------------------------------------------------------------------------- */

static bool all_pprof(const pa_profile *p)
{
    for (size_t i = 0; i < p->n_inputs; i++)
        if (strcmp(p->inputs[i].format, "pprof") != 0)
            return false;
    return p->n_inputs > 0;
}

bool pprof_write(const pa_profile *profile, pa_out *out, pa_arena *scratch, pa_err *err)
{
    pprof_writing *w = pa_new(scratch, pprof_writing, 1);
    *w = (pprof_writing){.p = profile, .a = scratch, .err = err, .from_pprof = all_pprof(profile)};
    if (profile->default_stream.v < profile->n_streams)
        w->stream = &profile->streams[profile->default_stream.v];
    w->named = pa_new(scratch, unsigned char, profile->n_strings + PPROF_ADDED_NAMES);
    head h;
    find_metrics(w);
    find_head(w, &h);
    pprof_count_rows(w);
    pprof_find_symbols(w);
    pprof_find_labels(w);
    pprof_number_strings(w);
    pprof_rank_symbols(w);
    pprof_sort_stacks(w);
    put_head(w, &h);
    if (!pprof_put_samples(w))
        return false;
    pprof_put_symbols(w);
    pa_str packed;
    if (!pa_gzip(scratch, (pa_str){(const char *)w->out.p, w->out.n}, &packed))
        return pa_fail(err, PA_E_MEMORY, PA_NO_OFFSET, "out of memory");
    pa_out_bytes(out, packed.p, packed.n);
    return true;
}

/* ---- what is lost ------------------------------------------------------------------------------------------- */

static uint64_t count_rounded(const pa_stream *s)
{
    uint64_t n = 0;
    for (uint32_t m = 0; m < s->n_metrics; m++) {
        bool source_unit;
        int64_t divisor = divisor_of(s, m, &source_unit);
        for (size_t i = m; divisor != 1 && i < s->n_rows * s->n_metrics; i += s->n_metrics)
            n += s->values[i] % divisor != 0;
    }
    return n;
}

#define UNSAID (PA_FRAME_KERNEL | PA_FRAME_JIT | PA_FRAME_INTERPRETED | PA_FRAME_NATIVE | PA_FRAME_SYNTHETIC)

void pprof_write_losses(const pa_profile *p, pa_arena *arena, pa_diags *losses)
{
    uint64_t flags = 0, incomplete = 0;
    for (size_t i = 0; i < p->n_frames; i++)
        flags += (p->frames[i].flags & UNSAID) != 0;
    for (size_t i = 0; i < p->n_inputs; i++)
        incomplete += !p->inputs[i].complete;
    uint64_t rounded =
        p->default_stream.v < p->n_streams ? count_rounded(&p->streams[p->default_stream.v]) : 0;
    const struct {
        const char *kind;
        uint64_t n;
    } all[] = {
        {"value rounded to a whole number", rounded},
        {"frame whose kind pprof has no place for", flags},
        {"mark that the input was read in part", incomplete},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (all[i].n)
            pa_diag_add(arena, losses, all[i].kind, all[i].n, PA_NO_OFFSET, 0);
}
