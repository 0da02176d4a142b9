/* sort.c: see sort.h. */
#include "libanalysis/base/sort.h"

#include "libanalysis/base/vec.h"

/* A run of strings that agree before `depth`. */
typedef struct segment {
    size_t at, n;
    uint32_t depth;
} segment;

typedef struct sorter {
    pa_arena *scratch;
    pa_u32_string *strings;
    PA_VEC(segment) todo;
} sorter;

/* The number at depth + 1, so that 0 is the end: shorter strings come first. */
static uint64_t place(const pa_u32_string *s, uint32_t depth)
{
    return depth < s->n ? (uint64_t)s->p[depth] + 1 : 0;
}

static void swap(pa_u32_string *a, pa_u32_string *b)
{
    pa_u32_string t = *a;
    *a = *b;
    *b = t;
}

static uint64_t middle(uint64_t a, uint64_t b, uint64_t c)
{
    if (a < b)
        return b < c ? b : a < c ? c : a;
    return a < c ? a : b < c ? c : b;
}

/* Whether b comes before a; they agree before depth. */
static bool before(const pa_u32_string *b, const pa_u32_string *a, uint32_t depth)
{
    uint64_t x, y;
    for (; (x = place(b, depth)) == (y = place(a, depth)); depth++)
        if (x == 0)
            return false;
    return x < y;
}

#define FEW 8

static void sort_few(pa_u32_string *v, size_t n, uint32_t depth)
{
    for (size_t i = 1; i < n; i++)
        for (size_t j = i; j > 0 && before(&v[j], &v[j - 1], depth); j--)
            swap(&v[j], &v[j - 1]);
}

static void todo(sorter *s, size_t at, size_t n, uint32_t depth)
{
    if (n > 1 && n < FEW)
        sort_few(s->strings + at, n, depth);
    else if (n > 1)
        pa_push(s->scratch, &s->todo) = (segment){at, n, depth};
}

/* Less, equal and greater than a pivot; the equal ones go on at the next place. */
static void split(sorter *s, segment run)
{
    pa_u32_string *v = s->strings + run.at;
    uint64_t pivot =
        middle(place(&v[0], run.depth), place(&v[run.n / 2], run.depth), place(&v[run.n - 1], run.depth));
    size_t less = 0, at = 0, greater = run.n;
    while (at < greater) {
        uint64_t c = place(&v[at], run.depth);
        if (c < pivot)
            swap(&v[less++], &v[at++]);
        else if (c > pivot)
            swap(&v[at], &v[--greater]);
        else
            at++;
    }
    todo(s, run.at, less, run.depth);
    todo(s, run.at + greater, run.n - greater, run.depth);
    if (pivot > 0)
        todo(s, run.at + less, greater - less, run.depth + 1);
}

void pa_sort_u32_strings(pa_arena *scratch, pa_u32_string *strings, size_t n)
{
    sorter s = {.scratch = scratch, .strings = strings};
    todo(&s, 0, n, 0);
    while (s.todo.n)
        split(&s, s.todo.p[--s.todo.n]);
}
