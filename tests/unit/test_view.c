/* view: every filter on stacks made by hand, its order among the others, labels, metrics, groups.
 * What is expected is pprof's behaviour, worked out in the comments; filters act on locations, written main;>inlined. */
#include "tests/unit/views.h"

/* Three locations in the first stack's terms: {main, helper inlined into it}, {work}. */
static const sample basic[] = {
    {"main;>helper;work", NULL, 10},
    {"main;>helper;>deep", NULL, 5},
    {"main;io@file.c#libio.so", NULL, 3},
    {"#libx.so", NULL, 2}, /* a location without lines */
};

static void filters_on_locations(void **state)
{
    static const struct {
        pa_view_options o;
        const char *want;
    } rows[] = {
        {{0}, "?=2 main;>helper;>deep=5 main;>helper;work=10 main;io=3"},
        {{.focus = "helper"}, "main;>helper;>deep=5 main;>helper;work=10"},
        {{.focus = "libio"}, "main;io=3"}, /* by module */
        {{.focus = "^file"}, "main;io=3"}, /* by file */
        {{.focus = "libx"}, "?=2"},        /* a location without lines has a module */
        {{.focus = "^$"}, "main;>helper;>deep=5 main;>helper;work=10 main;io=3"}, /* "" is the file of main */
        {{.focus = "nowhere"}, ""},
        {{.ignore = "deep"}, "?=2 main;>helper;work=10 main;io=3"},
        {{.ignore = "helper", .focus = "main"}, "main;io=3"}, /* ignore wins */
        /* only the matching line goes; what was inlined into it is then called by nobody in its location */
        {{.hide = "helper"}, "?=2 main;>deep=5 main;io=3 main;work=10"},
        {{.hide = "main"}, "?=2 helper;>deep=5 helper;work=10 io=3"},
        {{.hide = "deep|work"}, "?=2 main;>helper=15 main;io=3"}, /* rows that become equal add up */
        {{.hide = "libio"}, "?=2 main;>helper;>deep=5 main;>helper;work=10 main=3"},
        {{.hide = "main|io"}, "?=2 helper;>deep=5 helper;work=10"}, /* nothing left: the sample goes */
        {{.show = "helper"}, "helper=15"},
        {{.show = "libx"}, ""}, /* show keeps lines, and the location has none */
        {{.show = "libio|main"}, "main;io=3 main=15"},
        {{.hide = "main", .show = "main|work"}, "work=10"},
        {{.show_from = "helper"}, "helper;>deep=5 helper;work=10"},
        {{.show_from = "work"}, "work=10"},
        {{.show_from = "libio"}, "io=3"},
        {{.show_from = "main"}, "main;>helper;>deep=5 main;>helper;work=10 main;io=3"},
        {{.prune_from = "helper"}, "?=2 main;>helper=15 main;io=3"},
        {{.prune_from = "main"}, "?=2 main=18"},
        {{.prune_from = "libio"}, "?=2 main;>helper;>deep=5 main;>helper;work=10 main;io=3"}, /* names only */
        {{.noinlines = true}, "?=2 main;io=3 main;work=10 main=5"},
        {{.hide = "main", .noinlines = true},
         "?=2 helper;work=10 helper=5 io=3"},                  /* the outermost that is left */
        {{.focus = "deep", .hide = "deep"}, "main;>helper=5"}, /* focus looks before hide */
        {{.hide = "helper", .show_from = "helper"}, ""},       /* show_from after it */
        {{.show_from = "helper", .prune_from = "helper"}, "helper=15"},
    };
    pa_profile *p = PROFILE(basic);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        pa_view *v = view_of(*state, p, &rows[i].o);
        pa_str got = passing(*state, v);
        if (!pa_str_is(got, rows[i].want))
            fail_msg("row %zu: got '%.*s', wanted '%s'", i, (int)got.n, got.p, rows[i].want);
        assert_int_equal(v->total, 20); /* filters do not change what shares are of */
    }
    pa_profile_free(p);
}

/* show_from: from the rootmost match on; prune_from: up to the leafmost. */
static void repeated_matches(void **state)
{
    static const sample samples[] = {{"a;b;c;b;d", NULL, 1}};
    pa_profile *p = PROFILE(samples);
    assert_passing(*state, p, &(pa_view_options){.show_from = "b"}, "b;c;b;d=1");
    assert_passing(*state, p, &(pa_view_options){.show_from = "c"}, "c;b;d=1");
    assert_passing(*state, p, &(pa_view_options){.prune_from = "b"}, "a;b;c;b=1");
    assert_passing(*state, p, &(pa_view_options){.prune_from = "a"}, "a=1");
    pa_profile_free(p);
}

