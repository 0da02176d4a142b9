/* refuse: each row of formats/refuse.def is recognised in its fixtures, whatever they are called and however they are
 * compressed, and says what stands in the golden; nothing that is or will be read is refused.
 * In: testdata/refuse/, other fixtures and docs/refused.md, from the root of the project.
 * --bless rewrites goldens and the table of the page (not in CI): review the diff. */
#include "tests/unit/unit.h"

#include <dirent.h>
#include <stdio.h>
#include <unistd.h>

#include "formats/refuse.h"
#include "tests/support/fixture.h"

#define DATA "testdata/refuse"
#define PAGE "docs/refused.md"

static bool bless;

/* ---- files -------------------------------------------------------------------------------------------------- */

#define FILES_MAX 1000

typedef struct files {
    char name[FILES_MAX][128];
    size_t n;
} files;

static int by_name(const void *a, const void *b) { return strcmp(a, b); }

/* Sorted; until the next call. */
static const files *files_of(const char *directory, bool (*wanted)(const char *))
{
    static files f;
    f.n = 0;
    DIR *d = opendir(directory);
    if (!d) {
        fail_msg("%s is missing: tests run from the root of the project", directory);
        return &f;
    }
    for (struct dirent *e; (e = readdir(d));) {
        if (e->d_name[0] == '.' || !wanted(e->d_name))
            continue;
        assert_true(f.n < FILES_MAX);
        int n = snprintf(f.name[f.n], sizeof *f.name, "%s", e->d_name);
        assert_true(n > 0 && (size_t)n < sizeof *f.name);
        f.n++;
    }
    closedir(d);
    assert_true(f.n > 0);
    qsort(f.name, f.n, sizeof *f.name, by_name);
    return &f;
}

