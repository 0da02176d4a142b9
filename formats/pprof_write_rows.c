/* pprof_write_rows: the samples of a pprof profile that is written, of which there may be millions.
 * In: rows of one stream, numbers of strings and locations.  Out: one sample for each distinct pair of stack and labels,
 * sorted by locations (leaf first, as they are written), then by the bytes of the labels.
 * A stack's locations and a context's labels are encoded once and copied into their samples. */
#include <stdlib.h>

#include "formats/pprof_write.h"

/* ---- which stacks there are --------------------------------------------------------------------------------- */

void pprof_count_rows(pprof_writing *w)
{
    const pa_stream *s = w->stream;
    if (!s)
        return;
    w->row_at = pa_new(w->a, uint64_t, w->p->n_stacks + 1);
    for (size_t i = 0; i < s->n_rows; i++)
        w->row_at[s->stack[i].v + 1]++;
    for (size_t i = 0; i < w->p->n_stacks; i++)
        w->row_at[i + 1] += w->row_at[i];
}

/* ---- labels ------------------------------------------------------------------------------------------------- */

static void mark_contexts(const pprof_writing *w, unsigned char *used)
{
    for (size_t i = 0; i < w->stream->n_rows; i++)
        used[w->stream->context[i].v] = 1;
}

void pprof_find_labels(pprof_writing *w)
{
    if (!w->stream)
        return;
    unsigned char *used = pa_new(w->a, unsigned char, w->p->n_contexts);
    mark_contexts(w, used);
    for (uint32_t c = 0; c < w->p->n_contexts; c++) {
        pa_labels l = pa_context_at(w->p, (pa_context_id){c});
        for (size_t i = 0; used[c] && i < l.n; i++) {
            pprof_use(w, l.p[i].key);
            pprof_use(w, l.p[i].str);
            if (!l.p[i].numeric && l.p[i].str.v == 0)
                w->empty_value = 1; /* its index comes with the others */
        }
    }
}

typedef struct coded {
    size_t at;
    uint32_t n, id;
} coded;

typedef struct emitting {
    pprof_writing *w;
    pprof_bytes labels; /* of all contexts, in order */
    uint64_t *label_at; /* by rank of the context, and where the last ends */
    uint32_t *rank;     /* by context id */
    uint64_t *rows;     /* in the order of the stacks: rank of the context << 32 | its index here */
    int64_t *values;    /* of these rows */
    pprof_bytes stack;  /* the one being written */
} emitting;

static void encode_labels(pprof_writing *w, pprof_bytes *bytes, uint32_t context)
{
    pa_labels l = pa_context_at(w->p, (pa_context_id){context});
    for (size_t i = 0; i < l.n; i++) {
        const pa_label *from = &l.p[i];
        PaPprof__Label to = PA_PPROF__LABEL__INIT;
        to.key = w->number[from->key.v];
        if (from->numeric) {
            to.num = from->num;
            to.num_unit = w->number[from->str.v];
        } else {
            to.str = from->str.v ? w->number[from->str.v] : w->empty_value;
        }
        pprof_put_message(w->a, bytes, 3, &to.base);
    }
}

static int compare_coded(const pprof_bytes *bytes, const coded *a, const coded *b)
{
    return pa_str_cmp((pa_str){(const char *)bytes->p + a->at, a->n},
                      (pa_str){(const char *)bytes->p + b->at, b->n});
}

static int by_labels(const void *a, const void *b, void *bytes) { return compare_coded(bytes, a, b); }

/* Equal ones share a rank. */
static void lay_out_labels(emitting *e, const pprof_bytes *bytes, const coded *c, size_t n)
{
    uint32_t distinct = 0;
    e->label_at = pa_new(e->w->a, uint64_t, n + 1);
    e->labels.p = pa_new(e->w->a, unsigned char, bytes->n + 1);
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || compare_coded(bytes, &c[i - 1], &c[i]) != 0) {
            memcpy(e->labels.p + e->labels.n, bytes->p + c[i].at, c[i].n);
            e->labels.n += c[i].n;
            e->label_at[++distinct] = e->labels.n;
        }
        e->rank[c[i].id] = distinct - 1;
    }
}

