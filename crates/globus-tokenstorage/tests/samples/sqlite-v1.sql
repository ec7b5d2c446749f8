CREATE TABLE config_storage (
    namespace VARCHAR NOT NULL,
    config_name VARCHAR NOT NULL,
    config_data_json VARCHAR NOT NULL,
    PRIMARY KEY (namespace, config_name)
);
CREATE TABLE token_storage (
    namespace VARCHAR NOT NULL,
    resource_server VARCHAR NOT NULL,
    token_data_json VARCHAR NOT NULL,
    PRIMARY KEY (namespace, resource_server)
);
CREATE TABLE sdk_storage_adapter_internal (
    attribute VARCHAR NOT NULL,
    value VARCHAR NOT NULL,
    PRIMARY KEY (attribute)
);
INSERT INTO config_storage VALUES ('DEFAULT', 'colour', '"blue"');
INSERT INTO sdk_storage_adapter_internal VALUES ('globus-sdk.version', '3.20.1');
INSERT INTO sdk_storage_adapter_internal VALUES ('globus-sdk.database_schema_version', '1');
INSERT INTO token_storage VALUES ('DEFAULT', 'groups.api.globus.org', '{"scope": "urn:globus:auth:scope:groups.api.globus.org:all", "access_token": "AgSampleGroups", "refresh_token": null, "token_type": "Bearer", "expires_at_seconds": 1750000001, "resource_server": "groups.api.globus.org"}');
