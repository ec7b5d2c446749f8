//! What the authorizers that renew have in common: their settings, and that the engine does the work.

macro_rules! impl_renewing {
    ($authorizer:ty) => {
        /// Settings, to be chosen before the authorizer is used or cloned: each gives an authorizer that starts anew.
        impl $authorizer {
            /// The same with an access token to begin with, which ends at `expires_at`.
            #[must_use]
            pub fn with_access_token(self, access_token: impl Into<Secret>, expires_at: UnixTime) -> Self {
                let access_token = access_token.into();
                self.configure(|settings| settings.initial = Some((access_token, expires_at)))
            }

            /// The same with a function that is given the tokens of every exchange: after they were stored, before the new
            /// access token is used. It is not told of tokens that another process obtained. It runs in the renewal,
            /// for which requests may be waiting: it should be quick and must not block.
            #[must_use]
            pub fn on_refresh(self, on_refresh: impl Fn(&TokenData) + Send + Sync + 'static) -> Self {
                self.configure(|settings| settings.on_refresh = Some(Arc::new(on_refresh)))
            }

            /// The same with another clock than the system's.
            #[must_use]
            pub fn with_clock(self, clock: impl Clock + 'static) -> Self {
                self.configure(|settings| settings.clock = Arc::new(clock))
            }

            /// The same with another time before its end at which a token is renewed in the background: a tenth of its
            /// life, at most five minutes, otherwise. It is shortened by a random part of up to a tenth, so that many processes
            /// do not renew at the same moment, and never more than half of the life that the token has when it is obtained.
            /// A minute or less switches it off: with less than 60 s left, a token is not served any more.
            #[must_use]
            pub fn with_refresh_ahead(self, ahead: Duration) -> Self {
                self.configure(|settings| settings.refresh_ahead = Some(ahead))
            }

            /// Waits until no renewal runs, also of the clones, and tries once more to store tokens that the storage has
            /// refused. Call it before the program ends.
            ///
            /// Where Auth replaces refresh tokens, a renewal that is broken off between Auth's answer and the write to the
            /// storage loses the login: the old refresh token is spent, and the new one gone. A renewal goes on when its
            /// callers give up, but not when its runtime ends, as it does when `main` returns. It takes seconds as a
            /// rule, and its steps (the lock, the exchange, the write) five minutes each at most. Nothing helps
            /// against a process that is killed at that moment. Tokens that cannot be stored even now cause a warning.
            ///
            /// Renewals that are begun meanwhile are waited for too, so let no requests begin any more. Dropping the future is
            /// safe: what it waits for goes on.
            pub async fn settle(&self) {
                self.engine.settle().await;
            }

            /// Whether [`settle`](Self::settle) has nothing to wait for: no renewal runs, and all tokens are stored.
            pub fn is_settled(&self) -> bool {
                self.engine.is_settled()
            }

            /// The header that was used last, whether its token has ended or not. Unlike
            /// [`current_header`](Authorizer::current_header) it begins no renewal.
            pub fn held_header(&self) -> Option<AuthorizationHeader> {
                self.engine.held_header()
            }

            fn configure(self, change: impl FnOnce(&mut Settings)) -> Self {
                Self { engine: self.engine.configure(change) }
            }
        }

        #[async_trait]
        impl Authorizer for $authorizer {
            fn current_header(&self) -> Option<AuthorizationHeader> {
                self.engine.current_header()
            }

            async fn authorization_header(&self) -> Result<Option<AuthorizationHeader>, AuthorizerError> {
                self.engine.authorization_header().await.map(Some)
            }

            fn refused(&self, header: &AuthorizationHeader) -> bool {
                self.engine.refused(header)
            }
        }
    };
}
