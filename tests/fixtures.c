/* fixtures: every file under testdata/<format>/ through every check that comes for free; cases are registered at run time.
 * In: fixtures TESTDATA [--bless] [--only TEXT] [--show] [--seeds DIRECTORY]
 * Out: TAP or cmocka's report.  --bless rewrites goldens (not in CI), --show prints dumps in full, --seeds writes the
 * fixtures, assembled and decompressed, for the fuzzer.
 * A new fixture or a new row of formats.def needs nothing here. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/support/fixture.h"

static bool bless;

/* ---- goldens ------------------------------------------------------------------------------------------------ */

/* The reading all others are compared with: from memory, under its own name, one thread, format given. */
static outcome usual(const fixture *f) { return outcome_of_memory(fixture_file(f), &f->raw, &f->options); }

static void check_golden(const fixture *f)
{
    outcome o = usual(f);
    char text[1100];
    pa_err_text(&o.err, text, sizeof text);
    if (f->bad && o.ok)
        fail_msg("is read, though it should be refused");
    if (!f->bad && !o.ok)
        fail_msg("is refused: %s", text);
    if (f->bad && pa_err_exit_status(&o.err) != 2)
        fail_msg("exit status %d, not 2: %s", pa_err_exit_status(&o.err), text);
    if (f->good && o.n_notes > 0)
        fail_msg("a good fixture has notes");
    if (bless && !golden_write(f, &o))
        fail_msg("the golden cannot be written");
    const char *difference = golden_differs(f, &o);
    if (difference)
        fail_msg("%s", difference);
    outcome_free(&o);
}

/* ---- forms: compressed or not, from memory, a file or a pipe ------------------------------------------------- */

typedef struct form {
    const char *name;
    bytes b;
} form;

#define N_FORMS 4

static void make_forms(const fixture *f, form forms[N_FORMS])
{
    memset(forms, 0, N_FORMS * sizeof *forms);
    forms[0].name = "as it is";
    bytes_add(&forms[0].b, f->raw.p, f->raw.n);
    forms[1].name = "plain", forms[2].name = "gzip", forms[3].name = "zstd";
    if (f->as_is_only) /* nothing else says the same */
        return;
    bytes_add(&forms[1].b, f->plain.p, f->plain.n);
    gzip_add(&forms[2].b, f->plain.p, f->plain.n);
    zstd_add(&forms[3].b, f->plain.p, f->plain.n);
}

static void free_forms(form forms[N_FORMS])
{
    for (int i = 0; i < N_FORMS; i++)
        bytes_free(&forms[i].b);
}

static outcome through_pipe(const bytes *b, const pa_read_options *options)
{
    stdin_pipe *pipe = stdin_from(b->p, b->n);
    outcome o = outcome_of_path("-", options);
    stdin_restore(pipe);
    return o;
}

static outcome through_file(const bytes *b, const pa_read_options *options)
{
    char directory[] = "/tmp/panalyze-fixture-XXXXXX", path[64];
    if (!mkdtemp(directory))
        fail_msg("no temporary directory");
    snprintf(path, sizeof path, "%s/unknown", directory);
    if (!bytes_to_file(b->p, b->n, path))
        fail_msg("no temporary file");
    outcome o = outcome_of_path(path, options);
    unlink(path);
    rmdir(directory);
    return o;
}

static void compare(const fixture *f, const outcome *want, outcome got, const char *shape, const char *way,
                    unsigned threads)
{
    char text[1100];
    pa_err_text(&got.err, text, sizeof text);
    if (!same_outcome(want, &got))
        fail_msg("%s: %s, %s, %u threads: another result%s%s", fixture_file(f), shape, way, threads,
                 got.ok ? "" : ": ", text);
    outcome_free(&got);
}

/* Recognised by content alone, and the same whatever way the bytes take. */
static void check_forms(const fixture *f)
{
    form forms[N_FORMS];
    outcome want = usual(f);
    make_forms(f, forms);
    pa_read_options options = f->options;
    if (!f->bad)
        options.format = NULL;
    for (int i = 0; i < N_FORMS; i++) {
        if (i > 0 && f->as_is_only)
            break;
        options.threads = 1;
        compare(f, &want, outcome_of_memory("unknown", &forms[i].b, &options), forms[i].name, "memory", 1);
        compare(f, &want, through_file(&forms[i].b, &options), forms[i].name, "file", 1);
        compare(f, &want, through_pipe(&forms[i].b, &options), forms[i].name, "pipe", 1);
        options.threads = 3;
        compare(f, &want, through_pipe(&forms[i].b, &options), forms[i].name, "pipe", 3);
    }
    outcome_free(&want);
    free_forms(forms);
}

