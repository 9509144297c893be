/*
 * vocabulary.h - the words of words.h as tables: from a value to its name, its
 * phrase and its colour, and from a name to its value.
 */
#ifndef SIM_VOCABULARY_H
#define SIM_VOCABULARY_H

#include "sim/base.h"
#include "sim/vocabulary/palette.h"
#include "sim/vocabulary/words.h"

struct word {
    const char *name;   /* "rx-drop": letters, digits and hyphens. */
    const char *phrase; /* In a sentence; each list says in which. */
    enum palette_color color;
};

struct vocabulary {
    const char *title;        /* What it names, in the singular. */
    const struct word *words; /* By the enumeration's constants, from 0. */
    uint32_t count;
};

/* vm_state_words and so on. */
#define L(tag, STEM, title) extern const struct vocabulary tag##_words;
VOCABULARIES(L)
#undef L

/* All of them; ended by NULL. */
extern const struct vocabulary *const vocabularies[];

/* The row of `value`; where there is none, as a damaged file may have it, "?"
   without a colour. */
const struct word *word_of(const struct vocabulary *v, uint64_t value);

/* word_of's name and phrase. */
const char *word_name(const struct vocabulary *v, uint64_t value);
const char *word_phrase(const struct vocabulary *v, uint64_t value);

/* The value whose short name is the `length` characters at `name`. False: none
   is, and *value is unchanged. */
SIM_MUST_USE bool word_find(const struct vocabulary *v, const char *name,
                            size_t length, uint32_t *value);

/* Whether a mask, which has a bit for each value, has that of `value`. */
static inline bool word_set_has(uint64_t mask, uint32_t value)
{
    return mask >> value & 1;
}

#define WORD_SET_BYTES 64 /* Room for the names of a whole mask. */

/* The names of the bits that are set, "net-rx+alarm"; "none". `v` has at most
   VIRQ_COUNT words. */
void word_set(const struct vocabulary *v, uint64_t mask,
              char text[WORD_SET_BYTES]);

#endif /* SIM_VOCABULARY_H */
