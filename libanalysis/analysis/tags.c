/* tags.c: pa_tags: values by label: for every key of the samples' labels, what each of its values holds.
 * In: a view.  Out: a report: keys by name, values of each by size, and what is without the key.
 * Rows are added up per context first.  A sample with two values of one key counts for both, but once for the key. */
#include "libanalysis/analysis/tags.h"

#include <math.h>
#include <stdlib.h>

#define SHOWN 20 /* values of a key in text, if nothing is asked for */

static bool add(pa_tags_job *job, int64_t *sum, int64_t value)
{
    return !__builtin_add_overflow(*sum, value, sum) ||
           pa_fail(job->err, PA_E_OVERFLOW, PA_NO_OFFSET, "a sum exceeds 64 bits");
}

static bool compat(const pa_tags_job *job) { return job->view->options.compat == PA_COMPAT_PPROF; }

/* ---- sums ---------------------------------------------------------------------------------------------------- */

static bool sum_contexts(pa_tags_job *job)
{
    const pa_view *v = job->view;
    const pa_stream *s = pa_view_stream(v);
    int64_t divisor = pa_count_divisor(s, v->metric);
    size_t n = v->profile->n_contexts;
    job->sum_of_context = pa_new(job->scratch, int64_t, n);
    job->samples_of_context = pa_new(job->scratch, double, n);
    job->context_in_use = pa_new(job->scratch, unsigned char, n);
    for (size_t i = 0; i < s->n_rows; i++) {
        uint32_t c = s->context[i].v;
        if (!pa_view_has_row(v, i))
            continue;
        job->context_in_use[c] = 1; /* pprof lists labels of samples of value 0 too */
        job->samples_of_context[c] += pa_view_value(v, i) ? pa_row_samples(s, v->metric, i, divisor) : 0;
        if (!add(job, &job->sum_of_context[c], pa_view_value(v, i)) ||
            !add(job, &job->all, pa_view_value(v, i)))
            return false;
    }
    job->has_samples = pa_count_evidence(s, v->metric, v->stack_in, v->context_in).has;
    return true;
}

static uint32_t key_of(pa_tags_job *job, pa_str name)
{
    uint64_t hash = pa_str_hash(name);
    uint32_t id;
    for (pa_slot at = pa_index_find(&job->key_index, hash); pa_index_next(&job->key_index, &at, &id);)
        if (pa_str_eq(job->keys.p[id].name, name))
            return id;
    id = (uint32_t)job->keys.n;
    pa_push(job->scratch, &job->keys) = (pa_tag_key){.name = name};
    pa_index_add(job->scratch, &job->key_index, hash, id);
    return id;
}

/* By content; pprof tells values apart by what it prints. */
static bool same_value(const pa_tags_job *job, const pa_tag_value *v, const pa_tag_value *w)
{
    if (v->key != w->key)
        return false;
    if (compat(job))
        return pa_str_eq(v->text, w->text);
    return v->label.numeric == w->label.numeric && v->label.num == w->label.num &&
           pa_str_eq(v->text, w->text);
}

static uint32_t new_value(pa_tags_job *job, const pa_label *l)
{
    const pa_profile *p = job->view->profile;
    pa_tag_value value = {.key = key_of(job, pa_string(p, l->key)), .label = *l};
    value.text = compat(job) ? pa_tag_pprof_text(job, l) : pa_label_text(p, l, job->arena);
    uint64_t hash = pa_mix(pa_str_hash(value.text), value.key);
    uint32_t id;
    for (pa_slot at = pa_index_find(&job->value_index, hash); pa_index_next(&job->value_index, &at, &id);)
        if (same_value(job, &job->values.p[id], &value))
            return id;
    id = (uint32_t)job->values.n;
    pa_push(job->scratch, &job->values) = value;
    pa_index_add(job->scratch, &job->value_index, hash, id);
    job->keys.p[value.key].n_values++;
    return id;
}

