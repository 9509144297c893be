/* disk_files.c - see disk_files.h. */
#define _POSIX_C_SOURCE 200809L
#include "cli/run/inputs/disk_files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/replace.h"
#include "cli/run/inputs/input.h"
#include "ik/devices/vdisk.h"

/* An item with a file has one disk, since its group has one VM. */
static struct vdisk *disk_of_item(struct kernel *k, uint32_t item)
{
    uint32_t i = 0;
    while (k->vdisks.table[i].item != item) {
        i++;
        SIM_ASSERT(i < k->vdisks.count);
    }
    return &k->vdisks.table[i];
}

static bool complain(const struct session *s, uint32_t item, const char *what,
                     char *message)
{
    const struct scenario_disk *disk = &s->scenario->disks[item];
    return input_complain(s->scenario, "disks", disk->item, disk->file, what,
                          message);
}

static bool is_zero(const uint8_t *bytes)
{
    return bytes[0] == 0 && memcmp(bytes, bytes + 1, ABI_BLOCK_BYTES - 1) == 0;
}

/* Returns NULL, or what is wrong with the file. */
static const char *load(struct session *s, struct vdisk *d, FILE *file)
{
    struct stat info;
    if (fstat(fileno(file), &info) != 0 || !S_ISREG(info.st_mode)) {
        return " is not a regular file";
    }
    if ((uint64_t)info.st_size != (uint64_t)d->blocks * ABI_BLOCK_BYTES) {
        return " is not as large as the disk; truncate --size mends that";
    }
    uint8_t bytes[ABI_BLOCK_BYTES];
    for (uint32_t block = 0; block < d->blocks; block++) {
        if (fread(bytes, sizeof(bytes), 1, file) != 1) {
            return " cannot be read";
        }
        if (!is_zero(bytes) && !vdisk_put_block(s->kernel, d, block, bytes)) {
            return " does not fit in the host's memory";
        }
    }
    return NULL;
}

/* O_NONBLOCK: opening a pipe without a writer must not wait; load() then
   refuses the pipe. */
static FILE *open_file(const char *path, bool is_kept)
{
    int mode = is_kept ? O_RDONLY : O_RDWR;
    int fd = open(path, mode | O_NONBLOCK | O_CLOEXEC);
    FILE *file = fd < 0 ? NULL : fdopen(fd, "rb");
    if (fd >= 0 && !file) {
        int error = errno;
        close(fd);
        errno = error;
    }
    return file;
}

/* A refusal after the run would come too late. Returns NULL, or what is
   wrong. */
static const char *try_to_replace(const char *path)
{
    struct replacement r;
    if (replace_open(&r, path)) {
        replace_abandon(&r);
        return NULL;
    }
    return errno == EWOULDBLOCK ? "is being written by another run"
                                : strerror(errno);
}

bool disk_files_load(struct session *s, char message[SCENARIO_MESSAGE_BYTES])
{
    for (uint32_t i = 0; i < s->scenario->disk_count; i++) {
        const char *path = s->scenario->disks[i].file;
        if (!path) {
            continue;
        }
        FILE *file = open_file(path, s->options.keeps_files);
        if (!file) {
            char what[128];
            snprintf(what, sizeof(what), " cannot be opened to read%s: %s",
                     s->options.keeps_files ? "" : " and write",
                     strerror(errno));
            return complain(s, i, what, message);
        }
        const char *wrong = load(s, disk_of_item(s->kernel, i), file);
        fclose(file);
        if (wrong) {
            return complain(s, i, wrong, message);
        }
        wrong = s->options.keeps_files ? NULL : try_to_replace(path);
        if (wrong) {
            char what[128];
            snprintf(what, sizeof(what),
                     " cannot be replaced by a file beside it: %s", wrong);
            return complain(s, i, what, message);
        }
    }
    return true;
}

/* The whole disk; what is zero takes no room in the file. */
static bool write_disk(struct session *s, const struct vdisk *d, FILE *file)
{
    bool is_well = true;
    for (uint32_t block = 0; is_well && block < d->blocks; block++) {
        const uint8_t *bytes = vdisk_block(s->kernel, d, block);
        if (bytes && !is_zero(bytes)) {
            is_well =
                fseeko(file, (off_t)block * ABI_BLOCK_BYTES, SEEK_SET) == 0 &&
                fwrite(bytes, ABI_BLOCK_BYTES, 1, file) == 1;
        }
    }
    return is_well && fflush(file) == 0 &&
           ftruncate(fileno(file), (off_t)d->blocks * ABI_BLOCK_BYTES) == 0;
}

bool disk_files_copy(struct session *s, uint32_t item, const char *path)
{
    struct replacement r;
    return replace_open(&r, path) &&
           replace_finish(&r,
                          write_disk(s, disk_of_item(s->kernel, item), r.file));
}

bool disk_files_save(struct session *s, char message[SCENARIO_MESSAGE_BYTES])
{
    bool all_well = true;
    for (uint32_t i = 0; i < s->scenario->disk_count; i++) {
        const char *path = s->scenario->disks[i].file;
        if (path && !s->options.keeps_files && !disk_files_copy(s, i, path) &&
            all_well) {
            char what[128];
            snprintf(what, sizeof(what),
                     " cannot be written, and is as it was: %s",
                     strerror(errno));
            all_well = complain(s, i, what, message);
        }
    }
    return all_well;
}
