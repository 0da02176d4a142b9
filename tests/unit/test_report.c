/* report: one hand-made report through every renderer, with odd bytes, empty parts and every kind of cell. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <math.h>

#include "libanalysis/base/arena.h"
#include "libanalysis/report/render.h"

#define ELLIPSIS "\xE2\x80\xA6"

static pa_arena *arena;

static int start(void **state)
{
    (void)state;
    arena = pa_arena_new(NULL);
    return arena ? 0 : -1;
}

static int stop(void **state)
{
    (void)state;
    pa_arena_free(arena);
    return 0;
}

static const char *rendered(const pa_report *report, const char *renderer, const pa_render_options *options)
{
    pa_err err = {0};
    pa_out *out = pa_out_to_memory(arena);
    if (!pa_render(report, renderer, options, out, &err))
        fail_msg("%s", err.message);
    pa_out_char(out, '\0');
    return pa_out_written(out).p;
}

#define assert_rendered(report, renderer, options, want) \
    assert_string_equal(rendered(report, renderer, options), want)

/* ---- a report like that of top ------------------------------------------------------------------------------- */

static const pa_column top_columns[] = {
    {"function", "function", PA_COL_NAME, {{0, NULL}, 0}},
    {"flat", "flat", PA_COL_EMPHASIS, {{1e6, "ms"}, 0}},
    {"flat_share", "flat%", 0, {{0, NULL}, 0}},
    {"low", "low", PA_COL_WIDE, {{0, NULL}, 0}},
    {"file", "file", PA_COL_LEFT, {{0, NULL}, 0}},
    {"samples", NULL, 0, {{0, NULL}, 0}},
    {NULL, "note", PA_COL_LEFT, {{0, NULL}, 0}},
    {"calls", "calls", 0, {{0, NULL}, 0}},
};

static void add_row(pa_table *table, pa_str name, int64_t flat, double share, const char *file)
{
    pa_cell *row = pa_table_row(arena, table);
    row[0] = pa_cell_str(name);
    row[1] = pa_cell_value(flat);
    row[2] = pa_cell_share(share);
    row[3] = pa_cell_share(share / 2);
    if (file)
        row[4] = pa_cell_cstr(file);
    row[5] = pa_cell_int(1234);
}

static pa_report *top_report(void)
{
    pa_report *report = pa_report_new(arena, "top");
    pa_report_line(report, "metric: %s", "cpu")->emphasis = true;
    pa_report_field(report, "total", "total", pa_cell_value(2500000000))->quantity =
        (pa_quantity){{1e9, "s"}, 0};
    pa_object *metric = pa_object_new(arena);
    pa_object_field(arena, metric, "name", NULL, pa_cell_cstr("cpu"));
    pa_object_field(arena, metric, "unit", NULL, pa_cell_cstr("ns"));
    pa_report_field(report, "metric", NULL, pa_cell_object(metric));
    pa_report_line(report, "%s", "");
    pa_table *table = pa_table_new(arena, top_columns, sizeof top_columns / sizeof *top_columns);
    add_row(table, PA_STR("main.work"), 1500000000, 0.6, "work.go");
    add_row(table, PA_STR("a|b`c\0\xFF"), 12345678, 0.005, NULL);
    add_row(table, PA_STR("\xE6\x97\xA5\xE6\x9C\xAC, \"x\""), 0, 0.00005, "x");
    table->rule_at = 2;
    table->rule_hides = true;
    pa_report_field(report, "rows", "", pa_cell_table(table));
    return report;
}

static void top_as_text(void **state)
{
    (void)state;
    assert_rendered(top_report(), "text", NULL,
                    "metric: cpu\n"
                    "total: 2.50s\n"
                    "\n"
                    "   flat   flat%  file     function\n"
                    " 1500ms  60.00%  work.go  main.work\n"
                    "12.35ms    0.5%           a|b`c\\x00\\xff\n"
                    "---------------------------------------\n"
                    "      0  0.005%  x        \xE6\x97\xA5\xE6\x9C\xAC, \"x\"\n");
}

static void top_as_wide_text(void **state)
{
    (void)state;
    pa_render_options asked = {.intervals = true, .color = true};
    pa_render_options wide = {.width = 120};
    pa_render_options narrow = {.width = 119};
    assert_non_null(strstr(rendered(top_report(), "text", &wide), "   flat   flat%      low  file  "));
    assert_null(strstr(rendered(top_report(), "text", &narrow), "low"));
    const char *text = rendered(top_report(), NULL, &asked);
    assert_non_null(strstr(text, "   flat   flat%      low  file  "));
    assert_non_null(strstr(text, "\x1b[1mmetric: cpu\x1b[0m\n"));
    assert_non_null(strstr(text, " \x1b[1m1500ms\x1b[0m  60.00%   30.00%"));
    assert_null(strchr(rendered(top_report(), NULL, &wide), '\x1b'));
}

