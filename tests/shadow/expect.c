/* expect.c - see expect.h. */
#include "tests/shadow/expect.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_ROOM 256
#define RELATIVE   1e-9 /* Of doubles that were added up in another order. */

void expect_release(struct expectations *e)
{
    free(e->items);
    *e = (struct expectations){ 0 };
}

static struct expectation *add(struct expectations *e, const char *path)
{
    if (e->count == e->room) {
        e->room = e->room > 0 ? 2 * e->room : FIRST_ROOM;
        e->items = realloc(e->items, e->room * sizeof(*e->items));
        SIM_ASSERT(e->items);
    }
    struct expectation *item = &e->items[e->count++];
    *item = (struct expectation){ 0 };
    int length = snprintf(item->path, sizeof(item->path), "%s", path);
    SIM_ASSERT(length > 0 && (size_t)length < sizeof(item->path));
    return item;
}

void expect_between(struct expectations *e, const char *path, double least,
                    double most)
{
    struct expectation *item = add(e, path);
    item->least = least;
    item->most = most;
}

void expect_whole(struct expectations *e, const char *path, uint64_t value)
{
    expect_between(e, path, (double)value, (double)value);
}

void expect_real(struct expectations *e, const char *path, double value,
                 double step)
{
    double slack = step * 0.51 + fabs(value) * RELATIVE;
    expect_between(e, path, value - slack, value + slack);
}

void expect_text(struct expectations *e, const char *path, const char *text)
{
    add(e, path)->text = text;
}

void expect_flag(struct expectations *e, const char *path, bool value)
{
    expect_text(e, path, value ? "true" : "false");
}

void expect_widen(struct expectations *e, size_t first, double slack)
{
    for (size_t i = first; i < e->count; i++) {
        e->items[i].least -= slack;
        e->items[i].most += slack;
    }
}

/* ---- Judging ------------------------------------------------------------ */

struct judge {
    struct expectations *expected;
    const struct untold *untold;
    const char *name; /* Of what is judged. */
    FILE *out;
    unsigned wrong;
};

static bool is_untold(const struct untold *untold, const char *path)
{
    for (; untold->path; untold++) {
        size_t length = strlen(untold->path);
        if (strncmp(untold->path, path, length) == 0 &&
            (path[length] == '\0' || path[length] == '.')) {
            return true;
        }
    }
    return false;
}

static void judge_text(struct judge *j, const struct expectation *item,
                       const json_t *value)
{
    const char *text = json_is_string(value)     ? json_string_value(value)
                       : !json_is_boolean(value) ? "no text"
                       : json_is_true(value)     ? "true"
                                                 : "false";
    if (strcmp(text, item->text) != 0) {
        fprintf(j->out, "%s: %s is '%s', but by the trace '%s'\n", j->name,
                item->path, text, item->text);
        j->wrong++;
    }
}

static void judge_number(struct judge *j, const struct expectation *item,
                         const json_t *value)
{
    double number = json_number_value(value);
    bool is_right =
        json_is_number(value) && number >= item->least && number <= item->most;
    if (!is_right && item->least == item->most) {
        fprintf(j->out, "%s: %s is %.15g, but by the trace %.15g\n", j->name,
                item->path, number, item->least);
    } else if (!is_right) {
        fprintf(j->out, "%s: %s is %.15g, but by the trace %.15g to %.15g\n",
                j->name, item->path, number, item->least, item->most);
    }
    j->wrong += !is_right;
}

static void judge_leaf(struct judge *j, const char *path, const json_t *value)
{
    for (size_t i = 0; i < j->expected->count; i++) {
        struct expectation *item = &j->expected->items[i];
        if (strcmp(item->path, path) == 0) {
            item->was_found = true;
            if (item->text) {
                judge_text(j, item, value);
            } else {
                judge_number(j, item, value);
            }
            return;
        }
    }
    if (!is_untold(j->untold, path)) {
        fprintf(j->out,
                "%s: %s is a figure that the shadow does not know: recompute "
                "it, or say in tests/shadow/figures.c why the trace cannot\n",
                j->name, path);
        j->wrong++;
    }
}

/* ---- The way through a report ------------------------------------------- */

#define DEPTH_LIMIT 8

/* An object or array, and what of it comes next. */
struct level {
    json_t *whole;
    void *member; /* Of an object; NULL: there is no more. */
    size_t index; /* Of an array. */
    size_t path_bytes;
};

/* Its next part, whose name goes behind the path; NULL: there is none. */
static json_t *next_part(struct level *l, char *path, size_t room)
{
    char *name = path + l->path_bytes;
    const char *dot = l->path_bytes > 0 ? "." : "";
    room -= l->path_bytes;
    if (json_is_array(l->whole)) {
        snprintf(name, room, "%s%zu", dot, l->index);
        return json_array_get(l->whole, l->index++);
    }
    void *member = l->member;
    if (!member) {
        return NULL;
    }
    l->member = json_object_iter_next(l->whole, member);
    snprintf(name, room, "%s%s", dot, json_object_iter_key(member));
    return json_object_iter_value(member);
}

static struct level level_of(json_t *whole, const char *path)
{
    return (struct level){ .whole = whole,
                           .member = json_object_iter(whole),
                           .path_bytes = strlen(path) };
}

static void judge_all(struct judge *j, json_t *report)
{
    char path[2 * EXPECT_PATH_BYTES] = "";
    struct level levels[DEPTH_LIMIT] = { level_of(report, path) };
    size_t depth = 1;
    while (depth > 0) {
        json_t *part = next_part(&levels[depth - 1], path, sizeof(path));
        if (!part) {
            depth--;
        } else if (json_is_object(part) || json_is_array(part)) {
            SIM_ASSERT(depth < DEPTH_LIMIT);
            levels[depth++] = level_of(part, path);
        } else {
            judge_leaf(j, path, part);
        }
    }
}

unsigned expect_judge(struct expectations *e, json_t *report,
                      const struct untold *untold, const char *name, FILE *out)
{
    struct judge j = {
        .expected = e, .untold = untold, .name = name, .out = out
    };
    judge_all(&j, report);
    for (size_t i = 0; i < e->count; i++) {
        if (!e->items[i].was_found) {
            fprintf(out, "%s: there is no %s\n", name, e->items[i].path);
            j.wrong++;
        }
    }
    return j.wrong;
}
