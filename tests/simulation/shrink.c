/*
 * shrink.c - the least case that still fails: delta debugging over what was
 * drawn. Whatever can be left out, or be half as large, is tried in turn, the
 * largest pieces first, and stays so if the same rule finds something; until
 * nothing more can.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/simulation/case.h"

#define PATH 128

struct shrinking {
    struct drawn_case *c;
    const struct offer *offer;
    const char *finding;
    unsigned runs, budget;
};

bool case_is_same(const char *finding, const char *other)
{
    size_t length = strcspn(finding, ":");
    return finding[0] != '\0' && strncmp(finding, other, length + 1) == 0;
}

/* Whether the case fails as before with `changed` (owned) as its scenario; if
   so, it has it from now on. */
static bool try(struct shrinking *s, json_t *changed)
{
    char complaint[1024];
    bool is_left = s->runs < s->budget && !json_equal(changed, s->c->scenario);
    if (!is_left ||
        !draw_is_fine(s->offer, changed, complaint, sizeof(complaint))) {
        json_decref(changed);
        return false;
    }
    json_t *before = s->c->scenario;
    s->c->scenario = changed;
    s->runs++;
    struct verdict v = case_run(s->c, s->offer);
    bool is_same = case_is_same(s->finding, v.finding);
    s->c->scenario = is_same ? changed : before;
    json_decref(is_same ? before : changed);
    return is_same;
}

static bool try_without(struct shrinking *s, const char *path)
{
    json_t *copy = json_deep_copy(s->c->scenario);
    if (!draw_remove(copy, path)) {
        json_decref(copy);
        return false;
    }
    return try(s, copy);
}

/* ---- Items -------------------------------------------------------------- */

/* Those of a list that name the group are left out with it. */
static void drop_mentions(json_t *scenario, const char *list, const char *group)
{
    static const char *const keys[] = { "vms", "create", "destroy", "target" };
    json_t *items = json_object_get(scenario, list);
    for (size_t i = json_array_size(items); i-- > 0;) {
        for (size_t k = 0; k < sizeof(keys) / sizeof(keys[0]); k++) {
            const char *text = json_string_value(
                json_object_get(json_array_get(items, i), keys[k]));
            if (text && strcmp(text, group) == 0) {
                json_array_remove(items, i);
                break;
            }
        }
    }
}

static bool try_without_group(struct shrinking *s, size_t i)
{
    json_t *copy = json_deep_copy(s->c->scenario);
    json_t *groups = json_object_get(copy, "vms");
    char name[PATH];
    const char *text =
        json_string_value(json_object_get(json_array_get(groups, i), "name"));
    snprintf(name, sizeof(name), "%s", text ? text : "");
    json_array_remove(groups, i);
    drop_mentions(copy, "disks", name);
    drop_mentions(copy, "events", name);
    drop_mentions(copy, "load", name);
    return try(s, copy);
}

static bool drop_items(struct shrinking *s)
{
    static const char *const lists[] = { "load", "events", "disks" };
    bool is_less = false;
    char path[PATH];
    size_t groups = json_array_size(json_object_get(s->c->scenario, "vms"));
    for (size_t i = groups; groups > 1 && i-- > 0;) {
        is_less |= try_without_group(s, i);
    }
    for (size_t l = 0; l < sizeof(lists) / sizeof(lists[0]); l++) {
        size_t n = json_array_size(json_object_get(s->c->scenario, lists[l]));
        while (n-- > 0) {
            snprintf(path, sizeof(path), "%s[%zu]", lists[l], n);
            is_less |= try_without(s, path);
        }
    }
    return is_less;
}

/* ---- Keys --------------------------------------------------------------- */

typedef bool key_fn(struct shrinking *s, const char *path, const char *text);

/* For each key of a mapping whose path is `path`. A copy is walked, since what
   is tried changes the scenario. */
static bool each_key(struct shrinking *s, const char *path,
                     const json_t *mapping, key_fn *fn)
{
    bool is_less = false;
    json_t *copy = json_deep_copy(mapping);
    const char *key;
    json_t *value;
    json_object_foreach(copy, key, value)
    {
        char place[PATH];
        snprintf(place, sizeof(place), "%s.%s", path, key);
        if (json_is_object(value)) {
            is_less |= try_without(s, place) || each_key(s, place, value, fn);
        } else if (json_is_string(value)) {
            is_less |= fn(s, place, json_string_value(value));
        }
    }
    json_decref(copy);
    return is_less;
}

