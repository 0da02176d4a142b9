/* render: the row type of renderers.def.  A renderer reads a report and writes bytes; it never sees a profile. */
#ifndef PA_REPORT_RENDER_H
#define PA_REPORT_RENDER_H

#include "libanalysis/base/output.h"
#include "libanalysis/report/report.h"

typedef struct pa_renderer {
    pa_renderer_info info;
    void (*render)(const pa_report *report, const pa_render_options *options, pa_arena *scratch, pa_out *out);
} pa_renderer;

#define PA_RENDERER(name) extern const pa_renderer pa_renderer_##name;
#include "libanalysis/report/renderers.def"
#undef PA_RENDERER

#endif
