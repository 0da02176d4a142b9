/* names: demangling, stripping, keys, modules, paths, renaming; tables of name in, name out. */
#include "tests/unit/unit.h"

#include <stdio.h>

#include "libanalysis/model/names.h"

typedef struct pair {
    const char *in, *out;
} pair;

static void check(pa_arena *a, pa_str (*fn)(pa_arena *, pa_str), const pair *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        pa_str got = fn(a, pa_cstr(rows[i].in));
        if (!pa_str_is(got, rows[i].out))
            fail_msg("'%s': got '%.*s', wanted '%s'", rows[i].in, (int)got.n, got.p, rows[i].out);
    }
}
#define CHECK(a, fn, rows) check(a, fn, rows, sizeof(rows) / sizeof *(rows))

static void demangled(void **state)
{
    static const pair rows[] = {
        {"main", "main"},
        {"_Z3foov", "foo"},
        {"__Z3foov", "foo"}, /* Mach-O */
        {"_ZN3foo3barIiEEvT_", "foo::bar<int>"},
        {"_ZN12_GLOBAL__N_13fooEi", "(anonymous namespace)::foo"},
        {"_ZZ4mainENKUlvE_clEv", "main::{lambda()#1}::operator()"},
        {"_Z3foov.cold", "foo.cold"},
        {"_Z3foov.part.0", "foo.part.0"},
        {"_ZN3foo3barEv@plt", "foo::bar@plt"},
        {"_Z3foovjunk!", "_Z3foovjunk!"},
        {"_ZN5alloc3vec12Vec$LT$T$GT$4push17h0123456789abcdefE", "alloc::vec::Vec<T>::push"},
        {"_RNvCs1234_7mycrate3foo", "mycrate::foo"},
        {"_Z", "_Z"},
        {"_Zork", "_Zork"},
        {"_Rork", "_Rork"},
        {"_ZN3foo", "_ZN3foo"},
        {"runtime.main", "runtime.main"},
        {"", ""},
    };
    CHECK(*state, pa_name_demangle, rows);
}

/* Sn_ stands for an earlier type; every pair holds the one before it twice: 400 bytes mean 2^30 times as much text. */
static void bombs(void **state)
{
    static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    char bomb[600] = "_Z1fISt4pairIiiE";
    size_t n = strlen(bomb);
    for (int i = 1; i < 31; i++)
        n += (size_t)snprintf(bomb + n, sizeof bomb - n, "S0_IS%c_S%c_E", digits[i], digits[i]);
    snprintf(bomb + n, sizeof bomb - n, "Evv");
    pa_str got = pa_name_demangle(*state, pa_cstr(bomb));
    assert_true(pa_str_is(got, bomb)); /* as it is */
    assert_true(pa_arena_bytes(*state) < 1u << 22);
    pa_str long_name = {pa_new(*state, char, PA_NAME_MAX + 10), PA_NAME_MAX + 10};
    memset((char *)(uintptr_t)long_name.p, 'x', long_name.n);
    memcpy((char *)(uintptr_t)long_name.p, "_Z3", 3);
    assert_ptr_equal(pa_name_demangle(*state, long_name).p, long_name.p);
    pa_str small = pa_name_demangle(*state, PA_STR("_Z1fISt4pairIiiES0_IS1_S1_EEvv"));
    assert_true(pa_str_starts(small, PA_STR("f<std::pair<int, int>, std::pair<std::pair<int, int>")));
    pa_str with_nul = {"_Z3foov\0x", 9};
    assert_ptr_equal(pa_name_demangle(*state, with_nul).p, with_nul.p);
}

