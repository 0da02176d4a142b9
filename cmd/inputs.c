/* inputs: words of the command line to paths of files.
 * In: words.  Out: pa_inputs; a directory gives its regular files, sorted by bytes, not those of its directories and
 * not hidden ones.  Memory: glob's, kept until the end, because the paths point into it.  Opens no file. */
#include "cmd/inputs.h"

#include <glob.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#include "cmd/cmd.h"

static bool add(pa_inputs *inputs, const char *path, const char *directory, pa_err *err)
{
    if (inputs->n == PA_MAX_WORDS)
        return pa_fail(err, PA_E_LIMIT, PA_NO_OFFSET, "more than %d files", PA_MAX_WORDS);
    inputs->paths[inputs->n] = path;
    inputs->directories[inputs->n++] = directory;
    return true;
}

/* directory with everything that glob would understand taken literally, then all names in it. */
static bool pattern_of(const char *directory, char *pattern, size_t size)
{
    size_t n = 0;
    for (const char *p = directory; *p; p++) {
        if (n + 5 > size)
            return false;
        if (strchr("*?[]{}~\\", *p))
            pattern[n++] = '\\';
        pattern[n++] = *p;
    }
    bool slash = n && pattern[n - 1] == '/';
    memcpy(pattern + n, slash ? "*" : "/*", slash ? 2 : 3);
    return true;
}

static bool add_directory(pa_inputs *inputs, const char *directory, pa_err *err)
{
    static glob_t found; /* grows: the paths of all directories stay valid */
    char pattern[2 * PATH_MAX + 8];
    if (!pattern_of(directory, pattern, sizeof pattern))
        return pa_fail(err, PA_E_IO, PA_NO_OFFSET, "cannot read directory '%s': name too long", directory);
    size_t before = found.gl_pathc, n = inputs->n;
    int status = glob(pattern, GLOB_ERR | (before ? GLOB_APPEND : 0), NULL, &found);
    if (status == GLOB_NOSPACE)
        return pa_fail(err, PA_E_MEMORY, PA_NO_OFFSET, "out of memory");
    if (status == GLOB_ABORTED)
        return pa_fail(err, PA_E_IO, PA_NO_OFFSET, "cannot read directory '%s'", directory);
    for (size_t i = before; status == 0 && i < found.gl_pathc; i++) {
        struct stat there;
        bool file = stat(found.gl_pathv[i], &there) == 0 && S_ISREG(there.st_mode);
        if (file && !add(inputs, found.gl_pathv[i], directory, err))
            return false;
    }
    if (inputs->n == n)
        return pa_fail(err, PA_E_IO, PA_NO_OFFSET, "there is no file in directory '%s'", directory);
    return true;
}

bool pa_inputs_expand(pa_inputs *inputs, pa_words words, pa_err *err)
{
    bool stdin_given = false;
    inputs->n = 0;
    for (size_t i = 0; i < words.n; i++) {
        const char *word = words.p[i];
        struct stat there;
        bool is_stdin = strcmp(word, "-") == 0;
        if (is_stdin && stdin_given)
            return pa_fail(err, PA_E_USAGE, PA_NO_OFFSET, "standard input ('-') can be read only once");
        stdin_given = stdin_given || is_stdin;
        bool directory = !is_stdin && stat(word, &there) == 0 && S_ISDIR(there.st_mode);
        if (!(directory ? add_directory(inputs, word, err) : add(inputs, word, NULL, err)))
            return false;
    }
    return true;
}

bool pa_inputs_have_directories(const pa_inputs *inputs)
{
    for (size_t i = 0; i < inputs->n; i++)
        if (inputs->directories[i])
            return true;
    return false;
}

/* The files of one directory stand together. */
static bool report_directory(const char *directory, size_t files, size_t left_out, pa_err *err)
{
    if (files && left_out == files)
        return pa_fail(err, PA_E_UNRECOGNISED, PA_NO_OFFSET,
                       "there is no profile in directory '%s' (files: %zu)", directory, files);
    if (left_out)
        pa_say("%zu of %zu files in '%s' %s", left_out, files, directory,
               left_out == 1 ? "is no profile" : "are no profiles");
    return true;
}

bool pa_inputs_leave_out(pa_inputs *inputs, const bool *no_profile, pa_err *err)
{
    size_t kept = 0, files = 0, left_out = 0;
    const char *directory = NULL;
    for (size_t i = 0; i < inputs->n; i++) {
        if (inputs->directories[i] != directory) {
            if (directory && !report_directory(directory, files, left_out, err))
                return false;
            files = left_out = 0;
            directory = inputs->directories[i];
        }
        bool drop = directory && no_profile[i];
        files++;
        left_out += drop;
        if (drop)
            continue;
        inputs->paths[kept] = inputs->paths[i];
        inputs->directories[kept++] = inputs->directories[i];
    }
    inputs->n = kept;
    return !directory || report_directory(directory, files, left_out, err);
}

bool pa_inputs_contain(const pa_inputs *inputs, const char *path)
{
    struct stat a, b;
    bool exists = stat(path, &a) == 0 && S_ISREG(a.st_mode);
    for (size_t i = 0; i < inputs->n; i++) {
        if (strcmp(inputs->paths[i], path) == 0)
            return true;
        if (exists && stat(inputs->paths[i], &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino)
            return true;
    }
    return false;
}
