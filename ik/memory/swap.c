/* swap.c - see swap.h. */
#include "ik/memory/swap.h"

#include <string.h>

#include "sim/arena.h"

#define CHUNK_PAGES 16ull

bool swap_init(struct swap *s, struct arena *arena,
               const struct swap_config *config)
{
    *s = (struct swap){
        .disk_count = config->disk_count,
        .unit_pages = config->unit_pages,
        .arena = arena,
        .extent_limit = config->region_limit + 1,
    };
    s->disks = arena_alloc(arena, s->disk_count * sizeof(*s->disks),
                           alignof(struct disk));
    s->extents = arena_alloc(arena, s->extent_limit * sizeof(*s->extents),
                             alignof(struct swap_extent));
    if (!s->disks || !s->extents) {
        return false;
    }
    uint64_t pages = 0;
    for (uint32_t i = 0; i < s->disk_count; i++) {
        disk_init(&s->disks[i], config->model, config->policy, config->events,
                  config->cpu_hz);
        if (!disk_share(&s->disks[i], arena, config->owners)) {
            return false;
        }
        pages += s->disks[i].block_count / s->unit_pages * s->unit_pages;
    }
    s->page_count = pages < config->page_limit ? pages : config->page_limit;
    uint64_t chunks = (s->page_count + CHUNK_PAGES - 1) / CHUNK_PAGES;
    s->chunks = (uint8_t **)arena_alloc(arena, chunks * sizeof(*s->chunks),
                                        alignof(uint8_t *));
    if (!s->chunks) {
        return false;
    }
    s->extents[0] = (struct swap_extent){ 0, s->page_count };
    s->extent_count = 1;
    s->free_pages = s->page_count;
    return true;
}

static uint64_t whole_units(const struct swap *s, uint64_t pages)
{
    return (pages + s->unit_pages - 1) / s->unit_pages * s->unit_pages;
}

static void remove_extent(struct swap *s, uint32_t index)
{
    s->extent_count--;
    memmove(&s->extents[index], &s->extents[index + 1],
            (s->extent_count - index) * sizeof(*s->extents));
}

bool swap_take(struct swap *s, uint64_t pages, uint64_t *first)
{
    uint64_t need = whole_units(s, pages);
    for (uint32_t i = 0; i < s->extent_count; i++) {
        struct swap_extent *e = &s->extents[i];
        if (e->count < need) {
            continue;
        }
        *first = e->first;
        e->first += need;
        e->count -= need;
        s->free_pages -= need;
        if (e->count == 0) {
            remove_extent(s, i);
        }
        return true;
    }
    return false;
}

void swap_give_back(struct swap *s, uint64_t first, uint64_t pages)
{
    uint64_t count = whole_units(s, pages);
    s->free_pages += count;
    uint32_t i = 0;
    while (i < s->extent_count && s->extents[i].first < first) {
        i++;
    }
    bool joins_before =
        i > 0 && s->extents[i - 1].first + s->extents[i - 1].count == first;
    bool joins_after =
        i < s->extent_count && first + count == s->extents[i].first;
    if (joins_before) {
        s->extents[i - 1].count += count;
        if (joins_after) {
            s->extents[i - 1].count += s->extents[i].count;
            remove_extent(s, i);
        }
    } else if (joins_after) {
        s->extents[i].first = first;
        s->extents[i].count += count;
    } else {
        SIM_ASSERT(s->extent_count < s->extent_limit);
        memmove(&s->extents[i + 1], &s->extents[i],
                (s->extent_count - i) * sizeof(*s->extents));
        s->extents[i] = (struct swap_extent){ first, count };
        s->extent_count++;
    }
}

struct disk *swap_locate(struct swap *s, uint64_t page, uint64_t *block)
{
    SIM_ASSERT(page < s->page_count);
    uint64_t unit = page / s->unit_pages;
    *block = unit / s->disk_count * s->unit_pages + page % s->unit_pages;
    return &s->disks[unit % s->disk_count];
}

bool swap_make_room(struct swap *s, uint64_t page, uint64_t count)
{
    SIM_ASSERT(count > 0 && page + count <= s->page_count);
    uint64_t last = (page + count - 1) / CHUNK_PAGES;
    for (uint64_t i = page / CHUNK_PAGES; i <= last; i++) {
        if (!s->chunks[i]) {
            s->chunks[i] = arena_alloc(s->arena, CHUNK_PAGES * ABI_PAGE_BYTES,
                                       ABI_PAGE_BYTES);
        }
        if (!s->chunks[i]) {
            return false;
        }
    }
    return true;
}

const uint8_t *swap_read(const struct swap *s, uint64_t page)
{
    static const uint8_t zeros[ABI_PAGE_BYTES] = { 0 };
    SIM_ASSERT(page < s->page_count);
    const uint8_t *chunk = s->chunks[page / CHUNK_PAGES];
    return chunk ? chunk + page % CHUNK_PAGES * ABI_PAGE_BYTES : zeros;
}

uint8_t *swap_write(struct swap *s, uint64_t page)
{
    SIM_ASSERT(page < s->page_count);
    uint8_t *chunk = s->chunks[page / CHUNK_PAGES];
    SIM_ASSERT(chunk);
    return chunk + page % CHUNK_PAGES * ABI_PAGE_BYTES;
}