static bool is_refused(const char *file)
{
    static const char *const others[] = {".err", "README.md", "record.sh", "burn.c"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (pa_str_ends(pa_cstr(file), pa_cstr(others[i])))
            return false;
    return true;
}

/* The row a fixture is of: the longest name its own starts with. */
static const pa_refusal *row_of(const char *file)
{
    const pa_refusal *row = NULL;
    for (size_t i = 0; i < pa_n_refusals; i++) {
        size_t n = strlen(pa_refusals[i].name);
        if (strncmp(file, pa_refusals[i].name, n) == 0 && (file[n] == '.' || file[n] == '-') &&
            (!row || n > strlen(row->name)))
            row = &pa_refusals[i];
    }
    return row;
}

static bytes load(const char *directory, const char *file)
{
    char path[200];
    snprintf(path, sizeof path, "%s/%s", directory, file);
    bytes b = {0};
    if (!bytes_of_file(&b, path))
        fail_msg("%s is missing", path);
    return b;
}

static pa_str head_of(const bytes *b) { return pa_str_head((pa_str){(char *)b->p, b->n}, PA_INPUT_HEAD); }

static bool goes_by_name(const pa_refusal *row) { return row->signs[0].where == PA_SIGN_NAME; }

/* ---- the fixtures ------------------------------------------------------------------------------------------- */

static void every_row_has_a_fixture(void **state)
{
    (void)state;
    const files *f = files_of(DATA, is_refused);
    for (size_t i = 0; i < f->n; i++)
        if (!row_of(f->name[i]))
            fail_msg(DATA "/%s starts with the name of no row", f->name[i]);
    for (size_t r = 0; r < pa_n_refusals; r++) {
        size_t n = 0;
        for (size_t i = 0; i < f->n; i++)
            n += row_of(f->name[i]) == &pa_refusals[r];
        if (n == 0)
            fail_msg("row '%s' has no fixture: " DATA "/%s.*", pa_refusals[r].name, pa_refusals[r].name);
    }
}

/* What a sign asks for and nothing else. */
static void add_sign(bytes *to, const pa_sign *m)
{
    if (m->where == PA_SIGN_BYTES) {
        for (size_t i = 0; i < PA_SIGN_PARTS; i++) {
            while (to->n < m->at[i])
                bytes_byte(to, 0xee);
            if (m->part[i].n && to->n == m->at[i])
                bytes_add(to, m->part[i].p, m->part[i].n);
        }
    } else if (m->where == PA_SIGN_JSON) {
        bytes_add(to, "[ {", 3);
    } else if (m->where != PA_SIGN_NAME) {
        const char *before = m->where == PA_SIGN_LINE ? "a line\n  " : "\xef\xbb\xbf\r\n\t ";
        bytes_add(to, before, strlen(before));
        for (size_t i = 0; i < PA_SIGN_PARTS; i++) {
            bytes_add(to, m->part[i].p, m->part[i].n);
            bytes_byte(to, ' ');
        }
    } else {
        bytes_add(to, "\1\2\3", 3);
    }
}

/* Each sign leads to its row: none is hidden by an earlier row, none asks for what cannot be. */
static void every_sign_is_reached(void **state)
{
    (void)state;
    for (size_t r = 0; r < pa_n_refusals; r++) {
        const pa_refusal *row = &pa_refusals[r];
        assert_int_not_equal(row->signs[0].where, PA_SIGN_NONE);
        for (size_t m = 0; m < PA_SIGNS_MAX && row->signs[m].where; m++) {
            bytes b = {0};
            char name[64];
            snprintf(name, sizeof name, "a%s", goes_by_name(row) ? row->signs[m].part[0].p : "");
            add_sign(&b, &row->signs[m]);
            const pa_refusal *found = pa_refusal_of(head_of(&b), name);
            if (found != row)
                fail_msg("sign %zu of '%s' leads to '%s'", m, row->name, found ? found->name : "nothing");
            bytes_free(&b);
        }
    }
}

static void check_golden(const char *file, const outcome *o)
{
    char golden[100];
    bytes got = {0};
    golden_text(o, &got);
    snprintf(golden, sizeof golden, "%s.err", file);
    if (bless) {
        char path[200];
        snprintf(path, sizeof path, DATA "/%s", golden);
        assert_true(bytes_to_file(got.p, got.n, path));
    }
    bytes want = load(DATA, golden);
    if (want.n != got.n || memcmp(want.p, got.p, got.n) != 0)
        fail_msg("%s says '%.*s', now '%.*s'", golden, (int)want.n, (char *)want.p, (int)got.n,
                 (char *)got.p);
    bytes_free(&want);
    bytes_free(&got);
}

static void expect_same(const char *file, const char *way, const outcome *want, outcome got)
{
    if (!same_outcome(want, &got))
        fail_msg("%s, %s: '%s'", file, way, got.ok ? "is read" : got.err.message);
    outcome_free(&got);
}

/* Compressed, from a file, from standard input, and without its name when the content is enough. */
static void check_ways(const char *file, const bytes *raw, const outcome *o)
{
    const pa_read_options options = {.threads = 1};
    const char *name = goes_by_name(row_of(file)) ? file : "unknown";
    bytes gz = {0}, zst = {0};
    char path[200];
    gzip_add(&gz, raw->p, raw->n);
    zstd_add(&zst, raw->p, raw->n);
    snprintf(path, sizeof path, DATA "/%s", file);
    expect_same(file, "under another name", o, outcome_of_memory(name, raw, &options));
    expect_same(file, "with gzip", o, outcome_of_memory(name, &gz, &options));
    expect_same(file, "with zstd", o, outcome_of_memory(name, &zst, &options));
    expect_same(file, "from a file", o, outcome_of_path(path, &options));
    if (!goes_by_name(row_of(file))) {
        stdin_pipe *pipe = stdin_from(gz.p, gz.n);
        expect_same(file, "from standard input", o, outcome_of_path("-", &options));
        stdin_restore(pipe);
    }
    bytes_free(&gz);
    bytes_free(&zst);
}

static void fixtures_are_refused(void **state)
{
    (void)state;
    const pa_read_options options = {.threads = 1};
    const files *f = files_of(DATA, is_refused);
    for (size_t i = 0; i < f->n; i++) {
        const pa_refusal *row = row_of(f->name[i]);
        bytes raw = load(DATA, f->name[i]);
        const pa_refusal *found = pa_refusal_of(head_of(&raw), f->name[i]);
        if (found != row)
            fail_msg("%s is taken for '%s'", f->name[i], found ? found->name : "nothing");
        /* What is certain does not wait until no reader wants the input. */
        bool sure = row->advice && !goes_by_name(row);
        assert_ptr_equal(pa_refusal_of(head_of(&raw), NULL), sure ? row : NULL);
        outcome o = outcome_of_memory(f->name[i], &raw, &options);
        assert_false(o.ok);
        assert_int_equal(pa_err_exit_status(&o.err), 2);
        assert_int_equal(o.err.code, row->advice ? PA_E_UNSUPPORTED : PA_E_UNRECOGNISED);
        assert_non_null(strstr(o.err.message, row->title));
        check_golden(f->name[i], &o);
        check_ways(f->name[i], &raw, &o);
        outcome_free(&o);
        bytes_free(&raw);
    }
}

static void named_only_is_not_recognised_without_its_name(void **state)
{
    (void)state;
    bytes raw = load(DATA, "jprofiler.jps");
    assert_null(pa_refusal_of(head_of(&raw), "unknown"));
    assert_null(pa_refusal_of(head_of(&raw), "jps"));
    assert_null(pa_refusal_of(head_of(&raw), "x.jps.txt"));
    bytes_free(&raw);
}

/* Cut anywhere: sanitizers see a step beyond the end.  A few bytes may be a profile: "7" is a folded stack. */
static void cut_fixtures_do_no_harm(void **state)
{
    (void)state;
    const pa_read_options options = {.threads = 1};
    const files *f = files_of(DATA, is_refused);
    for (size_t i = 0; i < f->n; i++) {
        bytes raw = load(DATA, f->name[i]);
        for (size_t n = 0; n < raw.n && n < 300; n++) {
            bytes part = {.p = raw.p, .n = n};
            outcome o = outcome_of_memory("unknown", &part, &options);
            if (!o.ok && pa_err_exit_status(&o.err) != 2)
                fail_msg("%s, the first %zu bytes: exit %d", f->name[i], n, pa_err_exit_status(&o.err));
            outcome_free(&o);
        }
        bytes_free(&raw);
    }
}

/* ---- what is or will be read -------------------------------------------------------------------------------- */

/* How many of a format's fixtures that are to be read are not taken for something else. */
static size_t check_profiles(const pa_format *format)
{
    char directory[64];
    snprintf(directory, sizeof directory, "testdata/%s", format->name);
    if (access(directory, F_OK) != 0)
        return 0;
    const files *f = files_of(directory, is_fixture);
    size_t n = 0;
    for (size_t i = 0; i < f->n; i++) {
        fixture x;
        fixture_load(&x, directory, f->name[i], format);
        const pa_refusal *row = x.bad ? NULL : pa_refusal_of(head_of(&x.plain), NULL);
        if (row)
            fail_msg("%s is taken for '%s'", x.label, row->name);
        n += !x.bad;
        fixture_free(&x);
    }
    return n;
}

static void profiles_are_not_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < pa_n_formats; i++) {
        size_t n = check_profiles(pa_formats[i]);
        assert_true(n > 50 || strcmp(pa_formats[i]->name, "pprof") != 0);
    }
}

