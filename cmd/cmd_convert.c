/* panalyze convert: each profile in another format.
 * In: inputs.  Out: a file, or one for each input in a directory; names are settled before anything is read.
 * Memory: one profile at a time. */
#include "cmd/writing.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const pa_option_table *const tables[] = {&pa_writing_options, &pa_selecting_options,
                                                &pa_reading_options, &pa_common_options,
                                                &pa_pprof_advice,    NULL};

/* ---- names in a directory ------------------------------------------------------------------------------------- */

/* An input's name without directory, compression and extension. */
static pa_str stem_of(const char *path)
{
    if (strcmp(path, "-") == 0)
        return pa_words_str("stdin");
    const char *slash = strrchr(path, '/');
    pa_str name = pa_words_str(slash ? slash + 1 : path);
    if (name.n > 3 && memcmp(name.p + name.n - 3, ".gz", 3) == 0)
        name.n -= 3;
    else if (name.n > 4 && memcmp(name.p + name.n - 4, ".zst", 4) == 0)
        name.n -= 4;
    for (size_t i = name.n; i > 1; i--)
        if (name.p[i - 1] == '.')
            return (pa_str){name.p, i - 1};
    return name;
}

static bool output_path(const pa_target *t, const char *input, char path[PATH_MAX], pa_err *err)
{
    pa_str stem = stem_of(input), extension;
    const char *list = t->extension;
    size_t n = strlen(t->directory);
    if (!pa_next_word(&list, &extension))
        return pa_fail(err, PA_E_BUG, PA_NO_OFFSET, "format '%s' has no extension", t->format);
    int wrote =
        snprintf(path, PATH_MAX, "%s%s%.*s.%.*s%s", t->directory, t->directory[n - 1] == '/' ? "" : "/",
                 (int)stem.n, stem.p, (int)extension.n, extension.p, t->gzip ? ".gz" : "");
    return (wrote > 0 && wrote < PATH_MAX) ||
           pa_fail(err, PA_E_USAGE, PA_NO_OFFSET, "the name of the output for '%s' is too long", input);
}

typedef struct named {
    pa_str stem;
    const char *path;
} named;

static int by_stem(const void *x, const void *y)
{
    const named *a = x, *b = y;
    size_t n = a->stem.n < b->stem.n ? a->stem.n : b->stem.n;
    int c = memcmp(a->stem.p, b->stem.p, n);
    return c ? c : (a->stem.n > b->stem.n) - (a->stem.n < b->stem.n);
}

static bool check_collisions(const pa_target *t, const pa_inputs *inputs, pa_err *err)
{
    static named all[PA_MAX_WORDS];
    char path[PATH_MAX];
    for (size_t i = 0; i < inputs->n; i++)
        all[i] = (named){stem_of(inputs->paths[i]), inputs->paths[i]};
    qsort(all, inputs->n, sizeof *all, by_stem);
    for (size_t i = 1; i < inputs->n; i++)
        if (by_stem(&all[i - 1], &all[i]) == 0)
            return output_path(t, all[i].path, path, err) &&
                   pa_fail(err, PA_E_USAGE, PA_NO_OFFSET, "'%s' and '%s' would both be written to '%s'",
                           all[i - 1].path, all[i].path, path);
    return true;
}

typedef struct place {
    dev_t device;
    ino_t node;
} place;

static int by_place(const void *x, const void *y)
{
    const place *a = x, *b = y;
    if (a->device != b->device)
        return a->device < b->device ? -1 : 1;
    return (a->node > b->node) - (a->node < b->node);
}

static bool check_inputs_survive(const pa_target *t, const pa_inputs *inputs, pa_err *err)
{
    static place of_inputs[PA_MAX_WORDS];
    char path[PATH_MAX];
    struct stat there;
    size_t n = 0;
    for (size_t i = 0; i < inputs->n; i++)
        if (strcmp(inputs->paths[i], "-") != 0 && stat(inputs->paths[i], &there) == 0)
            of_inputs[n++] = (place){there.st_dev, there.st_ino};
    qsort(of_inputs, n, sizeof *of_inputs, by_place);
    for (size_t i = 0; i < inputs->n; i++) {
        if (!output_path(t, inputs->paths[i], path, err))
            return false;
        if (stat(path, &there) == 0 &&
            bsearch(&(place){there.st_dev, there.st_ino}, of_inputs, n, sizeof *of_inputs, by_place))
            return pa_fail(err, PA_E_USAGE, PA_NO_OFFSET, "'%s' would overwrite an input", path);
    }
    return true;
}

