/* panalyze tree: the call tree.
 * In: options.  Out: pa_call_tree's report of the view. */
#include "cmd/cmd.h"

static pa_tree_options tree;
static bool trim = true;

static const pa_option rows[] = {
    PA_OPTION(.name = "nodecount", .letter = 'n', .value = "N", .count = &tree.node_count,
              .given = &tree.has_node_count,
              .help = "no more nodes than this: the heaviest, and those above them; 0 is no limit. If not "
                      "given, 1000 "
                      "in text, and 80 with --compat pprof"),
    PA_OPTION(.name = "nodefraction", .value = "SHARE", .share = &tree.node_fraction,
              .given = &tree.has_node_fraction,
              .help =
                  "no nodes whose total is a smaller share than this; 0.005 if not given, 0 for every node"),
    PA_OPTION(.name = "depth", .value = "N", .count = &tree.depth, .help = "no deeper than this many calls"),
    PA_OPTION(.name = "trim", .flag = &trim,
              .help = "--trim=false: as --nodecount 0 --nodefraction 0 --edgefraction 0"),
    PA_OPTION(.name = "unit", .value = "UNIT", .text = &tree.unit,
              .help = "show values in this unit (ns, us, ms, s, B, kB, MB ...); chosen by size if not given"),
    PA_OPTION(.name = "cum", .flag = &tree.cum,
              .help = "with --compat pprof: functions ordered by cum, not by flat"),
    PA_OPTION(.name = "edgefraction", .value = "SHARE", .share = &tree.edge_fraction,
              .given = &tree.has_edge_fraction,
              .help = "with --compat pprof: no calls of a smaller share than this; 0.001 if not given"),
    PA_OPTION(.name = "traces", .flag = &tree.traces,
              .help = "with --compat pprof: every sample with its stack, as pprof's -traces"),
};
static const pa_option_table tree_options = PA_OPTION_TABLE("Options of tree", rows);

static const pa_option_table *const tables[] = {
    &tree_options,      &pa_selecting_options, &pa_naming_options,
    &pa_output_options, &pa_reading_options,   &pa_pprof_options,
    &pa_common_options, &pa_pprof_advice,      NULL,
};

static pa_report *analyse(const pa_view *view, pa_arena *arena, pa_err *err)
{
    if (!trim) {
        tree.node_count = 0;
        tree.node_fraction = tree.edge_fraction = 0;
        tree.has_node_count = tree.has_node_fraction = tree.has_edge_fraction = true;
    }
    return pa_call_tree(view, &tree, arena, err);
}

const pa_command pa_command_tree = {
    .name = "tree",
    .synopsis = "[OPTIONS] FILE...",
    .summary = "the call tree: what calls what, and how much goes down each branch",
    .description =
        "Lists functions under their callers, the heaviest first. total is the value of a function called "
        "this way with all it calls, self its own. What is left out is counted where it was. Several files "
        "are summed.",
    .example = "tree --depth 6 cpu.pb.gz",
    .example_does = "the outer branches of the tree",
    .least_inputs = 1,
    .tables = tables,
    .analyse = analyse,
};
