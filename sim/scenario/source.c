/*
 * source.c - reading a scenario's file, and finding lines in it.
 *
 * libyaml's events are walked once, before libcyaml sees the text: it gives
 * every key's line, and refuses what libcyaml would pass over (a second
 * document, a NUL in a string) or expand (aliases).
 */
#include "sim/scenario/source.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <yaml.h>

#include "sim/arena.h"
#include "sim/vocabulary/text.h"

#define SIM_MAY_ALLOCATE
#include "sim/banned.h"

#define DEPTH_LIMIT 8 /* A scenario has 4: vms, an item, a key, an argument. */
#define MARK_DEPTH  4

/* ---- Complaints --------------------------------------------------------- */

char *copy_text(struct arena *arena, const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = arena_alloc(arena, size, 1);
    return copy ? memcpy(copy, text, size) : NULL;
}

const char *quote(const char *text, char room[QUOTE_BYTES])
{
    room[0] = '"';
    const char *rest = text_copy_shown(room + 1, QUOTE_BYTES - 8, text);
    size_t n = strlen(room);
    if (*rest) {
        memcpy(room + n, "...", 3);
        n += 3;
    }
    room[n++] = '"';
    room[n] = '\0';
    return room;
}

/* The mark of one step of a key path under `parent`; the last one, since a key
   given twice is complained about at the second. */
static const struct mark *find_step(const struct scenario_source *s,
                                    const struct mark *parent, const char *step,
                                    size_t length)
{
    const struct mark *found = NULL;
    unsigned long index = *step == '[' ? strtoul(step + 1, NULL, 10) : 0;
    for (const struct mark *m = s->marks; m; m = m->next) {
        if (m->parent != parent) {
            continue;
        }
        if (*step == '[' ? !m->key && m->index == index
                         : m->key && strlen(m->key) == length &&
                               memcmp(m->key, step, length) == 0) {
            found = m;
        }
    }
    return found;
}

/* 0: the file has nothing of the key, not even what is above it. */
static uint32_t find_line(const struct scenario_source *s, const char *key)
{
    const struct mark *mark = NULL;
    while (*key) {
        size_t length =
            *key == '[' ? source_item_bytes(key) : strcspn(key, ".[");
        const struct mark *next = find_step(s, mark, key, length);
        if (!next) {
            break;
        }
        mark = next;
        key += length;
        key += *key == '.';
    }
    return mark ? mark->line : 0;
}

/* The last `--set` of the key; NULL: it was not set. */
static const char *find_set(const struct scenario_source *s, const char *key)
{
    size_t length = strlen(key);
    const char *found = NULL;
    for (uint32_t i = 0; i < s->options.set_count; i++) {
        const char *set = s->options.sets[i];
        if (strncmp(set, key, length) == 0 && set[length] == '=') {
            found = set;
        }
    }
    return found;
}

/* A sentence is one line, and was perhaps cut in the middle of a character. */
void make_printable(char message[SCENARIO_MESSAGE_BYTES])
{
    size_t length = strlen(message);
    if (length == SCENARIO_MESSAGE_BYTES - 1) {
        while (length > 0 && (unsigned char)message[length - 1] >= 0x80) {
            message[--length] = '\0';
        }
    }
    text_tame(message);
}

void source_complain(const struct scenario_source *s,
                     char message[SCENARIO_MESSAGE_BYTES], const char *key,
                     const char *format, ...)
{
    const char *set = find_set(s, key);
    uint32_t line = find_line(s, key);
    int used = 0;
    if (set) {
        used = snprintf(message, SCENARIO_MESSAGE_BYTES, "--set %s: ", set);
    } else if (line) {
        used = snprintf(message, SCENARIO_MESSAGE_BYTES, "%s:%u: %s: ", s->path,
                        line, key);
    } else {
        used = snprintf(message, SCENARIO_MESSAGE_BYTES, "%s: %s%s", s->path,
                        key, *key ? ": " : "");
    }
    size_t start = used < 0 ? 0 : (size_t)used;
    if (start < SCENARIO_MESSAGE_BYTES) {
        va_list args;
        va_start(args, format);
        vsnprintf(message + start, SCENARIO_MESSAGE_BYTES - start, format,
                  args);
        va_end(args);
    }
    make_printable(message);
}

/* ---- Reading ------------------------------------------------------------ */

