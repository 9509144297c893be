/*
 * database.h - the results of runs, in one file; the only user of SQLite.
 *
 * docs/sweep.md describes the tables. Table `runs` holds what was asked for and
 * what came out, the same on every machine; figures of the host are in `hosts`.
 * While a database is open for writing nobody else may write it, and the
 * database is in WAL mode: whatever kills the process, what was committed
 * stays.
 *
 * A database may come from anyone: only what its tables hold is believed. Its
 * triggers do not run, its tables must be made as ours are, and no value is
 * longer than the file, or than any that is written here.
 *
 * The first error is complained about, and from then on every call fails. So a
 * loop over rows is followed by a look at database_is_good.
 */
#ifndef CLI_LAB_SWEEP_DATABASE_H
#define CLI_LAB_SWEEP_DATABASE_H

#include "sim/base.h"

struct database;
struct statement;

enum database_mode { DATABASE_READ, DATABASE_WRITE };

/*
 * Opens a database; DATABASE_WRITE makes the file if there is none. Complains
 * if the file cannot be opened, is damaged, or is not a database of iksim's.
 */
struct database *database_open(const char *path, enum database_mode mode);

/* Closes a database, or NULL. One plain file is left, if nobody else has it
   open. False: there has been a complaint, now or before. */
bool database_close(struct database *db);

bool database_is_good(const struct database *db);

/* Begin, commit and undo a transaction. Complain; then nothing of the
   transaction will stay. */
SIM_MUST_USE bool database_begin(struct database *db);
SIM_MUST_USE bool database_commit(struct database *db);
void database_rollback(struct database *db);

/* ---- Statements --------------------------------------------------------- */

/* Prepares `sql`, which must be correct. Complains if the file is not. */
struct statement *database_prepare(struct database *db, const char *sql);

/* NULL is allowed. */
void statement_release(struct statement *s);

/* Bind values to the question marks, counted from 1; text is borrowed until the
   statement is reset, and NULL stands for SQL's NULL. A NULL statement is
   allowed; statement_step then fails. */
void statement_bind_text(struct statement *s, int index, const char *text);
void statement_bind_whole(struct statement *s, int index, int64_t value);
void statement_bind_real(struct statement *s, int index, double value);

/* True: there is a row. False: there are no more rows, or it complained. */
bool statement_step(struct statement *s);

/* Steps through to the end, and makes the statement ready for other values. */
bool statement_run(struct statement *s);

/* Makes the statement ready to be stepped from the start; values stay. */
void statement_reset(struct statement *s);

/* The columns of the row are counted from 0; text is valid until the next step,
   and NULL stands for SQL's NULL. */
int statement_columns(const struct statement *s);
const char *statement_text(struct statement *s, int column);
int64_t statement_whole(struct statement *s, int column);

#endif /* CLI_LAB_SWEEP_DATABASE_H */
