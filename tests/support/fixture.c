/* fixture.c: see fixture.h. */
#include "tests/support/fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <xxhash.h>

#include "tests/support/hex.h"

static bool ends(const char *s, const char *suffix)
{
    size_t n = strlen(s), k = strlen(suffix);
    return n >= k && strcmp(s + n - k, suffix) == 0;
}

static bool starts(const char *s, const char *prefix) { return strncmp(s, prefix, strlen(prefix)) == 0; }

bool is_fixture(const char *file)
{
    static const char *const others[] = {".dump", ".err", ".top", ".topdef", ".topcum", ".md", "~"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (ends(file, others[i]))
            return false;
    return starts(file, "good-") || starts(file, "odd-") || starts(file, "bad-");
}

static bool is_utf16(const bytes *b)
{
    return b->n >= 2 && (memcmp(b->p, "\xff\xfe", 2) == 0 || memcmp(b->p, "\xfe\xff", 2) == 0);
}

static void give_up(const char *path, const char *why)
{
    fprintf(stderr, "%s: %s\n", path, why);
    exit(1);
}

void fixture_load(fixture *f, const char *directory, const char *file, const pa_format *format)
{
    *f = (fixture){.format = format, .good = starts(file, "good-"), .bad = starts(file, "bad-")};
    int n = snprintf(f->path, sizeof f->path, "%s/%s", directory, file);
    if (n < 0 || (size_t)n >= sizeof f->path)
        give_up(file, "the path is too long");
    snprintf(f->label, sizeof f->label, "%s/%s", format->name, file);
    f->options = (pa_read_options){.format = format->name,
                                   .threads = 1,
                                   .lenient = strstr(file, ".lenient.") != NULL,
                                   .strict = strstr(file, ".strict.") != NULL,
                                   .two_columns = strstr(file, ".two.") != NULL,
                                   .input_unit = strstr(file, ".us.") ? "us" : NULL};
    bytes stored = {0};
    if (!bytes_of_file(&stored, f->path))
        give_up(f->path, "cannot be read");
    if (ends(file, ".hex")) {
        char error[200];
        if (!hex_assemble(&f->raw, (char *)stored.p, stored.n, error, sizeof error))
            give_up(f->path, error);
        bytes_free(&stored);
    } else {
        f->raw = stored;
    }
    if (is_utf16(&f->raw))
        f->as_is_only = true;
    if (is_gzip(&f->raw))
        f->as_is_only = !gunzip(&f->plain, &f->raw) || is_gzip(&f->plain);
    else
        bytes_add(&f->plain, f->raw.p, f->raw.n);
}

void fixture_free(fixture *f)
{
    bytes_free(&f->raw);
    bytes_free(&f->plain);
}

/* ---- reading ------------------------------------------------------------------------------------------------ */

typedef struct dumping {
    const pa_profile *profile;
    pa_arena *arena;
    outcome *o;
} dumping;

static bool dump(void *arg)
{
    dumping *d = arg;
    pa_out *out = pa_out_to_memory(d->arena);
    pa_dump(d->profile, out, d->arena);
    pa_str text = pa_out_written(out);
    bytes copy = {0};
    bytes_add(&copy, text.p, text.n);
    bytes_byte(&copy, 0);
    d->o->text = (char *)copy.p;
    d->o->n = text.n;
    return true;
}

/* Frees the profile. */
static void finish(outcome *o, pa_profile *profile)
{
    o->ok = profile != NULL;
    if (!profile)
        return;
    dumping d = {profile, pa_arena_new(NULL), o};
    if (!d.arena || !pa_guard(d.arena, &o->err, dump, &d))
        abort();
    o->n_notes = profile->diags.n;
    pa_arena_free(d.arena);
    pa_profile_free(profile);
}

outcome outcome_of_memory(const char *name, const bytes *b, const pa_read_options *options)
{
    outcome o = {0};
    unsigned char *block = bytes_exact(b, b->n);
    finish(&o, pa_read_memory(name, (pa_str){(char *)block, b->n}, options, &o.err));
    free(block);
    return o;
}

outcome outcome_of_path(const char *path, const pa_read_options *options)
{
    outcome o = {0};
    finish(&o, pa_read(&path, 1, options, &o.err));
    return o;
}

bool same_outcome(const outcome *a, const outcome *b)
{
    if (a->ok != b->ok)
        return false;
    if (a->ok)
        return a->n == b->n && memcmp(a->text, b->text, a->n) == 0;
    return a->err.code == b->err.code && a->err.offset == b->err.offset &&
           strcmp(a->err.message, b->err.message) == 0;
}

void outcome_free(outcome *o)
{
    free(o->text);
    o->text = NULL;
}

/* A row ends in " : n=3 14^62 0": the number of records, values and, after ^, their squares. */
void outcome_drop_unwritten(outcome *o)
{
    char *to = o->text;
    for (const char *line = o->text, *next; line && *line; line = next) {
        next = strchr(line, '\n') + 1;
        if (strncmp(line, "default_metric ", 15) == 0)
            continue;
        const char *count = next;
        while (strncmp(line, "row ", 4) == 0 && strncmp(count, " : n=", 5) != 0)
            count--;
        memmove(to, line, (size_t)(count - line));
        to += count - line;
        for (const char *p = count; p < next; p++)
            if (p >= count + 5 && (*p == '^' || p == count + 5))
                p += strcspn(p, " \n") - 1; /* the square, or the number of records */
            else
                *to++ = *p;
    }
    o->n = (size_t)(to - o->text);
}

/* ---- goldens ------------------------------------------------------------------------------------------------ */

#define WHOLE_MAX 12288 /* dumps up to this size are kept in full */
#define ROWS_KEPT 12
#define ROW_MAX   400

static void add_text(bytes *to, const char *s) { bytes_add(to, s, strlen(s)); }

static void short_dump(const outcome *o, bytes *text)
{
    size_t rows = 0;
    for (const char *line = o->text, *next; *line; line = next) {
        const char *newline = strchr(line, '\n');
        next = newline ? newline + 1 : line + strlen(line);
        size_t n = (size_t)(next - line);
        if (starts(line, "row ") && ++rows > ROWS_KEPT)
            continue;
        bool cut = starts(line, "row ") && n > ROW_MAX;
        bytes_add(text, line, cut ? ROW_MAX : n);
        if (cut)
            add_text(text, "...\n");
    }
    XXH128_hash_t hash = XXH3_128bits(o->text, o->n);
    char last[200];
    snprintf(last, sizeof last, "shortened: %zu rows, %zu bytes, xxh3 %016llx%016llx (--show prints all)\n",
             rows, o->n, (unsigned long long)hash.high64, (unsigned long long)hash.low64);
    add_text(text, last);
}

void golden_text(const outcome *o, bytes *text)
{
    if (!o->ok) {
        char line[1200], message[1100];
        pa_err_text(&o->err, message, sizeof message);
        snprintf(line, sizeof line, "exit %d\n%s\n", pa_err_exit_status(&o->err), message);
        add_text(text, line);
    } else if (o->n <= WHOLE_MAX) {
        bytes_add(text, o->text, o->n);
    } else {
        short_dump(o, text);
    }
}

static void golden_path(const fixture *f, char *path, size_t size)
{
    snprintf(path, size, "%s%s", f->path, f->bad ? ".err" : ".dump");
}

/* The first line that differs, of both. */
static const char *first_difference(const char *path, const bytes *want, const bytes *got)
{
    static char text[2000];
    size_t line = 1, at = 0, start = 0;
    for (; at < want->n && at < got->n && want->p[at] == got->p[at]; at++)
        if (want->p[at] == '\n') {
            line++;
            start = at + 1;
        }
    const bytes *both[2] = {want, got};
    char lines[2][600];
    for (int i = 0; i < 2; i++) {
        size_t end = start, from = at > start + 250 ? at - 250 : start;
        while (end < both[i]->n && both[i]->p[end] != '\n')
            end++;
        int n = end > from + 500 ? 500 : (int)(end - from);
        snprintf(lines[i], sizeof lines[i], "%s%.*s", from > start ? "..." : "", n,
                 (char *)both[i]->p + from);
    }
    snprintf(text, sizeof text, "%s: line %zu differs\n  expected: %s\n  now:      %s", path, line, lines[0],
             lines[1]);
    return text;
}

const char *golden_differs(const fixture *f, const outcome *o)
{
    static char missing[700];
    char path[560];
    golden_path(f, path, sizeof path);
    bytes want = {0}, got = {0};
    golden_text(o, &got);
    const char *said = NULL;
    if (!bytes_of_file(&want, path)) {
        snprintf(missing, sizeof missing, "%s is missing: `make bless` writes it, review it then", path);
        said = missing;
    } else if (!same_bytes(&want, &got)) {
        said = first_difference(path, &want, &got);
    }
    bytes_free(&want);
    bytes_free(&got);
    return said;
}

bool golden_write(const fixture *f, const outcome *o)
{
    char path[560];
    golden_path(f, path, sizeof path);
    bytes text = {0};
    golden_text(o, &text);
    bool ok = bytes_to_file(text.p, text.n, path);
    bytes_free(&text);
    return ok;
}
