/* collapsed_number: the weights of collapsed stacks as people and tools write them.
 * In: one word.  Out: an integer, or a fraction in 1e-9; never through float, never by the locale. */
#include "formats/collapsed_parts.h"

#define FRACTION_DECIMALS 9 /* PA_FRACTION_SCALE */

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* A number taken apart: digits * 10^exponent. */
typedef struct parts {
    bool negative, plain; /* plain: nothing but a sign and digits */
    uint64_t digits;
    int64_t exponent;
    bool rounded; /* digits did not fit */
} parts;

/* Beyond this every weight is 0 or too large. */
#define EXPONENT_MAX 100000

static bool scan_exponent(pa_str s, int64_t *exponent)
{
    bool negative = s.n && s.p[0] == '-';
    size_t i = s.n && (s.p[0] == '-' || s.p[0] == '+');
    int64_t e = 0;
    if (i == s.n)
        return false;
    for (; i < s.n; i++) {
        if (!is_digit(s.p[i]))
            return false;
        if (e < EXPONENT_MAX)
            e = e * 10 + (s.p[i] - '0');
    }
    *exponent += negative ? -e : e;
    return true;
}

static void take_digit(parts *n, char c, bool fraction)
{
    if (n->digits > (UINT64_MAX - 9) / 10) {
        n->rounded = n->rounded || c != '0';
        n->exponent += !fraction;
        return;
    }
    n->digits = n->digits * 10 + (uint64_t)(c - '0');
    n->exponent -= fraction;
}

/* "1.5", "-3", "+4", "1e-10", "2E3": sign, digits, fraction, exponent; nothing else. */
static bool scan_number(pa_str s, parts *n)
{
    size_t i = s.n && (s.p[0] == '-' || s.p[0] == '+'), digits = 0;
    *n = (parts){.negative = s.n && s.p[0] == '-', .plain = true};
    for (; i < s.n && is_digit(s.p[i]); i++, digits++)
        take_digit(n, s.p[i], false);
    if (i < s.n && s.p[i] == '.') {
        n->plain = false;
        for (i++; i < s.n && is_digit(s.p[i]); i++, digits++)
            take_digit(n, s.p[i], true);
    }
    if (digits == 0)
        return false;
    if (i < s.n && (s.p[i] == 'e' || s.p[i] == 'E')) {
        n->plain = false;
        return scan_exponent(pa_str_from(s, i + 1), &n->exponent);
    }
    return i == s.n;
}

/* n in units of 10^-decimals; rounded half away from zero. */
static collapsed_number scaled(parts n, int decimals, collapsed_number_kind kind)
{
    collapsed_number r = {.kind = kind, .rounded = n.rounded};
    uint64_t v = n.digits;
    int64_t scale = n.exponent + decimals;
    for (; scale > 0 && v != 0; scale--)
        if (__builtin_mul_overflow(v, (uint64_t)10, &v))
            return (collapsed_number){.kind = COLLAPSED_TOO_LARGE};
    for (; scale < 0 && v != 0; scale++) {
        r.rounded = r.rounded || v % 10 != 0;
        v = scale == -1 ? (v + 5) / 10 : v / 10;
    }
    if (v > INT64_MAX)
        return (collapsed_number){.kind = COLLAPSED_TOO_LARGE};
    r.value = n.negative ? -(int64_t)v : (int64_t)v;
    return r;
}

/* Perl writes integers from 1e15 on like this. */
static bool is_integral(parts *n)
{
    while (n->exponent < 0 && n->digits % 10 == 0 && n->digits != 0) {
        n->digits /= 10;
        n->exponent++;
    }
    return n->exponent >= 0 || (n->digits == 0 && !n->rounded);
}

collapsed_number collapsed_parse_number(pa_str s)
{
    parts n;
    int64_t value;
    if (!scan_number(s, &n))
        return (collapsed_number){.kind = COLLAPSED_NONE};
    if (!n.plain)
        return is_integral(&n) ? scaled(n, 0, COLLAPSED_INTEGER)
                               : scaled(n, FRACTION_DECIMALS, COLLAPSED_FRACTION);
    if (s.p[0] == '+')
        s = pa_str_from(s, 1);
    if (!pa_str_to_i64(s, &value))
        return (collapsed_number){.kind = COLLAPSED_TOO_LARGE};
    return (collapsed_number){.kind = COLLAPSED_INTEGER, .value = value};
}
