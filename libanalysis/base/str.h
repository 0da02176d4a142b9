/* str: slices of bytes.  Nothing here allocates or needs a NUL. */
#ifndef PA_BASE_STR_H
#define PA_BASE_STR_H

#include <string.h>

#include "libanalysis/panalyze.h"

#define PA_STR(literal) ((pa_str){literal, sizeof(literal) - 1})

static inline pa_str pa_cstr(const char *s) { return (pa_str){s, s ? strlen(s) : 0}; }
static inline bool pa_str_eq(pa_str a, pa_str b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}
static inline bool pa_str_is(pa_str a, const char *literal) { return pa_str_eq(a, pa_cstr(literal)); }
static inline pa_str pa_str_from(pa_str s, size_t at) { return (pa_str){s.p + at, s.n - at}; }
static inline pa_str pa_str_head(pa_str s, size_t n) { return (pa_str){s.p, n < s.n ? n : s.n}; }
bool pa_str_starts(pa_str s, pa_str prefix);
bool pa_str_ends(pa_str s, pa_str suffix);
/* Order of bytes, shorter first on a common prefix: <0, 0, >0. */
int pa_str_cmp(pa_str a, pa_str b);
/* Index of the first / last c, or -1. */
ptrdiff_t pa_str_find(pa_str s, char c);
ptrdiff_t pa_str_rfind(pa_str s, char c);
/* Index of the first needle, or -1. */
ptrdiff_t pa_str_search(pa_str s, pa_str needle);
pa_str pa_str_trim(pa_str s);
/* What follows the last '/' (or all of it). */
pa_str pa_str_basename(pa_str path);
/* Cut at the first c: *head is what precedes it, returns what follows; without c *head is all and the rest is empty. */
pa_str pa_str_cut(pa_str s, char c, pa_str *head);
uint64_t pa_str_hash(pa_str s);
/* Whole slice as a decimal number; false when it is empty, not a number, or out of range. */
PA_MUST_CHECK bool pa_str_to_i64(pa_str s, int64_t *value);
PA_MUST_CHECK bool pa_str_to_double(pa_str s, double *value);
/* Length of the valid UTF-8 sequence at the start of s (1..4), 0 when it is none. */
size_t pa_utf8_at(pa_str s);

#endif
