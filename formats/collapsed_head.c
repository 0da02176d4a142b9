/* collapsed_head: is this collapsed stacks, and in which dialect?  Decided from the first lines of the input, once; no
 * later line can change it, so every block of the input is read alike. */
#include "formats/collapsed_parts.h"

#define LOOK_AT 1000 /* lines */

pa_str collapsed_without_mark(pa_str bytes)
{
    pa_str mark = PA_STR("\xef\xbb\xbf");
    return pa_str_starts(bytes, mark) ? pa_str_from(bytes, mark.n) : bytes;
}

bool collapsed_next_line(pa_str *rest, pa_str *line)
{
    if (rest->n == 0)
        return false;
    const char *end = memchr(rest->p, '\n', rest->n);
    size_t n = end ? (size_t)(end - rest->p) : rest->n;
    *line = (pa_str){rest->p, n};
    *rest = end ? pa_str_from(*rest, n + 1) : (pa_str){rest->p + n, 0};
    while (line->n && collapsed_is_blank(line->p[line->n - 1]))
        line->n--;
    return true;
}

bool collapsed_last_word(pa_str *line, pa_str *word)
{
    size_t end = line->n;
    while (end && collapsed_is_blank(line->p[end - 1]))
        end--;
    size_t start = end;
    while (start && !collapsed_is_blank(line->p[start - 1]))
        start--;
    *word = (pa_str){line->p + start, end - start};
    while (start && collapsed_is_blank(line->p[start - 1]))
        start--;
    line->n = start;
    return word->n > 0;
}

static bool is_number(pa_str word)
{
    collapsed_number n = collapsed_parse_number(word);
    return n.kind != COLLAPSED_NONE;
}

/* "12,0,-4096": Austin 3 in full mode. */
static bool is_triple(pa_str word)
{
    unsigned n = 0;
    while (word.n) {
        pa_str one;
        word = pa_str_cut(word, ',', &one);
        if (!is_number(one))
            return false;
        n++;
    }
    return n == 3;
}

/* How often the first lines look like what. */
typedef struct census {
    size_t lines, weighted, two, three, triples, austin, austin2;
    pa_str mode;
    bool header;
} census;

pa_str collapsed_comment(pa_str line, pa_str *key)
{
    pa_str value = pa_str_cut(pa_str_from(line, 1), ':', key);
    *key = pa_str_trim(*key);
    return pa_str_trim(value);
}

static void note_comment(pa_str line, census *c)
{
    pa_str key, value = collapsed_comment(line, &key);
    c->header = c->header || pa_str_is(key, "austin");
    if (pa_str_is(key, "mode"))
        c->mode = value;
}

/* Digits of a process or thread, on Windows hexadecimal ones, or of interpreter and thread. */
static bool is_id(pa_str s)
{
    bool digit = false;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        digit = digit || (c >= '0' && c <= '9');
        if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f') && !(c >= 'A' && c <= 'F') && c != 'x' &&
            c != ':')
            return false;
    }
    return digit;
}

bool collapsed_is_austin_id(pa_str frame, char letter)
{
    return frame.n > 1 && frame.p[0] == letter && is_id(pa_str_from(frame, 1));
}

/* "P12;T34", "T34", "P12;T0:34" at the start of frames; a thread without a process needs frames behind it. */
static bool is_austin(pa_str frames)
{
    pa_str first, second, rest = pa_str_cut(frames, ';', &first);
    if (collapsed_is_austin_id(first, 'T'))
        return first.n < frames.n;
    pa_str_cut(rest, ';', &second);
    return collapsed_is_austin_id(first, 'P') && collapsed_is_austin_id(second, 'T');
}

static void count_line(pa_str line, census *c)
{
    if (line.n == 0)
        return;
    if (line.p[0] == '#') {
        note_comment(line, c);
        return;
    }
    c->lines++;
    pa_str word, rest = line;
    bool first = collapsed_last_word(&rest, &word);
    bool triple = first && is_triple(word);
    if (!first || (!triple && !is_number(word)))
        return;
    c->weighted++;
    c->triples += triple;
    c->austin += is_austin(rest);
    bool second = collapsed_last_word(&rest, &word) && is_number(word) && rest.n > 0;
    c->two += second;
    bool third = second && collapsed_last_word(&rest, &word) && is_number(word) && rest.n > 0;
    c->three += third;
    c->austin2 += pa_str_search(line, PA_STR(" (")) >= 0 &&
                  (pa_str_search(line, PA_STR(");L")) >= 0 || pa_str_search(line, PA_STR(") ")) >= 0);
}

