/* explain.c - `iksim explain`: why a run did what it did. */
#define _GNU_SOURCE
#include "cli/views/explain/explain.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/commands/commands.h"
#include "cli/views/explain/sentence.h"
#include "cli/views/explain/words.h"
#include "sim/devices/machine.h"
#include "sim/units.h"

enum {
    OPT_VM = 256,
    OPT_FROM,
    OPT_TO,
    OPT_LIMIT,
    OPT_PACKETS,
    OPT_REQUEST,
    OPT_REQUESTS,
    OPT_CSV
};

static const struct option long_options[] = {
    { "vm", required_argument, NULL, OPT_VM },
    { "from", required_argument, NULL, OPT_FROM },
    { "to", required_argument, NULL, OPT_TO },
    { "limit", required_argument, NULL, OPT_LIMIT },
    { "packets", no_argument, NULL, OPT_PACKETS },
    { "request", required_argument, NULL, OPT_REQUEST },
    { "requests", no_argument, NULL, OPT_REQUESTS },
    { "csv", no_argument, NULL, OPT_CSV },
    { "help", no_argument, NULL, CLI_OPT_HELP },
    { NULL, 0, NULL, 0 },
};

static const char help[] =
    "TRACE is a file that iksim run --trace has written. Each decision in it\n"
    "is told as a sentence with its reason, and each request as it begins and\n"
    "ends.\n"
    "\n"
    "Options:\n"
    "  --vm LIST      only what is of these VMs: numbers, names (web-3), "
    "ranges\n"
    "                 (3-7) and groups\n"
    "  --from TIME    only from that virtual time on, such as 10ms\n"
    "  --to TIME      only before that virtual time\n"
    "  --limit N      no more than so many sentences\n"
    "  --packets      each packet on its way, too\n"
    "  --request N    instead: where the latency of request N went\n"
    "  --requests     instead: where the latency of all requests went, and\n"
    "                 which were the slowest\n"
    "  --csv          with --requests: a line for each request, in cycles\n"
    "\n"
    "Exit: 0 done; 1 the trace was cut short or is damaged (what is whole of "
    "it\n"
    "is used), or has no such request; 2 the call is wrong, or there is no\n"
    "trace to read. docs/explain.md has the rule by which latency is "
    "divided.\n";

struct explain {
    const char *path;
    const char *vm_list; /* NULL: all. */
    uint64_t from_ns, to_ns, limit;
    uint64_t request;
    bool is_request, is_summary, as_csv, with_packets;
    bool is_narrowed; /* By an option that only sentences know. */

    /* While sentences are told. */
    struct replay *replay;
    struct sentences sentences;
    bool *vms;         /* Owned; by number; NULL: all, and what is of none. */
    uint32_t vm_limit; /* Of vms. */
    uint64_t from, to; /* Cycles. */
    uint64_t told;
    uint64_t cpu_hz;
};

/* ---- Options ------------------------------------------------------------ */

static int take_time(const struct command *self, const char *option,
                     uint64_t *ns)
{
    const char *why = units_read_time(optarg, ns);
    return why ? cli_misuse(self, "%s %s, not '%s'", option, why, optarg)
               : CLI_DONE;
}

static int take_number(const struct command *self, const char *option,
                       uint64_t *number)
{
    const char *why = units_read_whole(optarg, number);
    return why ? cli_misuse(self, "%s %s, not '%s'", option, why, optarg)
               : CLI_DONE;
}

static int take_option(const struct command *self, void *ctx, int option)
{
    struct explain *x = ctx;
    x->is_narrowed |= option >= OPT_VM && option <= OPT_PACKETS;
    switch (option) {
    case OPT_VM:
        x->vm_list = optarg;
        return CLI_DONE;
    case OPT_FROM:
        return take_time(self, "--from", &x->from_ns);
    case OPT_TO:
        return take_time(self, "--to", &x->to_ns);
    case OPT_LIMIT:
        return take_number(self, "--limit", &x->limit);
    case OPT_PACKETS:
        x->with_packets = true;
        return CLI_DONE;
    case OPT_REQUEST:
        x->is_request = true;
        return take_number(self, "--request", &x->request);
    case OPT_REQUESTS:
        x->is_summary = true;
        return CLI_DONE;
    case OPT_CSV:
        x->as_csv = true;
        return CLI_DONE;
    default:
        return cli_misuse(self, "bad option");
    }
}

static int check_combination(const struct command *self,
                             const struct explain *x)
{
    if (x->is_request && x->is_summary) {
        return cli_misuse(self, "--request and --requests exclude each other");
    }
    if (x->as_csv && !x->is_summary) {
        return cli_misuse(self, "--csv goes with --requests");
    }
    if ((x->is_request || x->is_summary) && x->is_narrowed) {
        return cli_misuse(self, "--vm, --from, --to, --limit and --packets do "
                                "not go with --request or --requests");
    }
    return CLI_DONE;
}

static int parse(const struct command *self, struct explain *x, int argc,
                 char **argv)
{
    struct cli_words words = { argv, argc };
    int code = cli_parse(self, &words, long_options, take_option, x);
    if (code != CLI_DONE) {
        return code;
    }
    if (words.count != 1) {
        return cli_misuse(self, words.count == 0 ? "no trace is named"
                                                 : "one trace at a time");
    }
    x->path = words.words[0];
    return check_combination(self, x);
}

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

/* To the end, whatever `to` is: clients' events may come late, and belong to
   the time that they are of. */
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

static int tell_all(struct explain *x, struct reading *r)
{
    if (x->vm_list) {
        int code = choose_vms(x, r->info);
        if (code != CLI_DONE) {
            return code;
        }
    }
    x->cpu_hz = r->info->cpu_hz;
    x->from = cycles_from_ns(x->from_ns, x->cpu_hz);
    x->to = cycles_from_ns(x->to_ns, x->cpu_hz);
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

static int run(const struct command *self, int argc, char **argv)
{
    struct explain x = { .to_ns = UINT64_MAX, .limit = UINT64_MAX };
    struct reading r;
    int code = parse(self, &x, argc, argv);
    if (code != CLI_DONE) {
        return code;
    }
    code = reading_open(&r, x.path);
    if (code == CLI_DONE) {
        code = x.is_request   ? explain_request(&r, x.request)
               : x.is_summary ? explain_requests(&r, x.as_csv)
                              : tell_all(&x, &r);
    }
    reading_close(&r);
    free(x.vms);
    return code;
}

const struct command command_explain = {
    .name = "explain",
    .arguments = "TRACE [OPTION]...",
    .summary = "Says why a run did what it did, and where latency went",
    .help = help,
    .run = run,
};
