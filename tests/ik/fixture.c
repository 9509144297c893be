/* fixture.c - see fixture.h. */
#include "tests/ik/fixture.h"

#include <stdlib.h>
#include <string.h>

#include "cli/run/inspect/ending.h"
#include "ik/policy/policies.h"
#include "isa/decode.h"
#include "sim/bytes.h"

#define RAM_BYTES (16u << 20)
#define VM_BYTES  (1u << 20)
#define RAM_LIMIT (1u << 30)
#define ARENA_CAP ((size_t)1 << 32)

static void take_at_clients(void *ctx, struct packet *p)
{
    struct bench *b = ctx;
    packet_queue_push(&b->at_clients, p);
}

static void on_console(void *ctx, const struct vm *vm, const uint8_t *bytes,
                       uint32_t count)
{
    struct bench *b = ctx;
    assert_true(vm->id < BENCH_VMS);
    struct console_log *log = &b->consoles[vm->id];
    for (uint32_t i = 0; i < count; i++) {
        if (log->bytes + i < CONSOLE_BYTES - 1) {
            log->text[log->bytes + i] = (char)bytes[i];
        }
    }
    log->bytes += count;
}

static void on_tap(void *ctx, uint64_t now, const struct packet *p)
{
    struct bench *b = ctx;
    assert_true(now <= b->kernel->now);
    assert_in_range(p->length_bytes, PACKET_MIN_BYTES, PACKET_MAX_BYTES);
    b->tapped++;
}

struct bench *bench_create(void)
{
    struct bench *b = calloc(1, sizeof(*b));
    assert_non_null(b);
    b->machine = *machine_find("ideal");
    b->machine.cpu_hz = 1000000000;
    b->scenario = (struct scenario){
        .name = "test",
        .seed = 1,
        .machine = &b->machine,
        .ram_bytes = RAM_BYTES,
        .quantum_ns = 10000,
        .lease_ns = 1000000000,
        .paging_block_bytes = ABI_PAGE_BYTES,
        .rx_queue = 4,
        .tx_queue = 4,
        .tx_ahead = 2,
        .rx_pool = 64,
        .tau_ns = 100000000,
        .vms = b->groups,
        .link = { .bits_per_second = 1000000000, .latency_ns = 1000 },
    };
    b->gate = gate_policies[0];
    b->replace = replace_policies[0];
    b->whole_audit_period = 1;
    b->replay_period = 16;
    b->window_end = UINT64_MAX;
    assert_true(arena_map(&b->arena, ARENA_CAP));
    return b;
}

static void expect_image(struct bench *b, enum image_err err,
                         const char *message)
{
    if (err != IMAGE_OK) {
        fail_msg("image %u: %s", b->image_count, message);
    }
}

uint32_t bench_add_image(struct bench *b, const struct guest_asm *a)
{
    assert_true(b->image_count < BENCH_IMAGES);
    char message[IMAGE_MESSAGE_BYTES];
    uint8_t file[GUEST_ELF_BYTES];
    uint32_t bytes = asm_elf(a, file);
    struct image *image = &b->images[b->image_count];
    expect_image(b, image_parse(image, &b->arena, file, bytes, message),
                 message);
    image->name = "asm";
    return b->image_count++;
}

uint32_t bench_load_image(struct bench *b, const char *path)
{
    assert_true(b->image_count < BENCH_IMAGES);
    char message[IMAGE_MESSAGE_BYTES];
    struct image *image = &b->images[b->image_count];
    expect_image(b, image_load(image, &b->arena, path, message), message);
    image->name = path;
    return b->image_count++;
}

vmid_t bench_add_vms(struct bench *b, uint32_t image, uint32_t count,
                     const char *args)
{
    struct scenario *s = &b->scenario;
    assert_true(s->group_count < BENCH_GROUPS);
    assert_true(s->vm_count + count <= BENCH_VMS);
    vmid_t first = s->vm_count;
    b->group_images[s->group_count] = image;
    b->groups[s->group_count++] = (struct scenario_vms){
        .name = "test",
        .image = "test",
        .count = count,
        .vm_total = count,
        .first = first,
        .memory_bytes = VM_BYTES,
        .args = args,
        .verify = VERIFY_LAZY,
        .shares = 100,
    };
    s->vm_count += count;
    return first;
}

vmid_t bench_add(struct bench *b, const struct guest_asm *a, uint32_t count)
{
    return bench_add_vms(b, bench_add_image(b, a), count, "");
}

