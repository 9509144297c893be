/* sentence_net.c - sentences about frames between clients and VMs. */
#include "cli/views/explain/sentence.h"

#include "cli/views/explain/words.h"

typedef unsigned long long u64;

/* Writes "Packet 812 (60 bytes)". */
static void put_packet(struct sentences *s, const struct trace_event *e)
{
    struct trace_packet p = trace_get_packet(e);
    sentence_put(s, "Packet %llu (%llu bytes)", (u64)p.packet, (u64)p.bytes);
}

static void put_queue(struct sentences *s, uint64_t queued, const char *queue)
{
    sentence_put(s, "; %llu in its %s queue", (u64)queued, queue);
}

/* Writes that the packet passes, or reaches, the VM: "Packet 812 (60 bytes) is
   in, for web-3". */
static void put_passage(struct sentences *s, const struct trace_event *e,
                        const char *before, const char *behind)
{
    put_packet(s, e);
    sentence_put(s, "%s%s%s", before, sentence_vm(s, e->vm).chars, behind);
}

void sentence_client_send(struct sentences *s, const struct trace_event *e)
{
    put_passage(s, e, " leaves a client for ", "");
}

void sentence_rx(struct sentences *s, const struct trace_event *e)
{
    put_passage(s, e, " has come in for ", "");
    put_queue(s, trace_get_rx(e).queued, "receive");
}

void sentence_recv(struct sentences *s, const struct trace_event *e)
{
    put_passage(s, e, " is taken by ", "");
    put_queue(s, trace_get_recv(e).queued, "receive");
}

void sentence_send(struct sentences *s, const struct trace_event *e)
{
    put_passage(s, e, " is sent by ", "");
    put_queue(s, trace_get_send(e).queued, "transmit");
}

void sentence_tx(struct sentences *s, const struct trace_event *e)
{
    put_passage(s, e, " of ", " passes the switch");
}

void sentence_client_recv(struct sentences *s, const struct trace_event *e)
{
    put_passage(s, e, " of ", " reaches the client");
}

void sentence_link_copy(struct sentences *s, const struct trace_event *e)
{
    put_packet(s, e);
    sentence_put(s, " is a copy of %llu that the wire made",
                 (u64)trace_get_link_copy(e).original);
}

/* ---- Drops -------------------------------------------------------------- */

/* `of` stands before the VM, if the event has one. */
static void put_drop(struct sentences *s, const struct trace_event *e,
                     const char *of, const char *why)
{
    put_packet(s, e);
    if (sentence_state(s, e)) {
        sentence_put(s, "%s%s", of, sentence_vm(s, e->vm).chars);
    }
    sentence_put(s, " is dropped: %s", why);
}

void sentence_rx_drop(struct sentences *s, const struct trace_event *e)
{
    put_drop(s, e, " for ",
             word_phrase(&rx_drop_words, trace_get_rx_drop(e).why));
}

void sentence_tx_drop(struct sentences *s, const struct trace_event *e)
{
    put_drop(s, e, " of ",
             word_phrase(&tx_drop_words, trace_get_tx_drop(e).why));
}

void sentence_link_drop(struct sentences *s, const struct trace_event *e)
{
    put_drop(s, e, ", to or from ",
             word_phrase(&link_loss_words, trace_get_link_drop(e).why));
}
