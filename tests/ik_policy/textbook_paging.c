/* textbook_paging.c - see textbook_paging.h. */
#include "tests/ik_policy/textbook_paging.h"

#include <string.h>

#include "sim/base.h"

/* Where a page is among `count` of them, or `count`. */
static uint32_t find(const uint8_t *pages, uint32_t count, uint8_t page)
{
    uint32_t i = 0;
    while (i < count && pages[i] != page) {
        i++;
    }
    return i;
}

/* Takes out the page at `at`, and adds `page` at the end. */
static void shift_in(uint8_t *pages, uint32_t count, uint32_t at, uint8_t page)
{
    memmove(pages + at, pages + at + 1, count - at - 1);
    pages[count - 1] = page;
}

/* Adds `page` at the end of `count` pages, in place of the first one if all
   frames are taken; returns how many there are. */
static uint32_t bring_in(uint8_t *pages, uint32_t count, uint32_t frames,
                         uint8_t page)
{
    if (count == frames) {
        shift_in(pages, count, 0, page);
        return count;
    }
    pages[count] = page;
    return count + 1;
}

uint32_t textbook_fifo(const uint8_t *string, size_t length, uint32_t frames)
{
    uint8_t pages[PAGE_LIMIT];
    uint32_t count = 0;
    uint32_t faults = 0;
    for (size_t i = 0; i < length; i++) {
        if (find(pages, count, string[i]) < count) {
            continue;
        }
        faults++;
        count = bring_in(pages, count, frames, string[i]);
    }
    return faults;
}

uint32_t textbook_lru(const uint8_t *string, size_t length, uint32_t frames)
{
    uint8_t pages[PAGE_LIMIT]; /* The most recent at the end. */
    uint32_t count = 0;
    uint32_t faults = 0;
    for (size_t i = 0; i < length; i++) {
        uint32_t at = find(pages, count, string[i]);
        if (at < count) {
            shift_in(pages, count, at, string[i]);
            continue;
        }
        faults++;
        count = bring_in(pages, count, frames, string[i]);
    }
    return faults;
}

/* Frames in a circle, a bit each, replaced where they are. */
uint32_t textbook_clock(const uint8_t *string, size_t length, uint32_t frames)
{
    uint8_t pages[PAGE_LIMIT];
    bool bits[PAGE_LIMIT] = { false };
    uint32_t count = 0;
    uint32_t hand = 0;
    uint32_t faults = 0;
    SIM_ASSERT(frames > 0);
    for (size_t i = 0; i < length; i++) {
        uint32_t at = find(pages, count, string[i]);
        if (at < count) {
            bits[at] = true;
            continue;
        }
        faults++;
        if (count < frames) {
            at = count++;
        } else {
            for (; bits[hand]; hand = (hand + 1) % frames) {
                bits[hand] = false;
            }
            at = hand;
            hand = (hand + 1) % frames;
        }
        pages[at] = string[i];
        bits[at] = true;
    }
    return faults;
}

/* The page whose next use is farthest away: nothing can do better. */
uint32_t textbook_opt(const uint8_t *string, size_t length, uint32_t frames)
{
    uint8_t pages[PAGE_LIMIT];
    uint32_t count = 0;
    uint32_t faults = 0;
    for (size_t i = 0; i < length; i++) {
        if (find(pages, count, string[i]) < count) {
            continue;
        }
        faults++;
        if (count < frames) {
            pages[count++] = string[i];
            continue;
        }
        uint32_t farthest = 0;
        size_t distance = 0;
        for (uint32_t p = 0; p < count; p++) {
            size_t next = i + 1;
            while (next < length && string[next] != pages[p]) {
                next++;
            }
            if (next > distance) {
                distance = next;
                farthest = p;
            }
        }
        pages[farthest] = string[i];
    }
    return faults;
}

struct circle {
    uint8_t page;
    bool is_used; /* The use bit. */
    uint64_t last_use;
};

/* The frame that the hand stops at; in a turn without one past tau the first
   whose use bit was clear; or where it began. */
static uint32_t sweep(struct circle *c, uint32_t frames, uint32_t hand,
                      const uint64_t *now, uint64_t tau)
{
    uint32_t first = frames;
    for (uint32_t i = 0; i < frames; i++) {
        uint32_t at = (hand + i) % frames;
        uint64_t vt = now[textbook_vm(c[at].page)];
        if (c[at].is_used) {
            c[at].is_used = false;
            c[at].last_use = vt;
        } else if (vt - c[at].last_use > tau) {
            return at;
        } else if (first == frames) {
            first = at;
        }
    }
    return first < frames ? first : hand;
}

uint32_t textbook_wsclock(const uint8_t *string, size_t length, uint32_t frames,
                          uint64_t tau)
{
    struct circle c[PAGE_LIMIT];
    uint64_t now[TEXTBOOK_VMS] = { 0 };
    uint32_t count = 0;
    uint32_t hand = 0;
    uint32_t faults = 0;
    SIM_ASSERT(frames > 0);
    for (size_t i = 0; i < length; i++) {
        now[textbook_vm(string[i])]++;
        uint32_t at = 0;
        while (at < count && c[at].page != string[i]) {
            at++;
        }
        if (at == count) {
            faults++;
            at = count < frames ? count++ : sweep(c, frames, hand, now, tau);
            hand = count < frames ? 0 : (at + 1) % frames;
            c[at].page = string[i];
            c[at].last_use = now[textbook_vm(string[i])];
        }
        c[at].is_used = true;
    }
    return faults;
}
