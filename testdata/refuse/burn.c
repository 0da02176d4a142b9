/* What the recordings of record.sh watch: a loop, some memory, and one read beyond a block for memcheck. */
#include <stdlib.h>

static volatile unsigned long sink;

__attribute__((noinline)) static void inner(unsigned long n)
{
    while (n--)
        sink += n;
}

__attribute__((noinline)) static void outer(unsigned long n) { inner(n); }

int main(void)
{
    char *p = malloc(40);
    for (int i = 0; i < 20; i++) {
        outer(5000000);
        free(malloc(1 << 16));
    }
    return p[40] == 7;
}
