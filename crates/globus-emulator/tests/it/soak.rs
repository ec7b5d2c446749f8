//! The emulator, killed again and again. `GLOBUS_SDK_SOAK=N` makes it N times as many rounds.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{Rng as _, RngCore as _, SeedableRng as _};
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::{GROUPS, TRANSFER, answer, text};

fn rounds(ordinary: u64) -> u64 {
    let times = std::env::var("GLOBUS_SDK_SOAK").ok().and_then(|times| times.parse().ok()).unwrap_or(1);
    println!("{} rounds", ordinary * times);
    ordinary * times
}

const KILLS: usize = 4;
const FILES: usize = 40;
const DEADLINE: Duration = Duration::from_secs(60);

/// The command as a process, and how to reach it.
struct Served {
    child: Mutex<Child>,
    variables: BTreeMap<String, String>,
}

impl Served {
    fn start(data: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_globus-emulator"))
            .args(["serve", "--print-env", "--data"])
            .arg(data)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut variables = BTreeMap::new();
        let mut is_ready = false;
        for line in BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap) {
            match line.split_once('=') {
                Some((name, value)) => drop(variables.insert(name.to_owned(), value.to_owned())),
                None => {
                    is_ready = line == "READY";
                    break;
                }
            }
        }
        assert!(is_ready, "it did not start");
        Self { child: Mutex::new(child), variables }
    }

    /// SIGKILL, which leaves no time to tidy up.
    fn kill(&self) {
        let mut child = self.child.lock().unwrap();
        let _ = child.kill();
        let _ = child.wait();
    }

    fn at(&self, path: &str) -> String {
        format!("{}{path}", self.variables["GLOBUS_SDK_SERVICE_URL_AUTH"])
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.kill();
    }
}

/// What the emulator has said that it will do, or has done.
#[derive(Default)]
struct Promised {
    /// Tasks by their submission.
    tasks: BTreeMap<String, String>,
    groups: Vec<String>,
}

/// One life of a data directory.
struct Run {
    http: reqwest::Client,
    data: PathBuf,
    token: String,
    groups_token: String,
    promised: Mutex<Promised>,
    /// Every document that was sent, by its submission, answered or not.
    sent: Mutex<BTreeMap<String, Value>>,
}

impl Run {
    async fn token(served: &Served, http: &reqwest::Client, scope: &str) -> String {
        let form = [("grant_type", "client_credentials"), ("scope", scope)];
        let (id, secret) = (&served.variables["GLOBUS_CLIENT_ID"], &served.variables["GLOBUS_CLIENT_SECRET"]);
        let request = http.post(served.at("v2/oauth2/token")).basic_auth(id, Some(secret)).form(&form);
        text(&answer(request).await.1["access_token"])
    }

    /// Sends a submission; whether there was an answer.
    async fn submit(&self, served: &Served, submission: &str) -> bool {
        let document = self.sent.lock().unwrap()[submission].clone();
        let kind = document["DATA_TYPE"].as_str().unwrap();
        let url = served.at(&format!("v0.10/{kind}"));
        let Ok(response) = self.http.post(url).bearer_auth(&self.token).json(&document).send().await else {
            return false;
        };
        let status = response.status();
        let Ok(body) = response.json::<Value>().await else { return false };
        assert!(status.is_success(), "{status} {body}");
        let task = text(&body["task_id"]);
        let before = self.promised.lock().unwrap().tasks.insert(submission.to_owned(), task.clone());
        assert!(before.is_none_or(|before| before == task), "a submission led to two tasks");
        true
    }

    /// Makes a document that nobody has sent yet: mostly copies, sometimes a deletion.
    fn document(&self, random: &mut StdRng) -> String {
        let mut sent = self.sent.lock().unwrap();
        let submission = uuid(random);
        let collection = "6c54cade-bde5-45c1-bdea-f4bd71dba2cc";
        let destination = "31ce9ba0-176d-45a5-add3-f37d233ba47d";
        let document = if random.gen_bool(0.8) {
            json!({
                "DATA_TYPE": "transfer",
                "submission_id": submission,
                "source_endpoint": collection,
                "destination_endpoint": destination,
                "DATA": [{
                    "DATA_TYPE": "transfer_item",
                    "source_path": "/many/",
                    "destination_path": format!("/copies/{submission}/"),
                    "recursive": true,
                }],
            })
        } else {
            let victim = self.data.join("collection-a/victims").join(&submission);
            std::fs::create_dir_all(victim.join("inner")).unwrap();
            for n in 0..20 {
                std::fs::write(victim.join(format!("inner/{n}")), [n]).unwrap();
            }
            json!({
                "DATA_TYPE": "delete",
                "submission_id": submission,
                "endpoint": collection,
                "recursive": true,
                "DATA": [{ "DATA_TYPE": "delete_item", "path": format!("/victims/{submission}") }],
            })
        };
        sent.insert(submission.clone(), document);
        submission
    }

