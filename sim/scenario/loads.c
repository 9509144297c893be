/*
 * loads.c - the simulated clients of a scenario: which of a load's keys go
 * together, by its kind, and what those that are left out are. See resolve.h.
 */
#include <string.h>

#include "sim/scenario/resolve.h"

#include "sim/banned.h"

#define GAME_PERIOD_NS  100000000
#define DATAGRAM_BYTES  100     /* Default of load[].size. */
#define ECHO_BYTES      100     /* Of an echo. */
#define EACH_SPACING_NS 1000000 /* Default of load[].spacing. */

static bool resolve_target(const struct resolver *r, uint32_t i)
{
    struct reference from = { .list = "load",
                              .item = i,
                              .key = "target",
                              .text = r->raw->load[i].target };
    return resolve_reference(r, &from, &r->s->loads[i].target);
}

/* The keys that say when to ask whom: of a load of kind each. */
static bool check_each(const struct resolver *r, uint32_t i)
{
    struct scenario_load *load = &r->s->loads[i];
    const struct raw_load *raw = &r->raw->load[i];
    const char *wrong = is_given(raw->rate)      ? "rate"
                        : is_given(raw->clients) ? "clients"
                        : load->zipf > 0         ? "zipf"
                        : load->think_ns > 0     ? "think"
                        : load->keep_alive       ? "keep_alive"
                                                 : NULL;
    if (wrong) {
        REFUSE_ITEM(r, "load", i, wrong, "is not for a load of kind each");
        return false;
    }
    if (!is_given(raw->spacing)) {
        load->spacing_ns = EACH_SPACING_NS;
    }
    if (!is_given(raw->start)) {
        load->start_ns = SCENARIO_FROM_WINDOW; /* All of it is measured. */
    }
    return true;
}

/* And of one of kind http. */
static bool check_http(const struct resolver *r, uint32_t i)
{
    const struct scenario_load *load = &r->s->loads[i];
    const struct raw_load *raw = &r->raw->load[i];
    bool is_open = is_given(raw->rate);
    if (is_given(raw->spacing)) {
        REFUSE_ITEM(r, "load", i, "spacing", "is for a load of kind each only");
        return false;
    }
    if (is_open == is_given(raw->clients)) {
        REFUSE_ITEM(r, "load", i, is_open ? "clients" : "rate",
                    "a load has either rate (open loop) or clients (closed "
                    "loop)");
        return false;
    }
    if (is_open && !(load->rate > 0)) {
        REFUSE_ITEM(r, "load", i, "rate", "must be more than 0, not %s",
                    raw->rate);
        return false;
    }
    if (is_open && (load->keep_alive || load->think_ns)) {
        REFUSE_ITEM(r, "load", i, load->keep_alive ? "keep_alive" : "think",
                    "is for closed loops (clients) only");
        return false;
    }
    return true;
}

/* Of one of kind game. */
static bool check_game(const struct resolver *r, uint32_t i)
{
    struct scenario_load *load = &r->s->loads[i];
    const struct raw_load *raw = &r->raw->load[i];
    const char *wrong = is_given(raw->rate)            ? "rate"
                        : is_given(raw->clients)       ? "clients"
                        : is_given(raw->spacing)       ? "spacing"
                        : load->zipf > 0               ? "zipf"
                        : load->think_ns > 0           ? "think"
                        : load->keep_alive             ? "keep_alive"
                        : load->prime > 0              ? "prime"
                        : strcmp(load->path, "/") != 0 ? "path"
                                                       : NULL;
    if (wrong) {
        REFUSE_ITEM(r, "load", i, wrong, "is not for a load of kind game");
        return false;
    }
    if (!is_given(raw->players)) {
        load->players = SCENARIO_PLAYERS;
    }
    if (!is_given(raw->period)) {
        load->period_ns = GAME_PERIOD_NS;
    }
    return true;
}

