use auth_api_key::{odoo::Upload, route};

#[route("/ticket?subject&files", auth = "api_key", methods = ["POST"])]
async fn ticket(subject: String, files: Vec<Upload>) -> String {
    //~^ 41
    format!("{subject} {}", files.len())
}

#[route("/picture?picture", auth = "public", methods = ["POST"])]
async fn picture(picture: Option<Upload>) -> String {
    //~^ 27
    format!("{}", picture.is_some())
}

fn main() {}
