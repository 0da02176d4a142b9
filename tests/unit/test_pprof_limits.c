/* pprof_limits: inputs that are small and want much: decompression bombs, stacks that expand, swarms of empty records.
 * Made here, because as fixtures they would be large. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "formats/format.h"
#include "tests/support/bytes.h"
#include "tests/support/hex.h"

#define MIB ((size_t)1 << 20)

static void assemble(bytes *to, const char *text)
{
    char error[200];
    if (!hex_assemble(to, text, strlen(text), error, sizeof error))
        fail_msg("%s", error);
}

/* A profile of one sample, without its last string. */
static void add_profile(bytes *to)
{
    assemble(to, "0a {08 01 10 02} 12 {0a {01} 12 {=7}} 22 {08 01 22 {08 01}} 2a {08 01 10 01}"
                 "32 {} 32 {\"cpu\"} 32 {\"nanoseconds\"}");
}

/* ... and with it: n equal bytes. */
static bytes profile_with_text(size_t n)
{
    bytes b = {0};
    add_profile(&b);
    bytes_byte(&b, 0x32);
    bytes_varint(&b, n);
    char block[65536];
    memset(block, 'x', sizeof block);
    for (size_t left = n, part; left > 0; left -= part) {
        part = left < sizeof block ? left : sizeof block;
        bytes_add(&b, block, part);
    }
    return b;
}

static pa_err read_it(const bytes *b, pa_read_options options, bool pipe)
{
    pa_err err = {0};
    const char *path = "-";
    stdin_pipe *input = pipe ? stdin_from(b->p, b->n) : NULL;
    pa_profile *p = pipe ? pa_read(&path, 1, &options, &err)
                         : pa_read_memory("made", (pa_str){(char *)b->p, b->n}, &options, &err);
    if (pipe)
        stdin_restore(input);
    assert_true((p != NULL) == (err.code == PA_E_NONE));
    pa_profile_free(p);
    return err;
}

static void expect(const pa_err *err, pa_err_code code, const char *message)
{
    if (err->code != code || (message && strcmp(err->message, message) != 0))
        fail_msg("error %d (%s), not %d (%s)", (int)err->code, err->message, (int)code,
                 message ? message : "");
}

/* ---- decompression ------------------------------------------------------------------------------------------ */

/* 65 MiB out of 70 KB: over 200:1 once more than 64 MiB came out. */
static void bombs(void **state)
{
    (void)state;
    bytes plain = profile_with_text(65 * MIB), packed[2] = {0};
    gzip_add(&packed[0], plain.p, plain.n);
    zstd_add(&packed[1], plain.p, plain.n);
    for (int i = 0; i < 2; i++) {
        assert_true(packed[i].n * 200 < 64 * MIB);
        for (unsigned threads = 1; threads <= 3; threads += 2) {
            for (int pipe = 0; pipe < 2; pipe++) {
                pa_err err = read_it(&packed[i], (pa_read_options){.threads = threads}, pipe);
                expect(&err, PA_E_LIMIT, "decompressed size exceeds 67108864 bytes (use --max-size)");
                assert_int_equal(pa_err_exit_status(&err), 2);
            }
            pa_err allowed =
                read_it(&packed[i], (pa_read_options){.threads = threads, .max_size = 66 * MIB}, false);
            expect(&allowed, PA_E_NONE, NULL);
        }
        bytes_free(&packed[i]);
    }
    bytes_free(&plain);
}

/* Much, but not out of nothing: below 64 MiB any ratio will do. */
static void large_but_honest(void **state)
{
    (void)state;
    bytes plain = profile_with_text(60 * MIB), packed = {0};
    gzip_add(&packed, plain.p, plain.n);
    assert_true(packed.n * 200 < plain.n);
    pa_err err = read_it(&packed, (pa_read_options){.threads = 1}, false);
    expect(&err, PA_E_NONE, NULL);
    bytes_free(&plain);
    bytes_free(&packed);
}

