/* test_replace.c - a file is replaced whole, or stays as it was. */
#define _DEFAULT_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/replace.h"

#define NEW "f.iksim-new"

static int enter_folder(void **state)
{
    static char folder[] = "/tmp/replace-XXXXXX";
    memcpy(strchr(folder, '-'), "-XXXXXX", sizeof("-XXXXXX"));
    *state = folder;
    return mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static int leave_folder(void **state)
{
    static const char *const names[] = { "f", NEW, "link", "deep/f", "hard" };
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        unlink(names[i]);
    }
    rmdir("deep");
    return chdir("/") == 0 && rmdir(*state) == 0 ? 0 : -1;
}

static void put(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static void expect_text(const char *path, const char *text)
{
    char got[64] = "";
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    got[fread(got, 1, sizeof(got) - 1, file)] = '\0';
    fclose(file);
    assert_string_equal(got, text);
}

static void replace(const char *path, const char *text)
{
    struct replacement r;
    assert_true(replace_open(&r, path));
    fputs(text, r.file);
    assert_true(replace_finish(&r, true));
    assert_null(r.file);
}

static void a_new_file_and_an_old_one_get_all_of_it(void **state)
{
    (void)state;
    replace("f", "one");
    expect_text("f", "one");
    replace("f", "another");
    expect_text("f", "another");
    assert_int_not_equal(access(NEW, F_OK), 0);
}

static void what_is_not_whole_changes_nothing(void **state)
{
    (void)state;
    put("f", "old");
    struct replacement r;
    assert_true(replace_open(&r, "f"));
    fputs("new", r.file);
    fflush(r.file);
    expect_text("f", "old");
    errno = ENOSPC;
    assert_false(replace_finish(&r, false));
    assert_int_equal(errno, ENOSPC);
    expect_text("f", "old");
    assert_int_not_equal(access(NEW, F_OK), 0);
    assert_true(replace_open(&r, "f"));
    replace_abandon(&r);
    expect_text("f", "old");
}

static void what_a_killed_program_left_is_taken_over(void **state)
{
    (void)state;
    put("f", "old");
    put(NEW, "much longer than what comes");
    replace("f", "new");
    expect_text("f", "new");
}

static void two_do_not_write_at_once(void **state)
{
    (void)state;
    put("f", "old");
    struct replacement first;
    struct replacement second;
    assert_true(replace_open(&first, "f"));
    assert_false(replace_open(&second, "f"));
    assert_int_equal(errno, EWOULDBLOCK);
    fputs("first", first.file);
    assert_true(replace_finish(&first, true));
    expect_text("f", "first");
    replace("f", "second");
    expect_text("f", "second");
}

static void the_link_stays_and_so_do_permissions(void **state)
{
    (void)state;
    assert_int_equal(mkdir("deep", 0700), 0);
    put("deep/f", "old");
    assert_int_equal(chmod("deep/f", 0640), 0);
    assert_int_equal(symlink("deep/f", "link"), 0);
    assert_int_equal(link("deep/f", "hard"), 0);
    replace("link", "new");
    struct stat status;
    assert_int_equal(lstat("link", &status), 0);
    assert_true(S_ISLNK(status.st_mode));
    assert_int_equal(stat("deep/f", &status), 0);
    assert_int_equal(status.st_mode & 0777, 0640);
    expect_text("deep/f", "new");
    expect_text("hard", "old");
}

/* Somebody who may write here put a link where the new file would be. */
static void a_link_in_the_place_of_the_new_file_is_refused(void **state)
{
    (void)state;
    put("f", "old");
    put("hard", "not to be touched");
    assert_int_equal(symlink("hard", NEW), 0);
    struct replacement r;
    assert_false(replace_open(&r, "f"));
    assert_int_equal(errno, ELOOP);
    expect_text("hard", "not to be touched");
}

static void what_is_no_file_is_refused(void **state)
{
    (void)state;
    struct replacement r;
    assert_false(replace_open(&r, "/dev/null"));
    assert_int_equal(errno, EINVAL);
    assert_false(replace_open(&r, "."));
    assert_int_equal(errno, EISDIR);
    assert_false(replace_open(&r, "nowhere/f"));
    assert_int_equal(errno, ENOENT);
    char longest[2 * REPLACE_PATH_BYTES];
    memset(longest, '/', sizeof(longest));
    memcpy(longest + sizeof(longest) - 2, "f", 2);
    assert_false(replace_open(&r, longest));
    assert_int_equal(errno, ENAMETOOLONG);
}

int main(void)
{
#define TEST(name) \
    cmocka_unit_test_setup_teardown(name, enter_folder, leave_folder)
    const struct CMUnitTest tests[] = {
        TEST(a_new_file_and_an_old_one_get_all_of_it),
        TEST(what_is_not_whole_changes_nothing),
        TEST(what_a_killed_program_left_is_taken_over),
        TEST(two_do_not_write_at_once),
        TEST(the_link_stays_and_so_do_permissions),
        TEST(a_link_in_the_place_of_the_new_file_is_refused),
        TEST(what_is_no_file_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
