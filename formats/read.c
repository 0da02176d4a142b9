/* read.c: from a path to a builder: open, ask every row of the format table, run the reader that is surest.
 * Content decides; an extension is worth at most 5 points; a tie or nobody sure is an error that names the candidates.
 * Once chosen a reader's error is final. */
#include "formats/format.h"
#include "formats/refuse.h"

#include <sys/stat.h>
#include <unistd.h>

#define PA_FORMAT(name) &pa_format_##name,
const pa_format *const pa_formats[] = {
#include "formats/formats.def"
};
#undef PA_FORMAT
const size_t pa_n_formats = sizeof pa_formats / sizeof *pa_formats;

#define SURE_ENOUGH      PA_PROBE_PLAUSIBLE
#define EXTENSION_POINTS 5

const pa_format *pa_format_named(pa_str name)
{
    for (size_t i = 0; i < pa_n_formats; i++)
        if (pa_str_is(name, pa_formats[i]->name))
            return pa_formats[i];
    return NULL;
}

bool pa_format_at(size_t i, pa_format_info *info)
{
    if (i >= pa_n_formats)
        return false;
    const pa_format *f = pa_formats[i];
    *info = (pa_format_info){f->name, f->title, f->extensions, f->read != NULL, f->write != NULL, f->gzip};
    return true;
}

/* ---- which format ------------------------------------------------------------------------------------------- */

static bool has_extension(pa_str path, pa_str extensions)
{
    static const char *const wrappers[] = {".gz", ".zst"};
    for (size_t i = 0; i < sizeof wrappers / sizeof *wrappers; i++)
        if (pa_str_ends(path, pa_cstr(wrappers[i])))
            path.n -= strlen(wrappers[i]);
    while (extensions.n) {
        pa_str one;
        extensions = pa_str_cut(extensions, ' ', &one);
        if (path.p && path.n > one.n && path.p[path.n - one.n - 1] == '.' && pa_str_ends(path, one))
            return true;
    }
    return false;
}

static const pa_format *detect(pa_str head, const char *name, pa_err *err)
{
    const pa_format *best = NULL, *second = NULL;
    int best_score = 0, second_score = 0;
    for (size_t i = 0; i < pa_n_formats; i++) {
        const pa_format *f = pa_formats[i];
        int score = f->probe(head);
        if (score > 0 && score < PA_PROBE_MAGIC && has_extension(pa_cstr(name), pa_cstr(f->extensions)))
            score += EXTENSION_POINTS;
        if (score > best_score) {
            second = best, second_score = best_score;
            best = f, best_score = score;
        } else if (score > second_score) {
            second = f, second_score = score;
        }
    }
    /* What is known not to be readable goes before a reader that is not sure; a guess, only before nobody. */
    bool nobody = best_score < SURE_ENOUGH;
    const pa_refusal *refusal =
        best_score < PA_PROBE_STRUCTURE ? pa_refusal_of(head, nobody ? name : NULL) : NULL;
    if (refusal)
        pa_refuse(refusal, head, err);
    else if (nobody)
        pa_fail(err, PA_E_UNRECOGNISED, PA_NO_OFFSET, "no known profile format%s%s%s",
                best ? "; the closest is '" : "", best ? best->name : "", best ? "'" : "");
    else if (second && second_score == best_score)
        pa_fail(err, PA_E_UNRECOGNISED, PA_NO_OFFSET, "could be '%s' or '%s': choose with --from", best->name,
                second->name);
    else
        return best;
    return NULL;
}

static const pa_format *choose(pa_str head, const char *name, const pa_read_options *o, pa_err *err)
{
    if (o->format) {
        const pa_format *f = pa_format_named(pa_cstr(o->format));
        if (!f)
            pa_fail(err, PA_E_USAGE, PA_NO_OFFSET, "unknown format '%s'", o->format);
        return f;
    }
    if (head.n == 0) {
        pa_fail(err, PA_E_UNRECOGNISED, PA_NO_OFFSET, "empty file");
        return NULL;
    }
    return detect(head, name, err);
}

/* ---- one input ---------------------------------------------------------------------------------------------- */

typedef struct one {
    pa_builder *b;
    const char *path;
    const pa_str *memory; /* instead of path */
    const pa_read_options *options;
    unsigned threads;
    pa_err *err;
    pa_arena *arena; /* gone with the input */
    pa_input *input;
    const pa_format *format;
} one;

static bool open_one(one *o, pa_str *head)
{
    const pa_read_options *ro = o->options;
    pa_input_options in = {.max_size = ro->max_size,
                           .ahead = o->threads > 1,
                           .progress = ro->progress,
                           .progress_arg = ro->progress_arg};
    o->arena = pa_arena_scratch(pa_builder_arena(o->b));
    o->input = o->memory ? pa_input_memory(o->path, *o->memory, &in, o->arena, o->err)
                         : pa_input_open(o->path, &in, o->arena, o->err);
    if (!o->input || !pa_input_head(o->input, head, o->err))
        return false;
    o->format = choose(*head, pa_input_name(o->input), ro, o->err);
    return o->format != NULL;
}

static bool read_records(one *o, pa_str head)
{
    const pa_read_options *ro = o->options;
    pa_begin_input(o->b, pa_cstr(pa_input_name(o->input)), o->format->name, ro->label_origin);
    if (o->format->split)
        return pa_read_blocks(o->format, o->input, head, o->b, ro, o->threads, o->err) &&
               (!o->format->finish || o->format->finish(pa_input_sum(o->b), o->err));
    pa_reading r = {.input = o->input,
                    .head = head,
                    .builder = o->b,
                    .scratch = pa_arena_scratch(o->arena),
                    .options = ro,
                    .threads = o->threads,
                    .err = o->err};
    return o->format->read(&r) && pa_builder_ok(o->b, o->err);
}

