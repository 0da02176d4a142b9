/* dump.c: canonical text of everything a profile holds, for goldens and comparisons: things are written out by
 * content, never by id, and sorted by bytes; so two profiles dump equal exactly when they say the same.  For that a
 * name that could be taken for more than a name stands in 'quotes', and a frame names its module by number.
 *
 *   metric cpu nanoseconds time x1 count=metric:0 period=10000000
 *   row main main.go:12 mod=1 ; work work.go:7 col=3 mod=1 i | thread=main, bytes=#64:kb : n=1 3 30000000 */
#include <stdlib.h>

#include "formats/format.h"

typedef struct dump {
    const pa_profile *p;
    pa_out *out;
    pa_arena *a;
    pa_str *frames;    /* text of each frame, made when first needed */
    uint32_t *modules; /* number of each module in the list that is printed */
} dump;

/* Whether s between blanks, commas and equal signs can be nothing but a name. */
static bool stands_alone(pa_str s)
{
    if (s.n == 0 || strchr("#;|:", s.p[0])) /* NUL is found too: it is escaped, quotes do no harm */
        return false;
    return pa_str_find(s, ' ') < 0 && pa_str_find(s, '=') < 0 && pa_str_find(s, '\'') < 0;
}

static pa_str quoted(dump *d, pa_str s)
{
    pa_out *o = pa_out_to_memory(d->a);
    bool quotes = !stands_alone(s);
    if (quotes)
        pa_out_char(o, '\'');
    for (pa_str part; s.n; s = pa_str_from(s, part.n)) {
        ptrdiff_t quote = pa_str_find(s, '\'');
        part = pa_str_head(s, quote < 0 ? s.n : quote == 0 ? 1 : (size_t)quote);
        if (quote == 0)
            pa_out_cstr(o, "\\x27");
        else
            pa_out_escaped(o, part);
    }
    if (quotes)
        pa_out_char(o, '\'');
    return pa_out_written(o);
}

static pa_str string(dump *d, pa_str_id id) { return quoted(d, pa_string(d->p, id)); }

static void flag_letters(pa_out *o, uint32_t flags)
{
    static const char letters[] = "ikjInusfc"; /* in the order of the bits */
    if (flags)
        pa_out_char(o, ' ');
    for (unsigned i = 0; i < sizeof letters - 1; i++)
        if (flags & 1u << i)
            pa_out_char(o, letters[i]);
}

static pa_str module_text(dump *d, pa_module_id id)
{
    const pa_module *m = pa_module_at(d->p, id);
    pa_str path = string(d, m->path), build = string(d, m->build_id);
    return pa_arena_format(d->a, "%.*s id=%.*s %llx-%llx+%llx flags=%x", (int)path.n, path.p, (int)build.n,
                           build.p, (unsigned long long)m->start, (unsigned long long)m->limit,
                           (unsigned long long)m->file_offset, m->flags);
}

/* line 0 and no file: nothing but the name */
static void put_function(dump *d, pa_out *o, pa_function_id id, int64_t line)
{
    const pa_function *f = pa_function_at(d->p, id);
    pa_out_str(o, string(d, f->name));
    if (f->system_name.v != f->name.v) {
        pa_out_cstr(o, " sys=");
        pa_out_str(o, string(d, f->system_name));
    }
    if (f->file.v || line) {
        pa_out_char(o, ' ');
        pa_out_str(o, string(d, f->file));
        pa_out_format(o, ":%lld", (long long)line);
    }
    if (f->start_line)
        pa_out_format(o, " start=%lld", (long long)f->start_line);
}

static pa_str frame_text(dump *d, pa_frame_id id)
{
    if (d->frames[id.v].p)
        return d->frames[id.v];
    const pa_frame *f = pa_frame_at(d->p, id);
    pa_out *o = pa_out_to_memory(d->a);
    put_function(d, o, f->function, f->line);
    if (f->column)
        pa_out_format(o, " col=%lld", (long long)f->column);
    if (f->address)
        pa_out_format(o, " @%llx", (unsigned long long)f->address);
    if (f->module.v)
        pa_out_format(o, " mod=%u", d->modules[f->module.v]);
    flag_letters(o, f->flags);
    return d->frames[id.v] = pa_out_written(o);
}

static void put_stack(dump *d, pa_out *o, pa_stack_id id)
{
    pa_frames s = pa_stack_at(d->p, id);
    for (size_t i = 0; i < s.n; i++) {
        if (i)
            pa_out_cstr(o, " ; ");
        pa_out_str(o, frame_text(d, s.p[i]));
    }
}

