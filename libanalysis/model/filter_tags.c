/* filter_tags.c: tagfocus and tagignore: which contexts pass by any of their labels.
 * In: [key=]value, where value is a range of numbers (32kb, 4mb:, :64kb, 12kb:64mb) or expressions, comma-separated.
 * Out: a mask over contexts.
 *
 * pprof's rules, also the odd ones: without a key all expressions must match some "key:value"; with a key one that
 * matches one of its values is enough; a number is in the unit that its key had first, or in one inferred from the
 * key; numbers of a unit that is neither size nor time are compared as they are. */
#include "libanalysis/base/index.h"
#include "libanalysis/model/view_parts.h"

/* ---- units as pprof's measurement package sees them ---------------------------------------------------------- */

typedef struct tag_unit {
    pa_dimension dimension; /* PA_DIM_OTHER: only its spelling counts */
    int64_t factor;
    pa_str spelling; /* "" for what is not worth a name: count, sample ... */
} tag_unit;

static tag_unit unit_of(pa_str name)
{
    static const char *const plain[] = {"count", "sample", "unit", "minimum", "auto"};
    tag_unit u = {.spelling = name, .factor = 1};
    if (pa_unit_parse(name, &u.dimension, &u.factor) &&
        (u.dimension == PA_DIM_TIME || u.dimension == PA_DIM_BYTES))
        return u;
    u.dimension = PA_DIM_OTHER;
    u.factor = 1;
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        if (pa_str_is(name, plain[i]))
            u.spelling = (pa_str){0};
    return u;
}

/* value in the unit `to`; false when what comes out has another unit. */
static bool scale(int64_t value, tag_unit from, tag_unit to, double *scaled)
{
    if (from.dimension == PA_DIM_OTHER) { /* nothing is known about it: taken for what is asked */
        *scaled = (double)value;
        return true;
    }
    *scaled = (double)value * (double)from.factor / (double)to.factor;
    return from.dimension == to.dimension;
}

/* ---- ranges -------------------------------------------------------------------------------------------------- */

typedef struct tag_filter {
    const char *option;
    pa_str key; /* p NULL: any */
    bool is_range, has_low, has_high;
    double low, high;
    tag_unit unit;
    PA_VEC(pa_regex *) expressions;
    /* what each expression says about a label, by pair of key and value */
    pa_index index;
    PA_VEC(pa_label) pairs;
    PA_VEC(unsigned char) answers;
} tag_filter;

typedef struct number {
    pa_str whole, digits, unit;
} number;

