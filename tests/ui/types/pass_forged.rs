use auth_api_key::__private::Pass;

fn main() {
    let _ = Pass(());
}
