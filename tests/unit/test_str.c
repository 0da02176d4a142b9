/* str: searching, cutting and numbers, with odd bytes and at the ends of their ranges.
 * Slices are copied to blocks of their exact size where reading one byte too far must show under a sanitizer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "libanalysis/base/str.h"

#define NOTHING ((pa_str){NULL, 0})

static void assert_slice(pa_str got, const char *want)
{
    assert_int_equal(got.n, strlen(want));
    assert_memory_equal(got.n ? got.p : "", want, got.n);
}

static void comparing(void **state)
{
    (void)state;
    assert_true(pa_str_starts(PA_STR("abc"), PA_STR("ab")));
    assert_true(pa_str_starts(PA_STR("abc"), NOTHING));
    assert_false(pa_str_starts(PA_STR("ab"), PA_STR("abc")));
    assert_true(pa_str_ends(PA_STR("x.pb.gz"), PA_STR(".gz")));
    assert_true(pa_str_ends(NOTHING, NOTHING));
    assert_false(pa_str_ends(PA_STR("gz"), PA_STR(".gz")));
    assert_true(pa_str_cmp(PA_STR("a"), PA_STR("ab")) < 0);
    assert_true(pa_str_cmp(PA_STR("b"), PA_STR("ab")) > 0);
    assert_true(pa_str_cmp(PA_STR("\xFF"), PA_STR("a")) > 0);
    assert_true(pa_str_cmp(PA_STR("a\0b"), PA_STR("a\0c")) < 0);
    assert_int_equal(pa_str_cmp(NOTHING, PA_STR("")), 0);
}

static void finding(void **state)
{
    (void)state;
    pa_str s = PA_STR("a;b\0;c");
    assert_int_equal(pa_str_find(s, ';'), 1);
    assert_int_equal(pa_str_rfind(s, ';'), 4);
    assert_int_equal(pa_str_find(s, '\0'), 3);
    assert_int_equal(pa_str_find(s, 'x'), -1);
    assert_int_equal(pa_str_find(NOTHING, 'x'), -1);
    assert_int_equal(pa_str_rfind(NOTHING, 'x'), -1);
    assert_int_equal(pa_str_search(s, PA_STR("b\0;")), 2);
    assert_int_equal(pa_str_search(s, PA_STR("ba")), -1);
    assert_int_equal(pa_str_search(s, NOTHING), 0);
    assert_int_equal(pa_str_search(NOTHING, PA_STR("x")), -1);
    /* the needle would be complete one byte past the end */
    assert_int_equal(pa_str_search((pa_str){"abcd", 3}, PA_STR("cd")), -1);
}

static void cutting(void **state)
{
    (void)state;
    pa_str head;
    assert_slice(pa_str_cut(PA_STR("key=a=b"), '=', &head), "a=b");
    assert_slice(head, "key");
    assert_slice(pa_str_cut(PA_STR("key"), '=', &head), "");
    assert_slice(head, "key");
    assert_slice(pa_str_cut(PA_STR("="), '=', &head), "");
    assert_slice(head, "");
    assert_slice(pa_str_cut(NOTHING, '=', &head), "");
    assert_slice(head, "");
    assert_slice(pa_str_trim(PA_STR(" \t a b\r\n")), "a b");
    assert_slice(pa_str_trim(PA_STR(" \n")), "");
    assert_slice(pa_str_trim(NOTHING), "");
    assert_slice(pa_str_basename(PA_STR("/usr/lib/libc.so.6")), "libc.so.6");
    assert_slice(pa_str_basename(PA_STR("main")), "main");
    assert_slice(pa_str_basename(PA_STR("dir/")), "");
}

static void hashing(void **state)
{
    (void)state;
    assert_true(pa_str_hash(PA_STR("a\0b")) == pa_str_hash(PA_STR("a\0b")));
    assert_true(pa_str_hash(PA_STR("a\0b")) != pa_str_hash(PA_STR("a\0c")));
    assert_true(pa_str_hash(NOTHING) == pa_str_hash(PA_STR("")));
    /* XXH3 of nothing with seed 0, as its own documentation gives it */
    assert_true(pa_str_hash(NOTHING) == UINT64_C(0x2D06800538D394C2));
}

