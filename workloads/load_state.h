/*
 * load_state.h - what the files of the simulated clients share.
 *
 * Each load of the scenario is a source. Its arrivals say when a client asks
 * (arrivals.c: a table of operations for each pattern); a session carries
 * the question and checks the answer (session.c); load.c counts.
 */
#ifndef WORKLOADS_LOAD_STATE_H
#define WORKLOADS_LOAD_STATE_H

#include "sim/random.h"
#include "sim/vocabulary/words.h"
#include "workloads/http.h"
#include "workloads/load.h"
#include "workloads/net.h"
#include "workloads/slab.h"
#include "workloads/talk/talk.h"
#include "workloads/tcp/tcp.h"
#include "workloads/zipf.h"

#define LOAD_NO_CLIENT UINT32_MAX /* Open loop: nobody waits for the answer. */

struct game;
struct replay;
struct source;

/* A pattern of arrivals. */
struct arrivals {
    const char *name;
    /* The pattern ends by itself: all its requests count, and only load_abandon
       stops it before. source.next is set as long as requests follow. */
    bool is_finite;
    /* Takes memory from the arena. False: the arena is full. */
    bool (*create)(struct source *s, struct arena *arena);
    /* The first request may be due at cycle `start`. */
    void (*start)(struct source *s, uint64_t start);
    /* Sends no more requests. */
    void (*stop)(struct source *s);
    /* The request of `client` has ended; NULL: it does not matter. */
    void (*ended)(struct source *s, uint32_t client, enum outcome outcome);
};

/* The state of arrivals on-off. */
struct on_off {
    struct rng rng;     /* How long each phase lasts. */
    double burst, idle; /* Means, in cycles. */
    bool is_on;         /* The present phase is a burst. */
    uint64_t phase_end; /* The end of the present phase. */
};

/* The state of arrivals flash: the crowd on top of the Poisson process, in
   cycles after the source's start. */
struct flash {
    struct rng rng;
    double mean;           /* The mean time between arrivals at the height. */
    uint64_t onset, full;  /* The crowd begins; is at its height; */
    uint64_t wanes, end;   /* begins to decay; is over. */
    struct sim_timer next; /* The next arrival, if thinning keeps it. */
    uint32_t vm;           /* CROWD_ONE: the VM that the crowd asks. */
};

/* A client of a closed loop; its number is its place in source.clients. */
struct client {
    struct sim_timer next; /* Set while it thinks. */
};

struct source {
    /* Set at create, then const. */
    struct load *load;                  /* Borrowed. */
    const struct scenario_load *config; /* Borrowed. */
    const struct arrivals *arrivals;
    uint32_t index;
    uint32_t first_vm;
    uint32_t vm_count;         /* The VMs that its group starts with. */
    struct load_server server; /* Its group's; the port is not 0. */
    uint64_t timeout;          /* Cycles. */
    double mean;               /* Cycles between arrivals, or of think time. */
    uint64_t spacing;          /* Each: cycles from one request to the next. */
    struct zipf zipf;          /* The popularity of its group's VMs. */

    struct rng timing;      /* Draws when to ask. */
    struct rng choice;      /* Draws whom to ask. */
    struct sim_timer next;  /* The next arrival, but of a closed loop. */
    uint64_t start;         /* Set by load_start. */
    struct sim_timer prime; /* The next request before the load begins; */
    uint64_t primed;        /* so many have been sent. */
    bool is_priming;        /* One is under way, or about to be. */
    bool has_asked;         /* It has sent a request of its own, */
    bool has_counted;       /* it has sent one that counts, */
    bool was_answered;      /* and one of those was answered rightly. */
    uint32_t next_vm;       /* Each: the VM of the group to be asked next. */
    struct client *clients; /* Closed loop: config->clients of them. */
    struct game *game;      /* NULL unless of kind game: see game_client.c. */
    struct replay *replay;  /* NULL unless of that kind. */
    /* Kinds echo and lines: what is said; script.steps may be `echo`. */
    struct talk_script script;
    struct talk_step echo[2];
    uint32_t buffer;        /* What a client has room for: reader.c. */
    uint32_t read_part;     /* It reads so many bytes, 0: at once, */
    uint64_t read_cycles;   /* every so many cycles. */
    uint64_t shut_cycles;   /* So long it offers no window. */
    struct sim_timer until; /* Its end, if it has one of its own, */
    bool is_over;           /* which has come. */
    uint64_t uniform_count; /* Uniform: requests so far. */
    struct on_off on_off;
    struct flash flash;
};

/* A path that is not the load's own. */
struct question {
    struct slab_head head;
    char path[SCENARIO_PATH_LENGTH + 1];
};

