/*
 * attackers.h - the bundled attackers: what each is in a scenario beside which it
 * is put. workloads/attackers/ has a page of each, and the guests.
 */
#ifndef CLI_LAB_ISOLATE_ATTACKERS_H
#define CLI_LAB_ISOLATE_ATTACKERS_H

#include "sim/arena.h"
#include "sim/scenario.h"

/* What the supervisor does with an attacker's VMs while a run is measured. */
enum attacker_events {
    ATTACKER_STAYS,
    ATTACKER_COMES,         /* More of them are created, which end soon. */
    ATTACKER_COMES_AND_GOES /* Many are created, and destroyed. */
};

struct attacker {
    const char *name;
    const char *summary; /* A sentence without its end. */
    const char *image;   /* As a scenario names it. */
    const char *args;    /* Of the words below, `{victims}` may stand here. */
    const char *memory;  /* Of each VM. */
    /* Further settings with `;` in between, or NULL. In all of them `{victims}`
       is the number of the victims' VMs, and `{load}` and `{disks}` are the
       numbers of the lists' next items. */
    const char *sets;
    enum attacker_events events;
};

/* Ended by one without a name. */
extern const struct attacker attacker_table[];

/* NULL: there is none of that name. */
const struct attacker *attacker_find(const char *name);

/* When the attack is made, measured from power-on. */
struct attack_span {
    uint64_t from_ns, to_ns;
};

/* Settings, each KEY=VALUE in an arena. */
#define ATTACK_SET_LIMIT 190
struct attack_words {
    struct arena *arena;
    const char *items[ATTACK_SET_LIMIT];
    uint32_t count;
    bool is_whole; /* Nothing was left out. */
};

__attribute__((format(printf, 2, 3))) void attack_add(struct attack_words *w,
                                                      const char *format, ...);

/* Adds the settings that put `count` VMs of the attacker beside the scenario's
   own, which come first. */
void attacker_add(const struct attacker *a, const struct scenario *victims,
                  uint32_t count, struct attack_span span,
                  struct attack_words *w);

#endif /* CLI_LAB_ISOLATE_ATTACKERS_H */
