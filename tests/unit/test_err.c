/* err: the first failure stays, texts have positions and cannot steer a terminal, diagnostics are counted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "libanalysis/base/err.h"

static const char *text_of(const pa_err *err)
{
    static char buf[1024];
    pa_err_text(err, buf, sizeof buf);
    return buf;
}

static void the_first_stays(void **state)
{
    (void)state;
    pa_err err = {0};
    assert_false(pa_fail(&err, PA_E_SYNTAX, 0x1f3, "bad '%s'", "tag"));
    assert_false(pa_fail(&err, PA_E_MEMORY, 7, "later"));
    assert_int_equal(err.code, PA_E_SYNTAX);
    assert_true(err.offset == 0x1f3);
    assert_string_equal(err.message, "bad 'tag'");
    assert_false(pa_fail(NULL, PA_E_BUG, 0, "nobody listens"));
}

static void positions(void **state)
{
    (void)state;
    pa_err err = {.input = "a.folded"};
    assert_string_equal(text_of(&err), "");
    pa_fail(&err, PA_E_SYNTAX, 0x1f3, "no count");
    assert_string_equal(text_of(&err), "a.folded:@0x1f3: no count");
    err.inflated = true;
    assert_string_equal(text_of(&err), "a.folded:@0x1f3: no count (offset in the decompressed data)");
    err.line = 12;
    err.column = 5;
    assert_string_equal(text_of(&err), "a.folded:12:5: no count");
    err.column = 0;
    assert_string_equal(text_of(&err), "a.folded:12: no count");
    err.line = 0;
    err.offset = PA_NO_OFFSET;
    assert_string_equal(text_of(&err), "a.folded: no count");
    err.input[0] = '\0';
    assert_string_equal(text_of(&err), "no count");
    err.offset = 0;
    err.inflated = false;
    assert_string_equal(text_of(&err), "@0x0: no count");
}

static void hostile_bytes(void **state)
{
    (void)state;
    pa_err err = {.input = "x\n\x1b[2J"};
    pa_fail(&err, PA_E_SYNTAX, PA_NO_OFFSET, "unknown '%s'", "\xC3\xA9\xFF\xC2\x9B\x7F\\");
    assert_string_equal(text_of(&err), "x\\x0a\\x1b[2J: unknown '\xC3\xA9\\xff\\xc2\\x9b\\x7f\\'");
}

static void long_messages(void **state)
{
    (void)state;
    char name[600];
    memset(name, 'a', sizeof name);
    name[sizeof name - 1] = '\0';
    memcpy(name + 510, "\xC3\xA9", 2); /* the cut of 511 bytes falls into it */
    pa_err err = {0};
    pa_fail(&err, PA_E_IO, PA_NO_OFFSET, "%s", name);
    assert_int_equal(strlen(err.message), 510);

    memcpy(name + 509, "\xC3\xA9", 2); /* and here behind it */
    name[511] = 'b';
    pa_err whole = {0};
    pa_fail(&whole, PA_E_IO, PA_NO_OFFSET, "%s", name);
    assert_int_equal(strlen(whole.message), 511);

    /* a small buffer never gets half an escape */
    pa_err odd = {0};
    pa_fail(&odd, PA_E_IO, PA_NO_OFFSET, "ab\x01");
    char small[8];
    for (size_t size = 1; size <= sizeof small; size++) {
        memset(small, '#', sizeof small);
        pa_err_text(&odd, small, size);
        assert_string_equal(small, size < 2 ? "" : size == 2 ? "a" : size < 7 ? "ab" : "ab\\x01");
    }
    small[0] = '#';
    pa_err_text(&odd, small, 0);
    assert_int_equal(small[0], '#');
}

static void exit_statuses(void **state)
{
    (void)state;
    static const struct {
        pa_err_code code;
        int status;
    } rows[] = {{PA_E_NONE, 0},     {PA_E_USAGE, 2},     {PA_E_IO, 2},    {PA_E_UNRECOGNISED, 2},
                {PA_E_SYNTAX, 2},   {PA_E_TRUNCATED, 2}, {PA_E_LIMIT, 2}, {PA_E_UNSUPPORTED, 2},
                {PA_E_OVERFLOW, 2}, {PA_E_STRICT, 2},    {PA_E_GATE, 1},  {PA_E_UNDECIDED, 3},
                {PA_E_OUTPUT, 4},   {PA_E_MEMORY, 4},    {PA_E_BUG, 4},   {(pa_err_code)99, 4}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        pa_err err = {.code = rows[i].code};
        assert_int_equal(pa_err_exit_status(&err), rows[i].status);
    }
    assert_int_equal(pa_err_exit_status(NULL), 0);
}

static void diagnostics(void **state)
{
    (void)state;
    pa_arena *arena = pa_arena_new(NULL);
    assert_non_null(arena);
    pa_diags diags = {0};
    char same[] = "unknown mapping id"; /* equal by content, not by address */
    pa_diag_add(arena, &diags, "unknown mapping id", 1, 40, 0);
    pa_diag_add(arena, &diags, "line without a count", 2, 10, 1);
    pa_diag_add(arena, &diags, same, 3, 20, 1);
    pa_diag_add(arena, &diags, "nothing", 0, 20, 1);
    assert_int_equal(diags.n, 2);
    assert_string_equal(diags.p[0].kind, "unknown mapping id");
    assert_int_equal(diags.p[0].count, 4);
    assert_int_equal(diags.p[0].first, 40);
    assert_int_equal(diags.p[0].input, 0);
    assert_int_equal(diags.p[1].count, 2);
    assert_int_equal(diags.p[1].input, 1);
    pa_diag_add(arena, &diags, "line without a count", UINT64_MAX, 10, 1);
    assert_true(diags.p[1].count == UINT64_MAX);
    pa_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_stays), cmocka_unit_test(positions),     cmocka_unit_test(hostile_bytes),
        cmocka_unit_test(long_messages),   cmocka_unit_test(exit_statuses), cmocka_unit_test(diagnostics),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
