/*
 * carried.h - the words of a guest's command line, as its image carries them
 * (section ARGS_SECTION).
 */
#ifndef ISA_ARGS_CARRIED_H
#define ISA_ARGS_CARRIED_H

#include "isa/args/args.h"
#include "sim/base.h"

#define ARGS_LIMIT 64 /* Words of a guest. */

struct arena;
struct image;

struct args_table {
    const char
        *summary; /* NULL: the image carries no words; any line will do.*/
    uint32_t count;
    const struct args_rule *rules; /* And one more, whose name is NULL. */
    const char *const *meanings;   /* Of each rule. */
};

/*
 * Reads the table of an image into *table, which borrows from the image and
 * the arena. False, with the reason (a static sentence): what the image carries
 * is broken, or the arena is full.
 */
SIM_MUST_USE bool args_carried(struct args_table *table, struct arena *arena,
                               const struct image *image, const char **why);

/* The value of the word `name` among those that args_read gave for the table;
   NULL: the table has no such word. */
const struct args_value *args_value_named(const struct args_table *table,
                                          const struct args_value *values,
                                          const char *name);

#endif /* ISA_ARGS_CARRIED_H */
