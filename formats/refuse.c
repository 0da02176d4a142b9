/* refuse.c: see refuse.h.  Signs are compared in the order of the table; texts are looked at as lines, without a byte
 * order mark and without the blanks before them. */
#include "formats/refuse.h"

#include <stdio.h>

#define S(literal)                   \
    {                                \
        literal, sizeof(literal) - 1 \
    }
#define AT(offset, bytes)                     \
    {                                         \
        PA_SIGN_BYTES, {offset}, { S(bytes) } \
    }
#define AT_BOTH(offset, bytes, also, as)                   \
    {                                                      \
        PA_SIGN_BYTES, {offset, also}, { S(bytes), S(as) } \
    }
#define FIRST(starts, has, and_has)                           \
    {                                                         \
        PA_SIGN_FIRST, {0}, { S(starts), S(has), S(and_has) } \
    }
#define LINE(starts, has, and_has)                           \
    {                                                        \
        PA_SIGN_LINE, {0}, { S(starts), S(has), S(and_has) } \
    }
#define NAMED(extension)                    \
    {                                       \
        PA_SIGN_NAME, {0}, { S(extension) } \
    }
#define JSON               \
    {                      \
        PA_SIGN_JSON, {0}, \
        {                  \
            {              \
                NULL, 0    \
            }              \
        }                  \
    }

#define PA_REFUSED(name, title, advice, ...) {name, title, advice, {__VA_ARGS__}},
#define PA_UNKNOWN(name, title, ...)         {name, title, NULL, {__VA_ARGS__}},
const pa_refusal pa_refusals[] = {
#include "formats/refuse.def"
};
#undef PA_REFUSED
#undef PA_UNKNOWN
const size_t pa_n_refusals = sizeof pa_refusals / sizeof *pa_refusals;

/* ---- signs -------------------------------------------------------------------------------------------------- */

typedef struct seen {
    pa_str head;
    pa_str text;
    pa_str name;
    bool guess;
} seen;

static pa_str without_blanks(pa_str s)
{
    size_t at = 0;
    while (at < s.n && (s.p[at] == ' ' || s.p[at] == '\t' || s.p[at] == '\r' || s.p[at] == '\n'))
        at++;
    return pa_str_from(s, at);
}

static bool holds(pa_str s, pa_str part) { return part.n == 0 || pa_str_search(s, part) >= 0; }

static bool has_bytes(pa_str head, const pa_sign *m)
{
    for (size_t i = 0; i < PA_SIGN_PARTS; i++)
        if (m->part[i].n && (m->at[i] >= head.n || !pa_str_starts(pa_str_from(head, m->at[i]), m->part[i])))
            return false;
    return true;
}

static bool fits(pa_str text, const pa_sign *m)
{
    return pa_str_starts(text, m->part[0]) && holds(text, m->part[1]) && holds(text, m->part[2]);
}

static bool has_line(pa_str text, const pa_sign *m)
{
    while (text.n) {
        pa_str line;
        text = pa_str_cut(text, '\n', &line);
        if (fits(without_blanks(line), m))
            return true;
    }
    return false;
}

static bool is_json(pa_str text)
{
    pa_str inside = without_blanks(pa_str_from(text, 1));
    if (inside.n == 0)
        return false;
    const char *may = text.p[0] == '{' ? "\"}" : text.p[0] == '[' ? "{[\"]" : "";
    return strchr(may, inside.p[0]) != NULL;
}

static bool matches(const seen *s, const pa_sign *m)
{
    switch (m->where) {
    case PA_SIGN_BYTES: return has_bytes(s->head, m);
    case PA_SIGN_FIRST: return s->text.n && fits(s->text, m);
    case PA_SIGN_LINE: return has_line(s->text, m);
    case PA_SIGN_JSON: return s->text.n && is_json(s->text);
    case PA_SIGN_NAME: return pa_str_ends(s->name, m->part[0]);
    case PA_SIGN_NONE: break;
    }
    return false;
}

