/*
 * shadow_load.c - requests and their ends; what clients send again.
 *
 * A request counts when it was due in the window, whenever it ends; an answer,
 * and a snapshot of a game server, when it arrives in the window.
 */
#include "tests/shadow/shadow.h"

#include <stdlib.h>
#include <string.h>

#define BODY_BYTES  2258 /* docs/scenario.md: without `size=`. */
#define ARP_BYTES   60   /* The longest that is no snapshot. */
#define FIRST_ROOM  1024
#define NO_REQUEST  0
#define CONNECTIONS (1u << 22) /* More than any run has. */

/* ---- The scenario ------------------------------------------------------- */

static bool find_group(const struct shadow *s, const char *name,
                       uint32_t *group)
{
    for (*group = 0; *group < shadow_group_count(s); ++*group) {
        if (strcmp(shadow_group_name(s, *group), name) == 0) {
            return true;
        }
    }
    return false;
}

static bool read_load(struct shadow *s, const json_t *item,
                      struct shadow_load *load)
{
    const char *kind = json_string_value(json_object_get(item, "kind"));
    const char *target = json_string_value(json_object_get(item, "target"));
    if (!kind || !target || !find_group(s, target, &load->group)) {
        return false;
    }
    load->is_game = strcmp(kind, "game") == 0;
    const char *size = json_string_value(json_object_get(item, "size"));
    bool is_datagram = strcmp(kind, "datagram") == 0;
    load->datagram_bytes = is_datagram && size ? strtoull(size, NULL, 10)
                           : is_datagram ? (uint64_t)shadow_number(item, "size")
                                         : 0;
    load->is_finite = strcmp(kind, "each") == 0;
    double count = shadow_number(shadow_item(s, "vms", load->group), "count");
    s->servers += load->is_game ? (uint64_t)count : 0;
    return true;
}

/* A fraction in per cent, as a scenario is written: "0%" is none. */
static bool is_some(const json_t *link, const char *key)
{
    const json_t *value = json_object_get(link, key);
    const char *text = json_string_value(value);
    return json_number_value(value) > 0 || (text && strtod(text, NULL) > 0);
}

bool shadow_load_init(struct shadow *s)
{
    const json_t *link = json_object_get(s->info->scenario, "link");
    s->has_trouble = is_some(link, "loss") || is_some(link, "reorder") ||
                     is_some(link, "duplicate");
    const json_t *loads = json_object_get(s->info->scenario, "load");
    s->load_count = (uint32_t)json_array_size(loads);
    s->loads = calloc(s->load_count + 1, sizeof(*s->loads));
    SIM_ASSERT(s->loads);
    for (uint32_t i = 0; i < s->load_count; i++) {
        if (!read_load(s, shadow_item(s, "load", i), &s->loads[i])) {
            return false;
        }
        for (uint32_t j = 0; j < i; j++) {
            /* Whose request is it? Not told. */
            if (s->loads[i].group == s->loads[j].group &&
                (s->loads[i].is_finite != s->loads[j].is_finite ||
                 s->loads[i].is_game != s->loads[j].is_game)) {
                return false;
            }
        }
    }
    return true;
}

uint64_t shadow_body_bytes(const struct shadow *s, uint32_t group)
{
    const json_t *item = shadow_item(s, "vms", group);
    const char *args = json_string_value(json_object_get(item, "args"));
    const char *size = args ? strstr(args, "size=") : NULL;
    return size ? strtoull(size + strlen("size="), NULL, 10) : BODY_BYTES;
}

/* The load that asks the group; NULL: none does. */
static const struct shadow_load *load_of(const struct shadow *s, uint32_t group)
{
    for (uint32_t i = 0; i < s->load_count; i++) {
        if (s->loads[i].group == group) {
            return &s->loads[i];
        }
    }
    return NULL;
}

/* ---- Requests ----------------------------------------------------------- */

static struct shadow_request *request_at(struct shadow *s, uint64_t number)
{
    if (number >= s->request_count) {
        size_t room = s->request_count > 0 ? s->request_count : FIRST_ROOM;
        while (room <= number) {
            room *= 2;
        }
        s->requests = realloc(s->requests, room * sizeof(*s->requests));
        SIM_ASSERT(s->requests);
        memset(s->requests + s->request_count, 0,
               (room - s->request_count) * sizeof(*s->requests));
        s->request_count = room;
    }
    return &s->requests[number];
}

