/* machine.c - see machine.h. */
#include "tests/viz/machine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void emit(struct machine *m, struct trace_event e)
{
    e.time = m->now;
    m->live.sink(m->live.sink_ctx, &e);
}

static uint64_t below(struct machine *m, uint64_t bound)
{
    return rng_below(&m->rng, bound);
}

static void pass(struct machine *m, uint32_t vm, enum cpu_category category,
                 uint64_t cycles)
{
    m->now += cycles;
    emit(m, TRACE_EVENT(charge, vm, .cycles = cycles, .category = category));
}

static void make_ready(struct machine *m, uint32_t vm)
{
    emit(m, TRACE_EVENT(admit, vm, .waited = 0));
    emit(m, TRACE_EVENT(ready, vm, .preferred = below(m, 4) == 0));
    m->states[vm] = VM_READY;
}

static void fill(struct machine *m, uint32_t vm)
{
    uint32_t frame = (uint32_t)below(m, m->info.frames);
    uint32_t page = (uint32_t)below(m, 64);
    emit(m, TRACE_EVENT(fill, vm, .page = page, .frame = frame));
    emit(m, TRACE_EVENT(touch, vm, .page = page, .frame = frame));
    if (below(m, 3) == 0) {
        emit(m, TRACE_EVENT(dirty, vm, .page = page, .frame = frame));
    }
    if (below(m, 8) == 0) {
        uint32_t hand = (uint32_t)below(m, m->info.frames);
        emit(m, TRACE_EVENT(hand, TRACE_NO_VM, .frame = hand, .looked = 1));
    }
}

/* The VM's block on its disk. */
#define TRANSFER(m, vm) \
    .disk = (vm) % (m)->info.disks, .block = (m)->blocks[vm], .blocks = 1

static void block(struct machine *m, uint32_t vm)
{
    m->blocks[vm] = (uint32_t)below(m, 1 << 20);
    emit(m, TRACE_EVENT(fault, vm, .va = 0x401000));
    emit(m, below(m, 3) == 0 ? TRACE_EVENT(disk_write, vm, TRANSFER(m, vm))
                             : TRACE_EVENT(disk_read, vm, TRANSFER(m, vm)));
    emit(m, TRACE_EVENT(block, vm, .why = VM_WAIT_READ, .transfers = 1));
    m->states[vm] = VM_PAGING;
}

static void be_idle(struct machine *m, uint32_t vm)
{
    uint64_t deadline = below(m, 2) ? UINT64_MAX : m->now + 5000000;
    emit(m, TRACE_EVENT(idle, vm, .deadline = deadline));
    m->states[vm] = VM_IDLE;
}

static void run(struct machine *m, uint32_t vm)
{
    emit(m, TRACE_EVENT(pick, vm, .quantum = 17000000));
    m->states[vm] = VM_RUNNING;
    m->running = vm;
    pass(m, vm, CPU_SWITCH, 2380);
    m->now += 40000;
    emit(m, TRACE_EVENT(run, vm, .insns = 40000, .cycles = 40000));
    if (below(m, 2) == 0) {
        emit(m, TRACE_EVENT(deliver, vm, .virqs = 1, .handler = 0x401000));
        m->packets++;
        emit(m, TRACE_EVENT(send, vm, .packet = m->packets, .bytes = 1514,
                            .queued = 1));
        pass(m, vm, CPU_PIO, 2050);
    }
}

static void stop(struct machine *m, uint32_t vm)
{
    m->running = REPLAY_NONE;
    switch (below(m, 3)) {
    case 0:
        be_idle(m, vm);
        break;
    case 1:
        block(m, vm);
        break;
    default:
        emit(m, TRACE_EVENT(preempt, vm, .overrun = 0));
        make_ready(m, vm);
        break;
    }
}

static void wake(struct machine *m, uint32_t vm)
{
    m->requests++;
    m->packets++;
    emit(m, TRACE_EVENT(request, vm, .request = m->requests));
    emit(m, TRACE_EVENT(client_send, vm, .packet = m->packets, .bytes = 74,
                        .connection = 1));
    m->now += 1000;
    emit(m, TRACE_EVENT(rx, vm, .packet = m->packets, .bytes = 74,
                        .queued = 1 + below(m, 3)));
    emit(m, TRACE_EVENT(raise, vm, .virqs = 1u << below(m, 5)));
    emit(m, TRACE_EVENT(arrive, vm, .waiting = 1));
    m->states[vm] = VM_WAITING;
    if (below(m, 2)) {
        uint64_t latency = 1000000 + below(m, 100000000);
        emit(m, TRACE_EVENT(reply, vm, .request = m->requests,
                            .latency = latency));
    }
}

