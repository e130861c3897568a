use auth_api_key::odoo::Upload;
use auth_api_key::route;

#[route("/ticket?file", auth = "none", type = "forms")]
//~^ 47
async fn ticket(file: Upload) {
    drop(file);
}

fn main() {}
