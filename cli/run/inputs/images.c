/* images.c - see images.h. */
#include "cli/run/inputs/images.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/reference.h"
#include "isa/abi.h"
#include "isa/decode.h"
#include "isa/disasm.h"
#include "isa/verify.h"
#include "sim/vocabulary/nearest.h"
#include "workloads/content.h"

/* Writes the sentence to `message`, with the place of the key; returns false. */
__attribute__((format(printf, 4, 5))) static bool
refuse(const struct session *s, const char *key, char *message,
       const char *format, ...)
{
    char complaint[SCENARIO_MESSAGE_BYTES];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(complaint, sizeof(complaint), format, args);
    va_end(args);
    scenario_complain(s->scenario, key, complaint, message);
    return false;
}

/* ---- One image ---------------------------------------------------------- */

/* False: the text leaves the subset, and `message` says where. */
static bool check_subset(struct session *s, const struct image *image,
                         const char *key, char *message)
{
    struct image_insn first;
    uint32_t count = 0;
    if (!image_count_refused(image, &s->arena, &count, &first)) {
        return refuse(s, key, message, "there is no memory left to verify '%s'",
                      image->name);
    }
    if (count == 0) {
        return true;
    }
    char text[DISASM_TEXT_BYTES];
    struct disasm *d = disasm_create(&s->arena);
    if (!d) {
        return false;
    }
    disasm_format(d, first.va, first.bytes, first.insn.size_bytes, text);
    disasm_release(d);
    return refuse(
        s, key, message,
        "image '%s' is outside the subset: %u instruction%s, the first "
        "at %#x: %s (%s); see iksim verify",
        image->name, count, count == 1 ? "" : "s", first.va, text,
        first.insn.refusal ? first.insn.refusal : "not in the subset");
}

bool images_beside(const struct session *s, const char *name, char *path,
                   size_t bytes)
{
    const char *scenario = s->options.path;
    const char *slash = strrchr(scenario, '/');
    int length = snprintf(path, bytes, "%s", name);
    if (length > 0 && (size_t)length < bytes && access(path, R_OK) == 0) {
        return true;
    }
    if (!slash || name[0] == '/') {
        return false;
    }
    length = snprintf(path, bytes, "%.*s/%s", (int)(slash - scenario), scenario,
                      name);
    return length > 0 && (size_t)length < bytes && access(path, R_OK) == 0;
}

/*
 * A name that leads nowhere from here, and is no bundled guest's, may lead on
 * from the folder of the scenario.
 */
static bool find_image(const struct session *s, const char *name, char *path,
                       size_t bytes)
{
    return (cli_find_image(name, path, bytes) && access(path, R_OK) == 0) ||
           images_beside(s, name, path, bytes) ||
           cli_find_image(name, path, bytes);
}

static bool load_image(struct session *s, uint32_t group, const char *key,
                       char *message)
{
    const char *name = s->scenario->vms[group].image;
    struct image *image = &s->images[s->image_count];
    char *path = s->image_paths[s->image_count];
    if (!find_image(s, name, path, sizeof(s->image_paths[0]))) {
        return refuse(
            s, key, message,
            "there is no bundled guest '%s', and no file of that name", name);
    }
    char why[IMAGE_MESSAGE_BYTES];
    if (image_load(image, &s->arena, path, why) != IMAGE_OK) {
        return refuse(s, key, message, "image '%s': %s", name, why);
    }
    image->name = name;
    uint32_t va = image->text_va;
    if (image_find_abort(image, &va)) {
        return refuse(
            s, key, message,
            "image '%s' holds, at %#x, an encoding that stops the engine "
            "itself (lock bt with a register), so it is never run",
            name, va);
    }
    const char *broken = NULL;
    if (!args_carried(&s->tables[s->image_count], &s->arena, image, &broken)) {
        return refuse(s, key, message, "image '%s': %s", name, broken);
    }
    s->image_count++;
    return true;
}

/* ---- Command lines ------------------------------------------------------ */

static bool refuse_args(const struct session *s, uint32_t group,
                        const struct args_table *table,
                        const struct args_fault *fault, char *message)
{
    char key[64];
    char why[SCENARIO_MESSAGE_BYTES];
    char wrong[64];
    snprintf(key, sizeof(key), "vms[%u].args", group);
    args_explain(fault, why, sizeof(why));
    snprintf(wrong, sizeof(wrong), "%.*s", (int)fault->name_bytes, fault->word);
    struct nearest nearest = { .wrong = wrong };
    for (uint32_t i = 0; !fault->rule && i < table->count; i++) {
        nearest_try(&nearest, table->rules[i].name);
    }
    return nearest.best
               ? refuse(s, key, message, "%s, perhaps %s=", why, nearest.best)
               : refuse(s, key, message, "%s", why);
}