/* max_size is what may come out, to the byte, compressed or not, wherever it comes from. */
static void max_size(void **state)
{
    (void)state;
    bytes plain = profile_with_text(300000), packed[2] = {0};
    gzip_add(&packed[0], plain.p, plain.n);
    zstd_add(&packed[1], plain.p, plain.n);
    for (int i = 0; i < 2; i++)
        for (int pipe = 0; pipe < 2; pipe++)
            for (unsigned threads = 1; threads <= 3; threads += 2) {
                pa_read_options options = {.threads = threads, .max_size = plain.n};
                pa_err fits = read_it(&packed[i], options, pipe);
                expect(&fits, PA_E_NONE, NULL);
                options.max_size--;
                pa_err err = read_it(&packed[i], options, pipe);
                expect(&err, PA_E_LIMIT, NULL);
                assert_non_null(strstr(err.message, "decompressed size exceeds"));
                err = read_it(&plain, options, true);
                expect(&err, PA_E_LIMIT, NULL);
            }
    bytes_free(&plain);
    bytes_free(&packed[0]);
    bytes_free(&packed[1]);
}

/* ---- what expands within a profile -------------------------------------------------------------------------- */

/* One location of 30000 lines at the root of many short stacks: every stack would do, all together are refused. */
static void expanding_stacks(void **state)
{
    (void)state;
    bytes b = {0};
    assemble(&b, "0a {08 01 10 02}"
                 "times 120 (12 {08 =+ 08 =1000 10 01})"
                 "times 120 (22 {08 =+})"
                 "22 {08 =1000 times 30000 (22 {08 01})}"
                 "2a {08 01 10 01} 32 {} 32 {\"cpu\"} 32 {\"count\"}");
    pa_err err = read_it(&b, (pa_read_options){.threads = 1}, false);
    expect(&err, PA_E_LIMIT, NULL);
    assert_non_null(strstr(err.message, "stacks expand to more than"));
    bytes_free(&b);
}

/* Records of next to nothing, a MiB of them: memory stays in proportion to the input, whether they are legal or not. */
static void swarms(void **state)
{
    (void)state;
    static const char *const records[] = {
        "0a {}",                 /* sample types */
        "12 {10 01}",            /* samples */
        "12 {08 01 10 01}",      /* samples of one stack */
        "12 {10 01 1a {}}",      /* samples with a label */
        "12 {10 01 1a {18 =+}}", /* ... all different */
        "12 {08 =+ 10 01}",      /* stacks, all different */
        "1a {}",
        "1a {08 =+}", /* mappings */
        "22 {}",
        "22 {08 =+}",             /* locations */
        "22 {08 =+ 22 {} 22 {}}", /* lines */
        "2a {}",
        "2a {08 =+}",             /* functions */
        "2a {08 =+ 30 01 30 01}", /* unknown fields of functions */
        "32 {}",                  /* strings */
        "68 00",                  /* comments */
        "f8 01 01",               /* unknown fields */
    };
    for (size_t i = 0; i < sizeof records / sizeof *records; i++) {
        bytes b = {0};
        char text[200];
        for (int part = 0; b.n < MIB; part++) {
            snprintf(text, sizeof text, "times 30000 (%s)", records[i]);
            assemble(&b, text);
        }
        add_profile(&b);
        pa_budget budget = {.max_bytes = 80 * b.n + MIB};
        pa_err err =
            read_it(&b, (pa_read_options){.threads = 1, .format = "pprof", .budget = &budget}, false);
        if (pa_err_exit_status(&err) != 0 && pa_err_exit_status(&err) != 2)
            fail_msg("a MiB of '%s' wants more than 80 bytes a byte: %s", records[i], err.message);
        bytes_free(&b);
    }
}

/* --max-memory is kept, and said. */
static void max_memory(void **state)
{
    (void)state;
    bytes plain = profile_with_text(4 * MIB), packed = {0};
    gzip_add(&packed, plain.p, plain.n);
    for (int pipe = 0; pipe < 2; pipe++) {
        pa_budget budget = {.max_bytes = MIB};
        pa_err err = read_it(&packed, (pa_read_options){.threads = 3, .budget = &budget}, pipe);
        expect(&err, PA_E_MEMORY, NULL);
        assert_int_equal(pa_err_exit_status(&err), 4);
        assert_int_equal(budget.used_bytes, 0);
    }
    bytes_free(&plain);
    bytes_free(&packed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bombs),    cmocka_unit_test(large_but_honest),
        cmocka_unit_test(max_size), cmocka_unit_test(expanding_stacks),
        cmocka_unit_test(swarms),   cmocka_unit_test(max_memory),
    };
    pa_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
