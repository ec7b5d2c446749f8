//! The documents of Auth.

use globus_services::auth::{
    ClientCredentialDocument, ClientCredentialList, ClientDocument, ClientList, ConsentList, IdentityList,
    IdentityProviderList, NativeAppInstance, PolicyDocument, PolicyList, ProjectDocument, ProjectList,
    RevokedToken, ScopeDocument, ScopeList, TokenIntrospection, UserInfo,
};

use super::models;

models! {
    "auth":
    userinfo: UserInfo = "AuthClient.userinfo", ["sub"];
    identity_list: IdentityList = "AuthClient.get_identities", ["id"];
    identity_provider_list: IdentityProviderList = "AuthClient.get_identity_providers", ["id"];
    consent_list: ConsentList = "AuthClient.get_consents", ["id"];
    project: ProjectDocument = "AuthClient.delete_project", ["project", "id"];
    project_list: ProjectList = "AuthClient.get_projects", ["id"];
    policy: PolicyDocument = "AuthClient.get_policy", ["policy"];
    policy_list: PolicyList = "AuthClient.get_policies", [];
    // The id that is needed is the secret's.
    client: ClientDocument = "AuthClient.get_client", ["client"];
    client_with_its_secret: ClientDocument = "AuthClient.create_client", ["client", "id"];
    client_list: ClientList = "AuthClient.get_clients", [];
    native_app_instance: NativeAppInstance = "NativeAppAuthClient.create_native_app_instance", ["client", "id"];
    credential: ClientCredentialDocument = "AuthClient.create_client_credential", ["credential", "id"];
    credential_list: ClientCredentialList = "AuthClient.get_client_credentials", ["id"];
    // The scope on which another depends is named by `scope` alone.
    scope: ScopeDocument = "AuthClient.get_scope", ["scope", "id"];
    scope_list: ScopeList = "AuthClient.get_scopes", ["id", "scope"];
    introspection: TokenIntrospection = "ConfidentialAppAuthClient.oauth2_token_introspect", ["active"];
    revoked_token: RevokedToken = "NativeAppAuthClient.oauth2_revoke_token", [];
}
