/* write.c: a profile through the writer of a format. */
#include "formats/format.h"

typedef struct writing {
    const pa_format *format;
    const pa_profile *profile;
    pa_out *out;
    pa_arena *arena;
    pa_err *err;
} writing;

static bool write_one(void *arg)
{
    writing *w = arg;
    return w->format->write(w->profile, w->out, w->arena, w->err);
}

bool pa_write(const pa_profile *profile, const char *format, pa_out *out, pa_err *err)
{
    const pa_format *f = pa_format_named(pa_cstr(format));
    if (!f || !f->write)
        return pa_fail(err, PA_E_USAGE, PA_NO_OFFSET,
                       f ? "format '%s' cannot be written" : "unknown format '%s'", format);
    writing w = {f, profile, out, pa_arena_new(pa_arena_budget(profile->arena)), err};
    if (!w.arena)
        return pa_fail(err, PA_E_MEMORY, PA_NO_OFFSET, "out of memory");
    bool ok = pa_guard(w.arena, err, write_one, &w);
    pa_arena_free(w.arena);
    return ok;
}
