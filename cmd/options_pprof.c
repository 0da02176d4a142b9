/* options_pprof: names that pprof's users type.  Some are spellings of options here and mean the same; the others get
 * advice instead of "unknown option".
 * In: nothing.  Out: two tables.  A row with advice must not name a command or option that does not exist. */
#include "cmd/cmd.h"

#include <string.h>

static bool parse_symbolize(const char *value, pa_err *err)
{
    if (strcmp(value, "none") == 0)
        return true;
    return pa_fail(err, PA_E_USAGE, PA_NO_OFFSET,
                   "takes only none, not '%s': symbols are never looked up, names are those in the profile",
                   value);
}

#define NO_WEB               "there is no web server here; reports go to the terminal, or to a file with -o FILE"
#define NO_GRAPH             "no graphs are drawn here; --format json or csv hands the numbers to a program that does"
#define NO_REPORT            "there is no such report here; 'panalyze help' lists the commands"
#define NO_DIFF              "profiles are not compared here"
#define NO_MEAN              "values are shown as the profile has them, never divided"
#define NO_FETCH             "only files are read here; fetch the profile first"
#define NO_EFFECT            "it would have no effect here; leave it out"
#define NO_SOURCE            "only list looks for source files; elsewhere their names are shown as the profile has them"
#define NO_CHANGE            "profiles are not changed here"
#define NO_HEADERS           "there is no such choice here; --format csv or json is for programs"
#define ADVICE(option, text) PA_OPTION(.name = option, .advice = text)

static const pa_option spellings[] = {
    PA_OPTION(.name = "functions", .same_as = "by=function", .help = "as --by function"),
    PA_OPTION(.name = "filefunctions", .same_as = "by=filefunction", .help = "as --by filefunction"),
    PA_OPTION(.name = "files", .same_as = "by=file", .help = "as --by file"),
    PA_OPTION(.name = "lines", .same_as = "by=line", .help = "as --by line"),
    PA_OPTION(.name = "addresses", .same_as = "by=address", .help = "as --by address"),
    PA_OPTION(.name = "inuse-space", .same_as = "metric=inuse_space", .help = "as --metric inuse_space"),
    PA_OPTION(.name = "inuse-objects", .same_as = "metric=inuse_objects",
              .help = "as --metric inuse_objects"),
    PA_OPTION(.name = "alloc-space", .same_as = "metric=alloc_space", .help = "as --metric alloc_space"),
    PA_OPTION(.name = "alloc-objects", .same_as = "metric=alloc_objects",
              .help = "as --metric alloc_objects"),
    PA_OPTION(.name = "contentions", .same_as = "metric=contentions", .help = "as --metric contentions"),
    PA_OPTION(.name = "total-delay", .same_as = "metric=delay", .help = "as --metric delay"),
    PA_OPTION(.name = "symbolize", .value = "none", .choices = "none", .parse = parse_symbolize,
              .help = "accepted and ignored: symbols are never looked up"),
};
const pa_option_table pa_pprof_options = PA_OPTION_TABLE("Spellings of pprof", spellings);

static const pa_option advice[] = {
    ADVICE("top", "top is a command here: panalyze top FILE"),
    ADVICE("text", "top is a command here: panalyze top FILE"),
    ADVICE("http", NO_WEB),
    ADVICE("no-browser", NO_WEB),
    ADVICE("web", NO_WEB),
    ADVICE("weblist", NO_WEB),
    ADVICE("png", NO_GRAPH),
    ADVICE("svg", NO_GRAPH),
    ADVICE("gif", NO_GRAPH),
    ADVICE("pdf", NO_GRAPH),
    ADVICE("ps", NO_GRAPH),
    ADVICE("dot", NO_GRAPH),
    ADVICE("eog", NO_GRAPH),
    ADVICE("evince", NO_GRAPH),
    ADVICE("gv", NO_GRAPH),
    ADVICE("callgrind", NO_GRAPH),
    ADVICE("kcachegrind", NO_GRAPH),
    ADVICE("call-tree", NO_GRAPH),
    ADVICE("edgefraction", NO_EFFECT),
    ADVICE("tree", "tree is a command here: panalyze tree --compat pprof FILE"),
    ADVICE("peek", "peek is a command here: panalyze peek --compat pprof RE FILE"),
    ADVICE("list", "list is a command here: panalyze list --compat pprof RE FILE"),
    ADVICE("disasm", NO_REPORT),
    ADVICE("traces", "an option of tree here: panalyze tree --compat pprof --traces FILE"),
    ADVICE("raw", NO_REPORT),
    ADVICE("tags", "tags is a command here: panalyze tags --compat pprof FILE"),
    ADVICE("comments", NO_REPORT),
    ADVICE("proto", NO_REPORT),
    ADVICE("topproto", NO_REPORT),
    ADVICE("base", NO_DIFF),
    ADVICE("diff-base", NO_DIFF),
    ADVICE("normalize", NO_DIFF),
    ADVICE("drop-negative", NO_DIFF),
    ADVICE("mean", NO_MEAN),
    ADVICE("mean-delay", NO_MEAN),
    ADVICE("divide-by", NO_MEAN),
    ADVICE("seconds", NO_FETCH),
    ADVICE("timeout", NO_FETCH),
    ADVICE("buildid", NO_FETCH),
    ADVICE("tls-cert", NO_FETCH),
    ADVICE("tls-key", NO_FETCH),
    ADVICE("tls-ca", NO_FETCH),
    ADVICE("add-comment", NO_CHANGE),
    ADVICE("tools", NO_EFFECT),
    ADVICE("source-path", NO_SOURCE),
    ADVICE("trim-path", NO_SOURCE),
    ADVICE("compact-labels", NO_HEADERS),
    ADVICE("intel-syntax", NO_EFFECT),
    ADVICE("showcolumns", NO_HEADERS),
    ADVICE("tagshow", NO_EFFECT),
    ADVICE("taghide", NO_EFFECT),
};

const pa_option_table pa_pprof_advice = PA_OPTION_TABLE(NULL, advice);
