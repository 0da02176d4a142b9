/* sort: strings of numbers (stacks as ids or ranks), by multikey quicksort (after Bentley and Sedgewick, "Fast algorithms
 * for sorting and searching strings", 1997): shorter ones first on a common beginning.  Does not recurse over its input;
 * on stacks several times faster than comparing whole strings. */
#ifndef PA_BASE_SORT_H
#define PA_BASE_SORT_H

#include "libanalysis/base/arena.h"

typedef struct pa_u32_string {
    const uint32_t *p;
    uint32_t n;
    int64_t value; /* the caller's */
} pa_u32_string;

void pa_sort_u32_strings(pa_arena *scratch, pa_u32_string *strings, size_t n);

#endif
