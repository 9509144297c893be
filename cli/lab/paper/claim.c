/* claim.c - see claim.h: what rules share, and what finds a claim. */
#include "cli/lab/paper/claim.h"

#include <string.h>

#define KEY_BYTES 64

const struct claim *claim_find(const char *name)
{
    for (const struct claim *c = claims; c->name; c++) {
        if (strcmp(c->name, name) == 0) {
            return c;
        }
    }
    return NULL;
}

const char *claim_kind_name(enum claim_kind kind)
{
    static const char *const names[] = { "input", "derived", "emergent",
                                         "unstated" };
    return names[kind];
}

double claim_number(const json_t *report, const char *path)
{
    const json_t *at = report;
    while (at && *path) {
        char key[KEY_BYTES];
        size_t length = strcspn(path, ".");
        SIM_ASSERT(length < sizeof(key));
        memcpy(key, path, length);
        key[length] = '\0';
        at = json_is_array(at) ? json_array_get(at, (size_t)(key[0] - '0'))
                               : json_object_get(at, key);
        path += length + (path[length] == '.');
    }
    return at ? json_number_value(at) : 0;
}

double claim_value(const struct claim_view *v, uint32_t series, uint32_t x)
{
    SIM_ASSERT(series < v->series_count && x < v->x_count);
    return v->claim->measure[0].read(v->reports[series][x]);
}

uint32_t claim_place(const struct claim_view *v, double x)
{
    uint32_t place = 0;
    while (place + 1 < v->x_count && v->x[place] < x) {
        place++;
    }
    return place;
}
