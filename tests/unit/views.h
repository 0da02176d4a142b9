/* views.h: profiles and views in few words, for the tests of filters, groups, trees and analyses.
 * A stack is "main;>helper;work@work.c:12#libwork.so": root first; '>' inlined into the frame before it; '@' file,
 * ':' line, '#' module.  What passes a view comes back in the same words. */
#ifndef PA_TESTS_VIEWS_H
#define PA_TESTS_VIEWS_H

#include "tests/unit/profiles.h"

#include "libanalysis/model/view.h"

/* What stands behind mark in *text; *text is cut before it. */
static inline pa_str cut_part(pa_str *text, char mark)
{
    pa_str head, tail = pa_str_cut(*text, mark, &head);
    bool found = head.n != text->n;
    *text = head;
    return found ? tail : (pa_str){0};
}

static inline pa_frame_id frame_from(pa_builder *b, pa_str text)
{
    pa_frame f = {0};
    pa_function fn = {0};
    pa_module m = {0};
    int64_t line = 0;
    if (text.n && text.p[0] == '>') {
        f.flags = PA_FRAME_INLINED;
        text = pa_str_from(text, 1);
    }
    m.path = pa_add_str(b, cut_part(&text, '#'));
    pa_str place = cut_part(&text, '@'), number = cut_part(&place, ':');
    if (number.n && !pa_str_to_i64(number, &line))
        fail_msg("line '%.*s'", (int)number.n, number.p);
    fn.name = fn.system_name = pa_add_str(b, text);
    fn.file = pa_add_str(b, place);
    f.line = line;
    f.function = pa_add_function(b, &fn);
    f.module = pa_add_module(b, &m);
    return pa_add_frame(b, &f);
}

static inline pa_stack_id stack_from(pa_builder *b, const char *text)
{
    pa_frame_id frames[128];
    size_t n = 0;
    pa_str rest = pa_cstr(text), one;
    while (rest.n) {
        rest = pa_str_cut(rest, ';', &one);
        frames[n++] = frame_from(b, one);
    }
    return pa_add_stack(b, frames, n);
}

/* "thread=w1,size=64bytes,n=3#": what follows '=' and is a number with letters or '#' behind it is a number. */
static inline pa_context_id context_from(pa_builder *b, const char *text)
{
    pa_label labels[16];
    size_t n = 0;
    pa_str rest = pa_cstr(text), one;
    while (rest.n) {
        rest = pa_str_cut(rest, ',', &one);
        pa_str key, value = pa_str_cut(one, '=', &key), digits = value;
        while (digits.n && !(digits.p[digits.n - 1] >= '0' && digits.p[digits.n - 1] <= '9'))
            digits.n--;
        pa_str unit = value.n > digits.n ? pa_str_from(value, digits.n) : (pa_str){0};
        pa_label l = {.key = pa_add_str(b, key)};
        l.numeric = unit.n && pa_str_to_i64(digits, &l.num);
        l.str = pa_add_str(b, l.numeric ? (pa_str_is(unit, "#") ? (pa_str){0} : unit) : value);
        labels[n++] = l;
    }
    return pa_add_context(b, labels, n);
}

typedef struct sample {
    const char *stack, *labels; /* labels may be NULL */
    int64_t value;
} sample;

/* A profile of one metric "cpu" in nanoseconds. */
static inline pa_builder *builder_of(const sample *samples, size_t n)
{
    pa_builder *b = new_builder();
    pa_stream_id s = stream_of(b, "", "cpu", "nanoseconds");
    for (size_t i = 0; i < n; i++)
        row(b, s, stack_from(b, samples[i].stack),
            context_from(b, samples[i].labels ? samples[i].labels : ""), samples[i].value);
    return b;
}

static inline pa_profile *profile_of(const sample *samples, size_t n)
{
    return finished(builder_of(samples, n));
}

#define PROFILE(samples) profile_of(samples, sizeof(samples) / sizeof *(samples))

static inline pa_view *view_of(pa_arena *a, const pa_profile *p, const pa_view_options *o)
{
    pa_err err = {0};
    pa_view *v = pa_view_new(p, o, a, &err);
    if (!v)
        fail_msg("view: %s", err.message);
    return v;
}

/* The message with which a view is refused. */
static inline pa_err refused(pa_arena *a, const pa_profile *p, const pa_view_options *o)
{
    pa_err err = {0};
    if (pa_view_new(p, o, a, &err))
        fail_msg("the view was made");
    return err;
}

static inline pa_str stack_text(pa_arena *a, const pa_profile *p, pa_stack_id id)
{
    pa_out *out = pa_out_to_memory(a);
    pa_frames f = pa_stack_at(p, id);
    for (size_t i = 0; i < f.n; i++) {
        pa_str name = pa_frame_name(p, f.p[i]);
        if (i)
            pa_out_char(out, ';');
        if (pa_frame_at(p, f.p[i])->flags & PA_FRAME_INLINED)
            pa_out_char(out, '>');
        pa_out_str(out, name.n ? name : PA_STR("?"));
    }
    return pa_arena_str(a, pa_out_written(out));
}

static inline int compare_texts(const void *a, const void *b)
{
    return pa_str_cmp(*(const pa_str *)a, *(const pa_str *)b);
}

/* "a;b=10 c=5": what passes, one entry a row, in order of the text. */
static inline pa_str passing(pa_arena *a, const pa_view *v)
{
    const pa_stream *s = pa_view_stream(v);
    pa_str *rows = pa_new(a, pa_str, s->n_rows + 1);
    size_t n = 0;
    for (size_t i = 0; i < s->n_rows; i++) {
        if (!pa_view_has_row(v, i))
            continue;
        pa_str stack = stack_text(a, v->profile, s->stack[i]);
        rows[n++] = pa_arena_format(a, "%.*s=%lld", (int)stack.n, stack.p, (long long)pa_view_value(v, i));
    }
    qsort(rows, n, sizeof *rows, compare_texts);
    pa_out *out = pa_out_to_memory(a);
    for (size_t i = 0; i < n; i++) {
        pa_out_cstr(out, i ? " " : "");
        pa_out_str(out, rows[i]);
    }
    return pa_arena_str(a, pa_out_written(out));
}

static inline void assert_passing(pa_arena *a, const pa_profile *p, const pa_view_options *o,
                                  const char *want)
{
    assert_same_text(passing(a, view_of(a, p, o)), pa_cstr(want));
}

static inline const pa_group *group_named(const pa_view *v, const char *name)
{
    for (size_t i = 0; i < v->n_groups; i++)
        if (pa_str_is(v->groups[i].name, name))
            return &v->groups[i];
    fail_msg("no group '%s'", name);
    return NULL;
}

static inline bool has_note(const pa_view *v, const char *needle)
{
    for (size_t i = 0; i < v->n_notes; i++)
        if (pa_str_search(v->notes[i], pa_cstr(needle)) >= 0)
            return true;
    return false;
}

#endif
