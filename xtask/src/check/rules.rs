//! The rules, as tables: which crate stands above which, and what it never has in its tree.

use super::layer::Layer;
use super::reserved::Reserved;

const HTTP: [&str; 4] = ["reqwest", "hyper", "h2", "ureq"];
const TLS: [&str; 4] = ["rustls", "native-tls", "openssl", "tokio-rustls"];
const REACTOR: [&str; 2] = ["mio", "socket2"];

const NO_HTTP: &str = "this layer has no HTTP client, so that it can be used and tested without a server";
const NO_TLS: &str = "this layer opens no connection";
const NO_REACTOR: &str = "whoever embeds this layer alone shall not pay for a reactor";

/// Every crate of the SDK, lowest first.
const SDK: [&str; 8] = [
    "globus-auth-core",
    "globus-tokenstorage",
    "globus-tokenstorage-postgres",
    "globus-authorizers",
    "globus-transport",
    "globus-services",
    "globus-app",
    "globus-sdk",
];

/// Each crate with those that it may use, directly or through others.
pub(super) fn layers() -> Vec<Layer> {
    vec![
        Layer::of("globus-auth-core")
            .above([])
            .never(HTTP, NO_HTTP)
            .never(TLS, NO_TLS)
            .never(REACTOR, NO_REACTOR)
            .never(["tokio"], "this layer does no I/O and waits for nothing"),
        Layer::of("globus-tokenstorage")
            .above(["globus-auth-core"])
            .never(HTTP, NO_HTTP)
            .never(TLS, NO_TLS)
            .never(REACTOR, NO_REACTOR),
        Layer::of("globus-tokenstorage-postgres")
            .above(["globus-auth-core", "globus-tokenstorage"])
            .never(HTTP, NO_HTTP),
        Layer::of("globus-authorizers")
            .above(["globus-auth-core", "globus-tokenstorage"])
            .never(HTTP, NO_HTTP)
            .never(TLS, NO_TLS)
            .never(REACTOR, NO_REACTOR),
        Layer::of("globus-transport").above([
            "globus-auth-core",
            "globus-tokenstorage",
            "globus-authorizers",
        ]),
        Layer::of("globus-services").above([
            "globus-auth-core",
            "globus-tokenstorage",
            "globus-authorizers",
            "globus-transport",
        ]),
        Layer::of("globus-app").above([
            "globus-auth-core",
            "globus-tokenstorage",
            "globus-authorizers",
            "globus-transport",
            "globus-services",
        ]),
        Layer::of("globus-sdk").above([
            "globus-auth-core",
            "globus-tokenstorage",
            "globus-tokenstorage-postgres",
            "globus-authorizers",
            "globus-transport",
            "globus-services",
            "globus-app",
        ]),
        // It shares no code with what it is used to test: a mistake must not be able to hide on both sides.
        Layer::of("globus-emulator").above([]),
        Layer::of("globus-test-support").above([]),
        // It drives a browser; what it looks at is named by its tests alone.
        Layer::of("globus-browser-tests").above([]),
        Layer::of("globus-bench").above(SDK),
        Layer::of("globus-fuzz").above(SDK).above(["globus-emulator"]),
        // The demonstration brings its own Globus.
        Layer::of("globus-examples").above(SDK).above(["globus-emulator"]),
        Layer::of("xtask").above([]),
    ]
}

/// Packages that only some crates may name in their manifests.
pub(super) fn reserved() -> Vec<Reserved> {
    vec![
        Reserved::of("reqwest", "its versions are nobody's business but the transport's")
            .named_by("globus-transport")
            // It measures what doing without the SDK would cost.
            .named_by("globus-bench")
            // Their tests speak to the emulator as a browser does, without the code that is tested.
            .named_by_tests_of("globus-emulator")
            .named_by_tests_of("globus-examples"),
        Reserved::of("globus-emulator", "a program that uses the SDK does not carry a Globus of its own")
            .named_by("globus-examples")
            // What it is asked is tried there.
            .named_by("globus-fuzz")
            .named_by_tests_of("globus-app")
            .named_by_tests_of("globus-browser-tests")
            .named_by_tests_of("globus-sdk"),
        Reserved::of("globus-test-support", "it is not published, and for tests alone")
            .named_by_tests_of("globus-auth-core")
            .named_by_tests_of("globus-authorizers")
            .named_by_tests_of("globus-tokenstorage")
            .named_by_tests_of("globus-tokenstorage-postgres")
            .named_by_tests_of("globus-transport")
            .named_by_tests_of("globus-services")
            .named_by_tests_of("globus-app")
            .named_by_tests_of("globus-sdk"),
    ]
}

/// The most packages that a user of a crate with its default features may have to build.
pub(super) const BUDGETS: [(&str, usize); 3] =
    [("globus-sdk", 130), ("globus-tokenstorage", 30), ("globus-tokenstorage-postgres", 90)];

/// The crates of which each feature is built alone.
pub(super) const SINGLE_FEATURES: [&str; 4] =
    ["globus-services", "globus-app", "globus-sdk", "globus-tokenstorage"];