static void top_as_json(void **state)
{
    (void)state;
    const char *text = rendered(top_report(), "json", NULL);
    const char *version = pa_version();
    pa_str want = pa_arena_format(
        arena,
        "{\n"
        "  \"schema\": \"panalyze/top/1\",\n"
        "  \"tool\": {\"name\": \"panalyze\", \"version\": \"%s\"},\n"
        "  \"total\": 2500000000,\n"
        "  \"metric\": {\"name\": \"cpu\", \"unit\": \"ns\"},\n"
        "  \"rows\": [\n"
        "    {\"function\": \"main.work\", \"flat\": 1500000000, \"flat_share\": 0.6, \"low\": 0.3, "
        "\"file\": \"work.go\", \"samples\": 1234, \"calls\": null},\n"
        "    {\"function\": \"a|b`c\\u0000\xEF\xBF\xBD\", \"flat\": 12345678, \"flat_share\": 0.005, "
        "\"low\": 0.0025, \"file\": null, \"samples\": 1234, \"calls\": null}\n"
        "  ]\n"
        "}\n",
        version);
    assert_string_equal(text, want.p);
}

static void top_as_csv(void **state)
{
    (void)state;
    assert_rendered(top_report(), "csv", NULL,
                    "function,flat,flat_share,low,file,samples,calls\r\n"
                    "main.work,1500000000,0.6,0.3,work.go,1234,\r\n"
                    "a|b`c\\x00\\xff,12345678,0.005,0.0025,,1234,\r\n");
}

static void top_as_markdown(void **state)
{
    (void)state;
    assert_rendered(top_report(), "markdown", NULL,
                    "**metric: cpu**  \n"
                    "total: 2.50s\n"
                    "\n"
                    "| flat | flat% | file | function |\n"
                    "| ---: | ---: | :--- | :--- |\n"
                    "| 1500ms | 60.00% | work.go | `main.work` |\n"
                    "| 12.35ms | 0.5% |  | ``a\\|b`c\\x00\\xff`` |\n"
                    "| 0 | 0.005% | x | `\xE6\x97\xA5\xE6\x9C\xAC, \"x\"` |\n");
}

/* ---- a report like that of info ------------------------------------------------------------------------------ */

static const pa_column value_column[] = {{NULL, NULL, 0, {{1, ""}, 0}}};
static const pa_column metric_columns[] = {
    {"name", "name", PA_COL_LEFT, {{0, NULL}, 0}},
    {"total", "total", 0, {{1, ""}, 9}},
};
static const pa_column info_columns[] = {
    {"file", "file", PA_COL_NAME, {{0, NULL}, 0}},
    {"format", "format", PA_COL_LEFT, {{0, NULL}, 0}},
    {"complete", "is complete", 0, {{0, NULL}, 0}},
    {"metrics", "metrics", 0, {{0, NULL}, 0}},
    {"threads", "threads", 0, {{0, NULL}, 0}},
    {"extra", "extra", 0, {{0, NULL}, 0}},
    {"skew", "skew", 0, {{0, NULL}, 0}},
};

static pa_report *info_report(void)
{
    pa_report *report = pa_report_new(arena, "info");
    pa_table *files = pa_table_new(arena, info_columns, sizeof info_columns / sizeof *info_columns);
    files->layout = PA_LAYOUT_RECORDS;
    for (int i = 0; i < 2; i++) {
        pa_table *metrics = pa_table_new(arena, metric_columns, 2);
        for (int k = 0; k < 2 * i; k++) {
            pa_cell *row = pa_table_row(arena, metrics);
            row[0] = pa_cell_cstr(k ? "allocated" : "cpu");
            row[1] = pa_cell_value(k ? 1 : 12500000000);
        }
        pa_table *threads = pa_table_new(arena, value_column, 1);
        for (int k = 0; k < 2 * i; k++)
            pa_table_row(arena, threads)[0] = k ? pa_cell_int(1000) : pa_cell_cstr("main\n");
        pa_cell *row = pa_table_row(arena, files);
        row[0] = pa_cell_cstr(i ? "b.pb.gz" : "a.folded");
        row[1] = pa_cell_cstr(i ? "pprof" : "");
        row[2] = pa_cell_bool(i);
        row[3] = pa_cell_table(metrics);
        row[4] = pa_cell_list(threads);
        row[6] = i ? pa_cell_double((double)NAN) : pa_cell_double(1.0 / 3);
    }
    pa_report_field(report, "files", "", pa_cell_table(files));
    return report;
}

