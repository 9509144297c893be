/* nearest.c - see nearest.h. */
#include "sim/vocabulary/nearest.h"

#include <string.h>

#include "sim/banned.h"

#define NAME_LIMIT      40 /* Longer words are near to nothing. */
#define DISTANCE_LIMIT  2
#define BEGINNING_LEAST 3 /* Letters that say enough of a word. */

/* Levenshtein's. */
static size_t distance(const char *a, const char *b)
{
    size_t row[NAME_LIMIT + 1];
    size_t width = strlen(b);
    for (size_t j = 0; j <= width; j++) {
        row[j] = j;
    }
    for (size_t i = 0; a[i]; i++) {
        size_t diagonal = row[0];
        row[0] = i + 1;
        for (size_t j = 0; j < width; j++) {
            size_t best = diagonal + (a[i] != b[j]);
            best = row[j] + 1 < best ? row[j] + 1 : best;
            best = row[j + 1] + 1 < best ? row[j + 1] + 1 : best;
            diagonal = row[j + 1];
            row[j + 1] = best;
        }
    }
    return row[width];
}

void nearest_try(struct nearest *n, const char *known)
{
    size_t length = strlen(n->wrong);
    if (length > NAME_LIMIT || strlen(known) > NAME_LIMIT) {
        return;
    }
    size_t found = distance(n->wrong, known);
    size_t limit = length < 3 ? 1 : DISTANCE_LIMIT;
    if (length >= BEGINNING_LEAST && found > limit &&
        strncmp(n->wrong, known, length) == 0) {
        found = limit; /* Behind each that is nearer. */
    }
    /* Of two that are as near, the longer one: a letter is left out more often
       than it is mistaken. */
    bool is_nearer = !n->best || found < n->distance ||
                     (found == n->distance && strlen(known) > strlen(n->best));
    if (found <= limit && is_nearer) {
        n->best = known;
        n->distance = found;
    }
}
