/* collapsed_frame: what the text of one frame means in its dialect.  Called once for each distinct text. */
#include "formats/collapsed_parts.h"

/* async-profiler's and stackcollapse-perf's annotations; kept as flags and written back. */
const collapsed_suffix collapsed_suffixes[] = {
    {'k', PA_FRAME_KERNEL}, {'j', PA_FRAME_JIT},        {'i', PA_FRAME_INLINED},
    {'1', PA_FRAME_JIT_C1}, {'0', PA_FRAME_INTERPRETED},
};
const size_t collapsed_n_suffixes = sizeof collapsed_suffixes / sizeof *collapsed_suffixes;

/* "poll_[k]": takes the suffix off text and says its flag. */
static uint32_t take_suffix(pa_str *text)
{
    const char *p = text->p + text->n - 4;
    if (text->n <= 4 || p[0] != '_' || p[1] != '[' || p[3] != ']')
        return 0;
    for (size_t i = 0; i < collapsed_n_suffixes; i++)
        if (collapsed_suffixes[i].letter == p[2]) {
            text->n -= 4;
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
    pa_frame frame = {.function = pa_add_function(b, &f), .line = line, .flags = flags};
    return pa_add_frame(b, &frame);
}

static pa_frame_id plain_frame(pa_builder *b, pa_str text)
{
    uint32_t flags = take_suffix(&text);
    if (is_module(text)) {
        pa_module m = {.path = pa_add_str(b, (pa_str){text.p + 1, text.n - 2})};
        return pa_add_frame(b, &(pa_frame){.module = pa_add_module(b, &m), .flags = flags | PA_FRAME_UNKNOWN});
    }
    if (pa_str_is(text, COLLAPSED_UNKNOWN))
        flags |= PA_FRAME_UNKNOWN;
    else if (pa_str_is(text, "-") || pa_str_is(text, "--")) /* bcc: between user and kernel frames */
        flags |= PA_FRAME_SYNTHETIC;
    return named(b, text, PA_STR(""), 0, flags);
}

/* "app/main.py:run:17"; the file may hold colons itself (a Windows drive, <frozen importlib._bootstrap>), so from the
 * right.  "kernel:sym:0" and ":GC:" are Austin's own. */
static pa_frame_id austin3_frame(pa_builder *b, pa_str text)
{
    int64_t line;
    ptrdiff_t last = pa_str_rfind(text, ':');
    if (last < 0)
        return plain_frame(b, text);
    pa_str head = pa_str_head(text, (size_t)last);
    ptrdiff_t middle = pa_str_rfind(head, ':');
    if (middle < 0 || !pa_str_to_i64(pa_str_from(text, (size_t)last + 1), &line))
        return pa_str_is(text, ":GC:") ? named(b, PA_STR("GC"), PA_STR(""), 0, PA_FRAME_SYNTHETIC)
                                       : plain_frame(b, text);
    pa_str file = pa_str_head(head, (size_t)middle), name = pa_str_from(head, (size_t)middle + 1);
    if (pa_str_is(file, "kernel"))
        return named(b, name, PA_STR(""), 0, PA_FRAME_KERNEL);
    return named(b, name, file, line, 0);
}

/* "run (app.main)", with -a "run (app.main:17)". */
static pa_frame_id austin2_frame(pa_builder *b, pa_str text)
{
    ptrdiff_t open = pa_str_search(text, PA_STR(" ("));
    if (open < 0 || text.p[text.n - 1] != ')')
        return plain_frame(b, text);
    pa_str name = pa_str_head(text, (size_t)open), file = pa_str_from(text, (size_t)open + 2);
    file.n--;
    int64_t line = 0;
    ptrdiff_t colon = pa_str_rfind(file, ':');
    if (colon >= 0 && pa_str_to_i64(pa_str_from(file, (size_t)colon + 1), &line))
        file = pa_str_head(file, (size_t)colon);
    return named(b, name, file, line, 0);
}

pa_frame_id collapsed_frame(pa_builder *b, collapsed_dialect dialect, pa_str text)
{
    switch (dialect) {
    case COLLAPSED_AUSTIN2:
        return austin2_frame(b, text);
    case COLLAPSED_AUSTIN3:
        return austin3_frame(b, text);
    case COLLAPSED_PLAIN:
        break;
    }
    return plain_frame(b, text);
}

bool collapsed_is_line_frame(pa_str text, int64_t *line)
{
    return text.n > 1 && text.p[0] == 'L' && pa_str_to_i64(pa_str_from(text, 1), line) && *line >= 0;
}

size_t collapsed_austin_prefix(pa_builder *b, pa_str frames, pa_label labels[2], size_t *n_labels)
{
    size_t used = 0;
    *n_labels = 0;
    for (unsigned i = 0; i < 2; i++) {
        static const char *const keys[] = {PA_LABEL_PROCESS_ID, PA_LABEL_THREAD_ID};
        pa_str one, rest = pa_str_from(frames, used);
        pa_str_cut(rest, ';', &one);
        if (one.n < 2 || one.p[0] != "PT"[i])
            continue;
        pa_str id = pa_str_from(one, 1);
        ptrdiff_t colon = pa_str_rfind(id, ':'); /* interpreter:thread */
        if (colon >= 0)
            id = pa_str_from(id, (size_t)colon + 1);
        labels[(*n_labels)++] = (pa_label){.key = pa_add_str(b, pa_cstr(keys[i])), .str = pa_add_str(b, id)};
        used += one.n + (one.n < rest.n);
    }
    return used;
}
