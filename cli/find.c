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
    if (strchr(name, '/') || access(name, R_OK) == 0) {
        return (size_t)snprintf(path, bytes, "%s", name) < bytes;
    }
    char folder[PATH_BYTES];
    if (!own_folder(folder)) {
        return false;
    }
    int length = snprintf(path, bytes, "%s/guests/%s.elf", folder, name);
    return length > 0 && (size_t)length < bytes && access(path, R_OK) == 0;
}

void cli_each_image(void (*fn)(void *ctx, const char *name, const char *path),
                    void *ctx)
{
    char folder[PATH_BYTES];
    struct dirent **entries = NULL;
    int count = cli_find_bundle("guests", folder, sizeof(folder))
                    ? scandir(folder, &entries, NULL, alphasort)
                    : 0;
    for (int i = 0; i < count; i++) {
        char path[PATH_BYTES + sizeof(entries[i]->d_name)];
        char *name = entries[i]->d_name;
        snprintf(path, sizeof(path), "%s/%s", folder, name);
        char *dot = strrchr(name, '.');
        if (dot && strcmp(dot, ".elf") == 0) {
            *dot = '\0';
            fn(ctx, name, path);
        }
        free(entries[i]);
    }
    free(entries);
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
