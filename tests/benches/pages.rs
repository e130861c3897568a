//! How long the server takes for each page for operators, in front of a million keys and a million events:
//! `cargo bench -p tests --bench pages`.

use std::time::{Duration, Instant};

use auth_api_key::{Authenticator, NewKey};
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, Response, StatusCode, header},
};
use tests::{
    cluster::Shared,
    million::{drop_triggers, enable_triggers, events, keys},
};
use tower::ServiceExt;

const WARMING: usize = 10;
const ROUNDS: usize = 200;
const AIM: Duration = Duration::from_millis(50);
const PAGES: [&str; 33] = [
    "sign-in",
    "keys",
    "keys?after=bmtleS01",
    "keys?order=use",
    "keys?text=key-77",
    "keys?text=777",
    "keys?text=k",
    "keys?text=nowhere",
    "keys?user=big",
    "keys?user=user-77",
    "keys?group=all",
    "keys?group=all&state=archived",
    "keys?state=active",
    "keys?state=archived",
    "keys?state=expired",
    "keys?expiring=30",
    "keys?state=active&expiring=30",
    "keys?unused=90",
    "keys?unused=90&text=777",
    "check-key",
    "key?name=aft-7919",
    "new-key",
    "groups",
    "users",
    "trail",
    "trail?after=ZTUwMDAwMA",
    "trail?key=busy",
    "trail?key=old",
    "trail?actor=busy",
    "trail?action=archived",
    "trail?action=updated",
    "trail?action=archived&actor=busy",
    "routes",
];

/// A browser: its cookies.
struct Visitor {
    app: Router,
    cookies: Vec<String>,
}

impl Visitor {
    async fn send(&self, method: &str, page: &str, form: String) -> (Response<()>, String) {
        let request = Request::builder()
            .method(method)
            .uri(format!("/{page}"))
            .header("host", "localhost")
            .header("sec-fetch-site", "same-origin")
            .header("content-type", "application/x-www-form-urlencoded")
            .header("cookie", self.cookies.join("; "));
        let request = request.body(Body::from(form)).expect("a request");
        let answer = self.app.clone().oneshot(request).await.expect("an answer");
        let (parts, body) = answer.into_parts();
        let body = to_bytes(body, usize::MAX).await.expect("a body");
        let body = String::from_utf8(body.into()).expect("a text");
        (Response::from_parts(parts, ()), body)
    }

    fn keep(&mut self, answer: &Response<()>) {
        let set = answer.headers().get_all(header::SET_COOKIE).iter();
        let set = set.map(|cookie| cookie.to_str().expect("a cookie"));
        let set = set.map(|cookie| cookie.split(';').next().unwrap_or("").to_owned());
        self.cookies.extend(set);
    }

    async fn signed_in(auth: &Authenticator) -> Self {
        let manager = NewKey::new("manager", "manager").groups(["managers"]);
        let manager = auth.keys().create(manager).await.expect("a key");
        let pages = auth.admin_pages("http://localhost", "managers");
        let mut visitor = Self {
            app: pages.expect("pages").into(),
            cookies: Vec::new(),
        };
        let (answer, page) = visitor.send("GET", "sign-in", String::new()).await;
        visitor.keep(&answer);
        let (_, form) = page.split_once(r#"name="form" value=""#).expect("a form");
        let form = form.split('"').next().unwrap_or("");
        let fields = format!("form={form}&key={}", manager.secret.expose());
        let (answer, page) = visitor.send("POST", "sign-in", fields).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{page}");
        visitor.keep(&answer);
        visitor
    }
}

async fn measure(shared: &Shared) {
    let database = shared.database();
    let (auth, _) = shared.node().await;
    // No change is made any more once the triggers of the trail are gone.
    let visitor = Visitor::signed_in(&auth).await;
    drop_triggers(shared).await;
    let search = match shared {
        Shared::File(_) => "; DELETE FROM api_key_search",
        Shared::Server(_) => "",
    };
    // Filling makes these rows of all keys.
    let filled = format!("DELETE FROM api_key_use; DELETE FROM api_key_listed{search}");
    shared.execute(&filled).await;
    for fill in [keys(shared), events(shared)] {
        shared.execute(&fill).await;
    }
    shared
        .execute("UPDATE api_key_recording SET since = 1, last_at = 4102444800000")
        .await;
    enable_triggers(shared).await;
    shared.gather_statistics().await;
    println!("\n{database}: the time at the server for a page, in ms: median, 99th percentile");
    for page in PAGES {
        // The first requests read from the disk what the others find in memory.
        for _ in 0..WARMING {
            visitor.send("GET", page, String::new()).await;
        }
        let mut times = Vec::new();
        for _ in 0..ROUNDS {
            let begun = Instant::now();
            let (answer, body) = visitor.send("GET", page, String::new()).await;
            times.push(begun.elapsed());
            assert_eq!(answer.status(), StatusCode::OK, "{page}: {body}");
        }
        times.sort();
        let [median, late] = [ROUNDS / 2, ROUNDS * 99 / 100].map(|at| times[at]);
        let beyond = if late > AIM { "  beyond the aim" } else { "" };
        let millis = |time: Duration| time.as_secs_f64() * 1000.0;
        println!(
            "{page:<32}{:>8.1}{:>8.1}{beyond}",
            millis(median),
            millis(late)
        );
    }
}

fn main() {
    Shared::measure_each(measure);
}