static void info_as_text(void **state)
{
    (void)state;
    assert_rendered(info_report(), "text", NULL,
                    "file:        a.folded\n"
                    "is complete: no\n"
                    "skew:        0.333333\n"
                    "\n"
                    "file:        b.pb.gz\n"
                    "format:      pprof\n"
                    "is complete: yes\n"
                    "metrics:\n"
                    "  name       total\n"
                    "  cpu        12.50\n"
                    "  allocated      0\n"
                    "threads:     main\\x0a, 1,000\n"
                    "skew:        -\n");
}

static void info_as_json(void **state)
{
    (void)state;
    const char *text = strstr(rendered(info_report(), "json", NULL), "  \"files\"");
    assert_non_null(text);
    assert_string_equal(text, "  \"files\": [\n"
                              "    {\n"
                              "      \"file\": \"a.folded\",\n"
                              "      \"format\": \"\",\n"
                              "      \"complete\": false,\n"
                              "      \"metrics\": [],\n"
                              "      \"threads\": [],\n"
                              "      \"extra\": null,\n"
                              "      \"skew\": 0.333333\n"
                              "    },\n"
                              "    {\n"
                              "      \"file\": \"b.pb.gz\",\n"
                              "      \"format\": \"pprof\",\n"
                              "      \"complete\": true,\n"
                              "      \"metrics\": [\n"
                              "        {\"name\": \"cpu\", \"total\": 12.5},\n"
                              "        {\"name\": \"allocated\", \"total\": 0.000000001}\n"
                              "      ],\n"
                              "      \"threads\": [\"main\\n\", 1000],\n"
                              "      \"extra\": null,\n"
                              "      \"skew\": null\n"
                              "    }\n"
                              "  ]\n"
                              "}\n");
}

static void info_as_csv(void **state)
{
    (void)state;
    assert_rendered(info_report(), "csv", NULL,
                    "file,format,complete,extra,skew\r\n"
                    "a.folded,\"\",false,,0.333333\r\n"
                    "b.pb.gz,pprof,true,,\r\n");
}

static void info_as_markdown(void **state)
{
    (void)state;
    assert_rendered(info_report(), "markdown", NULL,
                    "file: a.folded  \n"
                    "is complete: no  \n"
                    "skew: 0.333333\n"
                    "\n"
                    "file: b.pb.gz  \n"
                    "format: pprof  \n"
                    "is complete: yes\n"
                    "\n"
                    "**metrics**\n"
                    "\n"
                    "| name | total |\n"
                    "| :--- | ---: |\n"
                    "| cpu | 12.50 |\n"
                    "| allocated | 0 |\n"
                    "\n"
                    "threads: main\\\\x0a, 1,000  \n"
                    "skew: -\n");
}

/* ---- parts --------------------------------------------------------------------------------------------------- */

static pa_report *long_name_report(void)
{
    pa_report *report = pa_report_new(arena, "top");
    pa_table *table = pa_table_new(arena, top_columns, sizeof top_columns / sizeof *top_columns);
    add_row(table, PA_STR("github.com/owner/project/package.(*Type).Method"), 1500000000, 0.6, NULL);
    add_row(table, PA_STR("short"), 1500000000, 0.4, NULL);
    table->rule_at = 1;
    pa_report_field(report, "rows", "functions", pa_cell_table(table));
    return report;
}

static void cut_to_the_terminal(void **state)
{
    (void)state;
    pa_render_options terminal = {.width = 40};
    pa_render_options tiny = {.width = 5};
    assert_rendered(long_name_report(), "text", &terminal,
                    "functions:\n"
                    "  flat   flat%  function\n"
                    "1500ms  60.00%  github.com/o" ELLIPSIS "ype).Method\n"
                    "----------------------------------------\n"
                    "1500ms  40.00%  short\n");
    /* a name keeps 16 columns, whatever the terminal */
    assert_non_null(
        strstr(rendered(long_name_report(), "text", &tiny), "github.c" ELLIPSIS ".Method\n-----\n"));
    assert_non_null(strstr(rendered(long_name_report(), "text", NULL),
                           "  github.com/owner/project/package.(*Type).Method\n"));
}