/* Nobody asked for this format: refused all the same, by whatever message. */
static void check_undetected(const fixture *f)
{
    pa_read_options options = f->options;
    options.format = NULL;
    outcome o = outcome_of_memory("unknown", &f->raw, &options);
    if (o.ok || pa_err_exit_status(&o.err) != 2)
        fail_msg("without --from: exit status %d, not 2: %s", pa_err_exit_status(&o.err), o.err.message);
    outcome_free(&o);
}

static void check_threads(const fixture *f)
{
    static const unsigned threads[] = {1, 2, 3, 7};
    static const size_t blocks[] = {64, 1024, 0};
    outcome want = usual(f);
    pa_read_options options = f->options;
    for (int t = 0; t < 4; t++)
        for (int b = 0; b < 3; b++) {
            options.threads = threads[t];
            options.block_bytes = blocks[b];
            compare(f, &want, outcome_of_memory(fixture_file(f), &f->raw, &options), "as it is",
                    b ? "large blocks" : "small blocks", threads[t]);
        }
    outcome_free(&want);
}

/* ---- truncations -------------------------------------------------------------------------------------------- */

#define ALL_CUTS_UP_TO 8192

/* The first n bytes: read, or refused with a position inside them. */
static void check_cut(const fixture *f, const bytes *b, size_t n, const pa_read_options *options)
{
    pa_err err = {0};
    unsigned char *block = bytes_exact(b, n);
    pa_profile *p = pa_read_memory(fixture_file(f), (pa_str){(char *)block, n}, options, &err);
    pa_profile_free(p);
    free(block);
    if (p)
        return;
    if (pa_err_exit_status(&err) != 2)
        fail_msg("cut to %zu bytes: exit status %d: %s", n, pa_err_exit_status(&err), err.message);
    size_t limit = err.inflated ? f->plain.n : n;
    if (err.offset != PA_NO_OFFSET && err.offset > limit)
        fail_msg("cut to %zu bytes: position %llu is beyond them: %s", n, (unsigned long long)err.offset,
                 err.message);
}

static void check_cuts(const fixture *f, const bytes *b)
{
    pa_read_options detected = f->options;
    detected.format = NULL;
    size_t all = b->n <= ALL_CUTS_UP_TO ? b->n : 1024;
    for (size_t n = 0; n < all; n++) {
        check_cut(f, b, n, &f->options);
        if (n % 16 == 0)
            check_cut(f, b, n, &detected);
    }
    if (all == b->n)
        return;
    uint64_t seed = b->n;
    for (size_t i = 1; i <= 256; i++) {
        check_cut(f, b, b->n - i, &f->options);
        check_cut(f, b, random_below(&seed, b->n), &f->options);
    }
}

static void check_truncations(const fixture *f)
{
    check_cuts(f, &f->raw);
    if (is_gzip(&f->raw))
        check_cuts(f, &f->plain);
}

/* ---- out of memory ------------------------------------------------------------------------------------------ */

#define EVERY_BLOCK_UP_TO 65536
#define SOME_BLOCKS       200

/* Reading while the block with this number is refused; 0: none.  Returns how many were asked for. */
static long read_short_of_memory(const fixture *f, const bytes *b, long fail_block, const outcome *want)
{
    pa_budget budget = {.block_bytes = 256, .fail_block = fail_block};
    pa_read_options options = f->options;
    options.budget = &budget;
    pa_err err = {0};
    pa_profile *p = pa_read_memory(fixture_file(f), (pa_str){(char *)b->p, b->n}, &options, &err);
    pa_profile_free(p);
    bool reached = fail_block > 0 && fail_block <= budget.n_blocks;
    bool as_usual = want->ok == (p != NULL) && err.code == want->err.code;
    /* a block that could be done without is no failure */
    if (!as_usual && (!reached || err.code != PA_E_MEMORY))
        fail_msg("block %ld refused: exit status %d: %s", fail_block, pa_err_exit_status(&err), err.message);
    if (budget.used_bytes != 0)
        fail_msg("block %ld refused: %zu bytes are not given back", fail_block, budget.used_bytes);
    return budget.n_blocks;
}

static void check_memory(const fixture *f)
{
    outcome want = usual(f);
    long n = read_short_of_memory(f, &f->raw, 0, &want);
    assert_true(n > 0);
    uint64_t seed = f->raw.n;
    bool every = f->plain.n <= EVERY_BLOCK_UP_TO || n <= SOME_BLOCKS;
    for (long i = 1; i <= (every ? n : SOME_BLOCKS); i++)
        read_short_of_memory(f, &f->raw, every ? i : 1 + (long)random_below(&seed, (uint64_t)n), &want);
    read_short_of_memory(f, &f->raw, n + 1, &want);
    outcome_free(&want);
}

