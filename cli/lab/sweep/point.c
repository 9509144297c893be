/* point.c - see point.h. */
#include "cli/lab/sweep/point.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/run/choice/pinned.h"
#include "cli/run/inputs/load_files.h"
#include "cli/run/rundir.h"
#include "cli/run/session.h"
#include "sim/scenario/raw.h"
#include "sim/trace/trace.h"

static void refuse_memory(char message[SCENARIO_MESSAGE_BYTES])
{
    snprintf(message, SCENARIO_MESSAGE_BYTES,
             "too large for the host's memory");
}

/* Copies the text into the arena, and frees it. */
static const char *keep_text(struct arena *arena, char *text,
                             char message[SCENARIO_MESSAGE_BYTES])
{
    size_t bytes = text ? strlen(text) + 1 : 0;
    char *kept = text ? arena_alloc(arena, bytes, 1) : NULL;
    if (kept) {
        memcpy(kept, text, bytes);
    } else {
        refuse_memory(message);
    }
    free(text);
    return kept;
}

static const char *keep_json(struct arena *arena, json_t *object,
                             char message[SCENARIO_MESSAGE_BYTES])
{
    char *text = json_dumps(object, JSON_COMPACT | JSON_SORT_KEYS);
    json_decref(object);
    return keep_text(arena, text, message);
}

struct trial point_trial(const struct plan_run *run, struct point_words *w)
{
    uint32_t count = run->set_count;
    for (uint32_t i = 0; i < count; i++) {
        w->sets[i] = run->sets[i];
    }
    if (run->has_seed) {
        snprintf(w->seed, sizeof(w->seed), "run.seed=%llu",
                 (unsigned long long)run->seed);
        w->sets[count++] = w->seed;
    }
    return (struct trial){ run->base, w->sets, count };
}

bool point_resolve(struct arena *arena, const char *base,
                   const struct scenario_options *options, struct plan_run *run,
                   char message[SCENARIO_MESSAGE_BYTES])
{
    size_t mark = arena->used_bytes;
    const struct scenario *s = pinned_load(arena, base, options, message);
    char *text = s ? scenario_write_json(s) : NULL;
    run->seed = s ? s->seed : 0;
    for (uint32_t i = 0; s && i < s->disk_count; i++) {
        run->has_files = run->has_files || s->disks[i].file;
    }
    arena->used_bytes = mark; /* The scenario is no longer needed. */
    if (!s) {
        return false;
    }
    run->scenario = keep_text(arena, text, message);
    if (run->scenario) {
        plan_hash_text(run->scenario, run->key);
    }
    return run->scenario;
}

static json_t *hash_images(const struct session *s)
{
    json_t *images = json_object();
    for (uint32_t i = 0; i < s->image_count; i++) {
        char hash[PLAN_KEY_CHARS];
        snprintf(hash, sizeof(hash), "%016llx%016llx",
                 (unsigned long long)s->images[i].hash[1],
                 (unsigned long long)s->images[i].hash[0]);
        json_object_set_new(images, s->images[i].name, json_string(hash));
    }
    return images;
}

static bool put_hash(json_t *images, const char *list, uint32_t item,
                     const char *hash)
{
    char key[32];
    snprintf(key, sizeof(key), "%s[%u]", list, item);
    return json_object_set_new(images, key, json_string(hash)) == 0;
}

/* Hashes the files of disks and loads, which session_open has just read.
   Complains. */
static bool hash_files(const struct session *s, json_t *images)
{
    char hash[FINGERPRINT_CHARS];
    for (uint32_t i = 0; i < s->scenario->disk_count; i++) {
        const char *path = s->scenario->disks[i].file;
        if (path && (!rundir_hash_file(path, hash) ||
                     !put_hash(images, "disks", i, hash))) {
            return false;
        }
    }
    for (uint32_t i = 0; i < s->scenario->load_count; i++) {
        if (s->scenario->loads[i].file &&
            (!load_files_hash(s, i, hash) ||
             !put_hash(images, "load", i, hash))) {
            return false;
        }
    }
    return true;
}

const char *point_try_build(struct arena *arena, const char *base,
                            const struct scenario_options *options,
                            char message[SCENARIO_MESSAGE_BYTES])
{
    struct session *s = calloc(1, sizeof(*s));
    if (!s) {
        refuse_memory(message);
        return NULL;
    }
    struct session_options session = { .path = base,
                                       .scenario = *options,
                                       .keeps_files = true };
    bool is_open = session_open(s, &session, message);
    json_t *images = is_open ? hash_images(s) : json_object();
    if (is_open && !hash_files(s, images)) {
        snprintf(message, SCENARIO_MESSAGE_BYTES,
                 "the file of a disk or of a load cannot be read");
        is_open = false;
    }
    session_close(s);
    free(s);
    if (!is_open) {
        json_decref(images);
        return NULL;
    }
    return keep_json(arena, images, message);
}

const char *point_write_sets(struct arena *arena, const char *const *words,
                             uint32_t count,
                             char message[SCENARIO_MESSAGE_BYTES])
{
    json_t *sets = json_object();
    for (uint32_t i = 0; i < count; i++) {
        const char *word = words[i];
        char key[KEY_PATH_BYTES + 1];
        snprintf(key, sizeof(key), "%.*s", (int)strcspn(word, "="), word);
        json_object_set_new(sets, key, json_string(strchr(word, '=') + 1));
    }
    return keep_json(arena, sets, message);
}
