/* collapsed_write: "root;caller;leaf 12" lines of one metric, sorted by the bytes of the stack.
 * FlameGraph, inferno and speedscope must read back the same: so no comments, no exponents, no zero lines, ';' within a
 * name becomes ':', a leaf that ends in a blank and a number gets '_' for that blank, or it would be a second column,
 * and a root that would make a comment or another format of the line gets '_' before it.
 * Frames are ranked once by their text; stacks are sorted as strings of ranks, never as text. */
#include <stdlib.h>

#include "formats/collapsed_parts.h"
#include "libanalysis/base/sort.h"

/* A frame as text, in the two places it can stand: before a ';' and at the end of a stack. */
typedef struct frame_text {
    pa_str text;
    uint32_t inner, leaf; /* ranks */
} frame_text;

typedef struct writer {
    const pa_profile *p;
    pa_out *out;
    pa_arena *a;
    bool suffixes;
    uint32_t *text_of;        /* per frame, elsewhere and as root: index + 1 into texts */
    PA_VEC(frame_text) texts; /* distinct */
    pa_index index;
    const pa_str **by_rank;
    PA_VEC(char) line;
    PA_VEC(uint32_t) ends; /* where each frame of the line ends */
} writer;

/* ---- texts -------------------------------------------------------------------------------------------------- */

static char clean(char c) { return c == ';' ? ':' : c == '\n' || c == '\r' || c == '\0' ? ' ' : c; }

static pa_str frame_name(writer *w, const pa_frame *f)
{
    pa_str name = pa_string(w->p, pa_function_at(w->p, f->function)->name);
    pa_str module = pa_string(w->p, pa_module_at(w->p, f->module)->path);
    if (name.n == 0 && module.n)
        return pa_arena_format(w->a, "[%.*s]", (int)module.n, module.p);
    return name.n ? name : PA_STR(COLLAPSED_UNKNOWN);
}

/* A name that ends like suffixes is read as if it had them, without the blanks before them. */
static pa_str joined_suffixes(writer *w, pa_str name)
{
    size_t n = 0;
    pa_str base = name, rest = name;
    for (; collapsed_take_suffix(&base); n++)
        base = pa_str_trim(base);
    if (n == 0)
        return name;
    size_t length = base.n + n * COLLAPSED_SUFFIX_LENGTH;
    char *to = pa_new(w->a, char, length);
    memcpy(to, base.p, base.n);
    for (size_t i = n; i-- > 0; rest = pa_str_trim(rest)) {
        (void)collapsed_take_suffix(&rest);
        memcpy(to + base.n + i * COLLAPSED_SUFFIX_LENGTH, rest.p + rest.n, COLLAPSED_SUFFIX_LENGTH);
    }
    return (pa_str){to, length};
}

static pa_str make_text(writer *w, const pa_frame *f)
{
    pa_str name = pa_arena_str(w->a, pa_str_trim(frame_name(w, f)));
    char *p = (char *)name.p;
    for (size_t i = 0; i < name.n; i++)
        p[i] = clean(p[i]);
    name = joined_suffixes(w, pa_str_trim(name));
    if (name.n == 0)
        name = PA_STR(COLLAPSED_UNKNOWN);
    for (size_t i = 0; w->suffixes && i < collapsed_n_suffixes; i++)
        if (f->flags & collapsed_suffixes[i].flag)
            return pa_arena_format(w->a, "%.*s_[%c]", (int)name.n, name.p, collapsed_suffixes[i].letter);
    return name;
}

static uint32_t intern_text(writer *w, pa_str text)
{
    uint64_t hash = pa_str_hash(text);
    uint32_t i;
    for (pa_slot at = pa_index_find(&w->index, hash); pa_index_next(&w->index, &at, &i);)
        if (pa_str_eq(w->texts.p[i].text, text))
            return i;
    i = (uint32_t)w->texts.n;
    pa_push(w->a, &w->texts) = (frame_text){.text = text};
    pa_index_add(w->a, &w->index, hash, i);
    return i;
}

/* "#init", "P12" or the magic number of a compressed file at the start of a line is not read as a name. */
static bool unsafe_root(pa_str text)
{
    static const char *const magic[] = {"#",        "\xef\xbb\xbf", "\xff\xfe",
                                        "\xfe\xff", "\x1f\x8b",     "\x28\xb5\x2f\xfd"};
    for (size_t i = 0; i < sizeof magic / sizeof *magic; i++)
        if (pa_str_starts(text, pa_cstr(magic[i])))
            return true;
    return collapsed_is_document(text) || collapsed_is_austin_id(text, 'P') ||
           collapsed_is_austin_id(text, 'T');
}

