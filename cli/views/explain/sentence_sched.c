/* sentence_sched.c - sentences about the gate, the processor and virtual
   interrupts. */
#include "cli/views/explain/sentence.h"

#include "cli/views/explain/words.h"
#include "sim/events.h"
#include "sim/trace/describe.h"

/* Returns how long the VM has been in its state. */
static uint64_t spent(const struct sentences *s, const struct trace_event *e)
{
    const struct replay_vm *v = sentence_state(s, e);
    return v && e->time > v->since ? e->time - v->since : 0;
}

/* ---- The gate ----------------------------------------------------------- */

void sentence_arrive(struct sentences *s, const struct trace_event *e)
{
    uint64_t waiting = trace_get_arrive(e).waiting;
    char place[WORDS_BYTES];
    sentence_put(s, "%s comes to the gate, ", sentence_vm(s, e->vm).chars);
    if (waiting <= 1) {
        sentence_put(s, "where no other VM waits");
        return;
    }
    words_place(waiting, place);
    sentence_put(s, "the %s VM that waits", place);
}

/* Returns the VM's place at the gate, from 1. 0: the VM is not there. */
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

void sentence_admit(struct sentences *s, const struct trace_event *e)
{
    struct trace_admit admit = trace_get_admit(e);
    char place[WORDS_BYTES];
    char frames[WORDS_BYTES];
    uint32_t waiting = s->replay->lists[VM_WAITING].count;
    uint32_t at = place_at_gate(s, e->vm);
    sentence_put(s, "%s is admitted after ", sentence_vm(s, e->vm).chars);
    sentence_put_duration(s, admit.waited);
    if (waiting > 1 && at > 0) {
        words_place(at, place);
        sentence_put(s, "; it was %s of %u waiting", place, waiting);
    } else {
        sentence_put(s, "; no other VM waited");
    }
    words_count(admit.free_frames, "frame", frames);
    sentence_put(s, ", and %s %s free, ", frames,
                 admit.free_frames == 1 ? "was" : "were");
    if (admit.needed_frames == 0) {
        sentence_put(s, "none needed, since it has its pages");
    } else {
        sentence_put(s, "%llu needed", (unsigned long long)admit.needed_frames);
    }
}

void sentence_lease_end(struct sentences *s, const struct trace_event *e)
{
    sentence_put(s, "%s must go back to the gate: it has been admitted for ",
                 sentence_vm(s, e->vm).chars);
    sentence_put_duration(s, trace_get_lease_end(e).admitted);
    sentence_put(s, ", its lease is over, and others wait");
}

/* ---- The processor ------------------------------------------------------ */

