/*
 * describe.c - what an event says, in words. The legend of docs/trace.md is the
 * reference; here are the same numbers with units and names.
 */
#include <stdarg.h>
#include <stdio.h>

#include "cli/views/trace/format.h"
#include "ik/devices/vnic.h"
#include "ik/kernel.h"
#include "ik/memory/eviction.h"
#include "isa/disasm.h"

#define LOW(n)  ((uint32_t)(n))
#define HIGH(n) ((uint32_t)((n) >> 32))

typedef unsigned long long u64;

struct said {
    const struct trace_info *info;
    char *text;
};

static void say(const struct said *s, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void say(const struct said *s, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(s->text, FORMAT_BYTES, format, args);
    va_end(args);
}

struct span {
    char text[FORMAT_BYTES];
};

static struct span span(const struct said *s, uint64_t cycles)
{
    struct span out = { .text = "" };
    format_span(s->info, cycles, out.text);
    return out;
}

/* The name of a small number; "?" when there is none. */
static const char *name_of(const char *const *names, size_t count, uint64_t n)
{
    return n < count && names[n] ? names[n] : "?";
}

#define NAME_OF(names, n) name_of(names, sizeof(names) / sizeof((names)[0]), n)

static const char *const categories[] = {
    [CPU_GUEST] = "guest",
    [CPU_SWITCH] = "switch",
    [CPU_INTERRUPT] = "interrupt",
    [CPU_PAGING] = "paging",
    [CPU_PIO] = "pio",
    [CPU_IDLE] = "idle",
};

static const char *const ends[] = {
    [VM_END_TERMINATE] = "terminated",
    [VM_END_ADDRESS] = "illegal access",
    [VM_END_EXCEPTION] = "processor exception",
    [VM_END_REFUSED] = "refused instruction",
    [VM_END_DELIVERY] = "no room for an interrupt",
    [VM_END_SUPERVISOR] = "by the supervisor",
};

/* "NET_RX+ALARM" */
static struct span mask_names(uint64_t mask)
{
    static const char *const bits[VIRQ_COUNT] = { "NET_RX", "NET_TX", "ALARM",
                                                  "CONSOLE", "DISK" };
    struct span out = { .text = "" };
    size_t used = 0;
    for (size_t i = 0; i < VIRQ_COUNT; i++) {
        if (mask >> i & 1) {
            used += (size_t)snprintf(out.text + used, sizeof(out.text) - used,
                                     "%s%s", used > 0 ? "+" : "", bits[i]);
        }
    }
    return used > 0 ? out : (struct span){ .text = "nothing" };
}

static void describe_exit(const struct said *s, const struct trace_event *e)
{
    static const char *const kinds[] = {
        [CPU_EXIT_BUDGET] = "budget",
        [CPU_EXIT_VINSN] = "virtual instruction",
        [CPU_EXIT_PAGE_FAULT] = "page fault",
        [CPU_EXIT_EXCEPTION] = "exception",
        [CPU_EXIT_REFUSED] = "refused instruction",
    };
    uint8_t vector = (uint8_t)(e->a >> 8);
    const char *mnemonic =
        (e->a & 255) == CPU_EXIT_VINSN ? disasm_virtual_name(vector) : NULL;
    if (mnemonic) {
        say(s, "%s, at %#x", mnemonic, LOW(e->b));
    } else {
        say(s, "%s %u, at %#x", NAME_OF(kinds, e->a & 255), vector, LOW(e->b));
    }
}

static void describe_cpu(const struct said *s, const struct trace_event *e)
{
    static const char *const phases[] = { "boot", "warm-up", "window",
                                          "drain" };
    const char *mnemonic;
    switch ((int)e->kind) {
    case TRACE_RUN:
        say(s, "%llu instructions, %s", (u64)e->a, span(s, e->b).text);
        break;
    case TRACE_EXIT:
        describe_exit(s, e);
        break;
    case TRACE_VINSN:
        mnemonic = disasm_virtual_name((uint8_t)e->a);
        if (e->a == ABI_VI_IDLE && e->b > ABI_IDLE_PENDING) {
            say(s, "%s", mnemonic); /* It has no result yet. */
        } else {
            say(s, "%s: result %d", mnemonic ? mnemonic : "?", (int)LOW(e->b));
        }
        break;
    case TRACE_CREATE:
        say(s, "%llu KiB of memory, image %llu", (u64)e->a / 1024, (u64)e->b);
        break;
    case TRACE_END:
        say(s, "%s, %#llx", NAME_OF(ends, e->a), (u64)e->b);
        break;
    case TRACE_CONSOLE:
        say(s, "%llu bytes", (u64)e->a);
        break;
    case TRACE_CHARGE:
        say(s, "%s for %s", span(s, e->a).text, NAME_OF(categories, e->b));
        break;
    case TRACE_PHASE:
        say(s, "%s%s%s", NAME_OF(phases, e->a),
            e->b == TIME_NEVER ? "" : ", until ",
            e->b == TIME_NEVER ? "" : span(s, e->b).text);
        break;
    default:
        break;
    }
}

static void describe_sched(const struct said *s, const struct trace_event *e)
{
    static const char *const picks[] = { "its turn", "preferred", "summoned",
                                         "resumed" };
    static const char *const whys[] = {
        [READY_ADMITTED] = "admitted",
        [READY_QUANTUM] = "its quantum ended",
        [READY_PAGE] = "its page is in",
        [READY_FRAME] = "to try again for a frame",
    };
    switch ((int)e->kind) {
    case TRACE_READY:
        say(s, "%s%s, key %#llx", NAME_OF(whys, e->b & 255),
            e->b >> 8 ? ", preferred" : "", (u64)e->a);
        break;
    case TRACE_PICK:
        say(s, "%s, for %s", NAME_OF(picks, e->b), span(s, e->a).text);
        break;
    case TRACE_SWITCH:
        say(s, "from %s, %s", format_vm(s->info, LOW(e->a)).chars,
            span(s, e->b).text);
        break;
    case TRACE_PREEMPT:
        say(s, "overran by %s", span(s, e->a).text);
        break;
    case TRACE_IDLE:
        say(s, "%s%s, %s left of its quantum",
            e->a == TIME_NEVER ? "for ever" : "until ",
            e->a == TIME_NEVER ? "" : span(s, e->a).text, span(s, e->b).text);
        break;
    case TRACE_WAKE:
        say(s, "%s, pending %s", e->a ? "by its timeout" : "by an interrupt",
            mask_names(e->b).text);
        break;
    case TRACE_SET_ASIDE:
        say(s, "after %s of %s", span(s, e->b).text, span(s, e->a).text);
        break;
    default:
        break;
    }
}

static void describe_gate(const struct said *s, const struct trace_event *e)
{
    static const char *const states[VM_STATE_COUNT] = {
        [VM_WAITING] = "waiting", [VM_IDLE] = "idle"
    };
    switch ((int)e->kind) {
    case TRACE_ARRIVE:
        say(s, "%llu waiting", (u64)e->a);
        break;
    case TRACE_ADMIT:
        say(s, "after %s; %u frames free, %u promised", span(s, e->a).text,
            LOW(e->b), HIGH(e->b));
        break;
    case TRACE_LEASE_END:
        say(s, "after %s", span(s, e->a).text);
        break;
    case TRACE_RECLAIM:
        say(s, "%llu frames, %s", (u64)e->a, NAME_OF(states, e->b));
        break;
    default:
        break;
    }
}

static void describe_evict(const struct said *s, const struct trace_event *e)
{
    static const char *const whys[] = {
        [EVICTION_PAGE] = "for a page",
        [EVICTION_LIMIT] = "at its VM's limit",
        [EVICTION_TABLE] = "for a page table",
        [EVICTION_PIN] = "for a new VM",
        [EVICTION_RECLAIM] = "for the gate",
        [EVICTION_END] = "its VM is dead",
    };
    say(s, "page %llu, frame %u, %s, %s", (u64)e->a, LOW(e->b),
        e->b >> 32 & 1 ? "dirty" : "clean", NAME_OF(whys, e->b >> 33));
}

static void describe_memory(const struct said *s, const struct trace_event *e)
{
    static const char *const accesses[] = {
        [CPU_READ] = "read", [CPU_WRITE] = "write", [CPU_FETCH] = "fetch"
    };
    static const char *const waits[] = {
        [VM_WAIT_READ] = "for a page", [VM_WAIT_FRAME] = "for a frame"
    };
    switch ((int)e->kind) {
    case TRACE_FAULT:
        say(s, "%s at %#x", NAME_OF(accesses, e->b), LOW(e->a));
        break;
    case TRACE_FILL:
        say(s, "page %llu, frame %u%s", (u64)e->a, LOW(e->b),
            HIGH(e->b) ? ", zeroed" : "");
        break;
    case TRACE_TABLE:
        say(s, "table %u, frame %u, %s", LOW(e->a), HIGH(e->a),
            e->b ? "allocated" : "freed");
        break;
    case TRACE_EVICT:
        describe_evict(s, e);
        break;
    case TRACE_BLOCK:
        say(s, "%s, %llu transfers on their way", NAME_OF(waits, e->a),
            (u64)e->b);
        break;
    case TRACE_TOUCH:
    case TRACE_DIRTY:
    case TRACE_CLEAN:
        say(s, "page %llu, frame %llu", (u64)e->a, (u64)e->b);
        break;
    case TRACE_HAND:
        if (e->a != FRAME_NONE) {
            say(s, "at frame %llu, %llu looked at", (u64)e->a, (u64)e->b);
        } else {
            say(s, "no hand, %llu looked at", (u64)e->b);
        }
        break;
    default:
        break;
    }
}

static void describe_virq(const struct said *s, const struct trace_event *e)
{
    if (e->kind == TRACE_RAISE) {
        say(s, "%s%s", mask_names(e->a).text, e->b ? ", coalesced" : "");
    } else {
        say(s, "%s, to %#x", mask_names(e->a).text, LOW(e->b));
    }
}

static void describe_net(const struct said *s, const struct trace_event *e)
{
    static const char *const causes[] = {
        [VNIC_DROP_VM_FULL] = "its queue is full",
        [VNIC_DROP_POOL_FULL] = "the pool is full",
        [VNIC_DROP_NO_VM] = "no such VM",
    };
    static const char *const tx_causes[] = {
        [VNIC_DROP_SPOOFED] = "not its own address",
        [VNIC_DROP_NOWHERE] = "no such VM",
    };
    static const char *const losses[] = {
        [LINK_LOST] = "lost on the wire", [LINK_OVERRUN] = "the card is full"
    };
    struct span packet;
    snprintf(packet.text, sizeof(packet.text), "packet %llu, %u bytes",
             (u64)(e->a >> 16), (unsigned)(e->a & 0xffff));
    switch ((int)e->kind) {
    case TRACE_RX:
    case TRACE_RECV:
    case TRACE_SEND:
        say(s, "%.80s, %llu queued", packet.text, (u64)e->b);
        break;
    case TRACE_RX_DROP:
        say(s, "%.80s: %s", packet.text, NAME_OF(causes, e->b));
        break;
    case TRACE_TX_DROP:
        say(s, "%.80s: %s", packet.text, NAME_OF(tx_causes, e->b));
        break;
    case TRACE_LINK_DROP:
        say(s, "%.80s: %s", packet.text, NAME_OF(losses, e->b));
        break;
    case TRACE_LINK_COPY:
        say(s, "%.80s, a copy of %llu", packet.text, (u64)e->b);
        break;
    default:
        say(s, "%.80s", packet.text);
        break;
    }
}

static void describe_disk(const struct said *s, const struct trace_event *e)
{
    say(s, "disk %u, block %llu, %u blocks", HIGH(e->b), (u64)e->a, LOW(e->b));
}

static void describe_load(const struct said *s, const struct trace_event *e)
{
    switch ((int)e->kind) {
    case TRACE_REQUEST:
        say(s, "request %llu, %s late", (u64)e->a, span(s, e->b).text);
        break;
    case TRACE_REPLY:
        say(s, "request %llu, after %s", (u64)e->a, span(s, e->b).text);
        break;
    case TRACE_GIVE_UP:
        say(s, "request %llu: %s", (u64)e->a,
            e->b == 1 ? "timed out" : "failed");
        break;
    case TRACE_RETRANSMIT:
        say(s, "connection %llu, from %llu", (u64)e->a, (u64)e->b);
        break;
    case TRACE_CONNECT:
        say(s, "request %llu, connection %llu", (u64)e->a, (u64)e->b);
        break;
    case TRACE_CLIENT_SEND:
    case TRACE_CLIENT_RECV:
        if (e->b != UINT32_MAX) {
            say(s, "packet %llu, %u bytes, connection %llu", (u64)(e->a >> 16),
                (unsigned)(e->a & 0xffff), (u64)e->b);
        } else {
            say(s, "packet %llu, %u bytes, of no connection", (u64)(e->a >> 16),
                (unsigned)(e->a & 0xffff));
        }
        break;
    default:
        break;
    }
}

void format_details(const struct trace_info *info, const struct trace_event *e,
                    char text[FORMAT_BYTES])
{
    static void (*const describe[TRACE_LAYER_COUNT])(
        const struct said *, const struct trace_event *) = {
        [TRACE_CPU] = describe_cpu,   [TRACE_SCHED] = describe_sched,
        [TRACE_GATE] = describe_gate, [TRACE_MEMORY] = describe_memory,
        [TRACE_VIRQ] = describe_virq, [TRACE_NET] = describe_net,
        [TRACE_DISK] = describe_disk, [TRACE_LOAD] = describe_load,
    };
    struct said s = { info, text };
    text[0] = '\0';
    describe[e->layer](&s, e);
}