static void rank_contexts(emitting *e)
{
    pprof_writing *w = e->w;
    size_t all = w->p->n_contexts, n = 0;
    unsigned char *used = pa_new(w->a, unsigned char, all);
    coded *c = pa_new(w->a, coded, all);
    pprof_bytes bytes = {.p = pa_new(w->a, unsigned char, 1),
                         .cap = 1}; /* to point at something even without labels */
    e->rank = pa_new(w->a, uint32_t, all);
    mark_contexts(w, used);
    for (uint32_t i = 0; i < all; i++) {
        if (!used[i])
            continue;
        size_t at = bytes.n;
        encode_labels(w, &bytes, i);
        c[n++] = (coded){at, (uint32_t)(bytes.n - at), i};
    }
    if (n)
        qsort_r(c, n, sizeof *c, by_labels, &bytes);
    lay_out_labels(e, &bytes, c, n);
}

/* Rows move to where they will be needed, so that writing them is not a walk all over memory: scattered stores do not
 * make anybody wait, scattered loads would. */
static void collect_rows(emitting *e)
{
    pprof_writing *w = e->w;
    const pa_stream *s = w->stream;
    size_t k = s->n_metrics;
    uint64_t *next = pa_new(w->a, uint64_t, w->p->n_stacks), at = 0;
    for (size_t i = 0; i < w->stacks.n; i++) {
        uint32_t id = w->stacks.p[i].id;
        next[id] = at;
        at += w->row_at[id + 1] - w->row_at[id];
    }
    e->rows = pa_new(w->a, uint64_t, s->n_rows);
    e->values = pa_new(w->a, int64_t, s->n_rows * k);
    for (size_t i = 0; i < s->n_rows; i++) {
        uint64_t to = next[s->stack[i].v]++;
        e->rows[to] = (uint64_t)e->rank[s->context[i].v] << 32 | to;
        for (size_t m = 0; m < k; m++)
            e->values[to * k + m] = s->values[i * k + m];
    }
}

/* ---- samples ------------------------------------------------------------------------------------------------ */

#define FEW           12 /* sorted by insertion */
#define SAMPLE_TAG    (2 << 3 | 2)
#define LOCATIONS_TAG (1 << 3 | 2)
#define VALUES_TAG    (2 << 3 | 2)

#define STACK_HEADER  (1 + PPROF_VARINT_MAX)

/* Room for the longest stack: tag and length twice, numbers of 32 bits. */
static unsigned char *stack_space(const pprof_writing *w)
{
    size_t most = 0;
    for (size_t i = 0; i < w->stacks.n; i++)
        most = w->stacks.p[i].n > most ? w->stacks.p[i].n : most;
    return pa_new(w->a, unsigned char, 2 * STACK_HEADER + 5 * most);
}

/* Field location_id of the samples to come. */
static void encode_stack(emitting *e, const pprof_stack *s)
{
    pprof_bytes *to = &e->stack;
    to->n = 0;
    if (s->n == 0)
        return;
    unsigned char *start = to->p + STACK_HEADER, *at = start;
    const uint32_t *number = e->w->location_number;
    for (uint32_t i = 0; i < s->n; i++)
        at = pprof_put_varint(at, number[s->places[i]]);
    size_t payload = (size_t)(at - start);
    unsigned char *q = to->p;
    *q++ = LOCATIONS_TAG;
    q = pprof_put_varint(q, payload);
    memmove(q, start, payload);
    to->n = (size_t)(q - to->p) + payload;
}

/* Half a unit and more away from zero: counted by pprof_write_losses. */
static int64_t scaled(int64_t v, int64_t divisor)
{
    int64_t q = v / divisor, r = v % divisor;
    if (r < 0)
        return q - (-r >= divisor + r);
    return q + (r > 0 && r >= divisor - r);
}

