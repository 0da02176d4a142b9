/* json_write: layout, exact numbers, strings of any bytes, nesting past the declared depth. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>

#include "libanalysis/base/arena.h"
#include "libanalysis/base/json_write.h"

typedef struct fixture {
    pa_arena *arena;
    pa_json json;
} fixture;

static int start(void **state)
{
    static fixture f;
    f.arena = pa_arena_new(NULL);
    pa_json_init(&f.json, pa_out_to_memory(f.arena));
    *state = &f;
    return f.arena ? 0 : -1;
}

static int stop(void **state)
{
    fixture *f = *state;
    pa_arena_free(f->arena);
    return 0;
}

static void assert_written(fixture *f, const char *want)
{
    pa_out_char(f->json.out, '\0');
    assert_string_equal(pa_out_written(f->json.out).p, want);
}

static void layout(void **state)
{
    fixture *f = *state;
    pa_json *j = &f->json;
    pa_json_object(j, false);
    pa_json_key(j, "one");
    pa_json_object(j, true);
    pa_json_key(j, "a");
    pa_json_i64(j, 1);
    pa_json_key(j, "b");
    pa_json_array(j, false); /* inside one line, so it is on that line */
    pa_json_bool(j, true);
    pa_json_null(j);
    pa_json_end_array(j);
    pa_json_end_object(j);
    pa_json_key(j, "rows");
    pa_json_array(j, false);
    for (int i = 0; i < 2; i++) {
        pa_json_object(j, true);
        pa_json_key(j, "n");
        pa_json_u64(j, UINT64_MAX);
        pa_json_end_object(j);
    }
    pa_json_end_array(j);
    pa_json_key(j, "none");
    pa_json_array(j, false);
    pa_json_end_array(j);
    pa_json_key(j, "nothing");
    pa_json_object(j, false);
    pa_json_end_object(j);
    pa_json_end_object(j);
    assert_written(f, "{\n"
                      "  \"one\": {\"a\": 1, \"b\": [true, null]},\n"
                      "  \"rows\": [\n"
                      "    {\"n\": 18446744073709551615},\n"
                      "    {\"n\": 18446744073709551615}\n"
                      "  ],\n"
                      "  \"none\": [],\n"
                      "  \"nothing\": {}\n"
                      "}");
}

static void numbers(void **state)
{
    fixture *f = *state;
    pa_json *j = &f->json;
    pa_json_array(j, true);
    pa_json_i64(j, INT64_MIN);
    pa_json_i64(j, INT64_MAX);
    pa_json_double(j, 1.0 / 3);
    pa_json_double(j, -0.0);
    pa_json_double(j, 5);
    pa_json_double(j, 1234567);
    pa_json_double(j, 1e-300);
    pa_json_double(j, (double)NAN);
    pa_json_double(j, (double)INFINITY);
    pa_json_double(j, (double)-INFINITY);
    pa_json_decimal(j, 1, 9);
    pa_json_decimal(j, INT64_MIN, 9);
    pa_json_decimal(j, 3000000000, 9);
    pa_json_end_array(j);
    assert_written(
        f, "[-9223372036854775808, 9223372036854775807, 0.333333, 0, 5, 1.23457e+06, 1e-300, null, null, "
           "null, 0.000000001, -9223372036.854775808, 3]");
}

static void strings(void **state)
{
    fixture *f = *state;
    pa_json *j = &f->json;
    pa_json_array(j, true);
    pa_json_str(j, (pa_str){NULL, 0});
    pa_json_str(j, PA_STR("a\"b\\c/\n\r\t\x01\0z\x7F"));
    pa_json_str(j, PA_STR("\xC3\xA9\xE6\x97\xA5\xF0\x9F\x98\x80"));
    pa_json_str(j, PA_STR("\xFFx\xC3\"\xE2\x82"));
    pa_json_str(j, PA_STR("\xED\xA0\x80"));
    pa_json_end_array(j);
    assert_written(f, "[\"\", \"a\\\"b\\\\c/\\n\\r\\t\\u0001\\u0000z\\u007f\", "
                      "\"\xC3\xA9\xE6\x97\xA5\xF0\x9F\x98\x80\", "
                      "\"\xEF\xBF\xBDx\xEF\xBF\xBD\\\"\xEF\xBF\xBD\xEF\xBF\xBD\", "
                      "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"]");
}

/* Past PA_JSON_DEPTH it is still JSON: brackets match and commas stand where they must. */
static void deep(void **state)
{
    fixture *f = *state;
    pa_json *j = &f->json;
    enum { DEPTH = PA_JSON_DEPTH + 8 };
    for (int i = 0; i < DEPTH; i++) {
        pa_json_array(j, true);
        pa_json_i64(j, 1);
    }
    for (int i = 0; i < DEPTH; i++) {
        pa_json_end_array(j);
        if (i + 1 < DEPTH)
            pa_json_i64(j, 2);
    }
    char want[DEPTH * 10];
    size_t n = 0;
    for (int i = 0; i < DEPTH; i++)
        n += (size_t)snprintf(want + n, sizeof want - n, "%s[1", i ? ", " : "");
    for (int i = 0; i < DEPTH; i++)
        n += (size_t)snprintf(want + n, sizeof want - n, "]%s", i + 1 < DEPTH ? ", 2" : "");
    assert_written(f, want);
}

int main(void)
{
#define WITH_JSON(f) cmocka_unit_test_setup_teardown(f, start, stop)
    const struct CMUnitTest tests[] = {WITH_JSON(layout), WITH_JSON(numbers), WITH_JSON(strings),
                                       WITH_JSON(deep)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
