/* render: what each renderer does with text that could be taken for something else: cutting, odd numbers, quoting,
 * markup, control bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <math.h>

#include "libanalysis/base/arena.h"
#include "libanalysis/report/cell_text.h"
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

static const pa_column metric_columns[] = {
    {"name", "name", PA_COL_LEFT, {{0, NULL}, 0}},
    {"total", "total", 0, {{1, ""}, 9}},
};

static void assert_cut(pa_str s, size_t width, const char *want)
{
    pa_str escaped = pa_visible(arena, s);
    pa_str cut = pa_text_cut(arena, escaped, width);
    assert_string_equal(pa_arena_cstr(arena, cut), want);
    assert_true(pa_text_width(cut) <= width);
    for (pa_str rest = cut; rest.n; rest = pa_str_from(rest, pa_utf8_at(rest)))
        assert_true(pa_utf8_at(rest) > 0);
}

static void cutting(void **state)
{
    (void)state;
    assert_cut(PA_STR("abcdefgh"), 8, "abcdefgh");
    assert_cut(PA_STR("abcdefgh"), 7, "abc" ELLIPSIS "fgh");
    assert_cut(PA_STR("abcdefgh"), 4, "ab" ELLIPSIS "h");
    assert_cut(PA_STR("abcdefgh"), 2, "a" ELLIPSIS);
    assert_cut(PA_STR("abcdefgh"), 1, ELLIPSIS);
    assert_cut(PA_STR("abcdefgh"), 0, "");
    /* six characters of two columns */
    pa_str wide = PA_STR("\xE4\xB8\x80\xE4\xBA\x8C\xE4\xB8\x89\xE5\x9B\x9B\xE4\xBA\x94\xE5\x85\xAD");
    assert_int_equal(pa_text_width(wide), 12);
    assert_cut(wide, 9, "\xE4\xB8\x80\xE4\xBA\x8C" ELLIPSIS "\xE4\xBA\x94\xE5\x85\xAD");
    assert_cut(wide, 8, "\xE4\xB8\x80\xE4\xBA\x8C" ELLIPSIS "\xE5\x85\xAD");
    assert_cut(wide, 3, ELLIPSIS);
    /* e and a combining acute: the mark stays with its letter or goes with it */
    pa_str marks = PA_STR("e\xCC\x81"
                          "e\xCC\x81"
                          "e\xCC\x81"
                          "e\xCC\x81"
                          "e\xCC\x81");
    assert_int_equal(pa_text_width(marks), 5);
    assert_cut(marks, 3, "e\xCC\x81" ELLIPSIS "e\xCC\x81");
    assert_cut(marks, 2, "e\xCC\x81" ELLIPSIS);
    /* escapes are not halved */
    assert_cut(PA_STR("\x01\x02\x03"), 9, "\\x01" ELLIPSIS "\\x03");
    assert_cut(PA_STR("\x01\x02\x03"), 8, "\\x01" ELLIPSIS);
    assert_cut(PA_STR("a\\b\\c\\d"), 8, "a\\b\\c\\d");
    assert_cut(PA_STR("a\\b\\c\\d"), 6, "a\\b" ELLIPSIS "\\d");
}

