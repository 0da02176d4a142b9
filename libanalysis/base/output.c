/* output: bytes into a buffer, the buffer into a descriptor, a file or an arena.
 * In: bytes in any portions.  Out: the same bytes, once, in order; one error, told by pa_out_close.
 * Memory: to_fd and to_path own a small arena that goes with close or abandon; to_memory borrows the caller's.
 * A file is written under a temporary name in its directory and renamed when complete, so the final name never holds
 * half a file.  Must not print or exit; descriptors that were borrowed stay open. */
#include "libanalysis/base/output.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "libanalysis/base/arena.h"

#define BUFFER_BYTES        ((size_t)65536)
#define FIRST_MEMORY_BYTES  ((size_t)128)
#define MAX_TEMPORARY_NAMES 1000

struct pa_out {
    pa_arena *arena;
    char *p;
    size_t n, cap;
    int fd;                /* -1: memory */
    int error;             /* errno of the first failure; from then on nothing is written */
    bool closes_fd;        /* fd is ours */
    const char *name;      /* for the message */
    const char *temporary; /* NULL: fd is the final place */
    const char *target;    /* what temporary is renamed to */
};

/* ---- writing ------------------------------------------------------------------------------------------------ */

static int write_all(int fd, const char *p, size_t n)
{
    while (n) {
        ssize_t done = write(fd, p, n);
        if (done > 0) {
            p += done;
            n -= (size_t)done;
            continue;
        }
        if (done == 0)
            return EIO;
        if (errno == EINTR)
            continue;
        if (errno != EAGAIN)
            return errno;
        /* a terminal or pipe that some other program made non-blocking */
        struct pollfd ready = {.fd = fd, .events = POLLOUT};
        if (poll(&ready, 1, -1) < 0 && errno != EINTR)
            return errno;
    }
    return 0;
}

static void out_flush(pa_out *out)
{
    if (out->fd >= 0 && out->error == 0)
        out->error = write_all(out->fd, out->p, out->n);
    if (out->fd >= 0)
        out->n = 0;
}

static void memory_reserve(pa_out *out, size_t extra)
{
    if (extra <= out->cap - out->n)
        return;
    size_t cap = out->cap ? out->cap : FIRST_MEMORY_BYTES;
    while (cap - out->n < extra)
        cap = cap > SIZE_MAX / 2 ? SIZE_MAX : cap * 2;
    out->p = pa_arena_grow(out->arena, out->p, out->cap, cap);
    out->cap = cap;
}

void pa_out_bytes(pa_out *out, const void *bytes, size_t n)
{
    if (n == 0 || out->error)
        return;
    if (out->fd < 0)
        memory_reserve(out, n);
    else if (n > out->cap - out->n)
        out_flush(out);
    if (n <= out->cap - out->n) {
        memcpy(out->p + out->n, bytes, n);
        out->n += n;
    } else if (out->error == 0) {
        out->error = write_all(out->fd, bytes, n);
    }
}

/* A text longer than the whole buffer. */
static void format_large(pa_out *out, size_t bytes, const char *format, va_list args)
{
    char *text = pa_arena_try(out->arena, bytes, 1, 1);
    if (!text) {
        out->error = ENOMEM;
        return;
    }
    vsnprintf(text, bytes, format, args);
    pa_out_bytes(out, text, bytes - 1);
    if (bytes >= PA_ARENA_LARGE)
        pa_arena_release(out->arena, text, bytes);
}

void pa_out_format(pa_out *out, const char *format, ...)
{
    if (out->error)
        return;
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    size_t room = out->cap - out->n;
    int n = vsnprintf(room ? out->p + out->n : NULL, room, format, args);
    if (n < 0) {
        out->error = errno ? errno : EINVAL;
    } else if ((size_t)n >= room) {
        size_t bytes = (size_t)n + 1; /* vsnprintf wants room for a NUL */
        if (out->fd < 0)
            memory_reserve(out, bytes);
        else
            out_flush(out);
        if (bytes > out->cap - out->n) {
            format_large(out, bytes, format, again);
        } else {
            vsnprintf(out->p + out->n, bytes, format, again);
            out->n += (size_t)n;
        }
    } else {
        out->n += (size_t)n;
    }
    va_end(again);
    va_end(args);
}

void pa_out_str(pa_out *out, pa_str s) { pa_out_bytes(out, s.p, s.n); }

void pa_out_cstr(pa_out *out, const char *s) { pa_out_str(out, pa_cstr(s)); }

void pa_out_char(pa_out *out, char c) { pa_out_bytes(out, &c, 1); }

void pa_out_repeat(pa_out *out, char c, size_t n)
{
    char run[64];
    memset(run, c, sizeof run);
    for (; n > sizeof run; n -= sizeof run)
        pa_out_bytes(out, run, sizeof run);
    pa_out_bytes(out, run, n);
}