static uint32_t text_index(writer *w, pa_frame_id id, bool root)
{
    uint32_t *known = &w->text_of[2 * (size_t)id.v + root];
    if (*known == 0) {
        pa_str text = make_text(w, pa_frame_at(w->p, id));
        if (root && unsafe_root(text))
            text = pa_arena_format(w->a, "_%.*s", (int)text.n, text.p);
        *known = intern_text(w, text) + 1;
    }
    return *known - 1;
}

/* "tier 2" at the end of a stack would be read as a second column: "tier_2". */
static pa_str leaf_text(writer *w, pa_str text)
{
    pa_str word, rest = text;
    if (!collapsed_last_word(&rest, &word) || word.n == text.n ||
        collapsed_parse_number(word).kind == COLLAPSED_NONE)
        return text;
    pa_str copy = pa_arena_str(w->a, text);
    ((char *)copy.p)[text.n - word.n - 1] = '_';
    return copy;
}

/* ---- ranks -------------------------------------------------------------------------------------------------- */

typedef struct place {
    pa_str text;
    uint32_t index;
    bool leaf;
} place;

/* By bytes, with what follows in the line: ';' behind an inner frame, nothing behind a leaf. */
static int compare_places(const void *a, const void *b)
{
    const place *x = a, *y = b;
    size_t n = x->text.n < y->text.n ? x->text.n : y->text.n;
    int c = n ? memcmp(x->text.p, y->text.p, n) : 0;
    if (c)
        return c;
    int next_x = n < x->text.n ? (unsigned char)x->text.p[n] : x->leaf ? -1 : ';';
    int next_y = n < y->text.n ? (unsigned char)y->text.p[n] : y->leaf ? -1 : ';';
    return (next_x > next_y) - (next_x < next_y);
}

static void rank_texts(writer *w)
{
    size_t n = w->texts.n * 2;
    place *places = pa_new(w->a, place, n);
    for (uint32_t i = 0; i < w->texts.n; i++) {
        places[2 * i] = (place){w->texts.p[i].text, i, false};
        places[2 * i + 1] = (place){leaf_text(w, w->texts.p[i].text), i, true};
    }
    if (n)
        qsort(places, n, sizeof *places, compare_places);
    w->by_rank = pa_new(w->a, const pa_str *, n);
    uint32_t rank = 0;
    for (size_t i = 0; i < n; i++) {
        /* two leaves that became one text share a rank, and their stacks one line */
        rank = i > 0 && compare_places(&places[i - 1], &places[i]) != 0 ? (uint32_t)i : rank;
        w->by_rank[rank] = &places[rank].text;
        frame_text *t = &w->texts.p[places[i].index];
        *(places[i].leaf ? &t->leaf : &t->inner) = rank;
    }
}

/* ---- stacks ------------------------------------------------------------------------------------------------- */

static bool sum_stacks(const pa_stream *s, uint32_t metric, int64_t *sums, pa_err *err)
{
    for (size_t i = 0; i < s->n_rows; i++)
        if (__builtin_add_overflow(sums[s->stack[i].v], s->values[i * s->n_metrics + metric],
                                   &sums[s->stack[i].v]))
            return pa_fail(err, PA_E_OVERFLOW, PA_NO_OFFSET, "sum of a stack exceeds 64 bits");
    return true;
}

/* Back to the unit the source has, if that leaves no fractions. */
static void to_source_unit(const pa_metric *m, int64_t *sums, size_t n)
{
    if (m->factor <= 1)
        return;
    for (size_t i = 0; i < n; i++)
        if (sums[i] % m->factor != 0)
            return;
    for (size_t i = 0; i < n; i++)
        sums[i] /= m->factor;
}

/* The texts of one stack; one without frames has one, too. */
static size_t stack_texts(writer *w, pa_frames f, uint32_t *to)
{
    if (f.n == 0) {
        *to = intern_text(w, PA_STR(COLLAPSED_NO_STACK));
        return 1;
    }
    for (size_t j = 0; j < f.n; j++)
        to[j] = text_index(w, f.p[j], j == 0);
    return f.n;
}

