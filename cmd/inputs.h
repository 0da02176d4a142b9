/* inputs: the files of a command line.  A directory stands for the profiles in it.
 * In: words.  Out: paths, in order (those of a directory sorted), and where each came from.
 * Memory: the paths of directories stay with glob until the process ends. */
#ifndef PA_CMD_INPUTS_H
#define PA_CMD_INPUTS_H

#include "cmd/options.h"

typedef struct pa_inputs {
    size_t n;
    const char *paths[PA_MAX_WORDS];
    const char *directories[PA_MAX_WORDS]; /* where paths[i] was found, NULL: given by its name */
} pa_inputs;

PA_MUST_CHECK bool pa_inputs_expand(pa_inputs *inputs, pa_words words, pa_err *err);
/* Whether any input came out of a directory. */
bool pa_inputs_have_directories(const pa_inputs *inputs);
/* Leave out the inputs marked in no_profile (those of directories only) and say on stderr how many of which directory.
 * false when a directory holds no profile at all. */
PA_MUST_CHECK bool pa_inputs_leave_out(pa_inputs *inputs, const bool *no_profile, pa_err *err);
/* Whether path is one of the inputs, by whatever name. */
bool pa_inputs_contain(const pa_inputs *inputs, const char *path);

#endif
