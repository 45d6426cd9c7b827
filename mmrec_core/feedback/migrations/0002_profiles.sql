-- Profiles that a person saved under a name on this machine: what they liked and disliked, oldest first, and their own words.
CREATE TABLE profiles (
    name TEXT PRIMARY KEY CHECK (length(name) BETWEEN 1 AND 60),
    text TEXT NOT NULL DEFAULT '',
    weight REAL NOT NULL CHECK (weight BETWEEN 0 AND 1),
    time TEXT NOT NULL
);
CREATE TABLE profile_items (
    profile TEXT NOT NULL REFERENCES profiles (name),
    position INTEGER NOT NULL,
    item_id TEXT NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('like', 'dislike')),
    PRIMARY KEY (profile, item_id)
);