static pa_u32_string *ranked_stacks(writer *w, const int64_t *sums, size_t *n)
{
    size_t n_places = 0;
    *n = 0;
    for (uint32_t i = 0; i < w->p->n_stacks; i++) {
        pa_frames f = pa_stack_at(w->p, (pa_stack_id){i});
        n_places += sums[i] ? f.n + (f.n == 0) : 0;
        *n += sums[i] != 0;
    }
    pa_u32_string *strings = pa_new(w->a, pa_u32_string, *n);
    uint32_t *to = pa_new(w->a, uint32_t, n_places), *all = to;
    size_t at = 0;
    for (uint32_t i = 0; i < w->p->n_stacks; i++) {
        if (sums[i] == 0)
            continue;
        size_t depth = stack_texts(w, pa_stack_at(w->p, (pa_stack_id){i}), to);
        strings[at++] = (pa_u32_string){to, (uint32_t)depth, sums[i]};
        to += depth;
    }
    rank_texts(w);
    const frame_text *texts = w->texts.p;
    to = all;
    for (size_t i = 0; i < *n; i++)
        for (size_t j = 0; j < strings[i].n; j++, to++)
            *to = j + 1 < strings[i].n ? texts[*to].inner : texts[*to].leaf;
    return strings;
}

/* ---- lines -------------------------------------------------------------------------------------------------- */

static void put_value(pa_out *out, int64_t value, int decimals)
{
    pa_out_char(out, ' ');
    if (decimals)
        pa_out_decimal(out, value, decimals);
    else
        pa_out_i64(out, value);
    pa_out_char(out, '\n');
}

/* The line keeps what it shares with the one before. */
static void put_stack(writer *w, const pa_u32_string *s, const pa_u32_string *previous)
{
    size_t same = 0;
    while (previous && same < s->n && same < previous->n && s->p[same] == previous->p[same])
        same++;
    w->ends.n = same;
    w->line.n = same ? w->ends.p[same - 1] : 0;
    for (size_t i = same; i < s->n; i++) {
        const pa_str *text = w->by_rank[s->p[i]];
        pa_reserve(w->a, &w->line, text->n + 1);
        if (i)
            w->line.p[w->line.n++] = ';';
        memcpy(w->line.p + w->line.n, text->p, text->n);
        w->line.n += text->n;
        pa_push(w->a, &w->ends) = (uint32_t)w->line.n;
    }
    pa_out_bytes(w->out, w->line.p, w->line.n);
}

static bool put_lines(writer *w, pa_u32_string *strings, size_t n, int decimals, pa_err *err)
{
    const pa_u32_string *previous = NULL;
    for (size_t i = 0; i < n;) {
        pa_u32_string *s = &strings[i];
        size_t next = i + 1;
        for (; next < n && strings[next].n == s->n && memcmp(strings[next].p, s->p, s->n * sizeof *s->p) == 0;
             next++)
            if (__builtin_add_overflow(s->value, strings[next].value, &s->value))
                return pa_fail(err, PA_E_OVERFLOW, PA_NO_OFFSET, "sum of a stack exceeds 64 bits");
        if (s->value != 0) {
            put_stack(w, s, previous);
            put_value(w->out, s->value, decimals);
            previous = s;
        }
        i = next;
    }
    return true;
}

/* Suffixes are written where they were read: other sources' names stay as people know them. */
static bool has_suffixes(const pa_profile *p)
{
    for (size_t i = 0; i < p->n_inputs; i++)
        if (strcmp(p->inputs[i].format, "collapsed") == 0)
            return true;
    return false;
}

bool collapsed_write(const pa_profile *p, pa_out *out, pa_arena *scratch, pa_err *err)
{
    if (p->n_streams == 0)
        return true;
    const pa_stream *s = &p->streams[p->default_stream.v];
    writer w = {.p = p, .out = out, .a = scratch, .suffixes = has_suffixes(p)};
    pa_reserve(scratch, &w.texts, 1); /* never NULL */
    w.text_of = pa_new(scratch, uint32_t, p->n_frames * 2);
    int64_t *sums = pa_new(scratch, int64_t, p->n_stacks);
    if (!sum_stacks(s, p->default_metric, sums, err))
        return false;
    to_source_unit(&s->metrics[p->default_metric], sums, p->n_stacks);
    size_t n;
    pa_u32_string *strings = ranked_stacks(&w, sums, &n);
    pa_sort_u32_strings(scratch, strings, n);
    return put_lines(&w, strings, n, s->metrics[p->default_metric].decimals, err);
}
