# needs: cc
# SIGINT in the middle of a write: the old file stays, and no half one beside it.  write() is made to send it, which
# takes a preloaded library; a report that fits one write is complete when the signal takes effect.
if ! ldd "$PANALYZE" >/dev/null 2>&1 || grep -aqE '__(a|t)san_init' "$PANALYZE"; then
    echo 'a static binary, or one with sanitizers, takes no preloaded library'
    exit 77
fi
cat >shim.c <<'END'
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
END
cc -shared -fPIC shim.c -o shim.so -ldl
echo old >out.json
interrupt() { LD_PRELOAD=$PWD/shim.so "$PANALYZE" top -o out.json "$@" || echo "[exit $?]"; }
interrupt --threshold 0 "$DATA/pprof/good-large-gocompile-cpu.pb.gz"
cat out.json
ls -A
interrupt "$DATA/pprof/good-go126-mutex.pb.gz"
head -n 2 out.json
tail -n 1 out.json
ls -A
