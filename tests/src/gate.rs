//! A store whose look-ups can be held, failed and counted, and whose news a test reports.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, SystemTime},
};

use auth_api_key::{
    Authenticator, Error,
    key::{Digest, Group, KeyFilter, KeyRecord, Page, Paging, TrailEvent, TrailFilter, User},
    store::{
        Change, ChangesByHand, KeyStore, Lookup, MemoryStore, News, PepperCheck, SessionStore,
        StoredDigest, Watch,
    },
};
use futures_util::future::BoxFuture;
use tokio::sync::{Semaphore, mpsc, watch};

/// A store behind a gate, in memory unless `over` another store. Clones share everything.
#[derive(Clone, Debug)]
pub struct GatedStore {
    keys: Arc<dyn KeyStore>,
    /// Whether it is watched by hand, and not as the store behind it.
    by_hand: bool,
    /// Where a test reports news; `None` while the watch is lost.
    reports: Arc<Mutex<Option<mpsc::UnboundedSender<News>>>>,
    /// How often a watch asked for news, over all watches.
    asked: Arc<watch::Sender<usize>>,
    unwatchable: Arc<AtomicBool>,
    /// How many watches were to begin.
    watches: Arc<watch::Sender<usize>>,
    failing: Arc<AtomicBool>,
    panicking: Arc<AtomicBool>,
    finds: Arc<AtomicUsize>,
    /// How many look-ups found each key, by its name.
    found: Arc<Mutex<HashMap<String, usize>>>,
    /// How many keys were found when they were asked for again.
    refreshed: Arc<AtomicUsize>,
    /// How often last uses were written.
    recorded: Arc<AtomicUsize>,
    /// How many look-ups it makes at a time; `None` if the store behind it decides.
    at_a_time: Option<usize>,
    /// At how many keys a page of a list looks, if not at all of them.
    looked_at: Option<usize>,
    /// How many look-ups have read the table.
    read: Arc<watch::Sender<usize>>,
    /// A look-up takes one permit between reading the table and answering.
    gate: Arc<Semaphore>,
    /// A change takes one permit between committing and returning.
    commit: Arc<Semaphore>,
    committed: Arc<watch::Sender<usize>>,
}

impl Default for GatedStore {
    fn default() -> Self {
        Self {
            keys: Arc::new(MemoryStore::new()),
            by_hand: false,
            reports: Arc::default(),
            asked: Arc::new(watch::Sender::new(0)),
            unwatchable: Arc::default(),
            watches: Arc::new(watch::Sender::new(0)),
            failing: Arc::default(),
            panicking: Arc::default(),
            finds: Arc::default(),
            found: Arc::default(),
            refreshed: Arc::default(),
            recorded: Arc::default(),
            at_a_time: None,
            looked_at: None,
            read: Arc::new(watch::Sender::new(0)),
            gate: Arc::new(Semaphore::new(Semaphore::MAX_PERMITS)),
            commit: Arc::new(Semaphore::new(Semaphore::MAX_PERMITS)),
            committed: Arc::new(watch::Sender::new(0)),
        }
    }
}

impl GatedStore {
    /// A gate before another store.
    pub fn over(store: impl KeyStore) -> Self {
        Self {
            keys: Arc::new(store),
            ..Self::default()
        }
    }

    /// A store in memory whose changes only [`report`](Self::report) reports.
    pub fn reported_by_hand() -> Self {
        Self {
            by_hand: true,
            ..Self::default()
        }
    }

    /// Makes this many look-ups at a time.
    pub fn at_a_time(self, number: usize) -> Self {
        Self {
            at_a_time: Some(number),
            ..self
        }
    }

    /// A page of a list looks at so many keys.
    pub fn looking_at(self, keys: usize) -> Self {
        Self {
            looked_at: Some(keys),
            ..self
        }
    }

    /// A node with the usual settings over this store.
    pub async fn node(self) -> (Authenticator, Self) {
        let builder = Authenticator::builder();
        (builder.build(self.clone()).await.unwrap(), self)
    }

    /// Reports news, and waits until the node has handled them.
    pub async fn report(&self, news: News) {
        let mut asked = self.asked.subscribe();
        let before = *asked.borrow();
        self.reports
            .lock()
            .unwrap()
            .as_ref()
            .unwrap()
            .send(news)
            .unwrap();
        asked.wait_for(|count| *count > before).await.unwrap();
    }

    /// Ends the watch with an error.
    pub fn lose_watch(&self) {
        *self.reports.lock().unwrap() = None;
    }

