/* collapsed_number: the weights of collapsed stacks as people and tools write them.
 * In: one word.  Out: an integer, or a fraction in 1e-9; never through float, never by the locale. */
#include "formats/collapsed_parts.h"

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* "1.5", "-3", "+4", "1e-10", "2E3": sign, digits, fraction, exponent; nothing else. */
static bool scan_number(pa_str s, bool *negative, bool *plain, int64_t *exponent)
{
    size_t i = 0, digits = 0;
    *negative = s.n && s.p[0] == '-';
    *plain = true;
    *exponent = 0;
    if (s.n && (s.p[0] == '-' || s.p[0] == '+'))
        i++;
    for (; i < s.n && is_digit(s.p[i]); i++)
        digits++;
    if (i < s.n && s.p[i] == '.') {
        *plain = false;
        for (i++; i < s.n && is_digit(s.p[i]); i++)
            digits++;
    }
    if (digits == 0)
        return false;
    if (i < s.n && (s.p[i] == 'e' || s.p[i] == 'E')) {
        *plain = false;
        pa_str rest = pa_str_from(s, i + 1);
        if (rest.n && rest.p[0] == '+')
            rest = pa_str_from(rest, 1);
        return pa_str_to_i64(rest, exponent);
    }
    return i == s.n;
}

/* The digits of s times ten to the exponent, in 1e-9; rounded half away from zero. */
static collapsed_number to_nano(pa_str s, bool negative, int64_t exponent)
{
    collapsed_number r = {.kind = COLLAPSED_FRACTION};
    uint64_t v = 0;
    int64_t scale = exponent + 9; /* power of ten that v still has to be multiplied by */
    bool fraction = false;
    for (size_t i = 0; i < s.n && s.p[i] != 'e' && s.p[i] != 'E'; i++) {
        if (s.p[i] == '.')
            fraction = true;
        if (!is_digit(s.p[i]))
            continue;
        if (v > (UINT64_MAX - 9) / 10) {
            r.rounded = r.rounded || s.p[i] != '0';
            scale += !fraction;
            continue;
        }
        v = v * 10 + (uint64_t)(s.p[i] - '0');
        scale -= fraction;
    }
    for (; scale > 0 && v != 0; scale--)
        if (__builtin_mul_overflow(v, (uint64_t)10, &v))
            return (collapsed_number){.kind = COLLAPSED_TOO_LARGE};
    for (; scale < 0 && v != 0; scale++) {
        r.rounded = r.rounded || v % 10 != 0;
        v = scale == -1 ? (v + 5) / 10 : v / 10;
    }
    if (v > INT64_MAX)
        return (collapsed_number){.kind = COLLAPSED_TOO_LARGE};
    r.value = negative ? -(int64_t)v : (int64_t)v;
    return r;
}

collapsed_number collapsed_parse_number(pa_str s)
{
    bool negative, plain;
    int64_t exponent, value;
    if (!scan_number(s, &negative, &plain, &exponent))
        return (collapsed_number){.kind = COLLAPSED_NONE};
    if (!plain) {
        collapsed_number n = to_nano(s, negative, exponent);
        if (n.kind == COLLAPSED_FRACTION && !n.rounded && n.value % PA_FRACTION_SCALE == 0)
            return (collapsed_number){.kind = COLLAPSED_INTEGER, .value = n.value / PA_FRACTION_SCALE}; /* "2.0", "1e3" */
        return n;
    }
    if (s.p[0] == '+')
        s = pa_str_from(s, 1);
    if (!pa_str_to_i64(s, &value))
        return (collapsed_number){.kind = COLLAPSED_TOO_LARGE};
    return (collapsed_number){.kind = COLLAPSED_INTEGER, .value = value};
}
