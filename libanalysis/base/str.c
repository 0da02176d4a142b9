/* str: searching, cutting, comparing and reading numbers from slices.
 * In: slices, which may hold any byte and whose p may be NULL when n is 0.  Out: positions, parts of the same bytes,
 * numbers.  Owns nothing, allocates nothing, never reads past n.
 * Numbers do not depend on the locale: whole ones are parsed here, fractions by strtod after their shape was checked;
 * the program never calls setlocale, so strtod's decimal point is '.'. */
#include "libanalysis/base/str.h"

#include <math.h>
#include <stdlib.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

bool pa_str_starts(pa_str s, pa_str prefix)
{
    return s.n >= prefix.n && pa_str_eq(pa_str_head(s, prefix.n), prefix);
}

bool pa_str_ends(pa_str s, pa_str suffix)
{
    return s.n >= suffix.n && (suffix.n == 0 || memcmp(s.p + s.n - suffix.n, suffix.p, suffix.n) == 0);
}

int pa_str_cmp(pa_str a, pa_str b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int order = n ? memcmp(a.p, b.p, n) : 0;
    if (order)
        return order;
    return (a.n > b.n) - (a.n < b.n);
}

ptrdiff_t pa_str_find(pa_str s, char c)
{
    const char *at = s.n ? memchr(s.p, c, s.n) : NULL;
    return at ? at - s.p : -1;
}

ptrdiff_t pa_str_rfind(pa_str s, char c)
{
    const char *at = s.n ? memrchr(s.p, c, s.n) : NULL;
    return at ? at - s.p : -1;
}

ptrdiff_t pa_str_search(pa_str s, pa_str needle)
{
    if (needle.n == 0)
        return 0;
    const char *at = s.n >= needle.n ? memmem(s.p, s.n, needle.p, needle.n) : NULL;
    return at ? at - s.p : -1;
}

/* isspace would ask the locale. */
static bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

pa_str pa_str_trim(pa_str s)
{
    while (s.n && is_space(s.p[s.n - 1]))
        s.n--;
    while (s.n && is_space(s.p[0])) {
        s.p++;
        s.n--;
    }
    return s;
}

pa_str pa_str_basename(pa_str path)
{
    ptrdiff_t slash = pa_str_rfind(path, '/');
    return slash < 0 ? path : pa_str_from(path, (size_t)slash + 1);
}

pa_str pa_str_cut(pa_str s, char c, pa_str *head)
{
    ptrdiff_t at = pa_str_find(s, c);
    if (at >= 0) {
        *head = pa_str_head(s, (size_t)at);
        return pa_str_from(s, (size_t)at + 1);
    }
    *head = s;
    return s.n ? pa_str_from(s, s.n) : s;
}

uint64_t pa_str_hash(pa_str s) { return XXH3_64bits(s.p, s.n); }

bool pa_str_to_i64(pa_str s, int64_t *value)
{
    bool negative = s.n && s.p[0] == '-';
    uint64_t limit = negative ? (uint64_t)INT64_MAX + 1 : (uint64_t)INT64_MAX;
    uint64_t sum = 0;
    size_t i = negative;
    if (i >= s.n)
        return false;
    for (; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
        uint64_t digit = (uint64_t)(s.p[i] - '0');
        if (sum > (limit - digit) / 10)
            return false;
        sum = sum * 10 + digit;
    }
    /* Without overflow for INT64_MIN, whose magnitude does not fit. */
    *value = negative && sum ? -(int64_t)(sum - 1) - 1 : (int64_t)sum;
    return true;
}

static size_t skip_digits(pa_str s, size_t at)
{
    while (at < s.n && s.p[at] >= '0' && s.p[at] <= '9')
        at++;
    return at;
}

/* -12, 1.5, .5, 5., 1e-9: what strtod takes, less spaces, '+', "inf", "nan" and hexadecimal. */
static bool is_decimal(pa_str s)
{
    size_t start = s.n && s.p[0] == '-';
    size_t at = skip_digits(s, start);
    size_t digits = at - start;
    if (at < s.n && s.p[at] == '.') {
        size_t fraction = at + 1;
        at = skip_digits(s, fraction);
        digits += at - fraction;
    }
    if (digits == 0)
        return false;
    if (at < s.n && (s.p[at] == 'e' || s.p[at] == 'E')) {
        at++;
        if (at < s.n && (s.p[at] == '-' || s.p[at] == '+'))
            at++;
        size_t exponent = at;
        at = skip_digits(s, at);
        if (at == exponent)
            return false;
    }
    return at == s.n;
}

bool pa_str_to_double(pa_str s, double *value)
{
    char text[512]; /* strtod needs a NUL; longer numbers than this are refused, nobody writes them */
    if (s.n >= sizeof text || !is_decimal(s))
        return false;
    memcpy(text, s.p, s.n);
    text[s.n] = '\0';
    double parsed = strtod(text, NULL);
    if (!isfinite(parsed))
        return false;
    *value = parsed;
    return true;
}

static bool is_continuation(unsigned char c) { return (c & 0xC0) == 0x80; }

/* The second byte decides about overlong forms (E0, F0), surrogates (ED) and what lies past U+10FFFF (F4). */
static bool second_byte_fits(unsigned char first, unsigned char second)
{
    switch (first) {
    case 0xE0: return second >= 0xA0 && second <= 0xBF;
    case 0xED: return second >= 0x80 && second <= 0x9F;
    case 0xF0: return second >= 0x90 && second <= 0xBF;
    case 0xF4: return second >= 0x80 && second <= 0x8F;
    default: return is_continuation(second);
    }
}

size_t pa_utf8_at(pa_str s)
{
    if (s.n == 0)
        return 0;
    const unsigned char *p = (const unsigned char *)s.p;
    if (p[0] < 0x80)
        return 1;
    size_t n = 0;
    if (p[0] >= 0xC2 && p[0] <= 0xDF)
        n = 2;
    else if (p[0] >= 0xE0 && p[0] <= 0xEF)
        n = 3;
    else if (p[0] >= 0xF0 && p[0] <= 0xF4)
        n = 4;
    if (n == 0 || s.n < n || !second_byte_fits(p[0], p[1]))
        return 0;
    for (size_t i = 2; i < n; i++)
        if (!is_continuation(p[i]))
            return 0;
    return n;
}
