use super::*;

const SERVICES: [Service; 7] = [
    Service::Auth,
    Service::Transfer,
    Service::Groups,
    Service::Search,
    Service::Flows,
    Service::Timers,
    Service::Compute,
];

fn urls(environment: &str) -> Vec<String> {
    let variables = Variables::from_pairs([("GLOBUS_SDK_ENVIRONMENT", environment)]);
    let environment = Environment::from_variables(&variables).unwrap();
    SERVICES.map(|service| environment.service_url_in(service, &variables).unwrap().to_string()).to_vec()
}

#[test]
fn every_environment_has_its_addresses() {
    assert_eq!(
        urls("production"),
        [
            "https://auth.globus.org/",
            "https://transfer.api.globus.org/",
            "https://groups.api.globus.org/",
            "https://search.api.globus.org/",
            "https://flows.automate.globus.org/",
            "https://timer.automate.globus.org/",
            "https://compute.api.globus.org/",
        ]
    );
    assert_eq!(
        urls("preview"),
        [
            "https://auth.preview.globus.org/",
            "https://transfer.api.preview.globus.org/",
            "https://groups.api.preview.globus.org/",
            "https://search.api.preview.globus.org/",
            "https://preview.flows.automate.globus.org/",
            "https://preview.timer.automate.globus.org/",
            "https://compute.api.preview.globus.org/",
        ]
    );
    for name in ["sandbox", "integration", "test", "staging"] {
        let urls = urls(name);
        assert_eq!(urls[0], format!("https://auth.{name}.globuscs.info/"));
        assert_eq!(urls[1], format!("https://transfer.api.{name}.globuscs.info/"));
        assert_eq!(urls[5], format!("https://{name}.timer.automate.globus.org/"));
    }
}

#[test]
fn every_default_address_is_a_valid_one() {
    for name in ["production", "preview", "sandbox", "integration", "test", "staging"] {
        for url in urls(name) {
            assert_eq!(BaseUrl::parse(&url).unwrap().as_str(), url);
        }
    }
}

#[test]
fn an_unset_or_empty_name_means_production_and_an_unknown_one_is_an_error() {
    for variables in
        [Variables::from_pairs([("GLOBUS_SDK_ENVIRONMENT", "")]), Variables::from_pairs::<&str, &str>([])]
    {
        assert_eq!(Environment::from_variables(&variables).unwrap(), Environment::Production);
    }
    let error = Environment::from_variables(&Variables::from_pairs([("GLOBUS_SDK_ENVIRONMENT", "nope")]))
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert_eq!(
        error.to_string(),
        "GLOBUS_SDK_ENVIRONMENT=\"nope\": there is no environment \"nope\", only production, preview, sandbox, \
         integration, test, staging"
    );
}

#[test]
fn a_variable_replaces_an_address_and_keeps_its_prefix() {
    let variables = Variables::from_pairs([
        ("GLOBUS_SDK_SERVICE_URL_TIMER", "http://127.0.0.1:4000/timers"),
        ("GLOBUS_SDK_SERVICE_URL_AUTH", "not an address"),
    ]);
    let url = |service| Environment::Production.service_url_in(service, &variables);
    assert_eq!(url(Service::Timers).unwrap().as_str(), "http://127.0.0.1:4000/timers/");
    let error = url(Service::Auth).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert!(error.to_string().starts_with("GLOBUS_SDK_SERVICE_URL_AUTH: \"not an address\""), "{error}");
    assert_eq!(url(Service::Gcs).unwrap_err().kind(), ErrorKind::Usage);
}
