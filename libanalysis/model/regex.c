/* regex.c: see regex.h.  The only file that knows PCRE2 (8 bit, just-in-time compiled where the machine allows).
 * In: patterns and subjects of any bytes.  Out: matches, or an error that names the option.
 * Memory: from the pool's arena; what the just-in-time compiler maps itself goes with pa_regex_release.
 * PCRE2's callbacks must not unwind, so they ask with pa_arena_try. */
#include "libanalysis/model/regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

/* A subject is a name of some hundred bytes: honest expressions stay far below these. */
#define MATCH_LIMIT    1000000
#define DEPTH_LIMIT    100000
#define HEAP_LIMIT_KIB 32768
#define PATTERN_MAX    65536

struct pa_regex {
    pa_regex *next;
    const char *option;
    pcre2_general_context *general;
    pcre2_match_context *match;
    pcre2_code *code;
    pcre2_match_data *data;
    uint32_t n_groups;
    bool jit;
};

/* What PCRE2 gives back is only worth returning when it is large; the size stands in front of the piece. */
typedef union piece {
    size_t bytes;
    max_align_t align;
} piece;

static void *take(size_t bytes, void *arena)
{
    if (bytes > SIZE_MAX - sizeof(piece))
        return NULL;
    piece *p = pa_arena_try(arena, bytes + sizeof(piece), 1, alignof(piece));
    if (!p)
        return NULL;
    p->bytes = bytes + sizeof(piece);
    return p + 1;
}

static void give(void *memory, void *arena)
{
    if (!memory)
        return;
    piece *p = (piece *)memory - 1;
    pa_arena_release(arena, p, p->bytes);
}

static void free_one(pa_regex *re)
{
    pcre2_match_data_free(re->data);
    pcre2_code_free(re->code);
    pcre2_match_context_free(re->match);
    pcre2_general_context_free(re->general);
}

void pa_regex_release(pa_regex_pool *pool)
{
    for (pa_regex *re = pool->first; re; re = re->next)
        free_one(re);
    pool->first = NULL;
}

static bool no_memory(pa_err *err) { return pa_fail(err, PA_E_MEMORY, PA_NO_OFFSET, "out of memory"); }

static bool compile(pa_regex *re, pa_str pattern, uint32_t flags, pa_err *err)
{
    pcre2_compile_context *context = pcre2_compile_context_create(re->general);
    if (!context)
        return no_memory(err);
    pcre2_set_max_pattern_length(context, PATTERN_MAX);
    int error;
    PCRE2_SIZE at;
    PCRE2_SPTR text = (PCRE2_SPTR)(pattern.n ? pattern.p : "");
    re->code = pcre2_compile(text, pattern.n,
                             PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_DOLLAR_ENDONLY |
                                 PCRE2_NEVER_BACKSLASH_C | flags,
                             &error, &at, context);
    pcre2_compile_context_free(context);
    if (re->code)
        return true;
    if (error == PCRE2_ERROR_NOMEMORY || error == PCRE2_ERROR_HEAP_FAILED)
        return no_memory(err);
    PCRE2_UCHAR why[160];
    if (pcre2_get_error_message(error, why, sizeof why) < 0)
        why[0] = '\0';
    return pa_fail(err, PA_E_USAGE, PA_NO_OFFSET, "%s: not a valid expression: %s at position %zu of '%.*s'",
                   re->option, (const char *)why, (size_t)at, (int)pattern.n, pattern.n ? pattern.p : "");
}

static bool prepare(pa_regex *re, pa_arena *arena, pa_str pattern, uint32_t flags, pa_err *err)
{
    re->general = pcre2_general_context_create(take, give, arena);
    re->match = re->general ? pcre2_match_context_create(re->general) : NULL;
    if (!re->match)
        return no_memory(err);
    pcre2_set_match_limit(re->match, MATCH_LIMIT);
    pcre2_set_depth_limit(re->match, DEPTH_LIMIT);
    pcre2_set_heap_limit(re->match, HEAP_LIMIT_KIB);
    if (!compile(re, pattern, flags, err))
        return false;
    pcre2_pattern_info(re->code, PCRE2_INFO_CAPTURECOUNT, &re->n_groups);
    re->data = pcre2_match_data_create(PA_REGEX_GROUPS, re->general);
    if (!re->data)
        return no_memory(err);
    /* Without it (no support, or no pages that may be executed) the interpreter gives the same answers. */
    re->jit = pcre2_jit_compile(re->code, PCRE2_JIT_COMPLETE) == 0;
    return true;
}

static pa_regex *new_regex(pa_regex_pool *pool, const char *option, pa_str pattern, uint32_t flags,
                           pa_err *err)
{
    pa_regex *re = pa_arena_try(pool->arena, 1, sizeof *re, alignof(pa_regex));
    if (!re) {
        no_memory(err);
        return NULL;
    }
    re->option = option;
    re->next = pool->first;
    pool->first = re; /* from here on the release knows it, complete or not */
    return prepare(re, pool->arena, pattern, flags, err) ? re : NULL;
}

pa_regex *pa_regex_new(pa_regex_pool *pool, const char *option, pa_str pattern, pa_err *err)
{
    return new_regex(pool, option, pattern, 0, err);
}

pa_regex *pa_regex_new_whole(pa_regex_pool *pool, const char *option, pa_str pattern, pa_err *err)
{
    return new_regex(pool, option, pattern, PCRE2_ANCHORED | PCRE2_ENDANCHORED, err);
}

unsigned pa_regex_n_groups(const pa_regex *re) { return re->n_groups; }

static bool run(pa_regex *re, pa_str subject, size_t from, bool *hit, pa_err *err)
{
    PCRE2_SPTR text = (PCRE2_SPTR)(subject.n ? subject.p : "");
    int n = pcre2_match(re->code, text, subject.n, from, 0, re->data, re->match);
    if (n ==
        PCRE2_ERROR_JIT_STACKLIMIT) /* the interpreter keeps its frames on the heap, up to its own limit */
        n = pcre2_match(re->code, text, subject.n, from, PCRE2_NO_JIT, re->data, re->match);
    *hit = n >= 0;
    if (n >= 0 || n == PCRE2_ERROR_NOMATCH)
        return true;
    if (n == PCRE2_ERROR_NOMEMORY)
        return no_memory(err);
    PCRE2_UCHAR why[160];
    if (pcre2_get_error_message(n, why, sizeof why) < 0)
        why[0] = '\0';
    size_t shown = subject.n < 80 ? subject.n : 80;
    return pa_fail(err, PA_E_LIMIT, PA_NO_OFFSET, "%s: expression takes too long on '%.*s': %s", re->option,
                   (int)shown, subject.n ? subject.p : "", (const char *)why);
}

bool pa_regex_match(pa_regex *re, pa_str subject, bool *hit, pa_err *err)
{
    return run(re, subject, 0, hit, err);
}

bool pa_regex_find(pa_regex *re, pa_str subject, size_t from, bool *hit, pa_regex_groups *groups, pa_err *err)
{
    *groups = (pa_regex_groups){0};
    if (!run(re, subject, from, hit, err))
        return false;
    if (!*hit)
        return true;
    const PCRE2_SIZE *span = pcre2_get_ovector_pointer(re->data);
    for (unsigned i = 0; i < PA_REGEX_GROUPS && i <= re->n_groups; i++) {
        if (span[2 * i] == PCRE2_UNSET || span[2 * i + 1] < span[2 * i])
            continue;
        groups->at[i] = (pa_str){subject.p + span[2 * i], span[2 * i + 1] - span[2 * i]};
    }
    return true;
}