static bool read_stream(struct scenario_source *s, FILE *file,
                        char message[SCENARIO_MESSAGE_BYTES])
{
    s->text = malloc(SOURCE_LIMIT_BYTES + 1);
    SIM_ASSERT(s->text);
    errno = 0;
    s->size_bytes = fread(s->text, 1, SOURCE_LIMIT_BYTES + 1, file);
    if (ferror(file)) {
        snprintf(message, SCENARIO_MESSAGE_BYTES, "%s: cannot be read: %s",
                 s->path, strerror(errno));
        return false;
    }
    if (s->size_bytes > SOURCE_LIMIT_BYTES) {
        snprintf(message, SCENARIO_MESSAGE_BYTES,
                 "%s: is larger than such a file may be (1 MiB)", s->path);
        return false;
    }
    return true;
}

static bool read_file(struct scenario_source *s,
                      char message[SCENARIO_MESSAGE_BYTES])
{
    FILE *file = fopen(s->path, "rb");
    if (!file) {
        snprintf(message, SCENARIO_MESSAGE_BYTES, "%s: cannot be opened: %s",
                 s->path, strerror(errno));
        return false;
    }
    bool is_read = read_stream(s, file, message);
    fclose(file);
    return is_read;
}

static uint32_t line_at(const struct scenario_source *s, size_t offset)
{
    uint32_t line = 1;
    for (size_t i = 0; i < offset && i < s->size_bytes; i++) {
        line += s->text[i] == '\n';
    }
    return line;
}

static void complain_at(const struct scenario_source *s, uint32_t line,
                        const char *text, char message[SCENARIO_MESSAGE_BYTES])
{
    snprintf(message, SCENARIO_MESSAGE_BYTES, "%s:%u: %s", s->path, line, text);
}

/* ---- Marking ------------------------------------------------------------ */

/* A mapping or list that is open. */
struct level {
    const struct mark *mark; /* NULL: the top. */
    bool is_mapping;
    bool has_key;           /* A mapping: the value of `key` comes next. */
    const struct mark *key; /* NULL: not marked. */
    uint32_t count;         /* A list: items so far. */
};

struct walk {
    struct scenario_source *source;
    struct arena *arena;
    char *message;
    yaml_parser_t parser;
    uint32_t depth;
    uint32_t documents;
    struct level levels[DEPTH_LIMIT + 1]; /* 0: outside the document. */
};

static uint32_t event_line(const yaml_event_t *event)
{
    return (uint32_t)event->start_mark.line + 1;
}

static bool refuse(struct walk *w, const yaml_event_t *event, const char *text)
{
    complain_at(w->source, event_line(event), text, w->message);
    return false;
}

/* False when the arena is full. */
static bool add_mark(struct walk *w, const struct mark *mark,
                     const struct mark **added)
{
    struct scenario_source *s = w->source;
    struct mark *m =
        arena_alloc(w->arena, sizeof(struct mark), alignof(struct mark));
    if (!m) {
        snprintf(w->message, SCENARIO_MESSAGE_BYTES,
                 "%s: is too large for the memory there is", s->path);
        return false;
    }
    *m = *mark;
    if (s->last_mark) {
        s->last_mark->next = m;
    } else {
        s->marks = m;
    }
    s->last_mark = m;
    *added = m;
    return true;
}

static bool mark_key(struct walk *w, const yaml_event_t *event)
{
    struct level *level = &w->levels[w->depth];
    level->has_key = true;
    level->key = NULL;
    if (w->depth > MARK_DEPTH) {
        return true;
    }
    const char *key =
        copy_text(w->arena, (const char *)event->data.scalar.value);
    struct mark mark = { .parent = level->mark,
                         .key = key ? key : "",
                         .line = event_line(event) };
    return add_mark(w, &mark, &level->key);
}

/* What a value that starts here belongs to. */
static bool mark_value(struct walk *w, const yaml_event_t *event,
                       const struct mark **mark)
{
    struct level *level = &w->levels[w->depth];
    *mark = NULL;
    if (w->depth == 0) {
        return true;
    }
    if (level->is_mapping) {
        level->has_key = false;
        *mark = level->key;
        return true;
    }
    uint32_t index = level->count++;
    if (w->depth > MARK_DEPTH) {
        return true;
    }
    struct mark item = { .parent = level->mark,
                         .index = index,
                         .line = event_line(event) };
    return add_mark(w, &item, mark);
}

static bool walk_scalar(struct walk *w, const yaml_event_t *event)
{
    const char *value = (const char *)event->data.scalar.value;
    if (strlen(value) != event->data.scalar.length) {
        return refuse(w, event, "holds a NUL character");
    }
    const struct level *level = &w->levels[w->depth];
    if (w->depth > 0 && level->is_mapping && !level->has_key) {
        return mark_key(w, event);
    }
    const struct mark *mark;
    return mark_value(w, event, &mark);
}