static pa_tag_value *value_of(pa_tags_job *job, const pa_label *l)
{
    uint64_t hash = pa_mix((uint64_t)l->key.v << 32 | l->str.v, (uint64_t)l->num * 2 + l->numeric);
    uint32_t id;
    for (pa_slot at = pa_index_find(&job->label_index, hash); pa_index_next(&job->label_index, &at, &id);) {
        const pa_label *k = &job->labels.p[id].label;
        if (k->key.v == l->key.v && k->str.v == l->str.v && k->num == l->num && k->numeric == l->numeric)
            return &job->values.p[job->labels.p[id].value];
    }
    uint32_t value = new_value(job, l);
    pa_index_add(job->scratch, &job->label_index, hash, (uint32_t)job->labels.n);
    pa_push(job->scratch, &job->labels) = (pa_known_label){*l, value};
    return &job->values.p[value];
}

static bool add_label(pa_tags_job *job, uint32_t context, const pa_label *l)
{
    int64_t sum = job->sum_of_context[context];
    pa_tag_value *v = value_of(job, l);
    pa_tag_key *key = &job->keys.p[v->key];
    if ((compat(job) && !add(job, &key->of_all, sum)) ||
        (key->last != context + 1 && !add(job, &key->sum, sum)))
        return false;
    key->last = context + 1;
    if (v->last == context + 1 && !compat(job)) /* the same label twice */
        return true;
    v->last = context + 1;
    v->samples += job->samples_of_context[context];
    return add(job, &v->sum, sum);
}

/* What pprof takes for a label that was not set. */
static bool is_nothing(const pa_label *l) { return l->numeric && l->num == 0 && l->str.v == 0; }

static bool sum_labels(pa_tags_job *job)
{
    const pa_profile *p = job->view->profile;
    for (uint32_t c = 0; c < p->n_contexts; c++) {
        pa_labels labels = pa_context_at(p, (pa_context_id){c});
        for (size_t i = 0; job->context_in_use[c] && i < labels.n; i++)
            if (!(compat(job) && is_nothing(&labels.p[i])) && !add_label(job, c, &labels.p[i]))
                return false;
    }
    return true;
}

/* ---- order --------------------------------------------------------------------------------------------------- */

static uint64_t magnitude(int64_t v) { return v < 0 ? 0 - (uint64_t)v : (uint64_t)v; }

static int compare_keys(const void *a, const void *b, void *arg)
{
    const pa_tags_job *job = arg;
    return pa_str_cmp(job->keys.p[*(const uint32_t *)a].name, job->keys.p[*(const uint32_t *)b].name);
}

static int compare_values(const void *a, const void *b)
{
    const pa_tag_value *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    if (magnitude(x->sum) != magnitude(y->sum))
        return magnitude(x->sum) > magnitude(y->sum) ? -1 : 1;
    int order = pa_str_cmp(x->text, y->text);
    return order ? order : (x->label.num > y->label.num) - (x->label.num < y->label.num);
}

/* Keys by name, values by key and size; every key knows its values. */
static void sort(pa_tags_job *job)
{
    size_t n = job->keys.n;
    uint32_t *order = pa_new(job->scratch, uint32_t, n), *place = pa_new(job->scratch, uint32_t, n);
    pa_tag_key *sorted = pa_new(job->scratch, pa_tag_key, n);
    for (uint32_t i = 0; i < n; i++)
        order[i] = i;
    qsort_r(order, n, sizeof *order, compare_keys, job);
    for (uint32_t i = 0; i < n; i++) {
        sorted[i] = job->keys.p[order[i]];
        place[order[i]] = i;
    }
    job->keys.p = sorted;
    for (size_t i = 0; i < job->values.n; i++)
        job->values.p[i].key = place[job->values.p[i].key];
    if (job->values.n)
        qsort(job->values.p, job->values.n, sizeof *job->values.p, compare_values);
    for (size_t i = job->values.n; i-- > 0;)
        job->keys.p[job->values.p[i].key].values = &job->values.p[i];
}

/* ---- for machines -------------------------------------------------------------------------------------------- */

static double share(const pa_tags_job *job, int64_t value)
{
    return job->view->total ? (double)value / (double)job->view->total : 0;
}

enum { K_KEY, K_VALUES, K_TOTAL, K_SHARE, K_WITHOUT, K_WITHOUT_SHARE, N_K };