/* A location's lines are cut wherever it stands: >in is cut off by show_from in both, prune_from cuts inside. */
static void lines_of_locations(void **state)
{
    static const sample samples[] = {{"out;>in;x;out;>in;>most", NULL, 1}};
    pa_profile *p = PROFILE(samples);
    assert_passing(*state, p, &(pa_view_options){.show_from = "in"}, "in;x;in;>most=1");
    assert_passing(*state, p, &(pa_view_options){.prune_from = "out"}, "out;x;out=1");
    pa_profile_free(p);
}

/* Names lose their parameters before prune_from looks at them. */
static void simplified_names(void **state)
{
    static const sample samples[] = {
        {"a;f(int);x", NULL, 1}, {"a;(anonymous namespace)::g(long);x", NULL, 2}, {"a;.dot;x", NULL, 4}};
    pa_profile *p = PROFILE(samples);
    assert_passing(*state, p, &(pa_view_options){.prune_from = "^f$"},
                   "a;(anonymous namespace)::g(long);x=2 a;.dot;x=4 a;f(int)=1");
    assert_passing(*state, p, &(pa_view_options){.prune_from = "^\\(anonymous namespace\\)::g$|^dot$"},
                   "a;(anonymous namespace)::g(long)=2 a;.dot=4 a;f(int);x=1");
    pa_profile_free(p);
}

static pa_profile *with_drop(const char *drop, const char *keep)
{
    static const sample samples[] = {
        {"root;drop;work", NULL, 1},       /* from drop on everything goes */
        {"drop;work", NULL, 2},            /* but not before a frame that stays */
        {"root;main;>drop;work", NULL, 4}, /* only the inlined line of its location */
        {"main;>drop;work", NULL, 8},      /* cut out, but nothing behind it goes */
        {"root;drops;work", NULL, 16},     /* the whole name must match */
    };
    pa_builder *b = builder_of(samples, sizeof samples / sizeof *samples);
    pa_merge_meta(b, &(pa_meta){.drop_frames = str(b, drop), .keep_frames = str(b, keep)});
    return finished(b);
}

static void dropped_frames(void **state)
{
    pa_view_options apply = {.apply_drop_frames = true};
    const char *all =
        "drop;work=2 main;>drop;work=8 root;drop;work=1 root;drops;work=16 root;main;>drop;work=4";
    pa_profile *p = with_drop("dro.|nothing", "");
    const char *cut = "drop;work=2 main;work=8 root;drops;work=16 root;main=4 root=1";
    assert_passing(*state, p, &(pa_view_options){0}, all);
    assert_passing(*state, p, &apply, cut);
    assert_passing(*state, p, &(pa_view_options){.compat = PA_COMPAT_PPROF}, cut);
    pa_profile_free(p);
    p = with_drop("dro.", "d.op");
    assert_passing(*state, p, &apply, all);
    pa_profile_free(p);
    p = with_drop("dro(", ""); /* the profile's fault, not the user's */
    pa_view *v = view_of(*state, p, &apply);
    assert_same_text(passing(*state, v), pa_cstr(all));
    assert_true(has_note(v, "drop_frames of the profile: not a valid expression"));
    pa_profile_free(p);
}

static void folded_recursion(void **state)
{
    static const sample samples[] = {{"a;f;f;f;g;f", NULL, 1}, {"a;f;g;f", NULL, 2}, {"#x;#y;#y", NULL, 4}};
    pa_profile *p = PROFILE(samples);
    assert_passing(*state, p, &(pa_view_options){.fold_recursion = true}, "?;?=4 a;f;g;f=3");
    pa_profile_free(p);
}

/* ---- labels -------------------------------------------------------------------------------------------------- */

static const sample labelled[] = {
    {"m;a", "handler=get,size=64bytes", 1},
    {"m;a", "handler=put,size=1024bytes", 2},
    {"m;b", "handler=put,phase=encode", 4},
    {"m;b", "size=4096bytes,size=16bytes", 8},
    {"m;c", "handler=get,handler=put,n=7#", 16},
    {"m;d", NULL, 32},
    {"m;e", "wait=2000us,n=12#", 64},
};

