//! A stream of events and a WebSocket that end when their key would be refused.
//!
//!     cargo run --example streams
//!
//! It prints the commands that open them, and archives the key after five seconds: then both end.
//! `PORT` changes the address. Ctrl-C stops it.

use std::{convert::Infallible, error::Error, pin::pin, time::Duration};

use auth_api_key::{
    ApiKey, Authenticator, NewKey, authenticator::Ended, route, routes, store::MemoryStore,
};
use axum::{
    Router,
    extract::{
        State,
        ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade, close_code},
    },
    response::{
        Response,
        sse::{Event, Sse},
    },
};
use futures_util::stream::{self, Stream, StreamExt};
use tokio::time::sleep;

/// How long the key works.
const WORKS_FOR: Duration = Duration::from_secs(5);

#[route("/events", auth = "api_key", methods = ["GET"])]
async fn events(
    key: ApiKey,
    State(auth): State<Authenticator>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let seconds = stream::unfold(1, async |second| {
        sleep(Duration::from_secs(1)).await;
        Some((
            Ok(Event::default().data(format!("second {second}"))),
            second + 1,
        ))
    });
    let ended = async move { auth.until_refused(&key, &[], None).await };
    Sse::new(seconds.take_until(Box::pin(ended)))
}

#[route("/socket", auth = "api_key", methods = ["GET"])]
async fn socket(
    key: ApiKey,
    State(auth): State<Authenticator>,
    upgrade: WebSocketUpgrade,
) -> Response {
    upgrade.on_upgrade(async move |socket| echo(socket, auth, key).await)
}

/// Sends each message back, as long as the key would be admitted.
async fn echo(mut socket: WebSocket, auth: Authenticator, key: ApiKey) {
    let mut ended = pin!(auth.until_refused(&key, &[], None));
    loop {
        let message = tokio::select! {
            message = socket.recv() => message,
            ended = &mut ended => return close(socket, ended).await,
        };
        let Some(Ok(message @ (Message::Text(_) | Message::Binary(_)))) = message else {
            return;
        };
        if socket.send(message).await.is_err() {
            return;
        }
    }
}

async fn close(mut socket: WebSocket, ended: Ended) {
    let (code, reason) = match ended {
        Ended::Refused(_) => (close_code::POLICY, "the API key is not valid any more"),
        _ => (
            close_code::AGAIN,
            "the API key cannot be checked; connect again",
        ),
    };
    let frame = CloseFrame {
        code,
        reason: reason.into(),
    };
    // It may fail: the client may be gone.
    let _ = socket.send(Message::Close(Some(frame))).await;
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt().init();
    let auth = Authenticator::builder().build(MemoryStore::new()).await?;
    let created = auth.keys().create(NewKey::new("demo", "demo-user")).await?;

    let listener = examples::listen().await?;
    let address = listener.local_addr()?;
    let text = created.secret.expose();
    println!("curl -N -H 'API-KEY: {text}' http://{address}/events");
    println!("npx wscat -H 'API-KEY: {text}' -c ws://{address}/socket");

    let keys = auth.keys();
    tokio::spawn(async move {
        sleep(WORKS_FOR).await;
        keys.archive("demo").await
    });
    let app = Router::new()
        .merge(routes![events, socket])
        .with_state(auth);
    Ok(examples::serve(listener, app).await?)
}
