use auth_api_key::route;

#[route("/my_service", auth = "api_key")]
default async fn my_service() {}
//~^ 1

fn main() {}
