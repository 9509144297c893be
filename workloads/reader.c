/*
 * reader.c - clients that are slow to read what they asked for, over TCP.
 *
 * A client has a buffer (`receive_buffer`), and offers what is free of it. One
 * with a `read_rate` reads as many bytes as it does in a hundredth of a second,
 * or one, at a time; its answer has come when it has read all of it. One with a
 * `zero_window` offers nothing until that time has passed, from its SYN on, and
 * then says so: whoever wants to send must wait, and probe.
 */
#include "workloads/load_state.h"

#include "sim/devices/machine.h"

#define READS_A_SECOND 100

static void reading_fires(void *ctx, struct sim_timer *timer);

void reader_init(struct source *s)
{
    const struct scenario_load *config = s->config;
    uint64_t hz = s->load->config.cpu_hz;
    uint32_t part = config->read_rate / READS_A_SECOND;
    s->buffer =
        config->receive_buffer > 0 ? config->receive_buffer : TCP_WINDOW;
    s->shut_cycles = cycles_from_ns(config->zero_window_ns, hz);
    if (config->read_rate > 0) {
        s->read_part = part > 0 ? part : 1;
        s->read_cycles =
            (hz * s->read_part + config->read_rate - 1) / config->read_rate;
    }
}

uint32_t reader_offer(const struct source *s)
{
    return s->shut_cycles > 0 ? 0 : s->buffer;
}

static void set_timer(struct load *l, struct session *x, uint64_t cycles)
{
    timer_set(l->config.events, &x->reading, l->config.events->now + cycles);
}

void reader_begin(struct load *l, struct session *x)
{
    const struct source *s = &l->sources[x->source];
    timer_init(&x->reading, reading_fires, l);
    x->is_shut = s->shut_cycles > 0;
    if (x->is_shut) {
        set_timer(l, x, s->shut_cycles);
    }
}

static void offer(struct load *l, const struct session *x)
{
    if (x->connection != TCP_NONE) {
        tcp_offer(l->tcp, x->connection,
                  l->sources[x->source].buffer - x->unread);
    }
}

void reader_hears(struct load *l, struct session *x, uint32_t bytes)
{
    const struct source *s = &l->sources[x->source];
    if (s->read_part == 0) {
        return;
    }
    x->unread += bytes;
    offer(l, x);
    if (!timer_is_set(&x->reading)) {
        set_timer(l, x, s->read_cycles);
    }
}

static void reading_fires(void *ctx, struct sim_timer *timer)
{
    struct load *l = ctx;
    struct session *x = CONTAINER_OF(timer, struct session, reading);
    const struct source *s = &l->sources[x->source];
    if (x->is_shut) {
        x->is_shut = false;
        offer(l, x);
        return;
    }
    x->unread -= x->unread < s->read_part ? x->unread : s->read_part;
    offer(l, x);
    if (x->unread > 0) {
        set_timer(l, x, s->read_cycles);
    } else if (x->is_answered) {
        session_end_read(l, x);
    }
}

void reader_end(struct load *l, struct session *x)
{
    timer_cancel(l->config.events, &x->reading);
}