static void odd_values(void **state)
{
    (void)state;
    static const pa_quantity tiny = {{1, "\x1b"}, 9};
    static const struct {
        pa_cell cell;
        const char *want;
    } rows[] = {
        {{PA_CELL_INT, .i = INT64_MIN}, "-9,223,372,036,854,775,808"},
        {{PA_CELL_VALUE, .i = INT64_MIN}, "-9223372036.85\\x1b"},
        {{PA_CELL_VALUE, .i = 1}, "0"},
        {{PA_CELL_SHARE, .d = 1}, "100%"},
        {{PA_CELL_SHARE, .d = (double)NAN}, "-"},
        {{PA_CELL_DOUBLE, .d = (double)INFINITY}, "inf"},
        {{PA_CELL_DOUBLE, .d = (double)-INFINITY}, "-inf"},
        {{PA_CELL_DOUBLE, .d = -0.0}, "0"},
        {{PA_CELL_NONE, .i = 5}, ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_string_equal(pa_arena_cstr(arena, pa_cell_text(arena, &rows[i].cell, &tiny)), rows[i].want);
}

static void fields_as_csv(void **state)
{
    (void)state;
    pa_report *report = pa_report_new(arena, "gate");
    pa_report_line(report, "for people");
    pa_report_field(report, "name", NULL, pa_cell_str(PA_STR("a\r\n\"b\",\tc\xFF")));
    pa_report_field(report, "formula", NULL, pa_cell_cstr("=1+1"));
    pa_report_field(report, "padded", NULL, pa_cell_cstr(" x"));
    pa_report_field(report, "low", NULL, pa_cell_value(INT64_MIN))->quantity.decimals = 9;
    pa_report_field(report, "nan", NULL, pa_cell_share((double)NAN));
    pa_report_field(report, NULL, "shown", pa_cell_int(1));
    assert_rendered(report, "csv", NULL,
                    "name,formula,padded,low,nan\r\n"
                    "\"a\r\n\"\"b\"\",\tc\\xff\",=1+1,\" x\",-9223372036.854775808,\r\n");
}

/* The table that people see goes before one that only programs do. */
static void main_csv_table(void **state)
{
    (void)state;
    pa_report *report = pa_report_new(arena, "top");
    pa_table *hidden = pa_table_new(arena, metric_columns, 2);
    pa_table *seen = pa_table_new(arena, metric_columns, 1);
    pa_table_row(arena, hidden)[0] = pa_cell_cstr("hidden");
    pa_table_row(arena, seen)[0] = pa_cell_cstr("seen");
    pa_report_field(report, "diagnostics", NULL, pa_cell_table(hidden));
    assert_rendered(report, "csv", NULL, "name,total\r\nhidden,\r\n");
    pa_report_field(report, NULL, "text only", pa_cell_table(hidden));
    pa_report_field(report, "rows", "", pa_cell_table(seen));
    assert_rendered(report, "csv", NULL, "name\r\nseen\r\n");
}

static void markup_stays_text(void **state)
{
    (void)state;
    pa_report *report = pa_report_new(arena, "top");
    pa_report_line(report, "# not a heading <b> [x](y) *a* _b_ `c` | ~ & $");
    pa_report_line(report, "- no list");
    pa_report_line(report, "12. no list");
    pa_report_line(report, "    no code");
    pa_report_line(report, "%s", "");
    pa_report_field(report, NULL, "next", pa_cell_cstr("a\\b\n"));
    static const pa_column name[] = {{"n", "a|b", PA_COL_NAME, {{0, NULL}, 0}}};
    pa_table *table = pa_table_new(arena, name, 1);
    static const char *const names[] = {"`", "a``b", " x ", "a\\|b", "", "x"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        pa_table_row(arena, table)[0] = pa_cell_cstr(names[i]);
    pa_report_field(report, NULL, "names", pa_cell_table(table));
    assert_rendered(report, "markdown", NULL,
                    "\\# not a heading \\<b\\> \\[x\\](y) \\*a\\* \\_b\\_ \\`c\\` \\| \\~ \\& \\$  \n"
                    "\\- no list  \n"
                    "12\\. no list  \n"
                    "no code\n"
                    "\n"
                    "next: a\\\\b\\\\x0a\n"
                    "\n"
                    "**names**\n"
                    "\n"
                    "| a\\|b |\n"
                    "| :--- |\n"
                    "| `` ` `` |\n"
                    "| ```a``b``` |\n"
                    "| `  x  ` |\n"
                    "| `a\\\\|b` |\n"
                    "|  |\n"
                    "| `x` |\n");
}

static void hostile_lines(void **state)
{
    (void)state;
    pa_report *report = pa_report_new(arena, "top");
    pa_report_line(report, "hot: %s", "f\x1b[2J\n");
    pa_object *object = pa_object_new(arena);
    pa_object_field(arena, object, "a", "a", pa_cell_int(1000));
    pa_object_field(arena, object, "b", "b", pa_cell_bool(true));
    pa_report_field(report, "object", "object", pa_cell_object(object));
    assert_rendered(report, "text", NULL, "hot: f\\x1b[2J\\x0a\nobject:\n  a: 1,000\n  b: yes\n");
}

int main(void)
{
#define WITH_ARENA(f) cmocka_unit_test_setup_teardown(f, start, stop)
    const struct CMUnitTest tests[] = {
        WITH_ARENA(cutting),        WITH_ARENA(odd_values),        WITH_ARENA(fields_as_csv),
        WITH_ARENA(main_csv_table), WITH_ARENA(markup_stays_text), WITH_ARENA(hostile_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
