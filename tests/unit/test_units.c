/* units: which names are known, which unit is picked, and the texts.
 * The expected texts are what `go tool pprof` prints for the same numbers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <math.h>

#include "libanalysis/base/units.h"

#define S INT64_C(1000000000)

static void known_names(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        pa_dimension dimension;
        int64_t factor;
    } rows[] = {
        {"nanoseconds", PA_DIM_TIME, 1},
        {"ns", PA_DIM_TIME, 1},
        {"us", PA_DIM_TIME, 1000},
        {"\xC2\xB5s", PA_DIM_TIME, 1000},
        {"\xCE\xBCs", PA_DIM_TIME, 1000},
        {"Microseconds", PA_DIM_TIME, 1000},
        {"ms", PA_DIM_TIME, 1000000},
        {"milliseconds", PA_DIM_TIME, 1000000},
        {"s", PA_DIM_TIME, S},
        {"SECS", PA_DIM_TIME, S},
        {"second", PA_DIM_TIME, S},
        {"hrs", PA_DIM_TIME, 3600 * S},
        {"hour", PA_DIM_TIME, 3600 * S},
        {"B", PA_DIM_BYTES, 1},
        {"bytes", PA_DIM_BYTES, 1},
        {"kB", PA_DIM_BYTES, 1024},
        {"KiB", PA_DIM_BYTES, 1024},
        {"kilobytes", PA_DIM_BYTES, 1024},
        {"MB", PA_DIM_BYTES, 1 << 20},
        {"mebibytes", PA_DIM_BYTES, 1 << 20},
        {"gbyte", PA_DIM_BYTES, 1 << 30},
        {"tib", PA_DIM_BYTES, INT64_C(1) << 40},
        {"petabytes", PA_DIM_BYTES, INT64_C(1) << 50},
        {"count", PA_DIM_COUNT, 1},
        {"samples", PA_DIM_COUNT, 1},
        {"Objects", PA_DIM_COUNT, 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        pa_dimension dimension;
        int64_t factor;
        assert_true(pa_unit_parse(pa_cstr(rows[i].name), &dimension, &factor));
        assert_int_equal(dimension, rows[i].dimension);
        assert_true(factor == rows[i].factor);
    }
}

static void unknown_names(void **state)
{
    (void)state;
    static const char *const names[] = {
        "", "x", "cycles", "minutes", "nsss", "secondss", "a very long name of a unit", " ns", "ns "};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        pa_dimension dimension = PA_DIM_TIME;
        int64_t factor = 7;
        assert_false(pa_unit_parse(pa_cstr(names[i]), &dimension, &factor));
        assert_int_equal(dimension, PA_DIM_OTHER);
        assert_int_equal(factor, 1);
    }
    pa_dimension dimension;
    int64_t factor;
    assert_false(pa_unit_parse(PA_STR("ns\0"), &dimension, &factor));
    assert_string_equal(pa_unit_base(PA_DIM_TIME), "ns");
    assert_string_equal(pa_unit_base(PA_DIM_BYTES), "bytes");
    assert_string_equal(pa_unit_base(PA_DIM_COUNT), "count");
    assert_string_equal(pa_unit_base(PA_DIM_OTHER), "");
}

static void one_value(void **state)
{
    (void)state;
    static const struct {
        pa_dimension dimension;
        int64_t value;
        const char *want;
    } rows[] = {
        {PA_DIM_TIME, 0, "0"},
        {PA_DIM_TIME, 1, "1ns"},
        {PA_DIM_TIME, 999, "999ns"},
        {PA_DIM_TIME, 1500, "1.50us"},
        {PA_DIM_TIME, -12500000, "-12.50ms"},
        {PA_DIM_TIME, S, "1s"},
        {PA_DIM_TIME, 90 * S, "90s"}, /* no minutes */
        {PA_DIM_TIME, 3600 * S, "1hrs"},
        {PA_DIM_TIME, 999999, "1000us"},
        {PA_DIM_TIME, INT64_MIN, "-2562047.79hrs"},
        {PA_DIM_BYTES, 1023, "1023B"},
        {PA_DIM_BYTES, 1024, "1kB"},
        {PA_DIM_BYTES, 1536, "1.50kB"},
        {PA_DIM_BYTES, INT64_C(5) << 50, "5PB"},
        {PA_DIM_BYTES, INT64_MAX, "8192PB"},
        {PA_DIM_COUNT, 1234567, "1234567"},
        {PA_DIM_COUNT, INT64_MAX, "9223372036854775807"},
        {PA_DIM_COUNT, INT64_MIN, "-9223372036854775808"},
        {PA_DIM_OTHER, 12, "12"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[PA_VALUE_TEXT];
        pa_value_text(text, rows[i].value, 0, pa_display_one(rows[i].dimension, rows[i].value));
        assert_string_equal(text, rows[i].want);
    }
}

