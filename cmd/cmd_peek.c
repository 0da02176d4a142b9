/* panalyze peek: callers and callees of the functions that match an expression.
 * In: options, the expression.  Out: pa_peek's report of the view. */
#include "cmd/cmd.h"

static pa_peek_options peek;

static const pa_option rows[] = {
    PA_OPTION(.name = "cum", .flag = &peek.cum,
              .help = "order by the value of a function with all it calls, not by its own"),
    PA_OPTION(.name = "nodecount", .letter = 'n', .value = "N", .count = &peek.node_count,
              .help = "no more functions than this; without effect on the text of --compat pprof"),
    PA_OPTION(.name = "unit", .value = "UNIT", .text = &peek.unit,
              .help = "show values in this unit (ns, us, ms, s, B, kB, MB ...); chosen by size if not given"),
};
static const pa_option_table peek_options = PA_OPTION_TABLE("Options of peek", rows);

static const pa_option_table *const tables[] = {
    &peek_options,      &pa_selecting_options, &pa_naming_options,
    &pa_output_options, &pa_reading_options,   &pa_pprof_options,
    &pa_common_options, &pa_pprof_advice,      NULL,
};

static pa_report *analyse(const pa_view *view, pa_arena *arena, pa_err *err)
{
    return pa_peek(view, &peek, arena, err);
}

const pa_command pa_command_peek = {
    .name = "peek",
    .synopsis = "[OPTIONS] RE FILE...",
    .summary = "callers and callees of the functions that match RE",
    .description =
        "For every function whose name matches: what called it and what it called, with the value that "
        "went through each call. A stack counts once for a call, however often it holds it. Several "
        "files are summed.",
    .example = "peek 'malloc$' cpu.pb.gz",
    .example_does = "who calls malloc, and how much each",
    .least_inputs = 1,
    .expression = &peek.expression,
    .tables = tables,
    .analyse = analyse,
};
