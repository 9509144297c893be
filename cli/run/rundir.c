/* rundir.c - see rundir.h. */
#define _POSIX_C_SOURCE 200809L
#include "cli/run/rundir.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/replace.h"
#include "cli/run/choice/pinned.h"
#include "cli/run/inputs/disk_files.h"
#include "cli/run/inputs/images.h"
#include "cli/run/inputs/load_files.h"
#include "ik/state.h"
#include "sim/report/report.h"

#define SCHEMA 3

static bool complain(const char *path)
{
    cli_complain("cannot write '%s': %s", path, strerror(errno));
    return false;
}

static bool join(char path[RUNDIR_PATH_BYTES], const char *dir,
                 const char *name)
{
    int length = snprintf(path, RUNDIR_PATH_BYTES, "%s/%s", dir, name);
    if (length > 0 && length < RUNDIR_PATH_BYTES) {
        return true;
    }
    errno = ENAMETOOLONG;
    return complain(dir);
}

bool rundir_create(const char *dir)
{
    char path[RUNDIR_PATH_BYTES];
    if (!join(path, dir, "manifest.json")) {
        return false;
    }
    if (access(path, F_OK) == 0) {
        cli_complain("'%s' holds a run already; name another directory", dir);
        return false;
    }
    if (mkdir(dir, 0777) == 0) {
        return true;
    }
    struct stat status;
    if (errno != EEXIST || stat(dir, &status) != 0) {
        return complain(dir);
    }
    if (!S_ISDIR(status.st_mode)) {
        errno = ENOTDIR;
        return complain(dir);
    }
    return true;
}

/* ---- Images ------------------------------------------------------------- */

#define IMAGE_NAME_BYTES 64

/*
 * Names the image's file within the directory. Two images of equal contents
 * stay two files, since the fingerprint covers the images' numbers.
 */
static void name_image(const struct session *s, uint32_t index,
                       char name[IMAGE_NAME_BYTES])
{
    const struct image *image = &s->images[index];
    char hash[IMAGE_HASH_CHARS];
    image_write_hash(image, hash);
    snprintf(name, IMAGE_NAME_BYTES, "images/%s.elf", hash);
    for (uint32_t i = 0; i < index; i++) {
        if (s->images[i].hash[0] == image->hash[0] &&
            s->images[i].hash[1] == image->hash[1]) {
            snprintf(name, IMAGE_NAME_BYTES, "images/%s-%u.elf", hash, index);
        }
    }
}

static bool write_bytes(const char *path, const void *bytes, size_t count)
{
    FILE *file = fopen(path, "wb");
    if (!file) {
        return complain(path);
    }
    bool written = fwrite(bytes, 1, count, file) == count;
    return (fclose(file) == 0 && written) || complain(path);
}

/* A folder within the directory; it may be there. */
static bool make_folder(const char *dir, const char *name)
{
    char path[RUNDIR_PATH_BYTES];
    if (!join(path, dir, name)) {
        return false;
    }
    return mkdir(path, 0777) == 0 || errno == EEXIST || complain(path);
}

static bool write_images(const char *dir, const struct session *s)
{
    char path[RUNDIR_PATH_BYTES];
    if (!make_folder(dir, "images")) {
        return false;
    }
    for (uint32_t i = 0; i < s->image_count; i++) {
        char name[IMAGE_NAME_BYTES];
        name_image(s, i, name);
        if (!join(path, dir, name) ||
            !write_bytes(path, s->images[i].file, s->images[i].file_bytes)) {
            return false;
        }
    }
    return true;
}

static json_t *describe_images(const struct session *s)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < s->image_count; i++) {
        char hash[IMAGE_HASH_CHARS];
        char name[IMAGE_NAME_BYTES];
        image_write_hash(&s->images[i], hash);
        name_image(s, i, name);
        json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "image",
                                              s->images[i].name, "xxh3_128",
                                              hash, "file", name));
    }
    return list;
}