static bool all_keys(struct shrinking *s, key_fn *fn)
{
    bool is_less = false;
    json_t *copy = json_deep_copy(s->c->scenario);
    const char *name;
    json_t *part;
    json_object_foreach(copy, name, part)
    {
        if (json_is_object(part)) {
            is_less |= try_without(s, name) || each_key(s, name, part, fn);
        }
        for (size_t i = 0; i < json_array_size(part); i++) {
            char path[PATH];
            snprintf(path, sizeof(path), "%s[%zu]", name, i);
            is_less |= each_key(s, path, json_array_get(part, i), fn);
        }
    }
    json_decref(copy);
    return is_less;
}

static bool drop_key(struct shrinking *s, const char *path, const char *text)
{
    (void)text;
    return try_without(s, path);
}

/* The value at a path, in place of what is there. */
static bool try_with(struct shrinking *s, const char *path, const char *text)
{
    json_t *copy = json_deep_copy(s->c->scenario);
    char list[PATH] = "";
    char key[PATH] = "";
    char number[10] = "";
    json_t *mapping = NULL;
    if (sscanf(path, "%127[a-z_][%9[0-9]].%127[a-z_]", list, number, key) ==
        3) {
        mapping = json_array_get(json_object_get(copy, list),
                                 strtoul(number, NULL, 10));
    } else if (sscanf(path, "%127[a-z_].%127[a-z_]", list, key) == 2) {
        mapping = json_object_get(copy, list);
    }
    if (!json_is_string(json_object_get(mapping, key))) {
        json_decref(copy);
        return false;
    }
    json_object_set_new(mapping, key, json_string(text));
    return try(s, copy);
}

/* A number at the text's end or before its unit, halved again and again. */
static bool halve_key(struct shrinking *s, const char *path, const char *text)
{
    bool is_less = false;
    char now[PATH];
    snprintf(now, sizeof(now), "%s", text);
    for (;;) {
        char *number = strncmp(now, "window+", 7) == 0 ? now + 7 : now;
        char *unit = NULL;
        double value = strtod(number, &unit);
        char next[PATH];
        if (unit == number || value < 2) {
            return is_less;
        }
        snprintf(next, sizeof(next), "%.*s%.0f%.8s", (int)(number - now), now,
                 value / 2 - 0.25, unit);
        if (!try_with(s, path, next)) {
            return is_less;
        }
        is_less = true;
        memcpy(now, next, sizeof(now));
    }
}

/* Of a guest's command line, one word after the other. */
static bool drop_word(struct shrinking *s, const char *path, const char *text)
{
    bool is_less = false;
    size_t length = strlen(path);
    char now[256];
    if (length < 5 || strcmp(path + length - 5, ".args") != 0) {
        return false;
    }
    snprintf(now, sizeof(now), "%s", text);
    for (char *at = now; *at;) {
        size_t word = strcspn(at, " ");
        size_t gap = strspn(at + word, " ");
        char less[512];
        snprintf(less, sizeof(less), "%.*s%s", (int)(at - now), now,
                 at + word + gap);
        if (try_with(s, path, less)) {
            is_less = true;
            memmove(at, at + word + gap, strlen(at + word + gap) + 1);
        } else {
            at += word + gap;
        }
    }
    return is_less;
}

/* ---- All of it ---------------------------------------------------------- */

/* Without what is done to the run, if that is not what fails. */
static void simplify(struct shrinking *s)
{
    struct drawn_case before = *s->c;
    s->c->is_audited = false;
    s->c->cut = CUT_NONE;
    s->runs++;
    struct verdict v = case_run(s->c, s->offer);
    if (!case_is_same(s->finding, v.finding)) {
        *s->c = before;
    }
}

unsigned case_shrink(struct drawn_case *c, const struct offer *o,
                     const char *finding, unsigned budget)
{
    struct shrinking s = {
        .c = c, .offer = o, .finding = finding, .budget = budget
    };
    simplify(&s);
    bool is_less = true;
    while (is_less && s.runs < s.budget) {
        is_less = drop_items(&s);
        is_less |= all_keys(&s, drop_key);
        is_less |= all_keys(&s, halve_key);
        is_less |= all_keys(&s, drop_word);
    }
    return s.runs;
}
