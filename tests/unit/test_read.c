/* read: which format bytes are, several inputs into one profile, --strict, and errors that name input and position. */
#include "tests/unit/profiles.h"

#include <unistd.h>
#include <zlib.h>

#include "tests/unit/pprof_make.h"

static const shape small = {.samples = 50, .functions = 10, .depth = 6};

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

static pa_err refused(const char *name, pa_str bytes, pa_read_options options, pa_err_code code)
{
    pa_err err = {0};
    pa_profile *p = pa_read_memory(name, bytes, &options, &err);
    assert_null(p);
    if (err.code != code)
        fail_msg("code %d instead of %d: %s", err.code, code, err.message);
    assert_int_equal(pa_err_exit_status(&err), code == PA_E_MEMORY ? 4 : 2);
    assert_null(pa_read_memory(name, bytes, &options, NULL)); /* nobody wants to know */
    return err;
}

static void assert_error_text(const pa_err *err, const char *want)
{
    char text[900];
    pa_err_text(err, text, sizeof text);
    assert_string_equal(text, want);
}

static pa_profile *read_one_way(const char *name, pa_str bytes, const pa_read_options *options)
{
    pa_err err = {0};
    pa_profile *p = pa_read_memory(name, bytes, options, &err);
    if (!p)
        fail_msg("%s", err.message);
    return p;
}

/* ---- which format -------------------------------------------------------------------------------------------- */

static void detection(void **state)
{
    pa_arena *a = *state;
    pa_str pprof = make_pprof(a, small);
    const char *const names[] = {"x", "x.pb.gz", "x.txt", "x.folded", ""};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        pa_profile *p = read_one_way(names[i], i & 1 ? gzip_of(a, pprof) : pprof, NULL);
        assert_int_equal(p->n_inputs, 1);
        assert_string_equal(p->inputs[0].format, "pprof");
        assert_true(pa_str_is(pa_string(p, p->inputs[0].name), names[i]));
        assert_true(p->inputs[0].complete);
        pa_profile_free(p);
    }
}

static void not_detected(void **state)
{
    pa_arena *a = *state;
    pa_err err = refused("noise", PA_STR("\x07\x07\x07\xff\xfe\x01 noise \xff\x80\x80"), (pa_read_options){0},
                         PA_E_UNRECOGNISED);
    assert_string_equal(err.input, "noise");
    assert_int_equal(err.offset, PA_NO_OFFSET);
    err = refused("nothing", PA_STR(""), (pa_read_options){0}, PA_E_UNRECOGNISED);
    assert_error_text(&err, "nothing: empty file");
    err = refused("nothing.gz", gzip_of(a, PA_STR("")), (pa_read_options){0}, PA_E_UNRECOGNISED);
    assert_error_text(&err, "nothing.gz: empty file");
    err =
        refused("x.pb.gz", PA_STR("\xff\xff\xff\xff not a profile"), (pa_read_options){0}, PA_E_UNRECOGNISED);
    assert_string_equal(err.input, "x.pb.gz"); /* a name proves nothing */
}

static void forced(void **state)
{
    pa_arena *a = *state;
    pa_str pprof = make_pprof(a, small);
    pa_profile *p = read_one_way("x", pprof, &(pa_read_options){.format = "pprof"});
    pa_profile_free(p);
    pa_err err = refused("x", pprof, (pa_read_options){.format = "nonsense"}, PA_E_USAGE);
    assert_error_text(&err, "x: unknown format 'nonsense'");
    (void)refused("x", PA_STR("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"),
                  (pa_read_options){.format = "pprof"}, PA_E_SYNTAX);
}

/* Whatever becomes of nothing when a format is forced on it: an error or a profile without streams, never a crash. */
static void forced_on_nothing(void **state)
{
    (void)state;
    pa_err err = {0};
    pa_profile *p = pa_read_memory("x", PA_STR(""), &(pa_read_options){.format = "pprof"}, &err);
    assert_true(!p || p->n_streams == 0 || p->default_stream.v < p->n_streams);
    assert_true(p || pa_err_exit_status(&err) == 2);
    pa_profile_free(p);
}

