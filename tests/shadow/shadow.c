/* shadow.c - phases, processor, scheduler, gate and interrupts; see shadow.h. */
#include "tests/shadow/shadow.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define NEVER UINT64_MAX

void shadow_wonder(struct shadow *s, const char *format, ...)
{
    if (s->odd[0] == '\0') {
        va_list args;
        va_start(args, format);
        vsnprintf(s->odd, sizeof(s->odd), format, args);
        va_end(args);
    }
}

static void *zeros(size_t count, size_t bytes)
{
    void *at = calloc(count > 0 ? count : 1, bytes);
    SIM_ASSERT(at);
    return at;
}

bool shadow_init(struct shadow *s, const struct trace_info *info)
{
    *s = (struct shadow){ .info = info,
                          .window_start = NEVER,
                          .window_end = NEVER,
                          .load_began = NEVER };
    s->vms = zeros(info->vm_limit, sizeof(*s->vms));
    s->groups = zeros(info->roster.group_count, sizeof(*s->groups));
    s->disks = zeros(info->disks, sizeof(*s->disks));
    return info->scenario && shadow_load_init(s) && shadow_memory_init(s) &&
           shadow_net_init(s);
}

void shadow_release(struct shadow *s)
{
    for (uint32_t g = 0; g < shadow_group_count(s); g++) {
        sample_release(&s->groups[g].latency);
    }
    for (size_t i = 0; i < SHADOW_SAMPLES; i++) {
        sample_release(&s->samples[i]);
    }
    frames_release(&s->frames);
    free(s->tcp);
    free(s->loads);
    free(s->fills);
    free(s->vms);
    free(s->groups);
    free(s->ios);
    free(s->disks);
    free(s->requests);
    free(s->connections);
    shadow_steady_release(s);
}

double shadow_number(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    const char *text = json_string_value(value);
    return text ? strtod(text, NULL) : json_number_value(value);
}

const json_t *shadow_item(const struct shadow *s, const char *list, size_t i)
{
    return json_array_get(json_object_get(s->info->scenario, list), i);
}

uint32_t shadow_group_count(const struct shadow *s)
{
    return s->info->roster.group_count;
}

const char *shadow_group_name(const struct shadow *s, uint32_t group)
{
    SIM_ASSERT(group < shadow_group_count(s));
    return s->info->roster.groups[group].name;
}

uint32_t shadow_group_of(const struct shadow *s, uint32_t vm)
{
    SIM_ASSERT(vm < s->info->vm_limit);
    return vm_roster_group(&s->info->roster, vm);
}

uint64_t shadow_virtual_cycles(const struct shadow *s)
{
    uint64_t end = s->window_end;
    if (!s->has_drain && s->last < end) {
        end = s->last; /* The run was cut. */
    }
    return s->window_start != NEVER && end > s->window_start
               ? end - s->window_start
               : 0;
}

uint64_t shadow_warmup_cycles(const struct shadow *s)
{
    uint64_t end = s->window_start < s->last ? s->window_start : s->last;
    return s->load_began != NEVER && end > s->load_began ? end - s->load_began
                                                         : 0;
}

/* ---- The first reading -------------------------------------------------- */

void shadow_foresee(struct shadow *s, const struct fact *f)
{
    s->last = f->time > s->last ? f->time : s->last;
    bool is_priming = f->kind == TRACE_PHASE && f->phase == PHASE_WARMUP &&
                      f->phase_end == NEVER;
    if (is_priming) {
        /* The load begins later, with a phase of the same name. */
    } else if (f->kind == TRACE_PHASE && f->phase == PHASE_WARMUP) {
        s->load_began = f->time;
        s->window_start = f->phase_end;
    } else if (f->kind == TRACE_PHASE && f->phase == PHASE_WINDOW) {
        /* A warm-up may end early; the step that ends it may be late. */
        s->window_start = f->time < s->window_start ? f->time : s->window_start;
        s->window_end = f->phase_end;
    } else if (f->kind == TRACE_PHASE && f->phase == PHASE_DRAIN) {
        s->has_drain = true;
    }
    shadow_disk_foresee(s, f);
    shadow_tcp_foresee(s, f);
}

void shadow_foreseen(struct shadow *s)
{
    s->io_count = 0;
    s->sent_packet = 0;
    for (uint32_t i = 0; i < s->info->vm_limit; i++) {
        s->vms[i] = (struct shadow_vm){ .state = SHADOW_DEAD };
    }
}

/* ---- Phases ------------------------------------------------------------- */

static uint64_t cpu_of(const struct shadow_vm *vm)
{
    uint64_t sum = 0;
    for (int i = 0; i < CPU_CATEGORY_COUNT; i++) {
        sum += vm->cpu[i];
    }
    return sum;
}