/* The blocks that the engine does not survive. */
static json_t *describe_listed(const struct session *s)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < s->options.listed_count; i++) {
        const struct guard_block *b = &s->options.listed[i];
        char hash[IMAGE_HASH_CHARS];
        char address[16];
        image_write_hash(&s->images[b->at.image], hash);
        snprintf(address, sizeof(address), "%#x", b->at.va);
        json_array_append_new(
            list, json_pack("{s:I, s:s, s:s, s:I, s:I}", "image",
                            (json_int_t)b->at.image, "xxh3_128", hash,
                            "address", address, "vm", (json_int_t)b->owner,
                            "signal", (json_int_t)b->how));
    }
    return list;
}

/* ---- Policies ----------------------------------------------------------- */

#define POLICY_NAME_BYTES 64

/* False: that policy is no file. */
static bool name_policy(const struct session *s, uint32_t kind,
                        char name[POLICY_NAME_BYTES])
{
    const struct plugin_source *source = &s->plugins[kind].source;
    if (source->text) {
        snprintf(name, POLICY_NAME_BYTES, "policies/%s%s", source->hash,
                 strrchr(source->name, '.'));
    }
    return source->text;
}

static bool write_policies(const char *dir, const struct session *s)
{
    char path[RUNDIR_PATH_BYTES];
    for (uint32_t i = 0; i < POLICY_KIND_COUNT; i++) {
        char name[POLICY_NAME_BYTES];
        if (!name_policy(s, i, name)) {
            continue;
        }
        const struct plugin_source *source = &s->plugins[i].source;
        if (!make_folder(dir, "policies") || !join(path, dir, name) ||
            !write_bytes(path, source->text, source->bytes)) {
            return false;
        }
    }
    return true;
}

static json_t *describe_policies(const struct session *s)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < POLICY_KIND_COUNT; i++) {
        const struct plugin *p = &s->plugins[i];
        char name[POLICY_NAME_BYTES];
        if (!name_policy(s, i, name)) {
            continue;
        }
        json_t *policy = json_pack(
            "{s:s, s:s, s:s, s:s}", "kind", word_name(&policy_kind_words, i),
            "policy", *pinned_name(s->scenario, (enum policy_kind)i),
            "xxh3_128", p->source.hash, "file", name);
        if (policy && p->built_by[0] != '\0') {
            json_object_set_new(policy, "built_by", json_string(p->built_by));
        }
        json_array_append_new(list, policy);
    }
    return list;
}

/* ---- The scenario ------------------------------------------------------- */

/* Saves the scenario as it ran, but with the images and the policies of the
   directory. */
static bool write_scenario(const char *path, const struct session *s)
{
    struct scenario own = *s->scenario;
    char policies[POLICY_KIND_COUNT][POLICY_NAME_BYTES];
    for (uint32_t i = 0; i < POLICY_KIND_COUNT; i++) {
        if (name_policy(s, i, policies[i])) {
            *pinned_name(&own, (enum policy_kind)i) = policies[i];
        }
    }
    char(*names)[IMAGE_NAME_BYTES] = calloc(s->image_count, sizeof(*names));
    own.vms = calloc(own.group_count, sizeof(*own.vms));
    bool is_saved = false;
    if (names && own.vms) {
        for (uint32_t i = 0; i < s->image_count; i++) {
            name_image(s, i, names[i]);
        }
        for (uint32_t g = 0; g < own.group_count; g++) {
            own.vms[g] = s->scenario->vms[g];
            own.vms[g].image = names[s->group_images[g]];
        }
        is_saved = scenario_save(&own, path) || complain(path);
    } else {
        cli_complain("out of memory");
    }
    free(names);
    free(own.vms);
    return is_saved;
}

/* A whole file, mapped: pages of a large disk come into memory as they are
   read. */
struct mapping {
    void *bytes;
    size_t count;
};

/* Complains. */
static bool map_file(const char *path, struct mapping *m)
{
    struct stat status;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool is_well = fd >= 0 && fstat(fd, &status) == 0;
    *m = (struct mapping){ .bytes = NULL };
    if (is_well && status.st_size > 0) {
        m->count = (size_t)status.st_size;
        m->bytes = mmap(NULL, m->count, PROT_READ, MAP_PRIVATE, fd, 0);
        is_well = m->bytes != MAP_FAILED;
    }
    if (!is_well) {
        cli_complain("cannot read '%s': %s", path, strerror(errno));
    }
    if (fd >= 0) {
        close(fd);
    }
    return is_well;
}

