/* arena.c: see arena.h.  The only caller of malloc, mmap and setjmp.
 * In: sizes.  Out: zeroed memory that lives until pa_arena_free.
 * Small pieces are cut from blocks; pieces of PA_ARENA_LARGE and more are blocks of their own in a ring, so that they
 * can grow by moving page tables, not bytes, and be given back early. */
#include "libanalysis/base/arena.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "libanalysis/base/err.h"

#define DEFAULT_BLOCK ((size_t)65536)

typedef struct block {
    struct block *next;
    size_t size, used; /* bytes behind this header */
    alignas(max_align_t) unsigned char bytes[];
} block;

/* A piece with a block of its own; in a ring so that it can leave it. */
typedef struct large {
    struct large *next, *prev;
    size_t size;
    alignas(max_align_t) unsigned char bytes[];
} large;

typedef struct reservation {
    struct reservation *next;
    void *piece;
    size_t size;
} reservation;

struct pa_arena {
    block *blocks; /* newest first */
    large *larges;
    reservation *reservations;
    pa_budget *budget;
    jmp_buf **trap;      /* where to go without memory: shared by an arena and its scratch arenas */
    jmp_buf *own_trap;   /* what trap points to in an arena that is nobody's scratch */
    pa_arena *scratches; /* children, newest first */
    pa_arena *parent;
    pa_arena *next, *prev; /* among the parent's children */
    size_t held_bytes;
};

static bool budget_take(pa_budget *b, size_t bytes)
{
    if (!b)
        return true;
    long n = __atomic_add_fetch(&b->n_blocks, 1, __ATOMIC_RELAXED);
    if (b->fail_block > 0 && n == b->fail_block)
        return false;
    size_t used = __atomic_add_fetch(&b->used_bytes, bytes, __ATOMIC_RELAXED);
    if (b->max_bytes > 0 && used > b->max_bytes) {
        __atomic_sub_fetch(&b->used_bytes, bytes, __ATOMIC_RELAXED);
        return false;
    }
    return true;
}

static void budget_give(pa_budget *b, size_t bytes)
{
    if (b)
        __atomic_sub_fetch(&b->used_bytes, bytes, __ATOMIC_RELAXED);
}

/* ---- pieces with a block of their own ------------------------------------------------------------------------ */

/* Mappings of many megabytes: a page fault for every 2 MiB instead of every 4 KiB, which is a tenth of reading a large
 * profile.  For the whole mapping: half of one could no longer be moved.  The kernel may refuse; nothing depends on it. */
#define HUGE_FROM ((size_t)4 << 20)

static void ask_for_huge_pages(void *mapping, size_t bytes)
{
    if (bytes >= HUGE_FROM)
        (void)madvise(mapping, bytes, MADV_HUGEPAGE);
}

/* From here on a piece is mapped by itself: never touched before it is written, moved by page tables when it grows,
 * given back at once.  Left to malloc, pieces of megabytes would end up in its heap once a big one was freed, to be zeroed
 * and copied there.  Under the address sanitizer everything is malloc's, so that it sees where a piece
 * ends. */
#define MAPPED_FROM ((size_t)262144)

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

static bool is_mapped(size_t bytes) { return !SANITIZED && bytes >= MAPPED_FROM; }

static large *get_large(size_t bytes)
{
    if (!is_mapped(bytes))
        return calloc(1, sizeof(large) + bytes);
    void *p = mmap(NULL, sizeof(large) + bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED)
        return NULL;
    ask_for_huge_pages(p, sizeof(large) + bytes);
    return p;
}

static void put_large(large *l)
{
    if (is_mapped(l->size))
        munmap(l, sizeof(large) + l->size);
    else
        free(l);
}

/* NULL and l as it was when there is no memory. */
static large *resize_large(large *l, size_t bytes)
{
    if (is_mapped(l->size)) {
        void *p = mremap(l, sizeof(large) + l->size, sizeof(large) + bytes, MREMAP_MAYMOVE);
        if (p == MAP_FAILED)
            return NULL;
        ask_for_huge_pages(p, sizeof(large) + bytes);
        return p;
    }
    if (!is_mapped(bytes))
        return realloc(l, sizeof(large) + bytes);
    large *moved = get_large(bytes);
    if (moved) {
        memcpy(moved, l, sizeof(large) + l->size);
        free(l);
    }
    return moved;
}

/* ---- arenas -------------------------------------------------------------------------------------------------- */