/*
 * Reads a group's command line by the rules by which the guest will read it,
 * and keeps the values that the simulated clients need.
 */
static bool read_args(struct session *s, uint32_t group, char *message)
{
    const struct args_table *table = &s->tables[s->group_images[group]];
    struct load_server *server = &s->servers[group];
    *server = (struct load_server){ .body_bytes = DOCUMENT_BYTES };
    if (!table->summary) {
        return true;
    }
    struct args_value values[ARGS_LIMIT];
    struct args_fault fault;
    if (!args_read(table->rules, s->scenario->vms[group].args, values,
                   &fault)) {
        return refuse_args(s, group, table, &fault, message);
    }
    const struct args_value *size = args_value_named(table, values, "size");
    const struct args_value *port = args_value_named(table, values, "port");
    if (size) {
        server->body_bytes = (uint32_t)size->number;
    }
    if (port) {
        server->port = (uint16_t)port->number;
    }
    return true;
}

/* An image that begins so far up was linked for another system. */
#define FAR_BYTES (16u << 20)

/* ---- All of them -------------------------------------------------------- */

static bool check_group(struct session *s, uint32_t g, char *message)
{
    const struct scenario_vms *group = &s->scenario->vms[g];
    const struct image *image = &s->images[s->group_images[g]];
    char key[64];
    snprintf(key, sizeof(key), "vms[%u].image", g);
    if (group->verify == VERIFY_EAGER &&
        !check_subset(s, image, key, message)) {
        return false;
    }
    bool is_far = image->segments[0].va - ABI_MEM_BASE >= FAR_BYTES;
    if (image->end_va > (uint64_t)ABI_MEM_BASE + group->memory_bytes) {
        snprintf(key, sizeof(key), "vms[%u].memory", g);
        return refuse(
            s, key, message, "is too small: image '%s' alone needs %u KiB%s%s",
            group->image, (image->end_va - ABI_MEM_BASE + 1023) / 1024,
            is_far ? ", as it lies far up: " : "",
            is_far ? IMAGE_MOVE_FLAGS : "");
    }
    return read_args(s, g, message);
}

static bool make_room(struct session *s, uint32_t count)
{
    s->images = arena_alloc(&s->arena, count * sizeof(*s->images),
                            alignof(struct image));
    s->tables = arena_alloc(&s->arena, count * sizeof(*s->tables),
                            alignof(struct args_table));
    s->image_paths =
        arena_alloc(&s->arena, count * sizeof(*s->image_paths), alignof(char));
    s->group_images = arena_alloc(&s->arena, count * sizeof(*s->group_images),
                                  alignof(uint32_t));
    s->servers = arena_alloc(&s->arena, count * sizeof(*s->servers),
                             alignof(struct load_server));
    return s->images && s->tables && s->image_paths && s->group_images &&
           s->servers;
}

bool images_load(struct session *s, char message[SCENARIO_MESSAGE_BYTES])
{
    const struct scenario *sc = s->scenario;
    if (!make_room(s, sc->group_count)) {
        snprintf(message, SCENARIO_MESSAGE_BYTES,
                 "the host has too little memory");
        return false;
    }
    for (uint32_t g = 0; g < sc->group_count; g++) {
        char key[64];
        snprintf(key, sizeof(key), "vms[%u].image", g);
        uint32_t i = 0;
        while (i < s->image_count &&
               strcmp(s->images[i].name, sc->vms[g].image) != 0) {
            i++;
        }
        if (i == s->image_count && !load_image(s, g, key, message)) {
            return false;
        }
        s->group_images[g] = i;
        if (!check_group(s, g, message)) {
            return false;
        }
    }
    return true;
}

enum guests images_judge(const struct session *s)
{
    for (uint32_t i = 0; i < s->image_count; i++) {
        char hash[IMAGE_HASH_CHARS];
        image_write_hash(&s->images[i], hash);
        if (!reference_has(hash, NULL)) {
            return GUESTS_OTHER;
        }
    }
    return GUESTS_REFERENCE;
}
