/* hex.c: see hex.h. */
#include "tests/support/hex.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct assembler {
    const char *p, *end, *start;
    uint64_t round; /* of the innermost `times` */
    unsigned depth;
    char *error;
    size_t error_size;
} assembler;

#define MAX_DEPTH 16
#define MAX_TIMES 1000000

static bool assemble(assembler *a, bytes *to, char closing);

static bool wrong(assembler *a, const char *format, ...) __attribute__((format(printf, 2, 3)));
static bool wrong(assembler *a, const char *format, ...)
{
    unsigned line = 1;
    for (const char *p = a->start; p < a->p && p < a->end; p++)
        line += *p == '\n';
    int n = snprintf(a->error, a->error_size, "line %u: ", line);
    va_list args;
    va_start(args, format);
    vsnprintf(a->error + n, a->error_size - (size_t)n, format, args);
    va_end(args);
    return false;
}

static int hex_digit(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = c ? strchr(digits, c) : NULL;
    return at ? (int)(at - digits) : -1;
}

static void skip_blank(assembler *a)
{
    while (a->p < a->end && (isspace((unsigned char)*a->p) || *a->p == '#')) {
        if (*a->p == '#')
            while (a->p < a->end && *a->p != '\n')
                a->p++;
        else
            a->p++;
    }
}

static bool quoted(assembler *a, bytes *to)
{
    for (a->p++; a->p < a->end && *a->p != '"'; a->p++) {
        unsigned char c = (unsigned char)*a->p;
        if (c == '\n')
            return wrong(a, "text does not end on its line");
        if (c == '\\') {
            if (++a->p == a->end)
                break;
            c = (unsigned char)*a->p;
            if (c == 'n') {
                c = '\n';
            } else if (c == 'x') {
                int high = a->end - a->p > 2 ? hex_digit(a->p[1]) : -1,
                    low = high < 0 ? -1 : hex_digit(a->p[2]);
                if (low < 0)
                    return wrong(a, "\\x wants two hexadecimal digits");
                c = (unsigned char)(high << 4 | low);
                a->p += 2;
            } else if (c != '\\' && c != '"') {
                return wrong(a, "unknown escape \\%c", c);
            }
        }
        bytes_byte(to, c);
    }
    if (a->p == a->end)
        return wrong(a, "text without an end");
    a->p++;
    return true;
}

static bool number(assembler *a, uint64_t *value)
{
    char digits[24];
    size_t n = 0;
    bool negative = a->p < a->end && *a->p == '-';
    a->p += negative;
    while (a->p < a->end && isdigit((unsigned char)*a->p) && n < sizeof digits - 1)
        digits[n++] = *a->p++;
    digits[n] = 0;
    if (n == 0)
        return wrong(a, "a number is missing");
    uint64_t v = strtoull(digits, NULL, 10);
    *value = negative ? 0 - v : v;
    return true;
}

static bool varint(assembler *a, bytes *to)
{
    uint64_t value = 0;
    a->p++;
    if (a->p < a->end && *a->p == '+') {
        a->p++;
        value = a->round;
    } else if (!number(a, &value)) {
        return false;
    }
    bytes_varint(to, value);
    return true;
}

static bool open_group(assembler *a, char bracket)
{
    skip_blank(a);
    if (a->p == a->end || *a->p != bracket)
        return wrong(a, "'%c' expected", bracket);
    a->p++;
    return true;
}

static bool times(assembler *a, bytes *to)
{
    uint64_t n = 0, outer = a->round;
    skip_blank(a);
    if (!number(a, &n) || !open_group(a, '('))
        return false;
    if (n > MAX_TIMES)
        return wrong(a, "more than %d times", MAX_TIMES);
    const char *body = a->p;
    for (uint64_t i = 1; i <= n; i++) {
        a->p = body;
        a->round = i;
        if (!assemble(a, to, ')'))
            return false;
    }
    a->round = outer;
    return true;
}

static bool gzip(assembler *a, bytes *to)
{
    bytes inner = {0};
    bool ok = open_group(a, '(') && assemble(a, &inner, ')');
    if (ok)
        gzip_stored(to, inner.p ? (const void *)inner.p : "", inner.n);
    bytes_free(&inner);
    return ok;
}

static bool drop(assembler *a, bytes *to)
{
    uint64_t n = 0;
    skip_blank(a);
    if (!number(a, &n))
        return false;
    if (n > to->n)
        return wrong(a, "fewer than %llu bytes to drop", (unsigned long long)n);
    to->n -= n;
    return true;
}

static bool group(assembler *a, bytes *to)
{
    bytes inner = {0};
    a->p++;
    bool ok = assemble(a, &inner, '}');
    if (ok) {
        bytes_varint(to, inner.n);
        bytes_add(to, inner.p, inner.n);
    }
    bytes_free(&inner);
    return ok;
}

static bool word(assembler *a, bytes *to)
{
    const char *start = a->p;
    while (a->p < a->end && isalnum((unsigned char)*a->p))
        a->p++;
    size_t n = (size_t)(a->p - start);
    if (n == 5 && memcmp(start, "times", 5) == 0)
        return times(a, to);
    if (n == 4 && memcmp(start, "gzip", 4) == 0)
        return gzip(a, to);
    if (n == 4 && memcmp(start, "drop", 4) == 0)
        return drop(a, to);
    if (n == 0)
        return wrong(a, "unexpected '%c'", *start);
    for (size_t i = 0; i < n; i += 2) {
        int high = hex_digit(start[i]), low = i + 1 < n ? hex_digit(start[i + 1]) : -1;
        if (high < 0 || low < 0)
            return wrong(a, "'%.*s' is neither bytes nor a word of this language", (int)n, start);
        bytes_byte(to, (unsigned)(high << 4 | low));
    }
    return true;
}

static bool item(assembler *a, bytes *to)
{
    switch (*a->p) {
    case '"': return quoted(a, to);
    case '=': return varint(a, to);
    case '{': return group(a, to);
    default: return word(a, to);
    }
}

/* Up to and with the closing bracket, or to the end when closing is 0. */
static bool assemble(assembler *a, bytes *to, char closing)
{
    if (a->depth == MAX_DEPTH)
        return wrong(a, "brackets nested deeper than %d", MAX_DEPTH);
    a->depth++;
    for (;;) {
        skip_blank(a);
        if (a->p == a->end) {
            if (closing)
                return wrong(a, "'%c' is missing", closing);
            break;
        }
        if (closing && *a->p == closing) {
            a->p++;
            break;
        }
        if (!item(a, to))
            return false;
    }
    a->depth--;
    return true;
}

bool hex_assemble(bytes *to, const char *text, size_t n, char *error, size_t error_size)
{
    assembler a = {.p = text, .end = text + n, .start = text, .error = error, .error_size = error_size};
    return assemble(&a, to, 0);
}
