/* options_profile: the options that every command reading profiles shares, and the settings they fill.
 * In: nothing.  Out: tables for the parser, help, man page and completions; pa_set once a line is parsed. */
#include "cmd/cmd.h"

#include <stdio.h>
#include <string.h>

pa_settings pa_set;

#define TABLE(table, heading, rows) const pa_option_table table = PA_OPTION_TABLE(heading, rows)

/* Names of the format table that can be read: the choices of --from. */
static const char *readable_format(size_t i)
{
    pa_format_info info;
    for (size_t row = 0; pa_format_at(row, &info); row++)
        if (info.reads && i-- == 0)
            return info.name;
    return NULL;
}

static bool parse_window(const char *value, pa_err *err)
{
    return pa_window_parse(value, &pa_set.window, err);
}

static const pa_option reading[] = {
    PA_OPTION(.name = "from", .value = "FMT", .choice_at = readable_format, .text = &pa_set.read.format,
              .help = "read the inputs as this format instead of looking at their content"),
    PA_OPTION(.name = "input-unit", .value = "UNIT", .choices = "us ns bytes count",
              .text = &pa_set.read.input_unit, .help = "unit of the values where an input does not name one"),
    PA_OPTION(.name = "two-columns", .flag = &pa_set.read.two_columns,
              .help = "collapsed stacks: two values a line, before and after, even if some lines have one"),
    PA_OPTION(.name = "time", .value = "FROM..TO", .parse = parse_window, .given = &pa_set.has_window,
              .help = "only this part of the recording: 10s..25s, -30s.. (the last 30 s), 10%..20%, or by "
                      "the recording's own clock @5s..@9s"),
    PA_OPTION(.name = "jobs", .letter = 'j', .value = "N", .number = &pa_set.read.threads,
              .help = "threads to read with; as many as there are processors if not given"),
    PA_OPTION(.name = "max-memory", .value = "SIZE", .size = &pa_set.max_memory,
              .help = "give up (exit 4) rather than take more than this: 512M, 2G"),
    PA_OPTION(.name = "max-size", .value = "SIZE", .size = &pa_set.read.max_size,
              .help = "refuse an input larger than this once decompressed; 4G if not given"),
    PA_OPTION(.name = "strict", .flag = &pa_set.read.strict,
              .help = "damage in an input is an error, not a note"),
    PA_OPTION(.name = "lenient", .flag = &pa_set.read.lenient,
              .help = "repair what can be repaired, and count it"),
};
TABLE(pa_reading_options, "Reading", reading);

static const pa_option selecting[] = {
    PA_OPTION(.name = "metric", .also = "sample-index", .value = "NAME|N", .text = &pa_set.view.metric,
              .help =
                  "which value to look at, by name or by number from 0; the profile's default if not given"),
    PA_OPTION(.name = "focus", .value = "RE", .text = &pa_set.view.focus,
              .help = "only stacks with a frame that matches"),
    PA_OPTION(.name = "ignore", .value = "RE", .text = &pa_set.view.ignore,
              .help = "no stacks with a frame that matches"),
    PA_OPTION(.name = "show", .value = "RE", .text = &pa_set.view.show,
              .help = "keep only the frames that match"),
    PA_OPTION(.name = "hide", .value = "RE", .text = &pa_set.view.hide,
              .help = "take out the frames that match; their values move to their callers"),
    PA_OPTION(.name = "show-from", .value = "RE", .text = &pa_set.view.show_from,
              .help = "cut off the callers of the outermost frame that matches; no stacks without one"),
    PA_OPTION(.name = "prune-from", .value = "RE", .text = &pa_set.view.prune_from,
              .help = "cut off what is called below a frame that matches"),
    PA_OPTION(.name = "tagfocus", .value = "[KEY=]RE|RANGE", .text = &pa_set.view.tagfocus,
              .help = "only samples with a label that matches, or lies in a range such as 4kb:1mb"),
    PA_OPTION(.name = "tagignore", .value = "[KEY=]RE|RANGE", .text = &pa_set.view.tagignore,
              .help = "no samples with a label that matches or lies in a range"),
    PA_OPTION(.name = "tagroot", .value = "KEY[,KEY]", .text = &pa_set.view.tagroot,
              .help = "put the values of these labels under the stacks as frames"),
    PA_OPTION(.name = "tagleaf", .value = "KEY[,KEY]", .text = &pa_set.view.tagleaf,
              .help = "put the values of these labels on top of the stacks as frames"),
    PA_OPTION(.name = "thread", .value = "RE", .text = &pa_set.view.thread,
              .help = "only threads that match"),
    PA_OPTION(.name = "process", .value = "RE", .text = &pa_set.view.process,
              .help = "only processes that match"),
    PA_OPTION(.name = "cpu", .value = "LIST", .text = &pa_set.view.cpu,
              .help = "only these processors: 0,2-5"),
    PA_OPTION(.name = "noinlines", .flag = &pa_set.view.noinlines,
              .help = "count inlined functions for the function they were inlined into"),
    PA_OPTION(.name = "apply-drop-frames", .flag = &pa_set.view.apply_drop_frames,
              .help = "cut off the frames that the profile itself asks to drop"),
};
TABLE(pa_selecting_options, "Selecting", selecting);

