/* test_pprof_memo: numbers of distinct runs, alone and with a thread; memory refused in either. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "formats/pprof_memo.h"

#define N_RUNS 20000
#define N_KEYS 700

typedef struct numbering {
    pa_arena *arena;
    const unsigned char *bytes; /* keys side by side, 8 bytes each */
    unsigned threads;
    pprof_memo memo;
    uint32_t *numbers; /* N_RUNS, where wanted */
    bool ok;
} numbering;

/* Key of run i: an old one more often than a new one, sometimes the empty run (N_KEYS). */
static size_t key_of(size_t i) { return i * 2654435761u % (i % 97 == 5 ? N_KEYS + 1 : N_KEYS / 2); }

static bool number_all(void *arg)
{
    numbering *n = arg;
    pprof_memo_start(&n->memo, n->arena, n->threads);
    for (size_t i = 0; i < N_RUNS; i++) {
        size_t key = key_of(i);
        pa_str run = {(const char *)n->bytes + key * 8, key == N_KEYS ? 0 : 3 + key % 6};
        pprof_memo_add(&n->memo, n->arena, run, n->bytes + i % 8);
    }
    n->ok = pprof_memo_finish(&n->memo);
    for (size_t i = 0; n->ok && n->numbers && i < N_RUNS; i++)
        n->numbers[i] = n->memo.numbers.p[i];
    return n->ok;
}

static bool run_once(pa_budget *budget, unsigned threads, uint32_t *numbers)
{
    static unsigned char bytes[(N_KEYS + 1) * 8];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (unsigned char)(i % 8 < 3 ? i / 8 >> i % 8 * 4 : i % 8);
    numbering n = {.arena = pa_arena_new(budget), .bytes = bytes, .threads = threads, .numbers = numbers};
    if (!n.arena)
        return false;
    pa_err err = {0};
    bool ok = pa_guard(n.arena, &err, number_all, &n);
    pprof_memo_stop(&n.memo);
    pa_arena_free(n.arena);
    return ok;
}

static void test_threads_agree(void **state)
{
    (void)state;
    static uint32_t alone[N_RUNS], together[N_RUNS];
    assert_true(run_once(NULL, 1, alone));
    uint32_t most = 0;
    for (size_t i = 0; i < N_RUNS; i++) {
        assert_true(alone[i] <= most + 1); /* numbered as they first appear */
        most = alone[i] > most ? alone[i] : most;
        assert_int_equal(alone[i] == 0, key_of(i) == N_KEYS);
    }
    assert_true(most > N_KEYS / 2);
    for (unsigned threads = 2; threads < 5; threads++) {
        assert_true(run_once(NULL, threads, together));
        assert_memory_equal(alone, together, sizeof alone);
    }
}

static void test_memory_refused(void **state)
{
    (void)state;
    for (unsigned threads = 1; threads < 3; threads++) {
        long block = 0;
        bool ok = false;
        while (!ok) {
            pa_budget budget = {.block_bytes = 256, .fail_block = ++block};
            ok = run_once(&budget, threads, NULL);
            assert_int_equal(budget.used_bytes, 0);
            assert_true(block < 10000);
        }
        assert_true(block > 3);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_threads_agree),
        cmocka_unit_test(test_memory_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
