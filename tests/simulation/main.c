/*
 * main.c - simulation tests: whole scenarios drawn from seeds, run by the
 * program, and judged from outside. See case.h, draw.h and judge.h.
 *
 *   simulate IKSIM FIRST COUNT [OPTION]...   runs seeds
 *   simulate IKSIM --case FILE [OPTION]...   runs a case that was kept
 *   simulate --judge TRACE...                judges traces of any runs
 *
 *   --keep DIR       what fails is kept there (default: the current folder)
 *   --tally FILE     what was drawn is written there, counted
 *   --budget N       runs to shrink a failure (default: 200)
 *   --first          ends at the first seed that fails
 *   --draw           draws only; fails if something is never drawn
 *
 * Ends with 1 if anything was found.
 */
#define _DEFAULT_SOURCE /* realpath, mkdtemp */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/simulation/case.h"
#include "tests/simulation/child.h"

struct options {
    struct offer offer;
    const char *program; /* This one, as it was called. */
    const char *iksim;   /* As it was called. */
    const char *keep, *tally_path, *case_path;
    uint64_t first, count;
    unsigned budget;
    bool is_draw, is_first;
};

struct score {
    json_t *tally;
    uint64_t fine, refused, empty, failed;
};

static int usage(void)
{
    fprintf(stderr, "usage: simulate IKSIM FIRST COUNT|--case FILE "
                    "[--keep DIR] [--tally FILE] [--budget N] [--first] "
                    "[--draw]\n"
                    "       simulate --judge TRACE...\n");
    return 2;
}

static int judge_traces(int count, char **paths)
{
    int wrong = 0;
    for (int i = 0; i < count; i++) {
        char finding[FINDING_BYTES];
        bool is_read = judge_file(paths[i], finding);
        printf("%s: %s\n", paths[i], finding[0] ? finding : "fine");
        wrong |= !is_read || finding[0];
    }
    return wrong;
}

/* ---- One case ----------------------------------------------------------- */

static void count_case(struct score *score, const struct options *o,
                       const struct drawn_case *c)
{
    char what[64];
    draw_count(&o->offer, c->scenario, score->tally);
    snprintf(what, sizeof(what), "cut: %s", cut_name(c->cut));
    tally_add(score->tally, what, 1);
}

/* Shrinks it, keeps it, and says how it is had again. */
static void report(const struct options *o, struct drawn_case *c,
                   const char *finding)
{
    char scenario[1024];
    char path[1024];
    printf("seed %llu: %s\n", (unsigned long long)c->seed, finding);
    unsigned runs = case_shrink(c, &o->offer, finding, o->budget);
    snprintf(scenario, sizeof(scenario), "%s/seed-%llu.yaml", o->keep,
             (unsigned long long)c->seed);
    snprintf(path, sizeof(path), "%s/seed-%llu.case", o->keep,
             (unsigned long long)c->seed);
    case_write(c, scenario, path);
    printf("  the least of it, after %u runs (the run is %s%s):\n", runs,
           cut_phrase(c->cut), c->is_audited ? ", and audited" : "");
    char *text = json_dumps(c->scenario, JSON_COMPACT);
    printf("    %s\n  again:\n    %s %s --case %s\n", text ? text : "",
           o->program, o->iksim, path);
    if (c->cut == CUT_NONE) {
        printf("    %s run %s --trace t.ikt && %s --judge t.ikt\n", o->iksim,
               scenario, o->program);
    }
    free(text);
}

static void run_case(struct score *score, const struct options *o,
                     struct drawn_case *c)
{
    count_case(score, o, c);
    if (o->is_draw) {
        return;
    }
    struct verdict v = case_run(c, &o->offer);
    score->refused += v.was_refused;
    if (v.finding[0] == '\0') {
        score->fine += !v.was_refused;
        return;
    }
    score->failed++;
    char finding[FINDING_BYTES];
    memcpy(finding, v.finding, sizeof(finding));
    report(o, c, finding);
    fflush(stdout);
}

static void run_seeds(struct score *score, const struct options *o)
{
    for (uint64_t i = 0; i < o->count; i++) {
        struct drawn_case c;
        if (!case_draw(&c, &o->offer, o->first + i)) {
            score->empty++;
            continue;
        }
        run_case(score, o, &c);
        json_decref(c.scenario);
        if (o->is_first && score->failed > 0) {
            break;
        }
    }
}

