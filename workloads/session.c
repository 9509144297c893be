/*
 * session.c - a request, from due to answered: HTTP over the clients' TCP.
 *
 * With a connection for each request, the client closes as soon as the whole
 * answer has come, so that the server never has to wait in TIME_WAIT. A
 * client that gives up, or sees a wrong answer, resets the connection: the
 * server then knows at once, and wakes once, where a FIN would let it send
 * into the void. So a run without timeouts and failures has no reset.
 */
#include "workloads/load_state.h"

#include "isa/abi.h"
#include "sim/trace/trace.h"
#include "workloads/guests/document.h"

#include <string.h>

static struct source *source_of(const struct load *l, const struct session *x)
{
    return &l->sources[x->source];
}

static uint32_t vm_ip(uint32_t vm)
{
    return ABI_VM_NET + vm + 1;
}

/* A replay has no path of its own, and asks for "/" where its file names none. */
static const char *path_of(const struct load *l, const struct session *x)
{
    if (x->question != SLAB_NONE) {
        const struct question *q = slab_at(&l->questions, x->question);
        return q->path;
    }
    const char *path = source_of(l, x)->config->path;
    return path[0] != '\0' ? path : "/";
}

static struct http_request request_of(const struct load *l,
                                      const struct session *x)
{
    return (struct http_request){ .path = path_of(l, x),
                                  .remote_ip = vm_ip(x->vm) };
}

static uint32_t key_hash(const struct session *x)
{
    return slab_hash(x->source, x->client, x->vm);
}

/* ---- The end of a request ----------------------------------------------- */

static void emit(struct load *l, struct trace_event event)
{
    trace_emit(l->config.trace, l->config.events->now, event);
}

static void count_end(struct load *l, const struct session *x,
                      enum outcome outcome)
{
    if (outcome == OUTCOME_COMPLETED) {
        emit(l, TRACE_EVENT(reply, x->vm, .request = x->number,
                            .latency = l->config.events->now - x->due));
    } else {
        emit(l,
             TRACE_EVENT(give_up, x->vm, .request = x->number, .why = outcome));
    }
    load_count_ended(source_of(l, x), x->vm, x->due, outcome,
                     x->response.body_bytes);
}

static void forget(struct load *l, struct session *x)
{
    timer_cancel(l->config.events, &x->timeout);
    x->is_open = false;
    if (source_of(l, x)->config->keep_alive) {
        slab_index_remove(&l->kept_alive, x);
    }
    if (x->question != SLAB_NONE) {
        slab_put(&l->questions, slab_at(&l->questions, x->question));
    }
    slab_put(&l->sessions, x);
}

/* The connection may be gone already; otherwise it is closed, reset or kept,
   as `outcome` asks. */
static void end(struct load *l, struct session *x, enum outcome outcome)
{
    struct source *s = source_of(l, x);
    uint32_t client = x->client;

    count_end(l, x, outcome);
    x->is_busy = false;
    timer_cancel(l->config.events, &x->timeout);
    bool is_kept = outcome == OUTCOME_COMPLETED && s->config->keep_alive &&
                   !x->response.closes && !l->is_stopped && !s->is_over;
    if (!is_kept) {
        if (x->connection == TCP_NONE) {
            /* Nothing to close. */
        } else if (outcome == OUTCOME_COMPLETED) {
            tcp_close(l->tcp, x->connection);
        } else {
            tcp_abort(l->tcp, x->connection);
        }
        forget(l, x);
    }
    load_tell_ended(s, client, outcome);
}

static void timeout_fires(void *ctx, struct sim_timer *timer)
{
    struct session *x = CONTAINER_OF(timer, struct session, timeout);
    end(ctx, x, OUTCOME_TIMED_OUT);
}

/* ---- What TCP says ------------------------------------------------------ */

static struct session *session_at(const struct load *l, uint32_t owner)
{
    return slab_at(&l->sessions, owner);
}

static void read_request(void *ctx, uint32_t owner, uint32_t offset,
                         uint8_t *to, uint32_t count)
{
    const struct load *l = ctx;
    struct http_request request = request_of(l, session_at(l, owner));
    uint32_t all = http_request_bytes(&request);

    /* All requests on a connection are the same, one behind the other. */
    while (count > 0) {
        offset %= all;
        uint32_t part = all - offset < count ? all - offset : count;
        http_request_copy(&request, offset, to, part);
        to += part;
        offset += part;
        count -= part;
    }
}

/* No request is under way: the peer closes, or says what nobody asked. */
static void drop_idle(struct load *l, struct session *x, bool is_orderly)
{
    if (is_orderly) {
        tcp_close(l->tcp, x->connection);
    } else {
        tcp_abort(l->tcp, x->connection);
    }
    forget(l, x);
}

static void deliver(void *ctx, uint32_t owner, const uint8_t *bytes,
                    uint32_t count)
{
    struct load *l = ctx;
    struct session *x = session_at(l, owner);

    if (!x->is_busy) {
        drop_idle(l, x, false);
        return;
    }
    enum http_result result = http_response_read(&x->response, bytes, count);
    if (result == HTTP_DONE) {
        end(l, x, OUTCOME_COMPLETED);
    } else if (result != HTTP_MORE) {
        end(l, x, OUTCOME_FAILED);
    }
}

static void peer_closed(void *ctx, uint32_t owner)
{
    struct load *l = ctx;
    struct session *x = session_at(l, owner);

    if (x->is_busy) {
        bool is_whole = http_response_end(&x->response) == HTTP_DONE;
        end(l, x, is_whole ? OUTCOME_COMPLETED : OUTCOME_FAILED);
    } else {
        drop_idle(l, x, true);
    }
}

