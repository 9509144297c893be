/* draw.c - see draw.h. What is sensible of a key is a row of `ranges`; a key
   without a row is drawn around its default. */
#include "tests/simulation/draw.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/arena.h"
#include "sim/random.h"
#include "sim/scenario/rules.h"
#include "sim/units.h"
#include "tests/simulation/child.h"

#define MS          (SECOND / 1000)
#define US          (SECOND / 1000000)
#define REPAIRS     60
#define NAME        64
#define PATH        128
#define SENTENCE    1024
#define ARENA_BYTES (64u << 20)

/* Where numbers are drawn from, so that a run takes a second at most, and how
   often in percent the key is there. */
struct range {
    const char *key;
    uint64_t low, high;
    uint32_t percent;
};

static const struct range ranges[] = {
    { "run.seed", 0, 1000000, 100 },
    { "run.boot_instructions", 0, 3000000, 40 },
    { "run.warmup", 0, 60 * MS, 100 },
    { "run.warmup_max", MS, 200 * MS, 100 },
    { "run.duration", MS, 400 * MS, 100 },
    { "run.drain", 0, 300 * MS, 100 },
    { "machine.ram", 6 * MIB, 14 * MIB, 60 },
    { "machine.tx_ahead", 1, 256, 30 },
    { "kernel.quantum", 20 * US, 30 * MS, 60 },
    { "kernel.tau", MS, SECOND, 40 },
    { "kernel.min_free", 0, MIB, 40 },
    { "kernel.lease", MS, SECOND, 40 },
    { "kernel.rx_queue", 1, 300, 40 },
    { "kernel.tx_queue", 1, 100, 40 },
    { "kernel.rx_pool", 4, 1024, 100 },
    { "vms.count", 1, 10, 80 },
    { "vms.memory", 256 * KIB, 6 * MIB, 100 }, /* As much as RAM, at most. */
    { "vms.frames", 0, 200, 15 },
    { "vms.shares", 1, 10000, 40 },
    { "disks.size", 4 * KIB, 4 * MIB, 100 },
    { "disks.file", 0, 0, 40 },
    { "events.at", 0, 120 * MS, 90 },
    { "events.count", 1, 4, 50 },
    { "load.timeout", 10 * MS, SECOND, 80 },
    { "load.rate", 1, 3000, 70 },
    { "load.clients", 1, 30, 30 },
    { "load.think", 0, 20 * MS, 20 },
    { "load.prime", 0, 3, 15 },
    { "load.start", 0, 100 * MS, 30 },
    { "load.until", 0, 200 * MS, 20 },
    { "load.format", 0, 0, 60 },
    { "load.map", 0, 0, 60 },
    { "load.speed", 1, 50, 60 },
    { "load.spacing", 10 * US, 20 * MS, 30 },
    { "load.period", 10 * MS, 200 * MS, 30 },
    { "load.burst_time", MS, 50 * MS, 60 },
    { "load.idle_time", MS, 50 * MS, 60 },
    { "load.shape", 1, 3, 60 },
    { "load.peak", 1, 20, 60 },
    { "load.onset", 0, 80 * MS, 60 },
    { "load.rise", 0, 40 * MS, 60 },
    { "load.hold", MS, 40 * MS, 60 },
    { "load.decay", 0, 40 * MS, 60 },
    { "load.arrivals", 0, 0, 60 },
    { "load.crowd", 0, 0, 60 },
    { "load.path", 0, 0, 15 },
    { "load.zipf", 0, 3, 40 },
    { "load.read_rate", KIB, MIB, 15 },
    { "load.receive_buffer", KIB, 65535, 15 },
    { "load.zero_window", MS, 100 * MS, 10 },
    { "link.bandwidth", 500000, 10000000000, 40 },
    { "link.latency", 1000, 20 * MS, 40 },
    { "link.loss", 0, 200000, 30 },
    { "link.reorder", 0, 200000, 30 },
    { "link.duplicate", 0, 200000, 30 },
};