static bool run_kept(struct score *score, const struct options *o)
{
    struct drawn_case c;
    if (!case_read(&c, o->case_path)) {
        fprintf(stderr, "simulate: '%s' is no case\n", o->case_path);
        return false;
    }
    run_case(score, o, &c);
    json_decref(c.scenario);
    return true;
}

/* ---- The call ----------------------------------------------------------- */

static bool read_option(struct options *o, const char *name, const char *value)
{
    if (strcmp(name, "--keep") == 0) {
        o->keep = value;
    } else if (strcmp(name, "--tally") == 0) {
        o->tally_path = value;
    } else if (strcmp(name, "--case") == 0) {
        o->case_path = value;
    } else if (strcmp(name, "--budget") == 0) {
        o->budget = (unsigned)strtoul(value, NULL, 10);
    } else {
        return false;
    }
    return true;
}

static bool read_call(struct options *o, int argc, char **argv)
{
    int numbers = 0;
    for (int i = 2; i < argc; i++) {
        if (strcmp(argv[i], "--first") == 0) {
            o->is_first = true;
        } else if (strcmp(argv[i], "--draw") == 0) {
            o->is_draw = true;
        } else if (argv[i][0] == '-') {
            if (i + 1 == argc || !read_option(o, argv[i], argv[i + 1])) {
                return false;
            }
            i++;
        } else {
            uint64_t n = strtoull(argv[i], NULL, 10);
            *(numbers++ == 0 ? &o->first : &o->count) = n;
        }
    }
    return o->case_path ? numbers == 0 : numbers == 2;
}

static int run_all(const struct options *o)
{
    struct score score = { .tally = json_object() };
    bool is_read = true;
    if (o->case_path) {
        is_read = run_kept(&score, o);
    } else {
        run_seeds(&score, o);
    }
    unsigned missing =
        o->is_draw ? draw_list_missing(&o->offer, score.tally) : 0;
    printf("%llu seeds: %llu fine, %llu refused at boot, %llu drew nothing, "
           "%llu failed\n",
           (unsigned long long)(o->case_path ? 1 : o->count),
           (unsigned long long)score.fine, (unsigned long long)score.refused,
           (unsigned long long)score.empty, (unsigned long long)score.failed);
    tally_add(score.tally, "seeds", (json_int_t)o->count);
    tally_add(score.tally, "fine", (json_int_t)score.fine);
    tally_add(score.tally, "refused", (json_int_t)score.refused);
    tally_add(score.tally, "empty", (json_int_t)score.empty);
    tally_add(score.tally, "failed", (json_int_t)score.failed);
    if (o->tally_path) {
        draw_write(score.tally, o->tally_path);
    }
    json_decref(score.tally);
    /* Else the seeds test nothing but refusals. */
    bool is_bare = !o->is_draw && o->count > 8 && score.fine < o->count / 2 &&
                   score.failed == 0;
    return !is_read || missing > 0 || score.failed > 0 || is_bare;
}

int main(int argc, char **argv)
{
    struct options o = { .program = argv[0], .keep = ".", .budget = 200 };
    if (argc > 2 && strcmp(argv[1], "--judge") == 0) {
        return judge_traces(argc - 2, argv + 2);
    }
    if (argc < 4 || !read_call(&o, argc, argv)) {
        return usage();
    }
    char folder[] = "/tmp/iksim-simulate-XXXXXX";
    char *iksim = realpath(argv[1], NULL);
    if (!iksim || !mkdtemp(folder)) {
        fprintf(stderr, "simulate: there is no '%s', or no room in /tmp\n",
                argv[1]);
        return 2;
    }
    o.iksim = argv[1];
    o.offer.iksim = iksim;
    o.offer.folder = folder;
    int code = 2;
    if (offer_ask(&o.offer)) {
        code = run_all(&o);
    } else {
        fprintf(stderr, "simulate: '%s' does not say what it has\n", iksim);
    }
    offer_release(&o.offer);
    struct child remove = { .args = { "/bin/rm", "-rf", folder } };
    (void)child_run(&remove);
    free(iksim);
    return code;
}