static void plug_network(struct bench *b)
{
    const struct scenario_link *s = &b->scenario.link;
    struct link_config config = {
        .cpu_hz = b->machine.cpu_hz,
        .bits_per_second = s->bits_per_second,
        .latency_cycles = cycles_from_ns(s->latency_ns, b->machine.cpu_hz),
    };
    packet_pool_init(&b->pool, &b->arena);
    events_init(&b->events);
    link_init(&b->link, &config, &b->events, &b->pool, b->scenario.seed);
    link_attach(&b->link, LINK_CLIENTS, take_at_clients, b);
}

bool bench_try_boot(struct bench *b)
{
    plug_network(b);
    stats_init(&b->stats);
    b->stats.in_window = true;
    b->stats.window_start = b->window_start;
    b->stats.window_end = b->window_end;
    /* What is larger is refused before anyone looks at it. */
    uint64_t ram_bytes = b->scenario.ram_bytes;
    ram_bytes = ram_bytes < RAM_LIMIT ? ram_bytes : RAM_LIMIT;
    b->ram = arena_alloc(&b->arena, ram_bytes, ABI_PAGE_BYTES);
    b->trace = trace_create(&b->arena);
    assert_non_null(b->ram);
    assert_non_null(b->trace);
    ledger_init(&b->ledger, BENCH_VMS,
                (uint32_t)(ram_bytes / ABI_PAGE_BYTES) + 1);
    trace_add_sink(b->trace, ledger_event, &b->ledger);
    replay_check_init(&b->replay_check, b->trace, &b->scenario);
    if (b->extra_sink) {
        trace_add_sink(b->trace, b->extra_sink, b->extra_ctx);
    }
    struct kernel_config config = {
        .scenario = &b->scenario,
        .images = b->images,
        .image_count = b->image_count,
        .group_images = b->group_images,
        .gate = b->gate ? b->gate : gate_policies[0],
        .sched = b->sched ? b->sched : sched_policies[0],
        .replace = b->replace ? b->replace : replace_policies[0],
        .disk_policy = b->disk_policy ? b->disk_policy : disk_policies[0],
        .receive = b->receive ? b->receive : rx_policies[0],
        .transmit = b->transmit ? b->transmit : tx_policies[0],
        .insn_costs = insn_cost_models,
        .ram = b->ram,
        .events = &b->events,
        .pool = &b->pool,
        .link = &b->link,
        .trace = b->trace,
        .stats = &b->stats,
        .console = on_console,
        .console_ctx = b,
        .tap = on_tap,
        .tap_ctx = b,
        .audit = audit_step,
        .audit_period = AUDIT_PERIOD,
    };
    b->replay_check.draws = config.sched == &sched_lottery;
    b->kernel = kernel_create(&b->arena, &config, b->message);
    b->replay_check.kernel = b->kernel;
    return b->kernel;
}

void bench_boot(struct bench *b)
{
    if (!bench_try_boot(b)) {
        fail_msg("no boot: %s", b->message);
    }
}

struct bench *bench_of(const struct guest_asm *a)
{
    struct bench *b = bench_create();
    bench_add(b, a, 1);
    bench_boot(b);
    return b;
}

static void audit_all(struct bench *b)
{
    audit_whole(b->kernel);
    replay_check_compare(&b->replay_check);
}

void bench_audit(struct bench *b)
{
    if (b->kernel->steps % b->whole_audit_period > 0) {
        return;
    }
    audit_whole(b->kernel);
    if (b->kernel->steps % (uint64_t)b->replay_period == 0) {
        replay_check_compare(&b->replay_check);
    }
}

/* Between any two steps. */
static bool audit(void *ctx)
{
    bench_audit(ctx);
    return false;
}

enum kernel_stop bench_try_run(struct bench *b, uint64_t until)
{
    enum kernel_stop stop = kernel_advance(b->kernel, until, audit, b);
    audit_all(b);
    ledger_compare(&b->ledger, b->kernel);
    return stop;
}

enum kernel_stop bench_run(struct bench *b, uint64_t until)
{
    enum kernel_stop stop = bench_try_run(b, until);
    if (b->kernel->failure[0] != '\0') {
        fail_msg("%s", b->kernel->failure);
    }
    return stop;
}

