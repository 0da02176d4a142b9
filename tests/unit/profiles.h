/* profiles.h: small words for building profiles by hand, and their canonical text to compare them by.
 * Everything lives in the arena given, or in the profile, which the caller frees. */
#ifndef PA_TESTS_PROFILES_H
#define PA_TESTS_PROFILES_H

#include "tests/unit/unit.h"

#include <stdio.h>

#include "formats/format.h"

static inline pa_builder *new_builder(void) { return pa_builder_new(pa_arena_new(NULL)); }

static inline pa_profile *finished(pa_builder *b)
{
    pa_err err = {0};
    pa_profile *p = pa_builder_finish(b, &err);
    if (!p)
        fail_msg("finish: %s", err.message);
    return p;
}

static inline pa_str_id str(pa_builder *b, const char *s) { return pa_add_str(b, pa_cstr(s)); }

static inline pa_frame_id frame_named(pa_builder *b, const char *name)
{
    pa_function_id f = pa_add_function(b, &(pa_function){.name = str(b, name), .system_name = str(b, name)});
    return pa_add_frame(b, &(pa_frame){.function = f});
}

/* "main;work;leaf", root first. */
static inline pa_stack_id stack_of(pa_builder *b, const char *names)
{
    pa_frame_id frames[64];
    size_t n = 0;
    pa_str rest = pa_cstr(names), part;
    while (rest.n) {
        rest = pa_str_cut(rest, ';', &part);
        char name[64] = "";
        memcpy(name, part.p, part.n);
        frames[n++] = frame_named(b, name);
    }
    return pa_add_stack(b, frames, n);
}

static inline pa_context_id context_of(pa_builder *b, const char *key, const char *value)
{
    return pa_add_context(b, &(pa_label){.key = str(b, key), .str = str(b, value)}, 1);
}

static inline pa_metric metric_of(pa_builder *b, const char *name, const char *unit)
{
    pa_metric m = {.name = str(b, name), .unit = str(b, unit), .factor = 1};
    if (!pa_unit_parse(pa_cstr(unit), &m.dimension, &m.factor))
        m.factor = 1;
    return m;
}

static inline pa_stream_id stream_of(pa_builder *b, const char *name, const char *metric, const char *unit)
{
    pa_metric m = metric_of(b, metric, unit);
    return pa_add_stream(b, str(b, name), &m, 1);
}

static inline void row(pa_builder *b, pa_stream_id s, pa_stack_id stack, pa_context_id context, int64_t value)
{
    pa_err err = {0};
    if (!pa_add_row(b, s, stack, context, &value, &err))
        fail_msg("row: %s", err.message);
}

static inline pa_str dump_of(pa_arena *a, const pa_profile *p)
{
    pa_out *out = pa_out_to_memory(a);
    pa_dump(p, out, a);
    return pa_arena_str(a, pa_out_written(out));
}

static inline void assert_same_text(pa_str got, pa_str want)
{
    if (!pa_str_eq(got, want))
        fail_msg("got:\n%.*s\nwanted:\n%.*s", (int)got.n, got.p, (int)want.n, want.p);
}

static inline void assert_same_dump(pa_arena *a, const pa_profile *got, const pa_profile *want)
{
    assert_same_text(dump_of(a, got), dump_of(a, want));
}

/* A new profile with all of n others, one after the other. */
static inline pa_profile *merged(const pa_profile *const *profiles, size_t n)
{
    pa_builder *b = new_builder();
    pa_err err = {0};
    for (size_t i = 0; i < n; i++)
        if (!pa_add_profile(b, profiles[i], &err))
            fail_msg("merge: %s", err.message);
    return finished(b);
}

static inline bool dump_has(pa_arena *a, const pa_profile *p, const char *needle)
{
    return pa_str_search(dump_of(a, p), pa_cstr(needle)) >= 0;
}

/* Counted under kind, 0 if it never happened. */
static inline uint64_t noted(const pa_profile *p, const char *kind)
{
    for (size_t i = 0; i < p->diags.n; i++)
        if (strcmp(p->diags.p[i].kind, kind) == 0)
            return p->diags.p[i].count;
    return 0;
}

#endif
