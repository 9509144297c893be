/*
 * cmdline.h - the boot command line: words `key=value`, for example
 * "size=2258 port=80". A word that a guest does not know is a panic, for a
 * misspelt key should not quietly mean the default.
 */
#ifndef ILWACO_CMDLINE_H
#define ILWACO_CMDLINE_H

#include <stddef.h>
#include <stdint.h>

/* The last value of `key`, not 0-terminated, or NULL when it is not given. */
const char *cmdline_find(const char *line, const char *key,
                         size_t *value_bytes);

/*
 * The first word of `line` whose key is none of `keys`, or that is not of the
 * form key=value; NULL when all are fine.
 */
const char *cmdline_unknown(const char *line, const char *const *keys,
                            size_t count, size_t *word_bytes);

/* Panic unless this VM's command line holds only these keys. */
void cmdline_accept(const char *const *keys, size_t count);

/*
 * The number of `key` on this VM's command line (0x for hexadecimal; KiB and
 * MiB may follow, for sizes), or `absent`. A panic when it is no number or not
 * in [low, high].
 */
uint32_t cmdline_u32(const char *key, uint32_t absent, uint32_t low,
                     uint32_t high);

#endif /* ILWACO_CMDLINE_H */
