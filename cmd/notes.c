/* notes: what is said on standard error: errors, notes, the progress bar.
 * In: formats, errors, bytes done.  Out: lines on standard error.  Allocates nothing.
 * pa_progress may be called from any thread; one draws, the others go on. */
#include "cmd/cmd.h"

#include <stdatomic.h>
#include <stdio.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define PATIENCE_MS 1000.0
#define FRAME_MS    100.0
#define BAR_CELLS   30

static void say(const pa_err *err)
{
    char text[1024];
    pa_err_text(err, text, sizeof text);
    fprintf(stderr, "panalyze: %s\n", text);
}

void pa_say_error(const pa_err *err) { say(err); }

void pa_say(const char *format, ...)
{
    if (pa_set.quiet)
        return;
    char text[512];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    pa_err note = {0};
    pa_fail(&note, PA_E_USAGE, PA_NO_OFFSET, "%s", text); /* pa_err_text makes names harmless */
    say(&note);
}

static double now_ms(void)
{
    struct timespec now = {0};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* ---- what -v says ------------------------------------------------------------------------------------------- */

static struct {
    double last_ms;
    char text[256];
    size_t n;
} spent;

void pa_spent(const char *step)
{
    double now = now_ms(), ms = now - spent.last_ms;
    if (spent.last_ms > 0) {
        int n = snprintf(spent.text + spent.n, sizeof spent.text - spent.n, "%s %.1f ms, ", step, ms);
        spent.n += n > 0 && (size_t)n < sizeof spent.text - spent.n ? (size_t)n : 0;
    }
    spent.last_ms = now;
}

void pa_spent_tell(void)
{
    struct rusage usage = {0};
    getrusage(RUSAGE_SELF, &usage);
    pa_say("%s%.1f MB of memory at most", spent.text, (double)usage.ru_maxrss / 1024.0);
}

/* ---- progress ----------------------------------------------------------------------------------------------- */

static struct {
    atomic_flag drawing;
    double began_ms, drawn_ms; /* written while drawing is held */
    bool wanted, shown;
} bar = {.drawing = ATOMIC_FLAG_INIT};

void pa_progress_start(void)
{
    bar.wanted = !pa_set.no_progress && !pa_set.quiet && isatty(STDERR_FILENO);
    bar.began_ms = bar.drawn_ms = now_ms();
    bar.shown = false;
}

static void draw(uint64_t done, uint64_t total)
{
    static const char full[] = "##############################";
    double share = total ? (double)done / (double)total : 0;
    share = share > 1 ? 1 : share;
    double mib = (double)done / (1024.0 * 1024.0);
    if (total)
        fprintf(stderr, "\r[%-*.*s] %3.0f%%  %.0f MB read\033[K", BAR_CELLS, (int)(share * BAR_CELLS), full,
                share * 100, mib);
    else
        fprintf(stderr, "\r%.0f MB read\033[K", mib);
    bar.shown = true;
}

void pa_progress(void *arg, uint64_t done, uint64_t total)
{
    (void)arg;
    if (!bar.wanted || atomic_flag_test_and_set(&bar.drawing))
        return;
    double now = now_ms();
    if (now - bar.began_ms >= PATIENCE_MS && now - bar.drawn_ms >= FRAME_MS) {
        bar.drawn_ms = now;
        draw(done, total);
    }
    atomic_flag_clear(&bar.drawing);
}

void pa_progress_end(void)
{
    if (bar.shown)
        fputs("\r\033[K", stderr);
    bar.wanted = bar.shown = false;
}
