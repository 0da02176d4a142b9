/* rewrite: read profiles, write one.  The part of a conversion that scripts need to compare files with other programs.
 * In: rewrite [-t] [-f FORMAT] OUTPUT INPUT...  Out: OUTPUT in FORMAT (pprof); -t: seconds and memory on standard error. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "formats/format.h"

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static int fail(const pa_err *err)
{
    char text[1100];
    pa_err_text(err, text, sizeof text);
    fprintf(stderr, "rewrite: %s\n", text);
    return pa_err_exit_status(err);
}

static int rewrite(const char *format, const char *output, const char *const *inputs, size_t n, bool timed)
{
    pa_read_options options = {.threads = timed ? 1 : 0};
    pa_err err = {0};
    double start = seconds();
    pa_profile *p = pa_read(inputs, n, &options, &err);
    double read = seconds();
    pa_out *out = p ? pa_out_to_path(output, &err) : NULL;
    if (!out)
        return fail(&err);
    bool ok = pa_write(p, format, out, &err);
    if (!ok)
        pa_out_abandon(out);
    else
        ok = pa_out_close(out, &err);
    double written = seconds();
    pa_profile_free(p);
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    if (timed)
        fprintf(stderr, "read %.3f s, write %.3f s, both %.3f s, peak %ld MiB\n", read - start,
                written - read, written - start, used.ru_maxrss / 1024);
    return ok ? 0 : fail(&err);
}

int main(int argc, char **argv)
{
    const char *format = "pprof";
    bool timed = false;
    int at = 1;
    for (; at < argc && argv[at][0] == '-' && argv[at][1]; at++) {
        if (strcmp(argv[at], "-t") == 0)
            timed = true;
        else if (strcmp(argv[at], "-f") == 0 && at + 1 < argc)
            format = argv[++at];
    }
    if (argc - at < 2) {
        fputs("usage: rewrite [-t] [-f FORMAT] OUTPUT INPUT...\n", stderr);
        return 2;
    }
    pa_init();
    return rewrite(format, argv[at], (const char *const *)argv + at + 1, (size_t)(argc - at - 1), timed);
}
