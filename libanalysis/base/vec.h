/* vec: growable array in an arena.  struct { type *p; size_t n, cap; }, zero to start with.
 * Pointers into it are valid until the next push. */
#ifndef PA_BASE_VEC_H
#define PA_BASE_VEC_H

#include "libanalysis/base/arena.h"

#define PA_VEC(type)   \
    struct {           \
        type *p;       \
        size_t n, cap; \
    }

void *pa_vec_grow(pa_arena *arena, void *p, size_t *cap, size_t wanted, size_t item_bytes);

/* Room for extra more items. */
#define pa_reserve(arena, vec, extra) \
    ((vec)->cap - (vec)->n >= (extra) \
         ? (void)0                    \
         : (void)((vec)->p =          \
                      pa_vec_grow(arena, (vec)->p, &(vec)->cap, (vec)->n + (extra), sizeof *(vec)->p)))
/* Lvalue of one new item (not cleared). */
#define pa_push(arena, vec) (*(pa_reserve(arena, vec, 1), &(vec)->p[(vec)->n++]))

#endif