static void unmap_file(const struct mapping *m)
{
    if (m->bytes) {
        munmap(m->bytes, m->count);
    }
}

/* Computes a file's XXH3-64, in hexadecimal, as `xxhsum -H3` prints it.
   Complains. */
static bool hash_of_file(const char *path, char hex[17])
{
    struct mapping m;
    if (!map_file(path, &m)) {
        return false;
    }
    snprintf(hex, 17, "%016llx",
             (unsigned long long)trace_hash(m.bytes ? m.bytes : "", m.count));
    unmap_file(&m);
    return true;
}

bool rundir_hash_file(const char *path, char hex[FINGERPRINT_CHARS])
{
    struct mapping m;
    if (!map_file(path, &m)) {
        return false;
    }
    trace_hash_wide(m.bytes ? m.bytes : "", m.count, hex);
    unmap_file(&m);
    return true;
}

/* ---- Other files that a run begins with --------------------------------- */

#define INPUT_NAME_BYTES 32

/* Files that items of one of the scenario's lists name by their key `file`. */
struct input_kind {
    const char *list;   /* Of the manifest; the folder's name, too. */
    const char *item;   /* The key of an item's number in the manifest. */
    const char *key;    /* The scenario's list. */
    const char *ending; /* Of a file's name. */
    /* NULL: the item has no file; *count: so many items there are. */
    const char *(*file)(const struct scenario *s, uint32_t i, uint32_t *count);
    bool (*copy)(struct session *s, uint32_t item, const char *path);
};

static const char *disk_file(const struct scenario *s, uint32_t i,
                             uint32_t *count)
{
    *count = s->disk_count;
    return i < s->disk_count ? s->disks[i].file : NULL;
}

static const char *load_file(const struct scenario *s, uint32_t i,
                             uint32_t *count)
{
    *count = s->load_count;
    return i < s->load_count ? s->loads[i].file : NULL;
}

static const struct input_kind input_kinds[] = {
    { "disks", "disk", "disks", "img", disk_file, disk_files_copy },
    { "loads", "load", "load", "log", load_file, load_files_copy },
};

#define INPUT_KINDS (sizeof(input_kinds) / sizeof(input_kinds[0]))

static void name_input(const struct input_kind *kind, uint32_t item,
                       char name[INPUT_NAME_BYTES])
{
    snprintf(name, INPUT_NAME_BYTES, "%s/%u.%s", kind->list, item,
             kind->ending);
}

static bool keep_input(const struct input_kind *kind, const char *dir,
                       struct session *s, uint32_t item)
{
    char path[RUNDIR_PATH_BYTES];
    char name[INPUT_NAME_BYTES];
    name_input(kind, item, name);
    return make_folder(dir, kind->list) && join(path, dir, name) &&
           (kind->copy(s, item, path) || complain(path));
}

static bool keep_inputs(const struct input_kind *kind, const char *dir,
                        struct session *s)
{
    uint32_t count = 1;
    for (uint32_t i = 0; i < count; i++) {
        if (kind->file(s->scenario, i, &count) &&
            !keep_input(kind, dir, s, i)) {
            return false;
        }
    }
    return true;
}

/* Returns NULL, having complained, on failure. */
static json_t *describe_inputs(const struct input_kind *kind, const char *dir,
                               const struct session *s)
{
    json_t *list = json_array();
    uint32_t count = 1;
    for (uint32_t i = 0; i < count; i++) {
        char name[INPUT_NAME_BYTES];
        char path[RUNDIR_PATH_BYTES];
        char hash[FINGERPRINT_CHARS];
        if (!kind->file(s->scenario, i, &count)) {
            continue;
        }
        name_input(kind, i, name);
        if (!join(path, dir, name) || !rundir_hash_file(path, hash)) {
            json_decref(list);
            return NULL;
        }
        json_array_append_new(list, json_pack("{s:I, s:s, s:s}", kind->item,
                                              (json_int_t)i, "xxh3_128", hash,
                                              "file", name));
    }
    return list;
}

/* ---- The manifest ------------------------------------------------------- */

static const char *ending_of(const struct session *s)
{
    if (s->kernel->failure[0] != '\0') {
        return "failed";
    }
    return session_end_facts(s->end)->word;
}

