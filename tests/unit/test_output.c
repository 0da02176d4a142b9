/* output: every byte once and in order through descriptors and memory; numbers and escapes; failures told once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

#include "libanalysis/base/arena.h"
#include "libanalysis/base/output.h"

static pa_str escaped(pa_arena *arena, pa_str s)
{
    pa_out *out = pa_out_to_memory(arena);
    pa_out_escaped(out, s);
    return pa_out_written(out);
}

static void assert_text(pa_str got, const char *want)
{
    assert_int_equal(got.n, strlen(want));
    assert_memory_equal(got.p, want, got.n);
}

/* ---- memory -------------------------------------------------------------------------------------------------- */

static void memory(void **state)
{
    (void)state;
    pa_arena *arena = pa_arena_new(NULL);
    pa_out *out = pa_out_to_memory(arena);
    assert_int_equal(pa_out_written(out).n, 0);
    pa_out_format(out, "%s", "");
    pa_out_cstr(out, "a");
    pa_out_char(out, '\0');
    pa_out_str(out, (pa_str){NULL, 0});
    pa_out_repeat(out, '-', 200);
    pa_out_repeat(out, '-', 0);
    pa_out_format(out, "%*d", 300, 7);
    pa_str got = pa_out_written(out);
    assert_int_equal(got.n, 502);
    assert_memory_equal(got.p, "a\0---", 5);
    assert_int_equal(got.p[201], '-');
    assert_int_equal(got.p[202], ' ');
    assert_int_equal(got.p[501], '7');
    pa_err err = {0};
    assert_true(pa_out_close(out, &err));
    assert_int_equal(pa_out_written(out).n, 502);
    pa_arena_free(arena);
}

/* Other pieces of the arena between the writes: nothing may be lost when the text moves. */
static void memory_grows(void **state)
{
    (void)state;
    pa_arena *arena = pa_arena_new(NULL);
    pa_out *out = pa_out_to_memory(arena);
    for (int i = 0; i < 40000; i++) {
        pa_out_format(out, "%05d\n", i);
        if (i % 1000 == 0)
            (void)pa_new(arena, char, 33);
    }
    pa_str got = pa_out_written(out);
    assert_int_equal(got.n, 240000);
    for (int i = 0; i < 40000; i++) {
        int64_t value;
        assert_true(pa_str_to_i64((pa_str){got.p + (size_t)i * 6, 5}, &value));
        assert_int_equal(value, i);
    }
    pa_arena_free(arena);
}

static bool fill(void *arg)
{
    pa_out *out = pa_out_to_memory(arg);
    for (int i = 0; i < 100000; i++)
        pa_out_cstr(out, "more and more and more");
    return true;
}

static void memory_runs_out(void **state)
{
    (void)state;
    pa_budget budget = {.max_bytes = 300000};
    pa_arena *arena = pa_arena_new(&budget);
    pa_err err = {0};
    assert_false(pa_guard(arena, &err, fill, arena));
    assert_int_equal(err.code, PA_E_MEMORY);
    pa_arena_free(arena);
}

