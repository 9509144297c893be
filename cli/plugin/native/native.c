/* native.c - see native.h. */
#include "cli/plugin/native/native.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#include "cli/plugin/native/compile.h"
#include "cli/plugin/native/symbols.h"
#include "cli/plugin/texts.h"

/* ---- The library --------------------------------------------------------- */

bool native_open(struct plugin *p, struct arena *arena, char *message)
{
    const char *path = p->source.path;
    char own[PLUGIN_PATH_BYTES];
    const char *end = strrchr(p->source.name, '.');
    if (strcmp(end, ".c") == 0) {
        char built_by[PLUGIN_BUILT_BYTES];
        if (!compile_policy(&p->source, own, built_by, message)) {
            return false;
        }
        char *kept = arena_alloc(arena, strlen(built_by) + 1, 1);
        if (!kept) {
            return false;
        }
        memcpy(kept, built_by, strlen(built_by) + 1);
        p->built_by = kept;
        path = own;
    } else if (!strchr(path, '/')) {
        snprintf(own, sizeof(own), "./%s", path);
        path = own;
    }
    if (!symbols_are_own(path, p->source.name, message)) {
        return false;
    }
    p->note = arena_alloc(arena, sizeof(*p->note), alignof(struct plugin_note));
    if (!p->note) {
        return false;
    }
    p->library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!p->library) {
        snprintf(message, PLUGIN_MESSAGE_BYTES, "%.*s",
                 PLUGIN_MESSAGE_BYTES - 1, dlerror());
    }
    return p->library;
}

bool native_complain(char *message, const char *symbol, const char *what)
{
    snprintf(message, PLUGIN_MESSAGE_BYTES, "its %s %s", symbol, what);
    return false;
}

static const struct policy_arg *args_of(const struct iksim_arg *from,
                                        struct arena *arena)
{
    size_t count = 0;
    while (from && from[count].name) {
        count++;
    }
    struct policy_arg *rows = arena_alloc(arena, (count + 1) * sizeof(*rows),
                                          alignof(struct policy_arg));
    for (size_t i = 0; rows && i < count; i++) {
        const struct iksim_arg *a = &from[i];
        rows[i] = (struct policy_arg){
            a->name,      (enum policy_unit)a->unit,
            a->low,       a->high,
            a->otherwise, a->meaning ? a->meaning : "what it says",
        };
    }
    return rows;
}

const void *native_find(const struct plugin *p, const char *symbol,
                        struct arena *arena, struct policy_facts *facts,
                        char *message)
{
    const void *found = dlsym(p->library, symbol);
    if (!found) {
        snprintf(message, PLUGIN_MESSAGE_BYTES,
                 "'%s' has no `const struct %s %s`; see iksim policy new",
                 p->source.name, symbol, symbol);
        return NULL;
    }
    const struct iksim_facts *stated = found; /* The first member of any. */
    if (stated->abi != IKSIM_POLICY_ABI) {
        snprintf(message, PLUGIN_MESSAGE_BYTES,
                 "'%s' was written for version %u of iksim/policy.h, and this "
                 "iksim has version %u",
                 p->source.name, stated->abi, IKSIM_POLICY_ABI);
        return NULL;
    }
    *facts = (struct policy_facts){
        .name = p->source.name,
        .summary = stated->summary ? stated->summary : "a policy in C",
        .source = stated->source ? stated->source : p->source.name,
        .args = args_of(stated->args, arena),
        .vm_args = args_of(stated->vm_args, arena),
        .reasons = stated->reasons,
    };
    return facts->args && facts->vm_args ? found : NULL;
}

/* ---- The host ------------------------------------------------------------ */

static struct native_host *native_of(struct iksim_host *h)
{
    return CONTAINER_OF(h, struct native_host, host);
}

static uint64_t on_now(struct iksim_host *h)
{
    return policy_now(native_of(h)->outer);
}

