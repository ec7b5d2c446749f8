//! Collections that are only there to be found, and those that ask for more than a token.

use crate::ids::named_uuid;
use crate::transfer::{AccessPoint, Collection};

const SITES: [&str; 25] = [
    "Alder Valley",
    "Bergen Point",
    "Cedar Rapids",
    "Delta Marsh",
    "Eastwick",
    "Fairmont",
    "Glen Harbor",
    "Hollow Creek",
    "Ironwood",
    "Juniper Mesa",
    "Kingsbridge",
    "Lakeview",
    "Maple Grove",
    "Northfield",
    "Oak Summit",
    "Pine Hollow",
    "Quarry Hill",
    "Redstone",
    "Silver Lake",
    "Tamarack",
    "Upland",
    "Vista Ridge",
    "Willow Bend",
    "Yarrow",
    "Zephyr Cove",
];

const KINDS: [(&str, &str); 10] = [
    ("Genomics Archive", "GCSv5_mapped_collection"),
    ("Climate Model Output", "GCSv5_mapped_collection"),
    ("Telescope Images", "GCSv5_guest_collection"),
    ("Cluster Scratch", "GCSv5_mapped_collection"),
    ("Microscopy Lab", "GCP_mapped_collection"),
    ("Library Repository", "GCSv5_guest_collection"),
    ("Storage Endpoint", "GCSv5_endpoint"),
    ("Seismology Laptop", "GCP_mapped_collection"),
    ("Tape Vault", "GCSv5_mapped_collection"),
    ("Shared Materials", "GCP_guest_collection"),
];

pub(crate) fn described(mut collection: Collection, keywords: &str, organization: &str) -> Collection {
    collection.more.insert("keywords".to_owned(), keywords.into());
    collection.more.insert("organization".to_owned(), organization.into());
    let description = format!("{} of a local Globus emulator", collection.display_name);
    collection.more.insert("description".to_owned(), description.into());
    collection
}

/// 250 of them: more than two pages of a search. The user owns the first five.
pub(crate) fn searchable(user: (&str, &str)) -> Vec<Collection> {
    let owners = ["ada@example.org", "grace@example.org", "kim@example.org", "lee@example.org"];
    let mut all = Vec::new();
    for (s, site) in SITES.iter().enumerate() {
        for (k, (kind, entity_type)) in KINDS.iter().enumerate() {
            let name = format!("{site} {kind}");
            let username = owners[(s + k) % owners.len()];
            let id = named_uuid(&format!("identity:{username}"));
            let owner = if all.len() < 5 { user } else { (id.as_str(), username) };
            let collection =
                Collection::new(&named_uuid(&format!("collection:{name}")), &name, entity_type, owner);
            all.push(described(collection, "demo", &format!("{site} University")));
        }
    }
    all
}

const ADA: &str = "ada@example.org";

/// A collection that wants a login of the last half hour.
pub(crate) fn high_assurance(id: &str) -> Collection {
    let ada = named_uuid(&format!("identity:{ADA}"));
    let collection =
        Collection::new(id, "Emulated Protected Data", "GCSv5_mapped_collection", (ada.as_str(), ADA));
    let mut collection = described(collection, "High assurance", "Globus");
    collection.more.insert("high_assurance".to_owned(), true.into());
    collection.more.insert("authentication_timeout_mins".to_owned(), 30.into());
    collection
}

/// A site with an instrument, and a computer to which it sends what it measures.
pub(crate) fn streaming() -> (Collection, Vec<AccessPoint>) {
    let ada = named_uuid(&format!("identity:{ADA}"));
    let id = named_uuid("collection:streaming");
    let site = Collection::new(&id, "Emulated Beamline", "GCSv5_endpoint", (ada.as_str(), ADA));
    let points = [
        ("Emulated Detector", "Sends what it measures"),
        ("Emulated Analysis Cluster", "Receives streams while they are measured"),
    ];
    let points = points.map(|(name, description)| AccessPoint::new(name, description, ADA, &id));
    (described(site, "Streaming", "Globus"), points.into())
}
