/* writing.c: see writing.h.  Which format a profile is written in is decided by its name and --to, which must agree;
 * what it cannot hold is said on standard error before the file appears. */
#include "cmd/writing.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *to;
static bool lossless;
static int names;

static const char *writable_format(size_t i)
{
    pa_format_info info;
    for (size_t row = 0; pa_format_at(row, &info); row++)
        if (info.writes && i-- == 0)
            return info.name;
    return NULL;
}

static const pa_option rows[] = {
    PA_OPTION(.name = "output", .letter = 'o', .value = "FILE|DIR/", .takes_file = true,
              .text = &pa_set.output,
              .help =
                  "write to this file, which appears only when complete; its extension picks the format, .gz "
                  "behind it compresses; a directory gets one file for each input"),
    PA_OPTION(.name = "to", .value = "FMT", .choice_at = writable_format, .text = &to,
              .help = "format to write, where the name of the output does not say"),
    PA_OPTION(.name = "lossless", .flag = &lossless,
              .help = "write nothing (exit 2) if the format cannot hold all that is in the profile"),
    PA_OPTION(.name = "names", .value = "HOW", .choices = "raw demangle strip", .choice = &names,
              .help =
                  "names of functions as they are in the profile (if not given), for people, or without the "
                  "parts that change from build to build"),
    PA_OPTION(.name = "rename", .value = "s/RE/TEXT/", .text = &pa_set.view.rename,
              .help = "replace in every name; \\1 and & stand for what matched; a g at the end replaces all "
                      "matches"),
    PA_OPTION(.name = "fold-recursion", .flag = &pa_set.view.fold_recursion,
              .help = "a function that calls itself stands once in a stack"),
};
const pa_option_table pa_writing_options = PA_OPTION_TABLE("Writing", rows);

bool pa_is_lossless(void) { return lossless; }

/* ---- which format --------------------------------------------------------------------------------------------- */

static bool ends_with(pa_str s, const char *end)
{
    size_t n = strlen(end);
    return s.n > n && memcmp(s.p + s.n - n, end, n) == 0;
}

static bool has_word(const char *list, pa_str word)
{
    pa_str one;
    while (pa_next_word(&list, &one))
        if (one.n == word.n && memcmp(one.p, word.p, one.n) == 0)
            return true;
    return false;
}

/* What stands behind the last dot of a file's name, and whether ".gz" stood behind that. */
static pa_str extension_of(const char *path, bool *gz)
{
    const char *slash = strrchr(path, '/');
    pa_str name = pa_words_str(slash ? slash + 1 : path);
    *gz = ends_with(name, ".gz");
    name.n -= *gz ? 3 : 0;
    for (size_t i = name.n; i > 1; i--)
        if (name.p[i - 1] == '.')
            return (pa_str){name.p + i, name.n - i};
    return (pa_str){NULL, 0};
}

/* The row of a writable format, or false. */
static bool format_named(const char *name, pa_format_info *info)
{
    for (size_t i = 0; pa_format_at(i, info); i++)
        if (info->writes && strcmp(info->name, name) == 0)
            return true;
    return false;
}

/* "pprof or collapsed", of all writable formats, or of those with that extension. */
static size_t list_formats(pa_str extension, char *text, size_t size, pa_format_info *first)
{
    pa_format_info info;
    size_t n = 0, at = 0;
    text[0] = '\0';
    for (size_t i = 0; pa_format_at(i, &info); i++) {
        if (!info.writes || (extension.n && !has_word(info.extensions, extension)))
            continue;
        if (n++ == 0)
            *first = info;
        int wrote = snprintf(text + at, size - at, "%s%s", n > 1 ? " or " : "", info.name);
        at += wrote > 0 && (size_t)wrote < size - at ? (size_t)wrote : 0;
    }
    return n;
}

static bool choose_format(pa_str extension, const char *preset, pa_format_info *info, pa_err *err)
{
    char fitting[256], all[256];
    pa_format_info ignored;
    size_t n = extension.n ? list_formats(extension, fitting, sizeof fitting, info) : 0;
    list_formats((pa_str){NULL, 0}, all, sizeof all, &ignored);
    if (to && n > 0 && format_named(to, &ignored) && !has_word(ignored.extensions, extension))
        return pa_fail(err, PA_E_USAGE, PA_NO_OFFSET, "'--to %s' contradicts '-o %s', which is %s", to,
                       pa_set.output, fitting);
    if (to)
        return format_named(to, info) || pa_fail(err, PA_E_BUG, PA_NO_OFFSET, "format '%s' has gone", to);
    if (n == 1)
        return true;
    if (n > 1)
        return pa_fail(err, PA_E_USAGE, PA_NO_OFFSET, "'.%.*s' can be %s: choose with --to", (int)extension.n,
                       extension.p, fitting);
    if (extension.n)
        return pa_fail(err, PA_E_USAGE, PA_NO_OFFSET,
                       "no format has the extension '.%.*s': choose with --to %s", (int)extension.n,
                       extension.p, all);
    if (preset && format_named(preset, info))
        return true;
    return pa_fail(err, PA_E_USAGE, PA_NO_OFFSET,
                   "the name of the output says no format: choose with --to %s", all);
}