/* The words of guests' command lines, as `iksim guests NAME` has them. */
struct guest_word {
    const char *guest, *name;
    uint64_t low, high;
    const char *words; /* NULL: a number from low to high. */
};

static const struct guest_word guest_words[] = {
    { "httpd", "size", 0, 20000, NULL },
    { "httpd", "working-set", 0, 64, NULL }, /* Of pages. */
    { "httpd", "timeout", 1, 5, NULL },
    { "httpd", "port", 1, 65535, NULL },
    { "diskd", "size", 0, 20000, NULL },
    { "diskd", "timeout", 1, 5, NULL },
    { "game", "tick", 1, 60, NULL },
    { "game", "players", 1, 8, NULL },
    { "game", "bodies", 8, 48, NULL },
    { "game", "steps", 1, 20, NULL },
    { "discard", "port", 1, 65535, NULL },
    { "pager", "pages", 1, 300, NULL },
    { "pager", "order", 0, 0, "sequential random zipf loop" },
    { "pager", "rounds", 0, 30, NULL },
    { "pager", "loop", 1, 60, NULL },
    { "pager", "words", 1, 1024, NULL },
    { "spin", "iterations", 0, 300, NULL },
    { "spin", "burst", 0, 40, NULL },
    { "spin", "nap", 1, 5000, NULL },
    { "batch", "units", 0, 12, NULL },
    { "batch", "working-set", 0, 40, NULL }, /* Of pages. */
    { "buggy", "bug", 0, 0, "none null text jump stack divide wild loop" },
    { "buggy", "after", 0, 40, NULL },
};

/* The kinds of load that a guest answers. */
static const char *kinds_for(const char *guest)
{
    static const char *const kinds[][2] = { { "httpd",
                                              "http each replay lines" },
                                            { "diskd", "http each replay" },
                                            { "game", "game" },
                                            { "echo", "echo lines" },
                                            { "discard", "datagram" } };
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (strcmp(guest, kinds[i][0]) == 0) {
            return kinds[i][1];
        }
    }
    return "http each game datagram replay echo lines"; /* Nobody answers. */
}

/* ---- Draws -------------------------------------------------------------- */

/* What is drawn of one mapping. */
struct part {
    const struct offer *offer;
    uint64_t seed;
    json_t *scenario, *to; /* Borrowed: all of it, and this part. */
    const char *name;      /* The mapping's. */
    uint32_t item;
};

static struct rng stream(const struct part *p, const char *key)
{
    char name[NAME];
    struct rng r;
    snprintf(name, sizeof(name), "%s.%s", p->name, key);
    rng_init(&r, p->seed, name, p->item);
    return r;
}

/* Small numbers as often as large ones, or, by `evenly`, half of the time each
   number as often as any other; and either end now and then. */
static uint64_t draw_number(struct rng *r, uint64_t low, uint64_t high,
                            bool evenly)
{
    uint64_t which = rng_below(r, 16);
    if (high <= low || which == 0) {
        return low;
    }
    if (which == 1) {
        return high;
    }
    if (evenly && which % 2 == 0) {
        return low + rng_below(r, high - low + 1);
    }
    double span = (double)(high - low) + 1;
    uint64_t beyond = (uint64_t)(det_pow(span, rng_unit(r)) - 1);
    return low + (beyond < high - low ? beyond : high - low);
}

/* The n-th word of a list with blanks; the list is not empty. */
static const char *draw_word(struct rng *r, const char *list, char word[NAME])
{
    uint64_t count = 1;
    for (const char *c = list; *c; c++) {
        count += *c == ' ';
    }
    uint64_t n = rng_below(r, count);
    while (n-- > 0) {
        list = strchr(list, ' ') + 1;
    }
    snprintf(word, NAME, "%.*s", (int)strcspn(list, " "), list);
    return word;
}

static const char *draw_item(struct rng *r, const json_t *list)
{
    size_t count = json_array_size(list);
    const char *text =
        count > 0 ? json_string_value(json_array_get(list, rng_below(r, count)))
                  : NULL;
    return text ? text : "";
}

