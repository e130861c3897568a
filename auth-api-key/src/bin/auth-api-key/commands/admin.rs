//! `admin`: serves pages on which keys are managed in a browser.

use std::net::SocketAddr;

use auth_api_key::Authenticator;
use axum::Router;
use tokio::net::TcpListener;

use crate::{acting::Acting, failure::Failure, output::print};

const ADMIN: &str = "\
Open the address that it prints, within five minutes: it works once. The pages are there until you press
Ctrl-C. If your browser runs no script, type what is behind `#` into the form.

To serve the pages to other people, nest them into your program: they sign in with their keys there. The
guide has a page on it, \"Pages for operators\".";

/// Serve pages on which keys are managed in a browser
#[derive(clap::Args)]
#[command(after_help = ADMIN)]
pub(crate) struct Args {
    /// Where to serve the pages: an address of this machine, and a port; 0 is any free port
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8070")]
    listen: SocketAddr,
    /// The address under which browsers find the pages, such as `https://keys.example.com`, if there is a
    /// proxy
    #[arg(long, value_name = "URL")]
    origin: Option<String>,
    #[command(flatten)]
    acting: Acting,
}

pub(crate) async fn run(arguments: Args, auth: &Authenticator) -> Result<(), Failure> {
    let failed = |error: std::io::Error| Failure::Failed(format!("{}: {error}", arguments.listen));
    let listener = TcpListener::bind(arguments.listen).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    let origin = arguments
        .origin
        .unwrap_or_else(|| format!("http://{address}"));
    let pages = auth.admin_pages_by_code(&origin, arguments.acting.name());
    let (pages, code) = pages.map_err(|error| Failure::Usage(error.to_string()))?;
    print(&format!("{origin}/sign-in#{}\n", *code))?;
    let app = Router::from(pages).into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, app).await.map_err(failed)
}
