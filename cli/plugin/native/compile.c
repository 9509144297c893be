/* compile.c - see compile.h. */
#define _POSIX_C_SOURCE 200809L
#include "cli/plugin/native/compile.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/plugin/iksim/policy.h"
#include "cli/plugin/texts.h"

extern char **environ;

/* Without -march the same call makes the same code on any x86-64. */
static const char *const flags[] = { "-std=gnu17", "-O2",
                                     "-g",         "-fPIC",
                                     "-shared",    "-ffp-contract=off",
                                     "-Wall",      "-Werror=implicit",
                                     NULL };

#define COMPILER "cc"

static bool complain(char *message, const char *path)
{
    snprintf(message, PLUGIN_MESSAGE_BYTES, "cannot write '%.200s': %s", path,
             strerror(errno));
    return false;
}

/* Makes the folders of a path, from its root on. */
static bool make_folders(char *path, char *message)
{
    for (char *at = strchr(path + 1, '/'); at; at = strchr(at + 1, '/')) {
        *at = '\0';
        bool is_there = mkdir(path, 0777) == 0 || errno == EEXIST;
        if (!is_there) {
            (void)complain(message, path);
        }
        *at = '/';
        if (!is_there) {
            return false;
        }
    }
    return true;
}

/* The folder of the cache, with a slash at its end. */
static bool find_cache(char folder[PLUGIN_PATH_BYTES], char *message)
{
    const char *cache = getenv("XDG_CACHE_HOME");
    const char *home = getenv("HOME");
    bool has_cache = cache && cache[0] == '/';
    if (!has_cache && (!home || home[0] != '/')) {
        snprintf(message, PLUGIN_MESSAGE_BYTES,
                 "neither XDG_CACHE_HOME nor HOME names a folder to compile "
                 "policies into");
        return false;
    }
    snprintf(folder, PLUGIN_PATH_BYTES, "%.2000s%s/iksim/policies/iksim/",
             has_cache ? cache : home, has_cache ? "" : "/.cache");
    if (!make_folders(folder, message)) {
        return false;
    }
    folder[strlen(folder) - strlen("iksim/")] = '\0';
    return true;
}

static bool write_text(const char *path, const char *text, size_t bytes,
                       char *message)
{
    FILE *file = fopen(path, "wb");
    bool is_well = file && fwrite(text, 1, bytes, file) == bytes;
    is_well = file && fclose(file) == 0 && is_well;
    return is_well || complain(message, path);
}

/* Runs the compiler, whose output goes to that file. Returns its exit code, or
   -1: there is none. */
static int run(char *const *argv, const char *output)
{
    posix_spawn_file_actions_t actions;
    pid_t child;
    int status = -1;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output,
                                     O_WRONLY | O_CREAT | O_TRUNC, 0666);
    posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
    int error = posix_spawnp(&child, argv[0], &actions, NULL, argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0) {
        return -1;
    }
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFEXITED(status) && WEXITSTATUS(status) != 127 ? WEXITSTATUS(status)
                                                           : -1;
}

/* Copies the first line of the file that has that word in it. */
static void copy_line(const char *path, const char *word, char *line,
                      size_t bytes)
{
    FILE *file = fopen(path, "r");
    char read[PLUGIN_MESSAGE_BYTES];
    line[0] = '\0';
    while (file && fgets(read, sizeof(read), file)) {
        read[strcspn(read, "\n")] = '\0';
        if (strstr(read, word)) {
            snprintf(line, bytes, "%.*s", (int)bytes - 1, read);
            break;
        }
    }
    if (file) {
        fclose(file);
    }
}

struct paths {
    char folder[PLUGIN_PATH_BYTES];
    char own[PLUGIN_PATH_BYTES + 64]; /* "FOLDER/HASH.PID", and an end. */
};

static const char *with_end(struct paths *p, size_t length, const char *end)
{
    snprintf(p->own + length, sizeof(p->own) - length, "%s", end);
    return p->own;
}