/* ---- where to ------------------------------------------------------------------------------------------------- */

static bool is_directory(const char *path)
{
    struct stat there;
    size_t n = strlen(path);
    return (n && path[n - 1] == '/') || (stat(path, &there) == 0 && S_ISDIR(there.st_mode));
}

bool pa_target_choose(const pa_inputs *inputs, const char *preset, pa_target *target, pa_err *err)
{
    const char *output = pa_set.output && strcmp(pa_set.output, "-") == 0 ? NULL : pa_set.output;
    pa_format_info info = {0};
    bool gz = false;
    if (output && output[0] == '\0')
        return pa_fail(err, PA_E_USAGE, PA_NO_OFFSET, "option '--output' needs a name");
    bool directory = output && is_directory(output);
    pa_str extension = output && !directory ? extension_of(output, &gz) : (pa_str){NULL, 0};
    if (!choose_format(extension, preset, &info, err))
        return false;
    if (output && !directory && pa_inputs_contain(inputs, output))
        return pa_fail(err, PA_E_USAGE, PA_NO_OFFSET, "'-o %s' would overwrite an input", output);
    if (!output && info.gzip && isatty(STDOUT_FILENO))
        return pa_fail(err, PA_E_USAGE, PA_NO_OFFSET, "%s is not written to a terminal: use -o FILE",
                       info.name);
    *target = (pa_target){.format = info.name,
                          .extension = info.extensions,
                          .gzip = gz || info.gzip,
                          .file = directory ? NULL : output,
                          .directory = directory ? output : NULL};
    return true;
}

/* ---- what is lost --------------------------------------------------------------------------------------------- */

#define MAX_LOSSES 32

/* What reading left out or repaired. */
static void tell_notes(const pa_profile *profile)
{
    pa_diagnostic d;
    for (size_t i = 0; pa_diagnostic_at(profile, i, &d); i++)
        pa_say("note: %s (%llu%s%.*s)", d.kind, (unsigned long long)d.count, d.input.n ? ", first in " : "",
               (int)d.input.n, d.input.n ? d.input.p : "");
}

/* What writing leaves out. */
static bool tell_losses(const pa_profile *profile, const pa_target *target, pa_err *err)
{
    pa_loss losses[MAX_LOSSES];
    size_t n = pa_losses(profile, target->format, losses, MAX_LOSSES);
    for (size_t i = 0; i < n; i++)
        pa_say("lost: %s (%llu)", losses[i].what, (unsigned long long)losses[i].count);
    if (n == 0 || !lossless)
        return true;
    return pa_fail(err, PA_E_USAGE, PA_NO_OFFSET, "%s cannot hold all of it (%s), and --lossless is given",
                   target->format, losses[0].what);
}

/* ---- writing -------------------------------------------------------------------------------------------------- */

typedef struct writing {
    const pa_profile *profile;
    const pa_target *target;
} writing;

static bool write_profile(pa_out *out, const void *arg, pa_err *err)
{
    const writing *w = arg;
    return w->target->gzip ? pa_write_gzip(w->profile, w->target->format, out, err)
                           : pa_write(w->profile, w->target->format, out, err);
}

/* What the options make of a profile. */
static const pa_profile *selected(const pa_profile *profile, bool tell, pa_arena *arena, pa_err *err)
{
    pa_str note;
    static const pa_names of[] = {PA_NAMES_RAW, PA_NAMES_DEMANGLE, PA_NAMES_STRIP};
    pa_view_options options = pa_set.view;
    options.names = of[names];
    pa_view *view = pa_view_new(profile, &options, arena, err);
    for (size_t i = 0; tell && view && pa_view_note_at(view, i, &note); i++)
        pa_say("note: %.*s", (int)note.n, note.p);
    return view ? pa_view_profile(view, arena, err) : NULL;
}

bool pa_write_profile(const pa_profile *profile, const pa_target *target, const char *file, pa_err *err)
{
    pa_arena *arena = pa_job_arena(err);
    writing w = {arena ? selected(profile, true, arena, err) : NULL, target};
    pa_spent("selected");
    if (w.profile)
        tell_notes(w.profile);
    bool ok = w.profile && tell_losses(w.profile, target, err) && pa_deliver_to(file, write_profile, &w, err);
    pa_spent("wrote");
    pa_arena_free(arena);
    return ok;
}

bool pa_check_profile(const pa_profile *profile, const pa_target *target, pa_err *err)
{
    pa_arena *arena = pa_job_arena(err);
    const pa_profile *p = arena ? selected(profile, false, arena, err) : NULL;
    bool ok = p && tell_losses(p, target, err);
    pa_arena_free(arena);
    return ok;
}