static void nothing_to_show(void **state)
{
    (void)state;
    pa_report *report = pa_report_new(arena, "top");
    pa_table *empty = pa_table_new(arena, top_columns, 2);
    pa_report_field(report, "rows", "functions", pa_cell_table(empty));
    pa_report_field(report, "missing", "missing", (pa_cell){.kind = PA_CELL_NONE});
    pa_report_field(report, "none", "none", pa_cell_table(NULL));
    pa_report_field(report, "object", "object", pa_cell_object(NULL));
    pa_report_field(report, "list", "list", pa_cell_list(NULL));
    pa_report_field(report, "columns", "columns", pa_cell_table(pa_table_new(arena, NULL, 0)));
    assert_int_equal(pa_table_rows(empty), 0);
    assert_rendered(report, "text", NULL, "");
    assert_rendered(report, "markdown", NULL, "");
    assert_rendered(report, "csv", NULL, "function,flat\r\n");
    assert_string_equal(strstr(rendered(report, "json", NULL), "  \"rows\""), "  \"rows\": [],\n"
                                                                              "  \"missing\": null,\n"
                                                                              "  \"none\": null,\n"
                                                                              "  \"object\": null,\n"
                                                                              "  \"list\": null,\n"
                                                                              "  \"columns\": []\n"
                                                                              "}\n");
    pa_report *nothing = pa_report_new(arena, "top");
    assert_rendered(nothing, "text", NULL, "");
    assert_rendered(nothing, "markdown", NULL, "");
    assert_rendered(nothing, "csv", NULL, "");
}

/* ---- the way in ---------------------------------------------------------------------------------------------- */

static void renderer_table(void **state)
{
    (void)state;
    static const char *const names[] = {"text", "json", "csv", "markdown"};
    pa_renderer_info info;
    for (size_t i = 0; i < 4; i++) {
        assert_true(pa_renderer_at(i, &info));
        assert_string_equal(info.name, names[i]);
        assert_true(info.extensions[0] && info.title[0]);
    }
    assert_false(pa_renderer_at(1000, &info));
    pa_err err = {0};
    assert_false(pa_render(top_report(), "yaml", NULL, pa_out_to_memory(arena), &err));
    assert_int_equal(err.code, PA_E_USAGE);
    assert_non_null(strstr(err.message, "'yaml' (known: text json csv markdown"));
}

typedef struct attempt {
    pa_arena *arena;
    const pa_report *report;
} attempt;

static bool build(void *arg)
{
    attempt *a = arg;
    pa_arena *outer = arena;
    arena = a->arena;
    a->report = top_report();
    arena = outer;
    return true;
}

/* Each block in turn is refused: an error every time until nothing fails any more, and never a leak or a crash. */
static void out_of_memory(void **state)
{
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        pa_renderer_info info;
        assert_true(pa_renderer_at(i, &info));
        bool done = false;
        int failures = 0;
        for (long block = 1; !done && block < 1000; block++) {
            pa_budget budget = {.block_bytes = 256};
            attempt a = {.arena = pa_arena_new(&budget)};
            pa_err err = {0};
            assert_true(pa_guard(a.arena, &err, build, &a));
            pa_out *out = pa_out_to_path("/dev/null", &err);
            assert_non_null(out);
            budget.fail_block = budget.n_blocks + block;
            done = pa_render(a.report, info.name, NULL, out, &err);
            assert_int_equal(err.code, done ? PA_E_NONE : PA_E_MEMORY);
            failures += !done;
            pa_out_abandon(out);
            pa_arena_free(a.arena);
            assert_int_equal(budget.used_bytes, 0);
        }
        assert_true(done);
        assert_true(failures > 0);
    }
}

static void full_device(void **state)
{
    (void)state;
    pa_err err = {0};
    pa_out *out = pa_out_to_path("/dev/full", &err);
    assert_non_null(out);
    assert_true(pa_render(top_report(), "json", NULL, out, &err));
    assert_false(pa_out_close(out, &err));
    assert_int_equal(pa_err_exit_status(&err), 4);
}

int main(void)
{
#define WITH_ARENA(f) cmocka_unit_test_setup_teardown(f, start, stop)
    const struct CMUnitTest tests[] = {
        WITH_ARENA(top_as_text),         WITH_ARENA(top_as_wide_text), WITH_ARENA(top_as_json),
        WITH_ARENA(top_as_csv),          WITH_ARENA(top_as_markdown),  WITH_ARENA(info_as_text),
        WITH_ARENA(info_as_json),        WITH_ARENA(info_as_csv),      WITH_ARENA(info_as_markdown),
        WITH_ARENA(cut_to_the_terminal), WITH_ARENA(nothing_to_show),  WITH_ARENA(renderer_table),
        WITH_ARENA(out_of_memory),       WITH_ARENA(full_device),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
