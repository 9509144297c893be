/*
 * request_view.c - `iksim explain --request`: one request, its path and its
 * parts.
 *
 * The trace is read three times: the first pass finds the request and its path,
 * the second the packets of its connection, and the third tells what became of
 * these packets and what the VM did meanwhile.
 */
#include "cli/views/explain/explain.h"

#include <stdio.h>
#include <stdlib.h>

#include "cli/cli.h"
#include "cli/views/explain/requests.h"
#include "cli/views/explain/sentence.h"
#include "cli/views/explain/wait_tell.h"
#include "cli/views/explain/words.h"
#include "sim/grow.h"

struct view {
    uint64_t number;
    const struct trace_info *info;
    bool is_found;
    struct request request;
    struct request_leg *legs; /* Owned. */
    size_t leg_count;
    bool is_short;             /* Host memory was short. */
    struct requests *requests; /* For the first pass. */
    struct waits_index waits;  /* To the request's end. */
    uint64_t last;             /* The cycle of the last event. */
    bool has_wrong; /* The event says what is wrong with its answer. */
    struct trace_event wrong;

    /* Set by the second pass. */
    uint64_t *packets; /* Owned; the connection's packets, in order. */
    size_t packet_count, packet_room;

    /* For the third pass. */
    struct replay *replay;
    struct sentences sentences;
};

/* ---- First pass --------------------------------------------------------- */

static void keep(void *ctx, const struct request *request,
                 const struct request_leg *legs, size_t count)
{
    struct view *v = ctx;
    if (request->number != v->number) {
        return;
    }
    v->is_found = true;
    v->request = *request;
    v->legs = calloc(count > 0 ? count : 1, sizeof(*legs));
    v->is_short = !v->legs;
    for (size_t i = 0; v->legs && i < count; i++) {
        v->legs[v->leg_count++] = legs[i];
    }
}

static bool find(void *ctx, const struct trace_event *e)
{
    struct view *v = ctx;
    v->last = e->time > v->last ? e->time : v->last;
    if (trace_kind(e) != TRACE_GIVE_UP) { /* Which follows at once. */
        v->has_wrong = trace_kind(e) == TRACE_WRONG;
        v->wrong = *e;
    }
    requests_event(v->requests, e);
    waits_index_event(&v->waits, e);
    return !v->is_found;
}

/* ---- What is printed ---------------------------------------------------- */

static void put_head(const struct view *v)
{
    static const char *const ends[OUTCOME_COUNT] = {
        [OUTCOME_OPEN] = "is not answered when the trace ends,",
        [OUTCOME_COMPLETED] = "is answered",
        [OUTCOME_TIMED_OUT] = "times out",
        [OUTCOME_FAILED] = "fails",
    };
    const struct request *q = &v->request;
    char due[WORDS_BYTES];
    char took[WORDS_BYTES];
    words_moment(q->due, v->info->cpu_hz, due);
    words_duration(q->ended - q->due, v->info->cpu_hz, took);
    printf("Request %llu, to %s, is due at %s and %s after %s.\n",
           (unsigned long long)q->number,
           vm_name(&v->info->roster, q->vm).chars, due, ends[q->end], took);
}

/* Why it failed: what was expected, and what was seen. */
static void put_wrong(struct view *v)
{
    char text[SENTENCE_BYTES];
    if (v->has_wrong &&
        sentence_write(&v->sentences, &v->wrong, text) != SENTENCE_NONE) {
        printf("%s.\n", text);
    }
}

static void put_parts(const struct view *v)
{
    const struct request *q = &v->request;
    uint64_t sum = 0;
    printf("\nWhere the time went\n  %-10s %14s %12s %7s\n", "", "cycles", "",
           "%");
    for (int p = 0; p < LATENCY_PART_COUNT; p++) {
        char time[WORDS_BYTES];
        words_duration(q->parts[p], v->info->cpu_hz, time);
        printf("  %-10s %14llu %12s %7.2f\n",
               word_name(&latency_part_words, (uint64_t)p),
               (unsigned long long)q->parts[p], time,
               100.0 * (double)q->parts[p] / (double)q->latency);
        sum += q->parts[p];
    }
    char time[WORDS_BYTES];
    words_duration(sum, v->info->cpu_hz, time);
    printf("  %-10s %14llu %12s %7.2f\n", "sum", (unsigned long long)sum, time,
           100.0 * (double)sum / (double)q->latency);
}

