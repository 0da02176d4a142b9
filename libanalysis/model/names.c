/* names.c: demangling, renaming and the order of both; what is stripped stands in names_strip.c.
 * In: names as profiles carry them.  Out: names for people, in the namer's arena.
 * The only file that knows libiberty, and of it only the two functions that write through a callback: the others
 * allocate with malloc or end the process. */
#include "libanalysis/model/names.h"

#include <libiberty/demangle.h>

#include "libanalysis/base/vec.h"

/* ---- demangling --------------------------------------------------------------------------------------------- */

/* A few hundred mangled bytes can stand for more text than fits the universe: past this we leave the demangler. */
#define HOPELESS ((size_t)1 << 20)

typedef enum language {
    RUST,
    CXX_WHOLE, /* with parameters: the only way in which the demangler looks at the end of the name */
    CXX
} language;

typedef struct demangling {
    pa_arena *arena;
    const char *mangled;
    language language;
    bool ok;
    size_t n; /* may be more than text has room for */
    char text[PA_NAME_MAX];
} demangling;

static void collect(const char *p, size_t n, void *opaque)
{
    demangling *d = opaque;
    if (n <= sizeof d->text && d->n <= sizeof d->text - n)
        memcpy(d->text + d->n, p, n);
    d->n += n;
    if (d->n > HOPELESS) /* an impossible size: unwinds to the guard in demangle */
        pa_arena_alloc(d->arena, SIZE_MAX, 1, 1);
}

static bool run_demangler(void *arg)
{
    demangling *d = arg;
    int done = 0;
    switch (d->language) {
    case RUST: done = rust_demangle_callback(d->mangled, DMGL_NO_OPTS, collect, d); break;
    case CXX_WHOLE: done = cplus_demangle_v3_callback(d->mangled, DMGL_PARAMS | DMGL_ANSI, collect, d); break;
    case CXX: done = cplus_demangle_v3_callback(d->mangled, DMGL_ANSI, collect, d); break;
    }
    d->ok = done != 0 && d->n > 0;
    return true;
}

/* false: not a name of that language. */
static bool demangle(demangling *d, language as, pa_str mangled)
{
    pa_err ignored = {0};
    pa_mark mark = pa_arena_mark(d->arena);
    d->mangled = pa_arena_cstr(d->arena, mangled);
    d->language = as;
    d->ok = false;
    d->n = 0;
    bool finished = pa_guard(d->arena, &ignored, run_demangler, d);
    pa_arena_rewind(d->arena, mark);
    return finished && d->ok;
}

/* Length of the mangled part: compilers append ".cold", tools "@plt". */
static size_t mangled_length(pa_str s)
{
    size_t n = 0;
    while (n < s.n && s.p[n] != '.' && s.p[n] != '@')
        n++;
    return n;
}

pa_str pa_name_demangle(pa_arena *arena, pa_str raw)
{
    pa_str s = raw;
    while (s.n > 1 && s.p[0] == '_' &&
           s.p[1] == '_') /* Mach-O puts one more underscore in front, blocks two */
        s = pa_str_from(s, 1);
    bool v3 = pa_str_starts(s, PA_STR("_Z")), v0 = pa_str_starts(s, PA_STR("_R"));
    if ((!v3 && !v0) || s.n > PA_NAME_MAX || memchr(s.p, 0, s.n))
        return raw;
    demangling d;
    d.arena = arena;
    pa_str rest = {0};
    bool ok = demangle(&d, RUST, s);
    if (!ok && v3) {
        pa_str mangled = pa_str_head(s, mangled_length(s));
        rest = pa_str_from(s, mangled.n);
        ok = demangle(&d, CXX_WHOLE, mangled) && demangle(&d, CXX, mangled);
    }
    if (!ok || d.n > sizeof d.text)
        return raw;
    if (rest.n == 0)
        return pa_arena_str(arena, (pa_str){d.text, d.n});
    return pa_arena_format(arena, "%.*s%.*s", (int)d.n, d.text, (int)rest.n, rest.p);
}

/* ---- renaming ----------------------------------------------------------------------------------------------- */

static bool bad_rename(const char *rename, pa_err *err)
{
    return pa_fail(err, PA_E_USAGE, PA_NO_OFFSET, "rename: takes s/RE/TEXT/ or s/RE/TEXT/g, not '%s'",
                   rename);
}

/* The part up to the next bare delimiter; "\<delimiter>" stands for the delimiter itself. */
static bool next_part(pa_arena *arena, const char **at, char delimiter, pa_str *part)
{
    PA_VEC(char) text = {0};
    const char *p = *at;
    for (; *p && *p != delimiter; p++) {
        if (p[0] == '\\' && p[1] == delimiter)
            p++;
        else if (p[0] == '\\' && p[1])
            pa_push(arena, &text) = *p++;
        pa_push(arena, &text) = *p;
    }
    *part = (pa_str){text.p, text.n};
    *at = p + (*p != 0);
    return *p != 0;
}

