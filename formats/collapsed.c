/* collapsed: one line a stack, root first, and its weight.  No specification; the dialects read here are FlameGraph's,
 * inferno's, async-profiler's, py-spy's, Austin's (2.x and 3.x), bcc's and those of many converters.
 *
 *   main;work;memcpy@GLIBC_2.2.5 3            the weight is the last word: names contain blanks
 *   main;work 12 15                           before and after of difffolded.pl, if asked for or if every line has it
 *   java/lang/Thread.run_[j];poll_[k] 7       frame kinds as suffixes
 *   P12;T34;app.py:main:17 100                Austin, with "# key: value" lines before
 *
 * A worker keeps whole frame texts: what a text means is worked out when it is first seen. */
#include "formats/collapsed_parts.h"

typedef struct known_text {
    pa_str text;
    uint32_t id;
} known_text;

typedef struct memo {
    pa_index index;
    PA_VEC(known_text) texts;
} memo;

/* What a worker keeps between its blocks. */
typedef struct collapsed {
    pa_builder *b;
    pa_arena *kept;
    collapsed_layout layout;
    pa_stream_id stream;
    int64_t factor[COLLAPSED_MAX_VALUES];
    memo frames;
    /* the line before: its frames and where each ends, to be used again for the prefix they share */
    pa_str line;
    PA_VEC(pa_frame_id) stack;
    PA_VEC(uint32_t) ends;
    size_t first_empty; /* the first of its frames that has no name; SIZE_MAX: none */
    /* rows of the block in hand */
    PA_VEC(pa_stack_id) row_stack;
    PA_VEC(pa_context_id) row_context;
    PA_VEC(int64_t) row_values;
    PA_VEC(uint64_t) row_offset;
} collapsed;

static void declare_stream(collapsed *c)
{
    pa_metric m[COLLAPSED_MAX_VALUES] = {0};
    for (unsigned i = 0; i < c->layout.n_values; i++) {
        pa_str unit = pa_cstr(c->layout.units[i]);
        m[i].name = pa_add_str(c->b, pa_cstr(c->layout.names[i]));
        m[i].unit = pa_add_str(c->b, unit);
        (void)pa_unit_parse(unit, &m[i].dimension, &m[i].factor);
        /* sample counts share the period as a divisor; for anything else a line is one record */
        m[i].count_source = c->layout.sampled ? PA_COUNT_GCD : PA_COUNT_RECORDS;
        c->factor[i] = m[i].factor;
    }
    c->stream = pa_add_stream(c->b, pa_add_str(c->b, PA_STR("")), m, c->layout.n_values);
    pa_set_default(c->b, c->stream, c->layout.default_value);
}

static collapsed *state(pa_reading *r)
{
    if (*r->state)
        return *r->state;
    collapsed *c = pa_new(r->kept, collapsed, 1);
    *c = (collapsed){.b = r->builder, .kept = r->kept};
    collapsed_learn(r->head, r->options, &c->layout);
    pa_at(c->b, 0);
    declare_stream(c);
    *r->state = c;
    return c;
}

/* ---- frames ------------------------------------------------------------------------------------------------- */

static bool find_text(const memo *m, pa_str text, uint64_t hash, uint32_t *id)
{
    uint32_t i;
    for (pa_slot at = pa_index_find(&m->index, hash); pa_index_next(&m->index, &at, &i);)
        if (pa_str_eq(m->texts.p[i].text, text)) {
            *id = m->texts.p[i].id;
            return true;
        }
    return false;
}

static void keep_text(collapsed *c, memo *m, pa_str text, uint64_t hash, uint32_t id)
{
    pa_index_add(c->kept, &m->index, hash, (uint32_t)m->texts.n);
    pa_push(c->kept, &m->texts) = (known_text){pa_arena_str(c->kept, text), id};
}

static pa_frame_id frame_of(collapsed *c, pa_str text)
{
    uint64_t hash = pa_str_hash(text);
    uint32_t id;
    if (!find_text(&c->frames, text, hash, &id)) {
        id = collapsed_frame(c->b, c->layout.dialect, text.n ? text : PA_STR(COLLAPSED_UNKNOWN)).v;
        keep_text(c, &c->frames, text, hash, id);
    }
    return (pa_frame_id){id};
}

/* Frames of line up to where it parts from the line before are known already. */
static size_t shared_prefix(collapsed *c, pa_str frames)
{
    size_t n = frames.n < c->line.n ? frames.n : c->line.n, same = 0;
    while (same + 8 <= n && memcmp(frames.p + same, c->line.p + same, 8) == 0)
        same += 8;
    while (same < n && frames.p[same] == c->line.p[same])
        same++;
    size_t whole = 0;
    while (whole < c->ends.n && c->ends.p[whole] < same)
        whole++;
    return whole;
}

/* Where the frame that starts at at ends. */
static size_t frame_end(const collapsed *c, pa_str frames, size_t at)
{
    const char *end = memchr(frames.p + at, ';', frames.n - at);
    size_t to = end ? (size_t)(end - frames.p) : frames.n;
    size_t line = end && to > at && c->layout.dialect == COLLAPSED_AUSTIN2
                      ? collapsed_line_frame(pa_str_from(frames, to + 1))
                      : 0;
    return line ? to + 1 + line : to;
}

