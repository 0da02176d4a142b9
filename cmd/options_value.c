/* options_value: the values of options, checked: numbers are whole or in range, or there is an error.
 * In: the text of one value.  Out: the value, or an error that quotes the text.  Allocates nothing. */
#include "cmd/options.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool usage(pa_err *err, const char *wanted, const char *text)
{
    return pa_fail(err, PA_E_USAGE, PA_NO_OFFSET, "takes %s, not '%s'", wanted, text);
}

bool pa_value_flag(const char *text, bool *value, pa_err *err)
{
    if (strcmp(text, "true") == 0 || strcmp(text, "1") == 0)
        *value = true;
    else if (strcmp(text, "false") == 0 || strcmp(text, "0") == 0)
        *value = false;
    else
        return usage(err, "true or false", text);
    return true;
}

bool pa_value_share(const char *text, double *value, pa_err *err)
{
    static const char wanted[] = "a share from 0 to 100% (5% or 0.05)";
    /* strtod alone would let "inf", "nan", " 1" and "0x1" through */
    if (text[0] == '\0' || text[strspn(text, "0123456789.eE+-%")] != '\0' || !strchr("0123456789.", text[0]))
        return usage(err, wanted, text);
    char *end;
    double share = strtod(text, &end);
    if (*end == '%') {
        share /= 100;
        end++;
    }
    if (*end != '\0' || !isfinite(share) || share < 0 || share > 1)
        return usage(err, wanted, text);
    *value = share;
    return true;
}

/* Decimal digits at *text, which moves behind them. */
static bool digits(const char **text, uint64_t *value)
{
    const char *p = *text;
    uint64_t sum = 0;
    for (; *p >= '0' && *p <= '9'; p++)
        if (__builtin_mul_overflow(sum, 10, &sum) || __builtin_add_overflow(sum, (uint64_t)(*p - '0'), &sum))
            return false;
    bool any = p != *text;
    *text = p;
    *value = sum;
    return any;
}

bool pa_value_whole(const char *text, uint64_t least, uint64_t most, uint64_t *value, pa_err *err)
{
    const char *p = text;
    uint64_t whole;
    if (!digits(&p, &whole) || *p != '\0')
        return usage(err, "a whole number", text);
    if (whole < least || whole > most)
        return pa_fail(err, PA_E_USAGE, PA_NO_OFFSET, "takes a whole number from %llu to %llu, not '%s'",
                       (unsigned long long)least, (unsigned long long)most, text);
    *value = whole;
    return true;
}

bool pa_value_size(const char *text, uint64_t *value, pa_err *err)
{
    static const char wanted[] = "a size in bytes, or with k, M, G or T (512M)";
    static const char letters[] = "kMGT";
    const char *p = text;
    uint64_t size;
    if (!digits(&p, &size) || size == 0)
        return usage(err, wanted, text);
    const char *letter = *p ? strchr(letters, *p == 'K' ? 'k' : *p) : NULL;
    if (letter) {
        for (ptrdiff_t i = 0; i <= letter - letters; i++)
            if (__builtin_mul_overflow(size, 1024, &size))
                return usage(err, wanted, text);
        p++;
        if (p[0] == 'i' && p[1] == 'B')
            p++;
    }
    if (*p == 'B')
        p++;
    if (*p != '\0')
        return usage(err, wanted, text);
    *value = size;
    return true;
}
