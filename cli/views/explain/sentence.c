/* sentence.c - beginnings and ends, and requests; see sentence.h. */
#include "cli/views/explain/sentence.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cli/views/explain/words.h"
#include "sim/units.h"

typedef unsigned long long u64;

void sentence_put(struct sentences *s, const char *format, ...)
{
    size_t used = strlen(s->text);
    va_list args;
    va_start(args, format);
    /* clang-tidy 14 is wrong here when it looks at a file for two targets.
       NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized) */
    (void)vsnprintf(s->text + used, SENTENCE_BYTES - used, format, args);
    va_end(args);
}

void sentence_put_duration(struct sentences *s, uint64_t cycles)
{
    char text[WORDS_BYTES];
    words_duration(cycles, s->replay->info.cpu_hz, text);
    sentence_put(s, "%s", text);
}

struct vm_name sentence_vm(const struct sentences *s, uint32_t vm)
{
    return vm_name(&s->replay->info.roster, vm);
}

const struct replay_vm *sentence_state(const struct sentences *s,
                                       const struct trace_event *e)
{
    return e->vm < s->replay->info.vm_limit ? &s->replay->vms[e->vm] : NULL;
}

/* ---- Beginnings and ends ------------------------------------------------ */

static void of_create(struct sentences *s, const struct trace_event *e)
{
    char size[UNITS_BYTES];
    units_write_size(trace_get_create(e).memory, size);
    sentence_put(s, "%s is created, with %s of memory",
                 sentence_vm(s, e->vm).chars, size);
}

static void of_end(struct sentences *s, const struct trace_event *e)
{
    struct trace_end end = trace_get_end(e);
    sentence_put(s, "%s ends: ", sentence_vm(s, e->vm).chars);
    switch (end.why) {
    case VM_END_TERMINATE:
        sentence_put(s, "it terminates itself, with code %u", end.detail);
        break;
    case VM_END_ADDRESS:
        sentence_put(s, "it accessed %#x, which it may not", end.detail);
        break;
    case VM_END_EXCEPTION:
        sentence_put(s, "it caused processor exception %u", end.detail);
        break;
    case VM_END_REFUSED:
        sentence_put(s, "the instruction at %#x is outside the subset",
                     end.detail);
        break;
    case VM_END_DELIVERY:
        sentence_put(s,
                     "its stack, at %#x, has no room for an interrupt's frame",
                     end.detail);
        break;
    case VM_END_NONE:
    case VM_END_SUPERVISOR:
        sentence_put(s, "%s", word_phrase(&vm_end_words, end.why));
        break;
    }
}

static void of_refuse_create(struct sentences *s, const struct trace_event *e)
{
    struct trace_refuse_create r = trace_get_refuse_create(e);
    sentence_put(s, "%s is not created", sentence_vm(s, e->vm).chars);
    if (r.count > 1) {
        sentence_put(s, ", nor are %llu more", (unsigned long long)r.count - 1);
    }
    sentence_put(s, ": %s", word_phrase(&refusal_words, r.why));
}

static void of_phase(struct sentences *s, const struct trace_event *e)
{
    switch (trace_get_phase(e).phase) {
    case PHASE_BOOT:
        sentence_put(s, "Boot begins");
        break;
    case PHASE_WARMUP:
        sentence_put(s, "Warm-up begins");
        break;
    case PHASE_WINDOW:
        sentence_put(s, "The measured window begins");
        break;
    case PHASE_DRAIN:
        sentence_put(s, "The measured window ends, and the drain begins");
        break;
    }
}

static void of_console(struct sentences *s, const struct trace_event *e)
{
    sentence_put(s, "%s writes %llu bytes on its console",
                 sentence_vm(s, e->vm).chars, (u64)trace_get_console(e).bytes);
}

/* ---- Requests ----------------------------------------------------------- */

static void of_request(struct sentences *s, const struct trace_event *e)
{
    sentence_put(s, "Request %llu, to %s, is due",
                 (u64)trace_get_request(e).request,
                 sentence_vm(s, e->vm).chars);
}

static void of_connect(struct sentences *s, const struct trace_event *e)
{
    struct trace_connect c = trace_get_connect(e);
    sentence_put(s, "Request %llu goes by connection %u", (u64)c.request,
                 c.connection);
}

static void of_reply(struct sentences *s, const struct trace_event *e)
{
    struct trace_reply reply = trace_get_reply(e);
    sentence_put(s, "Request %llu is answered by %s, after ",
                 (u64)reply.request, sentence_vm(s, e->vm).chars);
    sentence_put_duration(s, reply.latency);
}