/* Of one of kind datagram. */
static bool check_datagram(const struct resolver *r, uint32_t i)
{
    struct scenario_load *load = &r->s->loads[i];
    const struct raw_load *raw = &r->raw->load[i];
    const char *wrong = is_given(raw->clients)         ? "clients"
                        : is_given(raw->spacing)       ? "spacing"
                        : is_given(raw->players)       ? "players"
                        : is_given(raw->period)        ? "period"
                        : load->think_ns > 0           ? "think"
                        : load->keep_alive             ? "keep_alive"
                        : strcmp(load->path, "/") != 0 ? "path"
                                                       : NULL;
    if (wrong) {
        REFUSE_ITEM(r, "load", i, wrong, "is not for a load of kind datagram");
        return false;
    }
    if (!(load->rate > 0)) {
        REFUSE_ITEM(r, "load", i, "rate", "must be more than 0");
        return false;
    }
    if (!is_given(raw->size)) {
        load->size = DATAGRAM_BYTES;
    }
    if (load->size < DATAGRAM_LEAST || load->size > DATAGRAM_MOST) {
        REFUSE_ITEM(r, "load", i, "size", "must be %u to %u bytes",
                    DATAGRAM_LEAST, DATAGRAM_MOST);
        return false;
    }
    return true;
}

static bool check_echo(const struct resolver *r, uint32_t i)
{
    struct scenario_load *load = &r->s->loads[i];
    bool is_udp = load->transport == TRANSPORT_UDP;
    if (!is_given(r->raw->load[i].size)) {
        load->size = ECHO_BYTES;
    }
    if (is_udp && (load->size > DATAGRAM_MOST || load->keep_alive)) {
        const char *wrong = load->keep_alive ? "keep_alive" : "size";
        REFUSE_ITEM(r, "load", i, wrong,
                    load->keep_alive ? "is for transport: tcp only"
                                     : "is more than a datagram holds");
        return false;
    }
    return true;
}

static bool check_lines(const struct resolver *r, uint32_t i)
{
    const struct scenario_load *load = &r->s->loads[i];
    if (!load->file == !load->script) {
        REFUSE_ITEM(r, "load", i, load->file ? "file" : "script",
                    "a load of kind lines has either a script or a file of it");
        return false;
    }
    return true;
}

/* Of those that have a connection or an exchange each, and no path. */
static bool check_talk(const struct resolver *r, uint32_t i)
{
    const struct scenario_load *load = &r->s->loads[i];
    if (strcmp(load->path, "/") != 0) {
        REFUSE_ITEM(r, "load", i, "path", "is for loads that ask by HTTP");
        return false;
    }
    return load->kind == LOAD_ECHO ? check_echo(r, i) : check_lines(r, i);
}

/* What clients over TCP are like. */
static bool check_clients(const struct resolver *r, uint32_t i)
{
    const struct scenario_load *load = &r->s->loads[i];
    const char *given = load->read_rate > 0        ? "read_rate"
                        : load->receive_buffer > 0 ? "receive_buffer"
                        : load->zero_window_ns > 0 ? "zero_window"
                        : load->half_close         ? "half_close"
                                                   : NULL;
    bool is_tcp = load->kind != LOAD_GAME && load->kind != LOAD_DATAGRAM &&
                  load->transport == TRANSPORT_TCP;
    if (given && !is_tcp) {
        REFUSE_ITEM(r, "load", i, given, "is for loads over TCP");
        return false;
    }
    if (load->keep_alive && (load->zero_window_ns > 0 || load->half_close)) {
        REFUSE_ITEM(r, "load", i, load->half_close ? "half_close" : given,
                    "is for a connection of one request: without keep_alive");
        return false;
    }
    return true;
}

/* Of one of kind replay. */
static bool check_replay(const struct resolver *r, uint32_t i)
{
    struct scenario_load *load = &r->s->loads[i];
    const struct raw_load *raw = &r->raw->load[i];
    const char *wrong = is_given(raw->rate)      ? "rate"
                        : is_given(raw->clients) ? "clients"
                        : is_given(raw->spacing) ? "spacing"
                        : load->think_ns > 0     ? "think"
                        : load->keep_alive       ? "keep_alive"
                                                 : NULL;
    if (wrong) {
        REFUSE_ITEM(r, "load", i, wrong, "is not for a load of kind replay");
        return false;
    }
    if (!load->file) {
        REFUSE_ITEM(r, "load", i, "file",
                    "must be given for a load of kind replay");
        return false;
    }
    if (load->map == MAP_CLIENT && load->format == LOG_CSV) {
        REFUSE_ITEM(r, "load", i, "map", "client is for format: common only");
        return false;
    }
    if (load->zipf > 0 && load->map != MAP_ZIPF) {
        REFUSE_ITEM(r, "load", i, "zipf", "is for map: zipf only");
        return false;
    }
    if (!is_given(raw->speed)) {
        load->speed = 1;
    }
    if (!(load->speed > 0)) {
        REFUSE_ITEM(r, "load", i, "speed", "must be more than 0, not %s",
                    raw->speed);
        return false;
    }
    if (!is_given(raw->path)) {
        load->path = ""; /* The file's. */
    }
    if (!is_given(raw->start)) {
        load->start_ns = SCENARIO_FROM_WINDOW; /* All of it is measured. */
    }
    return true;
}

