/* writing: what the commands that write profiles (convert, merge) share: their options, which format, the ledger of
 * what is lost, the file.  In: settings, a profile.  Out: a file, or standard output.  Memory: the job's arenas. */
#ifndef PA_CMD_WRITING_H
#define PA_CMD_WRITING_H

#include "cmd/cmd.h"

extern const pa_option_table pa_writing_options;

/* How profiles are written. */
typedef struct pa_target {
    const char *format;
    const char *extension; /* for files that are named here: "pb" */
    bool gzip;             /* compressed, by the format itself or around it */
    const char *file;      /* NULL: standard output, or directory */
    const char *directory; /* NULL: one file */
} pa_target;

/* By --to and -o, before anything is read; preset is the format if neither says, or NULL.  Fails when they contradict
 * each other, when the output is an input or the terminal would get binary. */
PA_MUST_CHECK bool pa_target_choose(const pa_inputs *inputs, const char *preset, pa_target *target,
                                    pa_err *err);

/* Filters and rewrites, then the ledger, then the file (NULL: standard output). */
PA_MUST_CHECK bool pa_write_profile(const pa_profile *profile, const pa_target *target, const char *file,
                                    pa_err *err);
/* The same without the file: false if --lossless forbids it. */
PA_MUST_CHECK bool pa_check_profile(const pa_profile *profile, const pa_target *target, pa_err *err);
/* Whether any loss is an error. */
bool pa_is_lossless(void);

#endif