static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_alpha(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/* The first "[+-]digits[letters]" in s. */
static bool find_number(pa_str s, number *found)
{
    size_t at = 0;
    while (at < s.n && !is_digit(s.p[at]))
        at++;
    if (at == s.n)
        return false;
    size_t start = at && (s.p[at - 1] == '-' || s.p[at - 1] == '+') ? at - 1 : at;
    while (at < s.n && is_digit(s.p[at]))
        at++;
    size_t end = at;
    while (end < s.n && is_alpha(s.p[end]))
        end++;
    size_t sign = s.p[start] == '+'; /* pa_str_to_i64 takes no plus */
    found->digits = (pa_str){s.p + start + sign, at - start - sign};
    found->unit = (pa_str){s.p + at, end - at};
    found->whole = (pa_str){s.p + start, end - start};
    return true;
}

static bool number_value(pa_view_job *job, const tag_filter *f, const number *n, int64_t *value)
{
    return pa_str_to_i64(n->digits, value) ||
           pa_fail(job->err, PA_E_USAGE, PA_NO_OFFSET, "%s: '%.*s' is out of range", f->option,
                   (int)n->whole.n, n->whole.p);
}

/* Sets is_range when value is one. */
static bool parse_range(pa_view_job *job, tag_filter *f, pa_str value)
{
    number a, b;
    int64_t first, second;
    if (!find_number(value, &a))
        return true;
    pa_str before = {value.p, (size_t)(a.whole.p - value.p)};
    pa_str after = pa_str_from(value, before.n + a.whole.n);
    bool open_below = pa_str_is(before, ":") && after.n == 0,
         open_above = before.n == 0 && pa_str_is(after, ":");
    bool two = before.n == 0 && after.n > 1 && after.p[0] == ':' && find_number(pa_str_from(after, 1), &b) &&
               b.whole.n == after.n - 1;
    if (!open_below && !open_above && !two && (before.n || after.n))
        return true;
    f->unit = unit_of(a.unit);
    if (!number_value(job, f, &a, &first) || (two && !number_value(job, f, &b, &second)))
        return false;
    f->low = f->high = (double)first;
    if (two && !scale(second, unit_of(b.unit), f->unit, &f->high))
        return true;
    f->has_low = !open_below;
    f->has_high = !open_above;
    f->is_range = true;
    return true;
}

/* The unit of a key: the first that any of its numbers has. */
static tag_unit key_unit(const pa_view_job *job, pa_str_id key)
{
    const pa_profile *p = job->p;
    for (size_t i = 0; i < p->context_at[p->n_contexts]; i++)
        if (p->labels[i].numeric && p->labels[i].key.v == key.v && p->labels[i].str.v)
            return unit_of(pa_job_string(job, p->labels[i].str));
    pa_str name = pa_job_string(job, key);
    bool bytes = pa_str_is(name, "alignment") || pa_str_is(name, "request");
    return unit_of(bytes ? pa_cstr("bytes") : name);
}

static bool in_range(const tag_filter *f, int64_t value, tag_unit unit)
{
    double v;
    return scale(value, unit, f->unit, &v) && (!f->has_low || v >= f->low) && (!f->has_high || v <= f->high);
}

/* Units are looked up once per key. */
typedef struct key_units {
    PA_VEC(pa_str_id) keys;
    PA_VEC(tag_unit) units;
} key_units;

static tag_unit known_unit(pa_view_job *job, key_units *known, pa_str_id key)
{
    for (size_t i = 0; i < known->keys.n; i++)
        if (known->keys.p[i].v == key.v)
            return known->units.p[i];
    tag_unit u = key_unit(job, key);
    pa_push(job->scratch, &known->keys) = key;
    pa_push(job->scratch, &known->units) = u;
    return u;
}

static bool range_matches(pa_view_job *job, const tag_filter *f, key_units *known, pa_labels labels)
{
    for (size_t i = 0; i < labels.n; i++) {
        const pa_label *l = &labels.p[i];
        bool unseen = l->num == 0 && l->str.v == 0 && job->o->compat == PA_COMPAT_PPROF;
        if (!l->numeric || unseen || (f->key.p && !pa_str_eq(pa_job_string(job, l->key), f->key)))
            continue;
        if (in_range(f, l->num, known_unit(job, known, l->key)))
            return true;
    }
    return false;
}

/* ---- expressions --------------------------------------------------------------------------------------------- */

static bool parse_expressions(pa_view_job *job, tag_filter *f, pa_str value)
{
    pa_str part;
    bool more = true;
    while (more) { /* "" and what follows a last comma are expressions too: they match everything */
        pa_str rest = pa_str_cut(value, ',', &part);
        more = part.n != value.n;
        value = rest;
        pa_regex *re = pa_regex_new(&job->pool, f->option, part, job->err);
        if (!re)
            return false;
        pa_push(job->scratch, &f->expressions) = re;
    }
    return true;
}

/* The answers of all expressions about a label, asked once per pair of key and value. */
static const unsigned char *answers(pa_view_job *job, tag_filter *f, const pa_label *l)
{
    uint64_t hash = pa_mix(l->key.v, l->str.v);
    size_t n = f->expressions.n;
    uint32_t id;
    for (pa_slot at = pa_index_find(&f->index, hash); pa_index_next(&f->index, &at, &id);)
        if (f->pairs.p[id].key.v == l->key.v && f->pairs.p[id].str.v == l->str.v)
            return f->answers.p + id * n;
    pa_str key = pa_job_string(job, l->key), text = pa_job_string(job, l->str);
    if (!f->key.p)
        text = pa_arena_format(job->scratch, "%.*s:%.*s", (int)key.n, key.p, (int)text.n, text.p);
    id = (uint32_t)f->pairs.n;
    pa_push(job->scratch, &f->pairs) = *l;
    pa_index_add(job->scratch, &f->index, hash, id);
    for (size_t i = 0; i < n; i++) {
        bool hit;
        if (!pa_regex_match(f->expressions.p[i], text, &hit, job->err))
            return NULL;
        pa_push(job->scratch, &f->answers) = hit;
    }
    return f->answers.p + id * n;
}

/* found has room for one byte per expression. */
static bool text_matches(pa_view_job *job, tag_filter *f, unsigned char *found, pa_labels labels,
                         bool *matches)
{
    size_t n = f->expressions.n, n_found = 0;
    memset(found, 0, n);
    for (size_t i = 0; i < labels.n; i++) {
        const pa_label *l = &labels.p[i];
        if (l->numeric || (f->key.p && !pa_str_eq(pa_job_string(job, l->key), f->key)))
            continue;
        const unsigned char *said = answers(job, f, l);
        if (!said)
            return false;
        for (size_t j = 0; j < n; j++) {
            n_found += said[j] && !found[j];
            found[j] |= said[j];
        }
    }
    *matches = f->key.p ? n_found > 0 : n_found == n;
    return true;
}

/* ---- both ---------------------------------------------------------------------------------------------------- */

static bool parse(pa_view_job *job, tag_filter *f, const char *option, const char *text)
{
    pa_str value = pa_cstr(text);
    f->option = option;
    ptrdiff_t equals = pa_str_find(value, '=');
    if (equals >= 0) {
        if (equals > 0) /* "=value" names no key */
            f->key = pa_str_head(value, (size_t)equals);
        value = pa_str_from(value, (size_t)equals + 1);
    }
    if (!parse_range(job, f, value))
        return false;
    if (f->is_range)
        pa_view_note(job, "%s: '%.*s' read as a range, not as an expression", option, (int)value.n, value.p);
    return f->is_range || parse_expressions(job, f, value);
}

static bool apply(pa_view_job *job, tag_filter *f, bool wanted)
{
    const pa_profile *p = job->p;
    unsigned char *found = pa_new(job->scratch, unsigned char, f->expressions.n + 1);
    key_units known = {0};
    bool any = false;
    for (uint32_t c = 0; c < p->n_contexts; c++) {
        pa_labels labels = pa_context_at(p, (pa_context_id){c});
        bool matches = false;
        if (f->is_range)
            matches = range_matches(job, f, &known, labels);
        else if (!text_matches(job, f, found, labels, &matches))
            return false;
        any |= matches;
        job->context_in[c] &= matches == wanted;
    }
    if (!any)
        pa_view_note(job, "%s expression matched no samples", f->option);
    return true;
}

bool pa_filter_tags(pa_view_job *job)
{
    const char *const given[] = {job->o->tagfocus, job->o->tagignore};
    static const char *const names[] = {"tagfocus", "tagignore"};
    for (int i = 0; i < 2; i++) {
        if (!pa_given(given[i]))
            continue;
        if (!job->context_in) {
            job->context_in = pa_new(job->arena, unsigned char, job->p->n_contexts);
            memset(job->context_in, 1, job->p->n_contexts);
        }
        tag_filter f = {0};
        if (!parse(job, &f, names[i], given[i]) || !apply(job, &f, i == 0))
            return false;
    }
    return true;
}
