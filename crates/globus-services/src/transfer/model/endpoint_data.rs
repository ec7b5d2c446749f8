//! What is sent to make and to change endpoints and collections.

use crate::model::{CollectionId, IdentityId, Nullable, model};
use crate::request::payload;

payload! {
    /// A guest collection to make.
    ///
    /// ```
    /// use globus_services::transfer::SharedEndpointData;
    ///
    /// let guest = SharedEndpointData::new("31ce9ba0-176d-45a5-add3-f37d233ba47d", "/~/results/", "Results of run 7")
    ///     .description("What the reviewers asked for");
    /// ```
    pub struct SharedEndpointData("DATA_TYPE" = "shared_endpoint") {
        new(host_endpoint: CollectionId as json; host_path: String as json; display_name: String as json);
        /// What it is for.
        description: String as json;
        /// The organization that runs it.
        organization: String as json;
        /// The department within the organization.
        department: String as json;
        /// Words to find it by, separated by commas.
        keywords: String as json;
        /// A page that tells more.
        info_link: String as json;
        /// Where its administrators can be written to.
        contact_email: String as json;
        /// More ways to reach them.
        contact_info: String as json;
        /// Whether everyone can see it.
        public: bool as json;
        /// Where a listing starts when no path is given.
        default_directory: String as json;
        /// What its administrators tell its users.
        user_message: String as json;
        /// Where they tell more.
        user_message_link: String as json;
        /// Whether transfers are always encrypted.
        force_encryption: bool as json;
        /// Whether files are always verified after a transfer.
        force_verify: bool as json;
    }
}

model! {
    /// What the service says of a collection that it has made.
    pub struct EndpointCreated {
        /// The id of the collection.
        id: CollectionId = key,
        /// What became of it: `Created`.
        code: Option<String>,
        /// The same in words.
        message: Option<String>,
        /// The id under which the service's support finds the request.
        request_id: Option<String>,
        /// The route that was called.
        resource: Option<String>,
        /// The kind of document.
        data_type as "DATA_TYPE": Option<String>,
    }
}

payload! {
    /// What to change of an endpoint or collection. `None` takes a value away.
    ///
    /// ```
    /// use globus_services::transfer::EndpointUpdate;
    ///
    /// let update = EndpointUpdate::new().display_name("climate archive").contact_info(None).public(false);
    /// # assert_ne!(update, EndpointUpdate::new());
    /// ```
    pub struct EndpointUpdate {
        new();
        /// The name that people see.
        display_name: String as json;
        /// What it is for.
        description: Nullable<String> as json;
        /// The organization that runs it.
        organization: Nullable<String> as json;
        /// The department within the organization.
        department: Nullable<String> as json;
        /// Words to find it by, separated by commas.
        keywords: Nullable<String> as json;
        /// A page that tells more.
        info_link: Nullable<String> as json;
        /// Where its administrators can be written to.
        contact_email: Nullable<String> as json;
        /// More ways to reach them.
        contact_info: Nullable<String> as json;
        /// The owner.
        owner_id: IdentityId as json;
        /// Whether everyone can see it.
        public: bool as json;
        /// Where a listing starts when no path is given.
        default_directory: Nullable<String> as json;
        /// What its administrators tell its users.
        user_message: Nullable<String> as json;
        /// Where they tell more.
        user_message_link: Nullable<String> as json;
        /// Whether transfers are always encrypted.
        force_encryption: bool as json;
        /// Whether files are always verified after a transfer.
        force_verify: bool as json;
        /// Whether files are not verified after a transfer unless that is asked for.
        disable_verify: bool as json;
        /// Whether users that are not logged in may not write.
        disable_anonymous_writes: bool as json;
        /// The subscription that manages it.
        subscription_id: Nullable<String> as json;
        /// How transfers share the network: `normal`, `minimal`, `aggressive` or `custom`.
        network_use: String as json;
    }
}
