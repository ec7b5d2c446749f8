//! A PostgreSQL server of the tests' own.

use std::fs;
use std::io::Write;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};
use std::{env, thread};

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};

/// With characters that a URL cannot hold as they are, and a needle to search for.
pub(crate) const PASSWORD: &str = "p@ss/Needle word";
const PASSWORD_IN_URL: &str = "p%40ss%2FNeedle%20word";

/// Becomes the server. A watcher beside it ends it by the signal that is written to its input, or when that ends: with
/// this process, however it ends. Then nobody but the watcher can tidy up.
const SCRIPT: &str = r#"
exec 3<&0
(
    if read -r signal <&3; then
        kill -"$signal" $$
    else
        kill -QUIT $$
        tries=0
        while kill -0 $$ && [ $((tries += 1)) -lt 50 ]; do sleep 0.1; done
        rm -rf "$DIR"
    fi
) 2>/dev/null >/dev/null &
exec "$@" "$BIN/postgres" -D "$DIR/data" -c port="$PORT" -c listen_addresses=127.0.0.1 -c unix_socket_directories="$DIR" \
    -c fsync=off -c max_connections=300 -c ssl=on -c ssl_cert_file="$DIR/server.pem" -c ssl_key_file="$DIR/server.key" \
    </dev/null 3<&- >"$DIR/log" 2>&1
"#;

/// A server in a directory that goes with it.
#[derive(Debug)]
pub(crate) struct Server {
    dir: tempfile::TempDir,
    programs: PathBuf,
    port: u16,
    shell: Option<(Child, ChildStdin)>,
    pub(crate) ca: String,
}

/// The URL of a server for all tests of this process, up to the name of the database.
pub(crate) fn shared() -> &'static str {
    static URL: OnceLock<String> = OnceLock::new();
    URL.get_or_init(|| match env::var("GLOBUS_SDK_TEST_POSTGRES") {
        Ok(url) => url.rsplit_once('/').map(|(base, _)| base.to_owned()).unwrap(),
        Err(_) => Box::leak(Box::new(Server::start())).url(),
    })
}

impl Server {
    pub(crate) fn start() -> Self {
        let programs = programs();
        let dir = tempfile::Builder::new().prefix("globus-sdk-postgres").tempdir().unwrap();
        let ca = certificates(dir.path());
        fs::write(dir.path().join("password"), PASSWORD).unwrap();
        give_away(dir.path());
        let output = unprivileged(programs.join("initdb"))
            .args([
                "-U",
                "globus",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--no-locale",
                "--no-sync",
                "-D",
            ])
            .arg(dir.path().join("data"))
            .arg(format!("--pwfile={}", dir.path().join("password").display()))
            .current_dir(dir.path())
            .output()
            .unwrap();
        assert!(output.status.success(), "initdb: {}", String::from_utf8_lossy(&output.stderr));
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut server = Self { dir, programs, port, shell: None, ca };
        server.up();
        server
    }

    /// Up to the name of the database.
    pub(crate) fn url(&self) -> String {
        format!("postgres://globus:{PASSWORD_IN_URL}@localhost:{}", self.port)
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Where its Unix socket is.
    pub(crate) fn socket(&self) -> &Path {
        self.dir.path()
    }

    pub(crate) fn up(&mut self) {
        let words = unprivileged("");
        let words =
            std::iter::once(words.get_program()).chain(words.get_args()).filter(|word| !word.is_empty());
        let _ = fs::remove_file(self.dir.path().join("log"));
        let mut shell = Command::new("sh")
            .args(["-c", SCRIPT, "sh"])
            .args(words)
            .env("BIN", &self.programs)
            .env("DIR", self.dir.path())
            .env("PORT", self.port.to_string())
            .current_dir(self.dir.path())
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        let input = shell.stdin.take().unwrap();
        self.shell = Some((shell, input));
        let began = Instant::now();
        let log = || fs::read_to_string(self.dir.path().join("log")).unwrap_or_default();
        while !log().contains("ready to accept connections") {
            assert!(began.elapsed() < Duration::from_secs(60), "the server does not come up:\n{}", log());
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// `INT` is a fast shutdown, `QUIT` an immediate one, as if the machine had failed.
    pub(crate) fn down(&mut self, signal: &str) {
        let Some((mut shell, mut input)) = self.shell.take() else { return };
        writeln!(input, "{signal}").unwrap();
        shell.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.down("QUIT");
    }
}

/// The folder with the server's programs.
fn programs() -> PathBuf {
    let path = env::var_os("PATH").unwrap_or_default();
    let packaged = fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let packaged = packaged.flatten().map(|version| version.path().join("bin"));
    env::split_paths(&path)
        .chain(packaged)
        .find(|folder| folder.join("initdb").is_file() && folder.join("postgres").is_file())
        .expect("no PostgreSQL server here: install one (apt-get install postgresql), or name one by GLOBUS_SDK_TEST_POSTGRES")
}

/// PostgreSQL refuses to run as root.
fn unprivileged(program: impl AsRef<std::ffi::OsStr>) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=nobody", "--regid=nogroup", "--clear-groups"]).arg(program);
    command
}

fn give_away(dir: &Path) {
    if is_root() {
        let status = Command::new("chown").args(["-R", "nobody:nogroup"]).arg(dir).status().unwrap();
        assert!(status.success());
    }
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.starts_with(b"0\n"))
}

/// A certificate for `localhost`, and the authority that vouches for it.
fn certificates(dir: &Path) -> String {
    let ca_key = KeyPair::generate().unwrap();
    let mut ca = CertificateParams::default();
    ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    ca.distinguished_name.push(DnType::CommonName, dir.display().to_string());
    let ca_pem = ca.self_signed(&ca_key).unwrap().pem();
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(["localhost".to_owned()]).unwrap();
    let certificate = params.signed_by(&key, &Issuer::new(ca, ca_key)).unwrap();
    fs::write(dir.join("server.pem"), certificate.pem()).unwrap();
    fs::write(dir.join("server.key"), key.serialize_pem()).unwrap();
    fs::set_permissions(dir.join("server.key"), fs::Permissions::from_mode(0o600)).unwrap();
    ca_pem
}
