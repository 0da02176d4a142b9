/* index: the one hash table, u64 hash -> u32 id.  Keys stay with the caller, who compares them:
 *   for (pa_slot at = pa_index_find(&ix, hash); pa_index_next(&ix, &at, &id);) if (same(id)) return id;
 *   pa_index_add(arena, &ix, hash, new_id);
 * Open addressing, at most half full; lives in an arena. */
#ifndef PA_BASE_INDEX_H
#define PA_BASE_INDEX_H

#include "libanalysis/base/arena.h"

typedef struct pa_index {
    uint64_t *slots; /* hash in the high 32 bits, id + 1 in the low; 0 is empty */
    uint32_t mask;
    uint32_t n;
} pa_index;

typedef struct pa_slot {
    uint32_t at, tag;
} pa_slot;

/* 64 well-mixed bits of two words. */
static inline uint64_t pa_mix(uint64_t a, uint64_t b)
{
    uint64_t x = (a ^ 0x9e3779b97f4a7c15u) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 29) ^ b) * 0x94d049bb133111ebu;
    return x ^ (x >> 32);
}

static inline pa_slot pa_index_find(const pa_index *index, uint64_t hash)
{
    uint32_t tag = (uint32_t)(hash >> 32);
    return (pa_slot){tag & index->mask, tag};
}

static inline bool pa_index_next(const pa_index *index, pa_slot *slot, uint32_t *id)
{
    if (!index->slots)
        return false;
    for (;;) {
        uint64_t s = index->slots[slot->at];
        if (s == 0)
            return false;
        slot->at = (slot->at + 1) & index->mask;
        if ((uint32_t)(s >> 32) == slot->tag) {
            *id = (uint32_t)s - 1;
            return true;
        }
    }
}

static inline void pa_index_prefetch(const pa_index *index, uint64_t hash)
{
    if (index->slots)
        __builtin_prefetch(&index->slots[(uint32_t)(hash >> 32) & index->mask]);
}

void pa_index_add(pa_arena *arena, pa_index *index, uint64_t hash, uint32_t id);
/* Room for n entries without growing on the way. */
void pa_index_reserve(pa_arena *arena, pa_index *index, size_t n);
/* Give the table's memory back to its arena. */
void pa_index_release(pa_arena *arena, pa_index *index);

#endif
