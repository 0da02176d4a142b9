/* group.c: which frames of a view are one row of a report, and what such a row is called.
 * In: frames, names as shown, a granularity.  Out: view->groups and view->group_of_frame, in order of first frames.
 *
 * What is part of a group's identity, and its name, follow pprof: a function without a name is told apart by module
 * (and, with --compat pprof, by start line).  Unlike pprof, unless asked to be like it, a nameless function is shown
 * under its file, and rows of files are files. */
#include "libanalysis/base/index.h"
#include "libanalysis/model/view_parts.h"

/* Identity; what a granularity does not look at is 0. */
typedef struct identity {
    uint32_t name, file, module, category; /* numbers of texts, 0: none */
    int64_t line, column, start_line;
    uint64_t address;
} identity;

typedef struct grouper {
    pa_view_job *job;
    const pa_profile *p;
    bool compat;
    pa_by by;
    const pa_str *names;     /* per function */
    const uint32_t *name_no; /* per function: number of its name + 1, 0 for "" */
    uint32_t *file_no;       /* per string: number of the cleaned path + 1, 0 not asked yet */
    PA_VEC(pa_str) files;    /* by number */
    PA_VEC(pa_str) keys;     /* by number of the name; p NULL: not made yet */
    pa_index file_index, index;
    PA_VEC(identity) identities;
    PA_VEC(pa_group) groups;
} grouper;

#define PA_CATEGORY(name, flags, module) {{name, sizeof(name) - 1}, flags, {module, sizeof(module) - 1}},
static const struct {
    pa_str name;
    uint32_t flags;
    pa_str module;
} categories[] = {
#include "libanalysis/model/categories.def"
};
#undef PA_CATEGORY

/* ---- identity ------------------------------------------------------------------------------------------------ */

static uint32_t file_number(grouper *g, pa_str_id id)
{
    if (id.v == 0)
        return 0;
    if (g->file_no[id.v])
        return g->file_no[id.v];
    pa_str path = pa_path_clean(g->job->arena, pa_string(g->p, id));
    uint64_t hash = pa_str_hash(path);
    uint32_t no;
    for (pa_slot at = pa_index_find(&g->file_index, hash); pa_index_next(&g->file_index, &at, &no);)
        if (pa_str_eq(g->files.p[no], path))
            return g->file_no[id.v] = no + 1;
    no = (uint32_t)g->files.n;
    pa_push(g->job->scratch, &g->files) = path;
    pa_index_add(g->job->scratch, &g->file_index, hash, no);
    return g->file_no[id.v] = no + 1;
}

static uint32_t category_of(const grouper *g, const pa_frame *f)
{
    pa_str module = pa_str_basename(pa_string(g->p, g->p->modules[f->module.v].path));
    uint32_t n = sizeof categories / sizeof *categories;
    for (uint32_t i = 0; i < n; i++)
        if ((categories[i].flags == 0 || (f->flags & categories[i].flags)) &&
            pa_str_starts(module, categories[i].module)) {
            for (uint32_t j = 0;; j++) /* rows of one name are one category */
                if (pa_str_eq(categories[j].name, categories[i].name))
                    return j;
        }
    return n - 1;
}

static identity identify(grouper *g, const pa_frame *f)
{
    const pa_function *fn = &g->p->functions[f->function.v];
    pa_by by = g->by;
    identity id = {0};
    if (by == PA_BY_CATEGORY)
        id.category = category_of(g, f);
    if (by == PA_BY_MODULE)
        id.module = g->p->modules[f->module.v].path.v;
    if (by == PA_BY_CATEGORY || by == PA_BY_MODULE)
        return id;
    bool exact = by == PA_BY_ADDRESS;
    if (exact)
        id.address = f->address;
    if (by != PA_BY_FILE)
        id.name = g->name_no[f->function.v];
    bool nameless = id.name == 0;
    if (by != PA_BY_FUNCTION || (nameless && !g->compat))
        id.file = file_number(g, fn->file);
    if (exact || by == PA_BY_LINE)
        id.line = f->line;
    if (exact && !(g->compat && g->job->o->noinlines))
        id.column = f->column;
    bool bare = nameless && (g->compat || id.file == 0);
    if (bare || (exact && !g->compat))
        id.module = g->p->modules[f->module.v].path.v;
    if (nameless && g->compat)
        id.start_line = fn->start_line;
    return id;
}

