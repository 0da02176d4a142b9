/* Load for the perf fixture: recursion, a loop, reads from the kernel. In: seconds. Out: a sum. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

__attribute__((noinline)) static long fib(int n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }

__attribute__((noinline)) static long zeros(int fd)
{
    static char block[1 << 20];
    return read(fd, block, sizeof block) + block[7];
}

__attribute__((noinline)) static long work(int fd)
{
    long sum = fib(18);
    for (int i = 0; i < 4; i++)
        sum += zeros(fd);
    return sum;
}

int main(int argc, char **argv)
{
    double until = now() + (argc > 1 ? atof(argv[1]) : 1);
    int fd = open("/dev/zero", O_RDONLY);
    long sum = 0;
    while (now() < until)
        sum += work(fd);
    printf("%ld\n", sum);
    return 0;
}
