/* pprof_write_stacks: the stacks of a pprof profile that is written, in order.
 * In: stacks as locations, ranked by content.  Out: the stacks sorted, leaf first, by these ranks; locations numbered by
 * how many distinct stacks they are in, so that most numbers in samples take one or two bytes. */
#include <stdlib.h>

#include "formats/pprof_write.h"

#define FEW 12 /* sorted by insertion */

/* Stacks that agree before depth. */
typedef struct segment {
    size_t at, n;
    uint32_t depth;
} segment;

typedef struct sorter {
    pa_arena *a;
    pprof_stack *stacks;
    PA_VEC(segment) todo;
} sorter;

static uint64_t key_at(const pprof_stack *s, uint32_t depth)
{
    uint64_t first = depth < s->n ? s->places[depth] : 0;
    return first << 32 | (depth + 1 < s->n ? s->places[depth + 1] : 0);
}

static void swap(pprof_stack *a, pprof_stack *b)
{
    pprof_stack t = *a;
    *a = *b;
    *b = t;
}

static uint64_t middle(uint64_t a, uint64_t b, uint64_t c)
{
    if (a < b)
        return b < c ? b : a < c ? c : a;
    return a < c ? a : b < c ? c : b;
}

static int compare_stacks(const pprof_stack *a, const pprof_stack *b, uint32_t depth)
{
    if (a->key != b->key)
        return a->key < b->key ? -1 : 1;
    for (uint32_t d = depth + 2; d < a->n && d < b->n; d++)
        if (a->places[d] != b->places[d])
            return a->places[d] < b->places[d] ? -1 : 1;
    return a->n < b->n ? -1 : a->n > b->n;
}

static void insertion_sort(pprof_stack *v, size_t n, uint32_t depth)
{
    for (size_t i = 1; i < n; i++) {
        pprof_stack s = v[i];
        size_t j = i;
        for (; j > 0 && compare_stacks(&v[j - 1], &s, depth) > 0; j--)
            v[j] = v[j - 1];
        v[j] = s;
    }
}

static void todo(sorter *s, size_t at, size_t n, uint32_t depth)
{
    if (n > FEW)
        pa_push(s->a, &s->todo) = (segment){at, n, depth};
    else if (n > 1)
        insertion_sort(s->stacks + at, n, depth);
}

/* Multikey quicksort (Bentley and Sedgewick, "Fast algorithms for sorting and searching strings", 1997), two locations
 * a step; the keys are kept beside the pointers, so only equal ones are followed. */
static void split(sorter *s, segment run)
{
    pprof_stack *v = s->stacks + run.at;
    uint64_t pivot = middle(v[0].key, v[run.n / 2].key, v[run.n - 1].key);
    size_t less = 0, at = 0, greater = run.n;
    while (at < greater) {
        if (v[at].key < pivot)
            swap(&v[less++], &v[at++]);
        else if (v[at].key > pivot)
            swap(&v[at], &v[--greater]);
        else
            at++;
    }
    todo(s, run.at, less, run.depth);
    todo(s, run.at + greater, run.n - greater, run.depth);
    if ((uint32_t)pivot == 0)
        return; /* they all end here */
    for (size_t i = less; i < greater; i++)
        v[i].key = key_at(&v[i], run.depth + 2);
    todo(s, run.at + less, greater - less, run.depth + 2);
}

static void sort_stacks(pa_arena *a, pprof_stack *stacks, size_t n)
{
    sorter s = {.a = a, .stacks = stacks};
    for (size_t i = 0; i < n; i++)
        stacks[i].key = key_at(&stacks[i], 0);
    todo(&s, 0, n, 0);
    while (s.todo.n)
        split(&s, s.todo.p[--s.todo.n]);
}

/* ---- numbers ------------------------------------------------------------------------------------------------ */

typedef struct use {
    uint64_t n; /* distinct stacks it is in, each place counted */
    uint32_t rank;
} use;

/* Indexes of runs become ranks. */
static use *rank_places(pprof_writing *w)
{
    use *uses = pa_new(w->a, use, w->n_locations);
    for (uint32_t i = 0; i < w->n_locations; i++)
        uses[i].rank = i + 1;
    for (size_t s = 0; s < w->stacks.n; s++) {
        pprof_stack *stack = &w->stacks.p[s];
        for (uint32_t i = 0; i < stack->n; i++) {
            stack->places[i] = w->run_rank[stack->places[i]];
            uses[stack->places[i] - 1].n++;
        }
    }
    return uses;
}

bool pprof_same_stack(const pprof_stack *a, const pprof_stack *b)
{
    return a->n == b->n && memcmp(a->places, b->places, a->n * sizeof *a->places) == 0;
}

/* Most used first; equally used by content. */
static int by_use(const void *a, const void *b)
{
    const use *x = a, *y = b;
    if (x->n != y->n)
        return x->n > y->n ? -1 : 1;
    return x->rank < y->rank ? -1 : x->rank > y->rank;
}

void pprof_sort_stacks(pprof_writing *w)
{
    use *uses = rank_places(w);
    sort_stacks(w->a, w->stacks.p, w->stacks.n);
    /* stacks that have become equal count once, as they will when the output is read */
    for (size_t s = 1; s < w->stacks.n; s++)
        if (pprof_same_stack(&w->stacks.p[s - 1], &w->stacks.p[s]))
            for (uint32_t i = 0; i < w->stacks.p[s].n; i++)
                uses[w->stacks.p[s].places[i] - 1].n--;
    if (w->n_locations)
        qsort(uses, w->n_locations, sizeof *uses, by_use);
    w->location_order = pa_new(w->a, uint32_t, w->n_locations);
    w->location_number = pa_new(w->a, uint32_t, w->n_locations + 1);
    for (uint32_t i = 0; i < w->n_locations; i++) {
        w->location_order[i] = uses[i].rank - 1;
        w->location_number[uses[i].rank] = i + 1;
    }
}