static void picked_for_many(void **state)
{
    (void)state;
    static const struct {
        pa_dimension dimension;
        int64_t min, max;
        const char *suffix;
    } rows[] = {
        {PA_DIM_TIME, 10000000, 25 * S, "s"}, /* 100 times the smallest is a second */
        {PA_DIM_TIME, 9000000, 25 * S, "ms"},
        {PA_DIM_TIME, 10000000, S, "ms"}, /* not 100 times apart: 100 * min is not below max */
        {PA_DIM_TIME, 10000000, S + 1, "s"},
        {PA_DIM_TIME, 0, 5 * S, "s"}, /* no smallest: the total's */
        {PA_DIM_TIME, 0, 0, "s"},
        {PA_DIM_TIME, INT64_MAX / 2, INT64_MAX, "hrs"}, /* 100 times this leaves 64 bits */
        {PA_DIM_TIME, INT64_MIN, INT64_MIN, "hrs"},
        {PA_DIM_TIME, -20000000, -(25 * S), "s"},
        {PA_DIM_BYTES, 1, 1 << 30, "B"},
        {PA_DIM_BYTES, 11, 1 << 30, "kB"},
        {PA_DIM_BYTES, 0, 0, "B"},
        {PA_DIM_COUNT, 1, 1000000, ""},
        {PA_DIM_OTHER, 1, 1000000, ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_string_equal(pa_display_pick(rows[i].dimension, rows[i].min, rows[i].max).suffix,
                            rows[i].suffix);
    assert_true(pa_display_pick(PA_DIM_OTHER, 1, 2).divisor == 1);
}

static void named(void **state)
{
    (void)state;
    pa_display display = {7, "kept"};
    assert_true(pa_display_named(PA_DIM_TIME, PA_STR("milliseconds"), &display));
    assert_string_equal(display.suffix, "ms");
    assert_true(display.divisor == 1e6);
    assert_true(pa_display_named(PA_DIM_BYTES, PA_STR("MiB"), &display));
    assert_string_equal(display.suffix, "MB");
    assert_true(pa_display_named(PA_DIM_COUNT, PA_STR("count"), &display));
    assert_string_equal(display.suffix, "");
    assert_false(pa_display_named(PA_DIM_TIME, PA_STR("MB"), &display));
    assert_false(pa_display_named(PA_DIM_BYTES, PA_STR("bogus"), &display));
    assert_false(pa_display_named(PA_DIM_OTHER, PA_STR("cycles"), &display));
}

static void values(void **state)
{
    (void)state;
    static const struct {
        int64_t value;
        int decimals;
        pa_display display;
        const char *want;
    } rows[] = {
        {12500000, 0, {1e6, "ms"}, "12.50ms"},
        {12000000, 0, {1e6, "ms"}, "12ms"},
        {4999, 0, {1e6, "ms"}, "0"},  /* 0.004999 */
        {-4999, 0, {1e6, "ms"}, "0"}, /* not "-0" */
        {5001, 0, {1e6, "ms"}, "0.01ms"},
        {100000000, 0, {1e6, "ms"}, "100ms"},
        {1500000000, 9, {1, ""}, "1.50"},
        {1, 9, {1, ""}, "0"},
        {INT64_C(2500000000000000), 9, {1e6, "ms"}, "2.50ms"},
        {7, 0, {1, "cycles"}, "7cycles"},
        {7, 0, {0, NULL}, "7"}, /* a display nobody set */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[PA_VALUE_TEXT];
        pa_value_text(text, rows[i].value, rows[i].decimals, rows[i].display);
        assert_string_equal(text, rows[i].want);
    }
    char text[PA_VALUE_TEXT];
    pa_value_text(text, INT64_MIN, 0,
                  (pa_display){1, "a unit's name that is longer than the whole text may be"});
    assert_int_equal(strlen(text), PA_VALUE_TEXT - 1);
}

static void percents(void **state)
{
    (void)state;
    static const struct {
        double share;
        const char *want;
    } rows[] = {
        {1, "  100%"},       {0.9995, "  100%"}, {0.99949, "99.95%"}, {1.0005, "  100%"},  {1.5, "150.00%"},
        {0.1234, "12.34%"},  {0.02, " 2.00%"},   {0.0005, " 0.05%"},  {0.00005, "0.005%"}, {0, "    0%"},
        {-0.1234, "12.34%"}, {1e-7, "1e-05%"},   {0.00999, "    1%"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[PA_VALUE_TEXT];
        pa_percent_text(text, rows[i].share);
        assert_string_equal(text, rows[i].want);
    }
    char text[PA_VALUE_TEXT];
    pa_percent_text(text, (double)NAN);
    assert_string_equal(text, "-");
    pa_percent_text(text, (double)INFINITY);
    assert_string_equal(text, "-");
    pa_percent_text(text, 1e300);
    assert_string_equal(text, "1e+302%");
}

static void counts(void **state)
{
    (void)state;
    static const struct {
        int64_t value;
        const char *want;
    } rows[] = {{0, "0"},          {999, "999"},           {4812, "4,812"},
                {-1000, "-1,000"}, {1000000, "1,000,000"}, {INT64_MIN, "-9,223,372,036,854,775,808"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[PA_VALUE_TEXT];
        pa_count_text(text, rows[i].value);
        assert_string_equal(text, rows[i].want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_names),     cmocka_unit_test(unknown_names), cmocka_unit_test(one_value),
        cmocka_unit_test(picked_for_many), cmocka_unit_test(named),         cmocka_unit_test(values),
        cmocka_unit_test(percents),        cmocka_unit_test(counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
