/* find.c - finds the bundled files, which lie beside the program. */
#define _POSIX_C_SOURCE 200809L
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"

#define PATH_BYTES 4096

/* Finds the folder of this program's file, without a final slash. */
static bool own_folder(char folder[PATH_BYTES])
{
    ssize_t length = readlink("/proc/self/exe", folder, PATH_BYTES - 1);
    if (length <= 0) {
        return false;
    }
    folder[length] = '\0';
    char *slash = strrchr(folder, '/');
    if (!slash) {
        return false;
    }
    *slash = '\0';
    return true;
}

bool cli_find_image(const char *name, char *path, size_t bytes)
{
    char folder[PATH_BYTES];
    if (access(name, R_OK) != 0 && own_folder(folder)) {
        int length = snprintf(path, bytes, "%s/guests/%s.elf", folder, name);
        if (length > 0 && (size_t)length < bytes && access(path, R_OK) == 0) {
            return true;
        }
    }
    return (strchr(name, '/') || access(name, R_OK) == 0) &&
           (size_t)snprintf(path, bytes, "%s", name) < bytes;
}

static void each_in(const char *place, const char *prefix, cli_image_fn *fn,
                    void *ctx)
{
    char folder[PATH_BYTES];
    struct dirent **entries = NULL;
    int count = cli_find_bundle(place, folder, sizeof(folder))
                    ? scandir(folder, &entries, NULL, alphasort)
                    : 0;
    for (int i = 0; i < count; i++) {
        char path[PATH_BYTES + sizeof(entries[i]->d_name)];
        char name[sizeof(entries[i]->d_name) + 16];
        snprintf(path, sizeof(path), "%s/%s", folder, entries[i]->d_name);
        snprintf(name, sizeof(name), "%s%s", prefix, entries[i]->d_name);
        char *dot = strrchr(name, '.');
        if (dot && strcmp(dot, ".elf") == 0) {
            *dot = '\0';
            fn(ctx, name, path);
        }
        free(entries[i]);
    }
    free(entries);
}

void cli_each_image(cli_image_fn *fn, void *ctx)
{
    each_in("guests", "", fn, ctx);
    each_in("guests/attackers", CLI_ATTACKERS, fn, ctx);
}

bool cli_find_bundle(const char *name, char *path, size_t bytes)
{
    char folder[PATH_BYTES];
    if (!own_folder(folder)) {
        return false;
    }
    int length = snprintf(path, bytes, "%s/%s", folder, name);
    return length > 0 && (size_t)length < bytes && access(path, R_OK) == 0;
}
