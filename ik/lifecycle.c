/* lifecycle.c - see lifecycle.h. */
#include "ik/lifecycle.h"

#include "ik/admission.h"
#include "ik/devices/device.h"
#include "ik/memory/eviction.h"
#include "ik/memory/paging.h"
#include "ik/memory/tables.h"
#include "ik/virtual/idle.h"
#include "ik/virtual/summon.h"
#include "isa/image.h"
#include "sim/vocabulary/vocabulary.h"

/* Frames of the kernel's metadata of `count` VMs. */
static uint32_t frames_for_vms(uint32_t count)
{
    uint64_t bytes = (uint64_t)count * VM_PINNED_BYTES;
    return (uint32_t)((bytes + ABI_PAGE_BYTES - 1) / ABI_PAGE_BYTES);
}

/* Pins them, next to what the kernel always has. */
static bool pin_for_vms(struct kernel *k, uint32_t count)
{
    if (!frames_pin(&k->frames,
                    k->paging.pinned_base + frames_for_vms(count))) {
        return false;
    }
    k->paging.pinned_for_vms = count;
    return true;
}

static void init_registers(const struct kernel *k, struct vm *vm)
{
    vm->regs = (struct cpu_regs){
        .eip = k->config.images[vm->image].entry,
        .eflags = 2,
    };
    vm->regs.gpr[CPU_ESP] = ABI_MEM_BASE + vm->page_count * ABI_PAGE_BYTES;
}

/* Frames that can hold pages, sooner or later. */
static uint32_t frames_for_pages(const struct kernel *k)
{
    bool is_eager = k->config.scenario->page_tables == TABLES_EAGER;
    return k->frames.count - k->frames.pinned -
           (is_eager ? k->frames.tables : 0);
}

/* Frames that one more VM of the group takes by being there. */
static uint32_t frames_for_creation(const struct kernel *k,
                                    const struct scenario_vms *group)
{
    uint32_t need = frames_for_vms(k->paging.pinned_for_vms + 1) -
                    frames_for_vms(k->paging.pinned_for_vms);
    if (k->config.scenario->page_tables == TABLES_EAGER) {
        uint32_t mapped = TABLE_PAGES * ABI_PAGE_BYTES;
        need += 1 + (group->memory_bytes + mapped - 1) / mapped;
    }
    return need;
}

/* Whether RAM has them, if all that can go does, and what is guaranteed to
   those that live and to the new one. */
static bool fits(const struct kernel *k, const struct scenario_vms *group)
{
    uint64_t pages = k->paging.reserved + group->reserve_bytes / ABI_PAGE_BYTES;
    return frames_for_creation(k, group) +
               (pages > PAGING_MIN_FRAMES ? pages : PAGING_MIN_FRAMES) <=
           frames_for_pages(k);
}

bool lifecycle_make_room(struct kernel *k, const struct scenario_vms *group)
{
    if (!fits(k, group)) {
        return true; /* Never: creating it will say so. */
    }
    k->paging.cause = VM_NONE;
    while (k->frames.free_count < frames_for_creation(k, group)) {
        if (!eviction_evict(
                k, (struct eviction){ VM_NONE, VM_NONE, EVICTION_PIN })) {
            return false;
        }
    }
    return true;
}

static void count_created(struct kernel *k, const struct vm *vm)
{
    struct stats *s = k->config.stats;
    struct vm_stats *of_vm = stats_of_vm(s, vm->id);
    s->vms.created++;
    if (of_vm) {
        of_vm->exists = true;
    }
}

static void begin_devices(struct kernel *k, struct vm *vm)
{
    for (size_t i = 0; k->devices[i]; i++) {
        if (k->devices[i]->begin) {
            k->devices[i]->begin(k, vm);
        }
    }
}

static void end_devices(struct kernel *k, struct vm *vm)
{
    size_t count = 0;
    while (k->devices[count]) {
        count++;
    }
    while (count-- > 0) {
        if (k->devices[count]->end) {
            k->devices[count]->end(k, vm);
        }
    }
}

/* Takes the frames for which lifecycle_make_room has made room. */
static void take_frames(struct kernel *k, struct vm *vm)
{
    bool taken = pin_for_vms(k, k->paging.pinned_for_vms + 1);
    if (taken && k->config.scenario->page_tables == TABLES_EAGER) {
        taken = paging_take_tables(k, vm);
    }
    SIM_ASSERT(taken);
}

