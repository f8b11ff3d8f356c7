-- Every row that readers see carries the generation it came in and the one it went out:
-- a reader at generation g sees added_in <= g and (removed_in is null or removed_in > g).

CREATE TABLE meta (
  key   TEXT PRIMARY KEY,
  value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE generations (
  number INTEGER PRIMARY KEY,
  at     REAL NOT NULL             -- seconds since 1970: when rows removed in it may be purged
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
  author      TEXT,
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

-- A chunk is a text that is embedded and indexed once; a passage is a place where it stands.
CREATE TABLE chunks (
  key        INTEGER PRIMARY KEY AUTOINCREMENT,  -- never used twice: the indexes rely on it
  digest     BLOB NOT NULL,        -- SHA-256 of title, byline, lead and text
  encoded    BLOB NOT NULL,        -- SHA-256 of what the encoder read: equal, equal vectors
  added_in   INTEGER NOT NULL,
  removed_in INTEGER,
  title      TEXT NOT NULL,        -- indexed as words with every passage of the article
  byline     TEXT NOT NULL,        -- publisher and author, indexed likewise
  lead       INTEGER NOT NULL,     -- 1: embedded with the title in front
  text       TEXT NOT NULL,
  vector     BLOB NOT NULL         -- float32, little endian, unit length
);
CREATE UNIQUE INDEX chunk_digest ON chunks (digest) WHERE removed_in IS NULL;
CREATE INDEX chunk_encoded ON chunks (encoded) WHERE removed_in IS NULL;
CREATE INDEX chunk_life ON chunks (added_in, removed_in);
CREATE INDEX chunk_removed ON chunks (removed_in) WHERE removed_in IS NOT NULL;

-- Its sentences and token vectors (qa/tokens.py); apart, since a chunk is mostly read without.
CREATE TABLE readings (
  chunk INTEGER PRIMARY KEY REFERENCES chunks (key) ON DELETE CASCADE,
  data  BLOB NOT NULL
);

CREATE TABLE passages (
  article INTEGER NOT NULL REFERENCES articles (key) ON DELETE CASCADE,
  start   INTEGER NOT NULL,
  "end"   INTEGER NOT NULL,
  chunk   INTEGER NOT NULL REFERENCES chunks (key),
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
  dropped  INTEGER NOT NULL DEFAULT 0  -- inputs that were left when it was cancelled
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
  PRIMARY KEY (job, ordinal)
) WITHOUT ROWID;