    /// Submits and makes groups until the emulator is killed.
    async fn load(&self, served: &Served, mut random: StdRng) {
        for n in 0.. {
            let submission = self.document(&mut random);
            if !self.submit(served, &submission).await {
                return;
            }
            let body = json!({ "name": format!("group {n}") });
            let request = self.http.post(served.at("v2/groups")).bearer_auth(&self.groups_token).json(&body);
            let Ok(response) = request.send().await else { return };
            let Ok(body) = response.json::<Value>().await else { return };
            self.promised.lock().unwrap().groups.push(text(&body["id"]));
            tokio::time::sleep(Duration::from_millis(random.gen_range(0..20))).await;
        }
    }

    async fn get(&self, served: &Served, token: &str, path: &str) -> (StatusCode, Value) {
        answer(self.http.get(served.at(path)).bearer_auth(token)).await
    }

    /// Everything that was promised is there, with tokens from before.
    async fn check_promises(&self, served: &Served) {
        let (tasks, groups) = {
            let promised = self.promised.lock().unwrap();
            (promised.tasks.clone(), promised.groups.clone())
        };
        for task in tasks.values() {
            let (status, body) = self.get(served, &self.token, &format!("v0.10/task/{task}")).await;
            assert_eq!((status, text(&body["task_id"])), (StatusCode::OK, task.clone()), "{body}");
            assert_ne!(body["status"], "FAILED", "{body}");
        }
        for group in groups {
            let (status, body) = self.get(served, &self.groups_token, &format!("v2/groups/{group}")).await;
            assert_eq!(status, StatusCode::OK, "{body}");
        }
    }

    /// Every task ends well, and has done what it was for.
    async fn check_ends(&self, served: &Served) {
        let tasks = self.promised.lock().unwrap().tasks.clone();
        let source = tree(&self.data.join("collection-a/many"));
        let size: usize = source.values().map(Vec::len).sum();
        for (submission, task) in tasks {
            let ended = async {
                loop {
                    let (_, body) = self.get(served, &self.token, &format!("v0.10/task/{task}")).await;
                    if body["status"] != "ACTIVE" {
                        return body;
                    }
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            };
            let body = tokio::time::timeout(DEADLINE, ended).await.unwrap();
            assert_eq!(body["status"], "SUCCEEDED", "{body}");
            if body["type"] == "TRANSFER" {
                assert_eq!(body["files_transferred"], FILES, "{body}");
                assert_eq!(body["bytes_transferred"], size, "{body}");
                let copy = tree(&self.data.join("collection-b/copies").join(&submission));
                assert!(copy == source, "{submission} differs");
            } else {
                assert!(!self.data.join("collection-a/victims").join(&submission).exists(), "{body}");
            }
        }
    }
}

fn uuid(random: &mut StdRng) -> String {
    let (high, low) = (random.next_u64(), random.next_u64());
    format!(
        "{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}",
        high >> 32,
        high >> 16 & 0xffff,
        high & 0xfff,
        low >> 52,
        low & 0xffff_ffff_ffff
    )
}

/// The files below a directory, by name.
fn tree(dir: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let files = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap());
    files.map(|entry| (PathBuf::from(entry.file_name()), std::fs::read(entry.path()).unwrap())).collect()
}

#[tokio::test]
async fn killed_at_any_moment_it_keeps_its_promises() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    for seed in 0..rounds(1) {
        let mut random = StdRng::seed_from_u64(seed);
        let dir = tempfile::tempdir().unwrap();
        let data = dir.path().join("data");
        let mut served = Served::start(&data);
        let many = data.join("collection-a/many");
        std::fs::create_dir(&many).unwrap();
        for n in 0..FILES {
            let mut content = vec![0; random.gen_range(0..100_000)];
            random.fill_bytes(&mut content);
            std::fs::write(many.join(n.to_string()), content).unwrap();
        }
        let http = reqwest::Client::new();
        let run = Run {
            token: Run::token(&served, &http, TRANSFER).await,
            groups_token: Run::token(&served, &http, GROUPS).await,
            http,
            data: data.clone(),
            promised: Mutex::default(),
            sent: Mutex::default(),
        };
        for _ in 0..KILLS {
            let lives = Duration::from_millis(random.gen_range(5..400));
            let seeds: [u64; 3] = random.r#gen();
            let [first, second, third] = seeds.map(|seed| run.load(&served, StdRng::seed_from_u64(seed)));
            // Each of them goes on until its connection breaks.
            tokio::join!(first, second, third, async {
                tokio::time::sleep(lives).await;
                served.kill();
            });
            served = Served::start(&data);
            run.check_promises(&served).await;
            // As a client does that got no answer: the same submission again.
            let sent: Vec<String> = run.sent.lock().unwrap().keys().cloned().collect();
            for submission in sent {
                assert!(run.submit(&served, &submission).await);
            }
        }
        run.check_ends(&served).await;
        let (tasks, groups) = {
            let promised = run.promised.lock().unwrap();
            (promised.tasks.len(), promised.groups.len())
        };
        println!("seed {seed}: {tasks} tasks and {groups} groups after {KILLS} kills");
        assert!(tasks > 0);
    }
}
