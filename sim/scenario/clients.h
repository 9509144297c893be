/*
 * clients.h - what a scenario says of the simulated clients: its list `load`.
 */
#ifndef SIM_SCENARIO_CLIENTS_H
#define SIM_SCENARIO_CLIENTS_H

#include "sim/base.h"

/* A name and a text of a mapping whose keys are not those of every scenario; what
   they mean, its reader says. */
struct scenario_arg {
    const char *name, *text;
};

struct scenario_args {
    const struct scenario_arg *items;
    uint32_t count;
};

enum scenario_load_kind {
    LOAD_HTTP,
    LOAD_EACH, /* One request to each VM of the group, in order; all count. */
    LOAD_GAME, /* Players of game servers; see workloads/udp/game_client.h. */
    LOAD_DATAGRAM, /* Nobody answers: workloads/udp/datagram_client.h. */
    LOAD_REPLAY,   /* What a file says: workloads/replay/replay.h. */
    LOAD_ECHO,     /* The server says the same: workloads/talk/talk.h. */
    LOAD_LINES,    /* A script of what is said: likewise. */
};
enum scenario_log_format { LOG_COMMON, LOG_CSV };
enum scenario_transport { TRANSPORT_TCP, TRANSPORT_UDP };
enum scenario_map { MAP_PATH, MAP_CLIENT, MAP_FIRST, MAP_ZIPF };
enum scenario_arrivals {
    ARRIVALS_POISSON,
    ARRIVALS_ON_OFF, /* Poisson in bursts, silent between them. */
    ARRIVALS_FLASH,  /* Poisson, and a flash crowd once. */
    ARRIVALS_UNIFORM /* With the same time between any two. */
};
enum scenario_crowd {
    CROWD_ONE, /* All of the crowd ask one VM. */
    CROWD_ALL  /* The crowd chooses VMs as the other clients do. */
};

#define SCENARIO_SHA256_BYTES 32

/* What a right answer is, `expect`. Not given: the document of the bundled
   guests, with status 200. */
struct scenario_answer {
    bool is_given;
    uint32_t status; /* 0: any. */
    bool has_bytes;  /* Otherwise its body has any size. */
    uint32_t bytes;
    bool has_sha256; /* Otherwise it is any body. */
    uint8_t sha256[SCENARIO_SHA256_BYTES];
    struct scenario_args args; /* As they were given. */
};

/* Simulated clients. They ask the `count` VMs that the group starts with. */
struct scenario_load {
    enum scenario_load_kind kind;
    uint32_t target;   /* Index of the group. */
    uint32_t item;     /* Its place in the scenario's list. */
    double zipf;       /* 0 to 10; default 0, uniform. */
    double rate;       /* Requests a second; open loop; otherwise 0. */
    uint32_t clients;  /* Closed loop; otherwise 0. */
    uint64_t think_ns; /* Closed loop: mean of exponential think time. */
    uint64_t start_ns; /* A moment. */
    uint64_t until_ns; /* A moment: nothing is asked from then on; 0: never. */
    uint64_t spacing_ns; /* LOAD_EACH: between requests, > 0; otherwise 0. */
    uint32_t players;    /* LOAD_GAME: on each VM; otherwise 0. */
    uint64_t period_ns;  /* LOAD_GAME: a player's, > 0; otherwise 0. */
    uint32_t size;       /* LOAD_DATAGRAM, LOAD_ECHO: bytes; otherwise 0. */
    enum scenario_transport transport; /* LOAD_ECHO. */
    const char *script; /* LOAD_LINES, unless it has a file; otherwise NULL. */
    const char *file;   /* LOAD_REPLAY, LOAD_LINES; otherwise NULL. */
    /* LOAD_REPLAY; otherwise 0. */
    enum scenario_log_format format;
    enum scenario_map map;
    double speed; /* Of the file's clock, in multiples; > 0. */
    /* Open loop: the pattern, and what describes it; otherwise 0. */
    enum scenario_arrivals arrivals;
    uint64_t burst_ns, idle_ns; /* On-off: means, > 0. */
    double shape;               /* On-off: Pareto's, > 1; 0: exponential. */
    double peak;                /* Flash: times `rate`, at its height. */
    uint64_t onset_ns;          /* Flash: after start_ns; then it rises, */
    uint64_t rise_ns, hold_ns;  /* holds, > 0, */
    uint64_t decay_ns;          /* and decays, linearly. */
    enum scenario_crowd crowd;
    uint64_t timeout_ns;
    uint32_t port; /* Of the servers; 0: the guest's `port=`, or the usual. */
    /* What clients over TCP are like; 0: they read at once. */
    uint32_t read_rate;      /* Bytes a second that a client reads. */
    uint32_t receive_buffer; /* Bytes; 0: as many as a window can offer. */
    uint64_t zero_window_ns; /* So long a client offers no window at first. */
    bool half_close;         /* A FIN follows the last that a client says. */
    const char *path;        /* Default "/"; LOAD_REPLAY: "", the file's. */
    struct scenario_answer answer;
    uint32_t prime;  /* So often each VM is asked before; 0 to 1,000. */
    bool keep_alive; /* Closed loop only: one connection a client and VM. */
};

#endif /* SIM_SCENARIO_CLIENTS_H */