/* The frames of a line, root first, into c->stack; a trailing ';' is no frame. */
static void split_frames(collapsed *c, pa_str frames, uint64_t offset)
{
    size_t whole = shared_prefix(c, frames), at = whole ? c->ends.p[whole - 1] + 1 : 0;
    c->stack.n = c->ends.n = whole;
    if (c->first_empty >= whole)
        c->first_empty = SIZE_MAX;
    while (at < frames.n) {
        size_t to = frame_end(c, frames, at);
        pa_str text = pa_str_trim((pa_str){frames.p + at, to - at});
        if (text.n == 0 && c->first_empty == SIZE_MAX)
            c->first_empty = c->stack.n;
        pa_push(c->kept, &c->stack) = frame_of(c, text);
        pa_push(c->kept, &c->ends) = (uint32_t)to;
        at = to + 1;
    }
    if (c->first_empty != SIZE_MAX)
        pa_note(c->b, "stack with an empty name, read as [unknown]", offset);
    c->line = frames;
}

/* Nothing of the line before may be used for the next. */
static void forget_line(collapsed *c)
{
    c->line.n = 0;
    c->ends.n = 0;
    c->first_empty = SIZE_MAX;
}

static pa_context_id austin_context(collapsed *c, pa_str *frames)
{
    pa_label labels[COLLAPSED_MAX_LABELS];
    size_t n, used = collapsed_austin_prefix(c->b, *frames, labels, &n);
    *frames = pa_str_from(*frames, used);
    return n ? pa_add_context(c->b, labels, n) : (pa_context_id){0};
}

/* ---- lines -------------------------------------------------------------------------------------------------- */

typedef enum line_kind { LINE_ROW, LINE_SKIP, LINE_BAD, LINE_FAIL } line_kind;

static bool flush_rows(collapsed *c, pa_err *err)
{
    size_t failed = SIZE_MAX;
    pa_rows rows = {.n = c->row_stack.n,
                    .stack = c->row_stack.p,
                    .context = c->row_context.p,
                    .values = c->row_values.p,
                    .failed = &failed};
    pa_err local = {0};
    bool ok = pa_add_rows(c->b, c->stream, &rows, &local);
    if (!ok && failed != SIZE_MAX)
        local.offset = c->row_offset.p[failed];
    if (!ok)
        *err = local;
    c->row_stack.n = c->row_context.n = c->row_values.n = c->row_offset.n = 0;
    return ok;
}

/* The rows so far go first, so that it makes no difference where a block ends. */
static bool make_fractional(collapsed *c, unsigned i, uint64_t offset, pa_err *err)
{
    if (pa_stream_metric(c->b, c->stream, i)->decimals)
        return true;
    pa_at(c->b, offset);
    return flush_rows(c, err) && pa_metric_fractional(c->b, c->stream, i, err);
}

/* One value in what the metric counts: base units, or 1e-9 of them. */
static line_kind take_value(collapsed *c, unsigned i, pa_str word, uint64_t offset, int64_t *value,
                            pa_err *err)
{
    collapsed_number n = collapsed_parse_number(word);
    if (n.kind == COLLAPSED_NONE)
        return LINE_BAD;
    if (n.kind == COLLAPSED_FRACTION && !make_fractional(c, i, offset, err))
        return LINE_FAIL;
    if (n.rounded)
        pa_note(c->b, "weight finer than 1e-9, rounded", offset);
    int64_t factor = c->factor[i];
    bool fractional = pa_stream_metric(c->b, c->stream, i)->decimals != 0;
    bool over = n.kind == COLLAPSED_TOO_LARGE || __builtin_mul_overflow(n.value, factor, value) ||
                (fractional && n.kind == COLLAPSED_INTEGER &&
                 __builtin_mul_overflow(*value, (int64_t)PA_FRACTION_SCALE, value));
    if (over) {
        pa_fail(err, PA_E_OVERFLOW, offset, "count '%.*s' is too large", word.n < 60 ? (int)word.n : 60,
                word.p);
        return LINE_FAIL;
    }
    return LINE_ROW;
}

static line_kind take_values(collapsed *c, pa_str *line, uint64_t offset, int64_t *values, pa_err *err)
{
    pa_str word, triple = {0};
    if (c->layout.between == ',') {
        if (!collapsed_last_word(line, &triple))
            return LINE_BAD;
        for (unsigned i = 0; i < c->layout.n_values; i++) {
            triple = pa_str_cut(triple, ',', &word);
            line_kind k = take_value(c, i, word, offset, &values[i], err);
            if (k != LINE_ROW)
                return k;
        }
        return LINE_ROW;
    }
    for (unsigned i = c->layout.n_values; i-- > 0;) {
        if (!collapsed_last_word(line, &word))
            return LINE_BAD;
        line_kind k = take_value(c, i, word, offset, &values[i], err);
        if (k != LINE_ROW)
            return k;
    }
    return LINE_ROW;
}

