/* What panalyze does when it is given files and no command: one screen on them.
 * In: options.  Out: pa_summary's report of the view. */
#include "cmd/cmd.h"

static pa_summary_options summary;

static const pa_option rows[] = {
    PA_OPTION(.name = "nodecount", .letter = 'n', .value = "N", .count = &summary.count,
              .help = "the hottest N functions; 5 if not given"),
    PA_OPTION(.name = "unit", .value = "UNIT", .text = &summary.unit,
              .help = "show values in this unit (ns, us, ms, s, B, kB, MB ...); chosen by size if not given"),
};
static const pa_option_table summary_options = PA_OPTION_TABLE("Options without a command", rows);

static const pa_option_table *const tables[] = {
    &summary_options,   &pa_selecting_options, &pa_naming_options,
    &pa_output_options, &pa_reading_options,   &pa_pprof_options,
    &pa_common_options, &pa_pprof_advice,      NULL,
};

static bool prepare(const pa_profile *profile, pa_arena *arena, pa_err *err)
{
    (void)profile, (void)arena;
    return pa_set.view.compat == PA_COMPAT_NONE ||
           pa_fail(err, PA_E_USAGE, PA_NO_OFFSET,
                   "option '--compat' needs a command: panalyze top --compat ...");
}

static pa_report *analyse(const pa_view *view, pa_arena *arena, pa_err *err)
{
    return pa_summary(view, &summary, arena, err);
}

const pa_command pa_command_summary = {
    .name = "panalyze",
    .synopsis = "[OPTIONS] FILE...",
    .summary = "one screen: what it is, what is hottest, the hot path, what to ask next",
    .description = "What it is, the five hottest functions, the path on which most of the time is spent, and "
                   "the command "
                   "to try next. Several files are summed.",
    .example = "cpu.pb.gz",
    .example_does = "what this profile says, on one screen",
    .least_inputs = 1,
    .tables = tables,
    .prepare = prepare,
    .analyse = analyse,
};