static const pa_table *key_table(pa_tags_job *job)
{
    static const pa_column columns[N_K] = {
        [K_KEY] = {.key = "key"},          [K_VALUES] = {.key = "values"},
        [K_TOTAL] = {.key = "total"},      [K_SHARE] = {.key = "share"},
        [K_WITHOUT] = {.key = "untagged"}, [K_WITHOUT_SHARE] = {.key = "untagged_share"},
    };
    pa_column *own = pa_new(job->arena, pa_column, N_K);
    memcpy(own, columns, sizeof columns);
    own[K_TOTAL].quantity = own[K_WITHOUT].quantity = job->quantity;
    pa_table *t = pa_table_new(job->arena, own, N_K);
    for (size_t i = 0; i < job->keys.n; i++) {
        const pa_tag_key *k = &job->keys.p[i];
        int64_t without = job->all - k->sum; /* a sum of rows that all was added from */
        pa_cell *row = pa_table_row(job->arena, t);
        row[K_KEY] = pa_cell_str(k->name);
        row[K_VALUES] = pa_cell_int((int64_t)k->n_values);
        row[K_TOTAL] = pa_cell_value(k->sum);
        row[K_SHARE] = pa_cell_share(share(job, k->sum));
        row[K_WITHOUT] = pa_cell_value(without);
        row[K_WITHOUT_SHARE] = pa_cell_share(share(job, without));
    }
    return t;
}

enum { V_KEY, V_VALUE, V_NUMBER, V_UNIT, V_TOTAL, V_SHARE, V_SAMPLES, N_V };

static const pa_table *value_table(pa_tags_job *job)
{
    static const pa_column columns[N_V] = {
        [V_KEY] = {.key = "key"},         [V_VALUE] = {.key = "value"}, [V_NUMBER] = {.key = "number"},
        [V_UNIT] = {.key = "unit"},       [V_TOTAL] = {.key = "total"}, [V_SHARE] = {.key = "share"},
        [V_SAMPLES] = {.key = "samples"},
    };
    pa_column *own = pa_new(job->arena, pa_column, N_V);
    memcpy(own, columns, sizeof columns);
    own[V_TOTAL].quantity = job->quantity;
    pa_table *t = pa_table_new(job->arena, own, N_V);
    for (size_t i = 0; i < job->keys.n; i++)
        for (size_t j = 0; j < job->keys.p[i].n_values; j++) {
            const pa_tag_value *v = &job->keys.p[i].values[j];
            if (job->options->has_value_count && job->options->value_count && j >= job->options->value_count)
                break;
            pa_str unit = v->label.numeric ? pa_string(job->view->profile, v->label.str) : (pa_str){0};
            pa_cell *row = pa_table_row(job->arena, t);
            row[V_KEY] = pa_cell_str(job->keys.p[i].name);
            row[V_VALUE] = pa_cell_str(v->text);
            row[V_NUMBER] = v->label.numeric ? pa_cell_int(v->label.num) : (pa_cell){.kind = PA_CELL_NONE};
            if (unit.n)
                row[V_UNIT] = pa_cell_str(unit);
            row[V_TOTAL] = pa_cell_value(v->sum);
            row[V_SHARE] = pa_cell_share(share(job, v->sum));
            if (job->has_samples)
                row[V_SAMPLES] = pa_cell_int((int64_t)llround(v->samples));
        }
    return t;
}

/* ---- for people ---------------------------------------------------------------------------------------------- */

enum { T_TOTAL, T_SHARE, T_SAMPLES, T_VALUE, N_T };

static void put(pa_tags_job *job, pa_table *t, int64_t sum, pa_str name)
{
    pa_cell *row = pa_table_row(job->arena, t);
    row[T_TOTAL] = pa_cell_value(sum);
    row[T_SHARE] = pa_cell_share(share(job, sum));
    row[T_VALUE] = pa_cell_str(name.n ? name : PA_STR("<empty>"));
}

