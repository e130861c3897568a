//! Compares the times of several things: every round runs each of them for a short slice, and the order
//! differs from round to round. So a noisy machine disturbs all equally, and their ratios hold.

#![allow(dead_code, reason = "no benchmark uses all of it")]

use std::time::{Duration, Instant};

/// One thing to measure: `run` repeats it the given number of times, and gives the time that this took.
pub(crate) struct Contender<'a> {
    name: String,
    run: Box<dyn FnMut(usize) -> Duration + 'a>,
}

impl<'a> Contender<'a> {
    pub(crate) fn new(name: impl Into<String>, run: impl FnMut(usize) -> Duration + 'a) -> Self {
        Self {
            name: name.into(),
            run: Box::new(run),
        }
    }
}

/// Does something `times` times, and gives the time that this took.
pub(crate) fn time(times: usize, mut once: impl FnMut()) -> Duration {
    let start = Instant::now();
    for _ in 0..times {
        once();
    }
    start.elapsed()
}

/// Prints the median time of each contender, and its median ratio to the first one, and gives these
/// ratios. The time of `overhead` is subtracted from each.
pub(crate) fn compare<'a>(
    title: &str,
    rounds: usize,
    slice: usize,
    overhead: impl FnMut(usize) -> Duration + 'a,
    contenders: Vec<Contender<'a>>,
) -> Vec<f64> {
    let mut all = contenders;
    all.push(Contender::new("overhead", overhead));
    for contender in &mut all {
        (contender.run)(slice);
    }
    let mut times = vec![Vec::with_capacity(rounds); all.len()];
    for round in 0..rounds {
        for turn in 0..all.len() {
            // Forwards, then backwards, each time beginning with another contender.
            let turn = if round % 2 == 0 {
                turn
            } else {
                all.len() - 1 - turn
            };
            let index = (turn + round / 2) % all.len();
            let time = (all[index].run)(slice);
            times[index].push(time.as_secs_f64() * 1e9 / slice as f64);
        }
    }
    let overhead = times.pop().expect("the last one");
    for own in &mut times {
        own.iter_mut()
            .zip(&overhead)
            .for_each(|(own, overhead)| *own -= overhead);
    }
    println!("{title} ({rounds} rounds of {slice})");
    let compared = all.iter().zip(&times).map(|(contender, own)| {
        let ratios = own
            .iter()
            .zip(&times[0])
            .map(|(own, first)| own / first)
            .collect();
        let (time, ratio) = (median(own.clone()), median(ratios));
        println!("  {:42} {time:9.1} ns   {ratio:5.2}", contender.name);
        ratio
    });
    compared.collect()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// A fixed shuffle of `0..count`, the same in every run.
pub(crate) fn shuffled(count: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    let mut random: u64 = 0x9e37_79b9_7f4a_7c15;
    for at in (1..count).rev() {
        // xorshift64 (Marsaglia 2003).
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        order.swap(at, (random % (at as u64 + 1)) as usize);
    }
    order
}
