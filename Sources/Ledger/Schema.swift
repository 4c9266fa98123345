import GRDB

/// The tables of a ledger.
///
/// What was told is never changed: a row that is no longer told gets the night on which it was gone. So the state
/// of every night can be had again.
enum Schema {
    /// Tells a ledger from other databases: `crds` as four letters.
    static let applicationId: Int32 = 0x6372_6473

    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { database in
            try database.execute(sql: first)
            try database.execute(sql: "PRAGMA application_id = \(applicationId); PRAGMA user_version = 1")
        }
        migrator.registerMigration("2") { database in
            try database.execute(sql: second)
            try database.execute(sql: "PRAGMA user_version = 2")
        }
        migrator.registerMigration("3") { database in
            try database.execute(sql: third)
            try database.execute(sql: "PRAGMA user_version = 3")
        }
        migrator.registerMigration("4") { database in
            try database.execute(sql: fourth)
            try database.execute(sql: "PRAGMA user_version = 4")
        }
        return migrator
    }

    /// The version of the tables, as the file says it.
    static let version: Int32 = 4

    private static let first = """
        -- A night on which exports were taken in. Several may have one day.
        CREATE TABLE night (
            id INTEGER PRIMARY KEY, day TEXT NOT NULL, told TEXT NOT NULL,
            settings TEXT NOT NULL REFERENCES document(hash),
            -- The end of the log when it was taken in.
            head TEXT NOT NULL,
            -- What it changed.
            added INTEGER NOT NULL, corrected INTEGER NOT NULL, withdrawn INTEGER NOT NULL, merged INTEGER NOT NULL
        ) STRICT;
        -- What a run was made with, by its hash.
        CREATE TABLE document (hash TEXT PRIMARY KEY, kind TEXT NOT NULL, content TEXT NOT NULL) STRICT;
        -- The exports of a night, and what reading them came to.
        CREATE TABLE source (
            night INTEGER NOT NULL REFERENCES night(id), number INTEGER NOT NULL, sha256 TEXT NOT NULL,
            summary TEXT NOT NULL, PRIMARY KEY (night, number)
        ) STRICT, WITHOUT ROWID;
        -- Every child there ever was, and two digests of what is told of it now: whatever its references are called,
        -- and word for word (`ChildForm`).
        CREATE TABLE child (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, form BLOB NOT NULL) STRICT;
        -- Rows of case events: told from the night `learnt` on, until the night `gone`.
        CREATE TABLE event (
            id INTEGER PRIMARY KEY, child INTEGER NOT NULL REFERENCES child(id), source INTEGER NOT NULL,
            line INTEGER NOT NULL, referral TEXT NOT NULL, step TEXT NOT NULL, cells TEXT NOT NULL,
            learnt INTEGER NOT NULL REFERENCES night(id), gone INTEGER REFERENCES night(id)
        ) STRICT;
        CREATE INDEX event_child ON event(child);
        CREATE INDEX event_learnt ON event(learnt);
        CREATE INDEX event_gone ON event(gone) WHERE gone IS NOT NULL;
        -- Rows that could not be used, likewise.
        CREATE TABLE rejected (
            id INTEGER PRIMARY KEY, content TEXT NOT NULL, learnt INTEGER NOT NULL REFERENCES night(id),
            gone INTEGER REFERENCES night(id)
        ) STRICT;
        -- The weekly sets, as they were published.
        CREATE TABLE published (
            week TEXT PRIMARY KEY, night INTEGER NOT NULL REFERENCES night(id), version TEXT NOT NULL,
            identity TEXT NOT NULL, promises TEXT NOT NULL REFERENCES document(hash)
        ) STRICT;
        CREATE TABLE figure (
            week TEXT NOT NULL REFERENCES published(week), level TEXT NOT NULL, name TEXT NOT NULL, rule TEXT NOT NULL,
            measure TEXT NOT NULL, numerator INTEGER, denominator INTEGER, value TEXT NOT NULL,
            PRIMARY KEY (week, level, name, rule, measure)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE listed (
            week TEXT NOT NULL REFERENCES published(week), exception TEXT NOT NULL, group_manager TEXT NOT NULL,
            child TEXT NOT NULL, rule TEXT NOT NULL, kind TEXT NOT NULL, status TEXT NOT NULL, weeks INTEGER NOT NULL,
            PRIMARY KEY (week, exception)
        ) STRICT, WITHOUT ROWID;
        -- What was done, without a child's reference; each entry has the hash of all before it.
        CREATE TABLE activity (
            number INTEGER PRIMARY KEY, day TEXT NOT NULL, what TEXT NOT NULL, detail TEXT NOT NULL,
            hash TEXT NOT NULL
        ) STRICT;
        CREATE TRIGGER activity_stays BEFORE UPDATE ON activity BEGIN SELECT RAISE(ABORT, 'append-only'); END;
        CREATE TRIGGER activity_is_kept BEFORE DELETE ON activity BEGIN SELECT RAISE(ABORT, 'append-only'); END;
        CREATE TRIGGER figure_stays BEFORE UPDATE ON figure BEGIN SELECT RAISE(ABORT, 'append-only'); END;
        CREATE TRIGGER published_stays BEFORE UPDATE ON published BEGIN SELECT RAISE(ABORT, 'append-only'); END;
        """

    private static let second = """
        -- The files of answers, as they were taken; a purge leaves the name, so that none is taken in again.
        CREATE TABLE returned (
            name TEXT PRIMARY KEY, night INTEGER NOT NULL REFERENCES night(id), document TEXT REFERENCES document(hash)
        ) STRICT;
        """

    /// The lists of a ledger of version 2 have no rows to be told again, only references; they are let go.
    private static let third = """
        -- A source keeps its number from night to night; its place is that among the night's exports.
        ALTER TABLE source ADD COLUMN place INTEGER NOT NULL DEFAULT 0;
        UPDATE source SET place = number;
        -- A row is a line, in its references too.
        UPDATE event SET referral = replace(replace(referral, char(10), ' '), char(13), ' '),
            step = replace(replace(step, char(10), ' '), char(13), ' ')
            WHERE instr(referral || step, char(10)) > 0 OR instr(referral || step, char(13)) > 0;
        DROP TABLE listed;
        -- The lists, as they were published: what was asked, and what had left and how.
        CREATE TABLE listed (
            week TEXT NOT NULL REFERENCES published(week), exception TEXT NOT NULL, group_manager TEXT NOT NULL,
            status TEXT NOT NULL, content TEXT NOT NULL, PRIMARY KEY (week, exception, group_manager, status)
        ) STRICT, WITHOUT ROWID;
        """

    private static let fourth = """
        -- References of children whose rows went on under another one, with the night of it.
        CREATE TABLE merge (
            night INTEGER NOT NULL REFERENCES night(id), name TEXT NOT NULL, became TEXT NOT NULL,
            PRIMARY KEY (night, name)
        ) STRICT, WITHOUT ROWID;
        CREATE TRIGGER figure_is_kept BEFORE DELETE ON figure BEGIN SELECT RAISE(ABORT, 'append-only'); END;
        CREATE TRIGGER published_is_kept BEFORE DELETE ON published BEGIN SELECT RAISE(ABORT, 'append-only'); END;
        """
}