static void tag_filters(void **state)
{
    static const struct {
        const char *tag;
        int64_t focus; /* sum of what tagfocus leaves; tagignore leaves the rest */
    } rows[] = {
        {"handler=put", 2 + 4 + 16},
        {"put", 2 + 4 + 16},
        {"handler:put", 2 + 4 + 16},
        {"^put", 0}, /* without a key the text is "handler:put" */
        {"handler=^(get|put)$", 1 + 2 + 4 + 16},
        {"handler:put,phase:encode", 4},     /* without a key all must match... */
        {"handler=get,put", 1 + 2 + 4 + 16}, /* ...with a key one is enough */
        {"nokey=put", 0},
        {".", 1 + 2 + 4 + 16},
        {"=put", 2 + 4 + 16}, /* no key before '=' */
        /* ranges: 64 B, 1 kB, {4 kB, 16 B}; 2000 us; n 7 and 12 */
        {"size=64b", 1},
        {"size=1kb", 2},
        {"size=64b:1kb", 1 + 2},
        {"size=:64", 0},      /* no unit: bytes do not compare with it */
        {"size=:64b", 1 + 8}, /* one of several values is enough */
        {"size=2kb:", 8},
        {"1kb:", 2 + 8 + 16 + 64}, /* the unit of n is "n", so 7 and 12 are taken for kB */
        {"wait=2ms", 64},
        {"wait=1ms:1s", 64},
        {"wait=1kb:", 0}, /* time is no size */
        {"n=7", 16},
        {"n=5:12", 16 + 64},
        {"n=7kb", 16},       /* a unit that is neither time nor size is taken for the one asked */
        {"size=(64)", 0},    /* no range: an expression, and numbers have no text */
        {"size=1kb:1ms", 0}, /* units that do not fit: an expression too */
    };
    pa_profile *p = PROFILE(labelled);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t got[2] = {0, 0}, want = rows[i].focus;
        for (int ignore = 0; ignore < 2; ignore++) {
            pa_view_options o = {0};
            *(ignore ? &o.tagignore : &o.tagfocus) = rows[i].tag;
            pa_view *v = view_of(*state, p, &o);
            for (size_t r = 0; r < pa_view_stream(v)->n_rows; r++)
                got[ignore] += pa_view_has_row(v, r) ? pa_view_value(v, r) : 0;
            assert_int_equal(v->total, 127);
        }
        if (got[0] != want || got[1] != 127 - want)
            fail_msg("'%s': focus %lld, ignore %lld, wanted %lld", rows[i].tag, (long long)got[0],
                     (long long)got[1], (long long)want);
    }
    pa_profile_free(p);
}

static void tag_frames(void **state)
{
    static const sample samples[] = {{"m;a", "handler=get,size=65536bytes", 1},
                                     {"m;a", "handler=put", 2},
                                     {"m;>b", "handler=put,handler=x,n=3#", 4}};
    pa_profile *p = PROFILE(samples);
    assert_passing(*state, p, &(pa_view_options){.tagroot = "handler"}, "get;m;a=1 put,x;m;>b=4 put;m;a=2");
    assert_passing(*state, p, &(pa_view_options){.tagroot = "handler,size"},
                   "get;64kB;m;a=1 put,x;?;m;>b=4 put;?;m;a=2");
    assert_passing(*state, p, &(pa_view_options){.tagleaf = "n,handler"},
                   "m;>b;3;put,x=4 m;a;?;get=1 m;a;?;put=2");
    assert_passing(*state, p, &(pa_view_options){.tagroot = "handler", .focus = "^get$"}, "get;m;a=1");
    assert_passing(*state, p, &(pa_view_options){.tagroot = "handler", .hide = "^m$"},
                   "get;a=1 put,x;b=4 put;a=2");
    assert_passing(*state, p, &(pa_view_options){.tagroot = "size", .hide = "64"}, "?;m;>b=4 ?;m;a=2 m;a=1");
    pa_view *v = view_of(
        *state, p, &(pa_view_options){.tagroot = "handler", .focus = "handler"}); /* the key is its file */
    assert_int_equal(pa_view_stream(v)->n_rows, 3);
    assert_true(
        has_note(view_of(*state, p, &(pa_view_options){.tagleaf = "nokey"}), "tagleaf matched no samples"));
    pa_profile_free(p);
}