static void put_leg(const struct view *v, const struct request_leg *leg)
{
    char at[WORDS_BYTES];
    char time[WORDS_BYTES];
    words_moment(leg->from, v->info->cpu_hz, at);
    words_duration(leg->to - leg->from, v->info->cpu_hz, time);
    printf("  %16s  %8s  ", at, time);
    unsigned long long packet = leg->packet;
    switch (leg->kind) {
    case LEG_WIRE:
        printf("packet %llu comes in", packet);
        break;
    case LEG_QUEUE:
        printf("packet %llu stands in the VM's queue", packet);
        break;
    case LEG_VM:
        printf("the VM has packet %llu, and has not answered it", packet);
        break;
    case LEG_REPLY:
        printf("packet %llu goes out to the client", packet);
        break;
    case LEG_TIMERS:
        printf("the client waits for a timer");
        break;
    }
    if (leg->kind == LEG_QUEUE || leg->kind == LEG_VM) {
        const char *before = ": ";
        for (int p = 0; p < LATENCY_PART_COUNT; p++) {
            if (leg->parts[p] > 0) {
                words_duration(leg->parts[p], v->info->cpu_hz, time);
                printf("%s%s %s", before,
                       word_name(&latency_part_words, (uint64_t)p), time);
                before = ", ";
            }
        }
    }
    putchar('\n');
}

/* What the VM waited for on the path: the gate, the processor, or a page. */
static bool put_waits(const struct view *v)
{
    bool is_good = true;
    bool is_first = true;
    for (size_t i = 0; i < v->leg_count; i++) {
        const struct request_leg *leg = &v->legs[i];
        bool is_of_vm = leg->kind == LEG_QUEUE || leg->kind == LEG_VM;
        const struct stretch *s;
        for (uint64_t at = leg->from;
             is_good && is_of_vm && at < leg->to &&
             (s = waits_index_at(&v->waits, v->request.vm, at)) != NULL;
             at = s->to) {
            if (s->cause == CAUSE_NONE || wait_is_idle(s)) {
                continue;
            }
            printf("%s  ", is_first ? "\nWhat the VM waited for on it\n" : "");
            is_first = false;
            is_good = wait_tell(&v->waits, v->info, s);
        }
    }
    return is_good;
}

/* ---- Second pass -------------------------------------------------------- */

static bool is_within(const struct view *v, const struct trace_event *e)
{
    return e->time >= v->request.due && e->time <= v->request.ended;
}

static int by_number(const void *left, const void *right)
{
    const uint64_t *a = left;
    const uint64_t *b = right;
    return *a < *b ? -1 : *a > *b;
}

/* True: the event is this request's end. */
static bool is_end(const struct view *v, const struct trace_event *e)
{
    return (e->kind == TRACE_REPLY || e->kind == TRACE_GIVE_UP) &&
           trace_get_asked(e).request == v->number;
}

/* True: a client sends or gets a frame on the request's connection, while the
   request is under way. */
static bool is_ours(const struct view *v, const struct trace_event *e)
{
    uint32_t connection = REQUEST_NO_CONNECTION;
    if (e->kind == TRACE_CLIENT_SEND) {
        connection = trace_get_client_send(e).connection;
    } else if (e->kind == TRACE_CLIENT_RECV) {
        connection = trace_get_client_recv(e).connection;
    } else {
        return false;
    }
    return connection == v->request.connection && e->vm == v->request.vm &&
           is_within(v, e);
}

static bool collect(void *ctx, const struct trace_event *e)
{
    struct view *v = ctx;
    if (!is_ours(v, e)) {
        return !is_end(v, e);
    }
    uint64_t *packets = grow_array(v->packets, v->packet_count, &v->packet_room,
                                   sizeof(*packets));
    if (!packets) {
        v->is_short = true;
        return false;
    }
    v->packets = packets;
    v->packets[v->packet_count++] = trace_get_packet(e).packet;
    return true;
}

/* True: the packet does not belong to the request's connection. */
static bool is_foreign(const struct view *v, const struct trace_event *e)
{
    uint64_t packet = trace_get_packet(e).packet;
    return v->packet_count == 0 ||
           !bsearch(&packet, v->packets, v->packet_count, sizeof(packet),
                    by_number);
}

