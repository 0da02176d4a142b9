/* summary_next.c: the command line to try after the summary.
 * In: what the profile holds, its hottest function, the names of its inputs.  Out: one line for a shell: where the
 * metric has a command of its own, that one; else the lines of the hottest function, if the profile has lines; else
 * what calls it; without functions under names that the next command shows too, the tree.  Names are quoted for the
 * expression and for the shell. */
#include "libanalysis/analysis/summary.h"
#include "libanalysis/base/output.h"

#define MOST_NAMES 4

/* As a shell takes it for one word. */
static void put_quoted(pa_out *out, pa_str word)
{
    bool plain = word.n > 0;
    for (size_t i = 0; i < word.n; i++) {
        unsigned char c = (unsigned char)word.p[i];
        plain &= (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                 (c && strchr("_-./:@%+=,", c));
    }
    if (plain) {
        pa_out_bytes(out, word.p, word.n);
        return;
    }
    pa_out_char(out, '\'');
    for (size_t i = 0; i < word.n; i++)
        if (word.p[i] == '\'')
            pa_out_cstr(out, "'\\''");
        else
            pa_out_char(out, word.p[i]);
    pa_out_char(out, '\'');
}

/* An expression that matches this name and no other. */
static pa_str expression(pa_arena *arena, pa_str name)
{
    pa_out *out = pa_out_to_memory(arena);
    pa_out_char(out, '^');
    for (size_t i = 0; i < name.n; i++) {
        if (name.p[i] && strchr("\\^$.[]|()?*+{}#", name.p[i]))
            pa_out_char(out, '\\');
        pa_out_char(out, name.p[i]);
    }
    pa_out_char(out, '$');
    return pa_out_written(out);
}

/* The directory that all inputs are in, when they are too many to be named. */
static pa_str common_directory(const pa_profile *p)
{
    pa_str first = {0};
    for (size_t i = 0; i < p->n_inputs; i++) {
        pa_str name = pa_string(p, p->inputs[i].name);
        ptrdiff_t slash = pa_str_rfind(name, '/');
        pa_str directory = slash > 0 ? pa_str_head(name, (size_t)slash) : (pa_str){0};
        if (directory.n == 0 || (i && !pa_str_eq(directory, first)))
            return (pa_str){0};
        first = directory;
    }
    return first;
}

static bool put_inputs(pa_out *out, const pa_profile *p)
{
    pa_str directory = p->n_inputs > MOST_NAMES ? common_directory(p) : (pa_str){0};
    if (p->n_inputs == 0 || (p->n_inputs > MOST_NAMES && directory.n == 0))
        return false;
    size_t n = directory.n ? 1 : p->n_inputs;
    for (size_t i = 0; i < n; i++) {
        pa_str name = directory.n ? directory : pa_string(p, p->inputs[i].name);
        pa_out_cstr(out, name.n && name.p[0] == '-' ? " ./" : " ");
        put_quoted(out, pa_str_is(name, "<stdin>") ? PA_STR("-") : name);
    }
    return true;
}

static bool has_lines(const pa_view *v, uint32_t group)
{
    const pa_profile *p = v->profile;
    for (size_t i = 0; v->group_of_frame && i < p->n_frames; i++)
        if (v->group_of_frame[i] == group && p->frames[i].line &&
            pa_function_at(p, p->frames[i].function)->file.v)
            return true;
    return false;
}

static const char *own_command(pa_summary_job *job)
{
    static const char *const questions[] = {"locks", "alloc", "io"};
    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++)
        if (pa_resource_answers(job->view, questions[i]))
            return questions[i];
    return NULL;
}

/* The metric, unless it is what the next command takes anyway. */
static void put_metric(pa_summary_job *job, pa_out *out)
{
    const pa_view *v = job->view;
    const pa_profile *p = v->source;
    if (v->stream.v == p->default_stream.v && v->metric == p->default_metric)
        return;
    pa_str stream = pa_string(p, pa_view_stream(v)->name), name = pa_string(p, pa_view_metric(v)->name);
    pa_out_cstr(out, " --metric ");
    put_quoted(out, p->n_streams == 1 || !stream.n
                        ? name
                        : pa_arena_format(job->scratch, "%.*s/%.*s", (int)stream.n, stream.p, (int)name.n,
                                          name.n ? name.p : ""));
}

const char *pa_summary_next(pa_summary_job *job)
{
    const pa_view *v = job->view;
    const pa_top_row *hottest = job->top.n_rows ? &job->top.rows[0] : NULL;
    if (!hottest)
        return NULL;
    pa_out *out = pa_out_to_memory(job->arena);
    const char *own = own_command(job);
    bool named = hottest->group != PA_NO_GROUP && v->options.by == PA_BY_FUNCTION &&
                 v->options.names == PA_NAMES_DEMANGLE && !v->options.rename;
    pa_out_cstr(out, "panalyze ");
    if (own) {
        pa_out_cstr(out, own);
    } else if (!named) {
        pa_out_cstr(out, "tree");
    } else {
        pa_out_cstr(out, has_lines(v, hottest->group) ? "list " : "peek ");
        put_quoted(out, expression(job->arena, v->groups[hottest->group].name));
    }
    if (!own)
        put_metric(job, out);
    if (!put_inputs(out, v->source))
        return NULL;
    return pa_arena_cstr(job->arena, pa_out_written(out));
}
