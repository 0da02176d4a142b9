/* filter_names.c: what focus, ignore, hide, show, show_from, prune_from and the profile's own drop_frames say about
 * each frame.  Every expression runs once per distinct function, file and module, never per stack.
 * In: expressions.  Out: one byte of marks per frame (pseudo-frames behind the others); stack_map.c acts on them.
 *
 * A location matches by the name or file of any of its lines, or by its module.  prune_from and drop_frames look at
 * names only, and at simplified ones: without the leading dot of PowerPC and without parameters. */
#include "libanalysis/model/view_parts.h"

typedef struct frame_test {
    const char *option;
    pa_regex *re, *unless; /* unless: keep_frames */
    unsigned char mark;
    unsigned char module_mark; /* 0: modules are not looked at */
    bool simplified;
} frame_test;

/* What one expression says: 0 not asked yet, 1 no, 2 yes. */
typedef struct answers {
    unsigned char *file; /* per string */
    unsigned char *name; /* per function: name or file */
    unsigned char *module;
} answers;

/* The name without a leading '.' and without what follows its first '(' that is not part of a C++ name. */
static pa_str simplified(pa_str name)
{
    static const pa_str kept[] = {{"(anonymous namespace)", 21}, {"operator()", 10}};
    if (name.n && name.p[0] == '.')
        name = pa_str_from(name, 1);
    for (size_t i = 0; i < name.n;) {
        pa_str rest = pa_str_from(name, i);
        if (pa_str_starts(rest, kept[0]))
            i += kept[0].n;
        else if (pa_str_starts(rest, kept[1]))
            i += kept[1].n;
        else if (name.p[i] == '(')
            return pa_str_head(name, i);
        else
            i++;
    }
    return name;
}

static bool ask(pa_view_job *job, const frame_test *t, pa_str text, unsigned char *answer)
{
    bool hit, kept = false;
    if (!pa_regex_match(t->re, text, &hit, job->err))
        return false;
    if (hit && t->unless && !pa_regex_match(t->unless, text, &kept, job->err))
        return false;
    *answer = hit && !kept ? 2 : 1;
    return true;
}

static bool ask_line(pa_view_job *job, const frame_test *t, pa_str name, pa_str file,
                     unsigned char *file_answer, unsigned char *answer)
{
    if (t->simplified) {
        *answer = 1;
        return name.n == 0 || ask(job, t, simplified(name), answer);
    }
    if (!ask(job, t, name, answer) || *answer == 2)
        return job->err->code == PA_E_NONE;
    if (*file_answer == 0 && !ask(job, t, file, file_answer))
        return false;
    *answer = *file_answer;
    return true;
}

static bool ask_function(pa_view_job *job, const frame_test *t, answers *known, uint32_t id)
{
    const pa_function *f = &job->p->functions[id];
    return known->name[id] != 0 || ask_line(job, t, job->names[id], pa_job_string(job, f->file),
                                            &known->file[f->file.v], &known->name[id]);
}

/* Function 0 is a location without lines: only its module can match. */
static bool mark_by(pa_view_job *job, const frame_test *t)
{
    const pa_profile *p = job->p;
    answers known = {
        .file = pa_new(job->scratch, unsigned char, p->n_strings),
        .name = pa_new(job->scratch, unsigned char, p->n_functions),
        .module = pa_new(job->scratch, unsigned char, p->n_modules),
    };
    for (size_t i = 1; i < p->n_frames; i++) {
        const pa_frame *f = &p->frames[i];
        if (f->function.v && !ask_function(job, t, &known, f->function.v))
            return false;
        if (f->function.v && known.name[f->function.v] == 2)
            job->marks[i] |= t->mark;
        uint32_t m = f->module.v;
        if (!t->module_mark || m == 0)
            continue;
        if (known.module[m] == 0 && !ask(job, t, pa_job_string(job, p->modules[m].path), &known.module[m]))
            return false;
        /* show looks for lines to keep: a location without any has none, whatever its module */
        if (known.module[m] == 2 && (t->mark != PA_MARK_SHOW || f->function.v))
            job->marks[i] |= t->module_mark;
    }
    for (size_t i = 0; i < job->pseudo.n; i++) {
        unsigned char file = 0, answer = 0;
        if (!ask_line(job, t, job->pseudo.p[i].name, job->pseudo.p[i].file, &file, &answer))
            return false;
        if (answer == 2)
            job->marks[p->n_frames + i] |= t->mark;
    }
    return true;
}

