use globus_sdk::prelude::*;

use crate::world::World;

#[tokio::test]
async fn userinfo_and_identities_tell_who_someone_is() {
    let world = World::new().await;
    let tokens = world.log_in(["openid", "profile", "email", AuthClient::SCOPES.view_identities]).await;
    let token = tokens.require(AuthClient::RESOURCE_SERVER).unwrap();
    let auth: AuthClient = world.client(AccessTokenAuthorizer::new(token.access_token()));
    let me = auth.userinfo().await.unwrap();
    assert_eq!(me.sub, world.emulator.user_id());
    assert_eq!(me.preferred_username.as_deref(), Some(world.emulator.username()));

    let by_name =
        auth.get_identities().usernames([world.emulator.username(), "nobody@nowhere.example"]).await.unwrap();
    let ids: Vec<&str> = by_name.identities.iter().map(|identity| identity.id.as_str()).collect();
    assert_eq!(ids, [world.emulator.user_id()]);
    let by_id = auth.get_identities().ids([world.emulator.user_id()]).await.unwrap();
    assert_eq!(by_id.identities[0].username.as_deref(), Some(world.emulator.username()));
}

#[tokio::test]
async fn a_service_introspects_a_token_and_trades_it_for_dependent_ones() {
    let world = World::new().await;
    let service = world.confidential();
    let scope = format!("https://auth.globus.org/scopes/{}/all", world.emulator.client_id());
    let tokens = world.log_in([scope.as_str()]).await;
    let received = tokens.require(world.emulator.client_id()).unwrap().access_token();

    let known = service.oauth2_token_introspect(received).include(["identity_set"]).await.unwrap();
    assert!(known.active && known.sub.unwrap() == world.emulator.user_id());
    let dependent = service.oauth2_get_dependent_tokens(received).await.unwrap();
    assert!(dependent.by_resource_server().contains_key(TransferClient::RESOURCE_SERVER));

    // Only the client that a token was issued to can revoke it (RFC 7009, section 2.1).
    world.native().oauth2_revoke_token(received).await.unwrap();
    assert!(!service.oauth2_token_introspect(received).await.unwrap().active);
}

#[tokio::test]
async fn a_group_is_made_found_among_mine_and_deleted() {
    let world = World::new().await;
    let tokens = world.log_in([GroupsClient::SCOPES.all]).await;
    let token = tokens.require(GroupsClient::RESOURCE_SERVER).unwrap();
    let groups: GroupsClient = world.client(AccessTokenAuthorizer::new(token.access_token()));
    let made = groups.create_group("Ocean ⚓ models").description("d").await.unwrap();
    assert!(groups.get_my_groups().await.unwrap().iter().any(|group| group.id == made.id));
    let seen = groups.get_group(&made.id).include(["memberships"]).await.unwrap();
    assert_eq!((seen.name.as_deref(), seen.memberships.len()), (Some("Ocean ⚓ models"), 1));
    groups.delete_group(&made.id).await.unwrap();
    assert!(groups.get_group(&made.id).await.unwrap_err().is_not_found());
}