static const struct range *range_of(const char *key)
{
    for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
        if (strcmp(ranges[i].key, key) == 0) {
            return &ranges[i];
        }
    }
    return NULL;
}

/* A key without a row: from an eighth of its default to eight times it. */
static struct range range_around(const struct key_rule *rule)
{
    uint64_t n = 0;
    const char *text = rule->fallback ? rule->fallback : "";
    bool is_known = rule->kind == KEY_TIME   ? !units_read_time(text, &n)
                    : rule->kind == KEY_SIZE ? !units_read_size(text, &n)
                                             : !units_read_whole(text, &n);
    uint64_t low = is_known ? n / 8 : rule->low;
    uint64_t high = is_known ? n * 8 + 8 : rule->low * 8 + 8;
    return (struct range){ .low = low > rule->low ? low : rule->low,
                           .high = high < rule->high ? high : rule->high };
}

/* Pages and paging blocks are whole. */
static uint64_t in_pages(const char *key, uint64_t bytes)
{
    bool is_free = strncmp(key, "load.", 5) == 0;
    uint64_t pages = bytes / SCENARIO_PAGE_BYTES;
    return is_free ? bytes : pages * SCENARIO_PAGE_BYTES;
}

static void draw_moment(struct rng *r, const struct range *range,
                        char text[UNITS_BYTES])
{
    char time[UNITS_BYTES];
    units_write_time(draw_number(r, range->low, range->high, false), time);
    switch (rng_below(r, 4)) {
    case 0:
        snprintf(text, UNITS_BYTES, "window");
        break;
    case 1:
        snprintf(text, UNITS_BYTES, "window+%.20s", time);
        break;
    default:
        snprintf(text, UNITS_BYTES, "%s", time);
        break;
    }
}

/* A number of the rule's kind. */
static void draw_value(struct rng *r, const struct key_rule *rule,
                       const char *key, char text[UNITS_BYTES])
{
    const struct range *row = range_of(key);
    struct range range = row ? *row : range_around(rule);
    bool evenly = rule->kind == KEY_SIZE || rule->kind == KEY_FRACTION ||
                  rule->kind == KEY_WHOLE;
    uint64_t n = draw_number(r, range.low, range.high, evenly);
    switch (rule->kind) {
    case KEY_SPAN:
    case KEY_TIME:
        units_write_time(n, text);
        if (rule->kind == KEY_SPAN && rng_below(r, 6) == 0) {
            snprintf(text, UNITS_BYTES, "auto");
        }
        break;
    case KEY_MOMENT:
        draw_moment(r, &range, text);
        break;
    case KEY_SIZE:
        units_write_size(in_pages(key, n), text);
        break;
    case KEY_BITRATE:
        units_write_bitrate(n, text);
        break;
    case KEY_FRACTION:
        units_write_fraction(n, text);
        break;
    case KEY_REAL:
        units_write_real((double)n + (double)rng_below(r, 4) / 4, text);
        break;
    case KEY_WHOLE:
    case KEY_SPECIAL:
    case KEY_TEXT:
    case KEY_WORD:
        units_write_whole(n, text);
        break;
    }
}

/* ---- Keys that hang together -------------------------------------------- */

static void put(const struct part *p, const char *key, const char *text)
{
    json_object_set_new(p->to, key, json_string(text));
}

static json_t *group(const struct part *p, uint64_t i)
{
    return json_array_get(json_object_get(p->scenario, "vms"), i);
}

static const char *text_of(const json_t *mapping, const char *key)
{
    const char *text = json_string_value(json_object_get(mapping, key));
    return text ? text : "";
}

/* One that is named by disks, events and loads. */
static const char *draw_group(const struct part *p, struct rng *r,
                              const char *wanted)
{
    size_t count = json_array_size(json_object_get(p->scenario, "vms"));
    uint64_t at = rng_below(r, count);
    for (size_t i = 0; i < 2 * count; i++, at = (at + 1) % count) {
        const char *image = text_of(group(p, at), "image");
        if (!wanted || strstr(wanted, image) || i >= count) {
            break;
        }
    }
    return text_of(group(p, at), "name");
}

