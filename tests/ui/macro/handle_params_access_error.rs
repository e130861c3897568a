use auth_api_key::route;

#[route("/a", auth = "api_key", handle_params_access_error = handler)]
//~^ 33
async fn my_service() {}

fn main() {}
