/* figures.c - the table of figures, and their names; see figures.h. */
#include "sim/report/figures.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/vocabulary/nearest.h"

#include "sim/banned.h"

/* Each category of cycles has its figure, in their order. */
#define X(constant, name, phrase, color) \
    _Static_assert(+FIGURE_##constant - FIGURE_CPU_GUEST == +constant, name);
CPU_CATEGORY_WORDS(X)
#undef X

/* ---- The table ---------------------------------------------------------- */

/* What stands at the top has no section: its path begins behind the dot. */
#define PATH(at, member, UNIT, part) \
    &(#at "." #member FIGURE_SUFFIX_##UNIT part)[sizeof(#at) == 1]

#define COMMON(at, S, member, HOW, UNIT, SCOPE, label_, sentence_)             \
    .row = PATH(at, member, UNIT, ""), .label = label_, .sentence = sentence_, \
    .section = SECTION_##S, .scope = SCOPE_##SCOPE, .unit = UNIT_##UNIT,       \
    .storage = STORAGE_##HOW

#define ROW(at, S, NAME, member, STORAGE, UNIT, SCOPE, label, short, sentence) \
    ROW_##STORAGE(at, S, NAME, member, UNIT, SCOPE, label, short, sentence)

#define ONE(at, S, NAME, member, STORAGE, UNIT, SCOPE, label, short, sentence, \
            place)                                                             \
    [FIGURE_##S##_##NAME] = { .path = PATH(at, member, UNIT, ""),              \
                              .short_name = short,                             \
                              .part = PART_NONE,                               \
                              .offset = place,                                 \
                              COMMON(at, S, member, STORAGE, UNIT, SCOPE,      \
                                     label, sentence) },
#define ROW_NUMBER(at, S, NAME, member, UNIT, SCOPE, label, short, sentence) \
    ONE(at, S, NAME, member, NUMBER, UNIT, SCOPE, label, short, sentence,    \
        offsetof(struct stats, at.member))
#define ROW_SPLIT(at, S, NAME, member, UNIT, SCOPE, label, short, sentence) \
    ONE(at, S, NAME, member, SPLIT, UNIT, SCOPE, label, short, sentence,    \
        offsetof(struct stats, at[CPU_##NAME]))
#define ROW_COMPUTED(at, S, NAME, member, UNIT, SCOPE, label, short, sentence) \
    ONE(at, S, NAME, member, COMPUTED, UNIT, SCOPE, label, short, sentence, 0)
#define GROUP_ROW(at, S, NAME, member, STORAGE, UNIT, SCOPE, label, short, \
                  sentence)                                                \
    ONE(at, S, NAME, member, STORAGE, UNIT, SCOPE, label, short, sentence, \
        offsetof(struct group_figures, member))

#define SHORT_PARTS(name)   name
#define SHORT_NONE(name)    NULL
#define PART_ID(S, NAME, P) FIGURE_##S##_##NAME##_##P
#define PART(P, key, name, per_mille, STORAGE, at, S, NAME, member, UNIT,  \
             SCOPE, label, short, sentence)                                \
    [PART_ID(S, NAME, P)] = { .path = PATH(at, member, UNIT, "." key),     \
                              .short_name = SHORT_##short(name),           \
                              .part = PART_##P,                            \
                              .offset = offsetof(struct stats, at.member), \
                              COMMON(at, S, member, STORAGE, UNIT, SCOPE,  \
                                     label, sentence) },
#define ROW_DISTRIBUTION(...) FIGURE_PARTS(PART, DISTRIBUTION, __VA_ARGS__)
#define ROW_BRIEF(...)        FIGURE_BRIEF_PARTS(PART, BRIEF, __VA_ARGS__)

const struct figure figure_table[FIGURE_COUNT] = { FIGURES(ROW, GROUP_ROW) };

static const char *const unit_names[] = {
#define UNIT_NAME(unit, name) [UNIT_##unit] = name,
    FIGURE_UNITS(UNIT_NAME)
};

static const char *const scope_names[] = {
#define SCOPE_NAME(scope, name) [SCOPE_##scope] = name,
    FIGURE_SCOPES(SCOPE_NAME)
};

static const char *const section_titles[] = {
#define SECTION_TITLE(section, title) [SECTION_##section] = title,
    FIGURE_SECTIONS(SECTION_TITLE)
};

const char *figure_unit_name(enum figure_unit unit)
{
    return unit_names[unit];
}

const char *figure_scope_name(enum figure_scope scope)
{
    return scope_names[scope];
}

const char *figure_part_name(enum figure_part part)
{
    static const struct {
        const char *key, *short_name;
    } names[] = {
#define PART_NAMES(part, key, short_name, ...) \
    [PART_##part] = { key, short_name },
        FIGURE_PARTS(PART_NAMES, )[PART_NONE] = { "", NULL },
#undef PART_NAMES
    };
    return names[part].short_name ? names[part].short_name : names[part].key;
}

const char *figure_section_title(enum figure_section section)
{
    return section_titles[section];
}

/* ---- Names -------------------------------------------------------------- */

#define GROUP_PREFIX "groups["

static bool is_word(const char *text, size_t length, const char *word)
{
    return word && strlen(word) == length && memcmp(text, word, length) == 0;
}

/* "groups[2].sent" as "groups[].sent" and 2. */
static bool take_group(const char *name, size_t length,
                       char plain[FIGURE_NAME_BYTES], uint32_t *group)
{
    size_t prefix = strlen(GROUP_PREFIX);
    size_t digits = 0;
    uint64_t number = 0;
    if (length <= prefix || memcmp(name, GROUP_PREFIX, prefix) != 0) {
        return false;
    }
    const char *at = name + prefix;
    while (prefix + digits < length && at[digits] >= '0' && at[digits] <= '9' &&
           number < UINT32_MAX / 10) {
        number = number * 10 + (uint64_t)(at[digits++] - '0');
    }
    size_t rest = length - prefix - digits;
    if (digits == 0 || prefix + rest >= FIGURE_NAME_BYTES) {
        return false;
    }
    snprintf(plain, FIGURE_NAME_BYTES, "%s%.*s", GROUP_PREFIX, (int)rest,
             at + digits);
    *group = (uint32_t)number;
    return true;
}

bool figure_find(const char *name, size_t length, struct figure_ref *ref)
{
    char plain[FIGURE_NAME_BYTES];
    *ref = (struct figure_ref){ .group = 0 };
    bool is_group = take_group(name, length, plain, &ref->group);
    if (is_group) {
        name = plain;
        length = strlen(plain);
    }
    for (int i = 0; i < FIGURE_COUNT; i++) {
        const struct figure *f = &figure_table[i];
        if (is_group == (f->section == SECTION_GROUP) &&
            (is_word(name, length, f->path) ||
             is_word(name, length, f->short_name))) {
            ref->id = (enum figure_id)i;
            return true;
        }
    }
    return false;
}

void figure_path(struct figure_ref ref, char path[FIGURE_NAME_BYTES])
{
    const char *plain = figure_table[ref.id].path;
    size_t prefix = strlen(GROUP_PREFIX);
    if (figure_table[ref.id].section == SECTION_GROUP) {
        snprintf(path, FIGURE_NAME_BYTES, "%s%u%s", GROUP_PREFIX, ref.group,
                 plain + prefix);
    } else {
        snprintf(path, FIGURE_NAME_BYTES, "%s", plain);
    }
}

void figure_name(struct figure_ref ref, char name[FIGURE_NAME_BYTES])
{
    if (figure_table[ref.id].short_name) {
        snprintf(name, FIGURE_NAME_BYTES, "%s",
                 figure_table[ref.id].short_name);
    } else {
        figure_path(ref, name);
    }
}

void figure_describe_unknown(const char *name, size_t length,
                             char message[FIGURE_MESSAGE_BYTES])
{
    char wrong[FIGURE_NAME_BYTES];
    snprintf(wrong, sizeof(wrong), "%.*s",
             length < sizeof(wrong) ? (int)length : (int)sizeof(wrong) - 1,
             name);
    struct nearest nearest = { .wrong = wrong };
    for (int i = 0; i < FIGURE_COUNT; i++) {
        nearest_try(&nearest, figure_table[i].path);
        if (figure_table[i].short_name) {
            nearest_try(&nearest, figure_table[i].short_name);
        }
    }
    snprintf(message, FIGURE_MESSAGE_BYTES,
             "there is no figure '%s'%s%s; `iksim figures` lists them", wrong,
             nearest.best ? ", perhaps " : "",
             nearest.best ? nearest.best : "");
}

/* ---- In a report that was written ---------------------------------------- */

bool figure_read(const json_t *written, struct figure_ref ref, double *value)
{
    char key[FIGURE_NAME_BYTES];
    const json_t *at = written;
    for (const char *path = figure_table[ref.id].path; at && *path;) {
        size_t length = strcspn(path, ".[");
        snprintf(key, sizeof(key), "%.*s", (int)length, path);
        at = json_object_get(at, key);
        path += length;
        if (*path == '[') {
            at = json_array_get(at, ref.group);
            path += strlen("[]");
        }
        path += *path == '.';
    }
    if (!json_is_number(at)) {
        return false;
    }
    *value = json_number_value(at);
    return true;
}

bool figure_find_missing(const json_t *written, struct figure_ref *missing)
{
    size_t groups = json_array_size(json_object_get(written, "groups"));
    for (int i = 0; i < FIGURE_COUNT; i++) {
        enum figure_section section = figure_table[i].section;
        size_t count = section == SECTION_GROUP  ? groups
                       : section == SECTION_HOST ? 0
                                                 : 1;
        for (uint32_t group = 0; group < count; group++) {
            double value;
            *missing = (struct figure_ref){ (enum figure_id)i, group };
            if (!figure_read(written, *missing, &value)) {
                return true;
            }
        }
    }
    return false;
}

/* ---- For people --------------------------------------------------------- */

static struct quantity value_text(enum figure_unit unit, double value)
{
    switch (unit) {
    case UNIT_NS:
        return quantity_time(value);
    case UNIT_SECONDS:
        return quantity_time(value * 1e9);
    case UNIT_BYTES:
        return quantity_size(value);
    case UNIT_KIB:
        return quantity_size(value * 1024);
    case UNIT_FRAMES:
        return quantity_size(value * SCENARIO_PAGE_BYTES);
    case UNIT_COUNT:
    case UNIT_PACKETS:
    case UNIT_PER_SECOND:
    case UNIT_MILLIONS_A_SECOND:
    case UNIT_SHARE:
    case UNIT_INDEX:
    case UNIT_AVERAGE:
        return quantity_number(value);
    }
    return quantity_number(value);
}

struct quantity figure_text(enum figure_id id, double value)
{
    struct quantity q = value_text(figure_table[id].unit, fabs(value));
    if (value < 0) {
        memmove(q.chars + 1, q.chars, sizeof(q.chars) - 2);
        q.chars[0] = '-';
        q.chars[sizeof(q.chars) - 1] = '\0';
    }
    return q;
}
