/* policies.c - `iksim policies`: what can be named in a scenario; and of one
   policy, what its row states: source, arguments, promises, differences. */
#include <stdio.h>
#include <string.h>

#include "cli/commands/commands.h"
#include "cli/run/choice/choices.h"
#include "cli/run/choice/policy_args.h"
#include "ik/policy/policies.h"
#include "sim/vocabulary/nearest.h"

#define SUMMARY 23 /* Column where summaries start. */
#define STATED  15 /* Column where what a policy states starts. */

struct call {
    const char *name; /* NULL: all of them. */
};

/* The next of all policies of VMs; `walk` is all 0 before the first. */
struct walk {
    size_t list, next;
};

static bool next_policy(struct walk *w, struct choice *choice)
{
    for (; all_choices[w->list].key; w->list++, w->next = 0) {
        while (all_choices[w->list].get(w->next, choice)) {
            w->next++;
            if (choice->facts) {
                return true;
            }
        }
    }
    return false;
}

static void offer(struct cli_offers *to)
{
    struct choice choice;
    for (struct walk w = { 0 }; next_policy(&w, &choice);) {
        cli_offer(to, choice.name, choice.summary);
    }
}

static const struct cli_option argument_rows[] = {
    { .name = "name",
      .argument = "NAME",
      CLI_TEXT(struct call, name),
      .is_optional = true,
      .offer = offer,
      .help = "What the policy of that "
              "name states is printed: its source and how it differs from it, "
              "its arguments, its promises." },
    CLI_END
};

static void list_all(void)
{
    for (const struct choices *c = all_choices; c->key; c++) {
        printf("%s%s: %s\n", c == all_choices ? "" : "\n", c->key, c->meaning);
        struct choice choice;
        for (size_t i = 0; c->get(i, &choice); i++) {
            printf("%c %-20s ", i == 0 ? '*' : ' ', choice.name);
            (void)cli_print_paragraph(choice.summary, SUMMARY, SUMMARY);
        }
    }
}

/* ---- One policy --------------------------------------------------------- */

static void state(const char *what, const char *text)
{
    printf("  %-*s", STATED - 2, what);
    (void)cli_print_paragraph(text, STATED, STATED);
}

/* What the arguments are called in a scenario, and each of them. */
static void state_args(const char *key, const struct policy_arg *rows)
{
    for (const struct policy_arg *r = rows; r && r->name; r++) {
        char low[UNITS_BYTES];
        char high[UNITS_BYTES];
        char usual[UNITS_BYTES];
        char text[512];
        policy_args_write(r, r->low, low);
        policy_args_write(r, r->high, high);
        policy_args_write(r, r->fallback, usual);
        snprintf(text, sizeof(text),
                 "%s.%s: %s. %s %s %s %s; %s, if it is not given.", key,
                 r->name, r->meaning,
                 r->unit == POLICY_FLAG ? "Either" : "From", low,
                 r->unit == POLICY_FLAG ? "or" : "to", high, usual);
        state("argument", text);
    }
}

static void state_facts(const struct policy_facts *facts, const char *key)
{
    char args_key[64];
    snprintf(args_key, sizeof(args_key), "%s_args", key);
    state("rule", facts->summary);
    state("source", facts->source);
    state("differs", facts->differs ? facts->differs : "It does not.");
    state_args(args_key, facts->args);
    state_args("vms[].policy_args", facts->vm_args);
    for (size_t i = 0; facts->reasons && facts->reasons[i]; i++) {
        state("may say", facts->reasons[i]);
    }
}

static void state_promises(const struct sched_policy *policy)
{
    const struct sched_promises *p = &policy->promises;
    static const char *const shares[] = {
        [SCHED_SHARES_NONE] = "None: vms[].shares mean nothing to it.",
        [SCHED_SHARES_EXPECTED] = "As vms[].shares, on average of many quanta.",
        [SCHED_SHARES_BOUNDED] =
            ("As vms[].shares: of two VMs that are always ready, used / shares "
             "never differs by more than a quantum of each."),
    };
    char bound[256];
    snprintf(bound, sizeof(bound), "%s%s.",
             p->bound ? "While a VM is ready, "
                        "N others use at most "
                      : "None is promised",
             p->bound ? p->bound_text : "");
    state("conserves", p->may_rest
                           ? "No: it may rest although VMs are ready."
                           : "Yes: it never rests while a VM is ready.");
    state("bound", bound);
    state("order",
          p->is_ordered
              ? "It chooses in the order of the keys that VMs get when "
                "they become ready."
              : "It chooses in no order that is known before.");
    state("shares", shares[p->shares]);
    state("kernel's work", policy->charged ? "Who causes it pays for it."
                                           : "It does not count.");
    state("gaming", p->can_be_gamed
                        ? "Who idles just before its quantum ends gains by it."
                        : "Who idles just before its quantum ends gains "
                          "nothing by it.");
}

/* A name may be that of policies of several kinds. */
static int print_one(const char *name)
{
    struct nearest nearest = { .wrong = name };
    struct choice choice;
    bool is_known = false;
    for (struct walk w = { 0 }; next_policy(&w, &choice);) {
        const char *key = all_choices[w.list].key;
        nearest_try(&nearest, choice.name);
        if (strcmp(choice.name, name) != 0) {
            continue;
        }
        printf("%s%s: %s\n", is_known ? "\n" : "", key, name);
        state_facts(choice.facts, key);
        if (choice.scheduler) {
            state_promises(choice.scheduler);
        }
        is_known = true;
    }
    if (is_known) {
        return CLI_DONE;
    }
    return cli_complain("there is no policy '%s'%s%s; see iksim policies", name,
                        nearest.best ? ", perhaps " : "",
                        nearest.best ? nearest.best : "");
}

static int run(const struct command *self, void *ctx)
{
    (void)self;
    const struct call *call = ctx;
    if (call->name) {
        return print_one(call->name);
    }
    list_all();
    return CLI_DONE;
}

const struct command command_policies = {
    .name = "policies",
    .summary = "Lists the policies, machine profiles and cost models",
    .about = "The names are values of the scenario keys that they stand under. "
             "A * marks the one that holds when a scenario names none. With "
             "NAME, what that policy states of itself is printed.",
    .exits = { [CLI_EXIT_DONE] = "The names, or the policy, are printed.",
               [CLI_EXIT_USAGE] = "The call is wrong." },
    .arguments = argument_rows,
    .size_bytes = sizeof(struct call),
    .run = run,
};
