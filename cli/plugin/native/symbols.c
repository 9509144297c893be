/* symbols.c - see symbols.h. */
#define _POSIX_C_SOURCE 200809L
#include "cli/plugin/native/symbols.h"

#include <elf.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/plugin/plugin.h"

/* What compilers call by themselves, and what has one result everywhere. */
static const char *const allowed[] = {
    "memcpy",         "memmove",      "memset",           "memcmp",
    "strlen",         "strcmp",       "strncmp",          "__memcpy_chk",
    "__memmove_chk",  "__memset_chk", "__stack_chk_fail", "__cxa_finalize",
    "__gmon_start__", "abort",        "__assert_fail",    "sqrt",
};

static bool is_allowed(const char *name)
{
    for (size_t i = 0; i < sizeof(allowed) / sizeof(allowed[0]); i++) {
        if (strcmp(name, allowed[i]) == 0) {
            return true;
        }
    }
    return strncmp(name, "_ITM_", 5) == 0;
}

/* A file in memory. */
struct file {
    const uint8_t *bytes;
    size_t size;
};

/* Copies `bytes` at `offset`. False: the file is shorter. */
static bool copy(const struct file *f, uint64_t offset, void *to, size_t bytes)
{
    if (offset > f->size || bytes > f->size - offset) {
        return false;
    }
    memcpy(to, f->bytes + offset, bytes);
    return true;
}

/* The name at `offset` of a table of strings, which ends within the file. */
static const char *name_at(const struct file *f, const Elf64_Shdr *strings,
                           uint64_t offset)
{
    uint64_t at = strings->sh_offset + offset;
    return at < f->size && memchr(f->bytes + at, '\0', f->size - at)
               ? (const char *)(f->bytes + at)
               : "";
}

/* The first name in that table of symbols that may not be asked for; NULL. */
static const char *find_in(const struct file *f, const Elf64_Shdr *table,
                           const Elf64_Shdr *strings)
{
    Elf64_Sym symbol;
    for (uint64_t at = 0;
         at + sizeof(symbol) <= table->sh_size &&
         copy(f, table->sh_offset + at, &symbol, sizeof(symbol));
         at += sizeof(symbol)) {
        const char *name = name_at(f, strings, symbol.st_name);
        if (symbol.st_shndx == SHN_UNDEF && name[0] != '\0' &&
            !is_allowed(name)) {
            return name;
        }
    }
    return NULL;
}

static const char *find(const struct file *f)
{
    Elf64_Ehdr head;
    Elf64_Shdr table;
    Elf64_Shdr strings;
    if (!copy(f, 0, &head, sizeof(head)) ||
        memcmp(head.e_ident, ELFMAG, SELFMAG) != 0 ||
        head.e_ident[EI_CLASS] != ELFCLASS64) {
        return NULL;
    }
    for (uint64_t i = 0; i < head.e_shnum; i++) {
        if (copy(f, head.e_shoff + i * sizeof(table), &table, sizeof(table)) &&
            table.sh_type == SHT_DYNSYM &&
            copy(f, head.e_shoff + table.sh_link * sizeof(strings), &strings,
                 sizeof(strings))) {
            return find_in(f, &table, &strings);
        }
    }
    return NULL;
}

bool symbols_are_own(const char *path, const char *name, char *message)
{
    struct stat status;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool is_file = fd >= 0 && fstat(fd, &status) == 0 && status.st_size > 0;
    void *at = is_file ? mmap(NULL, (size_t)status.st_size, PROT_READ,
                              MAP_PRIVATE, fd, 0)
                       : MAP_FAILED;
    if (fd >= 0) {
        close(fd);
    }
    if (at == MAP_FAILED) {
        return true;
    }
    const struct file file = { at, (size_t)status.st_size };
    const char *wrong = find(&file);
    if (wrong) {
        snprintf(message, PLUGIN_MESSAGE_BYTES,
                 "'%.200s' uses '%.64s', which is the host's: a policy has "
                 "iksim/policy.h, and memcpy() and the like",
                 name, wrong);
    }
    munmap(at, file.size);
    return !wrong;
}
