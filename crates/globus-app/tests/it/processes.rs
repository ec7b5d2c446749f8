//! Many processes with one store, and processes that are killed while somebody logs in.

use globus_auth_core::UnixTime;
use globus_services::groups::GroupsClient;
use globus_tokenstorage::TokenStorage;

use crate::fleet::{Crash, Fleet, Kept};
use crate::world::World;

#[tokio::test]
async fn eight_processes_with_an_empty_store_lead_to_one_login() {
    for kept in Kept::ALL {
        let (world, dir) = (World::new().await, tempfile::tempdir().unwrap());
        let fleet = Fleet::new(dir.path(), &world, kept);
        fleet.run(8, Crash::Never);
        assert_eq!((fleet.logins(), world.exchanges()), (1, 1), "{kept:?}");
        assert_eq!(world.count("GET", "/v2/groups/my_groups"), 8, "{kept:?}");
    }
}

#[tokio::test]
async fn eight_processes_that_miss_one_consent_lead_to_one_login() {
    for kept in Kept::ALL {
        let (world, dir) = (World::new().await, tempfile::tempdir().unwrap());
        let mut fleet = Fleet::new(dir.path(), &world, kept);
        fleet.run(1, Crash::Never);
        fleet.collection = Some(world.emulator.collection_data_access().to_owned());
        fleet.run(8, Crash::Never);
        assert_eq!(fleet.logins(), 2, "{kept:?}");
    }
}

#[tokio::test]
async fn eight_processes_with_an_expired_token_lead_to_one_renewal_and_no_login() {
    for kept in Kept::ALL {
        let (world, dir) = (World::new().await, tempfile::tempdir().unwrap());
        let fleet = Fleet::new(dir.path(), &world, kept);
        fleet.run(1, Crash::Never);
        let storage = fleet.storage();
        let mut stored = storage.get_token_data(GroupsClient::RESOURCE_SERVER).await.unwrap().unwrap();
        stored.expires_at = UnixTime::from_seconds(0);
        storage.store_token_data(&stored).await.unwrap();
        fleet.run(8, Crash::Never);
        assert_eq!((fleet.logins(), world.exchanges()), (1, 2), "{kept:?}");
    }
}

async fn all_or_nothing_is_stored_of_a_login_that_is_killed(kept: Kept) {
    for crash in Crash::ALL {
        let (world, dir) = (World::new().await, tempfile::tempdir().unwrap());
        let fleet = Fleet::new(dir.path(), &world, kept);
        fleet.run(1, crash);
        let stored = fleet.storage().get_token_data_by_resource_server().await.unwrap();
        // All of a login or nothing of it.
        assert!(stored.is_empty() || stored.len() == 3, "{crash:?}: {}", stored.len());
        fleet.run(1, Crash::Never);
        let logins = if stored.is_empty() { 2 } else { 1 };
        assert_eq!(fleet.logins(), logins, "{crash:?}");
    }
}

#[tokio::test]
async fn a_process_killed_at_any_instant_of_a_login_leaves_a_usable_store() {
    all_or_nothing_is_stored_of_a_login_that_is_killed(Kept::Json).await;
}

#[tokio::test]
async fn a_process_killed_at_any_instant_of_a_login_leaves_a_usable_database() {
    all_or_nothing_is_stored_of_a_login_that_is_killed(Kept::Sqlite).await;
}