/* A connection, and the request on it if there is one. */
struct session {
    struct slab_head head;
    uint32_t source;
    uint32_t client; /* Or LOAD_NO_CLIENT. */
    uint32_t vm;
    uint32_t connection;
    uint32_t question; /* SLAB_NONE: what the load always asks. */
    bool is_open;      /* This record is in use. */
    bool is_busy;      /* A request is under way. */
    uint64_t number;   /* The request's; valid while busy, as the next two. */
    uint64_t due;      /* Cycles. */
    union {
        struct http_response response;
        struct talk talk; /* Kinds echo and lines, and: */
    };
    uint32_t said; /* So many bytes of the script, modulo all that it says; */
    uint32_t said_at; /* so many before those that TCP counts from. */
    bool has_shut_down;
    /* reader.c: */
    bool is_shut;     /* It offers no window yet. */
    bool is_answered; /* All has come and is right, but some is not read. */
    uint32_t unread;  /* Bytes. */
    struct sim_timer reading;
    struct sim_timer timeout;
};

struct load {
    struct load_config config; /* Set at create, then const. */
    struct source *sources;    /* One for each load of the scenario. */
    struct net net;
    struct tcp *tcp;
    struct slab sessions;
    struct slab questions;
    struct slab_index kept_alive; /* Connections of sources with keep_alive. */
    struct slab updates;          /* Open updates of players. */
    struct slab datagrams;        /* Those that no VM has taken. */
    struct slab echoes;           /* Datagrams that no VM has sent back. */
    struct slab_index open_echoes;
    uint32_t player_count; /* Players of the loads that have started. */
    uint64_t next_number;
    bool is_started;
    bool is_stopped;
};

/* arrivals.c */

/* The pattern that the scenario asks for. */
const struct arrivals *arrivals_of(const struct scenario_load *config);

/* A request of a Poisson open loop is due, and sets the next one; ctx is the
   source, whose `next` the timer is. */
void arrivals_fires(void *ctx, struct sim_timer *timer);

/* When it asks first: a draw, of a stream that is fresh. */
uint64_t arrivals_first(struct source *s);

/* For the patterns of open loops: a request of nobody in particular, to a VM
   by its popularity; and the mean time between requests of the base rate. */
void arrivals_ask(struct source *s);
double arrivals_mean(const struct source *s);

/* arrivals_on_off.c, arrivals_flash.c */
extern const struct arrivals arrivals_on_off, arrivals_flash;

/* prime.c: requests before the load begins. */

void prime_init(struct source *s);
/* Asks for the next one: at first, and whenever one has ended. */
void prime_next(struct source *s);
void prime_stop(struct source *s);

/* session.c: a request, from due to answered. */

extern const struct tcp_ops session_tcp_ops; /* For ctx: struct load. */

/* A request of `client` to a VM is due now. */
void session_ask(struct source *s, uint32_t client, uint32_t vm);
/* And one of nobody in particular, for the path of so many bytes; 0: for the
   load's own. */
void session_ask_for(struct source *s, uint32_t vm, const char *path,
                     uint32_t path_bytes);
/* Closes the source's connections on which no request is under way; NULL: all
   sources'. */
void session_close_idle(struct load *l, const struct source *of);
/* Forgets all sessions, whatever is under way. */
void session_abandon(struct load *l);

/* Its answer has come, and has been read: it ends well. */
void session_end_read(struct load *l, struct session *x);

/* reader.c: clients that are slow to read. */

void reader_init(struct source *s);
/* The window that a new connection offers. */
uint32_t reader_offer(const struct source *s);
/* A connection is new; bytes have come; it ends. */
void reader_begin(struct load *l, struct session *x);
void reader_hears(struct load *l, struct session *x, uint32_t bytes);
void reader_end(struct load *l, struct session *x);

/* load.c: a request of `client`, of the load's kind, to a VM. */
void load_ask(struct source *s, uint32_t client, uint32_t vm);
/* Says what is wrong with the request that is given up next. */
void load_tell_wrong(struct load *l, uint32_t vm, struct mistake_found wrong);

/* And the counts. */

/* A request to `vm`, and what became of it. */
void load_count_begun(struct source *s, uint32_t vm, uint64_t due);
void load_count_ended(struct source *s, uint32_t vm, uint64_t due,
                      enum outcome outcome, uint32_t body_bytes);
/* The same, known at cycle `now`, when the machine is ahead of the clients. */
void load_count_ended_at(struct source *s, uint32_t vm, uint64_t due,
                         uint64_t now, enum outcome outcome,
                         uint32_t body_bytes);
/* Tells whoever waits for the end of the request of `client`. */
void load_tell_ended(struct source *s, uint32_t client, enum outcome outcome);
void load_count_retransmit(const struct source *s, uint64_t due);

#endif /* WORKLOADS_LOAD_STATE_H */