/* Digits of value, at least `least` of them, into the end of text. */
static pa_str digits_of(char text[24], uint64_t value, size_t least)
{
    size_t at = 24;
    do {
        text[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value || 24 - at < least);
    return (pa_str){text + at, 24 - at};
}

void pa_out_u64(pa_out *out, uint64_t value)
{
    char text[24];
    pa_out_str(out, digits_of(text, value, 1));
}

static uint64_t magnitude(int64_t value) { return value < 0 ? 0 - (uint64_t)value : (uint64_t)value; }

void pa_out_i64(pa_out *out, int64_t value)
{
    if (value < 0)
        pa_out_char(out, '-');
    pa_out_u64(out, magnitude(value));
}

void pa_out_decimal(pa_out *out, int64_t value, int decimals)
{
    uint64_t unit = 1;
    for (int i = 0; i < decimals; i++)
        unit *= 10;
    uint64_t size = magnitude(value);
    if (value < 0)
        pa_out_char(out, '-');
    pa_out_u64(out, size / unit);
    if (size % unit == 0)
        return;
    char text[24];
    pa_str fraction = digits_of(text, size % unit, (size_t)decimals);
    while (fraction.p[fraction.n - 1] == '0')
        fraction.n--;
    pa_out_char(out, '.');
    pa_out_str(out, fraction);
}

/* ---- escaping ----------------------------------------------------------------------------------------------- */

/* Valid, but able to break a line or to turn text around it: C1 controls, line and paragraph separators,
 * bidirectional embeddings, overrides and isolates. */
static bool steers_text(const unsigned char *p, size_t n)
{
    if (n == 2)
        return p[0] == 0xC2 && p[1] < 0xA0;
    if (n != 3 || p[0] != 0xE2)
        return false;
    if (p[1] == 0x80)
        return p[2] >= 0xA8 && p[2] <= 0xAE;             /* U+2028..U+202E */
    return p[1] == 0x81 && p[2] >= 0xA6 && p[2] <= 0xA9; /* U+2066..U+2069 */
}

static bool is_plain(unsigned char c) { return c >= 0x20 && c < 0x7F && c != '\\'; }

static void escape_bytes(pa_out *out, const unsigned char *p, size_t n)
{
    static const char hex[] = "0123456789abcdef";
    for (size_t i = 0; i < n; i++) {
        char escape[4] = {'\\', 'x', hex[p[i] >> 4], hex[p[i] & 15]};
        pa_out_bytes(out, escape, sizeof escape);
    }
}

static void put_visible(pa_out *out, pa_str s, bool exact)
{
    while (s.n) {
        const unsigned char *p = (const unsigned char *)s.p;
        size_t n = 0;
        while (n < s.n && is_plain(p[n]))
            n++;
        if (n) {
            pa_out_bytes(out, p, n);
        } else if (p[0] == '\\') {
            n = 1;
            pa_out_bytes(out, "\\\\", exact ? 2 : 1);
        } else {
            n = pa_utf8_at(s);
            if (n > 1 && !steers_text(p, n))
                pa_out_bytes(out, p, n);
            else
                escape_bytes(out, p, n ? n : 1);
            n = n ? n : 1;
        }
        s = pa_str_from(s, n);
    }
}

void pa_out_escaped(pa_out *out, pa_str s) { put_visible(out, s, true); }
void pa_out_visible(pa_out *out, pa_str s) { put_visible(out, s, false); }

/* ---- opening ------------------------------------------------------------------------------------------------ */

pa_out *pa_out_to_memory(pa_arena *arena)
{
    pa_out *out = pa_new(arena, pa_out, 1);
    out->arena = arena;
    out->fd = -1;
    return out;
}

pa_str pa_out_written(const pa_out *out) { return out->n ? (pa_str){out->p, out->n} : PA_STR(""); }

static bool fail_to_write(pa_err *err, const char *name, int error)
{
    const char *why = strerrordesc_np(error); /* strerror is not for threads */
    return pa_fail(err, PA_E_OUTPUT, PA_NO_OFFSET, "cannot write '%s': %s", name,
                   why ? why : "unknown error");
}

static char *try_copy(pa_arena *arena, const char *s)
{
    size_t bytes = strlen(s) + 1;
    char *copy = pa_arena_try(arena, bytes, 1, 1);
    return copy ? memcpy(copy, s, bytes) : NULL;
}

/* Not through pa_new: without a guard around it there is nowhere to leave to. */
static pa_out *out_new(const char *name, pa_err *err)
{
    pa_arena *arena = pa_arena_new(NULL);
    pa_out *out = arena ? pa_arena_try(arena, 1, sizeof *out, alignof(pa_out)) : NULL;
    if (out) {
        out->arena = arena;
        out->fd = -1;
        out->cap = BUFFER_BYTES;
        out->p = pa_arena_try(arena, BUFFER_BYTES, 1, 1);
        out->name = try_copy(arena, name);
    }
    if (out && out->p && out->name)
        return out;
    if (arena)
        pa_arena_free(arena);
    pa_fail(err, PA_E_MEMORY, PA_NO_OFFSET, "out of memory");
    return NULL;
}

pa_out *pa_out_to_fd(int fd, pa_err *err)
{
    char name[32];
    if (fd == STDOUT_FILENO)
        snprintf(name, sizeof name, "standard output");
    else if (fd == STDERR_FILENO)
        snprintf(name, sizeof name, "standard error");
    else
        snprintf(name, sizeof name, "descriptor %d", fd);
    if (fd < 0) {
        fail_to_write(err, name, EBADF);
        return NULL;
    }
    pa_out *out = out_new(name, err);
    if (out)
        out->fd = fd;
    return out;
}

/* The descriptor that a path is only another name of, -1 if it is none.  Opening /dev/stdout again would start at
 * offset 0 of a redirected file, and renaming over it would cut the shell's own output off. */
static int descriptor_of(const char *path)
{
    pa_str number = pa_cstr(path);
    if (pa_str_is(number, "/dev/stdout"))
        return STDOUT_FILENO;
    if (pa_str_is(number, "/dev/stderr"))
        return STDERR_FILENO;
    if (pa_str_starts(number, PA_STR("/dev/fd/")))
        number = pa_str_from(number, 8);
    else if (pa_str_starts(number, PA_STR("/proc/self/fd/")))
        number = pa_str_from(number, 14);
    else
        return -1;
    int64_t fd;
    return pa_str_to_i64(number, &fd) && fd >= 0 && fd <= INT_MAX ? (int)fd : -1;
}

/* A new file beside out->target; its name does not contain the target's, which may already be as long as is allowed. */
static int open_temporary(pa_out *out)
{
    size_t directory = (size_t)(pa_str_rfind(pa_cstr(out->target), '/') + 1);
    size_t bytes = directory + 64;
    char *path = pa_arena_try(out->arena, bytes, 1, 1);
    if (!path)
        return ENOMEM;
    memcpy(path, out->target, directory);
    for (int i = 0; i < MAX_TEMPORARY_NAMES; i++) {
        snprintf(path + directory, bytes - directory, ".panalyze-%ld-%d.tmp", (long)getpid(), i);
        out->fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666);
        if (out->fd >= 0) {
            out->temporary = path;
            return 0;
        }
        if (errno != EEXIST)
            return errno;
    }
    return EEXIST;
}