/* By the whole way a file goes, not only by the table. */
static void a_profile_is_read(void **state)
{
    (void)state;
    static const char *const paths[] = {"testdata/pprof/good-go126-cpu.pb.gz",
                                        "testdata/pprof/good-pprofrs-cpu.pb",
                                        "testdata/pprof/good-go126-threads-raw.pb"};
    const pa_read_options options = {.threads = 1};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        outcome o = outcome_of_path(paths[i], &options);
        if (!o.ok)
            fail_msg("%s: %s", paths[i], o.err.message);
        outcome_free(&o);
    }
}

#define MISS(literal) PA_STR(literal)

/* Nearly the sign of some row, or a format that a reader may take one day: nobody's advice. */
static void near_misses_are_not_refused(void **state)
{
    (void)state;
    const pa_str misses[] = {
        MISS("PERFILE"),
        MISS("PERFIL\0"
             "2"),
        MISS("\x7f"
             "EL"),
        MISS("PK\3"),
        MISS("BZh9 is how it starts 3\n"),
        MISS("MOJO;main 3\n"),
        MISS("gmon.out;main 3\n"),
        MISS("go 1.22 tracing;main 3\n"),
        MISS("GIF8;a 3\n"),
        MISS("\x80\x04\x94"),
        MISS("\0\0\0\0\0\0\0\0\3\0\0\0\0\0\0\0"),
        MISS("7z;a 1\n"),
        MISS("\x89PNG\r\n\n"),
        MISS("JAVA PROFILE 1.0.2, created today\n"),
        MISS("NVRAM;a 3\n"),
        MISS("]\0\0 3"),
        /* the same words somewhere else */
        MISS("main;Flat profile:;a 3\n"),
        MISS("a;Benchmark ns/op 3\n"),
        MISS("a;heap profile: 1 @ 3\n"),
        MISS("a 3\nheap profile: 1: 2 [1: 2] @ heap/1\n"),
        MISS("see 'perf report'\n# To display\n"),
        MISS("int main(void) { return printf(\"% time     seconds  usecs/call     calls\"); }\n"),
        MISS("main;[a][info];b 3\n"),
        MISS("Benchmark_name;inner 12\n"),
        MISS("CMDLINE;MEM 3\n"),
        MISS("panic: no\n\ngoroutine 1 [running]:\nmain.main()\n"),
        MISS("name,value\na,1\n"),
        MISS("2026-01-01 12:00:00 INFO started in 0.2 secs\n"),
        /* perf script, with and without a header */
        MISS(
            "# ========\n# captured on    : Fri Nov 20 17:45:22 2026\n# cmdline : /usr/bin/perf record -g "
            "./burn\n"
            "# event : name = cpu-clock\n# ========\n#\n"
            "burn 13511  3519.179915:    2000000 cpu-clock: \n\t    558b30bd4163 inner+0x1a (/src/burn)\n\n"),
        MISS("# Overhead 12 [000] 3.5: 1 cycles: \n\t 4163 inner (/src/burn)\n\n"),
        MISS("perf report 12 3.5: 1 cycles: \n\t 4163 perf stat (/src/burn)\n\n"),
        /* Austin's text, callgrind, massif, heaptrack */
        MISS("# austin: 3.7.0\n# interval: 1000\n# mode: wall\n\nP1;T0:1;work.py:outer:9 100\n"),
        MISS("# callgrind format\nversion: 1\ncreator: callgrind-3.19.0\ncmd:  ./burn\nevents: "
             "Ir\nfn=main\n1 2\n"),
        MISS("desc: (none)\ncmd: ./burn\ntime_unit: i\n#-----------\nsnapshot=0\n"),
        MISS("v 10400 3\nx 5 ./burn\n"),
        /* pstats of Python 3.11, JFR, a pprof message whose first tag looks odd */
        MISS("\xfb)\3\xfa\4w.py\xe9\x11\0\0\0\xda\4main)\5"),
        MISS("FLR\0\0\2\0\1\0\0\0\0"),
        MISS("\x80\x05\x01\x32\0"),
    };
    for (size_t i = 0; i < sizeof misses / sizeof *misses; i++) {
        const pa_refusal *row = pa_refusal_of(misses[i], "unknown");
        if (row)
            fail_msg("near miss %zu (%.30s) is taken for '%s'", i, misses[i].p, row->name);
    }
}