static const struct {
    const char *name, *plural; /* pprof's -granularity takes the plural */
    pa_by by;
} groupings[] = {{"function", "functions", PA_BY_FUNCTION},
                 {"filefunction", "filefunctions", PA_BY_FILEFUNCTION},
                 {"file", "files", PA_BY_FILE},
                 {"line", "lines", PA_BY_LINE},
                 {"module", NULL, PA_BY_MODULE},
                 {"address", "addresses", PA_BY_ADDRESS},
                 {"thread", NULL, PA_BY_THREAD},
                 {"process", NULL, PA_BY_PROCESS},
                 {"category", NULL, PA_BY_CATEGORY},
                 {"file-of-origin", NULL, PA_BY_ORIGIN}};

static bool parse_by(const char *value, pa_err *err)
{
    pa_nearest nearest = pa_nearest_to(pa_words_str(value));
    if (strncmp(value, "label=", 6) == 0 && value[6]) {
        pa_set.by = PA_BY_LABEL;
        pa_set.view.by_label = value + 6;
        return true;
    }
    for (size_t i = 0; i < sizeof groupings / sizeof groupings[0]; i++) {
        bool plural = groupings[i].plural && strcmp(value, groupings[i].plural) == 0;
        if (plural || pa_same_name(pa_words_str(value), pa_words_str(groupings[i].name))) {
            pa_set.by = (int)groupings[i].by;
            return true;
        }
        pa_nearest_offer(&nearest, pa_words_str(groupings[i].name));
    }
    char hint[64] = "";
    if (nearest.best.p)
        snprintf(hint, sizeof hint, ": did you mean '%.*s'?", (int)nearest.best.n, nearest.best.p);
    return pa_fail(err, PA_E_USAGE, PA_NO_OFFSET,
                   "takes function, filefunction, file, line, module, address, thread, process, category, "
                   "file-of-origin or label=KEY, not '%s'%s",
                   value, hint);
}

static const pa_option naming[] = {
    PA_OPTION(.name = "by", .also = "granularity", .value = "WHAT", .parse = parse_by,
              .choices = "function filefunction file line module address thread process category "
                         "file-of-origin label=",
              .help = "what a row is: function (by name alone), filefunction, file, line, module, address, "
                      "thread, process, category, file-of-origin, or label=KEY"),
    PA_OPTION(.name = "names", .value = "HOW", .choices = "demangle raw strip", .choice = &pa_set.names,
              .help = "names of functions for people (if not given), as they are in the profile, or without "
                      "the parts that change from build to build"),
    PA_OPTION(.name = "rename", .value = "s/RE/TEXT/", .text = &pa_set.view.rename,
              .help = "replace in every name; \\1 and &  stand for what matched; a g at the end replaces all "
                      "matches"),
    PA_OPTION(.name = "fold-recursion", .flag = &pa_set.view.fold_recursion,
              .help = "a function that calls itself stands once in a stack"),
    PA_OPTION(.name = "relative-percentages", .flag = &pa_set.view.relative_percentages,
              .help = "percent of what the selection leaves, not of the whole profile"),
    PA_OPTION(.name = "compat", .value = "TOOL", .choices = "none pprof", .choice = &pa_set.compat,
              .help = "numbers and text as that tool prints them"),
};
TABLE(pa_naming_options, "Grouping and naming", naming);

static const pa_option output[] = {
    PA_OPTION(.name = "format", .value = "FMT", .choice_at = pa_renderer_name, .text = &pa_set.format,
              .help = "how the report is written; text if neither this nor the name of the output says"),
    PA_OPTION(.name = "output", .letter = 'o', .value = "FILE", .takes_file = true, .text = &pa_set.output,
              .help = "write to this file, which appears only when complete; its extension picks the format"),
    PA_OPTION(.name = "intervals", .flag = &pa_set.render.intervals,
              .help = "show confidence intervals in text, however narrow the terminal"),
    PA_OPTION(.name = "color", .value = "WHEN", .choices = "auto always never", .choice = &pa_set.color,
              .help = "colour text; auto, if not given, does so on a terminal unless NO_COLOR is set"),
};
TABLE(pa_output_options, "Output", output);

static const pa_option common[] = {
    PA_OPTION(.name = "quiet", .letter = 'q', .flag = &pa_set.quiet,
              .help = "say nothing on standard error but errors"),
    PA_OPTION(.name = "verbose", .letter = 'v', .flag = &pa_set.verbose,
              .help = "say on standard error what took time and memory"),
    PA_OPTION(.name = "no-progress", .flag = &pa_set.no_progress, .help = "no progress bar"),
    PA_OPTION(.name = "help", .letter = 'h', .flag = &pa_set.help, .help = "show this help"),
    PA_OPTION(.name = "version", .letter = 'V', .flag = &pa_set.version, .help = "show the version"),
};
TABLE(pa_common_options, "General", common);

bool pa_settings_check(pa_err *err)
{
    if (pa_set.read.strict && pa_set.read.lenient)
        return pa_fail(err, PA_E_USAGE, PA_NO_OFFSET, "'--strict' and '--lenient' contradict each other");
    if (pa_set.quiet && pa_set.verbose)
        return pa_fail(err, PA_E_USAGE, PA_NO_OFFSET, "'--quiet' and '--verbose' contradict each other");
    pa_set.view.by = (pa_by)pa_set.by;
    pa_set.view.names = (pa_names)pa_set.names;
    pa_set.view.compat = (pa_compat)pa_set.compat;
    return true;
}