static void begin_window(struct shadow *s)
{
    s->in_window = true;
    s->phase_start = s->now;
    s->count.max_waiting = s->waiting;
    for (uint32_t i = 0; i < s->info->vm_limit; i++) {
        struct shadow_vm *vm = &s->vms[i];
        vm->cpu_before = cpu_of(vm);
        vm->is_whole = vm->state != SHADOW_DEAD;
    }
}

static void end_window(struct shadow *s)
{
    s->in_window = false;
    s->phase_stop = s->now;
    for (uint32_t i = 0; i < s->info->vm_limit; i++) {
        struct shadow_vm *vm = &s->vms[i];
        vm->cpu_window = cpu_of(vm) - vm->cpu_before;
        vm->is_whole = vm->is_whole && vm->state != SHADOW_DEAD;
    }
}

static void take_phase(struct shadow *s, const struct fact *f)
{
    if (s->in_window) {
        end_window(s);
    }
    if (f->phase == PHASE_WINDOW) {
        begin_window(s);
    }
}

/* ---- The processor ------------------------------------------------------ */

/* Cycles passed, up to the event: exactly one of six kinds. */
static void take_time(struct shadow *s, const struct fact *f)
{
    uint64_t from = f->time - f->cycles;
    uint64_t first = from > s->window_start ? from : s->window_start;
    uint64_t last = f->time < s->window_end ? f->time : s->window_end;
    s->cpu[f->category] += last > first ? last - first : 0;
    s->cpu_whole[f->category] += f->cycles;
    s->instructions += f->instructions;
    bool is_guest = f->kind == TRACE_RUN;
    if (is_guest != (f->category == 0)) {
        shadow_wonder(s, "a charge for guests' instructions");
    }
    if (is_guest || f->category == 5) {
        s->ran = f->time;
    }
    if (f->vm < s->info->vm_limit) {
        struct shadow_vm *vm = &s->vms[f->vm];
        vm->cpu[f->category] += f->cycles;
        vm->instructions += f->instructions;
    }
}

/* ---- What becomes of a VM ----------------------------------------------- */

static void take_end(struct shadow *s, struct shadow_vm *vm,
                     const struct fact *f)
{
    s->waiting -= vm->state == SHADOW_WAITING;
    vm->state = SHADOW_DEAD;
    vm->pending = 0;
    vm->rx = 0;
    s->living--;
    switch (f->end) {
    case VM_END_TERMINATE:
        s->count.terminated++;
        s->count.vms_failed += f->end_detail != 0;
        break;
    case VM_END_ADDRESS:
    case VM_END_EXCEPTION:
    case VM_END_REFUSED:
    case VM_END_DELIVERY:
        s->count.faulted++;
        break;
    case VM_END_NONE:
    case VM_END_SUPERVISOR:
        break;
    }
}

static void take_create(struct shadow *s, struct shadow_vm *vm,
                        const struct fact *f)
{
    (void)f;
    *vm = (struct shadow_vm){ .exists = true,
                              .tables = vm->tables,
                              .cpu = { vm->cpu[0], vm->cpu[1], vm->cpu[2],
                                       vm->cpu[3], vm->cpu[4] },
                              .cpu_before = vm->cpu_before };
    s->count.created++;
    s->living++;
    shadow_use(s, 0, 0); /* The kernel has frames for it. */
}

static void take_refuse_create(struct shadow *s, struct shadow_vm *vm,
                               const struct fact *f)
{
    (void)vm;
    s->count.refused += f->refused;
}

static void take_pick(struct shadow *s, struct shadow_vm *vm,
                      const struct fact *f)
{
    vm->state = SHADOW_RUNNING;
    s->count.boosts += s->in_window && f->pick == PICK_PREFERRED;
    s->count.summons += s->in_window && f->pick == PICK_SUMMONED;
}

static void take_switch(struct shadow *s, struct shadow_vm *vm,
                        const struct fact *f)
{
    (void)vm;
    (void)f;
    s->count.switches += s->in_window;
}

static void take_preempt(struct shadow *s, struct shadow_vm *vm,
                         const struct fact *f)
{
    (void)vm;
    (void)f;
    s->count.preemptions += s->in_window;
}

static void take_give_way(struct shadow *s, struct shadow_vm *vm,
                          const struct fact *f)
{
    (void)vm;
    (void)f;
    s->count.wake_preemptions += s->in_window;
}

static void take_idle(struct shadow *s, struct shadow_vm *vm,
                      const struct fact *f)
{
    (void)f;
    s->count.idles += s->in_window;
    vm->state = SHADOW_IDLE;
}

static void take_ready(struct shadow *s, struct shadow_vm *vm,
                       const struct fact *f)
{
    (void)s;
    (void)f;
    vm->state = SHADOW_READY;
}

static void take_block(struct shadow *s, struct shadow_vm *vm,
                       const struct fact *f)
{
    (void)s;
    (void)f;
    vm->state = SHADOW_PAGING;
}

/* ---- The gate ----------------------------------------------------------- */

