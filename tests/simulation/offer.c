/* offer.c - what the program has, asked of itself; see draw.h. */
#define _DEFAULT_SOURCE /* strtok_r */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/simulation/child.h"
#include "tests/simulation/draw.h"

#define TEXT_BYTES 65536

/* What the program prints when it is called so; the caller's. NULL: it fails. */
static char *ask(const struct offer *o, const char *command, const char *name)
{
    char path[1024];
    snprintf(path, sizeof(path), "%s/asked", o->folder);
    struct child c = { .args = { o->iksim, command, name }, .out = path };
    char *text = calloc(1, TEXT_BYTES);
    SIM_ASSERT(text);
    FILE *file = child_run(&c).code == 0 ? fopen(path, "r") : NULL;
    if (!file) {
        free(text);
        return NULL;
    }
    size_t got = fread(text, 1, TEXT_BYTES - 1, file);
    fclose(file);
    text[got] = '\0';
    return text;
}

/* A line is "KEY: what" or "* NAME what" or "  NAME what". */
static void read_policy_line(struct offer *o, char *line, json_t **list)
{
    char *colon = strchr(line, ':');
    if (isalpha((unsigned char)line[0]) && colon) {
        *colon = '\0';
        *list = json_array();
        json_object_set_new(o->policies, line, *list);
    } else if (*list && (line[0] == '*' || line[0] == ' ') &&
               isalnum((unsigned char)line[2])) {
        line[2 + strcspn(line + 2, " ")] = '\0';
        json_array_append_new(*list, json_string(line + 2));
    }
}

/* "...argument KEY: what. From A to B; ..." or "Either A or B". */
static void read_arguments(struct offer *o, const char *policy,
                           const char *text)
{
    static const char mark[] = "argument";
    for (const char *at = text; (at = strstr(at, mark)) != NULL;) {
        at += strlen(mark);
        at += strspn(at, " \n");
        char key[96];
        snprintf(key, sizeof(key), "%.*s", (int)strcspn(at, ":"), at);
        const char *end = strstr(at, "if it is not");
        const char *from = strstr(at, "From ");
        if (strncmp(key, "kernel.", 7) != 0 || !end) {
            continue;
        }
        bool is_number = from && from < end;
        double low = 0;
        double high = 1;
        if (is_number) {
            char *rest = NULL;
            low = strtod(from + 5, &rest);
            rest += strspn(rest, " \n");
            high = strncmp(rest, "to", 2) == 0 ? strtod(rest + 2, NULL) : low;
        }
        json_array_append_new(o->arguments,
                              json_pack("{s:s, s:s, s:f, s:f, s:b}", "key", key,
                                        "policy", policy, "low", low, "high",
                                        high, "is_number", is_number));
    }
}

static bool ask_policies(struct offer *o)
{
    char *text = ask(o, "policies", NULL);
    json_t *list = NULL;
    char *rest = NULL;
    for (char *line = text ? strtok_r(text, "\n", &rest) : NULL; line;
         line = strtok_r(NULL, "\n", &rest)) {
        read_policy_line(o, line, &list);
    }
    free(text);
    const char *key;
    json_t *names;
    json_object_foreach(o->policies, key, names)
    {
        size_t i;
        json_t *name;
        json_array_foreach(names, i, name)
        {
            bool has_more = strncmp(key, "kernel.", 7) == 0 &&
                            strcmp(key, "kernel.disk_queue") != 0;
            text =
                has_more ? ask(o, "policies", json_string_value(name)) : NULL;
            if (text) {
                read_arguments(o, json_string_value(name), text);
            }
            free(text);
        }
    }
    return json_object_size(o->policies) > 0;
}

static bool ask_guests(struct offer *o)
{
    char *text = ask(o, "guests", NULL);
    char *rest = NULL;
    for (char *line = text ? strtok_r(text, "\n", &rest) : NULL; line;
         line = strtok_r(NULL, "\n", &rest)) {
        line[strcspn(line, " ")] = '\0';
        json_array_append_new(o->guests, json_string(line));
    }
    free(text);
    return json_array_size(o->guests) > 0;
}

bool offer_ask(struct offer *o)
{
    o->policies = json_object();
    o->arguments = json_array();
    o->guests = json_array();
    return ask_policies(o) && ask_guests(o);
}

void offer_release(struct offer *o)
{
    json_decref(o->policies);
    json_decref(o->arguments);
    json_decref(o->guests);
}
