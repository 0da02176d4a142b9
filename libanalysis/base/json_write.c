/* json_write: values in, JSON text out.
 * In: calls in the order of the document, one value after each key.  Out: bytes of valid JSON (RFC 8259, UTF-8).
 * Owns nothing.  Must not lose digits of integers and must not write what is no JSON (NaN, broken UTF-8).
 * Levels deeper than PA_JSON_DEPTH share the last one's state: opening clears it and closing sets it, which is all that
 * a comma needs. */
#include "libanalysis/base/json_write.h"

#include <math.h>

static unsigned level(const pa_json *json)
{
    return json->depth < PA_JSON_DEPTH ? json->depth : PA_JSON_DEPTH - 1;
}

static void break_line(pa_json *json)
{
    pa_out_char(json->out, '\n');
    pa_out_repeat(json->out, ' ', (size_t)2 * json->depth);
}

/* What stands between the value before and the one (or the key) to come. */
static void separate(pa_json *json)
{
    if (json->after_key) {
        json->after_key = false;
        return;
    }
    unsigned at = level(json);
    if (json->filled[at])
        pa_out_char(json->out, ',');
    if (json->depth && !json->compact[at])
        break_line(json);
    else if (json->filled[at])
        pa_out_char(json->out, ' ');
    json->filled[at] = true;
}

void pa_json_init(pa_json *json, pa_out *out) { *json = (pa_json){.out = out}; }

static void open_level(pa_json *json, char bracket, bool one_line)
{
    separate(json);
    bool inherited = json->depth && json->compact[level(json)]; /* inside one line everything is */
    pa_out_char(json->out, bracket);
    json->depth++;
    bool deep = json->depth >= PA_JSON_DEPTH;
    json->compact[level(json)] = one_line || inherited || deep;
    json->filled[level(json)] = false;
}

static void close_level(pa_json *json, char bracket)
{
    bool broken = json->filled[level(json)] && !json->compact[level(json)];
    json->depth--;
    if (broken)
        break_line(json);
    pa_out_char(json->out, bracket);
    json->filled[level(json)] = true;
    json->after_key = false;
}

void pa_json_object(pa_json *json, bool one_line) { open_level(json, '{', one_line); }

void pa_json_array(pa_json *json, bool one_line) { open_level(json, '[', one_line); }

void pa_json_end_object(pa_json *json) { close_level(json, '}'); }

void pa_json_end_array(pa_json *json) { close_level(json, ']'); }

static void escape_byte(pa_out *out, unsigned char c)
{
    switch (c) {
    case '"': pa_out_cstr(out, "\\\""); break;
    case '\\': pa_out_cstr(out, "\\\\"); break;
    case '\n': pa_out_cstr(out, "\\n"); break;
    case '\r': pa_out_cstr(out, "\\r"); break;
    case '\t': pa_out_cstr(out, "\\t"); break;
    default: pa_out_format(out, "\\u%04x", c); break;
    }
}

static bool needs_escape(unsigned char c) { return c < 0x20 || c == '"' || c == '\\' || c == 0x7F; }

static void write_string(pa_out *out, pa_str s)
{
    pa_out_char(out, '"');
    while (s.n) {
        size_t run = 0;
        size_t n = 1;
        while (run < s.n && !needs_escape((unsigned char)s.p[run])) {
            n = pa_utf8_at(pa_str_from(s, run));
            if (n == 0)
                break;
            run += n;
        }
        pa_out_bytes(out, s.p, run);
        s = pa_str_from(s, run);
        if (s.n == 0)
            break;
        if (n == 0)
            pa_out_cstr(out, "\xEF\xBF\xBD"); /* U+FFFD for each byte that begins no valid sequence */
        else
            escape_byte(out, (unsigned char)s.p[0]);
        s = pa_str_from(s, 1);
    }
    pa_out_char(out, '"');
}

void pa_json_key(pa_json *json, const char *key)
{
    separate(json);
    write_string(json->out, pa_cstr(key));
    pa_out_cstr(json->out, ": ");
    json->after_key = true;
}

void pa_json_str(pa_json *json, pa_str s)
{
    separate(json);
    write_string(json->out, s);
}

void pa_json_i64(pa_json *json, int64_t value)
{
    separate(json);
    pa_out_i64(json->out, value);
}

void pa_json_u64(pa_json *json, uint64_t value)
{
    separate(json);
    pa_out_u64(json->out, value);
}

void pa_json_decimal(pa_json *json, int64_t value, int decimals)
{
    separate(json);
    pa_out_decimal(json->out, value, decimals);
}

void pa_json_double(pa_json *json, double value)
{
    separate(json);
    if (!isfinite(value))
        pa_out_cstr(json->out, "null");
    else
        pa_out_format(json->out, "%.6g", value + 0.0); /* + 0.0: no "-0" */
}

void pa_json_bool(pa_json *json, bool value)
{
    separate(json);
    pa_out_cstr(json->out, value ? "true" : "false");
}

void pa_json_null(pa_json *json)
{
    separate(json);
    pa_out_cstr(json->out, "null");
}