static void put_context(dump *d, pa_out *o, pa_context_id id)
{
    pa_labels c = pa_context_at(d->p, id);
    for (size_t i = 0; i < c.n; i++) {
        const pa_label *l = &c.p[i];
        pa_out_cstr(o, i ? ", " : " | ");
        pa_out_str(o, string(d, l->key));
        pa_out_char(o, '=');
        if (l->numeric)
            pa_out_format(o, l->str.v ? "#%lld:" : "#%lld", (long long)l->num);
        if (!l->numeric || l->str.v)
            pa_out_str(o, string(d, l->str));
    }
}

/* ---- sorted lines ------------------------------------------------------------------------------------------- */

typedef PA_VEC(pa_str) lines;

static int by_bytes(const void *a, const void *b)
{
    return pa_str_cmp(*(const pa_str *)a, *(const pa_str *)b);
}

static void put_sorted(dump *d, lines *l)
{
    if (l->n)
        qsort(l->p, l->n, sizeof *l->p, by_bytes);
    for (size_t i = 0; i < l->n; i++) {
        pa_out_str(d->out, l->p[i]);
        pa_out_char(d->out, '\n');
    }
}

/* Row text starts with the stack, so that equal stacks stand together. */
static void put_rows(dump *d, const pa_stream *s)
{
    lines l = {0};
    for (size_t r = 0; r < s->n_rows; r++) {
        pa_out *o = pa_out_to_memory(d->a);
        pa_out_cstr(o, "row ");
        put_stack(d, o, s->stack[r]);
        put_context(d, o, s->context[r]);
        pa_out_format(o, " : n=%llu", (unsigned long long)s->records[r]);
        for (uint32_t m = 0; m < s->n_metrics; m++) {
            pa_u128 sq = pa_row_square(s, r, m);
            pa_out_format(o, " %lld", (long long)s->values[r * s->n_metrics + m]);
            if (s->records[r] > 1)
                pa_out_format(o, "^%llx.%llx", (unsigned long long)(sq >> 64), (unsigned long long)sq);
        }
        pa_push(d->a, &l) = pa_out_written(o);
    }
    put_sorted(d, &l);
}

static const char *const dimensions[] = {"other", "count", "time", "bytes"};
static const char *const sources[] = {"records", "metric", "estimated", "gcd", "exact"};

static void put_streams(dump *d)
{
    for (size_t i = 0; i < d->p->n_streams; i++) {
        const pa_stream *s = &d->p->streams[i];
        pa_out_cstr(d->out, "stream ");
        pa_out_str(d->out, string(d, s->name));
        pa_out_cstr(d->out, i == d->p->default_stream.v ? " default\n" : "\n");
        for (uint32_t m = 0; m < s->n_metrics; m++) {
            const pa_metric *x = &s->metrics[m];
            pa_out_cstr(d->out, "metric ");
            pa_out_str(d->out, string(d, x->name));
            pa_out_char(d->out, ' ');
            pa_out_str(d->out, string(d, x->unit));
            pa_out_format(d->out, " %s x%lld%s count=%s", dimensions[x->dimension], (long long)x->factor,
                          x->decimals ? " e-9" : "", sources[x->count_source]);
            if (x->count_source == PA_COUNT_METRIC || x->count_source == PA_COUNT_ESTIMATED)
                pa_out_format(d->out, ":%u", x->count_metric);
            if (x->period)
                pa_out_format(d->out, " period=%lld", (long long)x->period);
            if (i == d->p->default_stream.v && m == d->p->default_metric)
                pa_out_cstr(d->out, " default");
            pa_out_char(d->out, '\n');
        }
        put_rows(d, s);
    }
}

typedef struct module_line {
    pa_str text;
    uint32_t id;
} module_line;

static int by_text(const void *a, const void *b)
{
    return pa_str_cmp(((const module_line *)a)->text, ((const module_line *)b)->text);
}

static void put_modules(dump *d)
{
    size_t n = d->p->n_modules - 1; /* without the first, which is none */
    module_line *l = pa_new(d->a, module_line, n);
    for (uint32_t i = 0; i < n; i++)
        l[i] = (module_line){module_text(d, (pa_module_id){i + 1}), i + 1};
    if (n)
        qsort(l, n, sizeof *l, by_text);
    for (uint32_t i = 0; i < n; i++) {
        d->modules[l[i].id] = i + 1;
        pa_out_format(d->out, "module %u ", i + 1);
        pa_out_str(d->out, l[i].text);
        pa_out_char(d->out, '\n');
    }
}

/* ---- what has no stack -------------------------------------------------------------------------------------- */