/* ---- the way -------------------------------------------------------------------------------------------------- */

static bool make_directory(const char *path, pa_err *err)
{
    struct stat there;
    if (stat(path, &there) == 0)
        return S_ISDIR(there.st_mode) ||
               pa_fail(err, PA_E_OUTPUT, PA_NO_OFFSET, "'%s' is no directory", path);
    return mkdir(path, 0777) == 0 || errno == EEXIST ||
           pa_fail(err, PA_E_OUTPUT, PA_NO_OFFSET, "cannot make directory '%s'", path);
}

static bool convert_one(const char *input, const pa_target *t, const char *output, bool write, pa_err *err)
{
    pa_profile *profile = pa_job_read(&input, 1, err);
    pa_spent("read");
    bool ok = profile && (write ? (!t->directory || make_directory(t->directory, err)) &&
                                      pa_write_profile(profile, t, output, err)
                                : pa_check_profile(profile, t, err));
    pa_profile_free(profile);
    if (!ok && profile && !err->input[0] && err->code != PA_E_OUTPUT)
        snprintf(err->input, sizeof err->input, "%s", input);
    return ok;
}

static bool convert_each(pa_inputs *inputs, const pa_target *t, bool write, pa_err *err)
{
    static bool no_profile[PA_MAX_WORDS];
    char path[PATH_MAX];
    for (size_t i = 0; i < inputs->n; i++) {
        if (!output_path(t, inputs->paths[i], path, err))
            return false;
        no_profile[i] = false;
        if (convert_one(inputs->paths[i], t, path, write, err))
            continue;
        if (!pa_is_stranger(err) || !inputs->directories[i])
            return false;
        *err = (pa_err){0};
        no_profile[i] = true;
    }
    return pa_inputs_leave_out(inputs, no_profile, err);
}

static bool into_directory(pa_inputs *inputs, const pa_target *t, pa_err *err)
{
    if (!check_collisions(t, inputs, err) || !check_inputs_survive(t, inputs, err))
        return false;
    if (pa_is_lossless()) { /* nothing is written when any of them loses something */
        for (size_t i = 0; i < inputs->n; i++)
            if (strcmp(inputs->paths[i], "-") == 0)
                return pa_fail(
                    err, PA_E_USAGE, PA_NO_OFFSET,
                    "standard input cannot be read twice: --lossless into a directory takes files only");
        if (!convert_each(inputs, t, false, err))
            return false;
    }
    return convert_each(inputs, t, true, err);
}

static bool run(pa_inputs *inputs, pa_err *err)
{
    pa_target target;
    if (!pa_target_choose(inputs, NULL, &target, err))
        return false;
    pa_set.for_writing = true;
    if (target.directory)
        return into_directory(inputs, &target, err);
    if (inputs->n > 1)
        return pa_fail(err, PA_E_USAGE, PA_NO_OFFSET,
                       "%zu inputs are converted into a directory, -o DIR/; into one file they are merged: "
                       "panalyze merge",
                       inputs->n);
    return convert_one(inputs->paths[0], &target, target.file, true, err);
}

const pa_command pa_command_convert = {
    .name = "convert",
    .synopsis = "[OPTIONS] FILE... -o OUT",
    .summary = "write a profile in another format",
    .description = "Reads any format that can be read and writes any that can be written, after the filters "
                   "and rewrites that are "
                   "given. What the new format cannot hold is said on standard error, one line a kind. With "
                   "-o DIR/ each input is "
                   "written to a file of its own in that directory, under its own name with the extension of "
                   "the format; without "
                   "-o, to standard output.",
    .example = "convert cpu.pb.gz -o cpu.folded",
    .example_does = "collapsed stacks for a flame graph",
    .writes_profile = true,
    .least_inputs = 1,
    .tables = tables,
    .run = run,
};
