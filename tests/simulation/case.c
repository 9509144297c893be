/*
 * case.c - see case.h. A scenario runs whole, with a trace and a directory; then
 * it runs again, cut or from its directory. What anyone may see of these is
 * judged: how they end, what they say, what they leave.
 */
#include "tests/simulation/case.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "sim/random.h"
#include "tests/simulation/child.h"

#define TEXT 1024

/* Ends a run whose guests compute more than a test has time for: by what they
   do, so that it ends at the same instruction anywhere. */
#define INSTRUCTIONS 40000000

#define CUT_NAME(constant, name, phrase)   name,
#define CUT_PHRASE(constant, name, phrase) phrase,

const char *cut_name(enum cut cut)
{
    static const char *const names[] = { CUTS(CUT_NAME) };
    return names[cut];
}

const char *cut_phrase(enum cut cut)
{
    static const char *const phrases[] = { CUTS(CUT_PHRASE) };
    return phrases[cut];
}

bool case_draw(struct drawn_case *c, const struct offer *o, uint64_t seed)
{
    struct rng r;
    rng_init(&r, seed, "cut", 0);
    *c = (struct drawn_case){
        .seed = seed,
        .cut = (enum cut)rng_below(&r, CUT_COUNT),
        .at_percent = (uint32_t)rng_below(&r, 100),
        .is_audited = rng_below(&r, 2) > 0,
        .scenario = draw_scenario(o, seed),
    };
    return c->scenario;
}

/* ---- One run ------------------------------------------------------------ */

/* Where a run leaves what. */
struct place {
    const struct offer *offer;
    char trace[TEXT], dir[TEXT], out[TEXT], err[TEXT];
};

static struct place place_of(const struct offer *o, const char *name)
{
    struct place p = { .offer = o };
    snprintf(p.trace, TEXT, "%s/%s.ikt", o->folder, name);
    snprintf(p.dir, TEXT, "%s/%s", o->folder, name);
    snprintf(p.out, TEXT, "%s/%s.json", o->folder, name);
    snprintf(p.err, TEXT, "%s/%s.err", o->folder, name);
    return p;
}

static void clear(const struct place *p)
{
    struct child c = { .args = { "/bin/rm", "-rf", p->trace, p->dir } };
    (void)child_run(&c);
}

