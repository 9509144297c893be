/*
 * boot.c - builds the kernel, as a list of steps, and takes it down. See
 * kernel.h.
 */
#include <stdio.h>
#include <string.h>

#include "ik/kernel.h"
#include "ik/lifecycle.h"
#include "ik/memory.h"
#include "sim/arena.h"

/* The kernel's own code and data, in frames: 1 MiB, an estimate. */
#define KERNEL_FRAMES 256
/* A packet's room in the pinned receive pool. */
#define POOL_PACKET_BYTES 2048

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
    };
    k->cpu = cpu_create(arena, &config, why);
    return k->cpu;
}

static bool init_policies(struct kernel *k, struct arena *arena)
{
    const struct scenario *s = k->config.scenario;
    struct sched_config sched = {
        .vm_limit = k->vm_count,
        .quantum_cycles = cycles_from_ns(s->quantum_ns, k->cpu_hz),
    };
    struct gate_config gate = {
        .vm_limit = k->vm_count,
        .min_free_frames = s->min_free_bytes / ABI_PAGE_BYTES,
    };
    k->sched = k->config.sched->create(arena, &sched);
    k->gate = k->config.gate->create(arena, &gate);
    return k->sched && k->gate;
}

static bool init_memory(struct kernel *k, struct arena *arena)
{
    const struct scenario *s = k->config.scenario;
    uint64_t pool = (uint64_t)s->rx_pool * POOL_PACKET_BYTES;
    k->pinned_base = KERNEL_FRAMES + (uint32_t)(pool / ABI_PAGE_BYTES);
    uint32_t frames = (uint32_t)(s->ram_bytes / ABI_PAGE_BYTES);
    k->config.stats->memory.frames = frames;
    return frames_init(&k->frames, arena, frames);
}

static bool is_load_target(const struct scenario *s, uint32_t group)
{
    for (uint32_t i = 0; i < s->load_count; i++) {
        if (s->loads[i].target == group) {
            return true;
        }
    }
    return false;
}

static bool create_vms(struct kernel *k, struct arena *arena)
{
    const struct scenario *s = k->config.scenario;
    for (uint32_t g = 0; g < s->group_count; g++) {
        const struct scenario_vms *group = &s->vms[g];
        for (uint32_t i = 0; i < group->count; i++) {
            struct rng rng;
            rng_init(&rng, s->seed, "vm", group->first + i);
            struct vm_config config = {
                .id = group->first + i,
                .group = g,
                .image = k->config.group_images[g],
                .memory_bytes = group->memory_bytes,
                .args = group->args,
                .seed = rng_u64(&rng),
                .awaited = is_load_target(s, g),
            };
            if (!lifecycle_create(k, arena, &config)) {
                return false;
            }
        }
    }
    return true;
}

/* Each step says NULL, or why it cannot be done. */
static const char *build(struct kernel *k, struct arena *arena)
{
    const struct scenario *s = k->config.scenario;
    const char *why = NULL;
    if (s->ram_bytes / ABI_PAGE_BYTES > FRAME_LIMIT) {
        return "machine.ram is too large: at most 64 GiB are supported";
    }
    if (!init_memory(k, arena)) {
        return "too little host memory for the frame table";
    }
    if (!init_processor(k, arena, &why)) {
        return why;
    }
    k->vm_count = s->vm_count;
    k->vms =
        arena_alloc(arena, s->vm_count * sizeof(*k->vms), alignof(struct vm));
    if (!k->vms || !init_policies(k, arena)) {
        return "too little host memory for the VMs";
    }
    nic_init(&k->nic, k->config.link);
    if (!frames_pin(&k->frames, k->pinned_base)) {
        return "machine.ram is too small for the kernel and its receive pool";
    }
    return create_vms(k, arena) ? NULL : k->failure;
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
        .running = VM_NONE,
        .loaded = VM_NONE,
    };
    k->lease_cycles = cycles_from_ns(config->scenario->lease_ns, k->cpu_hz);
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
