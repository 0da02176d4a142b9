/* deliver: a report to standard output or to a file.
 * In: a report and the settings.  Out: rendered bytes, all of them or an error; no half file under the final name.
 * Signals that would end the process wait while a file is written, so that its temporary name never stays behind. */
#include "cmd/cmd.h"

#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

const char *pa_renderer_name(size_t i)
{
    pa_renderer_info info;
    return pa_renderer_at(i, &info) ? info.name : NULL;
}

static bool to_stdout(void) { return !pa_set.output || strcmp(pa_set.output, "-") == 0; }

/* ---- which format ------------------------------------------------------------------------------------------- */

static pa_str extension_of(const char *path)
{
    const char *name = strrchr(path, '/');
    name = name ? name + 1 : path;
    const char *dot = strrchr(name, '.');
    return dot && dot != name ? pa_words_str(dot + 1) : (pa_str){NULL, 0};
}

static bool renderer_named(const char *name, pa_renderer_info *info)
{
    for (size_t i = 0; pa_renderer_at(i, info); i++)
        if (strcmp(info->name, name) == 0)
            return true;
    return false;
}

static bool renderer_of(pa_str extension, pa_renderer_info *info)
{
    for (size_t i = 0; pa_renderer_at(i, info); i++) {
        const char *list = info->extensions;
        pa_str word;
        while (pa_next_word(&list, &word))
            if (word.n == extension.n && memcmp(word.p, extension.p, word.n) == 0)
                return true;
    }
    return false;
}

/* The extension of -o decides, --format must not contradict it; without both it is text. */
static bool choose_renderer(pa_renderer_info *info, pa_err *err)
{
    const char *format = pa_set.format;
    pa_str extension = to_stdout() ? (pa_str){NULL, 0} : extension_of(pa_set.output);
    if (extension.n && renderer_of(extension, info)) {
        if (!format || strcmp(format, info->name) == 0)
            return true;
        return pa_fail(err, PA_E_USAGE, PA_NO_OFFSET, "'--format %s' contradicts '-o %s', which is %s",
                       format, pa_set.output, info->name);
    }
    if (format)
        return renderer_named(format, info) ||
               pa_fail(err, PA_E_USAGE, PA_NO_OFFSET, "there is no output format '%s'", format);
    if (extension.n)
        return pa_fail(err, PA_E_USAGE, PA_NO_OFFSET,
                       "no output format has the extension '.%.*s': say --format", (int)extension.n,
                       extension.p);
    return pa_renderer_at(0, info) || pa_fail(err, PA_E_BUG, PA_NO_OFFSET, "no output format is built in");
}

bool pa_deliver_check(const pa_inputs *inputs, pa_err *err)
{
    pa_renderer_info info;
    if (pa_set.output && pa_set.output[0] == '\0')
        return pa_fail(err, PA_E_USAGE, PA_NO_OFFSET, "option '--output' needs a name");
    if (!to_stdout() && pa_inputs_contain(inputs, pa_set.output))
        return pa_fail(err, PA_E_USAGE, PA_NO_OFFSET, "'-o %s' would overwrite an input", pa_set.output);
    if (!choose_renderer(&info, err))
        return false;
    if (to_stdout() && info.for_files_only && isatty(STDOUT_FILENO))
        return pa_fail(err, PA_E_USAGE, PA_NO_OFFSET, "%s is not written to a terminal: use -o FILE",
                       info.name);
    pa_set.format = info.name;
    return true;
}

/* ---- how ---------------------------------------------------------------------------------------------------- */

/* Columns of the terminal on standard output: COLUMNS, else what the terminal says, else 80. */
static unsigned terminal_width(void)
{
    const char *columns = getenv("COLUMNS");
    pa_err ignored = {0};
    uint64_t width;
    struct winsize size;
    if (columns && pa_value_whole(columns, 1, UINT_MAX, &width, &ignored))
        return (unsigned)width;
    return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col ? size.ws_col : 80;
}

static void settle_rendering(void)
{
    bool terminal = to_stdout() && isatty(STDOUT_FILENO);
    const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");
    bool plain = (no_color && no_color[0]) || !term || strcmp(term, "dumb") == 0;
    pa_set.render.width = terminal ? terminal_width() : 0;
    pa_set.render.color =
        pa_set.color == PA_COLOR_ALWAYS || (pa_set.color == PA_COLOR_AUTO && terminal && !plain);
}

/* ---- writing ------------------------------------------------------------------------------------------------ */

static bool write_to(pa_out *out, pa_writer *write, const void *arg, pa_err *err)
{
    if (!out)
        return false;
    if (write(out, arg, err))
        return pa_out_close(out, err);
    pa_out_abandon(out);
    return false;
}

/* Between opening and closing, SIGINT and its like wait; one that came takes the file with it.  A device or a FIFO may
 * take for ever and has no temporary name: there they do not wait. */
static bool write_to_path(const char *path, pa_writer *write, const void *arg, pa_err *err)
{
    static const int ending[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
    struct stat there;
    sigset_t wait, old, came;
    if (stat(path, &there) == 0 && !S_ISREG(there.st_mode))
        return write_to(pa_out_to_path(path, err), write, arg, err);
    sigemptyset(&wait);
    for (size_t i = 0; i < sizeof ending / sizeof ending[0]; i++)
        sigaddset(&wait, ending[i]);
    sigprocmask(SIG_BLOCK, &wait, &old);
    pa_out *out = pa_out_to_path(path, err);
    bool ok = out && write(out, arg, err);
    sigemptyset(&came);
    sigpending(&came);
    bool interrupted = false;
    for (size_t i = 0; i < sizeof ending / sizeof ending[0]; i++)
        interrupted =
            interrupted || (sigismember(&came, ending[i]) == 1 && sigismember(&old, ending[i]) == 0);
    if (ok && !interrupted)
        ok = pa_out_close(out, err);
    else
        pa_out_abandon(out);
    sigprocmask(SIG_SETMASK, &old, NULL); /* what came takes effect here */
    return ok;
}

bool pa_deliver_to(const char *path, pa_writer *write, const void *arg, pa_err *err)
{
    return path ? write_to_path(path, write, arg, err)
                : write_to(pa_out_to_fd(STDOUT_FILENO, err), write, arg, err);
}

static bool render(pa_out *out, const void *report, pa_err *err)
{
    return pa_render(report, pa_set.format, &pa_set.render, out, err);
}

bool pa_deliver(const pa_report *report, pa_err *err)
{
    settle_rendering();
    bool ok = pa_deliver_to(to_stdout() ? NULL : pa_set.output, render, report, err);
    pa_spent("wrote");
    return ok;
}

bool pa_write_stdout(void (*write)(pa_out *out, const void *arg), const void *arg, pa_err *err)
{
    pa_out *out = pa_out_to_fd(STDOUT_FILENO, err);
    if (!out)
        return false;
    write(out, arg);
    return pa_out_close(out, err);
}
