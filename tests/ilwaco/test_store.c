/*
 * test_store.c - the block store: contents are found again, no block is
 * written twice, and whatever request fails, nothing that was stored is lost.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ilwaco/store.h"
#include "tests/ilwaco/fake_disk.h"

#define LARGE (5 * STORE_PAYLOAD_BYTES + 17) /* Six blocks. */

static struct store store;

/* The contents number `argument`: each byte tells where it belongs. */
static uint8_t byte_of(uint32_t number, uint32_t offset)
{
    return (uint8_t)(number * 31 + offset * 7 + offset / 256);
}

static void fill(void *argument, uint32_t offset, void *to, uint32_t count)
{
    const uint32_t *number = argument;
    uint8_t *bytes = to;
    for (uint32_t i = 0; i < count; i++) {
        bytes[i] = byte_of(*number, offset + i);
    }
}

static int32_t put(const char *name, uint32_t number, uint32_t bytes)
{
    return store_write(&store, name, bytes, fill, &number);
}

/* What is stored under the name is contents `number`, or an error. */
static int32_t get(const char *name, uint32_t number, uint32_t bytes)
{
    static uint8_t room[LARGE];
    const struct store_entry *entry = store_find(&store, name);
    assert_non_null(entry);
    assert_int_equal(entry->bytes, bytes);
    memset(room, 0xee, sizeof(room));
    int32_t err = store_read(&store, entry, room);
    for (uint32_t i = 0; i < bytes && err == 0; i++) {
        assert_int_equal(room[i], byte_of(number, i));
    }
    return err;
}

static void release(void)
{
    while (store.entries != NULL) {
        struct store_entry *next = store.entries->next;
        free(store.entries);
        store.entries = next;
    }
}

/* As the next VM finds it. */
static int32_t mount_again(void)
{
    release();
    return store_mount(&store, 0);
}

static int set_up(void **state)
{
    (void)state;
    fake_disk_init(FAKE_DISK_BLOCKS);
    return store_mount(&store, 0);
}

static int tear_down(void **state)
{
    (void)state;
    release();
    for (uint32_t i = 0; i < FAKE_DISK_BLOCKS; i++) {
        assert_true(fake_disk.writes[i] <= 1);
    }
    return 0;
}

static void contents_outlive_the_store(void **state)
{
    (void)state;
    static const uint32_t sizes[] = { 0, 1, STORE_PAYLOAD_BYTES,
                                      STORE_PAYLOAD_BYTES + 1, LARGE };
    static const char *const names[] = { "a", "b", "c", "d", "e" };
    for (uint32_t i = 0; i < 5; i++) {
        assert_int_equal(put(names[i], i, sizes[i]), 0);
    }
    assert_int_equal(mount_again(), 0);
    for (uint32_t i = 0; i < 5; i++) {
        assert_int_equal(get(names[i], i, sizes[i]), 0);
    }
    assert_null(store_find(&store, "f"));
    assert_int_equal(store.lost_blocks, 0);
}

static void the_newest_version_is_found(void **state)
{
    (void)state;
    for (uint32_t version = 1; version <= 5; version++) {
        assert_int_equal(put("name", version, 100 * version), 0);
        assert_int_equal(put("other", version, 10), 0);
        assert_int_equal(store_find(&store, "name")->version, version);
        assert_int_equal(get("name", version, 100 * version), 0);
        assert_int_equal(mount_again(), 0);
        assert_int_equal(store_find(&store, "name")->version, version);
        assert_int_equal(get("name", version, 100 * version), 0);
    }
}

static void a_full_store_takes_what_fits_and_loses_nothing(void **state)
{
    (void)state;
    uint32_t count = 0;
    while (put("name", count + 1, 4 * STORE_PAYLOAD_BYTES) == 0) {
        count++;
    }
    assert_int_equal(count, (FAKE_DISK_BLOCKS - 1) / 6);
    assert_int_equal(put("name", 0, 4 * STORE_PAYLOAD_BYTES), STORE_EFULL);
    assert_int_equal(get("name", count, 4 * STORE_PAYLOAD_BYTES), 0);
    /* Three blocks are left: just room for one of contents. */
    assert_int_equal(put("small", 7, STORE_PAYLOAD_BYTES + 1), STORE_EFULL);
    assert_int_equal(put("small", 7, STORE_PAYLOAD_BYTES), 0);
    assert_int_equal(put("empty", 7, 0), STORE_EFULL);
    assert_int_equal(mount_again(), 0);
    assert_int_equal(get("small", 7, STORE_PAYLOAD_BYTES), 0);
    assert_int_equal(get("name", count, 4 * STORE_PAYLOAD_BYTES), 0);
    assert_int_equal(store.next_block, FAKE_DISK_BLOCKS);
}

