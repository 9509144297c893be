/*
 * boot.c - builds the kernel, as a list of steps, and takes it down. See
 * kernel.h.
 */
#include <stdio.h>
#include <string.h>

#include "ik/devices/devices.h"
#include "ik/hosts/hosts.h"
#include "ik/kernel.h"
#include "ik/lifecycle.h"
#include "ik/memory/eviction.h"
#include "ik/memory/memory.h"
#include "ik/supervisor.h"
#include "sim/arena.h"
#include "sim/scenario/facts.h"

/* The kernel's own code and data, in frames: 1 MiB, an estimate. */
#define KERNEL_FRAMES 256
/* A packet's room in the pinned receive pool. */
#define POOL_PACKET_BYTES 2048

static void on_step(void *ctx, const struct cpu_step *step)
{
    struct kernel *k = ctx;
    k->config.step(k->config.step_ctx, k->now + step->cycles, step);
}

static bool init_processor(struct kernel *k, struct arena *arena,
                           const char **why)
{
    const struct kernel_config *c = &k->config;
    struct cpu_config config = {
        .ram = c->ram,
        .frame_count = k->frames.count,
        .images = c->images,
        .image_count = c->image_count,
        .costs = c->insn_costs,
        .translate = memory_translate,
        .translate_ctx = k,
        .step = c->step ? on_step : NULL,
        .step_ctx = k,
        .halt = c->halt,
        .halt_ctx = c->halt_ctx,
        .note = c->note,
        .listed = c->listed,
        .listed_count = c->listed_count,
    };
    k->cpu = cpu_create(arena, &config, why);
    return k->cpu;
}

/* What the scenario entitles a VM to: its group's. */
static struct entitlement entitlement(const void *ctx, vmid_t vm)
{
    const struct scenario_vms *group = scenario_group_of(ctx, vm);
    return (struct entitlement){
        .shares = group->shares,
        .priority = group->priority,
        .reserve_frames = group->reserve_bytes / ABI_PAGE_BYTES,
    };
}

static bool init_policies(struct kernel *k, struct arena *arena)
{
    const struct scenario *s = k->config.scenario;
    hosts_init(k);
    struct sched_config sched = {
        .vm_limit = k->vm_count,
        .quantum_cycles = cycles_from_ns(s->quantum_ns, k->cpu_hz),
        .switch_cycles = k->costs->switch_base,
        .host = &k->hosts[POLICY_SCHEDULER].host,
        .vm = entitlement,
        .vm_ctx = s,
    };
    struct gate_config gate = {
        .vm_limit = k->vm_count,
        .min_free_frames = s->min_free_bytes / ABI_PAGE_BYTES,
        .vm = entitlement,
        .vm_ctx = s,
        .host = &k->hosts[POLICY_GATEKEEPER].host,
    };
    struct replace_config replace = {
        .frame_count = k->frames.count,
        .vm_limit = k->vm_count,
        .tau_cycles = cycles_from_ns(s->tau_ns, k->cpu_hz),
        .vm = entitlement,
        .vm_ctx = s,
        .host = &k->hosts[POLICY_REPLACEMENT].host,
    };
    k->sched = k->config.sched->create(k->config.sched, arena, &sched);
    k->admission.gate = k->config.gate->create(k->config.gate, arena, &gate);
    k->replace = k->config.replace->create(k->config.replace, arena, &replace);
    k->supervisor = supervisor_create(k, arena);
    return k->sched && k->admission.gate && k->replace && k->supervisor;
}

static bool init_memory(struct kernel *k, struct arena *arena)
{
    const struct scenario *s = k->config.scenario;
    uint64_t pool = (uint64_t)s->rx_pool * POOL_PACKET_BYTES;
    k->paging.pinned_base = KERNEL_FRAMES + (uint32_t)(pool / ABI_PAGE_BYTES) +
                            EVICTION_WRITE_LIMIT;
    uint32_t frames = (uint32_t)(s->ram_bytes / ABI_PAGE_BYTES);
    k->config.stats->memory.frames = frames;
    return frames_init(&k->frames, arena, frames);
}

static const char *init_disks(struct kernel *k, struct arena *arena)
{
    const struct scenario *s = k->config.scenario;
    struct swap_config config = {
        .model = s->machine->disk,
        .policy = k->config.disk_policy,
        .disk_count = s->machine->disk_count,
        .unit_pages = s->paging_block_bytes / ABI_PAGE_BYTES,
        .page_limit = scenario_disk_pages(s),
        .region_limit = s->vm_count * (1 + ABI_DISK_LIMIT),
        .owners = s->vm_count,
        .events = k->config.events,
        .cpu_hz = k->cpu_hz,
    };
    if (!swap_init(&k->swap, arena, &config)) {
        return "too little host memory for the disks";
    }
    transfers_init(&k->transfers, arena);
    return NULL;
}