static void take_request(struct shadow *s, struct shadow_vm *vm,
                         const struct fact *f)
{
    uint32_t group = shadow_group_of(s, f->vm);
    const struct shadow_load *load = load_of(s, group);
    uint64_t due = f->time - f->late;
    bool is_counted = load && due >= s->window_start &&
                      (load->is_finite || due < s->window_end);
    *request_at(s, f->request) = (struct shadow_request){
        .due = due, .vm = f->vm, .is_open = true, .is_counted = is_counted
    };
    s->count.sent += is_counted;
    s->count.unanswered += is_counted;
    s->count.offered += due >= s->window_start && due < s->window_end;
    s->count.open_before += due < s->window_start;
    s->count.open += due < s->window_end;
    vm->sent += is_counted;
    s->groups[group].requests++;
}

static void take_reply(struct shadow *s, const struct shadow_request *r,
                       const struct fact *f)
{
    struct shadow_vm *vm = &s->vms[f->vm];
    uint32_t group = shadow_group_of(s, f->vm);
    const struct shadow_load *load = load_of(s, group);
    uint64_t latency = f->time - r->due;
    s->groups[group].replies++;
    sample_add(&s->groups[group].latency, latency);
    if (latency != f->latency) {
        shadow_wonder(s, "request %llu says it took %llu cycles, not %llu",
                      (unsigned long long)f->request,
                      (unsigned long long)f->latency,
                      (unsigned long long)latency);
    }
    if (f->time >= s->window_start && f->time < s->window_end) {
        s->count.answered++;
        s->count.bytes += !load || load->is_game ? 0
                          : load->datagram_bytes > 0
                              ? load->datagram_bytes
                              : shadow_body_bytes(s, group);
    }
    if (r->is_counted) {
        s->count.completed++;
        sample_add(&s->samples[SHADOW_LATENCY], latency);
        shadow_note(&s->counted, r->due, latency);
        vm->completed++;
        vm->latency += latency;
    }
}

static void take_give_up(struct shadow *s, const struct shadow_request *r,
                         const struct fact *f)
{
    s->groups[shadow_group_of(s, f->vm)].lost++;
    if (r->is_counted) {
        s->count.timed_out += f->give_up == OUTCOME_TIMED_OUT;
        s->count.failed += f->give_up == OUTCOME_FAILED;
    }
}

static void take_ending(struct shadow *s, struct shadow_vm *vm,
                        const struct fact *f)
{
    (void)vm;
    struct shadow_request *r = request_at(s, f->request);
    if (!r->is_open || r->vm != f->vm) {
        shadow_wonder(s, "request %llu ends and was not open",
                      (unsigned long long)f->request);
        return;
    }
    r->is_open = false;
    s->count.unanswered -= r->is_counted;
    s->count.open_before -= f->time < s->window_start;
    s->count.open -= f->time < s->window_end;
    if (f->kind == TRACE_REPLY) {
        take_reply(s, r, f);
    } else {
        take_give_up(s, r, f);
    }
}

/* ---- Connections -------------------------------------------------------- */

/* The number, plus 1, of the request that was last asked on it. */
static uint64_t *asked_on(struct shadow *s, uint32_t connection)
{
    SIM_ASSERT(connection < CONNECTIONS);
    if (connection >= s->connection_count) {
        size_t room = connection + FIRST_ROOM;
        s->connections =
            realloc(s->connections, room * sizeof(*s->connections));
        SIM_ASSERT(s->connections);
        memset(s->connections + s->connection_count, 0,
               (room - s->connection_count) * sizeof(*s->connections));
        s->connection_count = room;
    }
    return &s->connections[connection];
}

static void take_retransmit(struct shadow *s, struct shadow_vm *vm,
                            const struct fact *f)
{
    (void)vm;
    uint64_t number = *asked_on(s, f->connection);
    if (number != NO_REQUEST) {
        const struct shadow_request *r = request_at(s, number - 1);
        s->count.retransmits += r->is_open && r->is_counted;
    }
    s->count.client_retransmits += f->time >= s->window_start;
}

static void take_snapshot(struct shadow *s, struct shadow_vm *vm,
                          const struct fact *f)
{
    (void)vm;
    const struct shadow_load *load = load_of(s, shadow_group_of(s, f->vm));
    s->count.snapshots += load && load->is_game && f->bytes > ARP_BYTES &&
                          f->time >= s->window_start && f->time < s->window_end;
}

static void take_connect(struct shadow *s, struct shadow_vm *vm,
                         const struct fact *f)
{
    (void)vm;
    *asked_on(s, f->connection) = f->request + 1;
}

static shadow_taker *const takers[TRACE_KIND_COUNT] = {
    [TRACE_REQUEST] = take_request,       [TRACE_REPLY] = take_ending,
    [TRACE_GIVE_UP] = take_ending,        [TRACE_CONNECT] = take_connect,
    [TRACE_RETRANSMIT] = take_retransmit, [TRACE_CLIENT_RECV] = take_snapshot,
};

void shadow_load(struct shadow *s, const struct fact *f)
{
    shadow_tell(s, takers, f);
}