static void put_intervals(dump *d)
{
    lines l = {0};
    for (size_t i = 0; i < d->p->n_intervals; i++) {
        const pa_interval *v = &d->p->intervals[i];
        pa_out *o = pa_out_to_memory(d->a);
        pa_out_format(o, "interval %lld+%lld ", (long long)v->start_ns, (long long)v->duration_ns);
        pa_out_str(o, string(d, d->p->streams[v->stream.v].name));
        pa_out_format(o, " %lld flags=%x ", (long long)v->value, v->flags);
        pa_out_str(o, string(d, v->state));
        pa_out_cstr(o, " : ");
        put_stack(d, o, v->stack);
        put_context(d, o, v->context);
        pa_out_format(o, " woken %lld", (long long)v->wake_ns);
        put_context(d, o, v->waker);
        pa_push(d->a, &l) = pa_out_written(o);
    }
    put_sorted(d, &l);
}

static void put_facts(dump *d)
{
    lines l = {0};
    for (size_t i = 0; i < d->p->n_facts; i++) {
        const pa_fact *f = &d->p->facts[i];
        pa_out *o = pa_out_to_memory(d->a);
        pa_out_cstr(o, "fact ");
        pa_out_str(o, string(d, f->kind));
        pa_out_format(o, " %lld+%lld %.17g ", (long long)f->start_ns, (long long)f->duration_ns, f->value);
        pa_out_str(o, string(d, f->text));
        put_context(d, o, f->context);
        pa_push(d->a, &l) = pa_out_written(o);
    }
    put_sorted(d, &l);
}

static void put_graph(dump *d)
{
    lines l = {0};
    for (size_t i = 0; i < d->p->n_costs; i++) {
        const pa_function_cost *c = &d->p->costs[i];
        pa_out *o = pa_out_to_memory(d->a);
        pa_out_cstr(o, "cost ");
        put_function(d, o, c->function, 0);
        pa_out_format(o, " : %lld/%lld %.17g %.17g", (long long)c->calls, (long long)c->primitive_calls,
                      c->self, c->cumulative);
        pa_push(d->a, &l) = pa_out_written(o);
    }
    for (size_t i = 0; i < d->p->n_edges; i++) {
        const pa_edge *e = &d->p->edges[i];
        pa_out *o = pa_out_to_memory(d->a);
        pa_out_cstr(o, "edge ");
        put_function(d, o, e->caller, 0);
        pa_out_cstr(o, " -> ");
        put_function(d, o, e->callee, 0);
        pa_out_format(o, " : %lld/%lld %.17g %.17g%s", (long long)e->calls, (long long)e->primitive_calls,
                      e->self, e->cumulative, e->estimated ? " estimated" : "");
        pa_push(d->a, &l) = pa_out_written(o);
    }
    put_sorted(d, &l);
}

static void put_meta(dump *d)
{
    const pa_meta *m = &d->p->meta;
    const struct {
        const char *name;
        pa_str_id id;
    } strings[] = {{"producer", m->producer},       {"period_type", m->period_type},
                   {"period_unit", m->period_unit}, {"default_metric", m->default_metric},
                   {"doc_url", m->doc_url},         {"drop_frames", m->drop_frames},
                   {"keep_frames", m->keep_frames}};
    for (size_t i = 0; i < sizeof strings / sizeof *strings; i++)
        if (strings[i].id.v)
            pa_out_format(d->out, "%s %.*s\n", strings[i].name, (int)string(d, strings[i].id).n,
                          string(d, strings[i].id).p);
    pa_out_format(d->out, "start %lld duration %lld period %lld%s\n", (long long)m->start_ns,
                  (long long)m->duration_ns, (long long)m->period, d->p->estimated ? " estimated" : "");
    for (size_t i = 0; i < m->comments.n; i++)
        pa_out_format(d->out, "comment %.*s\n", (int)string(d, m->comments.p[i]).n,
                      string(d, m->comments.p[i]).p);
    for (size_t i = 0; i < d->p->n_inputs; i++)
        if (!d->p->inputs[i].complete)
            pa_out_format(d->out, "input %zu incomplete\n", i);
    for (size_t i = 0; i < d->p->diags.n; i++) {
        const pa_diag *g = &d->p->diags.p[i];
        pa_out_format(d->out, "note %s: %llu, first at %lld\n", g->kind, (unsigned long long)g->count,
                      (long long)g->first);
    }
}

void pa_dump(const pa_profile *profile, pa_out *out, pa_arena *scratch)
{
    dump d = {.p = profile,
              .out = out,
              .a = scratch,
              .frames = pa_new(scratch, pa_str, profile->n_frames),
              .modules = pa_new(scratch, uint32_t, profile->n_modules)};
    put_meta(&d);
    put_modules(&d);
    put_streams(&d);
    put_intervals(&d);
    put_facts(&d);
    put_graph(&d);
}
