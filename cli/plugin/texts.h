/* texts.h - texts that are files of this folder, in the program. */
#ifndef CLI_PLUGIN_TEXTS_H
#define CLI_PLUGIN_TEXTS_H

enum plugin_text {
    PLUGIN_TEXT_PRELUDE, /* prelude.lua */
    PLUGIN_TEXT_HEADER,  /* iksim/policy.h */
    /* What `iksim policy new` writes, by kind and ending. */
    PLUGIN_TEXT_SCHEDULER_LUA,
    PLUGIN_TEXT_GATEKEEPER_LUA,
    PLUGIN_TEXT_REPLACEMENT_LUA,
    PLUGIN_TEXT_SCHEDULER_C,
    PLUGIN_TEXT_GATEKEEPER_C,
    PLUGIN_TEXT_REPLACEMENT_C,
    PLUGIN_TEXT_COUNT
};

struct plugin_text_row {
    const char *name;
    const char *text;
};

extern const struct plugin_text_row plugin_texts[PLUGIN_TEXT_COUNT];

#endif /* CLI_PLUGIN_TEXTS_H */