static const char *init_devices(struct kernel *k, struct arena *arena)
{
    const char *why = NULL;
    k->devices = devices;
    for (size_t i = 0; k->devices[i] && !why; i++) {
        why = k->devices[i]->init ? k->devices[i]->init(k, arena) : NULL;
    }
    k->paging.swap_kept = k->swap.page_count - k->swap.free_pages;
    return why;
}

/* For a queue of VMs; NULL when the arena is full. */
static struct vmlink *new_links(struct arena *arena, uint32_t count)
{
    return arena_alloc(arena, count * sizeof(struct vmlink),
                       alignof(struct vmlink));
}

/* No VM has been created: all are dead, without a reason. */
static bool init_vms(struct kernel *k, struct arena *arena)
{
    uint32_t count = k->config.scenario->vm_count;
    k->vms = arena_alloc(arena, count * sizeof(*k->vms), alignof(struct vm));
    k->paging.links = new_links(arena, count);
    k->admission.links = new_links(arena, count);
    k->summons.links = new_links(arena, count);
    k->summons.aside_links = new_links(arena, count);
    k->net.eased_links = new_links(arena, count);
    k->timers.links = new_links(arena, count);
    size_t groups = k->config.scenario->group_count;
    k->paging.free_tables = arena_alloc(
        arena, groups * sizeof(struct free_tables *), alignof(void *));
    if (!k->vms || !k->paging.links || !k->admission.links ||
        !k->summons.links || !k->summons.aside_links || !k->net.eased_links ||
        !k->timers.links || !k->paging.free_tables) {
        return false;
    }
    k->vm_count = count;
    for (vmid_t i = 0; i < count; i++) {
        k->vms[i] = (struct vm){
            .id = i,
            .state = VM_DEAD,
            .first_frame = FRAME_NONE,
        };
    }
    k->paging.idlers = VMLIST_EMPTY;
    k->paging.frame_waiters = VMLIST_EMPTY;
    k->admission.waiters = VMLIST_EMPTY;
    k->summons.targets = VMLIST_EMPTY;
    k->summons.aside = VMLIST_EMPTY;
    k->net.eased = VMLIST_EMPTY;
    k->timers.expired = VMLIST_EMPTY;
    return true;
}

/* Each step says NULL, or why it cannot be done. */
static const char *build(struct kernel *k, struct arena *arena)
{
    const char *why = NULL;
    if (k->config.scenario->ram_bytes / ABI_PAGE_BYTES > FRAME_LIMIT) {
        return "machine.ram is too large: at most 64 GiB are supported";
    }
    if (!init_memory(k, arena)) {
        return "too little host memory for the frame table";
    }
    if (!init_processor(k, arena, &why)) {
        return why;
    }
    if (!init_vms(k, arena) || !init_policies(k, arena)) {
        return "too little host memory for the VMs";
    }
    why = init_disks(k, arena);
    if (!why) {
        why = init_devices(k, arena);
    }
    if (why) {
        return why;
    }
    if (!frames_pin(&k->frames, k->paging.pinned_base)) {
        return "machine.ram is too small for the kernel and its receive pool";
    }
    return supervisor_boot(k->supervisor) ? NULL : k->failure;
}

struct kernel *kernel_create(struct arena *arena,
                             const struct kernel_config *config,
                             char message[SCENARIO_MESSAGE_BYTES])
{
    struct kernel *k = arena_alloc(arena, sizeof(*k), alignof(struct kernel));
    if (!k) {
        snprintf(message, SCENARIO_MESSAGE_BYTES,
                 "too little host memory for the kernel");
        return NULL;
    }
    *k = (struct kernel){
        .config = *config,
        .costs = &config->scenario->machine->costs,
        .cpu_hz = config->scenario->machine->cpu_hz,
        .turn.running = VM_NONE,
        .turn.challenger = VM_NONE,
        .space.loaded = VM_NONE,
    };
    k->slots = scenario_slots(config->scenario);
    k->devices_free = config->scenario->boot == BOOT_IDEAL;
    k->admission.lease_cycles =
        cycles_from_ns(config->scenario->lease_ns, k->cpu_hz);
    const char *why = build(k, arena);
    if (why) {
        snprintf(message, SCENARIO_MESSAGE_BYTES, "%s", why);
        kernel_release(k);
        return NULL;
    }
    return k;
}

void kernel_release(struct kernel *k)
{
    cpu_release(k->cpu);
    k->cpu = NULL;
}
