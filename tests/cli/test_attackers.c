/*
 * test_attackers.c - each attacker is put beside a scenario as its page says:
 * workloads/attackers/NAME.md, whose folder is the test's argument.
 */
#include "cli/lab/isolate/attackers.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define VICTIMS  3
#define COUNT    2
#define FROM_NS  1000
#define TO_NS    41000
#define TWENTIES 20 /* As pages have it: "twenty times in a run". */

struct fixture {
    const char *folder;
    struct arena arena;
    struct attack_words words;
};

/* What the page has; "" where it does not say. */
struct page {
    char text[4096];
    char guest[256]; /* All that is quoted in the line of the guest. */
    char disk[32];   /* "64 MiB" */
};

static void read_page(const struct fixture *f, const char *name,
                      struct page *page)
{
    char path[512];
    snprintf(path, sizeof(path), "%s/%s.md", f->folder, name);
    FILE *file = fopen(path, "r");
    if (!file) {
        fail_msg("there is no page %s", path);
        return;
    }
    *page = (struct page){ .text = "" };
    size_t bytes = fread(page->text, 1, sizeof(page->text) - 1, file);
    fclose(file);
    assert_true(bytes < sizeof(page->text) - 1);
    const char *line = strstr(page->text, "\nGuest: ");
    assert_non_null(line);
    bool is_quoted = false;
    size_t used = 0;
    for (const char *at = line; *at; at++) {
        if (*at == '`') {
            is_quoted = !is_quoted;
            if (is_quoted && used > 0) {
                page->guest[used++] = ' ';
            }
        } else if (is_quoted) {
            page->guest[used++] = *at;
        }
    }
    const char *disk = strstr(line, "with a disk of ");
    if (disk) {
        (void)sscanf(disk, "with a disk of %31[^.]", page->disk);
    }
}

/* Beside a group of three VMs with two loads, a disk and four events. */
static void add(struct fixture *f, const struct attacker *a)
{
    struct scenario_vms group = { .count = VICTIMS };
    const struct scenario victims = { .group_count = 1,
                                      .vms = &group,
                                      .load_count = 2,
                                      .disk_count = 1,
                                      .event_count = 4 };
    const struct attack_span span = { FROM_NS, TO_NS };
    f->words = (struct attack_words){ .arena = &f->arena, .is_whole = true };
    attacker_add(a, &victims, COUNT, span, &f->words);
    assert_true(f->words.is_whole);
}

/* What is set behind a key; "" if nothing is. */
static const char *value_of(const struct fixture *f, const char *key)
{
    size_t bytes = strlen(key);
    for (uint32_t i = 0; i < f->words.count; i++) {
        if (strncmp(f->words.items[i], key, bytes) == 0 &&
            f->words.items[i][bytes] == '=') {
            return f->words.items[i] + bytes + 1;
        }
    }
    return "";
}

#define expect_set(f, key, ...)                             \
    do {                                                    \
        char want_[128];                                    \
        snprintf(want_, sizeof(want_), __VA_ARGS__);        \
        assert_string_equal(value_of((f), (key)), (want_)); \
    } while (0)

static void its_guest_and_its_disk_are_those_of_the_page(void **state)
{
    struct fixture *f = *state;
    for (const struct attacker *a = attacker_table; a->name; a++) {
        struct page page;
        char guest[256];
        char size[32] = "";
        read_page(f, a->name, &page);
        add(f, a);
        int n =
            snprintf(guest, sizeof(guest), "%s", value_of(f, "vms[1].image"));
        for (const char *at = value_of(f, "vms[1].args"); *at;) {
            int word = (int)strcspn(at, " ");
            /* Pages leave out whom it is for. */
            if (strncmp(at, "victims=", 8) == 0) {
                assert_int_equal(strtol(at + 8, NULL, 10), VICTIMS);
            } else {
                n += snprintf(guest + n, sizeof(guest) - (size_t)n, " %.*s",
                              word, at);
            }
            at += word + (at[word] == ' ');
        }
        assert_string_equal(guest, page.guest);
        const char *disk = value_of(f, "disks[1].size");
        if (*disk) {
            snprintf(size, sizeof(size), "%ld MiB", strtol(disk, NULL, 10));
            expect_set(f, "disks[1].vms", "attackers");
        }
        assert_string_equal(size, page.disk);
        expect_set(f, "vms[1].name", "attackers");
        expect_set(f, "vms[1].count", "%d", COUNT);
        expect_set(f, "vms[1].memory", "%s", a->memory);
    }
}