pa_arena *pa_arena_new(pa_budget *budget)
{
    if (!budget_take(budget, sizeof(pa_arena)))
        return NULL;
    pa_arena *a = calloc(1, sizeof *a);
    if (!a) {
        budget_give(budget, sizeof(pa_arena));
        return NULL;
    }
    a->budget = budget;
    a->trap = &a->own_trap;
    a->held_bytes = sizeof *a;
    return a;
}

pa_arena *pa_arena_scratch(pa_arena *parent)
{
    pa_arena *a = pa_arena_new(parent->budget);
    if (!a)
        longjmp(**parent->trap, 1);
    a->trap = parent->trap;
    a->parent = parent;
    a->next = parent->scratches;
    if (a->next)
        a->next->prev = a;
    parent->scratches = a;
    return a;
}

static void unlink_scratch(pa_arena *a)
{
    if (!a->parent)
        return;
    if (a->prev)
        a->prev->next = a->next;
    else
        a->parent->scratches = a->next;
    if (a->next)
        a->next->prev = a->prev;
}

void pa_arena_free(pa_arena *a)
{
    if (!a)
        return;
    while (a->scratches)
        pa_arena_free(a->scratches); // NOLINT(clang-analyzer-unix.Malloc): each unlinks itself from a
    unlink_scratch(a);
    for (reservation *r = a->reservations; r; r = r->next)
        munmap(r->piece, r->size);
    for (block *b = a->blocks, *next; b; b = next) {
        next = b->next;
        free(b);
    }
    for (large *l = a->larges, *next; l; l = next) {
        next = l->next;
        put_large(l);
    }
    budget_give(a->budget, a->held_bytes);
    free(a);
}

static bool take(pa_arena *a, size_t bytes)
{
    if (!budget_take(a->budget, bytes))
        return false;
    a->held_bytes += bytes;
    return true;
}

static void give(pa_arena *a, size_t bytes)
{
    budget_give(a->budget, bytes);
    a->held_bytes -= bytes;
}

static void link_large(pa_arena *a, large *l)
{
    l->prev = NULL;
    l->next = a->larges;
    if (l->next)
        l->next->prev = l;
    a->larges = l;
}

static void unlink_large(pa_arena *a, large *l)
{
    if (l->prev)
        l->prev->next = l->next;
    else
        a->larges = l->next;
    if (l->next)
        l->next->prev = l->prev;
}

static void *alloc_large(pa_arena *a, size_t bytes)
{
    if (bytes > SIZE_MAX - sizeof(large) || !take(a, sizeof(large) + bytes))
        return NULL;
    large *l = get_large(bytes);
    if (!l) {
        give(a, sizeof(large) + bytes);
        return NULL;
    }
    l->size = bytes;
    link_large(a, l);
    return l->bytes;
}

static block *new_block(pa_arena *a, size_t at_least)
{
    size_t size = a->budget && a->budget->block_bytes ? a->budget->block_bytes : DEFAULT_BLOCK;
    if (size < at_least)
        size = at_least;
    if (!take(a, sizeof(block) + size))
        return NULL;
    block *b = malloc(sizeof(block) + size);
    if (!b) {
        give(a, sizeof(block) + size);
        return NULL;
    }
    *b = (block){.next = a->blocks, .size = size};
    a->blocks = b;
    return b;
}

void *pa_arena_try(pa_arena *a, size_t count, size_t size, size_t align)
{
    if (size != 0 && count > SIZE_MAX / 2 / size)
        return NULL;
    size_t bytes = count * size;
    if (bytes >= PA_ARENA_LARGE)
        return alloc_large(a, bytes);
    block *b = a->blocks;
    size_t at = b ? (b->used + align - 1) & ~(align - 1) : 0;
    if (!b || at > b->size || bytes > b->size - at) {
        b = new_block(a, bytes);
        if (!b)
            return NULL;
        at = 0;
    }
    b->used = at + bytes;
    return memset(b->bytes + at, 0, bytes);
}

void *pa_arena_alloc(pa_arena *a, size_t count, size_t size, size_t align)
{
    void *p = pa_arena_try(a, count, size, align);
    if (!p)
        longjmp(**a->trap, 1);
    return p;
}

static void *grow_large(pa_arena *a, void *old, size_t new_bytes)
{
    large *l = (large *)(void *)((unsigned char *)old - offsetof(large, bytes));
    size_t more = new_bytes - l->size;
    if (new_bytes > SIZE_MAX - sizeof(large) || !take(a, more))
        longjmp(**a->trap, 1);
    unlink_large(a, l);
    large *moved = resize_large(l, new_bytes);
    link_large(a, moved ? moved : l);
    if (!moved) {
        give(a, more);
        longjmp(**a->trap, 1);
    }
    moved->size = new_bytes;
    return moved->bytes;
}

