/* replace.c - see replace.h. */
#define _GNU_SOURCE
#include "cli/replace.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define SUFFIX ".iksim-new"

/* Whether the path still leads to that open file. */
static bool is_still_at(int fd, const char *path)
{
    struct stat open_one;
    struct stat named;
    return fstat(fd, &open_one) == 0 && lstat(path, &named) == 0 &&
           open_one.st_dev == named.st_dev && open_one.st_ino == named.st_ino;
}

/* Who has the lock owns the file, be it new or left by a killed program. One
   that another program finished meanwhile has taken its name, and is no longer
   at the path. Returns -1 with errno. */
static int own(const char *path)
{
    for (;;) {
        int fd = open(
            path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0666);
        if (fd < 0) {
            return -1;
        }
        if (flock(fd, LOCK_EX | LOCK_NB) == 0) {
            if (is_still_at(fd, path)) {
                return fd;
            }
            close(fd);
            continue;
        }
        int error = errno;
        close(fd);
        errno = error;
        return -1;
    }
}

/* Permissions, and the owner where that may be set. */
static bool take_after(int fd, const struct stat *old)
{
    if (fchown(fd, old->st_uid, old->st_gid) != 0 && errno != EPERM) {
        return false;
    }
    return fchmod(fd, old->st_mode & 0777) == 0;
}

void replace_abandon(struct replacement *r)
{
    int error = errno;
    unlink(r->path);
    fclose(r->file);
    r->file = NULL;
    errno = error;
}

/* A link's file is replaced, not the link. */
static bool name_both(struct replacement *r, const char *path, bool is_there)
{
    char *target = is_there ? realpath(path, NULL) : strdup(path);
    if (!target) {
        return false;
    }
    size_t length = strlen(target);
    bool has_room = length + sizeof(SUFFIX) <= sizeof(r->path);
    if (has_room) {
        memcpy(r->target, target, length + 1);
        memcpy(r->path, target, length);
        memcpy(r->path + length, SUFFIX, sizeof(SUFFIX));
    }
    free(target);
    errno = has_room ? errno : ENAMETOOLONG;
    return has_room;
}

bool replace_open(struct replacement *r, const char *path)
{
    r->file = NULL;
    struct stat old;
    bool is_there = stat(path, &old) == 0;
    if (!is_there && errno != ENOENT) {
        return false;
    }
    if (is_there && !S_ISREG(old.st_mode)) {
        errno = S_ISDIR(old.st_mode) ? EISDIR : EINVAL;
        return false;
    }
    int fd = name_both(r, path, is_there) ? own(r->path) : -1;
    if (fd < 0) {
        return false;
    }
    if (ftruncate(fd, 0) == 0 && (!is_there || take_after(fd, &old))) {
        r->file = fdopen(fd, "wb");
    }
    if (!r->file) {
        int error = errno;
        unlink(r->path);
        close(fd);
        errno = error;
    }
    return r->file;
}

/* The new name reaches the disk, too. A file system that cannot say so has
   done what it can. */
static void sync_folder(const char *path)
{
    char copy[REPLACE_PATH_BYTES];
    snprintf(copy, sizeof(copy), "%s", path);
    int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        (void)fsync(fd);
        close(fd);
    }
}

bool replace_finish(struct replacement *r, bool is_whole)
{
    if (!is_whole || fflush(r->file) != 0 || fsync(fileno(r->file)) != 0 ||
        rename(r->path, r->target) != 0) {
        replace_abandon(r);
        return false;
    }
    bool is_closed = fclose(r->file) == 0;
    r->file = NULL;
    sync_folder(r->target);
    return is_closed;
}
