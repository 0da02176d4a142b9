/* fuzz_format: any bytes as one format; compiled once per row of formats.def with -DPA_FUZZ_FORMAT=<name>.
 * In: bytes.  Out: nothing, or abort: reading ends in a profile or an error of the input with a position inside it,
 * within a budget of memory in proportion to the input; reading twice, with other threads and blocks, merging into
 * nothing, and writing and reading back give the same profile. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "formats/format.h"

#define QUOTE(x)        #x
#define NAME_OF(macro)  QUOTE(macro)
#define FORMAT          NAME_OF(PA_FUZZ_FORMAT)

#define MEMORY_FREE     ((size_t)4 << 20)
#define MEMORY_PER_BYTE 256u
#define INFLATED_MAX    ((uint64_t)8 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define CHECK(condition, ...)                         \
    do {                                              \
        if (!(condition)) {                           \
            fprintf(stderr, "FINDING: " __VA_ARGS__); \
            fputc('\n', stderr);                      \
            abort();                                  \
        }                                             \
    } while (0)

/* Or transcoded: offsets are not those of the bytes given. */
static bool compressed(const uint8_t *data, size_t size)
{
    return size >= 2 && ((data[0] == 0x1f && data[1] == 0x8b) || (data[0] == 0x28 && data[1] == 0xb5) ||
                         (data[0] == 0xff && data[1] == 0xfe) || (data[0] == 0xfe && data[1] == 0xff));
}

static void check_error(const pa_err *err, const uint8_t *data, size_t size)
{
    bool plain = !compressed(data, size);
    char text[1100];
    pa_err_text(err, text, sizeof text);
    CHECK(pa_err_exit_status(err) == 2 || (err->code == PA_E_MEMORY && !plain), "exit status %d: %s",
          pa_err_exit_status(err), text);
    CHECK(!plain || err->offset == PA_NO_OFFSET || err->offset <= size, "position beyond %zu: %s", size,
          text);
    CHECK(err->message[0], "an error without a message");
}

typedef struct reading {
    unsigned threads;
    size_t block_bytes;
    bool lenient;
    const char *format;
} reading;

/* From a block of exactly that size, so that sanitizers see one byte too far. */
static pa_profile *read_bytes(const uint8_t *data, size_t size, reading how, pa_budget *budget, pa_err *err)
{
    char *copy = malloc(size ? size : 1);
    CHECK(copy, "the fuzzer is out of memory");
    memcpy(copy, data, size);
    *budget = (pa_budget){.max_bytes = MEMORY_FREE + MEMORY_PER_BYTE * size +
                                       (compressed(data, size) ? INFLATED_MAX * 8 : 0)};
    pa_read_options options = {.format = how.format,
                               .threads = how.threads,
                               .block_bytes = how.block_bytes,
                               .lenient = how.lenient,
                               .max_size = INFLATED_MAX,
                               .budget = budget};
    pa_profile *p = pa_read_memory("fuzz", (pa_str){copy, size}, &options, err);
    free(copy);
    CHECK(p || budget->used_bytes == 0, "%zu bytes are not given back", budget->used_bytes);
    return p;
}

typedef struct text {
    const pa_profile *profile;
    pa_arena *arena;
    pa_str bytes;
} text;

static bool dump(void *arg)
{
    text *t = arg;
    pa_out *out = pa_out_to_memory(t->arena);
    pa_dump(t->profile, out, t->arena);
    t->bytes = pa_out_written(out);
    return true;
}

static text text_of(const pa_profile *profile)
{
    text t = {.profile = profile, .arena = pa_arena_new(NULL)};
    pa_err err = {0};
    CHECK(t.arena && pa_guard(t.arena, &err, dump, &t), "the fuzzer is out of memory");
    return t;
}

static void check_same(const text *want, const pa_profile *p, const char *what)
{
    text got = text_of(p);
    CHECK(pa_str_eq(want->bytes, got.bytes), "%s: another profile\n--- before\n%.*s\n--- after\n%.*s", what,
          (int)want->bytes.n, want->bytes.p, (int)got.bytes.n, got.bytes.p);
    pa_arena_free(got.arena);
}

/* ---- the same profile in other ways ------------------------------------------------------------------------- */

static void check_again(const uint8_t *data, size_t size, reading how, const text *want, const char *what)
{
    pa_err err = {0};
    pa_budget budget;
    pa_profile *p = read_bytes(data, size, how, &budget, &err);
    CHECK(p, "%s: refused: %s", what, err.message);
    check_same(want, p, what);
    pa_profile_free(p);
}

typedef struct merging {
    const pa_profile *from;
    pa_arena *arena;
    pa_profile *merged;
    pa_err err;
} merging;

static bool merge(void *arg)
{
    merging *m = arg;
    pa_builder *b = pa_builder_new(m->arena);
    if (!pa_add_profile(b, m->from, &m->err))
        return false;
    m->merged = pa_builder_finish(b, &m->err);
    return m->merged != NULL;
}

static void check_merge(const pa_profile *p, const text *want)
{
    merging m = {.from = p, .arena = pa_arena_new(NULL)};
    CHECK(m.arena && pa_guard(m.arena, &m.err, merge, &m), "merged into nothing: refused: %s", m.err.message);
    check_same(want, m.merged, "merged into nothing");
    pa_profile_free(m.merged);
}