/* JSON that a reader may take one day is named, no more; its strings do not count. */
static void json_profiles_get_no_advice(void **state)
{
    (void)state;
    const pa_str documents[] = {
        MISS("{\"$schema\":\"https://www.speedscope.app/"
             "file-format-schema.json\",\"shared\":{\"frames\":[]}}"),
        MISS("{\n  \"nodes\": [{\"id\": 1}],\n  \"samples\": [], \"timeDeltas\": []}"),
        MISS("{\"head\":{\"callFrame\":{\"functionName\":\"{\\\"snapshot\\\":{\\\"meta\\\":\"}}}"),
        MISS("{\"dhatFileVersion\":2,\"mode\":\"heap\"}"),
        MISS("{\"traceEvents\":[{\"ph\":\"B\"}]}"),
        MISS("[\n{\"ph\": \"X\", \"name\": \"Flame graph stack visualization.\"}"),
        MISS("{\"meta\":{\"version\":24},\"threads\":[]}"),
        MISS("{\"root_frame\":{\"args\":1}}"),
        MISS("{\"context\": {}, \"benchmarks\": []}"),
        MISS("\xef\xbb\xbf {}"),
        MISS("{\"cut"),
    };
    for (size_t i = 0; i < sizeof documents / sizeof *documents; i++) {
        assert_null(pa_refusal_of(documents[i], NULL));
        const pa_refusal *row = pa_refusal_of(documents[i], "unknown");
        if (!row || strcmp(row->name, "json") != 0 || row->advice)
            fail_msg("document %zu is taken for '%s'", i, row ? row->name : "nothing");
    }
}

#define LIT(literal)                 \
    {                                \
        literal, sizeof(literal) - 1 \
    }

