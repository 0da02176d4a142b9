/* blocks: a text input gives the same profile, notes and errors whatever the number of threads and wherever it is cut. */
#include "tests/unit/toy.h"

#include <pthread.h>
#include <zlib.h>

static const unsigned thread_counts[] = {1, 2, 3, 7};
static const size_t block_sizes[] = {64, 1024, 0};
#define EACH_WAY(t, s)                                                        \
    for (size_t t = 0; t < sizeof thread_counts / sizeof *thread_counts; t++) \
        for (size_t s = 0; s < sizeof block_sizes / sizeof *block_sizes; s++)

static pa_read_options way(size_t t, size_t s)
{
    return (pa_read_options){.format = "toy", .threads = thread_counts[t], .block_bytes = block_sizes[s]};
}

static pa_profile *read_text(pa_str text, pa_read_options options)
{
    pa_err err = {0};
    pa_profile *p = pa_read_memory("text", text, &options, &err);
    if (!p)
        fail_msg("%s", err.message);
    return p;
}

static void same_every_way(pa_str text, pa_read_options more)
{
    pa_arena *a = pa_arena_new(NULL);
    pa_str first = {0};
    EACH_WAY(t, s)
    {
        pa_read_options o = way(t, s);
        o.label_origin = more.label_origin;
        pa_profile *p = read_text(text, o);
        pa_str dump = dump_of(a, p);
        if (!first.p)
            first = dump;
        else if (!pa_str_eq(dump, first))
            print_error("%u threads, blocks of %zu:\n", o.threads, o.block_bytes);
        assert_same_text(dump, first);
        pa_profile_free(p);
    }
    pa_arena_free(a);
}

/* A text of at least n bytes with something odd every now and then, at the end too. */
typedef struct generated {
    pa_str text;
    int64_t sum; /* of stream '' */
    uint64_t odd, rows;
} generated;

static generated generate(pa_arena *a, size_t n, uint64_t seed)
{
    pa_out *out = pa_out_to_memory(a);
    generated g = {0};
    while (pa_out_written(out).n < n) {
        uint64_t what = random_below(&seed, 400), value = random_below(&seed, 1000);
        if (what == 0 && value % 8 == 0)
            pa_out_format(out, "#other s%llu\n", (unsigned long long)value % 20);
        else if (what == 0)
            pa_out_format(out, "#stream s%llu\n", (unsigned long long)value % 20);
        else if (what == 1)
            pa_out_cstr(out, ++g.odd % 3 ? "#odd\n" : "#strange\n");
        else if (what == 2)
            pa_out_cstr(out, "\n");
        else if (what < 30)
            pa_out_format(out, "s%llu:main;f%llu %llu\n", (unsigned long long)value % 20,
                          (unsigned long long)what, (unsigned long long)value);
        else {
            pa_out_format(out, "main;f%llu;g%llu %llu\n", (unsigned long long)value % 50,
                          (unsigned long long)what % 9, (unsigned long long)value);
            g.sum += (int64_t)value;
            g.rows++;
        }
    }
    g.text = pa_out_written(out);
    return g;
}

static void equal(void **state)
{
    pa_arena *a = *state;
    for (uint64_t seed = 1; seed <= 3; seed++)
        same_every_way(generate(a, 100000 * seed, seed).text, (pa_read_options){0});
    same_every_way(generate(a, 150000, 9).text, (pa_read_options){.label_origin = true});
}

/* Not only equal, but right. */
static void complete(void **state)
{
    generated g = generate(*state, 300000, 5);
    EACH_WAY(t, s)
    {
        pa_profile *p = read_text(g.text, way(t, s));
        int64_t sum = 0;
        uint64_t rows = 0;
        for (size_t i = 0; i < p->n_streams; i++)
            for (size_t r = 0; r < p->streams[i].n_rows && p->streams[i].name.v == 0; r++) {
                sum += p->streams[i].values[r];
                rows += p->streams[i].records[r];
            }
        assert_int_equal(sum, g.sum);
        assert_int_equal(rows, g.rows);
        assert_int_equal(noted(p, "odd") + noted(p, "strange"), g.odd);
        assert_int_equal(p->n_inputs, 1);
        assert_true(p->inputs[0].complete);
        pa_profile_free(p);
    }
}

