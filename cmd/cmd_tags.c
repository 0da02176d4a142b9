/* panalyze tags: values by label.
 * In: options.  Out: pa_tags' report of the view. */
#include "cmd/cmd.h"

static pa_tags_options tags;

static const pa_option rows[] = {
    PA_OPTION(.name = "nodecount", .letter = 'n', .value = "N", .count = &tags.value_count,
              .given = &tags.has_value_count,
              .help = "no more values of a label than this, 0 for all; 20 in text if not given"),
    PA_OPTION(.name = "unit", .value = "UNIT", .text = &tags.unit,
              .help = "show values in this unit (ns, us, ms, s, B, kB, MB ...); chosen by size if not given"),
};
static const pa_option_table tags_options = PA_OPTION_TABLE("Options of tags", rows);

static const pa_option_table *const tables[] = {
    &tags_options,      &pa_selecting_options, &pa_naming_options,
    &pa_output_options, &pa_reading_options,   &pa_pprof_options,
    &pa_common_options, &pa_pprof_advice,      NULL,
};

/* Rows are values of labels. */
static bool prepare(const pa_profile *profile, pa_arena *arena, pa_err *err)
{
    (void)profile, (void)arena;
    return pa_set.view.by == PA_BY_FUNCTION ||
           pa_fail(err, PA_E_USAGE, PA_NO_OFFSET,
                   "option '--by': rows of tags are values of labels, it takes no other grouping");
}

static pa_report *analyse(const pa_view *view, pa_arena *arena, pa_err *err)
{
    return pa_tags(view, &tags, arena, err);
}

const pa_command pa_command_tags = {
    .name = "tags",
    .synopsis = "[OPTIONS] FILE...",
    .summary = "values by label: what each value of each label holds, and what has no such label",
    .description =
        "For every label that samples carry: its values, how much each holds, and how much is without the "
        "label. A sample with two values of one label counts for both. Several files are summed.",
    .example = "tags cpu.pb.gz",
    .example_does = "which labels there are, and how the time is shared out among their values",
    .least_inputs = 1,
    .tables = tables,
    .prepare = prepare,
    .analyse = analyse,
};