/* How many settings have that in their keys. */
static int count_of(const struct fixture *f, const char *part)
{
    int count = 0;
    for (uint32_t i = 0; i < f->words.count; i++) {
        count += strstr(f->words.items[i], part) != NULL;
    }
    return count;
}

static void vms_come_and_go_if_the_page_says_so(void **state)
{
    struct fixture *f = *state;
    for (const struct attacker *a = attacker_table; a->name; a++) {
        struct page page;
        read_page(f, a->name, &page);
        add(f, a);
        bool comes = strstr(page.text, "wenty times in") != NULL;
        bool goes = strstr(page.text, "destroys") != NULL;
        assert_int_equal(count_of(f, "].create=attackers"), comes * TWENTIES);
        assert_int_equal(count_of(f, "].destroy=attackers"), goes * TWENTIES);
        assert_int_equal(count_of(f, "].at="), (comes + goes) * TWENTIES);
        int hundred = strstr(page.text, "a hundred VMs") ? 100 : 1;
        for (int i = 0; comes && i < TWENTIES; i++) {
            int at = FROM_NS + i * (TO_NS - FROM_NS) / TWENTIES;
            char key[64];
            int e = 4 + i * (1 + goes);
            snprintf(key, sizeof(key), "events[%d].at", e);
            expect_set(f, key, "%dns", at);
            snprintf(key, sizeof(key), "events[%d].count", e);
            expect_set(f, key, "%d", COUNT * hundred);
            snprintf(key, sizeof(key), "events[%d].at", e + 1);
            if (goes) {
                expect_set(f, key, "%dns",
                           at + (TO_NS - FROM_NS) / TWENTIES / 2);
            }
        }
    }
}

static void what_is_sent_from_outside_is_the_next_load(void **state)
{
    struct fixture *f = *state;
    add(f, attacker_find("network-in"));
    expect_set(f, "load[2].kind", "datagram");
    expect_set(f, "load[2].target", "attackers");
    expect_set(f, "load[2].rate", "400000");
    assert_null(attacker_find("network-inward"));
}

/* A setting that finds no room is missed. */
static void what_has_no_room_is_not_whole(void **state)
{
    struct fixture *f = *state;
    add(f, attacker_find("hoard"));
    for (uint32_t i = f->words.count; i < ATTACK_SET_LIMIT; i++) {
        attack_add(&f->words, "a=%u", i);
    }
    assert_true(f->words.is_whole);
    attack_add(&f->words, "one too many");
    assert_false(f->words.is_whole);
    assert_int_equal(f->words.count, ATTACK_SET_LIMIT);
}

int main(int count, char **words)
{
    struct fixture f = { .folder = count > 1 ? words[1] : "." };
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(its_guest_and_its_disk_are_those_of_the_page,
                                  &f),
        cmocka_unit_test_prestate(vms_come_and_go_if_the_page_says_so, &f),
        cmocka_unit_test_prestate(what_is_sent_from_outside_is_the_next_load,
                                  &f),
        cmocka_unit_test_prestate(what_has_no_room_is_not_whole, &f),
    };
    if (!arena_map(&f.arena, ARENA_UNLIMITED)) {
        return 2;
    }
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_unmap(&f.arena);
    return failed;
}
