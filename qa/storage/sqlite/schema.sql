-- Every row that readers see carries the generation it came in and the one it went out:
-- a reader at generation g sees added_in <= g and (removed_in is null or removed_in > g).
-- Every row that is kept carries a digest of what it holds (qa/storage/sqlite/seals.py).

CREATE TABLE meta (
  key   TEXT PRIMARY KEY,
  value TEXT NOT NULL              -- that of "seal" is the digest of all others
) WITHOUT ROWID;

CREATE TABLE generations (
  number       INTEGER PRIMARY KEY,
  at           REAL NOT NULL,      -- seconds since 1970: when rows removed in it may be purged
  articles     INTEGER NOT NULL,   -- how many are live in it, and the sum of their keys
  article_keys INTEGER NOT NULL,
  chunks       INTEGER NOT NULL,   -- likewise
  chunk_keys   INTEGER NOT NULL
);

CREATE TABLE articles (
  key         INTEGER PRIMARY KEY AUTOINCREMENT,
  id          TEXT NOT NULL,
  digest      TEXT NOT NULL,       -- SHA-256 of the canonical text
  fingerprint TEXT NOT NULL,       -- SHA-256 of text and metadata: equal means unchanged
  added_in    INTEGER NOT NULL,
  removed_in  INTEGER,
  title       TEXT,
  url         TEXT,
  publisher   TEXT,
  author      TEXT,                -- of several, char(31) between their names
  published   TEXT,
  language    TEXT,
  tags        TEXT NOT NULL,       -- JSON list
  extra       TEXT NOT NULL,       -- JSON object
  pages       TEXT NOT NULL,       -- JSON list of offsets
  removed     TEXT NOT NULL,       -- JSON list of [kind, line] that cleaning took out
  notes       TEXT NOT NULL,       -- JSON list
  media_type  TEXT NOT NULL,
  encoding    TEXT,
  origin      TEXT,
  added_at    TEXT NOT NULL,
  text        TEXT NOT NULL,
  raw         BLOB NOT NULL        -- zlib
);
CREATE UNIQUE INDEX article_id ON articles (id) WHERE removed_in IS NULL;
CREATE INDEX article_digest ON articles (digest) WHERE removed_in IS NULL;
CREATE INDEX article_removed ON articles (removed_in) WHERE removed_in IS NOT NULL;
-- What readers ask of the articles of a generation, without reading their texts.
CREATE INDEX article_by_id ON articles (id, added_in, removed_in);
CREATE INDEX article_life ON articles
  (added_in, removed_in, publisher, author, language, published, tags, id);

-- Apart, since an article's row is long: what it is compared with when it is read.
CREATE TABLE article_seals (
  article    INTEGER PRIMARY KEY REFERENCES articles (key) ON DELETE CASCADE,
  passages   INTEGER NOT NULL,     -- how many it has
  characters INTEGER NOT NULL,     -- of its text
  known      BLOB NOT NULL,        -- of these, and of all of the article but text, raw, removed_in
  raw        BLOB NOT NULL
);

-- What an article's passages are found by besides their text: once, however many they are.
CREATE TABLE fronts (
  key    INTEGER PRIMARY KEY,
  digest BLOB NOT NULL UNIQUE,     -- SHA-256 of title and byline
  title  TEXT NOT NULL,            -- indexed as words with every passage of the article
  byline TEXT NOT NULL             -- publisher and author, indexed likewise
);

-- A chunk is a text that is embedded and indexed once; a passage is a place where it stands.
CREATE TABLE chunks (
  key          INTEGER PRIMARY KEY AUTOINCREMENT,  -- never used twice: the indexes rely on it
  digest       BLOB NOT NULL,      -- SHA-256 of title, byline, lead and text
  encoded      BLOB NOT NULL,      -- SHA-256 of what the encoder read: equal, equal vectors
  added_in     INTEGER NOT NULL,
  removed_in   INTEGER,
  front        INTEGER NOT NULL REFERENCES fronts (key),
  lead         INTEGER NOT NULL,   -- 1: embedded with the title in front
  vector_seal  BLOB NOT NULL,
  tokens_seal  BLOB NOT NULL,      -- of its row in token_vectors
  text         TEXT NOT NULL,
  vector       BLOB NOT NULL       -- float32, little endian, unit length
);
CREATE UNIQUE INDEX chunk_digest ON chunks (digest) WHERE removed_in IS NULL;
CREATE INDEX chunk_encoded ON chunks (encoded) WHERE removed_in IS NULL;
CREATE INDEX chunk_front ON chunks (front);
CREATE INDEX chunk_life ON chunks (added_in, removed_in);
CREATE INDEX chunk_removed ON chunks (removed_in) WHERE removed_in IS NOT NULL;

-- Its sentences and token vectors (qa/storage/token_vectors.py); apart, since a chunk is mostly read without.
CREATE TABLE token_vectors (
  chunk INTEGER PRIMARY KEY REFERENCES chunks (key) ON DELETE CASCADE,
  data  BLOB NOT NULL
);

CREATE TABLE passages (
  article INTEGER NOT NULL REFERENCES articles (key) ON DELETE CASCADE,
  start   INTEGER NOT NULL,
  "end"   INTEGER NOT NULL,
  chunk   INTEGER NOT NULL REFERENCES chunks (key),
  seal    BLOB NOT NULL,           -- of the four
  PRIMARY KEY (article, start)
) WITHOUT ROWID;
CREATE INDEX passage_chunk ON passages (chunk);

CREATE TABLE jobs (
  id       TEXT PRIMARY KEY,
  state    TEXT NOT NULL,          -- queued, running, done, failed, cancelled
  total    INTEGER NOT NULL,
  created  TEXT NOT NULL,
  finished TEXT,
  counts   TEXT NOT NULL,          -- JSON object: added, replaced, unchanged, refused
  problems TEXT NOT NULL,          -- JSON list
  dropped  INTEGER NOT NULL DEFAULT 0, -- inputs that were left when it was cancelled
  stated   TEXT NOT NULL DEFAULT '{}'  -- JSON object: what is said of its articles, where they do not
) WITHOUT ROWID;
CREATE INDEX job_state ON jobs (state, created);
CREATE INDEX job_created ON jobs (created);

CREATE TABLE job_items (             -- what an acknowledged job still has to do
  job     TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
  ordinal INTEGER NOT NULL,
  origin  TEXT NOT NULL,
  name    TEXT,
  payload BLOB NOT NULL,           -- zlib
  stored  INTEGER NOT NULL,        -- articles of a file that are dealt with already
  starts  INTEGER NOT NULL DEFAULT 0,  -- how often work on it was begun
  refused INTEGER NOT NULL DEFAULT 0,  -- 1: something in it could not be read
  PRIMARY KEY (job, ordinal)
) WITHOUT ROWID;

CREATE TABLE refused_items (         -- what could not be read, kept a while to be tried again
  job     TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
  ordinal INTEGER NOT NULL,
  origin  TEXT NOT NULL,
  name    TEXT,
  payload BLOB NOT NULL,           -- zlib
  PRIMARY KEY (job, ordinal)
) WITHOUT ROWID;