/* A regular file that is there keeps its mode and, behind a symbolic link, its place. */
static int open_replacement(pa_out *out, const char *path, mode_t mode)
{
    char real[PATH_MAX];
    if (access(path, W_OK) != 0 || !realpath(path, real))
        return errno;
    out->target = try_copy(out->arena, real);
    if (!out->target)
        return ENOMEM;
    int error = open_temporary(out);
    if (error == 0 && fchmod(out->fd, mode & 0777) != 0 && errno != EPERM)
        return errno;
    return error;
}

static int open_path(pa_out *out, const char *path)
{
    int fd = descriptor_of(path);
    out->closes_fd = true;
    if (fd >= 0) {
        out->fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
        return out->fd < 0 ? errno : 0;
    }
    struct stat there;
    if (stat(path, &there) != 0) {
        if (errno != ENOENT || path[0] == '\0')
            return errno;
        out->target = out->name;
        return open_temporary(out);
    }
    if (S_ISREG(there.st_mode))
        return open_replacement(out, path, there.st_mode);
    out->fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY); /* a device, a FIFO; a directory says EISDIR */
    return out->fd < 0 ? errno : 0;
}

pa_out *pa_out_to_path(const char *path, pa_err *err)
{
    pa_out *out = out_new(path, err);
    if (!out)
        return NULL;
    int error = open_path(out, path);
    if (error == 0)
        return out;
    fail_to_write(err, path, error);
    pa_out_abandon(out);
    return NULL;
}

/* ---- closing ------------------------------------------------------------------------------------------------ */

static void close_descriptor(pa_out *out)
{
    /* After EINTR Linux has closed the descriptor all the same. */
    if (out->closes_fd && out->fd >= 0 && close(out->fd) != 0 && errno != EINTR && out->error == 0)
        out->error = errno;
    out->fd = -1;
}

bool pa_out_close(pa_out *out, pa_err *err)
{
    bool in_memory = out->fd < 0;
    out_flush(out);
    close_descriptor(out);
    if (out->temporary && out->error == 0 && rename(out->temporary, out->target) != 0)
        out->error = errno;
    if (out->temporary && out->error)
        unlink(out->temporary);
    bool ok = out->error == 0 || fail_to_write(err, out->name ? out->name : "memory", out->error);
    if (!in_memory)
        pa_arena_free(out->arena);
    return ok;
}

void pa_out_abandon(pa_out *out)
{
    if (!out || !out->name) /* memory goes with its arena */
        return;
    close_descriptor(out);
    if (out->temporary)
        unlink(out->temporary);
    pa_arena_free(out->arena);
}
