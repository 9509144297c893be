/*
 * database.h - the results of runs, in one file; the only user of SQLite.
 *
 * docs/sweep.md says what is in it. Table `runs` is what was asked for and what
 * came out, the same on every machine; what a host adds is in `hosts`. While a
 * database is open for writing nobody else may write it, and it is in WAL mode:
 * whatever kills the process, what was committed stays.
 *
 * The first thing that goes wrong is complained about, once; from then on every
 * call fails. So a loop over rows is followed by a look at database_is_good.
 */
#ifndef CLI_LAB_SWEEP_DATABASE_H
#define CLI_LAB_SWEEP_DATABASE_H

#include "sim/base.h"

struct database;
struct statement;

enum database_mode { DATABASE_READ, DATABASE_WRITE };

/*
 * DATABASE_WRITE makes the file if there is none. NULL: complained: it cannot
 * be opened, is damaged, or is not a database of ours.
 */
struct database *database_open(const char *path, enum database_mode mode);

/* NULL is allowed. Leaves one plain file, if nobody else has it open. False:
   something has been complained about, now or before. */
bool database_close(struct database *db);

bool database_is_good(const struct database *db);

/* A transaction; false: complained, and nothing of it will stay. */
SIM_MUST_USE bool database_begin(struct database *db);
SIM_MUST_USE bool database_commit(struct database *db);
void database_rollback(struct database *db);

/* ---- Statements --------------------------------------------------------- */

/* NULL: complained. `sql` must be good, but the file may not be. */
struct statement *database_prepare(struct database *db, const char *sql);

/* NULL is allowed. */
void statement_release(struct statement *s);

/* Values for the question marks, counted from 1; text is borrowed until
   the statement is reset, and NULL stands for SQL's. All is well with a NULL
   statement: step then says so. */
void statement_bind_text(struct statement *s, int index, const char *text);
void statement_bind_whole(struct statement *s, int index, int64_t value);
void statement_bind_real(struct statement *s, int index, double value);

/* True: there is a row. False: no more, or complained. */
bool statement_step(struct statement *s);

/* Steps through to the end, and makes it ready for other values. */
bool statement_run(struct statement *s);

/* Ready to be stepped from the start; values stay. */
void statement_reset(struct statement *s);

/* Of the row, counted from 0; text is valid until the next step, and NULL for
   SQL's. */
int statement_columns(const struct statement *s);
const char *statement_text(struct statement *s, int column);
int64_t statement_whole(struct statement *s, int column);

#endif /* CLI_LAB_SWEEP_DATABASE_H */
