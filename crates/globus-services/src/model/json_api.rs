//! Documents in the form of [JSON:API](https://jsonapi.org/format/).

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::model;
use crate::paging::{Page, PageInfo, Paged};

model! {
    /// One thing, as a JSON:API service sends it.
    pub struct JsonApiDocument<T> {
        /// The thing.
        data: T = key,
        /// Documents that it refers to, where the service was asked for them, or sends them anyway.
        included: Vec<Value> = list,
        /// Addresses of related documents.
        links: Option<JsonApiLinks>,
        /// What the service says about the answer, such as the `request_id`.
        meta: Option<Value>,
    }
}

model! {
    /// A page of a list, as a JSON:API service sends it.
    pub struct JsonApiList<T> {
        /// The items of this page.
        data: Vec<T> = list,
        /// Documents that they refer to, where the service was asked for them, or sends them anyway.
        included: Vec<Value> = list,
        /// Addresses of related documents.
        links: Option<JsonApiLinks>,
        /// What the service says about the answer, such as the `request_id`.
        meta: Option<Value>,
    }
}

model! {
    /// What a JSON:API service answers when there is nothing to send.
    pub struct JsonApiEmpty {
        /// Nothing.
        data: Option<Value>,
        /// What the service says about the answer, such as the `request_id`.
        meta: Option<Value>,
    }
}

model! {
    /// Addresses of related documents.
    pub struct JsonApiLinks {
        /// The next page; none on the last.
        next: Option<Value>,
    }
}

impl<T: DeserializeOwned + Send + 'static> Page for JsonApiList<T> {
    type Item = T;
}

impl<T: DeserializeOwned + Send + 'static> Paged<T> for JsonApiList<T> {
    fn info(&self) -> PageInfo {
        let next = self.links.as_ref().and_then(|links| links.next.as_ref());
        PageInfo::next(next.filter(|next| next.is_string()))
    }

    fn items_mut(&mut self) -> &mut Vec<T> {
        &mut self.data
    }
}
