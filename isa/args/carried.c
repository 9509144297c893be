/* carried.c - see carried.h. */
#include "isa/args/carried.h"

#include <string.h>

#include "isa/image.h"
#include "isa/sections.h"
#include "sim/arena.h"
#include "sim/bytes.h"

/*
 * The text that begins there; NULL: it has no end within its field, or holds
 * what is not for a terminal. The image may be anybody's.
 */
static const char *text_at(const uint8_t *at, size_t limit)
{
    for (size_t i = 0; i < limit; i++) {
        if (at[i] == '\0') {
            return (const char *)at;
        }
        if (at[i] < ' ' || at[i] > '~') {
            return NULL;
        }
    }
    return NULL;
}

#define TEXT_OF(bytes, type, field) \
    text_at((bytes) + offsetof(type, field), sizeof(((type *)0)->field))

/* Whether the parser can work by the rule. */
static bool is_sound(const struct args_rule *rule)
{
    if (!rule->name || rule->name[0] == '\0' || !rule->unit ||
        rule->low > rule->high) {
        return false;
    }
    switch (rule->kind) {
    case ARGS_TIME:
        return args_unit_ns(rule->unit, strlen(rule->unit)) > 0;
    case ARGS_COUNT:
    case ARGS_SIZE:
    case ARGS_CHOICE:
    case ARGS_LIST:
        return true;
    }
    return false; /* A kind that this version does not know. */
}

static struct args_rule read_record(const uint8_t *r)
{
    return (struct args_rule){
        .name = TEXT_OF(r, struct args_record, name),
        .kind =
            (enum args_kind)get_le32(r + offsetof(struct args_record, kind)),
        .low = get_le64(r + offsetof(struct args_record, low)),
        .high = get_le64(r + offsetof(struct args_record, high)),
        .fallback = get_le64(r + offsetof(struct args_record, fallback)),
        .unit = TEXT_OF(r, struct args_record, unit),
    };
}

/* The header's checks; `count` is how many records follow. */
static const char *check_header(const struct section *s, uint32_t *count)
{
    const uint8_t *h = s->bytes;
    if (s->size_bytes < sizeof(struct args_header) ||
        memcmp(h, ARGS_MAGIC, sizeof(ARGS_MAGIC)) != 0 ||
        get_le32(h + offsetof(struct args_header, record_bytes)) !=
            sizeof(struct args_record)) {
        return "its table of arguments is of another version";
    }
    *count = get_le32(h + offsetof(struct args_header, count));
    if (*count > ARGS_LIMIT ||
        *count * sizeof(struct args_record) >
            s->size_bytes - sizeof(struct args_header) ||
        !TEXT_OF(h, struct args_header, summary)) {
        return "its table of arguments is cut off";
    }
    return NULL;
}

bool args_carried(struct args_table *table, struct arena *arena,
                  const struct image *image, const char **why)
{
    *table = (struct args_table){ .summary = NULL };
    struct section s = section_named(image, ARGS_SECTION);
    if (!s.bytes) {
        return true;
    }
    uint32_t count = 0;
    *why = check_header(&s, &count);
    if (*why) {
        return false;
    }
    struct args_rule *rules = arena_alloc(arena, (count + 1) * sizeof(*rules),
                                          alignof(struct args_rule));
    const char **meanings = arena_alloc(arena, (count + 1) * sizeof(*meanings),
                                        alignof(const char *));
    if (!rules || !meanings) {
        *why = "there is no memory for its table of arguments";
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        const uint8_t *r = s.bytes + sizeof(struct args_header) +
                           i * sizeof(struct args_record);
        rules[i] = read_record(r);
        meanings[i] = TEXT_OF(r, struct args_record, meaning);
        if (!is_sound(&rules[i]) || !meanings[i]) {
            *why = "its table of arguments is broken";
            return false;
        }
    }
    rules[count] = (struct args_rule){ .name = NULL };
    *table = (struct args_table){
        .summary = TEXT_OF(s.bytes, struct args_header, summary),
        .count = count,
        .rules = rules,
        .meanings = meanings,
    };
    return true;
}

const struct args_value *args_value_named(const struct args_table *table,
                                          const struct args_value *values,
                                          const char *name)
{
    for (uint32_t i = 0; i < table->count; i++) {
        if (strcmp(table->rules[i].name, name) == 0) {
            return &values[i];
        }
    }
    return NULL;
}
