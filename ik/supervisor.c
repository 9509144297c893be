/* supervisor.c - see supervisor.h. */
#include "ik/supervisor.h"

#include "ik/admission.h"
#include "ik/lifecycle.h"
#include "ik/memory/issue.h"
#include "isa/image.h"
#include "sim/arena.h"
#include "sim/random.h"

struct supervisor {
    struct kernel *k;    /* Borrowed. */
    struct arena *arena; /* Borrowed. */
    struct sim_timer timer;
    uint64_t start;        /* The end of boot, cycles. */
    uint64_t window_start; /* TIME_NEVER: not known yet. */
    uint32_t next_event;   /* Of the scenario's. */
    bool is_due;
    uint32_t *to_create; /* By group: VMs that events still ask for. */
    uint32_t *born;      /* By group: VMs created so far. */
};

/* What the next VM of the group is made of. */
static struct vm_config next_vm(const struct supervisor *s, uint32_t g,
                                bool at_boot)
{
    const struct scenario *sc = s->k->config.scenario;
    const struct scenario_vms *group = &sc->vms[g];
    SIM_ASSERT(s->born[g] < group->vm_total);
    struct rng rng;
    rng_init(&rng, sc->seed, "vm", group->first + s->born[g]);
    return (struct vm_config){
        .id = group->first + s->born[g],
        .group = g,
        .image = s->k->config.group_images[g],
        .memory_bytes = group->memory_bytes,
        .args = group->args,
        .seed = rng_u64(&rng),
        .awaited = at_boot && sc->boot_instructions > 0,
        .frame_limit = group->frames,
    };
}

bool supervisor_boot(struct supervisor *s)
{
    const struct scenario *sc = s->k->config.scenario;
    for (uint32_t g = 0; g < sc->group_count; g++) {
        for (uint32_t i = 0; i < sc->vms[g].count; i++) {
            struct vm_config config = next_vm(s, g, true);
            struct vm *vm = kernel_vm(s->k, config.id);
            enum refusal why = lifecycle_create(s->k, s->arena, &config);
            if (why != REFUSAL_NONE) {
                lifecycle_fail(s->k, vm, why);
                return false;
            }
            s->born[g]++;
            admission_arrive(s->k, vm);
        }
    }
    return true;
}

/* ---- Writing an image --------------------------------------------------- */

/* Writes the next run of pages that hold image bytes, from `page` on. False:
   there is none. */
static bool write_image(struct supervisor *s, struct vm *vm, uint32_t page)
{
    struct kernel *k = s->k;
    const struct image *image = &k->config.images[vm->image];
    uint32_t end =
        (image->end_va - ABI_MEM_BASE + ABI_PAGE_BYTES - 1) / ABI_PAGE_BYTES;
    while (page < end &&
           !image_page_has_bytes(image, ABI_MEM_BASE + page * ABI_PAGE_BYTES)) {
        page++;
    }
    if (page >= end) {
        return false;
    }
    struct transfer *x = transfer_new(k);
    if (!x) {
        return false;
    }
    uint32_t unit = k->swap.unit_pages;
    uint32_t room = unit - page % unit;
    x->kind = TRANSFER_IMAGE;
    x->vm = vm->id;
    x->page = page;
    x->count = end - page < room ? end - page : room;
    transfer_issue(k, x, vm->region + page);
    return true;
}

static void begin_vm(struct supervisor *s, struct vm *vm)
{
    if (s->k->devices_free || !write_image(s, vm, 0)) {
        admission_arrive(s->k, vm);
    }
}

void supervisor_finish(struct supervisor *s, const struct transfer *x)
{
    if (x->vm == VM_NONE) {
        return;
    }
    struct vm *vm = kernel_vm(s->k, x->vm);
    if (!write_image(s, vm, x->page + x->count)) {
        admission_arrive(s->k, vm);
    }
}

/* ---- Events ------------------------------------------------------------- */

static const struct scenario_event *next_event(const struct supervisor *s)
{
    const struct scenario *sc = s->k->config.scenario;
    return s->next_event < sc->event_count ? &sc->events[s->next_event] : NULL;
}

static void on_due(void *ctx, struct sim_timer *timer)
{
    (void)timer;
    struct supervisor *s = ctx;
    s->is_due = true;
}