/* ---- writers ------------------------------------------------------------------------------------------------ */

static void write_to(const fixture *f, const bytes *from, const pa_read_options *options, const char *format,
                     bytes *to)
{
    pa_err err = {0};
    pa_profile *p = pa_read_memory(fixture_file(f), (pa_str){(char *)from->p, from->n}, options, &err);
    char path[] = "/tmp/panalyze-written-XXXXXX";
    int fd = mkstemp(path);
    pa_out *out = p && fd >= 0 ? pa_out_to_fd(fd, &err) : NULL;
    bool ok = out && pa_write(p, format, out, &err);
    ok = out && pa_out_close(out, &err) && ok && bytes_of_file(to, path);
    pa_profile_free(p);
    close(fd);
    unlink(path);
    if (!ok)
        fail_msg("written as %s: %s", format, err.message);
}

/* What a format itself says it cannot write of this profile. */
static bool loses(const fixture *f, const pa_format *w)
{
    pa_err err = {0};
    pa_profile *p = pa_read_memory(fixture_file(f), (pa_str){(char *)f->raw.p, f->raw.n}, &f->options, &err);
    pa_loss loss;
    bool any = p && pa_losses(p, w->name, &loss, 1) > 0;
    pa_profile_free(p);
    return any;
}

/* Written, read back and written again: equal bytes; and where a format writes itself nothing else than what it says
 * is lost. */
static void check_writers(const fixture *f)
{
    for (size_t i = 0; i < pa_n_formats; i++) {
        const pa_format *w = pa_formats[i];
        if (!w->write || (w != f->format && (w->writes & f->format->reads) == 0))
            continue;
        pa_read_options options = {.format = w->name, .threads = 1, .input_unit = f->options.input_unit};
        bytes once = {0}, twice = {0};
        write_to(f, &f->raw, &f->options, w->name, &once);
        write_to(f, &once, &options, w->name, &twice);
        if (!same_bytes(&once, &twice))
            fail_msg("written as %s, read and written again: other bytes", w->name);
        if (w == f->format && f->good && !loses(f, w)) {
            outcome want = usual(f), got = outcome_of_memory("unknown", &once, &options);
            outcome_drop_unwritten(&want);
            outcome_drop_unwritten(&got);
            compare(f, &want, got, w->name, "written and read back", 1);
            outcome_free(&want);
        }
        bytes_free(&once);
        bytes_free(&twice);
    }
}

static bool any_writer(void)
{
    for (size_t i = 0; i < pa_n_formats; i++)
        if (pa_formats[i]->write)
            return true;
    return false;
}

/* ---- registering -------------------------------------------------------------------------------------------- */

typedef struct check {
    const char *name;
    void (*run)(const fixture *f);
    bool for_good, for_bad; /* good: odd too */
} check;

static const check checks[] = {
    {"golden", check_golden, true, true},
    {"form does not matter", check_forms, true, true},
    {"refused without --from", check_undetected, false, true},
    {"threads and block sizes", check_threads, true, true},
    {"truncations", check_truncations, true, true},
    {"out of memory", check_memory, true, true},
    {"writers", check_writers, true, false},
};
#define N_CHECKS (sizeof checks / sizeof *checks)

typedef struct one_case {
    const fixture *f;
    const check *check;
} one_case;

static void run_case(void **state)
{
    const one_case *c = *state;
    c->check->run(c->f);
}

typedef struct all {
    fixture *fixtures;
    size_t n, cap;
    const char *only;
} all;

static int by_name(const void *a, const void *b)
{
    return strcmp(((const fixture *)a)->label, ((const fixture *)b)->label);
}

/* A golden whose fixture is gone proves nothing any more. */
static bool orphan(const char *directory, const char *file)
{
    char path[600];
    const char *dot = strrchr(file, '.');
    if (!dot || (strcmp(dot, ".dump") != 0 && strcmp(dot, ".err") != 0))
        return false;
    snprintf(path, sizeof path, "%s/%.*s", directory, (int)(dot - file), file);
    return access(path, F_OK) != 0;
}