static void numbers(void **state)
{
    (void)state;
    pa_arena *arena = pa_arena_new(NULL);
    static const struct {
        int64_t value;
        int decimals;
        const char *want;
    } rows[] = {{0, 0, "0"},
                {0, 9, "0"},
                {-1, 0, "-1"},
                {INT64_MIN, 0, "-9223372036854775808"},
                {INT64_MAX, 0, "9223372036854775807"},
                {1, 9, "0.000000001"},
                {-1, 9, "-0.000000001"},
                {1500000000, 9, "1.5"},
                {2000000000, 9, "2"},
                {1000000010, 9, "1.00000001"},
                {INT64_MIN, 9, "-9223372036.854775808"},
                {INT64_MAX, 18, "9.223372036854775807"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        pa_out *out = pa_out_to_memory(arena);
        pa_out_decimal(out, rows[i].value, rows[i].decimals);
        assert_text(pa_out_written(out), rows[i].want);
    }
    pa_out *out = pa_out_to_memory(arena);
    pa_out_i64(out, INT64_MIN);
    pa_out_char(out, ' ');
    pa_out_u64(out, UINT64_MAX);
    assert_text(pa_out_written(out), "-9223372036854775808 18446744073709551615");
    pa_arena_free(arena);
}

static void escapes(void **state)
{
    (void)state;
    pa_arena *arena = pa_arena_new(NULL);
    assert_text(escaped(arena, PA_STR("")), "");
    assert_text(escaped(arena, PA_STR("plain text")), "plain text");
    assert_text(escaped(arena, PA_STR("a\0b\n\x1b[31m\x7F")), "a\\x00b\\x0a\\x1b[31m\\x7f");
    assert_text(escaped(arena, PA_STR("App\\Foo")), "App\\\\Foo");
    assert_text(escaped(arena, PA_STR("\xC3\xA9\xE6\x97\xA5\xF0\x9F\x98\x80")),
                "\xC3\xA9\xE6\x97\xA5\xF0\x9F\x98\x80");
    assert_text(escaped(arena, PA_STR("\xFF\xC3")), "\\xff\\xc3");
    assert_text(escaped(arena, PA_STR("\xED\xA0\x80x")), "\\xed\\xa0\\x80x");
    assert_text(escaped(arena, PA_STR("\xC2\x9B")), "\\xc2\\x9b");          /* C1: a CSI of one character */
    assert_text(escaped(arena, PA_STR("\xC2\xA0")), "\xC2\xA0");            /* the first after C1 */
    assert_text(escaped(arena, PA_STR("\xE2\x80\xA8")), "\\xe2\\x80\\xa8"); /* line separator */
    assert_text(escaped(arena, PA_STR("\xE2\x80\xAE")), "\\xe2\\x80\\xae"); /* right-to-left override */
    assert_text(escaped(arena, PA_STR("\xE2\x81\xA7")), "\\xe2\\x81\\xa7"); /* right-to-left isolate */
    assert_text(escaped(arena, PA_STR("\xE2\x80\xA6")), "\xE2\x80\xA6");    /* ellipsis */
    pa_arena_free(arena);
}

/* ---- descriptors --------------------------------------------------------------------------------------------- */

/* More than a pipe holds, in portions around the size of the buffer, through a non-blocking end. */
#define PIPE_BYTES ((size_t)700000)

static void *read_slowly(void *arg)
{
    int fd = *(int *)arg;
    char *all = malloc(PIPE_BYTES + 1);
    size_t n = 0;
    for (ssize_t got; all && (got = read(fd, all + n, PIPE_BYTES + 1 - n)) > 0;) {
        n += (size_t)got;
        usleep(100);
    }
    bool ok = all && n == PIPE_BYTES;
    for (size_t i = 0; ok && i < n; i++)
        ok = all[i] == (char)('a' + i % 26);
    free(all);
    return ok ? arg : NULL;
}

static void short_writes(void **state)
{
    (void)state;
    static const size_t portions[] = {1, 65535, 2, 65536, 65537, 3, 200000, 7};
    int ends[2];
    pthread_t reader;
    void *ok = NULL;
    char *data = malloc(PIPE_BYTES);
    assert_non_null(data);
    for (size_t i = 0; i < PIPE_BYTES; i++)
        data[i] = (char)('a' + i % 26);
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(fcntl(ends[1], F_SETFL, O_NONBLOCK), 0);
    assert_int_equal(pthread_create(&reader, NULL, read_slowly, &ends[0]), 0);
    pa_err err = {0};
    pa_out *out = pa_out_to_fd(ends[1], &err);
    assert_non_null(out);
    for (size_t at = 0, i = 0; at < PIPE_BYTES; i++) {
        size_t n = portions[i % 8] < PIPE_BYTES - at ? portions[i % 8] : PIPE_BYTES - at;
        if (i % 2)
            pa_out_format(out, "%.*s", (int)n, data + at);
        else
            pa_out_bytes(out, data + at, n);
        at += n;
    }
    assert_true(pa_out_close(out, &err));
    assert_int_equal(fcntl(ends[1], F_GETFD), 0); /* borrowed: still open */
    close(ends[1]);
    pthread_join(reader, &ok);
    assert_non_null(ok);
    close(ends[0]);
    free(data);
}

static void full_device(void **state)
{
    (void)state;
    int fd = open("/dev/full", O_WRONLY);
    assert_true(fd >= 0);
    pa_err err = {0};
    pa_out *out = pa_out_to_fd(fd, &err);
    assert_non_null(out);
    for (int i = 0; i < 100000; i++) /* goes on quietly behind the first failure */
        pa_out_cstr(out, "0123456789");
    assert_int_equal(err.code, PA_E_NONE);
    assert_false(pa_out_close(out, &err));
    assert_int_equal(err.code, PA_E_OUTPUT);
    assert_non_null(strstr(err.message, "cannot write 'descriptor "));
    assert_non_null(strstr(err.message, ": No space left on device"));
    close(fd);

    pa_err at_close = {0};
    out = pa_out_to_path("/dev/full", &at_close);
    assert_non_null(out);
    pa_out_char(out, 'x');
    assert_false(pa_out_close(out, &at_close));
    assert_string_equal(at_close.message, "cannot write '/dev/full': No space left on device");
}

static void closed_descriptor(void **state)
{
    (void)state;
    int fd = open("/dev/null", O_WRONLY);
    assert_true(fd >= 0);
    close(fd);
    pa_err err = {0};
    pa_out *out = pa_out_to_fd(fd, &err);
    assert_non_null(out);
    pa_out_char(out, 'x');
    assert_false(pa_out_close(out, &err));
    assert_int_equal(err.code, PA_E_OUTPUT);
    assert_non_null(strstr(err.message, "Bad file descriptor"));
    pa_err negative = {0};
    assert_null(pa_out_to_fd(-1, &negative));
    assert_int_equal(negative.code, PA_E_OUTPUT);
    pa_err unused = {0};
    out = pa_out_to_fd(1, &unused);
    assert_non_null(out);
    pa_out_cstr(out, "never written");
    pa_out_abandon(out); /* what is buffered goes nowhere */
    pa_out_abandon(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory),      cmocka_unit_test(memory_grows),      cmocka_unit_test(memory_runs_out),
        cmocka_unit_test(numbers),     cmocka_unit_test(escapes),           cmocka_unit_test(short_writes),
        cmocka_unit_test(full_device), cmocka_unit_test(closed_descriptor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
