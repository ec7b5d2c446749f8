CREATE TABLE globus_sdk_schema (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    version integer NOT NULL
);

CREATE TABLE globus_sdk_tokens (
    namespace text COLLATE "C" NOT NULL,
    resource_server text COLLATE "C" NOT NULL,
    -- What the token itself names, where that is not the name it is kept under.
    token_resource_server text,
    identity_id text,
    scope text NOT NULL,
    -- Sealed, with the key of the programs that use them.
    access_token text NOT NULL,
    refresh_token text,
    token_type text,
    expires_at_seconds bigint NOT NULL,
    -- The same for people.
    expires_at timestamptz GENERATED ALWAYS AS (
        CASE WHEN expires_at_seconds BETWEEN 0 AND 253402300799 THEN to_timestamp(expires_at_seconds::double precision) END
    ) STORED,
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (namespace, resource_server)
);