/* The text is compiled under the name that the user knows. */
static bool compile(const struct plugin_source *source, struct paths *p,
                    const char *made, char *built_by, char *message)
{
    size_t length = strlen(p->own);
    char include[PLUGIN_PATH_BYTES + 2];
    char out[PLUGIN_PATH_BYTES + 64];
    char log[PLUGIN_PATH_BYTES + 64];
    snprintf(include, sizeof(include), "-I%s", p->folder);
    snprintf(out, sizeof(out), "%s", with_end(p, length, ".so"));
    snprintf(log, sizeof(log), "%s", with_end(p, length, ".log"));
    char *argv[16] = { (char[]){ COMPILER }, NULL };
    size_t count = 1;
    char words[sizeof(flags) / sizeof(flags[0])][24];
    for (size_t i = 0; flags[i]; i++) {
        snprintf(words[i], sizeof(words[i]), "%s", flags[i]);
        argv[count++] = words[i];
    }
    char input[PLUGIN_PATH_BYTES];
    snprintf(input, sizeof(input), "%s", source->path);
    argv[count++] = include;
    argv[count++] = (char[]){ "-o" };
    argv[count++] = out;
    argv[count++] = input;
    int code = run(argv, log);
    if (code != 0) {
        char line[256];
        copy_line(log, "error", line, sizeof(line));
        snprintf(message, PLUGIN_MESSAGE_BYTES, "%s",
                 code < 0 ? "a policy in C needs a C compiler, and there is no "
                            "`cc`; one in Lua needs none"
                 : line[0] ? line
                           : "the compiler does not take it");
    } else {
        char *asks[] = { (char[]){ COMPILER }, (char[]){ "--version" }, NULL };
        (void)run(asks, log);
        copy_line(log, "", built_by, PLUGIN_BUILT_BYTES);
        (void)write_text(with_end(p, length, ".txt"), built_by,
                         strlen(built_by), message);
        char text[PLUGIN_PATH_BYTES];
        snprintf(text, sizeof(text), "%.*stxt", (int)strlen(made) - 2, made);
        (void)rename(p->own, text);
        if (rename(out, made) != 0) {
            (void)complain(message, made);
            code = 1;
        }
    }
    (void)unlink(log);
    return code == 0;
}

bool compile_policy(const struct plugin_source *source,
                    char path[PLUGIN_PATH_BYTES],
                    char built_by[PLUGIN_BUILT_BYTES], char *message)
{
    struct paths p;
    if (!find_cache(p.folder, message)) {
        return false;
    }
    char all[FINGERPRINT_CHARS + 128];
    const char *header = plugin_texts[PLUGIN_TEXT_HEADER].text;
    int used = snprintf(all, sizeof(all), "%s %s", source->hash, COMPILER);
    for (size_t i = 0; flags[i]; i++) {
        used +=
            snprintf(all + used, sizeof(all) - (size_t)used, " %s", flags[i]);
    }
    char hash[FINGERPRINT_CHARS];
    trace_hash_wide(header, strlen(header), hash);
    char of_all[FINGERPRINT_CHARS];
    char named[sizeof(all) + FINGERPRINT_CHARS];
    snprintf(named, sizeof(named), "%s %s", all, hash);
    trace_hash_wide(named, strlen(named), of_all);
    snprintf(path, PLUGIN_PATH_BYTES, "%.4000s%s.so", p.folder, of_all);
    snprintf(p.own, sizeof(p.own), "%.4000s%s.txt", p.folder, of_all);
    char version[PLUGIN_BUILT_BYTES / 2];
    copy_line(p.own, "", version, sizeof(version));
    if (access(path, R_OK) != 0) {
        char place[PLUGIN_PATH_BYTES + 32];
        snprintf(place, sizeof(place), "%s%s", p.folder, "iksim/policy.h");
        snprintf(p.own, sizeof(p.own), "%.4000s%s.%ld", p.folder, of_all,
                 (long)getpid());
        char made_by[PLUGIN_BUILT_BYTES];
        if (!write_text(place, header, strlen(header), message) ||
            !compile(source, &p, path, made_by, message)) {
            return false;
        }
        snprintf(version, sizeof(version), "%.*s", (int)sizeof(version) - 1,
                 made_by);
    }
    snprintf(built_by, PLUGIN_BUILT_BYTES, "%s; %s", version,
             all + strlen(source->hash) + 1);
    return true;
}