/* false: sums of what the format cannot keep apart do not fit 64 bits. */
static bool write_all(const pa_profile *p, const pa_format *f, pa_arena *arena, pa_str *to)
{
    pa_err err = {0};
    pa_out *out = pa_out_to_memory(arena);
    bool ok = pa_write(p, f->name, out, &err);
    CHECK(ok || (err.code == PA_E_OVERFLOW && !(f->writes & PA_CARRIES_LABELS)), "cannot be written: %s",
          err.message);
    *to = pa_out_written(out);
    return ok;
}

/* Writing makes one sample of equal ones and names the default metric: only without these the texts are equal. */
static bool comes_back_whole(const pa_profile *p)
{
    for (size_t i = 0; i < p->n_streams; i++)
        if (p->streams[i].squares)
            return false;
    return p->diags.n == 0 && p->meta.default_metric.v != 0 && p->n_streams == 1;
}

/* Rows and (wrapping) totals, whatever else got lost. */
static void check_sums(const pa_profile *p, const pa_profile *back)
{
    CHECK(p->n_streams == back->n_streams, "written and read back: %zu streams, not %zu", back->n_streams,
          p->n_streams);
    for (size_t i = 0; i < p->n_streams; i++) {
        const pa_stream *a = &p->streams[i], *b = &back->streams[i];
        CHECK(a->n_rows == b->n_rows && a->n_metrics == b->n_metrics,
              "written and read back: %zu rows of %u, not %zu of %u", b->n_rows, b->n_metrics, a->n_rows,
              a->n_metrics);
        uint64_t sums[2] = {0};
        for (size_t v = 0; v < a->n_rows * a->n_metrics; v++) {
            sums[0] += (uint64_t)a->values[v] * (1 + v % a->n_metrics);
            sums[1] += (uint64_t)b->values[v] * (1 + v % a->n_metrics);
        }
        CHECK(sums[0] == sums[1], "written and read back: other totals");
    }
}

/* A format that keeps stacks and one value: the total of that, if it was in no other unit. */
static void check_total(const pa_profile *p, const pa_profile *back)
{
    uint64_t sums[2] = {0};
    const pa_profile *both[2] = {p, back};
    const pa_metric *m[2];
    for (int i = 0; i < 2; i++) {
        const pa_stream *s = &both[i]->streams[both[i]->default_stream.v];
        m[i] = &s->metrics[both[i]->default_metric];
        for (size_t row = 0; row < s->n_rows; row++)
            sums[i] += (uint64_t)s->values[row * s->n_metrics + both[i]->default_metric];
    }
    if (m[0]->factor == m[1]->factor && m[0]->decimals == m[1]->decimals)
        CHECK(sums[0] == sums[1], "written and read back: another total");
}

static void check_writer(const pa_profile *p, const text *want)
{
    const pa_format *f = pa_format_named(pa_cstr(FORMAT));
    if (!f->write)
        return;
    pa_arena *arena = pa_arena_new(NULL);
    pa_str written = {0}, again = {0};
    pa_err err = {0};
    CHECK(arena, "the fuzzer is out of memory");
    /* nothing: all that there was is zero, and this format leaves that out */
    if (write_all(p, f, arena, &written) && (written.n || f->writes & PA_CARRIES_LABELS)) {
        pa_profile *back = pa_read_memory("written", written, &(pa_read_options){.format = FORMAT}, &err);
        CHECK(back, "written, then refused: %s", err.message);
        if (comes_back_whole(p))
            check_same(want, back, "written and read back");
        if (f->writes & PA_CARRIES_LABELS)
            check_sums(p, back);
        else
            check_total(p, back);
        CHECK(write_all(back, f, arena, &again) && pa_str_eq(written, again),
              "written twice: other bytes\n--- once\n%.*s\n--- twice\n%.*s", (int)written.n, written.p,
              (int)again.n, again.p);
        pa_profile_free(back);
    }
    pa_arena_free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const reading usual = {.threads = 1, .format = FORMAT};
    pa_err err = {0};
    pa_budget budget;
    pa_profile *p = read_bytes(data, size, usual, &budget, &err);
    if (!p) {
        check_error(&err, data, size);
        pa_err again = {0}, other = {0};
        pa_budget second;
        pa_profile_free(read_bytes(data, size, (reading){.threads = 3, .block_bytes = 64, .format = FORMAT},
                                   &second, &again));
        CHECK(strcmp(err.message, again.message) == 0 && err.offset == again.offset, "another error: %s, %s",
              err.message, again.message);
        p = read_bytes(data, size, (reading){.threads = 1, .lenient = true}, &second, &other);
        if (!p)
            check_error(&other, data, size);
        pa_profile_free(p);
        return 0;
    }
    text want = text_of(p);
    check_again(data, size, usual, &want, "read twice");
    check_again(data, size, (reading){.threads = 3, .block_bytes = 64, .format = FORMAT}, &want,
                "read in small blocks");
    check_merge(p, &want);
    check_writer(p, &want);
    pa_arena_free(want.arena);
    pa_profile_free(p);
    return 0;
}
