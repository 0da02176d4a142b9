/* output to paths: a file appears complete or not at all, others keep what they are, special files are written
 * directly, refusals name the path. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "libanalysis/base/output.h"

/* ---- helpers: a directory for each test ---------------------------------------------------------------------- */

static char dir[64];

static int make_dir(void **state)
{
    (void)state;
    snprintf(dir, sizeof dir, "/tmp/panalyze-output-XXXXXX");
    return mkdtemp(dir) ? 0 : -1;
}

static const char *in_dir(const char *name)
{
    static char path[2][512];
    static int turn;
    turn = !turn;
    snprintf(path[turn], sizeof path[turn], "%s/%s", dir, name);
    return path[turn];
}

/* Entries in the directory, removed on the way if asked. */
static int entries(bool removing)
{
    int n = 0;
    DIR *d = opendir(dir);
    assert_non_null(d);
    for (struct dirent *e; (e = readdir(d)) != NULL;) {
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
            continue;
        n++;
        if (removing)
            unlink(in_dir(e->d_name));
    }
    closedir(d);
    return n;
}

static int remove_dir(void **state)
{
    (void)state;
    entries(true);
    return rmdir(dir);
}

static void assert_file(const char *path, const char *want, size_t n)
{
    char *got = malloc(n + 1);
    FILE *f = fopen(path, "rb");
    assert_non_null(got);
    assert_non_null(f);
    assert_int_equal(fread(got, 1, n + 1, f), n);
    assert_memory_equal(got, want, n);
    fclose(f);
    free(got);
}

static void write_file(const char *path, const char *text, mode_t mode)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, mode);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    assert_int_equal(fchmod(fd, mode), 0);
    close(fd);
}

/* ---- files --------------------------------------------------------------------------------------------------- */

static void new_file(void **state)
{
    (void)state;
    mode_t before = umask(027);
    pa_err err = {0};
    pa_out *out = pa_out_to_path(in_dir("new"), &err);
    assert_non_null(out);
    pa_out_bytes(out, "a\0b", 3);
    assert_int_equal(access(in_dir("new"), F_OK), -1); /* not before it is complete */
    assert_true(pa_out_close(out, &err));
    umask(before);
    struct stat made;
    assert_int_equal(stat(in_dir("new"), &made), 0);
    assert_int_equal(made.st_mode & 0777, 0640);
    assert_file(in_dir("new"), "a\0b", 3);
    assert_int_equal(entries(false), 1);
}

static void abandoned_file(void **state)
{
    (void)state;
    write_file(in_dir("kept"), "old", 0644);
    pa_err err = {0};
    pa_out *out = pa_out_to_path(in_dir("kept"), &err);
    assert_non_null(out);
    pa_out_repeat(out, 'x', 200000);
    assert_int_equal(entries(false), 2);
    pa_out_abandon(out);
    assert_file(in_dir("kept"), "old", 3);
    assert_int_equal(entries(false), 1);
}

static void replaced_file(void **state)
{
    (void)state;
    write_file(in_dir("secret"), "old and longer", 0600);
    assert_int_equal(symlink("secret", in_dir("link")), 0);
    pa_err err = {0};
    pa_out *out = pa_out_to_path(in_dir("link"), &err);
    assert_non_null(out);
    pa_out_cstr(out, "new");
    assert_true(pa_out_close(out, &err));
    assert_file(in_dir("secret"), "new", 3);
    struct stat made;
    assert_int_equal(lstat(in_dir("link"), &made), 0);
    assert_true(S_ISLNK(made.st_mode));
    assert_int_equal(stat(in_dir("secret"), &made), 0);
    assert_int_equal(made.st_mode & 0777, 0600);
    assert_int_equal(entries(false), 2);
}

static void long_name(void **state)
{
    (void)state;
    char name[256];
    memset(name, 'n', 255);
    name[255] = '\0';
    pa_err err = {0};
    pa_out *out = pa_out_to_path(in_dir(name), &err);
    assert_non_null(out);
    pa_out_cstr(out, "x");
    assert_true(pa_out_close(out, &err));
    assert_file(in_dir(name), "x", 1);
}

/* The temporary's name is taken: another one is found, the file in the way stays. */
static void taken_name(void **state)
{
    (void)state;
    char taken[64];
    snprintf(taken, sizeof taken, ".panalyze-%ld-0.tmp", (long)getpid());
    write_file(in_dir(taken), "in the way", 0644);
    pa_err err = {0};
    pa_out *out = pa_out_to_path(in_dir("new"), &err);
    assert_non_null(out);
    pa_out_cstr(out, "x");
    assert_true(pa_out_close(out, &err));
    assert_file(in_dir(taken), "in the way", 10);
    assert_file(in_dir("new"), "x", 1);
}