/* An event of the window waits until it is known when that begins. */
static void set_timer(struct supervisor *s)
{
    const struct scenario_event *e = next_event(s);
    if (!e) {
        return;
    }
    uint64_t from =
        scenario_is_from_window(e->at_ns) ? s->window_start : s->start;
    if (from != TIME_NEVER) {
        uint64_t due =
            from + cycles_from_ns(scenario_ns_of(e->at_ns), s->k->cpu_hz);
        timer_set(s->k->config.events, &s->timer,
                  due > s->k->now ? due : s->k->now);
    }
}

void supervisor_start(struct supervisor *s, uint64_t window_start)
{
    s->start = s->k->now;
    s->window_start = window_start;
    set_timer(s);
}

void supervisor_open_window(struct supervisor *s, uint64_t window_start)
{
    const struct scenario_event *e = next_event(s);
    s->window_start = window_start;
    if (e && scenario_is_from_window(e->at_ns)) {
        set_timer(s);
    }
}

/* Ends the living VMs of the group that were created first; if there are too
   few, those that are still to be created are not. */
static void destroy(struct supervisor *s, uint32_t g, uint32_t count)
{
    struct kernel *k = s->k;
    const struct scenario_vms *group = &k->config.scenario->vms[g];
    struct vm_ending ending = { .end = VM_END_SUPERVISOR };
    for (uint32_t i = 0; i < s->born[g] && count > 0; i++) {
        struct vm *vm = kernel_vm(k, group->first + i);
        if (vm->state != VM_DEAD) {
            lifecycle_end(k, vm, &ending);
            count--;
        }
    }
    s->to_create[g] -= count < s->to_create[g] ? count : s->to_create[g];
}

/* Whoever asked is told: there is no room for the VM, nor for its like. */
static void refuse(struct supervisor *s, uint32_t g, vmid_t id,
                   enum refusal why)
{
    s->k->config.stats->vms.refused += s->to_create[g];
    kernel_emit(s->k, TRACE_EVENT(refuse_create, id, .count = s->to_create[g],
                                  .why = why));
    s->to_create[g] = 0;
}

/* Creates what events ask for of the group, or as many as there is room for
   now. */
static void create(struct supervisor *s, uint32_t g)
{
    const struct scenario_vms *group = &s->k->config.scenario->vms[g];
    while (s->to_create[g] > 0 && lifecycle_make_room(s->k, group)) {
        struct vm_config config = next_vm(s, g, false);
        enum refusal why = lifecycle_create(s->k, s->arena, &config);
        if (why != REFUSAL_NONE) {
            refuse(s, g, config.id, why);
            return;
        }
        s->born[g]++;
        s->to_create[g]--;
        begin_vm(s, kernel_vm(s->k, config.id));
    }
}

void supervisor_serve(struct supervisor *s)
{
    if (!s->is_due) {
        return;
    }
    s->is_due = false;
    const struct scenario_event *e = next_event(s);
    SIM_ASSERT(e);
    kernel_charge(s->k, NULL, CPU_INTERRUPT, s->k->costs->interrupt);
    s->next_event++;
    if (e->kind == EVENT_DESTROY) {
        destroy(s, e->group, e->count);
    } else {
        s->to_create[e->group] += e->count;
        create(s, e->group);
    }
    set_timer(s);
}

void supervisor_try_again(struct supervisor *s)
{
    for (uint32_t g = 0; g < s->k->config.scenario->group_count; g++) {
        create(s, g);
    }
}

bool supervisor_has_work(const struct supervisor *s)
{
    return s->is_due;
}

struct supervisor *supervisor_create(struct kernel *k, struct arena *arena)
{
    struct supervisor *s =
        arena_alloc(arena, sizeof(*s), alignof(struct supervisor));
    uint32_t groups = k->config.scenario->group_count;
    uint32_t *counts = arena_alloc(arena, 2 * (size_t)groups * sizeof(*counts),
                                   alignof(uint32_t));
    if (!s || !counts) {
        return NULL;
    }
    *s = (struct supervisor){
        .k = k,
        .arena = arena,
        .to_create = counts,
        .born = counts + groups,
    };
    timer_init(&s->timer, on_due, s);
    return s;
}
