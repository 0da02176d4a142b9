/* panalyze merge: many profiles into one.
 * In: inputs, read into one profile, which holds the union of their rows.  Out: one file. */
#include "cmd/writing.h"

static int weight;

static const pa_option merge_rows[] = {
    PA_OPTION(.name = "weight", .value = "HOW", .choices = "samples equal", .choice = &weight,
              .help = "samples (if not given) adds the values as they are; equal scales each input so that "
                      "the total "
                      "of its default metric is that of the first"),
};
static const pa_option_table merge_options = PA_OPTION_TABLE("Options of merge", merge_rows);

static const pa_option_table *const tables[] = {&merge_options,
                                                &pa_writing_options,
                                                &pa_selecting_options,
                                                &pa_reading_options,
                                                &pa_common_options,
                                                &pa_pprof_advice,
                                                NULL};

static bool run(pa_inputs *inputs, pa_err *err)
{
    pa_target target;
    if (!pa_target_choose(inputs, "pprof", &target, err))
        return false;
    if (target.directory)
        return pa_fail(err, PA_E_USAGE, PA_NO_OFFSET, "merge writes one file, and '%s' is a directory",
                       target.directory);
    pa_set.for_writing = true;
    pa_set.read.equal_weight = weight == 1;
    pa_profile *profile = pa_job_read_merged(inputs, err);
    pa_spent("read");
    if (profile)
        pa_say("%zu file%s merged", inputs->n, inputs->n == 1 ? "" : "s");
    bool ok = profile && pa_write_profile(profile, &target, target.file, err);
    pa_profile_free(profile);
    return ok;
}

const pa_command pa_command_merge = {
    .name = "merge",
    .synopsis = "[OPTIONS] FILE... -o OUT",
    .summary = "add many profiles up into one",
    .description = "Writes one profile with the samples of all inputs: those with equal stacks and labels "
                   "are added up, everything "
                   "else stands side by side. Thousands of inputs take the memory of the result and of the "
                   "few that are being "
                   "read. Metrics match by name and by what they measure; where they do not, the input's "
                   "samples cannot be added, "
                   "and only those that fit the default metric are written, which is said. The format is "
                   "pprof unless --to or the "
                   "name of the output says otherwise.",
    .example = "merge runs/ -o all.pb.gz",
    .example_does = "one profile of all files in runs",
    .writes_profile = true,
    .least_inputs = 1,
    .tables = tables,
    .run = run,
};
