-- Reports that were counted, by SHA-256: one whose answer was lost is sent again.
CREATE TABLE counted_report (
    graph TEXT NOT NULL REFERENCES graph (ref),
    hash BYTEA NOT NULL CHECK (length(hash) = 32),
    counted_at TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
    PRIMARY KEY (graph, hash)
);
CREATE INDEX counted_report_by_time ON counted_report (counted_at);
