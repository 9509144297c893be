/* symbols.c - see symbols.h. */
#include "isa/symbols.h"

#include <stdlib.h>
#include <string.h>

#include "isa/image.h"
#include "isa/sections.h"
#include "sim/arena.h"
#include "sim/bytes.h"
#include "sim/vocabulary/text.h"

/* The parts of ELF that matter here, by the System V ABI. */
enum {
    SYM_BYTES = 16,
    STT_NOTYPE = 0,
    STT_FUNC = 2,
};

/* The symbol's name if it is one for text, and may be shown, else NULL. */
static const char *name_of(const struct image *image, const uint8_t *sym,
                           const struct section *strings)
{
    uint32_t at = get_le32(sym);
    uint32_t type = sym[12] & 15;
    if ((type != STT_FUNC && type != STT_NOTYPE) ||
        !image_page_is_text(image, get_le32(sym + 4)) ||
        at >= strings->size_bytes || strings->bytes[at] == '\0' ||
        !memchr(strings->bytes + at, '\0', strings->size_bytes - at)) {
        return NULL;
    }
    const char *name = (const char *)strings->bytes + at;
    return text_is_plain(name) ? name : NULL;
}

/* By address; of one address, by name, so that no sort decides. */
static int compare(const void *left, const void *right)
{
    const struct symbol *a = left;
    const struct symbol *b = right;
    if (a->va != b->va) {
        return a->va < b->va ? -1 : 1;
    }
    return strcmp(a->name, b->name);
}

static void drop_aliases(struct symbols *s)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < s->count; i++) {
        if (kept == 0 || s->all[kept - 1].va != s->all[i].va) {
            s->all[kept++] = s->all[i];
        }
    }
    s->count = kept;
}

bool symbols_read(struct symbols *s, struct arena *arena,
                  const struct image *image)
{
    *s = (struct symbols){ NULL, 0 };
    struct section table = section_of_type(image, SECTION_SYMTAB);
    struct section strings = section_at(image, table.link, SECTION_STRTAB);
    uint32_t count = table.size_bytes / SYM_BYTES;
    if (!table.bytes || !strings.bytes || count == 0) {
        return true;
    }
    s->all =
        arena_alloc(arena, count * sizeof(*s->all), alignof(struct symbol));
    if (!s->all) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        const uint8_t *sym = table.bytes + (size_t)i * SYM_BYTES;
        const char *name = name_of(image, sym, &strings);
        if (name) {
            s->all[s->count++] = (struct symbol){ get_le32(sym + 4), name };
        }
    }
    qsort(s->all, s->count, sizeof(*s->all), compare);
    drop_aliases(s);
    return true;
}

const struct symbol *symbols_find(const struct symbols *s, uint32_t va)
{
    uint32_t low = 0;
    uint32_t high = s->count; /* The first past `va` is in [low, high]. */
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (s->all[middle].va <= va) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low > 0 ? &s->all[low - 1] : NULL;
}
