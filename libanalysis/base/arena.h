/* arena: the only place memory comes from.  Zeroed bump blocks; big pieces get blocks of their own, which grow by
 * moving, so a column that doubles leaves no half behind.  Everything goes with pa_arena_free.
 * An arena belongs to one thread at a time; the budget may be shared by many.
 * Out of memory (or over the budget) leaves through pa_guard: only arena.c knows setjmp. */
#ifndef PA_BASE_ARENA_H
#define PA_BASE_ARENA_H

#include <stdalign.h>

#include "libanalysis/panalyze.h"

/* Zeroed memory for count items of size bytes; never NULL: without memory it leaves through the guard. */
void *pa_arena_alloc(pa_arena *arena, size_t count, size_t size, size_t align);
/* The same, but NULL when there is none: for code that holds something to release. */
PA_MUST_CHECK void *pa_arena_try(pa_arena *arena, size_t count, size_t size, size_t align);
#define pa_new(arena, type, count) ((type *)pa_arena_alloc(arena, count, sizeof(type), alignof(type)))

/* Memory of new_bytes that starts with the first old_bytes of old (from this arena, or NULL); the rest is not set.
 * old is gone afterwards. */
void *pa_arena_grow(pa_arena *arena, void *old, size_t old_bytes, size_t new_bytes);
/* Give back a piece of at least PA_ARENA_LARGE bytes early; smaller ones stay until the arena goes. */
void pa_arena_release(pa_arena *arena, void *piece, size_t bytes);

/* Address space of reserve_bytes whose pages cost memory only once written (and are then counted through
 * pa_arena_commit); for one contiguous buffer of unknown final size.  NULL when there is none. */
PA_MUST_CHECK void *pa_arena_reserve(pa_arena *arena, size_t reserve_bytes);
/* Account bytes more of a reservation as used; false when over the budget. */
PA_MUST_CHECK bool pa_arena_commit(pa_arena *arena, size_t bytes);
/* Unmap a reservation early and give committed_bytes back to the budget. */
void pa_arena_unreserve(pa_arena *arena, void *piece, size_t committed_bytes);

/* A position to return to: everything small allocated after it is reused. */
typedef struct pa_mark {
    void *block;
    size_t used;
} pa_mark;
pa_mark pa_arena_mark(pa_arena *arena);
void pa_arena_rewind(pa_arena *arena, pa_mark mark);

/* An arena for temporary things on the same budget and guard as parent; freed with it at the latest. */
pa_arena *pa_arena_scratch(pa_arena *parent);
pa_budget *pa_arena_budget(const pa_arena *arena);
/* Bytes this arena holds, blocks in full. */
size_t pa_arena_bytes(const pa_arena *arena);

/* Run fn(arg); when an allocation from arena (or its scratch arenas) fails inside, unwind to here, fill err with
 * PA_E_MEMORY and return false.  fn must hold nothing outside arenas across an allocation. */
PA_MUST_CHECK bool pa_guard(pa_arena *arena, pa_err *err, bool (*fn)(void *arg), void *arg);

/* Copy bytes into the arena (a NUL is put behind them, outside n). */
pa_str pa_arena_str(pa_arena *arena, pa_str s);
pa_str pa_arena_format(pa_arena *arena, const char *format, ...) PA_PRINTF(2, 3);
const char *pa_arena_cstr(pa_arena *arena, pa_str s);

#define PA_ARENA_LARGE ((size_t)32768)

#endif