    /// Makes it impossible to begin another watch.
    pub fn set_unwatchable(&self, unwatchable: bool) {
        self.unwatchable.store(unwatchable, Ordering::SeqCst);
    }

    /// Waits until news were asked for this often; the beginning of a watch counts, too.
    pub async fn until_asked(&self, times: usize) {
        let mut asked = self.asked.subscribe();
        asked.wait_for(|count| *count >= times).await.unwrap();
    }

    pub fn watches(&self) -> usize {
        *self.watches.borrow()
    }

    /// Waits until this many more watches were to begin.
    pub async fn until_watched_again(&self, times: usize) {
        let mut watches = self.watches.subscribe();
        let before = *watches.borrow();
        watches
            .wait_for(|count| *count >= before + times)
            .await
            .unwrap();
    }

    pub fn set_failing(&self, failing: bool) {
        self.failing.store(failing, Ordering::SeqCst);
    }

    pub fn set_panicking(&self, panicking: bool) {
        self.panicking.store(panicking, Ordering::SeqCst);
    }

    /// How many look-ups were made.
    pub fn finds(&self) -> usize {
        self.finds.load(Ordering::SeqCst)
    }

    /// How many look-ups found the key of this name.
    pub fn finds_of(&self, name: &str) -> usize {
        self.found.lock().unwrap().get(name).copied().unwrap_or(0)
    }

    pub fn recorded(&self) -> usize {
        self.recorded.load(Ordering::SeqCst)
    }

    pub fn refreshed(&self) -> usize {
        self.refreshed.load(Ordering::SeqCst)
    }

    /// Holds look-ups back until they are let through.
    pub fn close(&self) {
        self.gate.forget_permits(Semaphore::MAX_PERMITS);
    }

    /// Lets this many look-ups through.
    pub fn let_through(&self, finds: usize) {
        self.gate.add_permits(finds);
    }

    /// Waits until this many look-ups have read the table.
    pub async fn until_read(&self, finds: usize) {
        let mut read = self.read.subscribe();
        read.wait_for(|count| *count >= finds).await.unwrap();
    }

    /// Holds changes back after they are committed.
    pub fn hold_commits(&self) {
        self.commit.forget_permits(Semaphore::MAX_PERMITS);
    }

    pub fn let_commit_return(&self) {
        self.commit.add_permits(1);
    }

    /// Waits until this many changes are committed.
    pub async fn until_committed(&self, changes: usize) {
        let mut committed = self.committed.subscribe();
        committed.wait_for(|count| *count >= changes).await.unwrap();
    }

    async fn committed<T>(&self, result: T) -> T {
        self.committed.send_modify(|count| *count += 1);
        self.commit.acquire().await.unwrap().forget();
        result
    }
}

impl Lookup for GatedStore {
    fn find<'a>(
        &'a self,
        digests: &'a [Digest],
    ) -> BoxFuture<'a, Result<Option<KeyRecord>, Error>> {
        Box::pin(async move {
            self.finds.fetch_add(1, Ordering::SeqCst);
            assert!(
                !self.panicking.load(Ordering::SeqCst),
                "the store was set to panic"
            );
            if self.failing.load(Ordering::SeqCst) {
                return Err(Error::store("the store was set to fail"));
            }
            let found = self.keys.find(digests).await;
            if let Ok(Some(key)) = &found {
                let mut found = self.found.lock().unwrap();
                *found.entry(key.name.clone()).or_default() += 1;
            }
            self.read.send_modify(|count| *count += 1);
            self.gate.acquire().await.unwrap().forget();
            found
        })
    }

    fn find_all<'a>(
        &'a self,
        digests: &'a [Digest],
    ) -> BoxFuture<'a, Result<Vec<(Digest, KeyRecord)>, Error>> {
        Box::pin(async move {
            let found = self.keys.find_all(digests).await;
            self.read.send_modify(|count| *count += 1);
            self.gate.acquire().await.unwrap().forget();
            let number = found.as_ref().map_or(0, Vec::len);
            self.refreshed.fetch_add(number, Ordering::SeqCst);
            found
        })
    }

    fn digests(
        &self,
        after: Option<i64>,
    ) -> BoxFuture<'_, Result<Option<Vec<StoredDigest>>, Error>> {
        self.keys.digests(after)
    }

    fn look_ups_at_a_time(&self) -> usize {
        self.at_a_time.unwrap_or(self.keys.look_ups_at_a_time())
    }

    fn pepper_checks(&self) -> BoxFuture<'_, Result<Vec<PepperCheck>, Error>> {
        self.keys.pepper_checks()
    }

    fn watch(&self, bound: Duration) -> BoxFuture<'_, Result<Option<Box<dyn Watch>>, Error>> {
        Box::pin(async move {
            self.watches.send_modify(|count| *count += 1);
            if !self.by_hand {
                return self.keys.watch(bound).await;
            }
            if self.unwatchable.load(Ordering::SeqCst) {
                return Err(Error::store("the store was set not to be watched"));
            }
            let (reports, news) = mpsc::unbounded_channel();
            *self.reports.lock().unwrap() = Some(reports);
            let asked = Arc::clone(&self.asked);
            let watch: Box<dyn Watch> = Box::new(ByHand { news, asked });
            Ok(Some(watch))
        })
    }

    fn record_uses<'a>(
        &'a self,
        uses: &'a [(i64, SystemTime)],
    ) -> BoxFuture<'a, Result<(), Error>> {
        self.recorded.fetch_add(1, Ordering::SeqCst);
        self.keys.record_uses(uses)
    }
}