static void move(struct machine *m)
{
    if (m->running != REPLAY_NONE && below(m, 4) > 0) {
        stop(m, m->running);
        return;
    }
    uint32_t vm = (uint32_t)below(m, m->info.vm_limit);
    switch ((enum vm_state)m->states[vm]) {
    case VM_WAITING:
        make_ready(m, vm);
        break;
    case VM_READY:
        if (m->running == REPLAY_NONE) {
            run(m, vm);
        }
        break;
    case VM_PAGING:
        emit(m, TRACE_EVENT(disk_done, vm, TRANSFER(m, vm)));
        fill(m, vm);
        make_ready(m, vm);
        break;
    case VM_IDLE:
        wake(m, vm);
        break;
    case VM_CREATED:
    case VM_RUNNING:
    case VM_DEAD:
        break;
    }
}

/* All VMs, each somewhere. */
static void begin(struct machine *m)
{
    emit(m, TRACE_EVENT(phase, TRACE_NO_VM, .phase = PHASE_BOOT,
                        .until = UINT64_MAX));
    for (uint32_t vm = 0; vm < m->info.vm_limit; vm++) {
        emit(m, TRACE_EVENT(create, vm, .memory = 1 << 24));
        emit(m, TRACE_EVENT(arrive, vm, .waiting = vm + 1));
        m->states[vm] = VM_WAITING;
        fill(m, vm);
        uint64_t where = below(m, 10);
        if (where < 2) {
            make_ready(m, vm);
        } else if (where < 4) {
            block(m, vm);
        } else if (where < 8) {
            be_idle(m, vm);
        }
    }
    m->now += 1000000;
    emit(m, TRACE_EVENT(phase, TRACE_NO_VM, .phase = PHASE_WARMUP,
                        .until = UINT64_MAX));
}

static bool step(void *ctx)
{
    struct machine *m = ctx;
    if (m->steps == m->step_limit) {
        return false;
    }
    if (m->steps++ == 0) {
        begin(m);
    }
    if (m->steps == m->step_limit / 2) {
        emit(m, TRACE_EVENT(phase, TRACE_NO_VM, .phase = PHASE_WINDOW,
                            .until = UINT64_MAX));
    }
    m->now += below(m, 20000);
    pass(m, TRACE_NO_VM, CPU_IDLE, below(m, 20000));
    move(m);
    return true;
}

/* As long as anything here can be. */
static bool guest(void *ctx, uint32_t vm, struct guest_view *g)
{
    const struct machine *m = ctx;
    if (vm >= m->info.vm_limit || m->is_shy) {
        return false;
    }
    *g = (struct guest_view){ .vm = vm, .code_count = GUEST_CODE_LINES };
    for (uint32_t i = 0; i < GUEST_REGISTERS; i++) {
        g->registers[i] = 0xffffffffu - i;
        g->register_names[i] = i + 1 < GUEST_REGISTERS ? "eax" : "eflg";
    }
    for (uint32_t i = 0; i < GUEST_CODE_LINES; i++) {
        g->code_va[i] = 0x401000 + i;
        snprintf(g->code[i], sizeof(g->code[i]), "movl 4(%%esp), %%eax");
    }
    snprintf(g->console, sizeof(g->console), "hello\nfrom VM %u\n", vm);
    return true;
}

static const char *message(void *ctx)
{
    (void)ctx;
    return "";
}

void machine_init(struct machine *m, uint32_t vms, uint32_t frames,
                  uint32_t step_limit)
{
    *m = (struct machine){ .running = REPLAY_NONE, .step_limit = step_limit };
    rng_init(&m->rng, 1, "viz", vms);
    m->states = calloc(vms, sizeof(*m->states));
    m->blocks = calloc(vms, sizeof(*m->blocks));
    m->info = (struct trace_info){
        .name = "machine.yaml",
        .seed = 1,
        .cpu_hz = 1700000000,
        .quantum_cycles = 17000000,
        .frames = frames,
        .min_free = 256,
        .disks = 3,
        .vm_limit = vms,
        .roster = { 1, &m->group },
    };
    m->group = (struct vm_group){ "web", 0, vms };
    m->live = (struct viz_live){ .info = &m->info,
                                 .ctx = m,
                                 .step = step,
                                 .guest = guest,
                                 .message = message };
}

void machine_release(struct machine *m)
{
    free(m->states);
    free(m->blocks);
}
