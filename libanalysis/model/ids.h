/* ids: typed 32-bit handles of the model.  0 is always valid: the empty string, no module, the unknown function, the
 * unknown frame, the empty stack, no context.  Streams count from 0. */
#ifndef PA_MODEL_IDS_H
#define PA_MODEL_IDS_H

#include <stdint.h>

typedef struct pa_str_id {
    uint32_t v;
} pa_str_id;
typedef struct pa_module_id {
    uint32_t v;
} pa_module_id;
typedef struct pa_function_id {
    uint32_t v;
} pa_function_id;
typedef struct pa_frame_id {
    uint32_t v;
} pa_frame_id;
typedef struct pa_stack_id {
    uint32_t v;
} pa_stack_id;
typedef struct pa_context_id {
    uint32_t v;
} pa_context_id;
typedef struct pa_stream_id {
    uint32_t v;
} pa_stream_id;

#endif