static void put_sample(emitting *e, const int64_t *values, uint64_t context)
{
    pprof_writing *w = e->w;
    size_t n_labels = e->label_at[context + 1] - e->label_at[context];
    unsigned char coded_values[2 * PPROF_VARINT_MAX + PA_MAX_METRICS * PPROF_VARINT_MAX];
    unsigned char *start = coded_values + PPROF_VARINT_MAX, *end = start;
    for (uint32_t m = 0; m < w->stream->n_metrics; m++) {
        int64_t divisor = w->scales[m].divisor;
        end = pprof_put_varint(end, (uint64_t)(divisor == 1 ? values[m] : scaled(values[m], divisor)));
    }
    size_t payload = (size_t)(end - start);
    unsigned char header[1 + PPROF_VARINT_MAX] = {VALUES_TAG};
    size_t n_header = (size_t)(pprof_put_varint(header + 1, payload) - header);
    size_t n = e->stack.n + n_header + payload + n_labels;
    pa_reserve(w->a, &w->out, n + 1 + PPROF_VARINT_MAX);
    unsigned char *to = w->out.p + w->out.n;
    *to++ = SAMPLE_TAG;
    to = pprof_put_varint(to, n);
    if (e->stack.n)
        memcpy(to, e->stack.p, e->stack.n);
    to += e->stack.n;
    memcpy(to, header, n_header);
    to += n_header;
    memcpy(to, start, payload);
    to += payload;
    memcpy(to, e->labels.p + e->label_at[context], n_labels);
    w->out.n = (size_t)(to - w->out.p) + n_labels;
}

static int by_number(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

static void sort_numbers(uint64_t *v, size_t n)
{
    if (n > FEW) {
        qsort(v, n, sizeof *v, by_number);
        return;
    }
    for (size_t i = 1; i < n; i++) {
        uint64_t x = v[i];
        size_t j = i;
        for (; j > 0 && v[j - 1] > x; j--)
            v[j] = v[j - 1];
        v[j] = x;
    }
}

/* n rows of equal stacks; those whose labels are equal too are one sample. */
static bool put_rows(emitting *e, uint64_t *r, size_t n)
{
    size_t k = e->w->stream->n_metrics;
    sort_numbers(r, n);
    for (size_t i = 0, j; i < n; i = j) {
        int64_t values[PA_MAX_METRICS];
        memcpy(values, e->values + (uint32_t)r[i] * k, k * sizeof *values);
        for (j = i + 1; j < n && r[j] >> 32 == r[i] >> 32; j++)
            for (size_t m = 0; m < k; m++)
                if (__builtin_add_overflow(values[m], e->values[(uint32_t)r[j] * k + m], &values[m]))
                    return pa_fail(e->w->err, PA_E_OVERFLOW, PA_NO_OFFSET,
                                   "sum of samples that are the same to pprof exceeds 64 bits");
        put_sample(e, values, r[i] >> 32);
    }
    return true;
}

/* Locations and labels lie anywhere in memory: ask for those to come. */
#define AHEAD 8

static void prefetch(const emitting *e, const pprof_stack *s, size_t left_stacks, size_t row,
                     size_t left_rows)
{
    if (left_stacks > AHEAD) {
        __builtin_prefetch(&e->w->row_at[s[AHEAD].id]);
        __builtin_prefetch(s[AHEAD].places);
        __builtin_prefetch(s[AHEAD].places + 16);
    }
    for (size_t i = 0; i < AHEAD && 4 * AHEAD + i < left_rows; i++) {
        __builtin_prefetch(&e->label_at[e->rows[row + 4 * AHEAD + i] >> 32]);
        __builtin_prefetch(e->labels.p + e->label_at[e->rows[row + 2 * AHEAD + i] >> 32]);
    }
}

bool pprof_put_samples(pprof_writing *w)
{
    if (!w->stream)
        return true;
    emitting e = {.w = w, .stack = {.p = stack_space(w)}};
    rank_contexts(&e);
    collect_rows(&e);
    const pprof_stack *stacks = w->stacks.p;
    size_t n = w->stacks.n;
    size_t row = 0, n_rows;
    for (size_t i = 0, j; i < n; i = j, row += n_rows) {
        prefetch(&e, &stacks[i], n - i, row, w->stream->n_rows - row);
        n_rows = 0;
        for (j = i; j < n && pprof_same_stack(&stacks[i], &stacks[j]); j++)
            n_rows += w->row_at[stacks[j].id + 1] - w->row_at[stacks[j].id];
        encode_stack(&e, &stacks[i]);
        if (!put_rows(&e, e.rows + row, n_rows))
            return false;
    }
    return true;
}