/* A key that some kinds have only; one of them is named. */
static bool check_only(const struct resolver *r, uint32_t i)
{
    const struct scenario_load *load = &r->s->loads[i];
    const struct raw_load *raw = &r->raw->load[i];
    bool is_replay = load->kind == LOAD_REPLAY;
    bool is_lines = load->kind == LOAD_LINES;
    bool is_echo = load->kind == LOAD_ECHO;
    const struct {
        const char *key, *text;
        bool is_its;
        const char *of;
    } keys[] = {
        { "file", raw->file, is_replay || is_lines, "replay or lines" },
        { "format", raw->format, is_replay, "replay" },
        { "map", raw->map, is_replay, "replay" },
        { "speed", raw->speed, is_replay, "replay" },
        { "script", raw->script, is_lines, "lines" },
        { "transport", raw->transport, is_echo, "echo" },
        { "size", raw->size, is_echo || load->kind == LOAD_DATAGRAM,
          "datagram or echo" },
        { "players", raw->players, load->kind == LOAD_GAME, "game" },
        { "period", raw->period, load->kind == LOAD_GAME, "game" },
    };
    for (size_t k = 0; k < sizeof(keys) / sizeof(keys[0]); k++) {
        if (is_given(keys[k].text) && !keys[k].is_its) {
            REFUSE_ITEM(r, "load", i, keys[k].key,
                        "is for a load of kind %s only", keys[k].of);
            return false;
        }
    }
    return true;
}

/* The keys of one kind only. */
static bool check_kind(const struct resolver *r, uint32_t i)
{
    if (!check_only(r, i) || !check_clients(r, i)) {
        return false;
    }
    switch (r->s->loads[i].kind) {
    case LOAD_EACH:
        return check_each(r, i);
    case LOAD_GAME:
        return check_game(r, i);
    case LOAD_DATAGRAM:
        return check_datagram(r, i);
    case LOAD_REPLAY:
        return check_replay(r, i);
    case LOAD_ECHO:
    case LOAD_LINES:
        return check_http(r, i) && check_talk(r, i);
    case LOAD_HTTP:
        break;
    }
    return check_http(r, i);
}

static bool check_load(const struct resolver *r, uint32_t i)
{
    const struct scenario_load *load = &r->s->loads[i];
    if (!check_kind(r, i) || !resolve_arrivals(r, i)) {
        return false;
    }
    if (scenario_is_from_window(load->until_ns) ==
            scenario_is_from_window(load->start_ns) &&
        load->until_ns > 0 && load->until_ns <= load->start_ns) {
        REFUSE_ITEM(r, "load", i, "until", "must be after the load's start");
        return false;
    }
    bool is_of_file = load->path[0] == '\0'; /* Of a replay. */
    if (!is_of_file &&
        (load->path[0] != '/' || strpbrk(load->path, " \t\r\n"))) {
        REFUSE_ITEM(r, "load", i, "path",
                    "must start with / and hold no space");
        return false;
    }
    return true;
}

bool resolve_loads(struct resolver *r)
{
    uint32_t count = r->raw->load_count;
    r->s->load_count = count;
    r->s->loads = resolve_list(r, "load", count, sizeof(*r->s->loads));
    if (!r->s->loads) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        char path[KEY_PATH_BYTES];
        snprintf(path, sizeof(path), "load[%u]", i);
        r->s->loads[i].item = i;
        if (!resolve_keys(r, path, load_rules, &r->raw->load[i],
                          &r->s->loads[i]) ||
            !check_load(r, i) || !resolve_answer(r, i) ||
            !resolve_target(r, i)) {
            return false;
        }
    }
    return true;
}
