/*
 * native.h - a policy in C: compiled by the host's compiler, loaded into this
 * process, and given a host of its own words (iksim/policy.h).
 */
#ifndef CLI_PLUGIN_NATIVE_NATIVE_H
#define CLI_PLUGIN_NATIVE_NATIVE_H

#include "cli/plugin/iksim/policy.h"
#include "cli/plugin/plugin.h"

/* The most that an instance may take by alloc(). */
#define NATIVE_BYTES ((size_t)1 << 30)

/* What one instance asks. */
struct native_host {
    struct iksim_host host;
    const struct policy_facts *facts;
    struct policy_host *outer;
    struct arena *arena; /* Valid in create(); NULL otherwise. */
    size_t taken;        /* Bytes so far. */
    struct plugin_note *note;
    entitlement_fn *vm;
    const void *vm_ctx;
};

/* Opens the library, having compiled it if the file is C. False: `message` says
   why not. */
SIM_MUST_USE bool native_open(struct plugin *p, struct arena *arena,
                              char *message);

/* The policy is called now, and has come back. */
static inline void native_enter(const struct native_host *h, const char *op)
{
    h->note->calls++;
    h->note->op = op;
}

static inline void native_left(const struct native_host *h)
{
    h->note->op = NULL;
}

/* Sets all but the limits of h->host. `note` is the plugin's. */
void native_host_init(struct native_host *h, struct plugin_note *note,
                      const struct policy_facts *facts,
                      struct policy_host *outer, struct arena *arena,
                      entitlement_fn *vm, const void *vm_ctx);

/* What create() gave, if it gave anything and has not failed: or it fails. */
void *native_created(struct native_host *h, void *state);

/* The library's object of that name, whose first member is its facts. NULL:
   `message` says why. `functions` of it must not be NULL. */
const void *native_find(const struct plugin *p, const char *symbol,
                        struct arena *arena, struct policy_facts *facts,
                        char *message);
bool native_complain(char *message, const char *symbol, const char *what);

#endif /* CLI_PLUGIN_NATIVE_NATIVE_H */
