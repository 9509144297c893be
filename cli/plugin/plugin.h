/*
 * plugin.h - policies that are files: a scenario names a file where the name of
 * a built-in policy may stand, and gets a table as any other.
 *
 *     mine.lua  Lua 5.4, without the host: lua_policy.h
 *     mine.c    compiled by the host's compiler, into a cache by content
 *     mine.so   what that gives
 *
 * The policy is loaded when the scenario is checked, before a sandbox closes.
 * What is C runs in this process, and is trusted. Between any such policy and
 * the kernel stands a checker: checked.h.
 */
#ifndef CLI_PLUGIN_PLUGIN_H
#define CLI_PLUGIN_PLUGIN_H

#include "ik/gate.h"
#include "ik/replace.h"
#include "ik/sched.h"
#include "sim/arena.h"
#include "sim/trace/trace.h"
#include "sim/vocabulary/words.h"

#define PLUGIN_MESSAGE_BYTES 512
#define PLUGIN_NAME_BYTES    320
#define PLUGIN_PIN_CHARS     16 /* Of a hash behind a name, "mine.lua@8b1a...". */

/* A file's text. */
struct plugin_source {
    const char *name; /* As the scenario has it, without a pin. */
    const char *path; /* Where it was found. */
    const char *text; /* The arena's; a NUL follows. */
    size_t bytes;
    char hash[FINGERPRINT_CHARS]; /* XXH3-128 of the text. */
};

/* What a policy in C is at: for who watches from a signal's handler. */
struct plugin_note {
    const char *volatile op; /* It is in this call; NULL: in none. A literal. */
    volatile uint64_t calls;
};

struct plugin {
    enum policy_kind kind;
    struct plugin_source source;
    const char *built_by; /* Of C: compiler and flags; "" otherwise. */
    /* One of these, by kind: checked. */
    const struct sched_policy *sched;
    const struct gate_policy *gate;
    const struct replace_policy *replace;
    struct lua_policy *lua;   /* NULL: it is C. */
    void *library;            /* NULL: it is Lua. */
    struct plugin_note *note; /* Of a library; the arena's. */
};

/* Whether a policy's name is that of a file, pinned or not. */
bool plugin_is_file(const char *name);

/* Writes the file's name with the pin of what was read. */
void plugin_pin(const struct plugin_source *source,
                char pinned[PLUGIN_NAME_BYTES]);

/* Reads the file: as it is named from here, or else from the folder of that
   other file, if it is not NULL. False: `message` says why not: a pin holds no
   longer, too. */
SIM_MUST_USE bool plugin_read(struct plugin_source *source, struct arena *arena,
                              const char *name, const char *beside,
                              char message[PLUGIN_MESSAGE_BYTES]);

/* Loads a policy of that kind. False: `message` says why not; plugin_release is
   allowed either way. */
SIM_MUST_USE bool plugin_load(struct plugin *p, struct arena *arena,
                              enum policy_kind kind,
                              const struct plugin_source *source,
                              char message[PLUGIN_MESSAGE_BYTES]);
/* Likewise, of whatever kind it is. */
SIM_MUST_USE bool plugin_load_any(struct plugin *p, struct arena *arena,
                                  const struct plugin_source *source,
                                  char message[PLUGIN_MESSAGE_BYTES]);
void plugin_release(struct plugin *p);

#endif /* CLI_PLUGIN_PLUGIN_H */
