/* database.c - see database.h. */
#define _DEFAULT_SOURCE
#include "cli/lab/sweep/database.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/lab/sweep/schema.h"

#define APPLICATION_ID  0x696b736d /* "iksm" */
#define BUSY_TIMEOUT_MS 10000
#define VALUE_BYTES     (256 << 20) /* Of a value; a report has less. */
#define SHORT_BYTES     (1 << 20)   /* So long any may be. */
#define COLUMNS         1000        /* Of a table, view or question. */

struct database {
    sqlite3 *handle;
    const char *path; /* Borrowed. */
    enum database_mode mode;
    int lock; /* The file, locked against other writers; -1: not open. */
    bool is_good;
};

struct statement {
    struct database *db;
    sqlite3_stmt *handle;
};

/* ---- Complaints --------------------------------------------------------- */

static void complain_of(struct database *db, const char *what)
{
    if (db->is_good) {
        cli_complain("'%s' %s", db->path, what);
    }
    db->is_good = false;
}

/* Complains in one sentence of what SQLite's code means. Returns false. */
static bool complain(struct database *db, int code)
{
    char text[256];
    switch (code & 0xff) {
    case SQLITE_FULL:
        complain_of(db, "cannot be written: the disk is full; what it holds "
                        "stays");
        break;
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
        complain_of(db, "may not be written, or its folder may not");
        break;
    case SQLITE_CANTOPEN:
        complain_of(db, "cannot be opened");
        break;
    case SQLITE_CORRUPT:
        complain_of(db, "is damaged; sqlite3's .recover may save what is "
                        "left");
        break;
    case SQLITE_NOTADB:
        complain_of(db, "is not a database");
        break;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        complain_of(db, "is being written by another program");
        break;
    case SQLITE_IOERR: {
        int error = sqlite3_system_errno(db->handle);
        snprintf(text, sizeof(text), "cannot be read or written: %s",
                 error ? strerror(error) : sqlite3_errmsg(db->handle));
        complain_of(db, text);
        break;
    }
    default:
        snprintf(text, sizeof(text), "cannot be used: %s",
                 sqlite3_errmsg(db->handle));
        complain_of(db, text);
        break;
    }
    return false;
}

/* ---- Opening ------------------------------------------------------------ */

static bool execute(struct database *db, const char *sql)
{
    if (!db->is_good) {
        return false;
    }
    int code = sqlite3_exec(db->handle, sql, NULL, NULL, NULL);
    return code == SQLITE_OK || complain(db, code);
}

/* Returns the one number that `sql` asks for, or -1, having complained. */
static int64_t ask(struct database *db, const char *sql)
{
    struct statement *s = database_prepare(db, sql);
    int64_t value = statement_step(s) ? statement_whole(s, 0) : -1;
    statement_release(s);
    return db->is_good ? value : -1;
}

static bool is_sound(struct database *db)
{
    struct statement *s = database_prepare(db, "PRAGMA quick_check(1)");
    const char *said = statement_step(s) ? statement_text(s, 0) : NULL;
    bool is_ok = said && strcmp(said, "ok") == 0;
    statement_release(s);
    return is_ok || complain(db, SQLITE_CORRUPT);
}

/*
 * Whatever the file has by the name of a table of ours is that table: what may
 * be NULL, and of which type a column is, is then as the statements here expect.
 * `ours` is an empty database in memory.
 */
static bool has_our_tables(struct database *db, sqlite3 *ours)
{
    sqlite3_stmt *table = NULL;
    bool is_alike =
        sqlite3_exec(ours, schema_tables, NULL, NULL, NULL) == SQLITE_OK &&
        sqlite3_exec(ours, schema_pilots, NULL, NULL, NULL) == SQLITE_OK &&
        sqlite3_prepare_v2(
            ours, "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL",
            -1, &table, NULL) == SQLITE_OK;
    struct statement *s = database_prepare(
        db, "SELECT 1 FROM sqlite_schema WHERE name = ? COLLATE NOCASE "
            "AND sql IS NOT ?");
    while (is_alike && sqlite3_step(table) == SQLITE_ROW) {
        statement_bind_text(s, 1, (const char *)sqlite3_column_text(table, 0));
        statement_bind_text(s, 2, (const char *)sqlite3_column_text(table, 1));
        is_alike = !statement_step(s) && db->is_good;
        statement_reset(s);
    }
    statement_release(s);
    sqlite3_finalize(table);
    return is_alike;
}