/* What stands at the start of text: its length, and the group (0..9) or the literal byte it means. */
static size_t next_token(pa_str text, int *group, char *literal)
{
    char c = text.p[0], next = text.n > 1 ? text.p[1] : '\0';
    *group = -1;
    *literal = c;
    if (c == '&') {
        *group = 0;
        return 1;
    }
    if ((c == '\\' || c == '$') && next >= '0' && next <= '9') {
        *group = next - '0';
        return 2;
    }
    if ((c == '\\' && next) || (c == '$' && next == '$')) {
        *literal = next;
        return 2;
    }
    return 1;
}

static bool check_groups(const pa_namer *namer, pa_err *err)
{
    int group;
    char literal;
    for (pa_str t = namer->text; t.n; t = pa_str_from(t, next_token(t, &group, &literal))) {
        next_token(t, &group, &literal);
        if (group > (int)pa_regex_n_groups(namer->rename))
            return pa_fail(err, PA_E_USAGE, PA_NO_OFFSET, "rename: the expression has no group %d", group);
    }
    return true;
}

bool pa_namer_init(pa_namer *namer, pa_arena *arena, pa_regex_pool *pool, pa_names mode, const char *rename,
                   pa_err *err)
{
    *namer = (pa_namer){.arena = arena, .mode = mode};
    if (!rename || !rename[0])
        return true;
    char delimiter = rename[0] == 's' ? rename[1] : '\0';
    bool word = (delimiter >= '0' && delimiter <= '9') || (delimiter >= 'A' && delimiter <= 'Z') ||
                (delimiter >= 'a' && delimiter <= 'z');
    if (delimiter == '\0' || delimiter == '\\' || word)
        return bad_rename(rename, err);
    const char *at = rename + 2;
    pa_str pattern;
    if (!next_part(arena, &at, delimiter, &pattern) || !next_part(arena, &at, delimiter, &namer->text))
        return bad_rename(rename, err);
    namer->all = strcmp(at, "g") == 0;
    if (at[0] && !namer->all)
        return bad_rename(rename, err);
    namer->rename = pa_regex_new(pool, "rename", pattern, err);
    return namer->rename && check_groups(namer, err);
}

typedef PA_VEC(char) bytes;

static void append(pa_arena *arena, bytes *to, pa_str s)
{
    pa_reserve(arena, to, s.n);
    if (s.n)
        memcpy(to->p + to->n, s.p, s.n);
    to->n += s.n;
}

static void put_replacement(const pa_namer *namer, bytes *to, const pa_regex_groups *groups)
{
    for (pa_str t = namer->text; t.n;) {
        int group;
        char literal;
        size_t n = next_token(t, &group, &literal);
        append(namer->arena, to, group >= 0 ? groups->at[group] : (pa_str){&literal, 1});
        t = pa_str_from(t, n);
    }
}

static bool rename_one(pa_namer *namer, pa_str name, pa_str *renamed, pa_err *err)
{
    bytes to = {0};
    size_t copied = 0, from = 0;
    pa_regex_groups groups;
    bool hit, changed = false;
    *renamed = name;
    do {
        if (!pa_regex_find(namer->rename, name, from, &hit, &groups, err))
            return false;
        if (!hit || !groups.at[0].p)
            break;
        size_t start = (size_t)(groups.at[0].p - name.p);
        append(namer->arena, &to, (pa_str){name.p + copied, start - copied});
        put_replacement(namer, &to, &groups);
        changed = true;
        copied = from = start + groups.at[0].n;
        if (groups.at[0].n == 0) { /* nothing matched here: go on behind the next character */
            size_t n = pa_utf8_at(pa_str_from(name, from));
            from += n ? n : 1;
        }
    } while (namer->all && from <= name.n && to.n <= PA_NAME_MAX);
    if (!changed)
        return true;
    append(namer->arena, &to, pa_str_from(name, copied));
    *renamed = to.n <= PA_NAME_MAX ? (pa_str){to.p, to.n} : name;
    return true;
}

bool pa_namer_shown(pa_namer *namer, pa_str raw, pa_str *shown, pa_err *err)
{
    pa_str s = raw;
    if (namer->mode != PA_NAMES_RAW)
        s = pa_name_demangle(namer->arena, s);
    if (namer->mode == PA_NAMES_STRIP)
        s = pa_name_strip(namer->arena, s);
    *shown = s;
    return !namer->rename || rename_one(namer, s, shown, err);
}