static bool is_guess(const pa_refusal *row) { return !row->advice || row->signs[0].where == PA_SIGN_NAME; }

/* From the first line that is not blank; empty when head is no text. */
static pa_str text_of(pa_str head)
{
    if (head.n == 0 || memchr(head.p, 0, head.n))
        return (pa_str){NULL, 0};
    return without_blanks(pa_str_from(head, pa_str_starts(head, PA_STR("\xef\xbb\xbf")) ? 3 : 0));
}

const pa_refusal *pa_refusal_of(pa_str head, const char *name)
{
    seen s = {.head = head, .text = text_of(head), .name = pa_cstr(name), .guess = name != NULL};
    for (size_t i = 0; i < pa_n_refusals; i++)
        if (s.guess || !is_guess(&pa_refusals[i]))
            for (size_t m = 0; m < PA_SIGNS_MAX; m++)
                if (matches(&s, &pa_refusals[i].signs[m]))
                    return &pa_refusals[i];
    return NULL;
}

/* ---- words -------------------------------------------------------------------------------------------------- */

#define KEYS_SHOWN    5
#define KEY_MAX       32
#define JSON_KEYS_MAX (KEYS_SHOWN * (KEY_MAX + sizeof ", ''") + sizeof " with the keys ...")

/* Behind the string that starts at s. */
static pa_str skip_string(pa_str s, pa_str *inside)
{
    size_t at = 1;
    while (at < s.n && s.p[at] != '"')
        at += s.p[at] == '\\' ? 2 : 1;
    if (at >= s.n) /* cut by the end of the head */
        at = s.n;
    *inside = pa_str_head(pa_str_from(s, 1), at - 1);
    return pa_str_from(s, at < s.n ? at + 1 : at);
}

/* The next key of the object that starts at or before *s and is *depth levels deep, or an empty slice at its end. */
static pa_str next_key(pa_str *s, int *depth)
{
    while (s->n) {
        char c = s->p[0];
        if (c == '"') {
            pa_str key;
            *s = without_blanks(skip_string(*s, &key));
            if (*depth == 1 && s->n && s->p[0] == ':')
                return key;
            continue;
        }
        *depth += (c == '{' || c == '[') - (c == '}' || c == ']');
        *s = pa_str_from(*s, 1);
        if (*depth == 0)
            break;
    }
    return (pa_str){NULL, 0};
}

/* " with the keys 'a', 'b'": of the object, or of the first one of an array. */
static void describe_json(pa_str text, char to[JSON_KEYS_MAX])
{
    size_t n = 0;
    int depth = 0;
    while (text.n && text.p[0] == '[')
        text = without_blanks(pa_str_from(text, 1));
    to[0] = '\0';
    if (text.n == 0 || text.p[0] != '{')
        return;
    for (int i = 0; i < KEYS_SHOWN; i++) {
        pa_str key = next_key(&text, &depth);
        if (!key.p)
            return;
        n += (size_t)snprintf(to + n, JSON_KEYS_MAX - n, "%s'%.*s'", i ? ", " : " with the keys ",
                              key.n < KEY_MAX ? (int)key.n : KEY_MAX, key.p);
    }
    if (next_key(&text, &depth).p)
        snprintf(to + n, JSON_KEYS_MAX - n, " ...");
}

bool pa_refuse(const pa_refusal *row, pa_str head, pa_err *err)
{
    char more[JSON_KEYS_MAX] = "";
    if (row->advice)
        return pa_fail(err, PA_E_UNSUPPORTED, PA_NO_OFFSET, "is %s, which is not read: %s", row->title,
                       row->advice);
    if (row->signs[0].where == PA_SIGN_JSON)
        describe_json(text_of(head), more);
    return pa_fail(err, PA_E_UNRECOGNISED, PA_NO_OFFSET, "no known profile format; it is %s%s", row->title,
                   more);
}
