/* replay_main: a fuzz target over files instead of invented bytes: fixtures, kept corpus, findings.
 * In: files and directories.  Out: a TAP line each; the target aborts on a finding, after its file was named.
 * .hex fixtures are assembled first; what is gzip'ed is replayed as it is and decompressed. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tests/support/bytes.h"
#include "tests/support/hex.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int n, failed;

static bool ends(const char *s, const char *suffix)
{
    size_t length = strlen(s), k = strlen(suffix);
    return length >= k && strcmp(s + length - k, suffix) == 0;
}

static void replay_bytes(const bytes *b)
{
    unsigned char *block = bytes_exact(b, b->n);
    LLVMFuzzerTestOneInput(block, b->n);
    free(block);
}

static void replay_file(const char *path)
{
    static const char *const others[] = {".dump", ".err", ".top", ".topdef", ".topcum", ".md"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (ends(path, others[i]))
            return;
    bytes b = {0}, plain = {0};
    char error[200] = "cannot be read";
    bool ok = bytes_of_file(&b, path);
    if (ok && ends(path, ".hex")) {
        bytes assembled = {0};
        ok = hex_assemble(&assembled, (char *)b.p, b.n, error, sizeof error);
        bytes_free(&b);
        b = assembled;
    }
    printf("# %s\n", path);
    fflush(stdout); /* so that a finding is not lost with the buffer */
    if (ok)
        replay_bytes(&b);
    if (ok && is_gzip(&b)) {
        (void)gunzip(&plain, &b); /* damaged: what there is of it */
        replay_bytes(&plain);
    }
    bytes_free(&plain);
    bytes_free(&b);
    failed += !ok;
    printf(ok ? "ok %d - %s\n" : "not ok %d - %s: %s\n", ++n, path, error);
}

static void replay(const char *path)
{
    struct stat st;
    DIR *d = stat(path, &st) == 0 && S_ISDIR(st.st_mode) ? opendir(path) : NULL;
    if (!d) {
        replay_file(path);
        return;
    }
    for (struct dirent *e; (e = readdir(d)) != NULL;) {
        char inner[4096];
        snprintf(inner, sizeof inner, "%s/%s", path, e->d_name);
        if (e->d_name[0] != '.')
            replay(inner);
    }
    closedir(d);
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        replay(argv[i]);
    printf("1..%d\n", n);
    return failed != 0 || n == 0;
}
