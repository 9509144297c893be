/* rundir.c - see rundir.h. */
#define _POSIX_C_SOURCE 200809L
#include "cli/rundir.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"
#include "sim/report.h"

#define PATH_BYTES 4096

static bool complain(const char *path)
{
    cli_complain("cannot write '%s': %s", path, strerror(errno));
    return false;
}

static bool join(char path[PATH_BYTES], const char *dir, const char *name)
{
    int length = snprintf(path, PATH_BYTES, "%s/%s", dir, name);
    if (length > 0 && length < PATH_BYTES) {
        return true;
    }
    errno = ENAMETOOLONG;
    return complain(dir);
}

bool rundir_create(const char *dir)
{
    char path[PATH_BYTES];
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

static bool write_images(const char *dir, const struct session *s)
{
    char folder[PATH_BYTES];
    if (!join(folder, dir, "images")) {
        return false;
    }
    if (mkdir(folder, 0777) != 0 && errno != EEXIST) {
        return complain(folder);
    }
    for (uint32_t i = 0; i < s->image_count; i++) {
        const struct image *image = &s->images[i];
        char name[64];
        snprintf(name, sizeof(name), "%016llx%016llx.elf",
                 (unsigned long long)image->hash[1],
                 (unsigned long long)image->hash[0]);
        char path[PATH_BYTES];
        if (!join(path, folder, name)) {
            return false;
        }
        FILE *file = fopen(path, "wb");
        if (!file) {
            return complain(path);
        }
        bool written = fwrite(image->file, 1, image->file_bytes, file) ==
                       image->file_bytes;
        if (fclose(file) != 0 || !written) {
            return complain(path);
        }
    }
    return true;
}

static json_t *describe_images(const struct session *s)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < s->image_count; i++) {
        const struct image *image = &s->images[i];
        char hash[FINGERPRINT_CHARS];
        snprintf(hash, sizeof(hash), "%016llx%016llx",
                 (unsigned long long)image->hash[1],
                 (unsigned long long)image->hash[0]);
        json_array_append_new(list, json_pack("{s:s, s:s}", "image",
                                              image->name, "xxh3_128", hash));
    }
    return list;
}

/* XXH3-64 of a file of ours, in hexadecimal. */
static bool hash_of_file(const char *path, char hex[17])
{
    static const size_t limit = 1 << 20;
    FILE *file = fopen(path, "rb");
    if (!file) {
        return complain(path);
    }
    uint8_t buffer[4096];
    uint64_t hash = 0;
    size_t total = 0;
    size_t n = sizeof(buffer);
    while (n == sizeof(buffer) && total <= limit) {
        n = fread(buffer, 1, sizeof(buffer), file);
        if (n > 0) {
            hash = trace_hash(buffer, n) ^ (hash * 31);
        }
        total += n;
    }
    fclose(file);
    snprintf(hex, 17, "%016llx", (unsigned long long)hash);
    return true;
}

static bool write_manifest(const char *dir, const struct session *s,
                           const char *scenario_hash)
{
    char path[PATH_BYTES];
    if (!join(path, dir, "manifest.json")) {
        return false;
    }
    char fingerprint[FINGERPRINT_CHARS];
    trace_fingerprint(s->trace, fingerprint);
    json_t *root =
        json_pack("{s:i, s:s, s:s, s:s, s:I, s:s, s:s, s:o}", "schema", 1,
                  "version", IKSIM_VERSION, "unicorn", cpu_engine_version(),
                  "scenario", s->scenario->name, "seed",
                  (json_int_t)s->scenario->seed, "scenario_hash", scenario_hash,
                  "fingerprint", fingerprint, "images", describe_images(s));
    FILE *file = fopen(path, "w");
    bool written = file && root &&
                   json_dumpf(root, file, JSON_INDENT(2)) == 0 &&
                   fputc('\n', file) != EOF;
    json_decref(root);
    if ((file && fclose(file) != 0) || !written) {
        return complain(path);
    }
    return true;
}

bool rundir_write(const char *dir, const struct session *s,
                  const struct report *report)
{
    char path[PATH_BYTES];
    char hash[17];
    if (!join(path, dir, "scenario.yaml")) {
        return false;
    }
    if (!scenario_save(s->scenario, path)) {
        return complain(path);
    }
    if (!hash_of_file(path, hash) || !join(path, dir, "report.json")) {
        return false;
    }
    FILE *file = fopen(path, "w");
    if (!file) {
        return complain(path);
    }
    bool written = report_write_json(report, file);
    if (fclose(file) != 0 || !written) {
        return complain(path);
    }
    /* The manifest last: where it is, the rest is whole. */
    return write_images(dir, s) && write_manifest(dir, s, hash);
}