static census take_census(pa_str head)
{
    census c = {0};
    pa_str line, rest = collapsed_without_mark(head);
    while (c.lines < LOOK_AT && collapsed_next_line(&rest, &line)) {
        if (rest.n == 0 && head.n == PA_INPUT_HEAD && c.lines > 0)
            break; /* cut off by the end of the head */
        count_line(line, &c);
    }
    return c;
}

/* Behind the first character of JSON, XML and friends comes what no frame has there; "<module>", "[main tid=1]" and
 * "{closure}" are frames. */
bool collapsed_is_document(pa_str start)
{
    static const char *const others[] = {"<?xml", "<!",          "<svg",    "<html", "<HTML",
                                         "%PDF",  "# callgrind", "events:", "desc:"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (pa_str_starts(start, pa_cstr(others[i])))
            return true;
    if (start.n == 0 || (start.p[0] != '{' && start.p[0] != '['))
        return false;
    pa_str next = pa_str_trim(pa_str_from(start, 1));
    return next.n > 0 && strchr(start.p[0] == '{' ? "\"}" : "\"{[]", next.p[0]) && next.p[0];
}

int collapsed_probe(pa_str head)
{
    if (memchr(head.p, 0, head.n) || collapsed_is_document(pa_str_trim(collapsed_without_mark(head))))
        return PA_PROBE_NO;
    census c = take_census(head);
    if (c.lines == 0 || c.weighted * 5 < c.lines * 4)
        return PA_PROBE_NO;
    if (c.header || c.austin * 5 >= c.lines * 4)
        return PA_PROBE_STRUCTURE + 20;
    size_t semicolons = 0;
    for (size_t i = 0; i < head.n; i++)
        semicolons += head.p[i] == ';';
    return semicolons >= c.lines / 2 + 1 ? PA_PROBE_STRUCTURE : PA_PROBE_PLAUSIBLE;
}

static void one_value(collapsed_layout *l, const char *name, const char *unit)
{
    l->n_values = 1;
    l->names[0] = name;
    l->units[0] = unit;
}

static void austin_values(const census *c, collapsed_layout *l)
{
    if (c->triples * 5 >= c->weighted * 4 || c->three * 5 >= c->weighted * 4) {
        l->n_values = 3;
        l->between = c->triples * 5 >= c->weighted * 4 ? ',' : ' ';
        static const char *const names[] = {"time", "idle", "memory"}, *const units[] = {"us", "count",
                                                                                         "bytes"};
        memcpy(l->names, names, sizeof names);
        memcpy(l->units, units, sizeof units);
    } else if (pa_str_is(c->mode, "memory")) {
        one_value(l, "memory", "bytes");
    } else {
        one_value(l, pa_str_is(c->mode, "cpu") ? "cpu" : "wall", "us");
    }
}

void collapsed_learn(pa_str head, const pa_read_options *options, collapsed_layout *l)
{
    census c = take_census(head);
    *l = (collapsed_layout){.between = ' '};
    if (c.header || (c.lines && c.austin * 5 >= c.lines * 4)) {
        l->dialect = c.austin2 * 2 > c.weighted && !c.header ? COLLAPSED_AUSTIN2 : COLLAPSED_AUSTIN3;
        austin_values(&c, l);
        return;
    }
    const char *unit = options->input_unit ? options->input_unit : "count";
    l->sampled = strcmp(unit, "count") == 0;
    if (options->two_columns || (c.weighted > 0 && c.two == c.lines)) {
        l->n_values = 2;
        l->default_value = 1; /* difffolded.pl's pictures, too, are drawn from what was after */
        l->names[0] = "before";
        l->names[1] = "after";
        l->units[0] = l->units[1] = unit;
        return;
    }
    one_value(l, l->sampled ? "samples" : "weight", unit);
}
