/* utf16: text as Windows shells write it.  Every character, cut at every byte, halves of characters, both byte orders:
 * the same UTF-8 or the same error, whichever way the bytes come. */
#include "tests/unit/input_ways.h"

static const pa_input_options no_options = {0};

/* Characters as UTF-16 behind its mark. */
static pa_str utf16_of(pa_arena *a, const uint16_t *units, size_t n, bool big)
{
    char *p = pa_new(a, char, n * 2 + 2);
    p[0] = big ? '\xfe' : '\xff';
    p[1] = big ? '\xff' : '\xfe';
    for (size_t i = 0; i < n; i++) {
        p[2 + 2 * i] = (char)(big ? units[i] >> 8 : units[i]);
        p[3 + 2 * i] = (char)(big ? units[i] : units[i] >> 8);
    }
    return (pa_str){p, n * 2 + 2};
}

static void both_orders(pa_arena *a, const uint16_t *units, size_t n, pa_str want)
{
    for (int big = 0; big < 2; big++)
        every_way(utf16_of(a, units, n, big), no_options, (expected){.want = want});
}

static void known_texts(void **state)
{
    static const uint16_t units[] = {'a', ';', 0xe9, 0x20ac, 0xd83d, 0xde00, ' ', '7', '\r', '\n'};
    both_orders(*state, units, sizeof units / sizeof *units,
                PA_STR("a;\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80 7\r\n"));
    both_orders(*state, units, 0, PA_STR(""));
    static const uint16_t edges[] = {0x7f,   0x80,   0x7ff,  0x800,  0xd7ff, 0xe000, 0xfeff,
                                     0xffff, 0xd800, 0xdc00, 0xdbff, 0xdfff, 0};
    both_orders(*state, edges, sizeof edges / sizeof *edges,
                PA_STR("\x7f\xc2\x80\xdf\xbf\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xef\xbb\xbf\xef\xbf\xbf\xf0"
                       "\x90\x80\x80\xf4\x8f\xbf\xbf\0"));
}

/* pa_utf8_at is another's word on what a character is. */
static void every_character(void **state)
{
    pa_arena *a = *state;
    uint16_t *units = pa_new(a, uint16_t, 2 * 0x110000);
    size_t n = 0, characters = 0;
    for (unsigned c = 0; c < 0x110000; c++) {
        if (c >= 0xd800 && c < 0xe000)
            continue;
        characters++;
        if (c >= 0x10000) {
            units[n++] = (uint16_t)(0xd800 + ((c - 0x10000) >> 10));
            units[n++] = (uint16_t)(0xdc00 + (c & 0x3ff));
        } else {
            units[n++] = (uint16_t)c;
        }
    }
    outcome little = one_way(FROM_FILE, BY_STREAM, utf16_of(a, units, n, false), no_options, a);
    outcome big = one_way(FROM_PIPE, BY_STREAM, utf16_of(a, units, n, true), no_options, a);
    assert_true(little.ok && big.ok);
    assert_true(pa_str_eq(little.bytes, big.bytes));
    pa_str rest = little.bytes;
    for (size_t size; rest.n; rest = pa_str_from(rest, size), characters--) {
        size = pa_utf8_at(rest);
        assert_true(size > 0);
    }
    assert_int_equal(characters, 0);
}

/* Longer than any buffer in between, with characters of 1 to 4 bytes: they fall onto every edge. */
static void long_texts(void **state)
{
    pa_arena *a = *state;
    static const struct {
        uint16_t units[2];
        size_t n;
        const char *utf8;
    } some[] = {{{'x'}, 1, "x"},
                {{0xe9}, 1, "\xc3\xa9"},
                {{0x20ac}, 1, "\xe2\x82\xac"},
                {{0xd83d, 0xde00}, 2, "\xf0\x9f\x98\x80"}};
    for (size_t size = 131000; size < 132000; size += 331) {
        uint16_t *units = pa_new(a, uint16_t, size * 2);
        char *want = pa_new(a, char, size * 4);
        size_t n = 0, n_want = 0;
        uint64_t seed = size;
        for (size_t i = 0; i < size; i++) {
            size_t k = random_below(&seed, 4), bytes = strlen(some[k].utf8);
            memcpy(units + n, some[k].units, some[k].n * 2);
            memcpy(want + n_want, some[k].utf8, bytes);
            n += some[k].n;
            n_want += bytes;
        }
        both_orders(a, units, n, (pa_str){want, n_want});
    }
}

/* Half a unit, or half a character, at the end of the file. */
static void cut(void **state)
{
    static const uint16_t units[] = {'a', 0xd83d, 0xde00};
    for (int big = 0; big < 2; big++) {
        pa_str all = utf16_of(*state, units, 3, big);
        for (size_t n = 2; n <= all.n; n++) {
            bool whole = n == 2 || n == 4 || n == 8;
            every_way(pa_str_head(all, n), no_options,
                      (expected){.want = n == 2   ? PA_STR("")
                                         : n == 4 ? PA_STR("a")
                                                  : PA_STR("a\xf0\x9f\x98\x80"),
                                 .code = whole ? PA_E_NONE : PA_E_TRUNCATED,
                                 .offset = whole   ? 0
                                           : n < 4 ? 2
                                                   : 4});
        }
    }
}

static void lone_halves(void **state)
{
    pa_arena *a = *state;
    static const uint16_t units[] = {'a', 0xde00, 'b', 0xd83d, 0xd83d, 0xde00, 0xd800, '\n', 0xfffd};
    pa_str want = PA_STR("a\xef\xbf\xbd"
                         "b\xef\xbf\xbd\xf0\x9f\x98\x80\xef\xbf\xbd\n\xef\xbf\xbd");
    both_orders(a, units, sizeof units / sizeof *units, want);
    for (int big = 0; big < 2; big++) {
        pa_err err = {0};
        pa_input *in = pa_input_memory("m", utf16_of(a, units, 9, big), NULL, a, &err);
        pa_str head;
        uint64_t first;
        assert_true(pa_input_head(in, &head, &err));
        assert_int_equal(pa_input_replaced(in, &first), 3); /* the last one stood there as it is */
        assert_int_equal(first, 1);
        assert_true(pa_input_inflated(in));
        pa_input_close(in);
    }
}

static void other_marks(void **state)
{
    (void)state;
    static const pa_str others[] = {{"\xff", 1},
                                    {"\xfe", 1},
                                    {"\xff\xff\0a", 4},
                                    {"\xfe\xfe", 2},
                                    {"\xef\xbb\xbf"
                                     "a",
                                     4},
                                    {"a\0", 2}};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        every_way(others[i], no_options, (expected){.want = others[i]});
}

static void limits(void **state)
{
    pa_arena *a = *state;
    uint16_t euros[100];
    for (size_t i = 0; i < 100; i++)
        euros[i] = 0x20ac;
    pa_str file = utf16_of(a, euros, 100, false);
    outcome o = one_way(FROM_FILE, BY_STREAM, file, (pa_input_options){.max_size = 300}, a);
    assert_true(o.ok && o.bytes.n == 300);
    every_way(file, (pa_input_options){.max_size = 299},
              (expected){.code = PA_E_LIMIT, .offset = PA_NO_OFFSET});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARENA_TEST(known_texts), ARENA_TEST(every_character), ARENA_TEST(long_texts), ARENA_TEST(cut),
        ARENA_TEST(lone_halves), ARENA_TEST(other_marks),     ARENA_TEST(limits),
    };
    return cmocka_run_group_tests_name("utf16", tests, NULL, NULL);
}
