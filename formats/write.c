/* write.c: a profile through the writer of a format, and what that leaves out.
 * The ledger is made from what the profile holds, not from what its format could have held: a pprof file without labels
 * loses none. */
#include "formats/format.h"
#include "libanalysis/base/deflate.h"

/* ---- what is lost ------------------------------------------------------------------------------------------- */

static uint64_t count_labels(const pa_profile *p)
{
    uint64_t n = 0;
    for (size_t i = 0; i < p->n_contexts; i++)
        n += pa_context_at(p, (pa_context_id){(uint32_t)i}).n > 0;
    return n;
}

static uint64_t count_frames(const pa_profile *p, bool (*has)(const pa_profile *p, const pa_frame *f))
{
    uint64_t n = 0;
    for (size_t i = 1; i < p->n_frames; i++)
        n += has(p, &p->frames[i]);
    return n;
}

static bool has_line(const pa_profile *p, const pa_frame *f)
{
    return f->line != 0 || pa_function_at(p, f->function)->file.v != 0;
}

static bool has_module(const pa_profile *p, const pa_frame *f)
{
    (void)p;
    return f->module.v != 0;
}

static bool has_address(const pa_profile *p, const pa_frame *f)
{
    (void)p;
    return f->address != 0;
}

static bool is_inlined(const pa_profile *p, const pa_frame *f)
{
    (void)p;
    return f->flags & PA_FRAME_INLINED;
}

static uint64_t count_metrics(const pa_profile *p)
{
    return p->n_streams ? p->streams[p->default_stream.v].n_metrics - 1 : 0;
}

static uint64_t count_streams(const pa_profile *p) { return p->n_streams ? p->n_streams - 1 : 0; }
static uint64_t count_intervals(const pa_profile *p) { return p->n_intervals; }
static uint64_t count_facts(const pa_profile *p) { return p->n_facts; }
static uint64_t count_edges(const pa_profile *p) { return p->n_costs + p->n_edges; }
static uint64_t count_lines(const pa_profile *p) { return count_frames(p, has_line); }
static uint64_t count_modules(const pa_profile *p) { return count_frames(p, has_module); }
static uint64_t count_addresses(const pa_profile *p) { return count_frames(p, has_address); }
static uint64_t count_inlines(const pa_profile *p) { return count_frames(p, is_inlined); }

static const struct {
    unsigned carries; /* the bit without which it is lost */
    const char *what;
    uint64_t (*count)(const pa_profile *p);
} kinds[] = {
    {PA_CARRIES_STREAMS, "other streams", count_streams},
    {PA_CARRIES_METRICS, "other metrics", count_metrics},
    {PA_CARRIES_LABELS, "label sets", count_labels},
    {PA_CARRIES_TIME, "timeline entries", count_intervals},
    {PA_CARRIES_FACTS, "facts without a stack", count_facts},
    {PA_CARRIES_EDGES, "exact call counts", count_edges},
    {PA_CARRIES_LINES, "frames' files and lines", count_lines},
    {PA_CARRIES_MODULES, "frames' modules", count_modules},
    {PA_CARRIES_ADDRESSES, "frames' addresses", count_addresses},
    {PA_CARRIES_INLINES, "marks of inlined frames", count_inlines},
};

/* What the writer itself says. */
typedef struct listing {
    const pa_format *format;
    const pa_profile *profile;
    pa_arena *arena;
    pa_diags found;
} listing;

static bool list_losses(void *arg)
{
    listing *l = arg;
    l->format->losses(l->profile, l->arena, &l->found);
    return true;
}

static size_t told_losses(const pa_format *f, const pa_profile *profile, pa_loss *losses, size_t size)
{
    listing l = {.format = f, .profile = profile, .arena = pa_arena_new(pa_arena_budget(profile->arena))};
    size_t n = 0;
    if (l.arena && pa_guard(l.arena, NULL, list_losses, &l))
        for (; n < l.found.n && n < size; n++)
            losses[n] = (pa_loss){l.found.p[n].kind, l.found.p[n].count};
    else if (size > 0) /* nobody may conclude that nothing is lost */
        losses[n++] = (pa_loss){"what there was no memory to look for", 1};
    pa_arena_free(l.arena);
    return n;
}

size_t pa_losses(const pa_profile *profile, const char *format, pa_loss *losses, size_t size)
{
    const pa_format *f = pa_format_named(pa_cstr(format));
    size_t n = 0;
    for (size_t i = 0; f && i < sizeof kinds / sizeof *kinds; i++) {
        uint64_t count = f->writes & kinds[i].carries ? 0 : kinds[i].count(profile);
        if (count > 0 && n < size)
            losses[n++] = (pa_loss){kinds[i].what, count};
    }
    if (f && f->losses)
        n += told_losses(f, profile, losses + n, size - n);
    return n;
}

/* ---- writing ------------------------------------------------------------------------------------------------ */

typedef struct writing {
    const pa_format *format;
    const pa_profile *profile;
    bool gzip;
    pa_out *out;
    pa_arena *arena;
    pa_err *err;
} writing;

static bool write_packed(writing *w)
{
    pa_str packed;
    pa_out *plain = pa_out_to_memory(w->arena);
    bool ok = w->format->write(w->profile, plain, pa_arena_scratch(w->arena), w->err);
    if (ok && !pa_gzip(w->arena, pa_out_written(plain), &packed))
        ok = pa_fail(w->err, PA_E_MEMORY, PA_NO_OFFSET, "out of memory");
    if (ok)
        pa_out_bytes(w->out, packed.p, packed.n);
    return ok;
}

static bool write_one(void *arg)
{
    writing *w = arg;
    if (w->gzip && !w->format->gzip)
        return write_packed(w);
    return w->format->write(w->profile, w->out, w->arena, w->err);
}

static bool write_as(const pa_profile *profile, const char *format, bool gzip, pa_out *out, pa_err *err)
{
    const pa_format *f = pa_format_named(pa_cstr(format));
    if (!f || !f->write)
        return pa_fail(err, PA_E_USAGE, PA_NO_OFFSET,
                       f ? "format '%s' cannot be written" : "unknown format '%s'", format);
    writing w = {f, profile, gzip, out, pa_arena_new(pa_arena_budget(profile->arena)), err};
    if (!w.arena)
        return pa_fail(err, PA_E_MEMORY, PA_NO_OFFSET, "out of memory");
    bool ok = pa_guard(w.arena, err, write_one, &w);
    pa_arena_free(w.arena);
    return ok;
}

bool pa_write(const pa_profile *profile, const char *format, pa_out *out, pa_err *err)
{
    return write_as(profile, format, false, out, err);
}

bool pa_write_gzip(const pa_profile *profile, const char *format, pa_out *out, pa_err *err)
{
    return write_as(profile, format, true, out, err);
}