static void tables(void **state)
{
    (void)state;
    pa_format_info info;
    size_t n = 0;
    bool pprof = false;
    for (; pa_format_at(n, &info); n++) {
        assert_non_null(info.name);
        assert_non_null(info.title);
        assert_true(info.reads || info.writes);
        assert_ptr_equal(pa_format_named(pa_cstr(info.name)), pa_formats[n]);
        pprof = pprof || strcmp(info.name, "pprof") == 0;
    }
    assert_int_equal(n, pa_n_formats);
    assert_true(pprof);
    assert_null(pa_format_named(PA_STR("nonsense")));
    assert_null(pa_format_named(PA_STR("")));
}

/* ---- many inputs --------------------------------------------------------------------------------------------- */

static char dir_paths[3][64], dir[32];
static const char *file_paths[3];

static int make_files(void **state)
{
    (void)state;
    snprintf(dir, sizeof dir, "/tmp/pa-read-XXXXXX");
    if (!mkdtemp(dir))
        return -1;
    pa_arena *a = pa_arena_new(NULL);
    for (size_t i = 0; i < 3; i++) {
        snprintf(dir_paths[i], sizeof dir_paths[i], "%s/%zu.pb", dir, i);
        file_paths[i] = dir_paths[i];
        pa_str bytes =
            make_pprof(a, (shape){.samples = 40 * (i + 1), .functions = 10, .depth = 5, .labels = i == 2});
        FILE *f = fopen(dir_paths[i], "w");
        if (!f || fwrite(bytes.p, 1, bytes.n, f) != bytes.n || fclose(f) != 0)
            return -1;
    }
    pa_arena_free(a);
    return 0;
}

static int remove_files(void **state)
{
    (void)state;
    for (size_t i = 0; i < 3; i++)
        unlink(dir_paths[i]);
    return rmdir(dir);
}

static int64_t total_of(const pa_profile *p)
{
    int64_t sum = 0;
    for (size_t i = 0; i < p->streams[0].n_rows; i++)
        sum += p->streams[0].values[i * p->streams[0].n_metrics];
    return sum;
}

static void summed(void **state)
{
    pa_arena *a = *state;
    pa_err err = {0};
    pa_profile *all = pa_read(file_paths, 3, NULL, &err), *one[3];
    assert_non_null(all);
    assert_int_equal(all->n_inputs, 3);
    assert_int_equal(total_of(all), 40 + 80 + 120);
    assert_int_equal(all->meta.duration_ns, 3000000000);
    for (size_t i = 0; i < 3; i++) {
        one[i] = pa_read(&file_paths[i], 1, NULL, &err);
        assert_int_equal(total_of(one[i]), 40 * ((int)i + 1));
        assert_true(pa_str_is(pa_string(all, all->inputs[i].name), file_paths[i]));
    }
    pa_profile *m = merged((const pa_profile *const *)one, 3);
    assert_same_dump(a, all, m);
    for (size_t i = 0; i < 3; i++)
        pa_profile_free(one[i]);
    pa_profile_free(m);
    pa_profile_free(all);
}

static void none(void **state)
{
    (void)state;
    pa_err err = {0};
    pa_profile *p = pa_read(NULL, 0, NULL, &err);
    assert_non_null(p);
    assert_int_equal(p->n_streams, 0);
    pa_profile_free(p);
}

static void origins(void **state)
{
    (void)state;
    pa_err err = {0};
    pa_profile *p = pa_read(file_paths, 3, &(pa_read_options){.label_origin = true}, &err);
    assert_non_null(p);
    int64_t sums[3] = {0};
    for (size_t i = 0; i < p->streams[0].n_rows; i++) {
        const pa_label *l = pa_context_label(p, p->streams[0].context[i], PA_STR(PA_LABEL_ORIGIN));
        assert_non_null(l);
        for (size_t k = 0; k < 3; k++)
            if (pa_str_is(pa_string(p, l->str), file_paths[k]))
                sums[k] += p->streams[0].values[2 * i];
    }
    for (size_t k = 0; k < 3; k++)
        assert_int_equal(sums[k], 40 * ((int)k + 1));
    pa_profile_free(p);
}