enum refusal lifecycle_create(struct kernel *k, struct arena *arena,
                              const struct vm_config *config)
{
    SIM_ASSERT(config->id < k->vm_count);
    struct vm *vm = &k->vms[config->id];
    SIM_ASSERT(vm->state == VM_DEAD);
    SIM_ASSERT(vm->end == VM_END_NONE);
    *vm = (struct vm){
        .id = config->id,
        .group = config->group,
        .image = config->image,
        .args = config->args,
        .seed = config->seed,
        .awaited = config->awaited,
        .state = VM_DEAD,
        .first_frame = FRAME_NONE,
    };
    const struct scenario_vms *group = &k->config.scenario->vms[vm->group];
    if (!fits(k, group)) {
        return REFUSAL_RAM;
    }
    uint32_t pages = config->memory_bytes / ABI_PAGE_BYTES;
    if (!swap_take(&k->swap, pages, &vm->region)) {
        return REFUSAL_SWAP;
    }
    if (!tables_init_vm(k, arena, vm, pages)) {
        swap_give_back(&k->swap, vm->region, pages);
        return REFUSAL_HOST;
    }
    vm_enter(vm, VM_CREATED);
    take_frames(k, vm);
    init_registers(k, vm);
    vm->frame_limit = config->frame_limit;
    idle_init_vm(k, vm);
    begin_devices(k, vm);
    k->paging.reserved += group->reserve_bytes / ABI_PAGE_BYTES;
    k->alive++;
    k->awaiting_boot += vm->awaited;
    count_created(k, vm);
    kernel_emit(k, TRACE_EVENT(create, vm->id, .memory = config->memory_bytes,
                               .image = vm->image));
    return REFUSAL_NONE;
}

void lifecycle_fail(struct kernel *k, const struct vm *vm, enum refusal why)
{
    const struct scenario *s = k->config.scenario;
    kernel_fail(k,
                "%s: %s needs %u pages of swap, and %llu of %llu are free; %u "
                "of %u frames are left for pages",
                word_phrase(&refusal_words, why),
                vm_name_and_number(&s->roster, vm->id).chars,
                s->vms[vm->group].memory_bytes / ABI_PAGE_BYTES,
                (unsigned long long)k->swap.free_pages,
                (unsigned long long)k->swap.page_count, frames_for_pages(k),
                k->frames.count);
}

bool vm_has_faulted(const struct vm *vm)
{
    return vm->end == VM_END_ADDRESS || vm->end == VM_END_EXCEPTION ||
           vm->end == VM_END_REFUSED || vm->end == VM_END_DELIVERY;
}

bool vm_has_failed(const struct vm *vm)
{
    return vm->end == VM_END_TERMINATE && vm->end_detail != 0;
}

/* Takes the VM out of whatever queue its state says it stands in. */
static void leave_queues(struct kernel *k, struct vm *vm)
{
    switch (vm->state) {
    case VM_WAITING:
        admission_leave(k, vm);
        break;
    case VM_READY:
        if (vm->aside.is_aside) {
            summon_take_out(k, vm);
            k->sched->policy->stop(k->sched, vm->id, SCHED_STOP_END,
                                   vm->aside.granted, vm->aside.used);
        } else {
            k->sched->policy->remove(k->sched, vm->id);
        }
        admission_end(k, vm);
        break;
    case VM_RUNNING:
        SIM_ASSERT(k->turn.running == vm->id);
        k->sched->policy->stop(k->sched, vm->id, SCHED_STOP_END,
                               k->turn.granted, k->turn.used);
        k->turn.running = VM_NONE;
        admission_end(k, vm);
        break;
    case VM_PAGING:
        admission_end(k, vm);
        break;
    case VM_CREATED:
    case VM_IDLE:
    case VM_DEAD:
        break;
    }
    kernel_tell_reason(k, POLICY_SCHEDULER, vm);
}

void lifecycle_boots(struct kernel *k, struct vm *vm)
{
    if (vm->awaited) {
        vm->awaited = false;
        k->awaiting_boot--;
        k->boot_stall = 0;
    }
}

void lifecycle_end(struct kernel *k, struct vm *vm,
                   const struct vm_ending *ending)
{
    leave_queues(k, vm);
    paging_leave(k, vm);
    vm_enter(vm, VM_DEAD);
    vm->end = ending->end;
    vm->end_detail = ending->detail;
    vm->end_text = ending->text;
    vm->end_eip = vm->regs.eip;
    k->paging.reserved -=
        k->config.scenario->vms[vm->group].reserve_bytes / ABI_PAGE_BYTES;
    k->alive--;
    lifecycle_boots(k, vm);
    idle_release_vm(k, vm);
    end_devices(k, vm);
    paging_release_vm(k, vm);
    tables_release_vm(k, vm);
    bool unpinned = pin_for_vms(k, k->paging.pinned_for_vms - 1);
    SIM_ASSERT(unpinned);
    if (k->space.loaded == vm->id) {
        k->space.loaded = VM_NONE;
    }
    struct stats *s = k->config.stats;
    s->vms.terminated += vm->end == VM_END_TERMINATE;
    s->vms.failed += vm_has_failed(vm);
    s->vms.faulted += vm_has_faulted(vm);
    kernel_emit(
        k, TRACE_EVENT(end, vm->id, .why = vm->end, .detail = vm->end_detail));
}
