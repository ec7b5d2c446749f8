use proptest::prelude::*;

use super::*;

const POLICY: RetryPolicy = RetryPolicy { max_retries: 5, max_backoff: Duration::from_secs(10) };

fn answer(service: Service, status: u16, body: &'static str) -> ApiError {
    ApiError::from_response(service, status, Some("application/json"), body)
}

fn retries(may_repeat: bool, outcome: Outcome<'_>) -> bool {
    POLICY.decide(State { retries: 0, may_repeat }, outcome) != Decision::Stop
}

#[test]
fn statuses_are_retried_by_what_they_say_about_the_request() {
    for status in 400..600 {
        let error = answer(Service::Groups, status, "{}");
        let outcome = Outcome::Answer { error: &error, retry_after: None };
        assert_eq!(retries(true, outcome), matches!(status, 429 | 500 | 502 | 503 | 504), "safe, {status}");
        assert_eq!(retries(false, outcome), status == 429, "unsafe, {status}");
        let wish = Outcome::Answer { error: &error, retry_after: Some(Duration::from_secs(1)) };
        assert_eq!(retries(false, wish), matches!(status, 429 | 503), "unsafe with a wish, {status}");
    }
}

#[test]
fn a_broken_exchange_is_retried_when_that_cannot_do_anything_twice() {
    for (sent, safe, unsafe_) in [
        (Sent::Never, true, true),
        (Sent::NeverHere, true, true),
        (Sent::Perhaps, true, false),
        (Sent::Hopeless, false, false),
    ] {
        assert_eq!(retries(true, Outcome::Broken(sent)), safe, "{sent:?}");
        assert_eq!(retries(false, Outcome::Broken(sent)), unsafe_, "{sent:?}");
    }
}

#[test]
fn the_trouble_of_an_endpoint_is_not_retried_by_transfer_alone() {
    for body in [
        r#"{"code": "EndpointError", "message": "m"}"#,
        r#"{"code": "ExternalError.DirListingFailed", "message": "m"}"#,
        r#"{"errors": [{"code": "Other"}, {"code": "ExternalError"}]}"#,
    ] {
        for status in [500, 502, 504] {
            let error = answer(Service::Transfer, status, body);
            assert!(!retries(true, Outcome::Answer { error: &error, retry_after: None }), "{status} {body}");
            assert!(!is_transient_answer(&error));
            let other = answer(Service::Groups, status, body);
            assert!(retries(true, Outcome::Answer { error: &other, retry_after: None }), "{status} {body}");
        }
        let throttled = answer(Service::Transfer, 429, body);
        assert!(retries(true, Outcome::Answer { error: &throttled, retry_after: None }));
    }
    for body in ["[1]", r#"{"code": 7}"#, "<html>", r#"{"code": "ServiceUnavailable"}"#] {
        let error = answer(Service::Transfer, 502, body);
        assert!(retries(true, Outcome::Answer { error: &error, retry_after: None }), "{body}");
    }
}

#[test]
fn where_nothing_listens_here_there_are_four_more_tries_and_elsewhere_five() {
    let tries = |outcome| {
        (0..10)
            .take_while(|&retries| {
                POLICY.decide(State { retries, may_repeat: true }, outcome) != Decision::Stop
            })
            .count()
    };
    assert_eq!(tries(Outcome::Broken(Sent::NeverHere)), 4);
    assert_eq!(tries(Outcome::Broken(Sent::Never)), 5);
}

#[test]
fn the_wish_of_the_service_is_honoured_in_full() {
    let error = answer(Service::Groups, 429, "{}");
    let wish = Duration::from_secs(120);
    let decision = POLICY.decide(
        State { retries: 0, may_repeat: false },
        Outcome::Answer { error: &error, retry_after: Some(wish) },
    );
    assert_eq!(decision, Decision::Continue { delay: wish, price: Price::Scheduled });
}

proptest! {
    #[test]
    fn a_backoff_stays_between_nothing_and_its_ceiling(retries in 0_u32..200, random in 0.0_f64..1.0) {
        let backoff = POLICY.backoff(FIRST, retries, random);
        let ceiling = 2_f64.powi(retries.min(10) as i32).min(10.0);
        prop_assert!(backoff.as_secs_f64() <= ceiling);
    }
}
