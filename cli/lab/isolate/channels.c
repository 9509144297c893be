/* channels.c - see channels.h. */
#define _GNU_SOURCE
#include "cli/lab/isolate/channels.h"

#include <errno.h>
#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/lab/isolate/partition.h"
#include "cli/lab/sweep/jobs.h"
#include "cli/lab/sweep/runs.h"

#define SCENARIO "guests/attackers/channel.yaml"
#define BITS     64u
#define SYMBOLS  (BITS + 32u) /* Those that the receiver learns from. */
#define SEEDS    2
#define START_MS 500u
#define WAIT_MS  500
#define WORDS    15
#define NORMAL   1.96 /* 95 % of a normal distribution lie so near. */

/* Symbols are as long as the resource takes to be felt. */
static const struct way {
    const char *name;
    uint32_t symbol_ms;
} ways[CHANNEL_WAYS] = {
    { "processor", 20 }, { "memory", 200 }, { "disk", 200 },
    { "wire", 50 },      { "pool", 50 },
};

/* What a receiver says at its end. */
struct said {
    unsigned errors, bits;
    char saw[17];
};

/* ---- One run ------------------------------------------------------------- */

static bool start(struct job *job, const char *preset, const struct way *way,
                  unsigned seed)
{
    char program[SWEEP_PROGRAM_BYTES];
    char scenario[CLI_PATH_BYTES];
    char texts[4][160];
    static const char *const roles[] = { "send", "receive" };
    if (!sweep_find_program(program)) {
        return false;
    }
    if (!cli_find_bundle(SCENARIO, scenario, sizeof(scenario))) {
        cli_complain("the file '%s' is not beside the program", SCENARIO);
        return false;
    }
    snprintf(texts[0], sizeof(texts[0]), "kernel.preset=%s", preset);
    snprintf(texts[1], sizeof(texts[1]), "run.duration=%ums",
             START_MS + (SYMBOLS + 2) * way->symbol_ms);
    for (int i = 0; i < 2; i++) {
        snprintf(texts[2 + i], sizeof(texts[0]),
                 "vms[%d].args=role=%s way=%s symbol=%ums bits=%u seed=%u", i,
                 roles[i], way->name, way->symbol_ms, BITS, seed);
    }
    char set[] = "--set";
    char run[] = "run";
    char console[] = "--console";
    char group[] = "run.group=receiver";
    char *argv[WORDS] = { program,  run,      console,  scenario, set,
                          texts[0], set,      texts[1], set,      texts[2],
                          set,      texts[3], NULL,     NULL,     NULL };
    if (partition_is_asked(preset)) {
        argv[WORDS - 3] = set;
        argv[WORDS - 2] = group;
    }
    return job_start(job, argv);
}

/* The number behind that text, which stands at *at; *at moves behind both. */
static bool number_after(const char **at, const char *text, uint32_t *number)
{
    size_t length = strlen(text);
    if (strncmp(*at, text, length) != 0) {
        return false;
    }
    char *end = NULL;
    errno = 0;
    unsigned long value = strtoul(*at + length, &end, 10);
    bool is_one = end != *at + length && errno == 0 && value <= UINT32_MAX;
    *at = end;
    *number = (uint32_t)value;
    return is_one;
}

static bool parse(const char *out, struct said *said)
{
    static const char last[] = " bits, saw ";
    const char *at = out ? strstr(out, "covert: ") : NULL;
    if (!at || !number_after(&at, "covert: ", &said->errors) ||
        !number_after(&at, " errors in ", &said->bits) ||
        strncmp(at, last, strlen(last)) != 0) {
        return false;
    }
    at += strlen(last);
    size_t length = strspn(at, "0123456789abcdef");
    if (length == 0 || length >= sizeof(said->saw)) {
        return false;
    }
    memcpy(said->saw, at, length);
    said->saw[length] = '\0';
    return true;
}

/* ---- One channel --------------------------------------------------------- */

/* Of a binary symmetric channel, in bits a symbol. */
static double capacity(double p)
{
    if (p <= 0 || p >= 1) {
        return 1;
    }
    return 1 + p * log2(p) + (1 - p) * log2(1 - p);
}

static void judge(struct channel *c, const struct said said[SEEDS])
{
    double symbols_per_s = 1000.0 / c->symbol_ms;
    c->bits = said[0].bits + said[1].bits;
    c->errors = said[0].errors + said[1].errors;
    double p = (double)c->errors / c->bits;
    double away = fabs(p - 0.5);
    double chance = NORMAL * 0.5 / sqrt(c->bits);
    if (strcmp(said[0].saw, said[1].saw) == 0) {
        c->outcome = CHANNEL_CLOSED;
        c->bits_per_s = 0;
    } else if (away <= chance) {
        c->outcome = CHANNEL_CHANCE;
        c->bits_per_s = capacity(0.5 - away - chance) * symbols_per_s;
    } else {
        c->outcome = CHANNEL_OPEN;
        c->bits_per_s = capacity(p) * symbols_per_s;
    }
}

