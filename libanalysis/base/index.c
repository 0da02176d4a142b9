/* index.c: see index.h.  A table of 2^k slots, doubled when half full. */
#include "libanalysis/base/index.h"

#define FIRST_SLOTS 64u

static void place(pa_index *index, uint64_t slot)
{
    uint32_t at = (uint32_t)(slot >> 32) & index->mask;
    while (index->slots[at])
        at = (at + 1) & index->mask;
    index->slots[at] = slot;
}

static void resize(pa_arena *arena, pa_index *index, size_t n_slots)
{
    pa_index bigger = {
        .slots = pa_new(arena, uint64_t, n_slots), .mask = (uint32_t)(n_slots - 1), .n = index->n};
    if (index->slots) {
        for (size_t i = 0; i <= index->mask; i++)
            if (index->slots[i])
                place(&bigger, index->slots[i]);
        pa_index_release(arena, index);
    }
    *index = bigger;
}

void pa_index_reserve(pa_arena *arena, pa_index *index, size_t n)
{
    size_t slots = FIRST_SLOTS;
    while (slots < n * 2 && slots < (size_t)1 << 32)
        slots *= 2;
    if (!index->slots || slots > (size_t)index->mask + 1)
        resize(arena, index, slots);
}

void pa_index_add(pa_arena *arena, pa_index *index, uint64_t hash, uint32_t id)
{
    if (!index->slots || (size_t)index->n * 2 > index->mask)
        resize(arena, index, index->slots ? ((size_t)index->mask + 1) * 2 : FIRST_SLOTS);
    place(index, (hash >> 32 << 32) | (id + 1));
    index->n++;
}

void pa_index_release(pa_arena *arena, pa_index *index)
{
    if (index->slots)
        pa_arena_release(arena, index->slots, ((size_t)index->mask + 1) * sizeof *index->slots);
    *index = (pa_index){0};
}