static void draw_args(const struct part *p, const char *guest)
{
    char args[256] = "";
    size_t used = 0;
    for (size_t i = 0; i < sizeof(guest_words) / sizeof(guest_words[0]); i++) {
        const struct guest_word *w = &guest_words[i];
        struct rng r = stream(p, w->name);
        if (strcmp(w->guest, guest) != 0 || rng_below(&r, 2) == 0) {
            continue;
        }
        char word[NAME];
        uint64_t n = draw_number(&r, w->low, w->high, true);
        bool is_pages = strcmp(w->name, "working-set") == 0;
        units_write_whole(is_pages ? n * SCENARIO_PAGE_BYTES : n, word);
        used += (size_t)snprintf(
            args + used, sizeof(args) - used, "%s%s=%s", used > 0 ? " " : "",
            w->name, w->words ? draw_word(&r, w->words, word) : word);
    }
    if (used > 0) {
        put(p, "args", args);
    }
}

/* What must be of a group: only a sound guest with room ends well. */
static void finish_group(const struct part *p)
{
    char name[NAME];
    struct rng r = stream(p, "image");
    const char *guest = draw_item(&r, p->offer->guests);
    snprintf(name, sizeof(name), "g%u", p->item);
    put(p, "name", name);
    put(p, "image", guest);
    draw_args(p, guest);
    uint64_t memory = UINT64_MAX;
    const char *text = text_of(p->to, "memory");
    bool is_small =
        text[0] && !units_read_size(text, &memory) && memory < 2 * MIB;
    bool is_buggy = strcmp(guest, "buggy") == 0;
    if (is_small || is_buggy || strcmp(guest, "diskd") == 0) {
        put(p, "expect", is_buggy && rng_below(&r, 2) ? "badly" : "any");
    } else if (strcmp(text_of(p->to, "expect"), "badly") == 0) {
        put(p, "expect", "well");
    }
}

static void finish_disk(const struct part *p)
{
    struct rng r = stream(p, "vms");
    put(p, "vms", draw_group(p, &r, rng_below(&r, 4) ? "diskd" : NULL));
}

static void finish_event(const struct part *p)
{
    struct rng r = stream(p, "create");
    const char *name = draw_group(p, &r, NULL);
    put(p, rng_below(&r, 2) ? "create" : "destroy", name);
}

/* A replay has a file, and another load nothing that only replays have. */
static void finish_replay(const struct part *p)
{
    static const char *const own[] = { "format", "map", "speed" };
    static const char *const others[] = { "rate", "clients", "spacing" };
    bool is_one = strcmp(text_of(p->to, "kind"), "replay") == 0;
    char name[NAME];
    for (size_t i = 0; i < 3; i++) {
        json_object_del(p->to, is_one ? others[i] : own[i]);
    }
    if (is_one) {
        snprintf(name, sizeof(name), "load-%u.log", p->item);
        put(p, "file", name);
    }
}

static void finish_load(const struct part *p)
{
    struct rng r = stream(p, "kind");
    char word[NAME];
    const char *name = draw_group(
        p, &r, rng_below(&r, 8) ? "httpd diskd game discard echo" : NULL);
    uint64_t at = strtoull(name + 1, NULL, 10);
    put(p, "target", name);
    put(p, "kind",
        draw_word(&r, kinds_for(text_of(group(p, at), "image")), word));
    if (json_object_get(p->to, "rate") && json_object_get(p->to, "clients")) {
        json_object_del(p->to, rng_below(&r, 2) ? "rate" : "clients");
    } else if (!json_object_get(p->to, "clients")) {
        put(p, "rate", "200");
    }
    finish_replay(p);
    if (strcmp(text_of(p->to, "kind"), "lines") == 0) {
        /* What an echo says back; a web server complains of it. */
        put(p, "script",
            rng_below(&r, 4) ? "send \"one\\n\" expect \"one\\n\" "
                               "send \"two\\n\" expect line"
                             : "expect line");
    }
}

/* ---- A mapping ---------------------------------------------------------- */

