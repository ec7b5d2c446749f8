//! Guest collections, their access rules, and collections that look at the login.

use std::time::Duration;

use globus_sdk::prelude::*;
use globus_sdk::transfer::{
    AccessPermissions, AccessPrincipalType, AccessRuleData, AccessRuleUpdate, SharedEndpointData,
};

use crate::world::World;

async fn owner(world: &World) -> TransferClient {
    let tokens = world.log_in([TransferClient::SCOPES.all]).await;
    let token = tokens.require(TransferClient::RESOURCE_SERVER).unwrap();
    world.client(AccessTokenAuthorizer::new(token.access_token()))
}

#[tokio::test]
async fn a_rule_lets_a_colleague_read_then_write_then_nothing() {
    let world = World::new().await;
    let (owner, colleague) = (owner(&world).await, world.transfer());
    let data = SharedEndpointData::new(world.emulator.collection_a(), "/share/", "for colleagues");
    let guest = owner.create_shared_endpoint(data).await.unwrap().id;
    assert_eq!(colleague.operation_ls(&guest).path("/").await.unwrap_err().status(), Some(403));
    let rule = AccessRuleData::new(
        AccessPrincipalType::Identity,
        world.emulator.client_id(),
        "/godata/",
        AccessPermissions::Read,
    );
    let rule = owner.add_endpoint_acl_rule(&guest, rule).await.unwrap().access_id;
    assert_eq!(colleague.operation_ls(&guest).path("/godata/").await.unwrap().data.len(), 3);
    let made = colleague.operation_mkdir(&guest, "/godata/new").await;
    assert_eq!(made.unwrap_err().code(), Some("PermissionDenied"));
    let change = AccessRuleUpdate::new().permissions(AccessPermissions::ReadWrite);
    owner.update_endpoint_acl_rule(&guest, &rule, change).await.unwrap();
    colleague.operation_mkdir(&guest, "/godata/new").await.unwrap();
    // The owner's own rule is in the list, too.
    assert_eq!(owner.endpoint_acl_list(&guest).await.unwrap().data.len(), 2);
    owner.delete_endpoint_acl_rule(&guest, &rule).await.unwrap();
    assert_eq!(colleague.operation_ls(&guest).path("/godata/").await.unwrap_err().status(), Some(403));
    let guests = owner.my_shared_endpoint_list(world.emulator.collection_a()).await.unwrap();
    assert_eq!(guests.data[0].id, guest);
    owner.delete_endpoint(&guest).await.unwrap();
    assert!(owner.get_endpoint(&guest).await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn a_login_that_is_too_old_for_a_collection_is_asked_for_again() {
    let world = World::new().await;
    let assured = world.emulator.collection_high_assurance();
    let before = owner(&world).await;
    before.operation_ls(assured).path("/").await.unwrap();
    world.emulator.advance_clock(Duration::from_secs(3600));
    let refused = before.operation_ls(assured).path("/").await.unwrap_err();
    assert!(refused.needs_login(), "{refused}");
    let asked = &refused.api().unwrap().auth_requirements()[0].authorization_parameters;
    assert_eq!(
        asked.session_required_identities.as_deref(),
        Some(&[world.emulator.user_id().to_owned()][..])
    );
    let after = owner(&world).await;
    after.operation_ls(assured).path("/").await.unwrap();
}