const struct vm *bench_vm(const struct bench *b, vmid_t vm)
{
    return kernel_vm(b->kernel, vm);
}

uint32_t bench_peek(const struct bench *b, vmid_t number, uint32_t va)
{
    struct vm *vm = kernel_vm(b->kernel, number);
    uint32_t page = (va - ABI_MEM_BASE) / ABI_PAGE_BYTES;
    assert_true(page < vm->page_count);
    assert_int_equal(va % 4, 0);
    uint8_t bytes[4];
    if (!(vm->ptes[page].flags & PTE_PRESENT)) {
        const uint8_t *swapped = swap_read(&b->kernel->swap, vm->region + page);
        bool is_swapped = (vm->ptes[page].flags & PTE_SWAPPED) != 0;
        return is_swapped ? get_le32(swapped + va % ABI_PAGE_BYTES) : 0;
    }
    memory_copy_in(b->kernel, vm, bytes, va, sizeof(bytes));
    return get_le32(bytes);
}

void bench_expect_end(const struct bench *b, vmid_t number, enum vm_end end,
                      uint32_t detail)
{
    const struct vm *vm = bench_vm(b, number);
    if (vm->end != end || vm->end_detail != detail) {
        char text[160];
        ending_describe(vm, text, sizeof(text));
        fail_msg("VM %u (%s): %s, but end %d with %#x was expected", number,
                 vm->args, text, (int)end, detail);
    }
    assert_int_equal(vm->state == VM_DEAD, end != VM_END_NONE);
}

/* What bench_send put on its way. */
struct sending {
    struct sim_timer timer;
    struct bench *bench;
    struct packet *packet;
};

static void send_now(void *ctx, struct sim_timer *timer)
{
    (void)timer;
    struct sending *s = ctx;
    const struct link_direction *d = &s->bench->link.to[LINK_MACHINE];
    d->receive(d->ctx, s->packet);
}

void bench_send(struct bench *b, uint64_t at, const uint8_t *bytes,
                uint32_t count)
{
    struct sending *s = arena_alloc(&b->arena, sizeof(*s), 16);
    assert_non_null(s);
    s->bench = b;
    s->packet = packet_get(&b->pool);
    assert_non_null(s->packet);
    assert_true(count <= PACKET_MAX_BYTES);
    memcpy(s->packet->bytes, bytes, count);
    s->packet->length_bytes = (uint16_t)count;
    timer_init(&s->timer, send_now, s);
    timer_set(&b->events, &s->timer, at);
}

static void put_mac(uint8_t *at, uint32_t ip)
{
    put_be16(at, ABI_MAC_PREFIX);
    put_be32(at + 2, ip);
}

void frame_head(uint8_t *frame, uint32_t to, uint32_t from, uint16_t type)
{
    put_mac(frame, to);
    put_mac(frame + 6, from);
    put_be16(frame + 12, type);
}

void bench_send_to(struct bench *b, uint64_t at, vmid_t vm)
{
    uint8_t frame[60] = { 0 };
    frame_head(frame, ABI_VM_NET + 1 + vm, ABI_CLIENT_NET + 1, 0x800);
    bench_send(b, at, frame, sizeof(frame));
}

static void drop_all(struct bench *b, struct packet_queue *q)
{
    for (struct packet *p; (p = packet_queue_pop(q)) != NULL;) {
        packet_put(&b->pool, p);
    }
}

void bench_release(struct bench *b)
{
    struct kernel *k = b->kernel;
    if (k) {
        bool had_failed = k->failure[0] != '\0';
        audit_all(b);
        kernel_end_all(k);
        audit_all(b);
        audit_empty(k);
        ledger_compare(&b->ledger, k);
        if (!had_failed && k->failure[0] != '\0') {
            fail_msg("%s", k->failure);
        }
        assert_int_equal(k->frames.free_count,
                         k->frames.count - k->paging.pinned_base);
        assert_int_equal(k->admission.admitted, 0);
        assert_int_equal(k->admission.waiting, 0);
        while (events_fire_next(&b->events, TIME_NEVER)) {
        }
        drop_all(b, &k->net.nic.rx);
        drop_all(b, &b->at_clients);
        assert_int_equal(b->pool.in_use, 0);
        kernel_release(k);
    }
    ledger_release(&b->ledger);
    trace_release(b->trace);
    replay_check_release(&b->replay_check);
    events_release(&b->events);
    arena_unmap(&b->arena);
    free(b);
}