void *pa_arena_grow(pa_arena *a, void *old, size_t old_bytes, size_t new_bytes)
{
    if (old && old_bytes >= PA_ARENA_LARGE)
        return new_bytes > old_bytes ? grow_large(a, old, new_bytes) : old;
    block *b = a->blocks;
    /* the last piece of the newest block is extended where it stands */
    if (old && b && (unsigned char *)old + old_bytes == b->bytes + b->used && new_bytes < PA_ARENA_LARGE &&
        new_bytes >= old_bytes && new_bytes - old_bytes <= b->size - b->used) {
        b->used += new_bytes - old_bytes;
        return old;
    }
    void *p = pa_arena_alloc(a, new_bytes, 1, alignof(max_align_t));
    if (old && old_bytes)
        memcpy(p, old, old_bytes);
    return p;
}

void pa_arena_release(pa_arena *a, void *piece, size_t bytes)
{
    if (!piece || bytes < PA_ARENA_LARGE)
        return;
    large *l = (large *)(void *)((unsigned char *)piece - offsetof(large, bytes));
    unlink_large(a, l);
    give(a, sizeof(large) + l->size);
    put_large(l);
}

void *pa_arena_reserve(pa_arena *a, size_t bytes)
{
    reservation *r = pa_arena_try(a, 1, sizeof *r, alignof(reservation));
    if (!r)
        return NULL;
    void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (p == MAP_FAILED)
        return NULL;
    (void)madvise(p, bytes,
                  MADV_HUGEPAGE); /* a fault per 2 MiB, not per page: 10 % of reading a pprof file */
    *r = (reservation){.next = a->reservations, .piece = p, .size = bytes};
    a->reservations = r;
    return p;
}

bool pa_arena_commit(pa_arena *a, size_t bytes) { return take(a, bytes); }

void pa_arena_unreserve(pa_arena *a, void *piece, size_t committed_bytes)
{
    for (reservation **r = &a->reservations; *r; r = &(*r)->next)
        if ((*r)->piece == piece) {
            munmap(piece, (*r)->size);
            *r = (*r)->next;
            give(a, committed_bytes);
            return;
        }
}

pa_mark pa_arena_mark(pa_arena *a) { return (pa_mark){a->blocks, a->blocks ? a->blocks->used : 0}; }

void pa_arena_rewind(pa_arena *a, pa_mark mark)
{
    while (a->blocks && a->blocks != mark.block) {
        block *b = a->blocks;
        /* the oldest block is kept for the next round, so that a loop of mark and rewind does not ask again and again */
        if (!mark.block && !b->next) {
            b->used = 0;
            return;
        }
        a->blocks = b->next;
        give(a, sizeof(block) + b->size);
        free(b);
    }
    if (a->blocks)
        a->blocks->used = mark.used;
}

pa_budget *pa_arena_budget(const pa_arena *a) { return a->budget; }

size_t pa_arena_bytes(const pa_arena *a)
{
    size_t n = a->held_bytes;
    for (const pa_arena *c = a->scratches; c; c = c->next)
        n += pa_arena_bytes(c);
    return n;
}

bool pa_guard(pa_arena *a, pa_err *err, bool (*fn)(void *), void *arg)
{
    jmp_buf here;
    jmp_buf *volatile outer = *a->trap;
    jmp_buf **volatile trap = a->trap;
    *trap = &here;
    bool ok;
    if (setjmp(here) == 0)
        ok = fn(arg);
    else
        ok = pa_fail(err, PA_E_MEMORY, PA_NO_OFFSET, "out of memory");
    *trap = outer;
    return ok;
}

pa_str pa_arena_str(pa_arena *a, pa_str s)
{
    char *p = pa_arena_alloc(a, s.n + 1, 1, 1);
    if (s.n)
        memcpy(p, s.p, s.n);
    return (pa_str){p, s.n};
}

const char *pa_arena_cstr(pa_arena *a, pa_str s) { return pa_arena_str(a, s).p; }

pa_str pa_arena_format(pa_arena *a, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char *p = pa_arena_alloc(a, (size_t)(n < 0 ? 0 : n) + 1, 1, 1);
    va_start(args, format);
    vsnprintf(p, (size_t)(n < 0 ? 0 : n) + 1, format, args);
    va_end(args);
    return (pa_str){p, (size_t)(n < 0 ? 0 : n)};
}
