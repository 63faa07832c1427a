//! The bounds of every run, in one place (law 9; R55, R59). They are settings; benches may raise them.

use jiff::SignedDuration;

/// How far a run may go, and how long things are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Step executions of one run, forms included.
    pub executions: u32,
    /// Visits of one step in one run.
    pub visits: u32,
    /// Waits of one visit.
    pub turns: u32,
    /// Journeys that wait for one another.
    pub depth: usize,
    /// From the start of a run to its end at the latest.
    pub lifetime: SignedDuration,
    /// From one answer of the client to the next.
    pub idle: SignedDuration,
    /// How long a lost answer can be had again by the same request.
    pub answer_kept: SignedDuration,
    /// How long a node may work on a run between two commits before another takes over.
    pub lease: SignedDuration,
    /// How long one call of a step may take, whatever its `timeout`: less than the lease, or another node would take over
    /// while the step still works.
    pub step: SignedDuration,
    /// What one visit may say to others: signals.
    pub signals: usize,
    /// How long the record of an ended run is kept beyond its lifetime.
    pub run_kept: SignedDuration,
    /// Bytes of all start parameters, or of one submitted answer.
    pub input_bytes: usize,
    /// Bytes of a stored run.
    pub state_bytes: usize,
    /// Tries to commit one stretch against changes by others.
    pub commit_tries: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            executions: 200,
            visits: 10,
            turns: 100,
            depth: 8,
            lifetime: SignedDuration::from_hours(1),
            idle: SignedDuration::from_mins(15),
            answer_kept: SignedDuration::from_secs(60),
            lease: SignedDuration::from_secs(30),
            step: SignedDuration::from_secs(20),
            signals: 8,
            run_kept: SignedDuration::from_hours(24),
            input_bytes: 64 << 10,
            state_bytes: 4 << 20,
            commit_tries: 8,
        }
    }
}