static void find(struct verdict *v, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void find(struct verdict *v, const char *format, ...)
{
    if (v->finding[0] == '\0') {
        va_list args;
        va_start(args, format);
        vsnprintf(v->finding, sizeof(v->finding), format, args);
        va_end(args);
    }
}

/* The last line of what it said on standard error. */
static void last_words(const struct place *p, char line[TEXT])
{
    char next[TEXT];
    FILE *file = fopen(p->err, "r");
    line[0] = '\0';
    while (file && fgets(next, sizeof(next), file)) {
        next[strcspn(next, "\n")] = '\0';
        if (next[0] != '\0') {
            memcpy(line, next, sizeof(next));
        }
    }
    if (file) {
        fclose(file);
    }
}

static bool said(const struct place *p, const char *what)
{
    char line[TEXT];
    bool is_there = false;
    FILE *file = fopen(p->err, "r");
    while (file && !is_there && fgets(line, sizeof(line), file)) {
        is_there = strstr(line, what) != NULL;
    }
    if (file) {
        fclose(file);
    }
    return is_there;
}

/*
 * How any process of the program may end: with an exit code that the help
 * knows, and with a sentence unless all is well. No audit fails, and no
 * answer is wrong. `killed`: a signal that it was sent.
 */
static void judge_end(struct verdict *v, const struct place *p,
                      struct child_end end, int killed)
{
    char words[TEXT];
    last_words(p, words);
    if (end.signal == SIGXCPU) {
        find(v, "hang: the run uses the processor without end");
    } else if (end.signal != 0 && end.signal != killed) {
        find(v, "crash: signal %d ends the run: %.160s", end.signal, words);
    } else if (end.signal == 0 && end.code > 2 && end.code != 130) {
        find(v, "crash: exit code %d: %.160s", end.code, words);
    } else if (end.code > 0 && strncmp(words, "iksim: ", 7) != 0) {
        find(v, "words: exit code %d without a sentence: %.160s", end.code,
             words);
    } else if (said(p, "audit") || said(p, "ivariant")) {
        find(v, "audit: %.200s", words);
    } else if (said(p, "wrong answer")) {
        find(v, "answer: %.200s", words);
    }
}

/* Runs the scenario; `extra` is one option more and its value, or NULL. */
static struct child_end run(const struct drawn_case *c, const struct place *p,
                            const char *option, const char *value, int signal,
                            uint64_t signal_us)
{
    char limit[64];
    bool is_limited = option && strcmp(option, "--limit") == 0;
    snprintf(limit, sizeof(limit), "instructions=%d", INSTRUCTIONS);
    struct child child = {
        .args = { p->offer->iksim, "run", "scenario.yaml", "--json", "--trace",
                  p->trace, "--out", p->dir },
        .folder = p->offer->folder,
        .out = p->out,
        .err = p->err,
        .signal = signal,
        .signal_us = signal_us,
    };
    if (c->is_audited) {
        child_add(&child, "--check=499");
    }
    if (!is_limited) {
        child_add(&child, "--limit");
        child_add(&child, limit);
    }
    if (option) {
        child_add(&child, option);
        child_add(&child, value);
    }
    char complaint[TEXT];
    clear(p);
    (void)draw_is_fine(p->offer, c->scenario, complaint, sizeof(complaint));
    return child_run(&child);
}

/* ---- Cut and again ------------------------------------------------------ */

static double number_in(const char *path, const char *key)
{
    json_t *report = json_load_file(path, 0, NULL);
    json_t *value = report;
    char part[TEXT];
    for (const char *at = key; at && value;) {
        snprintf(part, sizeof(part), "%.*s", (int)strcspn(at, "."), at);
        value = json_object_get(value, part);
        at = strchr(at, '.');
        at = at ? at + 1 : NULL;
    }
    double number = value ? json_number_value(value) : 0;
    json_decref(report);
    return number;
}

static bool exists(const char *path, long bytes)
{
    struct stat s;
    return stat(path, &s) == 0 && (S_ISDIR(s.st_mode) || s.st_size >= bytes);
}

/* The directory repeats exactly, or, where that cannot be, is refused. */
static void judge_again(struct verdict *v, const struct offer *o,
                        const struct place *of, bool may_refuse)
{
    struct place p = place_of(o, "again");
    struct child child = { .args = { o->iksim, "run", "--again", of->dir },
                           .folder = o->folder,
                           .out = p.out,
                           .err = p.err,
                           .is_perturbed = true };
    if (!exists(of->dir, 0) && may_refuse) {
        return;
    }
    struct child_end end = child_run(&child);
    judge_end(v, &p, end, 0);
    if (end.code != 0 && !(may_refuse && end.code == 2)) {
        char words[TEXT];
        last_words(&p, words);
        find(v, "repeat: --again ends with %d: %.160s", end.code, words);
    }
}

/* What a run leaves whose end came early is the beginning of the whole one. A
   signal may come before there is a header. */
static void judge_cut(struct verdict *v, const struct place *cut,
                      const struct place *whole, bool was_killed)
{
    char finding[FINDING_BYTES];
    if (was_killed &&
        (!exists(cut->trace, 1) || !judge_file(cut->trace, finding))) {
        return;
    }
    if (!judge_file(cut->trace, finding) || finding[0] != '\0') {
        find(v, "%s", finding);
    }
    if (!judge_prefix(cut->trace, whole->trace, finding)) {
        find(v, "%s", finding);
    }
}

static void run_cut(struct verdict *v, const struct drawn_case *c,
                    const struct place *whole, uint64_t took_us)
{
    struct place p = place_of(whole->offer, "cut");
    char value[64];
    const char *option = NULL;
    int signal = 0;
    double part = (double)c->at_percent / 100;
    switch (c->cut) {
    case CUT_NONE:
    case CUT_COUNT:
        judge_again(v, whole->offer, whole, false);
        return;
    case CUT_UNTIL:
        option = "--until";
        snprintf(value, sizeof(value), "%.0fns",
                 1 + part * 2 * number_in(whole->out, "virtual_ns"));
        break;
    case CUT_INSTRUCTIONS:
        option = "--limit";
        snprintf(value, sizeof(value), "instructions=%.0f",
                 1 + part * 2 * number_in(whole->out, "instructions"));
        break;
    case CUT_KILL:
        signal = SIGKILL;
        break;
    case CUT_INTERRUPT:
        signal = SIGINT;
        break;
    }
    uint64_t when = (uint64_t)(part * (double)took_us);
    struct child_end end = run(c, &p, option, value, signal, when);
    judge_end(v, &p, end, signal);
    judge_cut(v, &p, whole, end.signal != 0);
    judge_again(v, whole->offer, &p, signal != 0 || end.code == 2);
}

struct verdict case_run(const struct drawn_case *c, const struct offer *o)
{
    struct verdict v = { .finding = "" };
    struct place whole = place_of(o, "whole");
    struct child_end end = run(c, &whole, NULL, NULL, 0, 0);
    judge_end(&v, &whole, end, 0);
    v.was_refused = v.finding[0] == '\0' && end.code == 2;
    if (v.finding[0] != '\0' || v.was_refused) {
        return v;
    }
    char finding[FINDING_BYTES];
    if (!judge_file(whole.trace, finding) || finding[0] != '\0') {
        find(&v, "%s", finding);
    }
    if (v.finding[0] == '\0') {
        run_cut(&v, c, &whole, end.took_us);
    }
    return v;
}

/* ---- Files -------------------------------------------------------------- */

void case_write(const struct drawn_case *c, const char *scenario_path,
                const char *case_path)
{
    draw_write(c->scenario, scenario_path);
    json_t *all =
        json_pack("{s:I, s:s, s:i, s:b, s:O}", "seed", (json_int_t)c->seed,
                  "cut", cut_name(c->cut), "at_percent", (int)c->at_percent,
                  "is_audited", (int)c->is_audited, "scenario", c->scenario);
    draw_write(all, case_path);
    json_decref(all);
}

bool case_read(struct drawn_case *c, const char *case_path)
{
    json_t *all = json_load_file(case_path, 0, NULL);
    json_int_t seed = 0;
    int percent = 0;
    int is_audited = 0;
    const char *cut = "";
    *c = (struct drawn_case){ .cut = CUT_NONE };
    bool is_read =
        all && json_unpack(all, "{s:I, s:s, s:i, s:b, s:O}", "seed", &seed,
                           "cut", &cut, "at_percent", &percent, "is_audited",
                           &is_audited, "scenario", &c->scenario) == 0;
    for (enum cut i = CUT_NONE; is_read && i < CUT_COUNT; i++) {
        c->cut = strcmp(cut_name(i), cut) == 0 ? i : c->cut;
    }
    c->seed = (uint64_t)seed;
    c->at_percent = (uint32_t)percent;
    c->is_audited = is_audited != 0;
    json_decref(all);
    return is_read;
}
