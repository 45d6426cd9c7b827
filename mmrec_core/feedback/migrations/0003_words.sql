-- What the person of a session says of themselves, so that a reload does not lose it; taken away when they empty it.
CREATE TABLE words (
    session TEXT PRIMARY KEY,
    text TEXT NOT NULL CHECK (text != ''),
    time TEXT NOT NULL
);