static void stripped(void **state)
{
    static const pair rows[] = {
        {"main", "main"},
        {"core::fmt::write::h0123456789abcdef", "core::fmt::write"},
        {"core::fmt::write::h0123456789abcdeg", "core::fmt::write::h0123456789abcdeg"}, /* no hash */
        {"core::fmt::write::h0123456789abcdef0",
         "core::fmt::write::h0123456789abcdef0"}, /* one digit too many */
        {"foo.llvm.1234567", "foo"},
        {"foo.cold", "foo"},
        {"foo.cold.12", "foo"},
        {"foo.part.0.constprop.1.isra.0", "foo"},
        {"foo.colder", "foo.colder"},
        {"foo() [clone .part.0]", "foo()"},
        {"main::{lambda(int)#2}::operator()", "main::{lambda(int)}::operator()"},
        {"mycrate::run::{closure#0}", "mycrate::run::{closure}"},
        {"a#1", "a#1"},
        {"f(std::'lambda0'(int))", "f(std::'lambda'(int))"},
        {"com.example.Main$$Lambda$14/0x0000000800c03000.run", "com.example.Main$$Lambda.run"},
        {"com.example.Main$$Lambda/0x00007f1c.run", "com.example.Main$$Lambda.run"},
        {"com.example.Main$$Lambda.0x00007f1c.run", "com.example.Main$$Lambda.run"},
        {"com.example.Main.lambda$main$0", "com.example.Main.lambda$main"},
        {"java.lang.invoke.LambdaForm$MH.0x00000008.invoke", "java.lang.invoke.LambdaForm$MH.invoke"},
        {"jdk.internal.reflect.GeneratedMethodAccessor12.invoke",
         "jdk.internal.reflect.GeneratedMethodAccessor.invoke"},
        {"com.sun.proxy.$Proxy7.get", "com.sun.proxy.$Proxy.get"},
        {"main.run.func1", "main.run.func"},
        {"main.run.func1.2", "main.run.func"},
        {"main.run.func1.gowrap2", "main.run.func.gowrap"},
        {"main.run-range3", "main.run-range"},
        {"main.run.function1", "main.run.function1"},
        {"main.sum[go.shape.int_0]", "main.sum[...]"},
        {"github.com/a/b@v1.2.3-0.20200101-abc+incompatible/c.Do", "github.com/a/b/c.Do"},
        {"user@variable", "user@variable"},
        {"bpf_prog_6deef7357e7b4530_sd_devices", "bpf_prog_sd_devices"},
        {".cold", ".cold"}, /* nothing would be left */
    };
    CHECK(*state, pa_name_strip, rows);
}

static void keys(void **state)
{
    static const pair rows[] = {
        {"java/lang/String.indexOf(II)I", "java.lang.String.indexOf"},
        {"java/util/Map.get(Ljava/lang/Object;)Ljava/lang/Object;_[j]", "java.util.Map.get"},
        {"a/B.c([[JLx/Y;)V", "a.B.c"},
        {"f(int)", "f(int)"},
        {"f()", "f()"},
        {"f(II)Ix", "f(II)Ix"},
        {"sys_read_[k]", "sys_read"},
        {"github.com/a/b.(*T).Do", "github.com.a.b.(*T).Do"},
        {"main.run.func1", "main.run.func"},
    };
    CHECK(*state, pa_name_key, rows);
}

static void modules(void **state)
{
    static const pair rows[] = {
        {"/usr/lib/x86_64-linux-gnu/libc-2.31.so", "libc.so"},
        {"libc.so.6", "libc.so"},
        {"/lib/libstdc++.so.6.0.28", "libstdc++.so"},
        {"/lib/libfoo-bar.so", "libfoo-bar.so"},
        {"/lib/libfoo.so.debug", "libfoo.so.debug"},
        {"/usr/lib/debug/boot/vmlinux-5.10.0-8-amd64", "vmlinux"},
        {"[kernel.kallsyms]_text", "[kernel.kallsyms]"},
        {"[vdso]", "[vdso]"},
        {"/lib/modules/6.1.0/kernel/fs/ext4/ext4.ko.xz", "ext4.ko"},
        {"/usr/bin/python3.11", "python3.11"},
        {"/tmp/app (deleted)", "app"},
        {"", ""},
    };
    CHECK(*state, pa_module_strip, rows);
}

