/* source.c: see source.h.  How a path is looked for follows pprof's -source_path and -trim_path: prefixes go, then an
 * absolute path is taken as it is, a relative one is looked for in each directory and those above it.  Without
 * -trim_path, what precedes the last name of a directory goes: /build/app/x.c is found in /home/me/app. */
#include "libanalysis/analysis/source.h"

#include <sys/stat.h>

#include "libanalysis/model/names.h"

/* ---- which path ---------------------------------------------------------------------------------------------- */

/* Where the path below a directory of that name begins, or 0. */
static size_t behind_name(pa_str path, pa_str directory)
{
    while (directory.n > 1 && directory.p[directory.n - 1] == '/')
        directory.n--;
    pa_str name = pa_str_basename(directory);
    for (size_t at = 0; name.n && at + name.n + 2 <= path.n; at++)
        if (path.p[at] == '/' && path.p[at + name.n + 1] == '/' &&
            memcmp(path.p + at + 1, name.p, name.n) == 0)
            return at + name.n + 2;
    return 0;
}

static bool take_prefix(pa_str *path, pa_str prefix)
{
    while (prefix.n && prefix.p[prefix.n - 1] == '/')
        prefix.n--;
    if (path->n <= prefix.n || path->p[prefix.n] != '/' || !pa_str_starts(*path, prefix))
        return false;
    *path = pa_str_from(*path, prefix.n + 1);
    return true;
}

pa_str pa_source_trim(const pa_sources *s, pa_str path)
{
    pa_str one;
    bool guess = !s->prefixes || !s->prefixes[0];
    for (pa_str rest = pa_cstr(guess ? s->directories : s->prefixes); rest.n;) {
        rest = pa_str_cut(rest, ':', &one);
        size_t at = guess ? behind_name(path, one) : 0;
        if (at)
            return pa_str_from(path, at);
        if (!guess && take_prefix(&path, one))
            return path;
    }
    if (!take_prefix(&path, PA_STR("/proc/self/cwd/.")))
        (void)!take_prefix(&path, PA_STR("/proc/self/cwd"));
    return path;
}

/* ---- reading ------------------------------------------------------------------------------------------------- */

#define PIECE ((size_t)65536)

static bool read_all(pa_sources *s, pa_str *bytes, pa_err *err)
{
    PA_VEC(char) all = {0};
    size_t got;
    do {
        pa_reserve(s->arena, &all, PIECE);
        if (!pa_input_read(s->open, all.p + all.n, PIECE, &got, err))
            return false;
        all.n += got;
    } while (got);
    *bytes = (pa_str){all.p, all.n};
    return true;
}

static void split(pa_sources *s, pa_source *source, pa_str bytes)
{
    while (bytes.n) {
        pa_str line;
        bytes = pa_str_cut(bytes, '\n', &line);
        if (line.n && line.p[line.n - 1] == '\r')
            line.n--;
        pa_push(s->arena, &source->lines) = line;
    }
}

/* Only regular files: a profile may name a device or a pipe.  false: not there, or not readable. */
static bool try_path(pa_sources *s, pa_source *source, pa_str path)
{
    struct stat there;
    pa_err err = {0};
    const char *name = pa_arena_cstr(s->arena, path);
    if (memchr(path.p, '\0', path.n) || stat(name, &there) != 0 || !S_ISREG(there.st_mode))
        return false;
    pa_input_options options = {.max_size = s->max_size ? s->max_size : PA_SOURCE_MAX};
    pa_str bytes;
    s->open = pa_input_open(name, &options, s->arena, &err);
    bool ok = s->open && read_all(s, &bytes, &err);
    pa_sources_close(s);
    if (ok) {
        source->path = path;
        split(s, source, bytes);
        return true;
    }
    source->why = pa_arena_format(s->arena, "%s: %s", name, err.message);
    return false;
}

/* The directory above, "" when there is none. */
static pa_str above(pa_str directory)
{
    ptrdiff_t slash = pa_str_rfind(directory, '/');
    if (slash < 0)
        return pa_str_is(directory, ".") ? (pa_str){0} : PA_STR(".");
    if (slash == 0)
        return directory.n > 1 ? PA_STR("/") : (pa_str){0};
    return pa_str_head(directory, (size_t)slash);
}

static bool search(pa_sources *s, pa_source *source, pa_str path)
{
    pa_str one;
    for (pa_str rest = pa_cstr(s->directories); rest.n;) {
        rest = pa_str_cut(rest, ':', &one);
        for (pa_str at = pa_path_clean(s->arena, one); at.n; at = above(at)) {
            pa_str joined = pa_arena_format(s->arena, "%.*s/%.*s", (int)at.n, at.p, (int)path.n, path.p);
            if (try_path(s, source, pa_path_clean(s->arena, joined)))
                return true;
        }
    }
    return false;
}

static void find(pa_sources *s, pa_source *source)
{
    bool looks = s->directories && s->directories[0];
    pa_str path = pa_source_trim(s, source->recorded);
    bool absolute = path.n && path.p[0] == '/';
    if (path.n == 0)
        return;
    if ((absolute || !looks) ? s->as_recorded && try_path(s, source, path) : search(s, source, path))
        return;
    if (source->why.n)
        return;
    if (!absolute && looks)
        source->why = pa_arena_format(s->arena, "no %.*s in %s", (int)path.n, path.p, s->directories);
    else if (!s->as_recorded)
        source->why = PA_STR("the path in the profile is not to be opened");
    else
        source->why = pa_arena_format(s->arena, "no file %.*s", (int)path.n, path.p);
}

/* ---- asking -------------------------------------------------------------------------------------------------- */

const pa_source *pa_source_find(pa_sources *s, pa_str recorded)
{
    uint64_t hash = pa_str_hash(recorded);
    uint32_t id;
    for (pa_slot at = pa_index_find(&s->index, hash); pa_index_next(&s->index, &at, &id);)
        if (pa_str_eq(s->files.p[id]->recorded, recorded))
            return s->files.p[id];
    pa_source *source = pa_new(s->arena, pa_source, 1);
    source->recorded = recorded;
    pa_index_add(s->arena, &s->index, hash, (uint32_t)s->files.n);
    pa_push(s->arena, &s->files) = source;
    find(s, source);
    return source;
}

bool pa_source_line(const pa_source *source, int64_t number, pa_str *line)
{
    if (number < 1 || (uint64_t)number > source->lines.n)
        return false;
    *line = source->lines.p[number - 1];
    return true;
}

void pa_sources_close(pa_sources *s)
{
    if (s->open)
        pa_input_close(s->open);
    s->open = NULL;
}
