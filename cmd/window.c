/* window: parses --time FROM..TO into two moments.
 * In: the text of the option.  Out: kinds and whole nanoseconds (decimals are read exactly, not through a double), or
 * an error that says what the text should look like.  What a moment means for a recording is its reader's business. */
#include "cmd/window.h"

#include <string.h>

#include "cmd/options.h"

static const struct {
    const char *name;
    int64_t ns;
} units[] = {{"ns", 1},        {"us", 1000},       {"ms", 1000000},      {"s", 1000000000},
             {"", 1000000000}, {"m", 60000000000}, {"min", 60000000000}, {"h", 3600000000000}};

static bool unit_of(pa_str name, int64_t *ns)
{
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (strlen(units[i].name) == name.n && memcmp(units[i].name, name.p, name.n) == 0) {
            *ns = units[i].ns;
            return true;
        }
    return false;
}

/* "1.5s" in ns: digits of the whole part, then of the fraction until they are worth less than a nanosecond. */
static bool duration_of(pa_str text, int64_t *ns)
{
    size_t number = 0;
    while (number < text.n && strchr("0123456789.", text.p[number]) && text.p[number])
        number++;
    int64_t unit, sum = 0, worth;
    bool fraction = false, any = false;
    if (!unit_of((pa_str){text.p + number, text.n - number}, &unit))
        return false;
    worth = unit;
    for (size_t i = 0; i < number; i++) {
        char c = text.p[i];
        if (c == '.') {
            if (fraction)
                return false;
            fraction = true;
            continue;
        }
        any = true;
        if (fraction)
            worth /= 10;
        int64_t digit;
        if (!fraction && __builtin_mul_overflow(sum, 10, &sum))
            return false;
        if (__builtin_mul_overflow(worth, c - '0', &digit) || __builtin_add_overflow(sum, digit, &sum))
            return false;
    }
    *ns = sum;
    return any;
}

static bool share_of(pa_str text, double *share)
{
    char number[32];
    pa_err ignored = {0};
    if (text.n >= sizeof number)
        return false;
    memcpy(number, text.p, text.n);
    number[text.n] = '\0';
    return pa_value_share(number, share, &ignored);
}

static bool moment_of(pa_str text, pa_moment *moment)
{
    *moment = (pa_moment){PA_MOMENT_OPEN, 0, 0};
    if (text.n == 0)
        return true;
    if (text.p[text.n - 1] == '%') {
        moment->kind = PA_MOMENT_SHARE;
        return share_of(text, &moment->share);
    }
    moment->kind = PA_MOMENT_FROM_START;
    if (text.p[0] == '-' || text.p[0] == '@') {
        moment->kind = text.p[0] == '-' ? PA_MOMENT_FROM_END : PA_MOMENT_CLOCK;
        text = (pa_str){text.p + 1, text.n - 1};
    }
    return duration_of(text, &moment->ns);
}

/* Two moments of the same kind can be compared without the recording. */
static bool ends_first(const pa_window *w)
{
    if (w->from.kind != w->to.kind || w->from.kind == PA_MOMENT_OPEN)
        return false;
    if (w->from.kind == PA_MOMENT_SHARE)
        return w->to.share <= w->from.share;
    return w->from.kind == PA_MOMENT_FROM_END ? w->to.ns >= w->from.ns : w->to.ns <= w->from.ns;
}

bool pa_window_parse(const char *text, pa_window *window, pa_err *err)
{
    const char *dots = strstr(text, "..");
    bool ok = dots && strlen(text) > 2 && moment_of((pa_str){text, (size_t)(dots - text)}, &window->from) &&
              moment_of((pa_str){dots + 2, strlen(dots + 2)}, &window->to);
    if (!ok)
        return pa_fail(err, PA_E_USAGE, PA_NO_OFFSET,
                       "takes FROM..TO, as in 10s..25s, -30s.., 10%%..20%% or @5s..@9s, not '%s'", text);
    if (ends_first(window))
        return pa_fail(err, PA_E_USAGE, PA_NO_OFFSET, "'%s' ends before it begins", text);
    return true;
}