static pa_str with_line(pa_arena *a, pa_str text, size_t near, const char *line)
{
    size_t at = near + (size_t)pa_str_find(pa_str_from(text, near), '\n') + 1;
    return pa_arena_format(a, "%.*s%s\n%.*s", (int)at, text.p, line, (int)(text.n - at), text.p + at);
}

/* What is said once, late, in a block only one thread sees. */
static void said_late(void **state)
{
    pa_arena *a = *state;
    pa_str text = generate(a, 400000, 3).text;
    same_every_way(with_line(a, text, 390000, "#incomplete"), (pa_read_options){0});
    same_every_way(with_line(a, text, 390000, "main;f1 0.5"), (pa_read_options){0});
    same_every_way(with_line(a, with_line(a, text, 10, "s3:x 0.25"), 300000, "s4:x 0.75"),
                   (pa_read_options){0});
    pa_profile *p = read_text(with_line(a, text, 390000, "#incomplete"), way(3, 0));
    assert_false(p->inputs[0].complete);
    pa_profile_free(p);
}

/* Streams declared at one place stand in the order they were declared in, others in that of the input. */
static void order_of_streams(void **state)
{
    pa_arena *a = *state;
    pa_str text = generate(a, 200000, 3).text;
    for (int i = 0; i < 5; i++)
        text = with_line(a, text, 150000 - (size_t)i * 20000, i & 1 ? "zz:a 1" : "yy:b 2");
    same_every_way(text, (pa_read_options){0});
}

/* ---- ends and long records ----------------------------------------------------------------------------------- */

static void ends(void **state)
{
    pa_arena *a = *state;
    pa_str text = generate(a, 100000, 3).text;
    same_every_way(pa_str_head(text, text.n - 1), (pa_read_options){0});
    EACH_WAY(t, s)
    {
        const pa_str few[] = {PA_STR(""), PA_STR("\n"), PA_STR("a 1"), PA_STR("a 1\n"), PA_STR("a 1\nb 2")};
        for (size_t i = 0; i < 5; i++) {
            pa_profile *p = read_text(few[i], way(t, s));
            assert_int_equal(p->n_streams, i >= 2);
            assert_int_equal(i >= 2 ? p->streams[0].n_rows : 0, i < 2 ? 0 : i < 4 ? 1 : 2);
            pa_profile_free(p);
        }
    }
}

static void long_records(void **state)
{
    pa_arena *a = *state;
    char *line = pa_new(a, char, 300001);
    memset(line, 'x', 300000);
    for (size_t i = 100; i < 300000; i += 101)
        line[i] = ';';
    pa_str text = generate(a, 100000, 3).text;
    line[299998] = ' ';
    line[299999] = '7';
    same_every_way(with_line(a, text, 50000, line), (pa_read_options){0});
    same_every_way(with_line(a, text, 10, line), (pa_read_options){0});
    same_every_way(pa_cstr(line), (pa_read_options){0});
}