static void of_give_up(struct sentences *s, const struct trace_event *e)
{
    struct trace_give_up g = trace_get_give_up(e);
    sentence_put(s, "Request %llu to %s is given up: it %s", (u64)g.request,
                 sentence_vm(s, e->vm).chars,
                 word_phrase(&outcome_words, g.why));
}

/* How much of the answer had come before `what` happened. */
static void put_short(struct sentences *s, const struct trace_wrong *w,
                      const char *what)
{
    if (w->expected == UINT32_MAX) {
        sentence_put(s, "more of the answer");
    } else {
        sentence_put(s, "%u bytes", w->expected);
    }
    sentence_put(s, ", and had seen %u when %s", w->seen, what);
}

/* A flat switch: what was expected, and what was seen. */
static void of_wrong(struct sentences *s, const struct trace_event *e)
{
    struct trace_wrong w = trace_get_wrong(e);
    sentence_put(s, "The client of %s expected ", sentence_vm(s, e->vm).chars);
    switch (w.what) {
    case MISTAKE_STATUS:
        sentence_put(s, "status %u, and saw %u", w.expected, w.seen);
        break;
    case MISTAKE_LENGTH:
        sentence_put(s, "%u bytes, and saw %u", w.expected, w.seen);
        break;
    case MISTAKE_BYTE:
        sentence_put(s,
                     "the byte 0x%02x after %u that were right, and saw "
                     "0x%02x",
                     w.expected, (unsigned)w.at, w.seen);
        break;
    case MISTAKE_DIGEST:
        sentence_put(s,
                     "a body whose SHA-256 begins with %08x, and saw one "
                     "whose begins with %08x",
                     w.expected, w.seen);
        break;
    case MISTAKE_FORM:
        sentence_put(s,
                     "a well-formed answer, and saw the byte 0x%02x after "
                     "%u bytes",
                     w.seen, (unsigned)w.at);
        break;
    case MISTAKE_EXTRA:
        sentence_put(s, "no more after %u bytes, and saw the byte 0x%02x",
                     (unsigned)w.at, w.seen);
        break;
    case MISTAKE_CLOSED:
        put_short(s, &w, "the connection was closed");
        break;
    case MISTAKE_RESET:
        put_short(s, &w, "the connection was reset");
        break;
    case MISTAKE_LATE:
        put_short(s, &w, "its time was over");
        break;
    case MISTAKE_REFUSED:
    case MISTAKE_NONE:
        sentence_put(s, "%s, and the connection was refused",
                     word_phrase(&mistake_words, w.what));
        break;
    }
}

static void of_retransmit(struct sentences *s, const struct trace_event *e)
{
    sentence_put(s,
                 "The client on connection %u retransmits to %s, since nothing "
                 "came back",
                 trace_get_retransmit(e).connection,
                 sentence_vm(s, e->vm).chars);
}

/* ---- All ---------------------------------------------------------------- */

static enum sentence_kind say(struct sentences *s, const struct trace_event *e,
                              sentence_fn *write, enum sentence_kind kind)
{
    write(s, e);
    return s->text[0] != '\0' ? kind : SENTENCE_NONE;
}

/* Each kind of event has a sentence, or is told in those of others. It is a
   flat switch. NOLINTNEXTLINE(readability-function-size) */
