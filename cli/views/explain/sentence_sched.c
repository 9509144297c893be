/* sentence_sched.c - the gate, the processor and virtual interrupts. */
#include "cli/views/explain/sentence.h"

#include "cli/views/explain/words.h"
#include "ik/kernel.h"
#include "isa/abi.h"

static uint64_t hz_of(const struct sentences *s)
{
    return s->replay->info.cpu_hz;
}

static void put_duration(struct sentences *s, uint64_t cycles)
{
    char text[WORDS_BYTES];
    words_duration(cycles, hz_of(s), text);
    sentence_put(s, "%s", text);
}

/* How long the VM has been in its state. */
static uint64_t spent(const struct sentences *s, const struct trace_event *e)
{
    const struct replay_vm *v = sentence_vm(s, e->vm);
    return v && e->time > v->since ? e->time - v->since : 0;
}

/* ---- The gate ----------------------------------------------------------- */

static void of_arrive(struct sentences *s, const struct trace_event *e)
{
    char place[WORDS_BYTES];
    sentence_put(s, "VM %u comes to the gate, ", e->vm);
    if (e->a <= 1) {
        sentence_put(s, "where nobody waits");
        return;
    }
    words_place(e->a, place);
    sentence_put(s, "the %s who waits", place);
}

/* Which of those at the gate it is; 0: it is not there. */
static uint32_t place_at_gate(const struct sentences *s, uint32_t vm)
{
    uint32_t place = 1;
    for (uint32_t i = s->replay->lists[VM_WAITING].head; i != REPLAY_NONE;
         i = s->replay->vms[i].next) {
        if (i == vm) {
            return place;
        }
        place++;
    }
    return 0;
}

static void of_admit(struct sentences *s, const struct trace_event *e)
{
    char place[WORDS_BYTES];
    char needed[WORDS_BYTES];
    uint32_t waiting = s->replay->lists[VM_WAITING].count;
    uint32_t at = place_at_gate(s, e->vm);
    uint64_t free_frames = e->b & UINT32_MAX;
    sentence_put(s, "VM %u is admitted after ", e->vm);
    put_duration(s, e->a);
    words_place(at, place);
    if (waiting > 1 && at > 0) {
        sentence_put(s, "; it was %s of %u waiting", place, waiting);
    } else {
        sentence_put(s, "; nobody else waited");
    }
    words_count(free_frames, "frame", place);
    words_count(e->b >> 32, "more", needed);
    sentence_put(s, ", and %s %s free, ", place,
                 free_frames == 1 ? "was" : "were");
    if (e->b >> 32 == 0) {
        sentence_put(s, "none needed: it has its pages");
    } else {
        sentence_put(s, "%llu needed", (unsigned long long)(e->b >> 32));
    }
}

static void of_lease_end(struct sentences *s, const struct trace_event *e)
{
    sentence_put(s, "VM %u must go back to the gate: it has been admitted for ",
                 e->vm);
    put_duration(s, e->a);
    sentence_put(s, ", its lease is over, and others wait");
}

/* ---- The processor ------------------------------------------------------ */

static bool of_ready(struct sentences *s, const struct trace_event *e)
{
    bool is_preferred = e->b >> 8 & 1;
    switch (e->b & 0xff) {
    case READY_PAGE:
        sentence_put(s, "VM %u is ready again: its page is in, after ", e->vm);
        put_duration(s, spent(s, e));
        break;
    case READY_FRAME:
        sentence_put(s, "VM %u is ready again, to try for a frame, after ",
                     e->vm);
        put_duration(s, spent(s, e));
        break;
    default: /* TRACE_ADMIT and TRACE_PREEMPT have said why. */
        if (!is_preferred) {
            return false;
        }
        sentence_put(s, "VM %u is ready", e->vm);
        break;
    }
    if (is_preferred) {
        sentence_put(s, ", before those that do not idle early: it did");
    }
    return true;
}

static void put_others(struct sentences *s)
{
    uint32_t ready = s->replay->lists[VM_READY].count;
    if (ready > 1) {
        sentence_put(s, "; %u other%s ready", ready - 1,
                     ready == 2 ? " is" : "s are");
    } else {
        sentence_put(s, "; nobody else is ready");
    }
}

static void of_pick(struct sentences *s, const struct trace_event *e)
{
    /* Why a VM gets the processor, as the kernel's loop counts it. */
    static const char *const why[] = {
        "it was next in turn",
        "it goes before its turn, since it idled early last time",
        "it is summoned: an interrupt has come for it",
        "it was set aside, and goes on",
    };
    const struct replay_vm *v = sentence_vm(s, e->vm);
    bool is_known = e->b < sizeof(why) / sizeof(why[0]);
    sentence_put(s, "VM %u gets the processor for at most ", e->vm);
    put_duration(s, e->a);
    sentence_put(s, ": %s", is_known ? why[e->b] : "for another reason");
    if (v && v->state == VM_READY) {
        sentence_put(s, ", ready for ");
        put_duration(s, spent(s, e));
    }
    put_others(s);
}