static void whole_numbers(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t value;
    } good[] = {{"0", 0},
                {"-0", 0},
                {"007", 7},
                {"-12", -12},
                {"9223372036854775807", INT64_MAX},
                {"-9223372036854775808", INT64_MIN}};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        int64_t value = 99;
        assert_true(pa_str_to_i64(pa_cstr(good[i].text), &value));
        assert_true(value == good[i].value);
    }
    static const char *const bad[] = {"",
                                      "-",
                                      "+1",
                                      " 1",
                                      "1 ",
                                      "1a",
                                      "0x10",
                                      "1.0",
                                      "--1",
                                      "1,0",
                                      "9223372036854775808",
                                      "-9223372036854775809",
                                      "99999999999999999999999999"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        int64_t value = 99;
        assert_false(pa_str_to_i64(pa_cstr(bad[i]), &value));
        assert_int_equal(value, 99);
    }
    int64_t value;
    assert_false(pa_str_to_i64(PA_STR("1\0002"), &value));
    assert_false(pa_str_to_i64(NOTHING, &value));
    assert_true(pa_str_to_i64((pa_str){"123", 2}, &value));
    assert_int_equal(value, 12);
}

static void fractions(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double value;
    } good[] = {{"0", 0},
                {"1.5", 1.5},
                {"-1.5", -1.5},
                {".5", .5},
                {"5.", 5},
                {"1e3", 1000},
                {"1E-9", 1e-9},
                {"2e+2", 200},
                {"0.1", 0.1},
                {"1e-999", 0},
                {"9007199254740993", 9007199254740992.0},
                {"4.35", 4.35}};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        double value = 99;
        assert_true(pa_str_to_double(pa_cstr(good[i].text), &value));
        assert_true(value == good[i].value);
    }
    static const char *const bad[] = {"",   ".",     "-",   "-.",  "e5",    "1e",    "1e+", "+1",   " 1",
                                      "1 ", "0x1p3", "inf", "nan", "1e999", "1.2.3", "1,5", "1e5.", "1f"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        double value = 99;
        assert_false(pa_str_to_double(pa_cstr(bad[i]), &value));
        assert_true(value == 99);
    }
    char digits[2000];
    memset(digits, '1', sizeof digits);
    double value;
    assert_false(pa_str_to_double((pa_str){digits, sizeof digits}, &value));
    assert_true(pa_str_to_double((pa_str){digits, 300}, &value));
    assert_false(pa_str_to_double(PA_STR("1\0"), &value));
}

/* In a block of exactly this size. */
static size_t utf8_of(const char *bytes, size_t n)
{
    char *exact = malloc(n ? n : 1);
    assert_non_null(exact);
    memcpy(exact, bytes, n);
    size_t got = pa_utf8_at((pa_str){exact, n});
    free(exact);
    return got;
}

static void utf8(void **state)
{
    (void)state;
    assert_int_equal(utf8_of("", 0), 0);
    assert_int_equal(utf8_of("a", 1), 1);
    assert_int_equal(utf8_of("\0", 1), 1);
    assert_int_equal(utf8_of("\xC3\xA9x", 3), 2);
    assert_int_equal(utf8_of("\xE2\x82\xAC", 3), 3);
    assert_int_equal(utf8_of("\xF0\x9F\x98\x80", 4), 4);
    assert_int_equal(utf8_of("\xF4\x8F\xBF\xBF", 4), 4); /* U+10FFFF */
    assert_int_equal(utf8_of("\xC3", 1), 0);             /* ends inside */
    assert_int_equal(utf8_of("\xE2\x82", 2), 0);
    assert_int_equal(utf8_of("\xF0\x9F\x98", 3), 0);
    assert_int_equal(utf8_of("\xC0\x80", 2), 0); /* overlong NUL */
    assert_int_equal(utf8_of("\xC1\xBF", 2), 0);
    assert_int_equal(utf8_of("\xE0\x9F\xBF", 3), 0); /* overlong */
    assert_int_equal(utf8_of("\xF0\x8F\xBF\xBF", 4), 0);
    assert_int_equal(utf8_of("\xED\xA0\x80", 3), 0);     /* surrogate */
    assert_int_equal(utf8_of("\xF4\x90\x80\x80", 4), 0); /* past U+10FFFF */
    assert_int_equal(utf8_of("\xF5\x80\x80\x80", 4), 0);
    assert_int_equal(utf8_of("\x80", 1), 0);
    assert_int_equal(utf8_of("\xFF", 1), 0);
    assert_int_equal(utf8_of("\xE2\x28\xA1", 3), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(comparing), cmocka_unit_test(finding),       cmocka_unit_test(cutting),
        cmocka_unit_test(hashing),   cmocka_unit_test(whole_numbers), cmocka_unit_test(fractions),
        cmocka_unit_test(utf8),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
