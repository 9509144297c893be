/* texts.c - see texts.h. */
#include "cli/plugin/texts.h"

#include "cli/plugin/texts_rows.h" /* The build makes it of the files. */

const struct plugin_text_row plugin_texts[PLUGIN_TEXT_COUNT] = {
    [PLUGIN_TEXT_PRELUDE] = { "prelude.lua", text_prelude },
    [PLUGIN_TEXT_HEADER] = { "iksim/policy.h", text_header },
    [PLUGIN_TEXT_SCHEDULER_LUA] = { "scheduler.lua", text_scheduler_lua },
    [PLUGIN_TEXT_GATEKEEPER_LUA] = { "gatekeeper.lua", text_gatekeeper_lua },
    [PLUGIN_TEXT_REPLACEMENT_LUA] = { "replacement.lua", text_replacement_lua },
    [PLUGIN_TEXT_SCHEDULER_C] = { "scheduler.c", text_scheduler_c },
    [PLUGIN_TEXT_GATEKEEPER_C] = { "gatekeeper.c", text_gatekeeper_c },
    [PLUGIN_TEXT_REPLACEMENT_C] = { "replacement.c", text_replacement_c },
};