static bool write_manifest(const char *dir, const struct session *s,
                           const char *scenario_hash, const char *trace_path)
{
    char path[RUNDIR_PATH_BYTES];
    if (!join(path, dir, "manifest.json")) {
        return false;
    }
    json_t *inputs[INPUT_KINDS] = { NULL };
    for (size_t i = 0; i < INPUT_KINDS; i++) {
        inputs[i] = describe_inputs(&input_kinds[i], dir, s);
        if (!inputs[i]) {
            return false;
        }
    }
    char message[SCENARIO_MESSAGE_BYTES];
    bool is_right = session_judge(s, message) == CLI_DONE;
    char fingerprint[FINGERPRINT_CHARS];
    trace_fingerprint(s->trace, fingerprint);
    json_t *root = json_pack(
        "{s:i, s:s, s:s, s:s, s:I, s:s, s:{s:I, s:I}, s:s, s:s?, s:s, s:s, "
        "s:o, s:o}",
        "schema", SCHEMA, "version", IKSIM_VERSION, "unicorn",
        cpu_engine_version(), "scenario", s->scenario->name, "seed",
        (json_int_t)s->scenario->seed, "scenario_hash", scenario_hash,
        "options", "until_ns", (json_int_t)s->options.until_ns, "instructions",
        (json_int_t)s->options.instructions, "ended", ending_of(s), "message",
        is_right ? NULL : message, "fingerprint", fingerprint, "guests",
        word_name(&guests_words, images_judge(s)), "images", describe_images(s),
        "policies", describe_policies(s));
    for (size_t i = 0; i < INPUT_KINDS; i++) {
        json_object_set_new(root, input_kinds[i].list, inputs[i]);
    }
    json_object_set_new(root, "engine", describe_listed(s));
    if (root && trace_path) {
        json_object_set_new(root, "trace", json_string(trace_path));
    }
    struct replacement r;
    bool written =
        replace_open(&r, path) &&
        replace_finish(&r, root &&
                               json_dumpf(root, r.file, JSON_INDENT(2)) == 0 &&
                               fputc('\n', r.file) != EOF);
    json_decref(root);
    return written || complain(path);
}

bool rundir_keep_inputs(const char *dir, struct session *s)
{
    char path[RUNDIR_PATH_BYTES];
    return join(path, dir, "scenario.yaml") && write_scenario(path, s) &&
           write_images(dir, s) && write_policies(dir, s) &&
           keep_inputs(&input_kinds[0], dir, s) &&
           keep_inputs(&input_kinds[1], dir, s);
}

bool rundir_write(const char *dir, const struct session *s,
                  const struct report *report, const char *trace_path)
{
    char path[RUNDIR_PATH_BYTES];
    char hash[17];
    struct replacement r;
    if (!join(path, dir, "scenario.yaml") || !hash_of_file(path, hash) ||
        !join(path, dir, "report.json")) {
        return false;
    }
    if (!replace_open(&r, path) ||
        !replace_finish(&r, report_write_json(report, r.file))) {
        return complain(path);
    }
    /* The manifest is written last: a directory that has one is whole. */
    return write_manifest(dir, s, hash, trace_path);
}

/* ---- Reading it back ---------------------------------------------------- */

bool rundir_exists(const char *dir)
{
    char path[RUNDIR_PATH_BYTES];
    int length = snprintf(path, sizeof(path), "%s/manifest.json", dir);
    return length > 0 && (size_t)length < sizeof(path) &&
           access(path, F_OK) == 0;
}

static json_t *load_object(const char *dir, const char *name)
{
    char path[RUNDIR_PATH_BYTES];
    if (!join(path, dir, name)) {
        return NULL;
    }
    json_error_t error;
    json_t *object = json_load_file(path, 0, &error);
    if (json_is_object(object)) {
        return object;
    }
    json_decref(object);
    if (access(path, R_OK) != 0) {
        cli_complain("cannot read '%s': %s", path, strerror(errno));
    } else {
        cli_complain("'%s' is not as a run leaves it: %s", path,
                     error.text[0] != '\0' ? error.text : "not an object");
    }
    return NULL;
}

