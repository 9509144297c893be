/* made_up.c - see made_up.h. It writes paths by itself, and not through what
   reads them. */
#include "tests/paper/made_up.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#define GROUPS 2

static json_t *inner(json_t *object, const char *key)
{
    json_t *found = json_object_get(object, key);
    if (!found) {
        found = json_object();
        json_object_set_new(object, key, found);
    }
    return found;
}

void made_up_set_group(json_t *report, uint32_t group, enum figure_id id,
                       double value)
{
    const char *path = figure_table[id].path;
    json_t *object = report;
    if (strncmp(path, "groups[].", 9) == 0) {
        object = json_array_get(json_object_get(report, "groups"), group);
        assert_non_null(object);
        path += 9;
    }
    for (const char *dot = strchr(path, '.'); dot; dot = strchr(path, '.')) {
        char key[FIGURE_NAME_BYTES];
        snprintf(key, sizeof(key), "%.*s", (int)(dot - path), path);
        object = inner(object, key);
        path = dot + 1;
    }
    json_object_set_new(object, path, json_real(value));
}

void made_up_set(json_t *report, enum figure_id id, double value)
{
    made_up_set_group(report, 0, id, value);
}

json_t *made_up_report(void)
{
    json_t *report = json_object();
    json_t *groups = json_array();
    for (uint32_t i = 0; i < GROUPS; i++) {
        json_array_append_new(groups, json_object());
    }
    json_object_set_new(report, "groups", groups);
    for (int i = 0; i < FIGURE_COUNT; i++) {
        for (uint32_t group = 0; group < GROUPS; group++) {
            made_up_set_group(report, group, (enum figure_id)i, 0);
        }
    }
    return report;
}