static void json_is_told_by_its_keys(void **state)
{
    (void)state;
    static const struct {
        pa_str text;
        const char *keys;
    } cases[] = {
        {LIT("{}"), ""},
        {LIT("{ \"a\" : {\"b\":1}, \"c\":[{\"d\":2}]}"), " with the keys 'a', 'c'"},
        {LIT("[[{\"a\":\"}\",\"b\":\"\\\"x\"}"), " with the keys 'a', 'b'"},
        {LIT("{\"a\":1,\"b"), " with the keys 'a'"},
        {LIT("{\"a\":\"x\\"), " with the keys 'a'"},
        {LIT("{\"a\":\""), " with the keys 'a'"},
        {LIT("{\"\":1}"), " with the keys ''"},
        {LIT("[1,\"a\"]"), ""},
        {LIT("{\"0123456789012345678901234567890123456789\":1}"),
         " with the keys '01234567890123456789012345678901'"},
        {LIT("{\"a\":1,\"b\":2,\"c\":3,\"d\":4,\"e\":5}{\"f\":6}"), " with the keys 'a', 'b', 'c', 'd', 'e'"},
        {LIT("{\"a\":1,\"b\":2,\"c\":3,\"d\":4,\"e\":5,\"f\":6}"),
         " with the keys 'a', 'b', 'c', 'd', 'e' ..."},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bytes b = {0};
        bytes_add(&b, cases[i].text.p, cases[i].text.n);
        unsigned char *exact = bytes_exact(&b, b.n);
        pa_err err = {0};
        char want[400];
        snprintf(want, sizeof want, "no known profile format; it is JSON%s", cases[i].keys);
        assert_false(pa_refuse(row_of("json."), (pa_str){(char *)exact, b.n}, &err));
        assert_string_equal(err.message, want);
        free(exact);
        bytes_free(&b);
    }
}

/* ---- the page ----------------------------------------------------------------------------------------------- */

#define TABLE_STARTS "| FILE | what to give instead |\n|---|---|\n"

static void add(bytes *to, const char *s) { bytes_add(to, s, strlen(s)); }

static bytes table(void)
{
    bytes t = {0};
    add(&t, TABLE_STARTS);
    for (size_t i = 0; i < pa_n_refusals; i++) {
        add(&t, "| ");
        add(&t, pa_refusals[i].title);
        add(&t, " | ");
        add(&t,
            pa_refusals[i].advice ? pa_refusals[i].advice : "nothing: it is named, nothing is known of it");
        add(&t, " |\n");
    }
    return t;
}

static void the_page_has_the_table(void **state)
{
    (void)state;
    bytes page = load("docs", "refused.md"), want = table(), new_page = {0};
    pa_str text = {(char *)page.p, page.n};
    ptrdiff_t at = pa_str_search(text, PA_STR(TABLE_STARTS));
    assert_true(at >= 0);
    size_t end = at;
    while (end < text.n && text.p[end] == '|')
        end += pa_str_find(pa_str_from(text, end), '\n') + 1;
    bytes_add(&new_page, page.p, at);
    bytes_add(&new_page, want.p, want.n);
    bytes_add(&new_page, page.p + end, page.n - end);
    if (bless)
        assert_true(bytes_to_file(new_page.p, new_page.n, PAGE));
    else if (new_page.n != page.n || memcmp(new_page.p, page.p, page.n) != 0)
        fail_msg(PAGE " has another table than formats/refuse.def: test_refuse --bless rewrites it");
    bytes_free(&page);
    bytes_free(&want);
    bytes_free(&new_page);
}

int main(int argc, char **argv)
{
    bless = argc > 1 && strcmp(argv[1], "--bless") == 0;
    if (bless && getenv("CI")) {
        fprintf(stderr, "test_refuse --bless: refused in CI\n");
        return 2;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_has_a_fixture),
        cmocka_unit_test(every_sign_is_reached),
        cmocka_unit_test(fixtures_are_refused),
        cmocka_unit_test(named_only_is_not_recognised_without_its_name),
        cmocka_unit_test(cut_fixtures_do_no_harm),
        cmocka_unit_test(profiles_are_not_refused),
        cmocka_unit_test(a_profile_is_read),
        cmocka_unit_test(near_misses_are_not_refused),
        cmocka_unit_test(json_profiles_get_no_advice),
        cmocka_unit_test(json_is_told_by_its_keys),
        cmocka_unit_test(the_page_has_the_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
