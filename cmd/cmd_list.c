/* panalyze list: values per source line of the functions that match.
 * In: an expression and options.  Out: pa_list's report of the view. */
#include "cmd/cmd.h"

static pa_list_options list = {.as_recorded = true};

static const pa_option rows[] = {
    PA_OPTION(.name = "source-path", .value = "DIR[:DIR]", .text = &list.source_path,
              .help = "look for source files in these directories, and in those above them; if not given, "
                      "where the profile says they are"),
    PA_OPTION(.name = "trim-path", .value = "PREFIX[:PREFIX]", .text = &list.trim_path,
              .help = "take this off the paths of source files; if not given, all that precedes the last "
                      "name of a directory of --source-path"),
    PA_OPTION(.name = "sources", .flag = &list.as_recorded,
              .help = "--sources=false: open no file that is not found through --source-path"),
    PA_OPTION(.name = "unit", .value = "UNIT", .text = &list.unit,
              .help = "show values in this unit (ns, us, ms, s, B, kB, MB ...); chosen by size if not given"),
};
static const pa_option_table list_options = PA_OPTION_TABLE("Options of list", rows);

static const pa_option_table *const tables[] = {
    &list_options,      &pa_selecting_options, &pa_naming_options,
    &pa_output_options, &pa_reading_options,   &pa_pprof_options,
    &pa_common_options, &pa_pprof_advice,      NULL,
};

/* Rows are lines of functions, whatever pprof's users add. */
static bool prepare(const pa_profile *profile, pa_arena *arena, pa_err *err)
{
    (void)profile, (void)arena;
    if (pa_set.view.by == PA_BY_LINE)
        pa_set.view.by = PA_BY_FUNCTION;
    return pa_set.view.by == PA_BY_FUNCTION ||
           pa_fail(err, PA_E_USAGE, PA_NO_OFFSET,
                   "option '--by': rows of list are lines, it takes no other grouping");
}

static pa_report *analyse(const pa_view *view, pa_arena *arena, pa_err *err)
{
    return pa_list(view, &list, arena, err);
}

const pa_command pa_command_list = {
    .name = "list",
    .synopsis = "[OPTIONS] RE FILE...",
    .summary = "values per source line of the functions that match, with the source where it is found",
    .description =
        "Lists the functions whose name matches RE, line by line: flat is what a line used itself, cum what "
        "it "
        "used with all it called. Lines with values are shown with five around them. The source is read from "
        "where the profile says it is, or from --source-path; without it the figures are shown alone. An "
        "inlined call counts on the line it is on in its own function. Several files are summed.",
    .example = "list '^main\\.spin$' cpu.pb.gz",
    .example_does = "which lines of main.spin the time is spent on",
    .least_inputs = 1,
    .expression = &list.function,
    .tables = tables,
    .prepare = prepare,
    .analyse = analyse,
};
