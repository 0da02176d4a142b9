/* units: names of units in, factors to base units out; values in, texts for people out.
 * What is known under which name, and how a value is shown, follows pprof (its measurement package): case does not
 * count, one plural s goes from names longer than two bytes, memory counts by 1024, and there are no minutes.
 * Beyond pprof: KiB and its like, and the micro sign in both encodings (pprof drops the s of "\u03bcs" and then does
 * not know what is left).  Owns nothing, allocates nothing. */
#include "libanalysis/base/units.h"

#include <math.h>
#include <stdio.h>

#define US   ((int64_t)1000)
#define MS   ((int64_t)1000000)
#define S    ((int64_t)1000000000)
#define HOUR (3600 * S)
#define KB   ((int64_t)1 << 10)
#define MB   ((int64_t)1 << 20)
#define GB   ((int64_t)1 << 30)
#define TB   ((int64_t)1 << 40)
#define PB   ((int64_t)1 << 50)

typedef struct unit_name {
    char name[12]; /* lower case, singular */
    pa_dimension dimension;
    int64_t factor;
} unit_name;

static const unit_name names[] = {
    {"ns", PA_DIM_TIME, 1},           {"nanosecond", PA_DIM_TIME, 1},
    {"us", PA_DIM_TIME, US},          {"\xCE\xBC", PA_DIM_TIME, US}, /* Greek mu, its s already gone */
    {"\xC2\xB5", PA_DIM_TIME, US},                                   /* the micro sign */
    {"microsecond", PA_DIM_TIME, US}, {"ms", PA_DIM_TIME, MS},
    {"millisecond", PA_DIM_TIME, MS}, {"s", PA_DIM_TIME, S},
    {"sec", PA_DIM_TIME, S},          {"second", PA_DIM_TIME, S},
    {"hr", PA_DIM_TIME, HOUR},        {"hour", PA_DIM_TIME, HOUR},
    {"b", PA_DIM_BYTES, 1},           {"byte", PA_DIM_BYTES, 1},
    {"kb", PA_DIM_BYTES, KB},         {"kbyte", PA_DIM_BYTES, KB},
    {"kilobyte", PA_DIM_BYTES, KB},   {"kib", PA_DIM_BYTES, KB},
    {"kibibyte", PA_DIM_BYTES, KB},   {"mb", PA_DIM_BYTES, MB},
    {"mbyte", PA_DIM_BYTES, MB},      {"megabyte", PA_DIM_BYTES, MB},
    {"mib", PA_DIM_BYTES, MB},        {"mebibyte", PA_DIM_BYTES, MB},
    {"gb", PA_DIM_BYTES, GB},         {"gbyte", PA_DIM_BYTES, GB},
    {"gigabyte", PA_DIM_BYTES, GB},   {"gib", PA_DIM_BYTES, GB},
    {"gibibyte", PA_DIM_BYTES, GB},   {"tb", PA_DIM_BYTES, TB},
    {"tbyte", PA_DIM_BYTES, TB},      {"terabyte", PA_DIM_BYTES, TB},
    {"tib", PA_DIM_BYTES, TB},        {"tebibyte", PA_DIM_BYTES, TB},
    {"pb", PA_DIM_BYTES, PB},         {"pbyte", PA_DIM_BYTES, PB},
    {"petabyte", PA_DIM_BYTES, PB},   {"pib", PA_DIM_BYTES, PB},
    {"pebibyte", PA_DIM_BYTES, PB},   {"count", PA_DIM_COUNT, 1},
    {"sample", PA_DIM_COUNT, 1},      {"unit", PA_DIM_COUNT, 1},
    {"object", PA_DIM_COUNT, 1},      {"event", PA_DIM_COUNT, 1},
    {"call", PA_DIM_COUNT, 1},
};

/* What values are shown in, small to large; the first row of a dimension is its base unit. */
typedef struct shown_unit {
    pa_dimension dimension;
    int64_t factor;
    const char *suffix;
} shown_unit;

static const shown_unit shown[] = {
    {PA_DIM_TIME, 1, "ns"},     {PA_DIM_TIME, US, "us"},  {PA_DIM_TIME, MS, "ms"},  {PA_DIM_TIME, S, "s"},
    {PA_DIM_TIME, HOUR, "hrs"}, {PA_DIM_BYTES, 1, "B"},   {PA_DIM_BYTES, KB, "kB"}, {PA_DIM_BYTES, MB, "MB"},
    {PA_DIM_BYTES, GB, "GB"},   {PA_DIM_BYTES, TB, "TB"}, {PA_DIM_BYTES, PB, "PB"},
};

#define N_NAMES (sizeof names / sizeof *names)
#define N_SHOWN (sizeof shown / sizeof *shown)

