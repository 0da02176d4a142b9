/* err: filling and showing positioned errors, counting diagnostics.
 * In: a code, an offset, a printf message.  Out: the caller's pa_err, a line of text, a list of counts in the caller's
 * arena.  Must not print, exit or allocate (but for pa_diag_add's list). */
#include "libanalysis/base/err.h"

#include <inttypes.h>
#include <stdio.h>

#include "libanalysis/base/str.h"

/* vsnprintf cuts at a byte: take back a sequence it left half. */
static void drop_half_sequence(char *text, size_t n)
{
    size_t start = n;
    while (start > 0 && n - start < 3 && ((unsigned char)text[start - 1] & 0xC0) == 0x80)
        start--;
    if (start == 0 || (unsigned char)text[start - 1] < 0xC0)
        return;
    start--;
    if (pa_utf8_at((pa_str){text + start, n - start}) == 0)
        text[start] = '\0';
}

bool pa_vfail(pa_err *err, pa_err_code code, uint64_t offset, const char *format, va_list args)
{
    if (!err || err->code != PA_E_NONE)
        return false;
    err->code = code;
    err->offset = offset;
    int n = vsnprintf(err->message, sizeof err->message, format, args);
    if (n < 0)
        snprintf(err->message, sizeof err->message, "unprintable message");
    else if ((size_t)n >= sizeof err->message)
        drop_half_sequence(err->message, sizeof err->message - 1);
    return false;
}

bool pa_fail(pa_err *err, pa_err_code code, uint64_t offset, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    pa_vfail(err, code, offset, format, args);
    va_end(args);
    return false;
}

int pa_err_exit_status(const pa_err *err)
{
    switch (err ? err->code : PA_E_NONE) {
    case PA_E_NONE: return 0;
    case PA_E_GATE: return 1;
    case PA_E_USAGE:
    case PA_E_IO:
    case PA_E_UNRECOGNISED:
    case PA_E_SYNTAX:
    case PA_E_TRUNCATED:
    case PA_E_UNSUPPORTED:
    case PA_E_LIMIT:
    case PA_E_OVERFLOW:
    case PA_E_STRICT: return 2;
    case PA_E_UNDECIDED: return 3;
    case PA_E_OUTPUT:
    case PA_E_MEMORY:
    case PA_E_BUG: return 4;
    }
    return 4;
}

typedef struct text {
    char *p;
    size_t size, n; /* p[n] is always NUL */
} text;

/* All of s or nothing: a piece that is cut would be an escape or a character in half. */
static bool put(text *t, pa_str s)
{
    if (s.n >= t->size - t->n)
        return false;
    memcpy(t->p + t->n, s.p, s.n);
    t->n += s.n;
    t->p[t->n] = '\0';
    return true;
}

/* Messages and file names carry bytes of inputs, and end on a terminal: nothing may steer it. */
static void put_safely(text *t, pa_str s)
{
    while (s.n) {
        size_t n = pa_utf8_at(s);
        unsigned char c = (unsigned char)s.p[0];
        /* C2 80..9F are the control characters beyond ASCII */
        bool control = c < 0x20 || c == 0x7F || (n == 2 && c == 0xC2 && (unsigned char)s.p[1] < 0xA0);
        char escape[5];
        pa_str piece = pa_str_head(s, n);
        if (n == 0 || control) {
            snprintf(escape, sizeof escape, "\\x%02x", c);
            piece = (pa_str){escape, 4};
            n = 1;
        }
        if (!put(t, piece))
            return;
        s = pa_str_from(s, n);
    }
}

void pa_err_text(const pa_err *err, char *buf, size_t size)
{
    if (size == 0)
        return;
    text t = {buf, size, 0};
    buf[0] = '\0';
    if (!err || err->code == PA_E_NONE)
        return;
    char position[64] = "";
    if (err->line && err->column)
        snprintf(position, sizeof position, "%" PRIu64 ":%" PRIu64 ":", err->line, err->column);
    else if (err->line)
        snprintf(position, sizeof position, "%" PRIu64 ":", err->line);
    else if (err->offset != PA_NO_OFFSET)
        snprintf(position, sizeof position, "@0x%" PRIx64 ":", err->offset);
    put_safely(&t, pa_cstr(err->input));
    if (err->input[0])
        put(&t, PA_STR(":"));
    put(&t, pa_cstr(position));
    if (t.n)
        put(&t, PA_STR(" "));
    put_safely(&t, pa_cstr(err->message));
    if (err->inflated && !err->line && err->offset != PA_NO_OFFSET)
        put(&t, PA_STR(" (offset in the decompressed data)"));
}

void pa_diag_add(pa_arena *arena, pa_diags *diags, const char *kind, uint64_t n, uint64_t first,
                 uint32_t input)
{
    if (n == 0)
        return;
    for (size_t i = 0; i < diags->n; i++) {
        pa_diag *known = &diags->p[i];
        if (strcmp(known->kind, kind) != 0)
            continue;
        known->count = known->count > UINT64_MAX - n ? UINT64_MAX : known->count + n;
        if (input < known->input || (input == known->input && first < known->first)) {
            known->input = input; /* workers' counts come in any order */
            known->first = first;
        }
        return;
    }
    pa_push(arena, diags) = (pa_diag){kind, n, first, input};
}
