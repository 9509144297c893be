/* judge.c - time, and all that the rules share; see judge.h. */
#include "tests/simulation/judge_own.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/devices/machine.h"
#include "sim/units.h"

void judge_find(struct judge *j, const char *rule, const char *format, ...)
{
    if (j->finding[0] != '\0') {
        return;
    }
    char what[FINDING_BYTES - 64];
    va_list args;
    va_start(args, format);
    vsnprintf(what, sizeof(what), format, args);
    va_end(args);
    snprintf(j->finding, sizeof(j->finding), "%s: at cycle %llu: %s", rule,
             (unsigned long long)j->clock, what);
}

struct judged_vm *judge_vm(struct judge *j, const struct trace_event *e)
{
    return &j->vms[e->vm < j->vm_limit ? e->vm : j->vm_limit];
}

void *judge_grow(void *list, size_t item_bytes, uint64_t *room, uint64_t index)
{
    if (index < *room) {
        return list;
    }
    uint64_t wanted = *room > 0 ? *room : 1024;
    while (wanted <= index) {
        wanted *= 2;
    }
    char *bytes = realloc(list, wanted * item_bytes);
    SIM_ASSERT(bytes);
    memset(bytes + *room * item_bytes, 0, (wanted - *room) * item_bytes);
    *room = wanted;
    return bytes;
}

static void *zeros(size_t count, size_t bytes)
{
    void *at = calloc(count, bytes);
    SIM_ASSERT(at);
    return at;
}

/* ---- The scenario ------------------------------------------------------- */

const char *judge_text(const json_t *mapping, const char *key)
{
    const char *text = json_string_value(json_object_get(mapping, key));
    return text ? text : "";
}

uint64_t judge_cycles(const struct judge *j, const json_t *mapping,
                      const char *key, uint64_t fallback)
{
    uint64_t ns = fallback;
    const char *text = judge_text(mapping, key);
    if (text[0] != '\0' && units_read_time(text, &ns) != NULL) {
        ns = fallback;
    }
    return cycles_from_ns(ns, j->info->cpu_hz);
}

struct judge *judge_create(const struct trace_info *info)
{
    if (!info->scenario) {
        return NULL;
    }
    struct judge *j = zeros(1, sizeof(*j));
    j->info = info;
    j->vm_limit = info->vm_limit;
    j->running = TRACE_NO_VM;
    j->vms = zeros((size_t)info->vm_limit + 1, sizeof(*j->vms));
    j->owners = zeros(info->frames, sizeof(*j->owners));
    j->frame_page = zeros(info->frames, sizeof(*j->frame_page));
    j->disks = zeros((size_t)info->disks + 1, sizeof(*j->disks));
    j->timeouts =
        zeros((size_t)info->roster.group_count + 1, sizeof(*j->timeouts));
    for (uint32_t i = 0; i < info->frames; i++) {
        j->owners[i] = TRACE_NO_VM;
    }
    judge_vms_init(j);
    judge_net_init(j);
    judge_load_init(j);
    return j;
}

void judge_release(struct judge *j)
{
    for (uint32_t i = 0; i <= j->vm_limit; i++) {
        free(j->vms[i].pages);
    }
    free(j->vms);
    free(j->owners);
    free(j->frame_page);
    free(j->disks);
    free(j->timeouts);
    free(j->ios);
    free(j->packets);
    free(j->requests);
    free(j);
}

const char *judge_finding(const struct judge *j)
{
    return j->finding;
}

bool judge_is_past(const struct judge *j, uint64_t due, uint64_t from)
{
    return due < from && from - due > j->slack + j->away;
}

/* ---- Time --------------------------------------------------------------- */

/* Cycles pass, up to the event: those charged before end where these begin. */
static void pass(struct judge *j, const struct trace_event *e, uint64_t cycles,
                 enum cpu_category category)
{
    if (e->time != j->clock + cycles) {
        judge_find(j, "time",
                   "%llu cycles of category %d are charged to VM %u "
                   "at cycle %llu",
                   (unsigned long long)cycles, (int)category, e->vm,
                   (unsigned long long)e->time);
    }
    bool is_stretch = category == CPU_GUEST || category == CPU_IDLE;
    j->served = is_stretch ? 0 : j->served + cycles;
    if (j->may_yield && j->served > j->slack) {
        j->slack = j->served;
    }
    if (is_stretch && cycles + (category == CPU_GUEST) > 0) {
        bool is_idle = category == CPU_IDLE;
        /* Nobody idles beyond what is due; a guest runs on to a block's end. */
        uint64_t least = e->time > BLOCK_CYCLES ? e->time - BLOCK_CYCLES : 0;
        uint64_t seen = is_idle ? e->time : least > j->clock ? least : j->clock;
        judge_vms_pass(j, seen, is_idle);
        judge_memory_pass(j, seen, is_idle);
        judge_net_pass(j, seen);
        judge_load_pass(j, seen);
    }
    j->clock = e->time;
}

