/* explain.c - `iksim explain`: why a run did what it did. */
#define _GNU_SOURCE
#include "cli/views/explain/explain.h"

#include <stdio.h>
#include <stdlib.h>

#include "cli/commands/commands.h"
#include "cli/commands/shared.h"
#include "cli/views/explain/sentence.h"
#include "cli/views/explain/words.h"
#include "sim/devices/machine.h"

#define NO_REQUEST UINT64_MAX

struct explain {
    const char *path;
    const char *vm_list; /* NULL: all. */
    uint64_t from_ns, to_ns, limit;
    uint64_t request; /* NO_REQUEST: not --request. */
    bool is_summary, as_csv, with_packets, is_waits;

    /* While sentences are told. */
    struct replay *replay;
    struct sentences sentences;
    bool *vms;         /* Owned; by number. NULL: all, and events of no VM. */
    uint32_t vm_limit; /* Of vms. */
    uint64_t from, to; /* Cycles. */
    uint64_t told;
    uint64_t cpu_hz;
};

/* ---- Options ------------------------------------------------------------ */

#define SENTENCES_ONLY "vm from to limit packets"

static const struct cli_option argument_rows[] = {
    ARGUMENT_TRACE(struct explain, path), CLI_END
};

static const struct cli_option option_rows[] = {
    OPTION_VMS(struct explain, vm_list),
    OPTION_FROM(struct explain, from_ns),
    { .name = "to",
      .argument = "TIME",
      CLI_TIME(struct explain, to_ns),
      .initial = UINT64_MAX,
      .help = "Only events before this virtual time count." },
    { .name = "limit",
      .argument = "N",
      CLI_WHOLE(struct explain, limit),
      .initial = UINT64_MAX,
      .help = "N sentences are printed at most." },
    { .name = "packets",
      CLI_FLAG(struct explain, with_packets),
      .help = "The way of each packet is told, too." },
    { .name = "request",
      .argument = "N",
      CLI_WHOLE(struct explain, request),
      .initial = NO_REQUEST,
      .most = NO_REQUEST - 1,
      .excludes = "requests " SENTENCES_ONLY,
      .help =
          "Instead of decisions, the parts of the latency of request N are "
          "told, with the way of its answer, and what its VM did meanwhile." },
    { .name = "requests",
      CLI_FLAG(struct explain, is_summary),
      .excludes = SENTENCES_ONLY,
      .help = "Instead of decisions, the parts of the latency of all requests "
              "are told, and which of them were the slowest." },
    { .name = "waits",
      CLI_FLAG(struct explain, is_waits),
      .excludes = "request requests packets",
      .help = "Instead of decisions, it is told what VMs waited for, and who "
              "had it meanwhile: in tables, or, with --vm or --limit, each "
              "wait of those VMs by itself." },
    { .name = "csv",
      CLI_FLAG(struct explain, as_csv),
      .needs = "requests",
      .help = "With --requests, each request is a line of CSV, in cycles." },
    CLI_END
};

/* ---- Sentences ---------------------------------------------------------- */

static bool is_wanted(const struct explain *x, const struct trace_event *e,
                      enum sentence_kind kind)
{
    if (kind == SENTENCE_NONE || e->kind == TRACE_CONNECT ||
        (kind == SENTENCE_PACKET && !x->with_packets)) {
        return false;
    }
    return e->time >= x->from && e->time < x->to &&
           (!x->vms || (e->vm < x->vm_limit && x->vms[e->vm]));
}

/* Reads on behind `to`: an event of a client may stand behind later ones of the
   kernel, and belongs to its own time. */
static bool tell(void *ctx, const struct trace_event *e)
{
    struct explain *x = ctx;
    char text[SENTENCE_BYTES];
    enum sentence_kind kind = sentence_write(&x->sentences, e, text);
    if (is_wanted(x, e, kind)) {
        char time[WORDS_BYTES];
        words_moment(e->time, x->cpu_hz, time);
        printf("%s: %s.\n", time, text);
        x->told++;
    }
    replay_event(x->replay, e);
    return x->told < x->limit && !ferror(stdout);
}

static int choose_vms(struct explain *x, const struct trace_info *info)
{
    char message[VM_NAME_MESSAGE_BYTES];
    x->vm_limit = info->vm_limit;
    x->vms = calloc((size_t)x->vm_limit + 1, sizeof(*x->vms));
    if (!x->vms) {
        return cli_complain("out of memory");
    }
    return vm_name_read_list(&info->roster, x->vm_list, x->vms, message)
               ? CLI_DONE
               : cli_complain("%s", message);
}

/* Reads which events are wanted as the trace's VMs and cycles. */
static int choose(struct explain *x, const struct trace_info *info)
{
    x->cpu_hz = info->cpu_hz;
    x->from = cycles_from_ns(x->from_ns, x->cpu_hz);
    x->to = cycles_from_ns(x->to_ns, x->cpu_hz);
    return x->vm_list ? choose_vms(x, info) : CLI_DONE;
}

static int tell_waits(struct explain *x, struct reading *r)
{
    int code = choose(x, r->info);
    const struct waits_choice choice = {
        .vms = x->vms,
        .from = x->from,
        .to = x->to,
        .limit = x->limit,
        .as_sentences = x->vm_list || x->limit != UINT64_MAX,
    };
    return code == CLI_DONE ? explain_waits(r, &choice) : code;
}

static int tell_all(struct explain *x, struct reading *r)
{
    int chosen = choose(x, r->info);
    if (chosen != CLI_DONE) {
        return chosen;
    }
    struct replay_options options = { .sample_cycles = x->cpu_hz };
    x->replay = replay_create(r->info, &options);
    if (!x->replay) {
        return cli_complain("out of memory");
    }
    x->sentences.replay = x->replay;
    int code = x->limit > 0 ? reading_each(r, tell, x) : CLI_DONE;
    replay_free(x->replay);
    return code;
}

static int run(const struct command *self, void *ctx)
{
    (void)self;
    struct explain *x = ctx;
    struct reading r;
    int code = reading_open(&r, x->path);
    if (code == CLI_DONE) {
        code = x->request != NO_REQUEST ? explain_request(&r, x->request)
               : x->is_summary          ? explain_requests(&r, x->as_csv)
               : x->is_waits            ? tell_waits(x, &r)
                                        : tell_all(x, &r);
    }
    reading_close(&r);
    free(x->vms);
    return code;
}

const struct command command_explain = {
    .name = "explain",
    .summary = "Says why a run did what it did, and where latency went",
    .about = "Each decision in the trace is told as a sentence with its "
             "reason, and each request as it begins and ends. docs/explain.md "
             "has the rule by which latency is divided.",
    .arguments = argument_rows,
    .options = option_rows,
    .exits = { [CLI_EXIT_DONE] = "All is told.",
               [CLI_EXIT_WRONG] =
                   "The trace is damaged or was cut short, and what is whole "
                   "of it is used; or it has no such request.",
               [CLI_EXIT_USAGE] =
                   "The call is wrong, or there is no trace to read." },
    .examples =
        (const struct cli_example[]){
            { "A trace, the slowest requests in it, and one of them",
              "iksim run workloads/scenarios/first.yaml --trace first.trace" },
            { NULL, "iksim explain first.trace --requests" },
            { NULL, "iksim explain first.trace --request 12" },
            { NULL, NULL } },
    .size_bytes = sizeof(struct explain),
    .run = run,
};
