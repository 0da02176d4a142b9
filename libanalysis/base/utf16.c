/* utf16.c: UTF-16 that says so by a byte order mark, as what Windows shells write, into UTF-8; a codec beside gzip and zstd.
 * In: raw bytes of an input behind the mark.  Out: UTF-8.  A surrogate without its other half becomes U+FFFD and is
 * counted; half a character at the end is an error with its offset in the file.  Nothing else is changed or judged. */
#include "libanalysis/base/input_parts.h"

#define REPLACEMENT 0xfffdu

/* Bytes of a character that did not fit into the caller's space. */
typedef struct utf16 {
    char waiting[4];
    unsigned at, n;
} utf16;

static bool start(pa_input *in, pa_err *err)
{
    in->codec_state = pa_arena_try(in->codec_arena, 1, sizeof(utf16), alignof(utf16));
    if (!in->codec_state)
        return pa_input_fail(in, err, PA_E_MEMORY, PA_NO_OFFSET, "out of memory");
    *(utf16 *)in->codec_state = (utf16){0};
    pa_raw_consumed(in, 2);
    in->between_members = true; /* nothing may follow */
    return true;
}

static unsigned put(unsigned c, char to[4])
{
    if (c < 0x80) {
        to[0] = (char)c;
        return 1;
    }
    unsigned n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    static const unsigned char lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
    for (unsigned i = n; i-- > 1; c >>= 6)
        to[i] = (char)(0x80 | (c & 0x3f));
    to[0] = (char)(lead[n] | c);
    return n;
}

static unsigned unit(const unsigned char *p, bool big)
{
    return big ? (unsigned)p[0] << 8 | p[1] : (unsigned)p[1] << 8 | p[0];
}

static bool is_high(unsigned c) { return c >= 0xd800 && c < 0xdc00; }
static bool is_low(unsigned c) { return c >= 0xdc00 && c < 0xe000; }

typedef struct character {
    unsigned c;
    size_t n;  /* bytes it takes */
    bool lone; /* half of one */
} character;

/* The character at p, n = 0 if size bytes do not hold all of it. */
static character character_at(const unsigned char *p, size_t size, bool big)
{
    if (size < 2)
        return (character){0};
    unsigned c = unit(p, big), low;
    if (!is_high(c))
        return is_low(c) ? (character){REPLACEMENT, 2, true} : (character){c, 2, false};
    if (size < 4)
        return (character){0};
    low = unit(p + 2, big);
    if (!is_low(low))
        return (character){REPLACEMENT, 2, true};
    return (character){0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00), 4, false};
}

static void count_lone(pa_input *in, uint64_t offset)
{
    if (in->n_replaced++ == 0)
        in->first_replaced = offset;
}

static size_t put_waiting(utf16 *u, char *to, size_t size)
{
    size_t n = u->n - u->at < size ? u->n - u->at : size;
    memcpy(to, u->waiting + u->at, n);
    u->at += (unsigned)n;
    return n;
}

static bool step(pa_input *in, char *to, size_t size, size_t *got, bool big)
{
    utf16 *u = in->codec_state;
    size_t out = put_waiting(u, to, size), used = 0;
    while (out < size) {
        character c = character_at(in->raw + used, in->raw_n - used, big);
        if (c.n == 0)
            break;
        if (c.lone)
            count_lone(in, in->out_total + out);
        used += c.n;
        u->n = put(c.c, u->waiting);
        u->at = 0;
        out += put_waiting(u, to + out, size - out);
    }
    pa_raw_consumed(in, used);
    in->between_members = u->at == u->n; /* the input may end here */
    *got = out;
    return true;
}

static bool step_little(pa_input *in, char *to, size_t size, size_t *got, pa_err *err)
{
    (void)err;
    return step(in, to, size, got, false);
}

static bool step_big(pa_input *in, char *to, size_t size, size_t *got, pa_err *err)
{
    (void)err;
    return step(in, to, size, got, true);
}

static void stop(pa_input *in) { (void)in; }

const pa_codec pa_codec_utf16le = {"utf-16", {0xff, 0xfe}, 2, start, step_little, stop};
const pa_codec pa_codec_utf16be = {"utf-16", {0xfe, 0xff}, 2, start, step_big, stop};
