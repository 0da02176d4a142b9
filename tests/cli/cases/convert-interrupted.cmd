# needs: cc
# SIGINT in the middle of a write: the old file stays, and no half one beside it (as output-interrupted).
if ! ldd "$PANALYZE" >/dev/null 2>&1 || grep -aqE '__(a|t)san_init' "$PANALYZE"; then
    echo 'a static binary, or one with sanitizers, takes no preloaded library'
    exit 77
fi
cat >shim.c <<'SOURCE'
#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <unistd.h>
ssize_t write(int fd, const void *bytes, size_t n)
{
    static ssize_t (*real)(int, const void *, size_t);
    if (!real)
        *(void **)&real = dlsym(RTLD_NEXT, "write");
    if (fd > 2)
        raise(SIGINT);
    return real(fd, bytes, n);
}
SOURCE
cc -shared -fPIC shim.c -o shim.so -ldl
echo old >out.folded
interrupt() { LD_PRELOAD=$PWD/shim.so "$PANALYZE" "$@" || echo "[exit $?]"; }
interrupt convert -q "$DATA/pprof/good-large-gocompile-cpu.pb.gz" -o out.folded
interrupt merge -q "$DATA/pprof/good-large-gocompile-cpu.pb.gz" -o out.folded
cat out.folded
ls -A
