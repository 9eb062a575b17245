//! Bytes that nobody meant: whatever stands in a file, nothing panics, hangs or takes the
//! memory of the machine, and no word of a file is lost in silence
//! ([`words`]).
//!
//! The inputs of each target are numbered, and each is made of the seed and its number
//! ([`inputs`]). They are read in processes of their own, so that one that kills or hangs its
//! process is known by its number; whoever seems too slow or too large is read once more,
//! alone. What failed is kept under `target/tmp/fuzz`.
//!
//! | Variable | Means |
//! | --- | --- |
//! | `LEITMOTIF_SEED` | other inputs |
//! | `LEITMOTIF_FUZZ_INPUTS` | how many for each target, instead of 20,000 for all together |
//! | `LEITMOTIF_FUZZ_SECONDS` | how long at most for each target |
//! | `LEITMOTIF_FUZZ_TARGETS` | only those whose names hold this |

mod inputs;
mod targets;
mod words;

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use leitmotif::base::Seed;

use targets::Target;

/// How many inputs all targets have together.
const N_INPUTS: u64 = 20_000;
/// How long one may work; a build for tests takes several times as long.
const MAX_TIME: Duration = Duration::from_secs(if cfg!(debug_assertions) { 6 } else { 1 });
/// How much memory one may take beside so many times its length, in bytes.
const MAX_MEMORY: usize = 64 << 20;
const MAX_TIMES: usize = 20;
/// After so many failures of a target, no more are sought.
const MAX_FAILURES: usize = 12;
/// What tells a process which inputs it reads: target, seed, first, last, seconds.
const JOB: &str = "LEITMOTIF_FUZZ_JOB";

/// The grammar that writes files for a target.
fn kind_of(target: Target) -> &'static str {
    match target {
        Target::Transcript(ending) | Target::Report(ending) => ending,
        Target::Other(name, _) => name,
    }
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[test]
fn no_file_panics_hangs_or_takes_the_memory_of_the_machine() {
    if std::env::var_os(JOB).is_some() {
        return;
    }
    let named = std::env::var("LEITMOTIF_FUZZ_TARGETS").unwrap_or_default();
    let all = targets::all();
    let n_inputs = number("LEITMOTIF_FUZZ_INPUTS");
    let n_each = n_inputs.unwrap_or(N_INPUTS / all.len() as u64);
    let seed = number("LEITMOTIF_SEED").unwrap_or(12);
    let next = AtomicUsize::new(0);
    let failures = Mutex::new(Vec::new());
    let n_workers = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..n_workers {
            scope.spawn(|| {
                while let Some(target) = all.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if target.name().contains(&named) {
                        let (n_read, found) = Job { target: *target, seed }.read_all(n_each);
                        failures.lock().unwrap().extend(found);
                        if n_inputs.is_some() {
                            let line = format!("{}: {n_read} inputs\n", target.name());
                            std::io::stderr().write_all(line.as_bytes()).unwrap();
                        }
                    }
                }
            });
        }
    });
    let failures = failures.into_inner().unwrap();
    assert!(failures.is_empty(), "seed {seed}:\n{}", failures.concat());
}

/// The inputs of one target.
#[derive(Clone, Copy)]
struct Job {
    target: Target,
    seed: u64,
}

/// What a process says of an input.
enum Said {
    /// It fails by itself.
    Failed(u64, String),
    /// It is too slow or too large, perhaps since others were read before it.
    Doubtful(u64, String),
    /// The process ended while it was read.
    Died(u64),
    /// All are read, up to this one.
    Done(u64),
}

impl Job {
    /// Reads so many inputs; how many were read, and what failed.
    fn read_all(self, n_inputs: u64) -> (u64, Vec<String>) {
        let mut failures = Vec::new();
        let begun = Instant::now();
        let limit = number("LEITMOTIF_FUZZ_SECONDS").map_or(Duration::MAX, Duration::from_secs);
        let mut from = 0;
        while from < n_inputs {
            let left = limit.saturating_sub(begun.elapsed());
            let (at, problem) = match self.read(from..n_inputs, left) {
                Said::Done(at) => return (at, failures),
                Said::Failed(at, problem) => (at, Some(problem)),
                // Alone, and at the second try, since others may be at work here too.
                Said::Doubtful(at, problem) => {
                    let alone = || self.read(at..at + 1, Duration::MAX);
                    let is_so = (0..2).all(|_| !matches!(alone(), Said::Done(_)));
                    (at, is_so.then_some(problem))
                }
                Said::Died(at) => (at, Some("the process died".to_owned())),
            };
            failures.extend(problem.map(|problem| self.keep(at, &problem)));
            from = at + 1;
            if failures.len() == MAX_FAILURES {
                break;
            }
        }
        (from, failures)
    }