static bool check_tables(struct database *db)
{
    sqlite3 *ours = NULL;
    bool is_alike = sqlite3_open(":memory:", &ours) == SQLITE_OK &&
                    has_our_tables(db, ours);
    sqlite3_close(ours);
    if (!is_alike) {
        complain_of(db, "has other tables than those of iksim");
    }
    return is_alike;
}

static bool make_schema(struct database *db)
{
    char sql[96];
    snprintf(sql, sizeof(sql),
             "PRAGMA application_id = %d; PRAGMA user_version = %d",
             APPLICATION_ID, SCHEMA_VERSION);
    if (!database_begin(db) || !execute(db, schema_tables) ||
        !execute(db, sql)) {
        database_rollback(db);
        return false;
    }
    return database_commit(db);
}

/* Makes the view anew unless `view` is what made it; drops it by `drop`. */
static bool renew_view(struct database *db, const char *drop, const char *view)
{
    struct statement *s = database_prepare(
        db, "SELECT count(*) FROM sqlite_schema WHERE sql = ?");
    statement_bind_text(s, 1, view);
    bool is_new = statement_step(s) && statement_whole(s, 0) == 0;
    statement_release(s);
    if (is_new && database_begin(db)) {
        bool is_made =
            execute(db, drop) && execute(db, view) && database_commit(db);
        if (!is_made) {
            database_rollback(db);
        }
    }
    return db->is_good;
}

/* The view of figures has a column for each that this version of iksim knows. */
static bool renew_views(struct database *db)
{
    char *figures = schema_figures_view();
    if (!figures) {
        complain_of(db, "cannot be used: out of memory");
    }
    bool is_good =
        figures &&
        renew_view(db, "DROP VIEW IF EXISTS metrics", schema_metrics_view) &&
        renew_view(db, "DROP VIEW IF EXISTS figures", figures);
    free(figures);
    return is_good;
}

/* Checks that the database is one of iksim's; makes the tables if the database
   is empty and open for writing. */
static bool check_schema(struct database *db)
{
    int64_t id = ask(db, "PRAGMA application_id");
    int64_t version = ask(db, "PRAGMA user_version");
    int64_t objects = ask(db, "SELECT count(*) FROM sqlite_schema");
    if (!db->is_good) {
        return false;
    }
    if (id == 0 && objects == 0 && db->mode == DATABASE_WRITE) {
        return make_schema(db);
    }
    if (id == 0 && objects == 0) {
        complain_of(db, "is empty");
    } else if (id != APPLICATION_ID) {
        complain_of(db, "is another program's database");
    } else if (version != SCHEMA_VERSION) {
        char text[128];
        snprintf(text, sizeof(text),
                 "has schema %lld, but this iksim knows %d only; name another "
                 "database, and repeat the sweep",
                 (long long)version, SCHEMA_VERSION);
        complain_of(db, text);
    } else {
        return check_tables(db) && is_sound(db);
    }
    return false;
}

/*
 * SQLite's own locks cover bytes of the file and belong to the process; the
 * lock taken here covers the whole file and belongs to `lock`, so that they do
 * not meet. But closing any descriptor of the file ends SQLite's locks: so
 * `lock` is closed last.
 */
static bool lock_file(struct database *db)
{
    int flags = db->mode == DATABASE_WRITE ? O_RDWR | O_CREAT : O_RDONLY;
    db->lock = open(db->path, flags | O_CLOEXEC, 0666);
    if (db->lock < 0) {
        char text[128];
        snprintf(text, sizeof(text), "cannot be %s: %s",
                 db->mode == DATABASE_WRITE ? "written" : "opened",
                 strerror(errno));
        complain_of(db, text);
        return false;
    }
    if (db->mode == DATABASE_WRITE && flock(db->lock, LOCK_EX | LOCK_NB) != 0) {
        complain_of(db, "is being written by another iksim");
        return false;
    }
    return true;
}

/* What the file says of itself runs nothing, and costs what it is long. */
static void confine(struct database *db)
{
    struct stat status;
    sqlite3 *handle = db->handle;
    int bytes = VALUE_BYTES;
    if (db->mode == DATABASE_READ && fstat(db->lock, &status) == 0 &&
        status.st_size < bytes) {
        bytes = (int)status.st_size;
        bytes = bytes > SHORT_BYTES ? bytes : SHORT_BYTES;
    }
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
    sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, bytes);
    sqlite3_limit(handle, SQLITE_LIMIT_COLUMN, COLUMNS);
    sqlite3_limit(handle, SQLITE_LIMIT_ATTACHED, 0);
}

