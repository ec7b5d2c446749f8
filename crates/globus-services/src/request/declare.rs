//! `request!`: the type of an operation that has optional parameters.

/// Declares the request type of an operation.
///
/// ```text
/// request! {
///     /// What it does.
///     pub struct OperationMkdir => OperationResult {
///         /// What the parameter means.
///         query path(impl Into<String>) as text;     // a query parameter `path`, encoded by `encode::text`
///         body local_user(impl Into<String>) as json_text;   // a field `local_user` of the JSON object that is sent
///         form include(impl Into<String>) as form_list;      // a field `include` of the form that is sent
///     }
/// }
/// ```
///
/// `=> Answer, paged by PAGING` adds `.pages()` and `.items()`.
macro_rules! request {
    (
        $(#[$meta:meta])*
        pub struct $name:ident => $answer:ty $(, paged by $paging:ident)? {
            $( $(#[$field_meta:meta])* $place:ident $field:ident($($arg:tt)+) as $encode:ident; )*
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug)]
        #[must_use = "a request does nothing until it is awaited"]
        pub struct $name($crate::request::Request<$answer>);

        impl $name {
            $(
                $(#[$field_meta])*
                pub fn $field(mut self, value: $($arg)+) -> Self {
                    $crate::request::request!(@set self, $place, $field, $encode, value);
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

    (@set $self:ident, query, $field:ident, $encode:ident, $value:ident) => {
        $self.0.call_mut().set_query(stringify!($field), $crate::request::encode::$encode($value))
    };
    (@set $self:ident, form, $field:ident, $encode:ident, $value:ident) => {
        $self.0.call_mut().set_form_field(stringify!($field), $crate::request::encode::$encode($value))
    };
    (@set $self:ident, body, $field:ident, $encode:ident, $value:ident) => {
        $self.0.call_mut().set_field(stringify!($field), $crate::request::encode::$encode($value))
    };
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
