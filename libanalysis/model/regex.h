/* regex: regular expressions that users and profiles give; the only door to PCRE2.
 * Bytes that are no valid UTF-8 match nothing but do no harm; `$` is the very end; a match that takes too long is an
 * error, never a silent "no match".
 * Part of a compiled expression lives outside arenas, so: compile into a pool, and release the pool on every way out
 * (also after pa_guard returned false). */
#ifndef PA_MODEL_REGEX_H
#define PA_MODEL_REGEX_H

#include "libanalysis/base/arena.h"
#include "libanalysis/base/str.h"

typedef struct pa_regex pa_regex;

/* Expressions that go together.  Zero to start with, then set arena, which must live until the release. */
typedef struct pa_regex_pool {
    pa_arena *arena;
    pa_regex *first;
} pa_regex_pool;

/* option names where the expression came from, for messages ("focus"); it is borrowed.  NULL and *err: not a valid
 * expression (PA_E_USAGE, with the position in it), or no memory. */
PA_MUST_CHECK pa_regex *pa_regex_new(pa_regex_pool *pool, const char *option, pa_str pattern, pa_err *err);
/* The same, but only matches of the whole subject count. */
PA_MUST_CHECK pa_regex *pa_regex_new_whole(pa_regex_pool *pool, const char *option, pa_str pattern,
                                           pa_err *err);
void pa_regex_release(pa_regex_pool *pool);

/* Whether subject has a match.  false: the search was given up (PA_E_LIMIT) or memory ran out. */
PA_MUST_CHECK bool pa_regex_match(pa_regex *re, pa_str subject, bool *hit, pa_err *err);

#define PA_REGEX_GROUPS 10

/* Where a match and its groups stand; groups that took no part have n 0 and p NULL.  [0] is the whole match. */
typedef struct pa_regex_groups {
    pa_str at[PA_REGEX_GROUPS];
} pa_regex_groups;

/* The first match that starts at byte `from` or later. */
PA_MUST_CHECK bool pa_regex_find(pa_regex *re, pa_str subject, size_t from, bool *hit,
                                 pa_regex_groups *groups, pa_err *err);
/* Number of groups the expression has, without the whole match. */
unsigned pa_regex_n_groups(const pa_regex *re);

#endif