static bool same_identity(const identity *a, const identity *b)
{
    return a->name == b->name && a->file == b->file && a->module == b->module && a->category == b->category &&
           a->line == b->line && a->column == b->column && a->start_line == b->start_line &&
           a->address == b->address;
}

static uint64_t identity_hash(const identity *i)
{
    uint64_t texts = pa_mix((uint64_t)i->name << 32 | i->file, (uint64_t)i->module << 32 | i->category);
    return pa_mix(pa_mix(texts, i->address),
                  pa_mix((uint64_t)i->line ^ (uint64_t)i->column << 40, (uint64_t)i->start_line));
}

/* ---- names --------------------------------------------------------------------------------------------------- */

static pa_str file_text(const grouper *g, uint32_t number)
{
    return number ? g->files.p[number - 1] : (pa_str){0};
}

static pa_str module_name(const grouper *g, pa_str path)
{
    if (g->job->o->names == PA_NAMES_STRIP)
        return pa_module_strip(g->job->arena, path);
    while (path.n > 1 && path.p[path.n - 1] == '/')
        path.n--;
    return path.n > 1 ? pa_str_basename(path) : path;
}

/* "[libc.so.6]", or "<unknown>" without a module. */
static pa_str bare_name(const grouper *g, const identity *id)
{
    pa_str path = pa_string(g->p, (pa_str_id){id->module});
    if (path.n == 0)
        return PA_STR("<unknown>");
    pa_str base = module_name(g, path);
    if (base.n == 0)
        return PA_STR("<unknown>");
    bool bracketed =
        !g->compat && base.p[0] == '[' && base.p[base.n - 1] == ']'; /* "[vdso]", not "[[vdso]]" */
    return bracketed ? base : pa_arena_format(g->job->arena, "[%.*s]", (int)base.n, base.p);
}

/* "0000000000401136 main main.c:12:3" with the parts that the granularity has. */
static pa_str frame_name(const grouper *g, const identity *id, pa_str function)
{
    pa_arena *a = g->job->arena;
    pa_str file = file_text(g, id->file), tail = {0};
    if (id->line && id->column)
        tail = pa_arena_format(a, "%.*s:%lld:%lld", (int)file.n, file.n ? file.p : "", (long long)id->line,
                               (long long)id->column);
    else if (id->line)
        tail = pa_arena_format(a, "%.*s:%lld", (int)file.n, file.n ? file.p : "", (long long)id->line);
    else if (file.n)
        tail = file;
    else if (function.n == 0)
        tail = bare_name(g, id);
    if (id->address == 0 && (function.n == 0 || tail.n == 0))
        return function.n ? function : tail;
    pa_str between = function.n && tail.n ? PA_STR(" ") : PA_STR("");
    if (id->address == 0)
        return pa_arena_format(a, "%.*s%s%.*s", (int)function.n, function.p, between.p, (int)tail.n, tail.p);
    return pa_arena_format(a, "%016llx %.*s%s%.*s", (unsigned long long)id->address, (int)function.n,
                           function.n ? function.p : "", between.p, (int)tail.n, tail.n ? tail.p : "");
}

static pa_str group_name(const grouper *g, const identity *id, const pa_frame *f)
{
    pa_str path = pa_string(g->p, g->p->modules[f->module.v].path);
    if (g->by == PA_BY_CATEGORY)
        return categories[id->category].name;
    if (g->by == PA_BY_MODULE) {
        pa_str base = module_name(g, path);
        return base.n ? base : f->flags & PA_FRAME_KERNEL ? PA_STR("[kernel]") : PA_STR("<unknown>");
    }
    return frame_name(g, id, id->name ? g->names[f->function.v] : (pa_str){0});
}

/* Keys depend on the name of the function alone, so each is made once. */
static pa_str group_key(grouper *g, const identity *id, const pa_frame *f, pa_str name)
{
    pa_arena *a = g->job->arena;
    if (g->by == PA_BY_MODULE)
        return pa_module_strip(a, name);
    if (g->by == PA_BY_CATEGORY || id->name == 0)
        return name;
    pa_str *key = &g->keys.p[id->name - 1];
    if (!key->p)
        *key = pa_name_key(a, g->names[f->function.v]);
    return *key;
}

