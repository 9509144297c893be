/* policy_args.c - see policy_args.h. */
#include "cli/run/choice/policy_args.h"

#include <stdio.h>
#include <string.h>

#include "ik/hosts/args.h"
#include "sim/scenario/facts.h"
#include "sim/vocabulary/nearest.h"
#include "sim/vocabulary/vocabulary.h"

void policy_args_write(const struct policy_arg *row, uint64_t value,
                       char text[UNITS_BYTES])
{
    switch (row->unit) {
    case POLICY_NUMBER:
        units_write_whole(value, text);
        return;
    case POLICY_FLAG:
        snprintf(text, UNITS_BYTES, "%s", value ? "true" : "false");
        return;
    case POLICY_TIME:
        units_write_time(value, text);
        return;
    }
}

static bool value_is_good(const struct policy_arg *row, const char *text,
                          struct policy_args_complaint *wrong)
{
    uint64_t value = 0;
    const char *why = args_read_value(row, text, &value);
    if (why) {
        snprintf(wrong->text, sizeof(wrong->text), "%s, not %.60s", why, text);
        return false;
    }
    if (value >= row->low && value <= row->high) {
        return true;
    }
    bool is_low = value < row->low;
    char limit[UNITS_BYTES];
    policy_args_write(row, is_low ? row->low : row->high, limit);
    snprintf(wrong->text, sizeof(wrong->text), "must be at %s %s, not %.60s",
             is_low ? "least" : "most", limit, text);
    return false;
}

static const struct policy_arg *find_row(const struct policy_arg *rows,
                                         const char *name)
{
    for (; rows && rows->name; rows++) {
        if (strcmp(rows->name, name) == 0) {
            return rows;
        }
    }
    return NULL;
}

/* What to say of a name that nobody asks for. */
static void put_unknown(const struct policy_arg *const *lists, size_t count,
                        const char *who, const char *name,
                        struct policy_args_complaint *wrong)
{
    struct nearest nearest = { .wrong = name };
    char known[256] = "";
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        for (const struct policy_arg *r = lists[i]; r && r->name; r++) {
            nearest_try(&nearest, r->name);
            int n = snprintf(known + used, sizeof(known) - used, "%s%s",
                             used ? ", " : "", r->name);
            used += n > 0 && (size_t)n < sizeof(known) - used ? (size_t)n : 0;
        }
    }
    if (used == 0) {
        snprintf(wrong->text, sizeof(wrong->text), "%s has no such arguments",
                 who);
        return;
    }
    snprintf(wrong->text, sizeof(wrong->text),
             "%s has no such argument%s%s (it has: %s)", who,
             nearest.best ? ", perhaps " : "", nearest.best ? nearest.best : "",
             known);
}

/* Each given argument has a row in one of the lists. */
static bool check(const struct scenario_args *given,
                  const struct policy_arg *const *lists, size_t count,
                  const char *who, const char *key,
                  struct policy_args_complaint *wrong)
{
    for (uint32_t i = 0; i < given->count; i++) {
        const struct scenario_arg *arg = &given->items[i];
        const struct policy_arg *row = NULL;
        for (size_t l = 0; l < count && !row; l++) {
            row = find_row(lists[l], arg->name);
        }
        snprintf(wrong->key, sizeof(wrong->key), "%s.%.60s", key, arg->name);
        if (!row) {
            put_unknown(lists, count, who, arg->name, wrong);
            return false;
        }
        if (!value_is_good(row, arg->text, wrong)) {
            return false;
        }
    }
    return true;
}

bool policy_args_check(
    const struct scenario *s,
    const struct policy_facts *const policies[POLICY_KIND_COUNT],
    struct policy_args_complaint *wrong)
{
    const struct policy_arg *of_vms[POLICY_KIND_COUNT];
    for (int i = 0; i < POLICY_KIND_COUNT; i++) {
        of_vms[i] = policies[i]->vm_args;
    }
    for (uint32_t i = 0; i < POLICY_KIND_COUNT; i++) {
        char who[128];
        char key[64];
        snprintf(who, sizeof(who), "%s '%s'",
                 word_phrase(&policy_kind_words, i), policies[i]->name);
        snprintf(key, sizeof(key), "kernel.%s_args",
                 word_name(&policy_kind_words, i));
        if (!check(scenario_args_of(s, (enum policy_kind)i), &policies[i]->args,
                   1, who, key, wrong)) {
            return false;
        }
    }
    for (uint32_t g = 0; g < s->group_count; g++) {
        char key[64];
        snprintf(key, sizeof(key), "vms[%u].policy_args", s->vms[g].item);
        if (!check(&s->vms[g].policy_args, of_vms, POLICY_KIND_COUNT,
                   "a policy of this scenario", key, wrong)) {
            return false;
        }
    }
    return true;
}
