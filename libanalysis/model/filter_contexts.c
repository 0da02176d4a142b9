/* filter_contexts.c: thread, process and cpu: which contexts pass by the labels with a fixed meaning.
 * In: expressions for names or ids, a list of processors.  Out: a mask over contexts.
 * A source without such labels is an error that says so: everything or nothing would both be a wrong answer. */
#include "libanalysis/model/view_parts.h"

#include <stdio.h>

typedef PA_VEC(int64_t) bounds; /* first and last of each range */

typedef struct context_test {
    const char *option, *things;
    const char *keys[2]; /* what the labels mean */
    pa_regex *re;
    bounds cpus;
} context_test;

static bool bad_list(pa_view_job *job)
{
    return pa_fail(job->err, PA_E_USAGE, PA_NO_OFFSET, "cpu: takes a list like 0,2-5, not '%s'", job->o->cpu);
}

static bool parse_cpus(pa_view_job *job, bounds *cpus)
{
    pa_str item, first;
    for (pa_str rest = pa_cstr(job->o->cpu); rest.n;) {
        rest = pa_str_cut(rest, ',', &item);
        pa_str last = pa_str_cut(item, '-', &first);
        int64_t low, high;
        if (!pa_str_to_i64(first, &low) || low < 0)
            return bad_list(job);
        high = low;
        if (first.n != item.n && (!pa_str_to_i64(last, &high) || high < low))
            return bad_list(job);
        pa_push(job->scratch, cpus) = low;
        pa_push(job->scratch, cpus) = high;
    }
    return cpus->n > 0 || bad_list(job);
}

static bool has_key(const pa_view_job *job, const context_test *t, const pa_label *label)
{
    pa_str key = pa_job_string(job, label->key);
    return pa_label_means(key, t->keys[0]) || (t->keys[1] && pa_label_means(key, t->keys[1]));
}

static bool cpu_fits(const pa_view_job *job, const context_test *t, const pa_label *label)
{
    int64_t number = label->num;
    if (!label->numeric && !pa_str_to_i64(pa_job_string(job, label->str), &number))
        return false;
    for (size_t i = 0; i < t->cpus.n; i += 2)
        if (number >= t->cpus.p[i] && number <= t->cpus.p[i + 1])
            return true;
    return false;
}

static bool label_fits(pa_view_job *job, const context_test *t, const pa_label *label, bool *fits)
{
    if (!t->re) {
        *fits = cpu_fits(job, t, label);
        return true;
    }
    char number[24];
    int n = snprintf(number, sizeof number, "%lld", (long long)label->num);
    pa_str text = label->numeric ? (pa_str){number, (size_t)n} : pa_job_string(job, label->str);
    return pa_regex_match(t->re, text, fits, job->err);
}

/* The same label stands in many contexts: the last answers are kept. */
typedef struct memory {
    const pa_label *label;
    bool fits;
} memory;
#define REMEMBERED 64

static bool same_label(const pa_label *a, const pa_label *b)
{
    return a->key.v == b->key.v && a->str.v == b->str.v && a->num == b->num && a->numeric == b->numeric;
}

static bool label_fits_again(pa_view_job *job, const context_test *t, memory *known, const pa_label *label,
                             bool *fits)
{
    memory *m = &known[((uint32_t)label->num + label->str.v) % REMEMBERED];
    if (!m->label || !same_label(m->label, label)) {
        if (!label_fits(job, t, label, &m->fits))
            return false;
        m->label = label;
    }
    *fits = m->fits;
    return true;
}

static bool apply(pa_view_job *job, const context_test *t)
{
    const pa_profile *p = job->p;
    memory known[REMEMBERED] = {{0}};
    bool any = false, passed = false;
    for (uint32_t c = 0; c < p->n_contexts; c++) {
        pa_labels labels = pa_context_at(p, (pa_context_id){c});
        bool in = false;
        for (size_t i = 0; i < labels.n && !in; i++) {
            if (!has_key(job, t, &labels.p[i]))
                continue;
            any = true;
            if (!label_fits_again(job, t, known, &labels.p[i], &in))
                return false;
        }
        job->context_in[c] &= in;
        passed |= in;
    }
    const char *format = p->n_inputs ? p->inputs[0].format : NULL;
    if (!any)
        return pa_fail(job->err, PA_E_USAGE, PA_NO_OFFSET,
                       "%s: this %s%sprofile has no %s: none of its samples has a label '%s'", t->option,
                       format ? format : "", format ? " " : "", t->things, t->keys[0]);
    if (!passed)
        pa_view_note(job, "%s matched no samples", t->option);
    return true;
}

bool pa_filter_contexts(pa_view_job *job)
{
    const pa_view_options *o = job->o;
    context_test tests[] = {
        {.option = "thread", .things = "threads", .keys = {PA_LABEL_THREAD, PA_LABEL_THREAD_ID}},
        {.option = "process", .things = "processes", .keys = {PA_LABEL_PROCESS, PA_LABEL_PROCESS_ID}},
        {.option = "cpu", .things = "processor numbers", .keys = {PA_LABEL_CPU}},
    };
    const char *const given[] = {o->thread, o->process, o->cpu};
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
        if (!pa_given(given[i]))
            continue;
        if (!job->context_in) {
            job->context_in = pa_new(job->arena, unsigned char, job->p->n_contexts);
            memset(job->context_in, 1, job->p->n_contexts);
        }
        if (i == 2 ? !parse_cpus(job, &tests[i].cpus)
                   : !(tests[i].re = pa_regex_new(&job->pool, tests[i].option, pa_cstr(given[i]), job->err)))
            return false;
        if (!apply(job, &tests[i]))
            return false;
    }
    return true;
}
