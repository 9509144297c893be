/*
 * resolve.h - from text to numbers: the way in, and what its files share.
 * For the files of this folder only.
 */
#ifndef SIM_SCENARIO_RESOLVE_H
#define SIM_SCENARIO_RESOLVE_H

#include <stdio.h>

#include "sim/scenario/raw.h"

/* Fills in defaults, converts units and checks ranges; NULL, and a sentence,
   when something is out of place. Keeps nothing of `raw`. */
struct scenario *scenario_resolve(struct arena *arena, const struct raw *raw,
                                  const struct scenario_source *source,
                                  char message[SCENARIO_MESSAGE_BYTES]);

/* ---- Shared ------------------------------------------------------------- */

#define ITEM_LIMIT 4096 /* So that comparing each with each stays quick. */

/* Below, false always means that the message has been written. */
struct resolver {
    struct arena *arena;
    const struct raw *raw;
    const struct scenario_source *source;
    char *message;
    struct scenario *s;
};

/* An empty value is as good as none: the default holds. */
static inline bool is_given(const char *text)
{
    return text && *text;
}

/* A complaint about the key `name` of a list's item. */
#define REFUSE_ITEM(r, list, index, name, ...)                          \
    do {                                                                \
        char path_[KEY_PATH_BYTES];                                     \
        snprintf(path_, sizeof(path_), "%s[%u].%s", list, index, name); \
        source_complain((r)->source, (r)->message, path_, __VA_ARGS__); \
    } while (0)

/* Complains; returns false. */
bool resolve_no_memory(const struct resolver *r);

/* Room for the `count` items of `list`, each of `bytes`; NULL: there may not
   be as many, or there is no memory. */
void *resolve_list(const struct resolver *r, const char *list, uint32_t count,
                   size_t bytes);

/* All keys of one mapping; `part` is its raw struct, NULL when left out. */
bool resolve_keys(const struct resolver *r, const char *path,
                  const struct key_rule *rules, const void *part, void *target);

/* The arguments that are given in an open mapping; texts may be NULL. */
bool resolve_args(const struct resolver *r, enum open_key key,
                  char *const *texts, struct scenario_args *args);

/* Where a group of VMs is named: the key of a list's item, and its text. */
struct reference {
    const char *list;
    uint32_t item;
    const char *key;
    const char *text; /* Not given: the only group. */
};

/* Groups come first. */
bool resolve_reference(const struct resolver *r, const struct reference *from,
                       uint32_t *group);

/* answer.c: what load item i expects. */
bool resolve_answer(const struct resolver *r, uint32_t i);

/* loads.c. After the groups. */
bool resolve_loads(struct resolver *r);

/* arrivals.c */

/* Of load item i: how the requests of an open loop are spread over time. */
bool resolve_arrivals(const struct resolver *r, uint32_t i);

/* items.c */

/* Adds to the groups' vm_total, and to vm_count, what events create. */
bool resolve_events(struct resolver *r);
/* After the events. */
bool resolve_disks(struct resolver *r);

#endif /* SIM_SCENARIO_RESOLVE_H */