static void draw_key(const struct part *p, const struct key_rule *rule)
{
    char key[NAME];
    snprintf(key, sizeof(key), "%s.%s", p->name, rule->name);
    struct rng r = stream(p, rule->name);
    const struct range *row = range_of(key);
    const json_t *names = json_object_get(p->offer->policies, key);
    uint32_t percent = row ? row->percent : 30;
    if (rng_below(&r, 100) >= percent) {
        return;
    }
    char text[PATH];
    if (names) {
        put(p, rule->name, draw_item(&r, names));
    } else if (rule->kind == KEY_WORD) {
        uint64_t count = 0;
        while (rule->words[count]) {
            count++;
        }
        put(p, rule->name, rule->words[rng_below(&r, count)]);
    } else if (strcmp(key, "disks.file") == 0) {
        snprintf(text, sizeof(text), "disk-%u.img", p->item);
        put(p, rule->name, text);
    } else if (strcmp(key, "load.path") == 0) {
        put(p, rule->name, rng_below(&r, 2) ? "/" : "/a/file?of=some#name");
    } else if (strcmp(key, "kernel.paging_block") == 0) {
        units_write_size(4 * KIB << rng_below(&r, 5), text);
        put(p, rule->name, text);
    } else if (rule->kind != KEY_TEXT && rule->kind != KEY_SPECIAL) {
        draw_value(&r, rule, key, text);
        put(p, rule->name, text);
    }
}

/* The arguments of the policies that were drawn. */
static void draw_policy_args(const struct part *p)
{
    size_t i;
    json_t *a;
    json_array_foreach(p->offer->arguments, i, a)
    {
        const char *key = strchr(text_of(a, "key"), '.');
        key = key ? key + 1 : "";
        const char *dot = strchr(key, '.');
        struct rng r = stream(p, key);
        char mapping[NAME];
        char policy[NAME];
        char text[UNITS_BYTES];
        if (!dot || strlen(key) >= NAME || rng_below(&r, 2) == 0) {
            continue;
        }
        snprintf(mapping, sizeof(mapping), "%.*s", (int)(dot - key), key);
        snprintf(policy, sizeof(policy), "%.*s",
                 (int)(strlen(mapping) - strlen("_args")), mapping);
        if (strcmp(text_of(p->to, policy), text_of(a, "policy")) != 0) {
            continue;
        }
        double low = json_real_value(json_object_get(a, "low"));
        double high = json_real_value(json_object_get(a, "high"));
        high = high < low + 500 ? high : low + 500;
        units_write_whole(draw_number(&r, (uint64_t)low, (uint64_t)high, false),
                          text);
        bool is_number = json_is_true(json_object_get(a, "is_number"));
        json_t *to = json_object_get(p->to, mapping);
        if (!to) {
            to = json_object();
            json_object_set_new(p->to, mapping, to);
        }
        json_object_set_new(to, dot + 1,
                            json_string(is_number              ? text
                                        : rng_below(&r, 2) > 0 ? "true"
                                                               : "false"));
    }
}

static void draw_mapping(const struct part *p, const struct key_rule *rules)
{
    for (const struct key_rule *rule = rules; rule->name; rule++) {
        draw_key(p, rule);
    }
    if (strcmp(p->name, "vms") == 0) {
        finish_group(p);
    } else if (strcmp(p->name, "disks") == 0) {
        finish_disk(p);
    } else if (strcmp(p->name, "events") == 0) {
        finish_event(p);
    } else if (strcmp(p->name, "load") == 0) {
        finish_load(p);
    } else if (strcmp(p->name, "kernel") == 0) {
        draw_policy_args(p);
    }
}

static void draw_list(struct part p, const struct key_mapping *mapping)
{
    static const char *const lists[] = { "vms", "disks", "events", "load" };
    static const uint32_t most[] = { 4, 2, 5, 3 };
    uint32_t limit = 2; /* Of a list that is new. */
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        limit = strcmp(lists[i], mapping->name) == 0 ? most[i] : limit;
    }
    struct rng r = stream(&p, "count");
    uint64_t count = rng_below(&r, limit + 1);
    bool must_be = strcmp(mapping->name, "vms") == 0;
    count = must_be && count == 0 ? 1 : count;
    json_t *list = json_array();
    json_object_set_new(p.scenario, mapping->name, list);
    for (p.item = 0; p.item < count; p.item++) {
        p.to = json_object();
        json_array_append_new(list, p.to);
        draw_mapping(&p, mapping->rules);
    }
}

