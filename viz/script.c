/* script.c - see script.h. */
#include "viz/script.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/arena.h"
#include "sim/banned.h"

#define LINE_BYTES 240

struct script {
    FILE *file; /* Owned. */
    uint32_t line;
    uint32_t wait; /* Pictures. */
};

struct script *script_open(struct arena *arena, const char *path,
                           char message[VIZ_MESSAGE_BYTES])
{
    struct script *s = arena_alloc(arena, sizeof(*s), alignof(struct script));
    if (s) {
        s->file = fopen(path, "r");
    }
    if (!s || !s->file) {
        snprintf(message, VIZ_MESSAGE_BYTES, "cannot read '%s': %s", path,
                 strerror(s ? errno : ENOMEM));
        return NULL;
    }
    return s;
}

void script_close(struct script *s)
{
    if (s) {
        fclose(s->file);
    }
}

static bool read_key(const char *name, struct window_event *e)
{
    static const struct {
        const char *name;
        enum window_key key;
    } names[] = {
        { "escape", WINDOW_ESCAPE },
        { "enter", WINDOW_ENTER },
        { "backspace", WINDOW_BACKSPACE },
        { "tab", WINDOW_TAB },
        { "right", WINDOW_RIGHT },
        { "left", WINDOW_BACK },
        { "home", WINDOW_HOME },
        { "end", WINDOW_END },
        { "page-up", WINDOW_PAGE_UP },
        { "page-down", WINDOW_PAGE_DOWN },
        { "f1", WINDOW_F1 },
    };
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(name, names[i].name) == 0) {
            *e = (struct window_event){ .kind = WINDOW_KEY,
                                        .key = names[i].key };
            return true;
        }
    }
    return false;
}

static void type(struct window *w, const char *text)
{
    for (; *text != '\0'; text++) {
        struct window_event e = { .kind = WINDOW_TYPED, .typed = *text };
        window_sdl_inject(w, &e);
    }
}

static bool read_place(const char *text, int32_t *x, int32_t *y)
{
    char *end = NULL;
    *x = (int32_t)strtol(text, &end, 10);
    if (end == text || *end != ' ') {
        return false;
    }
    const char *second = end;
    *y = (int32_t)strtol(second, &end, 10);
    return end != second && *end == '\0';
}

static void point(struct window *w, int32_t x, int32_t y, bool clicks)
{
    struct window_event e = { .kind = WINDOW_MOVED, .x = x, .y = y };
    window_sdl_inject(w, &e);
    if (clicks) {
        e.kind = WINDOW_DOWN;
        window_sdl_inject(w, &e);
        e.kind = WINDOW_UP;
        window_sdl_inject(w, &e);
    }
}

static void say(const struct app *a)
{
    const struct replay *r = a->player.replay;
    printf("cycle %" PRIu64 " events %" PRIu64 " selected %" PRId64 " %s\n",
           r->now, r->events,
           a->ui.selected == REPLAY_NONE ? -1 : (int64_t)a->ui.selected,
           a->is_paused ? "paused" : "playing");
    fflush(stdout);
}

/* False: the line makes no sense. */
static bool obey(struct script *s, const struct app *a, struct window *w,
                 const char *verb, const char *rest)
{
    struct window_event e;
    int32_t x = 0;
    int32_t y = 0;
    if (strcmp(verb, "frames") == 0) {
        s->wait = (uint32_t)strtoul(rest, NULL, 10);
        return s->wait > 0;
    }
    if (strcmp(verb, "type") == 0) {
        type(w, rest);
        return rest[0] != '\0';
    }
    if (strcmp(verb, "key") == 0) {
        if (read_key(rest, &e)) {
            window_sdl_inject(w, &e);
            return true;
        }
        return false;
    }
    if (strcmp(verb, "move") == 0 || strcmp(verb, "click") == 0) {
        if (read_place(rest, &x, &y)) {
            point(w, x, y, verb[0] == 'c');
            return true;
        }
        return false;
    }
    if (strcmp(verb, "resize") == 0 && read_place(rest, &x, &y)) {
        e = (struct window_event){ .kind = WINDOW_RESIZED, .x = x, .y = y };
        window_sdl_inject(w, &e);
        return true;
    }
    if (strcmp(verb, "wheel") == 0) {
        e = (struct window_event){ .kind = WINDOW_WHEEL,
                                   .wheel = (int32_t)strtol(rest, NULL, 10) };
        window_sdl_inject(w, &e);
        return e.wheel != 0;
    }
    if (strcmp(verb, "say") == 0) {
        say(a);
        return true;
    }
    char message[WINDOW_MESSAGE_BYTES];
    return strcmp(verb, "shot") == 0 && window_sdl.save(w, rest, message);
}

enum script_state script_advance(struct script *s, struct app *a,
                                 struct window *w,
                                 char message[VIZ_MESSAGE_BYTES])
{
    if (s->wait > 0) {
        s->wait--;
        return SCRIPT_GOES_ON;
    }
    char line[LINE_BYTES];
    if (!fgets(line, sizeof(line), s->file)) {
        return SCRIPT_OVER;
    }
    s->line++;
    line[strcspn(line, "\n")] = '\0';
    if (line[0] == '#' || line[0] == '\0') {
        return SCRIPT_GOES_ON;
    }
    size_t verb_bytes = strcspn(line, " ");
    const char *rest = line + verb_bytes + (line[verb_bytes] == ' ');
    line[verb_bytes] = '\0';
    if (obey(s, a, w, line, rest)) {
        return SCRIPT_GOES_ON;
    }
    snprintf(message, VIZ_MESSAGE_BYTES, "line %u of the script: '%s %s'",
             s->line, line, rest);
    return SCRIPT_WRONG;
}