static void threads_and_cpus(void **state)
{
    static const sample samples[] = {{"a", "thread=main,thread_id=10#,cpu=0#", 1},
                                     {"a", "thread=worker,thread_id=11#,cpu=2#", 2},
                                     {"b", "thread=worker,thread_id=12#,cpu=3#", 4},
                                     {"b", "process=java,cpu=5#", 8}};
    pa_profile *p = PROFILE(samples);
    assert_passing(*state, p, &(pa_view_options){.thread = "worker"}, "a=2 b=4");
    assert_passing(*state, p, &(pa_view_options){.thread = "^12$"}, "b=4");
    assert_passing(*state, p, &(pa_view_options){.process = "java"}, "b=8");
    assert_passing(*state, p, &(pa_view_options){.cpu = "0,3-5"}, "a=1 b=4 b=8");
    assert_passing(*state, p, &(pa_view_options){.cpu = "2-3", .thread = "11"}, "a=2");
    assert_passing(*state, p, &(pa_view_options){.thread = "worker", .hide = "a"}, "b=4");
    assert_true(has_note(view_of(*state, p, &(pa_view_options){.thread = "x"}), "thread matched no samples"));
    static const char *const bad[] = {"", "x", "1-", "3-1", "-1", "1,,2", "1;2"};
    for (size_t i = 1; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(refused(*state, p, &(pa_view_options){.cpu = bad[i]}).code, PA_E_USAGE);
    pa_profile_free(p);
    static const sample none[] = {{"a", "handler=get", 1}};
    p = PROFILE(none);
    pa_err err = refused(*state, p, &(pa_view_options){.thread = "."});
    assert_int_equal(err.code, PA_E_USAGE);
    assert_string_equal(err.message,
                        "thread: this profile has no threads: none of its samples has a label 'thread'");
    assert_int_equal(refused(*state, p, &(pa_view_options){.process = "."}).code, PA_E_USAGE);
    assert_int_equal(refused(*state, p, &(pa_view_options){.cpu = "0"}).code, PA_E_USAGE);
    assert_int_equal(refused(*state, p, &(pa_view_options){.by = PA_BY_THREAD}).code, PA_E_USAGE);
    pa_profile_free(p);
}

/* ---- totals, metrics ----------------------------------------------------------------------------------------- */

static void totals(void **state)
{
    static const sample signs[] = {{"a", NULL, 10}, {"b", NULL, -4}};
    pa_profile *p = PROFILE(signs);
    assert_int_equal(view_of(*state, p, NULL)->total, 14);
    assert_int_equal(
        view_of(*state, p, &(pa_view_options){.focus = "b", .relative_percentages = true})->total, 4);
    assert_int_equal(view_of(*state, p, &(pa_view_options){.hide = "b", .relative_percentages = true})->total,
                     10);
    pa_profile_free(p);
    static const sample diff[] = {
        {"a", NULL, 10}, {"a", "pprof::base=true", -4}, {"b", "pprof::base=false", 1}};
    p = PROFILE(diff);
    assert_int_equal(view_of(*state, p, NULL)->total, 4); /* of the base alone */
    pa_profile_free(p);
    static const sample huge[] = {{"a", NULL, INT64_MAX}, {"b", NULL, 1}};
    p = PROFILE(huge);
    assert_int_equal(refused(*state, p, NULL).code, PA_E_OVERFLOW);
    pa_profile_free(p);
}

/* The total with relative_percentages is of the samples, not of what the rewrite adds up: 10 and -4 on one stack. */
static void relative_total_of_rewrites(void **state)
{
    static const sample samples[] = {{"a;x", NULL, 10}, {"a;y", NULL, -4}};
    pa_profile *p = PROFILE(samples);
    pa_view *v = view_of(*state, p, &(pa_view_options){.hide = "x|y", .relative_percentages = true});
    assert_same_text(passing(*state, v), PA_STR("a=6"));
    assert_int_equal(v->total, 14);
    pa_profile_free(p);
}

static pa_profile *two_streams(void)
{
    pa_builder *b = new_builder();
    const pa_metric heap[] = {metric_of(b, "objects", "count"), metric_of(b, "space", "bytes")};
    const pa_metric cycles = metric_of(b, "period", "count");
    pa_stream_id s0 = pa_add_stream(b, str(b, "heap"), heap, 2),
                 s1 = pa_add_stream(b, str(b, "cycles"), &cycles, 1);
    pa_err err = {0};
    assert_true(pa_add_row(b, s0, stack_from(b, "a;b"), (pa_context_id){0}, (int64_t[]){3, 300}, &err));
    assert_true(pa_add_row(b, s1, stack_from(b, "a;c"), (pa_context_id){0}, (int64_t[]){7}, &err));
    pa_set_default(b, s0, 1);
    return finished(b);
}

static void metrics(void **state)
{
    static const struct {
        const char *metric;
        int64_t total;
    } rows[] = {{NULL, 300},   {"", 300},          {"objects", 3}, {"space", 300}, {"inuse_space", 300},
                {"0", 3},      {"2", 7},           {"period", 7},  {"cycles", 7},  {"cycles/period", 7},
                {"heap", 300}, {"heap/objects", 3}};
    pa_profile *p = two_streams();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(view_of(*state, p, &(pa_view_options){.metric = rows[i].metric})->total,
                         rows[i].total);
    assert_passing(*state, p, &(pa_view_options){.metric = "period", .hide = "a"},
                   "c=7"); /* all streams are rewritten */
    pa_err err = refused(*state, p, &(pa_view_options){.metric = "spaces"});
    assert_int_equal(err.code, PA_E_USAGE);
    assert_string_equal(err.message,
                        "metric 'spaces' is none of: objects, space, period; did you mean 'space'?");
    assert_string_equal(refused(*state, p, &(pa_view_options){.metric = "something"}).message,
                        "metric 'something' is none of: objects, space, period");
    assert_string_equal(refused(*state, p, &(pa_view_options){.metric = "3"}).message,
                        "metric 3 is outside 0..2");
    assert_int_equal(refused(*state, p, &(pa_view_options){.metric = "-1"}).code, PA_E_USAGE);
    pa_profile_free(p);
    p = finished(new_builder());
    assert_int_equal(refused(*state, p, NULL).code, PA_E_UNSUPPORTED);
    pa_profile_free(p);
}

static void bad_expressions(void **state)
{
    pa_profile *p = PROFILE(basic);
    static const pa_view_options rows[] = {
        {.focus = "("},        {.ignore = "("},
        {.hide = "("},         {.show = "("},
        {.show_from = "("},    {.tagfocus = "("},
        {.tagignore = "("},    {.prune_from = "("},
        {.rename = "s/(/x/"},  {.rename = "x"},
        {.thread = "("},       {.process = "("},
        {.tagfocus = "k=a,("}, {.tagfocus = "99999999999999999999"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(refused(*state, p, &rows[i]).code, PA_E_USAGE);
    assert_string_equal(
        refused(*state, p, &(pa_view_options){.show_from = "("}).message,
        "show_from: not a valid expression: missing closing parenthesis at position 1 of '('");
    assert_int_equal(refused(*state, p, &(pa_view_options){.by = PA_BY_LABEL}).code, PA_E_USAGE);
    pa_profile_free(p);
}

static void notes_and_filters(void **state)
{
    pa_profile *p = PROFILE(basic);
    pa_view *v =
        view_of(*state, p, &(pa_view_options){.focus = "none", .show_from = "none", .tagfocus = "size=1kb"});
    assert_int_equal(v->n_filters, 3);
    assert_true(pa_str_is(v->filters[0], "focus=none"));
    assert_true(pa_str_is(v->filters[1], "show_from=none"));
    assert_true(pa_str_is(v->filters[2], "tagfocus=size=1kb"));
    assert_true(has_note(v, "focus expression matched no samples"));
    assert_true(has_note(v, "show_from expression matched no samples"));
    assert_true(has_note(v, "tagfocus: '1kb' read as a range, not as an expression"));
    v = view_of(*state, p, &(pa_view_options){.focus = "main"});
    assert_int_equal(v->n_notes, 0);
    assert_ptr_equal(v->profile, p); /* nothing to rewrite: no copy */
    assert_true(has_note(view_of(*state, p, &(pa_view_options){.focus = "work", .ignore = "work"}),
                         "focus expression"));
    pa_profile_free(p);
}

/* ---- what survives a rewrite --------------------------------------------------------------------------------- */

static void rewritten_profile(void **state)
{
    pa_builder *b = builder_of(basic, sizeof basic / sizeof *basic);
    pa_begin_input(b, PA_STR("in.pb"), "pprof", false);
    pa_input_incomplete(b);
    pa_note(b, "odd thing", 5);
    pa_merge_meta(b, &(pa_meta){.producer = str(b, "maker"), .start_ns = 1, .duration_ns = 2, .period = 3});
    pa_interval i = {
        .stack = stack_from(b, "main;wait"), .context = context_from(b, "thread=w"), .start_ns = 9};
    pa_add_interval(b, &i);
    i.stack = stack_from(b, "gone");
    pa_add_interval(b, &i);
    pa_add_fact(b, &(pa_fact){.kind = str(b, "pause"), .value = 1.5});
    pa_add_cost(b, &(pa_function_cost){.calls = 4});
    pa_add_edge(b, &(pa_edge){.calls = 5});
    pa_set_estimated(b);
    pa_profile *p = finished(b);
    pa_view *v = view_of(*state, p, &(pa_view_options){.hide = "gone|helper"});
    const pa_profile *made = v->profile;
    assert_ptr_not_equal(made, p);
    assert_true(pa_str_is(pa_string(made, made->meta.producer), "maker"));
    assert_int_equal(made->meta.duration_ns, 2);
    assert_int_equal(made->n_inputs, 1);
    assert_false(made->inputs[0].complete);
    assert_true(pa_str_is(pa_string(made, made->inputs[0].name), "in.pb"));
    assert_int_equal(made->diags.n, 1);
    assert_int_equal(made->n_intervals, 1); /* the other one's stack is gone */
    assert_int_equal(made->intervals[0].start_ns, 9);
    assert_same_text(stack_text(*state, made, made->intervals[0].stack), PA_STR("main;wait"));
    assert_int_equal(made->n_facts, 1);
    assert_int_equal(made->n_costs, 1);
    assert_int_equal(made->n_edges, 1);
    assert_true(made->estimated);
    assert_true(pa_str_is(pa_string(made, pa_view_metric(v)->name), "cpu"));
    pa_profile_free(p);
}

/* Records and squares come along: 3 and 4 on a stack that two become are two records with 9 + 16. */
static void records_survive(void **state)
{
    static const sample samples[] = {{"a;x", NULL, 3}, {"a;y", NULL, 4}, {"a;y", NULL, 4}};
    pa_profile *p = PROFILE(samples);
    pa_view *v = view_of(*state, p, &(pa_view_options){.hide = "x|y"});
    const pa_stream *s = pa_view_stream(v);
    assert_int_equal(s->n_rows, 1);
    assert_int_equal(s->records[0], 3);
    assert_int_equal((uint64_t)pa_row_square(s, 0, 0), 9 + 16 + 16);
    pa_profile_free(p);
}

/* ---- groups -------------------------------------------------------------------------------------------------- */

static const sample grouped[] = {
    {"main@m.c:1#app;run@./x/../r.c:7#app", NULL, 1},
    {"main@m.c:1#app;run@r.c:8#app", NULL, 2},
    {"main@m.c:2#app;run@other.c:7#lib/libo.so.1", NULL, 4},
    {"#lib/libo.so.1", NULL, 8},
    {"@nameless.c:3", NULL, 16},
    {"bare", NULL, 32},
};

static void group_names(void **state)
{
    static const struct {
        pa_view_options o;
        const char *names; /* sorted */
    } rows[] = {
        {{0}, "[libo.so.1] bare main nameless.c run"},
        {{.compat = PA_COMPAT_PPROF}, "<unknown> [libo.so.1] bare main run"},
        {{.by = PA_BY_FILEFUNCTION}, "[libo.so.1] bare main m.c nameless.c run other.c run r.c"},
        {{.by = PA_BY_FILE}, "<unknown> [libo.so.1] m.c nameless.c other.c r.c"},
        {{.by = PA_BY_LINE},
         "[libo.so.1] bare main m.c:1 main m.c:2 nameless.c:3 run other.c:7 run r.c:7 run r.c:8"},
        {{.by = PA_BY_MODULE}, "<unknown> app libo.so.1"},
        {{.by = PA_BY_MODULE, .names = PA_NAMES_STRIP}, "<unknown> app libo.so"},
        {{.by = PA_BY_CATEGORY}, "library user"},
        {{.rename = "s/main|run/both/"}, "[libo.so.1] bare both nameless.c"},
        {{.rename = "s/bare//"}, "<unknown> [libo.so.1] main nameless.c run"},
    };
    pa_profile *p = PROFILE(grouped);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        pa_view *v = view_of(*state, p, &rows[i].o);
        pa_str names[16];
        for (size_t g = 0; g < v->n_groups; g++)
            names[g] = v->groups[g].name;
        qsort(names, v->n_groups, sizeof *names, compare_texts);
        pa_out *out = pa_out_to_memory(*state);
        for (size_t g = 0; g < v->n_groups; g++) {
            pa_out_cstr(out, g ? " " : "");
            pa_out_str(out, names[g]);
        }
        if (!pa_str_is(pa_out_written(out), rows[i].names))
            fail_msg("row %zu: '%.*s'", i, (int)pa_out_written(out).n, pa_out_written(out).p);
    }
    pa_profile_free(p);
}

static void group_fields(void **state)
{
    pa_profile *p = PROFILE(grouped);
    pa_view *v = view_of(*state, p, NULL);
    const pa_group *run = group_named(v, "run"), *main_group = group_named(v, "main");
    assert_true(run->many_files);
    assert_true(run->many_modules);
    assert_false(main_group->many_files);
    assert_true(pa_str_is(main_group->file, "m.c"));
    assert_true(pa_str_is(main_group->module, "app"));
    assert_true(pa_str_is(main_group->key, "main"));
    v = view_of(*state, p, &(pa_view_options){.by = PA_BY_LINE});
    assert_int_equal(group_named(v, "run r.c:8")->line, 8);
    assert_true(pa_str_is(group_named(v, "run r.c:8")->key, "run"));
    v = view_of(*state, p, &(pa_view_options){.by = PA_BY_MODULE});
    assert_true(pa_str_is(group_named(v, "libo.so.1")->key, "libo.so"));
    pa_profile_free(p);
}

static void addresses(void **state)
{
    pa_builder *b = new_builder();
    pa_stream_id s = stream_of(b, "", "cpu", "ns");
    pa_function_id f = pa_add_function(b, &(pa_function){.name = str(b, "f"), .file = str(b, "f.c")});
    pa_module_id m = pa_add_module(b, &(pa_module){.path = str(b, "/bin/app")});
    const pa_frame frames[] = {
        {.function = f, .module = m, .address = 0x401136, .line = 3, .column = 7},
        {.function = f, .module = m, .address = 0x401140, .line = 3},
        {.module = m, .address = 0x401150},
        {.address = 0x10},
    };
    for (size_t i = 0; i < 4; i++) {
        pa_frame_id id = pa_add_frame(b, &frames[i]);
        row(b, s, pa_add_stack(b, &id, 1), (pa_context_id){0}, 1);
    }
    pa_profile *p = finished(b);
    pa_view *v = view_of(*state, p, &(pa_view_options){.by = PA_BY_ADDRESS});
    assert_int_equal(v->n_groups, 4);
    assert_int_equal(group_named(v, "0000000000401136 f f.c:3:7")->address, 0x401136);
    group_named(v, "0000000000401140 f f.c:3");
    group_named(v, "0000000000401150 [app]");
    group_named(v, "0000000000000010 <unknown>");
    v = view_of(*state, p, &(pa_view_options){.by = PA_BY_LINE});
    assert_int_equal(v->n_groups, 3);
    pa_profile_free(p);
}

static void context_groups(void **state)
{
    static const sample samples[] = {{"a", "thread=w,thread_id=1#", 1},
                                     {"b", "thread=w,thread_id=2#", 2},
                                     {"a", "handler=x,handler=y", 4},
                                     {"a", "thread=solo", 8}};
    pa_profile *p = PROFILE(samples);
    pa_view *v = view_of(*state, p, &(pa_view_options){.by = PA_BY_THREAD});
    assert_null(v->group_of_frame);
    assert_int_equal(v->n_groups, 3);
    group_named(v, "w (1)");
    group_named(v, "w (2)");
    group_named(v, "solo");
    assert_int_equal(v->group_of_context[0], PA_NO_GROUP);
    v = view_of(*state, p, &(pa_view_options){.by = PA_BY_LABEL, .by_label = "handler"});
    assert_int_equal(v->n_groups, 1);
    group_named(v, "x,y");
    assert_string_equal(
        refused(*state, p, &(pa_view_options){.by = PA_BY_LABEL, .by_label = "nokey"}).message,
        "by: this profile has no such labels: none of its samples has a label 'nokey'; it has: thread, "
        "thread_id, handler");
    pa_profile_free(p);
}

/* ---- properties ---------------------------------------------------------------------------------------------- */

static pa_profile *random_profile(uint64_t seed)
{
    static const char *const names[] = {"a", "b", "c", ">i", ">j", "d#lib.so", "e@e.c"};
    pa_builder *b = new_builder();
    pa_stream_id s = stream_of(b, "", "cpu", "ns");
    for (int n = 0; n < 60; n++) {
        char text[256] = "r";
        size_t depth = random_below(&seed, 9), length = 1;
        for (size_t i = 0; i < depth; i++)
            length +=
                (size_t)snprintf(text + length, sizeof text - length, ";%s", names[random_below(&seed, 7)]);
        row(b, s, stack_from(b, text), (pa_context_id){0}, (int64_t)random_below(&seed, 100));
    }
    return finished(b);
}

/* Whatever is filtered: no more than the whole; what hide and prune leave is what focus, ignore and show_from leave. */
static void filters_never_add(void **state)
{
    static const pa_view_options rows[] = {
        {.focus = "b"},      {.ignore = "b"},
        {.hide = "b|i"},     {.show = "a|j"},
        {.show_from = "i"},  {.prune_from = "c|j"},
        {.noinlines = true}, {.focus = "d", .hide = "e", .fold_recursion = true},
        {.hide = "lib"},
    };
    for (uint64_t seed = 1; seed <= 20; seed++) {
        pa_profile *p = random_profile(seed);
        int64_t whole = view_of(*state, p, NULL)->total;
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
            pa_view_options o = rows[i];
            o.relative_percentages = true;
            pa_view *v = view_of(*state, p, &o);
            int64_t sum = 0;
            for (size_t r = 0; r < pa_view_stream(v)->n_rows; r++)
                sum += pa_view_has_row(v, r) ? pa_view_value(v, r) : 0;
            assert_int_equal(sum, v->total);
            assert_true(sum <= whole);
            if (o.noinlines || o.prune_from)
                assert_int_equal(sum, whole);
        }
        pa_view_options focus = {.focus = "b", .relative_percentages = true},
                        ignore = {.ignore = "b", .relative_percentages = true};
        assert_int_equal(view_of(*state, p, &focus)->total + view_of(*state, p, &ignore)->total, whole);
        pa_profile_free(p);
    }
}

/* Every block refused in turn: an error each time, nothing left behind. */
static void no_memory(void **state)
{
    (void)state;
    static const pa_view_options o = {.focus = "m",
                                      .hide = "b",
                                      .tagroot = "handler,size",
                                      .tagfocus = "handler=put",
                                      .tagignore = "size=1kb:",
                                      .rename = "s/a/b/",
                                      .names = PA_NAMES_STRIP,
                                      .fold_recursion = true};
    pa_profile *p = PROFILE(labelled);
    for (long fail = 2;; fail++) {
        pa_budget budget = {.block_bytes = 256, .fail_block = fail};
        pa_arena *a = pa_arena_new(&budget);
        pa_err err = {0};
        pa_view *v = pa_view_new(p, &o, a, &err);
        pa_arena_free(a);
        assert_int_equal(err.code, v ? PA_E_NONE : PA_E_MEMORY);
        assert_int_equal(budget.used_bytes, 0);
        if (v)
            break;
        assert_true(fail < 100000);
    }
    pa_profile_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARENA_TEST(filters_on_locations),
        ARENA_TEST(repeated_matches),
        ARENA_TEST(lines_of_locations),
        ARENA_TEST(simplified_names),
        ARENA_TEST(dropped_frames),
        ARENA_TEST(folded_recursion),
        ARENA_TEST(tag_filters),
        ARENA_TEST(tag_frames),
        ARENA_TEST(threads_and_cpus),
        ARENA_TEST(totals),
        ARENA_TEST(relative_total_of_rewrites),
        ARENA_TEST(metrics),
        ARENA_TEST(bad_expressions),
        ARENA_TEST(notes_and_filters),
        ARENA_TEST(rewritten_profile),
        ARENA_TEST(records_survive),
        ARENA_TEST(group_names),
        ARENA_TEST(group_fields),
        ARENA_TEST(addresses),
        ARENA_TEST(context_groups),
        ARENA_TEST(filters_never_add),
        cmocka_unit_test(no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
