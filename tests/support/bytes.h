/* bytes: growable bytes of the tests, and what turns them into files and back: gzip, zstd, a pipe for standard input.
 * Everything is malloc'ed, so that sanitizers see a step beyond the end; bytes_free frees.
 * Without memory the test program ends: nothing here is under test. */
#ifndef PA_TESTS_BYTES_H
#define PA_TESTS_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct bytes {
    unsigned char *p;
    size_t n, cap;
} bytes;

void bytes_add(bytes *b, const void *from, size_t n);
void bytes_byte(bytes *b, unsigned value);
void bytes_varint(bytes *b, uint64_t value);
void bytes_free(bytes *b);
bool same_bytes(const bytes *a, const bytes *b);
/* The first n bytes of b in a block of exactly that size, to be freed. */
unsigned char *bytes_exact(const bytes *b, size_t n);
bool bytes_of_file(bytes *b, const char *path);
bool bytes_to_file(const void *from, size_t n, const char *path);

/* One gzip member of stored blocks: the same bytes whatever the version of zlib. */
void gzip_stored(bytes *to, const void *from, size_t n);
/* A gzip member, compressed. */
void gzip_add(bytes *to, const void *from, size_t n);
void zstd_add(bytes *to, const void *from, size_t n);
bool is_gzip(const bytes *b);
/* All members of from; false when they are damaged. */
bool gunzip(bytes *to, const bytes *from);

/* Standard input becomes a pipe that delivers n bytes from another thread; ends with stdin_restore. */
typedef struct stdin_pipe stdin_pipe;
stdin_pipe *stdin_from(const void *from, size_t n);
void stdin_restore(stdin_pipe *pipe);

/* A reproducible sequence (splitmix64): the next number below limit. */
uint64_t random_below(uint64_t *state, uint64_t limit);

#endif