    /// Keeps the input of this number; what is told of it.
    fn keep(self, at: u64, problem: &str) -> String {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("fuzz");
        fs::create_dir_all(&folder).unwrap();
        let path = folder.join(format!("{}-{at}-{}", self.seed, self.target.name()));
        fs::write(&path, self.input(at).bytes).unwrap();
        let told = format!("{} {at}: {problem}: {}\n", self.target.name(), path.display());
        std::io::stderr().write_all(told.as_bytes()).unwrap();
        told
    }

    fn input(self, at: u64) -> inputs::Input {
        inputs::input(kind_of(self.target), Seed(self.seed), at)
    }

    /// Reads inputs in a process of its own, for so long.
    fn read(self, inputs: std::ops::Range<u64>, limit: Duration) -> Said {
        let seconds = limit.as_secs();
        let job = [
            self.target.name(),
            self.seed.to_string(),
            inputs.start.to_string(),
            inputs.end.to_string(),
            seconds.to_string(),
        ];
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "fuzz::inputs_are_read", "--nocapture"])
            .env(JOB, job.join(" "))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut last = Said::Died(inputs.start);
        for line in BufReader::new(child.stdout.take().unwrap()).lines() {
            let line = line.unwrap();
            let mut words = line.splitn(3, ' ');
            let (Some(what), Some(at)) = (words.next(), words.next()) else { continue };
            let Ok(at) = at.parse() else { continue };
            let problem = words.next().unwrap_or_default().to_owned();
            last = match what {
                "at" => Said::Died(at),
                "failed" => Said::Failed(at, problem),
                "doubtful" => Said::Doubtful(at, problem),
                "done" => Said::Done(at),
                _ => continue,
            };
            if !matches!(last, Said::Died(_)) {
                break;
            }
        }
        child.kill().ok();
        child.wait().unwrap();
        last
    }
}

/// What a panic said.
static FOUND: Mutex<String> = Mutex::new(String::new());

/// The process that reads: it does nothing unless it is started with a job.
#[test]
fn inputs_are_read() {
    let Ok(job) = std::env::var(JOB) else { return };
    let (name, numbers) = job.split_once(' ').unwrap();
    let target = targets::all().into_iter().find(|it| it.name() == name).unwrap();
    let numbers: Vec<u64> = numbers.split(' ').map(|it| it.parse().unwrap()).collect();
    let [seed, from, to, seconds] = numbers[..] else { panic!("{job}") };
    let job = Job { target, seed };
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map_or_else(String::new, ToString::to_string);
        FOUND.lock().unwrap().push_str(&format!("{panic} at {place}"));
    }));
    let begun = Instant::now();
    std::thread::spawn(move || watch(begun));
    // What is made once is no input's memory.
    target.run(b"");
    let base = memory_peak().unwrap_or(0);
    for at in from..to {
        if begun.elapsed().as_secs() > seconds {
            say(&format!("done {at}"));
            return;
        }
        say(&format!("at {at}"));
        let input = job.input(at);
        READING.1.store(at, Ordering::SeqCst);
        READING.0.store(begun.elapsed().as_millis() as u64, Ordering::SeqCst);
        let start = worked(begun);
        let ended = catch_unwind(AssertUnwindSafe(|| check(target, &input)));
        let time = worked(begun).saturating_sub(start);
        READING.0.store(u64::MAX, Ordering::SeqCst);
        if ended.is_err() {
            let found = FOUND.lock().unwrap().replace('\n', " ");
            say(&format!("failed {at} {found}"));
            return;
        }
        if time > MAX_TIME {
            say(&format!("doubtful {at} it takes {time:?}"));
            return;
        }
        let most = MAX_MEMORY + MAX_TIMES * input.bytes.len();
        let grown = memory_peak().unwrap_or(0).saturating_sub(base);
        if grown > most {
            say(&format!("doubtful {at} it takes {} MB of memory", grown >> 20));
            return;
        }
    }
    say(&format!("done {to}"));
}

fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    out.write_all(format!("{line}\n").as_bytes()).unwrap();
    out.flush().unwrap();
}