/* The same answers as Go's filepath.Clean, but for "". */
static void paths(void **state)
{
    static const pair rows[] = {
        {"a/b.c", "a/b.c"},
        {"./a.c", "a.c"},
        {"a//b", "a/b"},
        {"a/./b", "a/b"},
        {"a/../b", "b"},
        {"../a", "../a"},
        {"a/../../b", "../b"},
        {"/../a", "/a"},
        {"/a/..", "/"},
        {"a/..", "."},
        {"a/", "a"},
        {"/", "/"},
        {".hidden", ".hidden"},
        {"a/.b", "a/.b"},
        {"..", ".."},
        {"../../x", "../../x"},
        {"", ""},
        {"/proc/self/cwd/a.c", "a.c"},
        {"/proc/self/cwd/./a.c", "a.c"},
    };
    CHECK(*state, pa_path_clean, rows);
}

static void renamed(void **state)
{
    static const struct {
        const char *rename, *in, *out;
    } rows[] = {
        {"s/foo/bar/", "foo.foo", "bar.foo"},
        {"s/foo/bar/g", "foo.foo", "bar.bar"},
        {"s/(a)(b)/\\2\\1/", "xab", "xba"},
        {"s/(a)(b)/$2$1/", "xab", "xba"},
        {"s/a/<&>/", "bab", "b<a>b"},
        {"s/a/<\\&>/", "bab", "b<&>b"},
        {"s/a/$0$$/", "a", "a$"},
        {"s,/,.,g", "a/b/c", "a.b.c"},
        {"s/a\\/b/c/", "a/b", "c"},
        {"s/x*/-/g", "ab", "-a-b-"},
        {"s/x*/-/g", "\xC3\xA4", "-\xC3\xA4-"},
        {"s/^/p./", "f", "p.f"},
        {"s/f//", "f", ""},
        {"s/none/x/", "f", "f"},
        {"s/(x)?f/[\\1]/", "f", "[]"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        pa_regex_pool pool = {.arena = *state};
        pa_namer namer;
        pa_err err = {0};
        pa_str got = {0};
        if (!pa_namer_init(&namer, *state, &pool, PA_NAMES_RAW, rows[i].rename, &err) ||
            !pa_namer_shown(&namer, pa_cstr(rows[i].in), &got, &err))
            fail_msg("%s: %s", rows[i].rename, err.message);
        if (!pa_str_is(got, rows[i].out))
            fail_msg("%s on '%s': got '%.*s'", rows[i].rename, rows[i].in, (int)got.n, got.p);
        pa_regex_release(&pool);
    }
}

static void bad_renames(void **state)
{
    static const char *const rows[] = {"foo",     "s/a/b",  "s/a",      "s",     "",
                                       "s/a/b/x", "sxaxbx", "s/a/\\1/", "s/(/x/"};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        pa_regex_pool pool = {.arena = *state};
        pa_namer namer;
        pa_err err = {0};
        bool ok = pa_namer_init(&namer, *state, &pool, PA_NAMES_RAW, rows[i], &err);
        pa_regex_release(&pool);
        assert_int_equal(ok, rows[i][0] == '\0'); /* "" is not given */
        assert_int_equal(err.code, ok ? PA_E_NONE : PA_E_USAGE);
        assert_true(ok || strncmp(err.message, "rename: ", 8) == 0);
    }
}

static void order_of_steps(void **state)
{
    static const char *const want[] = {
        [PA_NAMES_DEMANGLE] = "foo.cold!", [PA_NAMES_RAW] = "_Z3foov.cold!", [PA_NAMES_STRIP] = "foo!"};
    for (int mode = PA_NAMES_DEMANGLE; mode <= PA_NAMES_STRIP; mode++) {
        pa_regex_pool pool = {.arena = *state};
        pa_namer namer;
        pa_err err = {0};
        pa_str got = {0};
        assert_true(pa_namer_init(&namer, *state, &pool, (pa_names)mode, "s/$/!/", &err));
        assert_true(pa_namer_shown(&namer, PA_STR("_Z3foov.cold"), &got, &err));
        assert_true(pa_str_is(got, want[mode]));
        pa_regex_release(&pool);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARENA_TEST(demangled), ARENA_TEST(bombs),       ARENA_TEST(stripped),
        ARENA_TEST(keys),      ARENA_TEST(modules),     ARENA_TEST(paths),
        ARENA_TEST(renamed),   ARENA_TEST(bad_renames), ARENA_TEST(order_of_steps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
