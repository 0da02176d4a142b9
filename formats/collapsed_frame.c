/* collapsed_frame: what the text of one frame means in its dialect.  Called once for each distinct text. */
#include "formats/collapsed_parts.h"

/* async-profiler's and stackcollapse-perf's annotations; kept as flags and written back. */
const collapsed_suffix collapsed_suffixes[] = {
    {'k', PA_FRAME_KERNEL}, {'j', PA_FRAME_JIT},         {'i', PA_FRAME_INLINED},
    {'1', PA_FRAME_JIT_C1}, {'0', PA_FRAME_INTERPRETED},
};
const size_t collapsed_n_suffixes = sizeof collapsed_suffixes / sizeof *collapsed_suffixes;

uint32_t collapsed_take_suffix(pa_str *text)
{
    if (text->n <= COLLAPSED_SUFFIX_LENGTH)
        return 0;
    const char *p = text->p + text->n - COLLAPSED_SUFFIX_LENGTH;
    if (p[0] != '_' || p[1] != '[' || p[3] != ']')
        return 0;
    for (size_t i = 0; i < collapsed_n_suffixes; i++)
        if (collapsed_suffixes[i].letter == p[2]) {
            text->n -= COLLAPSED_SUFFIX_LENGTH;
            return collapsed_suffixes[i].flag;
        }
    return 0;
}

/* "[libc.so.6]", "[/usr/bin/app]": a module is all that is known. */
static bool is_module(pa_str text)
{
    static const char *const marks[] = {".so", ".dll", ".dylib", ".ko", "/"};
    if (text.n < 3 || text.p[0] != '[' || text.p[text.n - 1] != ']')
        return false;
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (pa_str_search(text, pa_cstr(marks[i])) >= 0)
            return true;
    return false;
}

static pa_frame_id named(pa_builder *b, pa_str name, pa_str file, int64_t line, uint32_t flags)
{
    pa_function f = {.name = pa_add_str(b, name), .file = pa_add_str(b, file)};
    f.system_name = f.name;
    pa_frame frame = {.function = pa_add_function(b, &f), .line = line, .flags = flags};
    return pa_add_frame(b, &frame);
}

static pa_frame_id plain_frame(pa_builder *b, pa_str text)
{
    uint32_t flags = collapsed_take_suffix(&text);
    text = pa_str_trim(text);
    if (is_module(text)) {
        pa_module m = {.path = pa_add_str(b, (pa_str){text.p + 1, text.n - 2})};
        return pa_add_frame(b,
                            &(pa_frame){.module = pa_add_module(b, &m), .flags = flags | PA_FRAME_UNKNOWN});
    }
    if (pa_str_is(text, COLLAPSED_UNKNOWN))
        flags |= PA_FRAME_UNKNOWN;
    else if (pa_str_is(text, "-") || pa_str_is(text, "--")) /* bcc: between user and kernel frames */
        flags |= PA_FRAME_SYNTHETIC;
    return named(b, text, PA_STR(""), 0, flags);
}

/* ":GC:", ":INVALID:": no frames of the program. */
static bool is_pseudo(pa_str text) { return text.n > 2 && text.p[0] == ':' && text.p[text.n - 1] == ':'; }

/* "app/main.py:run:17"; the file may hold colons itself (a Windows drive, <frozen importlib._bootstrap>), so from the
 * right.  "kernel:sym:0" is the kernel's. */
static pa_frame_id austin3_frame(pa_builder *b, pa_str text)
{
    int64_t line;
    if (is_pseudo(text))
        return named(b, (pa_str){text.p + 1, text.n - 2}, PA_STR(""), 0, PA_FRAME_SYNTHETIC);
    ptrdiff_t last = pa_str_rfind(text, ':');
    if (last < 0)
        return plain_frame(b, text);
    pa_str head = pa_str_head(text, (size_t)last);
    ptrdiff_t middle = pa_str_rfind(head, ':');
    if (middle < 0 || !pa_str_to_i64(pa_str_from(text, (size_t)last + 1), &line) || line < 0)
        return plain_frame(b, text);
    pa_str file = pa_str_head(head, (size_t)middle), name = pa_str_from(head, (size_t)middle + 1);
    if (pa_str_is(file, "kernel"))
        return named(b, name, PA_STR(""), 0, PA_FRAME_KERNEL);
    return named(b, name, file, line, 0);
}

/* "run (app.main)", "run (app.main);L17", with -a "run (app.main:17)". */
static pa_frame_id austin2_frame(pa_builder *b, pa_str text)
{
    int64_t line = 0;
    pa_str whole = text;
    ptrdiff_t last = pa_str_rfind(text, ';');
    if (last >= 0 && pa_str_to_i64(pa_str_from(text, (size_t)last + 2), &line))
        text = pa_str_trim(pa_str_head(text, (size_t)last));
    ptrdiff_t open = pa_str_search(text, PA_STR(" ("));
    if (open <= 0 || text.p[text.n - 1] != ')')
        return last >= 0 ? named(b, text, PA_STR(""), line, 0) : plain_frame(b, whole);
    pa_str name = pa_str_head(text, (size_t)open), file = pa_str_from(text, (size_t)open + 2);
    file.n--;
    ptrdiff_t colon = pa_str_rfind(file, ':');
    if (colon >= 0 && pa_str_to_i64(pa_str_from(file, (size_t)colon + 1), &line))
        file = pa_str_head(file, (size_t)colon);
    return named(b, name, file, line, 0);
}

pa_frame_id collapsed_frame(pa_builder *b, collapsed_dialect dialect, pa_str text)
{
    switch (dialect) {
    case COLLAPSED_AUSTIN2: return austin2_frame(b, text);
    case COLLAPSED_AUSTIN3: return austin3_frame(b, text);
    case COLLAPSED_PLAIN: break;
    }
    return plain_frame(b, text);
}

size_t collapsed_line_frame(pa_str rest)
{
    pa_str one;
    int64_t line;
    pa_str_cut(rest, ';', &one);
    return one.n > 1 && one.p[0] == 'L' && pa_str_to_i64(pa_str_from(one, 1), &line) && line >= 0 ? one.n : 0;
}
