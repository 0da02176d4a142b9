/* list: figures per line worked out by hand, where sources are looked for and what is not read, and running out of
 * memory while a file is open. */
#include "tests/unit/reports.h"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

static pa_report *list_of(pa_arena *a, const pa_view *v, const pa_list_options *o)
{
    pa_err err = {0};
    pa_report *r = pa_list(v, o, a, &err);
    if (!r)
        fail_msg("list: %s", err.message);
    return r;
}

/* f calls itself on line 21, and g, inlined, from line 22. */
static const sample calls[] = {
    {"main@m.c:10;f@m.c:20", NULL, 1},
    {"main@m.c:10;f@m.c:21;f@m.c:21;f@m.c:20", NULL, 10},
    {"main@m.c:11;f@m.c:22;>g@g.h:5", NULL, 100},
    {"main@m.c:11;f@m.c:22;>g@g.h:6", NULL, 1000},
};

static void figures(void **state)
{
    pa_profile *p = PROFILE(calls);
    pa_report *r = list_of(*state, view_of(*state, p, NULL), &(pa_list_options){.function = "^[fg]$"});
    assert_table(*state, table_of(r, "rows"), "function file line flat cum cum_share text",
                 "f|m.c|20|11|11|0.009901|-\n"
                 "f|m.c|21|0|10|0.009001|-\n"
                 "f|m.c|22|0|1100|0.9901|-\n"
                 "g|g.h|5|100|100|0.09001|-\n"
                 "g|g.h|6|1000|1000|0.9001|-\n");
    assert_table(*state, table_of(r, "functions"), "function file flat cum source",
                 "f|m.c|11|1111|-\n"
                 "g|g.h|1100|1100|-\n");
    assert_shows(*state, r, "m.c: source not found");
    pa_profile_free(p);
}

/* pprof adds the lines up: the recursion counts twice in the head of the function. */
static void figures_of_pprof(void **state)
{
    pa_profile *p = PROFILE(calls);
    pa_view *v = view_of(*state, p, &(pa_view_options){.compat = PA_COMPAT_PPROF});
    pa_report *r = list_of(*state, v, &(pa_list_options){.function = "^f$"});
    assert_shows(*state, r, "      11ns     1.12us (flat, cum) 100.90% of Total");
    pa_profile_free(p);
}

