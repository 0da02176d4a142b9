/* collapsed_austin: what only Austin (a sampler for Python) writes into collapsed stacks: process and thread before the frames,
 * and lines "# key: value" before and behind the samples.  In: those pieces.  Out: labels and metadata in the builder.
 * How its frames are written is in collapsed_frame.c, which values it has in collapsed_head.c. */
#include "formats/collapsed_parts.h"

static void add_label(pa_builder *b, pa_label *labels, size_t *n, const char *key, pa_str value)
{
    labels[(*n)++] = (pa_label){.key = pa_add_str(b, pa_cstr(key)), .str = pa_add_str(b, value)};
}

size_t collapsed_austin_prefix(pa_builder *b, pa_str frames, pa_label labels[COLLAPSED_MAX_LABELS],
                               size_t *n_labels)
{
    size_t used = 0;
    *n_labels = 0;
    for (unsigned i = 0; i < 2; i++) {
        static const char *const keys[] = {PA_LABEL_PROCESS_ID, PA_LABEL_THREAD_ID};
        pa_str one, rest = pa_str_from(frames, used);
        pa_str_cut(rest, ';', &one);
        if (!collapsed_is_austin_id(one, "PT"[i]))
            continue;
        pa_str id = pa_str_from(one, 1), interpreter;
        ptrdiff_t colon = i == 1 ? pa_str_find(id, ':') : -1;
        if (colon >= 0) {
            id = pa_str_cut(id, ':', &interpreter);
            add_label(b, labels, n_labels, "interpreter_id", interpreter);
        }
        add_label(b, labels, n_labels, keys[i], id);
        used += one.n + (one.n < rest.n);
    }
    return used;
}

/* Kept as comments; the rest of a header says nothing about the samples, or it is said by what they are. */
static const char *const kept_keys[] = {"mode", "interval", "python", "gc"};

static void add_comment(pa_builder *b, pa_meta *m, pa_str key, pa_str value)
{
    for (size_t i = 0; i < sizeof kept_keys / sizeof *kept_keys; i++)
        if (pa_str_is(key, kept_keys[i]))
            pa_push(pa_builder_arena(b), &m->comments) =
                pa_add_str(b, pa_arena_format(pa_builder_arena(b), "%.*s: %.*s", (int)key.n, key.p,
                                              (int)value.n, value.p));
}

void collapsed_austin_header(pa_builder *b, pa_str head)
{
    pa_str line, rest = collapsed_without_mark(head), key;
    pa_meta m = {0};
    while (collapsed_next_line(&rest, &line) && (line.n == 0 || line.p[0] == '#')) {
        if (line.n == 0)
            continue;
        pa_str value = collapsed_comment(line, &key);
        if (pa_str_is(key, "austin") && value.n < 100)
            m.producer =
                pa_add_str(b, pa_arena_format(pa_builder_arena(b), "austin %.*s", (int)value.n, value.p));
        else if (value.n < 1000)
            add_comment(b, &m, key, value);
    }
    pa_merge_meta(b, &m);
}

/* Known only at the end, so it stands there: in microseconds. */
void collapsed_austin_comment(pa_builder *b, pa_str line)
{
    pa_str key, value = collapsed_comment(line, &key);
    pa_meta m = {0};
    if (pa_str_is(key, "duration") && pa_str_to_i64(value, &m.duration_ns) && m.duration_ns > 0 &&
        !__builtin_mul_overflow(m.duration_ns, (int64_t)1000, &m.duration_ns))
        pa_merge_meta(b, &m);
}