/* What others do has its own time, which the clock may have passed; all that
   the kernel does has the clock's. */
static bool is_of_others(const struct trace_event *e)
{
    enum trace_kind kind = trace_kind(e);
    return kind == TRACE_TX || kind == TRACE_LINK_DROP ||
           kind == TRACE_LINK_COPY || e->layer == TRACE_LOAD;
}

void judge_event(struct judge *j, const struct trace_event *event)
{
    if (j->finding[0] != '\0') {
        return;
    }
    enum trace_kind kind = trace_kind(event);
    bool is_charge = kind == TRACE_CHARGE;
    if (event->vm != TRACE_NO_VM && event->vm >= j->vm_limit) {
        judge_find(j, "state", "there is no VM %u", event->vm);
        return;
    }
    if (is_charge) {
        struct trace_charge c = trace_get_charge(event);
        pass(j, event, c.cycles, c.category);
    } else if (kind == TRACE_RUN) {
        pass(j, event, trace_get_run(event).cycles, CPU_GUEST);
    } else if (is_of_others(event) ? event->time > j->clock
                                   : event->time != j->clock) {
        judge_find(j, "time", "an event of kind %d says cycle %llu", (int)kind,
                   (unsigned long long)event->time);
    }
    judge_taker *const *const tables[] = { judge_vm_takers, judge_memory_takers,
                                           judge_net_takers,
                                           judge_load_takers };
    for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
        if (tables[i][kind]) {
            tables[i][kind](j, event);
        }
    }
    j->charged = is_charge ? trace_get_charge(event).cycles : 0;
}

void judge_finish(struct judge *j)
{
    judge_vms_finish(j);
}

/* ---- Files -------------------------------------------------------------- */

static struct trace_file *open_trace(const char *path,
                                     char finding[FINDING_BYTES])
{
    char why[TRACE_MESSAGE_BYTES];
    struct trace_file *file = trace_file_open(path, why);
    if (!file) {
        snprintf(finding, FINDING_BYTES, "trace: %.200s", why);
    }
    return file;
}

bool judge_file(const char *path, char finding[FINDING_BYTES])
{
    struct trace_file *file = open_trace(path, finding);
    if (!file) {
        return false;
    }
    struct judge *j = judge_create(trace_file_info(file));
    struct trace_event event;
    enum trace_read got = TRACE_READ_CORRUPT;
    while (j && (got = trace_file_next(file, &event)) == TRACE_READ_EVENT) {
        judge_event(j, &event);
    }
    if (j && got == TRACE_READ_CORRUPT) {
        judge_find(j, "trace", "%.160s", trace_file_message(file));
    }
    if (j && got == TRACE_READ_END) {
        judge_finish(j);
    }
    snprintf(finding, FINDING_BYTES, "%s",
             j ? judge_finding(j) : "trace: it does not say its scenario");
    if (j) {
        judge_release(j);
    }
    trace_file_close(file);
    return true;
}

/* A guest runs, or nobody does: what the end of a run shortens. */
static bool is_stretch(const struct trace_event *e)
{
    return trace_kind(e) == TRACE_RUN ||
           (trace_kind(e) == TRACE_CHARGE &&
            trace_get_charge(e).category == CPU_IDLE);
}

/* Whether nothing runs any more after the event, from which on the file is
   another one than that of the whole run. */
static bool is_last_step(struct trace_file *file, const struct trace_event *e)
{
    uint64_t time = e->time;
    bool is_short = is_stretch(e);
    struct trace_event next;
    while (trace_file_next(file, &next) == TRACE_READ_EVENT) {
        if (is_stretch(&next) || (!is_short && next.time > time)) {
            return false;
        }
    }
    return true;
}

bool judge_prefix(const char *cut, const char *whole,
                  char finding[FINDING_BYTES])
{
    struct trace_file *a = open_trace(cut, finding);
    struct trace_file *b = a ? open_trace(whole, finding) : NULL;
    uint64_t count = 0;
    struct trace_event x;
    struct trace_event y;
    if (b) {
        finding[0] = '\0';
    }
    enum trace_read got = TRACE_READ_CORRUPT;
    while (b && (got = trace_file_next(a, &x)) == TRACE_READ_EVENT) {
        count++;
        bool is_equal = trace_file_next(b, &y) == TRACE_READ_EVENT &&
                        memcmp(&x, &y, sizeof(x)) == 0;
        if (is_equal) {
            continue;
        }
        if (!is_last_step(a, &x)) {
            snprintf(finding, FINDING_BYTES,
                     "repeat: the run that was cut parts from the whole one at "
                     "its event %llu, of kind %u at cycle %llu",
                     (unsigned long long)count, x.kind,
                     (unsigned long long)x.time);
        }
        break;
    }
    if (b && got == TRACE_READ_CORRUPT) {
        snprintf(finding, FINDING_BYTES, "trace: %.200s",
                 trace_file_message(a));
    }
    trace_file_close(a);
    trace_file_close(b);
    return finding[0] == '\0';
}
