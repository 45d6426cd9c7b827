-- What people said about recommended items. No medium and no text of a query is stored.
CREATE TABLE verdicts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    session TEXT NOT NULL,
    profile TEXT NOT NULL,
    item_id TEXT NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('like', 'dislike')),
    query_kind TEXT NOT NULL,
    rank INTEGER CHECK (rank >= 1),
    bundle TEXT NOT NULL,
    time TEXT NOT NULL,
    UNIQUE (session, profile, item_id)
);
CREATE INDEX verdicts_by_profile ON verdicts (profile, time);
