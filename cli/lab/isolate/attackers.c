/* attackers.c - see attackers.h. */
#include "cli/lab/isolate/attackers.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define BARE     "attackers/attacks"
#define FLOODER  "attackers/flooder"
#define STEPS    20  /* Creations of VMs in an attack. */
#define CROWD    100 /* VMs for each one that was asked for. */
#define SMALL    "1MiB"
#define MIDDLING "8MiB"
#define LARGE    "96MiB"
#define DISK     "disks[{disks}].vms=attackers;disks[{disks}].size=4MiB"

const struct attacker attacker_table[] = {
    /* The Isolation Benchmark Suite's six. */
    { "processor", "Computes without end", "spin", "", SMALL, NULL, 0 },
    { "memory", "Dirties all of its memory, over and over", BARE, "memory-hog",
      LARGE, NULL, 0 },
    { "fork-bomb", "The supervisor creates and destroys hundreds of VMs",
      "hello", "", "64MiB", NULL, ATTACKER_COMES_AND_GOES },
    { "disk", "Reads its disk at random, as much at once as it may",
      "attackers/diskhog", "", SMALL,
      "disks[{disks}].vms=attackers;disks[{disks}].size=64MiB", 0 },
    { "network-out", "Sends full-size frames outward", FLOODER, "kind=outward",
      "4MiB", NULL, 0 },
    { "network-in", "Is sent 400,000 datagrams a second from outside",
      "discard", "", "4MiB",
      "load[{load}].kind=datagram;load[{load}].target=attackers;"
      "load[{load}].rate=400000;load[{load}].size=32",
      0 },
    /* The processor. */
    { "boost-gamer", "Computes for 9.5 of 10 ms, then sleeps to be preferred",
      BARE, "boost-gamer", SMALL, NULL, 0 },
    { "alarm-storm", "Sets an alarm that is due, over and over", BARE,
      "alarm-storm", SMALL, NULL, 0 },
    { "idle-storm", "Sleeps for a microsecond, over and over", BARE,
      "idle-storm-1us", SMALL, NULL, 0 },
    { "interrupt-storm", "Interrupts itself by a frame to itself", BARE,
      "packet-storm", SMALL, NULL, 0 },
    { "tiny-blocks", "Runs through blocks of one instruction each", BARE,
      "tiny-blocks", SMALL, NULL, 0 },
    { "huge-rep", "Fills all of its memory by one instruction", BARE,
      "huge-rep", LARGE, NULL, 0 },
    { "straight-line", "Hardly ever comes to the end of a block", BARE,
      "straight-line", SMALL, NULL, 0 },
    /* Memory. */
    { "zero-reader", "Reads pages that nobody has touched", BARE, "zero-reader",
      LARGE, NULL, 0 },
    { "text-hog", "Runs through more text than it can have in RAM",
      "attackers/texthog", "", "16MiB", NULL, 0 },
    { "reader-hog", "Reads its disk into two pages at a time", BARE,
      "reader-hog", MIDDLING, DISK, 0 },
    { "dma-to-text", "Reads its disk into text and into the registers", BARE,
      "dma-to-text", SMALL, DISK, 0 },
    { "end-in-flight", "Ends while the disk reads into its memory", BARE,
      "end-in-flight", SMALL, DISK, ATTACKER_COMES },
    /* The kernel's doors. */
    { "bad-addresses", "Gives bad addresses to every virtual instruction", BARE,
      "bad-addresses", SMALL, NULL, 0 },
    { "scribble", "Writes over its register page", BARE, "scribble-on", SMALL,
      NULL, 0 },
    { "console-flood", "Writes to its console without end", BARE,
      "console-flood", SMALL, NULL, 0 },
    /* The network. */
    { "syn-flood", "Begins connections with the victims, and no more", FLOODER,
      "kind=syn victims={victims}", "4MiB", NULL, 0 },
    { "arp-storm", "Asks for the victims' addresses by broadcast", FLOODER,
      "kind=arp victims={victims}", "4MiB", NULL, 0 },
    { "broadcast-storm", "Sends broadcasts that nobody asked for", BARE,
      "flood-broadcast", SMALL, NULL, 0 },
    { "runts", "Sends the victims the smallest frames", FLOODER,
      "kind=runt victims={victims}", "4MiB", NULL, 0 },
    { "truncated", "Sends the victims headers that are cut off", FLOODER,
      "kind=truncated victims={victims}", "4MiB", NULL, 0 },
    { "full-frames", "Sends the victims full-size frames", FLOODER,
      "kind=full victims={victims}", "4MiB", NULL, 0 },
    { "to-itself", "Sends itself frames", FLOODER, "kind=itself", "4MiB", NULL,
      0 },
    { "resource-freeing",
      "Floods servers for them to read less, and reads the disk", FLOODER,
      "kind=runt victims={victims} reads=8", "4MiB",
      "disks[{disks}].vms=attackers;disks[{disks}].size=64MiB", 0 },
    { "hoard", "Fills its receive queue and takes nothing out", BARE, "hoard",
      SMALL, NULL, 0 },
    { "heckler", "Says to game servers what they should not take",
      "attackers/heckler", "victims={victims}", "4MiB", NULL, 0 },
    { NULL, NULL, NULL, NULL, NULL, NULL, 0 }
};