static uint64_t on_random(struct iksim_host *h, uint64_t below)
{
    if (below == 0) {
        policy_fail(native_of(h)->outer, "random() must be below 1 or more");
        return 0;
    }
    return policy_random(native_of(h)->outer, below);
}

/* Whether create() is called; else it fails. */
static bool is_creating(struct native_host *n)
{
    if (!n->arena) {
        policy_fail(n->outer, "it asks what may be asked in create() alone");
    }
    return n->arena;
}

static void *on_alloc(struct iksim_host *h, size_t bytes)
{
    struct native_host *n = native_of(h);
    if (!is_creating(n)) {
        return NULL;
    }
    void *at = NULL;
    if (bytes > NATIVE_BYTES - n->taken) {
        policy_fail(n->outer,
                    "it wants more memory than it may have, 1024 MiB");
    } else {
        n->taken += bytes;
        at = arena_alloc(n->arena, bytes, alignof(max_align_t));
    }
    if (!at) {
        policy_fail(n->outer, "it wants more memory than there is");
    }
    return at;
}

static const struct policy_arg *
find_row(struct native_host *n, const struct policy_arg *rows, const char *name)
{
    for (const struct policy_arg *r = rows; r->name; r++) {
        if (strcmp(r->name, name) == 0) {
            return r;
        }
    }
    policy_fail(n->outer, "it asks for an argument that its facts do not list");
    return NULL;
}

static uint64_t on_arg(struct iksim_host *h, const char *name)
{
    struct native_host *n = native_of(h);
    const struct policy_arg *row =
        is_creating(n) ? find_row(n, n->facts->args, name) : NULL;
    return row ? policy_arg(n->outer, n->facts, name) : 0;
}

static uint64_t on_vm_arg(struct iksim_host *h, uint32_t vm, const char *name)
{
    struct native_host *n = native_of(h);
    const struct policy_arg *row = is_creating(n) && vm < h->vm_limit
                                       ? find_row(n, n->facts->vm_args, name)
                                       : NULL;
    return row ? policy_vm_arg(n->outer, n->facts, vm, name) : 0;
}

static struct iksim_vm on_vm(struct iksim_host *h, uint32_t vm)
{
    struct native_host *n = native_of(h);
    if (!is_creating(n) || vm >= h->vm_limit) {
        return (struct iksim_vm){ .shares = 100 };
    }
    struct entitlement e = entitlement_of(n->vm, n->vm_ctx, vm);
    return (struct iksim_vm){ e.shares, e.priority, e.reserve_frames };
}

static void on_wake_at(struct iksim_host *h, uint64_t cycle)
{
    policy_wake_at(native_of(h)->outer, cycle);
}

static void on_reason(struct iksim_host *h, uint32_t which, uint64_t value)
{
    policy_reason(native_of(h)->outer, which, value);
}

static void on_fail(struct iksim_host *h, const char *why)
{
    policy_fail(native_of(h)->outer, why);
}

/* Their types say what they are.
   NOLINTNEXTLINE(readability-function-size) */
void native_host_init(struct native_host *h, struct plugin_note *note,
                      const struct policy_facts *facts,
                      struct policy_host *outer, struct arena *arena,
                      entitlement_fn *vm, const void *vm_ctx)
{
    *h = (struct native_host){
        .host = { .now = on_now,
                  .random = on_random,
                  .alloc = on_alloc,
                  .arg = on_arg,
                  .vm_arg = on_vm_arg,
                  .vm = on_vm,
                  .wake_at = on_wake_at,
                  .reason = on_reason,
                  .fail = on_fail },
        .note = note,
        .facts = facts,
        .outer = outer,
        .arena = arena,
        .vm = vm,
        .vm_ctx = vm_ctx,
    };
}

void *native_created(struct native_host *h, void *state)
{
    h->arena = NULL;
    if (!state) {
        policy_fail(h->outer, "it gave nothing");
    }
    return state;
}