static void assert_refused(const char *path, const char *why)
{
    pa_err err = {0};
    char want[1024];
    snprintf(want, sizeof want, "cannot write '%s': %s", path, why);
    assert_null(pa_out_to_path(path, &err));
    assert_int_equal(err.code, PA_E_OUTPUT);
    assert_string_equal(err.message, want);
}

static void refused_paths(void **state)
{
    (void)state;
    write_file(in_dir("file"), "", 0644);
    assert_refused("", "No such file or directory");
    assert_refused(dir, "Is a directory");
    assert_refused(in_dir("absent/file"), "No such file or directory");
    assert_refused(in_dir("file/below"), "Not a directory");
    assert_refused("/dev/fd/987654", "Bad file descriptor");
    if (geteuid() != 0) { /* root may write everything */
        write_file(in_dir("read-only"), "kept", 0444);
        assert_refused(in_dir("read-only"), "Permission denied");
        assert_int_equal(chmod(dir, 0555), 0);
        assert_refused(in_dir("new"), "Permission denied");
        assert_int_equal(chmod(dir, 0755), 0);
    }
    assert_int_equal(entries(false), geteuid() != 0 ? 2 : 1);
}

/* The target turns into a directory while the file is written. */
static void failed_rename(void **state)
{
    (void)state;
    pa_err err = {0};
    pa_out *out = pa_out_to_path(in_dir("target"), &err);
    assert_non_null(out);
    pa_out_cstr(out, "x");
    assert_int_equal(mkdir(in_dir("target"), 0755), 0);
    assert_false(pa_out_close(out, &err));
    assert_int_equal(err.code, PA_E_OUTPUT);
    assert_int_equal(entries(false), 1);
    assert_int_equal(rmdir(in_dir("target")), 0);
}

static void *read_fifo(void *arg)
{
    char text[16] = "";
    int fd = open(arg, O_RDONLY);
    ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
    if (fd >= 0)
        close(fd);
    return n == 5 && strcmp(text, "hello") == 0 ? arg : NULL;
}

static void special_files(void **state)
{
    (void)state;
    char fifo[512];
    pthread_t reader;
    void *ok = NULL;
    pa_err err = {0};
    pa_out *out = pa_out_to_path("/dev/null", &err);
    assert_non_null(out);
    pa_out_cstr(out, "gone");
    assert_true(pa_out_close(out, &err));
    snprintf(fifo, sizeof fifo, "%s", in_dir("fifo"));
    assert_int_equal(mkfifo(fifo, 0600), 0);
    assert_int_equal(pthread_create(&reader, NULL, read_fifo, fifo), 0);
    out = pa_out_to_path(fifo, &err);
    assert_non_null(out);
    pa_out_cstr(out, "hello");
    assert_true(pa_out_close(out, &err));
    pthread_join(reader, &ok);
    assert_non_null(ok);
    struct stat still;
    assert_int_equal(stat(fifo, &still), 0);
    assert_true(S_ISFIFO(still.st_mode));
}

/* As `(echo before; panalyze -o /dev/stdout; echo after) >file` needs it. */
static void named_descriptor(void **state)
{
    (void)state;
    char name[64];
    write_file(in_dir("log"), "", 0644);
    int fd = open(in_dir("log"), O_WRONLY);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "before ", 7), 7);
    for (int i = 0; i < 2; i++) {
        snprintf(name, sizeof name, i ? "/proc/self/fd/%d" : "/dev/fd/%d", fd);
        pa_err err = {0};
        pa_out *out = pa_out_to_path(name, &err);
        assert_non_null(out);
        pa_out_cstr(out, "report ");
        assert_true(pa_out_close(out, &err));
    }
    assert_int_equal(write(fd, "after", 5), 5);
    close(fd);
    assert_file(in_dir("log"), "before report report after", 26);
}

int main(void)
{
#define IN_DIR(f) cmocka_unit_test_setup_teardown(f, make_dir, remove_dir)
    const struct CMUnitTest tests[] = {
        IN_DIR(new_file),      IN_DIR(abandoned_file), IN_DIR(replaced_file),
        IN_DIR(long_name),     IN_DIR(taken_name),     IN_DIR(refused_paths),
        IN_DIR(failed_rename), IN_DIR(special_files),  IN_DIR(named_descriptor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
