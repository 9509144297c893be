/*
 * fuzz_database.c - a database of runs, as `compare`, `plot` and `sweep` open
 * it. Bytes that begin as SQLite's files do are one. Others are rows for the
 * tables of our own, with a line feed behind each field: what a row says is
 * not checked by SQLite.
 */
#define _GNU_SOURCE
#include "tests/fuzz/fuzz.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/lab/compare/runset.h"
#include "cli/lab/plot/plot.h"
#include "cli/lab/sweep/store.h"

#define SQLITE_MAGIC "SQLite format 3" /* And its NUL. */
#define PATH_BYTES   64
#define ROWS         16

/* SQLite follows links, which lead from /proc/self/fd to no file: so the
   database lies in the host's memory by another way. */
static char path[PATH_BYTES];

static void remove_file(void)
{
    static const char *const more[] = { "", "-journal", "-wal", "-shm" };
    for (size_t i = 0; i < sizeof(more) / sizeof(more[0]); i++) {
        char name[PATH_BYTES + 16];
        snprintf(name, sizeof(name), "%s%s", path, more[i]);
        unlink(name);
    }
}

static void put_file(const uint8_t *bytes, size_t count)
{
    if (path[0] == '\0') {
        snprintf(path, sizeof(path), "%s/iksim-fuzz-%d",
                 access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp",
                 (int)getpid());
        atexit(remove_file);
    }
    remove_file();
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    SIM_ASSERT(file >= 0);
    ssize_t written = write(file, bytes, count);
    SIM_ASSERT(written == (ssize_t)count);
    close(file);
}

/* ---- Rows ---------------------------------------------------------------- */

static void insert_run(sqlite3 *db, struct fuzz_input *in, int number)
{
    sqlite3_stmt *s = NULL;
    int code = sqlite3_prepare_v2(
        db,
        "INSERT INTO runs(key, plan, base, name, sets, images, report, seed, "
        "scenario, state) VALUES(?8, 'p', ?1, ?2, ?3, ?4, ?5, ?6, ?7, 'done')",
        -1, &s, NULL);
    SIM_ASSERT(code == SQLITE_OK);
    for (int i = 1; i <= 7; i++) {
        struct fuzz_input field = fuzz_until(in, '\n');
        sqlite3_bind_text(s, i, field.count > 0 ? (const char *)field.at : "",
                          (int)field.count, SQLITE_TRANSIENT);
    }
    sqlite3_bind_int(s, 8, number);
    (void)sqlite3_step(s);
    sqlite3_finalize(s);
}

/* The key of a setting, and its text. */
static void insert_setting(sqlite3 *db, struct fuzz_input *in, int number)
{
    sqlite3_stmt *s = NULL;
    int code = sqlite3_prepare_v2(db,
                                  "INSERT INTO settings(run, key, text, value) "
                                  "VALUES(?3, ?1, ?2, ?2)",
                                  -1, &s, NULL);
    SIM_ASSERT(code == SQLITE_OK);
    for (int i = 1; i <= 2; i++) {
        struct fuzz_input field = fuzz_until(in, '\n');
        sqlite3_bind_text(s, i, field.count > 0 ? (const char *)field.at : "",
                          (int)field.count, SQLITE_TRANSIENT);
    }
    sqlite3_bind_int(s, 3, number);
    (void)sqlite3_step(s);
    sqlite3_finalize(s);
}

static void put_rows(struct fuzz_input *in)
{
    put_file(NULL, 0);
    struct database *made = database_open(path, DATABASE_WRITE);
    bool is_made = database_close(made);
    sqlite3 *db = NULL;
    int code = sqlite3_open(path, &db);
    SIM_ASSERT(made && is_made && code == SQLITE_OK);
    sqlite3_exec(db, "PRAGMA synchronous = OFF; BEGIN", NULL, NULL, NULL);
    for (int i = 1; i <= ROWS && !fuzz_is_over(in); i++) {
        uint32_t settings = fuzz_below(in, 4);
        insert_run(db, in, i);
        for (uint32_t n = 0; n < settings; n++) {
            insert_setting(db, in, i);
        }
    }
    sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
    sqlite3_close(db);
}

/* ---- What reads it ------------------------------------------------------- */

static void compare(void)
{
    char word[PATH_BYTES + 32];
    struct runset a;
    struct runset b;
    snprintf(word, sizeof(word), "%s:kernel.quantum=5ms", path);
    bool is_group = runset_load(&b, word);
    if (runset_load(&a, path) && is_group) {
        bool has_memory = runset_forget_common(&a, &b);
        SIM_ASSERT(has_memory);
    }
    for (size_t i = 0; i < a.count; i += runset_span(&a, i)) {
        SIM_ASSERT(runset_span(&a, i) > 0);
    }
    runset_release(&a);
    runset_release(&b);
}

static void plot(void)
{
    static const struct plot_options options[] = {
        { .x = "kernel.quantum", .y = "load.latency_ns.p99" },
        { .x = "name", .y = "load.answered_rps", .by = "kernel.quantum" },
        { .x = "load.answered_rps",
          .y = "load.latency_ns.p99",
          .where = { { "kernel.quantum=5ms" }, 1 },
          .has_log_y = true },
    };
    FILE *out = fopen("/dev/null", "w");
    SIM_ASSERT(out);
    for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
        struct database *db = database_open(path, DATABASE_READ);
        struct plot p = { .count = 0 };
        if (db && plot_read(&p, db, &options[i])) {
            plot_write(&p, "out.svg", out);
        }
        plot_clear(&p);
        database_close(db);
    }
    fclose(out);
}

static void sweep(void)
{
    struct database *db = database_open(path, DATABASE_WRITE);
    bool is_good = db && store_export(db, "p") && store_settings(db, 1);
    is_good = database_close(db) && is_good;
    (void)is_good; /* It may be refused; that is no finding. */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input in = { data, size };
    if (size >= sizeof(SQLITE_MAGIC) &&
        memcmp(data, SQLITE_MAGIC, sizeof(SQLITE_MAGIC)) == 0) {
        put_file(data, size);
    } else {
        put_rows(&in);
    }
    compare();
    plot();
    sweep();
    return 0;
}
