//! `request!`: the type of an operation that has optional parameters.

/// Declares the request type of an operation.
///
/// ```text
/// request! {
///     /// [`TransferClient::operation_mkdir`].
///     pub struct OperationMkdir => OperationResult {
///         /// What the parameter means.
///         query path: String as text;               // a query parameter, spelled by `encode::text`
///         body local_user: String as json_text;     // a field of the JSON object that is sent
///         form include: many as form_list;          // a field of the form that is sent
///         query parent: GroupId as text, named "parent_id";
///     }
/// }
/// ```
///
/// The type is what the setter's argument is converted into: `String`, an id or an enum takes anything that becomes one, `many`
/// takes one text or several, `bool` and `u64` are themselves. `=> Answer, paged by PAGING` adds `.pages()` and `.items()`.
macro_rules! request {
    (
        $(#[$meta:meta])*
        pub struct $name:ident => $answer:ty $(, paged by $paging:ident)? {
            $( $(#[$field_meta:meta])* $place:ident $field:ident: $ty:ident $(<$inner:ident>)? as $encode:ident $(, named $wire:literal)?; )*
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug)]
        #[must_use = "a request does nothing until it is awaited"]
        pub struct $name($crate::request::Request<$answer>);

        impl $name {
            $(
                $(#[$field_meta])*
                pub fn $field(mut self, value: $crate::request::request!(@argument $ty $(<$inner>)?)) -> Self {
                    let value = $crate::request::request!(@convert value, $ty $(<$inner>)?);
                    let encoded = $crate::request::encode::$encode(value);
                    let name = $crate::request::request!(@name $field $($wire)?);
                    $crate::request::request!(@set self, $place, name, encoded);
                    self
                }
            )*

            fn call_mut(&mut self) -> &mut $crate::request::Call {
                self.0.call_mut()
            }

            fn call(&self) -> &$crate::request::Call {
                self.0.call()
            }

            $crate::request::call_settings!();

            $(
                /// All pages as a stream, each fetched when it is asked for. `limit` then bounds the whole.
                pub fn pages(self) -> $crate::Pages<$answer> {
                    $crate::Pages::new(self.0, $paging)
                }

                /// The items of all pages as a stream. `limit` then bounds the whole.
                pub fn items(self) -> $crate::Items<$answer> {
                    self.pages().items()
                }
            )?
        }

        impl From<$crate::request::Call> for $name {
            fn from(call: $crate::request::Call) -> Self {
                Self(call.into())
            }
        }

        impl ::std::future::IntoFuture for $name {
            type Output = Result<$answer, ::globus_transport::Error>;
            type IntoFuture = $crate::request::ResponseFuture<$answer>;

            fn into_future(self) -> Self::IntoFuture {
                self.0.into_future()
            }
        }
    };

    (@argument bool) => { bool };
    (@argument u64) => { u64 };
    (@argument many) => { impl $crate::OneOrMany };
    (@argument $ty:ident) => { impl Into<$ty> };
    (@argument $ty:ident<$inner:ident>) => { impl Into<$ty<$inner>> };

    (@convert $value:ident, bool) => { $value };
    (@convert $value:ident, u64) => { $value };
    (@convert $value:ident, many) => { $value };
    (@convert $value:ident, $ty:ident) => {{ let value: $ty = $value.into(); value }};
    (@convert $value:ident, $ty:ident<$inner:ident>) => {{ let value: $ty<$inner> = $value.into(); value }};

    (@name $field:ident) => { stringify!($field) };
    (@name $field:ident $wire:literal) => { $wire };

    (@set $self:ident, query, $name:ident, $encoded:ident) => { $self.0.call_mut().set_query($name, $encoded) };
    (@set $self:ident, body, $name:ident, $encoded:ident) => { $self.0.call_mut().set_field($name, $encoded) };
    (@set $self:ident, form, $name:ident, $encoded:ident) => { $self.0.call_mut().set_form_field($name, $encoded) };
}
pub(crate) use request;

/// The methods that every request has: how the call is made, and a look at it without sending.
macro_rules! call_settings {
    () => {
        /// Bounds the whole call: waiting for a token, every try, and the pauses between them.
        pub fn with_timeout(mut self, timeout: ::std::time::Duration) -> Self {
            self.call_mut().set_timeout(timeout);
            self
        }

        /// Bounds each try.
        pub fn with_attempt_timeout(mut self, timeout: ::std::time::Duration) -> Self {
            self.call_mut().set_attempt_timeout(timeout);
            self
        }

        /// How often it is tried again after a failure that is passing and safe to repeat; 0 for never.
        pub fn with_max_retries(mut self, retries: u32) -> Self {
            self.call_mut().set_max_retries(retries);
            self
        }

        /// Adds a header.
        pub fn with_header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
            self.call_mut().add_header(name.into(), value.into());
            self
        }

        /// Adds a query parameter that this version does not know; it wins over one of the same name.
        pub fn with_query_param(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
            self.call_mut().override_query(name.into(), value.into());
            self
        }

        /// What would be sent, without sending it.
        ///
        /// # Errors
        /// When an argument cannot be used, such as an empty id.
        pub fn wire(&self) -> Result<::globus_transport::HttpRequest, ::globus_transport::Error> {
            self.call().clone().into_http()
        }
    };
}
pub(crate) use call_settings;