/* Waits until both runs have ended. */
static int finish(struct job jobs[SEEDS], int signals, struct said said[SEEDS],
                  bool *is_said)
{
    struct pollfd file = { .fd = signals, .events = POLLIN };
    uint32_t running = SEEDS;
    *is_said = true;
    while (running > 0) {
        if (jobs_wait(&file, 1, WAIT_MS) == JOBS_INTERRUPT) {
            return CLI_INTERRUPTED;
        }
        for (uint32_t i = 0; i < SEEDS; i++) {
            struct job_end end;
            if (job_poll(&jobs[i], &end)) {
                *is_said = parse(end.out, &said[i]) && *is_said;
                job_end_clear(&end);
                running--;
            }
        }
    }
    return CLI_DONE;
}

static int measure(struct channel *c, const struct way *way, int signals)
{
    struct job jobs[SEEDS] = { { .pid = 0 } };
    struct said said[SEEDS] = { { .errors = 0 } };
    bool is_said = false;
    int code = CLI_DONE;
    for (unsigned i = 0; code == CLI_DONE && i < SEEDS; i++) {
        code = start(&jobs[i], c->preset, way, i + 1) ? CLI_DONE : CLI_USAGE;
    }
    if (code == CLI_DONE) {
        code = finish(jobs, signals, said, &is_said);
    }
    for (unsigned i = 0; i < SEEDS; i++) {
        job_kill(&jobs[i]);
    }
    if (is_said) {
        judge(c, said);
    }
    return code;
}

bool channels_choose(const char *names, uint32_t *chosen)
{
    while (*names) {
        size_t length = strcspn(names, ",");
        uint32_t i = 0;
        while (i < CHANNEL_WAYS && (strlen(ways[i].name) != length ||
                                    memcmp(ways[i].name, names, length) != 0)) {
            i++;
        }
        if (i == CHANNEL_WAYS) {
            return false;
        }
        *chosen |= 1u << i;
        names += length + (names[length] == ',');
    }
    return true;
}

int channels_measure(const char *preset, uint32_t chosen, struct channel *found,
                     uint32_t *count)
{
    int signals = -1;
    int code = jobs_begin(&signals) ? CLI_DONE : CLI_USAGE;
    for (uint32_t i = 0; code == CLI_DONE && i < CHANNEL_WAYS; i++) {
        if (chosen & 1u << i) {
            struct channel *c = &found[(*count)++];
            *c = (struct channel){ .preset = preset,
                                   .way = ways[i].name,
                                   .symbol_ms = ways[i].symbol_ms };
            code = measure(c, &ways[i], signals);
        }
    }
    jobs_end(signals);
    return code;
}

/* ---- Saying it ----------------------------------------------------------- */

void channels_print(const struct channel *channels, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        const struct channel *c = &channels[i];
        char text[80];
        if (i == 0 || strcmp(c->preset, c[-1].preset) != 0) {
            printf("\nCovert channels, preset %s\n\n%-12s %8s %14s  %s\n",
                   c->preset, "Through", "symbol", "errors", "bits a second");
        }
        switch (c->outcome) {
        case CHANNEL_FAILED:
            snprintf(text, sizeof(text), "no result");
            break;
        case CHANNEL_CLOSED:
            snprintf(text, sizeof(text),
                     "0: the same was measured whatever was sent");
            break;
        case CHANNEL_CHANCE:
            snprintf(text, sizeof(text),
                     "at most %.2f: guesses have so many errors, too",
                     c->bits_per_s);
            break;
        case CHANNEL_OPEN:
            snprintf(text, sizeof(text), "%.2f", c->bits_per_s);
            break;
        }
        printf("%-12s %5u ms %6u of %4u  %s\n", c->way, c->symbol_ms, c->errors,
               c->bits, text);
    }
}

json_t *channels_to_json(const struct channel *channels, uint32_t count)
{
    static const char *const words[] = {
        [CHANNEL_FAILED] = "failed",
        [CHANNEL_CLOSED] = "closed",
        [CHANNEL_CHANCE] = "chance",
        [CHANNEL_OPEN] = "open",
    };
    json_t *list = json_array();
    for (uint32_t i = 0; i < count; i++) {
        const struct channel *c = &channels[i];
        json_array_append_new(
            list, json_pack("{s:s, s:s, s:i, s:i, s:i, s:s, s:f}", "preset",
                            c->preset, "through", c->way, "symbol_ms",
                            (int)c->symbol_ms, "bits", (int)c->bits, "errors",
                            (int)c->errors, "outcome", words[c->outcome],
                            "bits_per_s", c->bits_per_s));
    }
    return list;
}