static void tell_if_unmatched(pa_view_job *job, const frame_test *t)
{
    unsigned char any = t->mark | t->module_mark;
    for (size_t i = 0; i < job->p->n_frames + job->pseudo.n; i++) {
        unsigned char m = job->marks[i];
        bool hidden = t->mark == PA_MARK_SHOW && (m & PA_MARK_HIDE);
        bool ignored = t->mark == PA_MARK_FOCUS && (m & PA_MARK_IGNORE);
        if ((m & any) && !hidden && !ignored)
            return;
    }
    pa_view_note(job, "%s expression matched no samples", t->option);
}

/* drop_frames and keep_frames come with the profile: what is wrong with them is not the user's fault. */
static bool drop_test(pa_view_job *job, frame_test *t)
{
    pa_str drop = pa_job_string(job, job->p->meta.drop_frames),
           keep = pa_job_string(job, job->p->meta.keep_frames);
    if (!job->o->apply_drop_frames || drop.n == 0)
        return true;
    pa_err why = {0};
    *t = (frame_test){.option = "drop_frames", .mark = PA_MARK_DROP, .simplified = true};
    t->re = pa_regex_new_whole(&job->pool, "drop_frames of the profile", drop, &why);
    if (t->re && keep.n)
        t->unless = pa_regex_new_whole(&job->pool, "keep_frames of the profile", keep, &why);
    if (why.code == PA_E_MEMORY)
        return pa_fail(job->err, why.code, why.offset, "%s", why.message);
    if (why.code == PA_E_NONE)
        return true;
    *t = (frame_test){0};
    pa_view_note(job, "%s; no frames are dropped", why.message);
    return true;
}

static bool make_test(pa_view_job *job, frame_test *t, const char *option, const char *text)
{
    t->option = option;
    if (!pa_given(text))
        return true;
    t->re = pa_regex_new(&job->pool, option, pa_cstr(text), job->err);
    return t->re != NULL;
}

bool pa_mark_frames(pa_view_job *job)
{
    const pa_view_options *o = job->o;
    const struct {
        const char *option, *text;
        frame_test test;
    } asked[] = {
        {"focus", o->focus, {.mark = PA_MARK_FOCUS, .module_mark = PA_MARK_FOCUS}},
        {"ignore", o->ignore, {.mark = PA_MARK_IGNORE, .module_mark = PA_MARK_IGNORE}},
        {"hide", o->hide, {.mark = PA_MARK_HIDE, .module_mark = PA_MARK_HIDE}},
        {"show", o->show, {.mark = PA_MARK_SHOW, .module_mark = PA_MARK_SHOW}},
        {"show_from", o->show_from, {.mark = PA_MARK_FROM, .module_mark = PA_MARK_FROM_ALL}},
        {"prune_from", o->prune_from, {.mark = PA_MARK_PRUNE, .simplified = true}},
    };
    frame_test tests[sizeof asked / sizeof *asked + 1] = {{0}};
    size_t n = sizeof asked / sizeof *asked;
    for (size_t i = 0; i < n; i++) {
        tests[i] = asked[i].test;
        if (!make_test(job, &tests[i], asked[i].option, asked[i].text))
            return false;
    }
    if (!drop_test(job, &tests[n]))
        return false;
    pa_stack_rules *rules = &job->rules;
    rules->by_name = tests[0].re || tests[1].re || tests[2].re || tests[3].re;
    rules->show = tests[3].re != NULL;
    rules->show_from = tests[4].re != NULL;
    rules->prune_from = tests[5].re != NULL;
    rules->drop = tests[n].re != NULL;
    if (!rules->by_name && !rules->show_from && !rules->prune_from && !rules->drop)
        return true;
    job->marks = pa_new(job->scratch, unsigned char, job->p->n_frames + job->pseudo.n);
    if (!tests[0].re) /* without focus every location is in it */
        memset(job->marks, PA_MARK_FOCUS, job->p->n_frames + job->pseudo.n);
    rules->marks = job->marks;
    for (size_t i = 0; i <= n; i++)
        if (tests[i].re && !mark_by(job, &tests[i]))
            return false;
    for (size_t i = 0; i < n; i++)
        if (tests[i].re)
            tell_if_unmatched(job, &tests[i]);
    return true;
}
