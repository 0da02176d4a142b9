/* profile.c: small questions to a frozen profile. */
#include "libanalysis/model/profile.h"

void pa_profile_free(pa_profile *profile)
{
    if (profile)
        pa_arena_free(profile->arena);
}

bool pa_diagnostic_at(const pa_profile *p, size_t i, pa_diagnostic *diagnostic)
{
    if (i >= p->diags.n)
        return false;
    const pa_diag *d = &p->diags.p[i];
    pa_str input = d->input < p->n_inputs ? pa_string(p, p->inputs[d->input].name) : (pa_str){NULL, 0};
    *diagnostic = (pa_diagnostic){d->kind, d->count, input, d->first};
    return true;
}

const pa_label *pa_context_label(const pa_profile *p, pa_context_id id, pa_str key)
{
    pa_labels labels = pa_context_at(p, id);
    for (size_t i = 0; i < labels.n; i++)
        if (pa_str_eq(pa_string(p, labels.p[i].key), key))
            return &labels.p[i];
    return NULL;
}

#define PA_LABEL_NAME(meaning, name) {meaning, {name, sizeof(name) - 1}},
static const struct {
    const char *meaning;
    pa_str name;
} label_names[] = {
#include "libanalysis/model/label_names.def"
};
#undef PA_LABEL_NAME

static char plain_letter(char c)
{
    if (c == ' ' || c == '-')
        return '_';
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool same_key(pa_str a, pa_str b)
{
    if (a.n != b.n)
        return false;
    for (size_t i = 0; i < a.n; i++)
        if (plain_letter(a.p[i]) != b.p[i])
            return false;
    return true;
}

bool pa_label_means(pa_str key, const char *meaning)
{
    if (same_key(key, pa_cstr(meaning)))
        return true;
    for (size_t i = 0; i < sizeof label_names / sizeof *label_names; i++)
        if (strcmp(label_names[i].meaning, meaning) == 0 && same_key(key, label_names[i].name))
            return true;
    return false;
}

pa_str pa_label_text(const pa_profile *p, const pa_label *label, pa_arena *arena)
{
    pa_str s = pa_string(p, label->str);
    if (!label->numeric)
        return s;
    if (s.n == 0)
        return pa_arena_format(arena, "%lld", (long long)label->num);
    return pa_arena_format(arena, "%lld %.*s", (long long)label->num, (int)s.n, s.p);
}

pa_u128 pa_row_square(const pa_stream *stream, size_t row, uint32_t metric)
{
    size_t at = row * stream->n_metrics + metric;
    if (stream->squares)
        return stream->squares[at];
    int64_t v = stream->values[at];
    uint64_t magnitude = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
    return (pa_u128)magnitude * magnitude;
}