static void ended(void *ctx, uint32_t owner, enum tcp_end why)
{
    struct load *l = ctx;
    struct session *x = session_at(l, owner);

    x->connection = TCP_NONE;
    if (!x->is_busy) {
        forget(l, x);
    } else if (why == TCP_END_RESET) {
        end(l, x, OUTCOME_FAILED);
    } else {
        end(l, x, OUTCOME_TIMED_OUT);
    }
}

static void retransmits(void *ctx, uint32_t owner, uint32_t connection,
                        uint32_t seq, uint32_t remote_ip)
{
    struct load *l = ctx;

    /* A FIN that is sent again is of no request any more. */
    const struct session *x = owner == TCP_NONE ? NULL : session_at(l, owner);
    if (x && x->is_busy) {
        load_count_retransmit(source_of(l, x), x->due);
    }
    emit(l, TRACE_EVENT(retransmit, remote_ip - ABI_VM_NET - 1,
                        .connection = connection, .sequence = seq));
}

const struct tcp_ops session_tcp_ops = {
    .read = read_request,
    .deliver = deliver,
    .peer_closed = peer_closed,
    .ended = ended,
    .retransmits = retransmits,
};

/* ---- The beginning ------------------------------------------------------ */

static struct session *find_kept(const struct load *l, uint32_t source,
                                 uint32_t client, uint32_t vm)
{
    uint32_t hash = slab_hash(source, client, vm);
    struct session *x = slab_index_next(&l->kept_alive, hash, NULL);
    while (x && (x->source != source || x->client != client || x->vm != vm)) {
        x = slab_index_next(&l->kept_alive, hash, x);
    }
    return x;
}

/* NULL when there is no memory for it. */
static struct session *open_session(struct load *l, const struct source *s,
                                    uint32_t client, uint32_t vm)
{
    struct session *x = slab_get(&l->sessions, s->index);
    if (!x) {
        return NULL;
    }
    x->connection = tcp_connect(l->tcp, s->index, vm_ip(vm), s->server.port,
                                x->head.number);
    if (x->connection == TCP_NONE) {
        slab_put(&l->sessions, x);
        return NULL;
    }
    x->source = s->index;
    x->client = client;
    x->vm = vm;
    x->question = SLAB_NONE;
    x->is_open = true;
    timer_init(&x->timeout, timeout_fires, l);
    if (s->config->keep_alive) {
        slab_index_add(&l->kept_alive, x, key_hash(x));
    }
    return x;
}

/* A request that cannot even be sent: it has failed. */
static void fail_at_once(struct source *s, uint32_t client, uint32_t vm,
                         uint64_t number)
{
    struct load *l = s->load;
    emit(l, TRACE_EVENT(give_up, vm, .request = number, .why = OUTCOME_FAILED));
    load_count_ended(s, vm, l->config.events->now, OUTCOME_FAILED, 0);
    load_tell_ended(s, client, OUTCOME_FAILED);
}

/* False: there is no memory for it. */
static bool put_question(struct load *l, struct session *x, const char *path,
                         uint32_t path_bytes)
{
    struct question *q = slab_get(&l->questions, x->source);
    if (!q) {
        return false;
    }
    SIM_ASSERT(path_bytes < sizeof(q->path));
    memcpy(q->path, path, path_bytes);
    q->path[path_bytes] = '\0';
    x->question = q->head.number;
    return true;
}

static void ask(struct source *s, uint32_t client, uint32_t vm,
                const char *path, uint32_t path_bytes)
{
    struct load *l = s->load;
    uint64_t now = l->config.events->now;
    uint64_t number = l->next_number++;
    struct session *x = NULL;

    load_count_begun(s, vm, now);
    emit(l, TRACE_EVENT(request, vm, .request = number));
    if (s->config->keep_alive) {
        x = find_kept(l, s->index, client, vm);
    }
    if (!x) {
        x = open_session(l, s, client, vm);
    }
    if (x && path_bytes > 0 && !put_question(l, x, path, path_bytes)) {
        tcp_abort(l->tcp, x->connection);
        forget(l, x);
        x = NULL;
    }
    if (!x) {
        fail_at_once(s, client, vm, number);
        return;
    }
    SIM_ASSERT(!x->is_busy);
    x->is_busy = true;
    x->number = number;
    emit(l, TRACE_EVENT(connect, vm, .request = number,
                        .connection = x->connection));
    x->due = now;
    http_response_init(&x->response, vm, s->server.body_bytes);
    if (s->config->answer.is_given) {
        http_response_expect(&x->response, &s->config->answer);
    }
    timer_set(l->config.events, &x->timeout, now + s->timeout);
    struct http_request request = request_of(l, x);
    tcp_send(l->tcp, x->connection, http_request_bytes(&request));
}

void session_ask(struct source *s, uint32_t client, uint32_t vm)
{
    ask(s, client, vm, NULL, 0);
}

void session_ask_for(struct source *s, uint32_t vm, const char *path,
                     uint32_t path_bytes)
{
    ask(s, LOAD_NO_CLIENT, vm, path, path_bytes);
}

void session_close_idle(struct load *l, const struct source *of)
{
    for (uint32_t i = 0; i < l->sessions.made; i++) {
        struct session *x = session_at(l, i);
        if (x->is_open && !x->is_busy && (!of || x->source == of->index)) {
            drop_idle(l, x, true);
        }
    }
}

void session_abandon(struct load *l)
{
    for (uint32_t i = 0; i < l->sessions.made; i++) {
        struct session *x = session_at(l, i);
        if (x->is_open) {
            forget(l, x);
        }
    }
}