/* ---- Repair ------------------------------------------------------------- */

bool draw_remove(json_t *scenario, const char *path)
{
    char list[NAME];
    char key[NAME] = "";
    char number[10] = "";
    if (sscanf(path, "%63[a-z_][%9[0-9]].%63[a-z_.]", list, number, key) >= 2) {
        size_t item = strtoul(number, NULL, 10);
        json_t *items = json_object_get(scenario, list);
        return key[0] ? json_object_del(json_array_get(items, item), key) == 0
                      : json_array_remove(items, item) == 0;
    }
    char more[NAME] = "";
    if (sscanf(path, "%63[a-z_].%63[a-z_].%63s", list, key, more) < 2) {
        return json_object_del(scenario, path) == 0;
    }
    json_t *mapping = json_object_get(scenario, list);
    json_t *within = json_object_get(mapping, key);
    return more[0] && json_is_object(within)
               ? json_object_del(within, more) == 0
               : json_object_del(mapping, key) == 0;
}

void draw_write(const json_t *scenario, const char *path)
{
    int failed = json_dump_file(scenario, path, JSON_INDENT(1));
    SIM_ASSERT(failed == 0);
}

static void make_file(const char *folder, const json_t *disk)
{
    char path[1024];
    uint64_t bytes = 0;
    const char *name = text_of(disk, "file");
    if (name[0] == '\0' || units_read_size(text_of(disk, "size"), &bytes)) {
        return;
    }
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    FILE *file = fopen(path, "wb");
    SIM_ASSERT(file);
    for (uint64_t i = 0; i < bytes; i++) {
        fputc((int)(i * 7 % 251), file);
    }
    fclose(file);
}

/* 200 requests of five paths, and in a CSV of the first VM, too. */
static void make_log(const char *folder, const json_t *load)
{
    char path[1024];
    const char *name = text_of(load, "file");
    bool is_csv = strcmp(text_of(load, "format"), "csv") == 0;
    if (name[0] == '\0') {
        return;
    }
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    FILE *file = fopen(path, "wb");
    SIM_ASSERT(file);
    for (int i = 0; i < 200; i++) {
        if (is_csv) {
            fprintf(file, i % 3 ? "%d.%03d,/%d?a\n" : "%d.%03d,0,%d\n", i / 40,
                    i % 40 * 25, i % 5);
        } else {
            fprintf(file,
                    "c%d - - [01/Jan/2026:00:00:%02d +0100] \"GET /%d "
                    "HTTP/1.1\" 200 %d\n",
                    i % 7, i / 20, i % 5, i);
        }
    }
    fclose(file);
}

bool draw_is_fine(const struct offer *o, const json_t *scenario,
                  char *complaint, size_t bytes)
{
    char path[1024];
    char err[1024];
    snprintf(path, sizeof(path), "%s/scenario.yaml", o->folder);
    snprintf(err, sizeof(err), "%s/complaint", o->folder);
    draw_write(scenario, path);
    size_t i;
    json_t *disk;
    json_array_foreach(json_object_get(scenario, "disks"), i, disk)
    {
        make_file(o->folder, disk);
    }
    json_t *load;
    json_array_foreach(json_object_get(scenario, "load"), i, load)
    {
        make_log(o->folder, load);
    }
    struct child c = { .args = { o->iksim, "scenario", "check",
                                 "scenario.yaml" },
                       .folder = o->folder,
                       .err = err };
    struct child_end end = child_run(&c);
    complaint[0] = '\0';
    FILE *file = end.code != 0 ? fopen(err, "r") : NULL;
    if (file) {
        if (!fgets(complaint, (int)bytes, file)) {
            complaint[0] = '\0';
        }
        fclose(file);
    }
    return end.code == 0;
}

