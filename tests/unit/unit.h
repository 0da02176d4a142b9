/* unit.h: what the tests of base, model and text engine share: cmocka in the order it wants, an arena a test, seeded
 * random numbers, guarded calls.
 * Everything is static: each test program has its own.  Must not include anything that not every test needs. */
#ifndef PA_TESTS_UNIT_H
#define PA_TESTS_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "libanalysis/base/arena.h"

/* For cmocka_unit_test_setup_teardown: *state is an arena without limits. */
static inline int arena_setup(void **state)
{
    *state = pa_arena_new(NULL);
    return *state ? 0 : -1;
}

static inline int arena_teardown(void **state)
{
    pa_arena_free(*state);
    return 0;
}

#define ARENA_TEST(fn) cmocka_unit_test_setup_teardown(fn, arena_setup, arena_teardown)

/* The same numbers in every run: xorshift64*. */
static inline uint64_t random_next(uint64_t *seed)
{
    *seed ^= *seed >> 12;
    *seed ^= *seed << 25;
    *seed ^= *seed >> 27;
    return *seed * 0x2545f4914f6cdd1du;
}

static inline uint64_t random_below(uint64_t *seed, uint64_t n) { return random_next(seed) % n; }

#endif
