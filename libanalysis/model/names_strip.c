/* names_strip.c: what makes a name belong to one build or one run, taken off by the table names_strip.def; keys;
 * file and module names.
 * In: names.  Out: the name itself where nothing was to do, else a copy in the arena. */
#include "libanalysis/model/names.h"

#include "libanalysis/base/vec.h"

typedef enum tail { NONE, DIGITS, NUMBERS, HEX16, BRACKET, VERSION, LAMBDA } tail;
typedef enum after { ANY, WORD, BRACE, QUOTE } after;

typedef struct strip_rule {
    pa_str lead;
    tail tail;
    after after;
    pa_str put;
} strip_rule;

#define LITERAL(s)       \
    {                    \
        s, sizeof(s) - 1 \
    }
#define PA_STRIP(lead, tail, after, put) {LITERAL(lead), tail, after, LITERAL(put)},
static const strip_rule rules[] = {
#include "libanalysis/model/names_strip.def"
};
#undef PA_STRIP
#define N_RULES (sizeof rules / sizeof *rules)

static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
static bool is_word(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static size_t digits(pa_str s)
{
    size_t n = 0;
    while (n < s.n && is_digit(s.p[n]))
        n++;
    return n;
}

/* "1", "1.2", "1.2.3": a dot counts only when a digit follows it. */
static size_t numbers(pa_str s)
{
    size_t n = digits(s);
    while (n && n + 1 < s.n && s.p[n] == '.' && is_digit(s.p[n + 1]))
        n += 1 + digits(pa_str_from(s, n + 1));
    return n;
}

static size_t run_of(pa_str s, bool (*fits)(char c))
{
    size_t n = 0;
    while (n < s.n && fits(s.p[n]))
        n++;
    return n;
}

static bool is_version(char c) { return (is_word(c) && c != '_') || c == '.' || c == '-' || c == '+'; }

/* A number behind a separator: "$123", "/0x00007f", ".0x1", "_0x2"; a name that merely goes on ("$get") stays. */
static size_t lambda_number(pa_str s)
{
    size_t n = 0;
    while (n + 1 < s.n && strchr("$/._", s.p[n]) && is_digit(s.p[n + 1])) {
        bool hex = n + 2 < s.n && s.p[n + 1] == '0' && s.p[n + 2] == 'x';
        n += hex ? 3 : 1;
        n += hex ? run_of(pa_str_from(s, n), is_hex) : digits(pa_str_from(s, n));
    }
    return n;
}

/* Length of the tail at the start of s, or -1 if there is none. */
static ptrdiff_t tail_length(pa_str s, tail kind)
{
    size_t n = 0;
    switch (kind) {
    case NONE: return 0;
    case DIGITS: n = digits(s); break;
    case NUMBERS: n = numbers(s); break;
    case HEX16: n = run_of(pa_str_head(s, 16), is_hex) == 16 ? 16 : 0; break;
    case BRACKET: return pa_str_find(s, ']') + (pa_str_find(s, ']') >= 0);
    case VERSION: n = digits(s) ? run_of(s, is_version) : 0; break;
    case LAMBDA: n = lambda_number(s); break;
    }
    return n ? (ptrdiff_t)n : -1;
}

static bool after_fits(pa_str s, after kind)
{
    switch (kind) {
    case ANY: return true;
    case WORD: return s.n == 0 || !is_word(s.p[0]);
    case BRACE: return s.n && s.p[0] == '}';
    case QUOTE: return s.n && s.p[0] == '\'';
    }
    return false;
}

/* The rule for what stands at the start of s and how much it takes; NULL: none. */
static const strip_rule *find_rule(pa_str s, size_t *taken)
{
    for (size_t i = 0; i < N_RULES; i++) {
        const strip_rule *r = &rules[i];
        if (r->lead.p[0] != s.p[0] || !pa_str_starts(s, r->lead))
            continue;
        ptrdiff_t n = tail_length(pa_str_from(s, r->lead.n), r->tail);
        if (n < 0 || !after_fits(pa_str_from(s, r->lead.n + (size_t)n), r->after))
            continue;
        *taken = r->lead.n + (size_t)n;
        return r;
    }
    return NULL;
}

typedef PA_VEC(char) bytes;

static void append(pa_arena *arena, bytes *to, pa_str s)
{
    pa_reserve(arena, to, s.n);
    if (s.n)
        memcpy(to->p + to->n, s.p, s.n);
    to->n += s.n;
}

/* "lambda$main$3": the number that javac gave the body of a lambda. */
static pa_str without_lambda_number(pa_str name)
{
    ptrdiff_t dollar = pa_str_rfind(name, '$');
    if (dollar < 0 || pa_str_search(pa_str_head(name, (size_t)dollar), PA_STR("lambda$")) < 0)
        return name;
    pa_str number = pa_str_from(name, (size_t)dollar + 1);
    return number.n && digits(number) == number.n ? pa_str_head(name, (size_t)dollar) : name;
}

pa_str pa_name_strip(pa_arena *arena, pa_str name)
{
    bytes to = {0};
    size_t copied = 0;
    name = without_lambda_number(name);
    for (size_t i = 0; i < name.n;) {
        size_t taken;
        const strip_rule *r = find_rule(pa_str_from(name, i), &taken);
        if (!r) {
            i++;
            continue;
        }
        append(arena, &to, (pa_str){name.p + copied, i - copied});
        append(arena, &to, r->put);
        i += taken;
        copied = i;
    }
    if (copied == 0)
        return name;
    append(arena, &to, pa_str_from(name, copied));
    return to.n ? (pa_str){to.p, to.n} : name; /* a name of nothing but such parts is better than none */
}

/* ---- keys --------------------------------------------------------------------------------------------------- */

/* Length of one field type of a JVM descriptor: "I", "[[J", "Ljava/lang/String;". */
static size_t descriptor_type(pa_str s)
{
    size_t n = 0;
    while (n < s.n && s.p[n] == '[')
        n++;
    if (n < s.n && strchr("BCDFIJSZV", s.p[n]))
        return n + 1;
    if (n == s.n || s.p[n] != 'L')
        return 0;
    ptrdiff_t end = pa_str_find(pa_str_from(s, n), ';');
    return end < 0 ? 0 : n + (size_t)end + 1;
}

/* "java/lang/String.indexOf(II)I" without "(II)I"; other names, such as "f(int)", stay. */
static pa_str without_descriptor(pa_str name)
{
    ptrdiff_t open = pa_str_rfind(name, '('), close = pa_str_rfind(name, ')');
    if (open <= 0 || close < open)
        return name;
    pa_str result = pa_str_from(name, (size_t)close + 1);
    if (result.n == 0 || descriptor_type(result) != result.n)
        return name;
    pa_str types = {name.p + open + 1, (size_t)(close - open - 1)};
    while (types.n) {
        size_t n = descriptor_type(types);
        if (n == 0)
            return name;
        types = pa_str_from(types, n);
    }
    return pa_str_head(name, (size_t)open);
}

/* async-profiler writes the kind of a frame behind its name: "_[j]", "_[i]", "_[k]", "_[0]", "_[1]". */
static pa_str without_frame_type(pa_str name)
{
    bool typed =
        name.n > 4 && name.p[name.n - 4] == '_' && name.p[name.n - 3] == '[' && name.p[name.n - 1] == ']';
    return typed && is_word(name.p[name.n - 2]) ? pa_str_head(name, name.n - 4) : name;
}

pa_str pa_name_key(pa_arena *arena, pa_str shown)
{
    pa_str s = pa_name_strip(arena, without_descriptor(without_frame_type(shown)));
    if (pa_str_find(s, '/') < 0)
        return s;
    char *p = pa_new(arena, char, s.n);
    for (size_t i = 0; i < s.n; i++)
        p[i] = s.p[i];
    for (size_t i = 0; i < s.n; i++)
        if (p[i] == '/')
            p[i] = '.';
    return (pa_str){p, s.n};
}

/* ---- modules and files -------------------------------------------------------------------------------------- */

static pa_str without_end(pa_str s, pa_str end)
{
    return pa_str_ends(s, end) ? pa_str_head(s, s.n - end.n) : s;
}

/* "libc-2.31.so" -> "libc.so", "libstdc++.so.6.0.28" -> "libstdc++.so". */
static pa_str without_so_version(pa_arena *arena, pa_str base)
{
    ptrdiff_t so = pa_str_search(base, PA_STR(".so"));
    if (so <= 0)
        return base;
    pa_str version = pa_str_from(base, (size_t)so + 3);
    if (version.n && (version.p[0] != '.' || numbers(pa_str_from(version, 1)) != version.n - 1))
        return base;
    pa_str stem = pa_str_head(base, (size_t)so);
    ptrdiff_t dash = pa_str_rfind(stem, '-');
    if (dash <= 0 || numbers(pa_str_from(stem, (size_t)dash + 1)) != stem.n - (size_t)dash - 1)
        return pa_str_head(base, (size_t)so + 3);
    return pa_arena_format(arena, "%.*s.so", (int)dash, base.p);
}

pa_str pa_module_strip(pa_arena *arena, pa_str path)
{
    pa_str base = pa_str_trim(without_end(pa_str_trim(path), PA_STR("(deleted)")));
    if (base.n && base.p[0] == '[') { /* "[kernel.kallsyms]_text": the kernel and where it was loaded from */
        ptrdiff_t end = pa_str_find(base, ']');
        return end < 0 ? base : pa_str_head(base, (size_t)end + 1);
    }
    base = pa_str_basename(base);
    if (pa_str_starts(base, PA_STR("vmlinux-")) || pa_str_starts(base, PA_STR("vmlinuz-")))
        return pa_str_head(base, 7);
    static const pa_str packed[] = {LITERAL(".ko.xz"), LITERAL(".ko.gz"), LITERAL(".ko.zst")};
    for (size_t i = 0; i < sizeof packed / sizeof *packed; i++)
        if (pa_str_ends(base, packed[i]))
            return pa_str_head(base, base.n - packed[i].n + 3);
    return without_so_version(arena, base);
}

/* Nearly every path: nothing like "//", "/." or "./" in it. */
static bool is_clean(pa_str path)
{
    if (path.n == 0 || path.p[0] == '.' || (path.n > 1 && path.p[path.n - 1] == '/'))
        return path.n == 0;
    for (size_t i = 0; i + 1 < path.n; i++)
        if (path.p[i] == '/' && (path.p[i + 1] == '/' || path.p[i + 1] == '.'))
            return false;
    return true;
}

pa_str pa_path_clean(pa_arena *arena, pa_str path)
{
    static const pa_str cwd[] = {LITERAL("/proc/self/cwd/./"), LITERAL("/proc/self/cwd/")};
    for (size_t i = 0; i < sizeof cwd / sizeof *cwd; i++)
        if (pa_str_starts(path, cwd[i])) {
            path = pa_str_from(path, cwd[i].n);
            break;
        }
    if (is_clean(path))
        return path;
    bool rooted = path.p[0] == '/';
    char *to = pa_new(arena, char, path.n + 2);
    size_t n = 0, fixed = rooted; /* what ".." must not take back */
    if (rooted)
        to[n++] = '/';
    for (pa_str rest = path, part; rest.n;) {
        rest = pa_str_cut(rest, '/', &part);
        if (part.n == 0 || pa_str_is(part, "."))
            continue;
        if (pa_str_is(part, "..") && n > fixed) {
            while (n > fixed && to[n - 1] != '/')
                n--;
            n -= n > fixed;
            continue;
        }
        if (pa_str_is(part, "..") && rooted)
            continue;
        if (n > rooted)
            to[n++] = '/';
        memcpy(to + n, part.p, part.n);
        n += part.n;
        if (pa_str_is(part, ".."))
            fixed = n;
    }
    if (n == 0)
        to[n++] = '.';
    return (pa_str){to, n};
}