static void refusals(void **state)
{
    pa_profile *p = PROFILE(calls);
    static const struct {
        pa_view_options view;
        const char *function, *message;
    } cases[] = {
        {{0}, "nothing", "no function with values matches 'nothing'"},
        {{0}, "", "empty"},
        {{0}, "(", "not a valid expression"},
        {{.by = PA_BY_FILE}, "f", "no other grouping"},
        {{.by = PA_BY_ORIGIN}, "f", "by:"},
        {{.focus = "nothing"}, "f", "no function with values"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        pa_err err = {0};
        pa_view *v = pa_view_new(p, &cases[i].view, *state, &err);
        pa_report *r = v ? pa_list(v, &(pa_list_options){.function = cases[i].function}, *state, &err) : NULL;
        assert_null(r);
        assert_int_equal(pa_err_exit_status(&err), 2);
        assert_non_null(strstr(err.message, cases[i].message));
    }
    pa_profile_free(p);
}

/* ---- sources ------------------------------------------------------------------------------------------------- */

static char work[] = "/tmp/panalyze-list-XXXXXX";

static const char *path_of(const char *name)
{
    static char path[8][256];
    static int n;
    n = (n + 1) % 8;
    snprintf(path[n], sizeof path[n], "%s/%s", work, name);
    return path[n];
}

static void write_file(const char *name, const char *text)
{
    FILE *f = fopen(path_of(name), "w");
    assert_non_null(f);
    assert_int_equal(fputs(text, f) >= 0, 1);
    assert_int_equal(fclose(f), 0);
}

static int make_work(void **state)
{
    (void)state;
    if (!mkdtemp(work) || mkdir(path_of("app"), 0755) || mkdir(path_of("app/src"), 0755) ||
        mkfifo(path_of("pipe.c"), 0600))
        return -1;
    write_file("app/src/a.c", "one\r\n\ttwo\nthree\n  four");
    return 0;
}

static int remove_work(void **state)
{
    (void)state;
    unlink(path_of("app/src/a.c"));
    unlink(path_of("pipe.c"));
    return rmdir(path_of("app/src")) || rmdir(path_of("app")) || rmdir(work);
}

/* What line 2 of the source reads, for a frame of that file: "-" when there is none. */
static void assert_second_line(pa_arena *a, const char *file, const pa_list_options *options,
                               const char *want)
{
    char stack[300], line[64];
    snprintf(stack, sizeof stack, "f@%s:2", file);
    const sample one = {stack, NULL, 7};
    pa_profile *p = profile_of(&one, 1);
    pa_list_options o = *options;
    o.function = "f";
    pa_report *r = list_of(a, view_of(a, p, NULL), &o);
    snprintf(line, sizeof line, "7|%s\n", want);
    assert_table(a, table_of(r, "rows"), "flat text", line);
    bool found = cell_of(table_of(r, "functions"), 0, "source")->kind == PA_CELL_STR;
    assert_int_equal(found, want[0] != '-');
    assert_int_equal(cell_of(table_of(r, "functions"), 0, "no_source")->kind == PA_CELL_STR, !found);
    pa_profile_free(p);
}

static void sources(void **state)
{
    static char app[64], below[64], both[160], long_path[64];
    snprintf(app, sizeof app, "%s", path_of("app"));
    snprintf(below, sizeof below, "%s", path_of("app/src"));
    snprintf(both, sizeof both, "/nonexistent:%s", app);
    snprintf(long_path, sizeof long_path, "%s", path_of("app/src/a.c"));
    const struct {
        const char *file;
        pa_list_options o;
        const char *want;
    } cases[] = {
        {long_path, {.as_recorded = true}, "\ttwo"},
        {long_path, {0}, "-"}, /* not allowed */
        {"src/a.c", {.source_path = app}, "\ttwo"},
        {"src/a.c", {.source_path = both}, "\ttwo"},
        {"./src//a.c", {.source_path = app}, "\ttwo"},
        {"src/a.c", {.source_path = below}, "\ttwo"}, /* above it */
        {"a.c", {.source_path = app, .as_recorded = true}, "-"},
        {"/build/app/src/a.c", {.source_path = app}, "\ttwo"}, /* last name */
        {"/build/apple/src/a.c", {.source_path = app}, "-"},
        {"/build/x/src/a.c", {.source_path = app, .trim_path = "/y:/build/x/"}, "\ttwo"},
        {"/build/app/src/a.c", {.source_path = app, .trim_path = "/build/ap"}, "-"},
        {"/proc/self/cwd/src/a.c", {.source_path = app}, "\ttwo"},
        {"src", {.source_path = app}, "-"},     /* a directory */
        {"pipe.c", {.source_path = work}, "-"}, /* would wait */
        {"src/a.c", {.source_path = app, .max_source = 5}, "-"},
        {"/dev/zero", {.as_recorded = true}, "-"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_second_line(*state, cases[i].file, &cases[i].o, cases[i].want);
}

/* Lines with values, what is around them, what is left out between, and a line that the file does not have. */
static void margins(void **state)
{
    char text[2000] = "";
    size_t n = 0;
    for (int i = 1; i <= 40; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, "line%d\n", i);
    write_file("app/src/a.c", text);
    static const sample samples[] = {
        {"f@src/a.c:7", NULL, 1},  {"f@src/a.c:9", NULL, 1}, {"f@src/a.c:30", NULL, 1},
        {"f@src/a.c:50", NULL, 1}, {"f@src/a.c", NULL, 1},
    };
    pa_profile *p = PROFILE(samples);
    static char app[64];
    snprintf(app, sizeof app, "%s", path_of("app"));
    pa_report *r =
        list_of(*state, view_of(*state, p, NULL), &(pa_list_options){.function = "f", .source_path = app});
    pa_str all = shown(*state, r);
    static const char *const there[] = {
        " line2\n", " line14\n", "...", " line25\n", " line35\n", "<the file has no such line>", " ?\n"};
    static const char *const absent[] = {" line1\n", " line15\n", " line24\n", " line36\n"};
    for (size_t i = 0; i < sizeof there / sizeof *there; i++)
        if (pa_str_search(all, pa_cstr(there[i])) < 0)
            fail_msg("'%s' is not in:\n%.*s", there[i], (int)all.n, all.p);
    for (size_t i = 0; i < sizeof absent / sizeof *absent; i++)
        if (pa_str_search(all, pa_cstr(absent[i])) >= 0)
            fail_msg("'%s' is in:\n%.*s", absent[i], (int)all.n, all.p);
    pa_profile_free(p);
    write_file("app/src/a.c", "one\r\n\ttwo\nthree\n  four");
}

static size_t open_files(void)
{
    DIR *d = opendir("/proc/self/fd");
    size_t n = 0;
    assert_non_null(d);
    while (readdir(d))
        n++;
    closedir(d);
    return n;
}

/* Every block refused in turn: an error each time, and the source is closed. */
static void out_of_memory(void **state)
{
    static char app[64];
    snprintf(app, sizeof app, "%s", path_of("app"));
    static const sample one = {"f@src/a.c:2", NULL, 7};
    pa_profile *p = profile_of(&one, 1);
    size_t open = open_files();
    bool done = false;
    (void)state;
    for (long i = 1; !done; i++) {
        pa_budget budget = {.fail_block = i, .block_bytes = 1024};
        pa_arena *a = pa_arena_new(&budget);
        pa_err err = {0};
        pa_view *v = a ? pa_view_new(p, NULL, a, &err) : NULL;
        done = v && pa_list(v, &(pa_list_options){.function = "f", .source_path = app}, a, &err) &&
               budget.n_blocks < i;
        if (!done && a && err.code != PA_E_NONE)
            assert_int_equal(err.code, PA_E_MEMORY);
        pa_arena_free(a);
        assert_int_equal(open_files(), open);
        assert_true(i < 1000);
    }
    pa_profile_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARENA_TEST(figures), ARENA_TEST(figures_of_pprof), ARENA_TEST(refusals),
        ARENA_TEST(sources), ARENA_TEST(margins),          ARENA_TEST(out_of_memory),
    };
    return cmocka_run_group_tests_name("list", tests, make_work, remove_work);
}