impl KeyStore for GatedStore {
    fn sessions(&self) -> Option<&dyn SessionStore> {
        self.keys.sessions()
    }

    fn add_pepper_checks<'a>(
        &'a self,
        checks: &'a [(u32, Digest)],
    ) -> BoxFuture<'a, Result<(), Error>> {
        self.keys.add_pepper_checks(checks)
    }

    fn change<'a>(
        &'a self,
        change: &'a Change,
        actor: Option<&'a str>,
    ) -> BoxFuture<'a, Result<Vec<KeyRecord>, Error>> {
        Box::pin(async move { self.committed(self.keys.change(change, actor).await).await })
    }

    fn trail<'a>(
        &'a self,
        filter: &'a TrailFilter,
    ) -> BoxFuture<'a, Result<Page<TrailEvent>, Error>> {
        self.keys.trail(filter)
    }

    fn prune<'a>(
        &'a self,
        before: SystemTime,
        actor: Option<&'a str>,
    ) -> BoxFuture<'a, Result<u64, Error>> {
        self.keys.prune(before, actor)
    }

    fn uses_recorded_since(&self) -> BoxFuture<'_, Result<Option<SystemTime>, Error>> {
        self.keys.uses_recorded_since()
    }

    fn changes_by_hand(
        &self,
        after: Option<i64>,
    ) -> BoxFuture<'_, Result<Option<ChangesByHand>, Error>> {
        self.keys.changes_by_hand(after)
    }

    fn until_changeable(&self) -> BoxFuture<'_, Result<(), Error>> {
        self.keys.until_changeable()
    }

    fn repair(&self) -> BoxFuture<'_, Result<Vec<String>, Error>> {
        self.keys.repair()
    }

    fn key<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<Option<KeyRecord>, Error>> {
        self.keys.key(name)
    }

    fn list<'a>(&'a self, filter: &'a KeyFilter) -> BoxFuture<'a, Result<Page<KeyRecord>, Error>> {
        let Some(looked_at) = self.looked_at else {
            return self.keys.list(filter);
        };
        Box::pin(async move {
            let all = filter.clone().search("").size(looked_at);
            let mut page = self.keys.list(&all).await?;
            let now = SystemTime::now();
            page.items.retain(|key| filter.matches(key, now));
            Ok(page)
        })
    }

    fn count<'a>(&'a self, filter: &'a KeyFilter) -> BoxFuture<'a, Result<u64, Error>> {
        self.keys.count(filter)
    }

    fn groups<'a>(&'a self, paging: &'a Paging) -> BoxFuture<'a, Result<Page<Group>, Error>> {
        self.keys.groups(paging)
    }

    fn users<'a>(&'a self, paging: &'a Paging) -> BoxFuture<'a, Result<Page<User>, Error>> {
        self.keys.users(paging)
    }
}

struct ByHand {
    news: mpsc::UnboundedReceiver<News>,
    asked: Arc<watch::Sender<usize>>,
}

impl Watch for ByHand {
    fn next(&mut self) -> BoxFuture<'_, Result<News, Error>> {
        Box::pin(async move {
            self.asked.send_modify(|count| *count += 1);
            let news = self.news.recv().await;
            news.ok_or_else(|| Error::store("the watch was set to be lost"))
        })
    }
}