static bool walk_start(struct walk *w, const yaml_event_t *event,
                       bool is_mapping)
{
    const struct level *level = &w->levels[w->depth];
    if (w->depth > 0 && level->is_mapping && !level->has_key) {
        return refuse(w, event, "a key must be a word, not a list or mapping");
    }
    if (w->depth == DEPTH_LIMIT) {
        return refuse(w, event, "is nested deeper than anything can be");
    }
    const struct mark *mark;
    if (!mark_value(w, event, &mark)) {
        return false;
    }
    w->levels[++w->depth] =
        (struct level){ .mark = mark, .is_mapping = is_mapping };
    return true;
}

static bool walk_event(struct walk *w, const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        w->documents++;
        return w->documents == 1 ||
               refuse(w, event,
                      "a second document starts here, but a file is to "
                      "hold one");
    case YAML_ALIAS_EVENT:
        return refuse(w, event, "aliases (*name) are not understood");
    case YAML_SCALAR_EVENT:
        return walk_scalar(w, event);
    case YAML_SEQUENCE_START_EVENT:
        return walk_start(w, event, false);
    case YAML_MAPPING_START_EVENT:
        return walk_start(w, event, true);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        w->depth--;
        return true;
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
    case YAML_STREAM_END_EVENT:
    case YAML_DOCUMENT_END_EVENT:
        return true;
    }
    return true;
}

static bool refuse_syntax(const struct walk *w)
{
    const yaml_parser_t *p = &w->parser;
    const char *problem = p->problem ? p->problem : "out of memory";
    if (p->error == YAML_READER_ERROR) {
        snprintf(w->message, SCENARIO_MESSAGE_BYTES, "%s:%u: is not text: %s",
                 w->source->path, line_at(w->source, p->problem_offset),
                 problem);
        return false;
    }
    snprintf(w->message, SCENARIO_MESSAGE_BYTES,
             "%s:%zu:%zu: is not YAML: %s%s%s", w->source->path,
             p->problem_mark.line + 1, p->problem_mark.column + 1, problem,
             p->context ? " " : "", p->context ? p->context : "");
    return false;
}

static bool walk_events(struct walk *w)
{
    bool is_good = true;
    bool is_over = false;
    while (is_good && !is_over) {
        yaml_event_t event;
        if (!yaml_parser_parse(&w->parser, &event)) {
            return refuse_syntax(w);
        }
        is_good = walk_event(w, &event);
        is_over = event.type == YAML_STREAM_END_EVENT;
        yaml_event_delete(&event);
    }
    return is_good;
}

static bool mark_keys(struct scenario_source *s, struct arena *arena,
                      char message[SCENARIO_MESSAGE_BYTES])
{
    const char *nul = memchr(s->text, '\0', s->size_bytes);
    if (nul) {
        complain_at(s, line_at(s, (size_t)(nul - s->text)),
                    "is not text: there is a NUL character", message);
        return false;
    }
    struct walk w = { .source = s, .arena = arena, .message = message };
    int is_ready = yaml_parser_initialize(&w.parser);
    SIM_ASSERT(is_ready);
    yaml_parser_set_input_string(&w.parser, (const unsigned char *)s->text,
                                 s->size_bytes);
    bool is_good = walk_events(&w);
    yaml_parser_delete(&w.parser);
    if (is_good && w.documents == 0) {
        snprintf(message, SCENARIO_MESSAGE_BYTES, "%s: is empty", s->path);
        return false;
    }
    return is_good;
}

struct scenario_source *source_open(struct arena *arena, const char *path,
                                    const struct scenario_options *options,
                                    char message[SCENARIO_MESSAGE_BYTES])
{
    struct scenario_source *s =
        arena_alloc(arena, sizeof(*s), alignof(struct scenario_source));
    char *own_path = copy_text(arena, path);
    if (!s || !own_path) {
        snprintf(message, SCENARIO_MESSAGE_BYTES,
                 "%s: is too large for the memory there is", path);
        return NULL;
    }
    s->path = own_path;
    if (options) {
        s->options = *options;
    }
    if (!read_file(s, message) || !mark_keys(s, arena, message)) {
        make_printable(message);
        source_close(s);
        return NULL;
    }
    return s;
}

void source_close(struct scenario_source *s)
{
    free(s->text);
    s->text = NULL;
}