static bool open_file(struct database *db)
{
    int flags = db->mode == DATABASE_WRITE ? SQLITE_OPEN_READWRITE
                                           : SQLITE_OPEN_READONLY;
    int code = sqlite3_open_v2(db->path, &db->handle, flags, NULL);
    if (code != SQLITE_OK) {
        return complain(db, code);
    }
    confine(db);
    sqlite3_extended_result_codes(db->handle, 1);
    sqlite3_busy_timeout(db->handle, BUSY_TIMEOUT_MS);
    if (!check_schema(db)) {
        return false;
    }
    return db->mode == DATABASE_READ ||
           (execute(db, "PRAGMA journal_mode = WAL") &&
            execute(db, "PRAGMA synchronous = FULL") &&
            execute(db, schema_pilots) && renew_views(db));
}

struct database *database_open(const char *path, enum database_mode mode)
{
    struct database *db = calloc(1, sizeof(*db));
    if (!db) {
        cli_complain("out of memory");
        return NULL;
    }
    *db = (struct database){
        .path = path, .mode = mode, .lock = -1, .is_good = true
    };
    if (!lock_file(db) || !open_file(db)) {
        database_close(db);
        return NULL;
    }
    return db;
}

bool database_close(struct database *db)
{
    if (!db) {
        return true;
    }
    if (db->handle && db->is_good && db->mode == DATABASE_WRITE) {
        /* One plain file can be read where nothing can be written. While
           somebody reads the database it stays in WAL mode, which needs two
           more files. */
        sqlite3_busy_timeout(db->handle, 0);
        sqlite3_exec(db->handle, "PRAGMA journal_mode = DELETE", NULL, NULL,
                     NULL);
    }
    sqlite3_close(db->handle);
    if (db->lock >= 0) {
        close(db->lock);
    }
    bool is_good = db->is_good;
    free(db);
    return is_good;
}

bool database_is_good(const struct database *db)
{
    return db->is_good;
}

bool database_begin(struct database *db)
{
    return execute(db, "BEGIN IMMEDIATE");
}

bool database_commit(struct database *db)
{
    return execute(db, "COMMIT");
}

void database_rollback(struct database *db)
{
    sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
}

/* ---- Statements --------------------------------------------------------- */

struct statement *database_prepare(struct database *db, const char *sql)
{
    if (!db->is_good) {
        return NULL;
    }
    struct statement *s = calloc(1, sizeof(*s));
    if (!s) {
        complain_of(db, "cannot be used: out of memory");
        return NULL;
    }
    s->db = db;
    int code = sqlite3_prepare_v2(db->handle, sql, -1, &s->handle, NULL);
    if (code != SQLITE_OK) {
        complain(db, code);
        free(s);
        return NULL;
    }
    return s;
}

void statement_release(struct statement *s)
{
    if (s) {
        sqlite3_finalize(s->handle);
        free(s);
    }
}

void statement_bind_text(struct statement *s, int index, const char *text)
{
    if (!s) {
        return;
    }
    int code =
        text ? sqlite3_bind_text(s->handle, index, text, -1, SQLITE_STATIC)
             : sqlite3_bind_null(s->handle, index);
    if (code != SQLITE_OK) {
        complain(s->db, code);
    }
}

void statement_bind_whole(struct statement *s, int index, int64_t value)
{
    if (s && sqlite3_bind_int64(s->handle, index, value) != SQLITE_OK) {
        complain(s->db, sqlite3_errcode(s->db->handle));
    }
}

void statement_bind_real(struct statement *s, int index, double value)
{
    if (s && sqlite3_bind_double(s->handle, index, value) != SQLITE_OK) {
        complain(s->db, sqlite3_errcode(s->db->handle));
    }
}

bool statement_step(struct statement *s)
{
    if (!s || !s->db->is_good) {
        return false;
    }
    int code = sqlite3_step(s->handle);
    if (code != SQLITE_ROW && code != SQLITE_DONE) {
        complain(s->db, code);
    }
    return code == SQLITE_ROW;
}

bool statement_run(struct statement *s)
{
    while (statement_step(s)) {
    }
    statement_reset(s);
    return s && s->db->is_good;
}

void statement_reset(struct statement *s)
{
    if (s) {
        sqlite3_reset(s->handle);
    }
}

int statement_columns(const struct statement *s)
{
    return s ? sqlite3_column_count(s->handle) : 0;
}

const char *statement_text(struct statement *s, int column)
{
    return (const char *)sqlite3_column_text(s->handle, column);
}

int64_t statement_whole(struct statement *s, int column)
{
    return sqlite3_column_int64(s->handle, column);
}
