//! The people of the world, and the groups they are in.

use crate::auth::Identity;
use crate::groups::{Group, GroupsState, Membership, Role, Status};
use crate::ids::named_uuid;

pub(crate) const DATA_ACCESS_NAME: &str = "Emulated Research Archive";

/// The one who logs in unless told otherwise.
pub(crate) fn user() -> Identity {
    Identity::person("researcher@example.org", "Robin Researcher", "Example University")
}

pub(crate) fn everybody() -> Vec<Identity> {
    let mut globus = Identity::person("globus@globusid.org", "Globus Team", "University of Chicago");
    "46bd0f56-e24f-11e5-a510-131bef46955c".clone_into(&mut globus.id);
    globus.email = Some("support@globus.org".to_owned());
    // One and the same person at two places.
    let mut lab = Identity::person("grace@lab.example.org", "Grace Group", "Example Laboratory");
    lab.linked_to = Some(named_uuid("identity:grace@example.org"));
    vec![
        user(),
        globus,
        Identity::person("ada@example.org", "Ada Admin", "Example University"),
        Identity::person("grace@example.org", "Grace Group", "Example University"),
        Identity::person("kim@example.org", "Kim Colleague", "Example Laboratory"),
        Identity::person("lee@example.org", "Lee Librarian", "Example Library"),
        Identity::person("noor@example.org", "Noor Newcomer", "Example Laboratory"),
        Identity::person("sam@example.org", "Sam Student", "Example University"),
        lab,
    ]
}

/// The names of the groups.
pub(crate) const GROUPS: [&str; 7] = [
    "Tutorial Users Group",
    "Climate Data Working Group",
    "HPC Operators",
    "Genome Atlas",
    "Open Science Forum",
    "Private Circle",
    "Demonstration Service Group",
];

/// The id of one of them.
pub(crate) fn group_id(name: &str) -> String {
    if name == GROUPS[0] {
        "50b6a29c-63ac-11e4-8062-22000ab68755".to_owned()
    } else {
        named_uuid(&format!("group:{name}"))
    }
}

/// Groups in which the user has every role and status there is.
pub(crate) fn groups(client: &Identity, now: i64) -> GroupsState {
    let people = everybody();
    let (user, ada, grace, kim) = (&people[0], &people[2], &people[3], &people[4]);
    let mut state = GroupsState::default();
    let mut add = |name: &str, description: &str, members: &[(&Identity, Role, Status)]| {
        let mut group = Group::new(group_id(name), name, Some(description));
        if name == "Open Science Forum" {
            group.policies.visible_to_all = true;
            group.policies.members_visible_to_members = true;
            group.policies.join_requests = true;
        }
        if name == "Climate Data Working Group" {
            group.subscription_id = Some(named_uuid("subscription"));
        }
        for (identity, role, status) in members {
            group.set(Membership::new(&identity.id, &identity.username, *role, *status, now));
        }
        state.groups.insert(group.id.clone(), group);
    };
    add(
        "Tutorial Users Group",
        "Everybody who follows the tutorial",
        &[
            (ada, Role::Admin, Status::Active),
            (user, Role::Member, Status::Active),
            (client, Role::Member, Status::Active),
        ],
    );
    add(
        "Climate Data Working Group",
        "Looks after the climate runs",
        &[
            (user, Role::Admin, Status::Active),
            (kim, Role::Manager, Status::Active),
            (grace, Role::Member, Status::Active),
            (client, Role::Member, Status::Active),
            (&people[7], Role::Member, Status::Pending),
        ],
    );
    add(
        "HPC Operators",
        "Runs the machines",
        &[
            (ada, Role::Admin, Status::Active),
            (user, Role::Manager, Status::Active),
            (kim, Role::Member, Status::Active),
        ],
    );
    add(
        "Genome Atlas",
        "Sequences of everything",
        &[(grace, Role::Admin, Status::Active), (user, Role::Member, Status::Invited)],
    );
    add("Open Science Forum", "Open to everybody", &[(grace, Role::Admin, Status::Active)]);
    add("Private Circle", "Not for everybody", &[(ada, Role::Admin, Status::Active)]);
    add("Demonstration Service Group", "Owned by the service", &[(client, Role::Admin, Status::Active)]);
    state
}
