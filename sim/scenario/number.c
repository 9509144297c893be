/* number.c - what the text of a key's value is as a number. */
#include <string.h>

#include "sim/scenario/rules.h"
#include "sim/units.h"

#include "sim/banned.h"

/* NULL: there is no such key, or it is none of a single value. */
static const struct key_rule *find_rule(const char *key)
{
    size_t length = strcspn(key, ".[");
    const char *dot = strchr(key, '.');
    for (const struct key_mapping *m = key_mappings; dot && m->name; m++) {
        if (strlen(m->name) != length || memcmp(m->name, key, length) != 0) {
            continue;
        }
        for (const struct key_rule *r = m->rules; r->name; r++) {
            if (strcmp(r->name, dot + 1) == 0) {
                return r;
            }
        }
    }
    return NULL;
}

typedef const char *read_fn(const char *text, uint64_t *value);

static bool read_whole(read_fn *read, const char *text, const char *unit,
                       struct scenario_number *n)
{
    uint64_t value = 0;
    if (read(text, &value) || value > INT64_MAX) {
        return false;
    }
    *n = (struct scenario_number){ .unit = unit,
                                   .is_whole = true,
                                   .whole = (int64_t)value,
                                   .value = (double)value };
    return true;
}

static bool read_as(enum key_kind kind, const char *text,
                    struct scenario_number *n)
{
    switch (kind) {
    case KEY_WHOLE:
        return read_whole(units_read_whole, text, "", n);
    case KEY_TIME:
    case KEY_SPAN:
    case KEY_MOMENT:
        return read_whole(units_read_time, text, "ns", n);
    case KEY_SIZE:
        return read_whole(units_read_size, text, "bytes", n);
    case KEY_BITRATE:
        return read_whole(units_read_bitrate, text, "bit/s", n);
    case KEY_FRACTION:
        if (!read_whole(units_read_fraction, text, "share", n)) {
            return false;
        }
        n->is_whole = false;
        n->value /= 1e6;
        return true;
    case KEY_REAL:
        *n = (struct scenario_number){ .unit = "" };
        return units_read_real(text, &n->value) == NULL;
    case KEY_SPECIAL:
    case KEY_TEXT:
    case KEY_WORD:
        return false;
    }
    return false;
}

/* An argument of a policy is a number if it can be read as one. */
bool scenario_read_number(const char *key, const char *text,
                          struct scenario_number *n)
{
    if (strstr(key, "_args.")) {
        return read_as(KEY_WHOLE, text, n) || read_as(KEY_TIME, text, n);
    }
    const struct key_rule *rule = find_rule(key);
    return rule && read_as(rule->kind, text, n);
}