static void a_write_that_fails_anywhere_loses_only_itself(void **state)
{
    (void)state;
    bool was_written = false;
    for (int32_t left = 0; !was_written; left++) {
        release();
        fake_disk_init(FAKE_DISK_BLOCKS);
        assert_int_equal(store_mount(&store, 0), 0);
        assert_int_equal(put("name", 1, LARGE), 0);
        fake_disk.left = left;
        was_written = put("name", 2, LARGE) == 0;
        fake_disk.left = -1;
        /* Both this VM and the next one see the old version, or the new. */
        assert_int_equal(get("name", was_written ? 2 : 1, LARGE), 0);
        if (left % 2 == 0) {
            assert_int_equal(mount_again(), 0);
            assert_int_equal(get("name", was_written ? 2 : 1, LARGE), 0);
        }
        assert_int_equal(store.lost_blocks, was_written || left == 0 ? 0 : 8);
        assert_int_equal(put("name", 3, 50), 0);
        assert_int_equal(mount_again(), 0);
        assert_int_equal(get("name", 3, 50), 0);
        (void)tear_down(NULL);
    }
}

static void a_mount_that_fails_changes_nothing(void **state)
{
    (void)state;
    assert_int_equal(put("a", 1, 100), 0);
    assert_int_equal(put("b", 2, 100), 0);
    int32_t err = 1;
    for (int32_t left = 0; err != 0; left++) {
        fake_disk.left = left;
        err = mount_again();
        assert_true(err == 0 || err == FAKE_DISK_ERROR);
    }
    assert_int_equal(fake_disk.left, 0);
    fake_disk.left = -1;
    assert_int_equal(get("a", 1, 100), 0);
    assert_int_equal(get("b", 2, 100), 0);
}

/* Turns a bit of a byte of `block` and back. */
static void turn(uint32_t block, uint32_t byte)
{
    fake_disk.data[block][byte] ^= 4;
}

static void no_turned_bit_goes_unseen(void **state)
{
    (void)state;
    assert_int_equal(put("a", 1, 100), 0); /* 1 record, 2 data, 3 commit. */
    assert_int_equal(put("b", 2, 100), 0); /* 4, 5, 6. */
    for (uint32_t byte = 0; byte < ABI_BLOCK_BYTES; byte += 5) {
        turn(5, byte);
        assert_int_equal(mount_again(), 0);
        assert_int_equal(get("a", 1, 100), 0);
        assert_int_equal(get("b", 2, 100), STORE_EDAMAGED);
        turn(5, byte);

        turn(4, byte);
        assert_int_equal(mount_again(), STORE_EDAMAGED);
        assert_int_equal(get("a", 1, 100), 0);
        assert_null(store_find(&store, "b"));
        assert_int_equal(put("c", 1, 10), STORE_EDAMAGED);
        turn(4, byte);

        turn(6, byte);
        assert_int_equal(mount_again(), 0);
        assert_null(store_find(&store, "b"));
        assert_int_equal(store.lost_blocks, 3);
        turn(6, byte);

        turn(0, byte);
        assert_int_equal(mount_again(), STORE_EFOREIGN);
        turn(0, byte);
    }
    assert_int_equal(mount_again(), 0);
    assert_int_equal(get("b", 2, 100), 0);
}

static void a_block_at_a_wrong_place_is_damaged(void **state)
{
    (void)state;
    assert_int_equal(put("a", 1, 2 * STORE_PAYLOAD_BYTES), 0);
    assert_int_equal(put("a", 2, 2 * STORE_PAYLOAD_BYTES), 0);
    memcpy(fake_disk.data[6], fake_disk.data[2], ABI_BLOCK_BYTES);
    assert_int_equal(get("a", 2, 2 * STORE_PAYLOAD_BYTES), STORE_EDAMAGED);
}

static void bad_names_and_disks_are_refused(void **state)
{
    (void)state;
    char name[STORE_NAME_BYTES + 1];
    memset(name, 'x', sizeof(name));
    name[STORE_NAME_BYTES] = '\0';
    assert_int_equal(put("", 1, 10), STORE_ENAME);
    assert_int_equal(put(name, 1, 10), STORE_ENAME);
    name[STORE_NAME_BYTES - 1] = '\0';
    assert_int_equal(put(name, 1, 10), 0);
    assert_int_equal(get(name, 1, 10), 0);
    release();
    assert_int_equal(store_mount(&store, 1), ABI_ENODEV);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(contents_outlive_the_store),
        TEST(the_newest_version_is_found),
        TEST(a_full_store_takes_what_fits_and_loses_nothing),
        TEST(a_write_that_fails_anywhere_loses_only_itself),
        TEST(a_mount_that_fails_changes_nothing),
        TEST(no_turned_bit_goes_unseen),
        TEST(a_block_at_a_wrong_place_is_damaged),
        TEST(bad_names_and_disks_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