enum sentence_kind sentence_write(struct sentences *s,
                                  const struct trace_event *e,
                                  char text[SENTENCE_BYTES])
{
    text[0] = '\0';
    s->text = text;
    switch (trace_kind(e)) {
    case TRACE_CREATE:
        return say(s, e, of_create, SENTENCE_DECISION);
    case TRACE_END:
        return say(s, e, of_end, SENTENCE_DECISION);
    case TRACE_REFUSE_CREATE:
        return say(s, e, of_refuse_create, SENTENCE_DECISION);
    case TRACE_PHASE:
        return say(s, e, of_phase, SENTENCE_DECISION);
    case TRACE_CONSOLE:
        return say(s, e, of_console, SENTENCE_DECISION);
    case TRACE_ARRIVE:
        return say(s, e, sentence_arrive, SENTENCE_DECISION);
    case TRACE_ADMIT:
        return say(s, e, sentence_admit, SENTENCE_DECISION);
    case TRACE_LEASE_END:
        return say(s, e, sentence_lease_end, SENTENCE_DECISION);
    case TRACE_READY:
        return say(s, e, sentence_ready, SENTENCE_DECISION);
    case TRACE_PICK:
        return say(s, e, sentence_pick, SENTENCE_DECISION);
    case TRACE_SWITCH:
        return say(s, e, sentence_switch, SENTENCE_DECISION);
    case TRACE_PREEMPT:
        return say(s, e, sentence_preempt, SENTENCE_DECISION);
    case TRACE_SET_ASIDE:
        return say(s, e, sentence_set_aside, SENTENCE_DECISION);
    case TRACE_GIVE_WAY:
        return say(s, e, sentence_give_way, SENTENCE_DECISION);
    case TRACE_REASON:
        return say(s, e, sentence_reason, SENTENCE_DECISION);
    case TRACE_IDLE:
        return say(s, e, sentence_idle, SENTENCE_DECISION);
    case TRACE_WAKE:
        return say(s, e, sentence_wake, SENTENCE_DECISION);
    case TRACE_RAISE:
        return say(s, e, sentence_raise, SENTENCE_DECISION);
    case TRACE_DELIVER:
        return say(s, e, sentence_deliver, SENTENCE_DECISION);
    case TRACE_FAULT:
        return say(s, e, sentence_fault, SENTENCE_DECISION);
    case TRACE_FILL:
        return say(s, e, sentence_fill, SENTENCE_DECISION);
    case TRACE_TABLE:
        return say(s, e, sentence_table, SENTENCE_DECISION);
    case TRACE_BLOCK:
        return say(s, e, sentence_block, SENTENCE_DECISION);
    case TRACE_EVICT:
        return say(s, e, sentence_evict, SENTENCE_DECISION);
    case TRACE_CLEAN:
        return say(s, e, sentence_clean, SENTENCE_DECISION);
    case TRACE_RECLAIM:
        return say(s, e, sentence_reclaim, SENTENCE_DECISION);
    case TRACE_DISK_READ:
        return say(s, e, sentence_disk_read, SENTENCE_DECISION);
    case TRACE_DISK_WRITE:
        return say(s, e, sentence_disk_write, SENTENCE_DECISION);
    case TRACE_DISK_DONE:
        return say(s, e, sentence_disk_done, SENTENCE_DECISION);
    case TRACE_DISK_CANCEL:
        return say(s, e, sentence_disk_cancel, SENTENCE_DECISION);
    case TRACE_RX_DROP:
        return say(s, e, sentence_rx_drop, SENTENCE_DECISION);
    case TRACE_TX_DROP:
        return say(s, e, sentence_tx_drop, SENTENCE_DECISION);
    case TRACE_LINK_DROP:
        return say(s, e, sentence_link_drop, SENTENCE_DECISION);
    case TRACE_LINK_COPY:
        return say(s, e, sentence_link_copy, SENTENCE_DECISION);
    case TRACE_CLIENT_SEND:
        return say(s, e, sentence_client_send, SENTENCE_PACKET);
    case TRACE_RX:
        return say(s, e, sentence_rx, SENTENCE_PACKET);
    case TRACE_RECV:
        return say(s, e, sentence_recv, SENTENCE_PACKET);
    case TRACE_SEND:
        return say(s, e, sentence_send, SENTENCE_PACKET);
    case TRACE_TX:
        return say(s, e, sentence_tx, SENTENCE_PACKET);
    case TRACE_CLIENT_RECV:
        return say(s, e, sentence_client_recv, SENTENCE_PACKET);
    case TRACE_REQUEST:
        return say(s, e, of_request, SENTENCE_REQUEST);
    case TRACE_CONNECT:
        return say(s, e, of_connect, SENTENCE_REQUEST);
    case TRACE_REPLY:
        return say(s, e, of_reply, SENTENCE_REQUEST);
    case TRACE_GIVE_UP:
        return say(s, e, of_give_up, SENTENCE_REQUEST);
    case TRACE_WRONG:
        return say(s, e, of_wrong, SENTENCE_REQUEST);
    case TRACE_RETRANSMIT:
        return say(s, e, of_retransmit, SENTENCE_REQUEST);
    case TRACE_HAND: /* The sentence of TRACE_EVICT tells what was looked at. */
        s->hand_looked = trace_get_hand(e).looked;
        break;
    case TRACE_RUN:
    case TRACE_EXIT:
    case TRACE_VINSN:
    case TRACE_CHARGE:
    case TRACE_TOUCH:
    case TRACE_DIRTY:
        break;
    }
    return SENTENCE_NONE;
}
