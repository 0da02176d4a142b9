/* panalyze top: the hottest functions.
 * In: options.  Out: pa_top's report of the view. */
#include "cmd/cmd.h"

static pa_top_options top;
static bool trim = true;

static const pa_option rows[] = {
    PA_OPTION(.name = "cum", .flag = &top.cum,
              .help = "rank by the value of a function with all it calls, not by its own"),
    PA_OPTION(.name = "flat", .same_as = "cum=false",
              .help = "rank by a function's own value, as when nothing is said"),
    PA_OPTION(.name = "threshold", .value = "SHARE", .share = &top.threshold, .given = &top.has_threshold,
              .help =
                  "rows above the rule have more than this share; 5% if not given, 0 lists every function"),
    PA_OPTION(.name = "nodecount", .letter = 'n', .value = "N", .count = &top.node_count,
              .help = "no more rows than this"),
    PA_OPTION(.name = "nodefraction", .value = "SHARE", .share = &top.node_fraction,
              .given = &top.has_node_fraction,
              .help = "no rows whose cum is a smaller share than this; 0.005 with --compat pprof, else 0"),
    PA_OPTION(.name = "trim", .flag = &trim, .help = "--trim=false: as --nodecount 0 --nodefraction 0"),
    PA_OPTION(.name = "unit", .value = "UNIT", .text = &top.unit,
              .help = "show values in this unit (ns, us, ms, s, B, kB, MB ...); chosen by size if not given"),
};
static const pa_option_table top_options = PA_OPTION_TABLE("Options of top", rows);

static const pa_option_table *const tables[] = {
    &top_options,       &pa_selecting_options, &pa_naming_options,
    &pa_output_options, &pa_reading_options,   &pa_pprof_options,
    &pa_common_options, &pa_pprof_advice,      NULL,
};

static pa_report *analyse(const pa_view *view, pa_arena *arena, pa_err *err)
{
    if (!trim) {
        top.node_count = 0;
        top.node_fraction = 0;
        top.has_node_fraction = true;
    }
    return pa_top(view, &top, arena, err);
}

const pa_command pa_command_top = {
    .name = "top",
    .synopsis = "[OPTIONS] FILE...",
    .summary = "hotspots: the functions that time, memory or other values go to",
    .description = "Lists every function whose own share of the total is above the threshold, and at least "
                   "ten; those below the threshold stand under a rule. flat is what a function used itself, "
                   "cum what it used with all it called. Several files are summed.",
    .example = "top --cum cpu.pb.gz",
    .example_does = "the functions under which the time is spent",
    .least_inputs = 1,
    .tables = tables,
    .analyse = analyse,
};