static void of_switch(struct sentences *s, const struct trace_event *e)
{
    sentence_put(s, "The address space is now VM %u's", e->vm);
    if (e->a < s->replay->info.vm_limit) {
        sentence_put(s, ", no longer VM %llu's", (unsigned long long)e->a);
    }
    sentence_put(s, ", at a cost of ");
    put_duration(s, e->b);
}

static void of_preempt(struct sentences *s, const struct trace_event *e)
{
    sentence_put(s, "VM %u is preempted: its quantum is used up, and ", e->vm);
    put_duration(s, e->a);
    sentence_put(s, " more, to the end of a block");
    uint32_t ready = s->replay->lists[VM_READY].count;
    if (ready > 0) {
        sentence_put(s, "; %u %s ready", ready, ready == 1 ? "is" : "are");
    }
}

static void of_set_aside(struct sentences *s, const struct trace_event *e)
{
    sentence_put(s, "VM %u is set aside after ", e->vm);
    put_duration(s, e->b);
    sentence_put(s, " of its ");
    put_duration(s, e->a);
    sentence_put(s, ": there is an interrupt for another VM");
}

static void of_idle(struct sentences *s, const struct trace_event *e)
{
    char until[WORDS_BYTES];
    sentence_put(s, "VM %u idles until an interrupt comes", e->vm);
    if (e->a < UINT64_MAX) {
        words_moment(e->a, hz_of(s), until);
        sentence_put(s, ", or until %s", until);
    }
    sentence_put(s, "; it leaves ");
    put_duration(s, e->b);
    sentence_put(s, " of its quantum");
}

/* ---- Virtual interrupts ------------------------------------------------- */

static void put_mask(struct sentences *s, uint64_t mask)
{
    static const char *const names[] = { "packets", "room to send", "alarm",
                                         "console", "disk" };
    const char *before = "";
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (mask >> i & 1) {
            sentence_put(s, "%s%s", before, names[i]);
            before = ", ";
        }
    }
}

static void of_wake(struct sentences *s, const struct trace_event *e)
{
    sentence_put(s, "VM %u wakes after ", e->vm);
    put_duration(s, spent(s, e));
    sentence_put(s, e->a == 0 ? ": there is an interrupt for it"
                              : ": its time has come");
}

static void of_raise(struct sentences *s, const struct trace_event *e)
{
    sentence_put(s, "An interrupt (");
    put_mask(s, e->a);
    sentence_put(s, ") is raised for VM %u", e->vm);
    if (e->b) {
        sentence_put(s, ": one is pending already, and they become one");
    }
}

static void of_deliver(struct sentences *s, const struct trace_event *e)
{
    const struct replay_vm *v = sentence_vm(s, e->vm);
    sentence_put(s, "VM %u sees its interrupts (", e->vm);
    put_mask(s, e->a);
    sentence_put(s, ") in its handler at %#llx", (unsigned long long)e->b);
    if (v && (e->a & ABI_IRQ_NET_RX)) {
        char count[WORDS_BYTES];
        words_count(v->rx, "packet", count);
        sentence_put(s, "; %s %s for it", count, v->rx == 1 ? "waits" : "wait");
    }
}

/* ---- Events ------------------------------------------------------------- */

enum sentence_kind sentence_of_sched(struct sentences *s,
                                     const struct trace_event *e)
{
    static void (*const writers[TRACE_KIND_COUNT])(
        struct sentences *, const struct trace_event *) = {
        [TRACE_ARRIVE] = of_arrive,       [TRACE_ADMIT] = of_admit,
        [TRACE_LEASE_END] = of_lease_end, [TRACE_PICK] = of_pick,
        [TRACE_SWITCH] = of_switch,       [TRACE_PREEMPT] = of_preempt,
        [TRACE_SET_ASIDE] = of_set_aside, [TRACE_IDLE] = of_idle,
        [TRACE_WAKE] = of_wake,           [TRACE_RAISE] = of_raise,
        [TRACE_DELIVER] = of_deliver,
    };
    if (e->kind == TRACE_READY) {
        return of_ready(s, e) ? SENTENCE_DECISION : SENTENCE_NONE;
    }
    if (e->kind >= TRACE_KIND_COUNT || !writers[e->kind]) {
        return SENTENCE_NONE;
    }
    writers[e->kind](s, e);
    return SENTENCE_DECISION;
}
