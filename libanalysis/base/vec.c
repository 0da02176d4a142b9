/* vec.c: how vectors grow: by doubling, from 8 items. */
#include "libanalysis/base/vec.h"

void *pa_vec_grow(pa_arena *arena, void *p, size_t *cap, size_t wanted, size_t item_bytes)
{
    size_t n = *cap ? *cap : 8;
    while (n < wanted)
        n = n > SIZE_MAX / 2 / item_bytes ? wanted : n * 2;
    if (n == *cap)
        n *= 2;
    if (n > SIZE_MAX / item_bytes / 2)
        n = SIZE_MAX / item_bytes / 2; /* refused by the arena */
    p = pa_arena_grow(arena, p, *cap * item_bytes, n * item_bytes);
    *cap = n;
    return p;
}
