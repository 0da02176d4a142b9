/* stack_map.c: what the filters make of one stack.
 * In: the frames of a stack, root first, with the number of their location; rules.  Out: what is left of them, or
 * "nothing".  Pure, in place, linear; the order of the steps and what each does to a location are pprof's:
 *
 *   drop        a location whose outermost line is dropped goes with all that is leafward; if only an inlined line is,
 *               the lines outside it stay.  Nothing goes before the first location without a dropped line.
 *   focus ...   no ignored location, at least one in focus; hidden lines out; with show only shown lines stay
 *   show_from   from the rootmost matching location on, without the lines outside the outermost match
 *   prune_from  up to the leafmost matching location, without the lines inside the innermost match
 *   noinlines   the outermost line that is left of each location
 *   fold        of neighbours with the same name the leafmost */
#include "libanalysis/model/view_parts.h"

/* End of the location that starts at item i. */
static size_t location_end(const pa_stack_items *s, size_t i)
{
    size_t end = i + 1;
    while (end < s->n && s->p[end].location == s->p[i].location)
        end++;
    return end;
}

static unsigned char mark(const pa_stack_rules *r, const pa_stack_items *s, size_t i)
{
    return r->marks[s->p[i].frame];
}

/* The first item of [i, end) with that mark, or end. */
static size_t outermost(const pa_stack_rules *r, const pa_stack_items *s, size_t i, size_t end,
                        unsigned char wanted)
{
    while (i < end && !(mark(r, s, i) & wanted))
        i++;
    return i;
}

static size_t keep(pa_stack_items *s, size_t to, size_t from, size_t end)
{
    for (; from < end; from++)
        s->p[to++] = s->p[from];
    return to;
}

static void drop(const pa_stack_rules *r, pa_stack_items *s)
{
    bool found = false; /* a location that is not dropped */
    size_t to = 0;
    for (size_t i = 0, end; i < s->n; i = end) {
        end = location_end(s, i);
        size_t at = outermost(r, s, i, end, PA_MARK_DROP);
        if (at == end) {
            found = true;
            to = keep(s, to, i, end);
        } else if (found) {
            to = keep(s, to, i, at);
            break;
        } else {
            to = keep(s, to, i, at == i ? end : at);
        }
    }
    s->n = to;
}

static bool in_focus(const pa_stack_rules *r, const pa_stack_items *s)
{
    unsigned char any = 0;
    for (size_t i = 0; i < s->n; i++)
        any |= mark(r, s, i);
    return (any & PA_MARK_FOCUS) && !(any & PA_MARK_IGNORE);
}

static bool hide_and_show(const pa_stack_rules *r, pa_stack_items *s)
{
    size_t to = 0;
    for (size_t i = 0; i < s->n; i++) {
        unsigned char m = mark(r, s, i);
        if (!(m & PA_MARK_HIDE) && (!r->show || (m & PA_MARK_SHOW)))
            s->p[to++] = s->p[i];
    }
    s->n = to;
    return to > 0;
}

static bool show_from(const pa_stack_rules *r, pa_stack_items *s)
{
    size_t to = 0;
    bool found = false;
    for (size_t i = 0, end; i < s->n; i = end) {
        end = location_end(s, i);
        size_t first =
            outermost(r, s, i, end, PA_MARK_FROM_ALL) < end ? i : outermost(r, s, i, end, PA_MARK_FROM);
        found |= first < end;
        if (found)
            to = keep(s, to, first < end ? first : i, end);
    }
    s->n = to;
    return found;
}

static void prune_from(const pa_stack_rules *r, pa_stack_items *s)
{
    size_t to = 0, stop = 0; /* stop: end of the leafmost match so far */
    for (size_t i = 0, end; i < s->n; i = end) {
        end = location_end(s, i);
        size_t last = end;
        while (last > i && !(mark(r, s, last - 1) & PA_MARK_PRUNE))
            last--;
        to = keep(s, to, i, last > i ? last : end);
        if (last > i)
            stop = to;
    }
    s->n = stop ? stop : to;
}

static void only_outermost(pa_stack_items *s)
{
    size_t to = 0;
    for (size_t i = 0; i < s->n; i++)
        if (i == 0 || s->p[i].location != s->p[i - 1].location)
            s->p[to++] = s->p[i]; /* to <= i: the item before i is still as it was, or equal in location */
    s->n = to;
}

static void fold(const pa_stack_rules *r, pa_stack_items *s)
{
    size_t to = 0;
    for (size_t i = 0; i < s->n; i++) {
        if (to && r->same[s->p[to - 1].frame] == r->same[s->p[i].frame])
            to--;
        s->p[to++] = s->p[i];
    }
    s->n = to;
}

bool pa_map_stack(const pa_stack_rules *r, pa_stack_items *s)
{
    if (r->by_name && (!in_focus(r, s) || !hide_and_show(r, s)))
        return false;
    if (r->show_from && !show_from(r, s))
        return false;
    if (r->prune_from)
        prune_from(r, s);
    if (r->noinlines)
        only_outermost(s);
    if (r->fold)
        fold(r, s);
    return true;
}

void pa_drop_frames(const pa_stack_rules *r, pa_stack_items *s)
{
    if (r->drop)
        drop(r, s);
}
