/* scenario_fixture.c - see scenario_fixture.h. */
#define _DEFAULT_SOURCE /* mkdtemp, rmdir */
#include "tests/sim/scenario_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static void fixture_init(struct scenario_fixture *f)
{
    snprintf(f->dir, sizeof(f->dir), "/tmp/iksim-scenario-XXXXXX");
    assert_non_null(mkdtemp(f->dir));
    snprintf(f->path, sizeof(f->path), "%s/s.yaml", f->dir);
    snprintf(f->saved, sizeof(f->saved), "%s/saved.yaml", f->dir);
    assert_true(arena_map(&f->arena, 256 << 20));
}

int scenario_set_up(void **state)
{
    static struct scenario_fixture f;
    fixture_init(&f);
    *state = &f;
    return 0;
}

int scenario_tear_down(void **state)
{
    struct scenario_fixture *f = *state;
    arena_unmap(&f->arena);
    remove(f->path);
    remove(f->saved);
    rmdir(f->dir);
    return 0;
}

struct scenario *load_bytes(struct scenario_fixture *f, const void *text,
                            size_t size_bytes, const char *const *sets)
{
    FILE *file = fopen(f->path, "wb");
    if (!file) {
        fail_msg("%s cannot be written", f->path);
        return NULL;
    }
    size_t written = fwrite(text, 1, size_bytes, file);
    int closed = fclose(file);
    assert_int_equal(written, size_bytes);
    assert_int_equal(closed, 0);
    struct scenario_options options = { .sets = sets };
    while (sets && sets[options.set_count]) {
        options.set_count++;
    }
    f->arena.used_bytes = 0;
    f->message[0] = '\0';
    struct scenario *s =
        scenario_load(&f->arena, f->path, &options, f->message);
    /* A failure, and only a failure, has its sentence. */
    assert_int_equal(!s, f->message[0] != '\0');
    return s;
}

struct scenario *load_text(struct scenario_fixture *f, const char *text,
                           const char *const *sets)
{
    return load_bytes(f, text, strlen(text), sets);
}
