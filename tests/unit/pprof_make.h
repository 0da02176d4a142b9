/* pprof_make.h: pprof messages made by hand: varints, fields, and one whole profile of any size.
 * Everything is written to a pa_out in memory; bytes live in its arena. */
#ifndef PA_TESTS_PPROF_MAKE_H
#define PA_TESTS_PPROF_MAKE_H

#include "tests/unit/unit.h"

#include <stdio.h>

#include "libanalysis/base/output.h"

static inline void put_varint(pa_out *o, uint64_t v)
{
    for (; v > 127; v >>= 7)
        pa_out_char(o, (char)(v | 128));
    pa_out_char(o, (char)v);
}

static inline void put_number(pa_out *o, unsigned field, uint64_t v)
{
    put_varint(o, field << 3);
    put_varint(o, v);
}

static inline void put_bytes(pa_out *o, unsigned field, pa_str s)
{
    put_varint(o, field << 3 | 2);
    put_varint(o, s.n);
    pa_out_str(o, s);
}

/* A message of pairs field, number; ends at field 0. */
static inline void put_numbers(pa_out *o, pa_arena *a, unsigned field, const uint64_t *pairs)
{
    pa_out *m = pa_out_to_memory(a);
    for (; pairs[0]; pairs += 2)
        put_number(m, (unsigned)pairs[0], pairs[1]);
    put_bytes(o, field, pa_out_written(m));
}

typedef struct shape {
    size_t samples, functions, depth;
    bool labels;
    unsigned unknown_mappings; /* locations that name a mapping nobody declared: a counted diagnostic */
} shape;

/* Field numbers as in formats/pprof.proto. */
static inline void put_sample(pa_out *o, pa_arena *a, const shape *s, uint64_t *seed)
{
    pa_mark mark = pa_arena_mark(a);
    pa_out *m = pa_out_to_memory(a), *ids = pa_out_to_memory(a), *values = pa_out_to_memory(a);
    size_t depth = s->depth / 2 + random_below(seed, s->depth / 2 + 1);
    for (size_t i = 0; i + 1 < depth; i++)
        put_varint(ids, 1 + random_below(seed, s->functions));
    put_varint(ids, 1); /* leaf first: main is last */
    put_bytes(m, 1, pa_out_written(ids));
    put_varint(values, 1);
    put_varint(values, 10000000);
    put_bytes(m, 2, pa_out_written(values));
    if (s->labels)
        put_numbers(m, a, 3, (uint64_t[]){1, 5, 3, random_below(seed, 5000), 0});
    put_bytes(o, 2, pa_out_written(m));
    pa_arena_rewind(a, mark);
}

static inline pa_str make_pprof(pa_arena *a, shape s)
{
    pa_out *o = pa_out_to_memory(a);
    pa_arena *scratch = pa_arena_scratch(a);
    uint64_t seed = 42;
    put_numbers(o, scratch, 1, (uint64_t[]){1, 1, 2, 2, 0}); /* samples/count, cpu/nanoseconds */
    put_numbers(o, scratch, 1, (uint64_t[]){1, 3, 2, 4, 0});
    for (size_t i = 0; i < s.samples; i++)
        put_sample(o, scratch, &s, &seed);
    put_numbers(o, scratch, 3, (uint64_t[]){1, 1, 2, 0x1000, 3, 0x100000, 5, 6, 0});
    for (size_t i = 1; i <= s.functions; i++) {
        pa_out *m = pa_out_to_memory(scratch);
        put_number(m, 1, i);
        put_number(m, 2, i <= s.unknown_mappings ? 99 : 1);
        put_number(m, 3, 0x1000 + i * 16);
        put_numbers(m, scratch, 4, (uint64_t[]){1, i, 2, i + 1, 0});
        put_bytes(o, 4, pa_out_written(m));
        put_numbers(o, scratch, 5, (uint64_t[]){1, i, 2, 6 + i, 4, 6, 0});
    }
    const char *const first[] = {"", "samples", "count", "cpu", "nanoseconds", "request", "file.c"};
    for (size_t i = 0; i < sizeof first / sizeof *first; i++)
        put_bytes(o, 6, pa_cstr(first[i]));
    for (size_t i = 1; i <= s.functions; i++) {
        char name[24];
        snprintf(name, sizeof name, i == 1 ? "main" : "function_%zu", i);
        put_bytes(o, 6, pa_cstr(name));
    }
    put_number(o, 9, 1700000000000000000);
    put_number(o, 10, 1000000000);
    put_numbers(o, scratch, 11, (uint64_t[]){1, 3, 2, 4, 0});
    put_number(o, 12, 10000000);
    return pa_out_written(o);
}

#endif
