/* claims_games.c - claims of game servers (node 31). */
#include <math.h>

#include "cli/lab/paper/rule.h"

#define GAMES 32 /* The most game servers that the paper measured. */

/* Returns the greatest relative deviation from the value at GAMES, over the
   values of x from `low` to `high`. */
static double stray(const struct claim_view *v, double low, double high)
{
    double at_most = claim_value(v, 0, claim_place(v, GAMES));
    double farthest = 0;
    for (uint32_t i = 0; i < v->x_count; i++) {
        if (v->x[i] >= low && v->x[i] <= high) {
            farthest = fmax(farthest, fabs(claim_value(v, 0, i) / at_most - 1));
        }
    }
    return farthest;
}

JUDGE(judge_games)
{
    struct range r = rule_range(v, 0, 1, GAMES);
    WRITE(j, "%.4g to %.4g %s up to %d VMs", r.least, r.most,
          v->claim->measure[0].unit, GAMES);
    j->holds = stray(v, 1, GAMES) <= 0.1;
}

JUDGE(judge_games_beyond)
{
    uint32_t last = claim_place(v, GAMES);
    while (last + 1 < v->x_count && stray(v, GAMES, v->x[last + 1]) <= 0.1) {
        last++;
    }
    uint32_t next = last + 1 < v->x_count ? last + 1 : last;
    WRITE(j, "latency alike up to %s VMs; %.4g ms at %s", v->x_text[last],
          claim_value(v, 0, next), v->x_text[next]);
    j->holds = v->x[last] >= 64;
}

#define GAME_RUNS                                                        \
    .base = "game", .series = { { "game servers", "" } },                \
    .axis = {                                                            \
        .name = "game servers",                                          \
        .sets = "vms[0].count=@",                                        \
        .is_log = true,                                                  \
        .quick = "1 8 32 64 128 256 512 1000",                           \
        .full = "1 2 4 8 16 32 64 100 128 200 256 300 400 512 700 1000", \
    }
#define GAME_MARK                                                            \
    { "the paper's most servers, 32, up to which all is constant (node 31)", \
      CLAIM_AT_X, 32, 32, 0 }
#define UPDATES { "updates of a server", "1/s", FIGURE_LOAD_UPDATES, 1, NULL }

const struct claim game_claims[] = {
    { .name = "fig12-latency",
      .node = "31",
      .claim = "From 1 to 32 game servers with four players each, the latency "
               "of an update is essentially constant",
      .paper = "constant up to 32",
      .kind = CLAIM_EMERGENT,
      .rule = "the mean latency at 1 to 32 VMs is that at 32 within 10 %",
      .judge = judge_games,
      GAME_RUNS,
      .measure = { LATENCY, UPDATES },
      .mark = { GAME_MARK } },
    { .name = "fig12-updates",
      .node = "31",
      .claim = "From 1 to 32 game servers, the updates a second of a server "
               "are essentially constant",
      .paper = "constant up to 32",
      .kind = CLAIM_EMERGENT,
      .rule = "snapshots a second of a server at 1 to 32 VMs are those at 32 "
              "within 10 %",
      .judge = judge_games,
      GAME_RUNS,
      .measure = { UPDATES, LATENCY },
      .mark = { GAME_MARK } },
    { .name = "fig12-beyond",
      .node = "31",
      .claim = "The paper stopped at 32 game servers for lack of client "
               "machines, not because of a limit of the kernel",
      .paper = "not measured beyond 32",
      .kind = CLAIM_EMERGENT,
      .rule = "the mean latency stays that at 32 within 10 % up to 64 VMs at "
              "least",
      .judge = judge_games_beyond,
      GAME_RUNS,
      .measure = { LATENCY, UPDATES },
      .mark = { GAME_MARK } },
    { .name = NULL },
};