void sentence_ready(struct sentences *s, const struct trace_event *e)
{
    struct trace_ready ready = trace_get_ready(e);
    struct vm_name vm = sentence_vm(s, e->vm);
    switch (ready.why) {
    case READY_PAGE:
        sentence_put(s, "%s is ready again: its page is in, after ", vm.chars);
        sentence_put_duration(s, spent(s, e));
        break;
    case READY_FRAME:
        sentence_put(s, "%s is ready again, to try for a frame, after ",
                     vm.chars);
        sentence_put_duration(s, spent(s, e));
        break;
    case READY_ADMITTED: /* Of these TRACE_ADMIT, TRACE_PREEMPT and */
    case READY_QUANTUM:  /* TRACE_GIVE_WAY have told why. */
    case READY_PREEMPTED:
        if (!ready.preferred) {
            return;
        }
        sentence_put(s, "%s is ready", vm.chars);
        break;
    }
    if (ready.preferred) {
        sentence_put(s, ", before its turn, since it idled early");
    }
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

void sentence_pick(struct sentences *s, const struct trace_event *e)
{
    struct trace_pick pick = trace_get_pick(e);
    const struct replay_vm *v = sentence_state(s, e);
    sentence_put(s, "%s gets the processor for at most ",
                 sentence_vm(s, e->vm).chars);
    sentence_put_duration(s, pick.quantum);
    sentence_put(s, ": %s", word_phrase(&pick_words, pick.why));
    if (v && v->state == VM_READY) {
        sentence_put(s, ", ready for ");
        sentence_put_duration(s, spent(s, e));
    }
    put_others(s);
}

void sentence_switch(struct sentences *s, const struct trace_event *e)
{
    struct trace_switch sw = trace_get_switch(e);
    sentence_put(s, "The address space is now that of %s",
                 sentence_vm(s, e->vm).chars);
    if (sw.from != TRACE_NO_VM) {
        sentence_put(s, ", no longer that of %s",
                     sentence_vm(s, sw.from).chars);
    }
    sentence_put(s, ", at a cost of ");
    sentence_put_duration(s, sw.cycles);
}

void sentence_preempt(struct sentences *s, const struct trace_event *e)
{
    sentence_put(s, "%s is preempted: its quantum is used up, and ",
                 sentence_vm(s, e->vm).chars);
    sentence_put_duration(s, trace_get_preempt(e).overrun);
    sentence_put(s, " more, to the end of a block");
    uint32_t ready = s->replay->lists[VM_READY].count;
    if (ready > 0) {
        sentence_put(s, "; %u %s ready", ready, ready == 1 ? "is" : "are");
    }
}

void sentence_set_aside(struct sentences *s, const struct trace_event *e)
{
    struct trace_set_aside aside = trace_get_set_aside(e);
    sentence_put(s, "%s is set aside after ", sentence_vm(s, e->vm).chars);
    sentence_put_duration(s, aside.used);
    sentence_put(s, " of its ");
    sentence_put_duration(s, aside.quantum);
    sentence_put(s, ": there is an interrupt for another VM");
}

void sentence_give_way(struct sentences *s, const struct trace_event *e)
{
    struct trace_give_way way = trace_get_give_way(e);
    sentence_put(s, "%s is preempted: ", sentence_vm(s, e->vm).chars);
    sentence_put(s, "%s is ready and goes first; ",
                 sentence_vm(s, way.to).chars);
    sentence_put_duration(s, way.left);
    sentence_put(s, " of the quantum are left");
}

void sentence_reason(struct sentences *s, const struct trace_event *e)
{
    struct trace_reason reason = trace_get_reason(e);
    char text[DESCRIBE_BYTES];
    describe_reason(&s->replay->info, &reason, text);
    sentence_put(s, "Of %s %s says: %s", sentence_vm(s, e->vm).chars,
                 word_phrase(&policy_kind_words, reason.policy), text);
}

void sentence_idle(struct sentences *s, const struct trace_event *e)
{
    struct trace_idle idle = trace_get_idle(e);
    sentence_put(s, "%s idles until an interrupt comes",
                 sentence_vm(s, e->vm).chars);
    if (idle.deadline != TIME_NEVER) {
        char until[WORDS_BYTES];
        words_moment(idle.deadline, s->replay->info.cpu_hz, until);
        sentence_put(s, ", or until %s", until);
    }
    sentence_put(s, "; it leaves ");
    sentence_put_duration(s, idle.left);
    sentence_put(s, " of its quantum");
}

/* ---- Virtual interrupts ------------------------------------------------- */

/* Writes "received packets, the alarm". */
static void put_virqs(struct sentences *s, uint32_t virqs)
{
    const char *before = "";
    for (uint32_t i = 0; i < VIRQ_COUNT; i++) {
        if (word_set_has(virqs, i)) {
            sentence_put(s, "%s%s", before, word_phrase(&virq_words, i));
            before = ", ";
        }
    }
}

void sentence_wake(struct sentences *s, const struct trace_event *e)
{
    sentence_put(s, "%s wakes after ", sentence_vm(s, e->vm).chars);
    sentence_put_duration(s, spent(s, e));
    sentence_put(s, ": %s",
                 word_phrase(&wake_why_words, trace_get_wake(e).why));
}

void sentence_raise(struct sentences *s, const struct trace_event *e)
{
    struct trace_raise raise = trace_get_raise(e);
    sentence_put(s, "An interrupt (");
    put_virqs(s, raise.virqs);
    sentence_put(s, ") is raised for %s", sentence_vm(s, e->vm).chars);
    if (raise.coalesced) {
        sentence_put(s, ", and coalesces with one that is pending");
    }
}

void sentence_deliver(struct sentences *s, const struct trace_event *e)
{
    struct trace_deliver deliver = trace_get_deliver(e);
    const struct replay_vm *v = sentence_state(s, e);
    sentence_put(s, "Interrupts (");
    put_virqs(s, deliver.virqs);
    sentence_put(s, ") are delivered to %s, to its handler at %#x",
                 sentence_vm(s, e->vm).chars, deliver.handler);
    if (v && word_set_has(deliver.virqs, VIRQ_NET_RX)) {
        char count[WORDS_BYTES];
        words_count(v->rx, "packet", count);
        sentence_put(s, "; %s %s to be taken", count,
                     v->rx == 1 ? "waits" : "wait");
    }
}