const struct attacker *attacker_find(const char *name)
{
    for (const struct attacker *a = attacker_table; a->name; a++) {
        if (strcmp(a->name, name) == 0) {
            return a;
        }
    }
    return NULL;
}

/* Returns the number of VMs that the scenario begins with. */
static uint32_t count_victims(const struct scenario *victims)
{
    uint32_t count = 0;
    for (uint32_t g = 0; g < victims->group_count; g++) {
        count += victims->vms[g].count;
    }
    return count;
}

/* ---- Settings ------------------------------------------------------------ */

static void keep(struct attack_words *w, const char *text)
{
    size_t bytes = strlen(text) + 1;
    char *kept =
        w->count < ATTACK_SET_LIMIT ? arena_alloc(w->arena, bytes, 1) : NULL;
    w->is_whole = w->is_whole && kept;
    if (kept) {
        memcpy(kept, text, bytes);
        w->items[w->count++] = kept;
    }
}

void attack_add(struct attack_words *w, const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    int length = vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    w->is_whole = w->is_whole && length > 0 && (size_t)length < sizeof(text);
    keep(w, text);
}

/* The numbers that stand for the words in braces. */
struct places {
    const char *word;
    uint32_t number;
};

/* Adds one setting; its words in braces are replaced. */
static void fill_in(struct attack_words *w, const char *word, size_t length,
                    const struct places *places)
{
    char text[512];
    size_t used = 0;
    for (size_t i = 0; i < length && used + 1 < sizeof(text);) {
        const struct places *p = places;
        while (p->word && strncmp(word + i, p->word, strlen(p->word)) != 0) {
            p++;
        }
        if (p->word) {
            int n = snprintf(text + used, sizeof(text) - used, "%" PRIu32,
                             p->number);
            used += n > 0 ? (size_t)n : 0;
            i += strlen(p->word);
        } else {
            text[used++] = word[i++];
        }
    }
    w->is_whole = w->is_whole && used < sizeof(text);
    text[used < sizeof(text) ? used : sizeof(text) - 1] = '\0';
    keep(w, text);
}

static void add_events(const struct attacker *a, const struct scenario *victims,
                       uint32_t count, struct attack_span span,
                       struct attack_words *w)
{
    uint32_t e = victims->event_count;
    uint64_t step = (span.to_ns - span.from_ns) / STEPS;
    bool goes = a->events == ATTACKER_COMES_AND_GOES;
    uint32_t crowd = goes ? CROWD * count : count;
    for (uint32_t i = 0; a->events != ATTACKER_STAYS && i < STEPS; i++) {
        uint64_t at = span.from_ns + i * step;
        attack_add(w, "events[%u].at=%" PRIu64 "ns", e, at);
        attack_add(w, "events[%u].create=attackers", e);
        attack_add(w, "events[%u].count=%u", e++, crowd);
        if (goes) {
            attack_add(w, "events[%u].at=%" PRIu64 "ns", e, at + step / 2);
            attack_add(w, "events[%u].destroy=attackers", e);
            attack_add(w, "events[%u].count=%u", e++, crowd);
        }
    }
}

void attacker_add(const struct attacker *a, const struct scenario *victims,
                  uint32_t count, struct attack_span span,
                  struct attack_words *w)
{
    const struct places places[] = {
        { "{victims}", count_victims(victims) },
        { "{load}", victims->load_count },
        { "{disks}", victims->disk_count },
        { NULL, 0 },
    };
    uint32_t g = victims->group_count;
    char args[256];
    attack_add(w, "vms[%u].name=attackers", g);
    attack_add(w, "vms[%u].image=%s", g, a->image);
    attack_add(w, "vms[%u].count=%u", g, count);
    attack_add(w, "vms[%u].memory=%s", g, a->memory);
    attack_add(w, "vms[%u].verify=lazy", g);
    attack_add(w, "vms[%u].expect=any", g);
    snprintf(args, sizeof(args), "vms[%u].args=%s", g, a->args);
    if (*a->args) {
        fill_in(w, args, strlen(args), places);
    }
    for (const char *at = a->sets; at && *at;) {
        size_t length = strcspn(at, ";");
        fill_in(w, at, length, places);
        at += length + (at[length] == ';');
    }
    add_events(a, victims, count, span, w);
}
