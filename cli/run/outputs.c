/* outputs.c - see outputs.h. */
#include "cli/run/outputs.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/csv.h"
#include "cli/run/trace_info.h"
#include "ik/lifecycle.h"
#include "sim/devices/machine.h"
#include "sim/devices/pcap.h"
#include "sim/units.h"
#include "sim/vocabulary/vocabulary.h"

#include "sim/banned.h"

/* The caller sets errno, or clears it: the write that failed may have been long
   ago, so that errno may come from another call. */
static bool refuse(const char *path, char message[SCENARIO_MESSAGE_BYTES])
{
    snprintf(message, SCENARIO_MESSAGE_BYTES, "cannot write '%s': %s", path,
             errno ? strerror(errno) : "data was lost");
    return false;
}

/* ---- Packets ------------------------------------------------------------ */

static bool open_pcap(struct outputs *o, struct session *s,
                      char message[SCENARIO_MESSAGE_BYTES])
{
    const char *path = o->paths[OUTPUT_PCAP];
    o->pcap = pcap_writer_open(path, s->scenario->machine->cpu_hz);
    return o->pcap || refuse(path, message);
}

void outputs_packet(struct outputs *o, uint64_t now, const struct packet *p)
{
    if (o->pcap) {
        pcap_writer_put(o->pcap, now, p->bytes, p->length_bytes);
    }
}

static bool finish_pcap(struct outputs *o, const struct report *report,
                        char message[SCENARIO_MESSAGE_BYTES])
{
    (void)report;
    struct pcap_writer *w = o->pcap;
    o->pcap = NULL;
    return pcap_writer_close(w) || refuse(o->paths[OUTPUT_PCAP], message);
}

/* ---- The trace ---------------------------------------------------------- */

static void on_event(void *ctx, const struct trace_event *event)
{
    struct outputs *o = ctx;
    if (o->trace) {
        trace_writer_sink(o->trace, event);
    }
}

static bool open_trace(struct outputs *o, struct session *s,
                       char message[SCENARIO_MESSAGE_BYTES])
{
    o->trace = trace_writer_open(o->paths[OUTPUT_TRACE], o->info, message);
    trace_add_sink(s->trace, on_event, o);
    return o->trace;
}

/* The trace ends with the fingerprints, if the run has come to its end. */
static bool finish_trace(struct outputs *o, const struct report *report,
                         char message[SCENARIO_MESSAGE_BYTES])
{
    struct trace_writer *w = o->trace;
    o->trace = NULL;
    return trace_writer_close(w, report ? report->trace : NULL, message);
}

/* ---- The page ----------------------------------------------------------- */

static bool open_page(struct outputs *o, struct session *s,
                      char message[SCENARIO_MESSAGE_BYTES])
{
    return page_open(&o->page, o->paths[OUTPUT_PAGE], o->info, s->trace,
                     message);
}

static bool finish_page(struct outputs *o, const struct report *report,
                        char message[SCENARIO_MESSAGE_BYTES])
{
    return page_write(&o->page, report, message);
}

/* ---- The table of VMs --------------------------------------------------- */

/* A group's name may be any text of the scenario, so it is quoted. */
static void write_vm(const struct session *s, const struct vm *vm, FILE *file)
{
    const struct vm_stats *got = &s->stats->per_vm[vm->id];
    uint64_t hz = s->kernel->cpu_hz;
    fprintf(file, "%u,", vm->id);
    csv_put_quoted(file, s->scenario->vms[vm->group].name);
    fprintf(
        file,
        ",%s,%u,%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 "\n",
        word_name(&vm_state_words, vm->state), vm->resident, vm->insns,
        ns_from_cycles(got->cpu, hz), got->sent, got->completed,
        got->completed ? ns_from_cycles(got->latency / got->completed, hz) : 0);
}

static bool write_vms(const struct session *s, FILE *file)
{
    fputs("vm,group,state,resident_pages,instructions,cpu_ns,sent,completed,"
          "latency_mean_ns\n",
          file);
    for (vmid_t i = 0; i < s->kernel->vm_count; i++) {
        const struct vm_stats *got = stats_of_vm(s->stats, i);
        if (got && got->exists) {
            write_vm(s, &s->kernel->vms[i], file);
        }
    }
    return fflush(file) == 0 && !ferror(file);
}

static bool open_vms(struct outputs *o, struct session *s,
                     char message[SCENARIO_MESSAGE_BYTES])
{
    (void)s;
    const char *path = o->paths[OUTPUT_VMS];
    o->vms = fopen(path, "we");
    return o->vms || refuse(path, message);
}

static bool finish_vms(struct outputs *o, const struct report *report,
                       char message[SCENARIO_MESSAGE_BYTES])
{
    (void)report;
    FILE *file = o->vms;
    o->vms = NULL;
    errno = 0;
    bool is_whole = write_vms(o->session, file);
    int failure = errno;
    if (fclose(file) != 0 && is_whole) {
        return refuse(o->paths[OUTPUT_VMS], message);
    }
    errno = failure;
    return is_whole || refuse(o->paths[OUTPUT_VMS], message);
}

/* ---- All of them -------------------------------------------------------- */

static const struct {
    /* Called if there is a path. False: `message` says why not. */
    bool (*open)(struct outputs *o, struct session *s,
                 char message[SCENARIO_MESSAGE_BYTES]);
    /* Called if the file is open. False: the file is not whole, and `message`
       says why. */
    bool (*finish)(struct outputs *o, const struct report *report,
                   char message[SCENARIO_MESSAGE_BYTES]);
} outputs[OUTPUT_COUNT] = {
    [OUTPUT_PCAP] = { open_pcap, finish_pcap },
    [OUTPUT_TRACE] = { open_trace, finish_trace },
    [OUTPUT_PAGE] = { open_page, finish_page },
    [OUTPUT_VMS] = { open_vms, finish_vms },
};

bool outputs_open(struct outputs *o, struct session *s,
                  char message[SCENARIO_MESSAGE_BYTES])
{
    o->session = s;
    o->info = trace_info_of(s);
    if (!o->info) {
        snprintf(message, SCENARIO_MESSAGE_BYTES, "out of memory for outputs");
        return false;
    }
    for (int i = 0; i < OUTPUT_COUNT; i++) {
        if (o->paths[i] && !outputs[i].open(o, s, message)) {
            return false;
        }
    }
    return true;
}

bool outputs_have_failed(const struct outputs *o)
{
    return (o->pcap && pcap_writer_has_failed(o->pcap)) ||
           (o->trace && trace_writer_has_failed(o->trace));
}

bool outputs_finish(struct outputs *o, const struct report *report)
{
    bool are_whole = true;
    for (int i = 0; i < OUTPUT_COUNT; i++) {
        char message[SCENARIO_MESSAGE_BYTES];
        if (o->paths[i] && !outputs[i].finish(o, report, message)) {
            cli_complain("%s", message);
            are_whole = false;
        }
    }
    return are_whole;
}

/* A file that is still open belongs to a run that never began, so that nobody
   misses what could not be written. */
void outputs_release(struct outputs *o)
{
    char message[SCENARIO_MESSAGE_BYTES];
    if (o->pcap) {
        (void)finish_pcap(o, NULL, message);
    }
    if (o->trace) {
        (void)finish_trace(o, NULL, message);
    }
    if (o->vms) {
        fclose(o->vms);
        o->vms = NULL;
    }
    page_release(&o->page);
    trace_info_free(o->info);
    o->info = NULL;
}
