"""Tunnels between stream access points."""

from globus_sdk.services.transfer import CreateTunnelData
from harness import *


class State:
    points = tunnel = None


@check
def access_points_are_found():
    points = transfer().get("/v2/stream_access_points")["data"]
    State.points = [point["id"] for point in points][:2]
    assert len(State.points) == 2, points
    assert transfer().get_stream_access_point(State.points[0])["data"]["id"] == State.points[0]


@check
def a_tunnel_is_made():
    data = CreateTunnelData(*State.points, label="python sdk", lifetime_mins=60, restartable=True)
    made = transfer().create_tunnel(data)["data"]
    State.tunnel = made["id"]
    assert made["attributes"]["state"] == "AWAITING_LISTENER" and made["attributes"]["label"] == "python sdk", made
    assert transfer().create_tunnel(data)["data"]["id"] == State.tunnel
    assert State.tunnel in [item["id"] for item in transfer().list_tunnels()]


interlude()


@check
def a_tunnel_is_changed_and_watched():
    transfer().update_tunnel(State.tunnel, {"data": {"type": "Tunnel", "attributes": {"label": "renamed"}}})
    assert transfer().get_tunnel(State.tunnel)["data"]["attributes"]["label"] == "renamed"
    listener = {"listener_ip_address": "127.0.0.1", "listener_port": 5000}
    transfer().update_tunnel(State.tunnel, {"data": {"type": "Tunnel", "attributes": listener}})
    assert transfer().get_tunnel(State.tunnel)["data"]["attributes"]["state"] == "TUNNEL_ACTIVE"
    codes = [event["attributes"]["code"] for event in transfer().get_tunnel_events(State.tunnel)["data"]]
    assert "TUNNEL_ACTIVE" in codes, codes


@check
def a_tunnel_is_its_owners():
    with refused(404):
        transfer("ada@example.org").get_tunnel(State.tunnel)


@check
def a_tunnel_is_stopped():
    transfer().update_tunnel(State.tunnel, {"data": {"type": "Tunnel", "attributes": {"state": "STOPPING"}}})
    until(lambda: transfer().get_tunnel(State.tunnel)["data"]["attributes"]["state"] == "STOPPED")


@check
def a_tunnel_is_deleted():
    transfer().delete_tunnel(State.tunnel)
    with refused(404):
        transfer().get_tunnel(State.tunnel)


run()