static const pa_table *table_of(pa_tags_job *job, const pa_tag_key *k)
{
    pa_column columns[N_T] = {
        [T_TOTAL] = {.title = "total", .quantity = job->quantity},
        [T_SHARE] = {.title = "share", .flags = PA_COL_EMPHASIS},
        [T_SAMPLES] = {.title = "samples", .flags = PA_COL_WIDE},
        [T_VALUE] = {.title = "value", .flags = PA_COL_NAME | PA_COL_LEFT},
    };
    pa_column *own = pa_new(job->arena, pa_column, N_T);
    memcpy(own, columns, sizeof columns);
    pa_table *t = pa_table_new(job->arena, own, N_T);
    size_t limit = job->options->has_value_count ? job->options->value_count : SHOWN, n = 0;
    int64_t rest = 0;
    for (; n < k->n_values && (limit == 0 || n < limit); n++) {
        put(job, t, k->values[n].sum, k->values[n].text);
        if (job->has_samples)
            t->cells.p[n * N_T + T_SAMPLES] = pa_cell_int((int64_t)llround(k->values[n].samples));
    }
    for (size_t i = n; i < k->n_values; i++)
        rest = (int64_t)((uint64_t)rest + (uint64_t)k->values[i].sum); /* parts of a sum that was checked */
    char count[PA_VALUE_TEXT];
    pa_count_text(count, (int64_t)(k->n_values - n));
    if (n < k->n_values)
        put(job, t, rest,
            pa_arena_format(job->arena, "[%s other value%s]", count, k->n_values - n == 1 ? "" : "s"));
    if (job->all != k->sum)
        put(job, t, job->all - k->sum, PA_STR("[no such label]"));
    return t;
}

static void key_lines(pa_tags_job *job, const pa_tag_key *k)
{
    char part[PA_VALUE_TEXT], count[PA_VALUE_TEXT];
    pa_percent_text(part, share(job, k->sum));
    pa_count_text(count, (int64_t)k->n_values);
    pa_str sum = pa_quantity_text(job->arena, k->sum, job->quantity), of = pa_str_trim(pa_cstr(part));
    pa_report_line(job->report, "%s", "");
    pa_report_line(job->report, "%.*s: %s value%s, on %.*s (%.*s)", (int)k->name.n,
                   k->name.n ? k->name.p : "", count, k->n_values == 1 ? "" : "s", (int)sum.n, sum.p,
                   (int)of.n, of.p)
        ->emphasis = true;
    pa_report_field(job->report, NULL, "", pa_cell_table(table_of(job, k)));
}

static bool choose_quantity(pa_tags_job *job)
{
    uint64_t min = 0;
    for (size_t i = 0; i < job->values.n; i++) {
        uint64_t v = magnitude(job->values.p[i].sum);
        min = v && (min == 0 || v < min) ? v : min;
    }
    return pa_view_quantity(job->view, min > INT64_MAX ? INT64_MAX : (int64_t)min, job->options->unit,
                            &job->quantity, job->err);
}

static bool run(void *arg)
{
    pa_tags_job *job = arg;
    job->scratch = pa_arena_scratch(job->arena);
    job->report = pa_report_new(job->arena, "tags");
    if (!sum_contexts(job) || !sum_labels(job) || (!compat(job) && !choose_quantity(job)))
        return false;
    sort(job);
    pa_report_head(job->report, job->view, job->quantity, compat(job));
    pa_report_field(job->report, "keys", NULL, pa_cell_table(key_table(job)));
    pa_report_field(job->report, "rows", "", pa_cell_table(value_table(job)));
    if (compat(job)) {
        pa_tags_as_pprof(job);
        return true;
    }
    for (size_t i = 0; i < job->keys.n; i++)
        key_lines(job, &job->keys.p[i]);
    if (job->keys.n == 0)
        pa_report_line(job->report, "no sample has a label");
    return true;
}

pa_report *pa_tags(const pa_view *view, const pa_tags_options *options, pa_arena *arena, pa_err *err)
{
    static const pa_tags_options defaults;
    pa_tags_job job = {.view = view, .options = options ? options : &defaults, .arena = arena, .err = err};
    bool ok = pa_guard(arena, err, run, &job);
    pa_arena_free(job.scratch);
    return ok ? job.report : NULL;
}
