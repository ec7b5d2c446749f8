//! What the caller's identities say about themselves.

use super::{GroupsClient, IdentityMembershipFields, IdentityPreferences};
use crate::model::GroupId;
use crate::request::Request;

const PREFERENCES: &str = "v2/preferences";
const MEMBERSHIP_FIELDS: &str = "v2/groups/{group_id}/membership_fields";

impl GroupsClient {
    /// The preferences of the caller's identities: whether others may add them to groups.
    ///
    /// [Service documentation](https://groups.api.globus.org/redoc#tag/identity-preferences/operation/get_identity_set_preferences_v2_preferences_get).
    /// Scope `all`. Fails with status 401 or 403 when the token does not allow it.
    pub fn get_identity_preferences(&self) -> Request<IdentityPreferences> {
        self.core.get("get_identity_preferences", PREFERENCES, &[]).into()
    }

    /// Sets preferences of the caller's identities.
    ///
    /// ```no_run
    /// use globus_services::groups::{GroupsClient, IdentityPreferences};
    ///
    /// # async fn example(groups: GroupsClient, me: &str) -> Result<(), globus_transport::Error> {
    /// groups.set_identity_preferences(IdentityPreferences::new().allow_add(me, false)).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// [Service documentation](https://groups.api.globus.org/redoc#tag/identity-preferences/operation/put_identity_set_preferences_v2_preferences_put).
    /// Scope `all`. Fails with `FORBIDDEN` for an identity that is not the caller's, and with `BAD_REQUEST`.
    pub fn set_identity_preferences(&self, preferences: IdentityPreferences) -> Request<IdentityPreferences> {
        self.core.put("set_identity_preferences", PREFERENCES, &[]).json(&preferences).into()
    }

    /// What the caller's identities have told the group about themselves.
    ///
    /// [Service documentation](https://groups.api.globus.org/redoc#tag/membership-fields/operation/get_membership_fields_v2_groups__group_id__membership_fields_get).
    /// Scope `all`. Fails with `GROUP_NOT_FOUND`.
    pub fn get_membership_fields(&self, group_id: impl Into<GroupId>) -> Request<IdentityMembershipFields> {
        self.core.get("get_membership_fields", MEMBERSHIP_FIELDS, &[group_id.into().as_str()]).into()
    }

    /// Tells the group something about the caller's identities, such as what it requires of those who join.
    ///
    /// ```no_run
    /// use globus_services::groups::{GroupRequiredSignupFields, GroupsClient, IdentityMembershipFields, MembershipFields};
    ///
    /// # async fn example(groups: GroupsClient, me: &str, group: &str) -> Result<(), globus_transport::Error> {
    /// let fields = MembershipFields::new().set(GroupRequiredSignupFields::Phone, "+1 2");
    /// groups.set_membership_fields(group, IdentityMembershipFields::new().set(me, fields)).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// [Service documentation](https://groups.api.globus.org/redoc#tag/membership-fields/operation/put_membership_fields_v2_groups__group_id__membership_fields_put).
    /// Scope `all`. Fails with `GROUP_NOT_FOUND` and `BAD_REQUEST`.
    pub fn set_membership_fields(
        &self,
        group_id: impl Into<GroupId>,
        fields: IdentityMembershipFields,
    ) -> Request<IdentityMembershipFields> {
        let call = self.core.put("set_membership_fields", MEMBERSHIP_FIELDS, &[group_id.into().as_str()]);
        call.json(&fields).into()
    }
}