/* ---- groups -------------------------------------------------------------------------------------------------- */

static int64_t group_line(const grouper *g, const pa_frame *f)
{
    if (g->by == PA_BY_LINE || g->by == PA_BY_ADDRESS)
        return f->line;
    return g->by == PA_BY_FUNCTION || g->by == PA_BY_FILEFUNCTION ? g->p->functions[f->function.v].start_line
                                                                  : 0;
}

static uint32_t new_group(grouper *g, const identity *id, const pa_frame *f)
{
    const pa_profile *p = g->p;
    pa_group group = {
        .name = group_name(g, id, f),
        .file = file_text(g, file_number(g, p->functions[f->function.v].file)),
        .module = pa_string(p, p->modules[f->module.v].path),
        .line = group_line(g, f),
        .address = g->by == PA_BY_ADDRESS ? f->address : 0,
    };
    group.key = group_key(g, id, f, group.name);
    pa_push(g->job->arena, &g->groups) = group;
    pa_push(g->job->scratch, &g->identities) = *id;
    return (uint32_t)g->groups.n - 1;
}

/* One more frame of a group: fields its members do not share are not shown. */
static void join_group(grouper *g, uint32_t id, const pa_frame *f)
{
    const pa_profile *p = g->p;
    pa_group *group = &g->groups.p[id];
    if (!group->many_files) {
        pa_str file = file_text(g, file_number(g, p->functions[f->function.v].file));
        group->many_files = file.p != group->file.p && !pa_str_eq(file, group->file);
    }
    if (!group->many_modules) {
        pa_str module = pa_string(p, p->modules[f->module.v].path);
        group->many_modules = module.p != group->module.p && !pa_str_eq(module, group->module);
    }
    group->many_lines |= group_line(g, f) != group->line;
}

static uint32_t group_of(grouper *g, const pa_frame *f)
{
    identity id = identify(g, f);
    uint64_t hash = identity_hash(&id);
    uint32_t at;
    for (pa_slot slot = pa_index_find(&g->index, hash); pa_index_next(&g->index, &slot, &at);)
        if (same_identity(&g->identities.p[at], &id)) {
            join_group(g, at, f);
            return at;
        }
    at = new_group(g, &id, f);
    pa_index_add(g->job->scratch, &g->index, hash, at);
    return at;
}

/* Frames no stack has would still claim a group's file or module: they get a group, but have no say in one. */
static unsigned char *frames_in_use(pa_view_job *job, const pa_profile *p)
{
    unsigned char *used = pa_new(job->scratch, unsigned char, p->n_frames);
    for (size_t i = 0; i < p->stack_at[p->n_stacks]; i++)
        used[p->stack_frames[i].v] = 1;
    return used;
}

void pa_group_frames(pa_view_job *job, const pa_str *names)
{
    const pa_profile *p = job->view->profile;
    size_t n_names;
    uint32_t *numbers = pa_number_names(job->scratch, names, p->n_functions, &n_names);
    grouper g = {
        .job = job,
        .p = p,
        .compat = job->o->compat == PA_COMPAT_PPROF,
        .by = job->o->by,
        .names = names,
        .file_no = pa_new(job->scratch, uint32_t, p->n_strings),
    };
    pa_reserve(job->scratch, &g.files, 64);
    pa_reserve(job->scratch, &g.identities, 64);
    pa_reserve(job->arena, &g.groups, 64);
    g.keys.p = pa_new(job->scratch, pa_str, n_names + 1);
    for (size_t i = 0; i < p->n_functions; i++)
        numbers[i] = names[i].n ? numbers[i] + 1 : 0;
    g.name_no = numbers;
    const unsigned char *used = frames_in_use(job, p);
    uint32_t *group = pa_new(job->arena, uint32_t, p->n_frames);
    for (size_t i = 0; i < p->n_frames; i++)
        group[i] = used[i] ? group_of(&g, &p->frames[i]) : PA_NO_GROUP;
    job->view->groups = g.groups.p;
    job->view->n_groups = g.groups.n;
    job->view->group_of_frame = group;
}
