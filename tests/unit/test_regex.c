/* regex: what matches, which bytes do no harm, and that giving up is an error and leaves nothing behind. */
#include "tests/unit/unit.h"

#include "libanalysis/model/regex.h"

static bool matches(pa_arena *a, const char *pattern, pa_str subject)
{
    pa_regex_pool pool = {.arena = a};
    pa_err err = {0};
    bool hit = false;
    pa_regex *re = pa_regex_new(&pool, "focus", pa_cstr(pattern), &err);
    if (!re || !pa_regex_match(re, subject, &hit, &err))
        fail_msg("'%s': %s", pattern, err.message);
    pa_regex_release(&pool);
    return hit;
}

static void plain_matches(void **state)
{
    static const struct {
        const char *pattern, *subject;
        bool hit;
    } rows[] = {
        {"main", "runtime.main", true},
        {"^main", "runtime.main", false},
        {"main$", "main\n", false},
        {"(?i)MAIN", "runtime.main", true},
        {"", "", true},
        {"^$", "", true},
        {".", "", false},
        {"\xC3\xA4+$", "\xC3\xA4\xC3\xA4", true},
        {"^.$", "\xC3\xA4", true},
        {"a|b", "xb", true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (matches(*state, rows[i].pattern, pa_cstr(rows[i].subject)) != rows[i].hit)
            fail_msg("'%s' on '%s'", rows[i].pattern, rows[i].subject);
}

/* Names are any bytes: NUL is a character, what is no UTF-8 matches nothing, not even '.', but what follows it may. */
static void any_bytes(void **state)
{
    assert_true(matches(*state, "b$", (pa_str){"a\0b", 3}));
    assert_true(matches(*state, "tail", (pa_str){"\xFF\xFE tail", 7}));
    assert_false(matches(*state, "^.$", (pa_str){"\xFF", 1}));
    assert_false(matches(*state, ".", (pa_str){NULL, 0}));
}

static void whole_subject(void **state)
{
    pa_regex_pool pool = {.arena = *state};
    pa_err err = {0};
    bool hit = true;
    pa_regex *re = pa_regex_new_whole(&pool, "drop_frames", PA_STR("a|ab"), &err);
    assert_non_null(re);
    assert_true(pa_regex_match(re, PA_STR("abc"), &hit, &err));
    assert_false(hit);
    assert_true(pa_regex_match(re, PA_STR("ab"), &hit, &err));
    assert_true(hit); /* the second alternative, though the first matches the beginning */
    pa_regex_release(&pool);
}

static void bad_patterns(void **state)
{
    static const struct {
        const char *pattern, *message;
    } rows[] = {
        {"(a", "focus: not a valid expression: missing closing parenthesis at position 2 of '(a'"},
        {"*x",
         "focus: not a valid expression: quantifier does not follow a repeatable item at position 0 of '*x'"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        pa_regex_pool pool = {.arena = *state};
        pa_err err = {0};
        assert_null(pa_regex_new(&pool, "focus", pa_cstr(rows[i].pattern), &err));
        assert_int_equal(err.code, PA_E_USAGE);
        assert_string_equal(err.message, rows[i].message);
        pa_regex_release(&pool);
    }
    pa_regex_pool pool = {.arena = *state};
    pa_err err = {0};
    assert_null(pa_regex_new(&pool, "show", (pa_str){"a\xFF", 2}, &err)); /* a pattern must be UTF-8 */
    assert_int_equal(err.code, PA_E_USAGE);
    pa_regex_release(&pool);
}

/* (a+)+$ on aaaa...b tries 2^n ways. */
static void giving_up_is_an_error(void **state)
{
    pa_regex_pool pool = {.arena = *state};
    pa_err err = {0};
    bool hit;
    pa_regex *re = pa_regex_new(&pool, "hide", PA_STR("(a+)+$"), &err);
    assert_non_null(re);
    pa_str slow = PA_STR("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab");
    assert_false(pa_regex_match(re, slow, &hit, &err));
    assert_int_equal(err.code, PA_E_LIMIT);
    assert_non_null(strstr(err.message, "hide: expression takes too long on 'aaaa"));
    pa_err again = {0};
    assert_true(pa_regex_match(re, PA_STR("aa"), &hit, &again)); /* and it still works */
    assert_true(hit);
    pa_regex_release(&pool);
}

/* A subject that needs more stack than the just-in-time code has: the interpreter takes over, same answer. */
static void deep_matches(void **state)
{
    size_t n = 20000;
    char *text = pa_new(*state, char, n);
    memset(text, 'a', n);
    assert_true(matches(*state, "^(?:a|b)*$", (pa_str){text, n}));
    text[n - 1] = 'c';
    assert_false(matches(*state, "^(?:a|b)*$", (pa_str){text, n}));
}

static void groups(void **state)
{
    pa_regex_pool pool = {.arena = *state};
    pa_err err = {0};
    bool hit;
    pa_regex_groups g;
    pa_regex *re = pa_regex_new(&pool, "rename", PA_STR("(a)|(b)(c?)"), &err);
    assert_non_null(re);
    assert_int_equal(pa_regex_n_groups(re), 3);
    pa_str subject = PA_STR("xab");
    assert_true(pa_regex_find(re, subject, 2, &hit, &g, &err));
    assert_true(hit);
    assert_ptr_equal(g.at[0].p, subject.p + 2);
    assert_null(g.at[1].p);
    assert_true(pa_str_is(g.at[2], "b"));
    assert_int_equal(g.at[3].n, 0);
    assert_true(pa_regex_find(re, subject, 3, &hit, &g, &err));
    assert_false(hit);
    pa_regex_release(&pool);
}

/* Every allocation refused in turn: an error each time, and (under the leak sanitizer) nothing left. */
static void no_memory(void **state)
{
    (void)state;
    for (long fail = 2;; fail++) { /* 1 is the arena itself */
        pa_budget budget = {.block_bytes = 64, .fail_block = fail};
        pa_arena *a = pa_arena_new(&budget);
        assert_non_null(a);
        pa_regex_pool pool = {.arena = a};
        pa_err err = {0};
        bool hit;
        pa_regex *re = pa_regex_new(&pool, "focus", PA_STR("(a|b)+c"), &err);
        bool ok = re && pa_regex_match(re, PA_STR("abc"), &hit, &err);
        pa_regex_release(&pool);
        pa_arena_free(a);
        assert_int_equal(err.code, ok ? PA_E_NONE : PA_E_MEMORY);
        if (ok && budget.n_blocks < fail)
            return;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARENA_TEST(plain_matches),
        ARENA_TEST(any_bytes),
        ARENA_TEST(whole_subject),
        ARENA_TEST(bad_patterns),
        ARENA_TEST(giving_up_is_an_error),
        ARENA_TEST(deep_matches),
        ARENA_TEST(groups),
        cmocka_unit_test(no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