/* The usual line, quickly: plain digits behind one blank, one value, nothing to scale. */
static bool take_digits(const collapsed *c, pa_str *line, int64_t *value)
{
    uint64_t v = 0, scale = 1;
    size_t at = line->n;
    while (at > 0 && line->n - at < 18 && line->p[at - 1] >= '0' && line->p[at - 1] <= '9') {
        v += (uint64_t)(line->p[--at] - '0') * scale;
        scale *= 10;
    }
    if (at == line->n || at < 2 || line->p[at - 1] != ' ' || collapsed_is_blank(line->p[at - 2]) ||
        c->layout.n_values != 1 || c->factor[0] != 1 || pa_stream_metric(c->b, c->stream, 0)->decimals)
        return false;
    *value = (int64_t)v;
    line->n = at - 1;
    return true;
}

static line_kind add_row(collapsed *c, pa_context_id context, const int64_t *values, uint64_t offset,
                         pa_err *err)
{
    if (c->stack.n > PA_MAX_STACK_DEPTH) {
        pa_fail(err, PA_E_LIMIT, offset, "stack with %zu frames exceeds the limit of %u", c->stack.n,
                PA_MAX_STACK_DEPTH);
        return LINE_FAIL;
    }
    pa_at(c->b, offset);
    pa_push(c->kept, &c->row_stack) = pa_add_stack(c->b, c->stack.p, c->stack.n);
    pa_push(c->kept, &c->row_context) = context;
    pa_push(c->kept, &c->row_offset) = offset;
    pa_reserve(c->kept, &c->row_values, c->layout.n_values);
    for (unsigned i = 0; i < c->layout.n_values; i++)
        c->row_values.p[c->row_values.n++] = values[i];
    return LINE_ROW;
}

static line_kind read_line(collapsed *c, pa_str line, uint64_t offset, pa_err *err)
{
    int64_t values[COLLAPSED_MAX_VALUES] = {0};
    if (line.n == 0)
        return LINE_SKIP;
    if (line.p[0] == '#') {
        if (c->layout.dialect == COLLAPSED_AUSTIN3)
            collapsed_austin_comment(c->b, line);
        return LINE_SKIP;
    }
    if (!take_digits(c, &line, &values[0])) {
        line_kind k = take_values(c, &line, offset, values, err);
        if (k != LINE_ROW)
            return k;
    }
    pa_context_id context = {0};
    if (c->layout.dialect != COLLAPSED_PLAIN) {
        context = austin_context(c, &line);
        forget_line(c); /* frames start elsewhere in each line */
    }
    if (pa_str_is(line, COLLAPSED_NO_STACK))
        line.n = 0;
    split_frames(c, line, offset);
    return add_row(c, context, values, offset, err);
}

/* What failed first in the input is said: rows that wait come before the line in hand. */
static bool fail_in_order(collapsed *c, const pa_err *later, pa_err *err)
{
    if (flush_rows(c, err))
        *err = *later;
    return false;
}

static bool collapsed_read(pa_reading *r)
{
    collapsed *c = state(r);
    pa_str rest = r->offset == 0 ? collapsed_without_mark(r->bytes) : r->bytes, line;
    pa_err failed = {0};
    forget_line(c); /* the block before is gone */
    if (r->offset == 0 && c->layout.dialect == COLLAPSED_AUSTIN3)
        collapsed_austin_header(c->b, r->head);
    while (collapsed_next_line(&rest, &line)) {
        uint64_t offset = r->offset + (uint64_t)(line.p - r->bytes.p);
        line_kind k = read_line(c, line, offset, &failed);
        if (k == LINE_FAIL)
            return fail_in_order(c, &failed, r->err);
        if (k == LINE_BAD)
            pa_skip(c->b, "line without a weight", offset);
    }
    return flush_rows(c, r->err);
}

static size_t collapsed_split(pa_str bytes)
{
    const char *last = bytes.n ? memrchr(bytes.p, '\n', bytes.n) : NULL;
    return last ? (size_t)(last - bytes.p) + 1 : 0;
}

/* A file of which most lines mean nothing is something else. */
static bool collapsed_finish(const pa_read_sum *s, pa_err *err)
{
    uint64_t lines = s->n_records + s->n_skipped;
    if (s->n_records == 0)
        return pa_fail(err, PA_E_SYNTAX, s->first_skipped, "not collapsed stacks: no line ends in a number");
    if (s->n_skipped * 5 > lines)
        return pa_fail(err, PA_E_SYNTAX, s->first_skipped,
                       "not collapsed stacks: %llu of %llu lines do not end in a number, this is the first",
                       (unsigned long long)s->n_skipped, (unsigned long long)lines);
    return true;
}

const pa_format pa_format_collapsed = {
    .name = "collapsed",
    .title = "collapsed (folded) stacks: FlameGraph, inferno, async-profiler, py-spy, Austin",
    .extensions = "folded collapsed",
    .reads = PA_CARRIES_METRICS,
    .writes = 0,
    .probe = collapsed_probe,
    .read = collapsed_read,
    .split = collapsed_split,
    .one_stream = true,
    .finish = collapsed_finish,
    .write = collapsed_write,
};