/* The second of three: its name, and nothing is kept of the first. */
static void one_is_missing(void **state)
{
    (void)state;
    const char *const some[] = {file_paths[0], "/nonexistent", file_paths[2]};
    pa_budget budget = {0};
    pa_err err = {0};
    assert_null(pa_read(some, 3, &(pa_read_options){.budget = &budget}, &err));
    assert_int_equal(err.code, PA_E_IO);
    assert_error_text(&err, "/nonexistent: cannot open: No such file or directory");
    assert_int_equal(budget.used_bytes, 0);
}

/* ---- positions ----------------------------------------------------------------------------------------------- */

static void positions(void **state)
{
    pa_arena *a = *state;
    pa_str good = make_pprof(a, small), bad = pa_arena_str(a, good);
    bad.n -= 1; /* inside the last field */
    pa_err err = refused("x.pb", bad, (pa_read_options){0}, PA_E_TRUNCATED);
    assert_string_equal(err.input, "x.pb");
    assert_in_range(err.offset, good.n - 8, good.n);
    assert_false(err.inflated);
    pa_err packed = refused("x.pb.gz", gzip_of(a, bad), (pa_read_options){0}, PA_E_TRUNCATED);
    assert_string_equal(packed.input, "x.pb.gz");
    assert_int_equal(packed.offset, err.offset);
    assert_true(packed.inflated);
    char text[900];
    pa_err_text(&packed, text, sizeof text);
    assert_non_null(strstr(text, "(offset in the decompressed data)"));

    pa_str g = gzip_of(a, good);
    err = refused("cut.gz", pa_str_head(g, g.n - 5), (pa_read_options){0}, PA_E_TRUNCATED);
    assert_int_equal(err.offset, g.n - 5); /* of the compressed file */
    assert_false(err.inflated);
    ((char *)g.p)[g.n - 6] ^= 1;
    err = refused("bad.gz", g, (pa_read_options){0}, PA_E_SYNTAX);
    assert_in_range(err.offset, g.n - 8, g.n);
    assert_string_equal(err.message, "gzip: checksum mismatch");
    assert_false(err.inflated);
}

static void strict(void **state)
{
    pa_arena *a = *state;
    pa_str odd = make_pprof(a, (shape){.samples = 20, .functions = 10, .depth = 4, .unknown_mappings = 3});
    pa_profile *p = read_one_way("x", odd, NULL);
    assert_int_equal(p->diags.n, 1);
    assert_int_equal(p->diags.p[0].count, 3);
    pa_err err = refused("x", odd, (pa_read_options){.strict = true}, PA_E_STRICT);
    assert_int_equal(err.offset, p->diags.p[0].first);
    assert_string_equal(err.input, "x");
    assert_non_null(strstr(err.message, p->diags.p[0].kind));
    assert_non_null(strstr(err.message, "3 in all"));
    assert_false(err.inflated);
    err = refused("x.gz", gzip_of(a, odd), (pa_read_options){.strict = true}, PA_E_STRICT);
    assert_int_equal(err.offset, p->diags.p[0].first);
    assert_true(err.inflated);
    pa_profile_free(p);
    pa_profile_free(read_one_way("x", make_pprof(a, small), &(pa_read_options){.strict = true}));
}

static void limits(void **state)
{
    pa_arena *a = *state;
    pa_str bytes = make_pprof(a, small);
    pa_profile_free(read_one_way("x", bytes, &(pa_read_options){.max_size = bytes.n}));
    (void)refused("x", bytes, (pa_read_options){.max_size = bytes.n - 1}, PA_E_LIMIT);
    (void)refused("x", gzip_of(a, bytes), (pa_read_options){.max_size = bytes.n - 1}, PA_E_LIMIT);
    pa_budget budget = {.max_bytes = 100000};
    (void)refused("x", bytes, (pa_read_options){.budget = &budget}, PA_E_MEMORY);
    assert_int_equal(budget.used_bytes, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARENA_TEST(detection),
        ARENA_TEST(not_detected),
        ARENA_TEST(forced),
        cmocka_unit_test(forced_on_nothing),
        cmocka_unit_test(tables),
        ARENA_TEST(summed),
        cmocka_unit_test(none),
        cmocka_unit_test(origins),
        cmocka_unit_test(one_is_missing),
        ARENA_TEST(positions),
        ARENA_TEST(strict),
        ARENA_TEST(limits),
    };
    return cmocka_run_group_tests_name("read", tests, make_files, remove_files);
}
