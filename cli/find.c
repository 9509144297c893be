/*
 * find.c - decides where the bundled files lie. An installed program, PREFIX/bin/
 * iksim, has them in PREFIX/share/iksim, wherever the prefix was moved to; the
 * program of a build has them beside itself. Both folders look the same:
 *
 *     guests/NAME.elf
 *     workloads/scenarios/, workloads/plans/, workloads/paper/
 *     sdk/     what guests are compiled with
 */
#define _POSIX_C_SOURCE 200809L
#include <dirent.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"

/* Finds the folder of this program's file, without a final slash. */
static bool own_folder(char folder[CLI_PATH_BYTES])
{
    ssize_t length = readlink("/proc/self/exe", folder, CLI_PATH_BYTES - 1);
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

/* Writes a path. False: it has no room. */
__attribute__((format(printf, 3, 4))) static bool
write_path(char *path, size_t bytes, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int length = vsnprintf(path, bytes, format, args);
    va_end(args);
    return length > 0 && (size_t)length < bytes;
}

bool cli_find_bundle(const char *name, char *path, size_t bytes)
{
    char folder[CLI_PATH_BYTES];
    if (!own_folder(folder)) {
        return false;
    }
    char *slash = strrchr(folder, '/');
    if (slash && strcmp(slash, "/bin") == 0 &&
        write_path(path, bytes, "%.*s/" IKSIM_DATA_FOLDER "/%s",
                   (int)(slash - folder), folder, name) &&
        access(path, R_OK) == 0) {
        return true;
    }
    return write_path(path, bytes, "%s/%s", folder, name) &&
           access(path, R_OK) == 0;
}

bool cli_find_image(const char *name, char *path, size_t bytes)
{
    char file[CLI_PATH_BYTES];
    if (access(name, R_OK) != 0 && name[0] != '/' && !strstr(name, "..") &&
        write_path(file, sizeof(file), "guests/%s.elf", name) &&
        cli_find_bundle(file, path, bytes)) {
        return true;
    }
    return (strchr(name, '/') || access(name, R_OK) == 0) &&
           write_path(path, bytes, "%s", name);
}

static bool is_bundled_file(const char *name, char *path, size_t bytes)
{
    struct stat info;
    return cli_find_bundle(name, path, bytes) && stat(path, &info) == 0 &&
           S_ISREG(info.st_mode);
}

void cli_find_input(const char *folder, const char *name,
                    struct cli_input *input)
{
    char file[CLI_PATH_BYTES];
    char *found = input->found;
    size_t bytes = sizeof(input->found);
    bool is_bundled =
        access(name, F_OK) != 0 && name[0] != '/' && !strstr(name, "..") &&
        (strchr(name, '/')
             ? is_bundled_file(name, found, bytes)
             : (write_path(file, sizeof(file), "%s/%s", folder, name) &&
                is_bundled_file(file, found, bytes)) ||
                   (write_path(file, sizeof(file), "%s/%s.yaml", folder,
                               name) &&
                    is_bundled_file(file, found, bytes)));
    input->path = is_bundled ? found : name;
}

void cli_each_bundled(const char *folder, const char *ending,
                      void (*fn)(void *ctx, const char *name, const char *path),
                      void *ctx)
{
    char at[CLI_PATH_BYTES];
    struct dirent **entries = NULL;
    int count = cli_find_bundle(folder, at, sizeof(at))
                    ? scandir(at, &entries, NULL, alphasort)
                    : 0;
    for (int i = 0; i < count; i++) {
        char path[CLI_PATH_BYTES + sizeof(entries[i]->d_name)];
        char *name = entries[i]->d_name;
        snprintf(path, sizeof(path), "%s/%s", at, name);
        char *dot = strrchr(name, '.');
        if (dot && strcmp(dot, ending) == 0) {
            *dot = '\0';
            fn(ctx, name, path);
        }
        free(entries[i]);
    }
    free(entries);
}
