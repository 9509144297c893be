/* words.c - see words.h. */
#include "cli/views/explain/words.h"

#include <stdio.h>

#include "sim/devices/machine.h"
#include "sim/quantity.h"

void words_duration(uint64_t cycles, uint64_t cpu_hz, char text[WORDS_BYTES])
{
    struct quantity q = quantity_time((double)ns_from_cycles(cycles, cpu_hz));
    (void)snprintf(text, WORDS_BYTES, "%s", q.chars);
}

void words_moment(uint64_t cycles, uint64_t cpu_hz, char text[WORDS_BYTES])
{
    uint64_t ns = ns_from_cycles(cycles, cpu_hz);
    (void)snprintf(text, WORDS_BYTES, "%llu.%06llu ms",
                   (unsigned long long)(ns / 1000000),
                   (unsigned long long)(ns % 1000000));
}

void words_place(uint64_t place, char text[WORDS_BYTES])
{
    static const char *const ends[] = { "th", "st", "nd", "rd" };
    if (place == 1) {
        (void)snprintf(text, WORDS_BYTES, "first");
        return;
    }
    uint64_t last = place % 10;
    bool is_teen = place / 10 % 10 == 1;
    (void)snprintf(text, WORDS_BYTES, "%llu%s", (unsigned long long)place,
                   ends[is_teen || last > 3 ? 0 : last]);
}

void words_count(uint64_t count, const char *noun, char text[WORDS_BYTES])
{
    if (count == 0) {
        (void)snprintf(text, WORDS_BYTES, "no %ss", noun);
    } else {
        (void)snprintf(text, WORDS_BYTES, "%llu %s%s",
                       (unsigned long long)count, noun, count == 1 ? "" : "s");
    }
}
