/*
 * session.c - a request, from due to answered: HTTP, or a script of what is said
 * and heard, over the clients' TCP.
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

static bool is_talk(const struct source *s)
{
    return s->config->kind == LOAD_ECHO || s->config->kind == LOAD_LINES;
}

/* How many bytes of the answer have come. */
static uint32_t heard(const struct load *l, const struct session *x)
{
    return is_talk(source_of(l, x))
               ? x->talk.heard
               : x->response.head_bytes + x->response.body_bytes;
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
                     is_talk(source_of(l, x)) ? x->talk.heard
                                              : x->response.body_bytes);
}

static void forget(struct load *l, struct session *x)
{
    timer_cancel(l->config.events, &x->timeout);
    reader_end(l, x);
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
                   (is_talk(s) || !x->response.closes) && !l->is_stopped &&
                   !s->is_over;
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

static void fail(struct load *l, struct session *x, enum outcome outcome,
                 struct mistake_found wrong)
{
    load_tell_wrong(l, x->vm, wrong);
    end(l, x, outcome);
}

/* No more of the answer comes than has. */
static void fail_short(struct load *l, struct session *x, enum mistake what)
{
    const struct source *s = source_of(l, x);
    uint32_t bytes =
        is_talk(s) ? s->script.expect_bytes : http_response_bytes(&x->response);
    fail(l, x, what == MISTAKE_LATE ? OUTCOME_TIMED_OUT : OUTCOME_FAILED,
         (struct mistake_found){ what, 0, bytes, heard(l, x) });
}

static void timeout_fires(void *ctx, struct sim_timer *timer)
{
    struct session *x = CONTAINER_OF(timer, struct session, timeout);
    fail_short(ctx, x, MISTAKE_LATE);
}

void session_end_read(struct load *l, struct session *x)
{
    end(l, x, OUTCOME_COMPLETED);
}

/* The whole answer has come, and is right. */
static void take_answer(struct load *l, struct session *x)
{
    x->is_answered = true;
    if (x->unread == 0) {
        session_end_read(l, x);
    }
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
    const struct session *x = session_at(l, owner);
    if (is_talk(source_of(l, x))) {
        talk_copy(&x->talk, x->said_at + offset, to, count);
        return;
    }
    struct http_request request = request_of(l, x);
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

/* Says what is to be said now, and then, if all has been said, that it has. */
static void say(struct load *l, struct session *x)
{
    const struct source *s = source_of(l, x);
    uint32_t bytes;
    if (is_talk(s)) {
        bytes = talk_say(&x->talk);
    } else {
        struct http_request request = request_of(l, x);
        bytes = http_request_bytes(&request);
    }
    if (bytes > 0) {
        x->said_at = tcp_is_empty(l->tcp, x->connection) ? x->said : x->said_at;
        x->said += is_talk(s) ? bytes : 0;
        x->said %= is_talk(s) ? s->script.send_bytes : 1;
        tcp_send(l->tcp, x->connection, bytes);
    }
    bool is_last = !is_talk(s) || talk_is_silent(&x->talk);
    if (s->config->half_close && is_last && !x->has_shut_down) {
        x->has_shut_down = true;
        tcp_half_close(l->tcp, x->connection);
    }
}

static void hear_talk(struct load *l, struct session *x, const uint8_t *bytes,
                      uint32_t count)
{
    switch (talk_hear(&x->talk, bytes, count)) {
    case TALK_MORE:
        say(l, x);
        break;
    case TALK_DONE:
        take_answer(l, x);
        break;
    case TALK_WRONG:
        fail(l, x, OUTCOME_FAILED, x->talk.wrong);
        break;
    }
}

static void hear_response(struct load *l, struct session *x,
                          const uint8_t *bytes, uint32_t count)
{
    enum http_result result = http_response_read(&x->response, bytes, count);
    if (result == HTTP_DONE) {
        take_answer(l, x);
    } else if (result != HTTP_MORE) {
        fail(l, x, OUTCOME_FAILED, x->response.wrong);
    }
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
    reader_hears(l, x, count);
    if (x->is_answered) {
        fail(l, x, OUTCOME_FAILED,
             (struct mistake_found){ MISTAKE_EXTRA, heard(l, x), 0, bytes[0] });
    } else if (is_talk(source_of(l, x))) {
        hear_talk(l, x, bytes, count);
    } else {
        hear_response(l, x, bytes, count);
    }
}

static void peer_closed(void *ctx, uint32_t owner)
{
    struct load *l = ctx;
    struct session *x = session_at(l, owner);

    if (!x->is_busy) {
        drop_idle(l, x, true);
    } else if (x->is_answered) {
        return; /* And is being read. */
    } else if (is_talk(source_of(l, x))) {
        fail_short(l, x, MISTAKE_CLOSED);
    } else if (http_response_end(&x->response) == HTTP_DONE) {
        take_answer(l, x);
    } else {
        fail(l, x, OUTCOME_FAILED, x->response.wrong);
    }
}

static void ended(void *ctx, uint32_t owner, enum tcp_end why)
{
    static const enum mistake mistakes[] = {
        [TCP_END_RESET] = MISTAKE_RESET,
        [TCP_END_REFUSED] = MISTAKE_REFUSED,
        [TCP_END_TIMED_OUT] = MISTAKE_LATE,
    };
    struct load *l = ctx;
    struct session *x = session_at(l, owner);

    x->connection = TCP_NONE;
    if (x->is_busy) {
        fail_short(l, x, mistakes[why]);
    } else {
        forget(l, x);
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
                                x->head.number, reader_offer(s));
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
    reader_begin(l, x);
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

/* Nothing of the answer has come yet. */
static void begin_answer(const struct source *s, struct session *x)
{
    if (is_talk(s)) {
        talk_init(&x->talk, &s->script, x->number);
        return;
    }
    http_response_init(&x->response, x->vm, s->server.body_bytes);
    if (s->config->answer.is_given) {
        http_response_expect(&x->response, &s->config->answer);
    }
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
    x->is_answered = false;
    begin_answer(s, x);
    timer_set(l->config.events, &x->timeout, now + s->timeout);
    say(l, x);
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