static void take_arrive(struct shadow *s, struct shadow_vm *vm,
                        const struct fact *f)
{
    vm->state = SHADOW_WAITING;
    vm->arrived = f->time;
    s->waiting++;
    if (s->in_window && s->waiting > s->count.max_waiting) {
        s->count.max_waiting = s->waiting;
    }
    if (f->waiting != s->waiting) {
        shadow_wonder(s, "VM %u says that %llu wait", f->vm,
                      (unsigned long long)f->waiting);
    }
}

static void take_admit(struct shadow *s, struct shadow_vm *vm,
                       const struct fact *f)
{
    uint64_t waited = f->time - vm->arrived;
    if (vm->state != SHADOW_WAITING || f->waited != waited) {
        shadow_wonder(s, "VM %u says that it has waited %llu cycles, not %llu",
                      f->vm, (unsigned long long)f->waited,
                      (unsigned long long)waited);
    }
    vm->state = SHADOW_READY;
    s->waiting--;
    if (s->in_window) {
        s->count.admissions++;
        sample_add(&s->samples[SHADOW_WAIT], waited);
    }
}

/* ---- Virtual interrupts ------------------------------------------------- */

#define NET_RX 1u /* The bit of a packet's interrupt. */

static void take_raise(struct shadow *s, struct shadow_vm *vm,
                       const struct fact *f)
{
    bool is_coalesced = (vm->pending & f->interrupts) != 0;
    s->count.raised += s->in_window;
    s->count.coalesced += s->in_window && is_coalesced;
    for (uint32_t i = 0; i < SHADOW_INTERRUPTS; i++) {
        if (f->interrupts & ~vm->pending & 1u << i) {
            vm->raised[i] = f->time;
        }
    }
    vm->pending |= f->interrupts;
    if (is_coalesced != f->is_coalesced) {
        shadow_wonder(s, "VM %u: a raise that is coalesced, or is it?", f->vm);
    }
}

static void take_deliver(struct shadow *s, struct shadow_vm *vm,
                         const struct fact *f)
{
    if (vm->pending != f->interrupts) {
        shadow_wonder(s, "VM %u: interrupts %#x are delivered, not %#x", f->vm,
                      f->interrupts, vm->pending);
    }
    for (uint32_t i = 0; s->in_window && i < SHADOW_INTERRUPTS; i++) {
        if (vm->pending & 1u << i) {
            sample_add(&s->samples[SHADOW_DELAY], f->time - vm->raised[i]);
        }
    }
    if (s->in_window && (vm->pending & NET_RX)) {
        sample_add(&s->samples[SHADOW_BATCH], vm->rx);
    }
    s->count.deliveries += s->in_window;
    vm->pending = 0;
}

/* ---- All of it ---------------------------------------------------------- */

static shadow_taker *const takers[TRACE_KIND_COUNT] = {
    [TRACE_REFUSE_CREATE] = take_refuse_create,
    [TRACE_CREATE] = take_create,
    [TRACE_END] = take_end,
    [TRACE_PICK] = take_pick,
    [TRACE_SWITCH] = take_switch,
    [TRACE_PREEMPT] = take_preempt,
    [TRACE_IDLE] = take_idle,
    [TRACE_SET_ASIDE] = take_ready,
    [TRACE_READY] = take_ready,
    [TRACE_BLOCK] = take_block,
    [TRACE_ARRIVE] = take_arrive,
    [TRACE_ADMIT] = take_admit,
    [TRACE_RAISE] = take_raise,
    [TRACE_DELIVER] = take_deliver,
    [TRACE_GIVE_WAY] = take_give_way,
};

void shadow_tell(struct shadow *s, shadow_taker *const table[TRACE_KIND_COUNT],
                 const struct fact *f)
{
    if (f->vm < s->info->vm_limit && table[f->kind]) {
        table[f->kind](s, &s->vms[f->vm], f);
    }
}

void shadow_take(struct shadow *s, const struct fact *f)
{
    s->now = f->time;
    if (f->kind == TRACE_PHASE) {
        take_phase(s, f);
    } else if (f->kind == TRACE_RUN || f->kind == TRACE_CHARGE) {
        take_time(s, f);
    }
    shadow_tell(s, takers, f);
    shadow_memory(s, f);
    shadow_tcp(s, f); /* Before the packet sent last is forgotten. */
    shadow_net(s, f);
    shadow_disk(s, f);
    shadow_load(s, f);
    shadow_steady(s, f);
    s->before = *f;
}

void shadow_finish(struct shadow *s)
{
    s->now = s->last;
    if (s->in_window) {
        end_window(s);
    }
    shadow_disk_finish(s);
    for (size_t i = 0; i < SHADOW_SAMPLES; i++) {
        sample_sort(&s->samples[i]);
    }
    for (uint32_t g = 0; g < shadow_group_count(s); g++) {
        sample_sort(&s->groups[g].latency);
    }
}