static void note_replaced(const one *o)
{
    uint64_t first, n = pa_input_replaced(o->input, &first);
    while (n-- > 0)
        pa_note(o->b, "half of a UTF-16 character, read as U+FFFD", first);
}

static bool read_one(void *arg)
{
    one *o = arg;
    pa_str head;
    if (!open_one(o, &head) || !read_records(o, head))
        return false;
    note_replaced(o);
    return !o->options->strict || pa_builder_strict(o->b, o->err);
}

/* Not standard input, not a pipe. */
static bool can_be_read_again(const char *path)
{
    struct stat st;
    return strcmp(path, "-") != 0 && stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

/* Line and column of err->offset in a text input: counted only now, from the start. */
static void locate(const one *o, pa_err *err)
{
    if (!o->format || !o->format->split || err->offset == PA_NO_OFFSET || err->line ||
        (!o->memory && !can_be_read_again(o->path)))
        return;
    pa_arena *a = pa_arena_new(NULL);
    pa_err ignored = {0};
    char *block = a ? pa_arena_try(a, PA_INPUT_HEAD, 1, 1) : NULL;
    pa_input *in = !block      ? NULL
                   : o->memory ? pa_input_memory(o->path, *o->memory, NULL, a, &ignored)
                               : pa_input_open(o->path, NULL, a, &ignored);
    uint64_t left = err->offset, line = 1, column = 1;
    size_t got = 1;
    while (in && left > 0 && got > 0) {
        if (!pa_input_read(in, block, left < PA_INPUT_HEAD ? (size_t)left : PA_INPUT_HEAD, &got, &ignored))
            break;
        for (size_t i = 0; i < got; i++) {
            column = block[i] == '\n' ? 1 : column + 1;
            line += block[i] == '\n';
        }
        left -= got;
    }
    if (in && left == 0) {
        err->line = line;
        err->column = column;
    }
    pa_input_close(in);
    pa_arena_free(a);
}

static void name_error(const one *o, pa_err *err)
{
    if (err->input[0])
        return; /* said below the format: in the compressed file */
    const char *name = o->input ? pa_input_name(o->input) : o->path;
    size_t n = strnlen(name, sizeof err->input - 1);
    memcpy(err->input, name, n);
    err->input[n] = 0;
    err->inflated = o->input && pa_input_inflated(o->input) && err->offset != PA_NO_OFFSET;
    locate(o, err);
}

static unsigned threads_of(const pa_read_options *o)
{
    long cores = o->threads ? (long)o->threads : sysconf(_SC_NPROCESSORS_ONLN);
    return cores > 1 ? (unsigned)cores : 1;
}

static bool read_input(one *o)
{
    static const pa_read_options defaults = {0};
    if (!o->options)
        o->options = &defaults;
    o->threads = threads_of(o->options);
    bool ok = pa_guard(pa_builder_arena(o->b), o->err, read_one, o);
    if (!ok)
        name_error(o, o->err);
    pa_input_close(o->input);
    pa_arena_free(o->arena);
    return ok;
}

bool pa_read_into(pa_builder *b, const char *path, const pa_read_options *options, pa_err *err)
{
    pa_err ignored = {0};
    one o = {.b = b, .path = path, .options = options, .err = err ? err : &ignored};
    return read_input(&o);
}

bool pa_read_memory_into(pa_builder *b, const char *name, pa_str bytes, const pa_read_options *options,
                         pa_err *err)
{
    pa_err ignored = {0};
    one o = {.b = b, .path = name, .memory = &bytes, .options = options, .err = err ? err : &ignored};
    return read_input(&o);
}

/* ---- many inputs, one profile ------------------------------------------------------------------------------- */

typedef struct all {
    const char *const *paths;
    size_t n;
    const pa_str *memory;
    const pa_read_options *options;
    pa_arena *arena;
    pa_err *err;
    pa_profile *profile;
} all;

static bool read_all(void *arg)
{
    all *a = arg;
    static const pa_read_options defaults = {0};
    const pa_read_options *o = a->options ? a->options : &defaults;
    pa_builder *b = pa_builder_new(a->arena);
    if (!(a->memory ? pa_read_memory_into(b, a->paths[0], *a->memory, o, a->err)
                    : pa_read_many(b, a->paths, a->n, o, threads_of(o), a->err)))
        return false;
    a->profile = pa_builder_finish(b, a->err);
    return a->profile != NULL;
}

static pa_profile *read_profile(all *a)
{
    a->arena = pa_arena_new(a->options ? a->options->budget : NULL);
    if (!a->arena) {
        pa_fail(a->err, PA_E_MEMORY, PA_NO_OFFSET, "out of memory");
        return NULL;
    }
    if (pa_guard(a->arena, a->err, read_all, a))
        return a->profile;
    pa_arena_free(a->arena);
    return NULL;
}

pa_profile *pa_read(const char *const *paths, size_t n, const pa_read_options *options, pa_err *err)
{
    pa_err ignored = {0};
    all a = {.paths = paths, .n = n, .options = options, .err = err ? err : &ignored};
    return read_profile(&a);
}

pa_profile *pa_read_memory(const char *name, pa_str bytes, const pa_read_options *options, pa_err *err)
{
    pa_err ignored = {0};
    all a = {.paths = &name, .n = 1, .memory = &bytes, .options = options, .err = err ? err : &ignored};
    return read_profile(&a);
}