/* Number of goldens without a fixture. */
static int find_fixtures(all *a, const char *testdata, const pa_format *format)
{
    char directory[400];
    int orphans = 0;
    snprintf(directory, sizeof directory, "%s%s%s", testdata,
             testdata[strlen(testdata) - 1] == '/' ? "" : "/", format->name);
    DIR *d = opendir(directory);
    if (!d) {
        fprintf(stderr, "%s: no such directory: every format has fixtures\n", directory);
        return 1;
    }
    for (struct dirent *e; (e = readdir(d)) != NULL;) {
        if (orphan(directory, e->d_name)) {
            fprintf(stderr, "%s/%s: its fixture is gone\n", directory, e->d_name);
            orphans++;
        }
        char label[600];
        snprintf(label, sizeof label, "%s/%s", format->name, e->d_name);
        if (!is_fixture(e->d_name) || (a->only && !strstr(label, a->only)))
            continue;
        if (a->n == a->cap) {
            a->cap = a->cap ? a->cap * 2 : 64;
            a->fixtures = realloc(a->fixtures, a->cap * sizeof *a->fixtures);
            if (!a->fixtures)
                abort();
        }
        fixture_load(&a->fixtures[a->n++], directory, e->d_name, format);
    }
    closedir(d);
    return orphans;
}

static int run_all(const all *a)
{
    struct CMUnitTest *tests = calloc(a->n * N_CHECKS, sizeof *tests);
    one_case *cases = calloc(a->n * N_CHECKS, sizeof *cases);
    if (!tests || !cases)
        abort();
    size_t n = 0;
    for (size_t i = 0; i < a->n; i++)
        for (size_t c = 0; c < N_CHECKS; c++) {
            const fixture *f = &a->fixtures[i];
            if (!(f->bad ? checks[c].for_bad : checks[c].for_good) ||
                (checks[c].run == check_writers && !any_writer()))
                continue;
            char *name = malloc(700);
            if (!name)
                abort();
            snprintf(name, 700, "%s: %s", f->label, checks[c].name);
            cases[n] = (one_case){f, &checks[c]};
            tests[n] = (struct CMUnitTest){.name = name, .test_func = run_case, .initial_state = &cases[n]};
            n++;
        }
    int failed = _cmocka_run_group_tests("fixtures", tests, n, NULL, NULL);
    for (size_t i = 0; i < n; i++)
        free((char *)tests[i].name);
    free(tests);
    free(cases);
    return failed;
}

/* ---- other services ----------------------------------------------------------------------------------------- */

static int show_all(const all *a)
{
    for (size_t i = 0; i < a->n; i++) {
        outcome o = usual(&a->fixtures[i]);
        char text[1100];
        pa_err_text(&o.err, text, sizeof text);
        printf("== %s\n%s%s", a->fixtures[i].label, o.ok ? o.text : text, o.ok ? "" : "\n");
        outcome_free(&o);
    }
    return 0;
}

static int write_seeds(const all *a, const char *directory)
{
    mkdir(directory, 0777);
    for (size_t i = 0; i < a->n; i++) {
        const fixture *f = &a->fixtures[i];
        char path[1200];
        snprintf(path, sizeof path, "%s/%s", directory, f->format->name);
        mkdir(path, 0777);
        snprintf(path, sizeof path, "%s/%s.seed", directory, f->label);
        const bytes *b = f->as_is_only ? &f->raw : &f->plain;
        if (!bytes_to_file(b->p, b->n, path)) {
            fprintf(stderr, "%s: cannot be written\n", path);
            return 1;
        }
    }
    return 0;
}

int main(int argc, char **argv)
{
    const char *testdata = NULL, *seeds = NULL;
    bool show = false;
    all a = {0};
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--bless") == 0)
            bless = true;
        else if (strcmp(argv[i], "--show") == 0)
            show = true;
        else if (strcmp(argv[i], "--only") == 0 && i + 1 < argc)
            a.only = argv[++i];
        else if (strcmp(argv[i], "--seeds") == 0 && i + 1 < argc)
            seeds = argv[++i];
        else
            testdata = argv[i];
    }
    const char *ci = getenv("CI");
    if (!testdata || (bless && ci && *ci)) {
        fputs(testdata ? "--bless is refused in CI\n"
                       : "usage: fixtures TESTDATA [--bless] [--only TEXT] [--show] [--seeds DIRECTORY]\n",
              stderr);
        return 2;
    }
    pa_init();
    int bad = 0;
    for (size_t i = 0; i < pa_n_formats; i++)
        bad += find_fixtures(&a, testdata, pa_formats[i]);
    if (!a.fixtures) {
        fputs("no fixtures\n", stderr);
        return 1;
    }
    qsort(a.fixtures, a.n, sizeof *a.fixtures, by_name);
    bad += show ? show_all(&a) : seeds ? write_seeds(&a, seeds) : run_all(&a);
    for (size_t i = 0; i < a.n; i++)
        fixture_free(&a.fixtures[i]);
    free(a.fixtures);
    return bad != 0;
}