/* Takes out what the complaint names: "FILE:LINE: KEY: what", or the item that
   it is in. */
static bool repair(json_t *scenario, const char *complaint)
{
    char path[PATH];
    if (sscanf(complaint, "%*[^:]:%*[0-9]: %127[^: ]", path) != 1 &&
        sscanf(complaint, "%*[^:]: %127[^: ]", path) != 1) {
        return false;
    }
    if (draw_remove(scenario, path)) {
        return true;
    }
    path[strcspn(path, ".")] = '\0';
    return strncmp(path, "vms", 3) != 0 && draw_remove(scenario, path);
}

/* What sim/scenario refuses, it refuses here as there, and sooner. */
static void repair_early(const struct offer *o, json_t *scenario)
{
    struct arena arena;
    char message[SCENARIO_MESSAGE_BYTES];
    char path[1024];
    snprintf(path, sizeof(path), "%s/scenario.yaml", o->folder);
    if (!arena_map(&arena, ARENA_BYTES)) {
        return;
    }
    for (int i = 0; i < REPAIRS; i++) {
        arena.used_bytes = 0;
        draw_write(scenario, path);
        if (scenario_load(&arena, path, NULL, message) ||
            !repair(scenario, message)) {
            break;
        }
    }
    arena_unmap(&arena);
}

/* Each group has its share of a machine, or is in the first one's partition; under
   the other presets there are no shares. */
static void finish_partitions(const struct part *p)
{
    static const char *const own[] = { "slot", "ram", "link", "spindles",
                                       "channel" };
    static const char *const shares[] = { "9ms", "48MiB", "100Mbit", "1" };
    json_t *kernel = json_object_get(p->scenario, "kernel");
    json_t *run = json_object_get(p->scenario, "run");
    bool is_one = strcmp(text_of(kernel, "preset"), "partitioned") == 0;
    struct rng r = stream(p, "group");
    size_t i;
    json_t *vms;
    json_array_foreach(json_object_get(p->scenario, "vms"), i, vms)
    {
        bool is_within = i > 2 || (i > 0 && rng_below(&r, 3) == 0);
        for (size_t k = 0; k < 5; k++) {
            json_object_del(vms, own[k]);
            if (is_one && k < 4 && !is_within) {
                json_object_set_new(vms, own[k], json_string(shares[k]));
            }
        }
        if (is_one && is_within) {
            json_object_set_new(vms, "channel", json_string("g0"));
        }
    }
    json_object_del(run, "group");
    json_object_del(kernel, "major_frame");
    json_object_del(kernel, "padding");
    if (is_one) {
        json_object_set_new(run, "group", json_string(draw_group(p, &r, NULL)));
        json_object_del(json_object_get(p->scenario, "machine"), "ram");
        json_object_del(json_object_get(p->scenario, "link"), "bandwidth");
        json_object_set_new(kernel, "major_frame", json_string("30ms"));
        json_object_set_new(kernel, "padding", json_string("3ms"));
    }
}

json_t *draw_scenario(const struct offer *o, uint64_t seed)
{
    json_t *scenario = json_object();
    struct part p = { .offer = o, .seed = seed, .scenario = scenario };
    for (const struct key_mapping *m = key_mappings; m->name; m++) {
        p.name = m->name;
        if (m->is_list) {
            draw_list(p, m);
            continue;
        }
        p.to = json_object();
        json_object_set_new(scenario, m->name, p.to);
        draw_mapping(&p, m->rules);
    }
    p.name = "run";
    finish_partitions(&p);
    char complaint[SENTENCE];
    repair_early(o, scenario);
    for (int i = 0; i < REPAIRS; i++) {
        if (draw_is_fine(o, scenario, complaint, sizeof(complaint))) {
            return scenario;
        }
        if (!repair(scenario, complaint + strcspn(complaint, " "))) {
            break;
        }
    }
    printf("seed %llu draws nothing: %s", (unsigned long long)seed, complaint);
    json_decref(scenario);
    return NULL;
}
