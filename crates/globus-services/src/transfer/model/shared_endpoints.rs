//! [`SharedEndpointList`]: the guest collections on a collection.

use serde_json::Value;

use super::Endpoint;
use crate::model::model;
use crate::paging::{Page, PageInfo, Paged};

model! {
    /// A page of the guest collections on a collection.
    pub struct SharedEndpointList {
        /// The collections of this page.
        shared_endpoints: Vec<Endpoint> = list,
        /// Where the next page starts; `null` on the last.
        next_token: Option<Value>,
    }
}

impl Page for SharedEndpointList {
    type Item = Endpoint;
}

impl Paged<Endpoint> for SharedEndpointList {
    fn info(&self) -> PageInfo {
        PageInfo::next(self.next_token.as_ref())
    }

    fn items_mut(&mut self) -> &mut Vec<Endpoint> {
        &mut self.shared_endpoints
    }
}
