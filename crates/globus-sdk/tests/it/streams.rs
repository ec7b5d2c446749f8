//! Version 2 of Transfer: tunnels, stream access points, bookmarks.

use globus_sdk::prelude::*;
use globus_sdk::transfer::CreateTunnelData;
use globus_sdk::transfer::v2::{
    BookmarkCreateDocument, BookmarkUpdateDocument, TransferClientV2, TunnelState, TunnelUpdateDocument,
};

use crate::world::World;

fn version_2(world: &World) -> TransferClientV2 {
    let scopes = [TransferClient::SCOPES.all];
    world.client(ClientCredentialsAuthorizer::new(world.confidential(), scopes))
}

#[tokio::test]
async fn a_tunnel_is_made_told_its_listener_and_stopped() {
    let world = World::new().await;
    let transfer = version_2(&world);
    let points = transfer.list_stream_access_points().items().try_collect().await.unwrap();
    let [initiator, listener] = &points[..] else { panic!("{points:?}") };
    let data = CreateTunnelData::new(&initiator.id, &listener.id).label("beam line 7").lifetime_mins(60);
    let tunnel = transfer.create_tunnel(data).await.unwrap().data;
    let state = |tunnel: &globus_sdk::transfer::v2::Tunnel| tunnel.attributes.as_ref().unwrap().state.clone();
    assert_eq!(state(&tunnel), Some(TunnelState::AwaitingListener));
    let here = TunnelUpdateDocument::new().listener_ip_address("127.0.0.1").listener_port(5000_u64);
    let tunnel = transfer.update_tunnel(&tunnel.id, here).await.unwrap().data;
    assert_eq!(state(&tunnel), Some(TunnelState::Active));
    let stop = TunnelUpdateDocument::new().state("STOPPING");
    assert_eq!(
        state(&transfer.update_tunnel(&tunnel.id, stop).await.unwrap().data),
        Some(TunnelState::Stopping)
    );
    assert_eq!(state(&transfer.get_tunnel(&tunnel.id).await.unwrap().data), Some(TunnelState::Stopped));
    let events = transfer.get_tunnel_events(&tunnel.id).items().try_collect().await.unwrap();
    assert_eq!(events.len(), 3);
    transfer.delete_tunnel(&tunnel.id).await.unwrap();
    assert!(transfer.list_tunnels().items().try_collect().await.unwrap().is_empty());
    assert!(transfer.get_tunnel(&tunnel.id).await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn bookmarks_are_the_same_in_both_versions_and_lists_have_an_end() {
    let world = World::new().await;
    let (old, new) = (world.transfer(), version_2(&world));
    let a = world.emulator.collection_a();
    // More than one page.
    for number in 0..101 {
        let data = BookmarkCreateDocument::new(a, format!("place {number:03}"), "/share/");
        new.create_bookmark(data).await.unwrap();
    }
    let all = new.list_bookmarks().items().try_collect().await.unwrap();
    assert_eq!(all.len(), 101);
    assert_eq!(world.count("GET", "/v2/bookmarks"), 2);
    assert_eq!(old.bookmark_list().await.unwrap().data.len(), 101);
    let change = BookmarkUpdateDocument::new().path("/").pinned(true);
    new.update_bookmark(&all[7].id, change).await.unwrap();
    let changed = old.get_bookmark(&all[7].id).await.unwrap();
    assert_eq!((changed.path.as_deref(), changed.pinned), (Some("/"), Some(true)));
    let taken = BookmarkCreateDocument::new(a, "place 000", "/");
    assert_eq!(new.create_bookmark(taken).await.unwrap_err().code(), Some("CONFLICT"));
    new.delete_bookmark(&all[7].id).await.unwrap();
    assert!(old.get_bookmark(&all[7].id).await.unwrap_err().is_not_found());
}