bool rundir_open(struct rundir *d, const char *dir)
{
    *d = (struct rundir){ .path = dir };
    struct stat status;
    if (stat(dir, &status) != 0) {
        cli_complain("cannot read '%s': %s", dir, strerror(errno));
        return false;
    }
    if (!rundir_exists(dir)) {
        cli_complain("'%s' does not hold a finished run: it has no "
                     "manifest.json",
                     dir);
        return false;
    }
    if (!join(d->scenario_path, dir, "scenario.yaml")) {
        return false;
    }
    d->manifest = load_object(dir, "manifest.json");
    d->report = d->manifest ? load_object(dir, "report.json") : NULL;
    if (d->report &&
        json_integer_value(json_object_get(d->manifest, "schema")) != SCHEMA) {
        cli_complain(
            "'%s' was written by another version of iksim: its manifest has "
            "schema %d, and this version reads %d",
            dir,
            (int)json_integer_value(json_object_get(d->manifest, "schema")),
            SCHEMA);
        return false;
    }
    return d->report;
}

void rundir_close(struct rundir *d)
{
    json_decref(d->manifest);
    json_decref(d->report);
    free(d->sets);
}

const char *rundir_text(const struct rundir *d, const char *key)
{
    const char *text = json_string_value(json_object_get(d->manifest, key));
    return text ? text : "";
}

static bool check_file(const struct rundir *d, const json_t *entry)
{
    const char *name = json_string_value(json_object_get(entry, "file"));
    const char *hash = json_string_value(json_object_get(entry, "xxh3_128"));
    char path[RUNDIR_PATH_BYTES];
    char now[FINGERPRINT_CHARS];
    if (!name || !hash) {
        cli_complain("'%s/manifest.json' does not say what ran", d->path);
        return false;
    }
    if (!join(path, d->path, name) || !rundir_hash_file(path, now)) {
        return false;
    }
    if (strcmp(now, hash) != 0) {
        cli_complain("'%s' has changed since the run", path);
        return false;
    }
    return true;
}

static bool check_list(const struct rundir *d, const char *key)
{
    const json_t *list = json_object_get(d->manifest, key);
    for (size_t i = 0; i < json_array_size(list); i++) {
        if (!check_file(d, json_array_get(list, i))) {
            return false;
        }
    }
    return true;
}

bool rundir_check_files(const struct rundir *d)
{
    char hash[17];
    if (!hash_of_file(d->scenario_path, hash)) {
        return false;
    }
    if (strcmp(hash, rundir_text(d, "scenario_hash")) != 0) {
        cli_complain("'%s' has changed since the run", d->scenario_path);
        return false;
    }
    bool is_well = check_list(d, "images") && check_list(d, "policies");
    for (size_t i = 0; is_well && i < INPUT_KINDS; i++) {
        is_well = check_list(d, input_kinds[i].list);
    }
    return is_well;
}

#define SET_BYTES (RUNDIR_PATH_BYTES + 64)

/* The settings and their texts are one piece of memory, freed at once. */
static bool reserve_sets(struct rundir *d, size_t count, char **texts)
{
    d->sets = calloc(count + 1, sizeof(*d->sets) + SET_BYTES);
    if (!d->sets) {
        cli_complain("out of memory");
        return false;
    }
    *texts = (char *)(d->sets + count + 1);
    return true;
}

bool rundir_find_inputs(struct rundir *d)
{
    size_t count = 0;
    char *text;
    for (size_t k = 0; k < INPUT_KINDS; k++) {
        count +=
            json_array_size(json_object_get(d->manifest, input_kinds[k].list));
    }
    if (!reserve_sets(d, count, &text)) {
        return false;
    }
    for (size_t k = 0; k < INPUT_KINDS; k++) {
        const struct input_kind *kind = &input_kinds[k];
        size_t i;
        const json_t *entry;
        json_array_foreach(json_object_get(d->manifest, kind->list), i, entry)
        {
            const char *name =
                json_string_value(json_object_get(entry, "file"));
            json_int_t item =
                json_integer_value(json_object_get(entry, kind->item));
            char path[RUNDIR_PATH_BYTES];
            if (!name || !join(path, d->path, name)) {
                return false;
            }
            snprintf(text, SET_BYTES, "%s[%lld].file=%s", kind->key,
                     (long long)item, path);
            d->sets[d->set_count++] = text;
            text += SET_BYTES;
        }
    }
    return true;
}
