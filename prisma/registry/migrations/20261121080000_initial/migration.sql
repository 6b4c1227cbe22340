-- A graph: id and variant as clients name it.
CREATE TABLE graph (
    ref TEXT PRIMARY KEY CHECK (ref ~ '^[A-Za-z][A-Za-z0-9_-]{0,63}@[A-Za-z0-9][A-Za-z0-9_-]{0,63}$'),
    created_at TIMESTAMPTZ(3) NOT NULL DEFAULT now()
);

-- Who may do what. The secret itself is nowhere: only its SHA-256.
CREATE TABLE token (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    graph TEXT NOT NULL REFERENCES graph (ref),
    name TEXT NOT NULL,
    hash BYTEA NOT NULL UNIQUE CHECK (length(hash) = 32),
    rights TEXT[] NOT NULL CHECK (cardinality(rights) > 0),
    created_at TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
    expires_at TIMESTAMPTZ(3),
    revoked_at TIMESTAMPTZ(3),
    last_used_at TIMESTAMPTZ(3)
);
CREATE UNIQUE INDEX token_name ON token (graph, name) WHERE revoked_at IS NULL;

-- Schemas and supergraphs by SHA-256.
CREATE TABLE schema_text (
    hash TEXT PRIMARY KEY CHECK (hash ~ '^[0-9a-f]{64}$'),
    text TEXT NOT NULL
);

CREATE TABLE version (
    graph TEXT NOT NULL REFERENCES graph (ref),
    number INTEGER NOT NULL CHECK (number > 0),
    published_at TIMESTAMPTZ(3) NOT NULL,
    published_by TEXT NOT NULL,
    token_id BIGINT REFERENCES token (id),
    message TEXT NOT NULL,
    -- { name: { hash, url } }
    subgraphs JSONB NOT NULL,
    supergraph TEXT NOT NULL REFERENCES schema_text (hash),
    PRIMARY KEY (graph, number)
);

-- Who did what. Rows are only ever added.
CREATE TABLE audit (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    graph TEXT NOT NULL REFERENCES graph (ref),
    at TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
    who TEXT NOT NULL,
    action TEXT NOT NULL,
    detail JSONB NOT NULL DEFAULT '{}'
);
CREATE INDEX audit_of_graph ON audit (graph, id DESC);

-- An operation is its name and its signature: the document without literals and aliases, sorted. What is registered and what is reported
-- meet in it.
CREATE TABLE operation (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    graph TEXT NOT NULL REFERENCES graph (ref),
    name TEXT NOT NULL,
    signature_hash TEXT NOT NULL,
    signature TEXT NOT NULL,
    first_seen_at TIMESTAMPTZ(3),
    last_seen_at TIMESTAMPTZ(3),
    UNIQUE (graph, signature_hash, name)
);

CREATE TABLE registered_document (
    operation_id BIGINT NOT NULL REFERENCES operation (id) ON DELETE CASCADE,
    hash TEXT NOT NULL,
    document TEXT NOT NULL,
    -- name@version
    clients TEXT[] NOT NULL,
    PRIMARY KEY (operation_id, hash)
);

CREATE TABLE operation_usage (
    operation_id BIGINT NOT NULL REFERENCES operation (id) ON DELETE CASCADE,
    client_name TEXT NOT NULL,
    client_version TEXT NOT NULL,
    day DATE NOT NULL,
    requests BIGINT NOT NULL,
    errors BIGINT NOT NULL,
    last_seen_at TIMESTAMPTZ(3) NOT NULL,
    PRIMARY KEY (operation_id, client_name, client_version, day)
);
CREATE INDEX operation_usage_by_day ON operation_usage (day);

-- Latency histogram: bucket n holds durations up to 1.1^n microseconds.
CREATE TABLE operation_latency (
    operation_id BIGINT NOT NULL REFERENCES operation (id) ON DELETE CASCADE,
    day DATE NOT NULL,
    bucket SMALLINT NOT NULL,
    requests BIGINT NOT NULL,
    PRIMARY KEY (operation_id, day, bucket)
);

CREATE TABLE field_usage (
    graph TEXT NOT NULL REFERENCES graph (ref),
    coordinate TEXT NOT NULL,
    client_name TEXT NOT NULL,
    day DATE NOT NULL,
    -- Requests whose operation names the field.
    requests BIGINT NOT NULL,
    -- Times its resolver ran, as far as it was traced.
    executions BIGINT NOT NULL,
    errors BIGINT NOT NULL,
    PRIMARY KEY (graph, coordinate, client_name, day)
);
CREATE INDEX field_usage_by_day ON field_usage (day);

-- Requests that were no operation of the schema: PARSE_FAILED, INVALID, UNKNOWN_NAME.
CREATE TABLE refused_usage (
    graph TEXT NOT NULL REFERENCES graph (ref),
    kind TEXT NOT NULL,
    client_name TEXT NOT NULL,
    client_version TEXT NOT NULL,
    day DATE NOT NULL,
    requests BIGINT NOT NULL,
    PRIMARY KEY (graph, kind, client_name, client_version, day)
);

CREATE TABLE schema_check (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    graph TEXT NOT NULL REFERENCES graph (ref),
    at TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
    who TEXT NOT NULL,
    base INTEGER,
    subgraphs TEXT[] NOT NULL,
    is_ok BOOLEAN NOT NULL,
    findings JSONB NOT NULL
);
CREATE INDEX check_of_graph ON schema_check (graph, id DESC);