/// Ends the process when one input is read for too long: since when, in milliseconds of
/// this process, and which.
static READING: (AtomicU64, AtomicU64) = (AtomicU64::new(u64::MAX), AtomicU64::new(0));

fn watch(begun: Instant) {
    let hangs = 10 * MAX_TIME.as_millis() as u64;
    loop {
        std::thread::sleep(MAX_TIME / 5);
        let since = READING.0.load(Ordering::SeqCst);
        if (begun.elapsed().as_millis() as u64).saturating_sub(since) > hangs {
            say(&format!("doubtful {} it hangs", READING.1.load(Ordering::SeqCst)));
            std::process::abort();
        }
    }
}

/// How long this process has worked, whatever else the machine does; where nobody tells,
/// how long it has been there.
fn worked(begun: Instant) -> Duration {
    let told = || {
        let stat = fs::read_to_string("/proc/self/stat").ok()?;
        let (_, fields) = stat.rsplit_once(')')?;
        let ticks = fields.split_whitespace().skip(11).take(2).map(str::parse::<u64>);
        let ticks = ticks.sum::<Result<u64, _>>().ok()?;
        Some(Duration::from_millis(10 * ticks))
    };
    told().unwrap_or_else(|| begun.elapsed())
}

/// The most memory that this process has taken, in bytes; `None` where nobody tells.
fn memory_peak() -> Option<usize> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().split(' ').next()?.parse::<usize>().ok()? << 10)
}

fn check(target: Target, input: &inputs::Input) {
    target.run(&input.bytes);
    if matches!(target, Target::Transcript(_)) && input.is_whole {
        words::loses_no_word(input, &target.name());
    }
}

/// Files that took the square of their length, or what they only say they hold.
#[test]
fn work_grows_with_the_length_of_a_file_and_not_with_its_square() {
    let talk =
        |said: &str| format!("Interviewer: And?\nAnn: {said}\nInterviewer: So?\nAnn: Yes.\n");
    let columns = |n: usize| (0..n).map(|at| format!("column {at}\t")).collect::<String>();
    let speakers =
        |n: usize| (0..n).map(|at| format!("TOR{at}: So, number {at}.\n")).collect::<String>();
    let names = |n: usize| {
        let name = |at: usize| format!("Ada{at} Lund{}: So, number {at}.\n", at % 40);
        (0..n).chain(0..n).map(name).collect::<String>()
    };
    let codes =
        |n: usize| (0..n).map(|at| format!("Code {at},\"what it is\"\n")).collect::<String>();
    for (name, text) in [
        ("P01.txt", talk(&". ".repeat(100_000))),
        ("P01.txt", talk(&"?! ".repeat(60_000))),
        ("P01.txt", talk(&"[".repeat(100_000))),
        ("P01.lrc", "[".repeat(100_000) + "00:12.00] So it was.\n"),
        ("P01.txt", speakers(1_000)),
        ("P01.txt", names(2_000)),
        ("P01.tsv", format!("{}\nAnn\tSo it was.\n", columns(15_000))),
        ("codebook.csv", format!("code,definition\n{}", codes(1_000))),
        ("codebook.csv", format!("code,definition\n{}\n", "A > ".repeat(20_000))),
        ("pseudonyms.csv", format!("name,pseudonym\nAda,{}\n", "L".repeat(60_000))),
        ("report.md", format!("{}{}", "\"".repeat(2_000), "– it was ".repeat(8_000))),
        ("report.txt", "‘a ".repeat(12_000)),
        ("report.txt", "‘It was so odd’ – ".repeat(3_000)),
        ("report.txt", "“It was so odd” (".repeat(3_000)),
        ("report.txt", format!("“{}”", "[".repeat(50_000))),
        ("report.txt", "\n“It was so odd”".repeat(3_000)),
        ("report.txt", format!("“It {}”", "… it was ".repeat(6_000))),
    ] {
        let target = targets::all().into_iter().find(|it| it.name() == name).unwrap();
        let start = Instant::now();
        target.run(text.as_bytes());
        let time = start.elapsed();
        // Each took minutes in a build for tests.
        let begins: String = text.chars().skip(20).take(40).collect();
        assert!(time < 10 * MAX_TIME, "{name}: {time:?}: {begins}");
    }
}

#[test]
fn every_target_has_a_grammar() {
    for target in targets::all() {
        assert!(inputs::is_known(kind_of(target)), "{}", target.name());
    }
}
