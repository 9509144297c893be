/*
 * main.c - a target without libFuzzer: takes the files that are named, and
 * those in folders that are named, one after the other.
 *
 *   build/tests/fuzz.NAME FILE|FOLDER...
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tests/fuzz/fuzz.h"

static int fail(const char *path)
{
    fprintf(stderr, "cannot read '%s': %s\n", path, strerror(errno));
    exit(2);
}

/* The input lies at the end of its memory: what reads beyond it is seen. */
static void take_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    struct stat status;
    if (!file || fstat(fileno(file), &status) != 0) {
        fail(path);
    }
    size_t count = (size_t)status.st_size;
    uint8_t *bytes = malloc(count > 0 ? count : 1);
    SIM_ASSERT(bytes);
    if (fread(bytes, 1, count, file) != count) {
        fail(path);
    }
    fclose(file);
    LLVMFuzzerTestOneInput(bytes, count);
    free(bytes);
}

static unsigned take_folder(const char *folder)
{
    struct dirent **entries;
    unsigned taken = 0;
    int count = scandir(folder, &entries, NULL, alphasort);
    if (count < 0) {
        fail(folder);
    }
    for (int i = 0; i < count; i++) {
        char *path;
        if (asprintf(&path, "%s/%s", folder, entries[i]->d_name) < 0) {
            fail(folder);
        }
        if (entries[i]->d_name[0] != '.') {
            take_file(path);
            taken++;
        }
        free(path);
        free(entries[i]);
    }
    free(entries);
    return taken;
}

int main(int argc, char **argv)
{
    unsigned taken = 0;
    /* What targets print on the way is not looked at. */
    if (LLVMFuzzerInitialize(&argc, &argv) != 0 ||
        !freopen("/dev/null", "w", stdout)) {
        return 2;
    }
    for (int i = 1; i < argc; i++) {
        struct stat status;
        if (stat(argv[i], &status) != 0) {
            fail(argv[i]);
        }
        if (S_ISDIR(status.st_mode)) {
            taken += take_folder(argv[i]);
        } else {
            take_file(argv[i]);
            taken++;
        }
    }
    fprintf(stderr, "%u inputs\n", taken);
    return taken > 0 ? 0 : 2;
}