/* ---- Third pass --------------------------------------------------------- */

/* True: the sentence is about the request, or about what its VM does. */
static bool is_telling(const struct view *v, const struct trace_event *e,
                       enum sentence_kind kind)
{
    if (e->kind == TRACE_WRONG) {
        return false; /* Of this request the head has told. */
    }
    if (e->kind == TRACE_RETRANSMIT) {
        uint32_t connection = trace_get_retransmit(e).connection;
        return connection == v->request.connection && e->vm == v->request.vm;
    }
    if (trace_is_about(e, TRACE_SUBJECT_ASKED)) {
        return trace_get_asked(e).request == v->number;
    }
    bool is_packet = kind == SENTENCE_PACKET || e->kind == TRACE_RX_DROP ||
                     e->kind == TRACE_LINK_DROP;
    return kind != SENTENCE_NONE && e->vm == v->request.vm &&
           !(is_packet && is_foreign(v, e));
}

static bool retell(void *ctx, const struct trace_event *e)
{
    struct view *v = ctx;
    char text[SENTENCE_BYTES];
    enum sentence_kind kind = sentence_write(&v->sentences, e, text);
    if (is_within(v, e) && is_telling(v, e, kind)) {
        char at[WORDS_BYTES];
        words_moment(e->time, v->info->cpu_hz, at);
        printf("  %16s  %s.\n", at, text);
    }
    replay_event(v->replay, e);
    return !is_end(v, e) && !ferror(stdout);
}

static int put_story(struct view *v, struct reading *r)
{
    struct replay_options options = { .sample_cycles = r->info->cpu_hz };
    v->replay = replay_create(r->info, &options);
    if (!v->replay) {
        return cli_complain("out of memory");
    }
    v->sentences.replay = v->replay;
    put_wrong(v);
    (void)reading_each(r, collect, v); /* The next pass returns the code. */
    if (v->packet_count > 1) {
        qsort(v->packets, v->packet_count, sizeof(*v->packets), by_number);
    }
    puts("\nWhat happened to the VM meanwhile");
    int code = reading_each(r, retell, v);
    replay_free(v->replay);
    return v->is_short ? cli_complain("out of memory") : code;
}

static int put_all(struct view *v, struct reading *r)
{
    if (v->request.end == OUTCOME_OPEN) {
        v->request.ended = v->last;
    }
    put_head(v);
    if (v->request.end == OUTCOME_COMPLETED) {
        put_parts(v);
        puts("\nThe path of the answer");
        for (size_t i = 0; i < v->leg_count; i++) {
            put_leg(v, &v->legs[i]);
        }
        if (!put_waits(v)) {
            return cli_complain("out of memory");
        }
    }
    return put_story(v, r);
}

static int complain_of_none(const struct view *v)
{
    uint64_t count = requests_count(v->requests);
    if (count == 0) {
        cli_complain("there is no request in this trace: the scenario has no "
                     "load, or the run ended before it began");
    } else {
        cli_complain("there is no request %llu in this trace, which has %llu, "
                     "numbered from 0",
                     (unsigned long long)v->number, (unsigned long long)count);
    }
    return CLI_WRONG;
}

int explain_request(struct reading *r, uint64_t number)
{
    struct view v = { .number = number, .info = r->info };
    if (!trace_file_seek(r->file, 0)) {
        return cli_complain("'%s' is a pipe, and --request reads the trace "
                            "more than once",
                            r->path);
    }
    v.requests = requests_create(r->info->vm_limit, keep, &v);
    bool has_waits =
        waits_index_init(&v.waits, r->info->vm_limit, r->info->disks);
    if (!v.requests || !has_waits) {
        requests_free(v.requests);
        waits_index_release(&v.waits);
        return cli_complain("out of memory");
    }
    int code = reading_each(r, find, &v);
    if (!requests_finish(v.requests) || v.is_short ||
        !waits_index_finish(&v.waits)) {
        code = cli_complain("out of memory");
    } else {
        int told = v.is_found ? put_all(&v, r) : complain_of_none(&v);
        code = told == CLI_DONE ? code : told;
    }
    requests_free(v.requests);
    waits_index_release(&v.waits);
    free(v.packets);
    free(v.legs);
    return code;
}