static void record_limit(void **state)
{
    pa_arena *a = *state;
    size_t n = ((size_t)256 << 20) + 10;
    unsigned char *packed = pa_new(a, unsigned char, 4 << 20),
                  *block = memset(pa_new(a, char, 1 << 20), 'x', 1 << 20);
    z_stream z = {.next_out = packed, .avail_out = 4 << 20};
    assert_int_equal(deflateInit2(&z, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    int code = Z_OK;
    for (size_t left = n; code == Z_OK; left -= left < 1 << 20 ? left : 1 << 20) {
        z.next_in = block;
        z.avail_in = left < 1 << 20 ? (unsigned)left : 1 << 20;
        code = deflate(&z, left < 1 << 20 ? Z_FINISH : Z_NO_FLUSH);
    }
    assert_int_equal(code, Z_STREAM_END);
    pa_read_options o = {.format = "toy", .threads = 1, .max_size = (uint64_t)1 << 30};
    pa_err err = {0};
    assert_null(pa_read_memory("long", (pa_str){(char *)packed, z.total_out}, &o, &err));
    assert_int_equal(err.code, PA_E_LIMIT);
    assert_int_equal(err.offset, 0);
    assert_string_equal(err.message, "record longer than 268435456 bytes");
    deflateEnd(&z);
}

/* ---- errors -------------------------------------------------------------------------------------------------- */

static void wrong_line(pa_str text, uint64_t offset, uint64_t line)
{
    EACH_WAY(t, s)
    {
        pa_read_options o = way(t, s);
        pa_err err = {0};
        assert_null(pa_read_memory("text", text, &o, &err));
        assert_int_equal(err.code, PA_E_SYNTAX);
        assert_string_equal(err.message, "bad line");
        assert_int_equal(err.offset, offset);
        assert_int_equal(err.line, line);
        assert_int_equal(err.column, 1);
        assert_string_equal(err.input, "text");
    }
}

/* The first bad record wins, however many follow and whoever finds them first. */
static void first_error_wins(void **state)
{
    pa_arena *a = *state;
    pa_str text = generate(a, 300000, 3).text;
    for (size_t at = 290000; at > 20000; at -= 45000) {
        text = with_line(a, text, at, "bad");
        uint64_t offset = (uint64_t)pa_str_search(text, PA_STR("\nbad\n")) + 1, line = 1;
        for (size_t i = 0; i < offset; i++)
            line += text.p[i] == '\n';
        wrong_line(text, offset, line);
    }
    wrong_line(PA_STR("a 1\nb 1\nbad"), 8, 3);
    wrong_line(PA_STR("bad"), 0, 1);
}

/* The thread with the earlier bad record is the slower one. */
static void first_error_found_last(void **state)
{
    pa_arena *a = *state;
    pa_str text = generate(a, 100000, 3).text;
    text = with_line(a, with_line(a, text, 93000, "bad"), 90000, "#slow\nbad");
    uint64_t offset = (uint64_t)pa_str_search(text, PA_STR("\nbad\n")) + 1, line = 1;
    for (size_t i = 0; i < offset; i++)
        line += text.p[i] == '\n';
    wrong_line(text, offset, line);
}

typedef struct named_pipe {
    char dir[32], path[48];
    pthread_t thread;
} named_pipe;

static void *write_bad_line(void *arg)
{
    named_pipe *n = arg;
    FILE *f = fopen(n->path, "w");
    if (f && fputs("a 1\nbad\n", f) >= 0)
        fclose(f);
    return NULL;
}

/* Lines are counted by reading again: not what can be read only once. */
static void no_line_in_a_pipe(void **state)
{
    (void)state;
    named_pipe n;
    snprintf(n.dir, sizeof n.dir, "/tmp/pa-blocks-XXXXXX");
    assert_non_null(mkdtemp(n.dir));
    snprintf(n.path, sizeof n.path, "%s/pipe", n.dir);
    assert_int_equal(mkfifo(n.path, 0600), 0);
    assert_int_equal(pthread_create(&n.thread, NULL, write_bad_line, &n), 0);
    const char *paths[] = {n.path};
    pa_err err = {0};
    alarm(20); /* instead of waiting for ever */
    assert_null(pa_read(paths, 1, &(pa_read_options){.format = "toy"}, &err));
    alarm(0);
    assert_int_equal(err.code, PA_E_SYNTAX);
    assert_int_equal(err.offset, 4);
    assert_int_equal(err.line, 0);
    pthread_join(n.thread, NULL);
    unlink(n.path);
    rmdir(n.dir);
}

/* More than any record may have is not taken at its word. */
static void huge_blocks(void **state)
{
    (void)state;
    pa_profile *p = read_text(PA_STR("a 1\nb 2\n"),
                              (pa_read_options){.format = "toy", .threads = 1, .block_bytes = SIZE_MAX});
    assert_int_equal(p->streams[0].n_rows, 2);
    pa_profile_free(p);
}

static pa_str gzip_of(pa_arena *a, pa_str s)
{
    unsigned char *to = pa_new(a, unsigned char, s.n + 1000);
    z_stream z = {.next_out = to,
                  .avail_out = (unsigned)s.n + 1000,
                  .next_in = (unsigned char *)s.p,
                  .avail_in = (unsigned)s.n};
    assert_int_equal(deflateInit2(&z, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    deflateEnd(&z);
    return (pa_str){(char *)to, z.total_out};
}

static void compressed(void **state)
{
    pa_arena *a = *state;
    pa_str text = generate(a, 400000, 3).text, g = gzip_of(a, text);
    pa_profile *plain = read_text(text, way(0, 2));
    EACH_WAY(t, s)
    {
        pa_profile *p = read_text(g, way(t, s));
        assert_same_dump(a, p, plain);
        pa_profile_free(p);
        pa_read_options o = way(t, s);
        pa_err err = {0};
        assert_null(pa_read_memory("cut.gz", pa_str_head(g, g.n - 9), &o, &err));
        assert_int_equal(err.code, PA_E_TRUNCATED);
        assert_int_equal(err.offset, g.n - 9);
        assert_int_equal(err.line, 0);
        assert_false(err.inflated);
    }
    pa_profile_free(plain);
    wrong_line(gzip_of(a, PA_STR("a 1\nb 1\nbad")), 8, 3);
}

/* A sum that no int64 holds is an error for any number of threads (where it is noticed may differ). */
static void overflow(void **state)
{
    pa_arena *a = *state;
    pa_str text = generate(a, 200000, 3).text;
    for (size_t at = 190000; at > 40000; at -= 40000)
        text = with_line(a, text, at, "big 4000000000000000000");
    EACH_WAY(t, s)
    {
        pa_read_options o = way(t, s);
        pa_err err = {0};
        assert_null(pa_read_memory("text", text, &o, &err));
        assert_int_equal(err.code, PA_E_OVERFLOW);
        assert_string_equal(err.message, "sum of 'm' exceeds 64 bits");
    }
}

static void strict(void **state)
{
    pa_arena *a = *state;
    pa_out *out = pa_out_to_memory(a);
    for (int i = 0; i < 20000; i++)
        pa_out_format(out,
                      i == 9000 || i == 15000 ? "#odd\n"
                      : i == 12000            ? "#strange\n"
                                              : "f%d 1\n",
                      i % 100);
    pa_str text = pa_out_written(out);
    EACH_WAY(t, s)
    {
        pa_read_options o = way(t, s);
        o.strict = true;
        pa_err err = {0};
        assert_null(pa_read_memory("text", text, &o, &err));
        assert_int_equal(err.code, PA_E_STRICT);
        assert_int_equal(err.line, 9001);
        assert_int_equal(err.column, 1);
        assert_string_equal(err.message, "odd (2 in all; an error because of --strict)");
        assert_int_equal(pa_err_exit_status(&err), 2);
    }
}

/* ---- memory -------------------------------------------------------------------------------------------------- */

/* Refuse each block in turn, in steps that reach every phase. */
static void each_block_refused(void **state)
{
    pa_arena *a = *state;
    pa_str text = generate(a, 70000, 3).text;
    for (unsigned threads = 1; threads <= 3; threads += 2) {
        bool done = false;
        unsigned refused = 0;
        for (long n = 1; !done; n += 1 + n / 60) {
            pa_budget budget = {.block_bytes = 256, .fail_block = n};
            pa_read_options o = {.format = "toy", .threads = threads, .block_bytes = 1024, .budget = &budget};
            pa_err err = {0};
            pa_profile *p = pa_read_memory("text", text, &o, &err);
            done = budget.n_blocks < n;
            refused += !p;
            assert_int_equal(err.code, p ? PA_E_NONE : PA_E_MEMORY);
            assert_true(p || !done);
            pa_profile_free(p);
            assert_int_equal(budget.used_bytes, 0);
        }
        assert_in_range(refused, 50, 1000);
    }
}

static void over_the_budget(void **state)
{
    pa_arena *a = *state;
    pa_out *out = pa_out_to_memory(a);
    for (int i = 0; i < 100000; i++)
        pa_out_format(out, "main;f%d 1\n", i);
    for (unsigned threads = 1; threads <= 7; threads += 3) {
        pa_budget budget = {.max_bytes = 3 << 20};
        pa_read_options o = {.format = "toy", .threads = threads, .block_bytes = 4096, .budget = &budget};
        pa_err err = {0};
        assert_null(pa_read_memory("text", pa_out_written(out), &o, &err));
        assert_int_equal(err.code, PA_E_MEMORY);
        assert_int_equal(budget.used_bytes, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARENA_TEST(equal),
        ARENA_TEST(complete),
        ARENA_TEST(said_late),
        ARENA_TEST(order_of_streams),
        ARENA_TEST(ends),
        ARENA_TEST(long_records),
        ARENA_TEST(record_limit),
        ARENA_TEST(first_error_wins),
        ARENA_TEST(first_error_found_last),
        ARENA_TEST(compressed),
        cmocka_unit_test(no_line_in_a_pipe),
        cmocka_unit_test(huge_blocks),
        ARENA_TEST(overflow),
        ARENA_TEST(strict),
        ARENA_TEST(each_block_refused),
        ARENA_TEST(over_the_budget),
    };
    return cmocka_run_group_tests_name("blocks", tests, NULL, NULL);
}
