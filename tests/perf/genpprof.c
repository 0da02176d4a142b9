/* genpprof: writes a pprof profile to standard output, the same one for the same arguments.
 *   genpprof SAMPLES DEPTH LABELS     LABELS: 0, or how many different values a label "request" takes
 * A call graph is walked at random from main: each function calls up to eight others, so that stacks share prefixes.
 * For timing only: it knows the wire format, not the library. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define FUNCTIONS 4000u
#define MAX_DEPTH 200u

typedef struct bytes {
    unsigned char p[4096];
    size_t n;
} bytes;

static uint64_t seed = 88172645463325252u;

static uint64_t below(uint64_t n)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed % n;
}

static void varint(bytes *b, uint64_t v)
{
    for (; v > 127; v >>= 7)
        b->p[b->n++] = (unsigned char)(v | 128);
    b->p[b->n++] = (unsigned char)v;
}

static void number(bytes *b, unsigned field, uint64_t v)
{
    varint(b, field << 3);
    varint(b, v);
}

static void nested(bytes *b, unsigned field, const bytes *inner)
{
    varint(b, field << 3 | 2);
    varint(b, inner->n);
    for (size_t i = 0; i < inner->n; i++)
        b->p[b->n++] = inner->p[i];
}

static void flush(bytes *b)
{
    if (fwrite(b->p, 1, b->n, stdout) != b->n)
        exit(1);
    b->n = 0;
}

static void top_level(unsigned field, const bytes *inner)
{
    bytes b = {.n = 0};
    nested(&b, field, inner);
    flush(&b);
}

static void string(const char *s)
{
    bytes b = {.n = 0};
    while (*s)
        b.p[b.n++] = (unsigned char)*s++;
    top_level(6, &b);
}

/* Pairs of field and number, ended by field 0, as one message. */
static void message(unsigned field, const uint64_t *pairs)
{
    bytes b = {.n = 0};
    for (; pairs[0]; pairs += 2)
        number(&b, (unsigned)pairs[0], pairs[1]);
    top_level(field, &b);
}

static void sample(uint64_t depth, uint64_t labels)
{
    uint64_t stack[MAX_DEPTH], n = depth / 2 + below(depth) + 1;
    if (n > MAX_DEPTH)
        n = MAX_DEPTH;
    stack[0] = 1;
    for (uint64_t i = 1; i < n; i++) /* few callees are hot */
        stack[i] = 1 + (stack[i - 1] * 7 + i * 131 + below(1 + below(8))) % FUNCTIONS;
    bytes all = {.n = 0}, part = {.n = 0};
    while (n)
        varint(&part, stack[--n]);
    nested(&all, 1, &part);
    part.n = 0;
    varint(&part, 1);
    varint(&part, 10000000);
    nested(&all, 2, &part);
    if (labels) {
        part.n = 0;
        number(&part, 1, 5);
        number(&part, 3, below(labels));
        nested(&all, 3, &part);
    }
    top_level(2, &all);
}

static void functions(void)
{
    message(3, (uint64_t[]){1, 1, 2, 0x400000, 3, 0x800000, 5, 6, 0});
    for (uint64_t i = 1; i <= FUNCTIONS; i++) {
        bytes location = {.n = 0}, line = {.n = 0};
        number(&line, 1, i);
        number(&line, 2, i % 500 + 1);
        number(&location, 1, i);
        number(&location, 2, 1);
        number(&location, 3, 0x400000 + i * 64);
        nested(&location, 4, &line);
        top_level(4, &location);
        message(5, (uint64_t[]){1, i, 2, 6 + i, 3, 6 + i, 4, 6, 0});
    }
    const char *const first[] = {"", "samples", "count", "cpu", "nanoseconds", "request", "program.c"};
    for (size_t i = 0; i < sizeof first / sizeof *first; i++)
        string(first[i]);
    string("main");
    for (unsigned i = 2; i <= FUNCTIONS; i++) {
        char name[40];
        snprintf(name, sizeof name, "package%u.function_%u", i % 40, i);
        string(name);
    }
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        fputs("usage: genpprof SAMPLES DEPTH LABELS\n", stderr);
        return 2;
    }
    uint64_t samples = strtoull(argv[1], NULL, 10), depth = strtoull(argv[2], NULL, 10) | 1;
    message(1, (uint64_t[]){1, 1, 2, 2, 0});
    message(1, (uint64_t[]){1, 3, 2, 4, 0});
    for (uint64_t i = 0; i < samples; i++)
        sample(depth, strtoull(argv[3], NULL, 10));
    functions();
    bytes rest = {.n = 0};
    number(&rest, 9, 1700000000000000000u);
    number(&rest, 10, samples * 10000000);
    number(&rest, 12, 10000000);
    flush(&rest);
    message(11, (uint64_t[]){1, 3, 2, 4, 0});
    return fflush(stdout) == 0 ? 0 : 1;
}
