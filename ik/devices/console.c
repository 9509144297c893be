/* console.c - each VM's console: output as it is written, input as typed. */
#include "ik/devices/console.h"

#include "ik/check.h"
#include "ik/devices/devices.h"
#include "ik/memory/memory.h"
#include "ik/virtual/virq.h"
#include "sim/arena.h"

/* A ring of what was typed; in the pool when all of it has been read. */
struct console_line {
    uint8_t bytes[CONSOLE_LINE_BYTES];
    uint32_t head, count;
    struct console_line *next; /* In the pool. */
};

/* Lines are taken from the arena when there is none in the pool. */
struct consoles {
    struct arena *arena;       /* Borrowed. */
    struct console_line *pool; /* Not in use. */
    uint32_t in_use;
};

/* ---- Input -------------------------------------------------------------- */

/* NULL: the arena is full. */
static struct console_line *get_line(struct consoles *c)
{
    struct console_line *line = c->pool;
    if (line) {
        c->pool = line->next;
    } else {
        line =
            arena_alloc(c->arena, sizeof(*line), alignof(struct console_line));
    }
    if (line) {
        *line = (struct console_line){ .count = 0 };
        c->in_use++;
    }
    return line;
}

static void put_line(struct kernel *k, struct vm *vm)
{
    struct consoles *c = k->consoles;
    vm->line->next = c->pool;
    c->pool = vm->line;
    c->in_use--;
    vm->line = NULL;
}

uint32_t console_type(struct kernel *k, struct vm *vm, const uint8_t *bytes,
                      uint32_t count)
{
    if (count == 0 || vm->state == VM_DEAD) {
        return 0;
    }
    if (!vm->line) {
        vm->line = get_line(k->consoles);
    }
    uint32_t typed = 0;
    for (struct console_line *l = vm->line;
         l && typed < count && l->count < CONSOLE_LINE_BYTES; l->count++) {
        l->bytes[(l->head + l->count) % CONSOLE_LINE_BYTES] = bytes[typed++];
    }
    if (typed > 0) {
        virq_raise(k, vm, ABI_IRQ_CONSOLE);
    }
    return typed;
}

/* With nothing typed there is no buffer. */
static int32_t read_decode(struct kernel *k, const struct vm *vm,
                           const struct vinsn_args *a, struct vinsn_buffer *b)
{
    (void)k;
    uint32_t typed = vm->line ? vm->line->count : 0;
    *b = (struct vinsn_buffer){
        .va = a->eax,
        .bytes = typed < a->ecx ? typed : a->ecx,
        .access = CPU_WRITE,
    };
    return 0;
}

static int32_t read_invoke(struct kernel *k, struct vm *vm,
                           const struct vinsn_args *a,
                           const struct vinsn_buffer *b)
{
    (void)a;
    if (b->bytes == 0) {
        return 0;
    }
    struct console_line *l = vm->line;
    uint8_t bytes[CONSOLE_LINE_BYTES];
    for (uint32_t i = 0; i < b->bytes; i++) {
        bytes[i] = l->bytes[(l->head + i) % CONSOLE_LINE_BYTES];
    }
    memory_copy_out(k, vm, b->va, bytes, b->bytes);
    l->head = (l->head + b->bytes) % CONSOLE_LINE_BYTES;
    l->count -= b->bytes;
    if (l->count == 0) {
        put_line(k, vm);
    }
    memory_charge_copy(k, vm, b->bytes, k->costs->copy_to_guest);
    return (int32_t)b->bytes;
}

/* ---- Output ------------------------------------------------------------- */

static int32_t write_decode(struct kernel *k, const struct vm *vm,
                            const struct vinsn_args *a, struct vinsn_buffer *b)
{
    (void)k;
    (void)vm;
    *b = (struct vinsn_buffer){ a->eax, a->ecx, CPU_READ };
    return a->ecx <= ABI_CONSOLE_MAX_BYTES ? 0 : ABI_EINVAL;
}

/* How many of so many bytes more are within what is kept of the VM's. */
static uint32_t count_kept(const struct kernel *k, const struct vm *vm,
                           uint32_t count)
{
    uint64_t limit = k->config.scenario->vms[vm->group].console_bytes;
    uint64_t left = limit > vm->console_bytes ? limit - vm->console_bytes : 0;
    return limit == 0 || left > count ? count : (uint32_t)left;
}

static int32_t write_invoke(struct kernel *k, struct vm *vm,
                            const struct vinsn_args *a,
                            const struct vinsn_buffer *b)
{
    (void)a;
    uint32_t count = b->bytes;
    uint8_t bytes[ABI_CONSOLE_MAX_BYTES];
    SIM_ASSERT(count <= sizeof(bytes));
    memory_copy_in(k, vm, bytes, b->va, count);
    kernel_emit(k, TRACE_EVENT(console, vm->id, .bytes = count,
                               .hash = trace_hash(bytes, count)));
    uint32_t kept = count_kept(k, vm, count);
    vm->console_bytes += count;
    if (k->config.console && kept > 0) {
        k->config.console(k->config.console_ctx, vm, bytes, kept);
    }
    memory_charge_copy(k, vm, count, k->costs->copy_from_guest);
    return (int32_t)count;
}

/* ---- The device --------------------------------------------------------- */

static const char *console_init(struct kernel *k, struct arena *arena)
{
    k->consoles =
        arena_alloc(arena, sizeof(*k->consoles), alignof(struct consoles));
    if (!k->consoles) {
        return "too little host memory for the consoles";
    }
    k->consoles->arena = arena;
    return NULL;
}

/* Nobody will read what was typed. */
static void console_end(struct kernel *k, struct vm *vm)
{
    if (vm->line) {
        put_line(k, vm);
    }
}

static void console_audit(struct kernel *k)
{
    uint32_t in_use = 0;
    for (vmid_t i = 0; i < k->vm_count; i++) {
        const struct vm *vm = &k->vms[i];
        in_use += vm->line != NULL && vm->state != VM_DEAD;
    }
    check_equal(k, "lines of consoles in use", k->consoles->in_use, in_use);
}

static const struct vinsn console_insns[] = {
    { .vector = ABI_VI_CONSOLE_WRITE,
      .decode = write_decode,
      .invoke = write_invoke },
    { .vector = ABI_VI_CONSOLE_READ,
      .decode = read_decode,
      .invoke = read_invoke },
    { .invoke = NULL },
};

const struct device device_console = {
    .name = "console",
    .irqs = ABI_IRQ_CONSOLE,
    .insns = console_insns,
    .init = console_init,
    .end = console_end,
    .audit = console_audit,
};