bool pa_unit_parse(pa_str name, pa_dimension *dimension, int64_t *factor)
{
    char lower[16];
    *dimension = PA_DIM_OTHER;
    *factor = 1;
    if (name.n == 0 || name.n > sizeof lower)
        return false;
    for (size_t i = 0; i < name.n; i++)
        lower[i] = (char)(name.p[i] >= 'A' && name.p[i] <= 'Z' ? name.p[i] - 'A' + 'a' : name.p[i]);
    pa_str singular = {lower, name.n};
    if (singular.n > 2 && lower[singular.n - 1] == 's')
        singular.n--;
    for (size_t i = 0; i < N_NAMES; i++) {
        if (!pa_str_is(singular, names[i].name))
            continue;
        *dimension = names[i].dimension;
        *factor = names[i].factor;
        return true;
    }
    return false;
}

const char *pa_unit_base(pa_dimension dimension)
{
    switch (dimension) {
    case PA_DIM_TIME: return "ns";
    case PA_DIM_BYTES: return "bytes";
    case PA_DIM_COUNT: return "count";
    case PA_DIM_OTHER: break;
    }
    return "";
}

static const shown_unit *find_shown(pa_dimension dimension, int64_t factor)
{
    for (size_t i = 0; i < N_SHOWN; i++)
        if (shown[i].dimension == dimension && shown[i].factor == factor)
            return &shown[i];
    return NULL;
}

/* The largest unit that value holds at least once.  Zero has none and gets pprof's default: seconds, bytes. */
static const shown_unit *fitting(pa_dimension dimension, uint64_t value)
{
    const shown_unit *best = NULL;
    for (size_t i = 0; i < N_SHOWN; i++)
        if (shown[i].dimension == dimension && value >= (uint64_t)shown[i].factor)
            best = &shown[i];
    return best ? best : find_shown(dimension, dimension == PA_DIM_TIME ? S : 1);
}

static pa_display display_of(const shown_unit *unit)
{
    return unit ? (pa_display){(double)unit->factor, unit->suffix} : (pa_display){1, ""};
}

static uint64_t magnitude(int64_t value) { return value < 0 ? 0 - (uint64_t)value : (uint64_t)value; }

pa_display pa_display_pick(pa_dimension dimension, int64_t min, int64_t max)
{
    uint64_t high = magnitude(max);
    uint64_t low = min ? magnitude(min) : high;
    const shown_unit *unit = fitting(dimension, low);
    /* Far apart: let the smallest go down to 0.01 of a larger unit.  low * 100 < high, without its overflow. */
    bool far_apart = high && low <= (high - 1) / 100;
    if (far_apart && unit != fitting(dimension, high))
        unit = fitting(dimension, low * 100);
    return display_of(unit);
}

pa_display pa_display_one(pa_dimension dimension, int64_t value)
{
    return display_of(fitting(dimension, magnitude(value)));
}

bool pa_display_named(pa_dimension dimension, pa_str unit, pa_display *display)
{
    pa_dimension named;
    int64_t factor;
    if (!pa_unit_parse(unit, &named, &factor) || named != dimension)
        return false;
    *display = display_of(find_shown(dimension, factor));
    return true;
}

void pa_value_text(char buf[PA_VALUE_TEXT], int64_t value, int decimals, pa_display display)
{
    const char *suffix = display.suffix ? display.suffix : "";
    double divisor = display.divisor > 0 ? display.divisor : 1;
    if (value == 0) {
        snprintf(buf, PA_VALUE_TEXT, "0");
        return;
    }
    if (divisor == 1 && decimals == 0) { /* a double would lose what lies past 2^53 */
        snprintf(buf, PA_VALUE_TEXT, "%lld%s", (long long)value, suffix);
        return;
    }
    for (int i = 0; i < decimals; i++)
        divisor *= 10;
    char number[PA_VALUE_TEXT];
    int n = snprintf(number, sizeof number, "%.2f", (double)value / divisor);
    if (n > 3 && strcmp(number + n - 3, ".00") == 0)
        number[n - 3] = '\0';
    bool nothing = strcmp(number, "0") == 0 || strcmp(number, "-0") == 0;
    snprintf(buf, PA_VALUE_TEXT, "%s%s", nothing ? "0" : number, nothing ? "" : suffix);
}

void pa_percent_text(char buf[PA_VALUE_TEXT], double share)
{
    double percent = fabs(share) * 100;
    if (!isfinite(percent))
        snprintf(buf, PA_VALUE_TEXT, "-");
    else if (percent >= 99.95 && percent <= 100.05)
        snprintf(buf, PA_VALUE_TEXT, "  100%%");
    else if (percent >= 1e15) /* no share; keep it inside the buffer */
        snprintf(buf, PA_VALUE_TEXT, "%.2g%%", percent);
    else if (percent >= 1)
        snprintf(buf, PA_VALUE_TEXT, "%5.2f%%", percent);
    else
        snprintf(buf, PA_VALUE_TEXT, "%5.2g%%", percent);
}

void pa_count_text(char buf[PA_VALUE_TEXT], int64_t value)
{
    char digits[24];
    int n = snprintf(digits, sizeof digits, "%llu", (unsigned long long)magnitude(value));
    char *to = buf;
    if (value < 0)
        *to++ = '-';
    for (int i = 0; i < n; i++) {
        if (i && (n - i) % 3 == 0)
            *to++ = ',';
        *to++ = digits[i];
    }
    *to = '\0';
}
